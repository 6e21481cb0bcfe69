#include "app/ui/widgets.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace glasspost::ui {
namespace {

constexpr float button_padding = 16, icon_side = 16, icon_gap = 8, key_gap = 10;
constexpr Font key_font{Face::wire, 11};

std::string child(std::string_view name, std::size_t index) {
  std::string made(name);
  made += '/';
  made += std::to_string(index);
  return made;
}

Font face_of(const ButtonLook& look) { return look.primary || look.strong ? font::strong : font::body; }

struct ButtonInk {
  Colour ground, border, text;
  float width = 1;
};
ButtonInk ink_of(const Theme& t, const ButtonLook& look, const Response& r) {
  if (!look.enabled) return {t.sunken, t.line, t.third};
  if (look.primary) return {r.held ? mix(t.accent, t.text, 0.25f) : r.hovered ? mix(t.accent, t.text, 0.12f) : t.accent, t.accent, t.on_accent};
  if (look.lit) return {t.accent_tint, t.accent, t.text};
  const Colour ground = r.held ? t.accent_tint : r.hovered ? t.sunken : t.raised;
  return {ground, look.strong ? t.text : t.strong_line, t.text, look.strong ? 2.f : 1.f};
}

void cap(Ui& ui, Rect box, std::string_view key, Colour border, Colour text) {
  ui.canvas().outline(box, border, 1, metric::chip_radius);
  const float w = ui.canvas().measure(key, key_font);
  ui.canvas().text({box.x + (box.w - w) / 2, ui.canvas().baseline(box, key_font)}, key, key_font, text);
}

// Left and Right, Home and End move within one control.
bool move_choice(Ui& ui, bool focused, int count, int& chosen) {
  if (!focused || count == 0) return false;
  int next = chosen;
  if (ui.take(Key::left) || ui.take(Key::up)) next = std::max(0, chosen - 1);
  if (ui.take(Key::right) || ui.take(Key::down)) next = std::min(count - 1, chosen + 1);
  if (ui.take(Key::home)) next = 0;
  if (ui.take(Key::end)) next = count - 1;
  return std::exchange(chosen, next) != next;
}

}  // namespace

float key_cap_width(Ui& ui, std::string_view key) { return ui.canvas().measure(key, key_font) + 9; }

float key_cap(Ui& ui, Point left_middle, std::string_view key) {
  const float w = key_cap_width(ui, key);
  const Rect box{left_middle.x, left_middle.y - metric::key_cap / 2, w, metric::key_cap};
  ui.canvas().fill(box, ui.theme.raised, metric::chip_radius);
  cap(ui, box, key, ui.theme.strong_line, ui.theme.second);
  return w;
}

float key_hint(Ui& ui, Point at, std::string_view key, std::string_view what) {
  const float w = key_cap(ui, at, key), text = ui.canvas().measure(what, font::caption);
  ui.label({at.x + w + 8, at.y - 8, text + 1, 16}, what, font::caption, ui.theme.second);
  return w + 8 + text;
}

float button_width(Ui& ui, std::string_view text, const ButtonLook& look) {
  float w = ui.canvas().measure(text, face_of(look)) + 2 * button_padding;
  if (look.icon) w += icon_side + icon_gap;
  if (look.menu) w += 12 + icon_gap;
  if (!look.key.empty()) w += key_cap_width(ui, look.key) + key_gap;
  return std::ceil(w);
}

bool button(Ui& ui, std::string_view name, Rect rect, std::string_view text, const ButtonLook& look) {
  const Response r = ui.interact(name, Kind::button, rect, text, {.enabled = look.enabled, .on = look.lit});
  Canvas& c = ui.canvas();
  const ButtonInk ink = ink_of(ui.theme, look, r);
  c.fill(rect, ink.ground, metric::radius);
  c.outline(rect, ink.border, ink.width, metric::radius);
  if (r.ring) ui.focus_ring(rect);
  if (!look.enabled) ui.tooltip(rect, look.why_not);

  const Font f = face_of(look);
  const float icon = look.icon ? icon_side + icon_gap : 0, chevron = look.menu ? 12 + icon_gap : 0;
  const float key = look.key.empty() ? 0 : key_cap_width(ui, look.key) + key_gap;
  const float room = rect.w - icon - chevron - key - 12, wanted = c.measure(text, f);
  const float text_width = std::min(room, wanted);
  float x = rect.x + (rect.w - icon - text_width - key - chevron) / 2;
  if (look.icon) draw_icon(c, *look.icon, {x, rect.middle() - icon_side / 2, icon_side, icon_side}, ink.text), x += icon;
  ui.label({x, rect.y, text_width + 0.6f, rect.h}, text, f, ink.text);
  x += text_width;
  if (!look.key.empty()) {
    const float w = key - key_gap;
    const Colour quiet = look.primary ? mix(ink.ground, ink.text, 0.6f) : ui.theme.strong_line;
    cap(ui, {x + key_gap, rect.middle() - metric::key_cap / 2, w, metric::key_cap}, look.key, quiet, look.primary ? ink.text : ui.theme.second);
    x += key;
  }
  if (look.menu) draw_icon(c, Icon::chevron_down, {x + icon_gap, rect.middle() - 6, 12, 12}, ink.text);
  return r.clicked;
}

bool icon_button(Ui& ui, std::string_view name, Rect rect, Icon icon, std::string_view words, bool enabled, bool on) {
  const Response r = ui.interact(name, Kind::button, rect, words, {.enabled = enabled, .on = on});
  Canvas& c = ui.canvas();
  if (on) c.fill(rect, ui.theme.accent_tint, metric::radius), c.outline(rect, ui.theme.accent, 1, metric::radius);
  if (r.hovered && !on) c.fill(rect, ui.theme.sunken, metric::radius), c.outline(rect, ui.theme.line, 1, metric::radius);
  const float side = std::min({rect.w, rect.h, std::max(14.f, std::min(rect.w, rect.h) - 10)});
  draw_icon(c, icon, rect.centred(side, side), enabled ? ui.theme.text : ui.theme.strong_line);
  if (r.ring) ui.focus_ring(rect);
  ui.tooltip(rect, words);
  return r.clicked;
}

bool round_button(Ui& ui, std::string_view name, Rect rect, Icon icon, std::string_view words, bool ring) {
  const Response r = ui.interact(name, Kind::button, rect, words);
  Canvas& c = ui.canvas();
  const float radius = rect.w / 2;
  const Colour ground = r.hovered ? mix(ui.theme.accent, ui.theme.text, 0.12f) : ui.theme.accent;
  if (ring) {
    c.ring(rect.centre(), radius - 1, ui.theme.accent, 2);
    c.disc(rect.centre(), radius - 6, ground);
  } else {
    c.disc(rect.centre(), radius, ground);
  }
  const float side = rect.w * (ring ? 0.44f : 0.5f);
  draw_icon(c, icon, rect.centred(side, side).moved(icon == Icon::play ? side * 0.04f : 0, 0), ui.theme.on_accent);
  if (r.ring) ui.focus_ring(rect, radius);
  ui.tooltip(rect, words);
  return r.clicked;
}

bool segmented(Ui& ui, std::string_view name, Rect rect, std::span<const std::string_view> texts, int& chosen, bool accent) {
  const Response all = ui.interact(name, Kind::toggle, rect, {}, {.takes_keys = true});
  bool changed = move_choice(ui, all.focused, int(texts.size()), chosen);
  Canvas& c = ui.canvas();
  const Theme& t = ui.theme;
  c.outline(rect, t.line, 1, metric::radius);
  const float each = rect.w / float(texts.size());
  for (int i = 0; i < int(texts.size()); ++i) {
    const Rect part{rect.x + float(i) * each, rect.y, each, rect.h};
    const Response r = ui.interact(child(name, std::size_t(i)), Kind::toggle, part, texts[std::size_t(i)], {.focusable = false, .on = i == chosen});
    if (r.clicked && chosen != i) chosen = i, changed = true;
    const bool on = i == chosen;
    if (on) {
      c.fill(part, accent ? t.accent_tint : t.raised, metric::radius);
      c.outline(part, accent ? t.accent : t.strong_line, 1, metric::radius);
    }
    const bool tall = rect.h >= 26;
    ui.label(part.inset(4, 0), texts[std::size_t(i)], tall ? (on ? font::strong : font::body) : on ? font::caption_strong : font::caption,
             on ? t.text : r.hovered ? t.second : t.third, Align::centre);
  }
  if (all.ring) ui.focus_ring(rect);
  if (changed) ui.next_frame();
  return changed;
}

float tabs_width(Ui& ui, std::span<const std::string_view> texts, TabLine line) {
  float w = 0;
  for (const std::string_view text : texts) w += ui.canvas().measure(text, font::strong) + 24;
  return line == TabLine::below && !texts.empty() ? w - 24 : w;
}

bool tabs(Ui& ui, std::string_view name, Rect bar, std::span<const std::string_view> texts, int& chosen, TabLine line) {
  const Rect whole{bar.x, bar.y, std::min(bar.w, tabs_width(ui, texts, line)), bar.h};
  const Response all = ui.interact(name, Kind::tab, whole, {}, {.takes_keys = true});
  bool changed = move_choice(ui, all.focused, int(texts.size()), chosen);
  Canvas& c = ui.canvas();
  const Theme& t = ui.theme;
  float x = bar.x;
  const bool above = line == TabLine::above;
  for (int i = 0; i < int(texts.size()); ++i) {
    const std::string_view text = texts[std::size_t(i)];
    const float w = c.measure(text, font::strong), pad = 12;
    const Rect tab = above ? Rect{x, bar.y, w + 2 * pad, bar.h} : Rect{x, bar.y, w, bar.h};
    const Rect hit = above ? tab : tab.inset(-pad, 0);
    const Response r = ui.interact(child(name, std::size_t(i)), Kind::tab, hit, text, {.focusable = false, .on = i == chosen});
    if (r.clicked && chosen != i) chosen = i, changed = true;
    const bool on = i == chosen;
    if (on && above) c.fill(tab, t.panel), c.fill({tab.x, tab.y, tab.w, 2}, t.accent);
    if (on && !above) c.fill({tab.x, tab.bottom() - 2, tab.w, 2}, t.accent);
    ui.label((above ? tab.inset(pad, 0) : tab).inset(-1, 0), text, on ? font::strong : font::body,
             on ? t.text : r.hovered ? t.text : t.second, above ? Align::centre : Align::left);
    if (all.ring && on) ui.focus_ring(above ? tab.inset(2) : tab.inset(-4, -2).inset(0, 8));
    x += w + (above ? 2 * pad : 24);
  }
  if (changed) ui.next_frame();
  return changed;
}

float chip_width(Ui& ui, std::string_view text) { return std::ceil(ui.canvas().measure(text, font::caption) + 12); }

bool chip(Ui& ui, std::string_view name, Point at, std::string_view text, bool on) {
  const Rect box{at.x, at.y - metric::chip / 2, chip_width(ui, text), metric::chip};
  const Response r = ui.interact(name, Kind::chip, box, text, {.on = on});
  const Theme& t = ui.theme;
  ui.canvas().fill(box, on ? t.accent_tint : t.sunken, metric::chip_radius);
  if (on || r.hovered) ui.canvas().outline(box, on ? t.accent : t.strong_line, 1, metric::chip_radius);
  ui.label(box.inset(5.5f, 0), text, font::caption, on ? t.text : t.second);
  if (r.ring) ui.focus_ring(box, metric::chip_radius);
  return r.clicked;
}

bool fold_chip(Ui& ui, std::string_view name, Point at, std::string_view text, bool open) {
  const float w = ui.canvas().measure(text, font::caption) + 24;
  const Rect box{at.x, at.y - 7, w, 14};
  const Response r = ui.interact(name, Kind::chip, box, text, {.on = open});
  const Theme& t = ui.theme;
  ui.canvas().fill(box, r.hovered ? t.raised : t.sunken, metric::chip_radius);
  ui.canvas().outline(box, r.hovered ? t.strong_line : t.line, 1, metric::chip_radius);
  draw_icon(ui.canvas(), open ? Icon::chevron_down : Icon::chevron_right, {box.x + 3, box.middle() - 5, 10, 10}, t.second);
  ui.label({box.x + 16, box.y, w - 18, box.h}, text, font::caption, t.second);
  if (r.ring) ui.focus_ring(box, metric::chip_radius);
  return r.clicked;
}

bool link(Ui& ui, std::string_view name, Rect row, std::string_view text, Align align, Font f) {
  Canvas& c = ui.canvas();
  const float w = std::min(row.w, c.measure(text, f));
  const float x = align == Align::right ? row.right() - w : align == Align::centre ? row.x + (row.w - w) / 2 : row.x;
  const Rect place{x, row.y, w, row.h};
  const Response r = ui.interact(name, Kind::link, place, text);
  ui.label({place.x, place.y, w + 0.6f, place.h}, text, f, ui.theme.accent);
  const float y = c.baseline(row, f) + 3;
  c.horizontal(x, x + w, y, r.hovered ? ui.theme.accent : mix(ui.theme.panel, ui.theme.accent, 0.45f));
  if (r.ring) ui.focus_ring(place.centred(w, std::min(row.h, f.size + 5)), 2);
  return r.clicked;
}

bool checkbox(Ui& ui, std::string_view name, Rect row, std::string_view text, bool& on) {
  const Response r = ui.interact(name, Kind::checkbox, row, text, {.on = on});
  if (r.clicked) on = !on;
  const Rect box = row.at_left(14, 14);
  const Theme& t = ui.theme;
  ui.canvas().fill(box, t.raised, metric::chip_radius);
  ui.canvas().outline(box, on || r.hovered ? t.text : t.third, on ? 1.5f : 1, metric::chip_radius);
  if (on) draw_icon(ui.canvas(), Icon::tick, box.inset(1.5f), t.text);
  row.take_left(22);
  ui.label(row, text, font::body);
  if (r.ring) ui.focus_ring(box, metric::chip_radius);
  return r.clicked;
}

bool radio(Ui& ui, std::string_view name, Rect row, std::string_view text, bool on, Font f) {
  const Response r = ui.interact(name, Kind::radio, row, text, {.on = on});
  const Point centre{row.x + 7, row.middle()};
  const Theme& t = ui.theme;
  ui.canvas().ring(centre, 6.5f, on ? t.accent : r.hovered ? t.second : t.third, 1.5f);
  if (on) ui.canvas().disc(centre, 3.5f, t.accent);
  Rect rest = row;
  rest.take_left(22);
  if (!text.empty()) ui.label(rest, text, f);
  if (r.ring) ui.focus_ring({centre.x - 7, centre.y - 7, 14, 14}, 7);
  return r.clicked;
}

bool dropdown(Ui& ui, std::string_view name, Rect rect, std::span<const std::string_view> texts, int& chosen) {
  const std::string_view shown = chosen >= 0 && chosen < int(texts.size()) ? texts[std::size_t(chosen)] : std::string_view();
  const Response r = ui.interact(name, Kind::button, rect, shown);
  const Theme& t = ui.theme;
  ui.canvas().fill(rect, r.hovered ? t.sunken : t.raised, metric::radius);
  ui.canvas().outline(rect, t.strong_line, 1, metric::radius);
  Rect inside = rect.inset(8, 0);
  draw_icon(ui.canvas(), Icon::chevron_down, inside.take_right(11).at_right(11, 11), t.second);
  ui.label(inside, shown, font::body);
  if (r.ring) ui.focus_ring(rect);
  const std::string list = std::string(name) + ".menu";
  if (r.clicked) ui.open_popup(list, {rect.x, rect.bottom() + 4});
  std::vector<std::string> names(texts.size());
  std::vector<MenuItem> items;
  if (ui.popup_open(list))
    for (std::size_t i = 0; i < texts.size(); ++i) {
      names[i] = std::to_string(i);
      items.push_back({.name = names[i], .text = texts[i], .on = int(i) == chosen});
    }
  const std::optional<int> picked = menu(ui, list, items);
  if (!picked || *picked == chosen) return false;
  chosen = *picked;
  ui.next_frame();
  return true;
}

std::optional<int> menu(Ui& ui, std::string_view name, std::span<const MenuItem> items) {
  if (!ui.popup_open(name)) return std::nullopt;
  Canvas& c = ui.canvas();
  float width = 120, height = 8;
  for (const MenuItem& item : items) {
    float w = c.measure(item.text, font::body) + 52;
    if (!item.key.empty()) w += key_cap_width(ui, item.key) + 16;
    width = std::max(width, w);
    height += metric::menu_row + (item.rule_above ? 9 : 0);
  }
  const auto area = ui.begin_popup(name, {std::ceil(width), height});
  if (!area) return std::nullopt;
  std::optional<int> picked;
  Rect rest = area->inset(0, 4);
  const auto full_name = [&](std::size_t i) { return std::string(name) + "/" + std::string(items[i].name); };
  const int step = ui.take(Key::down) ? 1 : ui.take(Key::up) ? -1 : 0;
  if (step != 0 && !items.empty()) {
    int at = step > 0 ? -1 : int(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      if (ui.focused(full_name(i))) at = int(i);
    for (std::size_t tries = 0; tries < items.size(); ++tries) {
      at = (at + step + int(items.size())) % int(items.size());
      if (items[std::size_t(at)].enabled) break;
    }
    ui.focus(full_name(std::size_t(at)), true);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const MenuItem& item = items[i];
    if (item.rule_above) {
      const Rect gap = rest.take_top(9);
      c.horizontal(gap.x + 8, gap.right() - 8, gap.y + 4, ui.theme.line);
    }
    Rect row = rest.take_top(metric::menu_row);
    const Response r = ui.interact(full_name(i), Kind::item, row, item.text, {.enabled = item.enabled, .on = item.on});
    row_ground(ui, row, r.focused, r.hovered);
    if (!item.enabled) ui.tooltip(row, item.why_not);
    const Rect mark = row.take_left(28);
    if (item.on) draw_icon(c, Icon::tick, mark.centred(12, 12), ui.theme.text);
    if (!item.key.empty()) {
      const float w = key_cap_width(ui, item.key);
      key_cap(ui, {row.right() - 12 - w, row.middle()}, item.key);
      row.take_right(w + 20);
    }
    ui.label(row, item.text, font::body, item.enabled ? ui.theme.text : ui.theme.third);
    if (r.clicked && !picked) picked = int(i);
  }
  ui.end_popup();
  if (picked) ui.close_popup(name);
  return picked;
}

}  // namespace glasspost::ui
