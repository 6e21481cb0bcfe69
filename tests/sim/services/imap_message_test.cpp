// Commands about messages, as transcripts: one session.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapMessage : public Dialogue {
 protected:
  // Client 1 has INBOX open, by SELECT or EXAMINE.
  void open(const std::string& how = "SELECT") {
    const auto count = [](std::size_t n) { return std::to_string(n); };
    play("S1: * OK ...\nC1: o1 LOGIN bob secret\nS1: o1 OK ...\nC1: o2 " + how + " INBOX\nS1: * FLAGS ...\n" +
         "S1: * OK [PERMANENTFLAGS ...\nS1: * " + count(inbox().size()) + " EXISTS\nS1: * " +
         count(inbox().recent()) + " RECENT\n" + (inbox().unseen() ? "S1: * OK [UNSEEN ...\n" : "") +
         "S1: * OK [UIDVALIDITY ...\nS1: * OK [UIDNEXT ...\nS1: * OK [MAILBOXID (F...\nS1: o2 OK ...");
  }
};

// RFC 3501 section 8, its header verbatim; the RFC does not give the body, so here are its 3028 octets in 92 lines.
std::string minutes() {
  std::string text =
      "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
      "From: Terry Gray <gray@cac.washington.edu>\r\n"
      "Subject: IMAP4rev1 WG mtg summary and minutes\r\n"
      "To: imap@cac.washington.edu\r\n"
      "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
      "Message-Id: <B27397-0100000@cac.washington.edu>\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n"
      "\r\n";
  for (int line = 0; line < 92; ++line) text += std::string(line < 84 ? 31 : 30, 'm') + "\r\n";
  return text;
}

TEST_F(ImapMessage, TheSampleConnectionOfRfc3501) {
  arrive(minutes(), {"\\Seen"});
  open();
  play(R"~(
    C1: a003 FETCH 1 full
    S1: * 1 FETCH (FLAGS (\Seen \Recent) INTERNALDATE " 2-Nov-2026 09:00:00 +0000" RFC822.SIZE 3370 ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>") BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92))
    S1: a003 OK ...
    C1: a004 fetch 1 body[header]
    S1: * 1 FETCH (BODY[HEADER] {342}
    S1: Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
    S1: From: Terry Gray <gray@cac.washington.edu>
    S1: Subject: IMAP4rev1 WG mtg summary and minutes
    S1: To: imap@cac.washington.edu
    S1: cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
    S1: Message-Id: <B27397-0100000@cac.washington.edu>
    S1: MIME-Version: 1.0
    S1: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
    S1:
    S1: )
    S1: a004 OK ...
    C1: a005 store 1 +flags \deleted
    S1: * 1 FETCH (FLAGS (\Seen \Deleted \Recent))
    S1: a005 OK ...
    C1: a006 logout
    S1: * BYE ...
    S1: a006 OK ...)~");
}

constexpr const char* parts =
    "Subject: parts\r\nTo: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\npreamble\r\n--x\r\n"
    "Content-Type: text/plain\r\n\r\nfirst\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
    "Subject: inner\r\nFrom: c@d\r\n\r\ninside\r\n--x--\r\n";

TEST_F(ImapMessage, FetchesSectionsPartialsAndHeaderSubsets) {
  arrive(parts);
  open();
  play(R"~(
    C1: a1 FETCH 1 (BODY.PEEK[1] BODY.PEEK[1.MIME] BODY.PEEK[2.HEADER] BODY.PEEK[2.1] BODY.PEEK[2.TEXT] BODY.PEEK[3])
    S1: * 1 FETCH (BODY[1] {5}
    S1: first BODY[1.MIME] {28}
    S1: Content-Type: text/plain
    S1:
    S1:  BODY[2.HEADER] {29}
    S1: Subject: inner
    S1: From: c@d
    S1:
    S1:  BODY[2.1] {6}
    S1: inside BODY[2.TEXT] {6}
    S1: inside BODY[3] NIL)
    S1: a1 OK ...
    C1: a2 FETCH 1 (BODY.PEEK[HEADER.FIELDS (TO X-None)] BODY.PEEK[2.HEADER.FIELDS.NOT (FROM)])
    S1: * 1 FETCH (BODY[HEADER.FIELDS (TO X-None)] {11}
    S1: To: a@b
    S1:
    S1:  BODY[2.HEADER.FIELDS.NOT (FROM)] {18}
    S1: Subject: inner
    S1:
    S1: )
    S1: a2 OK ...
    C1: a3 FETCH 1 (BODY.PEEK[1]<1.3> BODY.PEEK[1]<4.100> BODY.PEEK[1]<5.1> BODY.PEEK[1]<900.1> BODY.PEEK[9]<0.1>)
    S1: * 1 FETCH (BODY[1]<1> {3}
    S1: irs BODY[1]<4> {1}
    S1: t BODY[1]<5> "" BODY[1]<900> "" BODY[9]<0> NIL)
    S1: a3 OK ...)~");
  EXPECT_EQ(inbox()[0].flags, 0U) << "BODY.PEEK never sets \\Seen";
}

TEST_F(ImapMessage, FetchingTextSetsSeenAndSaysSoInTheSameResponse) {
  arrive("A: b\r\n\r\nc"), arrive("A: b\r\n\r\nc"), arrive("A: b\r\n\r\nc"), arrive("A: b\r\n\r\nc");
  open();
  play(R"~(
    C1: a1 FETCH 1 BODY[TEXT]
    S1: * 1 FETCH (BODY[TEXT] {1}
    S1: c FLAGS (\Seen \Recent))
    S1: a1 OK ...
    C1: a2 FETCH 1 BODY[TEXT]
    S1: * 1 FETCH (BODY[TEXT] {1}
    S1: c)
    S1: a2 OK ...
    C1: a3 FETCH 2 (FLAGS RFC822.TEXT)
    S1: * 2 FETCH (FLAGS (\Seen \Recent) RFC822.TEXT {1}
    S1: c)
    S1: a3 OK ...
    C1: a4 FETCH 3 RFC822.HEADER
    S1: * 3 FETCH (RFC822.HEADER {8}
    S1: A: b
    S1:
    S1: )
    S1: a4 OK ...
    C1: a5 UID FETCH 4 RFC822
    S1: * 4 FETCH (UID 4 RFC822 {9}
    S1: A: b
    S1:
    S1: c FLAGS (\Seen \Recent))
    S1: a5 OK ...
    C1: a6 SEARCH UNSEEN
    S1: * SEARCH 3
    S1: a6 OK ...)~");
}

TEST_F(ImapMessage, ExamineChangesNothing) {
  arrive("A: b\r\n\r\nc", {"\\Deleted"});
  open("EXAMINE");
  play(R"~(
    C1: a1 FETCH 1 (BODY[TEXT] FLAGS)
    S1: * 1 FETCH (BODY[TEXT] {1}
    S1: c FLAGS (\Deleted \Recent))
    S1: a1 OK ...
    C1: a2 STORE 1 +FLAGS (\Seen)
    S1: a2 NO ...
    C1: a3 EXPUNGE
    S1: a3 NO ...
    C1: a4 UID EXPUNGE 1
    S1: a4 NO ...
    C1: a5 MOVE 1 INBOX
    S1: a5 NO ...
    C1: a6 CLOSE
    S1: a6 OK ...)~");
  EXPECT_EQ(inbox().size(), 1U);
  EXPECT_EQ(inbox()[0].flags, flag::deleted);
  EXPECT_EQ(inbox().recent(), 1U);
}

TEST_F(ImapMessage, NumbersBeyondTheMailboxAreBadAndUidsBeyondItAreNothing) {
  open();
  play(R"~(
    C1: a1 FETCH 1:* FLAGS
    S1: a1 BAD ...
    C1: a2 UID FETCH 1:* FLAGS
    S1: a2 OK ...)~");
  arrive("one");
  play(R"~(
    C1: a3 NOOP
    S1: * 1 EXISTS
    S1: * 1 RECENT
    S1: a3 OK ...
    C1: a4 FETCH 2 FLAGS
    S1: a4 BAD ...
    C1: a5 STORE 1,2 FLAGS ()
    S1: a5 BAD ...
    C1: a6 COPY 7 INBOX
    S1: a6 BAD ...
    C1: a7 UID FETCH 2 FLAGS
    S1: a7 OK ...
    C1: a8 UID FETCH 100:* FLAGS
    S1: * 1 FETCH (UID 1 FLAGS (\Recent))
    S1: a8 OK ...
    C1: a9 UID STORE 5 FLAGS (\Seen)
    S1: a9 OK ...
    C1: b1 UID COPY 5 INBOX
    S1: b1 OK ...)~");
}

TEST_F(ImapMessage, StoreReplacesAddsRemovesAndMakesKeywords) {
  arrive("one", {"\\Flagged"}), arrive("two");
  open();
  play(R"~(
    C1: a1 STORE 1 +FLAGS (\Seen \answered)
    S1: * 1 FETCH (FLAGS (\Seen \Answered \Flagged \Recent))
    S1: a1 OK ...
    C1: a2 STORE 1:2 FLAGS \Draft
    S1: * 1 FETCH (FLAGS (\Draft \Recent))
    S1: * 2 FETCH (FLAGS (\Draft \Recent))
    S1: a2 OK ...
    C1: a3 UID STORE 2 -FLAGS (\Draft $Unknown)
    S1: * 2 FETCH (UID 2 FLAGS (\Recent))
    S1: a3 OK ...
    C1: a4 STORE 1 +FLAGS.SILENT (\Seen)
    S1: a4 OK ...
    C1: a5 STORE 1 +FLAGS ($Forwarded)
    S1: * FLAGS (\Seen \Answered \Flagged \Deleted \Draft $Forwarded)
    S1: * OK [PERMANENTFLAGS (... $Forwarded \*)] ...
    S1: * 1 FETCH (FLAGS (\Seen \Draft $Forwarded \Recent))
    S1: a5 OK ...)~");
}

TEST_F(ImapMessage, CopyAndMoveSayTheUids) {
  arrive("one", {"\\Seen", "$x"}), arrive("two"), arrive("three");
  store.account("bob", now)->create("Work", {});
  open();
  play(R"~(
    C1: a1 COPY 1,3 Work
    S1: a1 OK [COPYUID 1793610001 1,3 1:2] ...
    C1: a2 UID MOVE 2 Work
    S1: * OK [COPYUID 1793610001 2 3] ...
    S1: * 2 EXPUNGE
    S1: * 2 RECENT
    S1: a2 OK ...
    C1: a3 COPY 1 Nowhere
    S1: a3 NO [TRYCREATE] ...
    C1: a4 MOVE 1 Nowhere
    S1: a4 NO [TRYCREATE] ...
    C1: a5 COPY 1 INBOX
    S1: * 3 EXISTS
    S1: * 3 RECENT
    S1: a5 OK [COPYUID 1793610000 1 4] ...
    C1: a6 SELECT Work
    S1: * OK [CLOSED] ...
    S1: * FLAGS (... $x)
    S1: * OK [PERMANENTFLAGS ...
    S1: * 3 EXISTS
    S1: * 3 RECENT
    S1: * OK [UNSEEN 2] ...
    S1: * OK [UIDVALIDITY 1793610001] ...
    S1: * OK [UIDNEXT 4] ...
    S1: * OK [MAILBOXID (F...
    S1: a6 OK ...
    C1: a7 FETCH 1 (UID FLAGS)
    S1: * 1 FETCH (UID 1 FLAGS (\Seen $x \Recent))
    S1: a7 OK ...)~");
}

TEST_F(ImapMessage, ExpungesDescribeWhatGoesOneByOne) {
  for (int i = 0; i < 11; ++i) arrive("m");
  for (const Uid uid : {3, 4, 7, 11}) inbox().set_flags(uid, flag::deleted, {});
  open();
  // RFC 3501 section 6.4.3, its example.
  play(R"~(
    C1: A202 EXPUNGE
    S1: * 3 EXPUNGE
    S1: * 3 EXPUNGE
    S1: * 5 EXPUNGE
    S1: * 8 EXPUNGE
    S1: * 7 RECENT
    S1: A202 OK ...
    C1: a1 STORE 1:2 +FLAGS.SILENT (\Deleted)
    S1: a1 OK ...
    C1: a2 UID EXPUNGE 2:100
    S1: * 2 EXPUNGE
    S1: * 6 RECENT
    S1: a2 OK ...)~");
  EXPECT_EQ(inbox().size(), 6U);
}

TEST_F(ImapMessage, SearchFindsByNumberAndByUid) {
  arrive("Subject: gone\r\n\r\n"), arrive("Subject: Ma\xc3\xb1" "ana\r\n\r\n"), arrive("Subject: x\r\n\r\nma\xc3\xb1" "ana\r\n");
  const Uid first[] = {1};
  inbox().expunge(first, {});
  open();
  play(R"~(
    C1: a1 SEARCH ALL
    S1: * SEARCH 1 2
    S1: a1 OK ...
    C1: a2 UID SEARCH 2
    S1: * SEARCH 3
    S1: a2 OK ...
    C1: a3 SEARCH FLAGGED
    S1: * SEARCH
    S1: a3 OK ...
    C1: a4 SEARCH CHARSET KOI8-R ALL
    S1: a4 NO [BADCHARSET (US-ASCII UTF-8)] ...)~");
  play("C1: a5 UID SEARCH CHARSET UTF-8 SUBJECT {7+}\nC1: MA\xc3\x91" "ANA\nS1: * SEARCH 2\nS1: a5 OK ...");
}

// What a mailbox of many megabytes holds is said in pieces, in order, and no command overtakes it.
TEST_F(ImapMessage, ALongFetchComesInPiecesAndWhole) {
  std::string expected;
  for (int i = 0; i < 5; ++i) {
    const std::string text = "Subject: " + std::to_string(i) + "\r\n\r\n" + std::string(700'000, char('a' + i)) + "\r\n";
    arrive(text);
    expected += "* " + std::to_string(i + 1) + " FETCH (BODY[] {" + std::to_string(text.size()) + "}\r\n" + text + ")\r\n";
  }
  ImapService service(imap_settings, store, trace);
  const auto peer = service.accept({1, now, "c", "192.0.2.1", [] {}});
  peer->receive("a LOGIN bob secret\r\nb EXAMINE INBOX\r\nc FETCH 1:* BODY[]\r\nd NOOP\r\n", now, no_record);
  std::string all;
  std::size_t pieces = 0, largest = 0;
  for (std::string some; !(some = peer->take_output(now)).empty(); ++pieces) {
    largest = std::max(largest, some.size());
    all += some;
  }
  EXPECT_GE(pieces, 3U);
  EXPECT_LT(largest, 2'000'000U);
  const auto at = all.find(expected);
  ASSERT_NE(at, std::string::npos);
  EXPECT_TRUE(all.substr(at + expected.size()).starts_with("c OK "));
  EXPECT_NE(all.find("\r\nd OK "), std::string::npos);
}

// RFC 7888, and pitfalls: what a refused command announced is never read as commands.
TEST_F(ImapMessage, TheLiteralOfARefusedCommandIsNotExecuted) {
  open();
  play(R"~(
    C1: a1 APPEND Nowhere {20+}
    C1: a2 DELETE INBOX/keep
    S1: a1 NO [TRYCREATE] ...
    C1: a3 NONSENSE {19+}
    C1: a4 DELETE something
    S1: a3 BAD ...)~");
}

// A full disk refuses, says so, and leaves everything as it was.
TEST_F(ImapMessage, AFullDiskIsToldAndNothingIsLost) {
  arrive("one", {"\\Deleted"});
  store.account("bob", now)->create("Work", {});
  open();
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
    C1: a1 STORE 1 +FLAGS (\Seen)
    S1: a1 NO [UNAVAILABLE] ...
    C1: a2 EXPUNGE
    S1: a2 NO [UNAVAILABLE] ...
    C1: a3 COPY 1 Work
    S1: a3 NO [UNAVAILABLE] ...
    C1: a4 MOVE 1 Work
    S1: a4 NO [UNAVAILABLE] ...
    C1: a5 APPEND INBOX {1+}
    C1: x
    S1: a5 NO [UNAVAILABLE] ...
    C1: a6 CREATE New
    S1: a6 NO [UNAVAILABLE] ...
    C1: a7 CLOSE
    S1: a7 NO [UNAVAILABLE] ...
    C1: a8 FETCH 1 (FLAGS BODY[])
    S1: * 1 FETCH (FLAGS (\Deleted \Recent) BODY[] {3}
    S1: one)
    S1: a8 OK ...)~");
}

}  // namespace
}  // namespace glasspost::sim
