// Who has the floor in the console's dialogue at the cursor, and what its server waits for. Read from the conversation alone,
// so that the past, a simulated server and a real one are told in the same way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/views/views.h"
#include "protocol/machine.h"

namespace glasspost::ui {

enum class Waits : std::uint8_t {
  nothing,  // closed, or TLS is being set up
  command,
  content,  // the letter behind 354, up to the lone dot
  answer,   // to a challenge
  literal,  // IMAP: octets that were announced
  done,     // IMAP: IDLE; only DONE ends it
};

struct Floor {
  const Conversation* conversation = nullptr;
  const Machine* machine = nullptr;
  bool held = false;                       // by the person: what is typed goes out
  bool open = false;
  bool sealed = false;                     // inside TLS
  bool handshake = false;                  // TLS is being set up
  StateId state = 0;
  MessageId said = 0;                      // so many messages lie at or before the cursor
  Waits waits = Waits::nothing;
  std::uint64_t literal_left = 0;
  std::string pending;                     // typed, but not yet a whole message: content, a command with a literal
  std::optional<MessageId> unanswered;     // the last that the client said, while its reply has not arrived
  std::string challenge;                   // decoded, if it is text; the mechanism asks with it
  std::string mechanism;                   // of the login in progress: "PLAIN"
  std::vector<std::string> challenges, answers;  // of it so far, decoded, in order; what came along with the command is an answer
  bool pipelining = false;                 // the server offered it

  Protocol protocol() const { return machine ? machine->protocol : Protocol::smtp; }
};

// The dialogue that the console shows: the one that is held or looked at, else the selected line's, else the newest; nothing
// if nobody has opened one yet.
const Conversation* console_dialogue(const Model&);
Floor floor_of(const Model&);

// "RCPT": what a client's message asks for, without an IMAP tag; "UID FETCH" is one.
std::string verb_of(Protocol, std::string_view line);
const CommandRow* row_of(const Machine&, std::string_view verb);
bool legal_now(const Floor&, const CommandRow&);
// What stands in its way, as machine.h names it. The floor has a machine.
std::string_view hindrance_of(const Floor&, const CommandRow&);
// "503", "BAD": what a command earns that is not legal now.
std::string_view refusal_of(const Floor&, const CommandRow&);

}  // namespace glasspost::ui
