// Reads a message's structure: RFC 2045 and 2046. Linear in its size, with bounded memory, whatever it contains.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/mime/structure.h"

namespace glasspost::mime {

struct Limits {
  std::uint32_t parts = 1000;  // parts that are kept, in all; the rest of the multipart is then not looked into
  std::uint32_t nesting = 100;
};

// Never fails: what is broken is what RFC 2046 makes of it, or text. `message` may be any octets up to 4 GiB.
Part read_message(std::string_view message, const Limits& = {});

// The same in portions, for whoever has something else to do while a message of 100 MB is read.
class MessageReader {
 public:
  explicit MessageReader(const Limits& = {});
  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  // Goes on for about so many octets, a line at least; true: all is read. `message`: the same octets each time.
  bool go_on(std::string_view message, std::size_t octets);
  // Once it is read.
  Part take() { return std::move(root_); }

 private:
  enum class Inherited : std::uint8_t { text, message };  // what a part is whose header does not say
  enum class Reading : std::uint8_t { header, content, preamble, parts, cut_off, epilogue, inner };
  // A part whose end has not been seen yet. Those that are open stand within each other.
  struct Open {
    Part* part;
    Inherited inherited = Inherited::text;
    Reading reading = Reading::header;
    std::size_t begin = 0, body = 0;
    std::uint32_t lines_to_begin = 0, lines_to_body = 0;  // line ends in front of them
    std::size_t boundary = 0;                             // of a multipart: which of boundaries_ is its own
  };
  // What ends parts: the end of the message, or the boundary of an open multipart.
  struct End {
    std::size_t at;             // where the content ends, its last line end not included if a boundary follows
    std::uint32_t lines;        // line ends up to there
    std::size_t multipart;      // index into boundaries_; none: the end of the message
    bool closing = false;       // "--boundary--"
  };
  static constexpr std::size_t none = std::string_view::npos;

  void open(Part&, Inherited);
  void header_is_over(std::string_view message);
  void ended(std::string_view message, End);
  bool goes_on_behind(const End&, Open& multipart);
  void close_in_header(std::string_view message, Open&, End&);
  std::optional<End> boundary_line(std::string_view message);
  void skip_line(std::string_view message);

  Limits limits_;
  Part root_;
  std::vector<Open> open_;
  std::vector<std::string> boundaries_;
  std::size_t at_ = 0;
  std::uint32_t lines_ = 0;  // line ends in front of at_
  std::uint32_t count_ = 0;  // of parts
};

}  // namespace glasspost::mime
