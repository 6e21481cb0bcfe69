// Bytes: eight to a row, the nth octet that was said beside the nth that the wire carried.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/ui/views/inspector_parts.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

constexpr std::size_t per_row = 8, tokens_listed = 10;
constexpr float row_height = 24, offset_width = 26, gap = 10;

class Octets {
 public:
  Octets(const Inspected& in, float width, float left) : in_(in), ui_(in.ui), c_(in.ui.canvas()), wire_(on_wire(in)) {
    const float room = width - offset_width - 2 * gap;
    hex_pitch_ = std::floor(room * 0.39F / 8), text_pitch_ = std::floor(room * 0.22F / 8);
    hex_x_ = left + offset_width, text_x_ = hex_x_ + hex_pitch_ * 8 + gap;
    wire_x_ = text_x_ + text_pitch_ * 8 + gap, right_ = left + width;
    font_.size = std::min(12.F, hex_pitch_ / 1.3F);
    small_.size = std::min(9.F, text_pitch_ / 1.25F);
    whole_record_ = wire_.aligned && wire_.header + wire_.offset + in.message.octets + wire_.tail == wire_.octets.size();
    of_.resize(in.text.size(), in.tokens.size());
    for (std::size_t t = 0; t < in.tokens.size(); ++t)
      for (std::size_t i = in.tokens[t].span.begin; i < in.tokens[t].span.end && i < of_.size(); ++i) of_[i] = t;
  }
  const OnWire& wire() const { return wire_; }

  void draw(Rect& rest) {
    heading(rest);
    if (wire_.aligned) header_row(rest);
    const std::size_t said = in_.text.size(), slots = said + (whole_record_ ? wire_.tail : 0), rows = (slots + per_row - 1) / per_row;
    const Rect all = rest.take_top(float(rows) * row_height);
    if (wire_.aligned) c_.fill({wire_x_ - 4, all.y - row_height, right_ - wire_x_ + 8, all.h + row_height}, ui_.theme.sunken);
    if (wire_.aligned) draw_header_octets({all.x, all.y - row_height, all.w, row_height});
    const Rect clip = c_.clip();
    const auto row_at = [&](float y) { return std::size_t(std::clamp((y - all.y) / row_height, 0.F, float(rows))); };
    const std::size_t first = row_at(clip.y), last = std::min(rows, row_at(clip.bottom()) + 1);
    for (std::size_t row = first; row < last; ++row) draw_row({all.x, all.y + float(row) * row_height, all.w, row_height}, row, said, slots);
    if (in_.message.octets > in_.text.size())
      rest.take_top(prose(ui_, rest,
                          in_.s("bytes.cut", {{"shown", in_.s.number(in_.text.size())}, {"n", in_.s.number(in_.message.octets)}}),
                          font::caption, ui_.theme.third));
  }

 private:
  void heading(Rect& rest) {
    const Rect row = rest.take_top(24);
    const float word = c_.measure(in_.s("bytes.said"), font::strong) + 8;
    ui_.label({hex_x_, row.y, word, row.h}, in_.s("bytes.said"), font::strong);
    ui_.label({hex_x_ + word, row.y, text_x_ - hex_x_ - word - 4, row.h}, in_.s("bytes.in_hex"), font::caption, ui_.theme.third);
    ui_.label({text_x_, row.y, wire_x_ - text_x_ - 8, row.h}, in_.s("bytes.as_text"), font::caption, ui_.theme.third);
    if (wire_.aligned) {
      Rect place{wire_x_, row.y, right_ - wire_x_, row.h};
      const Rect mark = place.take_left(20).at_left(14, 14);
      if (in_.message.sealed) draw_padlock(c_, ui_.theme, mark, true);
      else draw_icon(c_, Icon::eye, mark, ui_.theme.error.text);
      ui_.label(place.take_right(30), std::to_string(wire_.octets.size()), font::caption, ui_.theme.third, Align::right);
      ui_.label(place, in_.s("bytes.on_wire"), font::strong);
    }
    c_.horizontal(rest.x, rest.right(), rest.y, ui_.theme.line);
    rest.take_top(2);
  }
  void header_row(Rect& rest) {
    const Rect row = rest.take_top(row_height);
    ui_.label({row.x, row.y, wire_x_ - row.x - 12, row.h}, in_.s("bytes.record_header"), font::caption, ui_.theme.second, Align::right);
  }
  void draw_header_octets(Rect row) {
    const std::size_t all = std::min(wire_.header, per_row);
    for (std::size_t i = 0; i < all; ++i) octet(wire_at(i), row, wire_.octets[i], ui_.theme.tls().text);
    c_.fill({wire_at(0) - 1, row.bottom() - 4, float(all) * hex_pitch_ - 2, 2}, ui_.theme.tls().fill);
  }
  float wire_at(std::size_t i) const { return wire_x_ + float(i) * hex_pitch_; }
  void octet(float x, Rect row, char value, Colour ink) { c_.text({x, c_.baseline(row, font_)}, hex(std::string_view(&value, 1)), font_, ink); }

  void draw_row(Rect row, std::size_t number, std::size_t said, std::size_t slots) {
    const std::size_t begin = number * per_row, end = std::min(slots, begin + per_row);
    const Rect at{row.x, row.y, offset_width, row.h};
    if (begin < said) c_.text({at.x, c_.baseline(at, small_font())}, fmt::format("{:02x}", begin), small_font(), ui_.theme.third);
    std::string words;
    for (std::size_t i = begin; i < end;) {  // a token's part of this row
      const std::size_t token = i < said ? of_[i] : in_.tokens.size();
      std::size_t stop = i + 1;
      while (stop < end && stop < said && i < said && of_[stop] == token) ++stop;
      if (i >= said) stop = end;
      if (i < said) draw_said(row, begin, i, stop, token, words);
      else draw_tail(row, begin, i, stop, said);
      i = stop;
    }
    ui_.note(fmt::format("inspector.octets/{:02x}", begin), Kind::text, row, words);
  }
  Font small_font() const { return {Face::wire, std::min(11.F, font_.size)}; }
  void draw_said(Rect row, std::size_t begin, std::size_t i, std::size_t stop, std::size_t index, std::string& words) {
    const bool known = index < in_.tokens.size();
    const bool chosen = known && index == in_.focus();
    const bool masked = known && in_.masked(in_.tokens[index]);
    const bool space = known && in_.tokens[index].role == Role::space;
    const float count = float(stop - i), hex_at = hex_x_ + float(i - begin) * hex_pitch_, text_at = text_x_ + float(i - begin) * text_pitch_;
    const Rect hex_place{hex_at - 1, row.y + 2, count * hex_pitch_ - 2, row.h - 4}, text_place{text_at, row.y + 2, count * text_pitch_ - 1, row.h - 4};
    if (known) {
      const std::string name = fmt::format("inspector.byte/{:x}", i);
      const bool in_hex = ui_.interact(name, Kind::item, hex_place, {}, {.focusable = false, .on = chosen}).clicked;
      const bool in_text = ui_.interact(name + "/text", Kind::item, text_place, {}, {.focusable = false, .on = chosen}).clicked;
      if (in_hex || in_text) in_.out.push_back(app::SelectToken{index});
    }
    const bool client = in_.message.from == Side::client;
    const Colour ink = chosen ? ui_.theme.accent : space ? ui_.theme.third : in_.hue().text;
    const Colour under = chosen ? ui_.theme.accent : in_.hue().fill;
    if (chosen) c_.fill(hex_place, ui_.theme.accent_tint, 2), c_.fill(text_place, ui_.theme.accent_tint, 2);
    if (!space) c_.horizontal(hex_place.x, hex_place.right(), hex_place.bottom() - 1, under, 2), c_.horizontal(text_place.x, text_place.right(), text_place.bottom() - 1, under, 2);
    Font text_font = font_;
    if (client && !in_.datagram()) text_font.face = Face::wire_bold;
    for (std::size_t k = i; k < stop; ++k) {
      const char value = in_.text[k];
      const float hx = hex_x_ + float(k - begin) * hex_pitch_, tx = text_x_ + float(k - begin) * text_pitch_;
      if (masked) c_.text({hx, c_.baseline(row, font_)}, "••", font_, ink);
      else octet(hx, row, value, ink);
      const std::string letter = masked ? "•" : is_printable(value) && value != ' ' ? std::string(1, value) : "";
      words += masked ? "•" : is_printable(value) ? std::string(1, value) : ".";
      if (!letter.empty()) c_.text({tx + 1, c_.baseline(row, text_font)}, letter, text_font, ink);
      else if (value == '\r' || value == '\n') c_.text({tx, c_.baseline(row, small_)}, value == '\r' ? "CR" : "LF", small_, ui_.theme.third);
      else c_.disc({tx + text_pitch_ / 2, row.middle()}, 1, ui_.theme.third);
    }
    if (!wire_.aligned) return;
    const Rect wire_place{wire_at(i - begin) - 1, row.y + 2, count * hex_pitch_ - 2, row.h - 4};
    if (chosen) c_.fill(wire_place, ui_.theme.accent_tint, 2);
    if (!space) c_.horizontal(wire_place.x, wire_place.right(), wire_place.bottom() - 1, under.faded(0.6F), 2);
    for (std::size_t k = i; k < stop; ++k) octet(wire_at(k - begin), row, wire_.octets[wire_.header + wire_.offset + k], ui_.theme.second);
  }
  // What the record has behind the line: its true type, and the tag.
  void draw_tail(Rect row, std::size_t begin, std::size_t i, std::size_t stop, std::size_t said) {
    std::size_t tag = i;
    const bool has_type = wire_.inner_type && i == said;
    if (has_type) {
      const Rect box{wire_at(i - begin) - 2, row.y + 3, hex_pitch_ - 1, row.h - 6};
      c_.outline(box, ui_.theme.strong_line, 1, 2);
      octet(wire_at(i - begin), row, wire_.octets[wire_.header + i], ui_.theme.text);
      ui_.note("inspector.type_octet", Kind::picture, box, in_.s("bytes.type"));
      if (const float x = text_x_ + float(i - begin) * text_pitch_ + 4; wire_x_ - x - 8 > c_.measure(in_.s("bytes.type"), font::caption))
        ui_.label({x, row.y, wire_x_ - x - 12, row.h}, in_.s("bytes.type"), font::caption, ui_.theme.second, Align::right);
      ++tag;
    }
    for (std::size_t k = tag; k < stop; ++k) octet(wire_at(k - begin), row, wire_.octets[wire_.header + k], ui_.theme.tls().text);
    if (stop > tag) c_.fill({wire_at(tag - begin) - 1, row.bottom() - 4, float(stop - tag) * hex_pitch_ - 2, 2}, ui_.theme.tls().fill);
    const std::size_t first_free = (said + per_row - 1) / per_row * per_row;
    if (begin != std::max(first_free, (said + wire_.inner_type + per_row - 1) / per_row * per_row)) return;
    const Rect place{row.x, row.y, wire_x_ - row.x - 12, row.h};
    ui_.label(place, in_.s("bytes.tag", {{"n", "16"}}), font::caption, ui_.theme.second, Align::right);
  }

  const Inspected& in_;
  Ui& ui_;
  Canvas& c_;
  OnWire wire_;
  std::vector<std::size_t> of_;  // which token an octet belongs to
  float hex_x_ = 0, text_x_ = 0, wire_x_ = 0, right_ = 0, hex_pitch_ = 0, text_pitch_ = 0;
  Font font_ = font::table, small_{Face::wire, 9};
  bool whole_record_ = false;
};

void token_list(const Inspected& in, Rect& rest) {
  section(in, rest, in.s("bytes.tokens"), {}, in.s("bytes.tokens_hint"));
  std::vector<std::size_t> listed;
  std::size_t place = 0;
  for (std::size_t i = 0; i < in.tokens.size(); ++i) {
    if (in.tokens[i].role == Role::space && i != in.focus()) continue;
    if (i <= in.focus()) place = listed.size();
    listed.push_back(i);
  }
  const std::size_t count = std::min(listed.size(), tokens_listed), first = std::min(place - std::min(place, count / 2), listed.size() - count);
  const auto more = [&](std::string_view name, std::size_t hidden, std::size_t to) {
    Rect row = rest.take_top(22);
    if (link(in.ui, name, row, in.s.count("inspector.more_words", hidden))) in.out.push_back(app::SelectToken{listed[to]});
  };
  if (first > 0) more("inspector.tokens_before", first, first - 1);
  for (std::size_t k = first; k < first + count; ++k) {
    const std::size_t index = listed[k];
    const Token& token = in.tokens[index];
    const Words* words = words_of(in, token);
    Rect row = rest.take_top(26);
    const bool chosen = index == in.focus();
    const Response r = in.ui.interact(fmt::format("inspector.tokens/{}", index), Kind::row, row, shown(in, token, 40), {.focusable = false, .on = chosen});
    row_ground(in.ui, row.inset(-10, 0), chosen, r.hovered);
    if (r.clicked) in.out.push_back(app::SelectToken{index});
    in.ui.label(row.take_left(56), fmt::format("{:02x}–{:02x}", token.span.begin, std::max(token.span.begin, token.span.end - 1)), {Face::wire, 11}, in.ui.theme.third);
    in.ui.label(row.take_left(row.w * 0.3F), shown(in, token, 24), font::table_bold, in.hue().text);
    row.take_left(8);
    if (!words) continue;
    if (const float wide = source_width(in, words->source); wide > 0 && row.w > wide + 90) {
      source_link(in, fmt::format("inspector.token_source/{}", index), row.take_right(wide), words->source);
      row.take_right(8);
    }
    in.ui.label(row, words->what, chosen ? font::strong : font::body);
  }
  if (const std::size_t after = listed.size() - first - count; after > 0) more("inspector.tokens_after", after, first + count);
}

void how_it_grew(const Inspected& in, Rect& rest, const OnWire& wire) {
  if (!in.message.sealed || !wire.aligned) return;
  const std::size_t content = wire.octets.size() - wire.header - wire.tail;
  section(in, rest, in.s("bytes.how_became", {{"said", std::to_string(content)}, {"wire", std::to_string(wire.octets.size())}}), "RFC 8446 §5.2");
  rest.take_top(4);
  Rect bar = rest.take_top(24), words = rest.take_top(20);
  const Rect all = bar;
  const float ends = std::max(34.F, all.w * 0.09F), tag = std::max(60.F, all.w * 0.22F), type = wire.inner_type ? 6 : 0;
  const auto part = [&](float wide, std::string_view number, bool line, std::string_view word, Align align) {
    const Rect piece = bar.take_left(wide);
    Rect place = words.take_left(wide);
    const Hue& tls = in.ui.theme.tls();
    in.ui.canvas().fill(piece.inset(0.5F, 0), line ? in.ui.theme.accent_tint : tls.tint, 3);
    in.ui.canvas().outline(piece.inset(0.5F, 0), line ? in.ui.theme.accent : tls.fill, 1, 3);
    if (!number.empty()) in.ui.label(piece, number, font::table_bold, line ? in.ui.theme.accent : tls.text, Align::centre);
    if (!word.empty()) in.ui.label(place, word, font::caption, in.ui.theme.second, align);
  };
  part(std::max(ends, in.ui.canvas().measure(in.s("bytes.part_header"), font::caption) + 6), std::to_string(wire.header), false, in.s("bytes.part_header"), Align::left);
  part(bar.w - tag - type, std::to_string(content), true, in.s("bytes.part_line"), Align::centre);
  if (type > 0) part(type, {}, false, {}, Align::centre);
  part(bar.w, std::to_string(wire.tail - wire.inner_type), false, in.s("bytes.part_tag"), Align::right);
  rest.take_top(4);
  rest.take_top(prose(in.ui, rest, in.s("bytes.length_shows"), font::body, in.ui.theme.second));
}

// What may leave through the clipboard: a masked secret leaves masked.
std::string hex_to_copy(const Inspected& in) {
  std::string out;
  for (const Token& token : in.tokens) {
    if (!in.masked(token)) octet_words(out, token.span.of(in.text));
    else out += (out.empty() ? "" : " ") + std::string(masked_secret);
  }
  return out;
}
std::string text_to_copy(const Inspected& in) {
  return in.model.revealed() ? std::string(in.text) : redact(in.text, in.tokens);
}
std::string c_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += {'\\', c};
    else if (c == '\r') out += "\\r";
    else if (c == '\n') out += "\\n";
    else if (is_printable(c) || is_eight_bit(c)) out += c;
    else out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
  return out + "\"";
}
// Octets that are no text go out as octal escapes, which no later digit can lengthen.
std::string c_octets(std::string_view octets) {
  std::string out = "\"";
  for (const char c : octets) out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  return out + "\"";
}

void copies(const Inspected& in, Rect& rest, const OnWire& wire) {
  rule(in.ui, rest, 11);
  Rect row = rest.take_top(metric::button);
  in.ui.label(row.take_left(in.ui.canvas().measure(in.s("bytes.copy"), font::strong) + 14), in.s("bytes.copy"), font::strong);
  const auto add = [&](std::string_view name, std::string_view words, auto make) {
    const float wide = button_width(in.ui, words);
    if (wide > row.w) rest.take_top(6), row = rest.take_top(metric::button);
    if (button(in.ui, name, row.take_left(wide), words)) in.out.push_back(app::Copy{make()});
    row.take_left(8);
  };
  add("inspector.copy_text", in.s("bytes.copy_text"), [&] { return in.datagram() ? visible(in.text) : text_to_copy(in); });
  add("inspector.copy_hex", in.s("bytes.copy_hex"), [&] { return hex_to_copy(in); });
  if (!wire.octets.empty()) {
    add("inspector.copy_record", in.s("bytes.copy_record"), [&] {
      std::string out;
      octet_words(out, wire.octets);
      return out;
    });
  }
  add("inspector.copy_c", in.s("bytes.copy_c"), [&] { return in.datagram() ? c_octets(in.text) : c_string(text_to_copy(in)); });
}

}  // namespace

void bytes_tab(const Inspected& in, Rect& rest) {
  head_of(in, rest, headline_of(in),
          in.s("inspector.message_from", {{"n", std::to_string(in.number)},
                                          {"from", party(in.model, in.conversation, in.message.from)},
                                          {"octets", in.s.number(in.message.octets)}}));
  Octets octets(in, rest.w, rest.x);
  octets.draw(rest);
  token_list(in, rest);
  how_it_grew(in, rest, octets.wire());
  copies(in, rest, octets.wire());
}

}  // namespace glasspost::ui
