// Transfer encodings (RFC 2045 section 6), encoded words (RFC 2047) and parameter extensions (RFC 2231).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/base/idn.h"
#include "protocol/mime/structure.h"

namespace glasspost::mime {

// Bodies. Decoding is lenient as RFC 2045 wants: base64 ignores what is not of its alphabet (section 6.8), a broken
// quoted-printable sequence stands for itself (section 6.7). Anything other than the two comes back as it was.
std::string decode_body(std::string_view body, std::string_view transfer_encoding);
std::string decode_base64_body(std::string_view);
std::string decode_quoted_printable(std::string_view);
std::string encode_base64_body(std::string_view octets);  // lines of 76, each with its CRLF
std::string encode_quoted_printable(std::string_view text);  // CRLF stays a line end; lone CR and LF are encoded

// To UTF-8, from UTF-8, US-ASCII or ISO-8859-1 (and windows-1252, which is what people mean by it); nothing for other charsets
// and for text that is not in the charset it claims.
std::optional<std::string> to_utf8(std::string_view octets, std::string_view charset);
using glasspost::is_utf8;

// A header value for a person's eyes: encoded words as UTF-8; those that cannot be decoded stay as they are.
std::string decode_words(std::string_view value);
// `utf8` as it may stand in a header field: itself if it is printable ASCII that nobody could take for an encoded word,
// else encoded words, folded. `column`: how far the field's first line has come. CR and LF never come out except in a fold.
std::string encode_words(std::string_view utf8, std::size_t column = 0);

// A parameter's value in UTF-8: "name", or "name*" and "name*0", "name*1*", ... put together (RFC 2231). A charset that is
// not known is left undecoded.
std::optional<std::string> parameter(std::span<const Parameter>, std::string_view name);

}  // namespace glasspost::mime
