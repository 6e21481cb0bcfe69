// SORT, SORT=DISPLAY and THREAD. RFC 5256, RFC 5957.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapSort : public Dialogue {
 protected:
  ImapSort() {
    const auto letter = [&](const char* from, const char* to, const char* subject, const char* date, const char* id, const char* more) {
      arrive(std::string("From: ") + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nDate: " + date + "\r\nMessage-ID: " + id +
             "\r\n" + more + "\r\nbody\r\n");
      now += 1min;
    };
    letter("Zoe <carol@x>", "bob@x", "Lunch", "Mon, 2 Nov 2026 09:00:00 +0000", "<1@x>", "");
    letter("=?utf-8?q?=C3=81ngel?= <dave@x>", "Alice <al@x>", "Re: lunch", "Mon, 2 Nov 2026 09:30:00 -0100", "<2@x>", "In-Reply-To: <1@x>\r\n");
    letter("bob@x", "\"Bob B\" <bob@x>", "[list] Answers", "Mon, 2 Nov 2026 10:00:00 +0000", "<3@x>", "X-Long: 1234567890\r\n");
    letter("Eve <a@x>", "c@x", "Re: Lunch", "hopeless", "<4@x>", "References: <1@x> <2@x>\r\n");
    play(R"~(
      S1: * OK ...
      C1: a0 LOGIN bob secret
      S1: a0 OK ...
      C1: a1 STATUS INBOX (MESSAGES)
      S1: * STATUS INBOX (MESSAGES 4)
      S1: a1 OK ...
      C1: a2 SELECT INBOX
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: a2 OK ...)~");
  }
};

TEST_F(ImapSort, PutsInOrder) {
  play(R"~(
    C1: b1 SORT (SUBJECT) UTF-8 ALL
    S1: * SORT 3 1 2 4
    S1: b1 OK SORT completed
    C1: b2 SORT (REVERSE SUBJECT) UTF-8 ALL
    S1: * SORT 1 2 4 3
    S1: b2 OK ...
    C1: b3 SORT (FROM) UTF-8 ALL
    S1: * SORT 4 3 1 2
    S1: b3 OK ...
    C1: b4 SORT (DISPLAYFROM) UTF-8 ALL
    S1: * SORT 2 3 4 1
    S1: b4 OK ...
    C1: b5 SORT (TO) UTF-8 ALL
    S1: * SORT 2 1 3 4
    S1: b5 OK ...
    C1: b6 SORT (DISPLAYTO) UTF-8 ALL
    S1: * SORT 2 3 1 4
    S1: b6 OK ...
    C1: b7 SORT (DATE) UTF-8 ALL
    S1: * SORT 1 4 3 2
    S1: b7 OK ...
    C1: b8 SORT (REVERSE ARRIVAL) UTF-8 ALL
    S1: * SORT 4 3 2 1
    S1: b8 OK ...
    C1: b9 SORT (CC REVERSE SIZE) US-ASCII SUBJECT lunch
    S1: * SORT 2 4 1
    S1: b9 OK ...
    C1: c1 SORT (SUBJECT) US-ASCII TEXT "not in mailbox"
    S1: * SORT
    S1: c1 OK ...
    C1: c2 SORT (SUBJECT) KOI8-R ALL
    S1: c2 NO [BADCHARSET (US-ASCII UTF-8)] ...)~");
}

TEST_F(ImapSort, GathersConversations) {
  play(R"~(
    C1: b1 THREAD REFERENCES UTF-8 ALL
    S1: * THREAD (1 2 4)(3)
    S1: b1 OK THREAD completed
    C1: b2 THREAD ORDEREDSUBJECT UTF-8 ALL
    S1: * THREAD (1 (4)(2))(3)
    S1: b2 OK ...
    C1: b3 THREAD REFERENCES UTF-8 TEXT nothing
    S1: * THREAD
    S1: b3 OK ...
    C1: b4 STORE 1 +FLAGS.SILENT (\Deleted)
    S1: b4 OK ...
    C1: b5 EXPUNGE
    S1: * 1 EXPUNGE
    S1: * 3 RECENT
    S1: b5 OK ...
    C1: b6 UID THREAD REFERENCES UTF-8 ALL
    S1: * THREAD (3)(2 4)
    S1: b6 OK ...
    C1: b7 UID SORT (ARRIVAL) UTF-8 SUBJECT lunch
    S1: * SORT 2 4
    S1: b7 OK ...)~");
}

// As for SEARCH: numbers stay true until the command is done.
TEST_F(ImapSort, NothingIsExpungedMeanwhile) {
  play(R"~(
    S2: * OK ...
    C2: a0 LOGIN bob secret
    S2: a0 OK ...
    C2: a1 SELECT INBOX
    S2: ...
    S2: ...
    S2: ...
    S2: ...
    S2: ...
    S2: ...
    S2: ...
    S2: ...
    S2: a1 OK ...
    C2: a2 STORE 1 +FLAGS.SILENT (\Deleted)
    S2: a2 OK ...
    C2: a3 EXPUNGE
    S2: * 1 EXPUNGE
    S2: a3 OK ...
    C1: b1 SORT (ARRIVAL) UTF-8 ALL
    S1: * SORT 1 2 3 4
    S1: b1 OK ...
    C1: b2 UID SORT (ARRIVAL) UTF-8 ALL
    S1: * SORT 1 2 3 4
    S1: * 1 EXPUNGE
    S1: * 3 RECENT
    S1: b2 OK ...)~");
}

// I18NLEVEL=1, RFC 5255 section 4: the same comparison for SEARCH, SORT and both algorithms of THREAD.
class ImapLetters : public Dialogue {
 protected:
  ImapLetters() {
    const auto letter = [&](const std::string& from, const std::string& subject) {
      arrive("From: " + from + "\r\nSubject: " + subject + "\r\nDate: Mon, 2 Nov 2026 09:00:00 +0000\r\n\r\nbody\r\n");
    };
    letter("Σοφία <sofia@x>", "Ярмарка");
    letter("Ivan <ivan@x>", "=?utf-8?b?UmU6INCv0KDQnNCQ0KDQmtCQ?=");  // Re: ЯРМАРКА
    letter("Anna <anna@x>", "ананас");
    letter("Ángel <angel@x>", "АНАНАС");
    letter("Zoe <zoe@x>", "Zebra");
    letter("Adam <adam@x>", "broken \xff");
    play(R"~(
      S1: * OK ...
      C1: a0 LOGIN bob secret
      S1: a0 OK ... I18NLEVEL=1 ...
      C1: a1 EXAMINE INBOX
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: ...
      S1: a1 OK ...)~");
  }
};

TEST_F(ImapLetters, MatchInAnyScriptAndCase) {
  play(R"~(
    C1: b1 SEARCH CHARSET UTF-8 SUBJECT {14+}
    C1: яРМАРКа
    S1: * SEARCH 1 2
    S1: b1 OK ...
    C1: b2 SEARCH CHARSET UTF-8 FROM {12+}
    C1: ΣΟΦΊΑς
    S1: * SEARCH
    S1: b2 OK ...
    C1: b3 SEARCH CHARSET UTF-8 FROM {10+}
    C1: ΣΟΦΊΑ
    S1: * SEARCH 1
    S1: b3 OK ...
    C1: b4 SORT (SUBJECT) UTF-8 ALL
    S1: * SORT 5 3 4 1 2 6
    S1: b4 OK ...
    C1: b5 SORT (DISPLAYFROM) UTF-8 ALL
    S1: * SORT 6 3 4 2 5 1
    S1: b5 OK ...
    C1: b6 THREAD ORDEREDSUBJECT UTF-8 ALL
    S1: * THREAD (1 2)(3 4)(5)(6)
    S1: b6 OK ...
    C1: b7 THREAD REFERENCES UTF-8 ALL
    S1: * THREAD (1 2)((3)(4))(5)(6)
    S1: b7 OK ...)~");
}

}  // namespace
}  // namespace glasspost::sim
