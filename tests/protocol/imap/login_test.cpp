// AUTHENTICATE by every mechanism (RFC 3501 section 6.2.2, RFC 4959): our client and our server, and the dissector that listens.
#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "protocol/dissector.h"
#include "protocol/imap/client.h"
#include "protocol/imap/server.h"
#include "protocol/tls/facts.h"
#include "tests/protocol/transcript.h"

namespace glasspost::imap {
namespace {

class Understands final : public MessageSink {
 public:
  MessageId said(const Said& said) override {
    EXPECT_TRUE(tiles(said.text, said.tokens));
    EXPECT_FALSE(said.problem) << said.text << ": wanted " << said.problem->expected;
    EXPECT_NE(said.kind, MessageKind::stray) << said.text;
    shown += (said.from == Side::client ? "C: " : "S: ") + visible(redact(said.text, said.tokens)) + "\n";
    return count++;
  }
  std::string shown;
  MessageId count = 0;
};

class Users final : public sasl::Credentials {
 public:
  std::optional<std::string> password_of(std::string_view user) const override {
    return user == "user" ? std::optional<std::string>("pencil") : std::nullopt;
  }
  std::optional<std::string> user_of_token(std::string_view token) const override {
    return token == "ya29.good" ? std::optional<std::string>("user") : std::nullopt;
  }
};

struct Outcome {
  std::string shown;
  bool logged_in = false, unproved = false;
};
Outcome log_in(sasl::Mechanism mechanism, const std::string& secret, bool bound = false, sasl::ClientGround ground = {}) {
  ServerSettings settings;
  settings.tls_from_start = true;
  settings.nonce = "3rfcNHYJY1ZVvWVs7j";
  settings.salt_seed = "salt";
  settings.mechanisms = {sasl::all_mechanisms.begin(), sasl::all_mechanisms.end()};
  ClientSettings wanted;
  wanted.tls = TlsPolicy::implicit;
  Server server(settings, test::nine_o_clock);
  Client client(wanted, test::nine_o_clock);
  TlsFacts facts;
  if (bound) facts.bindings = {{"tls-exporter", std::string(32, '\x07')}};
  if (mechanism == sasl::Mechanism::external) facts.client_certificate.emplace().subject = "user";
  server.tls_established(facts);
  client.tls_established(facts);
  const auto dissector = make_imap_dissector();
  Understands heard;
  Outcome out;
  ground.nonce = "fyko+d2lbbFgONRv9qkxdawL";
  if (!ground.binding) ground.binding = client.binding();
  bool in = false;
  for (bool busy = true; busy;) {
    busy = false;
    while (auto event = server.poll()) {
      if (const auto* attempt = std::get_if<sasl::Attempt>(&*event)) {
        const sasl::Verdict verdict = sasl::verify(Users(), *attempt);
        if (!server.decide_login(verdict)) continue;
        if (verdict) server.accept_login(), in = true;
        else server.refuse_login();
      } else if (std::holds_alternative<LoginConfirmed>(*event)) {
        server.accept_login();
        in = true;
      }
    }
    if (const std::string said = server.take_output(); !said.empty()) {
      busy = true;
      dissector->put(Side::server, said, heard);
      client.receive(said, test::nine_o_clock);
    }
    while (const auto event = client.poll()) {
      if (std::holds_alternative<Ready>(*event)) {
        EXPECT_FALSE(client.authenticate(mechanism, "user", secret, ground).empty());
        busy = true;
      }
      if (const auto* done = std::get_if<Completed>(&*event)) out.logged_in = in && done->result.condition == Condition::ok;
      if (const auto* failed = std::get_if<Failed>(&*event)) out.unproved = failed->reason == FailureReason::server_unproved;
    }
    if (const std::string said = client.take_output(); !said.empty()) {
      busy = true;
      dissector->put(Side::client, said, heard);
      server.receive(said, test::nine_o_clock);
    }
  }
  EXPECT_EQ(dissector->state(), server.state());
  EXPECT_EQ(heard.shown.find(secret), std::string::npos);
  out.shown = heard.shown;
  return out;
}

// Inside implicit TLS the greeting comes when the connection is known: -PLUS hangs on it, and who does not hear of it takes the
// refusal of "y" for a wrong password.
TEST(ImapLogin, TheGreetingOffersWhatTheConnectionAllows) {
  const auto greeting = [](bool bound) {
    const std::string shown = log_in(sasl::Mechanism::plain, "pencil", bound).shown;
    return shown.substr(0, shown.find('\n'));
  };
  EXPECT_NE(greeting(true).find("AUTH=SCRAM-SHA-256-PLUS"), std::string::npos) << greeting(true);
  EXPECT_EQ(greeting(false).find("-PLUS"), std::string::npos) << greeting(false);
}

TEST(ImapLogin, ByEveryMechanism) {
  using enum sasl::Mechanism;
  for (const sasl::Mechanism mechanism : {plain, login, cram_md5, scram_sha_1, scram_sha_256, external}) {
    EXPECT_TRUE(log_in(mechanism, "pencil").logged_in) << name_of(mechanism) << "\n" << log_in(mechanism, "pencil").shown;
    if (mechanism != external) {
      EXPECT_FALSE(log_in(mechanism, "pen").logged_in) << name_of(mechanism);
    }
  }
  for (const sasl::Mechanism mechanism : {oauthbearer, xoauth2}) {
    EXPECT_TRUE(log_in(mechanism, "ya29.good").logged_in);
    EXPECT_FALSE(log_in(mechanism, "ya29.expired").logged_in);
  }
}

TEST(ImapLogin, PlusIsBoundToTheConnection) {
  using enum sasl::Mechanism;
  for (const sasl::Mechanism mechanism : {scram_sha_1_plus, scram_sha_256_plus}) EXPECT_TRUE(log_in(mechanism, "pencil", true).logged_in);
  EXPECT_FALSE(log_in(scram_sha_256_plus, "pencil", true, {.nonce = {}, .binding = ChannelBinding{"tls-exporter", std::string(32, '\x08')}, .host = {}}).logged_in);
  EXPECT_FALSE(log_in(scram_sha_256, "pencil", true).logged_in);  // "y", where -PLUS was offered: somebody took the offer away
}

TEST(ImapLogin, AServerThatSaysYesTooSoonIsNotBelieved) {
  ClientSettings settings;
  settings.tls = TlsPolicy::never;
  Client client(settings, test::nine_o_clock);
  client.receive("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] hi\r\n", test::nine_o_clock);
  while (client.poll()) {}
  const std::string tag = client.authenticate(sasl::Mechanism::scram_sha_256, "user", "pencil", {.nonce = "abc"});
  ASSERT_FALSE(tag.empty());
  client.receive(tag + " OK welcome\r\n", test::nine_o_clock);
  const auto event = client.poll();
  ASSERT_TRUE(event && std::holds_alternative<Failed>(*event));
  EXPECT_EQ(std::get<Failed>(*event).reason, FailureReason::server_unproved);
}

TEST(ImapLogin, NoPasswordOutsideTlsAndNoScramWithoutANonce) {
  ClientSettings settings;
  settings.tls = TlsPolicy::never;
  Client client(settings, test::nine_o_clock);
  client.receive("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=SCRAM-SHA-256] hi\r\n", test::nine_o_clock);
  EXPECT_EQ(client.authenticate(sasl::Mechanism::plain, "user", "pencil"), "");
  EXPECT_EQ(client.authenticate(sasl::Mechanism::scram_sha_256, "user", "pencil"), "");
  EXPECT_EQ(client.authenticate(sasl::Mechanism::scram_sha_256_plus, "user", "pencil", {.nonce = "abc"}), "");
}

}  // namespace
}  // namespace glasspost::imap
