// STARTTLS by the SMTP server: RFC 3207.
#include <gtest/gtest.h>

#include "protocol/smtp/states.h"
#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::expect;
using test::SmtpSubject;
using test::submission;

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

}  // namespace
}  // namespace glasspost::smtp
