#include "app/export/png.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "app/export/ladder.h"
#include "app/ui/headless.h"

namespace glasspost {
namespace {

constexpr float scale = 2;
constexpr double title_height = 44, margin = 12, strip_height = 400;  // a strip is one frame's triangles
constexpr double tallest = 16000;

ui::Font font_of(Lettering lettering) {
  switch (lettering) {
    case Lettering::wire: return ui::font::table;
    case Lettering::wire_bold: return ui::font::table_bold;
    case Lettering::small: return ui::font::caption;
    case Lettering::label: return ui::font::strong;
    case Lettering::chapter: return ui::font::strong;
  }
  return ui::font::body;
}

class CanvasPen final : public Pen {
 public:
  CanvasPen(ui::Canvas& canvas, const ui::Theme& theme, double top) : canvas_(canvas), theme_(theme), top_(top) {}

  void rectangle(double x, double y, double w, double h, Colouring colouring) override {
    canvas_.fill({float(x), at(y), float(w), float(h)}, colour(colouring));
  }
  void outline(double x, double y, double w, double h, Colouring colouring) override {
    canvas_.outline({float(x), at(y), float(w), float(h)}, colour(colouring));
  }
  void line(Place a, Place b, Colouring colouring, bool dashed) override {
    canvas_.line({float(a.x), at(a.y)}, {float(b.x), at(b.y)}, colour(colouring), 1, dashed ? ui::dash::reply : ui::dash::solid);
  }
  void polygon(std::span<const Place> points, Colouring colouring) override {
    std::vector<ui::Point> moved;
    for (const Place p : points) moved.push_back({float(p.x), at(p.y)});
    canvas_.polygon(moved, colour(colouring));
  }
  void text(Place baseline, Anchor anchor, Lettering lettering, std::string_view words, Colouring colouring) override {
    const ui::Font font = font_of(lettering);
    const float width = anchor == Anchor::start ? 0 : canvas_.measure(words, font);
    canvas_.text({float(baseline.x) - (anchor == Anchor::middle ? width / 2 : width), at(baseline.y)}, words, font, colour(colouring));
  }

 private:
  float at(double y) const { return float(y - top_); }
  ui::Colour colour(Colouring colouring) const {
    const ui::Hue& hue = theme_.of(colouring.protocol);
    switch (colouring.ink) {
      case Ink::panel: return theme_.panel;
      case Ink::line: return theme_.line;
      case Ink::text: return theme_.text;
      case Ink::second: return theme_.second;
      case Ink::third: return theme_.third;
      case Ink::accent: return theme_.accent;
      case Ink::error: return theme_.error.text;
      case Ink::fill: return hue.fill;
      case Ink::words: return hue.text;
      case Ink::tint: return hue.tint;
      case Ink::half: return theme_.authenticated(colouring.protocol);
    }
    return theme_.text;
  }

  ui::Canvas& canvas_;
  const ui::Theme& theme_;
  double top_;
};

}  // namespace

tl::expected<std::string, std::string> png_of(const Story& story, const Speech& speech) {
  const Ladder ladder(story, speech);
  const double height = title_height + Ladder::head_height + ladder.height() + margin;
  if (height > tallest) return tl::unexpected(std::string(speech.strings("play.too_long_for_png")));
  const auto files = ui::find_fonts();
  if (!files) return tl::unexpected(files.error());
  auto fonts = ui::Fonts::open(*files);
  if (!fonts) return tl::unexpected(fonts.error());

  const ui::Theme theme = ui::theme_of(ui::Look::light);
  const int width = int(std::ceil(ladder.width() * scale)), tall = int(std::ceil(height * scale));
  const int strip = int(strip_height * scale);
  ui::Image picture(width, tall, theme.panel);
  ui::Headless screen(**fonts, width, strip, scale);
  for (int top = 0; top < tall; top += strip) {
    const double from = top / double(scale);
    screen.draw_with([&](ui::Ui& ui) {
      CanvasPen pen(ui.canvas(), theme, from);
      pen.rectangle(0, from, ladder.width(), strip_height, {Ink::panel});
      if (from < title_height + Ladder::head_height) {
        ui.canvas().text({14, float(31 - from)}, story.scenario().title.in(speech.language()), ui::font::title, theme.text);
        ladder.draw_head(title_height, pen);
      }
      double y = title_height + Ladder::head_height;
      for (std::size_t row = 0; row < ladder.rows().size(); ++row) {
        const double h = Ladder::height_of(ladder.rows()[row]);
        if (y + h > from && y < from + strip_height) ladder.draw_row(row, y, pen);
        y += h;
      }
    });
    screen.frame();
    screen.frame();  // glyphs met for the first time are in the texture now
    const ui::Image drawn = screen.picture();
    for (int y = 0; y < std::min(strip, tall - top); ++y)
      std::memcpy(picture.at(0, top + y), drawn.at(0, y), std::size_t(width) * 4);
  }
  return ui::png_bytes(picture);
}

}  // namespace glasspost
