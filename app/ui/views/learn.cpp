// The Learn workspace: the lesson at the left, its stage at the right, and the curve from the step to the control that does it.
#include "app/ui/views/learn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/learn/words.h"
#include "app/ui/views/console_open.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float page_tabs = 32;

bool is_lower(lessons::StagePanel panel) {
  return panel == lessons::StagePanel::console || panel == lessons::StagePanel::mailboxes || panel == lessons::StagePanel::message;
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

// These need all of the stage.
bool is_large(app::LowerPanel panel) {
  return panel == app::LowerPanel::message || panel == app::LowerPanel::states || panel == app::LowerPanel::tls;
}

void stage_panel(Ui& ui, Rect area, lessons::StagePanel panel, const Model& model, Actions& actions) {
  switch (panel) {
    case lessons::StagePanel::map: return map_view(ui, area, model, actions);
    case lessons::StagePanel::ladder: return ladder_view(ui, area, model, actions);
    case lessons::StagePanel::inspector: return inspector_view(ui, area, model, actions);
    case lessons::StagePanel::states: return states_stage_view(ui, area, model, actions);
    case lessons::StagePanel::lanes: return tls_stage_view(ui, area, model, actions);
    case lessons::StagePanel::console:
    case lessons::StagePanel::mailboxes:
    case lessons::StagePanel::message: return lower_panel(ui, area, model, actions);
  }
}

// Console, mailboxes and message share one place and its tabs.
std::vector<lessons::StagePanel> places(const std::vector<lessons::StagePanel>& stage) {
  std::vector<lessons::StagePanel> out;
  bool lower = false;
  for (const lessons::StagePanel panel : stage) {
    if (is_lower(panel) && lower) continue;
    lower = lower || is_lower(panel);
    out.push_back(panel);
  }
  return out;
}

float wished(lessons::StagePanel panel, app::LowerPanel lower, float left, std::size_t panels) {
  const float share = std::round(left / float(panels));
  if (panel == lessons::StagePanel::map) return std::min(184.F, share);
  if (is_lower(panel) && lower == app::LowerPanel::console) return std::min(232.F, share);
  return share;
}

void stage_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (is_large(model.lower())) return lower_panel(ui, area, model, actions);
  const auto panels = places(model.learning()->lesson.stage);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    if (i + 1 == panels.size()) return stage_panel(ui, area, panels[i], model, actions);
    float first = wished(panels[i], model.lower(), area.h, panels.size() - i);
    // The last of two gets what it wishes; the first, what is left.
    if (i + 2 == panels.size() && panels[i] != lessons::StagePanel::map) first = area.h - 1 - wished(panels[i + 1], model.lower(), area.h, 2);
    const std::string name = "split.stage." + std::to_string(i) + (model.lower() == app::LowerPanel::console ? "" : ".mailboxes");
    const Halves halves = splitter(ui, name, area, Axis::vertical, first, 88, 88);
    stage_panel(ui, halves.first, panels[i], model, actions);
    area = halves.second;
  }
}

// What to point at where the console has not the control that is meant. Whoever connected in this step writes on.
const Control* instead(Ui& ui, const Model& model) {
  const Conversation* held = model.console().held_by_person ? model.conversations().find(model.console().connection) : nullptr;
  const bool connected = held && held->closed_at() == Instant::max() && held->opened_at() >= model.learning()->standing.step_began;
  for (const std::string_view name : {"console.talk", "console.take_line", connected ? "console.input" : "console.another"})
    if (const Control* control = ui.recorder().find(name); control && control->enabled) return control;
  return nullptr;
}

// The control that the step to do means, if it is in sight.
void show_spotlight(Ui& ui, const Model& model, std::optional<Point> from) {
  const app::Learning& learning = *model.learning();
  double& pointed_at = ui.memory("console.pointed_at");
  const double before = std::exchange(pointed_at, 0);
  const lessons::Step* step = learning.step();
  if (!step || step->spotlight.empty() || learning.kept || model.palette_open() || model.help_open() || ui.popup_open(open_menu)) return;
  const Control* control = ui.recorder().find(step->spotlight);
  // Talking to a server begins with a connection; after a dialogue that is over, with another one.
  if (step->spotlight.starts_with("console.") && (!control || !control->enabled)) control = instead(ui, model);
  if (!from || !control || control->visible.empty()) return;
  if (control->name == "console.input") pointed_at = 1;
  if (pointed_at != before) ui.next_frame();
  const std::string title = learn::plain(learn::step_title(learning.lesson, *step, model.settings().language));
  const std::string words = model.strings()("learn.spotlight", {{"n", std::to_string(learning.standing.step + 1)}, {"title", title}});
  spotlight(ui, control->rect, words, *from);
}

float between(float at, std::array<float, 3> sizes, std::array<float, 3> measures) {
  if (at <= sizes[0]) return measures[0];
  for (std::size_t i = 1; i < 3; ++i)
    if (at <= sizes[i]) return std::round(std::lerp(measures[i - 1], measures[i], (at - sizes[i - 1]) / (sizes[i] - sizes[i - 1])));
  return measures[2];
}

// A command that is typed while the focus is elsewhere goes where it was meant to go, from its first letter on.
void write_on(Ui& ui, const Model& model, Actions& actions) {
  if (!letters_are_written(model)) return;
  const std::string typed = ui.take_stray_text();
  if (typed.empty()) return;
  if (model.lower() != app::LowerPanel::console) actions.push_back(app::ShowLower{app::LowerPanel::console});
  std::string input = model.console().input;
  input.insert(std::min(input.find('\n'), input.size()), typed);  // before lines that were pasted and wait
  actions.push_back(app::EditLine{std::move(input)});
  ui.memory("learn.page") = 1;
  ui.focus("console.input");
}

void keys(Ui& ui, const Model& model, Actions& actions) {
  if (model.palette_open() || model.help_open()) return;
  write_on(ui, model, actions);
  if (ui.shortcut(Key::f9)) actions.push_back(app::InLesson{app::LessonDo::check});
  if (ui.shortcut(Key::left, Modifier::alt)) actions.push_back(app::InLesson{app::LessonDo::back});
}

void open_lesson(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (one_column(ui)) {
    const Strings& s = model.strings();
    const std::array<std::string_view, 2> words{s("learn.tab_lesson"), s("learn.tab_stage")};
    const Rect bar = area.take_top(page_tabs);
    ui.canvas().fill(bar, ui.theme.panel);
    ui.canvas().horizontal(bar.x, bar.right(), bar.bottom() - 1, ui.theme.line);
    int page = int(ui.memory("learn.page"));
    if (tabs(ui, "learn.pages", bar.inset(metric::padding, 0), words, page, TabLine::below)) ui.memory("learn.page") = page;
    if (page == 0) lesson_view(ui, area, model, actions);
    else if (places(model.learning()->lesson.stage).size() > 1) {
      // The panel that is written in has its one line; the other has the rest.
      const Rect input = area.take_bottom(48);
      const auto panels = places(model.learning()->lesson.stage);
      const auto shown = std::find_if(panels.begin(), panels.end(), [](lessons::StagePanel panel) { return !is_lower(panel); });
      if (model.lower() == app::LowerPanel::console) stage_panel(ui, area, shown == panels.end() ? panels.front() : *shown, model, actions);
      else lower_panel(ui, area, model, actions);
      console_view(ui, input, model, actions);
      ui.canvas().horizontal(input.x, input.right(), input.y, ui.theme.line);
    } else {
      stage_view(ui, area, model, actions);
    }
    return;
  }
  const float width = between(area.w, {1280, 1440, 1920}, {448, 512, 600});
  const Halves halves = splitter(ui, "split.learn", area, Axis::horizontal, std::min(width, area.w - 480), 360, 420);
  const auto from = lesson_view(ui, halves.first, model, actions);
  stage_view(ui, halves.second, model, actions);
  show_spotlight(ui, model, from);
}

}  // namespace

bool letters_are_written(const Model& model) {
  if (model.workspace() != app::Workspace::learn || !model.learning() || !model.console().held_by_person) return false;
  const Conversation* line = model.conversations().find(model.console().connection);
  return line && line->closed_at() == Instant::max();
}

void learn_workspace(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (!model.learning()) {
    lesson_list_view(ui, area, model, actions);
    return term_card(ui, model, actions);
  }
  keys(ui, model, actions);
  open_lesson(ui, area, model, actions);
  term_card(ui, model, actions);
}

}  // namespace glasspost::ui
