// Before there is a line: where the servers of an address are, what the known providers demand, and how to log in.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/ui/views/live.h"
#include "app/ui/widgets.h"
#include "protocol/base/time.h"

namespace glasspost::ui {
namespace {

using State = app::DiscoveryStep::State;

constexpr float provider_row = 38, step_line = 18;

std::string_view word_of(app::DiscoveryKind kind) {
  switch (kind) {
    case app::DiscoveryKind::srv: return "srv";
    case app::DiscoveryKind::table: return "table";
    case app::DiscoveryKind::mx: return "mx";
    case app::DiscoveryKind::autoconfig: return "autoconfig";
  }
  return {};
}

std::string_view word_of(State state) {
  switch (state) {
    case State::to_come: return "to_come";
    case State::doing: return "doing";
    case State::found: return "found";
    case State::nothing: return "nothing";
    case State::failed: return "failed";
    case State::asks_leave: return "asks_leave";
  }
  return {};
}

Mark mark_of(State state) {
  switch (state) {
    case State::to_come: return Mark::ahead;
    case State::doing: return Mark::waiting;
    case State::found: return Mark::done;
    case State::nothing: return Mark::nothing_there;
    case State::failed: return Mark::failed;
    case State::asks_leave: return Mark::open;
  }
  return Mark::ahead;
}

void fill_in(Ui& ui, const std::string& url) {
  ui.edit("live.address").set(url);
  ui.focus("live.address");
  ui.next_frame();
}

// "imap.gmail.com", "993 TLS · 587 STARTTLS"; a press fills the address in.
void a_server(Ui& ui, Rect row, std::string_view name, const app::FoundServer& server, std::string_view user) {
  const Theme& t = ui.theme;
  const std::string mode = fmt::format("{} {}", server.port, server.tls == TlsMode::implicit ? "TLS" : "STARTTLS");
  const Response r = ui.interact(name, Kind::item, row, app::url_of(server, user));
  if (r.hovered) ui.canvas().fill(row, t.sunken, metric::radius);
  Rect inside = row.inset(2, 0);
  ui.label(inside.take_top(row.h / 2), server.host, font::table, t.of(server.protocol).text);
  draw_padlock(ui.canvas(), t, inside.take_left(15).at_left(12, 12), server.tls == TlsMode::implicit);
  ui.label(inside, mode, font::table, t.second);
  if (r.ring) ui.focus_ring(row);
  if (r.clicked) fill_in(ui, app::url_of(server, user));
}

// "993 TLS" alone; cuts it off the row.
void a_mode(Ui& ui, Rect& row, std::string_view name, const app::FoundServer& server, std::string_view user, bool dot) {
  const Theme& t = ui.theme;
  const std::string mode = fmt::format("{} {}", server.port, server.tls == TlsMode::implicit ? "TLS" : "STARTTLS");
  if (dot) ui.label(row.take_left(12), "·", font::table, t.third, Align::centre);
  Rect cell = row.take_left(std::min(row.w, ui.canvas().measure(mode, font::caption) + 21));
  const Response r = ui.interact(name, Kind::item, cell, app::url_of(server, user));
  if (r.hovered) ui.canvas().fill(cell, t.sunken, metric::radius);
  draw_padlock(ui.canvas(), t, cell.inset(2, 0).take_left(13).at_left(11, 11), server.tls == TlsMode::implicit);
  cell.take_left(17);
  ui.label(cell, mode, font::caption, t.second);
  if (r.ring) ui.focus_ring(r.rect);
  if (r.clicked) fill_in(ui, app::url_of(server, user));
}

// What was typed, if it is an address; else nobody.
std::string typed_user(Ui& ui) {
  const std::string& typed = ui.edit("live.address").text();
  return typed.find("://") == typed.npos && typed.find('@') != typed.npos ? typed : std::string();
}

void providers(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  panel_head(ui, "live.providers", area, s("live.providers"), s("live.providers_hint"));
  // SMTP has two ports side by side, the others one.
  const float name_width = std::min(104.F, area.w * 0.16F), demand_width = std::min(190.F, area.w * 0.196F);
  const float servers = area.w - 2 * metric::padding - name_width - demand_width;
  const float sending = std::max(std::round(servers * 0.36F), std::min(188.F, servers * 0.42F)), each = (servers - sending) / 2;
  const float x = metric::padding + name_width;
  table_head(ui, area, {{s("live.provider"), metric::padding, name_width}, {"IMAP", x, each}, {"POP3", x + each, each},
                        {s("live.smtp_to_send"), x + 2 * each, sending}, {s("live.demands"), x + 2 * each + sending, demand_width}});
  ScrollArea scroll(ui, "live.providers.scroll", area, float(model.providers().size()) * provider_row);
  Rect rest = scroll.content();
  const std::string user = typed_user(ui);
  for (const app::Provider& provider : model.providers()) {
    Rect row = rest.take_top(provider_row).inset(metric::padding, 0);
    if (!ui.canvas().shows(row)) continue;
    ui.canvas().horizontal(row.x, row.right(), row.bottom() - 1, t.line);
    ui.note("live.provider/" + provider.name, Kind::row, row, provider.name);
    const Rect name = row.take_left(name_width);
    const float name_room = std::min(name.w - 8, ui.canvas().measure(provider.name, font::strong) + 1);
    if (link(ui, "live.provider_imap/" + provider.name, name.at_left(name_room, 22), provider.name, Align::left, font::strong) && !provider.servers.empty())
      fill_in(ui, app::url_of(provider.servers.front(), user));  // IMAP's, where mail is read
    for (const Protocol protocol : {Protocol::imap, Protocol::pop3, Protocol::smtp}) {
      Rect cell = row.take_left(protocol == Protocol::smtp ? sending : each);
      cell.take_right(6);
      std::vector<const app::FoundServer*> here;
      for (const app::FoundServer& server : provider.servers)
        if (server.protocol == protocol) here.push_back(&server);
      if (here.empty()) ui.label(cell, s("live.not_offered"), font::caption, t.third);
      cell = cell.inset(0, 2);
      for (const app::FoundServer* server : here) {  // all of one protocol's are one host, on several ports
        const bool first = server == here.front();
        if (first) ui.label(cell.take_top(cell.h / 2).inset(2, 0), server->host, font::table, t.of(protocol).text);
        a_mode(ui, cell, fmt::format("live.server/{}.{}.{}", provider.name, name_of(protocol), server->port), *server, user, !first);
      }
    }
    // Who says so; this program opens nothing on the net by itself, so the address is copied.
    const std::string_view demand = s("live.demand." + std::string(name_of(provider.demand)));
    const Rect said = row.inset(0, 3);
    const Response r = ui.interact("live.source/" + provider.name, Kind::link, said, demand);
    if (r.hovered) ui.canvas().fill(said.inset(-4, 0), t.sunken, metric::radius);
    prose(ui, said, demand, font::caption, t.second);
    if (r.ring) ui.focus_ring(said);
    if (r.clicked) actions.push_back(app::Copy{provider.source});
    ui.tooltip(said, s("live.source_of", {{"source", provider.source}, {"date", provider.checked}}));
  }
}

void ways(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  panel_head(ui, "live.ways", area, s("live.ways"), s("live.ways_hint"));
  Rect row = area.inset(metric::padding, 0);
  row.take_bottom(12);
  const app::LiveChoice& choice = model.live_choice();
  const float each = (row.w - 24) / 3;
  const std::array<std::string_view, 3> names{"ask", "password_command", "token_command"};
  for (std::size_t i = 0; i < 3; ++i) {
    const Rect card = row.take_left(each);
    row.take_left(12);
    const bool on = int(choice.way) == int(i);
    ui.canvas().fill(card, on ? t.accent_tint : t.raised, metric::card_radius);
    ui.canvas().outline(card, on ? t.accent : t.strong_line, 1, metric::card_radius);
    Rect inside = card.inset(12, 8);
    const std::string name(names[i]);
    if (radio(ui, "live.way/" + name, inside.take_top(22), s("live.way." + name), on, font::strong) && !on) {
      app::LiveChoice other = choice;
      other.way = app::LoginWay(i);
      actions.push_back(app::SetLiveChoice{other});
      if (i > 0) ui.focus("live.command");
    }
    const Rect field = on && i > 0 ? inside.take_bottom(30) : Rect{};
    prose(ui, inside.inset(0, 2), s("live.way_hint." + name), font::caption, t.second);
    if (!on || i == 0) continue;
    LineEdit& edit = ui.edit("live.command");
    if (edit.text() != choice.command) edit.set(choice.command);
    if (text_input(ui, "live.command", field, edit, {.placeholder = s("live.command_example"), .text_font = font::table}) == InputEvent::changed) {
      app::LiveChoice other = choice;
      other.command = edit.text();
      actions.push_back(app::SetLiveChoice{other});
    }
  }
}

float one_step(Ui& ui, Rect rest, const Model& model, const app::DiscoveryStep& step, bool last, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  const float top = rest.y;
  Rect row = rest;
  const Rect gutter = row.take_left(32);
  const Rect ring{gutter.x + 2, gutter.y + 2, 18, 18};
  const std::string kind(word_of(step.kind)), state(word_of(step.state));
  Rect head = row.take_top(22);
  if ((step.state == State::found || step.state == State::nothing || step.state == State::failed) && step.took > Duration{}) {
    const std::string took = s.duration(step.took);
    ui.label(head.take_right(ui.canvas().measure(took, font::table) + 1), took, font::table, t.third, Align::right);
  }
  const std::string words(s("live.search." + kind));
  runs(ui, head, {{.text = words, .font = font::strong, .colour = step.state == State::to_come ? t.third : t.text},
                  {.text = s("live.search_" + state), .colour = step.state == State::failed ? t.error.text : t.second, .gap = 8}},
       Align::left, "live.search/" + kind);
  for (const std::string& line : step.said) ui.label(row.take_top(step_line), line, font::table, t.second);
  if (step.state == State::asks_leave) {
    row.take_top(prose(ui, row, s("live.autoconfig_asks"), font::caption, t.second) + 6);
    Rect buttons = row.take_top(metric::button);
    const float yes = button_width(ui, s("live.autoconfig_yes")), no = button_width(ui, s("live.autoconfig_no"));
    if (button(ui, "live.autoconfig_yes", buttons.take_left(yes), s("live.autoconfig_yes"))) actions.push_back(app::AllowAutoconfig{true});
    buttons.take_left(8);
    if (button(ui, "live.autoconfig_no", buttons.take_left(no), s("live.autoconfig_no"))) actions.push_back(app::AllowAutoconfig{false});
    row.take_top(4);
  }
  for (std::size_t i = 0; i < step.servers.size(); ++i) {
    const app::FoundServer& server = step.servers[i];
    std::string name = fmt::format("live.found/{}.{}", name_of(server.protocol), server.port);
    for (std::size_t before = 0; before < i; ++before)
      if (step.servers[before].protocol == server.protocol && step.servers[before].port == server.port) name += "." + server.host;
    a_server(ui, row.take_top(36), name, server, model.discovery()->address());
  }
  row.take_top(10);
  if (!last) ui.canvas().vertical(ring.centre().x, ring.bottom() + 3, row.y - 1, t.strong_line);
  draw_mark(ui.canvas(), t, ring, mark_of(step.state));
  return row.y - top;
}

void search(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  Rect head = panel_head(ui, "live.search", area, s("live.search"), s("live.search_hint"));
  if (model.discovery() && !model.discovery()->is_over() && head.w > 80) {
    const float width = button_width(ui, s("live.stop"));
    if (button(ui, "live.stop", head.take_right(width + 12).at_left(width, 24), s("live.stop"))) actions.push_back(app::StopDiscovery{});
  }
  if (!model.discovery()) return empty_panel(ui, area, s("live.search_empty"), s("live.search_empty_more"));
  double& height = ui.memory("live.search.height", 400);
  ScrollArea scroll(ui, "live.search.scroll", area, float(height));
  Rect rest = scroll.content().inset(metric::padding, 8);
  rest.h = 1e6F;
  const float top = rest.y;
  const auto& steps = model.discovery()->steps();
  for (std::size_t i = 0; i < steps.size(); ++i) rest.take_top(one_step(ui, rest, model, steps[i], i + 1 == steps.size(), actions));
  const double needed = double(rest.y - top) + 24;
  if (needed != height) height = needed, ui.next_frame();
}

}  // namespace

void live_connect(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  if (one_column(ui)) {
    const Strings& s = model.strings();
    const std::array<std::string_view, 3> words{s("live.search"), s("live.providers"), s("live.ways")};
    double& page = ui.memory("live.connect.page");
    int chosen = int(page);
    const Rect bar = area.take_top(32);
    ui.canvas().horizontal(bar.x, bar.right(), bar.bottom() - 1, ui.theme.line);
    if (tabs(ui, "live.connect.pages", bar.inset(metric::padding, 0), words, chosen, TabLine::below)) page = chosen, ui.next_frame();
    if (chosen == 0) return search(ui, area, model, actions);
    return chosen == 1 ? providers(ui, area, model, actions) : ways(ui, area, model, actions);
  }
  const Halves halves = splitter(ui, "split.live.search", area, Axis::horizontal, std::max(376.F, area.w * 0.34F), 320, 620);
  search(ui, halves.first, model, actions);
  Rect right = halves.second;
  Rect bottom = right.take_bottom(std::min(170.F, right.h / 2));
  ui.canvas().horizontal(bottom.x, bottom.right(), bottom.y, ui.theme.line);
  bottom.take_top(1);
  providers(ui, right, model, actions);
  ways(ui, bottom, model, actions);
}

}  // namespace glasspost::ui
