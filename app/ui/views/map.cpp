// The map: hosts at their places, what is open between them, what is under way.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/ladder_line.h"
#include "app/ui/views/map_menu.h"
#include "app/ui/views/map_parts.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float strip_height = 48;

struct Drawing {
  Ui& ui;
  const Model& model;
  Actions& actions;
  Rect area;
  std::vector<OpenLine> open;
  std::vector<UnderWay> moving;
  std::vector<MapHost> hosts;
  FreePlaces free;

  const MapHost& host(HostId id) const { return hosts[id - 1U]; }
};

// Several connections between the same two hosts lie side by side.
Span2 way_of(const Drawing& map, const OpenLine& line) {
  int before = 0;
  for (const OpenLine& other : map.open) {
    if (&other == &line) break;
    if (std::minmax(other.client, other.server) == std::minmax(line.client, line.server)) ++before;
  }
  Span2 way = between(map.host(line.client), map.host(line.server));
  if (before == 0) return way;
  const Point d = way.to - way.from;
  const float length = std::max(1.F, std::hypot(d.x, d.y)), side = float(before % 2 == 1 ? 1 : -1) * 18 * float((before + 1) / 2);
  const Point off{-d.y / length * side, d.x / length * side};
  return {way.from + off, way.to + off};
}

std::string fault_words(const Strings& s, const sim::LinkFault& fault) {
  switch (fault.kind) {
    case FaultKind::delay: {
      const std::string duration = s.duration(fault.delay);
      return s("map.fault_delay", {{"duration", duration}});
    }
    case FaultKind::stall: return std::string(s("map.fault_stall"));
    case FaultKind::reset: return std::string(s("map.fault_reset"));
    case FaultKind::truncate: return std::string(s("map.fault_truncate"));
    case FaultKind::refuse: return std::string(s("map.fault_refuse"));
    case FaultKind::strip: return std::string(s("map.fault_strip"));
  }
  return {};
}

void act_on_link(Drawing& map, const MapLink& link, Span2 way) {
  Ui& ui = map.ui;
  const Point middle = way.at(0.5F);
  const Rect handle = Rect{middle.x, middle.y, 0, 0}.inset(-10);
  const std::string name = fmt::format("map.link/{}-{}", link.a, link.b);
  const std::string words =
      map.model.strings()("map.link_between", {{"a", host_label(map.model, link.a)}, {"b", host_label(map.model, link.b)}});
  const Response r = ui.interact(name, Kind::button, handle, words);
  ui.tooltip(handle, words);
  if (r.hovered || r.ring) ui.canvas().ring(middle, 11, r.ring ? ui.theme.accent : ui.theme.strong_line, r.ring ? 2 : 1);
  if (r.clicked || r.secondary) open_link_menu(ui, link.a, link.b, {middle.x + 8, middle.y + 8});
}

// A right press anywhere on a line, not only at its middle.
void press_on_lines(Drawing& map, const std::vector<MapLink>& links) {
  Ui& ui = map.ui;
  const Point mouse = ui.input().mouse;
  if (!ui.input().pressed[std::size_t(MouseButton::secondary)] || !map.area.contains(mouse)) return;
  if (ui.popup_open("map.host_menu") || ui.popup_open("map.link_menu")) return;
  for (const MapLink& link : links) {
    const Span2 way = between(map.host(link.a), map.host(link.b));
    const Point d = way.to - way.from, m = mouse - way.from;
    const float length2 = std::max(1.F, d.x * d.x + d.y * d.y), part = std::clamp((m.x * d.x + m.y * d.y) / length2, 0.F, 1.F);
    const Point off = mouse - way.at(part);
    if (std::hypot(off.x, off.y) <= 7) return open_link_menu(ui, link.a, link.b, mouse);
  }
}

// Where a link's warning stands: on it, off its middle, and off the names of the hosts.
Rect fault_mark(Drawing& map, Span2 way) {
  const auto around = [&](float part) {
    const Point at = way.at(part);
    return Rect{at.x, at.y, 0, 0}.inset(-8);
  };
  for (const float part : {0.66F, 0.72F, 0.6F, 0.78F, 0.34F, 0.28F, 0.4F, 0.84F})
    if (std::abs(part - 0.5F) * way.length() > 18 && map.free.is_free(around(part))) {
      map.free.take(around(part));
      return around(part);
    }
  return around(0.66F);
}

void draw_faults(Drawing& map, const MapLink& link, Rect mark) {
  const std::vector<sim::LinkFault> faults = faults_at_cursor(map.model, link.a, link.b);
  if (faults.empty()) return;
  const Point at = mark.centre();
  draw_icon(map.ui.canvas(), Icon::warning, mark, map.ui.theme.error.fill);
  map.ui.note(fmt::format("map.fault/{}-{}", link.a, link.b), Kind::picture, mark);
  const std::string words = fault_words(map.model.strings(), faults.front());
  const Rect place = map.free.near(at, {std::ceil(map.ui.canvas().measure(words, font::caption)) + 4, 15}, 9);
  if (place.empty()) return;
  map.ui.canvas().fill(place, map.ui.theme.panel);
  map.ui.label(place, words, font::caption, map.ui.theme.error.text, Align::centre);
}

std::string_view service_key(const Model& model, const Opened& opened) {
  switch (opened.protocol) {
    case Protocol::smtp:
      for (const sim::ServiceDescription& service : model.scenario().host(opened.server).services)
        if (service.port == opened.server_port) return service.submission ? "map.service_submission" : "map.service_relay";
      return "map.service_relay";
    case Protocol::lmtp: return "map.service_lmtp";
    case Protocol::imap: return "map.service_imap";
    case Protocol::pop3: return "map.service_pop3";
    case Protocol::dns:
    case Protocol::tls: break;
  }
  return "map.service_dns";
}

void caption_of_port(Drawing& map, const OpenLine& line, Span2 way) {
  if (way.length() < 150) return;
  const Strings& s = map.model.strings();
  const Opened& opened = line.conversation->opened();
  const std::string words = s("map.port", {{"port", std::to_string(opened.server_port)}, {"service", s(service_key(map.model, opened))}});
  const Point at = way.at(0.3F);
  const Rect place = map.free.near({at.x, at.y - 8}, {std::ceil(map.ui.canvas().measure(words, font::caption)) + 4, 15}, 4);
  if (place.empty()) return;
  map.ui.label(place, words, font::caption, map.ui.theme.of(opened.protocol).text, Align::centre);
}

struct CaptionLine {
  std::string text;
  Font font;
  Colour colour;
};

std::vector<CaptionLine> words_of(const Drawing& map, const UnderWay& way, bool selected) {
  const Strings& s = map.model.strings();
  const Theme& t = map.ui.theme;
  const bool client = way.message->from == Side::client;
  const Colour colour = t.of(way.message->protocol).text;
  std::string said = ladder_line(*way.conversation, *way.message).text;
  const Font wire = client ? font::table_bold : font::table;
  const float room = selected ? 210 : 120;
  if (const std::size_t fits = map.ui.canvas().fitting(said, wire, room); fits < said.size())
    said = said.substr(0, map.ui.canvas().fitting(said, wire, room - 10)) + "…";
  if (!selected) return {{said, wire, colour}};
  const std::string percent = std::to_string(int(std::lround(way.part * 100)));
  const bool content = way.message->kind == MessageKind::content, envelope = carries_envelope(*way.conversation, *way.message);
  const std::string_view key = content ? "map.letter_on_way" : envelope ? "map.envelope_on_way" : "map.words_on_way";
  std::vector<CaptionLine> lines{{said, wire, colour}, {s(key, {{"percent", percent}}), font::caption_strong, t.text}};
  if (envelope && !content) lines.push_back({std::string(s("map.letter_follows")), font::caption, t.second});
  return lines;
}

void caption_of_words(Drawing& map, const UnderWay& way, Span2 from_client, bool selected) {
  const Point at = from_client.at(way.message->from == Side::client ? way.part : 1 - way.part);
  std::vector<CaptionLine> lines = words_of(map, way, selected);
  // With less room, less is said.
  for (; !lines.empty(); lines.pop_back()) {
    Size size;
    for (const CaptionLine& line : lines) {
      size.w = std::max(size.w, std::ceil(map.ui.canvas().measure(line.text, line.font)) + 6);
      size.h += 15;
    }
    // Words stay near the middle of their line, so that they do not wander off with what moves.
    const Point middle = from_client.at(0.5F);
    Rect place = map.free.near({std::lerp(middle.x, at.x, 0.3F), at.y}, size, 15);
    if (place.empty()) continue;
    map.ui.canvas().fill(place, map.ui.theme.panel);
    for (const CaptionLine& line : lines) map.ui.label(place.take_top(15), line.text, line.font, line.colour, Align::centre);
    return;
  }
}

// What is said now, the selected connection first: it gets the best place.
void draw_captions(Drawing& map) {
  const ConnectionId selected = map.model.selection().message ? map.model.selection().message->connection : 0;
  for (const bool turn : {true, false})
    for (const OpenLine& line : map.open) {
      const bool is_selected = line.conversation->id() == selected;
      if (is_selected != turn) continue;
      const Span2 way = way_of(map, line);
      const UnderWay* shown = nullptr;
      for (const UnderWay& moving : map.moving)
        if (moving.ref.connection == line.conversation->id() && !(shown && shown->ref == map.model.selection().message)) shown = &moving;
      if (shown) caption_of_words(map, *shown, way, is_selected);
      if (is_selected) caption_of_port(map, line, way);
    }
}

void draw_lines(Drawing& map, const std::vector<MapLink>& links) {
  for (const MapLink& link : links) {
    const bool busy = std::any_of(map.open.begin(), map.open.end(), [&](const OpenLine& line) {
      return std::minmax(line.client, line.server) == std::minmax(link.a, link.b);
    });
    if (busy) continue;
    const Span2 way = between(map.host(link.a), map.host(link.b));
    draw_idle(map.ui, way, link.protocol);
    const Point middle = way.at(0.5F);
    map.free.take(Rect{middle.x, middle.y, 0, 0}.inset(-8));  // its shape stays in sight
  }
  for (const OpenLine& line : map.open) {
    const Span2 way = way_of(map, line);
    draw_open(map.ui, line, way);
    // Captions keep off the lines that lie flat; steep ones have room enough beside them.
    if (std::abs(way.to.y - way.from.y) < 24)
      map.free.take({std::min(way.from.x, way.to.x), std::min(way.from.y, way.to.y) - 8, std::abs(way.to.x - way.from.x),
                     std::abs(way.to.y - way.from.y) + 16});
  }
}

// Before it is sent the letter waits beside its sender.
void draw_waiting_letter(Drawing& map) {
  if (map.model.said() != 0 || !map.open.empty()) return;
  for (const MapHost& host : map.hosts) {
    const sim::HostDescription& described = map.model.scenario().host(host.id);
    if (described.owner.empty() || described.owner != map.model.scenario().sender) continue;
    const Rect paper = Rect{host.frame().right() + 24, host.at.y, 0, 0}.inset(-15, -15);
    map.ui.canvas().fill(paper, map.ui.theme.panel);
    draw_icon(map.ui.canvas(), Icon::envelope, paper, map.ui.theme.of(Protocol::smtp).fill);
    return;
  }
}

}  // namespace

void map_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (area.h <= strip_height) return map_strip(ui, area, model, actions);
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  const bool rest = model.said() == 0;
  panel_head(ui, "map", area, s("map.title"), model.scenario().title.in(model.settings().language),
             s(rest ? "map.at_rest" : "map.link_hint"));
  if (model.scenario().hosts.empty()) return empty_panel(ui, area, s("map.empty"));
  ui.canvas().push_clip(area);
  const Rect inner = area.inset(4, 0);
  Drawing map{ui, model, actions, inner, open_lines(model), under_way(model), {}, FreePlaces(inner)};
  map.hosts = map_hosts(model, ui.theme, map.open);
  const std::vector<MapLink> links = map_links(model);
  lay_out_map(ui, inner, model, links, map.hosts);
  for (const MapHost& host : map.hosts) {
    map.free.take(host.frame());
    if (!host.label_rect.empty()) map.free.take(host.label_rect);
    if (!host.caption_rect.empty()) map.free.take(host.caption_rect);
  }
  std::vector<Rect> marks(links.size());
  for (std::size_t i = 0; i < links.size(); ++i)
    if (!faults_at_cursor(model, links[i].a, links[i].b).empty()) marks[i] = fault_mark(map, between(map.host(links[i].a), map.host(links[i].b)));
  draw_lines(map, links);
  draw_waiting_letter(map);
  for (std::size_t i = 0; i < links.size(); ++i) {
    draw_faults(map, links[i], marks[i]);
    act_on_link(map, links[i], between(map.host(links[i].a), map.host(links[i].b)));
  }
  for (const MapHost& host : map.hosts) draw_host(ui, model, host, is_framed(model, host.id));
  for (const UnderWay& way : map.moving)
    for (const OpenLine& line : map.open)
      if (line.conversation == way.conversation) draw_under_way(ui, way, way_of(map, line));
  draw_captions(map);
  press_on_lines(map, links);
  for (const MapHost& host : map.hosts) act_on_host(ui, model, actions, host, map.hosts);
  ui.canvas().pop_clip();
  map_menus(ui, model, actions);
}

}  // namespace glasspost::ui
