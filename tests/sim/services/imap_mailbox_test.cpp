// Commands about mailboxes, as transcripts.
#include "sim/services/list_pattern.h"
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

using ImapMailbox = Dialogue;

constexpr const char* login_bob = R"~(
  S1: * OK [CAPABILITY ...] mail.example.org ...
  C1: a0 LOGIN bob secret
  S1: a0 OK [CAPABILITY IMAP4rev1 ...] ...)~";

TEST_F(ImapMailbox, LoginByBareNameByAddressAndBySasl) {
  play(R"~(
    S1: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ ...
    C1: a1 LOGIN bob secret
    S1: a1 OK ...
    S2: * OK ...
    C2: a1 LOGIN {15}
    S2: + ...
    C2: Bob@Example.org "secret"
    S2: a1 OK ...
    S3: * OK ...
    C3: a1 AUTHENTICATE PLAIN AGJvYgBzZWNyZXQ=
    S3: a1 OK ...
    S4: * OK ...
    C4: a1 AUTHENTICATE PLAIN
    S4: +...
    C4: Ym9iAGJvYgBzZWNyZXQ=
    S4: a1 OK ...)~");
}

TEST_F(ImapMailbox, WrongLoginsAreRefused) {
  play(R"~(
    S1: * OK ...
    C1: a1 LOGIN bob wrong
    S1: a1 NO [AUTHENTICATIONFAILED] ...
    C1: a2 LOGIN bob ""
    S1: a2 NO [AUTHENTICATIONFAILED] ...
    C1: a3 LOGIN bob@example.com secret
    S1: a3 NO [AUTHENTICATIONFAILED] ...
    C1: a4 LOGIN nobody secret
    S1: a4 NO [AUTHENTICATIONFAILED] ...
    S2: * OK ...
    C2: a5 AUTHENTICATE PLAIN YWxpY2UAYm9iAHNlY3JldA==
    S2: a5 NO [AUTHENTICATIONFAILED] ...)~");
}

TEST_F(ImapMailbox, APlaintextLoginIsRefusedUnlessAllowed) {
  imap_settings.allow_plaintext_login = false;
  play(R"~(
    S1: * OK [CAPABILITY ... LOGINDISABLED] ...
    C1: a1 LOGIN bob secret
    S1: a1 NO [PRIVACYREQUIRED] ...)~");
}

TEST_F(ImapMailbox, AnyUserWithOnePasswordHasAMailboxAtFirstUse) {
  users.allow_any("open");
  play(R"~(
    S1: * OK ...
    C1: a1 LOGIN someone open
    S1: a1 OK ...
    C1: a2 SELECT INBOX
    S1: * FLAGS (\Seen \Answered \Flagged \Deleted \Draft)
    S1: * OK [PERMANENTFLAGS (\Seen \Answered \Flagged \Deleted \Draft \*)] ...
    S1: * 0 EXISTS
    S1: * 0 RECENT
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 1] ...
    S1: a2 OK [READ-WRITE] ...)~");
  EXPECT_TRUE(store.accounts().contains("someone"));
}

TEST_F(ImapMailbox, SelectSaysWhatRfc3501WantsAndExamineIsReadOnly) {
  arrive("one", {"\\Seen", "$Work"}), arrive("two"), arrive("three");
  play(login_bob);
  play(R"~(
    C1: a1 EXAMINE inbox
    S1: * FLAGS (\Seen \Answered \Flagged \Deleted \Draft $Work)
    S1: * OK [PERMANENTFLAGS ()] ...
    S1: * 3 EXISTS
    S1: * 3 RECENT
    S1: * OK [UNSEEN 2] ...
    S1: * OK [UIDVALIDITY 1793610000] ...
    S1: * OK [UIDNEXT 4] ...
    S1: a1 OK [READ-ONLY] ...
    C1: a2 SELECT INBOX
    S1: * OK [CLOSED] ...
    S1: * FLAGS (\Seen \Answered \Flagged \Deleted \Draft $Work)
    S1: * OK [PERMANENTFLAGS (\Seen \Answered \Flagged \Deleted \Draft $Work \*)] ...
    S1: * 3 EXISTS
    S1: * 3 RECENT
    S1: * OK [UNSEEN 2] ...
    S1: * OK [UIDVALIDITY 1793610000] ...
    S1: * OK [UIDNEXT 4] ...
    S1: a2 OK [READ-WRITE] ...
    C1: a3 SELECT nothing
    S1: * OK [CLOSED] ...
    S1: a3 NO [NONEXISTENT] ...
    C1: a4 FETCH 1 FLAGS
    S1: a4 BAD ...)~");
}

TEST_F(ImapMailbox, CreateDeleteRename) {
  play(login_bob);
  play(R"~(
    C1: a1 CREATE owatagusiam/
    S1: a1 OK ...
    C1: a2 CREATE owatagusiam/blurdybloop
    S1: a2 OK ...
    C1: a3 CREATE inbox
    S1: a3 NO [ALREADYEXISTS] ...
    C1: a4 CREATE owatagusiam
    S1: a4 NO [ALREADYEXISTS] ...
    C1: a5 CREATE "a//b"
    S1: a5 NO [CANNOT] ...
    C1: a6 DELETE INBOX
    S1: a6 NO [CANNOT] ...
    C1: a7 DELETE nothing
    S1: a7 NO [NONEXISTENT] ...
    C1: a8 DELETE owatagusiam
    S1: a8 OK ...
    C1: a9 LIST "" *
    S1: * LIST (\HasNoChildren) "/" INBOX
    S1: * LIST (\HasChildren \Noselect) "/" owatagusiam
    S1: * LIST (\HasNoChildren) "/" owatagusiam/blurdybloop
    S1: a9 OK ...
    C1: b1 DELETE owatagusiam
    S1: b1 NO [CANNOT] ...
    C1: b2 SELECT owatagusiam
    S1: b2 NO [NONEXISTENT] ...
    C1: b3 RENAME owatagusiam sarasoop
    S1: b3 OK ...
    C1: b4 RENAME nothing something
    S1: b4 NO [NONEXISTENT] ...
    C1: b5 RENAME sarasoop INBOX
    S1: b5 NO [ALREADYEXISTS] ...
    C1: b6 LIST "" sarasoop/%
    S1: * LIST (\HasNoChildren) "/" sarasoop/blurdybloop
    S1: b6 OK ...)~");
}

TEST_F(ImapMailbox, NamesWithSpecialCharacters) {
  play(login_bob);
  play(R"~(
    C1: a1 CREATE "a \"b\" \\c"
    S1: a1 OK ...
    C1: a2 CREATE "{5}"
    S1: a2 OK ...
    C1: a3 CREATE Entw&APw-rfe
    S1: a3 OK ...
    C1: a4 CREATE "R&-D"
    S1: a4 OK ...
    C1: a5 CREATE {4}
    S1: + ...
    C1: x(y)
    S1: a5 OK ...
    C1: a6 LIST "" "*"
    S1: * LIST (\HasNoChildren) "/" Entw&APw-rfe
    S1: * LIST (\HasNoChildren) "/" INBOX
    S1: * LIST (\HasNoChildren) "/" R&-D
    S1: * LIST (\HasNoChildren) "/" "a \"b\" \\c"
    S1: * LIST (\HasNoChildren) "/" "x(y)"
    S1: * LIST (\HasNoChildren) "/" "{5}"
    S1: a6 OK ...
    C1: a7 STATUS Entw&APw-rfe (MESSAGES)
    S1: * STATUS Entw&APw-rfe (MESSAGES 0)
    S1: a7 OK ...)~");
}

TEST_F(ImapMailbox, ListTellsTheDelimiterAndFollowsPatterns) {
  store.account("bob", start)->create("foo/bar/zap", {});
  play(login_bob);
  play(R"~(
    C1: a1 LIST "" ""
    S1: * LIST (\Noselect) "/" ""
    S1: a1 OK ...
    C1: a2 LIST "" %
    S1: * LIST (\HasNoChildren) "/" INBOX
    S1: * LIST (\HasChildren) "/" foo
    S1: a2 OK ...
    C1: a3 LIST foo/ %
    S1: * LIST (\HasChildren) "/" foo/bar
    S1: a3 OK ...
    C1: a4 LIST "" *r
    S1: * LIST (\HasChildren) "/" foo/bar
    S1: a4 OK ...
    C1: a5 LIST "" inb%
    S1: * LIST (\HasNoChildren) "/" INBOX
    S1: a5 OK ...
    C1: a6 LIST "" nothing
    S1: a6 OK ...)~");
}

// RFC 3501 section 6.3.9: the special situation of "%".
TEST_F(ImapMailbox, LsubListsSubscriptions) {
  store.account("bob", start)->create("foo/bar", {});
  play(login_bob);
  play(R"~(
    C1: a1 SUBSCRIBE foo/bar
    S1: a1 OK ...
    C1: a2 SUBSCRIBE nothing
    S1: a2 NO [NONEXISTENT] ...
    C1: a3 LSUB "" *
    S1: * LSUB () "/" foo/bar
    S1: a3 OK ...
    C1: a4 LSUB "" %
    S1: * LSUB (\Noselect) "/" foo
    S1: a4 OK ...
    C1: a5 DELETE foo/bar
    S1: a5 OK ...
    C1: a6 LSUB "" *
    S1: * LSUB (\Noselect) "/" foo/bar
    S1: a6 OK ...
    C1: a7 UNSUBSCRIBE foo/bar
    S1: a7 OK ...
    C1: a8 LSUB "" *
    S1: a8 OK ...
    C1: a9 UNSUBSCRIBE foo/bar
    S1: a9 NO [NONEXISTENT] ...)~");
}

TEST_F(ImapMailbox, StatusCountsWithoutSelecting) {
  arrive("one", {"\\Seen"}), arrive("two");
  play(login_bob);
  play(R"~(
    C1: a1 STATUS inbox (UIDNEXT MESSAGES UNSEEN RECENT UIDVALIDITY)
    S1: * STATUS INBOX (UIDNEXT 3 MESSAGES 2 UNSEEN 1 RECENT 2 UIDVALIDITY 1793610000)
    S1: a1 OK ...
    C1: a2 STATUS nothing (MESSAGES)
    S1: a2 NO [NONEXISTENT] ...)~");
}

TEST_F(ImapMailbox, AppendKeepsFlagsAndDateAndSaysTheUid) {
  store.account("bob", start)->create("saved-messages", {});
  play(login_bob);
  play(R"~(
    C1: a1 APPEND saved-messages (\Seen $Kept) "17-Jul-1996 02:44:25 -0700" {15}
    S1: + ...
    C1: Subject: x
    C1:
    C1: y
    S1: a1 OK [APPENDUID 1793610001 1] ...
    C1: a2 APPEND nothing {1+}
    C1: x
    S1: a2 NO [TRYCREATE] ...
    C1: a3 SELECT saved-messages
    S1: * FLAGS (... $Kept)
    S1: * OK [PERMANENTFLAGS ...
    S1: * 1 EXISTS
    S1: * 1 RECENT
    S1: * OK [UIDVALIDITY 1793610001] ...
    S1: * OK [UIDNEXT 2] ...
    S1: a3 OK [READ-WRITE] ...
    C1: a4 FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
    S1: * 1 FETCH (FLAGS (\Seen $Kept \Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 15 BODY[] {15}
    S1: Subject: x
    S1:
    S1: y)
    S1: a4 OK ...
    C1: a5 APPEND saved-messages {1+}
    C1: z
    S1: * 2 EXISTS
    S1: * 2 RECENT
    S1: a5 OK [APPENDUID 1793610001 2] ...)~");
}

TEST_F(ImapMailbox, CloseExpungesSilentlyAndUnselectDoesNot) {
  arrive("one", {"\\Deleted"}), arrive("two");
  play(login_bob);
  play(R"~(
    C1: a1 EXAMINE INBOX
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ()] ...
    S1: * 2 EXISTS
    S1: * 2 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 3] ...
    S1: a1 OK [READ-ONLY] ...
    C1: a2 CLOSE
    S1: a2 OK ...
    C1: a3 STATUS INBOX (MESSAGES)
    S1: * STATUS INBOX (MESSAGES 2)
    S1: a3 OK ...
    C1: a4 SELECT INBOX
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 2 EXISTS
    S1: * 2 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 3] ...
    S1: a4 OK [READ-WRITE] ...
    C1: a5 UNSELECT
    S1: a5 OK ...
    C1: a6 STATUS INBOX (MESSAGES)
    S1: * STATUS INBOX (MESSAGES 2)
    S1: a6 OK ...
    C1: a7 SELECT INBOX
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 2 EXISTS
    S1: * 0 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 3] ...
    S1: a7 OK [READ-WRITE] ...
    C1: a8 CLOSE
    S1: a8 OK ...
    C1: a9 STATUS INBOX (MESSAGES)
    S1: * STATUS INBOX (MESSAGES 1)
    S1: a9 OK ...)~");
}

TEST_F(ImapMailbox, NamespaceIsOnePersonalOne) {
  play(login_bob);
  play(R"~(
    C1: a1 NAMESPACE
    S1: * NAMESPACE (("" "/")) NIL NIL
    S1: a1 OK ...)~");
}

TEST_F(ImapMailbox, ADeletedMailboxIsEmptyToWhoHasItOpen) {
  store.account("bob", start)->create("work", {}).value()->add({make_content("m"), {}, now}, {});
  play(login_bob);
  play(R"~(
    C1: a1 SELECT work
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 1 EXISTS
    S1: * 1 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 2] ...
    S1: a1 OK [READ-WRITE] ...
    S2: * OK ...
    C2: a1 LOGIN bob secret
    S2: a1 OK ...
    C2: a2 DELETE work
    S2: a2 OK ...
    C1: a2 FETCH 1 RFC822.SIZE
    S1: * 1 FETCH (RFC822.SIZE 1)
    S1: a2 OK ...
    C1: a3 NOOP
    S1: * 1 EXPUNGE
    S1: * 0 RECENT
    S1: a3 OK ...)~");
}

TEST(ListPattern, FollowsRfc3501) {
  const std::tuple<const char*, const char*, bool> table[] = {
      {"INBOX", "*", true},        {"INBOX", "%", true},      {"a/b", "%", false},     {"a/b", "*", true},
      {"a/b", "a/%", true},        {"a/b/c", "a/%", false},   {"a/b/c", "a/*", true},  {"a/b/c", "%/%/%", true},
      {"INBOX", "inbox", true},    {"INBOX/x", "iNbOx/%", true}, {"INBOX/x", "INBOX/X", false},
      {"foo", "FOO", false},       {"foo", "", false},        {"foo", "f*o*o", true},  {"foo", "foo%", true},
      {"foo", "%%**foo", true},    {"fo", "foo", false},      {"a*b", "a*b", true},    {"Trash", "Tr%sh", true},
  };
  for (const auto& [name, pattern, expected] : table)
    EXPECT_EQ(matches_list_pattern(name, pattern), expected) << name << " against " << pattern;
}

TEST(ListPattern, TakesNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 150; ++i) pattern += "*a";
  EXPECT_FALSE(matches_list_pattern(std::string(399, 'a') + "b", pattern));
}

}  // namespace
}  // namespace glasspost::sim
