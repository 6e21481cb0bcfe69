// What ties a login to one TLS connection: octets that only its two ends know to be its own. RFC 5056.
#pragma once

#include <string>

namespace glasspost {

struct ChannelBinding {
  std::string kind;  // "tls-exporter" (RFC 9266), "tls-unique" (RFC 5929 section 3)
  std::string data;  // octets
  friend bool operator==(const ChannelBinding&, const ChannelBinding&) = default;
};

}  // namespace glasspost
