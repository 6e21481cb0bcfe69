// A table of what several sessions do to one mailbox, in which order, and what each must be told: RFC 3501 sections 2.3, 5.2,
// 5.5, 7.3.1, 7.4.1; RFC 2180. tests/sim/sessions tries what nobody thought of.
#include <set>
#include <sstream>

#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

struct Interleaving {
  const char* name;
  // Clients 1 and 2 have INBOX open, with three messages that are \Recent to nobody. "Work" is there and empty.
  // "@2: b1 SELECT Work 1 1" is a SELECT or EXAMINE that finds 1 message, 1 of them \Recent, each without \Seen.
  const char* script;
};
void PrintTo(const Interleaving& row, std::ostream* out) { *out << row.name; }

class Interleavings : public Dialogue, public testing::WithParamInterface<Interleaving> {
 protected:
  void SetUp() override {
    for (const char* subject : {"one", "two", "three"}) arrive("Subject: " + std::string(subject) + "\r\n\r\n");
    inbox().claim_recent(3);
    ASSERT_TRUE(store.account("bob", now)->create("Work", {.now = now}));
    for (const std::string n : {"1", "2"})
      play_row("S" + n + ": * OK ...\nC" + n + ": o1 LOGIN bob secret\nS" + n + ": o1 OK ...\n@" + n + ": o2 SELECT INBOX 3 0\n");
  }
  void play_row(const std::string& row) {
    std::istringstream lines(row);
    std::string script;
    for (std::string line; std::getline(lines, line);) {
      line.erase(0, line.find_first_not_of(' '));
      script += line.starts_with('@') ? selection(line) : line + "\n";
      if (line.ends_with(" CLOSE") || line.ends_with(" UNSELECT")) open_.erase(line[1]);
    }
    play(script);
  }

 private:
  std::string selection(const std::string& line) {
    std::istringstream words(line.substr(4));
    std::string tag, verb, mailbox, exists, recent;
    words >> tag >> verb >> mailbox >> exists >> recent;
    const std::string n = line.substr(1, 1), s = "S" + n + ": ";
    return "C" + n + ": " + tag + " " + verb + " " + mailbox + "\n" +
           (open_.insert(line[1]).second ? "" : s + "* OK [CLOSED] ...\n") + s + "* FLAGS ...\n" + s + "* OK [PERMANENTFLAGS ...\n" + s +
           "* " + exists + " EXISTS\n" + s + "* " + recent + " RECENT\n" + (exists == "0" ? "" : s + "* OK [UNSEEN 1] ...\n") + s +
           "* OK [UIDVALIDITY ...\n" + s + "* OK [UIDNEXT ...\n" + s + "* OK [MAILBOXID ...\n" + s + tag + " OK ...\n";
  }

  std::set<char> open_;  // the clients that have a mailbox open
};

TEST_P(Interleavings, AreTold) { play_row(GetParam().script); }

constexpr Interleaving rows[] = {
    {"CheckTellsExpunges", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
      S2: b1 OK ...
      C2: b2 EXPUNGE
      S2: * 1 EXPUNGE
      S2: b2 OK ...
      C1: a1 CHECK
      S1: * 1 EXPUNGE
      S1: a1 OK ...)~"},
    {"UidSearchTellsExpungesUnlessItNamesNumbers", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
      S2: b1 OK ...
      C2: b2 EXPUNGE
      S2: * 1 EXPUNGE
      S2: b2 OK ...
      C1: a1 UID SEARCH NOT 2
      S1: * SEARCH 1 3
      S1: a1 OK ...
      C1: a2 UID SEARCH OR SEEN (UNSEEN 1:2)
      S1: * SEARCH 1 2
      S1: a2 OK ...
      C1: a3 UID SEARCH UID 2:3
      S1: * SEARCH 2 3
      S1: * 1 EXPUNGE
      S1: a3 OK ...)~"},
    {"UidStoreTellsExpungesBehindItsFlags", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
      S2: b1 OK ...
      C2: b2 EXPUNGE
      S2: * 1 EXPUNGE
      S2: b2 OK ...
      C1: a1 UID STORE 1:2 +FLAGS (\Flagged)
      S1: * 2 FETCH (UID 2 FLAGS (\Flagged))
      S1: * 1 EXPUNGE
      S1: a1 OK ...)~"},
    {"ExpungesOfBothAreToldInOneNumbering", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
      S2: b1 OK ...
      C2: b2 EXPUNGE
      S2: * 1 EXPUNGE
      S2: b2 OK ...
      C1: a1 STORE 3 +FLAGS.SILENT (\Deleted)
      S1: a1 OK ...
      C1: a2 EXPUNGE
      S1: * 1 EXPUNGE
      S1: * 2 EXPUNGE
      S1: a2 OK ...
      C2: b3 NOOP
      S2: * 2 EXPUNGE
      S2: b3 OK ...)~"},
    {"WhatOneMarksTheOtherMayExpunge", R"~(
      C1: a1 STORE 2 +FLAGS.SILENT (\Deleted)
      S1: a1 OK ...
      C2: b1 EXPUNGE
      S2: * 2 EXPUNGE
      S2: b1 OK ...
      C1: a2 EXPUNGE
      S1: * 2 EXPUNGE
      S1: a2 OK ...)~"},
    {"FlagsOfWhatGoesAreNotTold", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT (\Seen \Deleted)
      S2: b1 OK ...
      C2: b2 EXPUNGE
      S2: * 1 EXPUNGE
      S2: b2 OK ...
      C1: a1 FETCH 3 UID
      S1: * 3 FETCH (UID 3)
      S1: a1 OK ...
      C1: a2 NOOP
      S1: * 1 EXPUNGE
      S1: a2 OK ...)~"},
    {"AMessageThatComesAndGoesBetweenCommandsWasNeverThere", R"~(
      MX: Subject: four
      C2: b1 NOOP
      S2: * 4 EXISTS
      S2: * 1 RECENT
      S2: b1 OK ...
      C2: b2 STORE 4 +FLAGS.SILENT (\Deleted)
      S2: b2 OK ...
      C2: b3 EXPUNGE
      S2: * 4 EXPUNGE
      S2: * 0 RECENT
      S2: b3 OK ...
      C1: a1 NOOP
      S1: a1 OK ...)~"},
    {"AnExpungedMessageIsReadAndNotMarkedSeen", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
      S2: b1 OK ...
      C2: b2 EXPUNGE
      S2: * 1 EXPUNGE
      S2: b2 OK ...
      C1: a1 FETCH 1 (UID FLAGS BODY[HEADER.FIELDS (SUBJECT)])
      S1: * 1 FETCH (UID 1 FLAGS (\Deleted) BODY[HEADER.FIELDS (SUBJECT)] {16}
      S1: Subject: one
      S1:
      S1: )
      S1: a1 OK ...
      C1: a2 UID FETCH 1 FLAGS
      S1: * 1 FETCH (UID 1 FLAGS (\Deleted))
      S1: * 1 EXPUNGE
      S1: a2 OK ...
      C1: a3 UID FETCH 1 FLAGS
      S1: a3 OK ...)~"},
    {"RecentIsOneSessions", R"~(
      MX: Subject: four
      C2: b1 NOOP
      S2: * 4 EXISTS
      S2: * 1 RECENT
      S2: b1 OK ...
      C1: a1 NOOP
      S1: * 4 EXISTS
      S1: * 0 RECENT
      S1: a1 OK ...
      C1: a2 FETCH 4 FLAGS
      S1: * 4 FETCH (FLAGS ())
      S1: a2 OK ...
      C2: b2 FETCH 4 FLAGS
      S2: * 4 FETCH (FLAGS (\Recent))
      S2: b2 OK ...
      C1: a3 STATUS INBOX (MESSAGES RECENT)
      S1: * STATUS INBOX (MESSAGES 4 RECENT 0)
      S1: a3 OK ...)~"},
    {"ExamineClaimsNothingAndChangesNothing", R"~(
      MX: Subject: four
      @2: b1 EXAMINE INBOX 4 1
      C2: b2 FETCH 4 (FLAGS BODY[HEADER.FIELDS (SUBJECT)])
      S2: * 4 FETCH (FLAGS (\Recent) BODY[HEADER.FIELDS (SUBJECT)] {17}
      S2: Subject: four
      S2:
      S2: )
      S2: b2 OK ...
      C1: a1 NOOP
      S1: * 4 EXISTS
      S1: * 1 RECENT
      S1: a1 OK ...
      C1: a2 STORE 4 +FLAGS.SILENT (\Deleted)
      S1: a2 OK ...
      C2: b3 STORE 4 +FLAGS (\Seen)
      S2: b3 NO ...
      C2: b4 NOOP
      S2: * 4 FETCH (FLAGS (\Deleted \Recent))
      S2: b4 OK ...
      C2: b5 CLOSE
      S2: b5 OK ...
      C1: a3 NOOP
      S1: a3 OK ...)~"},
    {"CloseExpungesWithoutAWordAndUnselectNothing", R"~(
      C2: b1 STORE 2 +FLAGS.SILENT (\Deleted)
      S2: b1 OK ...
      C2: b2 UNSELECT
      S2: b2 OK ...
      C1: a1 NOOP
      S1: * 2 FETCH (FLAGS (\Deleted))
      S1: a1 OK ...
      @2: b3 SELECT INBOX 3 0
      C2: b4 CLOSE
      S2: b4 OK ...
      C1: a2 NOOP
      S1: * 2 EXPUNGE
      S1: a2 OK ...)~"},
    {"CopyIntoAMailboxThatAnotherHasOpen", R"~(
      @2: b1 SELECT Work 0 0
      C1: a1 COPY 1,3 Work
      S1: a1 OK [COPYUID ... 1,3 1:2] ...
      C2: b2 NOOP
      S2: * 2 EXISTS
      S2: * 2 RECENT
      S2: b2 OK ...)~"},
    {"MoveIntoAMailboxThatAnotherHasOpen", R"~(
      @2: b1 SELECT Work 0 0
      C1: a1 UID MOVE 2 Work
      S1: * OK [COPYUID ... 2 1] ...
      S1: * 2 EXPUNGE
      S1: a1 OK ...
      C2: b2 NOOP
      S2: * 1 EXISTS
      S2: * 1 RECENT
      S2: b2 OK ...)~"},
    {"AppendIntoAMailboxThatAnotherHasOpen", R"~(
      C2: b1 IDLE
      S2: + ...
      C1: a1 APPEND INBOX (\Draft) {1+}
      C1: x
      S1: * 4 EXISTS
      S1: * 1 RECENT
      S1: a1 OK [APPENDUID ... 4] ...
      S2: * 4 EXISTS
      S2: * 0 RECENT
      C2: DONE
      S2: b1 OK ...)~"},
    {"CopyIntoItselfIsNewMail", R"~(
      C1: a1 COPY 2 INBOX
      S1: * 4 EXISTS
      S1: * 1 RECENT
      S1: a1 OK [COPYUID ... 2 4] ...
      C2: b1 NOOP
      S2: * 4 EXISTS
      S2: * 0 RECENT
      S2: b1 OK ...)~"},
    {"DeleteOfAMailboxThatAnotherHasOpen", R"~(
      C1: a1 COPY 1:2 Work
      S1: a1 OK ...
      @2: b1 SELECT Work 2 2
      C1: a2 DELETE Work
      S1: a2 OK ...
      C2: b2 FETCH 2 UID
      S2: * 2 FETCH (UID 2)
      S2: b2 OK ...
      C2: b3 NOOP
      S2: * 1 EXPUNGE
      S2: * 1 EXPUNGE
      S2: * 0 RECENT
      S2: b3 OK ...
      C2: b4 APPEND Work {1+}
      C2: x
      S2: b4 NO [TRYCREATE] ...
      C1: a3 CREATE Work
      S1: a3 OK ...
      C1: a4 COPY 3 Work
      S1: a4 OK [COPYUID ... 3 1] ...
      C2: b5 NOOP
      S2: b5 OK ...
      C2: b6 CLOSE
      S2: b6 OK ...
      @2: b7 SELECT Work 1 1)~"},
    {"AnIdleSessionHearsThatItsMailboxIsDeleted", R"~(
      C1: a1 COPY 1 Work
      S1: a1 OK ...
      @2: b1 SELECT Work 1 1
      C2: b2 IDLE
      S2: + ...
      C1: a2 DELETE Work
      S1: a2 OK ...
      S2: * 1 EXPUNGE
      S2: * 0 RECENT
      C2: DONE
      S2: b2 OK ...)~"},
    {"RenameOfAMailboxThatAnotherHasOpen", R"~(
      C1: a1 COPY 1 Work
      S1: a1 OK ...
      @2: b1 SELECT Work 1 1
      C1: a2 RENAME Work Old
      S1: a2 OK ...
      C2: b2 STORE 1 +FLAGS (\Flagged)
      S2: * 1 FETCH (FLAGS (\Flagged \Recent))
      S2: b2 OK ...
      @1: a3 SELECT Old 1 0
      C1: a4 FETCH 1 FLAGS
      S1: * 1 FETCH (FLAGS (\Flagged))
      S1: a4 OK ...)~"},
    {"SelectForgetsWhatWasNotTold", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT (\Deleted)
      S2: b1 OK ...
      C2: b2 EXPUNGE
      S2: * 1 EXPUNGE
      S2: b2 OK ...
      C1: a1 FETCH 3 UID
      S1: * 3 FETCH (UID 3)
      S1: a1 OK ...
      @1: a2 SELECT INBOX 2 0
      C1: a3 FETCH 2 UID
      S1: * 2 FETCH (UID 3)
      S1: a3 OK ...)~"},
    {"UidsAreNotUsedAgain", R"~(
      C1: a1 STORE 3 +FLAGS.SILENT (\Deleted)
      S1: a1 OK ...
      C1: a2 UID EXPUNGE 3:4294967295
      S1: * 3 EXPUNGE
      S1: a2 OK ...
      C1: a3 APPEND INBOX {1+}
      C1: x
      S1: * 3 EXISTS
      S1: * 1 RECENT
      S1: a3 OK [APPENDUID ... 4] ...
      C2: b1 NOOP
      S2: * 3 EXPUNGE
      S2: * 3 EXISTS
      S2: * 0 RECENT
      S2: b1 OK ...)~"},
    {"Pop3DeletesUnderASession", R"~(
      S8: +OK ...
      C8: USER bob
      S8: +OK ...
      C8: PASS secret
      S8: +OK ...
      C8: DELE 2
      S8: +OK ...
      C1: a1 FETCH 2 UID
      S1: * 2 FETCH (UID 2)
      S1: a1 OK ...
      C1: a2 NOOP
      S1: a2 OK ...
      C2: b1 IDLE
      S2: + ...
      C8: QUIT
      S8: +OK ...
      S2: * 2 EXPUNGE
      C2: DONE
      S2: b1 OK ...
      C1: a3 STORE 2:3 +FLAGS (\Seen)
      S1: * 3 FETCH (FLAGS (\Seen))
      S1: a3 NO [EXPUNGEISSUED] ...
      C1: a4 NOOP
      S1: * 2 EXPUNGE
      S1: a4 OK ...
      C2: b2 NOOP
      S2: * 2 FETCH (FLAGS (\Seen))
      S2: b2 OK ...)~"},
    {"KeywordsAreAnnouncedBeforeAFetchTellsThem", R"~(
      C2: b1 STORE 1 +FLAGS.SILENT ($New)
      S2: * FLAGS (... $New)
      S2: * OK [PERMANENTFLAGS (... $New \*)] ...
      S2: b1 OK ...
      C1: a1 FETCH 1 FLAGS
      S1: * FLAGS (... $New)
      S1: * OK [PERMANENTFLAGS (... $New \*)] ...
      S1: * 1 FETCH (FLAGS ($New))
      S1: a1 OK ...)~"},
};

INSTANTIATE_TEST_SUITE_P(Table, Interleavings, testing::ValuesIn(rows), [](const auto& row) { return row.param.name; });

class InTheMiddle : public Interleavings {};

// The flags have been said, the rest of the response has not, and another session changes them: that is news.
TEST_P(InTheMiddle, OfALongResponseFlagsChange) {
  arrive("Subject: long\r\n\r\n" + std::string(1'200'000, 'x') + "\r\n");
  inbox().claim_recent(4);
  play_row(R"~(
    C2: b1 NOOP
    S2: * 4 EXISTS
    S2: * 0 RECENT
    S2: b1 OK ...
    C1: a1 NOOP
    S1: * 4 EXISTS
    S1: * 0 RECENT
    S1: a1 OK ...
    C1~ a2 FETCH 4 (FLAGS BODY.PEEK[TEXT] UID)
    C2: b2 STORE 4 +FLAGS.SILENT (\Flagged)
    S2: b2 OK ...
    S1: * 4 FETCH (FLAGS () BODY[TEXT] {1200002}
    S1: xxx...
    S1:  UID 4)
    S1: * 4 FETCH (FLAGS (\Flagged))
    S1: a2 OK ...)~");
}
INSTANTIATE_TEST_SUITE_P(Once, InTheMiddle, testing::Values(rows[0]));

}  // namespace
}  // namespace glasspost::sim
