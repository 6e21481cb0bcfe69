#include "app/ui/views/live.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/console_dialogue.h"
#include "app/ui/views/live_bar.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float input_height = 36, tabs_height = 32, room_for_three = 820;

bool has_line(const Model& model) { return model.live() && model.stage() == app::Stage::live; }

void mode(Ui& ui, Rect& row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const std::array<std::string_view, 2> words{s("live.step_mode"), s("live.run_mode")};
  float width = 24;
  for (const std::string_view word : words) width += ui.canvas().measure(word, font::strong) + 24;
  if (row.w < width) return;
  int chosen = model.live_choice().steps ? 0 : 1;
  const bool open = has_line(model) && !model.live()->is_over();
  const Rect at = row.take_right(width).at_right(width, metric::button);
  if (open) {  // it belongs to the line that is open
    ui.label(at, model.live()->wish().steps ? words[0] : words[1], font::strong, {}, Align::right, "live.mode");
  } else if (segmented(ui, "live.mode", at, words, chosen, true)) {
    app::LiveChoice choice = model.live_choice();
    choice.steps = chosen == 0;
    actions.push_back(app::SetLiveChoice{choice});
  }
  row.take_right(16);
}

void read_only(Ui& ui, Rect& row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const bool on = !has_line(model) || model.live()->read_only();
  const ButtonLook look{.strong = on, .icon = on ? Icon::eye : Icon::pencil, .enabled = has_line(model), .why_not = s("live.read_only_hint")};
  const std::string_view words = s(on ? "live.read_only" : "live.read_write");
  const float width = button_width(ui, words, look);
  if (row.w < width) return;
  const Rect at = row.take_right(width).at_right(width, metric::button);
  if (button(ui, "live.read_only", at, words, look)) actions.push_back(app::AllowChanges{on});
  if (has_line(model)) ui.tooltip(at, s(on ? "live.read_only_hint" : "live.read_write_hint"));
  row.take_right(16);
}

// The open line: what it is, and how to end it.
void facts(Ui& ui, Rect row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const app::LiveLine& line = *model.live();
  const bool over = line.is_over();
  const std::string_view words = s(over ? "live.another" : "live.disconnect");
  const float width = button_width(ui, words, {.primary = over});
  if (row.w > width + 40 && button(ui, "live.hang_up", row.take_right(width).at_right(width, metric::button), words, {.primary = over}))
    actions.push_back(app::HangUp{});
  row.take_right(16);
  if (const Conversation* conversation = model.conversations().find(line.connection())) {
    draw_shape(ui.canvas(), ui.theme, row.take_left(18).at_left(18, 18), conversation->opened().protocol);
    row.take_left(6);
    draw_padlock(ui.canvas(), ui.theme, row.take_left(18).at_left(18, 18), conversation->protection_at(Instant::max()) == Protection::up);
    row.take_left(8);
  }
  if (!line.wish().accepted_certificate.empty()) {
    const std::string_view unproven = s("live.unproven");
    const float w = ui.canvas().measure(unproven, font::caption_strong) + 1;
    if (row.w > w + 200) {
      ui.label(row.take_right(w), unproven, font::caption_strong, ui.theme.error.text, Align::right, "live.unproven");
      draw_icon(ui.canvas(), Icon::warning, row.take_right(20).at_left(14, 14), ui.theme.error.fill);
      row.take_right(12);
    }
  }
  ui.label(row, line.wish().url, font::line, {}, Align::left, "live.url");
}

void address(Ui& ui, Rect row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  LineEdit& edit = ui.edit("live.address");
  const bool any = !edit.text().empty();
  const ButtonLook look{.primary = true, .enabled = any, .why_not = s("live.empty")};
  const float width = button_width(ui, s("live.connect"), look);
  const bool pressed = button(ui, "live.go", row.take_right(width).at_right(width, metric::button), s("live.connect"), look);
  row.take_right(8);
  const std::string_view label = s("live.address");
  ui.label(row.take_left(ui.canvas().measure(label, font::strong) + 1), label, font::strong);
  row.take_left(12);
  const InputEvent event = text_input(ui, "live.address", row.at_left(std::min(row.w, 520.F), 34), edit,
                                      {.placeholder = s("live.address_example"), .hint = s("live.address_hint"), .text_font = font::console});
  if ((pressed || event == InputEvent::submitted) && !edit.text().empty()) actions.push_back(live_go(model, edit.text()));
}

// What was said, what is held or asked for, and the input.
void dialogue(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  if (!one_column(ui)) panel_head(ui, "live.dialogue", area, s("live.dialogue"), s("live.dialogue_hint"));
  if (!model.live()->failed()) live_bar(ui, area, model, actions);  // else the panel above says it
  // While a line is held its keys are N, E and X, so the input lets go of the keyboard; then it has it again.
  double& held = ui.memory("live.held.shown");
  if (model.live()->held() && held == 0) held = 1, ui.unfocus();
  else if (!model.live()->held() && held == 1) {
    held = 0;
    if (model.live()->is_open()) ui.focus("console.input");
  }
  double& opened = ui.memory("live.opened");
  if (!model.live()->is_open()) opened = 0;
  else if (opened == 0) {
    opened = 1;
    if (!model.live()->held()) ui.focus("console.input");
  }
  Rect foot = area.take_bottom(48).inset(12, 0);
  if (floor.conversation && floor.held) console_input(ui, foot.at_left(foot.w, input_height), model, floor, true, actions);
  else ui.label(foot, s(model.live()->is_over() ? "console.closed" : "live.not_open_yet"), font::body, ui.theme.third);
  if (model.live()->held()) {
    const Rect card = area.take_bottom(std::min(std::max(240.F, std::round(area.h * 0.56F)), area.h)).inset(12, 4);
    live_held_card(ui, card, model, actions);
  }
  if (floor.conversation && area.h > 20) console_lines(ui, area, model, floor, actions);
}

void left(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  const Rect recipes = floor.held ? area.take_bottom(std::min(168.F, area.h * 0.4F)) : Rect{};
  live_steps(ui, area, model, actions);
  if (floor.held) live_recipes(ui, recipes, model, floor, actions);
}

// The line; where the session stands; what the server can do. The last two take turns where there is no room for both.
void right(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  const bool roomy = area.h >= room_for_three;
  const Halves halves = splitter(ui, "split.live.line", area, Axis::vertical, std::round(area.h * (roomy ? 0.4F : 0.5F)), 160, 200);
  inspector_view(ui, halves.first, model, actions);
  if (roomy) {
    const Halves lower = splitter(ui, "split.live.states", halves.second, Axis::vertical, std::round(halves.second.h * 0.58F), 160, 120);
    Rect states = lower.first;
    ui.canvas().fill(states, ui.theme.panel);
    panel_head(ui, "live.states", states, s("live.states"), s("live.states_hint"));
    live_states(ui, states, model, floor, actions);
    return live_capabilities(ui, lower.second, model, floor, true);
  }
  const std::array<std::string_view, 2> words{s("live.states"), s("live.capabilities")};
  double& page = ui.memory("live.lower");
  int chosen = int(page);
  Rect rest = halves.second;
  ui.canvas().fill(rest, ui.theme.panel);
  const Rect bar = rest.take_top(tabs_height);
  ui.canvas().horizontal(bar.x, bar.right(), bar.bottom() - 1, ui.theme.line);
  if (tabs(ui, "live.lower", bar.inset(metric::padding, 0), words, chosen, TabLine::below)) page = chosen, ui.next_frame();
  if (chosen == 0) live_states(ui, rest, model, floor, actions);
  else live_capabilities(ui, rest, model, floor, false);
}

// It failed: why and what to do, above what was said until then.
void failed(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  if (!floor.conversation) return live_failure(ui, area, model, actions);
  const float needs = live_failure_height(ui);
  const Halves halves = splitter(ui, "split.live.failure", area, Axis::vertical, std::clamp(needs, 200.F, std::max(200.F, std::round(area.h * 0.74F))), 200, 80);
  live_failure(ui, halves.first, model, actions);
  const Halves lower = splitter(ui, "split.live.failed", halves.second, Axis::horizontal, std::round(halves.second.w * 0.5F), 240, 240);
  dialogue(ui, lower.first, model, floor, actions);
  inspector_view(ui, lower.second, model, actions);
}

enum class Page : std::uint8_t { dialogue, steps, line, states, capabilities };

void one_page(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  const std::array<std::string_view, 5> words{s("live.dialogue"), s("live.connecting"), s("live.the_line"), s("live.states"), s("live.capabilities")};
  double& page = ui.memory("live.page");
  int chosen = int(page);
  Rect bar = area.take_top(tabs_height);
  ui.canvas().fill(bar, ui.theme.panel);
  ui.canvas().horizontal(bar.x, bar.right(), bar.bottom() - 1, ui.theme.line);
  if (tabs(ui, "live.pages", bar.inset(metric::padding, 0), words, chosen, TabLine::below)) page = chosen, ui.next_frame();
  switch (Page(chosen)) {
    case Page::dialogue: return model.live()->failed() ? live_failure(ui, area, model, actions) : dialogue(ui, area, model, floor, actions);
    case Page::steps: return left(ui, area, model, floor, actions);
    case Page::line: return inspector_view(ui, area, model, actions);
    case Page::states: ui.canvas().fill(area, ui.theme.panel); return live_states(ui, area, model, floor, actions);
    case Page::capabilities: return live_capabilities(ui, area, model, floor, false);
  }
}

}  // namespace

Action live_go(const Model& model, const std::string& typed) {
  if (typed.find("://") == typed.npos && typed.find('@') != typed.npos) return app::Discover{typed};
  const app::LiveChoice& choice = model.live_choice();
  app::LiveWish wish{.url = typed, .steps = choice.steps};
  if (choice.way != app::LoginWay::ask) wish.secret_command = choice.command;
  wish.token = choice.way == app::LoginWay::token_command;
  return app::ConnectReal{std::move(wish)};
}

void live_top_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, ui.theme.line);
  Rect row = area.inset(metric::padding, 0);
  const Strings& s = model.strings();
  const std::string_view note = s(has_line(model) ? "live.unsent" : "live.no_password_yet");
  if (row.w > 1200) {
    const float width = std::min(260.F, ui.canvas().measure(note, font::caption) + 1);
    ui.label(row.take_right(width), note, font::caption, ui.theme.second, Align::right);
    row.take_right(16);
  }
  if (row.w > 620) mode(ui, row, model, actions);
  if (row.w > 480) read_only(ui, row, model, actions);
  if (has_line(model)) facts(ui, row, model, actions);
  else address(ui, row, model, actions);
}

void live_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (!has_line(model)) return live_connect(ui, area, model, actions);
  const Floor floor = floor_of(model);
  if (one_column(ui)) return one_page(ui, area, model, floor, actions);
  const bool wide = area.w > 1900;
  const Halves first = splitter(ui, "split.live.steps", area, Axis::horizontal, wide ? 440 : area.w >= 1440 ? 376 : 336, 280, 640);
  if (model.live()->failed()) {
    left(ui, first.first, model, floor, actions);
    return failed(ui, first.second, model, floor, actions);
  }
  const float side = wide ? 440 : 344;
  const Halves second = splitter(ui, "split.live.side", first.second, Axis::horizontal, first.second.w - 1 - side, 360, 300);
  left(ui, first.first, model, floor, actions);
  dialogue(ui, second.first, model, floor, actions);
  right(ui, second.second, model, floor, actions);
}

}  // namespace glasspost::ui
