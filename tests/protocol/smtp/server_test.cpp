// The order of commands, envelopes and limits of the SMTP server: RFC 5321.
#include <gtest/gtest.h>

#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::envelope_said;
using test::expect;
using test::nine_o_clock;
using test::relay;
using test::SmtpSubject;

TEST(SmtpServer, Rfc5321D1TypicalTransaction) {
  ServerSettings settings = relay();
  settings.host_name = "foo.com";
  settings.greeting = "Simple Mail Transfer Service Ready";
  expect(settings, R"(
    S: 220 foo.com Simple Mail Transfer Service Ready
    C: EHLO bar.com
    S: 250-foo.com greets bar.com
    S: 250-PIPELINING
    S: 250-SIZE 100000000
    S: 250-8BITMIME
    S: 250-ENHANCEDSTATUSCODES
    S: 250 HELP
    C: MAIL FROM:<Smith@bar.com>
    S: 250 2.1.0 Sender OK
    C: RCPT TO:<Jones@foo.com>
    S: 250 2.1.5 Recipient OK
    C: RCPT TO:<Green@foo.com>
    S: 550 5.1.1 No such user here
    C: RCPT TO:<Brown@foo.com>
    S: 250 2.1.5 Recipient OK
    C: DATA
    S: 354 Send the letter; end it with <CRLF>.<CRLF>
    C: Blah blah blah...
    C: ...etc. etc. etc.
    C: .
    S: 250 2.0.0 Letter accepted
    C: QUIT
    S: 221 2.0.0 foo.com closing the connection
    X: closed
  )");
}

TEST(SmtpServer, Rfc5321D2AbortedTransaction) {
  expect(relay(), R"(
    S: 220 mx.example.org ESMTP Glasspost
    C: EHLO bar.com
    S: 250-mx.example.org greets bar.com
    S: 250-PIPELINING
    S: 250-SIZE ...
    S: 250-8BITMIME
    S: 250-ENHANCEDSTATUSCODES
    S: 250 HELP
    C: MAIL FROM:<Smith@bar.com>
    S: 250 2.1.0 ...
    C: RCPT TO:<Jones@foo.com>
    S: 250 2.1.5 ...
    C: RCPT TO:<Green@foo.com>
    S: 550 5.1.1 No such user here
    C: RSET
    S: 250 2.0.0 OK
    C: QUIT
    S: 221 2.0.0 ...
    X: closed
  )");
}

TEST(SmtpServer, Rfc5321D3RelayedWithASourceRoute) {
  expect(relay(), R"(
    S: 220 ...
    C: HELO bar.com
    S: 250 mx.example.org
    C: MAIL FROM:<JQP@bar.com>
    S: 250 2.1.0 ...
    C: RCPT TO:<@foo.com:Jones@XYZ.COM>
    S: 250 2.1.5 ...
    C: DATA
    S: 354 ...
    C: Received: from bar.com by foo.com ; Thu, 21 May 1998
    C:     05:33:29 -0700
    C: Date: Thu, 21 May 1998 05:33:22 -0700
    C: From: John Q. Public <JQP@bar.com>
    C: Subject:  The Next Meeting of the Board
    C: To: Jones@xyz.com
    C:
    C: Bill:
    C: The next meeting of the board of directors will be
    C: on Tuesday.
    C:                         John.
    C: .
    S: 250 2.0.0 ...
    C: QUIT
    S: 221 ...
  )");
}

TEST(SmtpServer, Rfc5321D4VerifyingAndSending) {
  ServerSettings settings = relay();
  settings.service_verifies = true;
  expect(settings, R"(
    S: 220 ...
    C: EHLO bar.com
    S: 250-...
    S: 250-...
    S: 250-...
    S: 250-...
    S: 250-...
    S: 250 HELP
    C: VRFY Crispin
    S: 250 2.1.5 Mark Crispin <Admin.MRC@foo.com>
    C: MAIL FROM:<EAK@bar.com>
    S: 250 2.1.0 ...
    C: RCPT TO:<Admin.MRC@foo.com>
    S: 250 2.1.5 ...
    C: DATA
    S: 354 ...
    C: Blah blah blah...
    C: ...etc. etc. etc.
    C: .
    S: 250 2.0.0 ...
    C: QUIT
    S: 221 2.0.0 ...
  )");
}

TEST(SmtpServer, OrderOfCommandsIsEnforced) {
  expect(relay(), R"(
    S: 220 ...
    C: MAIL FROM:<a@b.example>
    S: 503 5.5.1 Say EHLO first
    C: RCPT TO:<bob@example.org>
    S: 503 5.5.1 ...
    C: DATA
    S: 503 5.5.1 ...
    C: STARTTLS
    S: 503 5.5.1 ...
    C: NOOP
    S: 250 2.0.0 OK
    C: RSET
    S: 250 2.0.0 OK
    C: HELP
    S: 214-2.0.0 Commands: HELO EHLO MAIL RCPT DATA RSET NOOP QUIT HELP VRFY EXPN STARTTLS AUTH
    S: 214 2.0.0 See RFC 5321
    C: VRFY bob
    S: 252 2.1.5 ...
    C: EXPN list
    S: 502 5.5.1 ...
    C: HELO c.example
    S: 250 mx.example.org
    C: AUTH PLAIN AHRlc3QAMTIzNA==
    S: 502 5.5.1 ...
    C: STARTTLS
    S: 502 5.5.1 ...
    C: RCPT TO:<bob@example.org>
    S: 503 5.5.1 Say MAIL first
    C: MAIL FROM:<a@b.example>
    S: 250 2.1.0 ...
    C: MAIL FROM:<c@d.example>
    S: 503 5.5.1 There is an envelope already: nested MAIL
    C: DATA
    S: 503 5.5.1 No valid recipients
    C: HELO c.example
    S: 250 mx.example.org
    # hello takes the envelope away
    C: RCPT TO:<bob@example.org>
    S: 503 5.5.1 Say MAIL first
    C: LHLO c.example
    S: 500 5.5.1 Command not recognised
    C: BDAT 10 LAST
    S: 500 5.5.1 Command not recognised
    C:
    S: 500 5.5.1 Command not recognised
  )");
}

TEST(SmtpServer, TheEnvelopeTakesWhatRfc5321Allows) {
  SmtpSubject subject(relay());
  answer(subject, "EHLO c.example\r\n");
  EXPECT_EQ(answer(subject, "mail from:<>\r\n"), "250 2.1.0 Sender OK\r\n");
  for (const std::string good : {"<\"a b\"@example.org>", "<\"a\\\"b\\\\\"@example.org>", "<bob@[192.0.2.1]>",
                                 "<bob@[IPv6:2001:db8::1]>", "<postmaster>", "<POSTMASTER>", "<@a.example,@b.example:bob@example.org>",
                                 "<o'brien+tag@example.org>"})
    EXPECT_EQ(answer(subject, "RCPT TO:" + good + "\r\n"), "250 2.1.5 Recipient OK\r\n") << good;
  EXPECT_EQ(answer(subject, "DATA\r\n.\r\n"), "354 Send the letter; end it with <CRLF>.<CRLF>\r\n250 2.0.0 Letter accepted\r\n");
  ASSERT_EQ(subject.letters.size(), 1U);
  const Letter& letter = subject.letters[0];
  EXPECT_TRUE(letter.mail.reverse_path.is_null());
  EXPECT_EQ(letter.content, "");
  EXPECT_EQ(letter.recipients[0].forward_path.local_part, "a b");
  EXPECT_EQ(letter.recipients[1].forward_path.local_part, "a\"b\\");
  EXPECT_EQ(letter.recipients[6].forward_path.text, "bob@example.org");
}

TEST(SmtpServer, MalformedPathsSayWhatWasExpectedWhere) {
  expect(relay(), R"(
    S: 220 ...
    C: HELO c.example
    S: 250 ...
    C: MAIL FROM: <a@b.example>
    S: 501 5.1.7 Syntax error in the address: Reverse-path expected at octet 11
    C: MAIL FROM:a@b.example
    S: 501 5.1.7 ...
    C: MAIL FROM:<a@b.example
    S: 501 5.1.7 Syntax error in the address: ">" expected at octet 23
    C: MAIL <a@b.example>
    S: 501 5.5.4 Syntax error in parameters or arguments: FROM: expected at octet 6
    C: MAIL FROM:<a@b.example>x
    S: 501 5.5.4 ...
    C: MAIL FROM:<ñ@b.example>
    S: 553 5.6.7 ...
    C: MAIL FROM:<a@b.example> SMTPUTF8
    S: 555 5.5.4 Unknown MAIL FROM parameter: SMTPUTF8
    C: HELO
    S: 501 5.5.4 ...
    C: DATA now
    S: 503 5.5.1 ...
    C: QUIT now
    S: 501 5.5.4 ...
    C: NOOP and a remark
    S: 250 2.0.0 OK
    C: RSET   
    S: 250 2.0.0 OK
  )");
}

TEST(SmtpServer, ParametersAreKnownUnknownOrMisused) {
  ServerSettings settings = relay();
  settings.extensions.dsn = true;
  SmtpSubject subject(settings);
  answer(subject, "EHLO c.example\r\n");
  EXPECT_EQ(answer(subject, "MAIL FROM:<a@b.example> BODY=BINARYMIME\r\n"), "501 5.5.4 Bad value of BODY\r\n");
  EXPECT_EQ(answer(subject, "MAIL FROM:<a@b.example> X-NEW\r\n"), "555 5.5.4 Unknown MAIL FROM parameter: X-NEW\r\n");
  EXPECT_EQ(answer(subject, "MAIL FROM:<a@b.example> body=8bitmime RET=HDRS ENVID=Q+2B1 SIZE=10\r\n"), "250 2.1.0 Sender OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<bob@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob@example.org\r\n"),
            "250 2.1.5 Recipient OK\r\n");
  EXPECT_EQ(answer(subject, "RCPT TO:<bob@example.org> WAIT=1\r\n"), "555 5.5.4 Unknown RCPT TO parameter: WAIT\r\n");
  answer(subject, "DATA\r\n\xc3\xb1\r\n.\r\n");
  ASSERT_EQ(subject.letters.size(), 1U);
  EXPECT_TRUE(subject.letters[0].eight_bit);
  EXPECT_EQ(subject.letters[0].with, "ESMTP");
  EXPECT_EQ(find_parameter(subject.letters[0].recipients[0].parameters, "NOTIFY")->value, "SUCCESS,FAILURE");

  SmtpSubject old(relay());  // after HELO there are no extensions
  answer(old, "HELO c.example\r\n");
  EXPECT_EQ(answer(old, "MAIL FROM:<a@b.example> SIZE=10\r\n"), "555 5.5.4 Unknown MAIL FROM parameter: SIZE\r\n");
}

TEST(SmtpServer, BareCrOrLfInACommandIsRefused) {
  for (const bool one_by_one : {false, true}) {
    SmtpSubject subject(relay());
    EXPECT_EQ(answer(subject, "HELO c.example\nMAIL FROM:<a@b.example>\r\nNOOP\r\n", one_by_one),
              "500 5.5.2 Lines end in CRLF: there is a bare LF in this one\r\n250 2.0.0 OK\r\n");
    EXPECT_EQ(answer(subject, "HELO c\rx\r\nNOOP\r\r\nNOOP\r\n", one_by_one),
              "500 5.5.2 Lines end in CRLF: there is a bare CR in this one\r\n"
              "500 5.5.2 Lines end in CRLF: there is a bare CR in this one\r\n250 2.0.0 OK\r\n");
  }
}

TEST(SmtpServer, EndlessLinesAreRefusedOnceAndForgotten) {
  SmtpSubject subject(relay());
  std::string out;
  for (int i = 0; i < 100; ++i) out += answer(subject, std::string(10000, 'x'));
  out += answer(subject, "\r\nNOOP\r\n");
  EXPECT_EQ(out, "500 5.5.2 Line too long\r\n250 2.0.0 OK\r\n");
  EXPECT_EQ(answer(subject, "NOOP " + std::string(505, 'x') + "\r\n"), "250 2.0.0 OK\r\n");
  EXPECT_EQ(answer(subject, "NOOP " + std::string(506, 'x') + "\r\n"), "500 5.5.2 Line too long\r\n");
}

TEST(SmtpServer, TooManyMistakesAndTooManyRecipients) {
  ServerSettings settings = relay();
  settings.max_mistakes = 3;
  settings.max_recipients = 2;
  expect(settings, R"(
    S: 220 ...
    C: HELO c.example
    S: 250 ...
    C: MAIL FROM:<a@b.example>
    S: 250 ...
    C: RCPT TO:<one@example.org>
    S: 250 ...
    C: RCPT TO:<two@example.org>
    S: 250 ...
    C: RCPT TO:<three@example.org>
    S: 452 4.5.3 Too many recipients
    C: FOO
    S: 500 5.5.1 ...
    C: FOO
    S: 500 5.5.1 ...
    C: FOO
    C: NOOP
    S: 500 5.5.1 ...
    S: 421 4.7.0 mx.example.org Too many mistakes, closing the connection
    X: closed
  )");
}

TEST(SmtpServer, SilenceEndsTheSession) {
  SmtpSubject subject(relay());
  EXPECT_EQ(subject.session().deadline(), nine_o_clock + 5min);
  subject.session().receive("NOOP\r\n", nine_o_clock + 4min);
  EXPECT_EQ(subject.session().deadline(), nine_o_clock + 9min);
  subject.session().on_deadline(nine_o_clock + 8min);
  EXPECT_FALSE(subject.session().wants_close());
  subject.session().take_output();
  subject.session().on_deadline(nine_o_clock + 9min);
  EXPECT_TRUE(subject.session().wants_close());
  EXPECT_EQ(subject.session().take_output(), "421 4.4.2 mx.example.org Nothing was said for too long\r\n");
  EXPECT_FALSE(subject.session().deadline());
}

TEST(SmtpServer, TheServiceMayRefuseEverything) {
  ServerSettings settings = relay();
  settings.refusal = Reply(554, {5, 3, 2}, "mx.example.org takes no mail");
  SmtpSubject closed(settings);
  EXPECT_EQ(closed.session().take_output(), "554 5.3.2 mx.example.org takes no mail\r\n");
  EXPECT_TRUE(closed.session().wants_close());

  SmtpSubject subject(relay());
  EXPECT_EQ(answer(subject, "HELO c.example\r\nMAIL FROM:<banned@b.example>\r\nRCPT TO:<bob@example.org>\r\n"),
            "250 mx.example.org\r\n550 5.7.1 You may not send\r\n503 5.5.1 Say MAIL first\r\n");
  subject.letter_replies = {Reply(451, {4, 3, 0}, "Disk\r\n250 is full")};
  const std::string out = answer(subject, envelope_said + "x\r\n.\r\n");
  EXPECT_TRUE(out.ends_with("451 4.3.0 Disk  250 is full\r\n")) << out;  // CR and LF never get through
}

}  // namespace
}  // namespace glasspost::smtp
