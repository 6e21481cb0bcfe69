// LMTP: RFC 2033 section 4.2.
#include <gtest/gtest.h>

#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::expect;
using test::lmtp;
using test::SmtpSubject;

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
