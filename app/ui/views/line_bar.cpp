// One column: what the inspector says of the selected line, in two rows that are always there.
#include "app/ui/views/heads.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

bool has_secret(const Conversation& conversation, const Message& message) {
  for (const Token& token : conversation.tokens(message))
    if (is_secret(token.role)) return true;
  return false;
}

}  // namespace

void line_bar_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  ui.canvas().fill(area, t.panel);
  ui.canvas().horizontal(area.x, area.right(), area.y, t.strong_line);
  const Message* message = model.selected();
  Rect row = area.inset(metric::padding, 6);
  if (!message) {
    ui.label(row, s("start.click_a_line"), font::body, t.second);
    return;
  }
  ui.canvas().fill({area.x, area.y, 3, area.h}, t.accent);
  const Conversation& conversation = *model.selected_conversation();
  Rect icons = row.take_left(48);
  const Rect shape = icons.take_left(16);
  if (message->protocol == Protocol::tls) draw_padlock(ui.canvas(), t, {shape.x, row.y + 1, 16, 16}, true);
  else draw_shape(ui.canvas(), t, {shape.x, row.y + 1, 16, 16}, message->protocol);
  const auto number = model.conversations().row_of(*model.selection().message);
  ui.label({icons.x + 4, row.y, 28, 18}, std::to_string(number ? *number + 1 : 0), font::body, t.third);
  if (message->sealed) draw_padlock(ui.canvas(), t, row.take_right(24).at_right(16, 16), true);
  if (has_secret(conversation, *message) && model.stage() == app::Stage::world) {
    if (icon_button(ui, "line.reveal", row.take_right(32).at_right(28, 28), model.revealed() ? Icon::eye : Icon::eye_struck,
                    s(model.revealed() ? "inspector.hide" : "inspector.reveal")))
      actions.push_back(app::ToggleReveal{});
  }
  const Words* say = model.catalogue().find(conversation.headline(*message));
  const auto name = [&](Side side) {
    const HostId host = side == Side::client ? conversation.opened().client : conversation.opened().server;
    const std::string label = model.stage() == app::Stage::world ? host_label(model, host) : std::string();
    return label.empty() ? std::string(conversation.name(side)) : label;
  };
  const std::string headline = say ? fill(say->what, {{"client", name(Side::client)}, {"server", name(Side::server)}}) : std::string();
  const Rect first = row.take_top(20);
  ui.label(first, headline, font::strong, {}, Align::left, "line.headline");
  std::string octets = std::string(s("inspector.two_ends")) + ": " + s.count("inspector.bytes", message->octets);
  if (message->sealed) octets += "; " + std::string(s("inspector.on_the_wire")) + ": " + s("inspector.noise", {{"n", s.number(message->wire_octets)}});
  const float width = std::min(row.w, ui.canvas().measure(octets, font::caption) + 1);
  ui.label(row.take_left(width), octets, font::caption, t.second);
}

}  // namespace glasspost::ui
