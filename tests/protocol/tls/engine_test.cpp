#include "protocol/tls/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/tls/handshake.h"
#include "tests/protocol/tls/tls_world.h"

namespace glasspost::test {
namespace {

using Status = TlsEngine::Status;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Session {
  Wire wire;
  std::string heard_by_client, heard_by_server;
};

Session hold_session(std::uint64_t seed, std::uint64_t stream, TlsVersion version, KeyKind kind,
                     std::size_t piece = std::string::npos) {
  const TlsWorld world(seed, kind);
  const auto server_context = world.server("mail.example.com", version);
  const auto client_context = world.client(version);
  TlsEngine client(*client_context,
                   {.role = Side::client, .server_name = "mail.example.com", .stream = stream}, now);
  TlsEngine server(*server_context, {.role = Side::server, .stream = stream}, now);
  Session session;
  client.put_plain("EHLO laptop\r\n");  // queued until the handshake is done
  talk(client, server, session.wire, piece);
  EXPECT_EQ(client.status(), Status::up) << client.failure();
  EXPECT_EQ(server.status(), Status::up) << server.failure();
  server.put_plain("250 mail.example.com\r\n");
  talk(client, server, session.wire, piece);
  session.heard_by_server = server.take_plain();
  session.heard_by_client = client.take_plain();
  client.close();
  talk(client, server, session.wire, piece);
  EXPECT_EQ(server.status(), Status::closed);
  EXPECT_FALSE(server.truncated());
  return session;
}

TEST(TlsEngine, CarriesBothDirections) {
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3})
    for (const KeyKind kind : {KeyKind::ed25519, KeyKind::p256}) {
      const Session session = hold_session(7, 1, version, kind);
      EXPECT_EQ(session.heard_by_server, "EHLO laptop\r\n");
      EXPECT_EQ(session.heard_by_client, "250 mail.example.com\r\n");
      EXPECT_THAT(session.wire.from_client, Not(HasSubstr("EHLO")));
    }
}

TEST(TlsEngine, SaysTheSameOctetsForTheSameSeed) {
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3})
    for (const KeyKind kind : {KeyKind::ed25519, KeyKind::p256}) {
      const Wire first = hold_session(7, 1, version, kind).wire;
      EXPECT_EQ(first, hold_session(7, 1, version, kind).wire);
      EXPECT_NE(first.from_client, hold_session(8, 1, version, kind).wire.from_client);
      EXPECT_NE(first.from_client, hold_session(7, 2, version, kind).wire.from_client);
    }
}

TEST(TlsEngine, OtherConnectionsDoNotDisturbAStream) {
  const Wire alone = hold_session(7, 5, TlsVersion::tls1_3, KeyKind::p256).wire;
  const TlsWorld world(7, KeyKind::p256);
  const auto server_context = world.server();
  const auto client_context = world.client();
  for (std::uint64_t stream = 1; stream < 5; ++stream) {
    TlsEngine client(*client_context,
                     {.role = Side::client, .server_name = "mail.example.com", .stream = stream}, now);
    TlsEngine server(*server_context, {.role = Side::server, .stream = stream}, now);
    Wire wire;
    talk(client, server, wire);
    ASSERT_EQ(server.status(), Status::up);
  }
  TlsEngine client(*client_context, {.role = Side::client, .server_name = "mail.example.com", .stream = 5},
                   now);
  TlsEngine server(*server_context, {.role = Side::server, .stream = 5}, now);
  Wire wire;
  client.put_plain("EHLO laptop\r\n");
  talk(client, server, wire);
  EXPECT_TRUE(alone.from_client.starts_with(wire.from_client));
  EXPECT_TRUE(alone.from_server.starts_with(wire.from_server));
}

TEST(TlsEngine, RealRandomnessIsNeverTheSame) {
  const TlsWorld world(std::nullopt, KeyKind::p256);
  const auto context = world.client();
  TlsEngine first(*context, {.server_name = "mail.example.com"}, now),
      second(*context, {.server_name = "mail.example.com"}, now);
  EXPECT_NE(first.take_wire(), second.take_wire());
}

TEST(TlsEngine, TakesOneOctetAtATime) {
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3}) {
    const Session whole = hold_session(7, 1, version, KeyKind::ed25519);
    const Session pieces = hold_session(7, 1, version, KeyKind::ed25519, 1);
    EXPECT_EQ(whole.wire, pieces.wire);
    EXPECT_EQ(pieces.heard_by_client, whole.heard_by_client);
  }
}

std::vector<std::string> names(std::span<const TlsSaid> said) {
  std::vector<std::string> names;
  for (const TlsSaid& one : said)
    names.push_back((one.by_us ? "> " : "< ") +
                    std::string(dissect_tls_message(one.content_type, one.message).name) +
                    (one.encrypted ? " (encrypted)" : ""));
  return names;
}

std::uint64_t wire_octets(std::span<const TlsSaid> said, bool by_us) {
  std::uint64_t sum = 0;
  for (const TlsSaid& one : said)
    if (one.by_us == by_us) sum += one.wire_octets;
  return sum;
}

TEST(TlsEngine, TellsEveryMessageOfTls13) {
  const TlsWorld world;
  const auto server_context = world.server();
  const auto client_context = world.client();
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  client.put_plain("NOOP\r\n");
  client.close();
  talk(client, server, wire);
  EXPECT_THAT(names(client.said()),
              ElementsAre("> ClientHello", "< ServerHello", "< ChangeCipherSpec",
                          "< EncryptedExtensions (encrypted)", "< Certificate (encrypted)",
                          "< CertificateVerify (encrypted)", "< Finished (encrypted)", "> ChangeCipherSpec",
                          "> Finished (encrypted)", "> application_data (encrypted)", "> Alert (encrypted)"));
  EXPECT_EQ(wire_octets(client.said(), true), wire.from_client.size());
  EXPECT_EQ(wire_octets(client.said(), false), wire.from_server.size());
  EXPECT_EQ(wire_octets(server.said(), true), wire.from_server.size());
  EXPECT_EQ(wire_octets(server.said(), false), wire.from_client.size());
  client.forget_said();
  EXPECT_TRUE(client.said().empty());
}

TEST(TlsEngine, TellsEveryMessageOfTls12) {
  const TlsWorld world;
  const auto server_context = world.server();
  const auto client_context = world.client(TlsVersion::tls1_2);
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  server.put_plain("220 ready\r\n");
  talk(client, server, wire);
  EXPECT_THAT(
      names(client.said()),
      ElementsAre("> ClientHello", "< ServerHello", "< Certificate", "< ServerKeyExchange",
                  "< ServerHelloDone", "> ClientKeyExchange", "> ChangeCipherSpec", "> Finished (encrypted)",
                  "< ChangeCipherSpec", "< Finished (encrypted)", "< application_data (encrypted)"));
  EXPECT_EQ(wire_octets(client.said(), true), wire.from_client.size());
  EXPECT_EQ(wire_octets(client.said(), false), wire.from_server.size());
}

TEST(TlsEngine, KnowsWhatWasAgreed) {
  const TlsWorld world;
  const CertificateAuthority intermediate = world.authority.intermediate("Test Intermediate", valid);
  const auto server_context = world.server(intermediate.issue({"mail.example.com", "192.0.2.1"}, valid));
  const auto client_context = world.client();
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  const TlsFacts& facts = client.facts();
  EXPECT_EQ(facts.version, "TLSv1.3");
  EXPECT_EQ(facts.cipher, "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(facts.group, "x25519");
  EXPECT_EQ(facts.verdict, Verdict::trusted);
  EXPECT_FALSE(facts.resumed);
  ASSERT_EQ(facts.chain.size(), 2u);
  EXPECT_EQ(facts.chain[0].subject, "mail.example.com");
  EXPECT_EQ(facts.chain[0].issuer, "Test Intermediate");
  EXPECT_THAT(facts.chain[0].names, ElementsAre("mail.example.com", "192.0.2.1"));
  EXPECT_EQ(facts.chain[1].issuer, "Test Root");
  EXPECT_EQ(server.facts().server_name, "mail.example.com");
  EXPECT_EQ(server.facts().verdict, Verdict::not_checked);
  EXPECT_EQ(server.facts().chain.front().fingerprint, facts.chain.front().fingerprint);
}

// Two engines that each know what is to be spoken inside.
std::string agreed(const std::string& offered, const std::string& spoken) {
  const TlsWorld world;
  const auto server_context = world.server();
  const auto client_context = world.client();
  TlsEngine client(*client_context, {.server_name = "mail.example.com", .alpn = offered}, now);
  TlsEngine server(*server_context, {.role = Side::server, .alpn = spoken}, now);
  Wire wire;
  talk(client, server, wire);
  if (client.status() != Status::up) return client.failure();
  EXPECT_EQ(client.facts().alpn, server.facts().alpn);
  return client.facts().alpn;
}

TEST(TlsEngine, AgreesOnTheProtocolInside) {
  EXPECT_EQ(agreed("imap", "imap"), "imap");
  EXPECT_EQ(agreed("", "imap"), "");
  EXPECT_EQ(agreed("imap", ""), "");
  EXPECT_EQ(agreed("pop3", "imap"),
            "the server ended the TLS handshake with the alert no_application_protocol: it speaks none of the protocols that "
            "were offered");
}

// A client that comes back with what it was given.
struct Return {
  std::vector<std::string> first, second;
  TlsFacts facts;
  Wire wire;
};
Return come_back(TlsVersion version, Duration after, bool tickets = true) {
  const TlsWorld world;
  const auto server_context = TlsContext::make(world.library, {.identity = world.authority.issue({"mail.example.com"}, valid),
                                                               .newest = version, .tickets = tickets}).value();
  const auto client_context = world.client();
  Return out;
  for (const std::uint64_t stream : {1, 2}) {
    const Instant when = stream == 1 ? now : now + after;
    TlsEngine client(*client_context, {.server_name = "mail.example.com", .stream = stream}, when);
    TlsEngine server(*server_context, {.role = Side::server, .stream = stream}, when);
    talk(client, server, out.wire);
    EXPECT_EQ(client.status(), Status::up) << client.failure();
    (stream == 1 ? out.first : out.second) = names(client.said());
    EXPECT_EQ(client.facts().resumed, server.facts().resumed);
    out.facts = client.facts();
    client.close();
    talk(client, server, out.wire);
  }
  return out;
}

TEST(TlsEngine, ATicketResumesTls13WithoutACertificate) {
  const Return back = come_back(TlsVersion::tls1_3, 10min);
  EXPECT_THAT(back.first, ::testing::Contains("< NewSessionTicket (encrypted)"));
  EXPECT_TRUE(back.facts.resumed);
  EXPECT_EQ(back.facts.verdict, Verdict::trusted);
  ASSERT_EQ(back.facts.chain.size(), 1u);  // of the first time
  EXPECT_THAT(back.second, ElementsAre("> ClientHello", "< ServerHello", "< ChangeCipherSpec",
                                       "< EncryptedExtensions (encrypted)", "< Finished (encrypted)",
                                       "> ChangeCipherSpec", "> Finished (encrypted)", "< NewSessionTicket (encrypted)"));
  EXPECT_EQ(back.wire, come_back(TlsVersion::tls1_3, 10min).wire);
}

TEST(TlsEngine, ASessionNumberResumesTls12) {
  const Return back = come_back(TlsVersion::tls1_2, 10min);
  EXPECT_TRUE(back.facts.resumed);
  EXPECT_THAT(back.second, ElementsAre("> ClientHello", "< ServerHello", "< ChangeCipherSpec", "< Finished (encrypted)",
                                       "> ChangeCipherSpec", "> Finished (encrypted)"));
  EXPECT_EQ(back.wire, come_back(TlsVersion::tls1_2, 10min).wire);
}

TEST(TlsEngine, AnOldTicketIsNotUsed) {
  const Return late = come_back(TlsVersion::tls1_3, std::chrono::hours{3});
  EXPECT_FALSE(late.facts.resumed);
  EXPECT_THAT(late.second, ::testing::Contains("< Certificate (encrypted)"));
}

TEST(TlsEngine, NoTicketsUnlessTheyAreWanted) {
  const Return back = come_back(TlsVersion::tls1_3, 10min, false);
  EXPECT_FALSE(back.facts.resumed);
  EXPECT_THAT(back.first, Not(::testing::Contains("< NewSessionTicket (encrypted)")));
}

// One row for each reason not to trust a server.
struct Distrust {
  const char* asked_for;
  Identity (*identity)(const TlsWorld&);
  Verdict verdict;
  const char* sentence;
  const char* alert;
};
const Distrust distrusts[] = {
    {"imap.example.org", [](const TlsWorld& w) { return w.authority.issue({"mail.example.com"}, valid); },
     Verdict::wrong_name, "the certificate is for mail.example.com, not for imap.example.org",
     "bad_certificate"},
    {"192.0.2.9", [](const TlsWorld& w) { return w.authority.issue({"192.0.2.1"}, valid); },
     Verdict::wrong_name, "the certificate is for 192.0.2.1, not for 192.0.2.9", "bad_certificate"},
    {"mail.example.com",
     [](const TlsWorld& w) {
       return w.authority.issue({"mail.example.com"}, {at(2025, 1, 1), at(2026, 1, 31)});
     },
     Verdict::expired, "the certificate of mail.example.com expired on 2026-01-31", "certificate_expired"},
    {"mail.example.com",
     [](const TlsWorld& w) {
       return w.authority.issue({"mail.example.com"}, {at(2026, 12, 1), at(2027, 1, 31)});
     },
     Verdict::not_yet_valid, "the certificate of mail.example.com is not valid before 2026-12-01",
     "bad_certificate"},
    {"mail.example.com",
     [](const TlsWorld& w) {
       return CertificateAuthority(w.library, "Somebody Else", valid, KeyKind::ed25519)
           .issue({"mail.example.com"}, valid);
     },
     Verdict::unknown_authority,
     "the certificate of mail.example.com was issued by Somebody Else, which is not among those that are "
     "trusted here",
     "unknown_ca"},
    {"mail.example.com",
     [](const TlsWorld& w) { return self_signed(w.library, {"mail.example.com"}, valid, KeyKind::ed25519); },
     Verdict::self_signed,
     "the certificate of mail.example.com is signed by itself: nobody who is trusted here vouches for it",
     "unknown_ca"},
};

TEST(TlsEngine, DistrustIsAVerdictAndASentence) {
  const TlsWorld world;
  const auto client_context = world.client();
  for (const Distrust& row : distrusts) {
    const auto server_context = world.server(row.identity(world));
    Wire wire;
    {  // told, and the session goes on
      TlsEngine client(*client_context, {.server_name = row.asked_for}, now);
      TlsEngine server(*server_context, {.role = Side::server}, now);
      talk(client, server, wire);
      EXPECT_EQ(client.status(), Status::up) << client.failure();
      EXPECT_EQ(client.facts().verdict, row.verdict) << name_of(client.facts().verdict);
      EXPECT_EQ(sentence(client.facts()), row.sentence);
    }
    {  // it ends the handshake, and the server learns why
      TlsEngine client(*client_context, {.server_name = row.asked_for, .require_trust = true}, now);
      TlsEngine server(*server_context, {.role = Side::server}, now);
      talk(client, server, wire);
      EXPECT_EQ(client.status(), Status::failed);
      EXPECT_EQ(client.failure(), row.sentence);
      EXPECT_EQ(client.facts().verdict, row.verdict);
      ASSERT_FALSE(client.facts().chain.empty());
      EXPECT_EQ(server.status(), Status::failed);
      EXPECT_THAT(server.failure(), HasSubstr(std::string("the client ended"))) << row.sentence;
      EXPECT_THAT(server.failure(), HasSubstr(std::string("with the alert ") + row.alert)) << row.sentence;
    }
  }
}

TEST(TlsEngine, PlaintextWhereTlsBegins) {
  const TlsWorld world;
  const auto server_context = world.server();
  const auto client_context = world.client();
  TlsEngine server(*server_context, {.role = Side::server}, now);
  EXPECT_EQ(server.put_wire("a1 LOGIN bob secret\r\n"), Status::failed);
  EXPECT_EQ(server.failure(), "the client spoke plaintext (“a1”) where TLS has to begin");
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  EXPECT_EQ(client.put_wire("220 mail.example.com ESMTP\r\n"), Status::failed);
  EXPECT_EQ(
      client.failure(),
      "the server spoke plaintext (“220”) where TLS has to begin: this port may want STARTTLS, or no TLS");
}

TEST(TlsEngine, GarbageIsRefused) {
  const TlsWorld world;
  const auto server_context = world.server();
  const std::string garbage[] = {std::string(100, '\0'), "\xff\xfe\xfd",
                                 std::string("\x16\x03\x01\x00\x05garba", 10),
                                 std::string("\x16\x03\x01\xff\xff", 5) + std::string(70000, 'x'),
                                 std::string("\x15\x03\x01\x00\x02\x02\x28", 7)};
  for (const std::string& octets : garbage) {
    TlsEngine server(*server_context, {.role = Side::server}, now);
    for (const char octet : octets) server.put_wire(std::string_view(&octet, 1));
    server.put_eof();
    EXPECT_EQ(server.status(), Status::failed);
    EXPECT_THAT(server.failure(), HasSubstr(" ")) << server.failure();
    EXPECT_EQ(server.put_wire("more"), Status::failed);
    server.put_plain("ignored");
    server.close();
    EXPECT_LT(server.take_wire().size(), 64u);
  }
}

TEST(TlsEngine, AClosedConnectionIsNoticed) {
  const TlsWorld world;
  const auto server_context = world.server();
  const auto client_context = world.client();
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  server.put_wire(client.take_wire());
  EXPECT_EQ(server.put_eof(), Status::failed);
  EXPECT_EQ(server.failure(), "the client closed the connection in the middle of the TLS handshake");

  TlsEngine again(*server_context, {.role = Side::server}, now);
  TlsEngine other(*client_context, {.server_name = "mail.example.com"}, now);
  Wire wire;
  talk(other, again, wire);
  EXPECT_EQ(again.put_eof(), Status::closed);
  EXPECT_TRUE(again.truncated());
}

TEST(TlsEngine, ATamperedRecordEndsIt) {
  const TlsWorld world;
  const auto server_context = world.server();
  const auto client_context = world.client();
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  client.put_plain("RSET\r\n");
  std::string octets = client.take_wire();
  octets.back() = char(octets.back() ^ 1);
  EXPECT_EQ(server.put_wire(octets), Status::failed);
  EXPECT_EQ(server.failure(), "a record from the client was damaged or tampered with: it does not decrypt");
  EXPECT_EQ(server.take_plain(), "");
  client.put_wire(server.take_wire());
  EXPECT_THAT(client.failure(), HasSubstr("bad_record_mac"));
}

TEST(TlsEngine, VersionsThatDoNotMeet) {
  const TlsWorld world;
  const auto server_context =
      TlsContext::make(world.library, {.identity = world.authority.issue({"mail.example.com"}, valid),
                                       .oldest = TlsVersion::tls1_3})
          .value();
  const auto client_context = world.client(TlsVersion::tls1_2);
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  EXPECT_EQ(server.failure(), "the client speaks no TLS version that is allowed here");
  EXPECT_THAT(client.failure(), HasSubstr("protocol_version"));
}

TEST(TlsEngine, ALongTextFillsItsRecords) {
  const TlsWorld world;
  const auto server_context = world.server();
  const auto client_context = world.client();
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  const std::string text(1'000'000, 'x');
  client.put_plain(text);
  const std::string octets = client.take_wire();
  EXPECT_LT(octets.size(), text.size() + (text.size() / 16384 + 1) * 32);
  server.put_wire(octets);
  EXPECT_EQ(server.take_plain(), text);
}

TEST(TlsEngine, TellsTheKeysOnlyToWhoAsks) {
  const TlsWorld world;
  std::vector<std::string> lines;
  const auto server_context = world.server();
  const auto client_context =
      TlsContext::make(world.library, {.trusted_pem = world.authority.certificate_pem(),
                                       .key_log = [&](std::string_view line) { lines.emplace_back(line); }})
          .value();
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  EXPECT_THAT(lines, ::testing::Contains(::testing::StartsWith("CLIENT_TRAFFIC_SECRET_0 ")));
}

}  // namespace
}  // namespace glasspost::test
