#include "app/ui/canvas.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/ui/compat.h"
#include "app/ui/fonts.h"
#include "app/ui/utf8.h"

namespace glasspost::ui {
namespace {

ImU32 packed(Colour c) { return IM_COL32(c.r, c.g, c.b, c.a); }
ImVec2 vec(Point p) { return {p.x, p.y}; }
float length(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }

Point on_curve(Point a, Point ca, Point cb, Point b, float t) {
  const float u = 1 - t;
  return a * (u * u * u) + ca * (3 * u * u * t) + cb * (3 * u * t * t) + b * (t * t * t);
}

// A rounded rectangle's outline, clockwise from the top left.
std::vector<Point> rounded(Rect r, float radius) {
  radius = std::clamp(radius, 0.f, std::min(r.w, r.h) / 2);
  if (radius < 0.5f) return {{r.x, r.y}, {r.right(), r.y}, {r.right(), r.bottom()}, {r.x, r.bottom()}};
  std::vector<Point> points;
  const Point centres[] = {{r.x + radius, r.y + radius}, {r.right() - radius, r.y + radius},
                           {r.right() - radius, r.bottom() - radius}, {r.x + radius, r.bottom() - radius}};
  const int steps = std::clamp(int(radius / 1.5f) + 3, 4, 16);
  constexpr float quarter = std::numbers::pi_v<float> / 2;
  for (int corner = 0; corner < 4; ++corner)
    for (int i = 0; i <= steps; ++i) {
      const float angle = quarter * (float(corner) + 2 + float(i) / float(steps));
      points.push_back(centres[corner] + Point{std::cos(angle), std::sin(angle)} * radius);
    }
  return points;
}

}  // namespace

void Canvas::start(ImDrawList* window, ImDrawList* above, float scale, Size size) {
  lists_[0] = window, lists_[1] = above;
  scale_ = scale, size_ = size, above_ = 0;
  clips_.clear(), clips_below_.clear();
}

float Canvas::snapped(float v) const { return std::round(v * scale_) / scale_; }
float Canvas::one_pixel(float width) const { return std::max(1.f, std::round(width * scale_)) / scale_; }

void Canvas::fill(Rect r, Colour colour, float radius) {
  const float k = scale_;
  const float x0 = std::round(r.x * k), y0 = std::round(r.y * k), x1 = std::round(r.right() * k), y1 = std::round(r.bottom() * k);
  if (x1 <= x0 || y1 <= y0) return;
  if (radius > 0) {
    std::vector<Point> points = rounded({x0, y0, x1 - x0, y1 - y0}, radius * k);
    list().AddConvexPolyFilled(reinterpret_cast<const ImVec2*>(points.data()), int(points.size()), packed(colour));
  } else {
    list().AddRectFilled({x0, y0}, {x1, y1}, packed(colour));
  }
}

void Canvas::outline(Rect r, Colour colour, float width, float radius) {
  dashed_outline(r, colour, {}, width, radius);
}

void Canvas::dashed_outline(Rect r, Colour colour, Dash dash, float width, float radius) {
  const float k = scale_, w = std::max(1.f, std::round(width * k));
  const float x0 = std::round(r.x * k) + w / 2, y0 = std::round(r.y * k) + w / 2;
  const float x1 = std::round(r.right() * k) - w / 2, y1 = std::round(r.bottom() * k) - w / 2;
  if (x1 <= x0 || y1 <= y0) return fill(r, colour);
  polyline(rounded({x0, y0, x1 - x0, y1 - y0}, std::max(0.f, radius * k - w / 2)), colour, w, true, dash);
}

void Canvas::gradient(Rect r, Colour first, Colour second, bool vertical_) {
  const float k = scale_;
  const ImU32 a = packed(first), b = packed(second);
  list().AddRectFilledMultiColor({std::round(r.x * k), std::round(r.y * k)},
                                 {std::round(r.right() * k), std::round(r.bottom() * k)}, a, vertical_ ? a : b, b,
                                 vertical_ ? b : a);
}

void Canvas::horizontal(float x0, float x1, float y, Colour colour, float width, Dash dash) {
  const float h = one_pixel(width), top = snapped(y - (width > 1 ? width / 2 : 0));
  if (dash.on <= 0) return fill({x0, top, x1 - x0, h}, colour);
  for (float x = x0; x < x1; x += dash.on + dash.off) fill({x, top, std::min(dash.on, x1 - x), h}, colour);
}

void Canvas::vertical(float x, float y0, float y1, Colour colour, float width, Dash dash) {
  const float w = one_pixel(width), left = snapped(x - (width > 1 ? width / 2 : 0));
  if (dash.on <= 0) return fill({left, y0, w, y1 - y0}, colour);
  for (float y = y0; y < y1; y += dash.on + dash.off) fill({left, y, w, std::min(dash.on, y1 - y)}, colour);
}

void Canvas::polyline(std::span<const Point> device, Colour colour, float width, bool closed, Dash dash) {
  if (device.size() < 2) return;
  if (dash.on <= 0) {
    list().AddPolyline(reinterpret_cast<const ImVec2*>(device.data()), int(device.size()), packed(colour),
                       closed ? ImDrawFlags_Closed : 0, width);
    return;
  }
  const float lengths[2] = {dash.on * scale_, dash.off * scale_};
  float left = lengths[0];
  bool drawing = true;
  std::vector<Point> piece{device[0]};
  const auto draw_piece = [&] {
    if (drawing && piece.size() > 1)
      list().AddPolyline(reinterpret_cast<const ImVec2*>(piece.data()), int(piece.size()), packed(colour), 0, width);
  };
  const std::size_t segments = device.size() - (closed ? 0 : 1);
  for (std::size_t i = 0; i < segments; ++i) {
    Point from = device[i];
    const Point to = device[(i + 1) % device.size()];
    float rest = length(to - from);
    while (rest > 0) {
      const float step = std::min(rest, left);
      from = from + (to - from) * (step / rest);
      rest -= step, left -= step;
      piece.push_back(from);
      if (left > 0) continue;
      draw_piece();
      drawing = !drawing, left = lengths[drawing ? 0 : 1];
      piece.assign(1, from);
    }
  }
  draw_piece();
}

void Canvas::line(Point a, Point b, Colour colour, float width, Dash dash) {
  const Point points[] = {a, b};
  path(points, colour, width, false, dash);
}

void Canvas::path(std::span<const Point> points, Colour colour, float width, bool closed, Dash dash) {
  std::vector<Point> device;
  device.reserve(points.size());
  const float w = std::max(1.f, width * scale_);
  // An odd width is crisp when its middle falls in the middle of a pixel.
  const float half = int(std::lround(w)) % 2 == 1 ? 0.5f : 0.f;
  const bool straight = [&] {
    for (std::size_t i = 1; i < points.size(); ++i)
      if (points[i].x != points[i - 1].x && points[i].y != points[i - 1].y) return false;
    return true;
  }();
  for (const Point p : points)
    device.push_back(straight ? Point{std::floor(p.x * scale_) + half, std::floor(p.y * scale_) + half} : p * scale_);
  polyline(device, colour, straight ? std::round(w) : w, closed, dash);
}

void Canvas::curve(Point a, Point ca, Point cb, Point b, Colour colour, float width, Dash dash) {
  const float about = length(ca - a) + length(cb - ca) + length(b - cb);
  const int steps = std::clamp(int(about * scale_ / 5), 8, 96);
  std::vector<Point> device;
  for (int i = 0; i <= steps; ++i) device.push_back(on_curve(a, ca, cb, b, float(i) / float(steps)) * scale_);
  polyline(device, colour, std::max(1.f, width * scale_), false, dash);
}

void Canvas::polygon(std::span<const Point> points, Colour colour) {
  std::vector<ImVec2> device;
  float area = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point p = points[i], q = points[(i + 1) % points.size()];
    area += p.x * q.y - q.x * p.y;
    device.push_back(vec(p * scale_));
  }
  if (area < 0) std::reverse(device.begin(), device.end());  // anti-aliasing wants them clockwise
  list().AddConvexPolyFilled(device.data(), int(device.size()), packed(colour));
}

void Canvas::disc(Point centre, float radius, Colour colour) {
  list().AddCircleFilled(vec(centre * scale_), radius * scale_, packed(colour));
}

void Canvas::ring(Point centre, float radius, Colour colour, float width, Dash dash) {
  if (dash.on <= 0) {
    list().AddCircle(vec(centre * scale_), radius * scale_, packed(colour), 0, std::max(1.f, width * scale_));
    return;
  }
  const Point c = centre * scale_;
  const float r = radius * scale_;
  polyline(rounded({c.x - r, c.y - r, 2 * r, 2 * r}, r), colour, std::max(1.f, width * scale_), true, dash);
}

void Canvas::arc(Point centre, float radius, float from, float to, Colour colour, float width) {
  const int steps = std::clamp(int(radius * scale_ * std::abs(to - from) * 2) + 4, 6, 64);
  std::vector<Point> points;
  for (int i = 0; i <= steps; ++i) {
    const float turn = from + (to - from) * float(i) / float(steps), angle = (turn - 0.25f) * 2 * std::numbers::pi_v<float>;
    points.push_back((centre + Point{std::cos(angle), std::sin(angle)} * radius) * scale_);
  }
  polyline(points, colour, std::max(1.f, width * scale_), false, {});
}

void Canvas::arrow_head(Point tip, Point direction, Colour colour, float size, bool hollow) {
  const float all = std::max(length(direction), 0.001f);
  const Point along = direction * (size / all), across = Point{-along.y, along.x} * 0.48f, base = tip - along;
  const Point corners[] = {tip, base + across, base - across};
  if (hollow)
    path(corners, colour, 1, true);
  else
    polygon(corners, colour);
}

void Canvas::arrow(Point from, Point to, Colour colour, Dash dash, float width, Cap head, Cap tail) {
  const Point way = to - from;
  const float all = std::max(length(way), 0.001f), head_length = 7;
  const auto shortened = [&](Cap cap) { return cap == Cap::arrow || cap == Cap::hollow_arrow ? head_length - 1 : 0.f; };
  const Point a = from + way * (shortened(tail) / all), b = to - way * (shortened(head) / all);
  if (from.y == to.y) {
    const float mid = std::floor(from.y * scale_) / scale_;
    horizontal(std::min(a.x, b.x), std::max(a.x, b.x), width > 1 ? from.y : mid, colour, width, dash);
  } else {
    line(a, b, colour, width, dash);
  }
  const float centre = from.y == to.y ? (std::floor(from.y * scale_) + 0.5f) / scale_ : from.y;
  const auto cap = [&](Cap kind, Point at, Point direction) {
    if (from.y == to.y) at.y = centre;
    if (kind == Cap::dot) disc(at, 2.5f, colour);
    if (kind == Cap::arrow || kind == Cap::hollow_arrow) arrow_head(at, direction, colour, head_length, kind == Cap::hollow_arrow);
  };
  cap(head, to, way);
  cap(tail, from, from - to);
}

float Canvas::measure(std::string_view text, Font f) const { return fonts_.measure(text, f); }

float Canvas::baseline(Rect row, Font f) const {
  const float up = fonts_.ascent(f.face) * f.size, down = fonts_.descent(f.face) * f.size;
  return snapped(row.y + (row.h - up - down) / 2 + up);
}

std::size_t Canvas::fitting(std::string_view text, Font f, float width) const {
  float used = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    used += fonts_.advance(f.face, drawn_as(c.code)) * f.size;
    if (used > width + 0.01f) return i;
    i += c.bytes;
  }
  return text.size();
}

std::size_t Canvas::gap_at(std::string_view text, Font f, float x) const {
  float used = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    const float w = fonts_.advance(f.face, drawn_as(c.code)) * f.size;
    if (used + w / 2 > x) return i;
    used += w, i += c.bytes;
  }
  return text.size();
}

float Canvas::text(Point baseline, std::string_view text, Font f, Colour colour) {
  const float start = baseline.x * scale_, y = std::round(baseline.y * scale_), size = f.size * scale_;
  const Rect clip_now = clip();
  const bool seen = baseline.y + f.size > clip_now.y && baseline.y - 1.5f * f.size < clip_now.bottom();
  if (!seen) return measure(text, f);
  Fonts::Sized& sized = fonts_.sized(f.face, size);
  const int quarters = Fonts::quarters(sized);
  const float left_edge = clip_now.x * scale_, right_edge = clip_now.right() * scale_;
  const ImU32 ink = packed(colour);
  constexpr float texel = 1.f / float(Fonts::atlas_size);
  ImDrawList& out = list();
  constexpr std::size_t batch = 64;  // room is asked for this many characters at a time
  std::size_t room = 0;
  float pen = start;
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    i += c.bytes;
    const char32_t code = drawn_as(c.code);
    const float advance = fonts_.advance(f.face, code) * size;
    const float at = pen;
    pen += advance;
    if (at + advance + size < left_edge || at - size > right_edge) continue;
    const float whole = std::floor(at + (quarters == 1 ? 0.5f : 0.125f));
    const int quarter = quarters == 1 ? 0 : std::clamp(int((at - whole) * 4 + 0.5f), 0, 3);
    const Glyph* g = fonts_.glyph(sized, code, quarter);
    if (!g) continue;
    if (room == 0) out.PrimReserve(int(batch * 6), int(batch * 4)), room = batch;
    --room;
    const float x = whole + float(g->left), top = y - float(g->top);
    out.PrimRectUV({x, top}, {x + float(g->w), top + float(g->h)}, {float(g->x) * texel, float(g->y) * texel},
                   {float(g->x + g->w) * texel, float(g->y + g->h) * texel}, ink);
  }
  if (room > 0) out.PrimUnreserve(int(room * 6), int(room * 4));
  return (pen - start) / scale_;
}

void Canvas::apply_clip() {
  const Rect r = clip();
  const ImVec2 low{std::round(r.x * scale_), std::round(r.y * scale_)};
  list().PushClipRect(low, {std::max(low.x, std::round(r.right() * scale_)), std::max(low.y, std::round(r.bottom() * scale_))});
}

void Canvas::push_clip(Rect r) {
  clips_.push_back(clip().intersected(r));
  apply_clip();
}

void Canvas::pop_clip() {
  clips_.pop_back();
  list().PopClipRect();
}

void Canvas::rise() {
  clips_below_.push_back(std::move(clips_));
  clips_.clear();
  ++above_;
  apply_clip();  // the whole window
}

void Canvas::sink() {
  list().PopClipRect();
  --above_;
  clips_ = std::move(clips_below_.back());
  clips_below_.pop_back();
}

}  // namespace glasspost::ui
