// What may be said now, and what would be refused: beside the dialogue, or in a pop-up over the input.
#pragma once

#include "app/ui/views/console_floor.h"

namespace glasspost::ui {

// A click puts the command's shape into the input.
void console_legal(Ui&, Rect, const Model&, const Floor&, Actions&);
// "Legal now: 6": a button that opens the list above the input. Returns the width that it took from the right of `row`.
float legal_button(Ui&, Rect row, const Model&, const Floor&, Actions&);

}  // namespace glasspost::ui
