// A peer's mistake is a value: what was wrong, where, and what the grammar wanted there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace glasspost {

// A half-open range of octets within one message, counted from its first octet.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  constexpr std::uint32_t size() const { return end - begin; }
  constexpr bool empty() const { return begin == end; }
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
  friend constexpr bool operator==(Span, Span) = default;
};

// The kind of a mistake. Its sentence, in both languages, is found under "fault.<name>" in assets/words.
enum class Fault : std::uint8_t {
  syntax,           // the grammar wanted something else here
  unknown_command,  // no such verb
  too_long,         // a line, literal, message or list over its limit
  too_many,         // a count (recipients, parts, nesting, bad commands) over its limit
  bad_line_end,     // a bare CR or a bare LF
  bad_octet,        // NUL, or 8-bit text where only ASCII may stand
  number_range,     // a number that does not fit
  out_of_order,     // well formed, but not now
  unsupported,      // well formed, but not offered
  incomplete,       // the peer stopped in the middle
  injected,         // bytes that crossed a TLS upgrade in plaintext
  mismatch,         // two things that must agree do not (reply codes, tags, sizes)
};

std::string_view name_of(Fault);

struct Error {
  Fault fault = Fault::syntax;
  std::uint32_t offset = 0;  // octets from the start of the message
  std::string expected;      // an ABNF rule's name ("Reverse-path", "CRLF"): the same in every language

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Fault fault, std::size_t offset, std::string_view expected) {
  return tl::unexpected<Error>(Error{fault, static_cast<std::uint32_t>(offset), std::string(expected)});
}

}  // namespace glasspost
