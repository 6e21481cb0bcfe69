// Colours, type and measures: the tables of design/mockups/README.md, once. A Theme is a value; views are handed one.
#pragma once

#include <array>
#include <cstdint>

#include "protocol/kinds.h"

namespace glasspost::ui {

struct Colour {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;

  constexpr Colour() = default;
  constexpr Colour(std::uint8_t red, std::uint8_t green, std::uint8_t blue, std::uint8_t alpha = 255)
      : r(red), g(green), b(blue), a(alpha) {}
  constexpr explicit Colour(std::uint32_t rgb)  // 0xRRGGBB
      : r(std::uint8_t(rgb >> 16)), g(std::uint8_t(rgb >> 8)), b(std::uint8_t(rgb)) {}
  constexpr bool operator==(const Colour&) const = default;
  // The same colour, let through: 1 is all of it, 0 none.
  constexpr Colour faded(float share) const { return {r, g, b, std::uint8_t(float(a) * share + 0.5f)}; }
};
// `share` of `over` on `ground`, opaque.
Colour mix(Colour ground, Colour over, float share);
// WCAG's contrast ratio, 1 to 21.
double contrast(Colour, Colour);

// A hue's three uses: shapes and 2 px lines; words (and the outline of a filled shape in light); grounds.
struct Hue {
  Colour fill, text, tint;
};

enum class Look : std::uint8_t { light, dark, projector };

struct Theme {
  Look look = Look::light;
  bool reduced_motion = false;

  Colour window, panel, sunken, raised;  // top and status bar; panels; heads and wells; cards, buttons, inputs
  Colour line, strong_line;              // rules; borders and splitters
  Colour text, second, third;            // body; explanation; captions
  Colour accent, accent_tint, on_accent;
  Hue error;                             // error, loss, exposed
  std::array<Hue, protocol_count> protocols;

  bool dark() const { return look == Look::dark; }
  const Hue& of(Protocol protocol) const { return protocols[std::size_t(protocol)]; }
  const Hue& tls() const { return of(Protocol::tls); }
  // A state band: authenticated, between the tint (greeted) and the fill (transaction or mailbox open).
  Colour authenticated(Protocol protocol) const { return mix(panel, of(protocol).fill, 0.45f); }
  // The outline of a filled protocol shape, and the letter in it.
  Colour outline(Protocol) const;
  Colour letter(Protocol) const;
  // A selection's ground under a list, a hovered row's.
  Colour selected() const { return accent_tint; }
  Colour hovered() const { return sunken; }
};
Theme theme_of(Look, bool reduced_motion = false);

// Faces and sizes, in logical pixels of the em, as in CSS.
enum class Face : std::uint8_t { text, text_strong, wire, wire_bold };
struct Font {
  Face face = Face::text;
  float size = 13;
  constexpr bool operator==(const Font&) const = default;
};
namespace font {
inline constexpr Font caption{Face::text, 11}, caption_strong{Face::text_strong, 11};
inline constexpr Font body{Face::text, 13}, strong{Face::text_strong, 13};         // the interface
inline constexpr Font prose{Face::text, 15}, heading{Face::text_strong, 15};       // lessons; inspector's heading
inline constexpr Font title{Face::text_strong, 20};
inline constexpr Font table{Face::wire, 12}, table_bold{Face::wire_bold, 12};      // ladder, tables; bold = the client
inline constexpr Font console{Face::wire, 13}, console_bold{Face::wire_bold, 13};
inline constexpr Font line{Face::wire, 16}, line_bold{Face::wire_bold, 16};        // the inspected line, the clock
inline constexpr Font held{Face::wire, 20}, held_bold{Face::wire_bold, 20};
}  // namespace font
// From baseline to baseline of running text: 1.5 of the size, whole pixels; 15 px prose: 22.
constexpr float line_height(Font f) { return f.size == 15 ? 22 : float(int(f.size * 1.5f + 0.5f)); }

namespace metric {
inline constexpr float grid = 8, padding = 16, card_padding = 24, gap = 24;
inline constexpr float top_bar = 40, transport = 56, status_bar = 24, tab_bar = 40, panel_head = 32, table_head = 28;
inline constexpr float ladder_row = 20, console_row = 22, completion_row = 22, mailbox_row = 24, menu_row = 28;
inline constexpr float button = 28, held_button = 32, input = 32, chip = 20, key_cap = 16;
inline constexpr float chip_radius = 3, radius = 4, card_radius = 6, held_radius = 8;
inline constexpr float focus_ring = 2, focus_gap = 2, splitter_reach = 4, band = 6, scroll_bar = 8;
inline constexpr float minimum_scale = 1.0f, maximum_scale = 2.5f;
}  // namespace metric

namespace motion {  // seconds; the interface's own. Things in the world move by virtual time only.
inline constexpr double selection = 0.120, fold = 0.160, spotlight = 0.200, changed_row = 0.600;
inline constexpr double changed_row_mark = 2.0;  // reduced motion: the 3 px bar stays this long
}  // namespace motion

}  // namespace glasspost::ui
