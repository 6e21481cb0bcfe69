// The parts of widgets.h that set running text.
#include <algorithm>

#include "app/ui/marked_prose.h"
#include "app/ui/utf8.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr std::string_view mark_signs = "\x01\x02\x03";
static_assert(mark_signs[0] == begin_link && mark_signs[1] == begin_word && mark_signs[2] == end_mark);

// Between marks: **bold**, `wire text`, and those of marked_prose.h.
class Setter {
 public:
  Setter(Ui& ui, Font font) : ui_(ui), font_(font), step_(line_height(font)) {}

  void draw_at(Rect place, Colour ink) { place_ = place, ink_ = ink, drawing_ = true; }
  void measure_in(float width) { place_.w = width; }

  float set(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      if (mark_signs.find(text[i]) != mark_signs.npos) mark(text[i]), i += 1;
      else if (text.substr(i, 2) == "**" && !wire_) bold_ = !bold_, i += 2;
      else if (text[i] == '`') wire_ = !wire_, i += 1;
      else if (text[i] == '\n') new_line(text.substr(i, 2) == "\n\n" ? step_ / 2 : 0), i += text.substr(i, 2) == "\n\n" ? 2 : 1;
      else if (text[i] == ' ') space_ = space_ || x_ > 0, plain_ += ' ', ++i;
      else i = word(text, i);
    }
    return text.empty() ? 0 : y_ + step_;
  }
  const std::string& plain() const { return plain_; }
  float widest() const { return widest_; }
  std::vector<MarkPlace>& places() { return places_; }

 private:
  void mark(char sign) {
    if (sign == end_mark) {
      in_mark_ = false;
      return;
    }
    in_mark_ = true;
    is_link_ = sign == begin_link;
    ++marks_;
  }

  Font current() const {
    if (wire_) return {bold_ ? Face::wire_bold : Face::wire, font_.size - (font_.size > 12 ? 1 : 0)};
    return bold_ ? Font{Face::text_strong, font_.size} : font_;
  }

  void new_line(float extra = 0) { x_ = 0, y_ += step_ + extra, space_ = false, plain_ += '\n'; }

  // Up to the next space or change of font. What follows without a space belongs to the same word.
  std::size_t word(std::string_view text, std::size_t from) {
    std::size_t to = from;
    const std::string_view stops = wire_ ? " \n`\x01\x02\x03" : " \n`*\x01\x02\x03";
    while (to < text.size() && (stops.find(text[to]) == std::string_view::npos || (text[to] == '*' && text.substr(to, 2) != "**"))) ++to;
    std::string_view piece = text.substr(from, to - from);
    const Font f = current();
    const float w = ui_.canvas().measure(piece, f), gap = space_ ? ui_.canvas().measure(" ", font_) : 0;
    if (x_ > 0 && x_ + gap + w + glued(text, to) + opened(piece, text, to) > place_.w + 0.1f) {
      if (space_) x_ = 0, y_ += step_;
    } else {
      x_ += gap;
    }
    space_ = false;
    plain_ += piece;
    while (x_ + w > place_.w + 0.1f && !piece.empty()) {  // longer than a line: cut between characters
      std::size_t fits = ui_.canvas().fitting(piece, f, place_.w - x_);
      if (fits == piece.size()) break;
      if (fits == 0 && x_ == 0) fits = next_character(piece, 0);
      put(piece.substr(0, fits), f);
      piece.remove_prefix(fits);
      x_ = 0, y_ += step_;
    }
    put(piece, f);
    return to;
  }

  // The width of punctuation that follows a change of font without a space: "`EXAMINE`," stays together.
  float glued(std::string_view text, std::size_t at) const {
    while (at < text.size() && (text[at] == '`' || text[at] == '*' || mark_signs.find(text[at]) != mark_signs.npos)) ++at;
    std::size_t to = at;
    while (to < text.size() && std::string_view(",.;:!?)").find(text[to]) != std::string_view::npos) ++to;
    return ui_.canvas().measure(text.substr(at, to - at), font_);
  }

  // The width of the word behind a bracket or a quotation mark that a change of font or a mark follows: "(" stays with it.
  float opened(std::string_view piece, std::string_view text, std::size_t at) const {
    const bool opens = piece.ends_with('(') || piece.ends_with("“") || piece.ends_with("«") || piece.ends_with("¿") || piece.ends_with("¡");
    if (!opens || at >= text.size() || text[at] == ' ' || text[at] == '\n') return 0;
    while (at < text.size() && (text[at] == '`' || text[at] == '*' || mark_signs.find(text[at]) != mark_signs.npos)) ++at;
    const std::size_t to = std::min(text.find_first_of(" \n`*\x01\x02\x03", at), text.size());
    return ui_.canvas().measure(text.substr(at, to - at), font_);
  }

  void put(std::string_view piece, Font f) {
    if (piece.empty()) return;
    Canvas& c = ui_.canvas();
    if (drawing_) {
      const Rect row{place_.x, place_.y + y_, place_.w, step_};
      const float baseline = c.baseline(row, font_);
      const Colour ink = in_mark_ && is_link_ ? ui_.theme.accent : bold_ && !wire_ ? ui_.theme.text : ink_;
      const float from = x_;
      x_ += c.text({place_.x + x_, baseline}, piece, f, ink);
      if (in_mark_) put_place({row.x + from, row.y, x_ - from, row.h});
    } else {
      x_ += c.measure(piece, f);
    }
    widest_ = std::max(widest_, x_);
  }

  // The words of a mark on one line have one place, with the gaps between them.
  void put_place(Rect piece) {
    if (!places_.empty() && places_.back().mark == marks_ - 1 && places_.back().place.y == piece.y) places_.back().place.w = piece.right() - places_.back().place.x;
    else places_.push_back({marks_ - 1, is_link_, piece});
  }

  Ui& ui_;
  Font font_;
  float step_;
  std::vector<MarkPlace> places_;
  std::size_t marks_ = 0;
  bool in_mark_ = false, is_link_ = false;
  Rect place_;
  Colour ink_;
  bool drawing_ = false, bold_ = false, wire_ = false, space_ = false;
  float x_ = 0, y_ = 0, widest_ = 0;
  std::string plain_;
};

}  // namespace

namespace {

float set_in(Setter& setter, Ui& ui, Rect top, std::string_view text, std::optional<Colour> colour, std::string_view name) {
  setter.draw_at(top, colour.value_or(ui.theme.text));
  const float height = setter.set(text);
  const Rect place{top.x, top.y, std::max(top.w, setter.widest()), height};
  Control& c = ui.recorder().add(name, Kind::text, place, place.intersected(ui.canvas().clip()), setter.plain(), ui.layer());
  const Rect clip = ui.canvas().clip();
  c.clipped = place.x < clip.x - 0.5f || top.x + setter.widest() > clip.right() + 0.5f;
  return height;
}

}  // namespace

float prose(Ui& ui, Rect top, std::string_view text, Font f, std::optional<Colour> colour, std::string_view name) {
  Setter setter(ui, f);
  return set_in(setter, ui, top, text, colour, name);
}

float marked_prose(Ui& ui, Rect top, std::string_view text, Font f, std::optional<Colour> colour, std::vector<MarkPlace>& places) {
  Setter setter(ui, f);
  const float height = set_in(setter, ui, top, text, colour, {});
  places.insert(places.end(), setter.places().begin(), setter.places().end());
  return height;
}

float measure_prose(Ui& ui, float width, std::string_view text, Font f) {
  Setter setter(ui, f);
  setter.measure_in(width);
  return setter.set(text);
}

float runs(Ui& ui, Rect row, std::initializer_list<Run> all, Align align, std::string_view name) {
  Canvas& c = ui.canvas();
  float wanted = 0;
  std::string plain;
  for (const Run& run : all) {
    wanted += run.gap + c.measure(run.text, run.font);
    if (!plain.empty() && run.gap > 0) plain += ' ';
    plain += run.text;
  }
  Control& record = ui.recorder().add(name, Kind::text, row, row.intersected(c.clip()), plain, ui.layer());
  record.elided = wanted > row.w + 0.5f;
  if (record.elided) ui.tooltip(row, plain);
  float x = row.x;
  if (!record.elided && align == Align::right) x = row.right() - wanted;
  if (!record.elided && align == Align::centre) x = row.x + (row.w - wanted) / 2;
  record.clipped = x < c.clip().x - 0.5f || x + std::min(wanted, row.w) > c.clip().right() + 0.5f;
  const float start = x;
  const float baseline = all.size() == 0 ? 0 : c.baseline(row, all.begin()->font);
  for (const Run& run : all) {
    const float room = row.right() - x - run.gap, w = c.measure(run.text, run.font);
    const Colour ink = run.colour.value_or(ui.theme.text);
    x += run.gap;
    if (w <= room + 0.5f) {
      x += c.text({x, baseline}, run.text, run.font, ink);
      continue;
    }
    const std::size_t kept = c.fitting(run.text, run.font, room - c.measure("…", run.font));
    x += c.text({x, baseline}, run.text.substr(0, kept), run.font, ink);
    if (room > c.measure("…", run.font)) x += c.text({x, baseline}, "…", run.font, ink);
    break;
  }
  return x - start;
}

}  // namespace glasspost::ui
