// Icons and protocol shapes, drawn with lines and polygons, crisp at any scale. Each fits the square it is given; the
// pen is 1.5 of 20 parts.
#pragma once

#include <optional>
#include <string_view>

#include "app/ui/canvas.h"

namespace glasspost::ui {

enum class Icon : std::uint8_t {
  laptop, phone, old_pc, server, store, dns_book, envelope, envelope_unread, queue,
  padlock_closed, padlock_open, eye, eye_struck, warning, cross, tick, never, dash,
  play, pause, step_back, step_forward, fast_forward, to_start, reload, stop,
  search, sun, moon, projector, chevron_up, chevron_down, chevron_left, chevron_right,
  copy, door, compass, page, parts, attachment, certificate, pencil, plus, gear, glasspost,
};
std::string_view name_of(Icon);
inline constexpr int icon_count = int(Icon::glasspost) + 1;

// `dot`: of an unread envelope; the accent.
void draw_icon(Canvas&, Icon, Rect square, Colour, std::optional<Colour> dot = {});
// A padlock as TLS draws it: gold body, or vermillion and open.
void draw_padlock(Canvas&, const Theme&, Rect square, bool closed);
// A tick, cross, number or nothing in a ring: the marks of steps and goals.
enum class Mark : std::uint8_t { done, failed, open, ahead, never, nothing_there, waiting };
void draw_mark(Canvas&, const Theme&, Rect square, Mark);

// Tag to the right S, hexagon L, rounded square I, tag down P, diamond D; TLS is the padlock.
void draw_shape(Canvas&, const Theme&, Rect square, Protocol, bool filled = true, bool letter = true);

}  // namespace glasspost::ui
