// What mailboxes are for, and notes about them. RFC 6154 section 5, RFC 5464 section 4.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapMetadata : public Dialogue {
 protected:
  void log_in() { play("S1: * OK ...\nC1: a0 LOGIN bob secret\nS1: a0 OK ..."); }
};

TEST_F(ImapMetadata, AMailboxIsMadeForSomething) {
  imap_settings.extensions.remove(imap::Extension::children);
  log_in();
  play(R"~(
    C1: t2 CREATE MySpecial (USE (\Drafts \Sent))
    S1: t2 OK ...
    C1: t3 CREATE Everything (USE (\All))
    S1: t3 NO [USEATTR] ...
    C1: t4 CREATE Other (USE (\Sent))
    S1: t4 NO [USEATTR] ...
    C1: t5 LIST "" "%"
    S1: * LIST () "/" INBOX
    S1: * LIST (\Drafts \Sent) "/" MySpecial
    S1: t5 OK ...
    C1: t6 CREATE a/b (USE (\Trash))
    S1: t6 OK ...
    C1: t7 LIST (SPECIAL-USE) "" "*"
    S1: * LIST (\Drafts \Sent) "/" MySpecial
    S1: * LIST (\Trash) "/" a/b
    S1: t7 OK ...
    C1: t8 SUBSCRIBE a/b
    S1: t8 OK ...
    C1: t9 LIST (SUBSCRIBED SPECIAL-USE RECURSIVEMATCH) "" "%"
    S1: * LIST () "/" a ("CHILDINFO" ("SUBSCRIBED"))
    S1: t9 OK ...
    C1: u1 RENAME a/b Trash
    S1: u1 OK ...
    C1: u2 LIST "" Trash RETURN (SPECIAL-USE)
    S1: * LIST (\Trash) "/" Trash
    S1: u2 OK ...
    C1: u3 DELETE Trash
    S1: u3 OK ...
    C1: u4 CREATE Trash
    S1: u4 OK ...
    C1: u5 LIST (SPECIAL-USE) "" "T*"
    S1: u5 OK ...)~");
}

TEST_F(ImapMetadata, WhatAMailboxIsForIsANoteOfIt) {
  imap_settings.extensions.remove(imap::Extension::children);
  log_in();
  play(R"~(
    C1: t0 CREATE MyDrafts (USE (\Drafts))
    S1: t0 OK ...
    C1: t1 CREATE SavedDrafts
    S1: t1 OK ...
    C1: t2 GETMETADATA "MyDrafts" /private/specialuse
    S1: * METADATA MyDrafts (/private/specialuse "\\Drafts")
    S1: t2 OK ...
    C1: t3 SETMETADATA "SavedDrafts" (/private/specialuse "\\Drafts")
    S1: t3 NO [USEATTR] ...
    C1: t4 SETMETADATA "MyDrafts" (/private/specialuse NIL)
    S1: t4 OK ...
    C1: t5 SETMETADATA "SavedDrafts" (/private/specialuse "\\Drafts")
    S1: t5 OK ...
    C1: t6 LIST "" "*D*" RETURN (SPECIAL-USE)
    S1: * LIST () "/" MyDrafts
    S1: * LIST (\Drafts) "/" SavedDrafts
    S1: t6 OK ...)~");
}

TEST_F(ImapMetadata, NotesAreWrittenReadAndRemoved) {
  log_in();
  play(R"~(
    C1: a1 GETMETADATA "INBOX" /private/comment
    S1: * METADATA INBOX (/private/comment NIL)
    S1: a1 OK ...
    C1: a2 SETMETADATA INBOX (/private/comment {33}
    S1: + ...
    C1: My new comment across
    C1: two lines.)
    S1: a2 OK ...
    C1: a3 SETMETADATA INBOX (/shared/comment "This one is for you!" /private/filters/values/small "SMALLER 5000" /private/filters/values/a/b x)
    S1: a3 BAD ...
    C1: a4 SETMETADATA INBOX (/shared/comment "This one is for you!" /private/filters/values/small "SMALLER 5000" /private/filters/values/a/b "x")
    S1: a4 OK ...
    C1: a5 GETMETADATA INBOX (/shared/comment /private/comment)
    S1: * METADATA INBOX (/shared/comment "This one is for you!" /private/comment {33}
    S1: My new comment across
    S1: two lines.)
    S1: a5 OK ...
    C1: a6 GETMETADATA INBOX (MAXSIZE 20) (/shared/comment /private/comment)
    S1: * METADATA INBOX (/shared/comment "This one is for you!")
    S1: a6 OK [METADATA LONGENTRIES 33] ...
    C1: a7 GETMETADATA INBOX (DEPTH 1) (/private/filters/values)
    S1: * METADATA INBOX (/private/filters/values/small "SMALLER 5000")
    S1: a7 OK ...
    C1: a8 GETMETADATA INBOX (DEPTH infinity) (/private/filters)
    S1: * METADATA INBOX (/private/filters/values/a/b "x" /private/filters/values/small "SMALLER 5000")
    S1: a8 OK ...
    C1: a9 SETMETADATA INBOX (/private/comment NIL /private/none NIL)
    S1: a9 OK ...
    C1: b1 GETMETADATA INBOX (/private/comment)
    S1: * METADATA INBOX (/private/comment NIL)
    S1: b1 OK ...
    C1: b2 GETMETADATA nothing /private/comment
    S1: b2 NO [NONEXISTENT] ...
    C1: b3 SETMETADATA "" (/private/comment "mine")
    S1: b3 OK ...
    C1: b4 SETMETADATA "" (/shared/comment "ours")
    S1: b4 NO [NOPERM] ...
    C1: b5 GETMETADATA "" (/shared/comment /private/comment)
    S1: * METADATA "" (/shared/comment NIL /private/comment "mine")
    S1: b5 OK ...
    C1: b6 SETMETADATA INBOX (/other/comment "x")
    S1: b6 NO [CANNOT] ...
    C1: b7 RENAME INBOX old
    S1: b7 OK ...
    C1: b8 GETMETADATA old /shared/comment
    S1: * METADATA old (/shared/comment "This one is for you!")
    S1: b8 OK ...
    C1: b9 GETMETADATA INBOX /shared/comment
    S1: * METADATA INBOX (/shared/comment "This one is for you!")
    S1: b9 OK ...)~");
}

TEST_F(ImapMetadata, TooManyNotesChangeNothing) {
  log_in();
  std::string values;
  for (int i = 0; i < 101; ++i) values += (i ? " /private/n" : "/private/n") + std::to_string(i) + " \"x\"";
  play("C1: a1 SETMETADATA INBOX (" + values + ")\nS1: a1 NO [METADATA TOOMANY] ...");
  EXPECT_TRUE(inbox().annotations().empty());
}

}  // namespace
}  // namespace glasspost::sim
