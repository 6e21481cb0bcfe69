// A simulated world: hosts, links, services and people's devices, made from a scenario and a seed, and all of it on one
// virtual clock. The same scenario, seed and deeds give the same trace, octet for octet.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/console_client.h"
#include "sim/device.h"
#include "sim/dns_server.h"
#include "sim/lookup.h"
#include "sim/mta.h"
#include "sim/network.h"
#include "sim/scenario.h"
#include "sim/store/store.h"
#include "sim/store/users.h"

namespace glasspost {
class CertificateAuthority;
class Identity;
class TlsLibrary;
struct Validity;
}

namespace glasspost::sim {

// What a person can do in a world.
struct OpenConsole { HostId from = 0, to = 0; std::uint16_t port = 0; };
struct TypeText { ConnectionId connection = 0; std::string octets; };  // sent as they are
struct HangUp { ConnectionId connection = 0; };
struct LetDevice { StoryAct act; };                                    // at once
struct SetFaults { HostId a = 0, b = 0; std::vector<LinkFault> faults; };  // for connections from now on
struct ResetConnection { ConnectionId connection = 0; };
struct StopHost { HostId host = 0; bool stopped = true; };             // takes no connection, breaks those it has
struct RetryNow { HostId host = 0; std::uint32_t letter = 0; };        // of that host's queue
struct HoldLetter { HostId host = 0; std::uint32_t letter = 0; bool held = true; };  // no try until it is released
struct DropLetter { HostId host = 0; std::uint32_t letter = 0; };      // nobody is told
using Deed = std::variant<OpenConsole, TypeText, HangUp, LetDevice, SetFaults, ResetConnection, StopHost, RetryNow, HoldLetter, DropLetter>;

class World final : private Network {
 public:
  // `scenario` and `trace` must outlive the world.
  World(const Scenario& scenario, std::uint64_t seed, Trace& trace);
  ~World() override;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Instant now() const { return clock_.now(); }
  void run_until(Instant until);
  // The same, and at most so many events, for who has other things to do in between. True: `until` is not reached yet.
  bool run_some(Instant until, std::size_t events);
  // Until nothing more happens but what timers would bring about; at most `longest` of virtual time.
  void run_story(Duration longest = std::chrono::hours{24 * 7});
  bool at_rest() const { return !clock_.has_activity(); }

  // A large world goes in pieces, for who has other things to do in between; nothing may be asked of it any more. False: what
  // is left is small.
  bool shed(std::size_t letters);

  // Now. Answers the number of a console's connection; 0 otherwise.
  ConnectionId perform(const Deed&);
  ConnectionId last_console() const { return last_console_; }
  bool console_is_open(ConnectionId) const;
  ConsoleState console(ConnectionId) const;

  const Scenario& scenario() const { return scenario_; }
  const Link& link(HostId a, HostId b) const;
  bool is_stopped(HostId host) const { return hosts_[host - 1U].stopped; }
  const Device* device(HostId) const;
  const Store* store(HostId) const;
  Store* store(HostId);  // to put letters there that came before the story began

 private:
  struct Port {
    ServiceDescription description;
    std::unique_ptr<Service> service;
  };
  struct Host {
    HostId id = 0;
    bool stopped = false;
    std::unique_ptr<TlsContext> tls;
    std::unique_ptr<Users> users;
    std::unique_ptr<Store> store;
    std::unique_ptr<Postmaster> postmaster;   // an Mta, or a MailboxPostmaster
    Mta* mta = nullptr;
    std::unique_ptr<Device> device;
    DnsCache cache;
    std::map<std::uint16_t, Port> ports;
  };

  void make_hosts();
  void make_tls();
  Identity identity_of(const HostDescription&, const CertificateAuthority& issuer, const Validity& quarter) const;
  void make_services(Host&, const HostDescription&);
  void make_port(Host&, const HostDescription&, const ServiceDescription&);
  void schedule_story();
  Link& link_between(HostId a, HostId b);
  void forget_closed();

  Network& network() { return *this; }
  Clock& clock() override { return clock_; }
  Trace& trace() override { return trace_; }
  std::shared_ptr<Carrier> dial(HostId from, HostId to, std::uint16_t port, const MakeClient&, bool ipv6) override;
  HostId host_at(std::string_view address) const override;
  HostId host_named(std::string_view name) const override { return scenario_.find(name); }
  std::string_view name_of(HostId id) const override { return scenario_.host(id).name; }
  std::string_view address_of(HostId id, bool ipv6) const override {
    return ipv6 ? scenario_.host(id).address6 : scenario_.host(id).address;
  }
  TlsContext* tls_of(HostId id) override { return hosts_[id - 1U].tls.get(); }
  bool has_dns() const override { return dns_host_ != 0; }
  void ask(HostId asking, const std::string& name, dns::Type, RecordId cause, Answered) override;

  void act(const StoryAct&);
  void step();
  void notice();                               // what was recorded since, for acts that wait for it
  bool is_that(const Milestone&, const Record&) const;
  void begin_chapter(std::string_view key);
  void begin_chapter_of(const Opened&);
  ConnectionId on(const OpenConsole&);
  ConnectionId on(const TypeText&);
  ConnectionId on(const HangUp&);
  ConnectionId on(const LetDevice&);
  ConnectionId on(const SetFaults&);
  ConnectionId on(const ResetConnection&);
  ConnectionId on(const StopHost&);
  ConnectionId on(const RetryNow&);
  ConnectionId on(const HoldLetter&);
  ConnectionId on(const DropLetter&);

  const Scenario& scenario_;
  Trace& trace_;
  Clock clock_;
  Random random_;
  std::shared_ptr<TlsLibrary> library_;
  std::vector<Host> hosts_;                    // by HostId - 1
  std::vector<Link> links_;                    // as they are now
  HostId dns_host_ = 0;
  std::map<std::string, HostId, std::less<>> by_address_;
  struct Running {
    std::shared_ptr<Carrier> carrier;
    HostId from, to;
  };
  std::map<ConnectionId, Running> running_;
  std::map<ConnectionId, ConsoleClient*> consoles_;  // owned by their carriers
  std::set<std::string, std::less<>> chapters_begun_;
  std::vector<const StoryAct*> waiting_;       // for their milestones
  RecordId noticed_ = 0;
  std::uint16_t next_port_ = 49152;
  ConnectionId last_console_ = 0;
};

}  // namespace glasspost::sim
