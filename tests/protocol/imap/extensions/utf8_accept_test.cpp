#include "protocol/imap/extensions/utf8_accept.h"

#include "tests/protocol/imap/extensions/examples.h"
#include "tests/protocol/imap/small_service.h"

namespace glasspost::imap {
namespace {

const Dialect utf8{.utf8 = true};

TEST(ImapUtf8Accept, TakesWhatTheGrammarOfRfc6855Has) {
  expect_examples(R"(
    C: a1 ENABLE UTF8=ACCEPT
    S: * ENABLED UTF8=ACCEPT
    C: a2 APPEND INBOX (\Seen) UTF8 (~{20+}\r\nSubject: Ñandú\r\n\r\n)
    C: a3 APPEND INBOX UTF8 (~{6}\r\nA: x\r\n) (\Seen) UTF8 (~{6}\r\nA: y\r\n) {6}\r\nA: z\r\n)");
  expect_examples(R"(
    C: a1 SELECT "Entwürfe"
    C: a2 LIST "" "Größe*"
    C: a3 SEARCH SUBJECT "Ñandú" FROM "私"
    S: * LIST () "/" "Entwürfe"
    S: * NAMESPACE (("Persönlich/" "/")) NIL NIL)", utf8);
}

TEST(ImapUtf8Accept, IsUnderstoodToTheLastWord) {
  const auto append = body_of<Append>("a1 APPEND INBOX utf8 (~{3+}\r\nabc)");
  EXPECT_EQ(append.messages.front().text, "abc");
  EXPECT_TRUE(append.messages.front().utf8);
  EXPECT_EQ(write_command({"a1", append}, LiteralForm::plus), "a1 APPEND INBOX UTF8 (~{3+}\r\nabc)\r\n");
  Dialect without_binary;
  without_binary.offered.remove(Extension::binary);
  EXPECT_TRUE(parse_command("a1 APPEND INBOX UTF8 (~{3+}\r\nabc)\r\n", nullptr, {}, without_binary));
  const std::string_view line = "a APPEND x UTF8 (~{5+}\r\nA: b\n)\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_command(line, &tokens));
  EXPECT_TRUE(roles_of(line, tokens.all()).starts_with("imap_tag:a imap_verb:APPEND imap_mailbox:x imap_option:UTF8 imap_paren:( imap_literal_size:~{5+}"));
}

TEST(ImapUtf8Accept, RefusesWhatIsNoUtf8) {
  expect_refused("a1 SELECT \"Entw\xfcrfe\"", "UTF8-2", utf8);
  expect_refused("a1 SEARCH SUBJECT \"\xc3\"", "UTF8-2", utf8);
  expect_refused("a1 SELECT \"Entw\xc3\xbcrfe\"", "QUOTED-CHAR");
  expect_refused("a1 APPEND INBOX UTF8 ({3+}\r\nabc)", "literal8");
  expect_refused("a1 APPEND INBOX UTF8 (~{3+}\r\nabc", "\")\"");
  expect_refused("a1 APPEND INBOX UTF8 (~{3+}\r\nabc)", "literal", dialect_without(Extension::utf8_accept));
}

TEST(ImapUtf8Accept, HoldsOnceItIsEnabled) {
  const auto service = [] {
    ServerSettings settings;
    settings.allow_plaintext_login = true;
    return std::make_unique<SmallService>(settings);
  };
  test::expect_transcript(Side::server, service, R"(
    S: * OK [CAPABILITY ...
    C: a0 LOGIN fred swordfish
    S: a0 OK [CAPABILITY ...
    C: a1 CREATE "Entwürfe"
    S: a1 BAD An octet that may not stand there at octet 15: wanted QUOTED-CHAR
    C: a2 ENABLE UTF8=ACCEPT
    S: * ENABLED UTF8=ACCEPT
    S: a2 OK ENABLE completed
    C: a3 CREATE "Entwürfe"
    S: a3 OK done
    C: a4 SELECT INBOX
    S: * 3 EXISTS
    S: a4 OK [READ-WRITE] opened
    C: a5 SEARCH CHARSET UTF-8 ALL
    S: a5 BAD With UTF8=ACCEPT everything is UTF-8: no CHARSET is named
    C: a6 SEARCH SUBJECT "Ñandú"
    S: a6 OK done)");
}

}  // namespace
}  // namespace glasspost::imap
