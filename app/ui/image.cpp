#include "app/ui/image.h"

#include <png.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace glasspost::ui {

Image::Image(int w, int h, Colour ground) : width(w), height(h), rgba(std::size_t(w) * std::size_t(h) * 4) {
  for (std::size_t i = 0; i < rgba.size(); i += 4)
    rgba[i] = ground.r, rgba[i + 1] = ground.g, rgba[i + 2] = ground.b, rgba[i + 3] = ground.a;
}

std::string png_bytes(const Image& image) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = png_uint_32(image.width), png.height = png_uint_32(image.height);
  png.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = 0;
  if (!png_image_write_to_memory(&png, nullptr, &size, 0, image.rgba.data(), 0, nullptr)) return {};
  std::string bytes(size, '\0');
  if (!png_image_write_to_memory(&png, bytes.data(), &size, 0, image.rgba.data(), 0, nullptr)) return {};
  bytes.resize(size);
  return bytes;
}

tl::expected<void, std::string> write_png(const Image& image, const std::filesystem::path& file) {
  const std::string bytes = png_bytes(image);
  if (bytes.empty()) return tl::unexpected("the picture could not be made: " + file.string());
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), std::streamsize(bytes.size()));
  out.close();
  if (!out) return tl::unexpected(file.string() + ": " + std::strerror(errno));
  return {};
}

tl::expected<Image, std::string> read_png(const std::filesystem::path& file) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&png, file.c_str())) return tl::unexpected(file.string() + ": " + png.message);
  constexpr png_uint_32 most = 1 << 14;
  if (png.width > most || png.height > most) {
    png_image_free(&png);
    return tl::unexpected(file.string() + ": larger than 16384 pixels");
  }
  png.format = PNG_FORMAT_RGBA;
  Image image(int(png.width), int(png.height));
  if (!png_image_finish_read(&png, nullptr, image.rgba.data(), 0, nullptr))
    return tl::unexpected(file.string() + ": " + png.message);
  return image;
}

}  // namespace glasspost::ui
