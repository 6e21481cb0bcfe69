#include "protocol/pop3/reply.h"

#include "protocol/base/cursor.h"

namespace glasspost::pop3 {
namespace {

template <class Number>
Result<Number> number(Cursor& at, Role role, std::string_view rule) {
  const std::size_t begin = at.position();
  const auto digits = at.take_while(is_digit);
  if (digits.empty()) return at.wanted(rule);
  at.mark(role, begin);
  const auto value = to_u64(digits);
  if (!value || *value > std::uint64_t(Number(-1))) return fail(Fault::number_range, begin, rule);
  return Number(*value);
}

// RFC 2449 section 3: schar = %x21-5A / %x5C-7F, without "]"; the code may have levels: "SYS/TEMP".
constexpr bool is_code(char c) { return c > 0x20 && c < 0x7f && c != '[' && c != ']'; }

// Other words may follow; servers put comments behind the numbers.
void rest_is_text(Cursor& at) {
  if (at.take(' ') && !at.done()) {
    const std::size_t begin = at.position();
    at.skip(at.rest().size());
    at.mark(Role::text, begin);
  }
}

}  // namespace

// "+OK" / "-ERR", in upper case, then SP and words                                                RFC 1939 section 3
// resp-code = "[" resp-level *("/" resp-level) "]"                                                RFC 2449 section 3
Result<StatusLine> parse_status(std::string_view line, Tokens* tokens) {
  Cursor at(line, tokens);
  StatusLine out;
  if (at.take("+OK")) out.ok = true;
  else if (!at.take("-ERR")) return at.wanted("status");
  if (!at.done() && at.peek() != ' ') {
    at.go_to(0);
    return at.wanted("status");
  }
  at.mark(out.ok ? Role::pop3_ok : Role::pop3_err, 0);
  if (!at.take(' ')) return out;
  const std::size_t code = at.position();
  if (at.take('[')) {
    out.code = at.take_while(is_code);
    if (!out.code.empty() && at.take(']')) {
      at.mark(Role::pop3_response_code, code);
      at.take(' ');
    } else {
      out.code.clear();
      at.go_to(code);
    }
  }
  const std::size_t text = at.position();
  out.text = at.rest();
  at.skip(out.text.size());
  at.mark(Role::text, text);
  return out;
}

// "+OK" SP count SP octets                                                                        RFC 1939 section 5
Result<Drop> parse_drop(std::string_view text, Tokens* tokens) {
  Cursor at(text, tokens);
  const auto count = number<std::uint32_t>(at, Role::pop3_count, "count");
  if (!count) return tl::unexpected(count.error());
  if (!at.take(' ')) return at.wanted("SP");
  const auto octets = number<std::uint64_t>(at, Role::pop3_octets, "octets");
  if (!octets) return tl::unexpected(octets.error());
  if (!at.done() && at.peek() != ' ') return at.wanted("CRLF");
  rest_is_text(at);
  return Drop{*count, *octets};
}

// scan-listing = message-number SP octets                                                         RFC 1939 section 5
Result<ScanListing> parse_scan_listing(std::string_view line, Tokens* tokens) {
  Cursor at(line, tokens);
  const auto message = number<std::uint32_t>(at, Role::pop3_message_number, "message-number");
  if (!message) return tl::unexpected(message.error());
  if (!at.take(' ')) return at.wanted("SP");
  const auto octets = number<std::uint64_t>(at, Role::pop3_octets, "octets");
  if (!octets) return tl::unexpected(octets.error());
  if (!at.done() && at.peek() != ' ') return at.wanted("CRLF");
  rest_is_text(at);
  return ScanListing{*message, *octets};
}

// unique-id listing = message-number SP unique-id; unique-id: 1 to 70 of %x21-7E                  RFC 1939 section 7
Result<UniqueIdListing> parse_unique_id(std::string_view line, Tokens* tokens) {
  Cursor at(line, tokens);
  const auto message = number<std::uint32_t>(at, Role::pop3_message_number, "message-number");
  if (!message) return tl::unexpected(message.error());
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t begin = at.position();
  const auto id = at.take_while([](char c) { return c > 0x20 && c < 0x7f; });
  if (id.empty()) return at.wanted("unique-id");
  at.mark(Role::pop3_unique_id, begin);
  if (id.size() > 70) return fail(Fault::too_long, begin + 70, "unique-id");
  if (!at.done() && at.peek() != ' ') return at.wanted("unique-id");
  rest_is_text(at);
  return UniqueIdListing{*message, std::string(id)};
}

// language-tag [SP name]                                                                          RFC 6856 section 3.2
Result<LanguageListing> parse_language(std::string_view line, Tokens* tokens) {
  Cursor at(line, tokens);
  const auto tag = at.take_while([](char c) { return is_alnum(c) || c == '-'; });
  if (tag.empty()) return at.wanted("language-tag");
  at.mark(Role::pop3_language, 0);
  LanguageListing out{std::string(tag), {}};
  if (at.done()) return out;
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t begin = at.position();
  out.name = at.rest();
  at.skip(out.name.size());
  at.mark(Role::pop3_language_name, begin);
  return out;
}

// capa-tag *(SP param)                                                                            RFC 2449 section 3
Result<Capability> parse_capability(std::string_view line, Tokens* tokens) {
  Cursor at(line, tokens);
  const auto name = at.take_while([](char c) { return c > 0x20 && c < 0x7f; });
  if (name.empty()) return at.wanted("capa-tag");
  at.mark(Role::pop3_capability, 0);
  Capability out{std::string(name), {}};
  if (at.done()) return out;
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t values = at.position();
  out.values = at.rest();
  while (!at.done()) {
    const std::size_t begin = at.position();
    if (at.take_while([](char c) { return c != ' '; }).empty()) at.skip();
    else at.mark(Role::pop3_capability_value, begin);
  }
  if (values == line.size()) return at.wanted("param");
  return out;
}

// "The syntax of the timestamp corresponds to the `msg-id' in [RFC822]": "<" anything "@" anything ">"
std::string_view timestamp_of(std::string_view greeting) {
  const auto begin = greeting.find('<');
  if (begin == greeting.npos) return {};
  const auto end = greeting.find('>', begin);
  if (end == greeting.npos) return {};
  const std::string_view stamp = greeting.substr(begin, end + 1 - begin);
  const auto at = stamp.find('@');
  return at == stamp.npos || at == 1 || at + 2 == stamp.size() || stamp.find(' ') != stamp.npos ? std::string_view() : stamp;
}

bool is_multi_line(Verb verb, bool has_argument) {
  switch (verb) {
    case Verb::retr:
    case Verb::top:
    case Verb::capa: return true;
    case Verb::list:
    case Verb::uidl:
    case Verb::lang: return !has_argument;
    default: return false;
  }
}

}  // namespace glasspost::pop3
