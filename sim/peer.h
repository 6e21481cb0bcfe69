// What a carrier (a simulated link, a real socket) drives: one end of one connection, and the service that makes the
// server's end of each. The carrier moves octets; it knows no protocol.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/time.h"
#include "protocol/kinds.h"
#include "protocol/trace.h"

namespace glasspost::sim {

class Peer {
 public:
  virtual ~Peer() = default;
  virtual void receive(std::string_view wire, Instant now, RecordId cause) = 0;
  virtual void receive_eof(Instant now) = 0;
  // Call it until nothing comes: a peer with much to say (a mailbox of gigabytes) says it in pieces, and goes on when
  // one has been taken away. A carrier that cannot send more now calls again when it can, and reads no more until then.
  virtual std::string take_output(Instant now) = 0;
  virtual RecordId last_sent() const = 0;  // the record of what take_output returned last: the cause of its arrival
  virtual bool wants_close() const = 0;    // once its output is drained
  virtual std::optional<Instant> deadline() const = 0;
  virtual void on_deadline(Instant now) = 0;
};

// A client has connected.
struct Admission {
  ConnectionId connection = 0;
  Instant now{};
  std::string client_name;     // as the trace's Opened has it
  std::string client_address;  // "192.0.2.17", for Received and logs
  // The peer has something to say although nothing arrived (a new message during IDLE): call take_output soon.
  // Never called from inside receive(), receive_eof(), take_output() or on_deadline().
  std::function<void()> on_ready = nullptr;
  bool client_is_ours = true;  // simulated: its own endpoint records what it says
};

class Service {
 public:
  virtual ~Service() = default;
  virtual Protocol protocol() const = 0;
  virtual TlsMode tls() const = 0;
  virtual std::unique_ptr<Peer> accept(Admission) = 0;  // the peer must not outlive the service
};

}  // namespace glasspost::sim
