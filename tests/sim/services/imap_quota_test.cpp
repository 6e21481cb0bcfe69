// QUOTA: RFC 9208.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapQuota : public Dialogue {
 protected:
  void log_in() {
    play(R"~(
      S1: * OK ...
      C1: a0 LOGIN bob secret
      S1: a0 OK ... QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE QUOTA=RES-MAILBOX...)~");
  }
};

TEST_F(ImapQuota, WithoutLimitsThereIsNothingToTell) {
  log_in();
  play(R"~(
    C1: a1 GETQUOTAROOT Nowhere
    S1: * QUOTAROOT Nowhere ""
    S1: * QUOTA "" ()
    S1: a1 OK ...
    C1: a2 GETQUOTA other
    S1: a2 NO [NONEXISTENT] ...
    C1: a3 SETQUOTA "" (STORAGE 10)
    S1: a3 NO [NOPERM] ...)~");
}

class ImapQuotaKept : public ImapQuota {
 protected:
  ImapQuotaKept() { store.set_quota({.octets = 4096, .messages = 3, .mailboxes = 3}); }
};

TEST_F(ImapQuotaKept, WhatIsOverTheLimitIsRefused) {
  arrive("Subject: one\r\n\r\n" + std::string(1500, 'x') + "\r\n");
  log_in();
  play(R"~(
    C1: a1 CREATE Work
    S1: a1 OK ...
    C1: a2 GETQUOTA ""
    S1: * QUOTA "" (STORAGE 2 4 MESSAGE 1 3 MAILBOX 2 3)
    S1: a2 OK GETQUOTA completed
    C1: a3 APPEND Work {12+}
    C1: Subject: x
    C1: 
    S1: a3 OK [APPENDUID ...
    C1: a4 EXAMINE INBOX
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: ...
    S1: a4 OK ...
    C1: a5 COPY 1 Work
    S1: a5 OK [COPYUID ...
    C1: a6 COPY 1 Work
    S1: a6 NO [OVERQUOTA] There is no room left for it
    C1: a7 CREATE Work/a/b
    S1: a7 NO [OVERQUOTA] ...
    C1: a8 GETQUOTAROOT work
    S1: * QUOTAROOT work ""
    S1: * QUOTA "" (STORAGE 3 4 MESSAGE 3 3 MAILBOX 3 3)
    S1: a8 OK ...
    C1: a9 STATUS Work (DELETED DELETED-STORAGE)
    S1: * STATUS Work (DELETED 0 DELETED-STORAGE 0)
    S1: a9 OK ...)~");
  EXPECT_EQ(store.deliver("bob", make_content("Subject: four\r\n\r\n"), {.now = now}).error(), StoreFault::over_quota);
}

// What is moved takes no more room than before.
TEST_F(ImapQuotaKept, AMoveIsAlwaysPossible) {
  for (int i = 0; i < 3; ++i) arrive("Subject: " + std::to_string(i) + "\r\n\r\n" + std::string(1200, 'x') + "\r\n");
  log_in();
  play(R"~(
    C1: a1 CREATE Work
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
    S1: a2 OK ...
    C1: a3 MOVE 2 Work
    S1: * OK [COPYUID ...
    S1: * 2 EXPUNGE
    S1: * 2 RECENT
    S1: a3 OK ...
    C1: a4 STORE 1 +FLAGS.SILENT (\Deleted)
    S1: a4 OK ...
    C1: a5 STATUS INBOX (DELETED DELETED-STORAGE)
    S1: * STATUS INBOX (DELETED 1 DELETED-STORAGE 1216)
    S1: a5 OK ...)~");
}

}  // namespace
}  // namespace glasspost::sim
