// Cuts a stream of octets into lines that end in CRLF, with bounded memory. A bare CR or a bare LF never ends a line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace glasspost {

struct Line {
  std::string_view text;   // without its CRLF; valid until the next put() or discard()
  bool too_long = false;   // over the limit: `text` is its beginning, and the rest was thrown away
  bool bare_cr = false;    // a CR without LF stands in it
  bool bare_lf = false;    // an LF without CR stands in it
};

class LineFramer {
 public:
  // `limit`: the longest line in octets, its CRLF included.
  explicit LineFramer(std::size_t limit) : limit_(limit) {}

  void put(std::string_view octets);
  std::optional<Line> next();

  // For what is not lines (literals, BDAT): takes up to `count` octets away and hands them over.
  std::string take(std::size_t count);
  void drop(std::size_t count);
  // What has arrived and was not yet handed over.
  std::string_view pending() const { return std::string_view(buffer_).substr(begin_); }
  void discard() { buffer_.clear(), begin_ = scanned_ = 0, skipping_ = false; }

 private:
  void compact();

  std::size_t limit_;
  std::string buffer_;
  std::size_t begin_ = 0;    // what was handed over ends here
  std::size_t scanned_ = 0;  // no CRLF between begin_ and here
  bool skipping_ = false;    // inside the rest of a line that was too long
};

}  // namespace glasspost
