#include "app/ui/workbench.h"

#include <array>
#include <cmath>

#include "app/ui/views/commands.h"
#include "app/ui/views/heads.h"
#include "app/ui/views/ladder_filter.h"
#include "app/ui/views/learn.h"
#include "app/ui/views/live.h"
#include "app/ui/views/projector.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float strip = 40, one_input = 48, explanation = 52, welcome_bar = 56, page_tabs = 32;
constexpr float narrowest_two_columns = 960, lowest_map = 632;

// A measure of the table between its three sizes.
float between(float at, std::array<float, 3> sizes, std::array<float, 3> measures) {
  if (at <= sizes[0]) return measures[0];
  for (std::size_t i = 1; i < 3; ++i)
    if (at <= sizes[i])
      return std::round(std::lerp(measures[i - 1], measures[i], (at - sizes[i - 1]) / (sizes[i] - sizes[i - 1])));
  return measures[2];
}

void lower_panel(Ui& ui, Rect area, const Model& model, Actions& actions) {
  switch (model.lower()) {
    case app::LowerPanel::console: return console_view(ui, area, model, actions);
    case app::LowerPanel::mailboxes: return mailboxes_view(ui, area, model, actions);
    case app::LowerPanel::message: return message_view(ui, area, model, actions);
    case app::LowerPanel::states: return states_view(ui, area, model, actions);
    case app::LowerPanel::tls: return tls_view(ui, area, model, actions);
  }
}

bool is_tall(const Model& model) { return model.lower() == app::LowerPanel::mailboxes || model.lower() == app::LowerPanel::tls; }

// The ladder gives way where the mailboxes or the lanes of TLS need room: three lines are left of it.
float lower_height(const Model& model, const Layout& layout, float height) {
  if (is_tall(model)) return std::max(layout.lower, height - layout.map - 130);
  return layout.lower;
}

void left_column(Ui& ui, Rect area, const Model& model, Actions& actions, const Layout& layout) {
  const bool fresh = model.welcome();
  Rect rest = area;
  if (model.stage() == app::Stage::doors) {  // real programs have no place on the map
    const Halves halves = splitter(ui, "split.doors", rest, Axis::horizontal, 344, 300, 320);
    doors_view(ui, halves.first, model, actions);
    rest = halves.second;
  } else if (layout.map_strip) {
    const Rect top = rest.take_top(strip);
    map_view(ui, top, model, actions);
    ui.canvas().horizontal(top.x, top.right(), top.bottom() - 1, ui.theme.line);
  } else {
    const float map = fresh ? std::max(layout.map, std::round(area.h * 0.49F)) : layout.map;
    const Halves halves = splitter(ui, fresh ? "split.map.welcome" : "split.map", rest, Axis::vertical, map, 120, 240);
    Rect top = halves.first;
    if (fresh) welcome_play(ui, top.take_bottom(std::min(144.F, top.h / 2)), model, actions);
    map_view(ui, top, model, actions);
    rest = halves.second;
  }
  const float lower = lower_height(model, layout, area.h);
  const char* name = is_tall(model) ? "split.mailboxes" : "split.ladder";
  const Halves halves = splitter(ui, name, rest, Axis::vertical, rest.h - 1 - lower, 100, 88);
  ladder_view(ui, halves.first, model, actions);
  lower_panel(ui, halves.second, model, actions);
}

void two_columns(Ui& ui, Rect area, const Model& model, Actions& actions, const Layout& layout) {
  // These need all of it.
  if (model.lower() == app::LowerPanel::message) return message_view(ui, area, model, actions);
  if (model.lower() == app::LowerPanel::states) return states_view(ui, area, model, actions);
  const Halves halves = splitter(ui, "split.inspector", area, Axis::horizontal, area.w - 1 - layout.inspector, 480, 320);
  left_column(ui, halves.first, model, actions, layout);
  inspector_view(ui, halves.second, model, actions);
}

// One column: one panel at a time, chosen by tabs; the selected line and the input keep their places.
enum class Page : std::uint8_t { ladder, explain, bytes, tls, state, mailboxes, message, states, lanes };

Page page_of(app::LowerPanel panel) {
  switch (panel) {
    case app::LowerPanel::console: break;  // its input is there on every page
    case app::LowerPanel::mailboxes: return Page::mailboxes;
    case app::LowerPanel::message: return Page::message;
    case app::LowerPanel::states: return Page::states;
    case app::LowerPanel::tls: return Page::lanes;
  }
  return Page::ladder;
}

Page page_of(Ui& ui, const Model& model) {
  switch (std::uint8_t(ui.memory("workbench.page"))) {
    case 1: return Page(int(Page::explain) + int(model.tab()));
    case 2: return page_of(model.lower());
    default: return Page::ladder;
  }
}

// A key or the palette that asks for a panel brings its page.
void turn_page(Ui& ui, const Actions& actions) {
  for (const Action& action : actions) {
    if (action.get_if<app::ShowTab>()) ui.memory("workbench.page") = 1;
    if (action.get_if<app::ShowLower>() || action.get_if<app::ShowLetter>()) ui.memory("workbench.page") = 2;
  }
}

void pages(Ui& ui, Rect bar, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().fill(bar, ui.theme.panel);
  ui.canvas().horizontal(bar.x, bar.right(), bar.bottom() - 1, ui.theme.line);
  const std::array<std::string_view, 9> words{s("ladder.title"),        s("inspector.tab.explain"), s("inspector.tab.bytes"), s("inspector.tab.tls"),
                                              s("inspector.tab.state"), s("mailboxes.title"),       s("message.title"),       s("states.title"),
                                              s("lanes.page")};
  const Page page = page_of(ui, model);
  int chosen = int(page);
  Rect row = bar.inset(metric::padding, 0);
  if (page == Page::ladder && row.w > tabs_width(ui, words, TabLine::below) + 116)
    ladder_filter_menu(ui, row.take_right(116).at_right(116, 22), model, actions);
  if (!tabs(ui, "workbench.pages", row, words, chosen, TabLine::below)) return;
  const Page wanted = Page(chosen);
  if (wanted == Page::ladder) ui.memory("workbench.page") = 0;
  else if (wanted == Page::mailboxes) actions.push_back(app::ShowLower{app::LowerPanel::mailboxes});
  else if (wanted == Page::message) actions.push_back(app::ShowLower{app::LowerPanel::message});
  else if (wanted == Page::states) actions.push_back(app::ShowLower{app::LowerPanel::states});
  else if (wanted == Page::lanes) actions.push_back(app::ShowLower{app::LowerPanel::tls});
  else actions.push_back(app::ShowTab{app::InspectorTab(chosen - int(Page::explain))});
}

// Pages that need height take the map's in a low window.
bool shows_map(Ui& ui, Rect area, const Model& model) {
  constexpr float low = 300;
  const Page page = page_of(ui, model);
  return area.h >= low || model.welcome() || (page != Page::message && page != Page::states && page != Page::mailboxes && page != Page::lanes);
}

void single_column(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (shows_map(ui, area, model)) {
    const Rect map = area.take_top(strip);
    if (model.stage() == app::Stage::doors) doors_view(ui, map, model, actions);
    else map_view(ui, map, model, actions);
    ui.canvas().horizontal(map.x, map.right(), map.bottom() - 1, ui.theme.line);
  }
  if (model.welcome()) return welcome_play(ui, area, model, actions);
  const Rect input = area.take_bottom(one_input), line = area.take_bottom(explanation);
  pages(ui, area.take_top(page_tabs), model, actions);
  switch (page_of(ui, model)) {
    case Page::ladder: ladder_view(ui, area, model, actions); break;
    case Page::mailboxes: mailboxes_view(ui, area, model, actions); break;
    case Page::message: message_view(ui, area, model, actions); break;
    case Page::states: states_view(ui, area, model, actions); break;
    case Page::lanes: tls_view(ui, area, model, actions); break;
    default: inspector_view(ui, area, model, actions);
  }
  line_bar_view(ui, line, model, actions);
  console_view(ui, input, model, actions);
  ui.canvas().horizontal(input.x, input.right(), input.y, ui.theme.line);
}

void world_workspace(Ui& ui, Rect area, const Model& model, Actions& actions, const Layout& layout) {
  if (model.welcome() && !layout.one_column) welcome_bar_view(ui, area.take_top(welcome_bar), model, actions);
  if (model.composing()) compose_view(ui, area, model, actions);
  else if (layout.one_column) single_column(ui, area, model, actions);
  else two_columns(ui, area, model, actions, layout);
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

Theme theme_for(const Model& model) {
  const bool dark = model.settings().look == app::Look::dark;
  return theme_of(model.projector() ? Look::projector : dark ? Look::dark : Look::light, model.settings().reduced_motion);
}

void workbench(Ui& ui, const Model& model, Actions& actions) {
  const Layout layout = layout_of({ui.whole().w, ui.whole().h});
  ui.memory("workbench.one_column") = layout.one_column ? 1 : 0;
  if (model.projector()) {
    projector_view(ui, model, actions);
    palette_view(ui, model, actions);
    help_view(ui, model, actions);
    return take_keys(ui, model, actions);
  }
  ui.magnify(1);
  Rect rest = ui.whole();
  top_bar_view(ui, rest.take_top(metric::top_bar), model, actions);
  const app::Workspace room = model.workspace();
  const Rect transport = rest.take_top(metric::transport), status = rest.take_bottom(metric::status_bar);
  if (room == app::Workspace::compare) compare_bar_view(ui, transport, model, actions), compare_status_view(ui, status, model, actions);
  else if (room == app::Workspace::live) live_top_view(ui, transport, model, actions), status_view(ui, status, model, actions);
  else transport_view(ui, transport, model, actions), status_view(ui, status, model, actions);
  notice_bar(ui, rest, model, actions);
  switch (model.workspace()) {
    case app::Workspace::world: world_workspace(ui, rest, model, actions, layout); break;
    case app::Workspace::learn: learn_workspace(ui, rest, model, actions); break;
    case app::Workspace::compare: compare_view(ui, rest, model, actions); break;
    case app::Workspace::live: live_view(ui, rest, model, actions); break;
  }
  palette_view(ui, model, actions);
  help_view(ui, model, actions);
  letter_file_view(ui, model, actions);
  take_keys(ui, model, actions);
  turn_page(ui, actions);
}

}  // namespace glasspost::ui
