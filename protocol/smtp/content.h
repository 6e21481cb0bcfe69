// The text of a letter as DATA carries it, RFC 5321 section 4.5.2: dot-stuffed, ended by CRLF "." CRLF and by nothing
// else. A bare CR or a bare LF is noted, never taken for a line end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/token.h"

namespace glasspost::smtp {

class ContentReader {
 public:
  // What is over `limit` octets is counted, not kept.
  explicit ContentReader(std::uint64_t limit) : limit_(limit) {}

  // Takes in what belongs to this letter; returns how many octets that was. All of them, until done().
  std::size_t put(std::string_view octets);
  bool done() const { return at_ == At::end; }
  bool too_large() const { return size_ > limit_; }
  bool has_bare_cr() const { return bare_cr_; }
  bool has_bare_lf() const { return bare_lf_; }
  std::uint64_t size() const { return size_; }  // octets, dots unstuffed
  std::uint64_t held() const { return content_.size(); }  // of them, in memory
  void forget() { forgotten_ = true, content_ = {}; }     // the rest is read, and nothing kept
  std::string take() { return std::move(content_); }
  // For the next letter. `expected`: its size if the client has declared one; a hint, not a promise.
  void restart(std::uint64_t expected = 0);

 private:
  enum class At : std::uint8_t { line_start, dot, dot_cr, middle, cr, end };
  std::size_t take_lines(std::string_view octets, std::size_t from);
  void keep(std::string_view octets);

  std::uint64_t limit_;
  std::uint64_t size_ = 0;
  std::string content_;
  At at_ = At::line_start;
  bool bare_cr_ = false, bare_lf_ = false, forgotten_ = false;
};

// Ready for the wire behind a 354: dots stuffed, a last CRLF added if there is none, and the final dot.
std::string stuff(std::string_view content);

// Why a content cannot be sent as it is.
struct ContentFacts {
  bool eight_bit = false;
  bool bare_line_end = false;  // a CR without LF, or an LF without CR
  bool nul = false;
};
ContentFacts examine(std::string_view content);

// Marks headers, blank line, body, stuffed dots and the end in content as it crossed the wire. Text that was cut off
// (`octets` of it crossed, fewer are in `text`) is marked as far as it goes.
void mark_content(std::string_view text, Tokens& tokens);
// The same of a chunk of BDAT (RFC 3030): no dots are doubled, and nothing ends it. `in_headers`: whether the letter was still in
// its headers before this chunk, and whether it is behind it.
void mark_chunk(std::string_view text, Tokens& tokens, bool& in_headers);

}  // namespace glasspost::smtp
