// The IMAP service inside TLS: our own client against it, octets carried by hand.
#include <gtest/gtest.h>

#include <variant>

#include "protocol/endpoint.h"
#include "protocol/imap/client.h"
#include "protocol/tls/context.h"
#include "sim/services/imap.h"

namespace glasspost::sim {
namespace {

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;
constexpr Validity valid{now - 24h, now + 24h};

void run(TlsMode mode, imap::TlsPolicy policy) {
  Trace trace;
  Users users("example.org");
  users.add("bob", "secret");
  Store store({}, users, trace);
  store.deliver("bob", make_content("Subject: sealed\r\n\r\n"), {.now = now});
  const auto library = TlsLibrary::make(1);
  const CertificateAuthority authority(library, "Root", valid, KeyKind::ed25519);
  const auto host = TlsContext::make(library, {.identity = authority.issue({"mail.example.org"}, valid)}).value();
  const auto trusting = TlsContext::make(library, {.trusted_pem = authority.certificate_pem()}).value();

  ImapService service({.host_name = "mail.example.org", .tls = mode, .context = host.get()}, store, trace);
  const ConnectionId id = trace.next_connection();
  const auto peer = service.accept({id, now, "phone", "192.0.2.1", [] {}});
  imap::Client client({.tls = policy}, now);
  Endpoint endpoint({.connection = id, .tls = mode, .context = trusting.get(), .server_name = "mail.example.org"}, client,
                    trace, now);
  bool logged_in = false, found = false;
  for (int turn = 0; turn < 60; ++turn) {
    if (const auto said = peer->take_output(now); !said.empty()) endpoint.receive_wire(said, now, peer->last_sent());
    while (const auto event = client.poll()) {
      if (std::holds_alternative<imap::Ready>(*event)) client.login("bob", "secret");
      const auto* done = std::get_if<imap::Completed>(&*event);
      if (done && !logged_in) {
        ASSERT_EQ(done->result.condition, imap::Condition::ok) << done->result.text;
        logged_in = true;
        client.send(imap::Select{"INBOX"});
      }
      const auto* data = std::get_if<imap::Data>(&*event);
      const auto* exists = data ? std::get_if<imap::ExistsData>(&data->response.body) : nullptr;
      found |= exists && exists->count == 1;
    }
    if (const auto said = endpoint.take_wire(now); !said.empty()) peer->receive(said, now, endpoint.last_sent());
  }
  EXPECT_TRUE(logged_in);
  EXPECT_TRUE(found);
  ASSERT_TRUE(endpoint.tls_facts());
  EXPECT_EQ(endpoint.tls_facts()->verdict, Verdict::trusted);
  for (RecordId record = trace.first(); record < trace.end(); ++record) {
    const auto* sent = std::get_if<Sent>(&trace[record].what);
    if (!sent || sent->layer == Layer::inside) continue;
    EXPECT_EQ(trace.bytes(sent->bytes).find("secret"), std::string_view::npos) << "for an eavesdropper to read";
  }
}

TEST(ImapTls, StarttlsThenLoginAndSelect) { run(TlsMode::starttls, imap::TlsPolicy::required); }
TEST(ImapTls, ImplicitFromTheFirstOctet) { run(TlsMode::implicit, imap::TlsPolicy::implicit); }

}  // namespace
}  // namespace glasspost::sim
