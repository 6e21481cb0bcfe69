// Opening a dialogue by hand: from any device to any simulated server's port, or to a real server.
#pragma once

#include "app/ui/views/console_floor.h"

namespace glasspost::ui {

// The console with no dialogue in it.
void console_empty(Ui&, Rect, const Model&, Actions&);
// The list of servers and ports; open it with Ui::open_popup(open_menu, …). Draws it while it is open.
inline constexpr const char* open_menu = "console.open";
void console_open_menu(Ui&, const Model&, Actions&);
Point above(const Model&, Rect button);  // where it opens: its foot on the button
// The line for a real server's address in place of the input, while it is wanted.
void console_address(Ui&, Rect, const Model&, Actions&);

}  // namespace glasspost::ui
