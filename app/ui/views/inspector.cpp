// The inspector: one message, opened word by word, and the same message as bytes, under TLS, and as a step between states.
#include <array>

#include "app/ui/views/inspector_parts.h"

namespace glasspost::ui {
namespace {

// What an opened line will look like, before there is one.
void ghost(Ui& ui, Rect area) {
  Canvas& c = ui.canvas();
  const Colour dark = mix(ui.theme.panel, ui.theme.strong_line, 0.55F), pale = ui.theme.sunken;
  const Rect line{area.x, area.y + 100, area.w, 36};
  c.fill(line, pale);
  c.horizontal(line.x, line.right(), line.y, ui.theme.line), c.horizontal(line.x, line.right(), line.bottom() - 1, ui.theme.line);
  const std::array<float, 3> starts{32, 96, 170}, widths{52, 62, 140};
  for (std::size_t i = 0; i < 3; ++i) {
    const float x = area.x + starts[i], wide = std::min(widths[i], area.right() - x - 16);
    c.fill({x, line.y + 12, wide, 10}, dark);
    c.horizontal(x, x + wide, line.y + 28, ui.theme.strong_line);
    if (i == 2) continue;
    const float y = area.y + 50 * float(i), across = area.right() - x - 60;
    c.vertical(x + 8, y + 4, line.y + 6, ui.theme.strong_line), c.disc({x + 8, y + 4}, 2.5F, ui.theme.strong_line);
    c.fill({x + 22, y, across * (i == 0 ? 0.8F : 0.9F), 8}, dark), c.fill({x + 22, y + 16, across * 0.6F, 6}, pale);
  }
  const Point from{area.x + 220, line.bottom() - 6}, to{area.x + 40, line.bottom() + 36};
  c.curve(from, {from.x, from.y + 26}, {to.x + 10, to.y - 26}, to, ui.theme.strong_line), c.disc(to, 2.5F, ui.theme.strong_line);
  const float across = area.w - 70;
  c.fill({area.x + 54, to.y - 4, across * 0.7F, 8}, dark);
  c.fill({area.x + 54, to.y + 14, across * 0.9F, 6}, pale), c.fill({area.x + 54, to.y + 30, across * 0.8F, 6}, pale);
}

void shapes(Ui& ui, Rect area, const Strings& s) {
  Rect head = area.take_top(32);
  const std::string_view hint = s("start.shapes_hint");
  ui.label(head.take_right(std::min(head.w / 2, ui.canvas().measure(hint, font::caption) + 1)), hint, font::caption, ui.theme.third, Align::right);
  ui.label(head, s("start.shapes"), font::strong);
  for (int i = 0; i < protocol_count; ++i) {
    const Protocol protocol = Protocol(i);
    Rect row = area.take_top(26);
    draw_shape(ui.canvas(), ui.theme, row.take_left(34).at_left(16, 16), protocol);
    ui.label(row.take_left(62), name_of(protocol), font::strong, ui.theme.of(protocol).text);
    ui.label(row, s(std::string("protocol.") + std::string(lower_name_of(protocol))), font::body, ui.theme.second);
  }
}

void nothing_chosen(Ui& ui, Rect area, const Model& model) {
  const Strings& s = model.strings();
  Rect rest = area.inset(24, 16);
  if (rest.h > 420) {
    Rect foot = rest.take_bottom(208);
    rule(ui, foot, 8);
    shapes(ui, foot, s);
  }
  const float wide = rest.w;
  const std::string_view what = s("start.click_a_line"), more = s("start.click_a_line_hint");
  const float words = measure_prose(ui, wide, what, font::heading) + 10 + measure_prose(ui, wide, more);
  constexpr float picture = 216;
  const bool drawn = rest.h > picture + words + 32;
  rest.take_top(std::max(0.F, (rest.h - words - (drawn ? picture + 24 : 0)) / 2));
  if (drawn) ghost(ui, rest.take_top(picture)), rest.take_top(24);
  rest.take_top(prose(ui, rest, what, font::heading, {}, "inspector.empty") + 10);
  prose(ui, rest, more, font::body, ui.theme.second);
}

void head(Ui& ui, Rect bar, const Model& model, Actions& out) {
  const Strings& s = model.strings();
  ui.canvas().horizontal(bar.x, bar.right(), bar.bottom() - 1, ui.theme.line);
  const std::array<std::string_view, 4> names{s("inspector.tab.explain"), s("inspector.tab.bytes"), s("inspector.tab.tls"), s("inspector.tab.state")};
  constexpr float arrows = 46;
  const float needs = tabs_width(ui, names, TabLine::below);
  Rect row = bar.inset(needs + arrows + 48 <= bar.w ? 24 : 12, 0);
  if (needs + arrows <= row.w) {  // else the keys J and K do the same
    const Rect down = row.take_right(20).centred(24, 28), up = row.take_right(26).at_left(24, 28);
    const bool any = model.selected() != nullptr;
    if (icon_button(ui, "inspector.previous", up, Icon::chevron_up, s("inspector.previous"), any)) out.push_back(app::SelectBy{-1});
    if (icon_button(ui, "inspector.next", down, Icon::chevron_down, s("inspector.next"), any)) out.push_back(app::SelectBy{1});
  }
  int chosen = int(model.tab());
  if (tabs(ui, "inspector.tabs", row, names, chosen, TabLine::below)) out.push_back(app::ShowTab{app::InspectorTab(chosen)});
}

void draw_tab(const Inspected& in, Rect& rest) {
  switch (in.model.tab()) {
    case app::InspectorTab::explain: return explain_tab(in, rest);
    case app::InspectorTab::bytes: return bytes_tab(in, rest);
    case app::InspectorTab::tls: return tls_tab(in, rest);
    case app::InspectorTab::state: return state_tab(in, rest);
  }
}

}  // namespace

void inspector_view(Ui& ui, Rect area, const Model& model, Actions& out) {
  ui.canvas().fill(area, ui.theme.panel);
  ui.note("inspector", Kind::area, area, model.strings()("inspector.title"));
  ui.canvas().push_clip(area);
  if (!one_column(ui)) head(ui, area.take_top(metric::tab_bar), model, out);  // there its tabs are the window's
  const std::optional<Inspected> in = inspect(ui, model, out);
  if (!in) {
    nothing_chosen(ui, area, model);
    ui.canvas().pop_clip();
    return;
  }
  // How high a page is shows only when it is drawn; the next frame scrolls by it.
  double& height = ui.memory("inspector.height", area.h);
  double& number = ui.memory("inspector.number");
  double& tab = ui.memory("inspector.tab");
  if (number != double(in->number) || tab != double(model.tab())) {
    number = double(in->number), tab = double(model.tab());
    ui.memory("inspector.scroll") = 0;
  }
  ScrollArea scroll(ui, "inspector.scroll", area, float(height));
  const Rect content = scroll.content().inset(area.w < 380 ? 16 : 24, 0);
  Rect rest{content.x, content.y + 14, content.w, 1e6F};
  draw_tab(*in, rest);
  const double needed = double(rest.y - content.y) + 24;
  if (needed != height) {
    height = needed;
    ui.next_frame();
  }
  ui.canvas().pop_clip();
}

}  // namespace glasspost::ui
