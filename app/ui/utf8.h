// UTF-8 as drawn and edited: whole characters, and U+FFFD for a byte that is part of none.
#pragma once

#include <cstdint>
#include <string_view>

namespace glasspost::ui {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};
// The character that starts at `offset`, which is less than the size.
constexpr Character character_at(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return std::uint8_t(text[i]); };
  const std::uint8_t first = byte(offset);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xC2 && first < 0xE0 ? 2 : 0;
  if (bytes == 0 || offset + bytes > text.size()) return {0xFFFD, 1};
  char32_t code = first & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(offset + i) & 0xC0) != 0x80) return {0xFFFD, 1};
    code = code << 6 | (byte(offset + i) & 0x3Fu);
  }
  const char32_t least = bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {0xFFFD, 1};
  return {code, bytes};
}
// What stands for it on the screen: a control character has its picture.
constexpr char32_t drawn_as(char32_t code) {
  return code < 0x20 ? 0x2400 + code : code == 0x7F ? char32_t(0x2421) : code;
}
constexpr std::size_t next_character(std::string_view text, std::size_t offset) {
  return offset < text.size() ? offset + character_at(text, offset).bytes : text.size();
}
// Where the character before `offset` starts.
constexpr std::size_t previous_character(std::string_view text, std::size_t offset) {
  for (std::size_t back = 4; back > 1; --back)
    if (back <= offset && character_at(text, offset - back).bytes == back) return offset - back;
  return offset > 0 ? offset - 1 : 0;
}

}  // namespace glasspost::ui
