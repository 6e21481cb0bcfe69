// OBJECTID: RFC 8474. Names that outlive renaming, copying and moving.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapObjectid : public Dialogue {
 protected:
  void log_in() {
    play(R"~(
      S1: * OK ...
      C1: a0 LOGIN bob secret
      S1: a0 OK ... OBJECTID ...)~");
  }
  // The value behind `name` in what STATUS or FETCH tells.
  std::string id_of(const std::string& command, const std::string& name) {
    const std::string said = answer_to("C1: x1 " + command);
    const auto at = said.find(name + " (");
    if (at == said.npos) return "no " + name + " in " + said;
    const auto begin = at + name.size() + 2;
    return said.substr(begin, said.find(')', begin) - begin);
  }
};

TEST_F(ImapObjectid, AMailboxKeepsItsNameWhenItIsRenamed) {
  log_in();
  play(R"~(
    C1: 3 CREATE foo
    S1: 3 OK [MAILBOXID (F...)] CREATE completed
    C1: 4 CREATE bar
    S1: 4 OK [MAILBOXID (F...)] CREATE completed
    C1: 5 CREATE foo
    S1: 5 NO [ALREADYEXISTS] ...)~");
  const std::string foo = id_of("STATUS foo (MAILBOXID)", "MAILBOXID"), bar = id_of("STATUS bar (MAILBOXID)", "MAILBOXID");
  EXPECT_NE(foo, bar);
  EXPECT_NE(foo, id_of("STATUS INBOX (MAILBOXID)", "MAILBOXID"));
  play("C1: 8 RENAME foo renamed\nS1: 8 OK ...\nC1: 9 STATUS renamed (MAILBOXID)\nS1: * STATUS renamed (MAILBOXID (" + foo +
       "))\nS1: 9 OK ...\nC1: a CREATE foo\nS1: a OK [MAILBOXID (F...)] ...");
  EXPECT_NE(id_of("STATUS foo (MAILBOXID)", "MAILBOXID"), foo);
  play("C1: b EXAMINE renamed\nS1: * FLAGS ...\nS1: * OK [PERMANENTFLAGS ...\nS1: * 0 EXISTS\nS1: * 0 RECENT\nS1: * OK [UIDVALIDITY ...\n"
       "S1: * OK [UIDNEXT 1] ...\nS1: * OK [MAILBOXID (" + foo + ")] Its name for ever\nS1: b OK [READ-ONLY] ...");
  play("C1: c LIST \"\" bar RETURN (STATUS (MAILBOXID))\nS1: * LIST (\\HasNoChildren) \"/\" bar\nS1: * STATUS bar (MAILBOXID (" + bar +
       "))\nS1: c OK ...\nC1: d DELETE bar\nS1: d OK ...\nC1: e CREATE bar\nS1: e OK ...");
  EXPECT_NE(id_of("STATUS bar (MAILBOXID)", "MAILBOXID"), bar);
}

// RFC 3501 section 6.3.5: it is the messages that go.
TEST_F(ImapObjectid, InboxStaysItselfWhenItIsRenamed) {
  log_in();
  const std::string inbox_id = id_of("STATUS INBOX (MAILBOXID)", "MAILBOXID");
  play("C1: a1 RENAME INBOX old\nS1: a1 OK ...\nC1: a2 STATUS INBOX (MAILBOXID)\nS1: * STATUS INBOX (MAILBOXID (" + inbox_id +
       "))\nS1: a2 OK ...");
  EXPECT_NE(id_of("STATUS old (MAILBOXID)", "MAILBOXID"), inbox_id);
}

// The letters of section 5.3's example.
TEST_F(ImapObjectid, CopiesAndConversationsAreKnown) {
  arrive("Subject: Message A\r\nMessage-ID: <fake.1521475657.54797@example.com>\r\n\r\nA\r\n");
  arrive("Subject: Re: Message A\r\nMessage-ID: <fake.1521475657.21213@example.org>\r\nReferences: <fake.1521475657.54797@example.com>\r\n\r\nB\r\n");
  arrive("Subject: Message C\r\nMessage-ID: <fake.1521475657.60280@example.com>\r\n\r\nC\r\n");
  log_in();
  play("C1: a1 CREATE foo\nS1: a1 OK ...\nC1: a2 SELECT INBOX\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: a2 OK ...");
  const std::string a = id_of("FETCH 1 (EMAILID)", "EMAILID"), b = id_of("FETCH 2 (EMAILID)", "EMAILID"), c = id_of("FETCH 3 (EMAILID)", "EMAILID");
  EXPECT_NE(a, b);
  EXPECT_NE(b, c);
  const std::string thread = id_of("FETCH 1 (THREADID)", "THREADID"), other = id_of("FETCH 3 (THREADID)", "THREADID");
  EXPECT_NE(thread, other);
  play("C1: 22 FETCH 1:* (EMAILID THREADID)\nS1: * 1 FETCH (EMAILID (" + a + ") THREADID (" + thread + "))\nS1: * 2 FETCH (EMAILID (" + b +
       ") THREADID (" + thread + "))\nS1: * 3 FETCH (EMAILID (" + c + ") THREADID (" + other + "))\nS1: 22 OK ...");
  play("C1: 27 SEARCH EMAILID " + a + "\nS1: * SEARCH 1\nS1: 27 OK ...\nC1: 28 SEARCH THREADID " + thread +
       "\nS1: * SEARCH 1 2\nS1: 28 OK ...\nC1: 29 SEARCH EMAILID Mnobody\nS1: * SEARCH\nS1: 29 OK ...");
  play("C1: 30 COPY 1 foo\nS1: 30 OK [COPYUID ...\nC1: 23 MOVE 2 foo\nS1: * OK [COPYUID ...\nS1: * 2 EXPUNGE\nS1: * 2 RECENT\nS1: 23 OK ...\n"
       "C1: 25 EXAMINE foo\nS1: * OK [CLOSED] ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: 25 OK ...\n"
       "C1: 26 FETCH 1:* (EMAILID THREADID)\nS1: * 1 FETCH (EMAILID (" + a + ") THREADID (" + thread + "))\nS1: * 2 FETCH (EMAILID (" + b +
       ") THREADID (" + thread + "))\nS1: 26 OK ...");
}

// INTERNALDATE is immutable, too, so two letters of the same text that came at different times have two names.
TEST_F(ImapObjectid, TheSameTextAtAnotherTimeIsAnotherMessage) {
  arrive("Subject: x\r\n\r\nsame\r\n");
  arrive("Subject: x\r\n\r\nsame\r\n");
  now += 1min;
  arrive("Subject: x\r\n\r\nsame\r\n");
  log_in();
  play("C1: a2 EXAMINE INBOX\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: ...\nS1: a2 OK ...");
  const std::string first = id_of("FETCH 1 (EMAILID)", "EMAILID");
  EXPECT_EQ(id_of("FETCH 2 (EMAILID)", "EMAILID"), first);
  EXPECT_NE(id_of("FETCH 3 (EMAILID)", "EMAILID"), first);
}

}  // namespace
}  // namespace glasspost::sim
