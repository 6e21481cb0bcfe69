#include "protocol/mime/content_type.h"

#include <algorithm>

#include "protocol/base/cursor.h"
#include "protocol/base/text.h"

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

// A piece of a value (RFC 2231 section 3): attribute "*" number ["*"]. Behind the number a "*" says that the piece is encoded.
struct Piece {
  std::string_view attribute;
  std::uint32_t number;
};
std::optional<Piece> piece_of(std::string_view name) {
  if (name.ends_with('*')) name.remove_suffix(1);
  const auto star = name.rfind('*');
  if (star == name.npos || star == 0) return std::nullopt;
  const auto number = name.substr(star + 1);
  const auto value = to_u32(number);
  if (!value || (number.size() > 1 && number.front() == '0')) return std::nullopt;
  return Piece{name.substr(0, star), *value};
}

// As it stands in an extended value (RFC 2231 section 7): attribute-char as they are, other octets as "%" and two digits.
std::string percent_encoded(std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    const auto octet = static_cast<unsigned char>(c);
    if (is_token(c) && !is_eight_bit(c) && c != '*' && c != '\'' && c != '%') out += c;
    else (out += '%') += {digits[octet >> 4], digits[octet & 15]};
  }
  return out;
}

// Where the pieces 0, 1, 2, ... of an attribute's value are, up to the first that is missing.
std::vector<std::size_t> pieces_of(const std::vector<Parameter>& all, std::string_view attribute) {
  std::vector<std::size_t> out;
  for (;;) {
    const auto next = std::find_if(all.begin(), all.end(), [&](const Parameter& other) {
      const auto piece = piece_of(other.name);
      return piece && piece->number == out.size() && equal_ignoring_case(piece->attribute, attribute);
    });
    if (next == all.end()) return out;
    out.push_back(std::size_t(next - all.begin()));
  }
}

// RFC 2231 section 6: who describes a message puts the pieces of a value together, and leaves its charset to the reader. The value
// comes to stand where the first of them stood; pieces behind a gap stay as they are.
std::vector<Parameter> joined(std::vector<Parameter> all) {
  std::vector<Parameter> out;
  std::vector<bool> taken(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (taken[i]) continue;
    const auto piece = piece_of(all[i].name);
    const auto pieces = piece ? pieces_of(all, piece->attribute) : std::vector<std::size_t>{};
    if (std::find(pieces.begin(), pieces.end(), i) == pieces.end()) {
      out.push_back(all[i]);
      continue;
    }
    const auto is_encoded = [&](std::size_t k) { return all[k].name.ends_with('*'); };
    const bool encoded = std::any_of(pieces.begin(), pieces.end(), is_encoded);
    Parameter whole{std::string(piece->attribute) + (encoded ? "*" : ""), {}};
    // An extended value begins with its charset and language, each followed by an apostrophe; here neither is known.
    if (encoded && !is_encoded(pieces.front())) whole.value = "''";
    for (const std::size_t k : pieces) {
      taken[k] = true;
      whole.value += encoded && !is_encoded(k) ? percent_encoded(all[k].value) : all[k].value;
    }
    out.push_back(std::move(whole));
  }
  return out;
}

// *(";" attribute "=" value). Values that are not tokens though they should be quoted are taken up to the next ";".
std::vector<Parameter> parameters(Cursor& at) {
  std::vector<Parameter> out;
  for (;;) {
    while (!at.done() && at.peek() != ';') at.skip();
    if (!at.take(';') || out.size() == parameter_limit) return joined(std::move(out));
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
