// RFC 5322 header fields, address lists and dates, the obsolete forms included. Reading never throws octets away: a
// field is where it stands, and its value is whatever stands behind the colon.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/result.h"
#include "protocol/base/time.h"
#include "protocol/mime/structure.h"

namespace glasspost::mime {

// Line ends are CRLF. A bare LF ends a line as well here, since stored messages have it and every reader of mail takes
// it so; framing on the wire (base/framer.h) never does.
struct HeaderField {
  Span whole;  // its lines, line ends included
  Span name;   // empty: a line that is no field (it has no colon, or a name that cannot be one)
  Span value;  // behind the colon, folds included, the last line end not
};

// A header is looked at no further than this: one of 100 MB would hold everybody up, and nobody has a use for it.
inline constexpr std::size_t header_limit = 4 * 1024 * 1024;  // octets

// Walks the fields of text[begin, ...) up to the empty line, the end of `text` or header_limit.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text, std::size_t begin = 0) : text_(text.substr(0, begin + std::min(header_limit, text.size() - begin))), at_(begin) {}

  std::optional<HeaderField> next();
  // Behind the field that was read last. Once next() has returned nothing: behind the empty line, or where the walk ended.
  std::size_t end() const { return at_; }

 private:
  std::string_view text_;  // a reader walks a parameter and does not outlive it
  std::size_t at_;
  bool over_ = false;
};

// Where the body begins: behind the first empty line, or at the end of the text.
std::size_t header_end(std::string_view text);

// The size of the field name that `line` begins with, 0 if it is no field: 1*ftext *WSP ":" (RFC 5322 sections 2.2, 4.5).
std::size_t field_name_size(std::string_view line);

// The value of the first field of that name, unfolded and trimmed.
Text field(std::string_view headers, std::string_view name);
// RFC 5322 section 2.2.3: the line ends go, the white space stays. Trimmed at both ends.
std::string unfold(std::string_view value);

// RFC 5322 section 3.4 and 4.4: names in every form, groups, comments, routes. What cannot be read is skipped up to the
// next comma; at most `address_limit` entries are kept. An address without a domain has an empty host.
AddressList parse_addresses(std::string_view value);
inline constexpr std::size_t address_limit = 10'000;
// "Alice <alice@example.com>": an address of the list as a header field writes it, quoted where it must be.
std::string to_text(const Address&);

struct DateTime {
  Instant at{};               // UTC
  std::int32_t zone = 0;      // minutes east of UTC
  bool zone_known = true;     // false: "-0000", or a zone that tells nothing (RFC 5322 section 4.3)
  friend bool operator==(const DateTime&, const DateTime&) = default;
};
// Lenient: comments, two-digit years, named zones, missing day names and seconds, asctime's order. Nothing if hopeless.
std::optional<DateTime> parse_date(std::string_view value);

}  // namespace glasspost::mime
