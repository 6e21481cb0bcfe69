#include "protocol/mime/content_type.h"

#include "protocol/base/cursor.h"

namespace glasspost::mime {
namespace {

// token: any CHAR except SPACE, CTLs and tspecials. 8-bit octets are taken too: they are found, and nothing else fits.
constexpr bool is_token(char c) {
  return (is_printable(c) || is_eight_bit(c)) && c != ' ' &&
         std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}
constexpr bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void skip_cfws(Cursor& at) {
  int depth = 0;
  while (!at.done()) {
    const char c = at.peek();
    if (c == '(') {
      ++depth;
    } else if (depth > 0) {
      if (c == ')') --depth;
      else if (c == '\\') at.skip();
    } else if (!is_white(c)) {
      return;
    }
    at.skip();
  }
}

std::string quoted_string(Cursor& at) {
  std::string out;
  at.skip();
  while (!at.done() && at.peek() != '"') {
    if (at.peek() == '\\' && at.peek(1) != '\0') at.skip();
    if (at.peek() != '\r' && at.peek() != '\n') out += at.peek();
    at.skip();
  }
  at.skip();
  return out;
}

// *(";" attribute "=" value). Values that are not tokens though they should be quoted are taken up to the next ";".
std::vector<Parameter> parameters(Cursor& at) {
  std::vector<Parameter> out;
  for (;;) {
    while (!at.done() && at.peek() != ';') at.skip();
    if (!at.take(';') || out.size() == parameter_limit) return out;
    skip_cfws(at);
    std::string name(at.take_while(is_token));
    skip_cfws(at);
    if (name.empty() || !at.take('=')) continue;
    skip_cfws(at);
    std::string value;
    if (at.peek() == '"') value = quoted_string(at);
    else value = at.take_while([](char c) { return !is_white(c) && c != ';' && c != '(' && c != '"'; });
    out.push_back({std::move(name), std::move(value)});
  }
}

}  // namespace

std::optional<ContentType> parse_content_type(std::string_view value) {
  Cursor at(value);
  skip_cfws(at);
  const auto type = at.take_while(is_token);
  skip_cfws(at);
  if (type.empty() || !at.take('/')) return std::nullopt;
  skip_cfws(at);
  const auto subtype = at.take_while(is_token);
  if (subtype.empty()) return std::nullopt;
  return ContentType{std::string(type), std::string(subtype), parameters(at)};
}

std::optional<Disposition> parse_disposition(std::string_view value) {
  Cursor at(value);
  skip_cfws(at);
  const auto type = at.take_while(is_token);
  if (type.empty()) return std::nullopt;
  return Disposition{std::string(type), parameters(at)};
}

std::optional<std::string> parse_token(std::string_view value) {
  Cursor at(value);
  skip_cfws(at);
  const auto token = at.take_while(is_token);
  if (token.empty()) return std::nullopt;
  return std::string(token);
}

std::vector<std::string> parse_tokens(std::string_view value) {
  std::vector<std::string> out;
  Cursor at(value);
  while (!at.done() && out.size() < parameter_limit) {
    skip_cfws(at);
    const auto token = at.take_while(is_token);
    if (!token.empty()) out.emplace_back(token);
    skip_cfws(at);
    if (!at.take(',') && token.empty()) at.skip();
  }
  return out;
}

}  // namespace glasspost::mime
