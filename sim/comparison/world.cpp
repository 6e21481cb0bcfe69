#include "sim/comparison/world.h"

namespace glasspost::sim::comparison {
namespace {

constexpr std::uint64_t home_line = 1'250'000;   // octets a second: 10 Mbit/s
constexpr std::uint64_t mobile_line = 625'000;   // 5 Mbit/s

HostDescription device(std::string name, HostKind kind, std::string address, std::string owner) {
  HostDescription host;
  host.name = std::move(name);
  host.kind = kind;
  host.address = std::move(address);
  host.owner = std::move(owner);
  host.label = {host.name, host.name};
  return host;
}

ServiceDescription service(Protocol protocol, TlsMode tls, bool submission = false) {
  ServiceDescription described;
  described.protocol = protocol;
  described.port = port_of(protocol, tls);
  described.tls = tls;
  described.submission = submission;
  described.allow_plaintext_login = tls == TlsMode::plaintext;
  return described;
}

}  // namespace

std::uint16_t port_of(Protocol protocol, TlsMode tls) {
  const bool implicit = tls == TlsMode::implicit;
  switch (protocol) {
    case Protocol::imap: return implicit ? 993 : 143;
    case Protocol::pop3: return implicit ? 995 : 110;
    case Protocol::smtp: return implicit ? 465 : 587;
    case Protocol::lmtp: return 24;
    case Protocol::dns: return 53;
    case Protocol::tls: return 443;
  }
  return 0;
}

Scenario scenario_for(const Setting& setting) {
  using std::chrono::year, std::chrono::sys_days;
  Scenario scenario;
  scenario.name = "comparison";
  scenario.start = sys_days{year{2026} / 11 / 3} + std::chrono::hours{8};
  scenario.seed = setting.seed;
  scenario.users = {{"alice@example.org", "s3cret"}, {std::string(bob) + "@example.org", std::string(bobs_password)}};
  HostDescription server;
  server.name = server_name;
  server.label = {server.name, server.name};
  server.address = "198.51.100.20";
  server.domain = "example.org";
  for (const Protocol protocol : {Protocol::smtp, Protocol::imap, Protocol::pop3})
    server.services.push_back(service(protocol, setting.tls, protocol == Protocol::smtp));
  scenario.hosts = {std::move(server), device("alice-laptop", HostKind::laptop, "198.51.100.100", "alice@example.org"),
                    device("laptop", HostKind::laptop, "198.51.100.101", "bob@example.org"),
                    device("phone", HostKind::phone, "198.51.100.102", "bob@example.org")};
  scenario.links = {{alice_host, server_host, 12ms, {}, home_line},
                    {laptop_host, server_host, 12ms, {}, home_line},
                    {phone_host, server_host, 30ms, {}, mobile_line}};
  scenario.sender = "alice@example.org";
  scenario.recipient = "bob@example.org";
  scenario.letter = cast_letter(0, scenario.start);
  return scenario;
}

StoryAct device_act(const Setting& setting, sim::ActKind kind, Place place) {
  StoryAct act;
  act.kind = kind;
  act.device = place == Place::laptop ? "laptop" : "phone";
  act.server = server_name;
  act.port = port_of(setting.protocol, setting.tls);
  act.tls = setting.tls;
  act.allow_plaintext = setting.tls == TlsMode::plaintext;
  act.headers_first = setting.headers_first;
  return act;
}

StoryAct submission(const Setting& setting) {
  StoryAct act = device_act({Protocol::smtp, setting.tls, setting.seed, 0}, sim::ActKind::send, Place::laptop);
  act.device = "alice-laptop";
  return act;
}

}  // namespace glasspost::sim::comparison
