// SCRAM: the examples of RFC 5802 section 5 and RFC 7677 section 3, and what each side refuses.
#include "protocol/sasl/scram.h"

#include <gtest/gtest.h>

#include <map>

#include "protocol/base/text.h"
#include "protocol/sasl/mechanism.h"

namespace glasspost::sasl {
namespace {

using namespace std::string_literals;

struct Example {
  Mechanism mechanism;
  std::string client_nonce, server_nonce, salt, client_first, server_first, client_final, server_final;
};
const Example rfc5802{Mechanism::scram_sha_1, "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92",
                      "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
                      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                      "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                      "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="};
const Example rfc7677{Mechanism::scram_sha_256, "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "W22ZaJ0SNY7soEsUEjb6gQ==",
                      "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
                      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                      "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="};

class Scram : public ::testing::TestWithParam<const Example*> {};
INSTANTIATE_TEST_SUITE_P(Rfcs, Scram, ::testing::Values(&rfc5802, &rfc7677));

TEST_P(Scram, TheClientSaysTheExamplesWords) {
  const Example& example = *GetParam();
  ClientExchange client(example.mechanism, "user", "pencil", {.nonce = example.client_nonce});
  EXPECT_EQ(client.initial_response(), example.client_first);
  EXPECT_EQ(client.step(""), example.client_first);
  EXPECT_EQ(client.step(example.server_first), example.client_final);
  EXPECT_FALSE(client.is_satisfied());  // a server that says yes now has proved nothing
  EXPECT_EQ(client.step(example.server_final), "");
  EXPECT_TRUE(client.is_satisfied());
  EXPECT_FALSE(client.step(example.server_final));
}

TEST_P(Scram, TheServerSideOfTheExampleIsProved) {
  const Example& example = *GetParam();
  const auto first = scram::parse_client_first(example.client_first);
  const auto server = scram::parse_server_first(example.server_first);
  const auto final = scram::parse_client_final(example.client_final);
  ASSERT_TRUE(first && server && final);
  EXPECT_EQ(first->user, "user");
  EXPECT_EQ(first->nonce, example.client_nonce);
  EXPECT_EQ(server->nonce, example.client_nonce + example.server_nonce);
  EXPECT_EQ(base64_encode(server->salt), example.salt);
  EXPECT_EQ(scram::to_text(*server), example.server_first);
  EXPECT_EQ(final->binding, "n,,");
  Attempt attempt;
  attempt.mechanism = example.mechanism;
  attempt.identity = "user";
  attempt.challenge = server->salt;
  attempt.iterations = server->iterations;
  attempt.digest = final->proof;
  attempt.auth_message = first->bare + "," + example.server_first + "," + final->without_proof;
  EXPECT_TRUE(attempt.proves("pencil"));
  EXPECT_FALSE(attempt.proves("Pencil"));
  EXPECT_FALSE(attempt.proves(""));
  EXPECT_EQ("v=" + base64_encode(scram::proofs(*scram_hash(example.mechanism), "pencil", server->salt, server->iterations, attempt.auth_message).server),
            example.server_final);
}

// What is cut off anywhere is a mistake, or says no more than it says; and so is what trails.
TEST_P(Scram, MessagesCutShortOrTooLong) {
  const Example& example = *GetParam();
  for (std::size_t size = 0; size < example.client_first.size(); ++size)
    if (const auto cut = scram::parse_client_first(std::string_view(example.client_first).substr(0, size))) {
      EXPECT_TRUE(example.client_nonce.starts_with(cut->nonce));
    }
  for (std::size_t size = 0; size < example.client_final.size(); ++size)
    if (const auto cut = scram::parse_client_final(std::string_view(example.client_final).substr(0, size))) {
      EXPECT_LT(cut->proof.size(), scram::parse_client_final(example.client_final)->proof.size());
    }
  EXPECT_FALSE(scram::parse_client_final(example.client_final + "x"));
  EXPECT_FALSE(scram::parse_client_final(example.client_final + ",x=1"));
  EXPECT_FALSE(scram::parse_client_first(example.client_first + ",1"));
  EXPECT_TRUE(scram::parse_client_first(example.client_first + ",x=an extension"));
  EXPECT_FALSE(scram::parse_server_first(example.server_first + "x"));
  EXPECT_FALSE(scram::parse_server_final(example.server_final + "x"));
}

TEST(ScramGrammar, SaysWhereItWentWrong) {
  const auto wrong = [](std::string_view message) {
    const auto parsed = scram::parse_client_first(message);
    EXPECT_FALSE(parsed) << message;
    return parsed ? std::string() : std::to_string(parsed.error().offset) + " " + parsed.error().expected;
  };
  EXPECT_EQ(wrong(""), "0 gs2-cbind-flag");
  EXPECT_EQ(wrong("x,,n=u,r=1"), "0 gs2-cbind-flag");
  EXPECT_EQ(wrong("p=,,n=u,r=1"), "2 cb-name");
  EXPECT_EQ(wrong("n,a=,n=u,r=1"), "4 saslname");
  EXPECT_EQ(wrong("n,,n=,r=1"), "5 saslname");
  EXPECT_EQ(wrong("n,,n=a=2Db,r=1"), "6 saslname");
  EXPECT_EQ(wrong("n,,n=u"), "6 \",\"");
  EXPECT_EQ(wrong("n,,n=u,r="), "9 nonce");
  EXPECT_EQ(wrong("n,,m=x,n=u,r=1"), "3 no mandatory extension");
  EXPECT_EQ(wrong("n,,n=u,r=1,m=x"), "11 no mandatory extension");
  EXPECT_EQ(scram::parse_client_first("n,a=o=2Cp,n=a=3Db,r=1")->user, "a=b");
  EXPECT_EQ(scram::parse_client_first("n,a=o=2Cp,n=a=3Db,r=1")->authorize_as, "o,p");
  EXPECT_EQ(scram::saslname("a=b,c"), "a=3Db=2Cc");
  EXPECT_FALSE(scram::parse_server_first("r=1,s=QSXCR+Q6sek8bf92,i=0"));
  EXPECT_FALSE(scram::parse_server_first("r=1,s=QSXCR+Q6sek8bf92,i=99999999999"));
  EXPECT_FALSE(scram::parse_server_first("r=1,s=,i=1"));
  EXPECT_EQ(scram::parse_server_final("e=invalid-proof")->error, "invalid-proof");
}

class Pencils final : public Credentials {
 public:
  std::optional<std::string> password_of(std::string_view user) const override {
    return user == "user" ? std::optional<std::string>("pencil") : std::nullopt;
  }
  std::optional<std::string> user_of_token(std::string_view token) const override {
    return token == "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==" ? std::optional<std::string>("user@example.com") : std::nullopt;
  }
};

ServerGround ground() {
  ServerGround out;
  out.nonce = "3rfcNHYJY1ZVvWVs7j";
  out.salt_seed = "the office's own";
  return out;
}
const ChannelBinding exporter{"tls-exporter", std::string(32, '\x07')};

struct Outcome {
  bool server_says_yes = false, client_believes = false;
  std::string failed;
};
// Both sides, step by step.
Outcome meet(Mechanism mechanism, ServerGround server_knows, ClientGround client_knows, std::string password = "pencil", std::string user = "user") {
  ServerExchange server(mechanism, std::move(server_knows));
  ClientExchange client(mechanism, std::move(user), std::move(password), std::move(client_knows));
  ServerStep step = server.start(client.initial_response());
  static_cast<void>(client.step(""));
  while (const auto* challenge = std::get_if<Challenge>(&step)) {
    const auto answer = client.step(challenge->octets);
    if (!answer) return {false, false, "client: " + answer.error().expected};
    step = server.step(*answer);
  }
  if (const auto* error = std::get_if<Error>(&step)) return {false, false, "server: " + error->expected};
  const Verdict verdict = verify(Pencils(), std::get<Attempt>(step));
  if (const auto last = server.last_word(verdict)) {
    const auto answer = client.step(last->octets);
    if (!answer) return {false, false, "client: " + answer.error().expected};
    return {verdict.good && server.confirms(*answer), client.is_satisfied(), {}};
  }
  return {verdict.good, client.is_satisfied(), {}};
}

TEST(ScramExchange, BothSidesMeet) {
  for (const Mechanism mechanism : {Mechanism::scram_sha_1, Mechanism::scram_sha_256}) {
    const Outcome good = meet(mechanism, ground(), {.nonce = "abc"});
    EXPECT_TRUE(good.server_says_yes && good.client_believes) << good.failed;
    const Outcome wrong = meet(mechanism, ground(), {.nonce = "abc"}, "pen");
    EXPECT_FALSE(wrong.server_says_yes || wrong.client_believes);
    const Outcome unknown = meet(mechanism, ground(), {.nonce = "abc"}, "pencil", "nobody");
    EXPECT_FALSE(unknown.server_says_yes || unknown.client_believes);
  }
}

TEST(ScramExchange, PlusHoldsForOneConnectionOnly) {
  ServerGround bound = ground();
  bound.bindings = {exporter};
  bound.offers_binding = true;
  for (const Mechanism mechanism : {Mechanism::scram_sha_1_plus, Mechanism::scram_sha_256_plus}) {
    const Outcome good = meet(mechanism, bound, {.nonce = "abc", .binding = exporter});
    EXPECT_TRUE(good.server_says_yes && good.client_believes) << good.failed;
    // Somebody in the middle has another connection with each of them.
    EXPECT_EQ(meet(mechanism, bound, {.nonce = "abc", .binding = ChannelBinding{"tls-exporter", std::string(32, '\x08')}}).failed,
              "server: channel-binding");
    EXPECT_EQ(meet(mechanism, bound, {.nonce = "abc", .binding = ChannelBinding{"tls-unique", exporter.data}}).failed, "server: cb-name");
  }
}

// RFC 5802 section 6: "y" tells a server that offered -PLUS that somebody took the offer away.
TEST(ScramExchange, ADowngradeIsRefused) {
  ServerGround bound = ground();
  bound.bindings = {exporter};
  bound.offers_binding = true;
  EXPECT_EQ(meet(Mechanism::scram_sha_256, bound, {.nonce = "abc", .binding = exporter}).failed, "server: gs2-cbind-flag");
  EXPECT_TRUE(meet(Mechanism::scram_sha_256, bound, {.nonce = "abc"}).server_says_yes);  // "n": it cannot bind
  bound.offers_binding = false;
  EXPECT_TRUE(meet(Mechanism::scram_sha_256, bound, {.nonce = "abc", .binding = exporter}).server_says_yes);
  const auto begin = [&](Mechanism mechanism, std::string_view first) {
    ServerExchange server(mechanism, bound);
    return std::holds_alternative<Challenge>(server.start(first));
  };
  EXPECT_FALSE(begin(Mechanism::scram_sha_256, "p=tls-exporter,,n=user,r=abc"));
  EXPECT_FALSE(begin(Mechanism::scram_sha_256_plus, "n,,n=user,r=abc"));
  EXPECT_FALSE(begin(Mechanism::scram_sha_256_plus, "y,,n=user,r=abc"));
  EXPECT_TRUE(begin(Mechanism::scram_sha_256_plus, "p=tls-exporter,,n=user,r=abc"));
}

TEST(ScramExchange, TheClientTakesNotEverything) {
  const auto answers = [](std::string_view server_first) {
    ClientExchange client(Mechanism::scram_sha_1, "user", "pencil", {.nonce = rfc5802.client_nonce});
    static_cast<void>(client.step(""));
    const auto answer = client.step(server_first);
    return answer ? "an answer"s : answer.error().expected;
  };
  EXPECT_EQ(answers(rfc5802.server_first), "an answer");
  EXPECT_EQ(answers("r=anotherNonce,s=QSXCR+Q6sek8bf92,i=4096"), "nonce");
  EXPECT_EQ(answers("r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096"), "nonce");  // nothing of its own behind ours
  EXPECT_EQ(answers("r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=1"), "iteration-count");
  EXPECT_EQ(answers("r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=4000000000"), "iteration-count");
  ClientExchange client(Mechanism::scram_sha_1, "user", "pencil", {.nonce = rfc5802.client_nonce});
  static_cast<void>(client.step(""));
  static_cast<void>(client.step(rfc5802.server_first));
  EXPECT_EQ(client.step("v=AAAApqV8S7suAoZWja4dJRkFsKQ=").error().expected, "verifier");
  EXPECT_FALSE(client.is_satisfied());
}

// A salt tells nobody whether the user exists, and is the same the next time.
TEST(ScramExchange, UnknownUsersHaveSaltsToo) {
  const auto salt_of = [](std::string_view user) {
    ServerExchange server(Mechanism::scram_sha_256, ground());
    const ServerStep step = server.start("n,,n=" + std::string(user) + ",r=abc");
    return scram::parse_server_first(std::get<Challenge>(step).octets)->salt;
  };
  EXPECT_EQ(salt_of("nobody"), salt_of("nobody"));
  EXPECT_NE(salt_of("nobody"), salt_of("user"));
  EXPECT_EQ(salt_of("user").size(), 16u);
}

// RFC 7628 section 4.1, its OAUTHBEARER message; the token's octets are those of the RFC.
TEST(Tokens, ExampleOfRfc7628) {
  const std::string message =
      "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01" "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01";
  ServerExchange server(Mechanism::oauthbearer, ServerGround{});
  const ServerStep step = server.start(message);
  ASSERT_TRUE(std::holds_alternative<Attempt>(step));
  const Attempt& attempt = std::get<Attempt>(step);
  EXPECT_EQ(attempt.identity, "user@example.com");
  EXPECT_EQ(attempt.password, "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
  const Verdict verdict = verify(Pencils(), attempt);
  EXPECT_TRUE(verdict.good);
  EXPECT_EQ(verdict.identity, "user@example.com");
  EXPECT_FALSE(server.last_word(verdict));
  ClientExchange client(Mechanism::oauthbearer, "user@example.com", attempt.password, {.host = "server.example.com", .port = 143});
  EXPECT_EQ(client.initial_response(), message);
}

TEST(Tokens, AWrongOneIsToldWhy) {
  for (const Mechanism mechanism : {Mechanism::oauthbearer, Mechanism::xoauth2}) {
    ServerExchange server(mechanism, ServerGround{});
    ClientExchange client(mechanism, "user@example.com", "expired");
    const ServerStep step = server.start(client.initial_response());
    static_cast<void>(client.step(""));
    ASSERT_TRUE(std::holds_alternative<Attempt>(step));
    const auto last = server.last_word(verify(Pencils(), std::get<Attempt>(step)));
    ASSERT_TRUE(last);
    EXPECT_EQ(client.step(last->octets), mechanism == Mechanism::oauthbearer ? "\x01" : "");
    EXPECT_EQ(client.reason(), R"({"status":"invalid_token","schemes":"bearer","scope":"mail"})");
  }
  for (const std::string& bad : {""s, "user=x"s, "user=\x01" "auth=Bearer t\x01\x01"s, "user=x\x01" "auth=Bearer t\x01"s, "user=x\x01" "auth=Basic t\x01\x01"s})
    EXPECT_TRUE(std::holds_alternative<Error>(ServerExchange(Mechanism::xoauth2, ServerGround{}).start(bad))) << bad;
  for (const std::string& bad : {""s, "\x01"s, "n,,"s, "n,,\x01" "auth=Bearer t\x01"s, "p=tls-unique,,\x01" "auth=Bearer t\x01\x01"s, "n,,\x01" "auth=Bearer \x01\x01"s})
    EXPECT_TRUE(std::holds_alternative<Error>(ServerExchange(Mechanism::oauthbearer, ServerGround{}).start(bad))) << bad;
}

TEST(External, TheCertificateSaysWhoItIs) {
  ServerGround known;
  known.certificate_names = {"stranger", "user"};
  const auto logs_in_as = [&](std::string_view wish) {
    const ServerStep step = ServerExchange(Mechanism::external, known).start(wish);
    const auto* attempt = std::get_if<Attempt>(&step);
    return attempt ? verify(Pencils(), *attempt).identity : "no attempt";
  };
  EXPECT_EQ(logs_in_as(""), "user");
  EXPECT_EQ(logs_in_as("user"), "user");
  EXPECT_EQ(logs_in_as("stranger"), "");
  EXPECT_EQ(logs_in_as("somebody else"), "");
  known.certificate_names.clear();
  EXPECT_EQ(logs_in_as("user"), "no attempt");
}

TEST(Choice, KeepsPasswordsOffTheWire) {
  const std::vector<std::string> all = {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "GSSAPI"};
  const auto name = [&](Choice choice) { return std::string(name_of(choose_mechanism(all, choice).value())); };
  EXPECT_EQ(name({.sealed = true}), "PLAIN");
  EXPECT_EQ(name({.sealed = true, .strongest = true}), "PLAIN");  // no nonce
  EXPECT_EQ(name({.sealed = true, .strongest = true, .has_nonce = true}), "SCRAM-SHA-256");
  EXPECT_EQ(name({.sealed = true, .strongest = true, .has_nonce = true, .can_bind = true}), "SCRAM-SHA-256-PLUS");
  EXPECT_EQ(name({.has_nonce = true}), "SCRAM-SHA-256");
  EXPECT_EQ(name({}), "CRAM-MD5");
  EXPECT_FALSE(choose_mechanism({"PLAIN", "LOGIN"}, {}));
  EXPECT_EQ(choose_mechanism({"PLAIN"}, {.in_clear_too = true}), Mechanism::plain);
}

TEST(ServerProof, IsKnownByItsBeginning) {
  EXPECT_TRUE(is_server_proof(base64_encode(rfc5802.server_final)));
  EXPECT_TRUE(is_server_proof(base64_encode(rfc7677.server_final)));
  EXPECT_FALSE(is_server_proof(base64_encode(rfc7677.server_first)));
  EXPECT_FALSE(is_server_proof("VXNlcm5hbWU6"));
  EXPECT_FALSE(is_server_proof(""));
}

TEST(Unpredictable, FitsIntoAMessageAndIsNeverTheSame) {
  const std::string one = unpredictable(18);
  EXPECT_EQ(one.size(), 24u);
  EXPECT_EQ(one.find_first_of(",= "), one.npos);
  EXPECT_NE(one, unpredictable(18));
}

}  // namespace
}  // namespace glasspost::sasl
