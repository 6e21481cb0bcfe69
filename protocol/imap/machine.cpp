// RFC 3501 section 3 as a table, with IDLE (RFC 2177), UNSELECT (3691), UIDPLUS (4315), MOVE (6851).
#include "protocol/machine.h"

#include <array>

#include "protocol/base/text.h"
#include "protocol/imap/tracker.h"

namespace glasspost {
namespace imap {
namespace {

constexpr std::array<MachineState, 6> states = {{
    {"not_authenticated", 0, 0, 1},
    {"authenticated", 1, 0, 2},
    {"selected", 2, 0, 3},
    {"selected_read_only", 2, 1, 3},
    {"idle", 3, 0, 3},
    {"logout", 1, 2, 4},
}};

constexpr Transition transitions[] = {
    {not_authenticated, "", "PREAUTH", authenticated},
    {not_authenticated, "", "BYE", logout},
    {not_authenticated, "STARTTLS", "OK", not_authenticated},
    {not_authenticated, "LOGIN", "OK", authenticated},
    {not_authenticated, "AUTHENTICATE", "OK", authenticated},
    {not_authenticated, "LOGOUT", "BYE", logout},

    {authenticated, "SELECT", "OK", selected},
    {authenticated, "SELECT", "OK [READ-ONLY]", selected_read_only},
    {authenticated, "EXAMINE", "OK", selected_read_only},
    {authenticated, "IDLE", "+", idle},
    {authenticated, "LOGOUT", "BYE", logout},
    {authenticated, "", "BYE", logout},

    {selected, "SELECT", "OK", selected},
    {selected, "SELECT", "OK [READ-ONLY]", selected_read_only},
    {selected, "SELECT", "NO", authenticated},
    {selected, "EXAMINE", "OK", selected_read_only},
    {selected, "EXAMINE", "NO", authenticated},
    {selected, "CLOSE", "OK", authenticated},
    {selected, "UNSELECT", "OK", authenticated},
    {selected, "IDLE", "+", idle},
    {selected, "LOGOUT", "BYE", logout},
    {selected, "", "BYE", logout},

    {selected_read_only, "SELECT", "OK", selected},
    {selected_read_only, "SELECT", "OK [READ-ONLY]", selected_read_only},
    {selected_read_only, "SELECT", "NO", authenticated},
    {selected_read_only, "EXAMINE", "OK", selected_read_only},
    {selected_read_only, "EXAMINE", "NO", authenticated},
    {selected_read_only, "CLOSE", "OK", authenticated},
    {selected_read_only, "UNSELECT", "OK", authenticated},
    {selected_read_only, "IDLE", "+", idle},
    {selected_read_only, "LOGOUT", "BYE", logout},
    {selected_read_only, "", "BYE", logout},

    // Back to where IDLE was said.
    {idle, "DONE", "OK", authenticated},
    {idle, "DONE", "OK", selected},
    {idle, "DONE", "OK", selected_read_only},
    {idle, "", "BYE", logout},
};

constexpr std::uint32_t in(StateId state) { return 1U << state; }
constexpr std::uint32_t open = in(selected) | in(selected_read_only);
constexpr std::uint32_t logged_in = in(authenticated) | open;
constexpr std::uint32_t any = in(not_authenticated) | logged_in;
constexpr std::string_view writes = "NO if the mailbox is open read-only, else BAD";

constexpr CommandRow commands[] = {
    {"CAPABILITY", "CAPABILITY", any, "OK, BAD", "BAD", "RFC 3501 §6.1.1"},
    {"NOOP", "NOOP", any, "OK, BAD", "BAD", "RFC 3501 §6.1.2"},
    {"LOGOUT", "LOGOUT", any, "BYE, OK", "BAD", "RFC 3501 §6.1.3"},
    {"ID", "ID (\"name\" \"…\") or ID NIL", any, "OK, BAD", "BAD", "RFC 2971 §3.1"},
    {"STARTTLS", "STARTTLS", in(not_authenticated), "OK, BAD", "BAD", "RFC 3501 §6.2.1"},
    {"AUTHENTICATE", "AUTHENTICATE PLAIN […]", in(not_authenticated), "+, OK, NO, BAD", "BAD", "RFC 3501 §6.2.2"},
    {"LOGIN", "LOGIN user password", in(not_authenticated), "OK, NO, BAD", "BAD", "RFC 3501 §6.2.3"},
    {"SELECT", "SELECT mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.1"},
    {"EXAMINE", "EXAMINE mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.2"},
    {"CREATE", "CREATE mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.3"},
    {"DELETE", "DELETE mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.4"},
    {"RENAME", "RENAME mailbox mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.5"},
    {"SUBSCRIBE", "SUBSCRIBE mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.6"},
    {"UNSUBSCRIBE", "UNSUBSCRIBE mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.7"},
    {"LIST", "LIST \"\" *", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.8"},
    {"LSUB", "LSUB \"\" *", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.9"},
    {"STATUS", "STATUS mailbox (MESSAGES UNSEEN …)", logged_in, "OK, NO, BAD", "BAD", "RFC 3501 §6.3.10"},
    {"APPEND", "APPEND mailbox [(flags)] [\"date\"] {n}", logged_in, "+, OK, NO, BAD", "BAD", "RFC 3501 §6.3.11"},
    {"NAMESPACE", "NAMESPACE", logged_in, "OK, NO, BAD", "BAD", "RFC 2342 §5"},
    {"IDLE", "IDLE", logged_in, "+, OK, BAD", "BAD", "RFC 2177 §3"},
    {"DONE", "DONE", in(idle), "OK", "BAD", "RFC 2177 §3"},
    {"CHECK", "CHECK", open, "OK, BAD", "BAD", "RFC 3501 §6.4.1"},
    {"CLOSE", "CLOSE", open, "OK, BAD", "BAD", "RFC 3501 §6.4.2"},
    {"UNSELECT", "UNSELECT", open, "OK, BAD", "BAD", "RFC 3691 §2"},
    {"EXPUNGE", "EXPUNGE", in(selected), "OK, NO, BAD", writes, "RFC 3501 §6.4.3"},
    {"SEARCH", "SEARCH keys", open, "OK, NO, BAD", "BAD", "RFC 3501 §6.4.4"},
    {"SORT", "SORT (keys) charset keys", open, "OK, NO, BAD", "BAD", "RFC 5256 §3"},
    {"THREAD", "THREAD algorithm charset keys", open, "OK, NO, BAD", "BAD", "RFC 5256 §3"},
    {"FETCH", "FETCH set items", open, "OK, NO, BAD", "BAD", "RFC 3501 §6.4.5"},
    {"STORE", "STORE set +FLAGS (flags)", in(selected), "OK, NO, BAD", writes, "RFC 3501 §6.4.6"},
    {"COPY", "COPY set mailbox", open, "OK, NO, BAD", "BAD", "RFC 3501 §6.4.7"},
    {"MOVE", "MOVE set mailbox", in(selected), "OK, NO, BAD", writes, "RFC 6851 §3.1"},
    {"UID SEARCH", "UID SEARCH keys", open, "OK, NO, BAD", "BAD", "RFC 3501 §6.4.8"},
    {"UID SORT", "UID SORT (keys) charset keys", open, "OK, NO, BAD", "BAD", "RFC 5256 §3"},
    {"UID THREAD", "UID THREAD algorithm charset keys", open, "OK, NO, BAD", "BAD", "RFC 5256 §3"},
    {"UID FETCH", "UID FETCH set items", open, "OK, NO, BAD", "BAD", "RFC 3501 §6.4.8"},
    {"UID STORE", "UID STORE set +FLAGS (flags)", in(selected), "OK, NO, BAD", writes, "RFC 3501 §6.4.8"},
    {"UID COPY", "UID COPY set mailbox", open, "OK, NO, BAD", "BAD", "RFC 3501 §6.4.8"},
    {"UID MOVE", "UID MOVE set mailbox", in(selected), "OK, NO, BAD", writes, "RFC 6851 §3.2"},
    {"UID EXPUNGE", "UID EXPUNGE set", in(selected), "OK, NO, BAD", writes, "RFC 4315 §2.1"},
    {"ENABLE", "ENABLE capability …", in(authenticated), "OK, BAD", "BAD", "RFC 5161 §3.1"},
    {"COMPRESS", "COMPRESS DEFLATE", logged_in, "OK, NO, BAD", "BAD", "RFC 4978 §3"},
    {"REPLACE", "REPLACE number mailbox [(flags)] {n}", in(selected), "+, OK, NO, BAD", writes, "RFC 8508 §3.2"},
    {"UID REPLACE", "UID REPLACE uid mailbox [(flags)] {n}", in(selected), "+, OK, NO, BAD", writes, "RFC 8508 §3.3"},
    {"GETMETADATA", "GETMETADATA mailbox (entries)", logged_in, "OK, NO, BAD", "BAD", "RFC 5464 §4.2"},
    {"GETQUOTA", "GETQUOTA root", logged_in, "OK, NO, BAD", "BAD", "RFC 9208 §4.1.1"},
    {"GETQUOTAROOT", "GETQUOTAROOT mailbox", logged_in, "OK, NO, BAD", "BAD", "RFC 9208 §4.1.2"},
    {"SETQUOTA", "SETQUOTA root (resource limit …)", logged_in, "OK, NO, BAD", "BAD", "RFC 9208 §4.1.3"},
    {"SETMETADATA", "SETMETADATA mailbox (entry value …)", logged_in, "OK, NO, BAD", "BAD", "RFC 5464 §4.3"},
};

constexpr bool states_are_in_order() {
  return states[not_authenticated].id == "not_authenticated" && states[authenticated].id == "authenticated" &&
         states[selected].id == "selected" && states[selected_read_only].id == "selected_read_only" &&
         states[idle].id == "idle" && states[logout].id == "logout";
}
static_assert(states_are_in_order());

// Every command that changes the state is a row, and may be said where the change begins.
constexpr bool transitions_are_legal() {
  for (const Transition& transition : transitions) {
    if (transition.command.empty()) continue;
    bool found = false;
    for (const CommandRow& row : commands)
      if (row.name == transition.command) found = (row.legal_in & in(transition.from)) != 0;
    if (!found) return false;
  }
  return true;
}
static_assert(transitions_are_legal());

constexpr Machine machine = {Protocol::imap, states, transitions, commands, not_authenticated, logout};

}  // namespace

const CommandRow* row_of(std::string_view verb) {
  for (const CommandRow& row : commands)
    if (equal_ignoring_case(row.name, verb)) return &row;
  return nullptr;
}

bool is_legal(std::string_view verb, StateId state) {
  const CommandRow* row = row_of(verb);
  return row && (row->legal_in & in(state)) != 0;
}

void Tracker::follow(std::string_view verb, std::string_view reply, bool read_only) {
  if (state_ == idle && verb == "DONE") {
    state_ = before_idle_;
    return;
  }
  if (reply == "BYE") verb = {};  // whatever was asked, the connection ends
  const Transition* found = nullptr;
  for (const Transition& transition : transitions) {
    if (transition.from != state_ || transition.command != verb) continue;
    if (transition.reply == reply) found = &transition;
    if (read_only && reply == "OK" && transition.reply == "OK [READ-ONLY]") {
      found = &transition;
      break;
    }
  }
  if (!found) return;
  if (found->to == idle) before_idle_ = state_;
  state_ = found->to;
}

}  // namespace imap

const Machine& imap_machine() { return imap::machine; }

}  // namespace glasspost
