// Faults that mail software has had, to be switched on in a server so that the harm can be seen: a closed table. A server is right
// unless somebody asks for one of these by its name, and where one is on the trace says so (Note, "broken:NAME").
// tests/pitfalls.md says where each was found wrong; what a server without it does is what the RFCs named here want.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "protocol/kinds.h"

namespace glasspost {

enum class Flaw : std::uint8_t {
  bare_lf_ends,       // SMTP: an LF alone ends a line, and so a letter (RFC 5321 section 2.3.8: only CRLF does)
  bare_lf_passes,     // SMTP: a letter with bare LFs in it is taken, and handed on as it is
  early_354,          // SMTP: DATA is welcome without one valid recipient (RFC 5321 section 3.3); the letter goes nowhere
  open_relay,         // SMTP: anybody's letter to anybody is taken and handed on (RFC 5321 section 3.6)
  starttls_injection, // all: what was said in clear before TLS counts after it, even commands not yet read (RFC 3207 section 4.2)
  no_dot_stuffing,    // SMTP as a client, POP3: no dot in front of a line that begins with one (RFC 5321 section 4.5.2, RFC 1939 3)
  any_password,       // POP3: PASS is not looked at
  dele_at_once,       // POP3: DELE deletes, and RSET brings nothing back (RFC 1939 section 5)
  lost_line_deletes,  // POP3: a connection that breaks is taken for QUIT (RFC 1939 section 6)
  new_uidl,           // POP3: unique-ids are other ones in each session (RFC 1939 section 7)
  shared_numbers,     // IMAP: message numbers are the mailbox's, not the session's (RFC 3501 section 7.4.1)
  peek_sets_seen,     // IMAP: BODY.PEEK and EXAMINE set \Seen all the same (RFC 3501 sections 6.4.5, 6.3.2)
};

// Which flaws are on.
class Flaws {
 public:
  constexpr Flaws() = default;
  constexpr Flaws(std::initializer_list<Flaw> on) {
    for (const Flaw flaw : on) add(flaw);
  }
  constexpr bool has(Flaw flaw) const { return (on_ >> unsigned(flaw) & 1U) != 0; }
  constexpr void add(Flaw flaw) { on_ |= 1U << unsigned(flaw); }
  constexpr void remove(Flaw flaw) { on_ &= ~(1U << unsigned(flaw)); }
  constexpr bool none() const { return on_ == 0; }
  friend constexpr bool operator==(Flaws, Flaws) = default;

 private:
  std::uint32_t on_ = 0;
};

struct FlawRow {
  Flaw flaw;
  std::string_view name;                 // in scenarios and on the command line; the words for people are broken.NAME
  std::span<const Protocol> protocols;   // of the servers that can have it
  bool relays = false;                   // only a server that hands letters on can have it
  bool is_of(Protocol) const;
};
std::span<const FlawRow> flaw_rows();    // in the enumeration's order
std::string_view name_of(Flaw);
std::optional<Flaw> flaw_named(std::string_view);

}  // namespace glasspost
