// The table of extensions, and what a server does with it.
#include "protocol/imap/extensions.h"

#include <gmock/gmock.h>

#include "protocol/imap/tracker.h"
#include "tests/protocol/imap/grammar.h"
#include "tests/protocol/imap/small_service.h"

namespace glasspost::imap {
namespace {

using ::testing::ElementsAre;

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) (all += all.empty() ? "" : " ") += name;
  return all;
}
std::string named(const Circumstances& now, ExtensionSet offered = ExtensionSet::everything().whole()) {
  return joined(capabilities_of(offered, now));
}

const std::string before_login = "IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID IDLE NAMESPACE UIDPLUS UNSELECT MOVE CHILDREN ENABLE";
const std::string after_login =
    before_login + " LIST-EXTENDED LIST-STATUS STATUS=SIZE ESEARCH SEARCHRES WITHIN PARTIAL SORT SORT=DISPLAY THREAD=ORDEREDSUBJECT THREAD=REFERENCES I18NLEVEL=1 BINARY MULTIAPPEND APPENDLIMIT=0 REPLACE PREVIEW SAVEDATE OBJECTID UTF8=ACCEPT SPECIAL-USE CREATE-SPECIAL-USE METADATA CONDSTORE QRESYNC COMPRESS=DEFLATE QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE QUOTA=RES-MAILBOX";

TEST(ImapExtensions, AreNamedInTheStatesWhereTheyHold) {
  EXPECT_EQ(named({}), before_login);
  EXPECT_EQ(named({.tls_to_be_had = true}), before_login + " STARTTLS");
  EXPECT_EQ(named({.tls_to_be_had = true, .login_is_barred = true}), before_login + " STARTTLS LOGINDISABLED");
  EXPECT_EQ(named({.logged_in = true}), after_login);
  EXPECT_EQ(named({.logged_in = true, .tls_to_be_had = true, .login_is_barred = true}), after_login);
}

TEST(ImapExtensions, TheBaseIsAlwaysThere) {
  EXPECT_EQ(named({}, ExtensionSet{}.whole()), "IMAP4rev1");
  EXPECT_EQ(named({.tls_to_be_had = true}, ExtensionSet{}.whole()), "IMAP4rev1 STARTTLS");
}

TEST(ImapExtensions, AnExtensionIsNotWholeWithoutWhatItNeeds) {
  for (const ExtensionRow& row : extensions()) {
    for (const ExtensionRow& needed : extensions()) {
      if (!row.needs.has(needed.id)) continue;
      ExtensionSet without = ExtensionSet::everything();
      without.remove(needed.id);
      EXPECT_FALSE(without.whole().has(row.id)) << row.name << " without " << needed.name;
    }
  }
}

TEST(ImapExtensions, CanBeChosen) {
  const auto all_but = choose_extensions("-MOVE, -idle");
  ASSERT_TRUE(all_but);
  EXPECT_FALSE(all_but->has(Extension::move));
  EXPECT_FALSE(all_but->has(Extension::idle));
  EXPECT_TRUE(all_but->has(Extension::uidplus));
  const auto only = choose_extensions("IDLE,ENABLE");
  ASSERT_TRUE(only);
  EXPECT_EQ(named({}, *only), "IMAP4rev1 IDLE ENABLE");
  EXPECT_EQ(named({}, *choose_extensions("IMAP4rev1")), "IMAP4rev1");
  const std::vector<std::pair<std::string, std::string>> wrong_lists = {
      {"-XYZZY", "XYZZY"}, {"IDLE,,MOVE", ""}, {"-STARTTLS", "STARTTLS"}, {"-IMAP4rev1", "IMAP4rev1"}, {"", ""}};
  for (const auto& [list, wrong] : wrong_lists) {
    const auto chosen = choose_extensions(list);
    ASSERT_FALSE(chosen) << list;
    EXPECT_EQ(chosen.error(), wrong);
  }
}

// The table, the state machine and the grammar know the same commands.
TEST(ImapExtensions, BringTheirCommands) {
  for (const ExtensionRow& row : extensions()) {
    for (const std::string_view command : row.commands) {
      EXPECT_NE(row_of(command), nullptr) << command;
      EXPECT_EQ(extension_of_command(command), row.id) << command;
      if (!row.optional || command == "DONE") continue;
      ExtensionSet without = ExtensionSet::everything();
      without.remove(row.id);
      const std::string line = "a1 " + std::string(command) + "\r\n";
      const auto parsed = parse_command(line, nullptr, {}, {.offered = without});
      ASSERT_FALSE(parsed) << line;
      EXPECT_EQ(parsed.error().fault, Fault::unknown_command) << line;
      const auto known = parse_command(line);
      EXPECT_TRUE(known || known.error().fault != Fault::unknown_command) << line;
    }
  }
}

ServerSettings offering(ExtensionSet set) {
  ServerSettings settings;
  settings.server_name = "mail.example";
  settings.allow_plaintext_login = true;
  settings.extensions = set;
  return settings;
}
ServerSettings without(Extension one) {
  ExtensionSet set = ExtensionSet::everything();
  set.remove(one);
  return offering(set);
}

void expect(const ServerSettings& settings, std::string_view rest) {
  const std::string login = "S: * OK [CAPABILITY IMAP4rev1 ...\nC: a0 LOGIN fred swordfish\nS: a0 OK [CAPABILITY IMAP4rev1 ...\n";
  test::expect_transcript(Side::server, [&] { return std::make_unique<SmallService>(settings); }, login + std::string(rest));
}

TEST(ImapExtensions, WhatIsNotOfferedIsNotUnderstood) {
  expect(without(Extension::idle), "C: a1 IDLE\nS: a1 BAD Unknown command\n");
  expect(without(Extension::enable), "C: a1 ENABLE X-GOOD-IDEA\nS: a1 BAD Unknown command\n");
  expect(without(Extension::namespace_), "C: a1 NAMESPACE\nS: a1 BAD Unknown command\n");
  expect(without(Extension::id), "C: a1 ID NIL\nS: a1 BAD Unknown command\n");
  expect(without(Extension::move), R"(
    C: a1 SELECT INBOX
    S: * 3 EXISTS
    S: a1 OK [READ-WRITE] opened
    C: a2 MOVE 1 x
    S: a2 BAD Unknown command
    C: a3 UID MOVE 1 {1}
    S: a3 BAD Unknown command
    C: a4 UID EXPUNGE 1
    S: a4 OK done)");
  expect(without(Extension::uidplus), R"(
    C: a1 SELECT INBOX
    S: * 3 EXISTS
    S: a1 OK [READ-WRITE] opened
    C: a2 UID EXPUNGE 1
    S: a2 BAD Unknown command
    C: a3 EXPUNGE
    S: a3 OK done)");
}

TEST(ImapExtensions, WithoutLiteralPlusALineThatEndsSoIsALine) {
  ServerSettings neither = without(Extension::literal_plus);
  neither.extensions.remove(Extension::literal_minus);
  expect(neither, R"(
    C: a1 CREATE {4+}
    S: a1 BAD ...
    C: a2 NOOP
    S: a2 OK done
    C: a3 CREATE {4}
    S: + Ready for the literal
    C: work
    S: a3 OK done)");
}

// RFC 7888 sections 5 and 7: one of the two is named.
TEST(ImapExtensions, LiteralMinusIsForSmallOnes) {
  const std::string most(4096, 'x'), more(4097, 'x');
  expect(without(Extension::literal_plus),
         "C: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL- SASL-IR ...\nS: a1 OK ...\n"
         "C: a2 APPEND INBOX {4096+}\nC: " + most + "\nS: a2 OK [APPENDUID 7 5] 4096 octets\n"
         "C: a3 APPEND INBOX {4097+}\nC: " + more + "\nS: a3 BAD [TOOBIG] Beyond 4096 octets a literal must wait for +\n"
         "C: a4 APPEND INBOX {4097}\nS: + Ready for the literal\nC: " + more + "\nS: a4 OK [APPENDUID 7 5] 4097 octets\n");
}

TEST(ImapExtensions, WithoutSaslIrAuthenticateTakesNothingMore) {
  test::expect_transcript(Side::server, [] { return std::make_unique<SmallService>(without(Extension::sasl_ir)); }, R"(
    S: * OK [CAPABILITY IMAP4rev1 LITERAL+ ID ...
    C: a1 AUTHENTICATE PLAIN AGZyZWQAc3dvcmRmaXNo
    S: a1 BAD ...
    C: a2 AUTHENTICATE PLAIN
    S: + 
    C: AGZyZWQAc3dvcmRmaXNo
    S: a2 OK [CAPABILITY ...)");
}

// ---- ENABLE

TEST(ImapEnable, TellsWhatItEnabledAndChangesNoCapability) {
  // RFC 5161 section 3.1, where nothing of what is asked for is known.
  expect(offering({Extension::id, Extension::literal_plus, Extension::enable}), R"(
    C: t1 CAPABILITY
    S: * CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE
    S: t1 OK CAPABILITY completed
    C: t2 ENABLE X-GOOD-IDEA X-BETTER-IDEA
    S: * ENABLED
    S: t2 OK ENABLE completed
    C: t3 CAPABILITY
    S: * CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE
    S: t3 OK CAPABILITY completed
    C: t4 ENABLE IDLE
    S: * ENABLED
    S: t4 OK ENABLE completed)");
}

TEST(ImapEnable, IsForTheTimeBeforeAMailboxIsOpen) {
  expect(offering(ExtensionSet::everything()), R"(
    C: a1 SELECT INBOX
    S: * 3 EXISTS
    S: a1 OK [READ-WRITE] opened
    C: a2 ENABLE X-GOOD-IDEA
    S: a2 BAD Not while a mailbox is open
    C: a3 UNSELECT
    S: a3 OK done
    C: a4 enable x-good-idea
    S: * ENABLED
    S: a4 OK ENABLE completed
    C: a5 ENABLE
    S: a5 BAD Syntax error at octet 9: wanted SP
    C: a6 ENABLE X-GOOD-IDEA 
    S: a6 BAD ...
    C: a7 ENABLE (X-GOOD-IDEA)
    S: a7 BAD ...)");
  test::expect_transcript(Side::server, [] { return std::make_unique<SmallService>(offering(ExtensionSet::everything())); }, R"(
    S: * OK ...
    C: a1 ENABLE CONDSTORE
    S: a1 BAD Log in first)");
}

TEST(ImapEnable, IsReadAndWritten) {
  EXPECT_THAT(body_of<Enable>("a1 enable condstore X-Good-Idea").names, ElementsAre("CONDSTORE", "X-GOOD-IDEA"));
  EXPECT_EQ(write_command({"a1", Enable{{"CONDSTORE", "UTF8=ACCEPT"}}}), "a1 ENABLE CONDSTORE UTF8=ACCEPT\r\n");
  EXPECT_THAT(data_of<EnabledData>("* ENABLED CONDSTORE X-GOOD-IDEA").names, ElementsAre("CONDSTORE", "X-GOOD-IDEA"));
  EXPECT_THAT(data_of<EnabledData>("* ENABLED").names, ElementsAre());
  EXPECT_THAT(data_of<EnabledData>("* ENABLED ").names, ElementsAre());
  const std::string_view line = "* ENABLED CONDSTORE\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_response(line, &tokens));
  EXPECT_EQ(roles_of(line, tokens.all()), "imap_untagged:* imap_response:ENABLED imap_capability:CONDSTORE");
}

}  // namespace
}  // namespace glasspost::imap
