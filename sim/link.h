// A link between two hosts, and the connections that run over it: octets in order, later. Faults are scripted options
// (TCP loses nothing: what can be seen of trouble is delay, silence, a reset, an end too early, a refusal), and so is one
// attack: a middle that strips STARTTLS.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/trace.h"
#include "sim/clock.h"
#include "sim/peer.h"
#include "sim/tamper.h"

namespace glasspost::sim {

struct LinkFault {
  FaultKind kind = FaultKind::delay;
  Duration delay{};                    // delay: so much more each way. stall: for how long; 0: for ever
  std::uint64_t after = 0;             // stall, reset, truncate: once so many octets went towards `towards`
  Side towards = Side::server;
  std::uint16_t port = 0;              // only connections to this port; 0: all
  std::uint32_t connections = 0;       // only so many connections, then it is over; 0: all
  friend bool operator==(const LinkFault&, const LinkFault&) = default;
};

struct Link {
  HostId a = 0, b = 0;
  Duration latency = 24ms;             // one way
  std::vector<LinkFault> faults;
  std::uint64_t octets_per_second = 0; // each way; 0: as many as are said
};

// A client's end of a simulated connection.
class ClientPeer : public Peer {
 public:
  // Nobody took the connection.
  virtual void refused(Instant now) = 0;
  // It ends by itself, and the story is not over before: all but those that stay and listen.
  virtual bool ends_by_itself() const { return true; }
};

// One connection under way: it carries what each end says to the other.
class Carrier : public std::enable_shared_from_this<Carrier> {
 public:
  struct Path {
    Duration latency{};
    Duration think{};                  // a host needs so long before it answers
    std::vector<LinkFault> faults;     // those that hold for this connection
    bool datagrams = false;
    std::uint64_t octets_per_second = 0;  // each way, for this connection alone; 0: no limit
    Protocol protocol = Protocol::smtp;
  };
  Carrier(Clock&, Trace&, ConnectionId, Path);
  ~Carrier();

  // Sets the three-way handshake going; `accept` is asked for the server's end when it is done, and may return null.
  void open(std::unique_ptr<ClientPeer> client, std::function<std::unique_ptr<Peer>()> accept);
  void wake(Side);    // that end has something to say although nothing arrived: soon
  void speak_now(Side side) { speak(side); }
  void reset(Side by);  // at once, both ends learn of it when they can
  bool closed() const { return closed_; }
  ConnectionId connection() const { return connection_; }
  ClientPeer* client() { return client_.get(); }

 private:
  struct Direction {
    std::uint64_t octets = 0;          // sent so far
    bool ended = false;                // no more will be carried
    bool heard_out = false;            // and the other end knows
    bool silent = false;               // a fault lets nothing more through
    bool stalled = false;              // a stall that ends has struck
    Instant last_arrival{};
    Instant busy_until{};              // what was said before has left by then
    Instant armed = Instant::max();    // the timer of the end that speaks here
  };
  Peer* peer(Side side) { return side == Side::client ? static_cast<Peer*>(client_.get()) : server_.get(); }
  Direction& from(Side side) { return directions_[int(side)]; }
  void refuse();
  void speak(Side);                    // takes what that end has to say, and sends it off
  void carry(Side from, std::string octets, RecordId cause);
  void send(Side from, std::string octets, RecordId cause, bool then_reset, bool then_end);
  void arrive(Side from, const std::string& octets, RecordId cause);
  void end(Side from);
  void arm(Side);
  void later(Duration, std::function<void(Carrier&)>, EventKind = EventKind::activity);
  void injected(const LinkFault&);
  Duration time_for(std::size_t octets) const;
  void drop(Side from, std::string_view octets, RecordId cause);
  void tamper(Side from, std::string& octets, RecordId cause);
  void over();

  Clock& clock_;
  Trace& trace_;
  ConnectionId connection_;
  Path path_;
  std::unique_ptr<ClientPeer> client_;
  std::unique_ptr<Peer> server_;
  Direction directions_[2];
  std::optional<StarttlsStripper> stripper_;
  bool closed_ = false, holds_ = false;
};

}  // namespace glasspost::sim
