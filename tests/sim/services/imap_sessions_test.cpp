// Several IMAP sessions on one mailbox, as transcripts: RFC 3501 sections 5.2, 5.5, 7.4.1; RFC 2177 (IDLE); RFC 2180.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapSessions : public Dialogue {
 protected:
  // Clients 1 and 2 have INBOX open, with three messages in it that are \Recent to nobody.
  void SetUp() override {
    for (const char* subject : {"one", "two", "three"}) arrive("Subject: " + std::string(subject) + "\r\n\r\n");
    inbox().claim_recent(3);
    for (const char* n : {"1", "2"}) open(n);
  }
  void open(const std::string& n) {
    std::string script = R"~(
      S1: * OK ...
      C1: o1 LOGIN bob secret
      S1: o1 OK ...
      C1: o2 SELECT INBOX
      S1: * FLAGS ...
      S1: * OK [PERMANENTFLAGS ...
      S1: * 3 EXISTS
      S1: * 0 RECENT
      S1: * OK [UNSEEN 1] ...
      S1: * OK [UIDVALIDITY ...
      S1: * OK [UIDNEXT 4] ...
      S1: * OK [MAILBOXID (F...
      S1: o2 OK ...)~";
    for (const char* line : {"S1:", "C1:"})
      for (auto at = script.find(line); at != std::string::npos; at = script.find(line, at + 1)) script.replace(at + 1, 1, n);
    play(script);
  }
};

TEST_F(ImapSessions, NumbersAreEachSessionsOwn) {
  play(R"~(
    C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
    S2: b1 OK ...
    C2: b2 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b2 OK ...
    C2: b3 FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]
    S2: * 1 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {16}
    S2: Subject: two
    S2:
    S2: )
    S2: b3 OK ...
    C1: a1 FETCH 2 BODY.PEEK[HEADER.FIELDS (SUBJECT)]
    S1: * 2 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {16}
    S1: Subject: two
    S1:
    S1: )
    S1: a1 OK ...)~");
}

TEST_F(ImapSessions, ExpungesAreNotToldDuringFetchStoreAndSearch) {
  play(R"~(
    C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
    S2: b1 OK ...
    C2: b2 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b2 OK ...
    C1: a1 FETCH 1 BODY[]
    S1: * 1 FETCH (BODY[] {16}
    S1: Subject: one
    S1:
    S1: )
    S1: a1 OK ...
    C1: a2 SEARCH ALL
    S1: * SEARCH 1 2 3
    S1: a2 OK ...
    C1: a3 STORE 3 +FLAGS (\Seen)
    S1: * 3 FETCH (FLAGS (\Seen))
    S1: a3 OK ...
    C1: a4 NOOP
    S1: * 1 EXPUNGE
    S1: a4 OK ...
    C1: a5 SEARCH ALL
    S1: * SEARCH 1 2
    S1: a5 OK ...)~");
}

TEST_F(ImapSessions, UidCommandsTellExpungesAtTheirEnd) {
  play(R"~(
    C2: b1 STORE 2 +FLAGS.SILENT (\Deleted)
    S2: b1 OK ...
    C2: b2 EXPUNGE
    S2: * 2 EXPUNGE
    S2: b2 OK ...
    C1: a1 UID FETCH 3 RFC822.SIZE
    S1: * 3 FETCH (UID 3 RFC822.SIZE 18)
    S1: * 2 EXPUNGE
    S1: a1 OK ...)~");
}

TEST_F(ImapSessions, NewMailWaitsBehindAPendingExpunge) {
  play(R"~(
    C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
    S2: b1 OK ...
    C2: b2 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b2 OK ...
    MX: Subject: four
    C1: a1 FETCH 2 RFC822.SIZE
    S1: * 2 FETCH (RFC822.SIZE 16)
    S1: a1 OK ...
    C1: a2 NOOP
    S1: * 1 EXPUNGE
    S1: * 3 EXISTS
    S1: * 1 RECENT
    S1: a2 OK ...
    C2: b3 NOOP
    S2: * 3 EXISTS
    S2: * 0 RECENT
    S2: b3 OK ...)~");
}

TEST_F(ImapSessions, FlagsOfOneAreSeenByTheOther) {
  play(R"~(
    C1: a1 STORE 2 +FLAGS (\Flagged)
    S1: * 2 FETCH (FLAGS (\Flagged))
    S1: a1 OK ...
    C2: b1 NOOP
    S2: * 2 FETCH (FLAGS (\Flagged))
    S2: b1 OK ...
    C2: b2 FETCH 3 BODY[]
    S2: * 3 FETCH (BODY[] {18}
    S2: Subject: three
    S2:
    S2:  FLAGS (\Seen))
    S2: b2 OK ...
    C1: a2 UID FETCH 1 FLAGS
    S1: * 1 FETCH (UID 1 FLAGS ())
    S1: * 3 FETCH (UID 3 FLAGS (\Seen))
    S1: a2 OK ...
    C1: a3 NOOP
    S1: a3 OK ...)~");
}

TEST_F(ImapSessions, SilentHidesTheSessionsOwnDoingOnly) {
  play(R"~(
    C2: b1 STORE 1 +FLAGS.SILENT (\Answered)
    S2: b1 OK ...
    C1: a1 STORE 1 +FLAGS.SILENT (\Seen)
    S1: * 1 FETCH (FLAGS (\Seen \Answered))
    S1: a1 OK ...
    C2: b2 NOOP
    S2: * 1 FETCH (FLAGS (\Seen \Answered))
    S2: b2 OK ...)~");
}

TEST_F(ImapSessions, NewKeywordsAreAnnouncedBeforeTheyAreUsed) {
  play(R"~(
    C2: b1 STORE 1 +FLAGS.SILENT ($New)
    S2: * FLAGS (... $New)
    S2: * OK [PERMANENTFLAGS (... $New \*)] ...
    S2: b1 OK ...
    C1: a1 NOOP
    S1: * FLAGS (... $New)
    S1: * OK [PERMANENTFLAGS (... $New \*)] ...
    S1: * 1 FETCH (FLAGS ($New))
    S1: a1 OK ...)~");
}

TEST_F(ImapSessions, MessagesThatAreGoneCannotBeChangedCopiedOrMoved) {
  store.account("bob", now)->create("Work", {});
  play(R"~(
    C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
    S2: b1 OK ...
    C2: b2 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b2 OK ...
    C1: a1 STORE 1:2 +FLAGS (\Flagged)
    S1: * 2 FETCH (FLAGS (\Flagged))
    S1: a1 NO [EXPUNGEISSUED] ...
    C1: a2 COPY 1:2 Work
    S1: * 1 EXPUNGE
    S1: a2 NO [EXPUNGEISSUED] ...)~");
  EXPECT_EQ(store.account("bob", now)->find("Work")->size(), 0U);
}

TEST_F(ImapSessions, TwoMovesOfOneMessageMakeOne) {
  store.account("bob", now)->create("Work", {});
  play(R"~(
    C1: a1 MOVE 1 Work
    S1: * OK [COPYUID 1793610001 1 1] ...
    S1: * 1 EXPUNGE
    S1: a1 OK ...
    C2: b1 MOVE 1 Work
    S2: * 1 EXPUNGE
    S2: b1 NO [EXPUNGEISSUED] ...
    C2: b2 UID MOVE 1 Work
    S2: b2 OK ...)~");
  EXPECT_EQ(store.account("bob", now)->find("Work")->size(), 1U);
}

TEST_F(ImapSessions, IdleTellsOfArrivalsFlagsAndExpunges) {
  play(R"~(
    C1: a1 IDLE
    S1: + ...
    MX: Subject: four
    S1: * 4 EXISTS
    S1: * 1 RECENT
    C2: b1 NOOP
    S2: * 4 EXISTS
    S2: * 0 RECENT
    S2: b1 OK ...
    C2: b2 STORE 2 +FLAGS.SILENT (\Seen \Deleted)
    S2: b2 OK ...
    S1: * 2 FETCH (FLAGS (\Seen \Deleted))
    C2: b3 EXPUNGE
    S2: * 2 EXPUNGE
    S2: b3 OK ...
    S1: * 2 EXPUNGE
    C1: dOnE
    S1: a1 OK ...
    MX: Subject: five
    C1: a2 NOOP
    S1: * 4 EXISTS
    S1: * 2 RECENT
    S1: a2 OK ...)~");
}

TEST_F(ImapSessions, IdleBeginsWithWhatIsAlreadyNews) {
  play(R"~(
    MX: Subject: four
    C1: a1 IDLE
    S1: + ...
    S1: * 4 EXISTS
    S1: * 1 RECENT
    C1: DONE
    S1: a1 OK ...)~");
}

// The record of the delivery is the cause of what the phone is then sent.
TEST_F(ImapSessions, WhatIdleTellsIsCausedByWhatHappened) {
  play(R"~(
    C1: a1 IDLE
    S1: + ...)~");
  RecordId arrival = no_record;
  ASSERT_TRUE(store.deliver("bob", make_content("Subject: four\r\n\r\n"), {.now = now}));
  for (RecordId id = trace.first(); id < trace.end(); ++id)
    if (std::holds_alternative<StoreChanged>(trace[id].what)) arrival = id;
  play(R"~(
    S1: * 4 EXISTS
    S1: * 1 RECENT)~");
  const Record& last = trace[trace.end() - 1];
  ASSERT_TRUE(std::holds_alternative<Sent>(last.what));
  EXPECT_EQ(last.cause, arrival);
}

TEST_F(ImapSessions, ACommandsStoreChangesAreCausedByItsArrival) {
  play(R"~(
    C1: a1 STORE 1 +FLAGS.SILENT (\Seen)
    S1: a1 OK ...)~");
  RecordId arrived = no_record;
  bool found = false;
  for (RecordId id = trace.first(); id < trace.end(); ++id) {
    if (std::holds_alternative<Arrived>(trace[id].what)) arrived = id;
    const auto* changed = std::get_if<StoreChanged>(&trace[id].what);
    if (!changed || changed->change != StoreChange::flags) continue;
    found = true;
    EXPECT_EQ(trace[id].cause, arrived);
    EXPECT_EQ(trace.bytes(changed->flags), "\\Seen");
    EXPECT_EQ(trace[id].connection, 1U);
  }
  EXPECT_TRUE(found);
}

TEST_F(ImapSessions, PasswordsAreNowhereInTheTraceButOnTheConnection) {
  for (RecordId id = trace.first(); id < trace.end(); ++id) {
    const auto* changed = std::get_if<StoreChanged>(&trace[id].what);
    if (!changed) continue;
    for (const Bytes text : {changed->user, changed->mailbox, changed->flags, changed->subject, changed->key})
      EXPECT_EQ(trace.bytes(text).find("secret"), std::string_view::npos);
  }
}

TEST_F(ImapSessions, UidsAreNotUsedAgainAfterAMailboxIsMadeAgain) {
  play(R"~(
    C1: a1 CREATE Work
    S1: a1 OK ...
    C1: a2 APPEND Work {1+}
    C1: x
    S1: a2 OK [APPENDUID 1793610001 1] ...
    C1: a3 DELETE Work
    S1: a3 OK ...
    C1: a4 CREATE Work
    S1: a4 OK ...
    C1: a5 APPEND Work {1+}
    C1: x
    S1: a5 OK [APPENDUID 1793610002 1] ...)~");
}

TEST_F(ImapSessions, AConnectionThatBreaksLeavesTheOthersAlone) {
  play(R"~(
    C1: a1 IDLE
    S1: + ...
    X1:
    MX: Subject: four
    C2: b1 NOOP
    S2: * 4 EXISTS
    S2: * 1 RECENT
    S2: b1 OK ...)~");
}

TEST_F(ImapSessions, TheMailboxCanBeRenamedUnderASession) {
  play(R"~(
    C2: b1 RENAME INBOX Old
    S2: * 1 EXPUNGE
    S2: * 1 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b1 OK ...
    C1: a1 NOOP
    S1: * 1 EXPUNGE
    S1: * 1 EXPUNGE
    S1: * 1 EXPUNGE
    S1: a1 OK ...)~");
}

}  // namespace
}  // namespace glasspost::sim
