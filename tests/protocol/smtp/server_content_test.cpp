// Letters as the SMTP server reads them: RFC 5321 section 4.5.2 and the smuggler's tricks, RFC 1870 (SIZE), RFC 2920 (PIPELINING).
#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::envelope_answers;
using test::envelope_said;
using test::expect;
using test::nine_o_clock;
using test::relay;
using test::SmtpSubject;

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

TEST(SmtpServer, ALetterWithoutItsEndIsLost) {
  SmtpSubject subject(relay());
  answer(subject, envelope_said + "half a letter\r\n");
  subject.session().receive_eof(nine_o_clock);
  subject.settle();
  EXPECT_TRUE(subject.letters.empty());
  EXPECT_EQ(subject.lost.size(), 1U);
  EXPECT_TRUE(subject.session().wants_close());
}

}  // namespace
}  // namespace glasspost::smtp
