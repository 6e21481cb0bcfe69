// The states of pop3_machine(), and what its table says of a command.
#pragma once

#include "protocol/machine.h"
#include "protocol/pop3/command.h"

namespace glasspost::pop3 {

namespace state {
// RFC 1939 sections 4 to 6.
inline constexpr StateId authorization = 0, transaction = 1, update = 2, closed = 3;
}  // namespace state

bool is_legal(Verb, StateId);
// After `reply` ("+OK", "-ERR", or nothing yet: "") to the command; the same state if the table has no way out.
StateId next_state(StateId, Verb, std::string_view reply);

}  // namespace glasspost::pop3
