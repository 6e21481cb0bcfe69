// Walks one message's text for a grammar, and marks tokens on the way. Grammars are written as functions that take
// a Cursor&: each is headed by its ABNF, returns Result<value>, and leaves the cursor behind what it took.
#pragma once

#include <string_view>

#include "protocol/base/result.h"
#include "protocol/base/text.h"
#include "protocol/token.h"

namespace glasspost {

class Cursor {
 public:
  // `tokens` may be null; neither it nor `text` is owned, and both must outlive the cursor.
  explicit Cursor(std::string_view text, Tokens* tokens = nullptr) : text_(text), tokens_(tokens) {}

  std::size_t position() const { return at_; }
  bool done() const { return at_ == text_.size(); }
  std::string_view text() const { return text_; }
  std::string_view rest() const { return text_.substr(at_); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip(std::size_t count = 1) { at_ = count > text_.size() - at_ ? text_.size() : at_ + count; }
  void go_to(std::size_t position) { at_ = position; }

  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (!rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take_ignoring_case(std::string_view word) {
    if (!starts_with_ignoring_case(rest(), word)) return false;
    at_ += word.size();
    return true;
  }
  template <class Predicate>
  std::string_view take_while(Predicate fits) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && fits(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string_view since(std::size_t begin) const { return text_.substr(begin, at_ - begin); }

  // Marks what was taken since `begin`.
  void mark(Role role, std::size_t begin) {
    if (tokens_) tokens_->mark(text_, begin, at_, role);
  }
  Tokens* tokens() { return tokens_; }

  tl::unexpected<Error> fail(Fault fault, std::string_view expected) const {
    return glasspost::fail(fault, at_, expected);
  }
  tl::unexpected<Error> wanted(std::string_view expected) const { return fail(Fault::syntax, expected); }

 private:
  std::string_view text_;  // a cursor is a parameter that walks: it never outlives the call that made it
  Tokens* tokens_;
  std::size_t at_ = 0;
};

}  // namespace glasspost
