// gallery DIRECTORY: writes the sheet in each theme at 100 % and 200 %. gallery --window: opens it, to be played with.
#include "app/ui/gallery/gallery.h"

#include <cstdio>

#include <string_view>

#include "app/ui/headless.h"
#include "app/ui/window.h"

namespace {

int show(glasspost::ui::Fonts& fonts) {
  using namespace glasspost::ui;
  auto window = Window::open(fonts, Settings{}, "Gallery");
  if (!window) {
    std::fprintf(stderr, "%s\n", window.error().c_str());
    return 1;
  }
  GalleryState state;
  (*window)->run([&](Ui& ui) {
    draw_gallery(ui, state);
    if (ui.shortcut(Key::q, Modifier::ctrl)) (*window)->close();
  });
  std::printf("%llu frames\n", static_cast<unsigned long long>((*window)->frames()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace glasspost::ui;
  if (argc != 2) {
    std::fputs("usage: gallery DIRECTORY | --window\n", stderr);
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
  if (std::string_view(argv[1]) == "--window") return show(**fonts);
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
