#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/tls/handshake.h"
#include "protocol/tls/names.h"
#include "protocol/tls/records.h"
#include "tests/protocol/tls/tls_world.h"

namespace glasspost::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string octets(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += char(value);
  return out;
}

std::vector<TlsSaid> handshake_of(TlsVersion version, KeyKind kind = KeyKind::p256,
                                  Wire* wire_out = nullptr) {
  const TlsWorld world(7, kind);
  const auto server_context = world.server();
  const auto client_context = world.client(version);
  TlsEngine client(*client_context, {.server_name = "mail.example.com"}, now);
  TlsEngine server(*server_context, {.role = Side::server}, now);
  Wire wire;
  talk(client, server, wire);
  if (wire_out) *wire_out = wire;
  const auto said = client.said();
  return {said.begin(), said.end()};
}

std::vector<std::string> lines(const TlsDissection& dissection) {
  std::vector<std::string> out;
  for (const TlsField& field : dissection.fields)
    out.push_back(std::string(field.depth * 2u, ' ') + std::string(field.name) +
                  (field.value.empty() ? "" : " = " + field.value));
  return out;
}

void expect_sound(const TlsDissection& dissection, std::string_view text) {
  EXPECT_TRUE(tiles(text, dissection.tokens.all()));
  for (const TlsField& field : dissection.fields) {
    EXPECT_LE(field.span.begin, field.span.end);
    EXPECT_LE(field.span.end, text.size());
    EXPECT_FALSE(field.name.empty());
    EXPECT_THAT(std::string(field.source), StartsWith("RFC "));
  }
}

TEST(TlsDissection, EveryMessageOfARealHandshakeIsUnderstood) {
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3})
    for (const TlsSaid& said : handshake_of(version)) {
      const TlsDissection dissection = dissect_tls_message(said.content_type, said.message);
      EXPECT_FALSE(dissection.problem)
          << dissection.name << " at " << dissection.problem->offset << ": " << dissection.problem->expected;
      EXPECT_NE(dissection.name, "unknown");
      expect_sound(dissection, said.message);
    }
}

TEST(TlsDissection, CutShortAnywhereItSaysWhere) {
  for (const TlsVersion version : {TlsVersion::tls1_2, TlsVersion::tls1_3})
    for (const TlsSaid& said : handshake_of(version, KeyKind::ed25519)) {
      for (std::size_t size = 0; size < said.message.size(); ++size) {
        const std::string_view cut = std::string_view(said.message).substr(0, size);
        const TlsDissection dissection = dissect_tls_message(said.content_type, cut);
        EXPECT_TRUE(dissection.problem) << dissection.name << " " << size;
        expect_sound(dissection, cut);
      }
      const TlsDissection longer = dissect_tls_message(said.content_type, said.message + "x");
      ASSERT_TRUE(longer.problem);
      EXPECT_EQ(longer.problem->offset, said.message.size());
      expect_sound(longer, said.message + "x");
    }
}

TEST(TlsDissection, ClientHelloFieldByField) {
  const TlsSaid hello = handshake_of(TlsVersion::tls1_3).front();
  const auto fields = lines(dissect_tls_message(22, hello.message));
  EXPECT_EQ(fields[0], "msg_type = 0x01 (client_hello)");
  EXPECT_THAT(fields[1], StartsWith("length = "));
  EXPECT_EQ(fields[2], "ClientHello");
  EXPECT_EQ(fields[3], "  legacy_version = 0x0303 (TLS 1.2)");
  EXPECT_THAT(fields[4], StartsWith("  random = "));
  EXPECT_EQ(fields[5], "  length = 32");
  EXPECT_THAT(fields[6], StartsWith("  legacy_session_id = "));
  for (const char* wanted :
       {"    CipherSuite = 0x1301 (TLS_AES_128_GCM_SHA256)", "    CompressionMethod = 0x00 (null)",
        "    Extension = server_name", "      extension_type = 0x0000 (server_name)",
        "          name_type = 0x00 (host_name)", "          HostName = mail.example.com",
        "          NamedGroup = 0x001d (x25519)", "          ProtocolVersion = 0x0304 (TLS 1.3)",
        "          SignatureScheme = 0x0807 (ed25519)", "          group = 0x001d (x25519)"})
    EXPECT_THAT(fields, Contains(wanted)) << ::testing::PrintToString(fields);
}

TEST(TlsDissection, TheServersAnswer) {
  std::vector<std::string> fields;
  for (const TlsSaid& said : handshake_of(TlsVersion::tls1_3))
    if (!said.by_us)
      for (std::string& line : lines(dissect_tls_message(said.content_type, said.message)))
        fields.push_back(std::move(line));
  for (const char* wanted :
       {"  cipher_suite = 0x1301 (TLS_AES_128_GCM_SHA256)", "        selected_version = 0x0304 (TLS 1.3)",
        "        server_share", "    cert_data = mail.example.com, issued by Test Root",
        "  algorithm = 0x0403 (ecdsa_secp256r1_sha256)", "type = 0x01 (change_cipher_spec)"})
    EXPECT_THAT(fields, Contains(wanted)) << ::testing::PrintToString(fields);
  fields.clear();
  for (const TlsSaid& said : handshake_of(TlsVersion::tls1_2))
    for (std::string& line : lines(dissect_tls_message(said.content_type, said.message)))
      fields.push_back(std::move(line));
  for (const char* wanted :
       {"    ASN.1Cert = mail.example.com, issued by Test Root", "  curve_type = 0x03 (named_curve)",
        "  namedcurve = 0x001d (x25519)", "ServerHelloDone", "ClientKeyExchange", "  length = 32"})
    EXPECT_THAT(fields, Contains(wanted)) << ::testing::PrintToString(fields);
}

TEST(TlsDissection, Alerts) {
  const std::string alert = octets({2, 48});
  EXPECT_THAT(lines(dissect_tls_message(21, alert)),
              ElementsAre("level = 0x02 (fatal)", "description = 0x30 (unknown_ca)"));
  EXPECT_EQ(tls_headline(21, alert), "say/tls/Alert");
  EXPECT_EQ(tls_token_name(Role::tls_alert, alert.substr(1)), "unknown_ca");
}

TEST(TlsDissection, NamesOfNumbers) {
  EXPECT_EQ(extension_name(0xff01), "renegotiation_info");
  EXPECT_EQ(cipher_suite_name(0x1a1a), "GREASE");
  EXPECT_EQ(cipher_suite_name(0xfffe), "unknown");
  EXPECT_EQ(group_name(0x11ec), "X25519MLKEM768");
  EXPECT_EQ(tls_token_name(Role::tls_cipher_suite, octets({0x13, 0x01})), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(tls_token_name(Role::tls_random, octets({1, 2})), "");
}

// RFC 8446 section 4.1.4
TEST(TlsDissection, AHelloRetryRequestIsTold) {
  std::string body = octets({3, 3}) +
                     std::string(
                         "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
                         "\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c") +
                     octets({0, 0x13, 0x01, 0, 0, 12, 0, 51, 0, 2, 0, 23, 0, 43, 0, 2, 3, 4});
  const std::string message = octets({2, 0, 0, int(body.size())}) + body;
  const TlsDissection dissection = dissect_tls_message(22, message);
  EXPECT_EQ(dissection.name, "HelloRetryRequest");
  EXPECT_FALSE(dissection.problem) << dissection.problem->expected;
  EXPECT_THAT(lines(dissection), Contains("        selected_group = 0x0017 (secp256r1)"));
}

TEST(TlsRecords, AreCutWhereverTheOctetsBreak) {
  Wire wire;
  handshake_of(TlsVersion::tls1_3, KeyKind::ed25519, &wire);
  for (const std::string& stream : {wire.from_client, wire.from_server}) {
    TlsRecordCutter whole, pieces;
    const auto records = whole.put(stream).value();
    std::vector<std::string> one_by_one;
    for (const char octet : stream) {
      const auto found = pieces.put(std::string_view(&octet, 1));
      ASSERT_TRUE(found);
      one_by_one.insert(one_by_one.end(), found->begin(), found->end());
    }
    EXPECT_EQ(records, one_by_one);
    EXPECT_EQ(whole.pending(), "");
    std::string joined;
    for (const std::string& record : records) {
      joined += record;
      const TlsDissection dissection = dissect_tls_record(record);
      EXPECT_FALSE(dissection.problem);
      expect_sound(dissection, record);
    }
    EXPECT_EQ(joined, stream);
  }
}

TEST(TlsRecords, WhatAnEavesdropperSees) {
  const std::string record = octets({23, 3, 3, 0, 20}) + std::string(20, 'x');
  EXPECT_THAT(lines(dissect_tls_record(record)),
              ElementsAre("type = 0x17 (application_data)", "legacy_record_version = 0x0303 (TLS 1.2)",
                          "length = 20", "fragment", "  encrypted_record = 78787878",
                          "  authentication tag = 78787878787878787878787878787878"));
}

TEST(TlsRecords, WhatIsNoTls) {
  const std::string login = "a1 LOGIN bob secret\r\n";
  const TlsDissection stray = dissect_tls_record(login);
  EXPECT_EQ(stray.problem, (Error{Fault::syntax, 0, "ContentType"}));
  EXPECT_EQ(redact(login, stray.tokens.all()), mask);
  TlsRecordCutter plaintext;
  EXPECT_EQ(plaintext.put("EHLO").error(), (Error{Fault::syntax, 0, "ContentType"}));
  TlsRecordCutter endless;
  EXPECT_EQ(endless.put(octets({23, 3, 3, 0xff, 0xff})).error(), (Error{Fault::too_long, 3, "length"}));
  EXPECT_EQ(endless.put("more").error().fault, Fault::too_long);
  TlsRecordCutter late;
  EXPECT_EQ(late.put(octets({21, 3, 3, 0, 2, 1, 0}) + "QUIT")->size(), 1u);
  EXPECT_EQ(late.put("").error(), (Error{Fault::syntax, 7, "ContentType"}));
}

}  // namespace
}  // namespace glasspost::test
