// Tokens: the spans that a grammar marks while it parses. A message's tokens are in order, never overlap, and tile
// its text from the first octet to the last: joined together they are the text again.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/role.h"

namespace glasspost {

struct Token {
  Span span;
  Role role = Role::plain;

  friend bool operator==(const Token&, const Token&) = default;
};

// Where a grammar writes its tokens. Sessions, which need only values, hand in none (a null pointer).
class Tokens {
 public:
  // Marks [begin, end). A gap since the last token is filled: spaces as Role::space, anything else as Role::plain.
  // Text that is already marked is left as it is: marks only ever move forward.
  void mark(std::string_view text, std::size_t begin, std::size_t end, Role role);
  // Fills what is left of `text`. After this the tokens tile it.
  void finish(std::string_view text);
  // Marks are taken back to the first `count` tokens, for a grammar that tries another way.
  void rewind(std::size_t count) { tokens_.resize(count); }
  void clear() { tokens_.clear(); }

  std::span<const Token> all() const { return tokens_; }
  std::size_t size() const { return tokens_.size(); }

 private:
  void fill(std::string_view text, std::size_t upto);

  std::vector<Token> tokens_;
};

// The text with every secret token shown as twelve dots, whatever its length (U+2022, UTF-8).
std::string redact(std::string_view text, std::span<const Token>);
inline constexpr std::string_view mask = "••••••••••••";

bool tiles(std::string_view text, std::span<const Token>);

}  // namespace glasspost
