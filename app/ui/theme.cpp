#include "app/ui/theme.h"

#include <algorithm>
#include <cmath>

namespace glasspost::ui {
namespace {

constexpr Hue hue(std::uint32_t fill, std::uint32_t text, std::uint32_t tint) {
  return {Colour{fill}, Colour{text}, Colour{tint}};
}

Theme light() {
  Theme t;
  t.look = Look::light;
  t.window = Colour{0xF1EDE4}, t.panel = Colour{0xFCFAF6}, t.sunken = Colour{0xF4F0E8}, t.raised = Colour{0xFFFFFF};
  t.line = Colour{0xE0DACD}, t.strong_line = Colour{0xC2BAA9};
  t.text = Colour{0x23211D}, t.second = Colour{0x57534B}, t.third = Colour{0x69645B};
  t.accent = Colour{0x4A3FA0}, t.accent_tint = Colour{0xEAE7F6}, t.on_accent = Colour{0xFFFFFF};
  t.error = hue(0xD55E00, 0xA84600, 0xFBE6D9);
  t.protocols = {hue(0x0072B2, 0x005E94, 0xDFECF5), hue(0xCC79A7, 0x95406E, 0xF7E8F0),
                 hue(0x009E73, 0x00704F, 0xDDF0E9), hue(0xE69F00, 0x875800, 0xFBEFD3),
                 hue(0x7C8088, 0x555A62, 0xEAE9E6), hue(0xE3BE1A, 0x6E5A00, 0xFBF3CC)};
  return t;
}

Theme dark() {
  Theme t;
  t.look = Look::dark;
  t.window = Colour{0x121418}, t.panel = Colour{0x1A1D22}, t.sunken = Colour{0x14171B}, t.raised = Colour{0x22262D};
  t.line = Colour{0x2D323A}, t.strong_line = Colour{0x48505C};
  t.text = Colour{0xE9E7E2}, t.second = Colour{0xB0B3B8}, t.third = Colour{0x949AA2};
  t.accent = Colour{0xABA2F5}, t.accent_tint = Colour{0x2C2A47}, t.on_accent = Colour{0x17142E};
  t.error = hue(0xEE7A3B, 0xF79B6B, 0x3C2316);
  t.protocols = {hue(0x56B4E9, 0x7CC6F0, 0x1A2E3C), hue(0xD78FB7, 0xE4ADCA, 0x38232F),
                 hue(0x2DB88C, 0x5ED0A9, 0x152F27), hue(0xE69F00, 0xF2BB4D, 0x382B11),
                 hue(0x979DA6, 0xB3B8C0, 0x292D33), hue(0xDFC23A, 0xE8D273, 0x302B13)};
  return t;
}

Theme projector() {
  Theme t = light();
  t.look = Look::projector;
  t.panel = Colour{0xFFFFFF};
  t.text = Colour{0x111111}, t.second = Colour{0x3B3832}, t.third = Colour{0x5E5A52};
  t.line = Colour{0xD5CFC2}, t.strong_line = Colour{0xA39B8A};
  t.protocols[std::size_t(Protocol::smtp)].text = Colour{0x00568A};
  t.protocols[std::size_t(Protocol::tls)].text = Colour{0x5C4A00};
  t.protocols[std::size_t(Protocol::tls)].tint = Colour{0xFCF3C4};
  return t;
}

double luminance(Colour c) {
  const auto linear = [](std::uint8_t v) {
    const double s = v / 255.0;
    return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

Theme theme_of(Look look, bool reduced_motion) {
  Theme t = look == Look::light ? light() : look == Look::dark ? dark() : projector();
  t.reduced_motion = reduced_motion;
  return t;
}

Colour Theme::outline(Protocol protocol) const { return dark() ? of(protocol).fill : of(protocol).text; }

Colour Theme::letter(Protocol protocol) const {
  const Colour white{0xFFFFFF};
  if (dark()) return sunken;
  switch (protocol) {
    case Protocol::smtp:
    case Protocol::imap:
    case Protocol::dns: return white;
    case Protocol::lmtp:
    case Protocol::pop3:
    case Protocol::tls: return text;
  }
  return white;
}

Colour mix(Colour ground, Colour over, float share) {
  const auto channel = [share](std::uint8_t a, std::uint8_t b) {
    return std::uint8_t(float(a) + (float(b) - float(a)) * share + 0.5f);
  };
  return {channel(ground.r, over.r), channel(ground.g, over.g), channel(ground.b, over.b)};
}

double contrast(Colour a, Colour b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace glasspost::ui
