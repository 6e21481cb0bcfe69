#include "protocol/mime/compose.h"

#include <gtest/gtest.h>

#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/mime/message.h"

namespace glasspost::mime {
namespace {

constexpr Instant nine = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;

Letter simple() {
  Letter letter;
  letter.from = {"Alice", "alice@example.com"};
  letter.to = {{"Bob", "bob@example.org"}};
  letter.subject = "Hello";
  letter.date = nine;
  letter.message_id = "<1@example.com>";
  letter.text = "Dear Bob,\n\nhow are you?\n";
  return letter;
}

TEST(Compose, AMessageFromAFileGetsItsLineEndsAndNothingElse) {
  EXPECT_EQ(with_crlf("Subject: x\n\nbody"), "Subject: x\r\n\r\nbody\r\n");
  EXPECT_EQ(with_crlf("Subject: x\r\n\r\nbody\r\n"), "Subject: x\r\n\r\nbody\r\n");
  EXPECT_EQ(with_crlf("a\rb\n\nc\r\n\n"), "a\rb\r\n\r\nc\r\n\r\n");
  EXPECT_EQ(with_crlf(""), "\r\n");
}

TEST(Compose, APlainLetter) {
  EXPECT_EQ(compose(simple()),
            "Date: Mon, 2 Nov 2026 09:00:00 +0000\r\nFrom: Alice <alice@example.com>\r\nTo: Bob <bob@example.org>\r\n"
            "Subject: Hello\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=us-ascii\r\n\r\nDear Bob,\r\n\r\nhow are you?\r\n");
}

TEST(Compose, WhatIsNotAsciiIsEncodedAndReadsBack) {
  Letter letter = simple();
  letter.from.name = "Zo\xC3\xAB \"Z\" N\xC3\xBA\xC3\xB1" "ez";
  letter.subject = "\xC2\xBFQu\xC3\xA9 tal?";
  letter.text = "Se\xC3\xB1or = \xE2\x82\xAC \r\n.dot\r\nlone\rcr";
  const std::string message = compose(letter);
  for (const char c : message) EXPECT_FALSE(static_cast<unsigned char>(c) >= 0x80);
  const Part root = read_message(message);
  const std::string headers(root.headers.of(message));
  EXPECT_EQ(decode_words(*field(headers, "Subject")), letter.subject);
  const auto from = parse_addresses(*field(headers, "From"));
  ASSERT_EQ(from.size(), 1U);
  EXPECT_EQ(decode_words(*from[0].name), letter.from.name);
  EXPECT_EQ(from[0].mailbox, "alice");
  EXPECT_EQ(decode_body(root.body.of(message), root.encoding), "Se\xC3\xB1or = \xE2\x82\xAC \r\n.dot\r\nlone\r\ncr\r\n");
}

TEST(Compose, NothingThatPeopleTypeBecomesAHeader) {
  const std::string evil = "x\r\nBcc: victim@example.net\r\n\r\nbody\n" + std::string(1, 0) + "more";
  Letter letter = simple();
  letter.from = {evil, evil};
  letter.to = {{evil, evil}, {"", evil}};
  letter.cc = {{evil, "c@d"}};
  letter.subject = evil;
  letter.message_id = evil;
  letter.in_reply_to = evil;
  const std::string message = compose(letter);
  const Part root = read_message(message);
  const std::string headers(root.headers.of(message));
  EXPECT_EQ(field(headers, "Bcc"), std::nullopt);
  HeaderReader reader(headers);
  std::string names;
  while (const auto one = reader.next()) names += std::string(one->name.of(headers)) + ",";
  EXPECT_EQ(names, "Date,From,To,Cc,Subject,Message-ID,In-Reply-To,MIME-Version,Content-Type,");
  EXPECT_EQ(root.body.of(message), "Dear Bob,\r\n\r\nhow are you?\r\n");
}

TEST(Compose, ManyRecipientsAreFolded) {
  Letter letter = simple();
  letter.to.assign(40, {"Somebody, Jr.", "somebody@example.org"});
  const std::string message = compose(letter);
  std::size_t at = 0, longest = 0;
  while (at < message.size()) {
    const std::size_t end = message.find("\r\n", at);
    longest = std::max(longest, end - at);
    at = end + 2;
  }
  EXPECT_LE(longest, 80U);
  const Part root = read_message(message);
  EXPECT_EQ(parse_addresses(*field(root.headers.of(message), "To")).size(), 40U);
}

TEST(Compose, LongLinesGoAsQuotedPrintable) {
  Letter letter = simple();
  letter.text = std::string(999, 'x');
  EXPECT_NE(compose(letter).find("quoted-printable"), std::string::npos);
  letter.text = std::string(998, 'x');
  EXPECT_EQ(compose(letter).find("quoted-printable"), std::string::npos);
  letter.text = "";
  EXPECT_TRUE(compose(letter).ends_with("\r\n\r\n"));
}

TEST(Compose, TraceFields) {
  EXPECT_EQ(received_field({"laptop.example.com", "192.0.2.17", "mail.example.com", "ESMTPSA", "1a", "bob@example.org", nine}),
            "Received: from laptop.example.com ([192.0.2.17])\r\n\tby mail.example.com with ESMTPSA id 1a\r\n"
            "\tfor <bob@example.org>;\r\n\tMon, 2 Nov 2026 09:00:00 +0000\r\n");
  EXPECT_EQ(received_field({"h", "2001:db8::1", "m", "", "", "", nine}),
            "Received: from h ([IPv6:2001:db8::1])\r\n\tby m;\r\n\tMon, 2 Nov 2026 09:00:00 +0000\r\n");
  EXPECT_EQ(return_path_field("alice@example.com"), "Return-Path: <alice@example.com>\r\n");
  EXPECT_EQ(return_path_field(""), "Return-Path: <>\r\n");
  EXPECT_EQ(return_path_field("a\r\nX: y"), "Return-Path: <aX: y>\r\n");
  const std::string evil = received_field({"a\r\nX: y", "b\r\nX: y", "c\r\nX: y", "d\r\nX: y", "e\r\nX: y", "f\r\nX: y", nine});
  EXPECT_EQ(evil.find("\nX"), std::string::npos);
}

}  // namespace
}  // namespace glasspost::mime
