#include "app/ui/views/live_bar.h"

#include <algorithm>

#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float status_row = 26, asking_row = 40, most_advice = 60;

void allow_button(Ui& ui, Rect& row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const bool read_only = model.live()->read_only();
  const ButtonLook look{.strong = read_only, .icon = read_only ? Icon::eye : Icon::pencil};
  const std::string_view words = s(read_only ? "live.read_only" : "live.read_write");
  const float width = button_width(ui, words, look);
  if (row.w < width + 120) return;
  const Rect at = row.take_right(width).at_right(width, 22);
  row.take_right(12);
  if (button(ui, "live.read_only", at, words, look)) actions.push_back(app::AllowChanges{read_only});
  ui.tooltip(at, s(read_only ? "live.read_only_hint" : "live.read_write_hint"));
}

// A sentence, and what can be done about it: at its right, or below where there is no room.
void held_back(Ui& ui, Rect row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const app::HeldBack& held = *model.live()->held_back();
  const std::string sentence = model.live()->status();
  const bool two_rows = row.h > asking_row;
  if (two_rows) {
    Rect above = row.take_top(row.h / 2);
    draw_icon(ui.canvas(), Icon::eye, above.take_left(24).at_left(16, 16), ui.theme.text);
    ui.label(above, sentence, font::body, ui.theme.text, Align::left, "live.held_back");
  }
  const std::string_view allow = s("live.allow");
  const float allow_width = button_width(ui, allow);
  if (row.w > allow_width + 80 &&
      button(ui, "live.allow", row.take_right(allow_width).at_right(allow_width, metric::button), allow))
  {
    // The line goes back to where it was typed, before what is left of a script: it is the person who sends it.
    const std::string& left = model.console().input;
    actions.push_back(app::AllowChanges{true});
    actions.push_back(app::EditLine{held.line + (left.empty() ? "" : "\n" + left)});
    ui.focus("console.input");
  }
  row.take_right(8);
  if (!held.alternative.empty()) {
    const std::string words = s("live.instead", {{"alternative", held.alternative}});
    const ButtonLook look{.primary = true};
    const float width = std::min(row.w * 0.6F, button_width(ui, words, look));
    if (button(ui, "live.instead", row.take_right(width).at_right(width, metric::button), words, look)) {
      actions.push_back(app::SendInstead{});
      if (!model.live()->wish().steps) ui.focus("console.input");
    }
    row.take_right(12);
  }
  if (two_rows) return;
  draw_icon(ui.canvas(), Icon::eye, row.take_left(24).at_left(16, 16), ui.theme.text);
  ui.label(row, sentence, font::body, ui.theme.text, Align::left, "live.held_back");
}

// What it takes of the bar: two rows if the sentence and the buttons do not fit into one.
float held_back_height(Ui& ui, float width, const Model& model) {
  const Strings& s = model.strings();
  const app::HeldBack& held = *model.live()->held_back();
  const float words = ui.canvas().measure(model.live()->status(), font::body) + 24;
  const float buttons = button_width(ui, s("live.allow")) + (held.alternative.empty() ? 0 : button_width(ui, s("live.instead", {{"alternative", held.alternative}}), {.primary = true})) + 32;
  return words + buttons + 2 * metric::padding > width ? 2 * asking_row - 8 : asking_row;
}

std::string whose_password(const Model& model) {
  return model.strings()(model.live()->wish().token ? "live.token_of" : "live.password_of", {{"user", model.live()->asks_secret_of().value_or("")}});
}

// Two rows where the words, a field that one can write in and the buttons do not fit into one.
float password_height(Ui& ui, float width, const Model& model) {
  constexpr float least_field = 140;
  const float words = ui.canvas().measure(whose_password(model), font::strong) + 13;
  const float buttons = button_width(ui, model.strings()("live.log_in"), {.primary = true}) + button_width(ui, model.strings()("common.cancel")) + 16;
  return words + least_field + buttons + 2 * metric::padding > width ? asking_row + 24 : asking_row;
}

}  // namespace

void live_password(Ui& ui, Rect row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  double& asked = ui.memory("live.password.asked");
  LineEdit& edit = ui.edit("live.password");
  if (asked != double(model.live()->connection())) {
    asked = double(model.live()->connection());
    edit = LineEdit();
    ui.focus("live.password");
  }
  const std::string label = whose_password(model);
  const bool above = row.h > asking_row;
  if (above) ui.label(row.take_top(24), label, font::strong, {}, Align::left, "live.password_of");
  const ButtonLook look{.primary = true, .enabled = !edit.text().empty(), .why_not = s("live.password_hint")};
  const float go = button_width(ui, s("live.log_in"), look), back = button_width(ui, s("common.cancel"));
  const bool wanted = button(ui, "live.log_in", row.take_right(go).at_right(go, metric::button), s("live.log_in"), look);
  row.take_right(8);
  const bool cancelled = button(ui, "live.no_password", row.take_right(back).at_right(back, metric::button), s("common.cancel"));
  row.take_right(8);
  if (!above) {
    const float width = std::min(row.w * 0.55F, ui.canvas().measure(label, font::strong) + 1);
    ui.label(row.take_left(width), label, font::strong, {}, Align::left, "live.password_of");
    row.take_left(12);
  }
  const InputEvent event = text_input(ui, "live.password", row.at_left(row.w, 32), edit,
                                      {.placeholder = s("live.password_hint"), .secret = true, .icon = Icon::padlock_closed});
  if ((event == InputEvent::submitted || wanted) && !edit.text().empty()) {
    actions.push_back(app::GiveSecret{edit.text()});
    edit = LineEdit();  // nothing to undo
    asked = 0;
    ui.focus("console.input");
  } else if (cancelled || event == InputEvent::escape) {
    edit = LineEdit();
    asked = 0;
    actions.push_back(app::HangUp{});
  }
}

void live_bar(Ui& ui, Rect& area, const Model& model, Actions& actions) {
  const Theme& t = ui.theme;
  const app::LiveLine& line = *model.live();
  if (line.asks_secret_of()) {
    const Rect row = area.take_top(password_height(ui, area.w, model));
    ui.canvas().fill(row, t.accent_tint);
    return live_password(ui, row.inset(metric::padding, 2), model, actions);
  }
  if (line.held_back() && line.is_open()) {  // on a line that is over there is nothing to send instead
    const Rect row = area.take_top(held_back_height(ui, area.w, model));
    ui.canvas().fill(row, t.sunken);
    ui.canvas().outline(row, t.text, 1);
    return held_back(ui, row.inset(metric::padding, 2), model, actions);
  }
  const bool failed = line.failed();
  const std::string status = line.status(), advice = line.meaning();
  const float inner = area.w - 2 * metric::padding;
  const float more = advice.empty() ? 0 : std::min(most_advice, measure_prose(ui, inner, advice, font::caption) + 4);
  Rect rows = area.take_top(std::min(area.h, status_row + more));
  ui.canvas().fill(rows, failed ? t.error.tint : t.sunken);
  Rect row = rows.take_top(status_row).inset(metric::padding, 0);
  if (failed) draw_icon(ui.canvas(), Icon::warning, row.take_left(22).at_left(14, 14), t.error.fill);
  else if (model.workspace() != app::Workspace::live) allow_button(ui, row, model, actions);  // there it is in the bar above
  ui.label(row, status, failed ? font::strong : font::caption, failed ? t.error.text : t.second, Align::left, "console.status");
  if (more > 0) prose(ui, rows.inset(metric::padding, 0), advice, font::caption, t.text, "live.advice");
}

bool live_bar_in_one_line(Ui& ui, Rect row, const Model& model, Actions& actions) {
  const app::LiveLine& line = *model.live();
  if (line.asks_secret_of()) live_password(ui, row, model, actions);
  else if (line.held_back() && line.is_open()) held_back(ui, row, model, actions);
  else if (!line.is_open()) ui.label(row, line.status(), font::body, line.failed() ? ui.theme.error.text : ui.theme.second, Align::left, "console.status");
  else return false;
  return true;
}

}  // namespace glasspost::ui
