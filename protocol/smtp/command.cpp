#include "protocol/smtp/command.h"

#include <fmt/format.h>

#include "protocol/base/cursor.h"
#include "protocol/base/idn.h"
#include "protocol/base/text.h"

namespace glasspost::smtp {
namespace {

constexpr bool is_atext(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

tl::unexpected<Error> wanted(const Cursor& c, std::string_view rule) {
  return c.fail(is_eight_bit(c.peek()) ? Fault::bad_octet : Fault::syntax, rule);
}

// sub-domain = Let-dig [Ldh-str]                                                              RFC 5321 section 4.1.2
// Domain     = sub-domain *("." sub-domain)
// Underscores are let through: hosts of that name exist and say so in EHLO.
// sub-domain =/ U-label                                                                       RFC 6531 section 3.3
Result<std::string_view> domain(Cursor& c, Alphabet alphabet = Alphabet::ascii) {
  const std::size_t begin = c.position();
  const auto beyond = [&](char x) { return alphabet == Alphabet::utf8 && is_eight_bit(x); };
  bool ascii = true;
  do {
    if (!is_alnum(c.peek()) && c.peek() != '_' && !beyond(c.peek())) return wanted(c, "Domain");
    for (const char x : c.take_while([&](char y) { return is_alnum(y) || y == '-' || y == '_' || beyond(y); })) ascii = ascii && !is_eight_bit(x);
    if (c.text()[c.position() - 1] == '-') return wanted(c, "Let-dig");
  } while (c.take('.'));
  if (!ascii && !to_a_labels(c.since(begin))) return fail(Fault::syntax, begin, "U-label");
  return c.since(begin);
}

// IPv4-address-literal = Snum 3("." Snum)                                                     RFC 5321 section 4.1.3
bool is_ipv4(std::string_view text) {
  int numbers = 0;
  for (const std::string_view part : split(text, '.')) {
    const auto number = to_u32(part);
    if (!number || *number > 255 || part.size() > 3) return false;
    ++numbers;
  }
  return numbers == 4;
}

// IPv6-addr = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp                               RFC 5321 section 4.1.3
bool is_ipv6(std::string_view text) {
  const auto groups_in = [](std::string_view part, bool may_end_in_ipv4) -> int {
    if (part.empty()) return 0;
    int groups = 0;
    const auto pieces = split(part, ':');
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (may_end_in_ipv4 && i + 1 == pieces.size() && pieces[i].find('.') != std::string_view::npos) {
        if (!is_ipv4(pieces[i])) return -1;
        groups += 2;
        continue;
      }
      if (pieces[i].empty() || pieces[i].size() > 4) return -1;
      for (const char c : pieces[i])
        if (!is_digit(c) && !(lower(c) >= 'a' && lower(c) <= 'f')) return -1;
      ++groups;
    }
    return groups;
  };
  const auto gap = text.find("::");
  if (gap == text.npos) return groups_in(text, true) == 8;
  const int before = groups_in(text.substr(0, gap), false), after = groups_in(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after <= 6;
}

// address-literal = "[" ( IPv4-address-literal / "IPv6:" IPv6-addr / General-address-literal ) "]"
Result<std::string_view> address_literal(Cursor& c) {
  const std::size_t begin = c.position();
  if (!c.take('[')) return wanted(c, "address-literal");
  const std::size_t inside = c.position();
  const std::string_view text = c.take_while([](char x) { return x >= 33 && x <= 126 && x != '[' && x != ']' && x != '\\'; });
  if (c.peek() != ']') return wanted(c, "\"]\"");
  bool good = is_ipv4(text);
  if (!good) {
    if (starts_with_ignoring_case(text, "IPv6:")) {
      good = is_ipv6(text.substr(5));
    } else if (const auto colon = text.find(':'); colon != text.npos && colon > 0 && colon + 1 < text.size()) {
      good = true;  // General-address-literal = Standardized-tag ":" 1*dcontent
      for (const char x : text.substr(0, colon)) good = good && (is_alnum(x) || x == '-');
      good = good && text[colon - 1] != '-';
    }
  }
  if (!good) return fail(Fault::syntax, inside, "address-literal");
  c.skip();
  return c.since(begin);
}

Result<std::string_view> domain_or_literal(Cursor& c, Alphabet alphabet = Alphabet::ascii) {
  return c.peek() == '[' ? address_literal(c) : domain(c, alphabet);
}

// Local-part = Dot-string / Quoted-string                                                     RFC 5321 section 4.1.2
// atext =/ UTF8-non-ascii        qtextSMTP =/ UTF8-non-ascii                                  RFC 6531 section 3.3
Result<std::string> local_part(Cursor& c, Alphabet alphabet) {
  std::string out;
  const std::size_t begin = c.position();
  const auto beyond = [&](char x) { return alphabet == Alphabet::utf8 && is_eight_bit(x); };
  const auto well_formed = [&](std::string_view text) -> Result<std::string> {
    if (!is_utf8(text)) return fail(Fault::bad_octet, begin, "UTF8-non-ascii");
    return std::string(text);
  };
  if (c.take('"')) {
    for (;;) {
      char x = c.peek();
      if (c.done() || !(is_printable(x) || beyond(x))) return wanted(c, "Quoted-string");
      c.skip();
      if (x == '"') return well_formed(out);
      if (x == '\\') {
        x = c.peek();
        if (c.done() || !is_printable(x)) return wanted(c, "quoted-pairSMTP");
        c.skip();
      }
      out += x;
    }
  }
  do {
    if (c.take_while([&](char x) { return is_atext(x) || beyond(x); }).empty())
      return wanted(c, begin == c.position() ? "Local-part" : "Atom");
  } while (c.take('.'));
  return well_formed(c.since(begin));
}

// Mailbox = Local-part "@" ( Domain / address-literal ); "postmaster" alone where that is allowed
Result<Mailbox> mailbox(Cursor& c, bool bare_postmaster, Alphabet alphabet) {
  const std::size_t begin = c.position();
  Mailbox out;
  auto local = local_part(c, alphabet);
  if (!local) return tl::unexpected(local.error());
  out.local_part = std::move(*local);
  if (!c.take('@')) {
    if (bare_postmaster && equal_ignoring_case(c.since(begin), "postmaster")) {
      out.text = c.since(begin);
      return out;
    }
    return wanted(c, "\"@\"");
  }
  const auto place = domain_or_literal(c, alphabet);
  if (!place) return tl::unexpected(place.error());
  out.domain = *place;
  out.text = c.since(begin);
  return out;
}

// Path  = "<" [ A-d-l ":" ] Mailbox ">"      A-d-l = "@" Domain *( "," "@" Domain )           RFC 5321 section 4.1.2
// The source route is accepted and forgotten (appendix C).
// Reverse-path = Path / "<>"                 Forward-path = Path, "<postmaster>" too (section 4.1.1.3)
Result<Mailbox> path(Cursor& c, bool reverse, Alphabet alphabet) {
  const std::size_t begin = c.position();
  const Role role = reverse ? Role::smtp_reverse_path : Role::smtp_forward_path;
  if (!c.take('<')) return wanted(c, reverse ? "Reverse-path" : "Forward-path");
  if (reverse && c.take('>')) {
    c.mark(role, begin);
    return Mailbox{};
  }
  if (c.peek() == '@') {
    do {
      if (!c.take('@')) return wanted(c, "\"@\"");
      if (const auto hop = domain(c, alphabet); !hop) return tl::unexpected(hop.error());
    } while (c.take(','));
    if (!c.take(':')) return wanted(c, "\":\"");
  }
  auto out = mailbox(c, !reverse, alphabet);
  if (!out) return out;
  if (!c.take('>')) return wanted(c, "\">\"");
  c.mark(role, begin);
  return out;
}

// esmtp-param = esmtp-keyword ["=" esmtp-value]                                               RFC 5321 section 4.1.2
// esmtp-value =/ UTF8-non-ascii                                                               RFC 6531 section 3.3
Result<std::vector<Parameter>> parameters(Cursor& c, Alphabet alphabet) {
  std::vector<Parameter> out;
  while (c.take(' ')) {
    std::size_t begin = c.position();
    if (!is_alnum(c.peek())) return wanted(c, "esmtp-keyword");
    const auto keyword = c.take_while([](char x) { return is_alnum(x) || x == '-'; });
    c.mark(Role::smtp_parameter, begin);
    out.push_back({to_upper(keyword), std::nullopt});
    if (c.take('=')) {
      begin = c.position();
      const auto value = c.take_while([&](char x) { return (x >= 33 && x <= 126 && x != '=') || (alphabet == Alphabet::utf8 && is_eight_bit(x)); });
      if (value.empty()) return wanted(c, "esmtp-value");
      if (!is_utf8(value)) return fail(Fault::bad_octet, begin, "UTF8-non-ascii");
      c.mark(Role::smtp_parameter_value, begin);
      out.back().value = std::string(value);
    }
  }
  if (!c.done()) return wanted(c, "esmtp-param");
  return out;
}

// "HELO" SP Domain / "EHLO" SP ( Domain / address-literal ) / "LHLO" as EHLO       RFC 5321 section 4.1.1.1, RFC 2033
template <class Hello>
Result<Command> hello(Cursor& c) {
  if (!c.take(' ')) return wanted(c, "SP");
  const std::size_t begin = c.position();
  const auto name = domain_or_literal(c);
  if (!name) return tl::unexpected(name.error());
  c.mark(Role::smtp_client_name, begin);
  if (!c.done()) return wanted(c, "CRLF");
  return Hello{std::string(*name)};
}

// "MAIL FROM:" Reverse-path [SP Mail-parameters]                                              RFC 5321 section 4.1.1.2
// "RCPT TO:" ( "<Postmaster>" / Forward-path ) [SP Rcpt-parameters]                           RFC 5321 section 4.1.1.3
template <class Envelope>
Result<Command> envelope(Cursor& c, std::string_view keyword, bool reverse, Alphabet alphabet) {
  if (!c.take(' ')) return wanted(c, "SP");
  const std::size_t begin = c.position();
  if (!c.take_ignoring_case(keyword)) return wanted(c, keyword);
  c.mark(Role::smtp_path_keyword, begin);
  auto place = path(c, reverse, alphabet);
  if (!place) return tl::unexpected(place.error());
  auto extras = parameters(c, alphabet);
  if (!extras) return tl::unexpected(extras.error());
  return Envelope{std::move(*place), std::move(*extras)};
}

template <class Bare>
Result<Command> bare(Cursor& c) {
  if (!c.done()) return wanted(c, "CRLF");
  return Bare{};
}

// [ SP String ]                                                                     RFC 5321 sections 4.1.1.6 to 4.1.1.9
// Strings are taken as they come, quoted or not, and without control characters.
template <class Words>
Result<Command> words(Cursor& c, bool needed, Alphabet alphabet) {
  if (c.done() && !needed) return Words{};
  if (!c.take(' ')) return wanted(c, "SP");
  const std::size_t begin = c.position();
  const auto argument = c.take_while([&](char x) { return is_printable(x) || (alphabet == Alphabet::utf8 && is_eight_bit(x)); });
  c.mark(Role::smtp_argument, begin);
  if (!c.done()) return wanted(c, "String");
  if (!is_utf8(argument)) return fail(Fault::bad_octet, begin, "UTF8-non-ascii");
  if (argument.empty() && needed) return wanted(c, "String");
  return Words{std::string(argument)};
}

// "AUTH" SP sasl-mech [SP initial-response]        initial-response = base64 / "="             RFC 4954 sections 4 and 8
Result<Command> auth(Cursor& c) {
  if (!c.take(' ')) return wanted(c, "SP");
  std::size_t begin = c.position();
  const auto mechanism = c.take_while([](char x) { return is_alnum(x) || x == '-' || x == '_'; });
  if (mechanism.empty()) return wanted(c, "sasl-mech");
  c.mark(Role::smtp_mechanism, begin);
  Auth out{to_upper(mechanism), std::nullopt};
  if (c.done()) return out;
  if (!c.take(' ')) return wanted(c, "SP");
  // Whatever stands here was meant to be an answer: it is marked, and so hidden, even if it is malformed.
  begin = c.position();
  out.response = std::string(c.rest());
  c.go_to(c.text().size());
  c.mark(Role::smtp_initial_response, begin);
  if (out.response->empty() || out.response->find(' ') != std::string::npos)
    return fail(Fault::syntax, begin, "initial-response");
  return out;
}

// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ]   chunk-size = 1*DIGIT   end-marker = "LAST"     RFC 3030 section 2
Result<Command> bdat(Cursor& c) {
  if (!c.take(' ')) return wanted(c, "SP");
  std::size_t begin = c.position();
  const auto digits = c.take_while(is_digit);
  c.mark(Role::smtp_chunk_size, begin);
  const auto size = to_u64(digits);
  if (!size) return fail(digits.empty() ? Fault::syntax : Fault::number_range, begin, "chunk-size");
  Bdat out{*size, false};
  if (c.done()) return out;
  if (!c.take(' ')) return wanted(c, "SP");
  begin = c.position();
  if (!c.take_ignoring_case("LAST") || !c.done()) return fail(Fault::syntax, begin, "end-marker");
  c.mark(Role::smtp_chunk_last, begin);
  out.last = true;
  return out;
}

}  // namespace

const Parameter* find_parameter(const std::vector<Parameter>& parameters, std::string_view keyword) {
  for (const Parameter& parameter : parameters)
    if (parameter.keyword == keyword) return &parameter;
  return nullptr;
}

Result<Command> parse_command(std::string_view line, Tokens* tokens, Alphabet alphabet) {
  const std::size_t end = line.find_last_not_of(' ');  // trailing spaces are tolerated: RFC 5321 section 4.1.1
  Cursor c(line.substr(0, end == line.npos ? 0 : end + 1), tokens);
  const auto verb = verb_of(c.text());
  if (!verb) return c.fail(Fault::unknown_command, "command");
  c.skip(name_of(*verb).size());
  c.mark(Role::smtp_verb, 0);
  switch (*verb) {
    case Verb::helo: return hello<Helo>(c);
    case Verb::ehlo: return hello<Ehlo>(c);
    case Verb::lhlo: return hello<Lhlo>(c);
    case Verb::mail: return envelope<Mail>(c, "FROM:", true, alphabet);
    case Verb::rcpt: return envelope<Rcpt>(c, "TO:", false, alphabet);
    case Verb::data: return bare<Data>(c);
    case Verb::rset: return bare<Rset>(c);
    case Verb::noop: return words<Noop>(c, false, alphabet);
    case Verb::quit: return bare<Quit>(c);
    case Verb::help: return words<Help>(c, false, alphabet);
    case Verb::vrfy: return words<Vrfy>(c, true, alphabet);
    case Verb::expn: return words<Expn>(c, true, alphabet);
    case Verb::starttls: return bare<StartTls>(c);
    case Verb::auth: return auth(c);
    case Verb::bdat: return bdat(c);
  }
  return c.fail(Fault::unknown_command, "command");
}

Result<Mailbox> parse_mailbox(std::string_view text, Alphabet alphabet) {
  Cursor c(text);
  auto out = mailbox(c, true, alphabet);
  if (out && !c.done()) return wanted(c, "end of Mailbox");
  return out;
}

// xchar = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="         RFC 3461 section 4
std::string xtext_encode(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    if (c >= 33 && c <= 126 && c != '+' && c != '=') out += c;
    else fmt::format_to(std::back_inserter(out), "+{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::optional<std::string> xtext_decode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c < 33 || c > 126 || c == '=') return std::nullopt;
    if (c != '+') {
      out += c;
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = digits.find(text[i + 1]), low = digits.find(text[i + 2]);
    if (high == digits.npos || low == digits.npos) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

}  // namespace glasspost::smtp
