// Drawing in logical pixels. Edges and 1 px lines fall on whole pixels of the screen at any scale; everything else is
// anti-aliased. Two lists: the window, and what lies above it (pop-ups, focus rings, spotlights).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "app/ui/geometry.h"
#include "app/ui/theme.h"

struct ImDrawList;

namespace glasspost::ui {

class Fonts;

enum class Align : std::uint8_t { left, centre, right };
struct Dash {
  float on = 0, off = 0;  // 0: a solid line
};
namespace dash {
inline constexpr Dash solid{}, reply{4, 3}, not_arrived{1, 5}, idle{2, 4}, would_happen{5, 4}, ahead{3, 3};
}
enum class Cap : std::uint8_t { none, arrow, hollow_arrow, dot };

class Canvas {
 public:
  explicit Canvas(Fonts& fonts) : fonts_(fonts) {}
  void start(ImDrawList* window, ImDrawList* above, float scale, Size size);

  float scale() const { return scale_; }
  float snapped(float v) const;        // to a whole pixel of the screen
  float one_pixel(float width) const;  // a line's width: whole pixels of the screen, at least one

  void fill(Rect, Colour, float radius = 0);
  void outline(Rect, Colour, float width = 1, float radius = 0);  // inside the rectangle's edge
  void dashed_outline(Rect, Colour, Dash, float width = 1, float radius = 0);
  void gradient(Rect, Colour left_or_top, Colour right_or_bottom, bool vertical);
  void horizontal(float x0, float x1, float y, Colour, float width = 1, Dash = {});  // crisp
  void vertical(float x, float y0, float y1, Colour, float width = 1, Dash = {});
  void line(Point, Point, Colour, float width = 1, Dash = {});
  void arrow(Point from, Point to, Colour, Dash = {}, float width = 1, Cap head = Cap::arrow, Cap tail = Cap::none);
  void curve(Point a, Point control_a, Point control_b, Point b, Colour, float width = 1, Dash = {});
  void path(std::span<const Point>, Colour, float width = 1, bool closed = false, Dash = {});
  void polygon(std::span<const Point>, Colour);  // convex
  void disc(Point centre, float radius, Colour);
  void ring(Point centre, float radius, Colour, float width = 1, Dash = {});  // radius to the line's middle
  void arc(Point centre, float radius, float from_turn, float to_turn, Colour, float width = 1);  // 0 up, clockwise
  void arrow_head(Point tip, Point direction, Colour, float length = 7, bool hollow = false);

  // Text of one line, from its baseline's left end. Returns its width. Nothing is cut or recorded here: see Ui::label.
  float text(Point baseline, std::string_view, Font, Colour);
  float measure(std::string_view, Font) const;
  // The baseline that centres a line of this font in a row.
  float baseline(Rect row, Font) const;
  // How many bytes of the text fit the width, whole characters.
  std::size_t fitting(std::string_view, Font, float width) const;
  // The byte offset of the gap between characters nearest to x.
  std::size_t gap_at(std::string_view, Font, float x) const;

  void push_clip(Rect);  // within the clip so far
  void pop_clip();
  Rect clip() const { return clips_.empty() ? Rect{0, 0, size_.w, size_.h} : clips_.back(); }
  bool shows(Rect r) const { return !clip().intersected(r).empty(); }
  Size size() const { return size_; }

  // From now on into the upper list, clipped only by the window; and back. Nests.
  void rise();
  void sink();

 private:
  ImDrawList& list() const { return *lists_[above_ > 0]; }
  Point snapped(Point p) const { return {snapped(p.x), snapped(p.y)}; }
  void apply_clip();
  void polyline(std::span<const Point> device, Colour, float device_width, bool closed, Dash);

  Fonts& fonts_;
  ImDrawList* lists_[2] = {};
  float scale_ = 1;
  Size size_;
  std::vector<Rect> clips_;
  std::vector<std::vector<Rect>> clips_below_;  // set aside by rise()
  int above_ = 0;
};

}  // namespace glasspost::ui
