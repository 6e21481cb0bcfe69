#include "protocol/tls/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/protocol/tls/tls_world.h"

namespace glasspost::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Certificate, PemGoesOutAndComesBack) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::p256}) {
    const TlsWorld world(7, kind);
    const CertificateAuthority intermediate = world.authority.intermediate("Middle", valid);
    const Identity identity = intermediate.issue({"mail.example.com", "127.0.0.1", "::1"}, valid);
    EXPECT_THAT(identity.certificates_pem(), StartsWith("-----BEGIN CERTIFICATE-----\n"));
    EXPECT_THAT(identity.key_pem(), StartsWith("-----BEGIN PRIVATE KEY-----\n"));
    const auto again = Identity::from_pem(world.library, identity.certificates_pem(), identity.key_pem());
    ASSERT_TRUE(again) << again.error();
    ASSERT_EQ(again->facts().size(), 2u);
    EXPECT_EQ(again->facts()[0].fingerprint, identity.facts()[0].fingerprint);
    EXPECT_EQ(again->facts()[0].names, (std::vector<std::string>{"mail.example.com", "127.0.0.1", "::1"}));
    EXPECT_EQ(again->facts()[0].not_before, valid.not_before);
    EXPECT_EQ(again->facts()[0].not_after, valid.not_after);
    EXPECT_EQ(again->facts()[1].subject, "Middle");
  }
}

TEST(Certificate, TheSameSeedMakesTheSameCertificate) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::p256}) {
    const auto pem = [kind](std::uint64_t seed) {
      return TlsWorld(seed, kind).authority.issue({"a.example"}, valid).certificates_pem();
    };
    EXPECT_EQ(pem(1), pem(1));
    EXPECT_NE(pem(1), pem(2));
  }
  const TlsWorld real(std::nullopt);
  EXPECT_NE(real.authority.issue({"a.example"}, valid).certificates_pem(),
            real.authority.issue({"a.example"}, valid).certificates_pem());
}

TEST(Certificate, ANameIsNoConfigurationText) {
  const TlsWorld world;
  const std::string name = "evil.example,DNS:bank.example";
  EXPECT_EQ(world.authority.issue({name}, valid).facts()[0].names, std::vector<std::string>{name});
}

TEST(Certificate, FilesThatCannotBeUsed) {
  const TlsWorld world;
  const Identity one = world.authority.issue({"one.example"}, valid),
                 two = world.authority.issue({"two.example"}, valid);
  const auto why = [&](std::string_view certificates, std::string_view key) {
    const auto result = Identity::from_pem(world.library, certificates, key);
    return result ? std::string("taken") : result.error();
  };
  EXPECT_EQ(why("", one.key_pem()), "no certificate in PEM form (-----BEGIN CERTIFICATE-----) was found");
  EXPECT_EQ(why(one.key_pem(), one.key_pem()),
            "no certificate in PEM form (-----BEGIN CERTIFICATE-----) was found");
  EXPECT_EQ(why(one.certificates_pem(), "nothing"),
            "no private key in PEM form (-----BEGIN PRIVATE KEY-----) was found");
  EXPECT_EQ(why(one.certificates_pem(), two.key_pem()),
            "the private key does not belong to the certificate of one.example");
  std::string damaged = one.certificates_pem() + two.certificates_pem();
  damaged[damaged.size() - 80] = '!';
  EXPECT_EQ(why(damaged, one.key_pem()), "certificate number 2 in the file is damaged");
  EXPECT_EQ(why(one.certificates_pem(),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBDDDDDDDDDDDDDDDDDD\n"
                "-----END ENCRYPTED PRIVATE KEY-----\n"),
            "no private key in PEM form (-----BEGIN PRIVATE KEY-----) was found");
  EXPECT_EQ(why(one.certificates_pem(), one.key_pem()), "taken");
}

TEST(Certificate, DerIsReadWholeOrNotAtAll) {
  EXPECT_EQ(certificate_facts("").error().expected, "Certificate");
  EXPECT_EQ(certificate_facts(std::string(400, '0')).error().fault, Fault::syntax);
}

TEST(TlsContext, TrustThatCannotBeRead) {
  const TlsWorld world;
  const auto context = TlsContext::make(world.library, {.trusted_pem = "certificates go here"});
  ASSERT_FALSE(context);
  EXPECT_THAT(context.error(), HasSubstr("no certificate in PEM form"));
  EXPECT_FALSE(world.client()->can_serve());
  EXPECT_TRUE(world.server()->can_serve());
}

TEST(TlsFacts, GoIntoTheTraceAndComeBack) {
  TlsFacts facts{.version = "TLSv1.3",
                 .cipher = "TLS_AES_128_GCM_SHA256",
                 .group = "x25519",
                 .server_name = "a,1:b",
                 .alpn = "",
                 .resumed = true,
                 .verdict = Verdict::expired};
  facts.chain.push_back({.subject = "Ärger\n",
                         .issuer = "",
                         .names = {"a", "", "12:x,"},
                         .not_before = at(1960, 1, 1),
                         .not_after = at(2027, 1, 1),
                         .fingerprint = "7C:19",
                         .octets = 412});
  facts.chain.push_back({});
  const std::string text = encode(facts);
  const auto again = decode_tls_facts(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(encode(*again), text);
  EXPECT_EQ(again->server_name, "a,1:b");
  EXPECT_EQ(again->chain[0].names, facts.chain[0].names);
  EXPECT_EQ(again->chain[0].not_before, at(1960, 1, 1));
  EXPECT_EQ(again->verdict, Verdict::expired);
  EXPECT_TRUE(again->resumed);
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(decode_tls_facts(text.substr(0, size))) << size;
  EXPECT_FALSE(decode_tls_facts(text + "x"));
  EXPECT_FALSE(decode_tls_facts("4294967295:x,"));
}

}  // namespace
}  // namespace glasspost::test
