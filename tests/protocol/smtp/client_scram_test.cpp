// The client's side of SCRAM in SMTP, with the messages of RFC 5802 section 5 and RFC 7677 section 3 as servers would carry them.
#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "protocol/smtp/client.h"
#include "protocol/tls/facts.h"
#include "tests/protocol/transcript.h"

namespace glasspost::smtp {
namespace {

using test::nine_o_clock;

class Submitting final : public test::Subject {
 public:
  explicit Submitting(ClientSettings settings) : session_(std::move(settings), nine_o_clock) {}
  ClientSession& session() override { return session_; }
  void settle() override {
    while (auto event = session_.poll()) {
      if (auto* failed = std::get_if<Failed>(&*event)) failure = std::move(*failed);
      if (std::holds_alternative<Ready>(*event)) session_.quit(nine_o_clock);
    }
  }
  std::optional<Failed> failure;

 private:
  ClientSession session_;
};

ClientSettings user_pencil(std::string nonce) {
  ClientSettings settings;
  settings.client_name = "client.example";
  settings.user = "user";
  settings.password = "pencil";
  settings.nonce = std::move(nonce);
  return settings;
}
void expect(const ClientSettings& settings, std::string_view transcript, std::string_view problem = {}) {
  for (const bool octet_by_octet : {false, true}) {
    Submitting subject(settings);
    test::play(subject, Side::client, test::turns_of(transcript), octet_by_octet);
    EXPECT_EQ(subject.failure ? subject.failure->problem : "", problem);
  }
}

TEST(SmtpScram, Rfc5802) {
  expect(user_pencil("fyko+d2lbbFgONRv9qkxdawL"), R"(
    S: 220 foo.com
    C: EHLO client.example
    S: 250-foo.com
    S: 250 AUTH SCRAM-SHA-1
    C: AUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
    S: 334 cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==
    C: Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9djBYOHYzQnoyVDBDSkdiSlF5RjBYK0hJNFRzPQ==
    S: 334 dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9
    C:
    S: 235 2.7.0 Authentication successful
    C: QUIT
    S: 221 bye
  )");
}

TEST(SmtpScram, Rfc7677) {
  expect(user_pencil("rOprNGfwEbeRWgbNEkqO"), R"(
    S: 220 foo.com
    C: EHLO client.example
    S: 250-foo.com
    S: 250 AUTH PLAIN SCRAM-SHA-1 SCRAM-SHA-256
    C: AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=
    S: 334 cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTY=
    C: Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD1kSHpiWmFwV0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQ==
    S: 334 dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ==
    C:
    S: 235 2.7.0 Authentication successful
    C: QUIT
    S: 221 bye
  )");
}

// RFC 5802 section 6: "y" is for whoever could bind and was offered nothing to bind by; the server refuses it if it has offered that.
TEST(SmtpScram, WhoeverPassesPlusOverDoesNotSayThatItWasNotOffered) {
  for (const auto& [offered, flag] : {std::pair{"SCRAM-SHA-256-PLUS SCRAM-SHA-256", "n,,"}, {"SCRAM-SHA-256", "y,,"}}) {
    ClientSettings settings = user_pencil("rOprNGfwEbeRWgbNEkqO");
    settings.implicit_tls = true;
    settings.mechanism = sasl::Mechanism::scram_sha_256;
    ClientSession session(settings, nine_o_clock);
    TlsFacts facts;
    facts.bindings = {{"tls-exporter", std::string(32, '\x07')}};
    session.tls_established(facts);
    session.receive("220 a\r\n", nine_o_clock);
    EXPECT_EQ(session.take_output(), "EHLO client.example\r\n");
    session.receive(std::string("250-a\r\n250 AUTH ") + offered + "\r\n", nine_o_clock);
    const std::string said = session.take_output();
    ASSERT_TRUE(said.starts_with("AUTH SCRAM-SHA-256 ")) << said;
    EXPECT_EQ(base64_decode(said.substr(19, said.size() - 21)).value_or("").substr(0, 3), flag);
  }
}

TEST(SmtpScram, AServerThatProvesNothingIsNotBelieved) {
  // It says yes at once; it says yes before it has proved itself; it proves something else.
  expect(user_pencil("fyko+d2lbbFgONRv9qkxdawL"), R"(
    S: 220 foo.com
    C: EHLO client.example
    S: 250-foo.com
    S: 250 AUTH SCRAM-SHA-1
    C: AUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
    S: 235 2.7.0 Welcome
    X: closed
  )", "The server said yes without proving that it knows the password");
  expect(user_pencil("fyko+d2lbbFgONRv9qkxdawL"), R"(
    S: 220 foo.com
    C: EHLO client.example
    S: 250-foo.com
    S: 250 AUTH SCRAM-SHA-1
    C: AUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
    S: 334 cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==
    C: Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9djBYOHYzQnoyVDBDSkdiSlF5RjBYK0hJNFRzPQ==
    S: 235 2.7.0 Welcome
    X: closed
  )", "The server said yes without proving that it knows the password");
  expect(user_pencil("fyko+d2lbbFgONRv9qkxdawL"), R"(
    S: 220 foo.com
    C: EHLO client.example
    S: 250-foo.com
    S: 250 AUTH SCRAM-SHA-1
    C: AUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM
    S: 334 cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhiZjkyLGk9NDA5Ng==
    C: Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9djBYOHYzQnoyVDBDSkdiSlF5RjBYK0hJNFRzPQ==
    S: 334 dj1BQUFBcHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9
    C: *
    S: 501 5.7.0 Cancelled
    X: closed
  )", "The server's challenge could not be answered: verifier expected; 501 5.7.0 Cancelled");
}

}  // namespace
}  // namespace glasspost::smtp
