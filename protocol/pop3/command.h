// POP3 commands: RFC 1939 sections 5 to 7, RFC 2449 (CAPA), RFC 2595 (STLS), RFC 5034 (AUTH), RFC 6856 (UTF8, LANG).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/result.h"
#include "protocol/token.h"

namespace glasspost::pop3 {

enum class Verb : std::uint8_t { user, pass, apop, auth, stat, list, retr, dele, noop, rset, quit, top, uidl, capa, stls, utf8, lang };
inline constexpr int verb_count = int(Verb::lang) + 1;
std::string_view name_of(Verb);  // "RETR"
std::optional<Verb> verb_of(std::string_view word);

struct Command {
  Verb verb = Verb::noop;
  std::string text;                     // USER, APOP: the name. PASS: the password. AUTH: the mechanism, in capitals. LANG: the tag or "*"
  std::optional<std::string> second;    // APOP: the digest. AUTH: the initial response, "=" and all
  std::optional<std::uint32_t> number;  // LIST, UIDL, RETR, DELE, TOP
  std::uint32_t lines = 0;              // TOP

  friend bool operator==(const Command&, const Command&) = default;
};

// LIST, UIDL and LANG mean one thing with an argument and another without.
inline bool has_argument(const Command& command) { return command.number || (command.verb == Verb::lang && !command.text.empty()); }

// `line` without its CRLF. Tokens are marked as far as the grammar came.
Result<Command> parse_command(std::string_view line, Tokens* = nullptr);
std::string to_text(const Command&);  // with its CRLF

// RFC 2449 section 4: commands are at most 255 octets, CRLF included; RFC 5034 section 4 lifts that for AUTH.
inline constexpr std::size_t command_line_limit = 255;
inline constexpr std::size_t auth_line_limit = 12288;

}  // namespace glasspost::pop3
