// CONDSTORE and QRESYNC as transcripts, after RFC 7162's own examples. Mod-sequences begin with 1 and grow by one with each
// change, so three deliveries take 2 to 4.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapCondstore : public Dialogue {
 protected:
  void SetUp() override {
    for (const char* subject : {"one", "two", "three"}) arrive("Subject: " + std::string(subject) + "\r\n\r\n");
    inbox().claim_recent(3);
  }
  // `enable`: what client `n` says to ENABLE; empty: nothing. `parameters`: of its SELECT.
  void open(char n, const std::string& enable, const std::string& parameters = "", bool tells_modseq = true) {
    const std::string c = std::string("C") + n + ": ", s = std::string("S") + n + ": ";
    std::string script = s + "* OK ...\n" + c + "o1 LOGIN bob secret\n" + s + "o1 OK ...\n";
    if (!enable.empty()) script += c + "o2 ENABLE " + enable + "\n" + s + "* ENABLED " + enable + "\n" + s + "o2 OK ...\n";
    script += c + "o3 SELECT INBOX" + parameters + "\n" + s + "* FLAGS ...\n" + s + "* OK [PERMANENTFLAGS ...\n" + s + "* 3 EXISTS\n" + s +
              "* 0 RECENT\n" + s + "* OK [UNSEEN 1] ...\n" + s + "* OK [UIDVALIDITY ...\n" + s + "* OK [UIDNEXT 4] ...\n" + s + "* OK [MAILBOXID ...\n";
    if (tells_modseq) script += s + "* OK [HIGHESTMODSEQ 4] ...\n";
    play(script + s + "o3 OK ...\n");
  }
  void use(Mailbox& mailbox, Uid uid, Flags flags) { ASSERT_TRUE(mailbox.set_flags(uid, flags, {.now = now})); }
  void lose(std::vector<Uid> uids) { ASSERT_TRUE(inbox().expunge(uids, {.now = now})); }
  std::string validity() { return std::to_string(inbox().uid_validity()); }
};

// Sections 3.1.2 and 3.1.8.
TEST_F(ImapCondstore, WhoAsksIsToldWhereTheModSequencesStand) {
  open('1', "", " (CONDSTORE)");
  open('2', "CONDSTORE");
  open('3', "", "", false);
  play(R"~(
    C3: a1 STATUS INBOX (HIGHESTMODSEQ)
    S3: * OK [HIGHESTMODSEQ 4] ...
    S3: * STATUS INBOX (HIGHESTMODSEQ 4)
    S3: a1 OK ...
    C3: a2 FETCH 1:3 (MODSEQ)
    S3: * 1 FETCH (MODSEQ (2))
    S3: * 2 FETCH (MODSEQ (3))
    S3: * 3 FETCH (MODSEQ (4))
    S3: a2 OK ...)~");
}

// Sections 3.1 and 3.2.4: from then on every change is told with UID and MODSEQ, whoever made it and however.
TEST_F(ImapCondstore, EveryChangeIsToldWithUidAndModSequence) {
  open('1', "CONDSTORE");
  open('2', "", "", false);
  play(R"~(
    C2: b1 STORE 2 +FLAGS (\Deleted)
    S2: * 2 FETCH (FLAGS (\Deleted))
    S2: b1 OK ...
    C1: a1 NOOP
    S1: * 2 FETCH (UID 2 FLAGS (\Deleted) MODSEQ (5))
    S1: a1 OK ...
    C1: a2 STORE 2 +FLAGS.SILENT (\Seen)
    S1: * 2 FETCH (UID 2 MODSEQ (6))
    S1: a2 OK ...
    C1: a3 STORE 2 +FLAGS.SILENT (\Seen)
    S1: a3 OK ...
    C1: a4 STORE 2 -FLAGS (\Seen)
    S1: * 2 FETCH (UID 2 FLAGS (\Deleted) MODSEQ (7))
    S1: a4 OK ...
    C1: a5 FETCH 3 BODY[HEADER.FIELDS (SUBJECT)]
    S1: * 3 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {18}
    S1: Subject: three
    S1:
    S1:  FLAGS (\Seen) UID 3 MODSEQ (8))
    S1: a5 OK ...
    C2: b2 NOOP
    S2: * 2 FETCH (FLAGS (\Deleted))
    S2: * 3 FETCH (FLAGS (\Seen))
    S2: b2 OK ...)~");
}

// Section 3.1.3, examples 3 to 11.
TEST_F(ImapCondstore, AConditionalStoreLeavesWhatOthersHaveChanged) {
  open('1', "", "", false);
  use(inbox(), 2, flag::answered);
  play(R"~(
    C1: a1 STORE 1:3 (UNCHANGEDSINCE 4) FLAGS.SILENT (\Seen)
    S1: * OK [HIGHESTMODSEQ 5] ...
    S1: * 1 FETCH (UID 1 MODSEQ (6))
    S1: * 2 FETCH (UID 2 FLAGS (\Answered) MODSEQ (5))
    S1: * 3 FETCH (UID 3 MODSEQ (7))
    S1: a1 OK [MODIFIED 2] ...
    C1: a2 UID STORE 2,3 (UNCHANGEDSINCE 5) FLAGS (\Flagged)
    S1: * 2 FETCH (UID 2 FLAGS (\Flagged) MODSEQ (8))
    S1: * 3 FETCH (UID 3 FLAGS (\Seen) MODSEQ (7))
    S1: a2 OK [MODIFIED 3] ...)~");
}

// Section 3.1.12: another's change of another flag does not stand in the way, and is told.
TEST_F(ImapCondstore, AConditionalStoreIsOnlyAboutTheFlagsThatItNames) {
  open('1', "CONDSTORE");
  use(inbox(), 1, flag::deleted);
  use(inbox(), 2, flag::seen);
  play(R"~(
    C1: a1 STORE 1:2 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\Seen)
    S1: * 1 FETCH (UID 1 FLAGS (\Seen \Deleted) MODSEQ (7))
    S1: * 2 FETCH (UID 2 FLAGS (\Seen) MODSEQ (6))
    S1: a1 OK [MODIFIED 2] ...)~");
}

// Example 8: with 0 it asks whether a keyword is there.
TEST_F(ImapCondstore, UnchangedSinceZeroAsksWhetherAFlagIsThere) {
  open('1', "CONDSTORE");
  play(R"~(
    C1: a1 STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 1 FETCH (UID 1 MODSEQ (5))
    S1: a1 OK ...
    C1: a2 STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)
    S1: * 1 FETCH (UID 1 FLAGS ($MDNSent) MODSEQ (5))
    S1: a2 OK [MODIFIED 1] ...
    C1: a3 STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT (\Seen)
    S1: * 1 FETCH (UID 1 FLAGS ($MDNSent) MODSEQ (5))
    S1: a3 OK [MODIFIED 1] ...)~");
}

// Example 11: some have been expunged as well.
TEST_F(ImapCondstore, ModifiedComesInANoWhereMessagesAreGone) {
  open('1', "CONDSTORE");
  use(inbox(), 2, flag::answered);
  lose({3});
  play(R"~(
    C1: B001 STORE 1:3 (UNCHANGEDSINCE 4) FLAGS (\Seen)
    S1: * 1 FETCH (UID 1 FLAGS (\Seen) MODSEQ (7))
    S1: * 2 FETCH (UID 2 FLAGS (\Answered) MODSEQ (5))
    S1: B001 NO [MODIFIED 2] ...
    C1: B002 NOOP
    S1: * 3 EXPUNGE
    S1: B002 OK ...)~");
}

// Sections 3.1.4 and 3.1.5.
TEST_F(ImapCondstore, WhatHasChangedSinceIsFetchedAndFound) {
  open('1', "", "", false);
  use(inbox(), 1, flag::seen);
  play(R"~(
    C1: s100 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 3)
    S1: * OK [HIGHESTMODSEQ 5] ...
    S1: * 1 FETCH (UID 1 FLAGS (\Seen) MODSEQ (5))
    S1: * 3 FETCH (UID 3 FLAGS () MODSEQ (4))
    S1: s100 OK ...
    C1: a1 SEARCH MODSEQ "/flags/\\seen" all 4
    S1: * SEARCH 1 3 (MODSEQ 5)
    S1: a1 OK ...
    C1: a2 UID SEARCH OR NOT MODSEQ 3 LARGER 50000
    S1: * SEARCH
    S1: a2 OK ...
    C1: a3 SEARCH RETURN (MIN COUNT) MODSEQ 3
    S1: * ESEARCH (TAG "a3") MIN 1 COUNT 3 MODSEQ 5
    S1: a3 OK ...)~");
}

// Section 3.2.3.
TEST_F(ImapCondstore, QresyncIsRefusedBeforeItIsEnabled) {
  open('1', "CONDSTORE");
  play(R"~(
    C1: a1 SELECT INBOX (QRESYNC (1 1))
    S1: a1 BAD ENABLE QRESYNC comes first
    C1: a2 UID FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED)
    S1: a2 BAD ENABLE QRESYNC comes first)~");
}

class ImapQresync : public ImapCondstore {};

// Sections 3.2.7 and 3.2.10.
TEST_F(ImapQresync, GoneMessagesAreToldByUid) {
  open('1', "QRESYNC");
  open('2', "", "", false);
  play(R"~(
    C1: a1 STORE 1:2 +FLAGS.SILENT (\Deleted)
    S1: * 1 FETCH (UID 1 MODSEQ (5))
    S1: * 2 FETCH (UID 2 MODSEQ (6))
    S1: a1 OK ...
    C1: a2 EXPUNGE
    S1: * VANISHED 1:2
    S1: a2 OK [HIGHESTMODSEQ 7] ...
    C2: b1 NOOP
    S2: * 1 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b1 OK ...
    C1: a3 EXPUNGE
    S1: a3 OK EXPUNGE completed
    C1: a4 IDLE
    S1: + ...
    C2: b2 STORE 1 +FLAGS.SILENT (\Deleted)
    S2: b2 OK ...
    S1: * 1 FETCH (UID 3 FLAGS (\Deleted) MODSEQ (8))
    C2: b3 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b3 OK ...
    S1: * VANISHED 3
    S1: * OK [HIGHESTMODSEQ 9] ...
    C1: DONE
    S1: a4 OK ...)~");
}

// Section 3.2, and the example of section 6: while a VANISHED is held back nothing greater may be believed.
TEST_F(ImapQresync, AVanishedThatIsHeldBackHoldsTheModSequenceBack) {
  open('1', "QRESYNC");
  use(inbox(), 2, flag::answered);
  lose({3});
  use(inbox(), 1, flag::answered);
  play(R"~(
    C1: A150 STORE 1:2 +FLAGS.SILENT (\Seen)
    S1: * 1 FETCH (UID 1 FLAGS (\Seen \Answered) MODSEQ (8))
    S1: * 2 FETCH (UID 2 FLAGS (\Seen \Answered) MODSEQ (9))
    S1: A150 OK [HIGHESTMODSEQ 5] ...
    C1: A151 FETCH 1 (MODSEQ)
    S1: * 1 FETCH (MODSEQ (8))
    S1: A151 OK [HIGHESTMODSEQ 5] ...
    C1: A152 NOOP
    S1: * VANISHED 3
    S1: A152 OK [HIGHESTMODSEQ 9] ...)~");
}

// Section 3.2.5.1.
TEST_F(ImapQresync, OneSelectTellsAllThatIsDifferent) {
  lose({2});
  use(inbox(), 3, flag::seen);
  arrive("Subject: four\r\n\r\n");
  inbox().claim_recent(4);
  const auto select = [&](const std::string& tag, const std::string& parameters, const std::string& told) {
    play("C1: " + tag + " SELECT INBOX (QRESYNC (" + validity() + " " + parameters + "))\n" +
         (tag == "a2" ? "" : "S1: * OK [CLOSED] ...\n") + R"~(
      S1: * FLAGS ...
      S1: * OK [PERMANENTFLAGS ...
      S1: * 3 EXISTS
      S1: * 0 RECENT
      S1: * OK [UNSEEN 1] ...
      S1: * OK [UIDVALIDITY ...
      S1: * OK [UIDNEXT 5] ...
      S1: * OK [MAILBOXID (F...
      S1: * OK [HIGHESTMODSEQ 7] ...
)~" + told + "S1: " + tag + " OK [READ-WRITE] ...\n");
  };
  play(R"~(
    S1: * OK ...
    C1: o1 LOGIN bob secret
    S1: o1 OK ...
    C1: a1 ENABLE QRESYNC CONDSTORE
    S1: * ENABLED CONDSTORE QRESYNC
    S1: a1 OK ...)~");
  const std::string vanished = "S1: * VANISHED (EARLIER) 2\n", three = "S1: * 2 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (6))\n",
                    four = "S1: * 3 FETCH (UID 4 FLAGS () MODSEQ (7))\n";
  select("a2", "4", vanished + three + four);
  select("a3", "4 1:3", vanished + three);
  select("a4", "5 1:3", three);
  select("a5", "7", "");
  select("a6", "4 3", three);
  // Section 3.2.5.2: the second message was 3 already, so what went below it is known.
  select("a7", "4 1:3 (1:2 1,3)", three);
  select("a8", "4 1:3 (1:2 1:2)", vanished + three);
}

TEST_F(ImapQresync, AnotherUidValidityIsNotResynchronised) {
  lose({2});
  play(R"~(
    S1: * OK ...
    C1: o1 LOGIN bob secret
    S1: o1 OK ...
    C1: a1 ENABLE QRESYNC
    S1: * ENABLED QRESYNC
    S1: a1 OK ...
    C1: a2 EXAMINE INBOX (QRESYNC (67890007 1))
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 2 EXISTS
    S1: * 0 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 4] ...
    S1: * OK [MAILBOXID (F...
    S1: * OK [HIGHESTMODSEQ 5] ...
    S1: a2 OK [READ-ONLY] ...)~");
}

// Section 3.2.6.
TEST_F(ImapQresync, UidFetchTellsWhatVanishedSince) {
  open('1', "QRESYNC");
  lose({1});
  play(R"~(
    C1: a1 NOOP
    S1: * VANISHED 1
    S1: a1 OK [HIGHESTMODSEQ 5] ...
    C1: a2 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 3 VANISHED)
    S1: * VANISHED (EARLIER) 1
    S1: * 2 FETCH (UID 3 FLAGS () MODSEQ (4))
    S1: a2 OK ...
    C1: a3 UID FETCH 2:* (FLAGS) (CHANGEDSINCE 3 VANISHED)
    S1: * 2 FETCH (UID 3 FLAGS () MODSEQ (4))
    S1: a3 OK ...)~");
  lose({3});
  play(R"~(
    C1: a4 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5 VANISHED)
    S1: * VANISHED 3
    S1: a4 OK [HIGHESTMODSEQ 6] ...)~");
}

// Sections 3.2.8 and 3.2.11.
TEST_F(ImapQresync, CloseTellsNoModSequenceAndSelectThatTheOldMailboxIsClosed) {
  open('1', "QRESYNC");
  ASSERT_TRUE(store.account("bob", now)->create("Work", {.now = now}));
  play(R"~(
    C1: a1 STORE 1 +FLAGS.SILENT (\Deleted)
    S1: * 1 FETCH (UID 1 MODSEQ (5))
    S1: a1 OK ...
    C1: a2 EXAMINE Work
    S1: * OK [CLOSED] ...
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 0 EXISTS
    S1: * 0 RECENT
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 1] ...
    S1: * OK [MAILBOXID (F...
    S1: * OK [HIGHESTMODSEQ 1] ...
    S1: a2 OK ...
    C1: a3 CLOSE
    S1: a3 OK CLOSE completed)~");
}

}  // namespace
}  // namespace glasspost::sim
