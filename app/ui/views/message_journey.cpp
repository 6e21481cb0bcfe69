// The stamps as a journey: who handed the letter to whom, when, and how long it took.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/inspector_parts.h"
#include "app/ui/views/message_parts.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"
#include "protocol/mime/header.h"

namespace glasspost::ui {
namespace {

constexpr float queue_height = 62;

struct Stop {
  Icon icon = Icon::server;
  std::string name;
  std::string when, how;      // "09:00:01", "stamped line 8"
  std::optional<Instant> at;
  int stamp = -1;             // of LetterView::stamps
  HostId host = 0;            // 0: none of this world
};

Icon icon_of(const Model& model, std::string_view name) {
  const HostId id = model.scenario().find(name);
  if (id == 0) return Icon::server;
  switch (model.scenario().host(id).kind) {
    case sim::HostKind::laptop: return Icon::laptop;
    case sim::HostKind::phone: return Icon::phone;
    case sim::HostKind::computer: return Icon::old_pc;
    case sim::HostKind::store: return Icon::store;
    case sim::HostKind::server:
    case sim::HostKind::dns: break;
  }
  return Icon::server;
}

std::string label_of(const Model& model, const std::string& name) {
  const HostId id = model.scenario().find(name);
  return id == 0 ? name : host_label(model, id);
}

// "bob@example.org", as the letter itself has it: of a real program no more is known.
std::string author_of(std::string_view letter) {
  const auto from = mime::parse_addresses(mime::field(letter, "From").value_or(""));
  return from.empty() ? std::string() : from.front().mailbox.value_or("") + "@" + from.front().host.value_or("");
}

std::vector<Stop> stops_of(const LetterView& view) {
  const Strings& s = view.model.strings();
  std::vector<Stop> stops;
  Stop author;
  author.icon = Icon::laptop;
  const bool is_real = view.model.stage() == app::Stage::doors || view.model.stage() == app::Stage::live;
  if (is_real) author.name = author_of(view.copy.content);
  for (HostId id = 1; id <= view.model.scenario().hosts.size() && !is_real; ++id)
    if (const auto& host = view.model.scenario().host(id); !host.owner.empty() && host.owner == view.model.scenario().sender && author.name.empty())
      author.name = host_label(view.model, id);
  if (const auto text = mime::field(view.copy.content, "Date"))
    if (const auto date = mime::parse_date(*text)) author.at = date->at, author.when = clock_text(date->at).substr(0, 8);
  author.how = s("message.wrote_date");
  stops.push_back(std::move(author));
  for (std::size_t i = view.stamps.size(); i-- > 0;) {
    const Stamp& stamp = view.stamps[i];
    Stop stop;
    stop.name = label_of(view.model, stamp.by);
    stop.icon = icon_of(view.model, stamp.by);
    stop.host = view.model.scenario().find(stamp.by);
    stop.at = stamp.at;
    if (stamp.at) stop.when = clock_text(*stamp.at).substr(0, 8);
    stop.how = s("message.stamped_line", {{"n", std::to_string(stamp.first_line)}});
    stop.stamp = int(i);
    stops.push_back(std::move(stop));
  }
  if (const HostId holder = view.copy.holder; holder != 0 && !view.model.scenario().host(holder).owner.empty()) {
    Stop device;
    device.name = host_label(view.model, holder);
    device.icon = icon_of(view.model, view.model.scenario().host(holder).name);
    device.how = s("message.stamps_nothing");
    stops.push_back(std::move(device));
  }
  return stops;
}

void hop(Ui& ui, Rect lane, Rect above, const LetterView& view, const Stop& from, const Stop& to) {
  const Theme& t = ui.theme;
  const Strings& s = view.model.strings();
  Canvas& c = ui.canvas();
  Protocol protocol = Protocol::imap;
  bool sealed = false, known = to.stamp >= 0;
  std::string how;
  if (known) {
    const Stamp& stamp = view.stamps[std::size_t(to.stamp)];
    protocol = protocol_of(stamp), sealed = tells_tls(stamp), how = stamp.with;
  } else if (view.copy.carrier) {
    const Conversation& conversation = *view.model.conversations().find(view.copy.carrier->connection);
    protocol = conversation.opened().protocol;
    sealed = conversation.message(view.copy.carrier->message).sealed;
    how = std::string(name_of(protocol)) + " " + std::to_string(conversation.opened().server_port);
  }
  if (sealed) {
    c.fill({lane.x, lane.middle() - 7, lane.w, 14}, t.tls().tint);
    c.horizontal(lane.x, lane.right(), lane.middle() - 7, t.tls().fill);
    c.horizontal(lane.x, lane.right(), lane.middle() + 6, t.tls().fill);
  }
  c.arrow({lane.x, lane.middle()}, {lane.right(), lane.middle()}, t.of(protocol).fill, {}, 2);
  draw_shape(c, t, Rect{lane.x + lane.w / 2 - 20, lane.middle() - 8, 16, 16}, protocol);
  draw_padlock(c, t, Rect{lane.x + lane.w / 2 + 4, lane.middle() - 8, 16, 16}, sealed);
  Rect words = above;
  ui.label(words.take_bottom(16), how, font::caption, t.of(protocol).text, Align::centre);
  if (from.at && to.at) {
    const Duration took = *to.at - *from.at;
    const std::string text = took.count() < 0 ? "−" + s.duration(-took) : took < 1s ? std::string(s("message.under_a_second")) : s.duration(took);
    ui.label(words.take_bottom(18), text, font::strong, took.count() < 0 ? t.error.text : t.text, Align::centre);
  }
}

// What the stamps cannot tell: how long the letter lay in a queue, and each try with its answer.
struct Try {
  Instant at;
  std::string reply;   // "451 4.7.1"
  bool done = false, over = false;
};

std::vector<Try> tries_of(const LetterView& view, const sim::WaitingLetter& letter) {
  std::vector<Try> tries;
  const Trace& trace = view.model.trace();
  for (const RecordId id : letter.records) {
    if (!trace.holds(id)) continue;
    const auto* change = std::get_if<QueueChanged>(&trace[id].what);
    if (!change || change->change == QueueChange::accepted || change->change == QueueChange::attempt) continue;
    const std::string_view reply = trace.bytes(change->reply);
    // The code, and the enhanced one if there is one: "451 4.7.1".
    std::size_t end = reply.find(' ');
    if (end != reply.npos && end + 1 < reply.size() && reply[end + 1] >= '2' && reply[end + 1] <= '5' && reply.substr(end + 2, 1) == ".") end = reply.find(' ', end + 1);
    const bool over = change->change != QueueChange::deferred;
    tries.push_back({trace[id].at, std::string(reply.substr(0, end)), change->change == QueueChange::delivered, over});
  }
  return tries;
}

Rect queue_box(Ui& ui, Rect below, std::optional<Point> taker, const LetterView& view, const Hop& hop) {
  const Theme& t = ui.theme;
  const Strings& s = view.model.strings();
  Canvas& c = ui.canvas();
  const std::vector<Try> tries = tries_of(view, *hop.queued);
  const float from = taker ? taker->x : below.x + 60;
  const float width = std::min(below.w, std::max(360.F, 200.F * float(std::min<std::size_t>(tries.size(), 4)) + 40));
  const float x = std::clamp(from + 40, below.x, std::max(below.x, below.right() - width));
  const Rect box{x, below.y + 4, width, queue_height};
  if (taker && taker->x < box.x - 8) {
    const std::array path{*taker, Point{taker->x, box.middle()}, Point{box.x - 3, box.middle()}};
    c.path(path, t.of(Protocol::smtp).fill, 1.5F);
    c.disc({box.x, box.middle()}, 3, t.of(Protocol::smtp).fill);
  }
  card(ui, box);
  ui.note("message.queue", Kind::area, box, s("message.queue_of", {{"host", host_label(view.model, hop.server)}}));
  Rect rest = box.inset(12, 6);
  Rect head = rest.take_top(20);
  head.take_right(message_link(ui, "message.queue_source", head, "RFC 5321 §4.5.4.1", view) + 12);
  const std::string next = hop.queued->waits() && hop.queued->state == QueueChange::deferred ? s("message.next_try", {{"time", clock_text(hop.queued->next_try).substr(0, 8)}}) : std::string();
  runs(ui, head, {{.text = s("message.queue_of", {{"host", host_label(view.model, hop.server)}}), .font = font::strong}, {.text = next, .font = font::caption, .colour = t.second, .gap = 10}});
  // The last tries that there is room for; what lies between two is waiting.
  constexpr float each = 100;
  const std::size_t room = std::max<std::size_t>(1, std::size_t((rest.w + 110) / (each + 110)));
  Instant before = hop.queued->accepted_at;
  const std::size_t first = tries.size() > room ? tries.size() - room : 0;
  if (first > 0) before = tries[first - 1].at;
  for (std::size_t i = first; i < tries.size(); ++i) {
    const Try& one = tries[i];
    {
      const std::string waited = s("message.queue_waited", {{"duration", s.duration(one.at - before)}});
      const float words = std::ceil(c.measure(waited, font::caption)) + 1;
      const Rect gap = rest.take_left(words + 28);
      c.horizontal(gap.x + 2, gap.x + 12, gap.middle(), t.third, 1, dash::reply);
      ui.label({gap.x + 14, gap.y, words, gap.h}, waited, font::caption, t.second);
      c.horizontal(gap.right() - 12, gap.right() - 2, gap.middle(), t.third, 1, dash::reply);
    }
    before = one.at;
    draw_icon(c, one.done ? Icon::tick : one.over ? Icon::cross : Icon::reload, rest.take_left(18).at_left(14, 14), one.done ? t.text : t.error.fill);
    rest.take_left(4);
    const std::string words = one.reply.empty() ? std::string(s("queue.no_reply")) : one.reply;
    const float wide = std::min(rest.w, std::ceil(c.measure(words, font::table)) + 1);
    ui.label(rest.take_left(wide), words, font::table, one.done ? t.of(Protocol::smtp).text : t.error.text, Align::left, fmt::format("message.try/{}", i));
    rest.take_left(6);
  }
  if (tries.empty()) ui.label(rest, s("message.queue_under_way"), font::caption, t.second);
  return box;
}

// The same words at every hop that it has made so far.
bool envelope_kept(const LetterView& view) {
  return std::all_of(view.hops.begin(), view.hops.end(), [&](const Hop& hop) {
    return hop.reverse_path == view.hops.front().reverse_path && hop.recipients == view.hops.front().recipients;
  });
}

}  // namespace

std::string_view LetterView::reverse_path() const {
  if (!hops.empty()) return hops.front().reverse_path;
  const auto& scenario = model.scenario();
  return scenario.envelope ? std::string_view(scenario.envelope->reverse_path) : std::string_view(scenario.sender);
}

std::vector<std::string> LetterView::recipients() const {
  if (!hops.empty()) return hops.front().recipients;
  const auto& scenario = model.scenario();
  return scenario.envelope ? scenario.envelope->recipients : std::vector<std::string>{scenario.recipient};
}

const Hop* LetterView::queue() const {
  const Hop* best = nullptr;
  for (const Hop& hop : hops)
    if (hop.queued && hop.queued->records.size() > 1 && (!best || hop.queued->records.size() > best->queued->records.size())) best = &hop;
  return best;
}

float message_link(Ui& ui, std::string_view name, Rect row, std::string_view source, const LetterView& view) {
  const float width = ui.canvas().measure(source, font::caption) + 1;
  const std::string address = rfc_address(source);
  if (link(ui, name, row.take_right(width), source, Align::right)) view.actions.push_back(app::Copy{address});
  ui.tooltip({row.right(), row.y, width, row.h}, view.model.strings()("inspector.copy_address", {{"address", address}}));
  return width;
}

float journey_height(const LetterView& view) { return view.queue() ? 158 + queue_height + 10 : 158; }

void message_journey(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const std::vector<Stop> stops = stops_of(view);
  Rect inside = area.inset(metric::padding, 6);
  const Rect below = view.queue() ? inside.take_bottom(queue_height + 10) : Rect{};
  std::optional<Point> taker;
  const float node = std::min(150.F, inside.w / float(stops.size())), step = stops.size() > 1 ? (inside.w - node) / float(stops.size() - 1) : 0;
  const float road = inside.y + 52;
  double& chosen = ui.memory("message.stamp", -1);
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const Stop& stop = stops[i];
    const Rect column{inside.x + step * float(i), inside.y, node, inside.h};
    const Rect icon = Rect{column.centre().x, road, 0, 0}.inset(-15);
    if (i > 0) {
      const float x0 = inside.x + step * float(i - 1) + node / 2 + 28, x1 = column.centre().x - 28;
      if (x1 > x0 + 40) hop(ui, {x0, road - 8, x1 - x0, 16}, {x0 - 14, inside.y, x1 - x0 + 28, 38}, view, stops[i - 1], stop);
    }
    const bool lit = stop.stamp >= 0 && int(chosen) == stop.stamp;
    if (stop.stamp >= 0) {
      const Response r = ui.interact(fmt::format("message.stop/{}", i), Kind::button, icon.inset(-8), stop.name, {.on = lit});
      if (r.clicked) chosen = lit ? -1 : stop.stamp;
      if (r.ring) ui.focus_ring(icon.inset(-8));
      if (r.hovered && !lit) ui.canvas().outline(icon.inset(-8), t.strong_line, 1, metric::card_radius);
    }
    if (lit) {
      ui.canvas().fill(icon.inset(-8), t.accent_tint, metric::card_radius);
      ui.canvas().outline(icon.inset(-8), t.accent, 2, metric::card_radius);
    }
    draw_icon(ui.canvas(), stop.icon, icon, t.text);
    if (const Hop* hop = view.queue(); hop && stop.host == hop->server && stop.host != 0) taker = Point{column.centre().x, road + 78};
    Rect words{column.x, road + 26, column.w, 60};
    ui.label(words.take_top(18), stop.name, font::strong, t.text, Align::centre);
    if (!stop.when.empty()) ui.label(words.take_top(16), stop.when, font::table, t.second, Align::centre);
    ui.label(words.take_top(15), stop.how, font::caption, t.third, Align::centre);
  }
  Rect note = inside.take_bottom(16);
  const Rect box = view.queue() ? queue_box(ui, below, taker, view, *view.queue()) : Rect{};
  const std::string_view words = view.model.strings()("message.read_stamps");
  if (note.y <= road + 76 || view.stamps.empty()) return;
  if (view.queue()) {  // beside the box, on the side that has more room
    const float left = std::min(box.x, taker ? taker->x : box.x) - below.x - 24, right = below.right() - box.right() - 24;
    Rect beside = left >= right ? Rect{below.x, box.y, left, box.h} : Rect{box.right() + 24, box.y, right, box.h};
    if (beside.w >= 200 && measure_prose(ui, beside.w, words, font::caption) <= beside.h) prose(ui, beside, words, font::caption, t.third);
    return;
  }
  message_link(ui, "message.stamps_source", note, "RFC 5321 §4.4", view);
  note.take_right(ui.canvas().measure("RFC 5321 §4.4", font::caption) + 13);
  ui.label(note, words, font::caption, t.third);
}

// The envelope lies outside the letter: only the words of SMTP and LMTP have it.
EnvelopeEnds message_envelope(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const Strings& s = view.model.strings();
  Canvas& c = ui.canvas();
  Rect inside = area.inset(metric::padding, 0);
  runs(ui, inside.take_top(32), {{.text = s("message.envelope"), .font = font::strong}, {.text = s("message.envelope_hint"), .font = font::caption, .colour = t.third, .gap = 10}});
  const std::vector<std::string> recipients = view.recipients();
  constexpr std::size_t most = 3;
  const std::size_t shown = std::min(recipients.size(), most);
  const bool known = !view.hops.empty();
  const Rect paper = inside.take_top(112 + 18 * float(std::max<std::size_t>(shown, 1)) + (known ? 14 : 0));
  c.fill(paper, t.raised, metric::radius);
  c.outline(paper, t.of(Protocol::smtp).fill, 2, metric::radius);
  const std::array flap{Point{paper.x, paper.y + 1}, Point{paper.centre().x, paper.y + 26}, Point{paper.right(), paper.y + 1}};
  c.path(flap, t.of(Protocol::smtp).fill, 1.5F);
  Rect lines = paper.inset(12, 0);
  lines.take_top(34);
  EnvelopeEnds ends;
  ui.label(lines.take_top(18), "MAIL FROM:", font::table_bold, t.of(Protocol::smtp).text);
  ui.label(lines.take_top(18), fmt::format("<{}>", view.reverse_path()), font::table, t.text, Align::left, "message.reverse_path");
  ends.reverse_path = {paper.right(), lines.y - 9};
  lines.take_top(6);
  ui.label(lines.take_top(18), "RCPT TO:", font::table_bold, t.of(Protocol::smtp).text);
  ends.recipient = {paper.right(), lines.y + 9};
  for (std::size_t i = 0; i < shown; ++i) {
    std::string words = "<" + recipients[i] + ">";
    if (i + 1 == shown && recipients.size() > most) words += fmt::format(" +{}", recipients.size() - most);
    ui.label(lines.take_top(18), words, font::table, t.text, Align::left, fmt::format("message.recipient/{}", i));
  }
  if (known) ui.label(lines.take_top(18), envelope_kept(view) ? s("message.envelope_same") : s("message.envelope_changes"), font::caption, t.third);
  inside.take_top(12);
  if (inside.h < 60) return ends;
  inside.take_top(prose(ui, inside, s("message.envelope_note"), font::body, t.second) + 12);
  for (const auto& [title, note] : {std::pair{"Return-Path", "message.return_path_note"}, {"for <…>", "message.for_note"}}) {
    const float height = 20 + measure_prose(ui, inside.w, s(note), font::caption);
    if (inside.h < height + 8) return ends;
    ui.label(inside.take_top(20), title, font::table_bold);
    inside.take_top(prose(ui, inside, s(note), font::caption, t.second) + 8);
  }
  if (inside.h < 84) return ends;
  rule(ui, inside, 6);
  ui.label(inside.take_top(20), s("message.people_title"), font::strong);
  prose(ui, inside, s("message.people_note"), font::caption, t.second);
  return ends;
}

}  // namespace glasspost::ui
