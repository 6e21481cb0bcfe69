#include "protocol/imap/reader.h"

#include <array>

#include "protocol/imap/utf7.h"
#include "protocol/mime/content_tokens.h"
#include "protocol/mime/encoding.h"

namespace glasspost::imap {
namespace {

enum : std::uint8_t { atom_bit = 1, astring_bit = 2, list_bit = 4, tag_bit = 8, quotable_bit = 16 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> table{};
  for (int i = 1; i < 0x80; ++i) {
    const char c = char(i);
    std::uint8_t bits = 0;
    if (c != '\r' && c != '\n') bits |= quotable_bit;
    const bool control = i < 0x20 || i == 0x7f;
    const bool special = c == '(' || c == ')' || c == '{' || c == ' ' || c == '"' || c == '\\';
    if (!control && !special) {
      const bool wildcard = c == '%' || c == '*';
      bits |= list_bit;
      if (!wildcard && c != ']') bits |= atom_bit;
      if (!wildcard) bits |= astring_bit;
      if (!wildcard && c != '+') bits |= tag_bit;
    }
    table[std::size_t(i)] = bits;
  }
  return table;
}
constexpr auto classes = make_classes();
bool has(char c, std::uint8_t bit) { return (classes[static_cast<unsigned char>(c)] & bit) != 0; }

constexpr std::array<std::string_view, 5> system_flags = {"\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"};

}  // namespace

bool is_atom_char(char c) { return has(c, atom_bit); }
bool is_astring_char(char c) { return has(c, astring_bit); }
bool is_list_char(char c) { return has(c, list_bit); }
bool is_tag_char(char c) { return has(c, tag_bit); }
bool is_quotable(char c) { return has(c, quotable_bit); }

void Reader::fail(Fault fault, std::size_t at, std::string_view expected) {
  if (error_) return;
  error_ = Error{fault, static_cast<std::uint32_t>(at), std::string(expected)};
  c_.go_to(c_.text().size());
}

void Reader::hide_rest(Role secret) {
  Tokens* tokens = c_.tokens();
  if (!tokens) return;
  const std::size_t from = tokens->all().empty() ? 0 : tokens->all().back().span.end;
  // A space in front separates; it tells nothing.
  const std::size_t begin = from < text().size() && text()[from] == ' ' ? from + 1 : from;
  tokens->mark(text(), begin, text().size(), secret);
}

void Reader::space() {
  if (!take(' ')) wanted("SP");
}
void Reader::open() {
  if (!take_open()) wanted("\"(\"");
}
void Reader::close() {
  if (!take_close()) wanted("\")\"");
}
bool Reader::take_open() {
  const std::size_t begin = position();
  if (!take('(')) return false;
  mark(Role::imap_paren, begin);
  return true;
}
bool Reader::take_close() {
  const std::size_t begin = position();
  if (!take(')')) return false;
  mark(Role::imap_paren, begin);
  return true;
}
void Reader::end() {
  if (!done()) wanted("CRLF");
}

bool Reader::enter() {
  if (++depth_ > options_.nesting) fail(Fault::too_many, "nesting");
  return ok();
}

bool Reader::room_for(std::size_t count) {
  if (count >= options_.list) fail(Fault::too_many, "list");
  return ok();
}

// atom = 1*ATOM-CHAR
std::string_view Reader::atom(Role role, std::string_view expected) {
  const std::size_t begin = position();
  const std::string_view taken = c_.take_while(is_atom_char);
  if (taken.empty()) {
    wanted(expected);
    return {};
  }
  mark(role, begin);
  return taken;
}

// quoted = DQUOTE *QUOTED-CHAR DQUOTE
// QUOTED-CHAR = <any TEXT-CHAR except quoted-specials> / "\" quoted-specials
std::string Reader::quoted(Role role) {
  const std::size_t begin = position();
  std::string value;
  skip();
  for (;;) {
    const std::size_t run = position();
    while (!done() && peek() != '"' && peek() != '\\' && (is_quotable(peek()) || ((options_.lenient || utf8()) && is_eight_bit(peek()))))
      skip();
    value += c_.since(run);
    if (take('"')) break;
    if (take('\\')) {
      if (peek() != '"' && peek() != '\\') {
        wanted("quoted-specials");
        return {};
      }
      value += peek();
      skip();
      continue;
    }
    if (done()) wanted("DQUOTE");
    else fail(Fault::bad_octet, "QUOTED-CHAR");
    return {};
  }
  if (utf8() && !options_.lenient && !mime::is_utf8(value)) fail(Fault::bad_octet, begin, "UTF8-2");
  mark(role, begin);
  return value;
}

// literal = "{" number ["+"] "}" CRLF *CHAR8;  literal8 = "~" and the same, with any octet, where content is wanted
std::string_view Reader::literal_octets(Role role, std::string_view expected, std::optional<Content> message, bool eight) {
  const std::size_t begin = position();
  const bool any_octet = at_literal8() && (eight || (message && has(Extension::binary)));
  if (any_octet) skip();
  if (!take('{')) {
    wanted(expected);
    return {};
  }
  const std::size_t digits_at = position();
  const std::string_view digits = c_.take_while(is_digit);
  const auto size = to_u64(digits);
  if (digits.empty() || !size) {
    fail(digits.empty() ? Fault::syntax : Fault::number_range, digits_at, "number");
    return {};
  }
  if (has(Extension::literal_plus) || has(Extension::literal_minus)) take('+');
  if (!take('}')) {
    wanted("\"}\"");
    return {};
  }
  mark(Role::imap_literal_size, begin);
  const std::size_t line_end = position();
  if (!c_.take("\r\n")) {
    if (done()) fail(Fault::incomplete, "literal");  // announced, and never sent
    else wanted("CRLF");
    return {};
  }
  mark(Role::crlf, line_end);
  const std::size_t content = position();
  const std::string_view octets = rest().substr(0, *size > rest().size() ? rest().size() : std::size_t(*size));
  skip(octets.size());
  if (message) mark_content(content, position(), *message);
  else mark(role, content);
  if (octets.size() < *size) {
    fail(Fault::incomplete, "literal");
    return {};
  }
  // CHAR8 = %x01-ff
  if (const auto nul = octets.find('\0'); nul != octets.npos && !options_.lenient && !any_octet) {
    fail(Fault::bad_octet, content + nul, "CHAR8");
    return {};
  }
  return octets;
}

std::string Reader::literal(Role role, std::string_view expected) {
  return std::string(literal_octets(role, expected, std::nullopt));
}
std::string Reader::content_literal(Content content, bool eight) {
  return std::string(literal_octets(Role::content_body, "literal", content, eight));
}

void Reader::mark_content(std::size_t begin, std::size_t end, Content content) {
  if (!marks()) return;
  const auto first = content == Content::body ? mime::ContentTokens::Begin::body : mime::ContentTokens::Begin::headers;
  mime::ContentTokens(false, first).mark_lines(text(), begin, end, *c_.tokens());
}

// nstring, of which a literal carries message content
std::optional<std::string> Reader::content_nstring(Content content) {
  if (take_nil()) return std::nullopt;
  if (peek() == '{' || (at_literal8() && has(Extension::binary))) return content_literal(content);
  return string(Role::content_body, "nstring");
}

// string = quoted / literal
std::string Reader::string(Role role, std::string_view expected) {
  if (peek() == '"') return quoted(role);
  if (peek() == '{') return literal(role, expected);
  wanted(expected);
  return {};
}

// astring = 1*ASTRING-CHAR / string
std::string Reader::astring(Role role, std::string_view expected) {
  if (!is_astring_char(peek())) return string(role, expected);
  const std::size_t begin = position();
  const std::string_view taken = c_.take_while(is_astring_char);
  mark(role, begin);
  return std::string(taken);
}

bool Reader::take_nil() {
  if (!starts_with_ignoring_case(rest(), "NIL") || is_astring_char(peek(3))) return false;
  const std::size_t begin = position();
  skip(3);
  mark(Role::imap_nil, begin);
  return true;
}

// nstring = string / nil
std::optional<std::string> Reader::nstring(Role role, std::string_view expected) {
  if (take_nil()) return std::nullopt;
  return string(role, expected);
}

// nstring / literal8
std::optional<std::string> Reader::nstring8(Role role) {
  if (at_literal8()) return std::string(literal_octets(role, "literal8", std::nullopt, true));
  return nstring(role);
}

// number = 1*DIGIT, an unsigned 32-bit integer
std::uint32_t Reader::number(Role role, std::string_view expected) {
  const std::size_t begin = position();
  const std::string_view digits = c_.take_while(is_digit);
  const auto value = to_u32(digits);
  if (!value) {
    fail(digits.empty() ? Fault::syntax : Fault::number_range, begin, expected);
    return 0;
  }
  mark(role, begin);
  return *value;
}

// nz-number = digit-nz *DIGIT
std::uint32_t Reader::nz_number(Role role, std::string_view expected) {
  if (peek() == '0') {
    fail(Fault::number_range, expected);
    return 1;
  }
  return number(role, expected);
}

std::uint64_t Reader::number64(Role role) {
  const std::size_t begin = position();
  const std::string_view digits = c_.take_while(is_digit);
  const auto value = to_u64(digits);
  if (!value) {
    fail(digits.empty() ? Fault::syntax : Fault::number_range, begin, "number");
    return 0;
  }
  mark(role, begin);
  return *value;
}

// mailbox = "INBOX" / astring, in modified UTF-7 (section 5.1.3)
std::string Reader::mailbox(Role role) {
  const std::size_t begin = position();
  return name_from_wire(astring(role, "mailbox"), begin);
}

std::string Reader::name_from_wire(std::string wire, std::size_t begin) {
  if (!ok()) return {};
  if (equal_ignoring_case(wire, "INBOX")) return "INBOX";
  if (utf8()) {  // RFC 9051 section 5.1: Net-Unicode, which "&" is an ordinary letter of
    if (mime::is_utf8(wire) || options_.lenient) return wire;
    fail(Fault::bad_octet, begin, "UTF8-2");
    return {};
  }
  auto name = mailbox_from_wire(wire);
  if (name) return std::move(*name);
  if (options_.lenient) return wire;
  fail(name.error().fault, begin, name.error().expected);
  return {};
}

// sequence-set = (seq-number / seq-range) *("," sequence-set);  seq-range = seq-number ":" seq-number
SequenceSet Reader::sequence_set(Role role) {
  const std::size_t begin = position();
  if (!options_.lenient && has(Extension::searchres) && take('$')) {  // RFC 5182: a server never says it
    mark(role, begin);
    return SequenceSet::saved();
  }
  const auto seq_number = [this]() -> std::uint32_t {
    if (take('*')) return star;
    const std::size_t at = position();
    const std::string_view digits = c_.take_while(is_digit);
    const auto value = to_u32(digits);
    if (digits.empty()) wanted("sequence-set");
    else if (!value || digits.front() == '0') fail(Fault::number_range, at, "nz-number");
    return value.value_or(1);
  };
  std::vector<SequenceRange> ranges;
  do {
    if (!room_for(ranges.size())) return {};
    const std::uint32_t first = seq_number();
    const std::uint32_t last = take(':') ? seq_number() : first;
    if (!ok()) return {};
    ranges.push_back({first, last});
  } while (take(','));
  mark(role, begin);
  return SequenceSet(std::move(ranges));
}

// flag = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" / flag-keyword / flag-extension
std::string Reader::flag() {
  const std::size_t begin = position();
  const bool system = take('\\');
  std::string_view name;
  if (system && options_.lenient && take('*')) name = "*";  // flag-perm
  else name = c_.take_while(is_atom_char);
  if (name.empty()) {
    wanted("flag");
    return {};
  }
  const std::string_view whole = c_.since(begin);
  mark(Role::imap_flag, begin);
  if (!system) return std::string(whole);
  for (const std::string_view known : system_flags)
    if (equal_ignoring_case(whole, known)) return std::string(known);
  // \Recent cannot be set by a client, and no other system flag is defined.
  if (!options_.lenient) fail(Fault::unsupported, begin, "flag");
  return equal_ignoring_case(whole, "\\Recent") ? "\\Recent" : std::string(whole);
}

// flag-list = "(" [flag *(SP flag)] ")"
FlagList Reader::flag_list() {
  FlagList flags;
  open();
  if (take_close()) return flags;
  do {
    if (!room_for(flags.size())) return {};
    flags.push_back(flag());
  } while (take(' '));
  close();
  return flags;
}

// date = date-text / DQUOTE date-text DQUOTE
Day Reader::date() {
  const std::size_t begin = position();
  const bool quotes = take('"');
  const std::string_view taken = c_.take_while([](char c) { return is_alnum(c) || c == '-'; });
  const auto day = parse_day(taken);
  if (!day || (quotes && !take('"'))) {
    fail(Fault::syntax, begin, "date");
    return {};
  }
  mark(Role::imap_search_value, begin);
  return *day;
}

// date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE
DateTime Reader::date_time() {
  const std::size_t begin = position();
  const std::size_t size = 26;
  if (peek() != '"' || peek(size + 1) != '"') {
    wanted("date-time");
    return {};
  }
  const auto value = parse_date_time(rest().substr(1, size));
  if (!value) {
    wanted("date-time");
    return {};
  }
  skip(size + 2);
  mark(Role::imap_date_time, begin);
  return *value;
}

Result<std::string> mailbox_from_wire(std::string_view wire) {
  if (equal_ignoring_case(wire, "INBOX")) return std::string("INBOX");
  return utf7_decode(wire);
}

}  // namespace glasspost::imap
