// A hostile peer: an engine of each role gets arbitrary octets, first alone, then in the middle of a good
// session.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol/tls/context.h"
#include "protocol/tls/engine.h"

using namespace glasspost;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const Instant now = std::chrono::sys_days(
    std::chrono::year_month_day(std::chrono::year(2026), std::chrono::month(11), std::chrono::day(2)));
const Validity valid{now - 24h, now + 24h};

struct World {
  std::shared_ptr<TlsLibrary> library = TlsLibrary::make(1);
  CertificateAuthority authority{library, "Root", valid, KeyKind::ed25519};
  std::unique_ptr<TlsContext> server =
      TlsContext::make(library, {.identity = authority.issue({"a.example"}, valid)}).value();
  std::unique_ptr<TlsContext> client =
      TlsContext::make(library, {.trusted_pem = authority.certificate_pem()}).value();
};

// Whatever came: a failure is a sentence, a failed engine stays failed, and nothing is made up.
void feed(TlsEngine& engine, std::string_view octets) {
  for (std::size_t at = 0; at < octets.size(); at += 7) engine.put_wire(octets.substr(at, 7));
  engine.put_plain("NOOP\r\n");
  engine.close();
  engine.put_eof();
  require(engine.status() == TlsEngine::Status::failed || engine.status() == TlsEngine::Status::closed);
  require((engine.status() == TlsEngine::Status::failed) == !engine.failure().empty());
  require(engine.take_plain().empty());
  require(engine.take_wire().size() < 4096);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  {
    TlsEngine server(*world.server, {.role = Side::server}, now);
    feed(server, octets);
    TlsEngine client(*world.client, {.role = Side::client, .server_name = "a.example"}, now);
    feed(client, octets);
  }
  {  // the server's first flight, tampered with: the first octet says where
    TlsEngine client(*world.client, {.role = Side::client, .server_name = "a.example", .require_trust = true},
                     now);
    TlsEngine server(*world.server, {.role = Side::server}, now);
    server.put_wire(client.take_wire());
    std::string flight = server.take_wire();
    for (std::size_t i = 0; i + 1 < size && i < 32; i += 2)
      flight[(data[i] * 5u) % flight.size()] ^= char(data[i + 1]);
    client.put_wire(flight);
    if (client.status() == TlsEngine::Status::up) require(client.facts().verdict == Verdict::trusted);
  }
  return 0;
}
