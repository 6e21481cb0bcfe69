#include "tests/source_dir.h"
#include "tests/ui/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace glasspost::ui {
namespace {

std::filesystem::path golden_file(std::string_view name) {
  return std::filesystem::path(glasspost::source_dir()) / "tests/ui/golden" / (std::string(name) + ".png");
}

// The mean of a 2 x 2 block, of which a part may lie outside.
int mean(const Image& image, int x, int y, int channel) {
  int sum = 0, n = 0;
  for (int dy = 0; dy < 2; ++dy)
    for (int dx = 0; dx < 2; ++dx)
      if (x + dx < image.width && y + dy < image.height) sum += image.at(x + dx, y + dy)[channel], ++n;
  return sum / std::max(1, n);
}

}  // namespace

Difference compare(const Image& wanted, const Image& actual, int level) {
  Difference d;
  d.picture = Image(wanted.width, wanted.height, Colour{255, 255, 255});
  for (int y = 0; y < wanted.height; y += 2)
    for (int x = 0; x < wanted.width; x += 2) {
      int off = 0;
      for (int channel = 0; channel < 3; ++channel)
        off = std::max(off, std::abs(mean(wanted, x, y, channel) - mean(actual, x, y, channel)));
      d.worst = std::max(d.worst, off);
      ++d.of;
      const bool differs = off > level;
      d.blocks += differs;
      for (int dy = 0; dy < 2; ++dy)
        for (int dx = 0; dx < 2; ++dx) {
          if (x + dx >= wanted.width || y + dy >= wanted.height) continue;
          const std::uint8_t* from = actual.at(x + dx, y + dy);
          const std::uint8_t grey = std::uint8_t(200 + (from[0] + from[1] + from[2]) / 3 / 5);
          std::uint8_t* to = d.picture.at(x + dx, y + dy);
          to[0] = differs ? 220 : grey, to[1] = differs ? 20 : grey, to[2] = differs ? 20 : grey;
        }
    }
  return d;
}

::testing::AssertionResult matches_golden(const Image& actual, std::string_view name, Tolerance tolerance) {
  const std::filesystem::path file = golden_file(name);
  if (const char* accept = std::getenv("GLASSPOST_ACCEPT"); accept && *accept == '1') {
    const auto written = write_png(actual, file);
    return written ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << written.error();
  }
  const std::filesystem::path beside = std::filesystem::current_path() / std::string(name);
  const auto keep = [&](const Image& image, const char* what) {
    const std::string path = beside.string() + "." + what + ".png";
    return write_png(image, path) ? path : std::string("(could not be written)");
  };
  const auto wanted = read_png(file);
  if (!wanted)
    return ::testing::AssertionFailure() << wanted.error() << "; drawn: " << keep(actual, "actual") << "; GLASSPOST_ACCEPT=1 keeps it";
  if (wanted->width != actual.width || wanted->height != actual.height)
    return ::testing::AssertionFailure() << name << " is " << actual.width << " x " << actual.height << ", not " << wanted->width
                                         << " x " << wanted->height << "; drawn: " << keep(actual, "actual");
  const Difference d = compare(*wanted, actual, tolerance.level);
  if (double(d.blocks) <= tolerance.share * double(d.of)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << name << ": " << d.blocks << " of " << d.of << " blocks differ (worst by " << d.worst
                                       << " of 255); drawn: " << keep(actual, "actual") << ", where: " << keep(d.picture, "difference");
}

}  // namespace glasspost::ui
