// What CONDSTORE and QRESYNC (RFC 7162) want kept beside a Maildir's files: each message's mod-sequence, and which UIDs
// went with which. A folder's "glasspost-modseq" is a log, a line for each change, written before the change is made:
//
//   glasspost-modseq 1 1793610001    the format, and the UIDVALIDITY that it is good for
//   h 1715                           the mailbox's mod-sequence was at least this
//   m 17 1701 9                      message 17 has flags 0x9 since 1701; the last word on it counts
//   x 1702 3:5,9                     these went
//   o 900                            what went up to this was forgotten
//   c                                the end, if all that was changed is above
//
// With the flags one sees what another program did to the files meanwhile: it gets a mod-sequence when they are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/store/mailbox.h"

namespace glasspost::app::maildir {

inline constexpr std::string_view history_name = "glasspost-modseq";

struct History {
  struct Message {
    sim::Uid uid;
    std::uint64_t modseq;
    sim::Flags flags;
  };
  std::vector<Message> messages;  // ascending
  std::vector<sim::Vanished::Range> vanished;
  std::uint64_t highest = 0, forgotten = 0;
  std::size_t lines = 0;
  bool complete = false;          // it was closed in order; else the disk may lack the last changes

  const Message* find(sim::Uid) const;
};

// Nothing: it is not for this UIDVALIDITY, or no such file at all. A line that was not written whole is passed over.
std::optional<History> parse_history(std::string_view text, std::uint32_t uid_validity);

std::string history_text(const sim::Mailbox&);  // all of it, without "c"
std::string changed_line(sim::Uid, std::uint64_t modseq, sim::Flags);
std::string vanished_line(std::uint64_t modseq, std::span<const sim::Uid> ascending);

}  // namespace glasspost::app::maildir
