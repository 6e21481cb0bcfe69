// Writes messages: RFC 5322 with MIME where the text needs it. Whatever people type, none of it can become a header field
// of its own: CR, LF and NUL never leave a field, and what is not ASCII is encoded (RFC 2047).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/time.h"

namespace glasspost::mime {

struct Mailbox {
  std::string name;     // UTF-8; may be empty
  std::string address;  // "alice@example.com"
};

struct Letter {
  Mailbox from;
  std::vector<Mailbox> to, cc;  // Bcc is the envelope's alone
  std::string subject;          // UTF-8
  Instant date{};
  std::string message_id;       // "<1@example.com>", unique: the caller's to choose
  std::string in_reply_to;      // likewise; empty: none
  std::string text;             // UTF-8, line ends of any kind
};
// CRLF line ends, the last line's included. Text that is ASCII with lines of at most 998 octets goes as it is, other text as
// UTF-8 in quoted-printable.
std::string compose(const Letter&);
// A message from an editor or a file: a bare LF becomes CRLF and the last line has its end. A bare CR stays what it is, a
// mistake for servers to find.
std::string with_crlf(std::string_view message);

// RFC 5321 section 4.4: what a server puts in front of a message that it takes.
struct Received {
  std::string from;          // the name the client gave in EHLO
  std::string from_address;  // "192.0.2.17"
  std::string by;
  std::string with;          // "ESMTPSA", RFC 3848
  std::string id;
  std::string recipient;     // one address: for <...>; empty when there are several, who must not learn of each other
  Instant at{};
};
std::string received_field(const Received&);                     // folded, with its CRLF
std::string return_path_field(std::string_view reverse_path);    // of final delivery, without angle brackets; "" is <>

}  // namespace glasspost::mime
