#include <array>
#include <string_view>

#include "protocol/tls/openssl.h"

namespace glasspost {

// TLS 1.3: RFC 9266. Before: RFC 5929 section 3, the first Finished of the handshake; only with the extended master secret
// (RFC 7627), without which another connection could be made to have the same.
std::vector<ChannelBinding> channel_bindings(SSL* ssl, Side role, bool resumed) {
  constexpr std::string_view label = "EXPORTER-Channel-Binding";
  constexpr std::size_t exported = 32;
  std::vector<ChannelBinding> out;
  std::array<unsigned char, 64> octets;
  const auto add = [&](std::string_view kind, std::size_t size) {
    out.push_back({std::string(kind), std::string(reinterpret_cast<const char*>(octets.data()), size)});
  };
  const bool tls_1_3 = SSL_version(ssl) == TLS1_3_VERSION;
  if (!tls_1_3 && SSL_get_extms_support(ssl) != 1) return out;
  if (!tls_1_3) {
    const bool first_is_ours = (role == Side::client) != resumed;
    const std::size_t size = first_is_ours ? SSL_get_finished(ssl, octets.data(), octets.size())
                                           : SSL_get_peer_finished(ssl, octets.data(), octets.size());
    if (size > 0 && size <= octets.size()) add("tls-unique", size);
  }
  if (SSL_export_keying_material(ssl, octets.data(), exported, label.data(), label.size(), nullptr, 0, 0) == 1)
    add("tls-exporter", exported);
  return out;
}

}  // namespace glasspost
