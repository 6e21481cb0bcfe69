// SEARCH with what it is to return, "$", and the age of messages: RFC 4731, 5182, 9394, 5032.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapSearchReturn : public Dialogue {
 protected:
  ImapSearchReturn() {
    for (const char* subject : {"one", "two", "three", "four", "five", "six"})
      arrive("Subject: " + std::string(subject) + "\r\n\r\n" + subject + "\r\n");
    play(R"~(
      S1: * OK ...
      C1: a0 LOGIN bob secret
      S1: a0 OK ...
      C1: a1 SELECT INBOX
      S1: * FLAGS ...
      S1: * OK [PERMANENTFLAGS ...
      S1: * 6 EXISTS
      S1: * 6 RECENT
      S1: * OK [UNSEEN 1] ...
      S1: * OK [UIDVALIDITY ...
      S1: * OK [UIDNEXT 7] ...
      S1: * OK [MAILBOXID (F...
      S1: a1 OK [READ-WRITE] ...
      C1: a2 STORE 1 +FLAGS.SILENT (\Deleted)
      S1: a2 OK ...
      C1: a3 EXPUNGE
      S1: * 1 EXPUNGE
      S1: * 5 RECENT
      S1: a3 OK ...)~");  // so that numbers and UIDs differ
  }
};

TEST_F(ImapSearchReturn, TellsTheLeastTheMostAllAndHowMany) {
  play(R"~(
    C1: b1 SEARCH RETURN (MIN COUNT) TEXT o
    S1: * ESEARCH (TAG "b1") MIN 1 COUNT 2
    S1: b1 OK SEARCH completed
    C1: b2 SEARCH RETURN () ALL
    S1: * ESEARCH (TAG "b2") ALL 1:5
    S1: b2 OK SEARCH completed
    C1: b3 UID SEARCH RETURN (MIN MAX) 1:5000
    S1: * ESEARCH (TAG "b3") UID MIN 2 MAX 6
    S1: b3 OK SEARCH completed
    C1: b4 UID SEARCH RETURN (ALL) OR SUBJECT two SUBJECT five
    S1: * ESEARCH (TAG "b4") UID ALL 2,5
    S1: b4 OK SEARCH completed
    C1: b5 SEARCH RETURN (MIN MAX ALL COUNT) SUBJECT nothing
    S1: * ESEARCH (TAG "b5") COUNT 0
    S1: b5 OK SEARCH completed
    C1: b6 SEARCH RETURN (MIN) SUBJECT nothing
    S1: * ESEARCH (TAG "b6")
    S1: b6 OK SEARCH completed
    C1: b7 SEARCH RETURN (COUNT) CHARSET KOI8-R TEXT x
    S1: b7 NO [BADCHARSET (US-ASCII UTF-8)] ...
    C1: b8 SEARCH SUBJECT two
    S1: * SEARCH 1
    S1: b8 OK SEARCH completed)~");
}

TEST_F(ImapSearchReturn, TellsAStretchOfIt) {
  play(R"~(
    C1: b1 UID SEARCH RETURN (PARTIAL 1:2) ALL
    S1: * ESEARCH (TAG "b1") UID PARTIAL (1:2 2:3)
    S1: b1 OK ...
    C1: b2 UID SEARCH RETURN (PARTIAL -1:-2 COUNT) ALL
    S1: * ESEARCH (TAG "b2") UID PARTIAL (-1:-2 5:6) COUNT 5
    S1: b2 OK ...
    C1: b3 SEARCH RETURN (PARTIAL 5:9) ALL
    S1: * ESEARCH (TAG "b3") PARTIAL (5:9 5)
    S1: b3 OK ...
    C1: b4 SEARCH RETURN (PARTIAL 6:9) ALL
    S1: * ESEARCH (TAG "b4") PARTIAL (6:9 NIL)
    S1: b4 OK ...
    C1: b5 UID FETCH 1:* (UID) (PARTIAL -1:-2)
    S1: * 4 FETCH (UID 5)
    S1: * 5 FETCH (UID 6)
    S1: b5 OK ...
    C1: b6 UID FETCH 3:5 (UID) (PARTIAL 1:2)
    S1: * 2 FETCH (UID 3)
    S1: * 3 FETCH (UID 4)
    S1: b6 OK ...
    C1: b7 UID FETCH 3:5 (UID) (PARTIAL 4:5)
    S1: b7 OK ...)~");
}

// The table of RFC 5182 section 2.4, and RFC 9394's.
TEST_F(ImapSearchReturn, WhatIsSavedDependsOnWhatIsTold) {
  play(R"~(
    C1: b0 FETCH $ UID
    S1: b0 OK FETCH completed
    C1: b1 SEARCH RETURN (SAVE) 2:4
    S1: b1 OK SEARCH completed
    C1: b2 FETCH $ UID
    S1: * 2 FETCH (UID 3)
    S1: * 3 FETCH (UID 4)
    S1: * 4 FETCH (UID 5)
    S1: b2 OK FETCH completed
    C1: b3 SEARCH RETURN (ALL) 1
    S1: * ESEARCH (TAG "b3") ALL 1
    S1: b3 OK SEARCH completed
    C1: b4 SEARCH RETURN (MIN) $
    S1: * ESEARCH (TAG "b4") MIN 2
    S1: b4 OK SEARCH completed
    C1: b5 UID SEARCH RETURN (SAVE MIN) 2:6
    S1: * ESEARCH (TAG "b5") UID MIN 3
    S1: b5 OK SEARCH completed
    C1: b6 UID SEARCH $
    S1: * SEARCH 3
    S1: b6 OK SEARCH completed
    C1: b7 SEARCH RETURN (MAX SAVE MIN) ALL
    S1: * ESEARCH (TAG "b7") MIN 1 MAX 5
    S1: b7 OK SEARCH completed
    C1: b8 SEARCH $
    S1: * SEARCH 1 5
    S1: b8 OK SEARCH completed
    C1: b9 SEARCH RETURN (MAX SAVE MIN COUNT) ALL
    S1: * ESEARCH (TAG "b9") MIN 1 MAX 5 COUNT 5
    S1: b9 OK SEARCH completed
    C1: c1 SEARCH UID $
    S1: * SEARCH 1 2 3 4 5
    S1: c1 OK SEARCH completed
    C1: c2 SEARCH RETURN (SAVE PARTIAL 2:3 MAX) ALL
    S1: * ESEARCH (TAG "c2") MAX 5 PARTIAL (2:3 2:3)
    S1: c2 OK SEARCH completed
    C1: c3 SEARCH $
    S1: * SEARCH 2 3 5
    S1: c3 OK SEARCH completed
    C1: c4 SEARCH (OR $ 1) SUBJECT t
    S1: * SEARCH 1 2
    S1: c4 OK SEARCH completed
    C1: c5 SEARCH NOT $
    S1: * SEARCH 1 4
    S1: c5 OK SEARCH completed)~");
}

TEST_F(ImapSearchReturn, AFailedSearchThatWasToBeSavedSavesNothing) {
  play(R"~(
    C1: b1 SEARCH RETURN (SAVE) ALL
    S1: b1 OK ...
    C1: b2 SEARCH CHARSET KOI8-R TEXT x
    S1: b2 NO [BADCHARSET ...
    C1: b3 SEARCH RETURN (COUNT) $
    S1: * ESEARCH (TAG "b3") COUNT 5
    S1: b3 OK ...
    C1: b4 SEARCH RETURN (SAVE) CHARSET KOI8-R TEXT x
    S1: b4 NO [BADCHARSET ...
    C1: b5 SEARCH RETURN (COUNT) $
    S1: * ESEARCH (TAG "b5") COUNT 0
    S1: b5 OK ...
    C1: b6 COPY $ INBOX
    S1: b6 OK COPY completed: there was nothing to copy
    C1: b7 SEARCH RETURN (SAVE) ALL
    S1: b7 OK ...
    C1: b8 SELECT INBOX
    S1: * OK [CLOSED] ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: b8 OK ...
    C1: b9 SEARCH RETURN (COUNT) $
    S1: * ESEARCH (TAG "b9") COUNT 0
    S1: b9 OK ...)~");
}

TEST_F(ImapSearchReturn, WhatIsSavedStaysRightAcrossExpunges) {
  play(R"~(
    C1: b1 SEARCH RETURN (SAVE) 2:4
    S1: b1 OK ...
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
    C2: a2 STORE 1,3 +FLAGS.SILENT (\Deleted)
    S2: a2 OK ...
    C2: a3 EXPUNGE
    S2: * 1 EXPUNGE
    S2: * 2 EXPUNGE
    S2: a3 OK ...
    C1: b2 FETCH $ UID
    S1: * 2 FETCH (UID 3)
    S1: * 3 FETCH (UID 4)
    S1: * 4 FETCH (UID 5)
    S1: b2 OK ...
    C1: b3 NOOP
    S1: * 1 EXPUNGE
    S1: * 2 EXPUNGE
    S1: * 3 RECENT
    S1: b3 OK ...
    C1: b4 FETCH $ UID
    S1: * 1 FETCH (UID 3)
    S1: * 2 FETCH (UID 5)
    S1: b4 OK ...
    C1: b5 STORE $ +FLAGS (\Deleted)
    S1: * 1 FETCH (FLAGS (\Deleted \Recent))
    S1: * 2 FETCH (FLAGS (\Deleted \Recent))
    S1: b5 OK ...
    C1: b6 UID EXPUNGE $
    S1: * 1 EXPUNGE
    S1: * 1 EXPUNGE
    S1: * 1 RECENT
    S1: b6 OK ...
    C1: b7 UID SEARCH RETURN (ALL COUNT) $
    S1: * ESEARCH (TAG "b7") UID COUNT 0
    S1: b7 OK ...)~");
}

TEST_F(ImapSearchReturn, MessagesByTheirAge) {
  now += 1h;
  arrive("Subject: seven\r\n\r\nseven\r\n");
  now += 90s;
  play(R"~(
    C1: b1 NOOP
    S1: * 6 EXISTS
    S1: * 6 RECENT
    S1: b1 OK ...
    C1: b2 SEARCH YOUNGER 90
    S1: * SEARCH 6
    S1: b2 OK ...
    C1: b3 SEARCH YOUNGER 89
    S1: * SEARCH
    S1: b3 OK ...
    C1: b4 SEARCH OLDER 90
    S1: * SEARCH 1 2 3 4 5 6
    S1: b4 OK ...
    C1: b5 SEARCH OLDER 91
    S1: * SEARCH 1 2 3 4 5
    S1: b5 OK ...
    C1: b6 SEARCH OLDER 4294967295
    S1: * SEARCH
    S1: b6 OK ...)~");
}

}  // namespace
}  // namespace glasspost::sim
