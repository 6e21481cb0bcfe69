// From a name to the hosts that have it: what a mail program or a transfer agent asks the DNS before it connects, and what
// a host remembers of the answers.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/dns/message.h"
#include "sim/network.h"

namespace glasspost::sim {

struct FoundHost {
  HostId host = 0;
  bool ipv6 = false;
};
// Asks for A, and for AAAA first if the asking host has an IPv6 address itself (what getaddrinfo's AI_ADDRCONFIG does);
// both questions go out at once. The order is that in which to try: IPv6 first (RFC 6724 section 2.1, RFC 8305). Nothing
// found: no such name, no address, or no answer. A world without a DNS server has a table of its hosts instead.
void look_up_host(Network&, HostId asking, const std::string& name, RecordId cause,
                  std::function<void(std::vector<FoundHost>)> found);

// Answers, as long as their TTL lets them be kept (RFC 1035 section 3.2.1; 0: for this once). "No such name" and "no such
// data" would be kept as long as an SOA says (RFC 2308 section 5): without one they are not.
class DnsCache {
 public:
  std::optional<dns::Message> find(const std::string& name, dns::Type, Instant now);
  void keep(const std::string& name, dns::Type, const dns::Message&, Instant now);

 private:
  struct Kept {
    dns::Message answer;
    Instant until{};
  };
  static constexpr std::size_t most = 10'000;
  std::map<std::pair<std::string, dns::Type>, Kept> kept_;  // names in lower case
};

}  // namespace glasspost::sim
