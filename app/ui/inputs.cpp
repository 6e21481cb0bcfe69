// The parts of widgets.h that take text.
#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr Modifier ctrl = Modifier::ctrl, shift = Modifier::shift, none = Modifier::none;

// Movement and editing with the keys that every text field has. True: the text changed.
bool edit_keys(Ui& ui, LineEdit& edit, bool secret) {
  const std::string before = edit.text();
  for (const bool extend : {false, true}) {
    const Modifier plain = extend ? shift : none, word = extend ? ctrl | shift : ctrl;
    while (ui.take(Key::left, plain)) edit.left(false, extend);
    while (ui.take(Key::right, plain)) edit.right(false, extend);
    while (ui.take(Key::left, word)) edit.left(true, extend);
    while (ui.take(Key::right, word)) edit.right(true, extend);
    while (ui.take(Key::home, plain)) edit.line_start(extend);
    while (ui.take(Key::end, plain)) edit.line_end(extend);
    if (edit.multiline()) {
      while (ui.take(Key::up, plain)) edit.up(extend);
      while (ui.take(Key::down, plain)) edit.down(extend);
      while (ui.take(Key::home, word)) edit.place(0, extend);
      while (ui.take(Key::end, word)) edit.place(edit.text().size(), extend);
    }
  }
  while (ui.take(Key::backspace)) edit.backspace();
  while (ui.take(Key::backspace, ctrl)) edit.backspace(!secret);
  while (ui.take(Key::erase)) edit.erase();
  while (ui.take(Key::erase, ctrl)) edit.erase(!secret);
  if (ui.take(Key::a, ctrl)) edit.select_all();
  if (ui.take(Key::z, ctrl)) edit.undo();
  if (ui.take(Key::y, ctrl) || ui.take(Key::z, ctrl | shift)) edit.redo();
  const bool cut = ui.take(Key::x, ctrl);
  if ((ui.take(Key::c, ctrl) || cut) && !secret && ui.write_clipboard && !edit.selection().empty())
    ui.write_clipboard(std::string(edit.selection()));
  if (cut && edit.begin() != edit.end()) edit.erase();
  return edit.text() != before;
}

// A paste: the whole of it, with each line end as one '\n'.
std::optional<std::string> pasted(Ui& ui) {
  if (!ui.take(Key::v, ctrl) && !ui.take(Key::insert, shift)) return std::nullopt;
  if (!ui.read_clipboard) return std::nullopt;
  std::string text;
  for (const char c : ui.read_clipboard())
    if (c != '\r') text += c;
  return text;
}

struct Frame {
  Rect inside;
  Response response;
};
Frame field(Ui& ui, std::string_view name, Rect rect, std::string_view shown, bool enabled) {
  Manner manner;
  manner.enabled = enabled, manner.takes_text = manner.takes_keys = manner.focus_on_click = true;
  manner.pointer = Pointer::text;
  const Response r = ui.interact(name, Kind::input, rect, shown, manner);
  const Theme& t = ui.theme;
  ui.canvas().fill(rect, enabled ? t.raised : t.sunken, metric::radius);
  ui.canvas().outline(rect, r.focused ? t.accent : r.hovered ? t.third : enabled ? t.strong_line : t.line, r.focused ? 2 : 1, metric::radius);
  return {rect.inset(11, 0), r};
}

// The text, its selection and its cursor, scrolled so that the cursor is seen. Returns where the text ends.
float draw_text(Ui& ui, std::string_view name, Rect area, LineEdit& edit, const InputLook& look, const Response& r) {
  Canvas& c = ui.canvas();
  const Font f = look.text_font;
  const std::string_view text = look.secret ? (edit.text().empty() ? std::string_view() : masked_secret) : std::string_view(edit.text());
  const auto x_of = [&](std::size_t offset) {
    if (look.secret) return offset == 0 ? 0.f : c.measure(text, f);
    return c.measure(text.substr(0, offset), f);
  };
  double& scrolled = ui.memory(std::string(name) + ".scrolled");
  const float cursor = x_of(edit.cursor());
  if (cursor - float(scrolled) > area.w - 3) scrolled = cursor - area.w + 3;
  if (cursor < float(scrolled)) scrolled = cursor;
  if (!r.focused) scrolled = 0;
  scrolled = std::clamp(scrolled, 0.0, double(std::max(0.f, c.measure(text, f) - area.w + 3)));
  const float left = area.x - float(scrolled);
  if ((r.pressed || (r.held && !r.double_clicked)) && !look.secret) {
    edit.place(c.gap_at(text, f, ui.input().mouse.x - left), !r.pressed || has(ui.input().with, shift));
    if (r.double_clicked) edit.select_word();
  }
  c.push_clip(area.inset(-1, 0));
  const Rect line = area.at_left(area.w, f.size + 7);
  if (r.focused && edit.begin() != edit.end()) {
    const float from = x_of(edit.begin()), to = x_of(edit.end());
    c.fill({left + from, line.y, to - from, line.h}, mix(ui.theme.raised, ui.theme.accent, 0.25f));
  }
  const float baseline = c.baseline(area, f);
  const float end = left + c.text({left, baseline}, text, f, look.enabled ? ui.theme.text : ui.theme.third);
  if (r.focused && edit.begin() == edit.end() && edit.cursor() == edit.text().size() && !look.ghost.empty())
    c.text({end, baseline}, look.ghost, {f.face == Face::wire_bold ? Face::wire : f.face, f.size}, ui.theme.third);
  if (r.focused) c.fill({c.snapped(left + x_of(edit.cursor())), line.y, 2, line.h}, ui.theme.accent);
  c.pop_clip();
  return end - area.x;
}

}  // namespace

InputEvent text_input(Ui& ui, std::string_view name, Rect rect, LineEdit& edit, const InputLook& look) {
  Canvas& c = ui.canvas();
  // What stands there now: typing makes an earlier view of it invalid.
  const auto shown = [&] { return look.secret && !edit.text().empty() ? masked_secret : std::string_view(edit.text()); };
  const std::string before(shown());
  auto [inside, r] = field(ui, name, rect, before, look.enabled);
  inside.take_right(look.reserved_right);
  InputEvent event = InputEvent::none;
  if (r.focused) {
    if (edit.insert(ui.take_text()) && edit_keys(ui, edit, look.secret)) event = InputEvent::changed;
    if (auto paste = pasted(ui)) {
      while (!paste->empty() && paste->back() == '\n') paste->pop_back();
      if (look.pasted_lines && paste->find('\n') != std::string::npos) *look.pasted_lines = *paste, event = InputEvent::pasted_lines;
      else edit.insert(*paste);
    }
    if (event == InputEvent::none && before != shown()) event = InputEvent::changed;
    if (ui.take(Key::up)) event = InputEvent::up;
    if (ui.take(Key::down)) event = InputEvent::down;
    if (look.accepts_tab && ui.take(Key::tab)) event = InputEvent::tab;
    if (ui.take(Key::escape)) event = InputEvent::escape;
    if (ui.take(Key::enter)) event = InputEvent::submitted;
  }
  if (look.search || look.icon)
    draw_icon(c, look.icon.value_or(Icon::search), inside.take_left(22).at_left(14, 14), ui.theme.second);
  if (!look.prompt.empty()) {
    const float w = c.measure(look.prompt, look.text_font);
    ui.label(inside.take_left(w + 1), look.prompt, look.text_font, ui.theme.third);
    inside.take_left(look.text_font.size);
  }
  const float hint = look.hint.empty() ? 0 : c.measure(look.hint, font::caption);
  Rect text_area = inside;
  const float text_width = c.measure(shown(), look.text_font);
  if (hint > 0 && text_width + hint + 24 < inside.w) {
    ui.label(text_area.take_right(hint + 1), look.hint, font::caption, ui.theme.third, Align::right);
    text_area.take_right(8);
  }
  if (edit.text().empty() && !look.placeholder.empty() && !(r.focused && !look.ghost.empty())) {
    const Font f = look.text_font.face == Face::wire ? font::body : look.text_font;
    ui.label(text_area.inset(r.focused ? 4 : 0, 0), look.placeholder, f, ui.theme.third);
  }
  draw_text(ui, name, text_area, edit, look, r);
  if (event != InputEvent::none) ui.next_frame();
  return event;
}

bool text_area(Ui& ui, std::string_view name, Rect rect, LineEdit& edit, Font f) {
  auto [inside, r] = field(ui, name, rect, edit.text(), true);
  inside = inside.inset(0, 8);
  Canvas& c = ui.canvas();
  const float step = line_height(f);
  const std::string before = edit.text();
  const std::size_t cursor_before = edit.cursor();
  if (r.focused) {
    edit.insert(ui.take_text());
    while (ui.take(Key::enter)) edit.insert("\n");
    edit_keys(ui, edit, false);
    if (const auto paste = pasted(ui)) edit.insert(*paste);
  }
  const std::string& text = edit.text();
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  const float height = float(lines) * step;
  double& offset = ui.memory(std::string(name) + ".scrolled");
  if (const Point wheel = ui.wheel(rect); wheel.y != 0) offset -= double(wheel.y) * 60, ui.take_wheel();
  const auto row_of = [&](std::size_t at) { return float(std::count(text.begin(), text.begin() + std::ptrdiff_t(at), '\n')); };
  if (edit.cursor() != cursor_before || text != before) {
    const double y = row_of(edit.cursor()) * step;
    if (y < offset) offset = y;
    if (y + step > offset + inside.h) offset = y + step - inside.h;
  }
  offset = std::clamp(offset, 0.0, double(std::max(0.f, height - inside.h)));
  if (r.pressed || (r.held && !r.double_clicked)) {
    const auto row = std::int64_t(std::max(0.0, (double(ui.input().mouse.y - inside.y) + offset) / step));
    std::size_t start = 0;
    for (std::int64_t i = 0; i < row && text.find('\n', start) != std::string::npos; ++i) start = text.find('\n', start) + 1;
    const std::size_t end = std::min(text.find('\n', start), text.size());
    edit.place(start + c.gap_at(std::string_view(text).substr(start, end - start), f, ui.input().mouse.x - inside.x),
               !r.pressed || has(ui.input().with, shift));
    if (r.double_clicked) edit.select_word();
  }
  c.push_clip(inside.inset(-2, 0));
  std::size_t start = 0;
  for (float row = 0;; ++row) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const Rect line{inside.x, inside.y + row * step - float(offset), inside.w, step};
    if (c.shows(line)) {
      const std::string_view words = std::string_view(text).substr(start, end - start);
      const std::size_t from = std::clamp(edit.begin(), start, end), to = std::clamp(edit.end(), start, end);
      const auto x_of = [&](std::size_t at) { return line.x + c.measure(words.substr(0, at - start), f); };
      if (r.focused && from < to) c.fill({x_of(from), line.y, x_of(to) - x_of(from), step}, mix(ui.theme.raised, ui.theme.accent, 0.25f));
      c.text({line.x, c.baseline(line, f)}, words, f, ui.theme.text);
      if (r.focused && edit.cursor() >= start && edit.cursor() <= end)
        c.fill({c.snapped(x_of(edit.cursor())), line.y + 1, 2, step - 2}, ui.theme.accent);
    }
    if (end == text.size()) break;
    start = end + 1;
  }
  c.pop_clip();
  return text != before;
}

}  // namespace glasspost::ui
