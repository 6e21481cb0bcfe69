// What the hosts of a world can do with its network. The world implements it; mail programs, transfer agents and consoles
// are handed it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/dns/message.h"
#include "sim/clock.h"
#include "sim/link.h"
#include "sim/random.h"

namespace glasspost {
class TlsContext;
}

namespace glasspost::sim {

class Network {
 public:
  virtual ~Network() = default;
  virtual Clock& clock() = 0;
  virtual Trace& trace() = 0;
  // Connects; the client's end is made once the connection has its number.
  using MakeClient = std::function<std::unique_ptr<ClientPeer>(ConnectionId)>;
  virtual std::shared_ptr<Carrier> dial(HostId from, HostId to, std::uint16_t port, const MakeClient&, bool ipv6 = false) = 0;
  // 0: no host has this address (or name).
  virtual HostId host_at(std::string_view address) const = 0;
  virtual HostId host_named(std::string_view name) const = 0;
  virtual std::string_view name_of(HostId) const = 0;
  virtual std::string_view address_of(HostId, bool ipv6 = false) const = 0;  // empty: it has no such address
  // What this host trusts and shows. Never null.
  virtual TlsContext* tls_of(HostId) = 0;
  virtual bool has_dns() const = 0;
  // Asks the world's DNS server, or remembers what it said as long as the TTL lets it; `answered` is called later, and gets
  // nothing if no answer came in time. See lookup.h for the addresses of a host.
  using Answered = std::function<void(std::optional<dns::Message>)>;
  virtual void ask(HostId asking, const std::string& name, dns::Type, RecordId cause, Answered) = 0;
};

}  // namespace glasspost::sim
