// Letters in chunks: RFC 3030, CHUNKING and BINARYMIME.
#include <gtest/gtest.h>

#include "tests/protocol/smtp/server_fixture.h"

namespace glasspost::smtp {
namespace {

using test::answer;
using test::expect;
using test::lmtp;
using test::relay;
using test::SmtpSubject;

ServerSettings chunking() {
  ServerSettings settings = relay();
  settings.extensions.chunking = true;
  return settings;
}
const std::string begun = "EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\n";

// RFC 3030 section 4.1, the client's words; the letter's lines are 86 octets.
TEST(SmtpChunks, SimpleChunkingOfRfc3030) {
  for (const bool one_by_one : {false, true}) {
    SmtpSubject subject(chunking());
    const std::string hello = answer(subject, "EHLO ymir.claremont.edu\r\n");
    EXPECT_NE(hello.find("250-CHUNKING\r\n250-BINARYMIME\r\n"), hello.npos);
    EXPECT_EQ(answer(subject, "MAIL FROM:<Sam@Random.com>\r\n"), "250 2.1.0 Sender OK\r\n");
    EXPECT_EQ(answer(subject, "RCPT TO:<Susan@Random.com>\r\n"), "250 2.1.5 Recipient OK\r\n");
    const std::string letter = "To: Susan@random.com\r\nFrom: Sam@random.com\r\nSubject: This is a bodyless test message\r\n";
    ASSERT_EQ(letter.size(), 86U);
    EXPECT_EQ(answer(subject, "BDAT 86 LAST\r\n" + letter + "QUIT\r\n", one_by_one),
              "250 2.0.0 Letter accepted\r\n221 2.0.0 mx.example.org closing the connection\r\n");
    ASSERT_EQ(subject.letters.size(), 1U);
    EXPECT_EQ(subject.letters[0].content, letter);
  }
}

// RFC 3030 section 4.2, the client's words: all in one piece, any octets, an empty last chunk.
TEST(SmtpChunks, PipeliningBinaryMimeOfRfc3030) {
  std::string first(100000, '\0'), second(324, '\n');
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<char>(i * 7 % 256);
  for (const bool one_by_one : {false, true}) {
    SmtpSubject subject(chunking());
    answer(subject, "EHLO ymir.claremont.edu\r\n");
    EXPECT_EQ(answer(subject, "MAIL FROM:<ned@ymir.claremont.edu> BODY=BINARYMIME\r\nRCPT TO:<gvaudre@cnri.reston.va.us>\r\n"
                              "RCPT TO:<jstewart@cnri.reston.va.us>\r\n"),
              "250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n250 2.1.5 Recipient OK\r\n");
    EXPECT_EQ(answer(subject, "BDAT 100000\r\n" + first + "BDAT 324\r\n" + second + "BDAT 0 LAST\r\nQUIT\r\n", one_by_one),
              "250 2.0.0 100000 octets\r\n250 2.0.0 324 octets\r\n250 2.0.0 Letter accepted\r\n"
              "221 2.0.0 mx.example.org closing the connection\r\n");
    ASSERT_EQ(subject.letters.size(), 1U);
    EXPECT_TRUE(subject.letters[0].content == first + second);
    EXPECT_TRUE(subject.letters[0].binary);
    EXPECT_EQ(subject.letters[0].recipients.size(), 2U);
  }
}

TEST(SmtpChunks, WhatLooksLikeCommandsInsideIsNoCommand) {
  for (const bool one_by_one : {false, true}) {
    SmtpSubject subject(chunking());
    answer(subject, begun);
    EXPECT_EQ(answer(subject, "BDAT 31\r\n.\r\nMAIL FROM:<evil@b.example>\r\nBDAT 8 LAST\r\n.\r\n.\r\n\r\nNOOP\r\n", one_by_one),
              "250 2.0.0 31 octets\r\n250 2.0.0 Letter accepted\r\n250 2.0.0 OK\r\n");
    ASSERT_EQ(subject.letters.size(), 1U);
    EXPECT_EQ(subject.letters[0].content, ".\r\nMAIL FROM:<evil@b.example>\r\n.\r\n.\r\n\r\n");
    EXPECT_EQ(subject.senders, (std::vector<std::string>{"a@b.example"}));
  }
}

TEST(SmtpChunks, RsetThrowsThemAway) {
  SmtpSubject subject(chunking());
  answer(subject, begun);
  EXPECT_EQ(answer(subject, "BDAT 3\r\na\r\nRSET\r\nBDAT 3 LAST\r\na\r\n"),
            "250 2.0.0 3 octets\r\n250 2.0.0 OK\r\n503 5.5.1 Say MAIL and RCPT first\r\n");
  EXPECT_EQ(subject.letters.size(), 0U);
  EXPECT_EQ(answer(subject, begun.substr(begun.find("MAIL")) + "BDAT 3 LAST\r\nb\r\n"),
            "250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n250 2.0.0 Letter accepted\r\n");
  ASSERT_EQ(subject.letters.size(), 1U);
  EXPECT_EQ(subject.letters[0].content, "b\r\n");
}

// RFC 3030 section 2: DATA and BDAT are not for one letter, and binary ones come by BDAT alone.
TEST(SmtpChunks, DataIsNotMixedIn) {
  SmtpSubject subject(chunking());
  answer(subject, begun);
  EXPECT_EQ(answer(subject, "BDAT 3\r\na\r\nDATA\r\nMAIL FROM:<x@b.example>\r\nRCPT TO:<y@b.example>\r\nNOOP\r\n"),
            "250 2.0.0 3 octets\r\n503 5.5.1 The letter is coming in chunks: say BDAT, or RSET\r\n"
            "503 5.5.1 There is an envelope already: nested MAIL\r\n503 5.5.1 Say MAIL first\r\n250 2.0.0 OK\r\n");
  answer(subject, "RSET\r\nMAIL FROM:<a@b.example> BODY=BINARYMIME\r\nRCPT TO:<bob@example.org>\r\n");
  EXPECT_EQ(answer(subject, "DATA\r\n"), "503 5.5.1 A letter of any octets comes by BDAT\r\n");
}

// The octets are read and thrown away whatever the answer is.
TEST(SmtpChunks, ARefusedChunkIsStillRead) {
  for (const bool one_by_one : {false, true}) {
    ServerSettings settings = chunking();
    settings.max_size = 10;
    SmtpSubject subject(settings);
    answer(subject, "EHLO c.example\r\n");
    EXPECT_EQ(answer(subject, "BDAT 6\r\nRSET\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", one_by_one),
              "503 5.5.1 Say MAIL and RCPT first\r\n503 5.5.1 Say MAIL and RCPT first\r\n250 2.0.0 OK\r\n");
    answer(subject, begun.substr(begun.find("MAIL")));
    EXPECT_EQ(answer(subject, "BDAT 6\r\n123456BDAT 5\r\nQUIT\nBDAT 3\r\nxxxBDAT 0 LAST\r\nDATA\r\nRSET\r\nNOOP\r\n", one_by_one),
              "250 2.0.0 6 octets\r\n552 5.3.4 The letter is too large: at most 10 octets\r\n"
              "503 5.5.1 A chunk of this letter was lost: say RSET\r\n503 5.5.1 A chunk of this letter was lost: say RSET\r\n"
              "503 5.5.1 Say MAIL and RCPT first\r\n250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
    EXPECT_EQ(subject.letters.size(), 0U);
  }
}

TEST(SmtpChunks, WithoutASizeNothingCanFollow) {
  for (const std::string bad : {"BDAT", "BDAT ", "BDAT x", "BDAT -1", "BDAT 99999999999999999999999", "BDAT 3 LASTLY", "BDAT 3 LAST x"}) {
    SmtpSubject subject(chunking());
    answer(subject, begun);
    EXPECT_EQ(answer(subject, bad + "\r\nQUIT\r\n"),
              "421 4.5.2 mx.example.org That chunk has no size: what follows it could not be told from commands\r\n") << bad;
    EXPECT_TRUE(subject.session().wants_close());
  }
}

TEST(SmtpChunks, NotOfferedNotKnown) {
  SmtpSubject subject(relay());
  answer(subject, begun);
  EXPECT_EQ(answer(subject, "BDAT 3 LAST\r\n"), "500 5.5.1 Command not recognised\r\n");
  EXPECT_EQ(answer(subject, "HELP\r\n").find("BDAT"), std::string::npos);
}

// Text wants whole line ends, by BDAT as by DATA; only BINARYMIME does without lines.
TEST(SmtpChunks, BareLineEndsAreRefusedInText) {
  SmtpSubject subject(chunking());
  answer(subject, begun);
  EXPECT_EQ(answer(subject, "BDAT 4 LAST\r\na\nb\n"), "554 5.6.0 Lines end in CRLF: there is a bare LF in this letter\r\n");
  EXPECT_EQ(answer(subject, begun.substr(begun.find("MAIL")) + "BDAT 1\r\n\rBDAT 1 LAST\r\n\n"),
            "250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n250 2.0.0 1 octets\r\n250 2.0.0 Letter accepted\r\n");  // CRLF, cut in two
  EXPECT_EQ(subject.lost.size(), 1U);
}

TEST(SmtpChunks, LmtpAnswersForEachRecipientBehindTheLast) {
  ServerSettings settings = lmtp();
  settings.extensions.chunking = true;
  SmtpSubject subject(settings);
  answer(subject, "LHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.org>\r\nRCPT TO:<smith@example.org>\r\n");
  subject.letter_replies = {Reply(250, {2, 0, 0}, "one"), Reply(452, {4, 2, 2}, "two")};
  EXPECT_EQ(answer(subject, "BDAT 3\r\na\r\nBDAT 0 LAST\r\n"), "250 2.0.0 3 octets\r\n250 2.0.0 one\r\n452 4.2.2 two\r\n");
}

TEST(SmtpChunks, AnEndInsideLosesTheLetter) {
  SmtpSubject subject(chunking());
  answer(subject, begun + "BDAT 10\r\nabc");
  subject.session().receive_eof(test::nine_o_clock);
  subject.settle();
  EXPECT_EQ(subject.lost.size(), 1U);
}

}  // namespace
}  // namespace glasspost::smtp
