// How a message crosses: RFC 1939 section 3, "multi-line responses".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace glasspost::pop3 {

// The beginning of `message` that TOP wants: its header, the empty line, and so many lines behind it.
std::string_view top_of(std::string_view message, std::uint32_t lines);

// Appends `message` to `out` with a dot put in front of each line that begins with one, a CRLF at its end if it has none,
// and the lone dot. A dot behind a bare LF gets one as well: many clients take a bare LF for a line's end, and must
// not be made to take a part of a message for the end of the reply.
void append_stuffed(std::string_view message, std::string& out);

// Takes the dot away that append_stuffed put in front of `line` and behind any bare LF in it, and appends it with CRLF.
void append_unstuffed(std::string_view line, std::string& out);

}  // namespace glasspost::pop3
