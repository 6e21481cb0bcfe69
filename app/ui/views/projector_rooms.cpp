// Projector mode in each room. The dialogue has a page of its own; the others are their workspaces, enlarged until a window is
// as wide as they need and no wider.
#include "app/ui/views/projector.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/ui/views/compare.h"
#include "app/ui/views/learn.h"
#include "app/ui/views/live.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

enum class Scene : std::uint8_t { dialogue, lanes, states, compare, learn, live };

Scene scene_of(const Model& model) {
  switch (model.workspace()) {
    case app::Workspace::world: break;
    case app::Workspace::learn: return Scene::learn;
    case app::Workspace::compare: return Scene::compare;
    case app::Workspace::live: return Scene::live;
  }
  if (model.lower() == app::LowerPanel::tls) return Scene::lanes;
  if (model.lower() == app::LowerPanel::states) return Scene::states;
  return Scene::dialogue;
}

// The logical size that a scene is drawn in, at least.
Size least_size(Scene scene) {
  switch (scene) {
    case Scene::dialogue: break;
    case Scene::lanes: return {960, 540};
    case Scene::states: return {1180, 640};
    case Scene::compare: return {1120, 600};
    case Scene::learn: return {1180, 640};
    case Scene::live: return {1180, 640};
  }
  return {};
}

float magnification(Ui& ui, Scene scene) {
  const Size least = least_size(scene);
  if (least.w <= 0) return 1;
  const Size whole{ui.whole().w * ui.magnified(), ui.whole().h * ui.magnified()};
  return std::max(1.F, std::min(whole.w / least.w, whole.h / least.h));
}

// Which comparison, and of POP3 and IMAP the act that is shown.
void compare_heading(ComparePage& page, Rect row) {
  Ui& ui = page.ui;
  row = row.inset(24, 0);
  ui.canvas().horizontal(0, ui.whole().right(), row.bottom() - 1, ui.theme.strong_line);
  compare_kinds(page, row);
  row.take_left(24);
  if (page.of.kind() != app::ComparisonKind::protocols) return compare_work_bar(page, row);
  const std::size_t chosen = page.of.chosen();
  if (chosen == 0) return void(ui.label(row, page.s("compare.acts.before"), font::title, {}, Align::left, "projector.act"));
  draw_icon(ui.canvas(), act_icon(page.of.acts()[chosen - 1]), row.take_left(36).at_left(26, 26), ui.theme.text);
  const std::string title = fmt::format("{}  {}", chosen, act_title(page, page.of.acts()[chosen - 1])), note = act_note(page, chosen);
  ui.label(row.take_left(std::min(row.w, ui.canvas().measure(title, font::title) + 2)), title, font::title, {}, Align::left, "projector.act");
  row.take_left(20);
  if (row.w > ui.canvas().measure(note, font::body)) ui.label(row, note, font::body, ui.theme.second);
}

// The acts as a bar below.
void compare_foot(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  ui.canvas().horizontal(area.x, area.right(), area.y, ui.theme.strong_line, 2);
  Rect row = area.inset(20, 0);
  const std::size_t chosen = page.of.chosen(), total = page.of.acts().size();
  const float side = std::min(32.F, row.h);
  if (icon_button(ui, "projector.back", row.take_left(side).at_left(side, side), Icon::chevron_left, page.s("compare.acts.previous"), chosen > 0))
    page.wants(app::ChooseActBy{-1});
  if (icon_button(ui, "projector.next", row.take_right(side).at_right(side, side), Icon::chevron_right, page.s("compare.acts.next"), chosen < total))
    page.wants(app::ChooseActBy{1});
  row.take_left(16);
  const std::string count = chosen == 0 ? page.s("compare.bar.none", {{"total", std::to_string(total)}})
                                        : page.s("compare.bar.after", {{"n", std::to_string(chosen)}, {"total", std::to_string(total)}});
  const float wide = ui.canvas().measure(count, font::body) + 2;
  row.take_right(12);
  ui.label(row.take_right(wide), count, font::body, {}, Align::right, "projector.count");
  row.take_right(16);
  if (total == 0) return;
  const float each = row.w / float(total);
  for (std::size_t i = 0; i < total; ++i) {
    const Rect part{row.x + float(i) * each, row.y, each - 5, row.h};
    const bool here = i + 1 == chosen;
    const Response r = ui.interact(fmt::format("projector.act/{}", i + 1), Kind::item, part, act_title(page, page.of.acts()[i]), {.focusable = false, .on = here});
    if (r.clicked) page.wants(app::ChooseAct{i + 1});
    ui.tooltip(part, act_title(page, page.of.acts()[i]));
    ui.label({part.x, part.y, part.w, part.h / 2 + 2}, std::to_string(i + 1), here ? font::strong : font::body, here ? ui.theme.text : ui.theme.second);
    ui.canvas().fill({part.x, part.middle() + 8, part.w, 4}, i < chosen ? ui.theme.accent : ui.theme.line, 2);
  }
}

void compare_scene(Ui& ui, Rect rest, const Model& model, Actions& actions) {
  if (!model.comparison()) return;
  ComparePage page{ui, model, *model.comparison(), model.strings(), actions};
  compare_heading(page, rest.take_top(46));
  if (page.of.kind() != app::ComparisonKind::protocols) return compare_view(ui, rest, model, actions);
  compare_foot(page, rest.take_bottom(projector_foot_height(ui)));
  compare_sides(page, rest);
  compare_editor(page);
  compare_exhibit(page);
}

// A presenter's remote sends Page Down and Page Up, some send Space.
void remote(Ui& ui, Scene scene, const Model& model, Actions& actions) {
  const bool next = ui.shortcut(Key::page_down) || ui.shortcut(Key::space), back = ui.shortcut(Key::page_up);
  const bool acts = scene == Scene::compare && model.comparison() && model.comparison()->kind() == app::ComparisonKind::protocols;
  const auto go = [&](int by) {
    if (acts) actions.push_back(app::Compare{app::ChooseActBy{by}});
    else actions.push_back(app::SelectBy{by});
  };
  if (next) go(1);
  if (back) go(-1);
  if (ui.shortcut(Key::escape)) actions.push_back(app::ToggleProjector{});
}

}  // namespace

void projector_view(Ui& ui, const Model& model, Actions& actions) {
  const Scene scene = scene_of(model);
  ui.magnify(magnification(ui, scene));
  Rect rest = ui.whole();
  ui.canvas().fill(rest, ui.theme.panel);
  const auto with_foot = [&] { projector_foot(ui, rest.take_bottom(projector_foot_height(ui)), model, actions); };
  switch (scene) {
    case Scene::dialogue: projector_dialogue(ui, model, actions); break;
    case Scene::lanes:
      with_foot();
      tls_stage_view(ui, rest, model, actions);
      break;
    case Scene::states:
      with_foot();
      states_view(ui, rest, model, actions);
      break;
    case Scene::compare: compare_scene(ui, rest, model, actions); break;
    case Scene::learn:
      if (model.learning()) with_foot();
      learn_workspace(ui, rest, model, actions);
      break;
    case Scene::live:
      live_top_view(ui, rest.take_top(metric::transport), model, actions);
      live_view(ui, rest, model, actions);
      break;
  }
  remote(ui, scene, model, actions);
}

}  // namespace glasspost::ui
