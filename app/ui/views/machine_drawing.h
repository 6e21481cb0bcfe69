// A protocol's machine as a picture: the states of its table, the ways between them, those that a session took thick and
// counted. The inspector's State and the States panel both draw with it.
#pragma once

#include <string_view>

#include "app/ui/views/machine_plan.h"
#include "app/ui/views/views.h"
#include "protocol/machine.h"

namespace glasspost::ui {

struct MachineLook {
  std::string_view name;          // before the names of its parts: "states"
  bool small = false;             // one line in each state, smaller words
  bool downwards = false;         // columns of the table go down
  bool client = false;            // the state that the client knows is lit, not the server's
};
// Without a walk through this machine: the table alone. Choosing a way selects the last message that took it.
void machine_drawing(Ui&, Rect, const Model&, Actions&, const Machine&, const app::Walk*, const MachineLook&);
// Where the drawing of that name had its states and arrows when it was last laid out; null: never.
const MachinePlan* drawn_plan(Ui&, std::string_view name);
// What it needs, at least.
Size machine_size(const Machine&, const MachineLook&);

std::string_view state_words(const Model&, const Machine&, StateId);
// The RFC that a machine is from: "RFC 5321 §4.1.4"; empty for DNS.
std::string_view machine_source(Protocol);
// "§4.1.1.1" where the head names the machine's RFC; else with its number: "RFC 3207 §4".
std::string_view short_source(Protocol, std::string_view source);
// "." and "*" are said so that one sees them.
std::string_view command_words(const Model&, std::string_view command);

}  // namespace glasspost::ui
