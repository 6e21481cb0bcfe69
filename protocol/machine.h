// The state machine of one protocol as a table. Servers dispatch on it, conversations follow it, the States view
// draws it, the console lists from it what is legal now: one table, so that they cannot disagree.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "protocol/kinds.h"

namespace glasspost {

using StateId = std::uint8_t;  // an index into Machine::states

struct MachineState {
  std::string_view id;   // "greeted"; its words are catalogue key "state/smtp/greeted"
  int column, row;       // where a drawing puts it
  std::uint8_t strength; // how the lifeline shows it: 0 connected, 1 greeted, 2 authenticated, 3 transaction or mailbox open, 4 closed
};
struct Transition {
  StateId from;
  std::string_view command;  // "EHLO"
  std::string_view reply;    // "250", "OK", "+OK", "+"
  StateId to;
};
// A command as the console offers it.
struct CommandRow {
  std::string_view name;       // "MAIL"
  std::string_view shape;      // "MAIL FROM:<…>"; its words are catalogue key "legal/smtp/MAIL"
  std::uint32_t legal_in;      // bit s: legal in state s
  std::string_view replies;    // "250, 4xx, 5xx"
  std::string_view refusal;    // what it earns elsewhere: "503 5.5.1", "BAD", "-ERR"
  std::string_view source;     // "RFC 5321 §4.1.1.2"
};
struct Machine {
  Protocol protocol;
  std::span<const MachineState> states;
  std::span<const Transition> transitions;
  std::span<const CommandRow> commands;
  StateId start;
  StateId closed;
};

// What stands in the way of a command: the state's id, or "inside_tls", of which a table has no memory; empty: it is legal.
std::string_view hindrance(const Machine&, const CommandRow&, StateId, bool inside_tls);

const Machine& smtp_machine();  // protocol/smtp/machine.cpp
const Machine& lmtp_machine();
const Machine& imap_machine();  // protocol/imap/machine.cpp
const Machine& pop3_machine();  // protocol/pop3/machine.cpp
// Null for DNS and TLS, which have none here.
const Machine* machine_of(Protocol);

}  // namespace glasspost
