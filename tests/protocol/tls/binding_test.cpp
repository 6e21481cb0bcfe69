// What ties a login to one TLS connection (RFC 9266, RFC 5929 section 3), and the client's certificate.
#include <gtest/gtest.h>

#include "tests/protocol/tls/tls_world.h"

namespace glasspost::test {
namespace {

struct Ends {
  TlsFacts client, server;
};
Ends meet(TlsVersion version, std::uint64_t stream = 1) {
  const TlsWorld world;
  const auto server_context = world.server("mail.example.com", version);
  const auto client_context = world.client();
  TlsEngine client(*client_context, {.server_name = "mail.example.com", .stream = stream}, now);
  TlsEngine server(*server_context, {.role = Side::server, .stream = stream}, now);
  Wire wire;
  talk(client, server, wire);
  EXPECT_EQ(client.status(), TlsEngine::Status::up) << client.failure();
  return {client.facts(), server.facts()};
}

TEST(ChannelBindings, BothEndsKnowTheSameAndNobodyElse) {
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3}) {
    const Ends ends = meet(version);
    ASSERT_FALSE(ends.client.bindings.empty());
    EXPECT_EQ(ends.client.bindings, ends.server.bindings);
    EXPECT_EQ(ends.client.bindings.front().kind, version == TlsVersion::tls1_3 ? "tls-exporter" : "tls-unique");
    EXPECT_EQ(ends.client.bindings.front().data.size(), version == TlsVersion::tls1_3 ? 32U : 12U);
    EXPECT_NE(meet(version, 2).client.bindings.front().data, ends.client.bindings.front().data);
  }
}

// RFC 5929 section 3.1: of a resumed connection it is the server's Finished that comes first.
TEST(ChannelBindings, HoldForAResumedConnectionToo) {
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3}) {
    const TlsWorld world;
    const auto server_context = TlsContext::make(world.library, {.identity = world.authority.issue({"mail.example.com"}, valid),
                                                                 .newest = version, .tickets = true}).value();
    const auto client_context = world.client();
    std::string before;
    for (const std::uint64_t stream : {1, 2}) {
      TlsEngine client(*client_context, {.server_name = "mail.example.com", .stream = stream}, now + stream * 1min);
      TlsEngine server(*server_context, {.role = Side::server, .stream = stream}, now + stream * 1min);
      Wire wire;
      talk(client, server, wire);
      ASSERT_FALSE(client.facts().bindings.empty());
      EXPECT_EQ(client.facts().resumed, stream == 2);
      EXPECT_EQ(client.facts().bindings, server.facts().bindings);
      EXPECT_NE(client.facts().bindings.front().data, before);
      before = client.facts().bindings.front().data;
      client.close();
      talk(client, server, wire);
    }
  }
}

TEST(ChannelBindings, AreNotWrittenDown) {
  const Ends ends = meet(TlsVersion::tls1_3);
  EXPECT_EQ(encode(ends.client).find(ends.client.bindings.front().data), std::string::npos);
  EXPECT_TRUE(decode_tls_facts(encode(ends.client))->bindings.empty());
}

// The server asks; who shows a certificate that is vouched for is known by it, and everybody else is a stranger.
std::optional<CertificateFacts> shown(const TlsWorld& world, const std::optional<Identity>& identity, bool asks = true,
                                      Instant when = now, TlsVersion version = TlsVersion::tls1_3) {
  const auto server_context = TlsContext::make(world.library, {.identity = world.authority.issue({"mail.example.com"}, valid),
                                                               .clients_trusted_pem = asks ? world.authority.certificate_pem() : "",
                                                               .newest = version}).value();
  const auto client_context =
      TlsContext::make(world.library, {.trusted_pem = world.authority.certificate_pem(), .client_identity = identity}).value();
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, when);
  TlsEngine server(*server_context, {.role = Side::server}, when);
  Wire wire;
  talk(client, server, wire);
  EXPECT_EQ(server.status(), TlsEngine::Status::up) << server.failure() << client.failure();
  return server.facts().client_certificate;
}

TEST(ClientCertificate, SaysWhoItIsIfSomebodyVouchesForIt) {
  const TlsWorld world;
  const Identity bob = world.authority.issue({"bob@example.org"}, valid);
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3}) {
    const auto known = shown(world, bob, true, now, version);
    ASSERT_TRUE(known);
    EXPECT_EQ(sasl_names(*known), (std::vector<std::string>{"bob@example.org"}));
  }
  EXPECT_FALSE(shown(world, bob, false));
  EXPECT_FALSE(shown(world, std::nullopt));
  EXPECT_FALSE(shown(world, self_signed(world.library, {"bob@example.org"}, valid, KeyKind::ed25519)));
  EXPECT_FALSE(shown(world, world.authority.issue({"bob@example.org"}, {at(2026, 1, 1), at(2026, 2, 1)})));  // expired
  EXPECT_FALSE(shown(world, world.authority.issue({"www.example.org"}, valid)));  // a server's
}

TEST(ClientCertificate, WithoutAnAddressItsSubjectIsTheUser) {
  CertificateFacts facts;
  facts.subject = "carol";
  facts.names = {"host.example.org"};
  EXPECT_EQ(sasl_names(facts), (std::vector<std::string>{"carol"}));
  facts.subject.clear();
  EXPECT_TRUE(sasl_names(facts).empty());
}

}  // namespace
}  // namespace glasspost::test
