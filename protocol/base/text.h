// Small ASCII helpers shared by every grammar. Locale plays no part: mail's keywords are ASCII.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glasspost {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
constexpr bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }
constexpr bool is_eight_bit(char c) { return static_cast<unsigned char>(c) >= 0x80; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
std::string to_upper(std::string_view);
std::string to_lower(std::string_view);
std::string_view trim(std::string_view);  // SP and HTAB at both ends
std::vector<std::string_view> split(std::string_view text, char separator);

// The decimal number that is the whole of `text`; nothing if there is another character or it does not fit.
std::optional<std::uint32_t> to_u32(std::string_view text);
std::optional<std::uint64_t> to_u64(std::string_view text);

// RFC 4648 section 4. Decoding takes no white space and wants its padding; nothing if malformed.
std::string base64_encode(std::string_view octets);
std::optional<std::string> base64_decode(std::string_view text);

std::string hex(std::string_view octets);  // "0d0a", lower case

// For a person's eyes: CR, LF, NUL and other unprintable octets as \r, \n, \x00; UTF-8 is left alone.
std::string visible(std::string_view octets);

}  // namespace glasspost
