// How the names of folders, messages and flags are written in a Maildir++ (the formats of Courier and Dovecot).
//
//   folder    .Work.2026            modified UTF-7; a dot or backslash inside a level is \2e or \5c
//   message   new/1793610000.M448P7Q1.glasspost,U=17,S=1234,W=1250
//             cur/1793610000.M448P7Q1.glasspost,U=17,S=1234,W=1250:2,FSa     a: the first line of dovecot-keywords
//
// U is the UID, S the size of the file, W of the letter, whose CRLFs are LFs in the file, as local programs expect. A
// file of ours (".glasspost,") without W holds the letter octet by octet: it has LFs that end no line. Beyond the 26
// keywords that letters can tell, K has the others' bits in hex.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/time.h"
#include "sim/store/mailbox.h"

namespace glasspost::app::maildir {

// "Work/2026" -> "Work.2026", without the dot in front that a folder has. Nothing if it cannot be written.
std::optional<std::string> folder_name(std::string_view mailbox);
std::optional<std::string> mailbox_name(std::string_view folder);

struct MessageName {
  std::string base;                  // unique, and the same as long as the message lives; with U and S
  bool in_new = true;
  std::optional<sim::Uid> uid;
  std::optional<std::uint64_t> file_size, letter_size;  // S, W
  bool ours = false;
  sim::Flags flags = 0;              // bit 5 and up: the lines of dovecot-keywords
  std::string other_letters;         // of others, "P": they stay
  std::optional<Instant> saved;      // the seconds in front: when it came into the folder
};
// `path`: "new/..." or "cur/...".
MessageName parse_message_name(std::string_view path);
std::string base_name(Instant saved, int process, std::uint64_t count, sim::Uid, std::uint64_t file_size,
                      std::optional<std::uint64_t> letter_size);
std::string with_uid(std::string_view base, sim::Uid);  // instead of the one that it has, if any
std::string path_of(const MessageName&);                // "cur/...", or "new/..." if it is there and nothing is set

// CRLF -> LF; nothing if that could not be undone. And back: every LF becomes CRLF.
std::optional<std::string> with_local_line_ends(std::string_view letter);
std::string with_crlf_line_ends(std::string_view file);

// Notes, one a line: the entry, a space, the value in base64. Lines that are none are passed over.
std::string text_of(const sim::Annotations&);
sim::Annotations parse_annotations(std::string_view text);

// All of it, or errno says why not.
bool write_all(int file, std::string_view text);

}  // namespace glasspost::app::maildir
