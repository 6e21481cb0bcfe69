#include "app/ui/icons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

namespace glasspost::ui {
namespace {

constexpr std::array<std::string_view, icon_count> names = {
    "laptop", "phone", "old_pc", "server", "store", "dns_book", "envelope", "envelope_unread", "queue",
    "padlock_closed", "padlock_open", "eye", "eye_struck", "warning", "cross", "tick", "never", "dash",
    "play", "pause", "step_back", "step_forward", "fast_forward", "to_start", "reload", "stop",
    "search", "sun", "moon", "projector", "chevron_up", "chevron_down", "chevron_left", "chevron_right",
    "copy", "door", "compass", "page", "parts", "attachment", "certificate", "pencil", "plus", "gear", "glasspost"};
static_assert(names.back() == "glasspost");

// Draws in a square of 20 by 20 parts.
class Pen {
 public:
  Pen(Canvas& canvas, Rect square, Colour colour) : canvas_(canvas), square_(square), colour_(colour), part_(square.w / 20) {}

  Point at(float x, float y) const { return {square_.x + x * part_, square_.y + y * part_}; }
  float width() const { return std::max(1.f / canvas_.scale(), 1.5f * part_); }
  void lines(std::initializer_list<Point> parts, bool closed = false) {
    std::array<Point, 16> points;
    canvas_.path({points.data(), place(parts, points)}, colour_, width(), closed);
  }
  void solid(std::initializer_list<Point> parts) {
    std::array<Point, 16> points;
    canvas_.polygon({points.data(), place(parts, points)}, colour_);
  }
  void box(float x, float y, float w, float h, float radius = 1.5f) {
    const Point a = at(x, y);
    canvas_.outline({a.x, a.y, w * part_, h * part_}, colour_, width(), radius * part_);
  }
  void block(float x, float y, float w, float h, float radius = 0) {
    const Point a = at(x, y);
    canvas_.fill({a.x, a.y, w * part_, h * part_}, colour_, radius * part_);
  }
  void ring(float x, float y, float radius) { canvas_.ring(at(x, y), radius * part_, colour_, width()); }
  void disc(float x, float y, float radius) { canvas_.disc(at(x, y), radius * part_, colour_); }
  void arc(float x, float y, float radius, float from, float to) { canvas_.arc(at(x, y), radius * part_, from, to, colour_, width()); }
  void curve(Point a, Point b, Point c, Point d) {
    canvas_.curve(at(a.x, a.y), at(b.x, b.y), at(c.x, c.y), at(d.x, d.y), colour_, width());
  }

 private:
  std::size_t place(std::initializer_list<Point> parts, std::array<Point, 16>& points) const {
    std::size_t n = 0;
    for (const Point p : parts) points[n++] = at(p.x, p.y);
    return n;
  }
  Canvas& canvas_;
  Rect square_;
  Colour colour_;
  float part_;
};

void machines(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::laptop:
      p.box(3.5f, 4, 13, 9);
      p.lines({{1.5f, 15.5f}, {18.5f, 15.5f}, {17, 13}, {3, 13}}, true);
      break;
    case Icon::phone:
      p.box(5.5f, 1.5f, 9, 17, 2);
      p.lines({{8.8f, 15.8f}, {11.2f, 15.8f}});
      break;
    case Icon::old_pc:
      p.box(1, 4, 11.5f, 9);
      p.lines({{6.7f, 13}, {6.7f, 16}});
      p.lines({{3.5f, 16.2f}, {10, 16.2f}});
      p.box(14, 3, 5, 13.5f, 1);
      p.lines({{15.5f, 6}, {17.5f, 6}});
      break;
    case Icon::server:
      p.box(2, 3, 16, 6.2f);
      p.box(2, 11, 16, 6.2f);
      p.disc(5.2f, 6.1f, 0.9f), p.disc(5.2f, 14.1f, 0.9f);
      p.lines({{8.5f, 6.1f}, {15, 6.1f}}), p.lines({{8.5f, 14.1f}, {15, 14.1f}});
      break;
    case Icon::store:
      p.box(2.5f, 2.5f, 15, 15, 1);
      p.lines({{7.5f, 2.5f}, {7.5f, 17.5f}}), p.lines({{12.5f, 2.5f}, {12.5f, 17.5f}});
      p.lines({{2.5f, 7.5f}, {17.5f, 7.5f}}), p.lines({{2.5f, 12.5f}, {17.5f, 12.5f}});
      break;
    case Icon::dns_book:
      p.box(3, 2, 14, 16, 1);
      p.lines({{6.5f, 2}, {6.5f, 18}});
      p.lines({{9, 6}, {14.5f, 6}}), p.lines({{9, 9.5f}, {14.5f, 9.5f}}), p.lines({{9, 13}, {12.5f, 13}});
      break;
    default: break;
  }
}

void letters(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::envelope:
    case Icon::envelope_unread:
    case Icon::queue:
      p.box(1.5f, 4, 17, 12.5f, 1);
      p.lines({{2.2f, 5}, {10, 11}, {17.8f, 5}});
      if (icon == Icon::queue) p.lines({{4, 1.8f}, {16, 1.8f}});
      break;
    case Icon::page:
      p.lines({{4, 2}, {12, 2}, {16, 6}, {16, 18}, {4, 18}}, true);
      p.lines({{7, 9}, {13, 9}}), p.lines({{7, 12}, {13, 12}}), p.lines({{7, 15}, {11, 15}});
      break;
    case Icon::parts:
      p.box(2.5f, 2.5f, 11, 11, 2);
      p.lines({{16.5f, 6.5f}, {17.5f, 8}, {17.5f, 16}, {16, 17.5f}, {8, 17.5f}, {6.5f, 16.5f}});
      break;
    case Icon::attachment:
      p.lines({{4, 2}, {12, 2}, {16, 6}, {16, 18}, {4, 18}}, true);
      p.curve({8, 14}, {8, 6}, {12, 6}, {12, 13.5f});
      p.curve({8, 14}, {8, 16}, {10, 16}, {10, 13.8f}), p.lines({{10, 13.8f}, {10, 9.5f}});
      break;
    case Icon::certificate:
      p.box(3.5f, 1.5f, 13, 17, 1);
      p.lines({{6.5f, 5.5f}, {13.5f, 5.5f}}), p.lines({{6.5f, 8.5f}, {13.5f, 8.5f}});
      p.disc(12.8f, 14, 2.2f);
      break;
    case Icon::copy:
      p.box(7, 6.5f, 10, 11, 1.5f);
      p.lines({{4, 13.5f}, {3, 12.5f}, {3, 3.5f}, {4, 2.5f}, {12, 2.5f}, {13, 3.5f}});
      break;
    default: break;
  }
}

void signs(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::padlock_closed:
    case Icon::padlock_open:
      p.block(4, 9, 12, 9, 1);
      if (icon == Icon::padlock_closed) {
        p.arc(10, 6.5f, 3.6f, -0.25f, 0.25f);
        p.lines({{6.4f, 6.5f}, {6.4f, 9}}), p.lines({{13.6f, 6.5f}, {13.6f, 9}});
      } else {
        p.arc(14.4f, 6, 3.6f, -0.25f, 0.25f);
        p.lines({{10.8f, 6}, {10.8f, 9}}), p.lines({{18, 6}, {18, 8}});
      }
      break;
    case Icon::eye:
    case Icon::eye_struck:
      p.curve({1.5f, 10}, {5, 3.5f}, {15, 3.5f}, {18.5f, 10});
      p.curve({1.5f, 10}, {5, 16.5f}, {15, 16.5f}, {18.5f, 10});
      p.disc(10, 10, 2.6f);
      if (icon == Icon::eye_struck) p.lines({{3, 17}, {17, 3}});
      break;
    case Icon::cross: p.lines({{4.5f, 4.5f}, {15.5f, 15.5f}}), p.lines({{15.5f, 4.5f}, {4.5f, 15.5f}}); break;
    case Icon::tick: p.lines({{3.8f, 10.6f}, {8, 14.8f}, {16.2f, 5.4f}}); break;
    case Icon::never: p.ring(10, 10, 7.5f), p.lines({{4.7f, 15.3f}, {15.3f, 4.7f}}); break;
    case Icon::dash: p.lines({{4, 10}, {16, 10}}); break;
    case Icon::plus: p.lines({{10, 3.5f}, {10, 16.5f}}), p.lines({{3.5f, 10}, {16.5f, 10}}); break;
    case Icon::chevron_up: p.lines({{4.5f, 12.8f}, {10, 7.2f}, {15.5f, 12.8f}}); break;
    case Icon::chevron_down: p.lines({{4.5f, 7.2f}, {10, 12.8f}, {15.5f, 7.2f}}); break;
    case Icon::chevron_left: p.lines({{12.8f, 4.5f}, {7.2f, 10}, {12.8f, 15.5f}}); break;
    case Icon::chevron_right: p.lines({{7.2f, 4.5f}, {12.8f, 10}, {7.2f, 15.5f}}); break;
    default: break;
  }
}

void clockwork(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::play: p.solid({{5.5f, 3.2f}, {16.5f, 10}, {5.5f, 16.8f}}); break;
    case Icon::pause: p.block(5, 3.5f, 3.6f, 13), p.block(11.4f, 3.5f, 3.6f, 13); break;
    case Icon::stop: p.block(4.5f, 4.5f, 11, 11, 1); break;
    case Icon::to_start:
    case Icon::step_back: p.block(3.5f, 3.5f, 2, 13), p.solid({{16.5f, 3.5f}, {16.5f, 16.5f}, {6.5f, 10}}); break;
    case Icon::step_forward: p.solid({{3.5f, 3.5f}, {13.5f, 10}, {3.5f, 16.5f}}), p.block(14.5f, 3.5f, 2, 13); break;
    case Icon::fast_forward: p.solid({{2, 4.5f}, {10, 10}, {2, 15.5f}}), p.solid({{10, 4.5f}, {18, 10}, {10, 15.5f}}); break;
    case Icon::reload:
      p.arc(10, 10, 6.5f, 0.17f, 1.0f);
      p.solid({{9.6f, 0.6f}, {14.6f, 3.6f}, {9.6f, 6.6f}});
      break;
    default: break;
  }
}

void furniture(Pen& p, Icon icon) {
  switch (icon) {
    case Icon::search: p.ring(8.5f, 8.5f, 5.5f), p.lines({{12.6f, 12.6f}, {17.5f, 17.5f}}); break;
    case Icon::sun:
      p.ring(10, 10, 3.6f);
      for (int i = 0; i < 8; ++i) {
        const float angle = float(i) * 0.7853982f, c = std::cos(angle), s = std::sin(angle);
        p.lines({{10 + 6.2f * c, 10 + 6.2f * s}, {10 + 8.6f * c, 10 + 8.6f * s}});
      }
      break;
    case Icon::moon:
      p.curve({11.5f, 2.6f}, {6.8f, 8.2f}, {10.6f, 14.6f}, {17.2f, 12.4f});
      p.curve({17.2f, 12.4f}, {14.6f, 19.6f}, {4.2f, 18.8f}, {3, 11.2f});
      p.curve({3, 11.2f}, {2.4f, 6.4f}, {6.4f, 2.4f}, {11.5f, 2.6f});
      break;
    case Icon::projector:
      p.box(2, 3, 16, 10, 1);
      p.lines({{10, 13}, {10, 15}}), p.lines({{6, 18}, {10, 14.5f}, {14, 18}});
      break;
    case Icon::door:
      p.lines({{4, 18}, {4, 2}, {16, 2}, {16, 18}, {11, 18}});
      p.lines({{4, 2}, {11, 5}, {11, 19}, {4, 18}}, true);
      p.disc(9, 12, 0.9f);
      break;
    case Icon::compass:
      p.ring(10, 10, 7.8f);
      p.solid({{13.6f, 6.4f}, {11.4f, 11.4f}, {8.6f, 8.6f}});
      p.lines({{8.6f, 8.6f}, {6.4f, 13.6f}, {11.4f, 11.4f}});
      break;
    case Icon::pencil: p.lines({{3, 17}, {4, 13}, {14, 3}, {17, 6}, {7, 16}}, true), p.lines({{12, 5}, {15, 8}}); break;
    case Icon::gear:
      p.ring(10, 10, 5.4f), p.ring(10, 10, 2);
      for (int i = 0; i < 8; ++i) {
        const float angle = float(i) * 0.7853982f, c = std::cos(angle), s = std::sin(angle);
        p.lines({{10 + 5.4f * c, 10 + 5.4f * s}, {10 + 8 * c, 10 + 8 * s}});
      }
      break;
    case Icon::glasspost:
      p.box(1, 2, 18, 16, 3);
      p.lines({{2, 5.5f}, {11, 12.2f}, {18, 6}});
      p.lines({{4.5f, 15.2f}, {7.6f, 12.4f}});
      break;
    default: break;
  }
}

}  // namespace

std::string_view name_of(Icon icon) { return names[std::size_t(icon)]; }

void draw_icon(Canvas& canvas, Icon icon, Rect r, Colour colour, std::optional<Colour> dot) {
  const float side = std::min(r.w, r.h);
  r = r.centred(side, side);
  r.x = canvas.snapped(r.x), r.y = canvas.snapped(r.y);
  Pen pen(canvas, r, colour);
  switch (icon) {
    case Icon::laptop: case Icon::phone: case Icon::old_pc: case Icon::server: case Icon::store: case Icon::dns_book:
      return machines(pen, icon);
    case Icon::envelope: case Icon::envelope_unread: case Icon::queue: case Icon::page: case Icon::parts:
    case Icon::attachment: case Icon::certificate: case Icon::copy:
      letters(pen, icon);
      if (icon == Icon::envelope_unread) Pen(canvas, r, dot.value_or(colour)).disc(18, 4.5f, 3.2f);
      return;
    case Icon::padlock_closed: case Icon::padlock_open: case Icon::eye: case Icon::eye_struck: case Icon::cross:
    case Icon::tick: case Icon::never: case Icon::dash: case Icon::plus: case Icon::chevron_up: case Icon::chevron_down:
    case Icon::chevron_left: case Icon::chevron_right:
      return signs(pen, icon);
    case Icon::warning: {
      pen.solid({{10, 2}, {19, 17.5f}, {1, 17.5f}});
      // The bar is cut out: whatever lies on the ground would show through, so it is drawn in the ground's stead.
      const Colour bar = colour.r + colour.g + colour.b > 450 ? Colour{0x1A1D22} : Colour{0xFFFFFF};
      Pen in(canvas, r, bar);
      in.block(9.1f, 7.2f, 1.8f, 5.2f), in.block(9.1f, 13.8f, 1.8f, 1.8f);
      return;
    }
    case Icon::play: case Icon::pause: case Icon::step_back: case Icon::step_forward: case Icon::fast_forward:
    case Icon::to_start: case Icon::reload: case Icon::stop:
      return clockwork(pen, icon);
    case Icon::search: case Icon::sun: case Icon::moon: case Icon::projector: case Icon::door: case Icon::compass:
    case Icon::pencil: case Icon::gear: case Icon::glasspost:
      return furniture(pen, icon);
  }
}

void draw_padlock(Canvas& canvas, const Theme& theme, Rect r, bool closed) {
  const float side = std::min(r.w, r.h), part = side / 20;
  r = r.centred(side, side);
  const Colour body = closed ? theme.tls().fill : theme.error.fill, line = closed ? theme.outline(Protocol::tls) : theme.error.text;
  Pen shackle(canvas, r, line);
  if (closed) {
    shackle.arc(10, 6.6f, 3.8f, -0.25f, 0.25f);
    shackle.lines({{6.2f, 6.4f}, {6.2f, 10}}), shackle.lines({{13.8f, 6.4f}, {13.8f, 10}});
  } else {
    shackle.arc(13.6f, 6, 3.6f, -0.25f, 0.27f);
    shackle.lines({{10, 6}, {10, 10}});
  }
  const Rect box{canvas.snapped(r.x + 3.5f * part), canvas.snapped(r.y + 9 * part), 13 * part, 10 * part};
  canvas.fill(box, body, 1.5f * part);
  canvas.outline(box, line, std::max(1.f, part), 1.5f * part);
  canvas.disc({box.centre().x, box.y + 4.4f * part}, 1.2f * part, line);
  canvas.fill(Rect{box.centre().x - 0.6f * part, box.y + 4.6f * part, 1.2f * part, 2.8f * part}, line);
}

void draw_mark(Canvas& canvas, const Theme& theme, Rect r, Mark mark) {
  const float side = std::min(r.w, r.h), radius = side * 0.44f;
  r = r.centred(side, side);
  const Rect inside = r.inset(side * 0.22f);
  switch (mark) {
    case Mark::done:
      canvas.disc(r.centre(), radius + 0.5f, theme.text);
      return draw_icon(canvas, Icon::tick, inside, theme.panel);
    case Mark::failed:
      canvas.disc(r.centre(), radius, theme.error.tint);
      canvas.ring(r.centre(), radius, theme.error.fill, 1.5f);
      return draw_icon(canvas, Icon::cross, inside, theme.error.fill);
    case Mark::open: return canvas.ring(r.centre(), radius, theme.third, 1.5f);
    case Mark::ahead: return canvas.ring(r.centre(), radius, theme.strong_line, 1.5f, dash::ahead);
    case Mark::never: return draw_icon(canvas, Icon::never, r.inset(side * -0.06f), theme.text);
    case Mark::nothing_there:
      canvas.ring(r.centre(), radius, theme.third, 1.5f);
      return draw_icon(canvas, Icon::dash, inside, theme.third);
    case Mark::waiting:
      canvas.ring(r.centre(), radius, theme.strong_line, 1.5f);
      return canvas.arc(r.centre(), radius, 0, 0.35f, theme.accent, 2);
  }
}

void draw_shape(Canvas& canvas, const Theme& theme, Rect r, Protocol protocol, bool filled, bool letter) {
  const float side = std::min(r.w, r.h);
  r = r.centred(side, side);
  r.x = canvas.snapped(r.x), r.y = canvas.snapped(r.y);
  if (protocol == Protocol::tls) return draw_padlock(canvas, theme, r, true);
  const auto at = [&](float x, float y) { return Point{r.x + x * side, r.y + y * side}; };
  const Colour fill = theme.of(protocol).fill, line = theme.outline(protocol);
  const float width = std::max(1.f, side / 16);
  const auto shape = [&](std::initializer_list<Point> corners) {
    const std::span<const Point> points(corners.begin(), corners.size());
    if (filled) canvas.polygon(points, fill);
    canvas.path(points, line, width, true);
  };
  char sign = ' ';
  Point middle = at(0.5f, 0.5f);
  switch (protocol) {
    case Protocol::smtp:
      shape({at(0.03f, 0.14f), at(0.66f, 0.14f), at(0.99f, 0.5f), at(0.66f, 0.86f), at(0.03f, 0.86f)});
      sign = 'S', middle = at(0.41f, 0.5f);
      break;
    case Protocol::lmtp:
      shape({at(0.26f, 0.1f), at(0.74f, 0.1f), at(0.99f, 0.5f), at(0.74f, 0.9f), at(0.26f, 0.9f), at(0.01f, 0.5f)});
      sign = 'L';
      break;
    case Protocol::imap: {
      const Rect box = r.inset(side * 0.09f);
      if (filled) canvas.fill(box, fill, side * 0.2f);
      canvas.outline(box, line, width, side * 0.2f);
      sign = 'I';
      break;
    }
    case Protocol::pop3:
      shape({at(0.1f, 0.06f), at(0.9f, 0.06f), at(0.9f, 0.64f), at(0.5f, 0.97f), at(0.1f, 0.64f)});
      sign = 'P', middle = at(0.5f, 0.43f);
      break;
    case Protocol::dns:
      shape({at(0.5f, 0), at(1, 0.5f), at(0.5f, 1), at(0, 0.5f)});
      sign = 'D';
      break;
    case Protocol::tls: return;
  }
  if (!letter || side < 12) return;
  const Font f{Face::wire_bold, side * 0.58f};
  const std::string_view text(&sign, 1);
  canvas.text({middle.x - canvas.measure(text, f) / 2, canvas.snapped(middle.y + f.size * 0.365f)}, text, f,
              filled ? theme.letter(protocol) : theme.of(protocol).text);
}

}  // namespace glasspost::ui
