// The held card: the line that goes out next, word by word, and nothing goes out before it is let go.
#include <algorithm>

#include "app/ui/views/console_preview.h"
#include "app/ui/views/live.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

bool is_shown(Role role) { return role != Role::space && role != Role::crlf; }

std::string shown(const Token& token, std::string_view text) {
  return is_secret(token.role) ? std::string(masked_secret) : std::string(token.span.of(text));
}

// The whole line on a band, its words underlined.
void band(Ui& ui, Rect area, const Conversation& conversation, const Message& message) {
  const Theme& t = ui.theme;
  const bool sealed = conversation.protection_at(Instant::max()) == Protection::up;
  ui.canvas().fill(area, sealed ? t.tls().tint : t.error.tint);
  ui.canvas().horizontal(area.x, area.right(), area.y, sealed ? t.tls().fill : t.error.fill);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, sealed ? t.tls().fill : t.error.fill);
  Rect row = area.inset(metric::padding, 0);
  draw_padlock(ui.canvas(), t, row.take_right(18).at_right(16, 16), sealed);
  row.take_right(8);
  std::string line = redact(conversation.text(message), conversation.tokens(message));
  line = line.substr(0, line.find_first_of("\r\n"));
  ui.label(row, line, font::held, t.text, Align::left, "live.held.line");
}

}  // namespace

void live_held_card(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  const app::LiveLine& live = *model.live();
  const Conversation& conversation = *live.held();
  if (conversation.size() == 0) return;
  const Message& message = conversation.message(MessageId(conversation.size() - 1));
  ui.canvas().fill(area, t.raised, metric::held_radius);
  ui.canvas().outline(area, t.accent, 2, metric::held_radius);
  ui.note("live.held", Kind::area, area);
  Rect rest = area.inset(2, 10);
  Rect head = rest.take_top(26).inset(metric::padding, 0);
  draw_icon(ui.canvas(), Icon::pause, head.take_left(22).at_left(16, 16), t.accent);
  const std::string_view aside = s("live.not_sent_yet");
  ui.label(head.take_right(ui.canvas().measure(aside, font::caption) + 1), aside, font::caption, t.second, Align::right);
  ui.label(head, s("live.held_title"), font::heading);
  rest.take_top(6);
  band(ui, rest.take_top(44), conversation, message);
  rest.take_top(8);

  Rect foot = rest.take_bottom(44).inset(metric::padding, 0);
  const ButtonLook look{.primary = true, .key = "N"};
  const float send_width = button_width(ui, s("live.send_it"), look);
  bool send = button(ui, "live.send_it", foot.take_right(send_width).at_right(send_width, 32), s("live.send_it"), look);
  foot.take_right(8);
  const bool typed = live.held_is_typed();
  bool edit = false, drop = false;
  if (typed) {
    const float width = button_width(ui, s("live.edit"), {.key = "E"});
    edit = button(ui, "live.edit", foot.take_right(width).at_right(width, 32), s("live.edit"), {.key = "E"});
    foot.take_right(8);
  }
  const std::string_view drop_words = s(typed ? "live.drop" : "live.drop_opening");
  const float width = button_width(ui, drop_words, {.key = "X"});
  if (foot.w >= width) drop = button(ui, "live.drop", foot.take_right(width).at_right(width, 32), drop_words, {.key = "X"});
  else if (foot.w >= 32) drop = icon_button(ui, "live.drop", foot.take_right(32).at_right(32, 32), Icon::cross, drop_words);
  send |= ui.shortcut(Key::n);
  edit |= typed && ui.shortcut(Key::e);
  drop |= ui.shortcut(Key::x);
  if (send) actions.push_back(app::ReleaseHeld{});
  else if (edit) actions.push_back(app::EditLine{std::string(live.held_line())}), actions.push_back(app::DropHeld{}), ui.focus("console.input");
  else if (drop) actions.push_back(app::DropHeld{});

  // The outcome's words hold nothing of the line but its command. In a low window what the line says comes first.
  constexpr float sentence = 26, then_row = 28;
  const std::string_view whole = conversation.text(message);
  if (const std::string outcome = outcome_of(model, floor_of(model), whole.substr(0, whole.find_first_of("\r\n"))).words; !outcome.empty() && rest.h >= sentence + then_row) {
    Rect then = rest.take_bottom(then_row).inset(metric::padding, 0);
    ui.canvas().horizontal(then.x, then.right(), then.y, t.line);
    runs(ui, then, {{.text = s("live.then"), .font = font::strong}, {.text = outcome, .colour = t.second, .gap = 10}}, Align::left, "live.held.then");
  }

  Rect body = rest.inset(metric::padding, 0);
  if (const Words* say = model.catalogue().find(conversation.headline(message))) {
    const std::string words = fill(say->what, {{"client", s("live.you")}, {"server", live.host()}});
    body.take_top(prose(ui, body, words, font::strong) + 6);
  }
  float widest = 0;
  for (const Token& token : conversation.tokens(message))
    if (is_shown(token.role)) widest = std::max(widest, ui.canvas().measure(shown(token, conversation.text(message)), font::console_bold) + 1);
  widest = std::min(widest, body.w * 0.36F);
  for (const Token& token : conversation.tokens(message)) {
    if (!is_shown(token.role) || body.h < 20) continue;
    const Words* words = explain(model.catalogue(), token.role, token.span.of(conversation.text(message)));
    Rect row = body.take_top(21);
    if (words && !words->source.empty()) {
      const float source = ui.canvas().measure(words->source, font::caption) + 1;
      if (row.w > source + 200) ui.label(row.take_right(source), words->source, font::caption, t.accent, Align::right);
      row.take_right(8);
    }
    ui.label(row.take_left(widest), shown(token, conversation.text(message)), font::console_bold, t.of(message.protocol).text);
    row.take_left(12);
    ui.label(row, words ? std::string_view(words->what) : std::string_view(), font::body, t.second);
  }
}

}  // namespace glasspost::ui
