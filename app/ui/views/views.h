// The panels of the window. Each draws one part of the model into the area that it is given, keeps no data, and says what
// the person wants by appending Actions; the workbench hands them to apply() after the frame. A file for each view.
#pragma once

#include <vector>

#include "app/model/model.h"
#include "app/ui/ui.h"

namespace glasspost::ui {

using app::Action;
using app::Model;
using Actions = std::vector<Action>;

// True while the window is so small that there is one column: the workbench then draws the tabs of the ladder and of the
// inspector, which leave out their heads, the map is a strip 40 high, and the console its one input line, 48 high.
inline bool one_column(Ui& ui) { return ui.memory("workbench.one_column") > 0; }

void top_bar_view(Ui&, Rect, const Model&, Actions&);     // name, workspaces, palette, language, theme, projector
void transport_view(Ui&, Rect, const Model&, Actions&);   // the clock and the scrubber
void status_view(Ui&, Rect, const Model&, Actions&);      // what is shown, and the keys
void map_view(Ui&, Rect, const Model&, Actions&);
void ladder_view(Ui&, Rect, const Model&, Actions&);
void console_view(Ui&, Rect, const Model&, Actions&);     // the dialogue, the input, what is legal now
void inspector_view(Ui&, Rect, const Model&, Actions&);   // tabs Explain, Bytes, TLS, State
void mailboxes_view(Ui&, Rect, const Model&, Actions&);
void message_view(Ui&, Rect, const Model&, Actions&);     // source, parts, journey
void states_view(Ui&, Rect, const Model&, Actions&);      // a protocol's machine, the session in it, its table
void states_stage_view(Ui&, Rect, const Model&, Actions&);  // the same with a head of its own: a lesson's stage
void tls_view(Ui&, Rect, const Model&, Actions&);         // three lanes: said, records, what a listener has
void tls_stage_view(Ui&, Rect, const Model&, Actions&);   // the same with a head of its own: a lesson's stage
void compose_view(Ui&, Rect, const Model&, Actions&);     // a letter of one's own, over the map and ladder
void doors_view(Ui&, Rect, const Model&, Actions&);       // open doors: ports, users, lines to copy
void compare_bar_view(Ui&, Rect, const Model&, Actions&);     // Compare: which, its acts in time
void compare_view(Ui&, Rect, const Model&, Actions&);
void compare_status_view(Ui&, Rect, const Model&, Actions&);
void palette_view(Ui&, const Model&, Actions&);           // every action with its key, over everything
void letter_file_view(Ui&, const Model&, Actions&);       // which .eml is to be opened, over everything
void help_view(Ui&, const Model&, Actions&);

}  // namespace glasspost::ui
