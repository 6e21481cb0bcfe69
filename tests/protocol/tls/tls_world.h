// A small world for TLS tests: an authority, certificates good and bad, and two engines that talk.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "protocol/tls/certificate.h"
#include "protocol/tls/context.h"
#include "protocol/tls/engine.h"

namespace glasspost::test {

inline Instant at(int year, unsigned month, unsigned day) {
  using namespace std::chrono;
  return Instant(
      sys_days(year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day))));
}
inline const Instant now = at(2026, 11, 2) + 9h;
inline const Validity valid{at(2026, 1, 1), at(2027, 1, 1)};

struct TlsWorld {
  explicit TlsWorld(std::optional<std::uint64_t> seed = 7, KeyKind kind = KeyKind::ed25519)
      : library(TlsLibrary::make(seed)), authority(library, "Test Root", valid, kind) {}

  std::unique_ptr<TlsContext> server(const Identity& identity, TlsVersion newest = TlsVersion::tls1_3) const {
    return TlsContext::make(library, {.identity = identity, .newest = newest}).value();
  }
  std::unique_ptr<TlsContext> server(const std::string& name = "mail.example.com",
                                     TlsVersion newest = TlsVersion::tls1_3) const {
    return server(authority.issue({name}, valid), newest);
  }
  std::unique_ptr<TlsContext> client(TlsVersion newest = TlsVersion::tls1_3) const {
    return TlsContext::make(library, {.trusted_pem = authority.certificate_pem(), .newest = newest}).value();
  }

  std::shared_ptr<TlsLibrary> library;
  CertificateAuthority authority;
};

// What each direction carried.
struct Wire {
  std::string from_client, from_server;
  friend bool operator==(const Wire&, const Wire&) = default;
};

// Carries octets between the two until both are silent, `piece` octets at a time.
inline void talk(TlsEngine& client, TlsEngine& server, Wire& wire, std::size_t piece = std::string::npos) {
  const auto carry = [piece](TlsEngine& from, TlsEngine& to, std::string& log) {
    const std::string octets = from.take_wire();
    log += octets;
    for (std::size_t at_octet = 0; at_octet < octets.size();
         at_octet += std::min(piece, octets.size() - at_octet))
      to.put_wire(std::string_view(octets).substr(at_octet, piece));
    return !octets.empty();
  };
  bool busy = true;
  while (busy) {
    busy = carry(client, server, wire.from_client);
    busy = carry(server, client, wire.from_server) || busy;
  }
}

}  // namespace glasspost::test
