// Sessions as real servers hold them: every keyword in them has words of its own, every message a headline.
#include <gtest/gtest.h>

#include <memory>

#include "protocol/dissector.h"
#include "tests/words/asset_files.h"
#include "tests/words/expect_words.h"

namespace glasspost {
namespace {

class Listener final : public MessageSink {
 public:
  explicit Listener(const Catalogue& catalogue) : catalogue_(catalogue) {}

  MessageId said(const Said& said) override {
    expect_words(catalogue_, said.headline, said.text, said.tokens, said.problem ? &*said.problem : nullptr);
    problems_ += said.problem.has_value();
    return messages_++;
  }
  MessageId messages() const { return messages_; }
  int problems() const { return problems_; }

 private:
  const Catalogue& catalogue_;
  MessageId messages_ = 0;
  int problems_ = 0;
};

// Lines that begin with "C: " or "S: ".
void play(Dissector& dissector, Listener& listener, std::string_view transcript) {
  while (!transcript.empty()) {
    const auto end = transcript.find('\n');
    const std::string_view line = transcript.substr(0, end);
    transcript.remove_prefix(end + 1);
    dissector.put(line[0] == 'C' ? Side::client : Side::server, std::string(line.substr(3)) + "\r\n",
                  listener);
  }
}

TEST(LiveSessions, Smtp) {
  const Catalogue& catalogue = real_catalogue(Language::english);
  Listener listener(catalogue);
  const auto dissector = make_smtp_dissector();
  play(*dissector, listener, R"(S: 220 smtp.gmail.com ESMTP 4fb4d7f45d1cf-5c0 - gsmtp
C: EHLO laptop.example
S: 250-smtp.gmail.com at your service, [192.0.2.17]
S: 250-SIZE 35882577
S: 250-8BITMIME
S: 250-STARTTLS
S: 250-ENHANCEDSTATUSCODES
S: 250-PIPELINING
S: 250-CHUNKING
S: 250-DSN
S: 250-VRFY
S: 250-ETRN
S: 250-BINARYMIME
S: 250-XRDST
S: 250-REQUIRETLS
S: 250-LIMITS RCPTMAX=100
S: 250-AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH
S: 250-AUTH=PLAIN LOGIN
S: 250 SMTPUTF8
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: YWxpY2U=
S: 334 UGFzc3dvcmQ6
C: c2VjcmV0
S: 535-5.7.8 Username and Password not accepted. For more information, go to
S: 535 5.7.8  https://support.example/mail/?p=BadCredentials - gsmtp
C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
S: 235 2.7.0 Accepted
C: MAIL FROM:<alice@example.com> SIZE=612 BODY=8BITMIME RET=HDRS ENVID=QQ314159 SMTPUTF8 AUTH=<>
S: 250 2.1.0 Sender OK
C: RCPT TO:<bob@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob@example.org
S: 250 2.1.5 Recipient OK
C: RCPT TO:<carol@example.org>
S: 450 4.2.0 <carol@example.org>: Recipient address rejected: Greylisted
C: RCPT TO:<dan@example.org>
S: 550 5.7.509 Access denied, sending domain does not pass DMARC verification
C: VRFY bob
S: 252 2.0.0 bob
C: DATA
S: 354 Start mail input; end with <CRLF>.<CRLF>
C: From: Alice <alice@example.com>
C: To: Bob <bob@example.org>
C: Subject: Hello, Bob
C: Date: Mon, 2 Nov 2026 09:00:00 +0100
C: Message-ID: <2ab8@example.com>
C: MIME-Version: 1.0
C: Content-Type: text/plain; charset=utf-8
C: Content-Transfer-Encoding: 8bit
C: Received: from a by b; Mon, 2 Nov 2026 09:00:00 +0100
C: Return-Path: <alice@example.com>
C: DKIM-Signature: v=1
C: 
C: This is the first letter.
C: .
S: 250 2.0.0 OK 1793606400 queued
C: RSET
S: 250 2.1.5 Flushed
C: HELP
S: 214 2.0.0 https://www.example/
C: NOOP
S: 250 2.0.0 Ok
C: EXPN staff
S: 502 5.5.1 Unimplemented command.
C: HELO laptop.example
S: 250 smtp.gmail.com
C: STARTTLS
S: 454 4.7.0 TLS not available due to local problem
C: FOO
S: 500 5.5.2 unrecognized command
C: QUIT
S: 221 2.0.0 closing connection
)");
  EXPECT_GT(listener.messages(), 40u);
}

TEST(LiveSessions, Lmtp) {
  const Catalogue& catalogue = real_catalogue(Language::english);
  Listener listener(catalogue);
  const auto dissector = make_lmtp_dissector();
  play(*dissector, listener, R"(S: 220 store.example.org LMTP ready
C: LHLO mx1.example.org
S: 250-store.example.org
S: 250-XCLIENT ADDR PORT TTL TIMEOUT SESSION PROTO LOGIN FORWARD
S: 250-8BITMIME
S: 250-ENHANCEDSTATUSCODES
S: 250 PIPELINING
C: MAIL FROM:<>
S: 250 2.1.0 OK
C: RCPT TO:<bob@example.org>
S: 250 2.1.5 OK
C: DATA
S: 354 OK
C: Subject: x
C: 
C: .
S: 250 2.0.0 <bob@example.org> Saved
C: QUIT
S: 221 2.0.0 Bye
)");
  EXPECT_EQ(listener.problems(), 0);
}

TEST(LiveSessions, Imap) {
  const Catalogue& catalogue = real_catalogue(Language::english);
  Listener listener(catalogue);
  const auto dissector = make_imap_dissector();
  play(
      *dissector, listener,
      R"(S: * OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED] Dovecot ready.
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2 AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER AUTH=SCRAM-SHA-256 AUTH=X-NEW
S: a1 OK Pre-login capabilities listed, post-login capabilities have more.
C: a2 LOGIN bob wrong
S: a2 NO [AUTHENTICATIONFAILED] Authentication failed.
C: a3 LOGIN bob secret
S: * CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE REPLACE INPROGRESS METADATA METADATA-SERVER LITERAL+ NOTIFY SPECIAL-USE CREATE-SPECIAL-USE QUOTA ACL RIGHTS=texk COMPRESS=DEFLATE
S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584
S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+ LIST-MYRIGHTS WITHIN UIDONLY PARTIAL OBJECTID MULTISEARCH LIST-METADATA JMAPACCESS MESSAGELIMIT=1000 QUOTA=RES-STORAGE QUOTASET SEARCH=FUZZY XYZZY
S: a3 OK [CAPABILITY IMAP4rev1 IDLE] Logged in
C: a4 ID ("name" "glasspost")
S: * ID ("name" "Dovecot")
S: a4 OK ID completed.
C: a5 NAMESPACE
S: * NAMESPACE (("" ".")) NIL NIL
S: a5 OK Namespace completed.
C: a6 LIST "" "*"
S: * LIST (\HasNoChildren \UnMarked \Trash) "." Trash
S: * LIST (\HasChildren \Sent \Marked) "." "Sent"
S: * LIST (\HasNoChildren \Drafts) "." Drafts
S: * LIST (\HasNoChildren \Junk \Subscribed) "." Junk
S: * LIST (\Noselect \NoInferiors \All \Archive \Flagged \Important \NonExistent \Remote) "/" x
S: a6 OK List completed
C: a7 SELECT INBOX
S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded NonJunk)
S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Flags permitted.
S: * 2 EXISTS
S: * 1 RECENT
S: * OK [UNSEEN 2] First unseen.
S: * OK [UIDVALIDITY 1760000000] UIDs valid
S: * OK [UIDNEXT 3] Predicted next UID
S: * OK [HIGHESTMODSEQ 7] Highest
S: * OK [NOMODSEQ] Not
S: * OK [MAILBOXID (F2212ea87-6097-4256-9d51-71338625)] Ok
S: a7 OK [READ-WRITE] Select completed.
C: a8 UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (From To)])
S: * 1 FETCH (UID 1 FLAGS (\Seen) INTERNALDATE "02-Nov-2026 09:00:00 +0100" RFC822.SIZE 1043 MODSEQ (7) X-GM-MSGID 1 X-GM-LABELS (x))
S: a8 OK Fetch completed.
C: a9 UID SEARCH RETURN (MIN COUNT) UNSEEN SINCE 1-Nov-2026 NOT FROM "alice" OR SUBJECT "x" LARGER 100
S: * SEARCH 1 2
S: a9 OK Search completed.
C: a10 STORE 1 +FLAGS.SILENT (\Deleted)
S: a10 OK Store completed.
C: a11 STATUS Sent (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)
S: * STATUS Sent (MESSAGES 2 RECENT 0 UIDNEXT 3 UIDVALIDITY 1 UNSEEN 0 HIGHESTMODSEQ 1)
S: a11 OK Status completed.
C: a12 COPY 1 Nowhere
S: a12 NO [TRYCREATE] Mailbox doesn't exist: Nowhere
C: a13 MOVE 1 Trash
S: * OK [COPYUID 1760000000 1 3] Moved UIDs.
S: * 1 EXPUNGE
S: a13 OK Move completed.
C: a14 APPEND Drafts (\Draft) {3}
S: + OK
C: abc
S: a14 NO [OVERQUOTA] Quota exceeded
C: a15 IDLE
S: + idling
S: * 3 EXISTS
C: DONE
S: a15 OK Idle completed.
C: a16 FOO
S: a16 BAD Error in IMAP command FOO: Unknown command.
C: a17 UNSELECT
S: a17 OK [CLOSED] Unselect completed.
C: a18 LOGOUT
S: * BYE Logging out
S: a18 OK Logout completed.
)");
  EXPECT_GT(listener.messages(), 60u);
}

TEST(LiveSessions, Pop3) {
  const Catalogue& catalogue = real_catalogue(Language::english);
  Listener listener(catalogue);
  const auto dissector = make_pop3_dissector();
  play(*dissector, listener, R"(S: +OK POP3 ready <1896.697170952@pop.example.org>
C: CAPA
S: +OK
S: CAPA
S: TOP
S: UIDL
S: RESP-CODES
S: PIPELINING
S: AUTH-RESP-CODE
S: STLS
S: USER
S: LOGIN-DELAY 300
S: EXPIRE NEVER
S: SASL PLAIN LOGIN XOAUTH2
S: UTF8
S: LANG
S: X-GOOGLE-RICO
S: IMPLEMENTATION Dovecot
S: .
C: USER bob
S: +OK
C: PASS wrong
S: -ERR [AUTH] Authentication failed.
C: APOP bob c4c9334bac560ecc979e58001b3e22fb
S: -ERR [IN-USE] Do you have another POP session running?
C: AUTH PLAIN
S: +\x20
C: AGJvYgBzZWNyZXQ=
S: -ERR [SYS/TEMP] Internal error occurred. Refer to server log for more information.
C: AUTH PLAIN AGJvYgBzZWNyZXQ=
S: +OK Logged in.
C: STAT
S: +OK 2 1402
C: LIST
S: +OK 2 messages:
S: 1 1043
S: 2 359
S: .
C: UIDL 1
S: +OK 1 1760000000.1
C: TOP 1 0
S: +OK
S: Subject: Hello, Bob
S: 
S: .
C: RETR 1
S: +OK 1043 octets
S: From: Alice <alice@example.com>
S: 
S: ..one dot
S: .
C: DELE 1
S: +OK Marked to be deleted.
C: DELE 9
S: -ERR There's no message 9.
C: RSET
S: +OK
C: NOOP
S: +OK
C: LAST
S: -ERR Unknown command: LAST
C: STLS
S: -ERR TLS is already active.
C: QUIT
S: +OK Logging out, messages deleted.
)");
  EXPECT_GT(listener.messages(), 30u);
}

TEST(LiveSessions, Dns) {
  const Catalogue& catalogue = real_catalogue(Language::english);
  Listener listener(catalogue);
  const auto dissector = make_dns_dissector();
  using namespace std::string_view_literals;
  dissector->put(Side::client, "\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3org\0\0\x0f\0\1"sv, listener);
  dissector->put(
      Side::server,
      "\x12\x34\x85\x80\0\1\0\1\0\0\0\0\7example\3org\0\0\x0f\0\1\xc0\x0c\0\x0f\0\1\0\0\x0e\x10\0\7\0\x0a\2mx\xc0\x0c"sv,
      listener);
  EXPECT_EQ(listener.messages(), 2u);
  EXPECT_EQ(listener.problems(), 0);
}

}  // namespace
}  // namespace glasspost
