// What a live line has to say, and what it waits for: above the dialogue with a real server.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

// The status, and whether changes are allowed; the password, while it is asked for; what was held back, and its alternative.
// Takes its room off the top of the area.
void live_bar(Ui&, Rect& area, const Model&, Actions&);
// In place of the console's one line of input. False: there is nothing to ask, and nothing was drawn.
bool live_bar_in_one_line(Ui&, Rect row, const Model&, Actions&);

// The masked field and its buttons, in a row 36 high or more. Its text is kept nowhere else, and forgotten with Enter.
void live_password(Ui&, Rect row, const Model&, Actions&);

}  // namespace glasspost::ui
