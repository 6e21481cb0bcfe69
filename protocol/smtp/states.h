// The states of SMTP and LMTP by name, and what the tables of machine.cpp say about a verb.
#pragma once

#include "protocol/machine.h"
#include "protocol/smtp/command.h"

namespace glasspost::smtp::state {

inline constexpr StateId connected = 0;       // nobody has said hello yet
inline constexpr StateId greeted = 1;
inline constexpr StateId tls = 2;             // 220 to STARTTLS: the handshake comes
inline constexpr StateId authenticating = 3;  // 334: an answer comes, not a command
inline constexpr StateId authenticated = 4;
inline constexpr StateId envelope = 5;        // MAIL was accepted
inline constexpr StateId recipients = 6;      // at least one RCPT was accepted
inline constexpr StateId letter = 7;          // 354: content comes
inline constexpr StateId chunks = 8;          // BDAT was accepted, and LAST is still to come
inline constexpr StateId closed = 9;

}  // namespace glasspost::smtp::state

namespace glasspost::smtp {

// False too for a verb that the protocol does not have.
bool is_legal(Protocol, Verb, StateId);
bool has_verb(Protocol, Verb);

}  // namespace glasspost::smtp
