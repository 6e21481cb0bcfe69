// The letter that the Message panel shows, as the trace carried it: found by its key, cut out of DATA, a literal or RETR.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/views/views.h"

namespace glasspost::ui {

struct ShownCopy {
  std::string content;                 // headers, empty line, body
  std::optional<MessageRef> carrier;   // the message whose content it is; nothing: not yet sent, as it was written
  bool cut = false;                    // only its beginning is kept in the trace
  HostId holder = 0;
  std::string mailbox;
  std::uint32_t uid = 0;
};
ShownCopy shown_copy(const Model&);

// The letter inside a message of a conversation, without the dots that transparency added; empty: it carries none.
std::string content_of(const Conversation&, const Message&, bool* cut = nullptr);

// One crossing of the letter by SMTP or LMTP: the envelope that it had there, and what the taker's queue did with it.
struct Hop {
  MessageRef content;                  // the letter itself, after DATA
  HostId server = 0;                   // who took it
  std::string reverse_path;            // without its angle brackets; empty: <>
  std::vector<std::string> recipients; // likewise
  const sim::WaitingLetter* queued = nullptr;  // in the taker's queue; null: it keeps none
};
// The earliest first, as far as the cursor. `key`: the letter's Message-ID.
std::vector<Hop> hops_of(const Model&, std::string_view key);

// A Received field, as the host that put it there wrote it.
struct Stamp {
  std::size_t first_line = 0, lines = 0;  // in the source, from 1
  std::string from, by, with;
  std::optional<Instant> at;
};
// The newest first, as they stand.
std::vector<Stamp> stamps_of(std::string_view content);
// The protocol and the protection that a "with" clause tells (RFC 3848).
Protocol protocol_of(const Stamp&);
bool tells_tls(const Stamp&);

}  // namespace glasspost::ui
