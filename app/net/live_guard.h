// Read-only: which lines would change something on the server, and what asks for the same without changing anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/kinds.h"
#include "protocol/machine.h"

namespace glasspost::app {

struct Held {
  std::string command;      // "UID STORE"
  std::string alternative;  // a whole line; empty: there is none
  bool sends_mail = false;
};
// `line`: a command without its line end. `state`: of the connection, as its dissector has it.
std::optional<Held> held_back(Protocol, std::string_view line, StateId state);

// A command that carries a password, or an answer that stands for one.
bool carries_secret(Protocol, std::string_view line);

}  // namespace glasspost::app
