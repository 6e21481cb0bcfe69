#include "app/export/prose.h"

#include <cstdint>

namespace glasspost {
namespace {

constexpr bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

// The length of the well-formed sequence at the start (RFC 3629 section 4), and its code point; 0: there is none.
std::size_t sequence(std::string_view text, std::uint32_t& point) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) {
    point = lead;
    return 1;
  }
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  point = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (!continues(text[i])) return 0;
    point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
  return overlong || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff ? 0 : size;
}

}  // namespace

std::size_t columns_of(std::string_view utf8) {
  std::size_t columns = 0;
  for (const char c : utf8) columns += continues(c) ? 0 : 1;
  return columns;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t taken = 0;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == text.npos ? text.size() : space + 1);
    const std::size_t columns = columns_of(word);
    if (taken > 0 && taken + 1 + columns > width) {
      lines.emplace_back();
      taken = 0;
    }
    if (taken > 0) {
      lines.back() += ' ';
      ++taken;
    }
    lines.back() += word;
    taken += columns;
  }
  return lines;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (columns_of(text) <= width) return std::string(text);
  std::size_t at = 0, columns = 0;
  while (at < text.size()) {
    if (!continues(text[at]) && ++columns == width) break;
    ++at;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t columns = columns_of(text);
  return std::string(text) + std::string(columns < width ? width - columns : 0, ' ');
}

std::string printable(std::string_view octets, bool keep_tabs) {
  std::string out;
  out.reserve(octets.size());
  while (!octets.empty()) {
    std::uint32_t point = 0;
    const std::size_t size = sequence(octets, point);
    // C0, DEL, C1, and the marks that turn the direction of writing
    const bool acts = point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x202a && point <= 0x202e) ||
                      (point >= 0x2066 && point <= 0x2069);
    if (size == 0 || (acts && !(keep_tabs && point == '\t'))) {
      const std::size_t odd = size == 0 ? 1 : size;
      for (const char octet : octets.substr(0, odd)) {
        out += "\\x";
        out += "0123456789abcdef"[static_cast<unsigned char>(octet) >> 4];
        out += "0123456789abcdef"[octet & 15];
      }
      octets.remove_prefix(odd);
      continue;
    }
    out += octets.substr(0, size);
    octets.remove_prefix(size);
  }
  return out;
}

}  // namespace glasspost
