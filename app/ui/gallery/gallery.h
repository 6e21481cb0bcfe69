// Everything the house has for panels on one sheet: colours, type, icons, shapes, widgets. Drawn by the `gallery`
// program into PNGs, and by the tests as golden pictures.
#pragma once

#include "app/ui/widgets.h"

namespace glasspost::ui {

struct GalleryState {
  int workspace = 1, tab = 0, language = 0, step = 0, speed = 2;
  bool checked = true, unchecked = false;
  LineEdit line{"D"}, empty, secret{"s3cret"}, search, letter{"Hello Bob,\n\nthe glass is clean.\nAlice", true};
};
inline constexpr Size gallery_size{1200, 860};
void draw_gallery(Ui&, GalleryState&);

}  // namespace glasspost::ui
