// The parts of widgets.h that make room for others: heads, splitters, scrolling, notices.
#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"

namespace glasspost::ui {

Rect panel_head(Ui& ui, std::string_view name, Rect& area, std::string_view title, std::string_view aside, std::string_view hint) {
  Rect head = area.take_top(metric::panel_head);
  ui.note(name, Kind::area, head, title);
  Rect row = head.inset(metric::padding, 0);
  if (!hint.empty()) {
    const float w = ui.canvas().measure(hint, font::caption);
    if (w + 160 < row.w) ui.label(row.take_right(w + 1), hint, font::caption, ui.theme.third, Align::right);
  }
  const float title_width = std::min(row.w, ui.canvas().measure(title, font::strong));
  ui.label(row.take_left(title_width + 1), title, font::strong);
  row.take_left(11);
  if (!aside.empty()) {
    const float w = std::min(row.w, ui.canvas().measure(aside, font::body) + 1);
    ui.label(row.take_left(w), aside, font::body, ui.theme.second);
    row.take_left(12);
  }
  return row;
}

void card(Ui& ui, Rect rect, bool lit, float radius) {
  ui.canvas().fill(rect, ui.theme.raised, radius);
  ui.canvas().outline(rect, lit ? ui.theme.accent : ui.theme.strong_line, lit ? 2 : 1, radius);
}

void rule(Ui& ui, Rect& area, float space) {
  const Rect strip = area.take_top(2 * space + 1);
  ui.canvas().horizontal(strip.x, strip.right(), strip.y + space, ui.theme.line);
}

void row_ground(Ui& ui, Rect row, bool selected, bool hovered) {
  if (selected)
    ui.canvas().fill(row, ui.theme.selected()), ui.canvas().fill({row.x, row.y, 3, row.h}, ui.theme.accent);
  else if (hovered)
    ui.canvas().fill(row, ui.theme.hovered());
}

Halves splitter(Ui& ui, std::string_view name, Rect area, Axis axis, float initial, float first_least, float second_least) {
  const bool across = axis == Axis::horizontal;
  const float all = across ? area.w : area.h;
  const auto it = ui.sizes.find(name);
  const float wanted = it == ui.sizes.end() ? initial : it->second;
  const float most = std::max(first_least, all - 1 - second_least);
  float size = std::round(std::clamp(wanted, std::min(first_least, all), std::min(most, all)));

  const float at = across ? area.x + size : area.y + size, reach = metric::splitter_reach;
  const Rect grip = across ? Rect{at - reach, area.y, 2 * reach + 1, area.h} : Rect{area.x, at - reach, area.w, 2 * reach + 1};
  const Response r = ui.interact(name, Kind::splitter, grip, {},
                                 {.takes_keys = true, .pointer = across ? Pointer::resize_horizontal : Pointer::resize_vertical});
  float moved = size;
  const float mouse = across ? ui.input().mouse.x - area.x : ui.input().mouse.y - area.y;
  double& caught = ui.memory(name);  // how far from the line
  if (r.pressed) caught = mouse - size;
  if (r.held && !r.pressed) moved = std::round(std::clamp(mouse - float(caught), first_least, most));
  if (r.focused) {
    const float step = metric::grid;
    if (ui.take(across ? Key::left : Key::up)) moved = std::max(first_least, size - step);
    if (ui.take(across ? Key::right : Key::down)) moved = std::min(most, size + step);
  }
  if (r.double_clicked) {
    if (it != ui.sizes.end()) ui.sizes.erase(it);
    ui.next_frame();
  } else if (moved != size) {
    ui.sizes.insert_or_assign(std::string(name), moved);
    ui.next_frame();
  }
  const Colour colour = r.held || r.ring ? ui.theme.accent : r.hovered ? ui.theme.third : ui.theme.strong_line;
  const float width = r.held || r.ring ? 2 : 1;
  if (across)
    ui.canvas().fill({at, area.y, width, area.h}, colour);
  else
    ui.canvas().fill({area.x, at, area.w, width}, colour);
  Halves halves{area, area};
  if (across)
    halves.first.w = size, halves.second.x += size + 1, halves.second.w = std::max(0.f, all - size - 1);
  else
    halves.first.h = size, halves.second.y += size + 1, halves.second.h = std::max(0.f, all - size - 1);
  return halves;
}

namespace {

// A thumb in a track, both in one dimension; the new position, from 0 to 1, if it was moved.
std::optional<double> thumb(Ui& ui, std::string_view name, Rect track, double at, double share) {
  const float least = std::min(24.f, track.h), height = std::max(least, track.h * float(share));
  const Rect body{track.x, track.y + float(at) * (track.h - height), track.w, height};
  const Response r = ui.interact(name, Kind::scroll, track, {}, {.focusable = false, .pointer = Pointer::arrow});
  double& grip = ui.memory(name, -1);  // where in the thumb it was caught
  const float mouse = ui.input().mouse.y;
  if (r.pressed) grip = body.contains(ui.input().mouse) ? mouse - body.y : height / 2;
  ui.canvas().fill(body.inset(2, 1), r.held ? ui.theme.accent : r.hovered ? ui.theme.third : ui.theme.strong_line, 2);
  if (!r.held || track.h <= height) return std::nullopt;
  return std::clamp((double(mouse) - grip - track.y) / double(track.h - height), 0.0, 1.0);
}

}  // namespace

ScrollArea::ScrollArea(Ui& ui, std::string_view name, Rect area, float content_height)
    : ui_(ui), name_(name), area_(area), content_{area.x, area.y, area.w, content_height} {
  double& offset = ui_.memory(name_);
  const double most = std::max(0.f, content_height - area.h);
  if (most > 0) {
    const Response r = ui_.interact(name_, Kind::scroll, area, {}, {.takes_keys = true, .pointer = Pointer::arrow});
    if (r.focused) {
      const double page = std::max(40.f, area.h - 40);
      if (ui_.take(Key::down)) offset += 40;
      if (ui_.take(Key::up)) offset -= 40;
      if (ui_.take(Key::page_down)) offset += page;
      if (ui_.take(Key::page_up)) offset -= page;
      if (ui_.take(Key::home)) offset = 0;
      if (ui_.take(Key::end)) offset = most;
    }
    if (r.ring) ui_.canvas().fill({area.x, area.y, area.w, 2}, ui_.theme.accent);
  } else {
    ui_.note(name_, Kind::scroll, area);
  }
  offset = std::clamp(offset, 0.0, most);
  content_.y = ui_.canvas().snapped(area.y - float(offset));
  ui_.canvas().push_clip(area);
}

ScrollArea::~ScrollArea() {
  double& offset = ui_.memory(name_);
  const double before = offset, most = std::max(0.f, content_.h - area_.h);
  if (const std::optional<Rect> wanted = ui_.reveal_; wanted && most > 0) {
    if (wanted->y < area_.y) offset += wanted->y - area_.y - 8;
    if (wanted->bottom() > area_.bottom()) offset += wanted->bottom() - area_.bottom() + 8;
    ui_.reveal_.reset();
  }
  if (most > 0) {
    if (const Point wheel = ui_.wheel(area_); wheel.y != 0) offset -= double(wheel.y) * 60, ui_.take_wheel();
    const Rect track{area_.right() - metric::scroll_bar, area_.y, metric::scroll_bar, area_.h};
    const auto moved = thumb(ui_, name_ + ".bar", track, std::clamp(offset / most, 0.0, 1.0), double(area_.h / content_.h));
    if (moved) offset = *moved * most;
  }
  offset = std::clamp(offset, 0.0, most);
  if (offset != before) ui_.next_frame();
  ui_.canvas().pop_clip();
}

void ScrollArea::reveal(float y, float height) {
  double& offset = ui_.memory(name_);
  const double before = offset;
  if (y < offset) offset = y;
  if (double(y + height) > offset + double(area_.h)) offset = double(y + height - area_.h);
  if (offset != before) ui_.next_frame();
}

void scroll_bar(Ui& ui, std::string_view name, Rect track, Rect wheel_area, double& first, double visible, double total) {
  const double most = std::max(0.0, total - visible), before = first;
  if (const Point wheel = ui.wheel(wheel_area); wheel.y != 0) first -= double(wheel.y) * 3, ui.take_wheel();
  first = std::clamp(first, 0.0, most);
  if (most > 0) {
    const auto moved = thumb(ui, name, track, first / most, visible / total);
    if (moved) first = *moved * most;
  }
  if (first != before) ui.next_frame();
}

Rect table_head(Ui& ui, Rect& area, std::initializer_list<Column> columns) {
  const Rect strip = area.take_top(metric::table_head);
  ui.canvas().fill(strip, ui.theme.sunken);
  ui.canvas().horizontal(strip.x, strip.right(), strip.bottom() - 1, ui.theme.line);
  for (const Column& column : columns)
    ui.label({strip.x + column.x, strip.y, column.width, strip.h}, column.text, column.strong ? font::strong : font::caption,
             column.strong ? ui.theme.text : ui.theme.second, column.align);
  return strip;
}

float notice(Ui& ui, std::string_view name, Rect top, Gravity gravity, std::string_view heading, std::string_view body) {
  const Theme& t = ui.theme;
  const bool grave = gravity != Gravity::plain;
  constexpr float pad = 12, mark = 16;
  const float indent = grave ? mark + 12 : 0, width = top.w - 2 * pad - indent;
  const float heading_height = heading.empty() ? 0 : measure_prose(ui, width, heading, font::strong);
  const float body_height = body.empty() ? 0 : measure_prose(ui, width, body, font::body);
  const Rect box{top.x, top.y, top.w, heading_height + body_height + 2 * pad};
  ui.note(name, Kind::notice, box, heading.empty() ? body : heading);
  ui.canvas().fill(box, grave ? t.error.tint : t.sunken, metric::card_radius);
  ui.canvas().outline(box, grave ? t.error.fill : t.line, 1, metric::card_radius);
  if (grave) draw_icon(ui.canvas(), gravity == Gravity::exposed ? Icon::eye : Icon::warning, {box.x + pad, box.y + pad + 1, mark, mark}, t.error.fill);
  Rect text{box.x + pad + indent, box.y + pad, width, box.h};
  if (!heading.empty()) text.take_top(prose(ui, text, heading, font::strong, grave ? t.error.text : t.text));
  if (!body.empty()) prose(ui, text, body, font::body, t.text);
  return box.h;
}

void empty_panel(Ui& ui, Rect area, std::string_view sentence, std::string_view more) {
  const float width = std::min(area.w - 2 * metric::padding, 520.f);
  const Rect middle{area.x + (area.w - width) / 2, area.y, width, area.h};
  const float height = measure_prose(ui, width, sentence, font::body) + (more.empty() ? 0 : measure_prose(ui, width, more, font::caption) + 6);
  // One line stands in the middle; several read better from the left.
  Rect rest{middle.x, std::max(area.y + 4, area.middle() - height / 2), width, height};
  const float wide = ui.canvas().measure(sentence, font::body);
  if (wide < width) rest.x = area.x + (area.w - wide) / 2, rest.w = wide + 2;
  rest.take_top(prose(ui, rest, sentence, font::body, ui.theme.second) + 6);
  if (!more.empty()) prose(ui, rest, more, font::caption, ui.theme.third);
}

void spotlight(Ui& ui, Rect target, std::string_view words, std::optional<Point> from) {
  Canvas& c = ui.canvas();
  const Colour accent = ui.theme.accent;
  const float shown = ui.animate("spotlight", true, motion::spotlight);
  c.rise();
  c.outline(target.inset(-4), accent, 2, metric::radius + 4);
  c.outline(target.inset(-8), accent.faded(0.5f * shown), 1, metric::radius + 8);
  c.outline(target.inset(-12), accent.faded(0.25f * shown), 1, metric::radius + 12);
  const float w = c.measure(words, font::strong) + 24, h = 24;
  const bool above = target.y > h + 32;
  const Rect box{std::clamp(target.x + 4, 8.f, std::max(8.f, c.size().w - w - 8)), above ? target.y - h - 16 : target.bottom() + 16, w, h};
  c.fill(box, accent, metric::radius);
  const float tip = above ? box.bottom() : box.y, dy = above ? 6.f : -6.f;
  // It points at the control even where the edge of the window pushed the words aside.
  const float at = std::clamp(target.x + std::min(26.F, target.w / 2), box.x + 12, box.right() - 12);
  const Point beak[] = {{at - 6, tip}, {at + 6, tip}, {at, tip + dy}};
  c.polygon(beak, accent);
  ui.label(box.inset(12, 0), words, font::strong, ui.theme.on_accent, Align::left, "spotlight");
  if (from) {
    const Point to{box.x, box.middle()};
    c.curve(*from, {from->x + 24, from->y}, {to.x - 24, to.y}, to, accent, 2);
    c.disc(*from, 3, accent);
  }
  c.sink();
}

}  // namespace glasspost::ui
