// Logging in to the SMTP server: RFC 4954.
#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::expect;
using test::in_clear;
using test::nine_o_clock;
using test::SmtpSubject;

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

}  // namespace
}  // namespace glasspost::smtp
