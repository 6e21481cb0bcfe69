// The anatomy of a line. Earlier words hang above it, the focused one and later ones below: each leader leaves its word, turns
// once, and ends at a card, at heights and edges chosen so that no two cross. A line that is too long for one row wraps, and
// only its focused word has a card; every other word is a click or an arrow key away.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/ui/views/inspector_parts.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

constexpr float row_height = 28, band_height = 36;
constexpr std::size_t rows_shown = 6, lines_shown = 7, cards_above = 3, cards_below = 3;

// A word of the line, where it stands.
struct Piece {
  std::size_t token = 0;
  std::string words;
  bool separator = false;  // a space, a bracket, the line's end: no card of its own unless chosen
  bool line_end = false;
  int row = 0;
  float x = 0, width = 0;
};

bool ends_line(const Inspected& in, const Token& token) {
  const std::string_view octets = token.span.of(in.text);
  return token.role == Role::crlf || (token.role != Role::content_body && octets.ends_with("\r\n")) || token.role == Role::content_blank;
}

// The tokens of each line of the message; a body is a line by itself.
struct Line {
  std::size_t first = 0, last = 0;  // half open
};
std::vector<Line> lines_of(const Inspected& in) {
  std::vector<Line> lines;
  std::size_t first = 0;
  for (std::size_t i = 0; i < in.tokens.size(); ++i) {
    if (!in.datagram() && ends_line(in, in.tokens[i])) lines.push_back({first, i + 1}), first = i + 1;
  }
  if (first < in.tokens.size()) lines.push_back({first, in.tokens.size()});
  return lines;
}

bool is_separator(const Inspected& in, const Token& token) {
  switch (token.role) {
    case Role::space:
    case Role::crlf:
    case Role::imap_paren:
    case Role::smtp_separator: return true;
    case Role::plain: return token.span.size() <= 2;
    default: return token.span.empty() || trim(token.span.of(in.text)).empty();
  }
}

class Anatomy {
 public:
  Anatomy(const Inspected& in, Line line) : in_(in), ui_(in.ui), c_(in.ui.canvas()), line_(line), focus_(in.focus()) {}

  void draw(Rect& rest) {
    const bool eye = in_.has_secret();
    lay_out(rest, rest.w - (eye || in_.message.sealed ? 34 : 30));
    if (rows_ == 1) draw_short(rest);
    else draw_long(rest);
  }

 private:
  std::string words_for(const Token& token) const {
    if (token.role == Role::space) return std::string(token.span.size(), ' ');
    std::string words = shown(in_, token, rows_ == 0 ? 400 : 120);
    for (std::string_view end : {"\\r\\n", "\\n"})
      if (words.ends_with(end)) words.resize(words.size() - end.size());
    return words;
  }
  void lay_out(const Rect& rest, float room) {
    float x = 0;
    int row = 0;
    const Font f = font::line;
    const float space = c_.measure(" ", f);
    for (std::size_t i = line_.first; i < line_.last; ++i) {
      const Token& token = in_.tokens[i];
      Piece piece{i, words_for(token), is_separator(in_, token), token.role == Role::crlf, 0, 0, 0};
      if (piece.words.empty()) continue;
      if (in_.datagram() && x > 0) x += space;
      piece.width = piece.line_end ? 46 : c_.measure(piece.words, font_of(token));
      if (piece.line_end) x += 6;
      if (piece.width > room) {
        piece.words = shortened(piece.words, std::size_t(room / space) - 1);
        piece.width = c_.measure(piece.words, font_of(token));
      }
      if (x > 0 && x + piece.width > room) x = 0, ++row;
      if (x == 0 && row > 0 && token.role == Role::space) continue;
      piece.row = row, piece.x = rest.x + x;
      x += piece.width;
      if (!piece.line_end && ends_line(in_, token) && token.role != Role::content_blank) x += 6;
      pieces_.push_back(std::move(piece));
    }
    rows_ = row + 1;
  }
  Font font_of(const Token& token) const {
    return in_.message.from == Side::client && !is_secret(token.role) && !in_.datagram() ? font::line_bold : font::line;
  }
  Colour ink_of(const Token& token) const {
    switch (token.role) {
      case Role::text:
      case Role::plain:
      case Role::content_body:
      case Role::content_header_value:
      case Role::tls_data: return ui_.theme.text;
      default: return is_secret(token.role) ? ui_.theme.text : in_.hue().text;
    }
  }
  const Piece* focused() const {
    for (const Piece& piece : pieces_)
      if (piece.token == focus_) return &piece;
    for (const Piece& piece : pieces_)
      if (!piece.separator) return &piece;
    return pieces_.empty() ? nullptr : &pieces_.front();
  }
  Colour leader_of(const Piece& piece) const {
    const Token& token = in_.tokens[piece.token];
    return ink_of(token) == ui_.theme.text ? ui_.theme.second : in_.hue().fill;
  }

  // The ground of the line: gold where TLS hides it, vermillion where all can read it; the eye at its end.
  void draw_band(Rect band) {
    const bool sealed = in_.message.sealed;
    const Hue& hue = sealed ? ui_.theme.tls() : ui_.theme.error;
    const Rect wide{band.x - 10, band.y, band.w + 20, band.h};
    c_.fill(wide, hue.tint);
    c_.horizontal(wide.x, wide.right(), wide.y, hue.fill), c_.horizontal(wide.x, wide.right(), wide.bottom() - 1, hue.fill);
    const Rect mark = Rect{band.right() - 24, band.y, 24, band_height}.centred(24, 24);
    const Strings& s = in_.s;
    ui_.note("inspector.band", Kind::picture, wide, sealed ? s("inspector.sealed_reads") : s("inspector.everyone_reads"), sealed);
    if (in_.has_secret()) {
      const bool may = in_.model.stage() == app::Stage::world && !in_.model.projector(), open = in_.model.revealed();
      const std::string_view words = !may ? s("inspector.reveal_never") : open ? s("inspector.hide") : s("inspector.reveal");
      if (icon_button(ui_, "inspector.reveal", mark, open ? Icon::eye : Icon::eye_struck, words, may, false)) in_.out.push_back(app::ToggleReveal{});
      return;
    }
    if (sealed) draw_padlock(c_, ui_.theme, mark.centred(16, 16), true);
    else draw_icon(c_, Icon::eye, mark.centred(16, 16), ui_.theme.error.text);
    ui_.tooltip(mark, sealed ? s("inspector.sealed_reads") : s("inspector.everyone_reads"));
  }
  void draw_piece(const Piece& piece, float y) {
    const Token& token = in_.tokens[piece.token];
    const Rect place{piece.x, y, piece.width, row_height};
    const bool chosen = piece.token == focus_;
    const Response r = ui_.interact(fmt::format("inspector.token/{}", piece.token), Kind::item, place, piece.words, {.focusable = false, .on = chosen});
    if (r.clicked) in_.out.push_back(app::SelectToken{piece.token});
    if (r.hovered || (chosen && piece.separator && !piece.line_end))
      c_.fill(place.inset(-1, 3), ui_.theme.panel.faded(0.7F), 2);
    if (piece.line_end) {
      for (int i = 0; i < 2; ++i) {
        const Rect box{piece.x + float(i) * 23, place.y + 6, 21, 16};
        c_.fill(box, ui_.theme.raised, 2), c_.outline(box, chosen ? ui_.theme.text : ui_.theme.strong_line, 1, 2);
        ui_.label(box.inset(1, 0), i == 0 ? "CR" : "LF", {Face::wire, 10}, ui_.theme.third, Align::centre);
      }
      return;
    }
    const bool bare = is_secret(token.role) && in_.model.revealed() && token.role != Role::smtp_initial_response &&
                      token.role != Role::imap_initial_response && token.role != Role::pop3_initial_response;
    if (bare) c_.fill(place.inset(-2, 3), ui_.theme.text, 2);
    const Colour ink = bare ? ui_.theme.panel : ink_of(token);
    ui_.label({place.x, place.y, place.w + 2, place.h}, piece.words, font_of(token), ink);
    if (!piece.separator) c_.horizontal(piece.x, piece.x + piece.width, place.bottom() - 4, chosen ? ui_.theme.text : leader_of(piece), 2);
  }
  // Arrows go from word to word.
  void take_arrows(Rect band) {
    const Response r = ui_.interact("inspector.line", Kind::list, band, {}, {.takes_keys = true, .focus_on_click = true, .pointer = Pointer::arrow});
    if (r.ring) ui_.focus_ring(band.inset(-10, 0), 0);
    if (!r.focused) return;
    const int step = ui_.take(Key::right) ? 1 : ui_.take(Key::left) ? -1 : 0;
    if (step == 0) return;
    for (std::ptrdiff_t i = std::ptrdiff_t(focus_) + step; i >= 0 && i < std::ptrdiff_t(in_.tokens.size()); i += step) {
      const Token& token = in_.tokens[std::size_t(i)];
      if (is_separator(in_, token) && token.role != Role::crlf) continue;
      in_.out.push_back(app::SelectToken{std::size_t(i)});
      return;
    }
  }

  // A word's card: the word and what it is, why it is there, what else it could be, and who says so.
  float card(Rect place, const Piece& piece, bool full, bool clickable) {
    const Token& token = in_.tokens[piece.token];
    const Words* words = words_of(in_, token);
    const float top = place.y;
    Rect rest = place;
    const std::string word = token.role == Role::crlf ? "CR LF" : shortened(piece.words, 18);
    const std::string what = words ? words->what : std::string(in_.s("inspector.no_explanation"));
    const float word_width = c_.measure(word, font::console_bold);
    const bool beside = word_width + 10 + c_.measure(what, font::body) <= rest.w;
    const std::string name = fmt::format("inspector.card/{}", piece.token);
    Rect title = rest.take_top(22);
    const Rect click = title;
    if (beside) {
      runs(ui_, title, {{word, font::console_bold, ink_of(token)}, {what, full ? font::strong : font::body, {}, 10}}, Align::left, name);
    } else {
      ui_.label(title, word, font::console_bold, ink_of(token));
      rest.take_top(prose(ui_, rest, what, full ? font::strong : font::body, {}, name) + 2);
    }
    if (clickable) {
      const Response r = ui_.interact(name + ".choose", Kind::link, click, what, {.focusable = false});
      if (r.clicked) in_.out.push_back(app::SelectToken{piece.token});
    }
    if (!words) return rest.y - top;
    const float source = source_width(in_, words->source);
    const std::string link_name = fmt::format("inspector.source/{}", piece.token);
    if (!full) {
      Rect row = rest.take_top(18);
      source_link(in_, link_name, row.take_right(source), words->source);
      row.take_right(8);
      ui_.label(row, words->why, font::caption, ui_.theme.second);
      return rest.y - top;
    }
    if (!words->why.empty()) rest.take_top(prose(ui_, rest, words->why, font::body, ui_.theme.second) + 2);
    if (!words->other.empty()) {
      const std::string other = fmt::format("**{}** {}", in_.s("inspector.also"), words->other);
      rest.take_top(prose(ui_, rest, other, font::body, ui_.theme.second) + 2);
    }
    if (!words->source.empty()) source_link(in_, link_name, rest.take_top(20), words->source);
    return rest.y - top;
  }

  std::vector<const Piece*> around(bool before, std::size_t most) const {
    std::vector<const Piece*> found;
    const Piece* middle = focused();
    for (const Piece& piece : pieces_)
      if (!piece.separator && middle && (before ? piece.token < middle->token : piece.token > middle->token)) found.push_back(&piece);
    if (found.size() > most) {
      if (before) found.erase(found.begin(), found.end() - std::ptrdiff_t(most));
      else found.resize(most);
    }
    return found;
  }
  void draw_above(Rect& rest, std::vector<std::pair<Point, const Piece*>>& ends) {
    float left = rest.x;
    for (const Piece* piece : around(true, cards_above)) {
      const float x = std::max(left, std::min(piece->x + 8, rest.x + rest.w * 0.36F));
      ends.push_back({{x, rest.y + 11}, piece});
      rest.take_top(card({x + 12, rest.y, rest.right() - x - 12, 400}, *piece, false, true) + 8);
      left = x + 16;
    }
  }
  void draw_short(Rect& rest) {
    std::vector<std::pair<Point, const Piece*>> ends;
    draw_above(rest, ends);
    if (!ends.empty()) rest.take_top(float(ends.size()) * 5 - 2);
    const Rect band = rest.take_top(band_height);
    for (std::size_t i = 0; i < ends.size(); ++i) {  // a later word turns higher up
      const auto& [end, piece] = ends[i];
      const float turn = band.y - 3 - float(i) * 5, x = piece->x + 8;
      const Colour ink = leader_of(*piece);
      c_.disc(end, 2.5F, ink);
      if (std::abs(x - end.x) < 1) {
        c_.vertical(end.x, end.y, band.y + 8, ink);
      } else {
        c_.vertical(end.x, end.y, turn, ink), c_.horizontal(std::min(end.x, x), std::max(end.x, x) + 1, turn, ink);
        c_.vertical(x, turn, band.y + 8, ink);
      }
    }
    take_arrows(band);
    draw_band(band);
    for (const Piece& piece : pieces_) draw_piece(piece, band.y + 4);
    draw_below(rest, band);
  }
  void draw_below(Rect& rest, Rect band) {
    const Piece* piece = focused();
    if (!piece) return;
    const std::vector<const Piece*> later = around(false, cards_below);
    const float rails = float(later.size());
    const Piece* end = pieces_.back().line_end && later.empty() && piece != &pieces_.back() ? &pieces_.back() : nullptr;
    if (end) {
      c_.vertical(end->x + 22, band.bottom() - 6, band.bottom() + 4, ui_.theme.strong_line);
      const Rect note{end->x - 60, band.bottom() + 3, std::min(rest.right() - end->x + 60, 128.F), 16};
      if (note.x > piece->x + 40) ui_.label(note, in_.s("inspector.ends_line"), font::caption, ui_.theme.third, Align::right);
    }
    rest.take_top(std::max(20.F, 8 + rails * 5));
    const Point to{rest.x + 3, rest.y + 11}, from{piece->x + std::min(piece->width / 2, 48.F), band.bottom() - 7};
    const float bend = (to.y - from.y) * 0.7F;
    c_.curve(from, {from.x, from.y + bend}, {to.x, to.y - bend}, to, ui_.theme.text);
    c_.disc(to, 3, ui_.theme.text);
    rest.take_top(card({rest.x + 16, rest.y, rest.w - 16 - (rails > 0 ? 10 + rails * 6 : 0), 4000}, *piece, true, false));
    decode(rest, *piece);
    for (std::size_t i = 0; i < later.size(); ++i) {  // a later word turns sooner and goes down further out
      rest.take_top(8);
      const float rail = rest.right() - float(later.size() - 1 - i) * 6 + 4, turn = band.bottom() + 4 + float(later.size() - 1 - i) * 5;
      const float x = later[i]->x + std::min(later[i]->width / 2, 24.F), y = rest.y + 11;
      const Colour ink = leader_of(*later[i]);
      c_.vertical(x, band.bottom() - 7, turn, ink), c_.horizontal(x, rail + 1, turn, ink), c_.vertical(rail, turn, y, ink);
      c_.horizontal(rail - 6, rail, y, ink), c_.disc({rail - 6, y}, 2.5F, ink);
      rest.take_top(card({rest.x + 16, rest.y, rest.w - 16 - 10 - rails * 6, 400}, *later[i], false, true));
    }
    hidden_words(rest, later.size());
  }
  // How many words have no card here.
  void hidden_words(Rect& rest, std::size_t below) {
    std::size_t all = 0;
    for (const Piece& piece : pieces_) all += !piece.separator;
    const std::size_t told = around(true, cards_above).size() + below + 1;
    if (all <= told) return;
    rest.take_top(6);
    ui_.label(rest.take_top(18), in_.s.count("inspector.more_words", all - told), font::caption, ui_.theme.third);
  }
  void draw_long(Rect& rest) {
    const Piece* piece = focused();
    if (!piece) return;
    const int shown_rows = std::min<int>(rows_, int(rows_shown));
    const int first = std::clamp(piece->row - shown_rows / 2, 0, rows_ - shown_rows);
    if (first > 0) more_rows(rest, "inspector.rows_before", Icon::chevron_up, first, first - 1);
    const Rect band = rest.take_top(float(shown_rows) * row_height + 8);
    take_arrows(band);
    draw_band(band);
    for (const Piece& each : pieces_)
      if (each.row >= first && each.row < first + shown_rows) draw_piece(each, band.y + 4 + float(each.row - first) * row_height);
    const int after = rows_ - first - shown_rows;
    if (after > 0) more_rows(rest, "inspector.rows_after", Icon::chevron_down, after, first + shown_rows);
    rest.take_top(10);
    // Along the gap between two rows to the left margin, and down it: over no word.
    const float gap = band.y + 4 + float(piece->row - first + 1) * row_height - 1, margin = rest.x - 6, y = rest.y + 11;
    const Colour ink = ui_.theme.text;
    c_.horizontal(margin, piece->x + 1, gap, ink), c_.vertical(margin, gap, y, ink);
    c_.horizontal(margin, rest.x + 4, y, ink), c_.disc({rest.x + 4, y}, 3, ink);
    rest.take_top(card({rest.x + 16, rest.y, rest.w - 16, 4000}, *piece, true, false));
    decode(rest, *piece);
    for (const Piece* next : around(false, 2)) {
      rest.take_top(8);
      rest.take_top(card({rest.x + 16, rest.y, rest.w - 16, 400}, *next, false, true));
    }
    std::size_t words = 0;
    for (const Piece& each : pieces_) words += !each.separator;
    rest.take_top(6);
    ui_.label(rest.take_top(18), in_.s.count("inspector.words_of_line", words), font::caption, ui_.theme.third);
  }
  void more_rows(Rect& rest, std::string_view name, Icon icon, int rows, int to) {
    Rect row = rest.take_top(22);
    const std::string words = in_.s.count("inspector.more_rows", std::uint64_t(rows));
    const Response r = ui_.interact(name, Kind::link, row, words);
    draw_icon(c_, icon, row.take_left(18).at_left(12, 12), ui_.theme.third);
    ui_.label(row, words, font::caption, r.hovered ? ui_.theme.accent : ui_.theme.third);
    if (r.ring) ui_.focus_ring(row);
    if (!r.clicked) return;
    for (const Piece& piece : pieces_)
      if (piece.row == to && !piece.separator) return in_.out.push_back(app::SelectToken{piece.token});
  }
  void decode(Rect& rest, const Piece& piece) {
    switch (in_.tokens[piece.token].role) {
      case Role::base64:
      case Role::smtp_challenge:
      case Role::imap_challenge:
      case Role::pop3_challenge:
      case Role::smtp_initial_response:
      case Role::imap_initial_response:
      case Role::pop3_initial_response:
      case Role::smtp_auth_response:
      case Role::imap_auth_response:
      case Role::pop3_auth_response: decoded_base64(in_, rest, in_.tokens[piece.token]); return;
      default: return;
    }
  }

  const Inspected& in_;
  Ui& ui_;
  Canvas& c_;
  Line line_;
  std::size_t focus_;
  std::vector<Piece> pieces_;
  int rows_ = 0;
};

// The lines of a message that has several; the one under the glass is lit.
void line_list(const Inspected& in, Rect& rest, const std::vector<Line>& lines, std::size_t chosen) {
  Ui& ui = in.ui;
  const std::size_t count = std::min(lines.size(), lines_shown);
  const std::size_t first = std::min(chosen - std::min(chosen, count / 2), lines.size() - count);
  const auto more = [&](std::string_view name, Icon icon, std::size_t hidden, std::size_t to) {
    Rect row = rest.take_top(20);
    const std::string words = in.s.count("inspector.more_lines", hidden);
    const Response r = ui.interact(name, Kind::link, row, words);
    draw_icon(ui.canvas(), icon, row.take_left(18).at_left(12, 12), ui.theme.third);
    ui.label(row, words, font::caption, r.hovered ? ui.theme.accent : ui.theme.third);
    if (r.ring) ui.focus_ring(row);
    if (r.clicked) in.out.push_back(app::SelectToken{lines[to].first});
  };
  if (first > 0) more("inspector.lines_before", Icon::chevron_up, first, first - std::min(first, count / 2 + 1));
  for (std::size_t i = first; i < first + count; ++i) {
    std::string words;
    for (std::size_t t = lines[i].first; t < lines[i].last && words.size() < 160; ++t) {
      const Token& token = in.tokens[t];
      if (token.role != Role::crlf) words += token.role == Role::space ? " " : shown(in, token, 120);
    }
    while (words.ends_with("\\r\\n")) words.resize(words.size() - 4);
    const Rect row = rest.take_top(20);
    const Response r = ui.interact(fmt::format("inspector.lines/{}", i), Kind::row, row, words, {.focusable = false, .on = i == chosen});
    row_ground(ui, row.inset(-10, 0), i == chosen, r.hovered);
    if (r.clicked) in.out.push_back(app::SelectToken{lines[i].first});
    ui.label(row, words, in.message.from == Side::client ? font::table_bold : font::table, i == chosen ? in.hue().text : ui.theme.second);
  }
  if (const std::size_t after = lines.size() - first - count; after > 0)
    more("inspector.lines_after", Icon::chevron_down, after, std::min(lines.size() - 1, first + count + count / 2));
  rest.take_top(12);
}

}  // namespace

void anatomy(const Inspected& in, Rect& rest) {
  const std::vector<Line> lines = lines_of(in);
  if (lines.empty()) return;
  std::size_t chosen = 0;
  while (chosen + 1 < lines.size() && in.focus() >= lines[chosen].last) ++chosen;
  if (lines.size() > 1) line_list(in, rest, lines, chosen);
  Anatomy(in, lines[chosen]).draw(rest);
}

}  // namespace glasspost::ui
