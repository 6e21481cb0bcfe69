// The POP3 service, as transcripts. Clients 8 and 9 speak POP3, client 1 IMAP.
#include "tests/sim/services/dialogue.h"

#include "protocol/sasl/mechanism.h"

namespace glasspost::sim {
namespace {

using Pop3 = Dialogue;

constexpr const char* login = R"~(
  S9: +OK ...
  C9: USER bob
  S9: +OK...
  C9: PASS secret
  S9: +OK...)~";

constexpr const char* phone_in_idle = R"~(
  S1: * OK ...
  C1: a1 LOGIN bob secret
  S1: a1 OK ...
  C1: a2 SELECT INBOX
  S1: * FLAGS ...
  S1: * OK [PERMANENTFLAGS ...
  S1: * 2 EXISTS
  S1: * 2 RECENT
  S1: * OK [UNSEEN 1] ...
  S1: * OK [UIDVALIDITY ...
  S1: * OK [UIDNEXT 3] ...
  S1: * OK [MAILBOXID (F...
  S1: a2 OK [READ-WRITE] ...
  C1: a3 IDLE
  S1: + ...)~";

TEST_F(Pop3, DeletesAtQuitAndImapSessionsInIdleAreTold) {
  arrive("Subject: one\r\n\r\n1\r\n"), arrive("Subject: two\r\n\r\n.2\r\n");
  play(phone_in_idle);
  play(login);
  play(R"~(
    C9: STAT
    S9: +OK 2 39
    C9: RETR 2
    S9: +OK...
    S9: Subject: two
    S9:
    S9: ..2
    S9: .
    C9: DELE 1
    S9: +OK...)~");
  EXPECT_EQ(inbox().size(), 2U) << "nothing goes before QUIT";
  play(R"~(
    C9: QUIT
    S9: +OK...
    S1: * 1 EXPUNGE
    S1: * 1 RECENT
    C1: DONE
    S1: a3 OK ...)~");
  EXPECT_EQ(inbox().size(), 1U);
  EXPECT_EQ(inbox()[0].uid, 2U);
}

TEST_F(Pop3, ABrokenConnectionDeletesNothingAndGivesTheMaildropBack) {
  arrive("one");
  play(login);
  play(R"~(
    C9: DELE 1
    S9: +OK...
    X9:)~");
  EXPECT_EQ(inbox().size(), 1U);
  play(login);
  play(R"~(
    C9: STAT
    S9: +OK 1 3)~");
}

TEST_F(Pop3, TwoSessionsOnOneMaildropAreOneTooMany) {
  arrive("one");
  play(login);
  const auto second_tries = R"~(
    S8: +OK ...
    C8: USER bob@example.org
    S8: +OK...
    C8: PASS secret
    S8: -ERR [IN-USE] ...)~";
  play(second_tries);
  play(R"~(
    C9: DELE 1
    S9: +OK...
    C9: QUIT
    S9: +OK...
    C8: USER bob
    S8: +OK...
    C8: PASS secret
    S8: +OK...
    C8: STAT
    S8: +OK 0 0)~");
}

TEST_F(Pop3, UniqueIdsAreTheSameInEverySession) {
  arrive("one"), arrive("two"), arrive("three");
  const auto listing = R"~(
    C9: UIDL
    S9: +OK...
    S9: 1 1793610000.1
    S9: 2 1793610000.2
    S9: 3 1793610000.3
    S9: .
    C9: DELE 2
    S9: +OK...
    C9: UIDL
    S9: +OK...
    S9: 1 1793610000.1
    S9: 3 1793610000.3
    S9: .
    C9: QUIT
    S9: +OK...)~";
  play(login);
  play(listing);
  clear_clients();
  play(login);
  play(R"~(
    C9: UIDL
    S9: +OK...
    S9: 1 1793610000.1
    S9: 2 1793610000.3
    S9: .)~");
}

TEST_F(Pop3, WhatArrivesOrGoesMeanwhileDoesNotDisturbTheSession) {
  arrive("one"), arrive("two");
  play(login);
  const Uid first[] = {1};
  inbox().expunge(first, {});
  arrive("three");
  play(R"~(
    C9: STAT
    S9: +OK 2 6
    C9: RETR 1
    S9: +OK...
    S9: one
    S9: .
    C9: DELE 1
    S9: +OK...
    C9: DELE 2
    S9: +OK...
    C9: QUIT
    S9: +OK...)~");
  ASSERT_EQ(inbox().size(), 1U);
  EXPECT_EQ(inbox()[0].content->text(), "three");
}

TEST_F(Pop3, ReadingSetsNoFlagsAndClaimsNoRecent) {
  arrive("one");
  play(login);
  play(R"~(
    C9: RETR 1
    S9: +OK...
    S9: one
    S9: .
    C9: TOP 1 0
    S9: +OK...
    S9: one
    S9: .)~");
  EXPECT_EQ(inbox()[0].flags, 0U);
  EXPECT_EQ(inbox().recent(), 1U);
}

TEST_F(Pop3, LoginsBySaslAndApopAndWrongOnes) {
  play(R"~(
    S9: +OK ...
    C9: AUTH PLAIN AGJvYgBzZWNyZXQ=
    S9: +OK...)~");
  clear_clients();
  const std::string stamp = "<2." + std::to_string(now.time_since_epoch().count()) + "@mail.example.org>";
  play("S9: +OK ... " + stamp + "\nC9: APOP bob@example.org " + sasl::apop_digest(stamp, "secret") + "\nS9: +OK...");
  clear_clients();
  play(R"~(
    S9: +OK ...
    C9: USER bob
    S9: +OK...
    C9: PASS wrong
    S9: -ERR [AUTH] ...
    C9: USER nobody
    S9: +OK...
    C9: PASS secret
    S9: -ERR [AUTH] ...
    C9: APOP bob 00000000000000000000000000000000
    S9: -ERR [AUTH] ...
    C9: AUTH PLAIN YWxpY2UAYm9iAHNlY3JldA==
    S9: -ERR [AUTH] ...)~");
}

TEST_F(Pop3, APlaintextLoginIsRefusedUnlessAllowed) {
  pop3_settings.allow_plaintext_login = false;
  play(R"~(
    S9: +OK ...
    C9: USER bob
    S9: -ERR ...)~");
}

TEST_F(Pop3, AFullDiskKeepsTheMessages) {
  arrive("one");
  play(login);
  struct Full : Journal {
    bool create(const Mailbox&) override { return false; }
    bool remove(const Mailbox&) override { return false; }
    bool rename(const Account&, std::string_view, std::string_view) override { return false; }
    bool subscriptions(const Account&, const std::set<std::string>&) override { return false; }
    bool add(const Mailbox&, const StoredMessage&) override { return false; }
    bool set_flags(const Mailbox&, const StoredMessage&, Flags) override { return false; }
    bool expunge(const Mailbox&, std::span<const StoredMessage* const>) override { return false; }
  } full;
  store.set_journal(&full);
  play(R"~(
    C9: DELE 1
    S9: +OK...
    C9: QUIT
    S9: -ERR ...)~");
  EXPECT_EQ(inbox().size(), 1U);
}

}  // namespace
}  // namespace glasspost::sim
