// Services behind real sockets: accepts connections, gives each its Peer and carries the octets, in one thread and
// without ever blocking for one of them. What it does on the wire it also records (Opened; Closed after a reset).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "protocol/kinds.h"
#include "protocol/trace.h"
#include "sim/peer.h"

namespace glasspost::app {

// The wall clock in whole microseconds; it never goes back.
Instant wall_clock_now();

class Listener {
 public:
  struct Settings {
    std::string address = "127.0.0.1";    // an IPv4 or IPv6 address
    std::string host_name = "localhost";  // in refusals and in the trace
    std::size_t most_connections = 1000;  // whoever comes beyond them is told so and sent away
    bool records = true;                  // false: nothing is written into the trace
    // Called before anything that was said is sent: what has been promised must be kept by now (a disk). False: it
    // could not be kept, and the connections that were about to say so are cut off instead.
    std::function<bool()> before_sending = nullptr;
  };
  struct Door {
    std::string name;  // "submission"
    Protocol protocol = Protocol::smtp;
    TlsMode tls = TlsMode::plaintext;
    std::uint16_t port = 0;
    int inside = 0;  // connections
  };

  // `trace` must outlive the listener, and the services that are opened must, too.
  Listener(Settings, Trace& trace);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Listens from now on; `port` 0: the kernel chooses. Gives the port, or the reason why it cannot ("Address in use").
  // `host`: whose service it is, for the trace.
  tl::expected<std::uint16_t, std::string> open(std::string name, sim::Service&, std::uint16_t port, HostId host = 0);
  const std::vector<Door>& doors() const;
  std::size_t connections() const;

  bool poll();  // does what can be done now, without waiting; true: something was done
  void run();   // until stop() or, after stop_on_signals(), SIGTERM, SIGINT or SIGHUP
  void stop();  // no more connections, and those that are open are closed
  void stop_on_signals();

 private:
  class Connection;
  struct Inner;
  std::shared_ptr<Inner> inner_;
};

}  // namespace glasspost::app
