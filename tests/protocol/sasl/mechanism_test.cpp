#include "protocol/sasl/mechanism.h"

#include <gtest/gtest.h>

#include <map>

namespace glasspost::sasl {
namespace {

using namespace std::string_literals;

Attempt attempt_in(const ServerStep& step) {
  EXPECT_TRUE(std::holds_alternative<Attempt>(step));
  return std::holds_alternative<Attempt>(step) ? std::get<Attempt>(step) : Attempt{};
}
std::string challenge_in(const ServerStep& step) {
  EXPECT_TRUE(std::holds_alternative<Challenge>(step));
  return std::holds_alternative<Challenge>(step) ? std::get<Challenge>(step).octets : "no challenge";
}
bool is_error(const ServerStep& step) { return std::holds_alternative<Error>(step); }

TEST(SaslNames, AreFoundInAnyCase) {
  EXPECT_EQ(mechanism_named("cram-md5"), Mechanism::cram_md5);
  EXPECT_EQ(mechanism_named("Plain"), Mechanism::plain);
  EXPECT_FALSE(mechanism_named("PLAIN2"));
  EXPECT_FALSE(mechanism_named(""));
}

// RFC 4616 section 4
TEST(Plain, ExamplesOfRfc4616) {
  const Attempt tim = attempt_in(ServerExchange(Mechanism::plain).start("\0tim\0tanstaaftanstaaf"s));
  EXPECT_EQ(tim.identity, "tim");
  EXPECT_EQ(tim.authorize_as, "");
  EXPECT_TRUE(tim.proves("tanstaaftanstaaf"));
  EXPECT_FALSE(tim.proves("tanstaaftanstaaF"));

  ServerExchange exchange(Mechanism::plain);
  EXPECT_EQ(challenge_in(exchange.start(std::nullopt)), "");
  const Attempt kurt = attempt_in(exchange.step("Ursel\0Kurt\0xipj3plmq"s));
  EXPECT_EQ(kurt.authorize_as, "Ursel");
  EXPECT_EQ(kurt.identity, "Kurt");
  EXPECT_TRUE(kurt.proves("xipj3plmq"));
}

TEST(Plain, MalformedMessagesAreMistakes) {
  for (const std::string& bad : {""s, "tim"s, "tim\0secret"s, "\0\0secret"s, "\0tim\0"s, "\0tim\0a\0b"s})
    EXPECT_TRUE(is_error(ServerExchange(Mechanism::plain).start(bad))) << bad;
}

TEST(Plain, BothSidesMeet) {
  ClientExchange client(Mechanism::plain, "alice", "correct horse");
  EXPECT_TRUE(attempt_in(ServerExchange(Mechanism::plain).start(*client.initial_response())).proves("correct horse"));
}

TEST(Login, AsksForTheNameThenForThePassword) {
  ServerExchange server(Mechanism::login);
  ClientExchange client(Mechanism::login, "alice", "correct horse");
  EXPECT_FALSE(client.initial_response());
  const std::string first = challenge_in(server.start(std::nullopt));
  EXPECT_EQ(first, "Username:");
  const std::string second = challenge_in(server.step(*client.step(first)));
  EXPECT_EQ(second, "Password:");
  const Attempt attempt = attempt_in(server.step(*client.step(second)));
  EXPECT_EQ(attempt.identity, "alice");
  EXPECT_TRUE(attempt.proves("correct horse"));
  EXPECT_FALSE(client.step("More:"));
}

TEST(Login, TakesTheNameWithTheCommand) {
  ServerExchange server(Mechanism::login);
  EXPECT_EQ(challenge_in(server.start("alice")), "Password:");
  EXPECT_EQ(attempt_in(server.step("x")).identity, "alice");
}

// RFC 2195 section 2
TEST(CramMd5, ExampleOfRfc2195) {
  const std::string challenge = "<1896.697170952@postoffice.reston.mci.net>";
  ServerExchange server(Mechanism::cram_md5, challenge);
  EXPECT_EQ(challenge_in(server.start(std::nullopt)), challenge);
  ClientExchange client(Mechanism::cram_md5, "tim", "tanstaaftanstaaf");
  const auto answer = client.step(challenge);
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, "tim b913a602c7eda7a495b4e6e7334d3890");
  const Attempt attempt = attempt_in(server.step(*answer));
  EXPECT_EQ(attempt.identity, "tim");
  EXPECT_TRUE(attempt.proves("tanstaaftanstaaf"));
  EXPECT_FALSE(attempt.proves("tanstaaf"));
}

TEST(CramMd5, UserNamesMayHoldSpacesAndDigestsMayBeInCapitals) {
  ServerExchange server(Mechanism::cram_md5, "<1@x>");
  server.start(std::nullopt);
  std::string digest = cram_md5_digest("<1@x>", "pw");
  for (char& c : digest) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const Attempt attempt = attempt_in(server.step("a b " + digest));
  EXPECT_EQ(attempt.identity, "a b");
  EXPECT_TRUE(attempt.proves("pw"));
}

TEST(CramMd5, AnAnswerBeforeTheQuestionAndMalformedAnswersAreMistakes) {
  EXPECT_TRUE(is_error(ServerExchange(Mechanism::cram_md5, "<1@x>").start("tim 00")));
  for (const std::string bad : {"", "tim", "tim ", " b913a602c7eda7a495b4e6e7334d3890", "tim b913a602c7eda7a495b4e6e7334d389",
                                "tim b913a602c7eda7a495b4e6e7334d389x"}) {
    ServerExchange server(Mechanism::cram_md5, "<1@x>");
    server.start(std::nullopt);
    EXPECT_TRUE(is_error(server.step(bad))) << bad;
  }
}

class Passwords final : public Credentials {
 public:
  std::map<std::string, std::string, std::less<>> known;
  std::optional<std::string> password_of(std::string_view user) const override {
    const auto found = known.find(user);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  }
};

TEST(Verify, WantsAKnownUserTheRightPasswordAndNoOtherIdentity) {
  Passwords passwords;
  passwords.known = {{"alice", "correct horse"}, {"nobody", ""}};
  const auto tries = [&](std::string as, std::string user, std::string password) {
    return verify(passwords, Attempt{Mechanism::plain, user, as, password, "", ""});
  };
  EXPECT_TRUE(tries("", "alice", "correct horse"));
  EXPECT_TRUE(tries("alice", "alice", "correct horse"));
  EXPECT_FALSE(tries("bob", "alice", "correct horse"));
  EXPECT_FALSE(tries("", "alice", "wrong"));
  EXPECT_FALSE(tries("", "alice", ""));
  EXPECT_FALSE(tries("", "eve", "an unknown user takes as long as a wrong password"));
  EXPECT_FALSE(tries("", "nobody", ""));  // an account without a password is closed, not open
}

TEST(Verify, AnEmptyPasswordNeverProvesAnything) {
  Attempt cram{Mechanism::cram_md5, "nobody", "", "", "<1@x>", cram_md5_digest("<1@x>", "")};
  EXPECT_FALSE(cram.proves(""));
  EXPECT_FALSE(apop_proves("<1@x>", apop_digest("<1@x>", ""), ""));
}

// RFC 1939 section 7
TEST(Apop, ExampleOfRfc1939) {
  EXPECT_EQ(apop_digest("<1896.697170952@dbc.mtview.ca.us>", "tanstaaf"), "c4c9334bac560ecc979e58001b3e22fb");
  EXPECT_TRUE(apop_proves("<1896.697170952@dbc.mtview.ca.us>", "c4c9334bac560ecc979e58001b3e22fb", "tanstaaf"));
  EXPECT_FALSE(apop_proves("<1896.697170952@dbc.mtview.ca.us>", "c4c9334bac560ecc979e58001b3e22fb", "tanstaaF"));
}

}  // namespace
}  // namespace glasspost::sasl
