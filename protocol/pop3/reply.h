// POP3 replies: RFC 1939 section 3, response codes RFC 2449 section 8 and RFC 3206, continuations RFC 5034.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/pop3/command.h"
#include "protocol/token.h"

namespace glasspost::pop3 {

struct StatusLine {
  bool ok = false;
  std::string code;  // "IN-USE", "SYS/TEMP"; without brackets
  std::string text;
};

struct Capability {
  std::string name;  // "SASL"
  std::string values;  // "PLAIN CRAM-MD5"
  friend bool operator==(const Capability&, const Capability&) = default;
};

struct Drop {  // of STAT
  std::uint32_t count = 0;
  std::uint64_t octets = 0;
};
struct ScanListing {  // of LIST
  std::uint32_t number = 0;
  std::uint64_t octets = 0;
  friend bool operator==(const ScanListing&, const ScanListing&) = default;
};
struct UniqueIdListing {  // of UIDL
  std::uint32_t number = 0;
  std::string id;
  friend bool operator==(const UniqueIdListing&, const UniqueIdListing&) = default;
};

struct LanguageListing {  // of LANG
  std::string tag, name;
  friend bool operator==(const LanguageListing&, const LanguageListing&) = default;
};

// Lines without their CRLF. parse_status marks the words behind the response code as text: rewind to put other marks there.
Result<StatusLine> parse_status(std::string_view line, Tokens* = nullptr);
// The words behind "+OK ".
Result<Drop> parse_drop(std::string_view text, Tokens* = nullptr);
Result<ScanListing> parse_scan_listing(std::string_view line, Tokens* = nullptr);
Result<UniqueIdListing> parse_unique_id(std::string_view line, Tokens* = nullptr);
Result<LanguageListing> parse_language(std::string_view line, Tokens* = nullptr);
Result<Capability> parse_capability(std::string_view line, Tokens* = nullptr);

// "<1896.697170952@dbc.mtview.ca.us>" out of a greeting, RFC 1939 section 7 (APOP); empty if there is none.
std::string_view timestamp_of(std::string_view greeting);

// Whether a good reply to this command goes on for several lines, up to the lone dot.
bool is_multi_line(Verb, bool has_argument);

// RFC 1939 section 3: "consists of octets other than NUL CR LF; with CRLF at most 512".
inline constexpr std::size_t reply_line_limit = 512;

}  // namespace glasspost::pop3
