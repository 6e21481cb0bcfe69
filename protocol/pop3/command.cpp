#include "protocol/pop3/command.h"

#include <cassert>

#include "protocol/base/cursor.h"

namespace glasspost::pop3 {
namespace {

// "Message-numbers ... are expressed in base-10": 1*DIGIT                                        RFC 1939 section 5
Result<std::uint32_t> number(Cursor& at, Role role, std::string_view rule) {
  const std::size_t begin = at.position();
  const auto digits = at.take_while(is_digit);
  if (digits.empty()) return at.wanted(rule);
  const auto value = to_u32(digits);
  at.mark(role, begin);
  if (!value) return fail(Fault::number_range, begin, rule);
  return *value;
}

// USER SP name; PASS SP string. Both go to the end of the line: names and passwords may have spaces.
Result<void> rest_of_line(Cursor& at, Role role, std::string_view rule, std::string& out) {
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t begin = at.position();
  out = at.rest();
  at.skip(out.size());
  at.mark(role, begin);
  if (role == Role::pop3_user && out.empty()) return at.wanted(rule);
  return {};
}

// APOP SP name SP digest                                                                          RFC 1939 section 7
Result<void> apop(Cursor& at, Command& out) {
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t begin = at.position();
  const std::size_t space = at.rest().rfind(' ');
  if (space == std::string_view::npos || space == 0) {
    // A digest without a name looks like a name: nobody may see it.
    at.skip(at.rest().size());
    at.mark(Role::pop3_digest, begin);
    return at.wanted("digest");
  }
  out.text = at.rest().substr(0, space);
  at.skip(space);
  at.mark(Role::pop3_user, begin);
  at.skip();
  const std::size_t digest = at.position();
  out.second = at.rest();
  at.skip(out.second->size());
  at.mark(Role::pop3_digest, digest);
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  std::size_t good = 0;
  while (good < out.second->size() && is_hex((*out.second)[good])) ++good;
  if (good != 32 || out.second->size() != 32) return fail(Fault::syntax, digest + good, "digest");
  return {};
}

// AUTH SP mechanism [SP initial-response]; initial-response = base64 / "="                        RFC 5034 section 4
Result<void> auth(Cursor& at, Command& out) {
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t begin = at.position();
  out.text = to_upper(at.take_while([](char c) { return is_alnum(c) || c == '-' || c == '_'; }));
  at.mark(Role::pop3_mechanism, begin);
  if (out.text.empty()) return at.wanted("sasl-mech");
  if (at.done()) return {};
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t response = at.position();
  out.second = at.rest();
  at.skip(out.second->size());
  at.mark(Role::pop3_initial_response, response);
  if (out.second->empty()) return at.wanted("initial-response");
  return {};
}

// LANG [SP lang-range]                                                                            RFC 6856 section 3
Result<void> language(Cursor& at, Command& out) {
  if (at.done()) return {};
  if (!at.take(' ')) return at.wanted("SP");
  const std::size_t begin = at.position();
  if (!at.take('*')) at.take_while([](char c) { return is_alnum(c) || c == '-'; });
  out.text = at.since(begin);
  at.mark(Role::pop3_language, begin);
  if (out.text.empty()) return at.wanted("language-range");
  return {};
}

Result<void> arguments(Cursor& at, Command& out) {
  const auto message = [&](bool optional) -> Result<void> {
    if (optional && at.done()) return {};
    if (!at.take(' ')) return at.wanted("SP");
    const auto value = number(at, Role::pop3_message_number, "message-number");
    if (!value) return tl::unexpected(value.error());
    out.number = *value;
    return {};
  };
  switch (out.verb) {
    case Verb::user: return rest_of_line(at, Role::pop3_user, "name", out.text);
    case Verb::pass: return rest_of_line(at, Role::pop3_password, "string", out.text);
    case Verb::apop: return apop(at, out);
    case Verb::auth: return auth(at, out);
    case Verb::lang: return language(at, out);
    case Verb::list:
    case Verb::uidl: return message(true);
    case Verb::retr:
    case Verb::dele: return message(false);
    case Verb::top: {
      if (auto first = message(false); !first) return first;
      if (!at.take(' ')) return at.wanted("SP");
      const auto lines = number(at, Role::pop3_line_count, "line-count");
      if (!lines) return tl::unexpected(lines.error());
      out.lines = *lines;
      return {};
    }
    case Verb::stat:
    case Verb::noop:
    case Verb::rset:
    case Verb::quit:
    case Verb::capa:
    case Verb::stls:
    case Verb::utf8: return {};
  }
  return {};
}

constexpr bool ends_command(char c) { return c == '\r' || c == '\n' || c == '\0'; }

}  // namespace

std::optional<Verb> verb_of(std::string_view word) {
  if (word.size() < 3 || word.size() > 4) return std::nullopt;
  for (int i = 0; i < verb_count; ++i)
    if (equal_ignoring_case(word, name_of(Verb(i)))) return Verb(i);
  return std::nullopt;
}

// command = keyword *(SP argument) CRLF: "case-insensitive", "each argument up to 40 characters"  RFC 1939 section 3
Result<Command> parse_command(std::string_view line, Tokens* tokens) {
  Cursor at(line, tokens);
  const std::string_view word = at.take_while([](char c) { return is_printable(c) && c != ' '; });
  const auto verb = verb_of(word);
  if (!verb) return fail(Fault::unknown_command, 0, "keyword");
  at.mark(Role::pop3_verb, 0);
  Command out;
  out.verb = *verb;
  if (auto good = arguments(at, out); !good) return tl::unexpected(good.error());
  if (!at.done()) return at.wanted("CRLF");
  for (std::size_t i = 0; i < line.size(); ++i)
    if (ends_command(line[i])) return fail(line[i] == '\0' ? Fault::bad_octet : Fault::bad_line_end, i, "CRLF");
  return out;
}

std::string to_text(const Command& command) {
  std::string out(name_of(command.verb));
  const auto add = [&](std::string_view argument) { (out += ' ') += argument; };
  switch (command.verb) {
    case Verb::user:
    case Verb::pass: add(command.text); break;
    case Verb::apop:
    case Verb::auth:
      add(command.text);
      if (command.second) add(*command.second);
      break;
    case Verb::lang:
      if (!command.text.empty()) add(command.text);
      break;
    default:
      if (command.number) add(std::to_string(*command.number));
      if (command.verb == Verb::top) add(std::to_string(command.lines));
  }
  return out + "\r\n";
}

}  // namespace glasspost::pop3
