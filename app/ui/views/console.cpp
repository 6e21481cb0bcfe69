// The console: the dialogue with one server, the input, and what may be said now.
#include <algorithm>
#include <cmath>

#include "app/ui/views/console_complete.h"
#include "app/ui/views/console_dialogue.h"
#include "app/ui/views/console_legal.h"
#include "app/ui/views/console_login.h"
#include "app/ui/views/console_open.h"
#include "app/ui/views/console_preview.h"
#include "app/ui/views/heads.h"
#include "app/ui/views/live_bar.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float input_height = 36, foot_height = 48, lowest_whole = 80, narrowest_with_list = 640;

std::string party(const Model& model, const Conversation& conversation, Side side) {
  const HostId host = side == Side::client ? conversation.opened().client : conversation.opened().server;
  const std::string label = model.stage() == app::Stage::world ? host_label(model, host) : std::string();
  return label.empty() ? std::string(conversation.name(side)) : label;
}

// What is typed: the first line; pasted ones wait behind it.
struct Typed {
  std::string line, rest;
  std::size_t waiting = 0;
};
Typed typed_of(const Model& model) {
  const std::string& input = model.console().input;
  const std::size_t end = input.find('\n');
  Typed typed{input.substr(0, end), {}, 0};
  if (end == std::string::npos) return typed;
  typed.rest = input.substr(end + 1);
  typed.waiting = 1 + std::size_t(std::count(typed.rest.begin(), typed.rest.end(), '\n'));
  return typed;
}

std::string meaning_of(const Model& model, const Floor& floor, const Typed& typed) {
  const Strings& s = model.strings();
  if (typed.waiting > 0) return s.count("console.lines_left", typed.waiting);
  switch (floor.waits) {
    case Waits::content: return std::string(s("console.in_data"));
    case Waits::answer:
      return floor.challenge.empty() ? std::string(s("console.in_auth")) : s("console.in_auth_asked", {{"challenge", floor.challenge}});
    case Waits::literal: return s.count("console.in_literal", floor.literal_left);
    case Waits::done: return std::string(s("console.in_idle"));
    case Waits::nothing: return std::string(s(floor.handshake ? "console.tls_handshake" : "console.closed"));
    case Waits::command: break;
  }
  if (!floor.unanswered) return {};
  const Message& message = floor.conversation->message(*floor.unanswered);
  if (message.kind != MessageKind::command) return std::string(s("console.no_reply_yet"));
  return s("console.waiting_reply", {{"command", verb_of(floor.protocol(), floor.conversation->text(message))}});
}

std::string placeholder_of(const Model& model, const Floor& floor) {
  const Strings& s = model.strings();
  if (!floor.open) return std::string(s("console.closed"));
  if (!floor.held) return std::string(s("console.watching"));
  if (floor.waits == Waits::command) return std::string(s("console.as_typed"));
  return meaning_of(model, floor, {});
}

void send(const Typed& typed, std::string_view line, Actions& actions) {
  actions.push_back(app::TypeLine{std::string(line)});
  if (typed.waiting > 0) actions.push_back(app::EditLine{typed.rest});
}

std::string with_rest(std::string line, const Typed& typed) { return typed.waiting > 0 ? line + "\n" + typed.rest : line; }

}  // namespace

void console_input(Ui& ui, Rect row, const Model& model, const Floor& floor, bool send_button, Actions& actions) {
  const Strings& s = model.strings();
  const Typed typed = typed_of(model);
  LineEdit& edit = ui.edit("console.input");
  if (edit.text() != typed.line) edit.set(typed.line);
  const std::string completion = completion_of(model, floor, typed.line);
  const std::string ghost = ghost_of(typed.line, completion);
  const std::string placeholder = placeholder_of(model, floor);
  std::string hint = typed.line.empty() ? std::string() : meaning_of(model, floor, typed);
  if (hint.empty() && !completion.empty() && completion != typed.line) hint = s("console.tab_completes");
  if (typed.waiting > 0) hint = meaning_of(model, floor, typed);
  const float width = button_width(ui, s("console.send"));
  const bool can = floor.held && floor.waits != Waits::nothing;
  std::string pasted;
  InputLook look{.prompt = s("console.client"), .placeholder = placeholder, .ghost = ghost, .hint = hint};
  look.enabled = can;
  look.accepts_tab = can && (!typed.line.empty() || !completion.empty());  // with nothing to complete it stays; Esc leaves
  look.pasted_lines = &pasted;
  look.secret = model.stage() == app::Stage::live && model.live() && model.live()->is_secret(typed.line);
  if (look.secret) hint = s("console.secret_typed");
  look.reserved_right = send_button ? width + 8 : 0;
  const InputEvent event = text_input(ui, "console.input", row, edit, look);
  const bool pressed = send_button && button(ui, "console.send", row.inset(4, 4).at_right(width, metric::button), s("console.send"),
                                             {.enabled = can, .why_not = placeholder});
  if (event == InputEvent::submitted || pressed) {
    send(typed, edit.text(), actions);
    if (look.secret) edit = LineEdit();  // nothing to undo
    if (model.stage() == app::Stage::live && model.live() && model.live()->wish().steps) ui.unfocus();  // N is to send it
    return;
  }
  switch (event) {
    case InputEvent::changed: actions.push_back(app::EditLine{with_rest(edit.text(), typed)}); break;
    case InputEvent::tab:
      if (!completion.empty()) actions.push_back(app::EditLine{with_rest(completion, typed)});
      break;
    case InputEvent::up: actions.push_back(app::RecallLine{-1}); break;
    case InputEvent::down: actions.push_back(app::RecallLine{1}); break;
    case InputEvent::escape: ui.unfocus(); break;
    case InputEvent::pasted_lines: {
      std::string clean = edit.text();
      for (const char c : pasted)
        if (c != '\r') clean += c;
      actions.push_back(app::EditLine{clean + (typed.waiting > 0 ? "\n" + typed.rest : "")});
      break;
    }
    case InputEvent::none:
    case InputEvent::submitted: break;
  }
}

namespace {

void protection(Ui& ui, Rect& row, const Model& model, const Floor& floor) {
  const Theme& t = ui.theme;
  draw_padlock(ui.canvas(), t, row.take_left(16).at_left(16, 16), floor.sealed);
  row.take_left(4);
  const std::string version = floor.sealed ? tls_version(model, *floor.conversation) : std::string(model.strings()("console.in_clear"));
  const float width = std::min(row.w, ui.canvas().measure(version, font::caption) + 1);
  ui.label(row.take_left(width), version, font::caption, floor.sealed ? t.tls().text : t.error.text);
  row.take_left(12);
}

void head(Ui& ui, Rect row, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  const Conversation& conversation = *floor.conversation;
  row.take_right(metric::padding);
  if (floor.held) {
    const float width = button_width(ui, s("console.disconnect"));
    if (row.w > width + 260 && button(ui, "console.hang_up", row.take_right(width).at_right(width, 24), s("console.disconnect"))) actions.push_back(app::HangUp{});
    row.take_right(8);
  }
  if (model.stage() == app::Stage::world) {
    const Rect plus = row.take_right(24).at_right(24, 24);
    if (icon_button(ui, "console.another", plus, Icon::plus, s("console.connect_to"))) ui.open_popup(open_menu, above(model, plus));
    row.take_right(8);
  }
  if (floor.held) {
    double& explains = ui.memory("console.explain");
    const Rect eye = row.take_right(24).at_right(24, 24);
    if (icon_button(ui, "console.explain", eye, Icon::search, s("console.explain_first"), true, explains > 0)) explains = explains > 0 ? 0 : 1, ui.next_frame();
    row.take_right(8);
  }
  draw_shape(ui.canvas(), ui.theme, row.take_left(16).at_left(16, 16), conversation.opened().protocol);
  row.take_left(8);
  const std::string names = s("console.from_to", {{"client", party(model, conversation, Side::client)},
                                                  {"server", party(model, conversation, Side::server) + ":" + std::to_string(conversation.opened().server_port)}});
  const std::string_view floor_words = s("console.you_hold");
  const float chip_room = floor.held ? chip_width(ui, floor_words) + 8 : 0;
  const float width = std::min(std::max(40.F, row.w - chip_room - 96), ui.canvas().measure(names, font::body) + 1);
  const Rect parties = row.take_left(width);
  if (parties.w >= 32) ui.label(parties, names, font::body, ui.theme.second, Align::left, "console.parties");  // else not even an ellipsis says anything
  row.take_left(8);
  if (row.w > 60) protection(ui, row, model, floor);
  if (floor.held && row.w >= chip_room && chip(ui, "console.you_hold", {row.x, row.middle()}, floor_words, true)) ui.focus("console.input");
  if (!floor.held && floor.open && row.w > 80) ui.label(row, s("console.watching"), font::caption, ui.theme.third);
}

// In place of the input while a mail program speaks, or after the end: how to have a line of one's own.
void take_the_floor(Ui& ui, Rect row, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  if (model.stage() == app::Stage::world) {
    const Opened& opened = floor.conversation->opened();
    const std::string words = s("console.talk_yourself", {{"server", party(model, *floor.conversation, Side::server)}});
    const float width = std::min(row.w * 0.6F, button_width(ui, words));
    if (button(ui, "console.take_line", row.take_right(width).at_right(width, metric::button), words)) {
      actions.push_back(app::OpenConsole{opened.client, opened.server, opened.server_port});
      ui.focus("console.input");
    }
    row.take_right(8);
  }
  LineEdit nothing;
  const std::string placeholder = placeholder_of(model, floor);
  text_input(ui, "console.input", row, nothing, {.prompt = s("console.client"), .placeholder = placeholder, .enabled = false});
}

void answer_chip(Ui& ui, Rect& row, const Model& model, const Floor& floor, Actions& actions) {
  const Answer answer = answer_of(model, floor);
  if (answer.line.empty()) return;
  const std::string words = model.strings()("console.fill_answer", {{"user", answer.user}});
  const float width = button_width(ui, words);
  if (row.w < width + 320) return;
  const Rect at = row.take_right(width).at_right(width, metric::button);
  row.take_right(8);
  if (button(ui, "console.fill_answer", at, words)) {
    actions.push_back(app::EditLine{answer.line});
    ui.focus("console.input");
  }
}

void one_line(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const Strings& s = model.strings();
  Rect row = area.inset(8, 0);
  row = row.at_left(row.w, std::min(32.F, row.h));
  if (model.console().asks_address) return console_address(ui, area, model, actions);
  if (model.stage() == app::Stage::live && model.live() && live_bar_in_one_line(ui, row, model, actions)) return;
  if (!floor.conversation) {
    const float width = std::min(row.w, button_width(ui, s("console.connect_to"), {.menu = true}));
    const Rect at = row.take_left(width).at_left(width, metric::button);
    if (button(ui, "console.talk", at, s("console.connect_to"), {.menu = true})) ui.open_popup(open_menu, above(model, at));
    row.take_left(12);
    ui.label(row, s("console.no_connection"), font::body, ui.theme.third);
    return;
  }
  row.take_left(6);
  draw_shape(ui.canvas(), ui.theme, row.take_left(16).at_left(14, 14), floor.conversation->opened().protocol);
  draw_padlock(ui.canvas(), ui.theme, row.take_left(18).at_left(14, 14), floor.sealed);
  if (!floor.held) return take_the_floor(ui, row, model, floor, actions);
  const float list = legal_button(ui, row, model, floor, actions);
  row.take_right(list + 8);
  console_input(ui, row, model, floor, true, actions);
}

void whole(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const bool list = area.w >= narrowest_with_list && floor.machine && floor.open;
  if (list) {
    Rect right = area.take_right(std::clamp(std::round(area.w * 0.45F), 280.F, 560.F));
    ui.canvas().vertical(right.x, right.y, right.bottom(), ui.theme.line);
    right.take_left(1);
    if (const LoginSteps login = login_steps(model, floor); !login.steps.empty()) console_login(ui, right.inset(4, 2), model, login, floor.mechanism, actions);
    else console_legal(ui, right.inset(4, 2), model, floor, actions);
  }
  Rect foot = area.take_bottom(foot_height);
  Rect row = foot.inset(12, 0);
  row = row.at_left(row.w, input_height);
  const Typed typed = typed_of(model);
  const bool explains = floor.held && floor.waits != Waits::nothing && !typed.line.empty() && ui.memory("console.explain") > 0;
  const Rect preview = explains ? area.take_bottom(preview_height(area.h)) : Rect{};
  // A lesson that points at the input has its words there.
  if (model.workspace() == app::Workspace::learn && ui.memory("console.pointed_at") > 0 && !explains) area.take_bottom(36);
  if (area.h > 0) console_lines(ui, area, model, floor, actions);
  if (explains) {  // of what a word may become while it is being written
    const std::string completion = completion_of(model, floor, typed.line);
    const bool unknown = outcome_of(model, floor, typed.line).kind == Outcome::Kind::unknown;
    console_preview(ui, preview, model, floor, unknown && !completion.empty() ? completion : typed.line);
  }
  if (model.console().asks_address) return console_address(ui, foot, model, actions);
  if (!floor.held) return take_the_floor(ui, row, model, floor, actions);
  if (!list && floor.machine) {
    const float width = legal_button(ui, row, model, floor, actions);
    row.take_right(width + 8);
  }
  answer_chip(ui, row, model, floor, actions);
  console_input(ui, row, model, floor, true, actions);
}

}  // namespace

void console_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  const Floor floor = floor_of(model);
  console_open_menu(ui, model, actions);
  if (area.h < lowest_whole) {
    ui.note("console", Kind::area, area);
    return one_line(ui, area, model, floor, actions);
  }
  const Rect title = lower_head(ui, "console", area, model, actions);
  if (model.stage() == app::Stage::live && model.live()) live_bar(ui, area, model, actions);
  if (!floor.conversation) return console_empty(ui, area, model, actions);
  head(ui, title, model, floor, actions);
  whole(ui, area, model, floor, actions);
}

}  // namespace glasspost::ui
