// The dialogue of the console: what both said up to the cursor, a row for each line.
#pragma once

#include "app/ui/views/console_floor.h"

namespace glasspost::ui {

void console_lines(Ui&, Rect, const Model&, const Floor&, Actions&);

// The input and what goes with it. `row` is 36 high; what lies right of it was taken off before.
void console_input(Ui&, Rect row, const Model&, const Floor&, bool send_button, Actions&);

// "TLS 1.3", of the connection; empty before TLS is up.
std::string tls_version(const Model&, const Conversation&);

}  // namespace glasspost::ui
