#include "protocol/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "protocol/tls/handshake.h"
#include "tests/protocol/tls/tls_world.h"

namespace glasspost::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A session as plain as can be: says what it is told to, keeps what it hears, and upgrades like STARTTLS
// does.
class Talker final : public Session {
 public:
  explicit Talker(Side side) : side_(side) {}

  void receive(std::string_view octets, Instant) override {
    heard += octets;
    if (upgraded || wishes) return;
    const std::string_view signal = side_ == Side::server ? "STARTTLS\r\n" : "220 go ahead\r\n";
    if (heard.find(signal) == heard.npos) return;
    if (side_ == Side::server) output += "220 go ahead\r\n";
    wishes = true;
  }
  void receive_eof(Instant) override { ++eofs; }
  std::string take_output() override { return std::exchange(output, {}); }
  TlsWish tls_wish() const override { return wishes && !upgraded ? TlsWish::start : TlsWish::none; }
  void tls_established(const TlsFacts&) override {
    upgraded = true;
    heard.clear();
  }
  bool wants_close() const override { return closing; }
  std::optional<Instant> deadline() const override { return timer; }
  void on_deadline(Instant) override { ++deadlines; }

  std::string heard, output;
  bool wishes = false, upgraded = false, closing = false;
  int eofs = 0, deadlines = 0;
  std::optional<Instant> timer;

 private:
  Side side_;
};

// Both ends of a connection on one trace, and the link between them.
struct Line {
  explicit Line(TlsMode mode, bool both_ours = true, bool records = true,
                std::string name = "mail.example.com", bool require_trust = false)
      : server_context(world.server()),
        client_context(world.client()),
        client({.connection = 1,
                .side = Side::client,
                .tls = mode,
                .context = client_context.get(),
                .server_name = std::move(name),
                .records = records,
                .peer_is_ours = both_ours,
                .require_trust = require_trust},
               at_client, trace, now),
        server({.connection = 1,
                .side = Side::server,
                .tls = mode,
                .context = server_context.get(),
                .records = records && both_ours,
                .peer_is_ours = true},
               at_server, trace, now) {}

  bool carry(Endpoint& from, Endpoint& to, std::size_t piece) {
    const std::string octets = from.take_wire(now);
    const RecordId cause = from.last_sent();
    for (std::size_t begin = 0; begin < octets.size(); begin += std::min(piece, octets.size() - begin))
      to.receive_wire(std::string_view(octets).substr(begin, piece), now, cause);
    return !octets.empty();
  }
  void talk(std::size_t piece = std::string::npos) {
    bool busy = true;
    while (busy) {
      busy = carry(client, server, piece);
      busy = carry(server, client, piece) || busy;
    }
  }
  std::vector<std::string> transcript() const {
    std::vector<std::string> lines;
    for (RecordId id = trace.first(); id < trace.end(); ++id) lines.push_back(line(trace[id].what));
    return lines;
  }
  std::string line(const What& what) const {
    const auto who = [](Side side) { return std::string(side == Side::client ? "C: " : "S: "); };
    const auto text = [&](Layer layer, Bytes bytes) {
      if (layer == Layer::wire) return std::string("wire");
      return (layer == Layer::inside ? "inside " : "clear ") + visible(trace.bytes(bytes));
    };
    if (const auto* sent = std::get_if<Sent>(&what))
      return who(sent->from) + "sent " + text(sent->layer, sent->bytes);
    if (const auto* arrived = std::get_if<Arrived>(&what))
      return who(arrived->from) + "arrived " + text(arrived->layer, arrived->bytes);
    if (const auto* tls = std::get_if<TlsRecord>(&what))
      return who(tls->from) +
             std::string(dissect_tls_message(tls->content_type, trace.bytes(tls->message)).name) +
             (tls->encrypted ? " encrypted" : "");
    if (const auto* up = std::get_if<TlsUp>(&what))
      return "TLS up, " + std::string(name_of(decode_tls_facts(trace.bytes(up->facts)).value().verdict));
    if (const auto* failed = std::get_if<TlsFailed>(&what))
      return who(failed->at) + "TLS failed: " + std::string(trace.bytes(failed->reason));
    if (const auto* closed = std::get_if<Closed>(&what)) return who(closed->from) + "closed";
    return "?";
  }

  TlsWorld world;
  std::unique_ptr<TlsContext> server_context, client_context;
  Trace trace;
  Talker at_client{Side::client}, at_server{Side::server};
  Endpoint client, server;
};

TEST(Endpoint, PlaintextGoesAsItIs) {
  Line line(TlsMode::plaintext);
  line.at_client.output = "NOOP\r\n";
  line.talk();
  line.at_server.output = "250 ok\r\n";
  line.at_server.closing = true;
  line.talk();
  EXPECT_EQ(line.at_server.heard, "NOOP\r\n");
  EXPECT_EQ(line.at_client.heard, "250 ok\r\n");
  EXPECT_TRUE(line.server.wants_close());
  line.client.receive_eof(now);
  EXPECT_EQ(line.at_client.eofs, 1);
  line.talk();
  EXPECT_THAT(line.transcript(), ElementsAre("C: sent clear NOOP\\r\\n", "C: arrived clear NOOP\\r\\n",
                                             "S: sent clear 250 ok\\r\\n", "S: closed",
                                             "S: arrived clear 250 ok\\r\\n", "C: closed"));
  EXPECT_EQ(line.trace[1].cause, 0u);  // what arrived was sent
  EXPECT_EQ(line.trace[2].cause, 1u);  // what was said answers what arrived
}

TEST(Endpoint, UpgradesWithStartTls) {
  Line line(TlsMode::starttls);
  line.at_client.output = "STARTTLS\r\n";
  line.talk();
  EXPECT_TRUE(line.client.tls_is_up());
  EXPECT_TRUE(line.server.tls_is_up());
  line.at_client.output = "EHLO laptop\r\n";
  line.talk();
  EXPECT_EQ(line.at_server.heard, "EHLO laptop\r\n");
  EXPECT_THAT(line.transcript(),
              ElementsAre("C: sent clear STARTTLS\\r\\n", "C: arrived clear STARTTLS\\r\\n",
                          "S: sent clear 220 go ahead\\r\\n", "S: arrived clear 220 go ahead\\r\\n",
                          "C: ClientHello", "C: sent wire", "C: arrived wire", "S: ServerHello",
                          "S: ChangeCipherSpec", "S: EncryptedExtensions encrypted",
                          "S: Certificate encrypted", "S: CertificateVerify encrypted",
                          "S: Finished encrypted", "S: sent wire", "S: arrived wire", "C: ChangeCipherSpec",
                          "C: Finished encrypted", "TLS up, trusted", "C: sent wire", "C: arrived wire",
                          "C: sent inside EHLO laptop\\r\\n", "C: application_data encrypted", "C: sent wire",
                          "C: arrived wire", "C: arrived inside EHLO laptop\\r\\n"));
  const RecordId inside = line.trace.end() - 5;
  EXPECT_EQ(line.trace[inside + 2].cause, inside);      // the wire carries what was said
  EXPECT_EQ(line.trace[inside + 3].cause, inside + 2);  // it arrives because it was sent
  EXPECT_EQ(line.trace[inside + 4].cause, inside + 3);
  EXPECT_EQ(line.server.cause(), inside + 4);
}

TEST(Endpoint, TakesOneOctetAtATime) {
  for (const TlsMode mode : {TlsMode::starttls, TlsMode::implicit}) {
    Line line(mode);
    line.at_client.output = "STARTTLS\r\n";
    line.talk(1);
    line.at_client.output = "NOOP\r\n";
    line.talk(1);
    EXPECT_THAT(line.at_server.heard, HasSubstr("NOOP\r\n"));
    EXPECT_FALSE(line.client.failed());
  }
}

TEST(Endpoint, ImplicitTlsStartsAtOnceAndClosesInOrder) {
  Line line(TlsMode::implicit);
  line.at_server.output = "220 hello\r\n";  // waits until TLS is up
  line.talk();
  EXPECT_EQ(line.at_client.heard, "220 hello\r\n");
  EXPECT_EQ(line.transcript().front(), "C: ClientHello");
  line.at_client.output = "QUIT\r\n";
  line.at_client.closing = true;
  line.talk();
  EXPECT_EQ(line.at_server.eofs, 1);  // close_notify says so already
  line.server.receive_eof(now);
  EXPECT_EQ(line.at_server.eofs, 1);
  EXPECT_FALSE(line.server.truncated());
  const auto lines = line.transcript();
  EXPECT_THAT(std::vector(lines.end() - 11, lines.end()),
              ElementsAre("C: sent inside QUIT\\r\\n", "C: application_data encrypted", "C: Alert encrypted",
                          "C: sent wire", "C: closed", "C: arrived wire", "C: arrived inside QUIT\\r\\n",
                          "S: Alert encrypted", "S: sent wire", "S: closed", "S: arrived wire"));
}

TEST(Endpoint, OctetsBehindTheUpgradeNeverReachTheSessionInside) {
  // in one read: the session has them, and forgets them when TLS is up
  Line one(TlsMode::starttls);
  one.server.receive_wire("STARTTLS\r\nMAIL FROM:<mallory@example.net>\r\n", now);
  EXPECT_EQ(one.server.take_wire(now), "220 go ahead\r\n");
  one.client.receive_wire("220 go ahead\r\n", now);
  one.talk();
  EXPECT_TRUE(one.server.tls_is_up());
  EXPECT_EQ(one.at_server.heard, "");

  // in a second read: they are no TLS
  Line two(TlsMode::starttls);
  two.server.receive_wire("STARTTLS\r\n", now);
  two.server.receive_wire("MAIL FROM:<mallory@example.net>\r\n", now);
  EXPECT_TRUE(two.server.failed());
  EXPECT_EQ(two.server.failure(), "the client spoke plaintext (“MAIL”) where TLS has to begin");
  EXPECT_EQ(two.at_server.heard, "STARTTLS\r\n");
  EXPECT_EQ(two.server.take_wire(now).substr(0, 14), "220 go ahead\r\n");
  EXPECT_TRUE(two.server.wants_close());

  // the same for a reply behind the server's 220
  Line three(TlsMode::starttls);
  three.client.receive_wire("220 go ahead\r\n", now);
  three.client.receive_wire("250 injected\r\n", now);
  EXPECT_EQ(
      three.client.failure(),
      "the server spoke plaintext (“250”) where TLS has to begin: this port may want STARTTLS, or no TLS");
  EXPECT_EQ(three.at_client.eofs, 1);
}

TEST(Endpoint, APlainClientOnATlsPort) {
  Line line(TlsMode::implicit);
  line.server.receive_wire("EHLO laptop\r\n", now);
  EXPECT_EQ(line.at_server.heard, "");
  EXPECT_TRUE(line.server.wants_close());
  line.server.take_wire(now);
  EXPECT_THAT(
      line.transcript(),
      ElementsAre("C: arrived wire",
                  "S: TLS failed: the client spoke plaintext (“EHLO”) where TLS has to begin", "S: closed"));
}

TEST(Endpoint, DistrustEndsTheConnectionOnlyIfItMust) {
  Line lenient(TlsMode::implicit, true, true, "imap.example.org");
  lenient.talk();
  EXPECT_TRUE(lenient.client.tls_is_up());
  EXPECT_THAT(lenient.transcript(), ::testing::Contains("TLS up, wrong_name"));

  Line strict(TlsMode::implicit, true, true, "imap.example.org", true);
  strict.at_client.output = "a LOGIN bob secret\r\n";
  strict.talk();
  EXPECT_FALSE(strict.client.tls_is_up());
  EXPECT_EQ(strict.client.failure(), "the certificate is for mail.example.com, not for imap.example.org");
  ASSERT_NE(strict.client.tls_facts(), nullptr);
  EXPECT_EQ(strict.client.tls_facts()->verdict, Verdict::wrong_name);
  EXPECT_TRUE(strict.server.failed());
  EXPECT_THAT(strict.transcript(),
              ::testing::Contains(
                  "C: TLS failed: the certificate is for mail.example.com, not for imap.example.org"));
  EXPECT_EQ(strict.at_server.heard, "");
}

TEST(Endpoint, WritesAForeignServersWordsToo) {
  Line line(TlsMode::implicit, false);
  line.talk();
  line.at_server.output = "220 hello\r\n";
  line.at_server.closing = true;
  line.talk();
  line.client.receive_eof(now);
  EXPECT_THAT(
      line.transcript(),
      ElementsAre("C: ClientHello", "C: sent wire", "S: arrived wire", "S: ServerHello",
                  "S: ChangeCipherSpec", "S: EncryptedExtensions encrypted", "S: Certificate encrypted",
                  "S: CertificateVerify encrypted", "S: Finished encrypted", "C: ChangeCipherSpec",
                  "C: Finished encrypted", "TLS up, trusted", "C: sent wire", "S: arrived wire",
                  "S: arrived inside 220 hello\\r\\n", "S: application_data encrypted", "S: Alert encrypted",
                  "C: Alert encrypted", "C: sent wire", "C: closed"));
}

TEST(Endpoint, WithoutRecordsTheTraceStaysEmpty) {
  Line line(TlsMode::starttls, true, false);
  line.at_client.output = "STARTTLS\r\n";
  line.talk();
  line.at_client.output = "NOOP\r\n";
  line.talk();
  EXPECT_EQ(line.at_server.heard, "NOOP\r\n");
  EXPECT_EQ(line.trace.size(), 0u);
}

TEST(Endpoint, TlsThatIsNotToBeHad) {
  Trace trace;
  Talker session(Side::server);
  Endpoint server({.connection = 1, .side = Side::server}, session, trace, now);
  server.receive_wire("STARTTLS\r\n", now);
  EXPECT_EQ(server.take_wire(now), "220 go ahead\r\n");
  EXPECT_EQ(server.failure(), "TLS was asked for, but this end has not been set up for it");
  EXPECT_TRUE(server.wants_close());
}

TEST(Endpoint, AHandshakeMayNotLastForEver) {
  Line line(TlsMode::implicit);
  line.at_client.timer = now + 300s;
  ASSERT_EQ(line.client.deadline(), now + 60s);
  line.client.on_deadline(now + 60s);
  EXPECT_EQ(line.client.failure(), "the TLS handshake was not finished within 1 min");
  EXPECT_EQ(line.client.deadline(), std::nullopt);
  EXPECT_EQ(line.at_client.deadlines, 0);
}

TEST(Endpoint, AnEndInTheMiddleOfTheHandshake) {
  Line line(TlsMode::implicit);
  line.client.take_wire(now);
  line.client.receive_eof(now);
  EXPECT_EQ(line.client.failure(), "the server closed the connection in the middle of the TLS handshake");
  EXPECT_EQ(line.at_client.eofs, 1);
}

}  // namespace
}  // namespace glasspost::test
