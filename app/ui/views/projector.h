// Projector mode: what the room that one was in is about, large, in the colours of a projector, and nothing beside it. Next
// and back, as a presenter's remote sends them.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

// Fills the window: the dialogue, the lanes of TLS, the states, Compare, Learn or Live.
void projector_view(Ui&, const Model&, Actions&);

// Its parts.
void projector_dialogue(Ui&, const Model&, Actions&);   // the ladder of one connection, and the line explained
// Back, how far one is, next.
void projector_foot(Ui&, Rect, const Model&, Actions&);
float projector_foot_height(Ui&);

}  // namespace glasspost::ui
