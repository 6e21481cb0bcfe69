#include "app/ui/views/projector.h"

#include <algorithm>
#include <cmath>

#include "app/ui/views/ladder_line.h"
#include "app/ui/views/staff.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr int rows_shown = 13, rows_ahead = 2;
constexpr std::size_t most_tokens = 4;

// The measures are those of 1920 x 1080; `u` makes them fit the window that there is.
class Projector {
 public:
  Projector(Ui& ui, const Model& model) : ui_(ui), model_(model) {
    const Rect whole = ui.whole();
    u_ = std::min(whole.w / 1920, whole.h / 1080);
    message_ = current();
    conversation_ = message_ ? model.conversations().find(message_->connection) : nullptr;
  }

  void draw(Actions&);
  void foot(Rect, Actions&);

 private:
  std::optional<MessageRef> current() const;
  Font text(float size, bool strong = false) const { return {strong ? Face::text_strong : Face::text, size * u_}; }
  Font wire(float size, bool bold = false) const { return {bold ? Face::wire_bold : Face::wire, size * u_}; }
  std::string name(Side) const;
  std::string state_words(StateId) const;
  void ladder(Rect);
  void row(Rect, MessageId, float client, float server);
  void explanation(Rect);
  void line(Rect);
  void tokens(Rect);
  void chapters(Rect);

  Ui& ui_;
  const Model& model_;
  float u_ = 1;
  std::optional<MessageRef> message_;
  const Conversation* conversation_ = nullptr;
};

// The selected message, if it has been said; else the last that was.
std::optional<MessageRef> Projector::current() const {
  const std::size_t said = model_.said();
  if (said == 0) return std::nullopt;
  const auto& chosen = model_.selection().message;
  if (chosen && model_.conversations().message(*chosen).at <= model_.cursor()) return chosen;
  return model_.conversations().row(said - 1);
}

std::string Projector::name(Side side) const {
  const HostId host = side == Side::client ? conversation_->opened().client : conversation_->opened().server;
  const std::string label = model_.stage() == app::Stage::world ? host_label(model_, host) : std::string();
  return label.empty() ? std::string(conversation_->name(side)) : label;
}

std::string Projector::state_words(StateId state) const {
  const Machine* machine = machine_of(conversation_->opened().protocol);
  if (!machine) return {};
  const Words* words = model_.catalogue().find("state/" + std::string(lower_name_of(conversation_->opened().protocol)) + "/" +
                                               std::string(machine->states[state].id));
  return words ? words->what : std::string();
}

void Projector::row(Rect rect, MessageId id, float client, float server) {
  const Message& message = conversation_->message(id);
  const Theme& t = ui_.theme;
  Canvas& c = ui_.canvas();
  const bool said = message.at <= model_.cursor(), now = id == message_->message;
  const auto ink = [&](Colour colour) { return said ? colour : mix(t.panel, colour, 0.45F); };
  if (conversation_->protection_at(message.at) == Protection::up || (message.protocol == Protocol::tls && message.sealed))
    c.fill({client, rect.y, server - client, rect.h}, t.tls().tint);
  if (now) row_ground(ui_, rect, true, false);
  const auto number = model_.conversations().row_of({conversation_->id(), id});
  ui_.label({rect.x, rect.y, 60 * u_, rect.h}, std::to_string(number ? *number + 1 : 0), wire(22, now), ink(now ? t.text : t.third), Align::right);

  const bool from_client = message.from == Side::client;
  const Colour colour = ink(t.of(message.protocol).text);
  const LadderLine words = ladder_line(*conversation_, message);
  const Font font = wire(24, from_client);
  const float text_x = client + 42 * u_, room = server - text_x - 60 * u_;
  const float width = std::min(room, c.measure(words.text, font) + 1), y = rect.middle();
  ui_.label({text_x, rect.y, width, rect.h}, words.text, font, from_client ? colour : ink(t.text));
  const Dash dashes = from_client ? dash::solid : dash::reply;
  c.horizontal(client, text_x - 10 * u_, y, colour, 2, dashes);
  c.horizontal(text_x + width + 10 * u_, server, y, colour, 2, dashes);
  const float from = from_client ? client : server, to = from_client ? server : client, way = from_client ? 1.F : -1.F;
  c.disc({from, y}, 6 * u_, colour);
  c.arrow_head({to - way * 8 * u_, y}, {way, 0}, colour, 14 * u_, !said);
  const Machine* machine = machine_of(conversation_->opened().protocol);
  if (machine && message.state_after != message.state_before)
    if (const std::string state = message.sealed && from_client && message.state_after == machine->start
                                      ? std::string(model_.strings()("ladder.begins_again"))
                                      : state_words(message.state_after); !state.empty() && rect.right() > server + 80 * u_)
      ui_.label({server + 28 * u_, rect.y, rect.right() - server - 40 * u_, rect.h}, state, text(22), ink(t.second));
}

void Projector::ladder(Rect area) {
  const Theme& t = ui_.theme;
  Rect head = area.take_top(80 * u_);
  ui_.canvas().horizontal(head.x, head.right(), head.bottom(), t.strong_line, 2);
  const float client = area.x + 120 * u_, server = area.x + area.w * 0.72F;
  ui_.label({area.x + 36 * u_, head.y, server - client - 160 * u_, head.h}, name(Side::client), text(26, true));
  const std::string to = name(Side::server);
  const float w = std::min(ui_.canvas().measure(to, text(26, true)) + 1, area.right() - server + 120 * u_);
  ui_.label({std::min(server - w / 2, area.right() - w - 12), head.y, w, head.h}, to, text(26, true));

  const std::size_t size = conversation_->size();
  const std::size_t now = message_->message;
  const std::size_t last = std::min(size, now + 1 + rows_ahead), first = last > std::size_t(rows_shown) ? last - rows_shown : 0;
  const float height = area.h / float(rows_shown);
  const Machine* machine = machine_of(conversation_->opened().protocol);
  const float bottom = area.y + float(last - first) * height;
  ui_.canvas().vertical(client, area.y, bottom, t.strong_line, 2);
  ui_.canvas().vertical(server, area.y, bottom, t.strong_line, 2);
  for (std::size_t i = first; i < last; ++i) row({area.x, area.y + float(i - first) * height, area.w, height}, MessageId(i), client, server);
  if (!machine) return;
  const Protocol protocol = conversation_->opened().protocol;
  for (std::size_t i = first; i < last; ++i) {  // the band of states over it
    const Message& message = conversation_->message(MessageId(i));
    const Rect part{server - 8 * u_, area.y + float(i - first) * height, 16 * u_, height};
    if (message.at > model_.cursor()) {
      ui_.canvas().dashed_outline(part, t.of(protocol).fill, dash::would_happen, 1);
      continue;
    }
    const std::uint8_t strength = machine->states[message.state_after].strength;
    const Colour fill = message.protocol == Protocol::tls ? t.tls().fill
                        : strength == 1                   ? t.of(protocol).tint
                        : strength == 2                   ? t.authenticated(protocol)
                        : strength == 3                   ? t.of(protocol).fill
                                                          : t.panel;
    ui_.canvas().fill(part, fill);
    ui_.canvas().outline(part, t.of(protocol).fill, 1);
  }
}

void Projector::line(Rect area) {
  const Message& message = conversation_->message(message_->message);
  const Theme& t = ui_.theme;
  if (message.sealed) {
    ui_.canvas().fill(area, t.tls().tint);
    ui_.canvas().horizontal(area.x, area.right(), area.y, t.tls().fill, 2);
    ui_.canvas().horizontal(area.x, area.right(), area.bottom(), t.tls().fill, 2);
  } else {
    ui_.canvas().fill(area, t.sunken);
  }
  Rect inside = area.inset(40 * u_, 0);
  if (message.sealed) draw_padlock(ui_.canvas(), t, inside.take_right(28 * u_).at_right(26 * u_, 26 * u_), true);
  const bool client = message.from == Side::client;
  ui_.label(inside, ladder_line(*conversation_, message).text, wire(28, client), client ? t.of(message.protocol).text : t.text, Align::left,
            "projector.line");
}

void Projector::tokens(Rect area) {
  const Message& message = conversation_->message(message_->message);
  const Theme& t = ui_.theme;
  const bool readable = message.protocol != Protocol::tls && message.protocol != Protocol::dns;
  std::vector<const Words*> told;
  for (const Token& token : conversation_->tokens(message)) {
    if (told.size() == most_tokens) return;
    const std::string_view octets = token.span.of(conversation_->text(message));
    if (token.role == Role::space || token.role == Role::crlf || token.role == Role::plain) continue;
    const Words* words = explain(model_.catalogue(), token.role, octets);
    if (!words || words->what.empty() || std::find(told.begin(), told.end(), words) != told.end()) continue;
    const std::string shown = !readable                ? std::string()
                              : is_secret(token.role) ? std::string(mask)
                                                      : std::string(octets.substr(0, octets.find_first_of("\r\n")));
    const float wide = shown.empty() ? 0 : std::min(area.w * 0.5F, ui_.canvas().measure(shown, wire(24, true)) + 1) + 16 * u_;
    const float source = words->source.empty() ? 0 : ui_.canvas().measure(words->source, text(22)) + 1 + 16 * u_;
    // What it is stands beside the word where there is room, else below it.
    const bool below = wide + source + ui_.canvas().measure(words->what, text(26, true)) + 1 > area.w;
    const float what = below ? measure_prose(ui_, area.w, words->what, text(26, true)) : 0;
    const float why = words->why.empty() ? 0 : measure_prose(ui_, area.w, words->why, text(24));
    if (38 * u_ + what + why + 24 * u_ > area.h) return;
    told.push_back(words);
    Rect head = area.take_top(38 * u_);
    if (source > 0 && source < head.w - wide)
      ui_.label(head.take_right(source - 16 * u_), words->source, text(22), ui_.theme.accent, Align::right);
    if (wide > 0) {
      ui_.label(head.take_left(wide - 16 * u_), shown, wire(24, true), t.of(message.protocol).text);
      head.take_left(16 * u_);
    }
    if (below) prose(ui_, area.take_top(what), words->what, text(26, true));
    else ui_.label(head, words->what, text(26, true));
    if (why > 0) prose(ui_, area.take_top(why), words->why, text(24), t.second);
    area.take_top(24 * u_);
  }
}

void Projector::explanation(Rect area) {
  const Message& message = conversation_->message(message_->message);
  Rect head = area.inset(40 * u_, 0).take_top(112 * u_);
  const Rect shape = head.take_left(52 * u_).at_left(36 * u_, 36 * u_);
  if (message.protocol == Protocol::tls) draw_padlock(ui_.canvas(), ui_.theme, shape, true);
  else draw_shape(ui_.canvas(), ui_.theme, shape, message.protocol);
  const Words* say = model_.catalogue().find(conversation_->headline(message));
  const std::string words = say ? fill(capital(say->what), {{"client", name(Side::client)}, {"server", name(Side::server)}}) : std::string();
  float size = 36;  // a long sentence is set smaller before it is cut
  while (size > 24 && ui_.canvas().measure(words, text(size, true)) > head.w) size -= 2;
  ui_.label(head, words, text(size, true), {}, Align::left, "projector.headline");
  area.take_top(124 * u_);
  line(area.take_top(78 * u_));
  area.take_top(36 * u_);
  tokens(area.inset(40 * u_, 0));
}

void Projector::chapters(Rect area) {
  const std::vector<ChapterTitle> all = chapter_titles(model_);
  const Theme& t = ui_.theme;
  if (all.empty()) return;
  const double now = model_.timeline().place(model_.cursor());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double from = model_.timeline().place(all[i].at), to = i + 1 < all.size() ? model_.timeline().place(all[i + 1].at) : 1;
    const Rect part{area.x + float(from) * area.w, area.y, std::max(2.F, float(to - from) * area.w - 8 * u_), area.h};
    const bool here = now >= from && (now < to || i + 1 == all.size());
    const Font font = text(22, here);
    const std::string& title = ui_.canvas().measure(all[i].title, font) <= part.w ? all[i].title : all[i].shorter;
    if (ui_.canvas().measure(title, font) <= part.w) ui_.label({part.x, part.y, part.w, part.h - 24 * u_}, title, font, here ? t.text : t.second);
    const Rect bar{part.x, part.bottom() - 22 * u_, part.w, 7 * u_};
    ui_.canvas().fill(bar, t.line, 3 * u_);
    const double done = std::clamp((now - from) / std::max(1e-9, to - from), 0.0, 1.0);
    if (done > 0) ui_.canvas().fill({bar.x, bar.y, bar.w * float(done), bar.h}, t.accent, 3 * u_);
  }
}

void Projector::foot(Rect area, Actions& actions) {
  const Strings& s = model_.strings();
  ui_.canvas().horizontal(area.x, area.right(), area.y, ui_.theme.strong_line, 2);
  Rect row = area.inset(32 * u_, 0);
  const float side = 56 * u_;
  if (icon_button(ui_, "projector.back", row.take_left(side).at_left(side, side), Icon::chevron_left, s("transport.back"))) actions.push_back(app::SelectBy{-1});
  if (icon_button(ui_, "projector.next", row.take_right(side).at_right(side, side), Icon::chevron_right, s("transport.step"))) actions.push_back(app::SelectBy{1});
  row.take_left(32 * u_), row.take_right(24 * u_);
  const auto row_number = message_ ? model_.conversations().row_of(*message_) : std::nullopt;
  const std::string count = s("ladder.of_total", {{"n", s.number(row_number ? *row_number + 1 : 0)}, {"total", s.number(model_.conversations().rows())}});
  const float w = ui_.canvas().measure(count, text(22)) + 1;
  ui_.label(row.take_right(w), count, text(22), {}, Align::right, "projector.count");
  row.take_right(32 * u_);
  chapters(row.inset(0, 14 * u_));
}

void Projector::draw(Actions& actions) {
  Rect rest = ui_.whole();
  foot(rest.take_bottom(projector_foot_height(ui_)), actions);
  if (!conversation_) {
    ui_.label(rest.inset(80 * u_, 0), model_.strings()("start.promise"), text(26), {}, Align::centre);
    return;
  }
  const Rect left = rest.take_left(std::round(rest.w * 0.592F));
  ui_.canvas().vertical(left.right(), left.y, left.bottom(), ui_.theme.strong_line, 2);
  ladder(left);
  explanation(rest);
}

}  // namespace

float projector_foot_height(Ui& ui) { return 80 * std::min(ui.whole().w / 1920, ui.whole().h / 1080); }

void projector_dialogue(Ui& ui, const Model& model, Actions& actions) { Projector(ui, model).draw(actions); }

void projector_foot(Ui& ui, Rect area, const Model& model, Actions& actions) { Projector(ui, model).foot(area, actions); }

}  // namespace glasspost::ui
