#include "app/ui/views/map_menu.h"

#include <algorithm>
#include <array>
#include <string>

#include "app/ui/views/map_traffic.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr std::string_view host_menu_name = "map.host_menu", link_menu_name = "map.link_menu";

// Items with what each of them does: the menu's views into the words stay good until it was drawn.
class Items {
 public:
  void add(std::string name, std::string text, std::vector<Action> actions, bool on = false) {
    entries_.push_back({std::move(name), std::move(text), std::move(actions), on, rule_next_});
    rule_next_ = false;
  }
  void rule() { rule_next_ = !entries_.empty(); }
  void show(Ui& ui, std::string_view menu_name, Actions& actions) const {
    std::vector<MenuItem> items;
    for (const Entry& entry : entries_)
      items.push_back({.name = entry.name, .text = entry.text, .on = entry.on, .rule_above = entry.rule});
    if (const auto chosen = menu(ui, menu_name, items))
      for (const Action& action : entries_[std::size_t(*chosen)].actions) actions.push_back(action);
  }

 private:
  struct Entry {
    std::string name, text;
    std::vector<Action> actions;
    bool on = false, rule = false;
  };
  std::vector<Entry> entries_;
  bool rule_next_ = false;
};

struct Service {
  HostId host = 0;
  sim::ServiceDescription service;
};

bool is_device(const sim::HostDescription& host) { return !host.owner.empty(); }

std::string domain_of(std::string_view address) { return std::string(address.substr(std::min(address.size(), address.find('@') + 1))); }

// Where the owner of a device has this service: TLS from the first octet if there is such a port.
Service service_for(const sim::Scenario& scenario, const sim::HostDescription& device, Protocol protocol, bool submission) {
  Service found;
  for (HostId id = 1; id <= scenario.hosts.size(); ++id) {
    if (scenario.host(id).domain != domain_of(device.owner)) continue;
    for (const sim::ServiceDescription& service : scenario.host(id).services)
      if (service.protocol == protocol && service.submission == submission &&
          (found.host == 0 || (found.service.tls != TlsMode::implicit && service.tls == TlsMode::implicit)))
        found = {id, service};
  }
  return found;
}

Action let(const sim::HostDescription& device, sim::ActKind kind, const sim::Scenario& scenario, const Service& service) {
  sim::StoryAct act;
  act.kind = kind;
  act.device = device.name;
  act.server = scenario.host(service.host).name;
  act.port = service.service.port;
  act.tls = service.service.tls;
  act.remove = kind == sim::ActKind::collect;
  act.allow_plaintext = service.service.tls == TlsMode::plaintext && service.service.allow_plaintext_login;
  return app::Perform{sim::LetDevice{std::move(act)}};
}

std::string service_words(const Strings& s, const sim::ServiceDescription& service) {
  std::string_view what;
  switch (service.protocol) {
    case Protocol::smtp: what = s(service.submission ? "map.service_submission" : "map.service_relay"); break;
    case Protocol::lmtp: what = s("map.service_lmtp"); break;
    case Protocol::imap: what = s("map.service_imap"); break;
    case Protocol::pop3: what = s("map.service_pop3"); break;
    case Protocol::dns:
    case Protocol::tls: what = s("map.service_dns"); break;
  }
  return s("map.port_of", {{"protocol", name_of(service.protocol)}, {"port", std::to_string(service.port)}, {"service", what}});
}

// From whose device a person talks to this server: one that the story sends there, or any.
HostId talker_to(const sim::Scenario& scenario, HostId server) {
  HostId any = 0;
  for (HostId id = 1; id <= scenario.hosts.size(); ++id) {
    const sim::HostDescription& host = scenario.host(id);
    if (!is_device(host)) continue;
    if (any == 0) any = id;
    for (const sim::StoryAct& act : scenario.story)
      if (act.device == host.name && act.server == scenario.host(server).name) return id;
  }
  return any;
}

void add_device(const Model& model, HostId id, Items& items) {
  const Strings& s = model.strings();
  const sim::Scenario& scenario = model.scenario();
  const sim::HostDescription& device = scenario.host(id);
  items.add("write", std::string(s("map.menu_write")), {app::ComposeLetter{true}});
  for (const sim::StoryAct& act : scenario.story)
    if (act.kind == sim::ActKind::send && act.device == device.name) {
      sim::StoryAct again = act;
      again.chapter.clear();
      items.add("send", std::string(s("map.menu_send")), {app::Perform{sim::LetDevice{again}}});
      break;
    }
  if (const Service imap = service_for(scenario, device, Protocol::imap, false); imap.host != 0)
    items.add("check", std::string(s("map.menu_check")), {let(device, sim::ActKind::check, scenario, imap)});
  if (const Service pop3 = service_for(scenario, device, Protocol::pop3, false); pop3.host != 0)
    items.add("collect", std::string(s("map.menu_collect")), {let(device, sim::ActKind::collect, scenario, pop3)});
  items.rule();
  for (const Protocol protocol : {Protocol::smtp, Protocol::imap, Protocol::pop3})
    if (const Service service = service_for(scenario, device, protocol, protocol == Protocol::smtp); service.host != 0)
      items.add("talk." + std::string(lower_name_of(protocol)),
                s("map.menu_talk_to", {{"host", short_label(model, service.host)}, {"service", service_words(s, service.service)}}),
                {app::OpenConsole{id, service.host, service.service.port}});
}

void add_server(const Model& model, HostId id, Items& items) {
  const Strings& s = model.strings();
  const sim::HostDescription& host = model.scenario().host(id);
  if (const HostId from = talker_to(model.scenario(), id); from != 0)
    for (const sim::ServiceDescription& service : host.services)
      items.add("port." + std::to_string(service.port), s("map.menu_talk_port", {{"service", service_words(s, service)}}),
                {app::OpenConsole{from, id, service.port}});
  items.rule();
  for (const sim::WaitingLetter& letter : model.history().letters())
    if (letter.host == id && (letter.state == QueueChange::deferred || letter.state == QueueChange::held)) {
      const bool held = letter.state == QueueChange::held;
      const std::string number = std::to_string(letter.letter);
      if (!held)
        items.add("retry." + number, s("map.menu_retry", {{"recipient", letter.recipient}}), {app::Perform{sim::RetryNow{id, letter.letter}}});
      items.add("hold." + number, s(held ? "map.menu_release" : "map.menu_hold", {{"recipient", letter.recipient}}),
                {app::Perform{sim::HoldLetter{id, letter.letter, !held}}});
      items.add("drop." + number, s("map.menu_drop", {{"recipient", letter.recipient}}), {app::Perform{sim::DropLetter{id, letter.letter}}});
    }
}

void host_menu(Ui& ui, const Model& model, Actions& actions, HostId id) {
  const Strings& s = model.strings();
  const sim::HostDescription& host = model.scenario().host(id);
  Items items;
  if (is_device(host)) add_device(model, id, items);
  else add_server(model, id, items);
  const bool keeps = std::any_of(model.history().holdings().begin(), model.history().holdings().end(),
                                 [&](const sim::Holding& holding) { return holding.holder == id; });
  if (keeps || is_device(host) || host.kind == sim::HostKind::store)
    items.add("mailboxes", std::string(s("map.menu_mailboxes")), {app::SelectHost{id}, app::ShowLower{app::LowerPanel::mailboxes}});
  items.rule();
  const bool stopped = stopped_at_cursor(model, id);
  items.add(stopped ? "restart" : "stop", std::string(s(stopped ? "map.menu_restart" : "map.menu_stop")),
            {app::Perform{sim::StopHost{id, !stopped}}});
  items.show(ui, host_menu_name, actions);
}

sim::SetFaults with(HostId a, HostId b, std::vector<sim::LinkFault> faults, FaultKind kind, Duration delay) {
  std::erase_if(faults, [&](const sim::LinkFault& fault) { return fault.kind == kind; });
  sim::LinkFault fault;
  fault.kind = kind;
  fault.delay = delay;
  faults.push_back(fault);
  if (kind == FaultKind::stall) {
    fault.towards = Side::client;
    faults.push_back(fault);
  }
  return {a, b, std::move(faults)};
}

void link_menu(Ui& ui, const Model& model, Actions& actions, HostId a, HostId b) {
  const Strings& s = model.strings();
  const std::vector<sim::LinkFault> faults = faults_at_cursor(model, a, b);
  const auto is_set = [&](FaultKind kind, Duration delay) {
    return std::any_of(faults.begin(), faults.end(), [&](const sim::LinkFault& f) { return f.kind == kind && f.delay == delay; });
  };
  Items items;
  const auto fault = [&](std::string name, std::string text, FaultKind kind, Duration delay = {}) {
    items.add(std::move(name), std::move(text), {app::Perform{with(a, b, faults, kind, delay)}}, is_set(kind, delay));
  };
  for (const Duration delay : {Duration{100ms}, Duration{1s}, Duration{10s}}) {
    const std::string words = s.duration(delay);
    fault("delay." + std::to_string(delay.count() / 1000), s("map.menu_delay_by", {{"duration", words}}), FaultKind::delay, delay);
  }
  fault("stall", std::string(s("map.menu_stall")), FaultKind::stall);
  fault("reset", std::string(s("map.menu_reset_next")), FaultKind::reset);
  fault("truncate", std::string(s("map.menu_truncate")), FaultKind::truncate);
  fault("refuse", std::string(s("map.menu_refuse")), FaultKind::refuse);
  items.rule();
  fault("strip", std::string(s("map.menu_strip")), FaultKind::strip);
  items.rule();
  for (const OpenLine& line : open_lines(model)) {
    if (!((line.client == a && line.server == b) || (line.client == b && line.server == a))) continue;
    const std::string number = std::to_string(line.conversation->id());
    items.add("cut." + number, s("map.menu_reset_one", {{"n", number}}),
              {app::Perform{sim::ResetConnection{line.conversation->id()}}});
    app::LadderFilter filter;
    filter.kind = app::FilterKind::connection;
    filter.connection = line.conversation->id();
    items.add("follow." + number, s("map.menu_follow_one", {{"n", number}}), {app::SetFilter{filter}});
  }
  items.rule();
  if (!faults.empty()) items.add("clear", std::string(s("map.menu_clear")), {app::Perform{sim::SetFaults{a, b, {}}}});
  items.show(ui, link_menu_name, actions);
}

}  // namespace

void open_host_menu(Ui& ui, HostId host, Point where) {
  ui.memory("map.menu.host") = host;
  ui.open_popup(host_menu_name, where);
}

void open_link_menu(Ui& ui, HostId a, HostId b, Point where) {
  ui.memory("map.menu.a") = a;
  ui.memory("map.menu.b") = b;
  ui.open_popup(link_menu_name, where);
}

void map_menus(Ui& ui, const Model& model, Actions& actions) {
  const auto remembered = [&](std::string_view name) {
    const auto host = HostId(ui.memory(name));
    return host <= model.scenario().hosts.size() ? host : HostId{0};
  };
  if (ui.popup_open(host_menu_name))
    if (const HostId host = remembered("map.menu.host"); host != 0) host_menu(ui, model, actions, host);
  if (ui.popup_open(link_menu_name)) {
    const HostId a = remembered("map.menu.a"), b = remembered("map.menu.b");
    if (a != 0 && b != 0) link_menu(ui, model, actions, a, b);
  }
}

}  // namespace glasspost::ui
