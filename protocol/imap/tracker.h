// Follows the state of one connection by the table in machine.cpp. The server dispatches by it and the dissector
// follows it, so that they cannot disagree.
#pragma once

#include <string_view>

#include "protocol/machine.h"

namespace glasspost::imap {

// Indices into imap_machine().states.
enum : StateId {
  not_authenticated, authenticated, selected, selected_read_only, idle, logout,
};

class Tracker {
 public:
  StateId state() const { return state_; }
  // A mailbox is open, perhaps behind IDLE.
  bool mailbox_open() const {
    const StateId state = state_ == idle ? before_idle_ : state_;
    return state == selected || state == selected_read_only;
  }
  // `verb`: "SELECT", "UID FETCH"; "" for the greeting. `reply`: "OK", "NO", "BAD", "BYE", "PREAUTH", "+".
  // `read_only`: the reply's code was READ-ONLY.
  void follow(std::string_view verb, std::string_view reply, bool read_only = false);
  // TLS came up: as after the greeting.
  void reset() { state_ = before_idle_ = not_authenticated; }

 private:
  StateId state_ = not_authenticated;
  StateId before_idle_ = not_authenticated;
};

// Whether the table allows the command in that state. False for a verb that it does not know.
bool is_legal(std::string_view verb, StateId);
const CommandRow* row_of(std::string_view verb);

}  // namespace glasspost::imap
