// How word files are found and read, and what is said about those that are wrong.
#include <gmock/gmock.h>

#include "app/words/assets.h"
#include "app/words/catalogue.h"
#include "app/words/strings.h"
#include "tests/words/scratch.h"

namespace glasspost {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Catalogue, ReadsEveryFileOfALanguage) {
  Scratch assets;
  assets.write("words/en/smtp.yaml",
               "smtp_verb/AUTH:\n  what: log in\n  why: Once.\n  other: PLAIN\n  source: RFC 4954 §4\n");
  assets.write("words/en/say.yaml", "say/smtp/AUTH: \"{client} asks to log in\"\n");
  assets.write("words/en/notes.txt", "not words");
  const auto catalogue = load_catalogue(assets.path(), Language::english);
  ASSERT_TRUE(catalogue) << describe(catalogue.error());
  EXPECT_THAT(catalogue->keys(), ElementsAre("say/smtp/AUTH", "smtp_verb/AUTH"));
  const Words* auth = explain(*catalogue, Role::smtp_verb, "auth");
  ASSERT_NE(auth, nullptr);
  EXPECT_EQ(auth->what, "log in");
  EXPECT_EQ(auth->why, "Once.");
  EXPECT_EQ(auth->other, "PLAIN");
  EXPECT_EQ(auth->source, "RFC 4954 §4");
  EXPECT_EQ(catalogue->find("say/smtp/AUTH")->what, "{client} asks to log in");
}

TEST(Catalogue, FieldsOfDnsAndTlsAreFoundByTheirNumbersNames) {
  Catalogue catalogue;
  const auto what = [&](Role role, std::string_view octets) {
    return explain(catalogue, role, octets)->what;
  };
  for (const char* key : {"dns_type", "dns_type/MX", "dns_type/TYPE43", "dns_class/IN", "dns_flags/0100",
                          "tls_cipher_suite/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "tls_compression/00",
                          "tls_alert/UNKNOWN_CA"})
    catalogue.add(key, {key, "", "", ""});
  EXPECT_EQ(what(Role::dns_type, std::string_view("\0\x0f", 2)), "dns_type/MX");
  EXPECT_EQ(what(Role::dns_type, "MX"), "dns_type/MX");
  EXPECT_EQ(what(Role::dns_type, std::string_view("\0\x2b", 2)), "dns_type/TYPE43");
  EXPECT_EQ(what(Role::dns_type, std::string_view("\0\x01", 2)), "dns_type");
  EXPECT_EQ(what(Role::dns_class, std::string_view("\0\x01", 2)), "dns_class/IN");
  EXPECT_EQ(what(Role::dns_flags, std::string_view("\x01\0", 2)), "dns_flags/0100");
  EXPECT_EQ(what(Role::tls_cipher_suite, "\xc0\x2f"),
            "tls_cipher_suite/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(what(Role::tls_alert, "\x30"), "tls_alert/UNKNOWN_CA");  // the octet is also the digit 0
  EXPECT_EQ(what(Role::tls_compression, std::string_view("\0", 1)), "tls_compression/00");
}

TEST(Catalogue, WhatIsNotKnownWhollyIsKnownByItsBeginning) {
  Catalogue catalogue;
  const auto what = [&](Role role, std::string_view text) { return explain(catalogue, role, text)->what; };
  for (const char* key :
       {"smtp_enhanced_code", "smtp_enhanced_code/5.7", "smtp_enhanced_code/5.7.1", "imap_capability",
        "imap_capability/APPENDLIMIT", "imap_capability/AUTH=PLAIN", "content_header_name/TO"})
    catalogue.add(key, {key, "", "", ""});
  EXPECT_EQ(what(Role::smtp_enhanced_code, "5.7.1"), "smtp_enhanced_code/5.7.1");
  EXPECT_EQ(what(Role::smtp_enhanced_code, "5.7.509"), "smtp_enhanced_code/5.7");
  EXPECT_EQ(what(Role::smtp_enhanced_code, "5.8.1"), "smtp_enhanced_code");
  EXPECT_EQ(what(Role::imap_capability, "APPENDLIMIT=35651584"), "imap_capability/APPENDLIMIT");
  EXPECT_EQ(what(Role::imap_capability, "AUTH=X"), "imap_capability");
  EXPECT_EQ(what(Role::content_header_name, "To:"), "content_header_name/TO");
}

struct Wrong {
  std::string_view text, sentence;
};

class WrongCatalogue : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongCatalogue, SaysWhatAndWhere) {
  Scratch assets;
  assets.write("words/es/smtp.yaml", GetParam().text);
  const auto catalogue = load_catalogue(assets.path(), Language::spanish);
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(describe(catalogue.error()),
            (assets.path() / "words/es/smtp.yaml").string() + std::string(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Files, WrongCatalogue,
    ::testing::Values(Wrong{"a: {what: x}\nb:\n  waht: y\n",
                            ":2:1: \"b\": \"waht\" is none of what, why, other, source"},
                      Wrong{"a: {what: x}\n\na: {what: y}\n", ":3:1: \"a\" is here twice"},
                      Wrong{"a: {why: x}\n", ":1:1: \"a\": says nothing: \"what\" is missing or empty"},
                      Wrong{"a: {what: [x]}\n", ":1:1: \"a\": \"what\" must be a text"},
                      Wrong{"a: [x]\n", ":1:1: \"a\": expected a text, or what, why, other and source"},
                      Wrong{"- a\n", ":1:1: expected a mapping of keys to words: \"key: …\""},
                      Wrong{"[a]: x\n", ":1:1: a key must be a word"},
                      Wrong{"a: x\nb: {what: y\n", ":3:1: end of map flow not found"}));

TEST(Catalogue, AKeyInTwoFilesIsAnError) {
  Scratch assets;
  assets.write("words/en/a.yaml", "space: a\n");
  assets.write("words/en/b.yaml", "crlf: b\nspace: b\n");
  const auto catalogue = load_catalogue(assets.path(), Language::english);
  ASSERT_FALSE(catalogue);
  EXPECT_THAT(describe(catalogue.error()), HasSubstr("b.yaml:2:1: \"space\": another file has this key too"));
}

TEST(Catalogue, AMissingLanguageIsAnError) {
  Scratch assets;
  const auto catalogue = load_catalogue(assets.path(), Language::spanish);
  ASSERT_FALSE(catalogue);
  EXPECT_THAT(describe(catalogue.error()), HasSubstr("words/es: "));
}

Strings two_languages(const Scratch& assets) {
  assets.write("strings/en.yaml",
               "map.title: Map\nladder.messages.one: \"{n} message\"\n"
               "ladder.messages.many: \"{n} messages to {whom}\"\n");
  assets.write("strings/es.yaml",
               "map.title: Mapa\nladder.messages.one: \"{n} mensaje\"\n"
               "ladder.messages.many: \"{n} mensajes a {whom}\"\n");
  auto strings = Strings::load(assets.path());
  EXPECT_TRUE(strings) << describe(strings.error());
  return std::move(*strings);
}

TEST(Strings, TheLanguageChangesAtOnce) {
  Scratch assets;
  Strings strings = two_languages(assets);
  EXPECT_EQ(strings("map.title"), "Map");
  strings.speak(Language::spanish);
  EXPECT_EQ(strings("map.title"), "Mapa");
}

TEST(Strings, NamesAreFilledIn) {
  Scratch assets;
  Strings strings = two_languages(assets);
  EXPECT_EQ(strings("ladder.messages.many", {{"n", "2"}, {"whom", "{n}"}}), "2 messages to {n}");
}

TEST(Strings, OneAndManyDiffer) {
  Scratch assets;
  Strings strings = two_languages(assets);
  EXPECT_EQ(strings.count("ladder.messages", 1), "1 message");
  EXPECT_EQ(strings.count("ladder.messages", 0, {{"whom", "Bob"}}), "0 messages to Bob");
  EXPECT_EQ(strings.count("ladder.messages", 1234567, {{"whom", "Bob"}}), "1,234,567 messages to Bob");
  strings.speak(Language::spanish);
  EXPECT_EQ(strings.count("ladder.messages", 12345, {{"whom", "Bob"}}), "12\u00a0345 mensajes a Bob");
  EXPECT_EQ(strings.count("ladder.messages", 1043, {{"whom", "Bob"}}), "1043 mensajes a Bob");
}

TEST(Strings, AMissingKeyIsShownAndRemembered) {
  Scratch assets;
  Strings strings = two_languages(assets);
  EXPECT_EQ(strings("map.nowhere"), "map.nowhere");
  EXPECT_EQ(strings.count("map.none", 1), "map.none.one");
  EXPECT_THAT(strings.missing(), ElementsAre("map.none.one", "map.nowhere"));
}

TEST(Strings, AWrongFileIsNamed) {
  Scratch assets;
  assets.write("strings/en.yaml", "map.title: Map\n");
  assets.write("strings/es.yaml", "map.title: Mapa\nmap.empty:\n");
  const auto strings = Strings::load(assets.path());
  ASSERT_FALSE(strings);
  EXPECT_THAT(describe(strings.error()), HasSubstr("strings/es.yaml:2:1: \"map.empty\": expected a text"));
}

TEST(Assets, TheNamedPlaceAloneCounts) {
  Scratch named, source;
  for (const Scratch* place : {&named, &source}) {
    place->write("words/en/a.yaml", "a: b\n");
    place->write("strings/en.yaml", "a: b\n");
  }
  EXPECT_EQ(find_assets({named.path(), {}, source.path()}).value(), named.path());
  const auto wrong = find_assets({named.path() / "words", {}, source.path()});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(describe(wrong.error()),
              HasSubstr("/words: GLASSPOST_ASSETS names this place, but it has no words/"));
}

TEST(Assets, AnInstalledProgramUsesItsOwnPrefix) {
  Scratch prefix, source;
  const auto program = prefix.path() / "bin" / "glasspost";
  source.write("words/en/a.yaml", "a: b\n");
  source.write("strings/en.yaml", "a: b\n");
  EXPECT_EQ(find_assets({{}, program, source.path()}).value(), source.path());
  prefix.write("share/glasspost/words/en/a.yaml", "a: b\n");
  prefix.write("share/glasspost/strings/en.yaml", "a: b\n");
  EXPECT_EQ(find_assets({{}, program, source.path()}).value(), prefix.path() / "share" / "glasspost");
}

TEST(Assets, NoneFoundSaysWhereItLooked) {
  const auto none = find_assets({{}, "/nowhere/bin/glasspost", "/nowhere/source/assets"});
  ASSERT_FALSE(none);
  EXPECT_EQ(describe(none.error()),
            "/nowhere/share/glasspost: the program's words are not here, nor in /nowhere/source/assets. "
            "Install the "
            "program as a whole, or say where they are: GLASSPOST_ASSETS=DIRECTORY.");
}

}  // namespace
}  // namespace glasspost
