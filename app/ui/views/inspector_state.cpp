// State: the server's own table as a drawing, with the ways that this session took, and what may be said now.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "app/ui/views/inspector_parts.h"

namespace glasspost::ui {
namespace {

constexpr float box_height = 28, step = 74;

// All transitions between two states: one arrow.
struct Way {
  StateId from = 0, to = 0;
  std::uint64_t taken = 0;
  std::string taken_by;             // "EHLO 250", of the last that took it
  std::vector<const Transition*> all;
  std::string label() const {
    if (!taken_by.empty()) return taken_by;
    std::string words;
    for (const Transition* each : all) {
      if (words.find(each->command) != std::string::npos) continue;
      if (words.size() > 24) return words + " …";
      words += (words.empty() ? "" : ", ") + std::string(each->command);
    }
    return words;
  }
};

struct Session {
  const Machine& machine;
  StateId now = 0;
  std::size_t since = 0;            // the message that led here, from 1; 0: the connection's beginning
  std::vector<Way> ways;

  Way* way(StateId from, StateId to) {
    for (Way& each : ways)
      if (each.from == from && each.to == to) return &each;
    return nullptr;
  }
};

Session session_of(const Inspected& in, const Machine& machine) {
  const Instant cursor = in.model.cursor();
  const Conversation& conversation = in.conversation;
  Session session{machine, conversation.state_at(cursor), 0, {}};
  if (conversation.closed_at() <= cursor) session.now = machine.closed;
  for (const Transition& transition : machine.transitions) {
    Way* known = session.way(transition.from, transition.to);
    if (!known) session.ways.push_back({transition.from, transition.to, 0, {}, {}}), known = &session.ways.back();
    known->all.push_back(&transition);
  }
  for (MessageId id = MessageId(conversation.size()); id > 0;) {
    const Message& message = conversation.message(--id);
    if (message.at > cursor || message.state_before == message.state_after) continue;
    const auto row = in.model.conversations().row_of({conversation.id(), id});
    session.since = row ? *row + 1 : 0;
    break;
  }
  for (const Exchange& exchange : conversation.exchanges()) {
    if (!exchange.command) continue;
    const Message& command = conversation.message(*exchange.command);
    if (command.at > cursor) break;
    if (command.protocol == Protocol::tls) continue;
    const Seen seen = seen_by(conversation, exchange, cursor);
    const std::string_view name = command_of(machine, conversation, command);
    if (!seen.reply || name.empty()) continue;
    Way* taken = session.way(seen.before, seen.after);
    const bool known = taken && std::any_of(taken->all.begin(), taken->all.end(), [&](const Transition* t) { return t->command == name; });
    if (!known) continue;
    ++taken->taken;
    taken->taken_by = fmt::format("{} {}", name, code_of(conversation, *seen.reply));
  }
  if (conversation.tls_up() != no_record && conversation.protection_at(cursor) == Protection::up)
    for (Way& way : session.ways)
      for (const Transition* each : way.all)
        if (each->command == "handshake") way.taken = 1, way.taken_by = "TLS";
  return session;
}

class Drawing {
 public:
  Drawing(const Inspected& in, Session& session, Rect area) : in_(in), ui_(in.ui), c_(in.ui.canvas()), session_(session), area_(area) {
    int rows = 0;
    for (const MachineState& state : session.machine.states) rows = std::max(rows, state.row + 1), columns_ = std::max(columns_, state.column + 1);
    rows_ = rows;
    pitch_ = area.w / float(rows);
    width_ = std::min(150.F, pitch_ - 22);
  }
  float height() const { return float(columns_) * step - step + box_height + 24; }

  void draw() {
    for (const Way& way : session_.ways)
      if (way.taken == 0) draw_way(way);
    for (const Way& way : session_.ways)
      if (way.taken > 0) draw_way(way);
    for (std::size_t i = 0; i < session_.machine.states.size(); ++i) draw_state(StateId(i));
    for (const Way& way : session_.ways) label_way(way);
  }

 private:
  // A machine's columns go downwards here: a panel is higher than it is wide.
  Rect box(StateId id) const {
    const MachineState& state = session_.machine.states[id];
    return Rect{area_.x + pitch_ * float(state.row), area_.y + 8 + step * float(state.column), pitch_, box_height}.centred(width_, box_height);
  }
  bool leads_on(const Way& way) const { return way.from == session_.now && way.to != way.from && way.taken == 0; }
  bool closes(const Way& way) const { return way.to == session_.machine.closed; }
  bool adjacent(const Way& way) const {
    const MachineState &a = session_.machine.states[way.from], &b = session_.machine.states[way.to];
    return std::abs(a.column - b.column) + std::abs(a.row - b.row) == 1 || (std::abs(a.column - b.column) == 1 && std::abs(a.row - b.row) == 1);
  }
  // Where an arrow leaves and ends. Two that go to and fro keep 10 px apart.
  std::pair<Point, Point> ends(const Way& way) const {
    const Rect a = box(way.from), b = box(way.to);
    const float side = session_.way(way.to, way.from) ? 10.F : 0.F;
    if (std::abs(a.y - b.y) < 1) {
      const bool right = b.x > a.x;
      const float y = a.middle() + (right ? -side / 2 : side / 2);
      return {{right ? a.right() : a.x, y}, {right ? b.x : b.right(), y}};
    }
    const bool down = b.y > a.y;
    const float shift = down ? -side : side;
    const float ax = std::clamp(b.centre().x, a.x + 20, a.right() - 20), bx = std::clamp(a.centre().x, b.x + 20, b.right() - 20);
    return {{ax + shift, down ? a.bottom() : a.y}, {bx + shift, down ? b.y : b.bottom()}};
  }
  void draw_way(const Way& way) {
    if (way.from == way.to || (closes(way) && way.taken == 0)) return;
    const bool taken = way.taken > 0, next = leads_on(way);
    if (!taken && !next && !adjacent(way)) return;  // its words are in the list below
    const Colour ink = taken || next ? in_.ui.theme.of(session_.machine.protocol).fill : ui_.theme.strong_line;
    const Dash look = next ? dash::would_happen : dash::solid;
    const float width = taken || next ? 2 : 1;
    if (adjacent(way)) {
      const auto [from, to] = ends(way);
      c_.arrow(from, to, ink, look, width);
      return;
    }
    // Around the outside, away from the boxes between.
    const Rect a = box(way.from), b = box(way.to);
    const bool left = std::abs(a.x - b.x) < 1 && a.x > area_.x + pitch_ / 2;
    const float lane = left ? a.x - 8 - 2 * float(way.from % 3) : std::min(area_.right() + 8, std::max(a.right(), b.right()) + 9);
    const Point from{left ? a.x : a.right(), a.middle()}, to{left ? b.x : b.right(), b.middle() + 6};
    const std::array<Point, 4> path{from, Point{lane, from.y}, Point{lane, to.y}, to};
    c_.path(path, ink, width, false, look);
    c_.arrow_head(to, {left ? 1.F : -1.F, 0}, ink);
  }
  void label_way(const Way& way) {
    if (way.from == way.to || !adjacent(way) || (way.taken == 0 && !leads_on(way)) || (closes(way) && way.taken == 0)) return;
    const auto [from, to] = ends(way);
    const bool upright = std::abs(from.x - to.x) < 4;
    const std::string words = way.label(), times = way.taken > 0 ? in_.s.count("state.times", way.taken) : std::string(in_.s("state.next"));
    const Colour ink = in_.ui.theme.of(session_.machine.protocol).text;
    const Point middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
    const bool reverse = to.y < from.y;
    const float room = std::max(40.F, pitch_ / 2 - 8);
    if (!upright) return;  // no room beside a slope: the list below says it
    const Rect right{middle.x + 8, middle.y - 9, std::min(room, area_.right() - middle.x - 8), 18};
    const Rect left{middle.x - 8 - room, middle.y - 9, room, 18};
    if (reverse) {
      ui_.label(right, words, {Face::wire, 11}, ink);
      return;
    }
    const bool both = session_.way(way.to, way.from) && session_.way(way.to, way.from)->taken > 0;
    if (both) {
      ui_.label(left, words, {Face::wire, 11}, ink, Align::right);
      return;
    }
    ui_.label(right, words, way.taken > 0 ? Font{Face::wire_bold, 11} : Font{Face::wire, 11}, ink);
    ui_.label(left, times, way.taken > 0 ? font::caption_strong : font::caption, way.taken > 0 ? ui_.theme.text : ui_.theme.third, Align::right);
  }
  void draw_state(StateId id) {
    const Rect place = box(id);
    const Hue& hue = ui_.theme.of(session_.machine.protocol);
    const std::string_view words = state_words(in_.model, session_.machine, id);
    const bool now = id == session_.now;
    const bool been = std::any_of(session_.ways.begin(), session_.ways.end(), [&](const Way& way) { return way.taken > 0 && (way.from == id || way.to == id); });
    const float round = box_height / 2;
    c_.fill(place, now ? hue.text : been ? hue.tint : ui_.theme.raised, round);
    if (!now) c_.outline(place, been ? hue.fill : ui_.theme.strong_line, been ? 1.5F : 1, round);
    if (now) c_.outline(place.inset(-4), hue.fill, 1, round + 4), c_.disc({place.x + 12, place.middle()}, 3, ui_.theme.panel);
    Rect text = place.inset(8, 0);
    if (now) text.take_left(10);
    Font face = now ? font::strong : font::body;
    if (c_.measure(words, face) > text.w) face.size = 11;
    ui_.label(text, words, face, now ? ui_.theme.panel : been ? hue.text : ui_.theme.second, Align::centre);
    ui_.note(fmt::format("inspector.state/{}", session_.machine.states[id].id), Kind::picture, place, words, now);
    if (const Words* why = in_.model.catalogue().find(fmt::format("state/{}/{}", lower_name_of(session_.machine.protocol), session_.machine.states[id].id)))
      ui_.tooltip(place, why->why);
  }

  const Inspected& in_;
  Ui& ui_;
  Canvas& c_;
  Session& session_;
  Rect area_;
  int rows_ = 1, columns_ = 1;
  float pitch_ = 0, width_ = 0;
};

// Every way that was taken, in words: what the arrows say, for those who would rather read.
void ways_taken(const Inspected& in, Rect& rest, const Session& session) {
  bool any = false;
  for (const Way& way : session.ways) any = any || way.taken > 0;
  if (!any) return;
  section(in, rest, in.s("state.ways_taken"), {}, in.s("state.same_table"));
  for (const Way& way : session.ways) {
    if (way.taken == 0) continue;
    Rect row = rest.take_top(22);
    in.ui.label(row.take_left(row.w * 0.32F), way.taken_by, font::table_bold, in.ui.theme.of(session.machine.protocol).text);
    in.ui.label(row.take_right(64), in.s.count("state.times", way.taken), font::caption_strong, {}, Align::right,
                fmt::format("inspector.taken/{}/{}", session.machine.states[way.from].id, session.machine.states[way.to].id));
    row.take_right(8);
    const std::string words = way.from == way.to ? std::string(state_words(in.model, session.machine, way.from))
                                                 : fmt::format("{} → {}", state_words(in.model, session.machine, way.from), state_words(in.model, session.machine, way.to));
    in.ui.label(row, words, font::body, in.ui.theme.second);
  }
}

void legal_now(const Inspected& in, Rect& rest, const Session& session) {
  const std::string_view protocol = lower_name_of(session.machine.protocol);
  section(in, rest, in.s("state.legal_now"));
  bool any = false;
  for (const CommandRow& row : session.machine.commands) {
    if ((row.legal_in >> session.now & 1U) == 0) continue;
    any = true;
    const Words* words = in.model.catalogue().find(fmt::format("legal/{}/{}", protocol, row.name));
    Rect place = rest.take_top(22);
    in.ui.label(place.take_left(place.w * 0.26F), row.name, font::table_bold, in.ui.theme.of(session.machine.protocol).text, Align::left,
                fmt::format("inspector.legal/{}", row.name));
    if (const float wide = source_width(in, row.source); place.w > wide + 120) {
      source_link(in, fmt::format("inspector.legal_source/{}", row.name), place.take_right(wide), row.source);
      place.take_right(8);
    }
    const std::string_view replies = row.replies;
    if (const float wide = in.ui.canvas().measure(replies, {Face::wire, 11}); place.w > wide + 150) {
      in.ui.label(place.take_right(wide + 1), replies, {Face::wire, 11}, in.ui.theme.third, Align::right);
      place.take_right(8);
    }
    if (words) in.ui.label(place, words->what, font::body);
  }
  if (!any) in.ui.label(rest.take_top(22), in.s("state.nothing_legal"), font::body, in.ui.theme.second);
}

void refused_now(const Inspected& in, Rect& rest, const Session& session) {
  bool any = false;
  for (const CommandRow& row : session.machine.commands) any = any || (row.legal_in >> session.now & 1U) == 0;
  if (!any) return;
  section(in, rest, in.s("state.refused_now"), {}, in.s("state.refused_hint"));
  for (const CommandRow& row : session.machine.commands) {
    if ((row.legal_in >> session.now & 1U) != 0) continue;
    Rect place = rest.take_top(22);
    draw_icon(in.ui.canvas(), Icon::never, place.take_left(20).at_left(12, 12), in.ui.theme.third);
    in.ui.label(place.take_left(place.w * 0.22F), row.name, font::table, in.ui.theme.second, Align::left, fmt::format("inspector.refused/{}", row.name));
    const float refusal = in.ui.canvas().measure(row.refusal, {Face::wire, 11});
    in.ui.label(place.take_left(std::min(refusal, 62.F) + 1), row.refusal, {Face::wire, 11}, in.ui.theme.third);
    place.take_left(8);
    if (const float wide = source_width(in, row.source); place.w > wide + 130) {
      source_link(in, fmt::format("inspector.refused_source/{}", row.name), place.take_right(wide), row.source);
      place.take_right(8);
    }
    const Words* words = explain_refusal(in.model.catalogue(), session.machine.protocol, row.name, session.machine.states[session.now].id);
    if (words) in.ui.label(place, words->what, font::caption, in.ui.theme.second);
  }
  rest.take_top(8);
  rest.take_top(prose(in.ui, rest, in.s("state.refusal_note"), font::caption, in.ui.theme.third));
}

}  // namespace

void state_tab(const Inspected& in, Rect& rest) {
  const Protocol protocol = in.conversation.opened().protocol;
  const Machine* machine = machine_of(protocol);
  if (!machine) {
    head_of(in, rest, headline_of(in), in.s("state.no_machine", {{"protocol", name_of(protocol)}}));
    rest.take_top(prose(in.ui, rest, in.s("state.no_machine_why"), font::body, in.ui.theme.second));
    return;
  }
  Session session = session_of(in, *machine);
  const std::string connection = std::to_string(in.ref.connection);
  head_of(in, rest, in.s("state.session_is", {{"state", state_words(in.model, *machine, session.now)}}),
          session.since > 0 ? in.s("state.since", {{"connection", connection}, {"n", std::to_string(session.since)}})
                            : in.s("state.since_open", {{"connection", connection}}));
  Drawing drawing(in, session, rest);
  Drawing(in, session, rest.take_top(drawing.height())).draw();
  ways_taken(in, rest, session);
  legal_now(in, rest, session);
  refused_now(in, rest, session);
}

}  // namespace glasspost::ui
