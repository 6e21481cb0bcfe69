// Marks message content for the dissectors: what DATA, an IMAP literal or RETR carries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocol/token.h"

namespace glasspost::mime {

class ContentTokens {
 public:
  enum class Begin : std::uint8_t { headers, body };
  // `stuffed`: a dot in front of a line is transparency's (RFC 5321 section 4.5.2, RFC 1939 section 3), not the message's.
  explicit ContentTokens(bool stuffed, Begin begin = Begin::headers)
      : stuffed_(stuffed), in_headers_(begin == Begin::headers) {}

  // [begin, end) of `text` is the content's next line with its CRLF, or its last piece without one. The line that ends
  // the content (the lone dot) is the caller's to mark.
  void mark_line(std::string_view text, std::size_t begin, std::size_t end, Tokens&);
  // [begin, end) is any number of whole lines, and perhaps a last one without its end.
  void mark_lines(std::string_view text, std::size_t begin, std::size_t end, Tokens&);

  bool in_headers() const { return in_headers_; }

 private:
  void mark_header(std::string_view text, std::size_t begin, std::size_t end, Tokens&);

  bool stuffed_;
  bool in_headers_;
  bool in_field_ = false;  // the line before was a field: this one may continue it
};

}  // namespace glasspost::mime
