// Services behind real sockets: accepts connections, gives each its Peer and carries the octets, in one thread and
// without ever blocking for one of them. What it does on the wire it also records (Opened; Closed after a reset).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/model/outside.h"
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
    // What has been promised must be kept before the promise is sent (RFC 5321 section 6.1): a letter must be on the disk.
    // Who caused something to be written is held back until it is safe; everybody else goes on.
    struct Keeping {
      std::function<std::uint64_t()> written;  // how much has been written so far; grows
      // Makes safe what has been written, elsewhere; `done` is called once, from any thread. False: it could not be done,
      // and the connections that were about to promise it are cut off instead.
      std::function<void(std::function<void(bool good)> done)> keep;
    };
    Keeping keeping = {};
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

  // Does what can be done now, for that time at most; true: something was done. With a limit it stays on, for a moment, for the
  // answers to what it has just said: a talk does not go on at one exchange a call.
  bool poll(std::optional<Duration> at_most = std::nullopt);
  Waits waits() const;  // until then poll() has nothing to do
  void run();   // until stop(), or until everybody has left after close_doors() or a signal
  void stop();  // no more connections, and those that are open are closed without a word
  // No more connections; everybody is told that the service is closing, and has a moment to hear it: then stop().
  void close_doors();
  void stop_on_signals();  // SIGTERM, SIGINT, SIGHUP: close_doors(); a second one: stop()

 private:
  class Connection;
  struct Inner;
  std::shared_ptr<Inner> inner_;
};

}  // namespace glasspost::app
