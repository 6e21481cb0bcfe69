// The window's one layout: bars, panels, splitters, keys. `workbench` draws a frame of the model into all of the Ui's
// window and appends what the person wants; the caller hands that to apply().
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

// How the window is divided, in logical pixels: the table of design/mockups/README.md, and what folds when there is less.
struct Layout {
  float inspector = 0;      // its width
  float map = 0, lower = 0; // heights
  bool one_column = false;  // the inspector's tabs join the ladder's
  bool map_strip = false;
};
Layout layout_of(Size window);

// By the model's settings; to be set before the frame.
Theme theme_for(const Model&);
void workbench(Ui&, const Model&, Actions&);

}  // namespace glasspost::ui
