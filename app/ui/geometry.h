// Points and rectangles of the window, in logical pixels: at a scale of 100 % one is a pixel of the screen. The
// numbers of the mock-ups can be written down as they are; only the canvas knows the scale.
#pragma once

#include <algorithm>

namespace glasspost::ui {

struct Point {
  float x = 0, y = 0;
  constexpr Point operator+(Point o) const { return {x + o.x, y + o.y}; }
  constexpr Point operator-(Point o) const { return {x - o.x, y - o.y}; }
  constexpr Point operator*(float k) const { return {x * k, y * k}; }
  constexpr bool operator==(const Point&) const = default;
};

struct Size {
  float w = 0, h = 0;
};

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;

  constexpr float right() const { return x + w; }
  constexpr float bottom() const { return y + h; }
  constexpr float middle() const { return y + h / 2; }
  constexpr Point centre() const { return {x + w / 2, y + h / 2}; }
  constexpr Point top_left() const { return {x, y}; }
  constexpr bool empty() const { return w <= 0 || h <= 0; }
  constexpr bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  constexpr bool operator==(const Rect&) const = default;

  // Smaller by this much on each side (negative: larger).
  constexpr Rect inset(float all) const { return inset(all, all); }
  constexpr Rect inset(float horizontal, float vertical) const {
    return {x + horizontal, y + vertical, std::max(0.f, w - 2 * horizontal), std::max(0.f, h - 2 * vertical)};
  }
  constexpr Rect moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }
  // A rectangle of this size with the same centre; one with the same left or right edge, vertically centred.
  constexpr Rect centred(float width, float height) const {
    return {x + (w - width) / 2, y + (h - height) / 2, width, height};
  }
  constexpr Rect at_left(float width, float height) const { return {x, y + (h - height) / 2, width, height}; }
  constexpr Rect at_right(float width, float height) const {
    return {right() - width, y + (h - height) / 2, width, height};
  }
  constexpr Rect intersected(Rect o) const {
    const float l = std::max(x, o.x), t = std::max(y, o.y);
    return {l, t, std::max(0.f, std::min(right(), o.right()) - l), std::max(0.f, std::min(bottom(), o.bottom()) - t)};
  }

  // Cutting: takes a strip off one side and returns it; what is left stays here. Lays out most panels.
  constexpr Rect take_top(float height) {
    height = std::clamp(height, 0.f, h);
    const Rect strip{x, y, w, height};
    y += height, h -= height;
    return strip;
  }
  constexpr Rect take_bottom(float height) {
    height = std::clamp(height, 0.f, h);
    h -= height;
    return {x, y + h, w, height};
  }
  constexpr Rect take_left(float width) {
    width = std::clamp(width, 0.f, w);
    const Rect strip{x, y, width, h};
    x += width, w -= width;
    return strip;
  }
  constexpr Rect take_right(float width) {
    width = std::clamp(width, 0.f, w);
    w -= width;
    return {x + w, y, width, h};
  }
};

}  // namespace glasspost::ui
