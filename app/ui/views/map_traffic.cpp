#include "app/ui/views/map_traffic.h"

#include <algorithm>

namespace glasspost::ui {
namespace {

// Long traces: only so many of the newest lines are looked at for what is still open or under way.
constexpr std::size_t newest_connections = 400, newest_rows = 400;

bool is_host(const Model& model, HostId host) { return host >= 1 && host <= model.scenario().hosts.size(); }

class Links {
 public:
  explicit Links(const Model& model) : model_(model) {}
  void add(HostId a, HostId b, Protocol protocol) {
    if (!is_host(model_, a) || !is_host(model_, b) || a == b) return;
    for (const MapLink& link : all_)
      if ((link.a == a && link.b == b) || (link.a == b && link.b == a)) return;
    all_.push_back({a, b, protocol});
  }
  std::vector<MapLink> all_;

 private:
  const Model& model_;
};

Protocol protocol_of_act(const sim::StoryAct& act) {
  switch (act.kind) {
    case sim::ActKind::send: return Protocol::smtp;
    case sim::ActKind::collect: return Protocol::pop3;
    case sim::ActKind::type: return act.protocol;
    case sim::ActKind::listen:
    case sim::ActKind::check:
    case sim::ActKind::noop:
    case sim::ActKind::expunge:
    case sim::ActKind::leave:
    case sim::ActKind::note:
    case sim::ActKind::unplug:
    case sim::ActKind::lose:
    case sim::ActKind::reinstall:
    case sim::ActKind::read:
    case sim::ActKind::unread:
    case sim::ActKind::flag:
    case sim::ActKind::unflag:
    case sim::ActKind::move:
    case sim::ActKind::erase: return Protocol::imap;
  }
  return Protocol::imap;
}

// The ways that the zones and the hosts' settings lay, whether or not a letter takes them.
void add_ways(const sim::Scenario& scenario, Links& links) {
  HostId dns = 0;
  for (HostId id = 1; id <= scenario.hosts.size(); ++id)
    if (scenario.host(id).kind == sim::HostKind::dns) dns = id;
  for (const sim::StoryAct& act : scenario.story) {
    if (act.kind != sim::ActKind::send) continue;
    const HostId relay = scenario.find(act.server);
    links.add(relay, dns, Protocol::dns);
    const std::string domain = scenario.recipient.substr(std::min(scenario.recipient.size(), scenario.recipient.find('@') + 1));
    for (const sim::ZoneRecord& record : scenario.records)
      if (record.type == "MX" && record.name == domain)
        links.add(relay, scenario.find(record.value.substr(record.value.find(' ') + 1)), Protocol::smtp);
  }
  for (HostId id = 1; id <= scenario.hosts.size(); ++id)
    if (!scenario.host(id).deliver_to.empty()) links.add(id, scenario.find(scenario.host(id).deliver_to), Protocol::lmtp);
}

// A question by datagram is under way until its answer has come; nothing closes it.
bool asks_at(const Conversation& conversation, Instant now) {
  if (conversation.size() == 0 || conversation.message(0).at > now) return false;
  return conversation.message(MessageId(conversation.size() - 1)).arrived > now;
}

}  // namespace

std::vector<MapLink> map_links(const Model& model) {
  Links links(model);
  const sim::Scenario& scenario = model.scenario();
  for (const sim::StoryAct& act : scenario.story)
    if (!act.server.empty()) links.add(scenario.find(act.device), scenario.find(act.server), protocol_of_act(act));
  add_ways(scenario, links);
  const std::size_t count = model.conversations().connections();
  for (std::size_t i = count > newest_connections ? count - newest_connections : 0; i < count; ++i) {
    const Conversation& conversation = model.conversations().at(i);
    const Opened& opened = conversation.opened();
    if (conversation.opened_at() > model.cursor()) continue;
    // Every device asks the DNS now and then: that way is there as long as somebody is on it.
    const bool of_a_device = is_host(model, opened.client) && !scenario.host(opened.client).owner.empty();
    if (opened.datagrams && of_a_device && !asks_at(conversation, model.cursor())) continue;
    links.add(opened.client, opened.server, opened.protocol);
  }
  return std::move(links.all_);
}

std::vector<OpenLine> open_lines(const Model& model) {
  std::vector<OpenLine> open;
  const Instant now = model.cursor();
  if (now <= model.start()) return open;  // the world is at rest until its clock runs
  const std::size_t count = model.conversations().connections();
  for (std::size_t i = count > newest_connections ? count - newest_connections : 0; i < count; ++i) {
    const Conversation& conversation = model.conversations().at(i);
    const Opened& opened = conversation.opened();
    if (!is_host(model, opened.client) || !is_host(model, opened.server)) continue;
    if (conversation.opened_at() > now || conversation.closed_at() <= now) continue;
    if (opened.datagrams && !asks_at(conversation, now)) continue;
    const bool talks = conversation.size() > 0 && conversation.message(0).at <= now;
    open.push_back({&conversation, opened.client, opened.server, conversation.protection_at(now), talks});
  }
  return open;
}

std::vector<UnderWay> under_way(const Model& model) {
  std::vector<UnderWay> found;
  const Instant now = model.cursor();
  std::size_t row = model.said();
  const std::size_t last = row > newest_rows ? row - newest_rows : 0;
  while (row-- > last) {
    const MessageRef ref = model.conversations().row(row);
    const Conversation* conversation = model.conversations().find(ref.connection);
    const Message& message = conversation->message(ref.message);
    if (message.arrived <= now || conversation->closed_at() <= now) continue;
    const Opened& opened = conversation->opened();
    if (!is_host(model, opened.client) || !is_host(model, opened.server)) continue;
    UnderWay way{ref, conversation, &message, 0, message.arrived == Instant::max()};
    if (way.lost) {
      // It gets half as far as it would have come, and no further.
      const Duration latency = model.world().link(opened.client, opened.server).latency;
      way.part = std::min(0.5F, float((now - message.at).count()) / float(std::max<Duration>(latency, 1ms).count()));
    } else {
      way.part = float((now - message.at).count()) / float(std::max<std::int64_t>(1, (message.arrived - message.at).count()));
    }
    // Words that left together are drawn as one: the one that carries the letter, or its envelope.
    const auto together = [&](const UnderWay& other) {
      return other.ref.connection == ref.connection && other.message->from == message.from && other.message->at == message.at &&
             other.message->arrived == message.arrived;
    };
    if (const auto same = std::find_if(found.begin(), found.end(), together); same != found.end()) {
      if (carries_envelope(*conversation, message) && !carries_envelope(*conversation, *same->message)) *same = way;
      else if (model.selection().message == ref) *same = way;
      continue;
    }
    found.push_back(way);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::vector<sim::LinkFault> faults_at_cursor(const Model& model, HostId a, HostId b) {
  std::vector<sim::LinkFault> faults;
  for (const sim::Link& link : model.scenario().links)
    if ((link.a == a && link.b == b) || (link.a == b && link.b == a)) faults = link.faults;
  for (const app::DoneDeed& done : model.deeds())
    if (const auto* set = std::get_if<sim::SetFaults>(&done.deed); set && done.at <= model.cursor())
      if ((set->a == a && set->b == b) || (set->a == b && set->b == a)) faults = set->faults;
  return faults;
}

bool stopped_at_cursor(const Model& model, HostId host) {
  bool stopped = false;
  for (const app::DoneDeed& done : model.deeds())
    if (const auto* stop = std::get_if<sim::StopHost>(&done.deed); stop && done.at <= model.cursor() && stop->host == host)
      stopped = stop->stopped;
  return stopped;
}

bool carries_envelope(const Conversation& conversation, const Message& message) {
  if (message.kind == MessageKind::content) return true;
  if (message.from != Side::client || (message.protocol != Protocol::smtp && message.protocol != Protocol::lmtp)) return false;
  const std::span<const Token> tokens = conversation.tokens(message);
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return token.role == Role::smtp_forward_path || token.role == Role::smtp_reverse_path;
  });
}

}  // namespace glasspost::ui
