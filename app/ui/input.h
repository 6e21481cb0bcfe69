// What a person did since the last frame: the only way in, from a window, from a test, from a script.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "app/ui/geometry.h"

namespace glasspost::ui {

enum class Key : std::uint8_t {
  a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z,
  digit_0, digit_1, digit_2, digit_3, digit_4, digit_5, digit_6, digit_7, digit_8, digit_9,
  f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12,
  tab, enter, space, escape, backspace, erase /* Delete */, insert, menu,
  left, right, up, down, home, end, page_up, page_down,
  plus, minus, slash, question, comma, period,
};

enum class Modifier : std::uint8_t { none = 0, ctrl = 1, shift = 2, alt = 4 };
constexpr Modifier operator|(Modifier a, Modifier b) { return Modifier(std::uint8_t(a) | std::uint8_t(b)); }
constexpr bool has(Modifier all, Modifier one) { return (std::uint8_t(all) & std::uint8_t(one)) != 0; }

struct KeyPress {
  Key key = Key::a;
  Modifier with = Modifier::none;
  bool operator==(const KeyPress&) const = default;
};

enum class MouseButton : std::uint8_t { primary, secondary, middle };

struct Input {
  Point mouse{-1, -1};             // outside the window: negative
  std::array<bool, 3> down{};      // by MouseButton, now
  std::array<bool, 3> pressed{};   // since the last frame
  std::array<bool, 3> released{};
  int clicks = 1;                  // of the last press: 2 is a double click
  Point wheel;                     // lines; positive y: towards the start
  Modifier with = Modifier::none;  // held now
  std::vector<KeyPress> keys;      // in order, repeats too
  std::string text;                // typed, UTF-8

  // Between two frames: what happened once is forgotten, what is held stays.
  void clear_events() {
    pressed = {}, released = {}, wheel = {};
    keys.clear(), text.clear();
  }
};

}  // namespace glasspost::ui
