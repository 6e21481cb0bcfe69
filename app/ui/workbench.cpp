#include "app/ui/workbench.h"

#include <array>
#include <cmath>

#include "app/ui/views/commands.h"
#include "app/ui/views/heads.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float strip = 40, one_input = 56, explanation = 52, welcome_bar = 56;
constexpr float narrowest_two_columns = 960, lowest_map = 632;

// A measure of the table between its three sizes.
float between(float at, std::array<float, 3> sizes, std::array<float, 3> measures) {
  if (at <= sizes[0]) return measures[0];
  for (std::size_t i = 1; i < 3; ++i)
    if (at <= sizes[i])
      return std::round(std::lerp(measures[i - 1], measures[i], (at - sizes[i - 1]) / (sizes[i] - sizes[i - 1])));
  return measures[2];
}

// Until its author's view is here, a panel is its head.
void head_only(Ui& ui, Rect area, std::string_view name, std::string_view title) {
  ui.canvas().fill(area, ui.theme.panel);
  panel_head(ui, name, area, title);
}

void lower_panel(Ui& ui, Rect area, const Model& model, Actions& actions) {
  switch (model.lower()) {
    case app::LowerPanel::console:
    case app::LowerPanel::mailboxes:
    case app::LowerPanel::message: {
      ui.canvas().fill(area, ui.theme.panel);
      lower_head(ui, "lower", area, model, actions);
      break;
    }
  }
}

// The ladder gives way where the mailboxes need room: five lines are left of it.
float lower_height(const Model& model, const Layout& layout, float body) {
  if (model.lower() == app::LowerPanel::mailboxes) return std::max(layout.lower, body - layout.map - 162);
  return layout.lower;
}

void left_column(Ui& ui, Rect area, const Model& model, Actions& actions, const Layout& layout) {
  const bool fresh = model.welcome();
  Rect rest = area;
  if (layout.map_strip) {
    const Rect top = rest.take_top(strip);
    head_only(ui, top, "map", model.strings()("map.title"));
    ui.canvas().horizontal(top.x, top.right(), top.bottom() - 1, ui.theme.line);
  } else {
    const float map = fresh ? std::max(layout.map, std::round(area.h * 0.49F)) : layout.map;
    const Halves halves = splitter(ui, fresh ? "split.map.welcome" : "split.map", rest, Axis::vertical, map, 120, 240);
    Rect top = halves.first;
    if (fresh) {
      const Rect play = top.take_bottom(std::min(144.F, top.h / 2));
      welcome_play(ui, play, model, actions);
    }
    head_only(ui, top, "map", model.strings()("map.title"));
    rest = halves.second;
  }
  const float lower = lower_height(model, layout, area.h);
  const char* name = model.lower() == app::LowerPanel::mailboxes ? "split.mailboxes" : "split.ladder";
  const Halves halves = splitter(ui, name, rest, Axis::vertical, rest.h - 1 - lower, 100, 88);
  ladder_view(ui, halves.first, model, actions);
  lower_panel(ui, halves.second, model, actions);
}

void body(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Layout layout = layout_of(ui.whole() .w > 0 ? Size{ui.whole().w, ui.whole().h} : Size{});
  const Halves halves = splitter(ui, "split.inspector", area, Axis::horizontal, area.w - 1 - layout.inspector, 480, 320);
  left_column(ui, halves.first, model, actions, layout);
  head_only(ui, halves.second, "inspector", model.strings()("inspector.title"));
}

}  // namespace

Layout layout_of(Size window) {
  constexpr std::array<float, 3> widths{1280, 1440, 1920}, heights{800, 900, 1080};
  Layout layout;
  layout.inspector = between(window.w, widths, {400, 456, 560});
  if (window.w < widths[0]) layout.inspector = 360;
  layout.map = between(window.h, heights, {168, 204, 264});
  layout.lower = between(window.h, heights, {160, 168, 224});
  layout.one_column = window.w < narrowest_two_columns;
  layout.map_strip = layout.one_column || window.h < lowest_map;
  if (layout.map_strip) layout.map = strip;
  return layout;
}

void workbench(Ui& ui, const Model& model, Actions& actions) {
  Rect rest = ui.whole();
  top_bar_view(ui, rest.take_top(metric::top_bar), model, actions);
  transport_view(ui, rest.take_top(metric::transport), model, actions);
  status_view(ui, rest.take_bottom(metric::status_bar), model, actions);
  if (model.welcome()) welcome_bar_view(ui, rest.take_top(welcome_bar), model, actions);
  body(ui, rest, model, actions);
  take_keys(ui, model, actions);
}

}  // namespace glasspost::ui
