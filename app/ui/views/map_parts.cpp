#include "app/ui/views/map_parts.h"

#include <array>
#include <cmath>

#include "app/ui/icons.h"
#include "app/ui/views/map_menu.h"
#include "app/ui/views/wording.h"

namespace glasspost::ui {
namespace {

Icon icon_of(sim::HostKind kind) {
  switch (kind) {
    case sim::HostKind::laptop: return Icon::laptop;
    case sim::HostKind::phone: return Icon::phone;
    case sim::HostKind::computer: return Icon::old_pc;
    case sim::HostKind::server: return Icon::server;
    case sim::HostKind::store: return Icon::store;
    case sim::HostKind::dns: return Icon::dns_book;
  }
  return Icon::server;
}

std::string person_of(std::string_view address) { return capital(std::string(address.substr(0, address.find('@')))); }

std::string host_name(HostId id) { return "map.host/" + std::to_string(id); }

// What is broken on purpose, sentence by sentence.
std::string broken_words(const Model& model, const sim::HostDescription& host) {
  std::string text;
  for (const FlawRow& row : flaw_rows())
    if (host.flaws.has(row.flaw))
      text += ". " + model.strings()("broken.on_purpose", {{"what", model.strings()("broken." + std::string(row.name))}});
  return text;
}

std::string broken_names(const sim::HostDescription& host) {
  std::string names;
  for (const FlawRow& row : flaw_rows())
    if (host.flaws.has(row.flaw)) (names += names.empty() ? "" : ", ") += row.name;
  return names;
}

std::string tooltip_of(const Model& model, HostId id) {
  const sim::HostDescription& host = model.scenario().host(id);
  std::string text = host.name + ", " + host.address;
  for (const sim::ServiceDescription& service : host.services)
    text += (&service == &host.services.front() ? ": " : ", ") + std::string(name_of(service.protocol)) + " " + std::to_string(service.port);
  return text + broken_words(model, host);
}

// The nearest other host in the direction of an arrow.
HostId next_host(const MapHost& from, const std::vector<MapHost>& all, Point direction) {
  HostId best = 0;
  float least = 1e9F;
  for (const MapHost& host : all) {
    const Point d = host.at - from.at;
    const float along = d.x * direction.x + d.y * direction.y, across = std::abs(d.x * direction.y) + std::abs(d.y * direction.x);
    if (host.id == from.id || along <= 0) continue;
    if (const float cost = along + 2 * across; cost < least) least = cost, best = host.id;
  }
  return best;
}

void draw_envelope(Ui& ui, Point at, Colour colour) {
  const Rect paper = Rect{at.x, at.y, 0, 0}.inset(-18, -12);
  ui.canvas().fill(paper, ui.theme.raised, 2);
  ui.canvas().outline(paper, colour, 1.5F, 2);
  const std::array flap{Point{paper.x, paper.y}, Point{at.x, at.y + 2}, Point{paper.right(), paper.y}};
  ui.canvas().path(flap, colour, 1.5F);
}

}  // namespace

bool is_framed(const Model& model, HostId host) {
  if (const Conversation* conversation = model.selected_conversation())
    return conversation->opened().client == host || conversation->opened().server == host;
  return model.selection().host == host;
}

MapCaption host_caption(const Model& model, const Theme& theme, HostId id, const std::vector<OpenLine>& open) {
  const Strings& s = model.strings();
  const sim::HostDescription& host = model.scenario().host(id);
  if (stopped_at_cursor(model, id)) return {std::string(s("map.stopped")), theme.error.text};
  switch (host.kind) {
    case sim::HostKind::dns: return {host.address, theme.third};
    case sim::HostKind::server: {
      const std::size_t waiting = model.history().waiting_at(id);
      // A host that only takes a domain's mail says how much it is preferred.
      for (const sim::ZoneRecord& record : model.scenario().records)
        if (waiting == 0 && record.type == "MX" && !host.deliver_to.empty() && record.value.ends_with(" " + host.name))
          return {"MX " + record.value.substr(0, record.value.find(' ')), theme.third};
      if (waiting == 0 && !host.flaws.none()) return {s("map.broken", {{"what", broken_names(host)}}), theme.error.text};
      if (waiting == 0) return {std::string(s("map.queue_empty")), theme.third};
      return {s.count("map.queue", waiting), theme.text};
    }
    case sim::HostKind::store: {
      const sim::Holding* inbox = model.history().holding(id, model.scenario().recipient, "INBOX");
      for (const sim::Holding& holding : model.history().holdings())
        if (!inbox && holding.holder == id) inbox = &holding;
      const std::string user = person_of(inbox ? std::string_view(inbox->user) : std::string_view(model.scenario().recipient));
      if (user.empty() && host.flaws.none()) return {host.address, theme.third};  // no mailbox yet, and nobody's is looked for
      if (user.empty()) return {s("map.broken", {{"what", broken_names(host)}}), theme.error.text};
      return {s.count("map.mailbox", inbox ? inbox->present() : 0, {{"user", user}}), inbox ? theme.text : theme.third};
    }
    case sim::HostKind::laptop:
    case sim::HostKind::phone:
    case sim::HostKind::computer: break;
  }
  for (const OpenLine& line : open)
    if (line.client == id) return {std::string(name_of(line.conversation->opened().protocol)), theme.of(line.conversation->opened().protocol).text};
  std::size_t held = 0;
  for (const sim::Holding& holding : model.history().holdings())
    if (holding.holder == id) held += holding.present();
  if (held > 0) return {s.count("map.holds", held), theme.second};
  if (model.said() == 0 && host.owner == model.scenario().sender) return {std::string(s("map.letter_waits")), theme.second};
  return {host.address, theme.third};
}

std::vector<MapHost> map_hosts(const Model& model, const Theme& theme, const std::vector<OpenLine>& open) {
  std::vector<MapHost> hosts;
  for (HostId id = 1; id <= model.scenario().hosts.size(); ++id) {
    MapHost host;
    host.id = id;
    host.label = host_label(model, id);
    host.caption = host_caption(model, theme, id, open);
    hosts.push_back(std::move(host));
  }
  return hosts;
}

void draw_host(Ui& ui, const Model& model, const MapHost& host, bool framed) {
  Canvas& c = ui.canvas();
  const Theme& t = ui.theme;
  if (framed) {
    c.fill(host.frame(), t.accent_tint, metric::card_radius);
    c.outline(host.frame(), t.accent, 2, metric::card_radius);
  }
  const bool stopped = stopped_at_cursor(model, host.id);
  draw_icon(c, icon_of(model.scenario().host(host.id).kind), host.icon, stopped ? t.third : t.text);
  if (!model.scenario().host(host.id).flaws.none())
    draw_icon(c, Icon::warning, Rect{host.icon.x - 8, host.icon.bottom() - 10, 16, 16}, t.error.fill);
  if (stopped) draw_icon(c, Icon::cross, Rect{host.icon.right() - 8, host.icon.bottom() - 8, 14, 14}, t.error.fill);
  const auto align = [](LabelSide side) {
    return side == LabelSide::right ? Align::left : side == LabelSide::left ? Align::right : Align::centre;
  };
  if (!host.label_rect.empty()) {
    c.fill(host.label_rect, t.panel);
    ui.label(host.label_rect, host.label, framed ? font::strong : font::body, t.text, align(host.side));
  }
  if (!host.caption_rect.empty()) {
    c.fill(host.caption_rect, t.panel);
    ui.label(host.caption_rect, host.caption.text, font::caption, host.caption.colour, align(host.caption_side));
  }
}

void act_on_host(Ui& ui, const Model& model, Actions& actions, const MapHost& host, const std::vector<MapHost>& all) {
  const Response r = ui.interact(host_name(host.id), Kind::button, host.frame(), host.label,
                                 {.on = is_framed(model, host.id), .takes_keys = true, .focus_on_click = true});
  ui.tooltip(host.frame(), tooltip_of(model, host.id));
  if (r.hovered && !is_framed(model, host.id)) ui.canvas().outline(host.frame(), ui.theme.strong_line, 1, metric::card_radius);
  if (r.ring) ui.focus_ring(host.frame());
  bool open = r.clicked || r.secondary;
  if (r.focused) {
    open = open || ui.take(Key::enter) || ui.take(Key::space);
    constexpr std::array<std::pair<Key, Point>, 4> arrows{
        {{Key::left, {-1, 0}}, {Key::right, {1, 0}}, {Key::up, {0, -1}}, {Key::down, {0, 1}}}};
    for (const auto& [key, direction] : arrows)
      if (ui.take(key))
        if (const HostId next = next_host(host, all, direction); next != 0) ui.focus(host_name(next), true);
  }
  if (!open) return;
  if (r.clicked) actions.push_back(app::SelectHost{host.id});
  open_host_menu(ui, host.id, {host.frame().right() + 4, host.frame().y});
}

void draw_idle(Ui& ui, Span2 way, Protocol protocol) {
  ui.canvas().line(way.from, way.to, ui.theme.strong_line, 1.5F, dash::idle);
  const Point middle = way.at(0.5F);
  const Rect square = Rect{middle.x, middle.y, 0, 0}.inset(-6);
  ui.canvas().fill(square.inset(-2), ui.theme.panel);
  draw_shape(ui.canvas(), ui.theme, square, protocol, false, false);
}

void draw_open(Ui& ui, const OpenLine& line, Span2 way) {
  Canvas& c = ui.canvas();
  const Theme& t = ui.theme;
  const Protocol protocol = line.conversation->opened().protocol;
  const Point d = way.to - way.from;
  const float length = std::max(1.F, std::hypot(d.x, d.y));
  const Point normal{-d.y / length, d.x / length};
  if (line.protection == Protection::up || line.protection == Protection::handshake) {
    // The band begins where the padlock is while TLS is being negotiated, and reaches all the way once it is up.
    const Point from = line.protection == Protection::up ? way.from : way.at(0.45F);
    const std::array band{from + normal * 7, way.to + normal * 7, way.to - normal * 7, from - normal * 7};
    c.polygon(band, t.tls().tint);
    c.line(band[0], band[1], t.tls().fill, 1);
    c.line(band[3], band[2], t.tls().fill, 1);
  }
  const bool failed = line.protection == Protection::failed;
  c.line(way.from, way.to, failed ? t.error.fill : t.of(protocol).fill, 2, line.talks ? dash::solid : dash::would_happen);
  const Point shape = way.away(18);
  draw_shape(c, t, Rect{shape.x, shape.y, 0, 0}.inset(-8), protocol);
  if (protocol == Protocol::dns || !line.talks || length < 48) return;
  const Point lock = way.away(-18);
  draw_padlock(c, t, Rect{lock.x, lock.y, 0, 0}.inset(-8), line.protection == Protection::up);
}

void draw_under_way(Ui& ui, const UnderWay& way, Span2 from_client) {
  Canvas& c = ui.canvas();
  const Theme& t = ui.theme;
  const bool to_server = way.message->from == Side::client;
  const Point at = from_client.at(to_server ? way.part : 1 - way.part);
  const Hue& hue = t.of(way.message->protocol);
  const Point d = to_server ? from_client.to - from_client.from : from_client.from - from_client.to;
  const float length = std::max(1.F, std::hypot(d.x, d.y));
  const Point unit = d * (1 / length);
  if (way.lost) {
    draw_icon(c, Icon::cross, Rect{at.x, at.y, 0, 0}.inset(-8), t.error.fill);
    return;
  }
  if (carries_envelope(*way.conversation, *way.message)) {
    draw_envelope(ui, at, hue.fill);
    c.arrow_head(at + unit * 29, unit, hue.fill, 8);
  } else {
    c.disc(at, 4.5F, hue.fill);
    c.ring(at, 4.5F, t.outline(way.message->protocol), 1);
    c.arrow_head(at + unit * 13, unit, hue.fill, 7);
  }
}

}  // namespace glasspost::ui
