// The network between simulated hosts: it opens connections between two peers and carries their octets along links with
// latency, in order, on the virtual clock. It knows no protocol. Faults are scripted: delay, stall, reset, truncation,
// refusal; each is recorded when it strikes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/trace.h"
#include "sim/clock.h"
#include "sim/peer.h"
#include "sim/scenario.h"

namespace glasspost::sim {

// Why a connection did not come about.
enum class NoConnection : std::uint8_t { refused, no_answer, no_route };
std::string_view name_of(NoConnection);  // a few words, English, for logs and bounces

class Network {
 public:
  // Who waits at an address, asked when a connection arrives there. Null: nobody listens on that port.
  using FindService = std::function<Service*(HostId, std::uint16_t port)>;

  struct Dial {
    HostId from = 0, to = 0;
    std::uint16_t port = 25;
    Protocol protocol = Protocol::smtp;
    TlsMode tls = TlsMode::plaintext;
    bool datagrams = false;
    RecordId cause = no_record;
    // Once the connection stands, makes the client's end of it. `on_ready`: as Admission has it.
    std::function<std::unique_ptr<Peer>(ConnectionId, Instant now, std::function<void()> on_ready)> connected;
    std::function<void(NoConnection)> failed;  // it never stood
    std::function<void()> closed;              // it stood, and the client's end is gone (its peer is destroyed behind this call)
  };

  // Hosts are in `scenario`, which must outlive the network, as clock and trace must.
  Network(const Scenario&, Clock&, Trace&, FindService);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  ConnectionId connect(Dial);
  // Everything between this connection's ends is lost, both are told.
  void reset(ConnectionId);
  bool is_open(ConnectionId) const;
  std::size_t open_connections() const { return connections_.size(); }

  std::optional<HostId> host_at(std::string_view address) const;
  bool is_running(HostId host) const { return running_[host]; }
  void stop(HostId);
  void start(HostId host) { running_[host] = true; }

  const std::vector<LinkSpec>& links() const { return links_; }
  void add_fault(std::size_t link, FaultSpec);
  void clear_faults(std::size_t link);
  // One way, all links on the way together; nothing: there is no way.
  std::optional<Duration> latency(HostId from, HostId to) const;

 private:
  struct Connection;
  struct Route;
  struct Direction;
  struct ActiveFault;
  std::optional<Route> route(HostId from, HostId to) const;
  void arrive_opening(ConnectionId);
  void stand(ConnectionId);
  void give_up(ConnectionId, NoConnection, RecordId cause);
  void pump(ConnectionId, Side);
  void pump_soon(ConnectionId, Side);
  void say(Connection&, Side, std::string octets);
  void carry(Connection&, Side, std::string octets, RecordId cause);
  void arrive(ConnectionId, Side from, const std::string& octets, RecordId cause);
  void arrive_eof(ConnectionId, Side from);
  void watch_deadline(ConnectionId, Side);
  void strike(Connection&, const ActiveFault&, Side from);
  void forget_if_over(ConnectionId);
  Connection* find(ConnectionId);
  RecordId record(ConnectionId, RecordId cause, What);

  const Scenario& scenario_;
  Clock& clock_;
  Trace& trace_;
  FindService find_service_;
  std::vector<LinkSpec> links_;
  std::vector<std::vector<std::uint32_t>> spoilt_;  // per link and fault: connections that it has spoilt
  std::vector<bool> running_;                       // by HostId
  std::vector<std::uint16_t> ports_;                // by HostId: the next one that a client gets
  std::map<ConnectionId, std::unique_ptr<Connection>> connections_;
};

}  // namespace glasspost::sim
