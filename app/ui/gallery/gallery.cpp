// gallery DIRECTORY: writes the sheet in each theme at 100 % and 200 %.
#include "app/ui/gallery/gallery.h"

#include <cstdio>

#include "app/ui/headless.h"

int main(int argc, char** argv) {
  using namespace glasspost::ui;
  if (argc != 2) {
    std::fputs("usage: gallery DIRECTORY\n", stderr);
    return 2;
  }
  const auto files = find_fonts();
  if (!files) {
    std::fprintf(stderr, "%s\n", files.error().c_str());
    return 1;
  }
  auto fonts = Fonts::open(*files);
  if (!fonts) {
    std::fprintf(stderr, "%s\n", fonts.error().c_str());
    return 1;
  }
  for (const Look look : {Look::light, Look::dark, Look::projector})
    for (const int scale : {1, 2}) {
      Headless window(**fonts, int(gallery_size.w) * scale, int(gallery_size.h) * scale, float(scale));
      GalleryState state;
      window.ui().theme = theme_of(look);
      window.draw_with([&](Ui& ui) { draw_gallery(ui, state); });
      window.frame();
      window.ui().focus("console.input");
      window.settle();
      const char* names[] = {"light", "dark", "projector"};
      const auto file = std::filesystem::path(argv[1]) / ("gallery-" + std::string(names[int(look)]) + (scale == 1 ? "" : "-200") + ".png");
      if (const auto written = write_png(window.picture(), file); !written) {
        std::fprintf(stderr, "%s\n", written.error().c_str());
        return 1;
      }
      std::printf("%s\n", file.c_str());
    }
}
