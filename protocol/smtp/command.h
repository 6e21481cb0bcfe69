// Commands of SMTP and LMTP: one grammar gives typed values to sessions and tokens to conversations.
// RFC 5321 section 4.1; RFC 2033 (LHLO), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 3030 (BDAT), RFC 6531 (addresses in UTF-8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/token.h"

namespace glasspost::smtp {

enum class Verb : std::uint8_t { helo, ehlo, lhlo, mail, rcpt, data, rset, noop, quit, help, vrfy, expn, starttls, auth, bdat };
inline constexpr int verb_count = int(Verb::bdat) + 1;
std::string_view name_of(Verb);  // "EHLO"
// The verb that a command line begins with, in any case; nothing if it is none that we know.
std::optional<Verb> verb_of(std::string_view line);

// RFC 5321 section 4.1.2, Mailbox.
struct Mailbox {
  std::string text;        // as written, without "<", ">" and source route: "\"a b\"@example.com"; empty: the null path
  std::string local_part;  // with its quotes and backslashes taken away: "a b"
  std::string domain;      // as written: "example.com", "[192.0.2.1]", "bücher.example"; empty for a bare "postmaster"

  bool is_null() const { return text.empty(); }
  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

struct Parameter {
  std::string keyword;  // in capitals
  std::optional<std::string> value;

  friend bool operator==(const Parameter&, const Parameter&) = default;
};
const Parameter* find_parameter(const std::vector<Parameter>&, std::string_view keyword);

struct Helo { std::string client; };
struct Ehlo { std::string client; };
struct Lhlo { std::string client; };
struct Mail { Mailbox reverse_path; std::vector<Parameter> parameters; };
struct Rcpt { Mailbox forward_path; std::vector<Parameter> parameters; };
struct Data {};
struct Rset {};
struct Noop { std::string argument; };
struct Quit {};
struct Help { std::string argument; };
struct Vrfy { std::string argument; };
struct Expn { std::string argument; };
struct Bdat {
  std::uint64_t size = 0;  // of the chunk that follows at once, octets
  bool last = false;
};
struct StartTls {};
struct Auth {
  std::string mechanism;                // in capitals
  std::optional<std::string> response;  // SASL-IR, still in base64; "=" stands for an empty one
};
// In the order of Verb.
using Command = std::variant<Helo, Ehlo, Lhlo, Mail, Rcpt, Data, Rset, Noop, Quit, Help, Vrfy, Expn, StartTls, Auth, Bdat>;
inline Verb verb_of(const Command& command) { return static_cast<Verb>(command.index()); }

// Where SMTPUTF8 is offered, addresses and words may be in UTF-8; else an octet over 127 is Fault::bad_octet.
enum class Alphabet : std::uint8_t { ascii, utf8 };

// `line` is without its CRLF. `tokens` may be null. What follows a mistake is left for Tokens::finish().
Result<Command> parse_command(std::string_view line, Tokens* tokens = nullptr, Alphabet = Alphabet::ascii);

// "alice@example.com", "\"a b\"@[192.0.2.1]", "postmaster": the whole text must be one mailbox.
Result<Mailbox> parse_mailbox(std::string_view text, Alphabet = Alphabet::ascii);

// RFC 5321 section 4.5.3.1, with what the extensions add. Octets, CRLF included.
inline constexpr std::size_t command_line_limit = 512;
// RFC 1870, 6152, 4954, 3461, 3030, 6531, 8689, 6710, 2852, 4865; RCPT needs less.
inline constexpr std::size_t mail_line_limit = 512 + 26 + 17 + 500 + 100 + 16 + 10 + 11 + 15 + 17 + 34;
inline constexpr std::size_t auth_line_limit = 12288;                // RFC 4954 section 4
constexpr std::size_t line_limit(std::optional<Verb> verb) {
  if (verb == Verb::auth) return auth_line_limit;
  // RCPT may carry parameters of RFC 3461.
  return verb == Verb::mail || verb == Verb::rcpt ? mail_line_limit : command_line_limit;
}

// RFC 3461 section 4: "+20" stands for a space.
std::string xtext_encode(std::string_view octets);
std::optional<std::string> xtext_decode(std::string_view text);

}  // namespace glasspost::smtp
