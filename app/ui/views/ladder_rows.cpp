#include "app/ui/views/ladder_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/model/trouble.h"
#include "app/ui/views/under_way.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

constexpr float text_gap = 24, arrow_room = 30, band_width = metric::band;
constexpr std::size_t most_sessions = 4096;  // looked at for bands beyond those that speak in the rows that are seen

// TLS at a moment: 0 none, 1 up; a handshake grows.
float gold_at(const Conversation& conversation, Instant at, const Message* message) {
  switch (conversation.protection_at(at)) {
    case Protection::none:
    case Protection::failed: return message && message->protocol == Protocol::tls ? 0.25F : 0;
    case Protection::handshake: return message ? (message->sealed ? 0.75F : 0.35F) : 0.5F;
    case Protection::up: return 1;
  }
  return 0;
}

}  // namespace

LadderRows::LadderRows(Ui& ui, const Model& model, const LadderColumns& columns, Rect area, std::vector<LadderRow> rows, float bottom)
    : ui_(ui), model_(model), columns_(columns), area_(area), rows_(std::move(rows)), bottom_(bottom) {
  gather_sessions();
}

void LadderRows::gather_sessions() {
  if (rows_.empty()) return;
  const Conversations& all = model_.conversations();
  const Instant first = all.message(rows_.front().ref).at, last = all.message(rows_.back().ref).at;
  std::vector<const Conversation*> seen;
  const auto add = [&](const Conversation* conversation) {
    if (conversation->opened().datagrams || std::find(seen.begin(), seen.end(), conversation) != seen.end()) return;
    seen.push_back(conversation);
  };
  for (const LadderRow& row : rows_) add(all.find(row.ref.connection));
  if (all.connections() <= most_sessions)
    for (std::size_t i = 0; i < all.connections(); ++i)
      if (all.at(i).opened_at() <= first && all.at(i).closed_at() >= last) add(&all.at(i));
  std::sort(seen.begin(), seen.end(), [](const auto* a, const auto* b) { return a->id() < b->id(); });
  std::vector<std::pair<float, float>> used;  // lifelines, and how much of their width is taken
  for (const Conversation* conversation : seen) {
    const float a = columns_.x_of(*conversation, Side::client), b = columns_.x_of(*conversation, Side::server);
    auto slot = std::find_if(used.begin(), used.end(), [&](const auto& u) { return u.first == b; });
    if (slot == used.end()) slot = used.insert(used.end(), {b, 0.F});
    const float at = b - band_width / 2 + (a < b ? slot->second : -slot->second);
    slot->second += band_width - 1;
    sessions_.push_back({conversation, std::min(a, b), std::max(a, b), at});
  }
}

void LadderRows::grounds() {
  const Colour tint = ui_.theme.tls().tint;
  for (const LadderRow& row : rows_) {
    const Message& message = model_.conversations().message(row.ref);
    for (const Session& session : sessions_) {
      const bool own = session.conversation->id() == row.ref.connection;
      if (session.conversation->closed_at() < message.at && !own) continue;
      const float share = gold_at(*session.conversation, message.at, own ? &message : nullptr);
      if (share > 0) ui_.canvas().fill({session.x0, row.rect.y, session.x1 - session.x0, row.rect.h}, mix(ui_.theme.panel, tint, share));
    }
  }
}

void LadderRows::lifelines() {
  for (const LadderColumn& column : columns_.all()) {
    if (column.folded > 0) continue;
    const Colour colour = column.talks ? ui_.theme.strong_line : ui_.theme.line;
    ui_.canvas().vertical(column.x, area_.y, bottom_, colour, 1, column.talks ? dash::solid : dash::idle);
  }
}

void LadderRows::band(const Session& session) {
  const Conversation& conversation = *session.conversation;
  const Machine* machine = machine_of(conversation.opened().protocol);
  if (!machine) return;
  const Theme& t = ui_.theme;
  const Protocol protocol = conversation.opened().protocol;
  float top = -1, end = -1;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const LadderRow& row = rows_[i];
    const Instant at = model_.conversations().message(row.ref).at;
    const bool own = row.ref.connection == conversation.id();
    if (at < conversation.opened_at() && !own) continue;
    if (at > conversation.closed_at() && !own) continue;
    const Protection protection = conversation.protection_at(at);
    const std::uint8_t strength = machine->states[own ? conversation.message(row.ref.message).state_after : conversation.state_at(at)].strength;
    Colour fill = t.panel;
    const bool shakes = protection == Protection::handshake || (own && conversation.message(row.ref.message).protocol == Protocol::tls && strength < 4);
    if (shakes) fill = t.tls().fill;
    else if (strength == 1) fill = t.of(protocol).tint;
    else if (strength == 2) fill = t.authenticated(protocol);
    else if (strength == 3) fill = t.of(protocol).fill;
    const bool first = top < 0;
    const float y = first && own && row.ref.message == 0 ? row.rect.y + 10 : row.rect.y;
    if (first) top = y;
    end = row.rect.bottom();
    ui_.canvas().fill({session.band, y, band_width, end - y}, fill);
    if (strength == 4 && own) {
      end = row.rect.y + 10;
      ui_.canvas().fill({session.band, end, band_width, row.rect.bottom() - end}, t.panel);
      break;
    }
  }
  if (top < 0) return;
  ui_.canvas().outline({session.band, top - 1, band_width, end - top + 1}, t.of(protocol).fill, 1);
}

void LadderRows::state_name(const LadderRow& row, const Conversation& conversation, const Message& message) {
  const Machine* machine = machine_of(conversation.opened().protocol);
  if (!machine) return;
  std::string words;
  bool lock = false, changed = message.state_after != message.state_before;
  if (message.protocol == Protocol::tls && conversation.headline(message) == "say/tls/ClientHello") {
    words = model_.strings()("ladder.tls_handshake"), lock = true;
  } else if (changed) {
    const std::string key = "state/" + std::string(lower_name_of(conversation.opened().protocol)) + "/" +
                            std::string(machine->states[message.state_after].id);
    if (machine->states[message.state_after].id == "tls") return;  // the handshake itself says so
    if (const Words* found = model_.catalogue().find(key)) words = found->what;
    if (message.sealed && message.from == Side::client && message.state_after == machine->start) words = model_.strings()("ladder.begins_again");
  }
  if (words.empty()) return;
  const float client = columns_.x_of(conversation, Side::client), server = columns_.x_of(conversation, Side::server);
  const bool at_right = client < server;
  const float room = (at_right ? columns_.room_right(server) : columns_.room_left(server)) - 14;
  const float width = ui_.canvas().measure(words, font::caption) + (lock ? 17 : 0) + 1;
  if (room < std::min(width, 60.F)) return;
  const float w = std::min(width, room);
  Rect place{at_right ? server + 11 : server - 11 - w, row.rect.y, w, metric::ladder_row};
  if (lock) {
    draw_padlock(ui_.canvas(), ui_.theme, place.take_left(12).at_left(12, 12), true);
    place.take_left(5);
  }
  ui_.label(place, words, font::caption, lock ? ui_.theme.tls().text : ui_.theme.second);
}

void LadderRows::arrow(const LadderRow& row, const Conversation& conversation, const Message& message, float text_x, float text_end) {
  Canvas& c = ui_.canvas();
  const float y = row.rect.y + metric::ladder_row / 2;
  const float from = from_x(conversation, message), to = to_x(conversation, message);
  const bool right = to > from;
  const Colour colour = ui_.theme.of(message.protocol).text;
  const Dash dashes = message.from == Side::client ? dash::solid : dash::reply;
  const float x0 = std::min(from, to) + 1, x1 = std::max(from, to) - 1;
  float progress = 1;
  if (is_under_way(conversation, message, model_.cursor())) {
    const double all = double((message.arrived - message.at).count());
    progress = message.arrived == Instant::max() || all <= 0 ? 0.5F : float(double((model_.cursor() - message.at).count()) / all);
  }
  const auto part = [&](float a, float b) {  // of the line, with what is under way dotted
    if (b - a < 2) return;
    const float head = from + (to - from) * std::clamp(progress, 0.F, 1.F);
    const float cut = std::clamp(head, a, b);
    const float done_from = right ? a : cut, done_to = right ? cut : b;
    if (done_to - done_from > 1) c.horizontal(done_from, done_to, y, colour, 1, dashes);
    const float open_from = right ? cut : a, open_to = right ? b : cut;
    if (progress < 1 && open_to - open_from > 1) c.horizontal(open_from, open_to, y, colour, 1, dash::not_arrived);
  };
  part(x0, text_x - 6);
  part(text_end + 6, x1);
  c.disc({from, y}, 2.5F, colour);
  if (progress >= 1) c.arrow_head({right ? to - 2 : to + 2, y}, {right ? 1.F : -1.F, 0}, colour, 6);
  else {
    const float head = std::clamp(from + (to - from) * progress, right ? text_end + 6 : x0, right ? x1 : std::max(x0, text_x - 6));
    const bool carries = message.kind == MessageKind::content || conversation.headline(message).ends_with("/RCPT");
    if (carries && x1 - text_end > 30) draw_icon(c, Icon::envelope, {std::min(head, x1 - 16), y - 8, 16, 16}, colour);
    else c.disc({head, y}, 2.5F, colour);
  }
}

// Where somebody on the way overwrote a line of it: what the other end got.
std::string LadderRows::arrives_as(const Conversation& conversation, MessageId id) const {
  const std::string_view heard = overwritten_line(conversation, id).heard;
  return heard.empty() ? std::string() : model_.strings()("lanes.overwritten", {{"text", visible(heard)}});
}

void LadderRows::row(const LadderRow& row) {
  const Conversation& conversation = *model_.conversations().find(row.ref.connection);
  const Message& message = conversation.message(row.ref.message);
  const bool chosen = model_.selection().message == row.ref;
  const Theme& t = ui_.theme;
  Rect line = row.rect;
  line.h = metric::ladder_row;
  const std::string number = std::to_string(row.number);
  ui_.label({line.x + 2, line.y, 36, line.h}, number, font::table, chosen ? t.text : t.third, Align::right);
  const double seconds = std::chrono::duration<double>(message.at - model_.start()).count();
  std::string text = fmt::format("{:.{}f}", seconds, seconds < 1000 ? 3 : seconds < 10'000 ? 1 : 0);
  if (const auto point = text.find('.'); point != text.npos && model_.settings().language == Language::spanish) text[point] = ',';
  ui_.label({line.x + 40, line.y, 54, line.h}, text, font::table, chosen ? t.text : t.second, Align::right);

  const LadderLine words = ladder_line(conversation, message);
  const float x0 = std::min(from_x(conversation, message), to_x(conversation, message));
  const float x1 = std::max(from_x(conversation, message), to_x(conversation, message));
  const bool client = message.from == Side::client;
  const Font font = client && message.protocol != Protocol::tls ? font::table_bold : font::table;
  const Colour ink = client || message.protocol == Protocol::tls ? t.of(message.protocol).text : t.second;
  const float chip = words.lines != 1 ? 62 : 0;
  // What arrived instead is worth more than all of what was said.
  const std::string heard = arrives_as(conversation, row.ref.message);
  const float text_x = x0 + text_gap, all = x1 - x0 - text_gap - arrow_room - chip;
  const float more = heard.empty() ? 0 : std::min(ui_.canvas().measure(heard, font::caption_strong) + 13, std::max(0.F, all - 60));
  const float room = std::max(24.F, all - more);
  const float wanted = ui_.canvas().measure(words.text, font) + 1;
  const float width = std::min(wanted, room);
  arrow(row, conversation, message, text_x, text_x + width + chip + more);
  ui_.label({text_x, line.y, width, line.h}, words.text, font, ink);
  if (more > 40)
    ui_.label({text_x + width + chip + 12, line.y, more - 12, line.h}, heard, font::caption_strong, t.error.text, Align::left, "ladder.heard/" + number);
  for (std::size_t i = 0; i < row.unfolded.size(); ++i) {
    const Rect below{text_x, line.y + float(i + 1) * metric::ladder_row, std::max(24.F, x1 - text_x - 12), metric::ladder_row};
    if (ui_.canvas().shows(below)) ui_.label(below, row.unfolded[i], font::table, ink);
  }
  if (!heard.empty() || app::is_trouble(conversation, message)) draw_icon(ui_.canvas(), Icon::warning, {line.x + 97, line.y + 4, 12, 12}, t.error.fill);
  state_name(row, conversation, message);
}

void LadderRows::draw() {
  grounds();
  for (const LadderRow& row : rows_)
    if (model_.selection().message == row.ref) row_ground(ui_, row.rect, true, false);
  lifelines();
  for (const Session& session : sessions_) band(session);
  for (const LadderRow& r : rows_) row(r);
}

void LadderRows::act(Actions& actions, std::size_t& fold) {
  for (const LadderRow& row : rows_) {
    const std::string name = "ladder.row/" + std::to_string(row.number);
    const Conversation& conversation = *model_.conversations().find(row.ref.connection);
    const Message& message = conversation.message(row.ref.message);
    const LadderLine words = ladder_line(conversation, message);
    const bool chosen = model_.selection().message == row.ref;
    const Response r = ui_.interact(name, Kind::row, row.rect, words.text, {.focusable = false, .on = chosen});
    if (r.hovered && !chosen) ui_.canvas().outline(row.rect, ui_.theme.line, 1);
    if (words.lines != 1) {
      const float x0 = std::min(from_x(conversation, message), to_x(conversation, message));
      const float x1 = std::max(from_x(conversation, message), to_x(conversation, message));
      const Font font = message.from == Side::client ? font::table_bold : font::table;
      const std::string heard = arrives_as(conversation, row.ref.message);
      const float all = x1 - x0 - text_gap - arrow_room - 62;
      const float more = heard.empty() ? 0 : std::min(ui_.canvas().measure(heard, font::caption_strong) + 13, std::max(0.F, all - 60));
      const float at = x0 + text_gap + std::min(ui_.canvas().measure(words.text, font) + 1, std::max(24.F, all - more)) + 6;
      const std::string count = words.lines == 0 ? std::string("…") : model_.strings().count("ladder.more_lines", words.lines);
      if (fold_chip(ui_, "ladder.fold/" + std::to_string(row.number), {at, row.rect.y + metric::ladder_row / 2}, count, !row.unfolded.empty())) {
        fold = row.number;
        continue;
      }
      ui_.tooltip({at, row.rect.y, 56, metric::ladder_row}, model_.strings()(row.unfolded.empty() ? "ladder.unfold" : "ladder.fold"));
    }
    if (r.double_clicked) actions.push_back(app::Seek{message.at});
    if (r.clicked) actions.push_back(app::Select{row.ref});
  }
}

}  // namespace glasspost::ui
