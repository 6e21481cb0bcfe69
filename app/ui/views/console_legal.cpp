#include "app/ui/views/console_legal.h"

#include <algorithm>

#include "app/ui/views/console_complete.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float head_height = 26, foot_height = 26, row_height = 20;

std::string key_of(const Floor& floor, std::string_view command) {
  return "legal/" + std::string(lower_name_of(floor.protocol())) + "/" + std::string(command);
}

void take(Ui& ui, const Model& model, const Floor& floor, const CommandRow& row, Actions& actions) {
  actions.push_back(app::EditLine{example_of(model, floor, row)});
  ui.close_popup("console.legal.popup");
  ui.focus("console.input");
}

// The command that is being typed, or the first that is legal.
const CommandRow* lit_row(const Model& model, const Floor& floor, const std::vector<const CommandRow*>& rows) {
  std::string typed = model.console().input.substr(0, model.console().input.find('\n'));
  if (floor.protocol() == Protocol::imap && floor.waits != Waits::done && typed.find(' ') == std::string::npos) typed.clear();
  if (typed.empty()) return nullptr;
  const std::string completed = completion_of(model, floor, typed);
  const std::string verb = verb_of(floor.protocol(), completed.empty() ? typed : completed);
  for (const CommandRow* row : rows)
    if (row->name == verb) return row;
  return nullptr;
}

// "354, 451, 554" as "354, 4xx, 5xx": what a narrow column has room for.
std::string in_short(std::string_view replies) {
  std::string out, classes;
  while (!replies.empty()) {
    const std::size_t end = replies.find(", ");
    const std::string_view one = replies.substr(0, end);
    replies.remove_prefix(end == std::string_view::npos ? replies.size() : end + 2);
    const bool refusal = one.size() == 3 && (one[0] == '4' || one[0] == '5');
    const std::string said = refusal ? std::string(1, one[0]) + "xx" : std::string(one.substr(0, one.find(" [")));
    if (refusal && classes.find(one[0]) != std::string::npos) continue;
    if (refusal) classes += one[0];
    if (!refusal && !out.empty() && out.ends_with(said)) continue;
    out += (out.empty() ? "" : ", ") + said;
  }
  return out;
}

void head(Ui& ui, Rect row, const Model& model, const Floor& floor, const CommandRow* lit, const std::vector<const CommandRow*>& rows, Actions& actions) {
  const Strings& s = model.strings();
  const CommandRow* cited = lit ? lit : rows.empty() ? nullptr : rows.front();
  if (cited) {
    const float width = ui.canvas().measure(cited->source, font::caption) + 1;
    const Rect at = row.take_right(width);
    if (link(ui, "console.legal.source", at, cited->source, Align::right)) actions.push_back(app::Copy{rfc_address(cited->source)});
    ui.tooltip(at, s("console.copy_address", {{"address", rfc_address(cited->source)}}));
    row.take_right(12);
  }
  const std::string_view state = floor.machine->states[floor.state].id;
  const Words* words = model.catalogue().find("state/" + std::string(lower_name_of(floor.protocol())) + "/" + std::string(state));
  const std::string_view aside = floor.pipelining && floor.unanswered ? s("console.pipelining") : words ? std::string_view(words->what) : state;
  runs(ui, row, {{.text = s("console.legal_now"), .font = font::caption_strong}, {.text = aside, .font = font::caption, .colour = ui.theme.third, .gap = 8}});
}

// The list's three columns: what may be said, what it does, what answers it. Where they have no room side by side, the
// answers are the first to give way: only what means success stays, the rest is in the tooltip.
struct Widths {
  float names = 0, replies = 0;
  bool success_only = false;
};

std::string replies_of(const CommandRow& command, bool success_only) {
  const std::string all = in_short(command.replies);
  return success_only ? all.substr(0, all.find(", ")) : all;
}

Widths widths_of(Ui& ui, const Model& model, const Floor& floor, const std::vector<const CommandRow*>& rows, float room) {
  Widths widths;
  float words = 0;
  const auto widest = [&](bool success_only) {
    float most = 0;
    for (const CommandRow* row : rows) most = std::max(most, ui.canvas().measure(replies_of(*row, success_only), font::table) + 1);
    return most;
  };
  for (const CommandRow* row : rows) {
    widths.names = std::max(widths.names, ui.canvas().measure(row->shape, font::table_bold) + 1);
    if (const Words* said = model.catalogue().find(key_of(floor, row->name))) words = std::max(words, ui.canvas().measure(said->what, font::body) + 1);
  }
  widths.names = std::min(widths.names, room * 0.4F);
  widths.replies = widest(false);
  if (widths.names + 12 + words + 8 + widths.replies > room) widths.success_only = true, widths.replies = widest(true);
  return widths;
}

void row_of_list(Ui& ui, Rect row, const Model& model, const Floor& floor, const CommandRow& command, bool lit, const Widths& widths, Actions& actions) {
  const Theme& t = ui.theme;
  const Words* words = model.catalogue().find(key_of(floor, command.name));
  const Response r = ui.interact("console.legal/" + std::string(command.name), Kind::item, row, command.shape, {.on = lit});
  row_ground(ui, row, lit, r.hovered);
  if (r.ring) ui.focus_ring(row.inset(2, 1));
  if (r.clicked) take(ui, model, floor, command, actions);
  Rect inside = row.inset(10, 0);
  ui.label(inside.take_left(widths.names), command.shape, lit ? font::table_bold : font::table, t.of(floor.protocol()).text);
  inside.take_left(12);
  const std::string replies = replies_of(command, widths.success_only);
  const Rect codes = inside.take_right(widths.replies);
  ui.label(codes, replies, font::table, t.third, Align::right);
  if (replies != command.replies) ui.tooltip(codes, command.replies);
  inside.take_right(8);
  if (words && inside.w > 40) ui.label(inside, words->what, font::body, t.second);
}

void foot(Ui& ui, Rect row, const Model& model, const Floor& floor, Actions& actions) {
  const std::vector<const CommandRow*> refused = refused_rows(floor);
  if (refused.empty()) return;
  const Strings& s = model.strings();
  ui.canvas().horizontal(row.x, row.right(), row.y, ui.theme.line);
  row.take_top(1);
  row = row.inset(10, 0);
  const std::string code(refusal_of(floor, *refused.front()));
  const std::string words = s("console.not_now", {{"code", code}}), few = s("console.not_now_short", {{"code", code}});
  const float whole = ui.canvas().measure(words, font::caption) + 1;
  const std::string& said = whole < row.w * 0.62F ? words : few;
  ui.label(row.take_left(std::min(row.w, ui.canvas().measure(said, font::caption) + 1)), said, font::caption, ui.theme.third);
  std::string rest;
  for (const CommandRow* command : refused) {
    const float width = ui.canvas().measure(command->name, font::table) + 1;
    const Words* why = explain_refusal(model.catalogue(), floor.protocol(), command->name, hindrance_of(floor, *command));
    if (row.w < width + 12 + 30) {
      rest += (rest.empty() ? "" : "  ") + std::string(command->name);
      continue;
    }
    row.take_left(12);
    const Rect at = row.take_left(width);
    const Response r = ui.interact("console.refused/" + std::string(command->name), Kind::item, at, command->name);
    ui.label(at, command->name, font::table, r.hovered ? ui.theme.text : ui.theme.second);
    if (why) ui.tooltip(at, std::string(refusal_of(floor, *command)) + ": " + why->what);
    if (r.ring) ui.focus_ring(at);
    if (r.clicked) take(ui, model, floor, *command, actions);
  }
  if (rest.empty()) return;
  const Rect more = row.take_right(26);
  ui.label(more, "…", font::table, ui.theme.second, Align::right);
  ui.tooltip(more, rest);
}

}  // namespace

void console_legal(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  ui.note("console.legal", Kind::list, area);
  if (!floor.machine) return;
  const std::vector<const CommandRow*> rows = legal_rows(floor);
  const CommandRow* lit = lit_row(model, floor, rows);
  head(ui, area.take_top(head_height).inset(10, 0), model, floor, lit, rows, actions);
  if (area.h > 96) foot(ui, area.take_bottom(foot_height), model, floor, actions);
  const Widths widths = widths_of(ui, model, floor, rows, area.w - 20);
  ScrollArea scroll(ui, "console.legal.rows", area, float(rows.size()) * row_height);
  Rect content = scroll.content();
  for (const CommandRow* command : rows) {
    const Rect row = content.take_top(row_height);
    if (ui.canvas().shows(row)) row_of_list(ui, row, model, floor, *command, command == lit, widths, actions);
  }
}

float legal_button(Ui& ui, Rect row, const Model& model, const Floor& floor, Actions& actions) {
  const std::size_t count = legal_rows(floor).size();
  const std::string words = model.strings()("console.legal_now_count", {{"n", std::to_string(count)}});
  const ButtonLook look{.icon = Icon::chevron_up, .enabled = count > 0, .why_not = model.strings()("console.nothing_legal")};
  const float width = button_width(ui, words, look);
  const Rect box = row.at_right(width, metric::button);
  constexpr const char* popup = "console.legal.popup";
  const float height = head_height + foot_height + 16 + row_height * float(std::min<std::size_t>(std::max<std::size_t>(count, 5), 10));
  const float wide = std::min(ui.whole().w - 32, 440.F);
  if (button(ui, "console.legal.open", box, words, look)) ui.open_popup(popup, {box.right() - wide, box.y - height - 6});
  if (const auto card = ui.begin_popup(popup, {wide, height})) {
    console_legal(ui, card->inset(0, 6), model, floor, actions);
    ui.end_popup();
  }
  return width;
}

}  // namespace glasspost::ui
