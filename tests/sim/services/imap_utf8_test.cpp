// UTF8=ACCEPT: RFC 6855.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

using ImapUtf8 = Dialogue;

TEST_F(ImapUtf8, NamesAndHeadersAreUtf8OnceItIsEnabled) {
  play(R"~(
    S1: * OK ...
    C1: a0 LOGIN bob secret
    S1: a0 OK ... UTF8=ACCEPT ...
    C1: a1 CREATE Entw&APw-rfe
    S1: a1 OK ...
    C1: a2 APPEND Entw&APw-rfe {20+}
    C1: Subject: Ñandú
    C1: 
    C1: 
    S1: a2 NO [CANNOT] Headers beyond ASCII are for clients that have said ENABLE UTF8=ACCEPT
    C1: a3 ENABLE UTF8=ACCEPT
    S1: * ENABLED UTF8=ACCEPT
    S1: a3 OK ENABLE completed
    C1: a4 LIST "" Entw*
    S1: * LIST (\HasNoChildren) "/" "Entwürfe"
    S1: a4 OK ...
    C1: a5 APPEND "Entwürfe" (\Draft) UTF8 (~{20+}
    C1: Subject: Ñandú
    C1: 
    C1: )
    S1: a5 OK [APPENDUID ...
    C1: a6 EXAMINE "Entwürfe"
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 1 EXISTS
    S1: * 1 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 2] ...
    S1: * OK [MAILBOXID ...
    S1: a6 OK [READ-ONLY] ...
    C1: a7 SEARCH SUBJECT "ñANDÚ"
    S1: * SEARCH 1
    S1: a7 OK ...
    C1: a8 SEARCH CHARSET UTF-8 SUBJECT x
    S1: a8 BAD ...
    C1: a9 CREATE "line separator"
    S1: a9 NO [CANNOT] ...
    S2: * OK ...
    C2: a0 LOGIN bob secret
    S2: a0 OK ...
    C2: a1 LIST "" Entw*
    S2: * LIST (\HasNoChildren) "/" Entw&APw-rfe
    S2: a1 OK ...)~");
}

}  // namespace
}  // namespace glasspost::sim
