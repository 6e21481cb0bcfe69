// The workspace Live: a real server, from its address to its last word. The steps of the connection, the dialogue with what is
// held before it goes out, and what the chosen line means. Before there is a line: where the servers of an address are.
#pragma once

#include "app/ui/views/console_floor.h"

namespace glasspost::ui {

// In place of the transport: what is talked to, whether changes are allowed, step by step or straight on.
void live_top_view(Ui&, Rect, const Model&, Actions&);
void live_view(Ui&, Rect, const Model&, Actions&);

// Its parts.
void live_steps(Ui&, Rect, const Model&, Actions&);         // name, TCP, TLS, greeting, login, each with its time
void live_recipes(Ui&, Rect, const Model&, const Floor&, Actions&);  // fill the console; none runs by itself
void live_capabilities(Ui&, Rect, const Model&, const Floor&, bool with_head);
void live_failure(Ui&, Rect, const Model&, Actions&);       // what went wrong, what to do, and the deliberate way on
float live_failure_height(Ui&);                              // what it needed when it was drawn last
void live_states(Ui&, Rect, const Model&, const Floor&, Actions&);  // the protocol's machine, and where this session stands
void live_held_card(Ui&, Rect, const Model&, Actions&);     // the next line, explained, not yet sent
void live_connect(Ui&, Rect, const Model&, Actions&);       // search, providers, how to log in
// Connects to a URL with what has been chosen; or, for "ann@example.com", searches for its servers.
Action live_go(const Model&, const std::string& typed);

}  // namespace glasspost::ui
