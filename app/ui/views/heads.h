// Parts of the workbench that belong to no single panel.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

// The head of the lower panel: Console, Mailboxes and Message as choices. Cuts the head off `area` and returns what is left
// of it, to the right of the choices, for the panel's own words. In place of panel_head().
Rect lower_head(Ui&, std::string_view name, Rect& area, const Model&, Actions&);

// One column: what the selected line means, in two rows that are always there.
void line_bar_view(Ui&, Rect, const Model&, Actions&);

// What the model has to say to the person, above the status bar; takes its room off `rest`.
void notice_bar(Ui&, Rect& rest, const Model&, Actions&);

// First start: the bar of the other ways, and the large Play with its promise.
void welcome_bar_view(Ui&, Rect, const Model&, Actions&);
void welcome_play(Ui&, Rect, const Model&, Actions&);

}  // namespace glasspost::ui
