#include "sim/world.h"

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/tls/certificate.h"
#include "protocol/tls/context.h"
#include "protocol/tls/library.h"
#include "protocol/tls/names.h"
#include "sim/services/imap.h"
#include "sim/services/pop3.h"
#include "sim/services/settings.h"
#include "sim/services/smtp.h"

namespace glasspost::sim {
namespace {

std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == address.npos ? std::string() : to_lower(address.substr(at + 1));
}

bool is_device(HostKind kind) {
  switch (kind) {
    case HostKind::laptop:
    case HostKind::phone:
    case HostKind::computer: return true;
    case HostKind::server:
    case HostKind::store:
    case HostKind::dns: return false;
  }
  return false;
}

constexpr std::size_t closed_kept = 64;  // carriers that have ended, before they are cleared away

}  // namespace

World::World(const Scenario& scenario, std::uint64_t seed, Trace& trace)
    : scenario_(scenario),
      trace_(trace),
      clock_(scenario.start),
      random_(Random(seed).split("world")),
      library_(TlsLibrary::make(seed)),
      links_(scenario.links) {
  make_hosts();
  make_tls();
  for (std::size_t i = 0; i < hosts_.size(); ++i) make_services(hosts_[i], scenario_.hosts[i]);
  schedule_story();
}

World::~World() {
  // Peers speak to services until they go, so the connections go first.
  consoles_.clear();
  running_.clear();
}

void World::make_hosts() {
  hosts_.resize(scenario_.hosts.size());
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    const HostDescription& description = scenario_.hosts[i];
    Host& host = hosts_[i];
    host.id = HostId(i + 1);
    by_address_.emplace(description.address, host.id);
    if (!description.address6.empty()) by_address_.emplace(description.address6, host.id);
    if (description.kind == HostKind::dns) dns_host_ = host.id;
    if (description.domain.empty()) continue;
    host.users = std::make_unique<Users>(description.domain);
    for (const UserDescription& user : scenario_.users)
      if (domain_of(user.address) == description.domain) host.users->add(user.address, user.password);
    // RFC 5321 section 4.5.1: postmaster is always there. Without a password nobody logs in as them.
    if (!host.users->exists("postmaster")) host.users->add("postmaster", "");
  }
}

// One root that every host trusts, and a certificate for each host that serves.
void World::make_tls() {
  using std::chrono::days;
  const Validity long_time{scenario_.start - days{400}, scenario_.start + days{3650}};
  const Validity quarter{scenario_.start - days{32}, scenario_.start + days{58}};
  const CertificateAuthority root(library_, "Post Office Root", long_time, KeyKind::ed25519);
  const CertificateAuthority issuer = root.intermediate("Post Office CA 1", long_time);
  for (Host& host : hosts_) {
    const HostDescription& description = scenario_.host(host.id);
    TlsContext::Settings settings;
    settings.trusted_pem = root.certificate_pem();
    settings.tickets = description.tickets;
    if (description.tls_versions == TlsVersions::only_1_2) settings.newest = TlsVersion::tls1_2;
    if (description.tls_versions == TlsVersions::only_1_3) settings.oldest = TlsVersion::tls1_3;
    if (!description.services.empty() && description.kind != HostKind::dns)
      settings.identity = identity_of(description, issuer, quarter);
    if (auto context = TlsContext::make(library_, std::move(settings))) host.tls = std::move(*context);
  }
}

// Revoked is not among them: nobody here publishes what was revoked (CRLs, OCSP), and most mail programs don't ask.
Identity World::identity_of(const HostDescription& host, const CertificateAuthority& issuer, const Validity& quarter) const {
  using std::chrono::days;
  const Validity past{scenario_.start - days{122}, scenario_.start - days{3}};
  const Validity future{scenario_.start + days{3}, scenario_.start + days{93}};
  switch (host.certificate) {
    case CertificateState::valid: break;
    case CertificateState::expired: return issuer.issue({host.name}, past);
    case CertificateState::not_yet_valid: return issuer.issue({host.name}, future);
    case CertificateState::wrong_name: return issuer.issue({"www." + (host.domain.empty() ? host.name : host.domain)}, quarter);
    case CertificateState::unknown_authority:
      return CertificateAuthority(library_, "Corner Shop CA", quarter, KeyKind::ed25519).issue({host.name}, quarter);
    case CertificateState::self_signed: return self_signed(library_, {host.name}, quarter, KeyKind::ed25519);
  }
  return issuer.issue({host.name}, quarter);
}

void World::make_services(Host& host, const HostDescription& description) {
  if (is_device(description.kind) && !description.owner.empty()) {
    std::string password;
    for (const UserDescription& user : scenario_.users)
      if (user.address == description.owner) password = user.password;
    const std::string name = description.owner.substr(0, description.owner.find('@'));
    host.device = std::make_unique<Device>(
        Device::Settings{host.id, description.owner, name, password, description.tls_policy.value_or(TlsPolicy::require), description.sync, description.compress}, network());
  }
  if (description.domain.empty() && description.kind != HostKind::dns) return;
  if (host.users && description.deliver_to.empty())
    host.store = std::make_unique<Store>(Store::Settings{host.id, true, nullptr, description.quota}, *host.users, trace_);
  const bool relays = std::any_of(description.services.begin(), description.services.end(),
                                  [](const ServiceDescription& s) { return s.protocol == Protocol::smtp; });
  if (relays) {
    Mta::Settings settings;
    settings.host = host.id;
    settings.host_name = description.name;
    settings.domain = description.domain;
    settings.deliver_to = description.deliver_to.empty() ? HostId{0} : scenario_.find(description.deliver_to);
    settings.retry_after = scenario_.retry_after;
    settings.give_up_after = scenario_.give_up_after;
    settings.greylist = description.greylist;
    settings.greylist_for = description.greylist_for;
    settings.delay_notice_after = scenario_.delay_notice_after;
    settings.redirects = description.redirects;
    settings.vacations = description.vacations;
    settings.policy = description.tls_policy.value_or(TlsPolicy::attempt);
    settings.flaws = description.flaws;
    auto mta = std::make_unique<Mta>(std::move(settings), network(), host.users.get(), host.store.get(),
                                     random_.split(description.name));
    host.mta = mta.get();
    host.postmaster = std::move(mta);
  } else if (host.store) {
    host.postmaster = std::make_unique<MailboxPostmaster>(*host.store, description.name);
  }
  for (const ServiceDescription& service : description.services) make_port(host, description, service);
}

void World::make_port(Host& host, const HostDescription& description, const ServiceDescription& service) {
  Port port{service, nullptr};
  HostSettings common{description.name, service.tls, service.tls == TlsMode::plaintext ? nullptr : host.tls.get(), service.allow_plaintext_login};
  if (!service.mechanisms.empty()) common.logins = Logins{service.mechanisms, {}};
  common.flaws = description.flaws;
  switch (service.protocol) {
    case Protocol::smtp:
    case Protocol::lmtp: {
      auto settings = common.of<SmtpService::Settings>();
      settings.protocol = service.protocol;
      settings.role = service.submission ? smtp::ServerRole::submission : smtp::ServerRole::relay;
      settings.extensions = service.extensions;
      settings.max_recipients = service.max_recipients;
      port.service = std::make_unique<SmtpService>(std::move(settings), *host.postmaster, host.users.get(), trace_);
      break;
    }
    case Protocol::imap: {
      auto settings = common.of<ImapService::Settings>();
      settings.extensions = service.imap_extensions;
      port.service = std::make_unique<ImapService>(std::move(settings), *host.store, trace_);
      break;
    }
    case Protocol::pop3: {
      auto settings = common.of<Pop3Service::Settings>();
      settings.utf8 = service.utf8;
      settings.languages = service.languages;
      port.service = std::make_unique<Pop3Service>(std::move(settings), *host.store, trace_);
      break;
    }
    case Protocol::dns: {
      std::vector<dns::Resource> zone;
      for (const ZoneRecord& record : scenario_.records)
        if (auto resource = resource_of(record)) zone.push_back(std::move(*resource));
      port.service = std::make_unique<DnsService>(std::move(zone), trace_);
      break;
    }
    case Protocol::tls: return;
  }
  host.ports.insert_or_assign(service.port, std::move(port));
}

void World::schedule_story() {
  for (const StoryAct& story_act : scenario_.story) {
    if (story_act.after) waiting_.push_back(&story_act);
    else clock_.at(scenario_.start + story_act.at, [this, &story_act] { act(story_act); });
  }
  noticed_ = trace_.end();
}

void World::step() {
  clock_.step();
  if (!waiting_.empty()) notice();
}

void World::run_until(Instant until) {
  while (clock_.next() && *clock_.next() <= until) step();
  clock_.run_until(until);
}

bool World::run_some(Instant until, std::size_t events) {
  for (; events > 0 && clock_.next() && *clock_.next() <= until; --events) step();
  if (clock_.next() && *clock_.next() <= until) return true;
  clock_.run_until(until);
  return false;
}

namespace {

// glibc puts the small pieces that are freed by, and joins them all when something large is asked for or freed next: of a
// large world that would be 60 ms in one go. Asked for after each portion, it is that portion's.
void join_what_was_freed() {
  const std::unique_ptr<volatile char[]> large(new volatile char[std::size_t{80} * 1024]);
  large[0] = 0;  // or a compiler would see that nobody wants it
}

}  // namespace

bool World::shed(std::size_t letters) {
  consoles_.clear();
  running_.clear();
  bool more = false;
  for (auto host = hosts_.begin(); host != hosts_.end() && !more; ++host) {
    more = host->device && host->device->shed(letters);
    if (!host->store) continue;
    for (const auto& [name, account] : host->store->accounts()) more = more || account->inbox().shed(letters);
  }
  join_what_was_freed();
  return more;
}

// The trace is asked, not whoever did it: the story goes on by what happened.
void World::notice() {
  for (noticed_ = std::max(noticed_, trace_.first()); noticed_ < trace_.end(); ++noticed_) {
    const Record& record = trace_[noticed_];
    std::erase_if(waiting_, [&](const StoryAct* story_act) {
      if (!is_that(*story_act->after, record)) return false;
      clock_.after(story_act->at, [this, story_act] { act(*story_act); });
      return true;
    });
  }
}

bool World::is_that(const Milestone& milestone, const Record& record) const {
  const auto there = [&](HostId host) { return milestone.host == 0 || milestone.host == host; };
  if (const auto* queue = std::get_if<QueueChanged>(&record.what)) {
    if (!there(queue->host)) return false;
    switch (milestone.event) {
      case Event::accepted: return queue->change == QueueChange::accepted;
      case Event::deferred: return queue->change == QueueChange::deferred;
      case Event::bounced: return queue->change == QueueChange::bounced;
      default: return false;
    }
  }
  const auto* store = std::get_if<StoreChanged>(&record.what);
  if (!store || !there(store->holder)) return false;
  const bool device = is_device(scenario_.host(store->holder).kind);
  switch (milestone.event) {
    case Event::delivered: return !device && store->change == StoreChange::added;
    case Event::seen:
      return !device && store->change == StoreChange::flags && trace_.bytes(store->flags).find("\\Seen") != std::string_view::npos;
    case Event::removed: return !device && store->change == StoreChange::expunged;
    case Event::fetched: return device && store->change == StoreChange::added;
    case Event::lost: return device && store->change == StoreChange::expunged;
    case Event::accepted:
    case Event::deferred:
    case Event::bounced: return false;
  }
  return false;
}

void World::act(const StoryAct& story_act) {
  if (!story_act.chapter.empty()) begin_chapter(story_act.chapter);
  const HostId host = scenario_.find(story_act.device);
  if (host != 0 && hosts_[host - 1U].device && !is_stopped(host))
    hosts_[host - 1U].device->perform(story_act, scenario_);
}

void World::begin_chapter(std::string_view key) {
  if (!chapters_begun_.emplace(key).second) return;
  trace_.append({now(), no_record, 0, Note{0, trace_.keep("chapter:" + std::string(key))}});
}

void World::begin_chapter_of(const Opened& opened) {
  ChapterStart kind = ChapterStart::act;
  if (is_device(scenario_.host(opened.client).kind)) return;
  if (opened.protocol == Protocol::dns) kind = ChapterStart::lookup;
  else if (opened.protocol == Protocol::lmtp) kind = ChapterStart::delivery;
  else if (opened.protocol == Protocol::smtp) kind = ChapterStart::relay;
  if (kind == ChapterStart::act) return;
  for (const auto& [key, chapter] : scenario_.chapters)
    if (chapter.begins == kind) begin_chapter(key);
}

void World::run_story(Duration longest) {
  const Instant last = now() + longest;
  while (clock_.has_activity() && clock_.next() && *clock_.next() <= last) step();
}

Link& World::link_between(HostId a, HostId b) {
  for (Link& link : links_)
    if ((link.a == a && link.b == b) || (link.a == b && link.b == a)) return link;
  links_.push_back({a, b, scenario_.latency, {}, 0});
  return links_.back();
}

const Link& World::link(HostId a, HostId b) const { return const_cast<World*>(this)->link_between(a, b); }

std::shared_ptr<Carrier> World::dial(HostId from, HostId to, std::uint16_t port, const MakeClient& make, bool ipv6) {
  forget_closed();
  const ConnectionId connection = trace_.next_connection();
  Host& server = hosts_[to - 1U];
  const auto found = server.ports.find(port);
  const bool listens = found != server.ports.end();

  Opened opened;
  opened.client = from;
  opened.server = to;
  opened.protocol = listens ? found->second.description.protocol : Protocol::smtp;
  opened.tls = listens ? found->second.description.tls : TlsMode::plaintext;
  opened.datagrams = listens && opened.protocol == Protocol::dns;
  opened.client_port = next_port_ = next_port_ == 65535 ? 49152 : std::uint16_t(next_port_ + 1);
  opened.server_port = port;
  opened.client_name = trace_.keep(name_of(from));
  opened.server_name = trace_.keep(name_of(to));
  begin_chapter_of(opened);
  trace_.append({now(), no_record, connection, opened});

  Link& link = link_between(from, to);
  Carrier::Path path;
  path.latency = link.latency;
  path.think = scenario_.think;
  path.datagrams = opened.datagrams;
  path.octets_per_second = link.octets_per_second;
  path.protocol = opened.protocol;
  for (LinkFault& fault : link.faults) {
    const bool idle = fault.kind == FaultKind::strip && opened.tls != TlsMode::starttls;  // nothing is asked for in clear
    if (!idle && (fault.port == 0 || fault.port == port)) path.faults.push_back(fault);
  }
  // A fault for so many connections has been used once more.
  for (LinkFault& fault : link.faults)
    if (fault.connections > 0 && (fault.port == 0 || fault.port == port) && --fault.connections == 0)
      fault.connections = UINT32_MAX;  // used up
  std::erase_if(link.faults, [](const LinkFault& fault) { return fault.connections == UINT32_MAX; });

  auto carrier = std::make_shared<Carrier>(clock_, trace_, connection, std::move(path));
  running_.emplace(connection, Running{carrier, from, to});
  carrier->open(make(connection), [this, to, from, port, ipv6, connection, weak = std::weak_ptr(carrier)]() -> std::unique_ptr<Peer> {
    Host& host = hosts_[to - 1U];
    const auto open_port = host.ports.find(port);
    if (host.stopped || open_port == host.ports.end() || !open_port->second.service) return nullptr;
    Admission admission;
    admission.connection = connection;
    admission.now = now();
    admission.client_name = name_of(from);
    admission.client_address = address_of(from, ipv6);
    admission.on_ready = [weak] {
      if (const auto alive = weak.lock()) alive->wake(Side::server);
    };
    return open_port->second.service->accept(std::move(admission));
  });
  return carrier;
}

void World::forget_closed() {
  if (running_.size() < closed_kept) return;
  std::erase_if(running_, [this](const auto& entry) {
    if (!entry.second.carrier->closed()) return false;
    consoles_.erase(entry.first);
    return true;
  });
}

HostId World::host_at(std::string_view address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? HostId{0} : found->second;
}

void World::ask(HostId asking, const std::string& name, dns::Type type, RecordId cause, Answered answered) {
  if (dns_host_ == 0) {
    clock_.after(0us, [answered = std::move(answered)] { answered(std::nullopt); });
    return;
  }
  DnsCache& cache = hosts_[asking - 1U].cache;
  if (auto known = cache.find(name, type, now())) {
    clock_.after(0us, [answered = std::move(answered), known = std::move(*known)] { answered(known); });
    return;
  }
  dns::Message query;
  query.id = std::uint16_t(random_.below(65536));
  query.recursion_desired = true;
  query.questions.push_back({name, type, dns::class_in});
  auto remember = [this, &cache, name, type, answered = std::move(answered)](std::optional<dns::Message> reply) {
    if (reply) cache.keep(name, type, *reply, now());
    answered(std::move(reply));
  };
  const auto ask_server = [&](ConnectionId connection) {
    return std::make_unique<DnsClient>(connection, std::move(query), trace_, now(), cause, std::move(remember));
  };
  dial(asking, dns_host_, 53, ask_server, false);
}

const Device* World::device(HostId host) const { return hosts_[host - 1U].device.get(); }
const Store* World::store(HostId host) const { return hosts_[host - 1U].store.get(); }
Store* World::store(HostId host) { return hosts_[host - 1U].store.get(); }

bool World::console_is_open(ConnectionId connection) const {
  const auto found = running_.find(connection);
  return consoles_.contains(connection) && found != running_.end() && !found->second.carrier->closed();
}

ConsoleState World::console(ConnectionId connection) const {
  const auto found = consoles_.find(connection);
  if (found == consoles_.end()) return {};
  const ConsoleClient& client = *found->second;
  ConsoleState state;
  state.open = console_is_open(connection);
  state.sealed = client.session().sealed();
  state.awaits = state.open ? client.session().awaits() : Awaits::nothing;
  state.literal_left = client.session().literal_left();
  state.problem = client.was_refused() ? "nobody takes connections there" : client.failure();
  return state;
}

}  // namespace glasspost::sim
