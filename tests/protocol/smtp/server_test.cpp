#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "protocol/smtp/states.h"
#include "tests/protocol/smtp/scripted_service.h"

namespace glasspost::smtp {
namespace {

using test::nine_o_clock;
using test::SmtpSubject;
using namespace std::string_literals;

ServerSettings relay() {
  ServerSettings settings;
  settings.host_name = "mx.example.org";
  return settings;
}
ServerSettings submission() {
  ServerSettings settings = relay();
  settings.role = ServerRole::submission;
  settings.tls = TlsMode::starttls;
  settings.nonce = "1896";
  return settings;
}
ServerSettings in_clear() {
  ServerSettings settings = submission();
  settings.tls = TlsMode::plaintext;
  settings.allow_plaintext_auth = true;
  return settings;
}
ServerSettings lmtp() {
  ServerSettings settings = relay();
  settings.protocol = Protocol::lmtp;
  settings.greeting = "LMTP Glasspost";
  return settings;
}
void expect(ServerSettings settings, std::string_view transcript) {
  test::expect_transcript(Side::server, [&] { return std::make_unique<SmtpSubject>(settings); }, transcript);
}

// Everything that the session says to these octets, put in at once or one by one, without the greeting.
std::string answer(SmtpSubject& subject, std::string_view octets, bool one_by_one = false) {
  subject.session().take_output();
  std::string out;
  const std::size_t step = one_by_one ? 1 : octets.size();
  for (std::size_t i = 0; i < octets.size(); i += step) {
    subject.session().receive(octets.substr(i, step), nine_o_clock);
    subject.settle();
    out += subject.session().take_output();
  }
  return out;
}

// --- the examples of the RFCs, the client's lines verbatim ------------------------------------------------------------

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

// RFC 4954 section 4.1: AUTH PLAIN and its cancelling, with the client's lines of that section
TEST(SmtpServer, Rfc4954Plain) {
  ServerSettings settings = in_clear();
  settings.mechanisms = {sasl::Mechanism::plain};
  expect(settings, R"(
    S: 220 mx.example.org ESMTP Glasspost
    C: EHLO client.example.com
    S: 250-mx.example.org greets client.example.com
    S: 250-PIPELINING
    S: 250-SIZE 100000000
    S: 250-8BITMIME
    S: 250-ENHANCEDSTATUSCODES
    S: 250-AUTH PLAIN
    S: 250 HELP
    C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=
    S: 235 2.7.0 Authentication successful
  )");
  expect(settings, R"(
    S: 220 ...
    C: HELO client.example.com
    S: 250 mx.example.org
    C: AUTH PLAIN
    S: 334 
    C: dGVzdAB0ZXN0ADEyMzQ=
    S: 235 2.7.0 Authentication successful
    C: MAIL FROM:<test@example.com>
    S: 250 2.1.0 ...
  )");
}

// RFC 4954 section 4.1: "C: AUTH DIGEST-MD5" and "*" there; here with what we have
TEST(SmtpServer, Rfc4954CancelledAndThenFailed) {
  expect(in_clear(), R"(
    S: 220 ...
    C: EHLO client.example.com
    S: 250-...
    S: 250-...
    S: 250-...
    S: 250-...
    S: 250-...
    S: 250-AUTH PLAIN LOGIN CRAM-MD5
    S: 250 HELP
    C: AUTH DIGEST-MD5
    S: 504 5.5.4 Unrecognised authentication mechanism
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: *
    S: 501 5.7.0 Authentication cancelled
    C: MAIL FROM:<test@example.com>
    S: 530 5.7.0 Authentication required
    C: AUTH LOGIN dGVzdA==
    S: 334 UGFzc3dvcmQ6
    C: d3Jvbmc=
    S: 535 5.7.8 Authentication credentials invalid
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: dGVzdA==
    S: 334 UGFzc3dvcmQ6
    C: MTIzNA==
    S: 235 2.7.0 Authentication successful
    C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=
    S: 503 5.5.1 Already logged in
  )");
}

TEST(SmtpServer, CramMd5AsksSomethingElseEachTime) {
  SmtpSubject subject(in_clear());
  answer(subject, "EHLO c.example\r\n");
  const std::string first = answer(subject, "AUTH CRAM-MD5\r\n");
  ASSERT_TRUE(first.starts_with("334 "));
  const auto challenge = base64_decode(std::string_view(first).substr(4, first.size() - 6));
  EXPECT_EQ(challenge, "<1896.1@mx.example.org>");
  EXPECT_EQ(answer(subject, base64_encode("tim " + sasl::cram_md5_digest(*challenge, "wrong")) + "\r\n"),
            "535 5.7.8 Authentication credentials invalid\r\n");
  const std::string second = answer(subject, "AUTH CRAM-MD5\r\n");
  EXPECT_NE(first, second);
  const auto again = base64_decode(std::string_view(second).substr(4, second.size() - 6));
  EXPECT_EQ(answer(subject, base64_encode("tim " + sasl::cram_md5_digest(*again, "tanstaaftanstaaf")) + "\r\n"),
            "235 2.7.0 Authentication successful\r\n");
  EXPECT_EQ(subject.session().identity(), "tim");
}

TEST(SmtpServer, AuthRefusesWhatIsMalformedEmptyOrUnasked) {
  expect(in_clear(), R"(
    S: 220 ...
    C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=
    S: 503 5.5.1 Say EHLO first
    C: HELO c.example
    S: 250 mx.example.org
    C: AUTH PLAIN !!!!
    S: 501 5.5.2 The initial response is not base64
    C: AUTH PLAIN =
    S: 535 5.7.8 Authentication credentials invalid
    C: AUTH PLAIN AHRlc3QA
    # \0test\0 : an empty password
    S: 535 5.7.8 Authentication credentials invalid
    C: AUTH CRAM-MD5 dGVzdA==
    S: 535 5.7.8 Authentication credentials invalid
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: not base64
    S: 501 5.5.2 The answer is not base64
    C: AUTH
    S: 501 5.5.4 ...
    C: AUTH PLAIN two words
    S: 501 5.5.4 ...
    C: NOOP
    S: 250 2.0.0 OK
  )");
}

TEST(SmtpServer, AnAnswerToAnotherEventLetsNobodyIn) {
  ServerSession session(in_clear(), nine_o_clock);
  session.receive("EHLO c.example\r\nAUTH PLAIN AHRlc3QAd3Jvbmc=\r\n", nine_o_clock);
  const auto first = session.poll();
  ASSERT_TRUE(first && std::holds_alternative<Greeted>(*first));
  session.accept();  // a service that answers what wants no answer
  EXPECT_EQ(session.identity(), "");
  const auto second = session.poll();
  ASSERT_TRUE(second && std::holds_alternative<LoginAsked>(*second));
  session.reply(Reply(535, {5, 7, 8}, "no"));
  EXPECT_EQ(session.identity(), "");
  EXPECT_TRUE(session.take_output().ends_with("535 5.7.8 no\r\n"));
}

TEST(SmtpServer, TooManyFailedLoginsEndTheSession) {
  ServerSettings settings = in_clear();
  settings.max_failed_logins = 2;
  expect(settings, R"(
    S: 220 ...
    C: HELO c.example
    S: 250 ...
    C: AUTH PLAIN AHRlc3QAd3Jvbmc=
    S: 535 5.7.8 ...
    C: AUTH PLAIN AHRlc3QAd3Jvbmc=
    S: 535 5.7.8 ...
    S: 421 4.7.0 ...
    X: closed
  )");
}

// RFC 2920 section 4: a whole transaction in a few writes
TEST(SmtpServer, Rfc2920PipelinedSession) {
  expect(relay(), R"(
    S: 220 ...
    C: EHLO dbc.mtview.ca.us
    S: 250-...
    S: 250-PIPELINING
    S: 250-...
    S: 250-...
    S: 250-...
    S: 250 HELP
    C: MAIL FROM:<mrose@dbc.mtview.ca.us>
    C: RCPT TO:<ned@innosoft.com>
    C: RCPT TO:<dan@innosoft.com>
    C: RCPT TO:<kvc@innosoft.com>
    C: DATA
    S: 250 2.1.0 Sender OK
    S: 250 2.1.5 Recipient OK
    S: 250 2.1.5 Recipient OK
    S: 250 2.1.5 Recipient OK
    S: 354 ...
    C: Subject: pipelining
    C:
    C: body
    C: .
    C: QUIT
    S: 250 2.0.0 Letter accepted
    S: 221 2.0.0 ...
    X: closed
  )");
}

TEST(SmtpServer, Rfc2920DataWithoutValidRecipientsIsRefused) {
  expect(relay(), R"(
    S: 220 ...
    C: HELO dbc.mtview.ca.us
    S: 250 ...
    C: MAIL FROM:<mrose@dbc.mtview.ca.us>
    C: RCPT TO:<nobody@innosoft.com>
    C: DATA
    S: 250 2.1.0 ...
    S: 550 5.1.1 No such user here
    S: 503 5.5.1 No valid recipients
  )");
}

// RFC 1870 section 6.1
TEST(SmtpServer, Rfc1870DeclaredSize) {
  ServerSettings settings = relay();
  settings.max_size = 1000000;
  expect(settings, R"(
    S: 220 ...
    C: EHLO ymir.claremont.edu
    S: 250-...
    S: 250-...
    S: 250-SIZE 1000000
    S: 250-...
    S: 250-...
    S: 250 HELP
    C: MAIL FROM:<ned@thor.innosoft.com> SIZE=500000
    S: 250 2.1.0 ...
    C: RSET
    S: 250 ...
    C: MAIL FROM:<ned@thor.innosoft.com> SIZE=1000001
    S: 552 5.3.4 The letter is too large: at most 1000000 octets
    C: MAIL FROM:<ned@thor.innosoft.com> SIZE=99999999999999999999
    S: 552 5.3.4 ...
    C: MAIL FROM:<ned@thor.innosoft.com> SIZE=-1
    S: 501 5.5.4 Bad value of SIZE
    C: MAIL FROM:<ned@thor.innosoft.com> SIZE
    S: 501 5.5.4 Bad value of SIZE
    C: MAIL FROM:<ned@thor.innosoft.com> SIZE=1 SIZE=2
    S: 501 5.5.4 SIZE is given twice
  )");
}

// RFC 3207 section 5, and section 4.2: what was known before is forgotten
TEST(SmtpServer, Rfc3207StartTls) {
  expect(submission(), R"(
    S: 220 mx.example.org ESMTP Glasspost
    C: EHLO mail.example.com
    S: 250-mx.example.org greets mail.example.com
    S: 250-PIPELINING
    S: 250-SIZE ...
    S: 250-8BITMIME
    S: 250-ENHANCEDSTATUSCODES
    S: 250-STARTTLS
    S: 250 HELP
    C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=
    S: 538 5.7.11 ...
    C: MAIL FROM:<test@example.com>
    S: 530 5.7.0 Must issue a STARTTLS command first
    C: STARTTLS now
    S: 501 5.5.4 ...
    C: STARTTLS
    S: 220 2.0.0 Ready to start TLS
    T: up
    C: MAIL FROM:<test@example.com>
    S: 503 5.5.1 Say EHLO first
    C: EHLO mail.example.com
    S: 250-mx.example.org greets mail.example.com
    S: 250-PIPELINING
    S: 250-SIZE ...
    S: 250-8BITMIME
    S: 250-ENHANCEDSTATUSCODES
    S: 250-AUTH PLAIN LOGIN CRAM-MD5
    S: 250 HELP
    C: STARTTLS
    S: 503 5.5.1 TLS is up already
    C: MAIL FROM:<test@example.com>
    S: 530 5.7.0 Authentication required
    C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=
    S: 235 2.7.0 Authentication successful
    C: MAIL FROM:<test@example.com>
    S: 250 2.1.0 ...
  )");
}

// --- pitfalls.md ------------------------------------------------------------------------------------------------------

TEST(SmtpServer, CommandsPipelinedBehindStartTlsAreNeverExecuted) {
  SmtpSubject subject(submission());
  answer(subject, "EHLO c.example\r\n");
  EXPECT_EQ(answer(subject, "STARTTLS\r\nNOOP\r\nRSET\r\nRSE"), "220 2.0.0 Ready to start TLS\r\n");
  EXPECT_EQ(answer(subject, "T\r\nNOOP\r\n"), "");
  subject.session().tls_established(TlsFacts{});
  EXPECT_EQ(answer(subject, "NOOP\r\n"), "250 2.0.0 OK\r\n");
  EXPECT_EQ(subject.session().discarded_before_tls(), 6U + 6U + 3U + 9U);
}

TEST(SmtpServer, NothingSurvivesStartTls) {
  ServerSettings settings = submission();
  settings.allow_plaintext_auth = true;
  SmtpSubject subject(settings);
  answer(subject, "EHLO c.example\r\nAUTH PLAIN AHRlc3QAMTIzNA==\r\n");
  EXPECT_EQ(subject.session().identity(), "test");
  answer(subject, "STARTTLS\r\n");
  subject.session().tls_established(TlsFacts{});
  EXPECT_EQ(subject.session().identity(), "");
  EXPECT_EQ(subject.session().state(), state::connected);
  EXPECT_EQ(answer(subject, "MAIL FROM:<a@b.example>\r\n"), "503 5.5.1 Say EHLO first\r\n");
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
  settings.dsn = true;
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

const std::string envelope_said = "HELO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n";
const std::string envelope_answers =
    "250 mx.example.org\r\n250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n354 Send the letter; end it with <CRLF>.<CRLF>\r\n";

TEST(SmtpServer, ContentArrivesExactlyAsSent) {
  const std::pair<std::string, std::string> letters[] = {
      {"Subject: x\r\n\r\nbody\r\n", "Subject: x\r\n\r\nbody\r\n"},
      {"..first\r\n..\r\n...\r\n.x\r\n", ".first\r\n.\r\n..\r\nx\r\n"},
      {"\r\n", "\r\n"},
      {"", ""},
      {"\xc3\xb1\xff\t \r\n\r\n\r\n", "\xc3\xb1\xff\t \r\n\r\n\r\n"},
      {"no dot . here\r\n . nor here\r\n", "no dot . here\r\n . nor here\r\n"},
  };
  for (const auto& [sent, kept] : letters)
    for (const bool one_by_one : {false, true}) {
      SmtpSubject subject(relay());
      EXPECT_EQ(answer(subject, envelope_said + sent + ".\r\nNOOP\r\n", one_by_one),
                envelope_answers + "250 2.0.0 Letter accepted\r\n250 2.0.0 OK\r\n");
      ASSERT_EQ(subject.letters.size(), 1U);
      EXPECT_EQ(subject.letters[0].content, kept);
      EXPECT_EQ(subject.letters[0].with, "SMTP");
    }
}

// SMTP smuggling: none of these ends the letter, and nothing in it is run as a command.
TEST(SmtpServer, BareCrOrLfNeverEndsALetterAndIsRefused) {
  for (const std::string trick : {"\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\n", "\r\n.\r", "\n.\r", "\r\r\n.\r\r\n", "\r\n\r.\r\n"})
    for (const bool one_by_one : {false, true}) {
      SmtpSubject subject(relay());
      const std::string smuggled = "MAIL FROM:<eve@evil.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nsmuggled\r\n.\r\n";
      const std::string out = answer(subject, envelope_said + "text" + trick + smuggled + "NOOP\r\n", one_by_one);
      EXPECT_TRUE(out.starts_with(envelope_answers + "554 5.6.0 Lines end in CRLF: there is a bare ")) << visible(trick) << out;
      EXPECT_TRUE(out.ends_with("in this letter\r\n250 2.0.0 OK\r\n")) << visible(trick) << out;
      EXPECT_TRUE(subject.letters.empty());
      EXPECT_EQ(subject.senders, std::vector<std::string>{"a@b.example"}) << visible(trick);
      EXPECT_EQ(subject.lost.size(), 1U);
    }
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

TEST(SmtpServer, LettersThatAreTooLargeAreReadToTheEndAndRefused) {
  ServerSettings settings = relay();
  settings.max_size = 1000;
  SmtpSubject subject(settings);
  std::string out = answer(subject, envelope_said);
  for (int i = 0; i < 1000; ++i) out += answer(subject, std::string(100, 'x') + "\r\n");
  EXPECT_EQ(out, envelope_answers);
  EXPECT_EQ(answer(subject, ".\r\nNOOP\r\n"), "552 5.3.4 The letter is too large: at most 1000 octets\r\n250 2.0.0 OK\r\n");
  EXPECT_TRUE(subject.letters.empty());
  EXPECT_EQ(answer(subject, "MAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n" + std::string(998, 'x') + "\r\n.\r\n"),
            envelope_answers.substr(20) + "250 2.0.0 Letter accepted\r\n");
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

TEST(SmtpServer, ALetterWithoutItsEndIsLost) {
  SmtpSubject subject(relay());
  answer(subject, envelope_said + "half a letter\r\n");
  subject.session().receive_eof(nine_o_clock);
  subject.settle();
  EXPECT_TRUE(subject.letters.empty());
  EXPECT_EQ(subject.lost.size(), 1U);
  EXPECT_TRUE(subject.session().wants_close());
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

TEST(SmtpServer, PipelinedInputWaitsForTheService) {
  ServerSession session(relay(), nine_o_clock);
  session.take_output();
  session.receive("HELO c.example\r\nMAIL FROM:<a@b.example>\r\nNOOP\r\n", nine_o_clock);
  EXPECT_EQ(session.take_output(), "250 mx.example.org\r\n");
  EXPECT_FALSE(session.awaits_reply());
  session.accept("too early");  // nobody has asked the service yet
  EXPECT_TRUE(session.poll() && session.poll());  // Greeted, MailAsked
  EXPECT_TRUE(session.awaits_reply());
  EXPECT_EQ(session.take_output(), "");
  session.accept("hello a");
  EXPECT_EQ(session.take_output(), "250 2.1.0 hello a\r\n250 2.0.0 OK\r\n");
}

// --- LMTP, RFC 2033 section 4.2 -----------------------------------------------------------------------------------------

TEST(LmtpServer, Rfc2033OneReplyForEachAcceptedRecipient) {
  SmtpSubject subject(lmtp());
  EXPECT_EQ(answer(subject, "LHLO foo.edu\r\n"),
            "250-mx.example.org greets foo.edu\r\n250-PIPELINING\r\n250-SIZE 100000000\r\n250-8BITMIME\r\n"
            "250-ENHANCEDSTATUSCODES\r\n250 HELP\r\n");
  subject.letter_replies = {Reply(250, {2, 1, 5}, "delivered"), Reply(452, {4, 2, 2}, "the mailbox is full")};
  EXPECT_EQ(answer(subject, "MAIL FROM:<chris@bar.com>\r\nRCPT TO:<pat@foo.edu>\r\nRCPT TO:<nobody@foo.edu>\r\nRCPT TO:<green@foo.edu>\r\n"
                            "DATA\r\nBlah blah blah...\r\n...etc. etc. etc.\r\n.\r\nQUIT\r\n"),
            "250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n550 5.1.1 No such user here\r\n250 2.1.5 Recipient OK\r\n"
            "354 Send the letter; end it with <CRLF>.<CRLF>\r\n250 2.1.5 delivered\r\n452 4.2.2 the mailbox is full\r\n"
            "221 2.0.0 mx.example.org closing the connection\r\n");
  ASSERT_EQ(subject.letters.size(), 1U);
  EXPECT_EQ(subject.letters[0].content, "Blah blah blah...\r\n..etc. etc. etc.\r\n");
  EXPECT_EQ(subject.letters[0].with, "LMTP");
}

TEST(LmtpServer, RefusalsOfContentComeOncePerRecipientToo) {
  ServerSettings settings = lmtp();
  settings.max_size = 5;
  SmtpSubject subject(settings);
  answer(subject, "LHLO foo.edu\r\nMAIL FROM:<>\r\nRCPT TO:<a@foo.edu>\r\nRCPT TO:<b@foo.edu>\r\nDATA\r\n");
  EXPECT_EQ(answer(subject, "too long\r\n.\r\n"),
            "552 5.3.4 The letter is too large: at most 5 octets\r\n552 5.3.4 The letter is too large: at most 5 octets\r\n");
}

TEST(LmtpServer, KnowsNoHelo) {
  expect(lmtp(), R"(
    S: 220 mx.example.org LMTP Glasspost
    C: EHLO c.example
    S: 500 5.5.1 Command not recognised
    C: HELO c.example
    S: 500 5.5.1 Command not recognised
    C: MAIL FROM:<a@b.example>
    S: 503 5.5.1 Say LHLO first
  )");
}

}  // namespace
}  // namespace glasspost::smtp
