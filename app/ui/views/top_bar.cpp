// The top bar: name, workspaces, every action, language, theme.
#include <array>
#include <vector>

#include "app/ui/views/commands.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

void search(Ui& ui, Rect area, const Model& model, Actions& actions, bool wide) {
  const Strings& s = model.strings();
  const Rect box = wide ? area.at_right(216, 24) : area.at_right(30, 24);
  const Response r = ui.interact("top.palette", Kind::button, box, s("top.every_action"));
  const Theme& t = ui.theme;
  ui.canvas().fill(box, r.hovered ? t.sunken : t.raised, metric::radius);
  ui.canvas().outline(box, t.line, 1, metric::radius);
  Rect row = box.inset(8, 0);
  draw_icon(ui.canvas(), Icon::search, row.take_left(14).at_left(14, 14), t.second);
  if (wide) {
    row.take_left(6);
    const std::string key = key_text(s, {Key::k, Modifier::ctrl});
    const Font small{Face::wire, 11};
    ui.label(row.take_right(ui.canvas().measure(key, small) + 1), key, small, t.second, Align::right);
    ui.label(row, s("top.every_action"), font::body, t.second);
  } else {
    ui.tooltip(box, s("top.every_action"));
  }
  if (r.ring) ui.focus_ring(box);
  if (r.clicked) actions.push_back(app::TogglePalette{});
}

void workspaces(Ui& ui, Rect& row, const Model& model, Actions& actions) {
  std::vector<std::string_view> words;
  std::vector<app::Workspace> offered;
  int chosen = 0;
  for (const app::Workspace workspace : app::all_workspaces) {
    if (!app::is_offered(workspace)) continue;
    if (workspace == model.workspace()) chosen = int(offered.size());
    words.push_back(model.strings()(workspace_word(workspace)));
    offered.push_back(workspace);
  }
  if (tabs(ui, "top.workspace", row.take_left(tabs_width(ui, words, TabLine::above)), words, chosen, TabLine::above))
    actions.push_back(app::ShowWorkspace{offered[std::size_t(chosen)]});
}

}  // namespace

void top_bar_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  ui.canvas().fill(area, t.window);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, t.line);

  Rect row = area.inset(metric::padding, 0);
  draw_icon(ui.canvas(), Icon::glasspost, row.take_left(24).at_left(24, 24), t.accent);
  row.take_left(8);
  if (area.w >= 700) {  // the rooms come before the name
    ui.label(row.take_left(ui.canvas().measure("Glasspost", font::heading) + 1), "Glasspost", font::heading);
    row.take_left(40);
  }
  workspaces(ui, row, model, actions);

  if (icon_button(ui, "top.projector", row.take_right(28).at_right(28, 28), Icon::projector, s("top.projector")))
    actions.push_back(app::ToggleProjector{});
  const bool light = model.settings().look == app::Look::light;
  if (icon_button(ui, "top.theme", row.take_right(28).at_right(28, 28), light ? Icon::sun : Icon::moon, s("top.theme")))
    actions.push_back(app::ToggleLook{});
  row.take_right(12);
  const std::array<std::string_view, 2> languages{"EN", "ES"};
  int language = int(model.settings().language);
  if (segmented(ui, "top.language", row.take_right(66).at_right(66, 22), languages, language))
    actions.push_back(app::SetLanguage{Language(language)});
  row.take_right(16);
  search(ui, row, model, actions, area.w >= 900);
}

}  // namespace glasspost::ui
