// What the console proposes: whole lines that are legal now, with arguments that are known here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/ui/views/console_floor.h"

namespace glasspost::ui {

// The commands that are legal now, those that lead on first.
std::vector<const CommandRow*> legal_rows(const Floor&);
std::vector<const CommandRow*> refused_rows(const Floor&);

// IMAP: "a3 ", the next after the tags used so far; other protocols: nothing.
std::string next_tag(const Floor&);
// A whole line for a command, filled with what is known: "MAIL FROM:<alice@example.com>", "a3 SELECT INBOX".
std::string example_of(const Model&, const Floor&, const CommandRow&);
// The line that `typed` may become; empty if nothing legal begins like this. It may be written differently from `typed`.
std::string completion_of(const Model&, const Floor&, std::string_view typed);
// What to put behind `typed` in grey: the rest of the completion if it only adds.
std::string ghost_of(std::string_view typed, std::string_view completion);

// With whom this device would log in at this server; null: nobody is known here.
const sim::UserDescription* account_of(const Model&, const Floor&);
std::string local_part(std::string_view address);
// SCRAM's first message for this user. RFC 5802 section 5: "n,,n=alice,r=…".
std::string first_message(const Floor&, const sim::UserDescription&);
// The answer to the challenge for the device's owner, in base64; empty if it is not known how.
struct Answer {
  std::string user, line;
};
Answer answer_of(const Model&, const Floor&);

}  // namespace glasspost::ui
