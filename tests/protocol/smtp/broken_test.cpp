// What the SMTP server and client do when a fault is asked for, beside what they do without it: the same octets to both.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/smtp/client.h"
#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::expect;
using test::nine_o_clock;
using test::relay;
using test::SmtpSubject;
using test::submission;

ServerSettings broken(Flaw flaw, ServerSettings settings = relay()) {
  settings.flaws = {flaw};
  return settings;
}

const std::string two_in_one =
    "Subject: one\r\n\r\nHello\n.\r\nMAIL FROM:<boss@b.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: two\r\n\r\nPay!\r\n.\r\n";

TEST(SmtpBroken, ABareLfEndsALetter) {
  for (const bool one_by_one : {false, true}) {
    SmtpSubject right(relay()), wrong(broken(Flaw::bare_lf_ends));
    EXPECT_EQ(answer(right, test::envelope_said, one_by_one), test::envelope_answers);
    EXPECT_EQ(answer(right, two_in_one, one_by_one), "554 5.6.0 Lines end in CRLF: there is a bare LF in this letter\r\n");
    EXPECT_TRUE(right.letters.empty());
    EXPECT_EQ(answer(wrong, test::envelope_said, one_by_one), test::envelope_answers);
    EXPECT_EQ(answer(wrong, two_in_one, one_by_one),
              "250 2.0.0 Letter accepted\r\n250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n354 Send the letter; end it with <CRLF>.<CRLF>\r\n"
              "250 2.0.0 Letter accepted\r\n");
    ASSERT_EQ(wrong.letters.size(), 2U);
    EXPECT_EQ(wrong.letters[0].content, "Subject: one\r\n\r\nHello\r\n");
    EXPECT_EQ(wrong.letters[1].content, "Subject: two\r\n\r\nPay!\r\n");
    EXPECT_EQ(wrong.letters[1].mail.reverse_path.text, "boss@b.example");
  }
}

// A dot between any two line ends: the variants that were found in 2023.
TEST(SmtpBroken, EveryEndWithALfWillDo) {
  for (const std::string end : {"\n.\n", "\n.\r\n", "\r\n.\n"}) {
    SmtpSubject right(relay()), wrong(broken(Flaw::bare_lf_ends));
    answer(right, test::envelope_said), answer(wrong, test::envelope_said);
    EXPECT_EQ(answer(right, "Hello" + end), "") << "the letter goes on";
    EXPECT_EQ(answer(wrong, "Hello" + end), "250 2.0.0 Letter accepted\r\n");
  }
}

TEST(SmtpBroken, ABareLfEndsACommand) {
  SmtpSubject right(relay()), wrong(broken(Flaw::bare_lf_ends));
  EXPECT_EQ(answer(right, "NOOP\nNOOP\r\n").substr(0, 9), "500 5.5.2");
  EXPECT_EQ(answer(wrong, "NOOP\nNOOP\r\n"), "250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
}

TEST(SmtpBroken, ALetterWithABareLfPassesAsItIs) {
  SmtpSubject wrong(broken(Flaw::bare_lf_passes));
  answer(wrong, test::envelope_said);
  EXPECT_EQ(answer(wrong, two_in_one), "250 2.0.0 Letter accepted\r\n");
  ASSERT_EQ(wrong.letters.size(), 1U);
  EXPECT_EQ(wrong.letters[0].content + ".\r\n", two_in_one) << "to the last octet";
}

TEST(SmtpBroken, A354WithoutRecipients) {
  const std::string said = R"(
    S: 220 mx.example.org ESMTP Glasspost
    C: HELO c.example
    S: 250 mx.example.org
    C: MAIL FROM:<a@b.example>
    S: 250 2.1.0 Sender OK
    C: DATA
    )";
  expect(relay(), said + "S: 503 5.5.1 No valid recipients");
  expect(broken(Flaw::early_354), said + R"(S: 354 Send the letter; end it with <CRLF>.<CRLF>
    C: Hello
    C: .
    S: 250 2.0.0 OK
    C: QUIT
    S: 221 2.0.0 ...
    X: closed)");
}

TEST(SmtpBroken, CommandsBeforeTlsAreCarriedOutInsideIt) {
  for (const bool is_broken : {false, true}) {
    SmtpSubject subject(is_broken ? broken(Flaw::starttls_injection, submission()) : submission());
    answer(subject, "EHLO c.example\r\n");
    EXPECT_EQ(answer(subject, "STARTTLS\r\nNOOP\r\nAUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=\r\n"), "220 2.0.0 Ready to start TLS\r\n");
    subject.session().tls_established(TlsFacts{});
    subject.settle();
    const std::string inside = subject.session().take_output();
    EXPECT_EQ(inside, is_broken ? "250 2.0.0 OK\r\n235 2.7.0 Authentication successful\r\n" : "");
    EXPECT_EQ(subject.session().client_name(), is_broken ? "c.example" : "");
    EXPECT_EQ(subject.session().identity(), is_broken ? "test" : "");
  }
}

// What a client says for this letter behind the 354.
std::string sent(Flaws flaws, std::string content) {
  ClientSession client({.flaws = flaws, .client_name = "c.example"}, nine_o_clock);
  const auto hear = [&](std::string_view reply) {
    client.receive(reply, nine_o_clock);
    return client.take_output();
  };
  hear("220 mx.example.org ESMTP\r\n");
  hear("250 mx.example.org\r\n");
  client.send({.reverse_path = "a@b.example", .recipients = {"bob@example.org"}, .content = std::move(content)}, nine_o_clock);
  client.take_output();
  hear("250 OK\r\n");
  hear("250 OK\r\n");
  return hear("354 Go on\r\n");
}

TEST(SmtpBroken, AClientThatDoublesNoDots) {
  EXPECT_EQ(sent({}, "Hello\r\n.\r\nRSET\r\n"), "Hello\r\n..\r\nRSET\r\n.\r\n");
  EXPECT_EQ(sent({Flaw::no_dot_stuffing}, "Hello\r\n.\r\nRSET\r\n"), "Hello\r\n.\r\nRSET\r\n.\r\n") << "the rest is a command";
}

TEST(SmtpBroken, AClientThatLetsABareLfPass) {
  EXPECT_EQ(sent({}, "Hello\n.\r\n"), "") << "nothing is sent at all";
  EXPECT_EQ(sent({Flaw::bare_lf_passes}, "Hello\n.\r\n"), "Hello\n.\r\n.\r\n");
}

}  // namespace
}  // namespace glasspost::smtp
