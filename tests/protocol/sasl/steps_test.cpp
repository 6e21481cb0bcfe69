// How an answer comes about, step by step: the values between are those that the RFCs' examples lead over.
#include "protocol/sasl/steps.h"

#include <gtest/gtest.h>

#include "protocol/base/text.h"

namespace glasspost::sasl {
namespace {

// "name origin formula = octets", words as they are, octets in hexadecimal.
std::string told(const std::vector<CalculationStep>& steps) {
  std::string out;
  for (const CalculationStep& step : steps)
    out += std::string(name_of(step.what)) + (step.secret ? " (secret) " : " ") + std::string(name_of(step.origin)) +
           (step.formula.empty() ? "" : " " + step.formula) + " = " + (step.is_text ? step.octets : hex(step.octets)) + "\n";
  return out;
}

// RFC 2195 section 2
TEST(Steps, CramMd5OfRfc2195) {
  EXPECT_EQ(told(cram_steps("<1896.697170952@postoffice.reston.mci.net>", "tim", "tanstaaftanstaaf")),
            "challenge server = <1896.697170952@postoffice.reston.mci.net>\n"
            "user client = tim\n"
            "password (secret) known = tanstaaftanstaaf\n"
            "digest (secret) computed HMAC-MD5(password, challenge) = b913a602c7eda7a495b4e6e7334d3890\n"
            "answer (secret) computed user SP hex(digest) = tim b913a602c7eda7a495b4e6e7334d3890\n");
}

// RFC 5802 section 5. The values in between are not in the RFC; they were computed with Python's hashlib and hmac.
TEST(Steps, ScramOfRfc5802) {
  const auto steps = scram_steps(Mechanism::scram_sha_1, "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
                                 "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", "pencil");
  ASSERT_TRUE(steps);
  EXPECT_EQ(told(*steps),
            "gs2-header client = n,,\n"
            "user client = user\n"
            "client-nonce client = fyko+d2lbbFgONRv9qkxdawL\n"
            "server-nonce server = 3rfcNHYJY1ZVvWVs7j\n"
            "salt server = 4125c247e43ab1e93c6dff76\n"
            "i server = 4096\n"
            "AuthMessage computed client-first-bare \",\" server-first \",\" client-final-without-proof = "
            "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096,"
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j\n"
            "password (secret) known = pencil\n"
            "SaltedPassword (secret) computed Hi(password, salt, 4096) = 1d96ee3a529b5a5f9e47c01f229a2cb8a6e15f7d\n"
            "ClientKey (secret) computed HMAC(SaltedPassword, \"Client Key\") = e234c47bf6c36696dd6d852b99aaa2ba26555728\n"
            "StoredKey (secret) computed H(ClientKey) = e9d94660c39d65c38fbad91c358f14da0eef2bd6\n"
            "ClientSignature (secret) computed HMAC(StoredKey, AuthMessage) = 5d7138c486b0bfabdf49e3e2da8bd6e5c79db613\n"
            "ClientProof (secret) computed ClientKey XOR ClientSignature = bf45fcbf7073d93d022466c94321745fe1c8e13b\n"
            "answer (secret) computed c=…,r=…,p=base64(ClientProof) = "
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=\n"
            "ServerKey (secret) computed HMAC(SaltedPassword, \"Server Key\") = 0fe09258b3ac852ba502cc62ba903eaacdbf7d31\n"
            "ServerSignature (secret) computed HMAC(ServerKey, AuthMessage) = ae617da6a57c4bbb2e0286568dae1d251905b0a4\n"
            "server-final (secret) computed v=base64(ServerSignature) = v=rmF9pqV8S7suAoZWja4dJRkFsKQ=\n");
}

// RFC 7677 section 3: the messages are the RFC's, word by word.
TEST(Steps, ScramSha256OfRfc7677) {
  const auto steps = scram_steps(Mechanism::scram_sha_256, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
                                 "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "pencil");
  ASSERT_TRUE(steps);
  const auto value = [&](Quantity what) -> std::string {
    for (const CalculationStep& step : *steps)
      if (step.what == what) return step.octets;
    return "there is none";
  };
  EXPECT_EQ(value(Quantity::answer),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  EXPECT_EQ(value(Quantity::server_message), "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  EXPECT_EQ(value(Quantity::server_nonce), "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
}

TEST(Steps, WithoutAPasswordOnlyWhatTheMessagesSay) {
  const auto steps = scram_steps(Mechanism::scram_sha_256, "y,a=boss,n=user,r=abc", "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "");
  ASSERT_TRUE(steps);
  EXPECT_EQ(steps->size(), 7u);
  for (const CalculationStep& step : *steps) EXPECT_FALSE(step.secret);
  EXPECT_FALSE(scram_steps(Mechanism::scram_sha_256, "n,,n=user,r=abc", "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", ""));
  EXPECT_FALSE(scram_steps(Mechanism::scram_sha_256, "n,,n=user,r=abc", "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4000000", "x"));
  EXPECT_FALSE(scram_steps(Mechanism::plain, "n,,n=user,r=abc", "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", ""));
}

TEST(Steps, PartsOfAMessage) {
  EXPECT_EQ(told(message_parts("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL")), "gs2-header client = n,,\nuser client = user\nclient-nonce client = fyko+d2lbbFgONRv9qkxdawL\n");
  EXPECT_EQ(told(message_parts("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096")),
            "server-nonce server = fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j\nsalt server = 4125c247e43ab1e93c6dff76\ni server = 4096\n");
  EXPECT_EQ(told(message_parts("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")),
            "gs2-header client = n,,\nserver-nonce client = fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j\n"
            "ClientProof (secret) client = bf45fcbf7073d93d022466c94321745fe1c8e13b\n");
  EXPECT_EQ(told(message_parts("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")), "ServerSignature (secret) server = ae617da6a57c4bbb2e0286568dae1d251905b0a4\n");
  EXPECT_EQ(told(message_parts("<1896.697170952@postoffice.reston.mci.net>")), "challenge server = <1896.697170952@postoffice.reston.mci.net>\n");
  EXPECT_TRUE(message_parts("Username:").empty());
  EXPECT_TRUE(message_parts("").empty());
}

}  // namespace
}  // namespace glasspost::sasl
