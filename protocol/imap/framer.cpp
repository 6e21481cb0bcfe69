#include "protocol/imap/framer.h"

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::imap {
namespace {

// Longer than any announcement of a literal whose size 64 bits hold, CRLF included.
constexpr std::size_t tail_size = 64;

// "a1 OK text", "* BYE text", "+ text": words for people, which may end in anything.
bool ends_in_words(std::string_view message) {
  if (message.starts_with('+')) return true;
  const std::size_t space = message.find(' ');
  if (space == message.npos) return false;
  const std::string_view rest = message.substr(space + 1);
  const std::string_view word = rest.substr(0, rest.find_first_of(" \r"));
  for (const std::string_view condition : {"OK", "NO", "BAD", "BYE", "PREAUTH"})
    if (equal_ignoring_case(word, condition)) return true;
  return false;
}

}  // namespace

void Framer::take(std::string_view octets) {
  octets_ += octets.size();
  if (skipping_ || text_.size() >= kept_) return;
  text_ += octets.substr(0, std::min<std::uint64_t>(octets.size(), kept_ - text_.size()));
}

void Framer::take_line(std::string_view octets) {
  take(octets);
  line_octets_ += octets.size();
  if (octets.size() >= tail_size) {
    tail_ = octets.substr(octets.size() - tail_size);
    return;
  }
  tail_ += octets;
  if (tail_.size() > tail_size) tail_.erase(0, tail_.size() - tail_size);
}

// literal = "{" number ["+"] "}" CRLF: `line` is the end of a line, its CRLF included.
bool Framer::announces_literal(std::string_view line) {
  line.remove_suffix(2);
  if (!line.ends_with('}')) return false;
  line.remove_suffix(1);
  const bool plus = said_ == Said::commands && plus_ && line.ends_with('+');
  if (plus) line.remove_suffix(1);
  const std::size_t brace = line.rfind('{');
  if (brace == line.npos || brace + 1 == line.size()) return false;
  const std::string_view digits = line.substr(brace + 1);
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return false;
  const auto size = to_u64(digits);
  literal_ = {size.value_or(0), plus, !size};
  return true;
}

void Framer::begin_message() {
  if (text_.capacity() > 1024 * 1024) text_ = std::string();
  text_.clear();
  tail_.clear();
  in_place_ = {};
  octets_ = line_octets_ = announced_at_ = 0;
  finished_ = skipping_ = false;
}

Framer::Step Framer::next(std::string_view& input) {
  if (finished_) begin_message();
  for (;;) {
    if (in_literal_ > 0) {
      const std::size_t size = std::size_t(std::min<std::uint64_t>(in_literal_, input.size()));
      take(input.substr(0, size));
      input.remove_prefix(size);
      in_literal_ -= size;
      if (in_literal_ > 0) return Step::more;
    }
    if (input.empty()) return Step::more;
    std::size_t size;
    if (tail_.ends_with('\r') && input.front() == '\n') {
      size = 1;
    } else {
      const std::size_t found = input.find("\r\n");
      size = found == input.npos ? input.npos : found + 2;
    }
    if (size == input.npos) {
      take_line(input);
      input = {};
      return Step::more;
    }
    const std::string_view line = input.substr(0, size);
    input.remove_prefix(size);
    if (octets_ == 0 && size <= kept_) {
      const bool literal = announces_literal(line) && !(said_ == Said::responses && ends_in_words(line));
      if (!literal) {
        in_place_ = line;
        octets_ = line_octets_ = size;
        finished_ = true;
        return Step::message;
      }
      take_line(line);
      return Step::literal;
    }
    take_line(line);
    if (announces_literal(tail_) && !(said_ == Said::responses && ends_in_words(text_))) return Step::literal;
    finished_ = true;
    return Step::message;
  }
}

void Framer::keep() {
  in_literal_ = literal_.octets;
  announced_at_ = octets_;
  line_octets_ = 0;
  tail_.clear();
}

void Framer::skip() {
  keep();
  skipping_ = true;
}

void Framer::drop() { finished_ = true; }

void Framer::give_up() {
  in_literal_ = 0;
  finished_ = true;
}

void Framer::reset() {
  begin_message();
  in_literal_ = 0;
}

}  // namespace glasspost::imap
