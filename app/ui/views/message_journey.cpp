// The stamps as a journey: who handed the letter to whom, when, and how long it took.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/message_parts.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"
#include "protocol/mime/header.h"

namespace glasspost::ui {
namespace {

struct Stop {
  Icon icon = Icon::server;
  std::string name;
  std::string when, how;      // "09:00:01", "stamped line 8"
  std::optional<Instant> at;
  int stamp = -1;             // of LetterView::stamps
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

std::vector<Stop> stops_of(const LetterView& view) {
  const Strings& s = view.model.strings();
  std::vector<Stop> stops;
  Stop author;
  author.icon = Icon::laptop;
  for (HostId id = 1; id <= view.model.scenario().hosts.size(); ++id)
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
    const std::string text = took.count() < 0 ? "−" + duration_text(-took) : took < 1s ? std::string(s("message.under_a_second")) : duration_text(took);
    ui.label(words.take_bottom(18), text, font::strong, took.count() < 0 ? t.error.text : t.text, Align::centre);
  }
}

}  // namespace

void message_journey(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const std::vector<Stop> stops = stops_of(view);
  Rect inside = area.inset(metric::padding, 6);
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
    Rect words{column.x, road + 26, column.w, 60};
    ui.label(words.take_top(18), stop.name, font::strong, t.text, Align::centre);
    if (!stop.when.empty()) ui.label(words.take_top(16), stop.when, font::table, t.second, Align::centre);
    ui.label(words.take_top(15), stop.how, font::caption, t.third, Align::centre);
  }
  Rect note = inside.take_bottom(16);
  if (note.y > road + 76 && !view.stamps.empty()) ui.label(note, view.model.strings()("message.read_stamps"), font::caption, t.third);
}

// The envelope lies outside the letter: only the words of SMTP and LMTP have it.
void message_envelope(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const Strings& s = view.model.strings();
  Canvas& c = ui.canvas();
  Rect inside = area.inset(metric::padding, 0);
  runs(ui, inside.take_top(32), {{.text = s("message.envelope"), .font = font::strong}, {.text = s("message.envelope_hint"), .font = font::caption, .colour = t.third, .gap = 10}});
  const Rect paper = inside.take_top(124);
  c.fill(paper, t.raised, metric::radius);
  c.outline(paper, t.of(Protocol::smtp).fill, 2, metric::radius);
  const std::array flap{Point{paper.x, paper.y + 1}, Point{paper.centre().x, paper.y + 26}, Point{paper.right(), paper.y + 1}};
  c.path(flap, t.of(Protocol::smtp).fill, 1.5F);
  Rect lines = paper.inset(12, 0);
  lines.take_top(34);
  const std::string from = "<" + view.model.scenario().sender + ">", to = "<" + view.model.scenario().recipient + ">";
  ui.label(lines.take_top(18), "MAIL FROM:", font::table_bold, t.of(Protocol::smtp).text);
  ui.label(lines.take_top(18), from, font::table, t.text);
  lines.take_top(6);
  ui.label(lines.take_top(18), "RCPT TO:", font::table_bold, t.of(Protocol::smtp).text);
  ui.label(lines.take_top(18), to, font::table, t.text);
  inside.take_top(12);
  if (inside.h < 60) return;
  inside.take_top(prose(ui, inside, s("message.envelope_note"), font::body, t.second) + 12);
  if (inside.h < 70) return;
  ui.label(inside.take_top(18), s("message.people_title"), font::strong);
  prose(ui, inside, s("message.people_note"), font::caption, t.second);
}

}  // namespace glasspost::ui
