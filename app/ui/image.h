// A picture in memory, and as a PNG.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/ui/theme.h"

namespace glasspost::ui {

struct Image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgba;  // rows from the top, four bytes a pixel, not premultiplied

  Image() = default;
  Image(int w, int h, Colour ground = {});
  std::uint8_t* at(int x, int y) { return &rgba[(std::size_t(y) * std::size_t(width) + std::size_t(x)) * 4]; }
  const std::uint8_t* at(int x, int y) const { return &rgba[(std::size_t(y) * std::size_t(width) + std::size_t(x)) * 4]; }
};

// The error is a sentence that names the file.
tl::expected<void, std::string> write_png(const Image&, const std::filesystem::path&);
std::string png_bytes(const Image&);
tl::expected<Image, std::string> read_png(const std::filesystem::path&);

}  // namespace glasspost::ui
