#include "protocol/imap/framer.h"

#include <gtest/gtest.h>

#include <vector>

namespace glasspost::imap {
namespace {

using Said = Framer::Said;
using Step = Framer::Step;

// All messages of a stream, put in pieces of `piece` octets; every literal is kept.
std::vector<std::string> messages_of(std::string_view stream, std::size_t piece, Said said = Said::commands) {
  Framer framer(said, 1000);
  std::vector<std::string> out;
  while (!stream.empty()) {
    std::string_view input = stream.substr(0, piece);
    stream.remove_prefix(input.size());
    for (Step step; (step = framer.next(input)) != Step::more;) {
      if (step == Step::literal) framer.keep();
      else out.emplace_back(framer.text());
    }
    EXPECT_TRUE(input.empty());
  }
  if (framer.pending()) out.push_back(std::string(framer.text()) + "<more>");
  return out;
}

TEST(ImapFramer, LinesAndLiteralsMakeOneMessageHoweverTheyArrive) {
  const std::string_view stream =
      "a NOOP\r\nb LOGIN {4}\r\nf\r\n! {3+}\r\npwd\r\nc X {0}\r\n\r\nd APPEND x {6}\r\n{3}\r\n1\r\ne \n \r \r\r\nf {9}\r\nabc";
  const std::vector<std::string> expected = {
      "a NOOP\r\n",    "b LOGIN {4}\r\nf\r\n! {3+}\r\npwd\r\n", "c X {0}\r\n\r\n", "d APPEND x {6}\r\n{3}\r\n1\r\n",
      "e \n \r \r\r\n", "f {9}\r\nabc<more>"};
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) EXPECT_EQ(messages_of(stream, piece), expected) << piece;
}

TEST(ImapFramer, WhatOnlyLooksLikeALiteralIsNone) {
  const std::string_view stream = "a {}\r\nb {-1}\r\nc {+}\r\nd {1 }\r\ne 1}\r\nf { 1}\r\ng {1++}\r\nh {1}x\r\n{1}y\r\n";
  EXPECT_EQ(messages_of(stream, 3).size(), 9U);
}

TEST(ImapFramer, WordsForPeopleAnnounceNothing) {
  const std::string_view stream =
      "* OK see {3}\r\n* BYE {3}\r\na1 NO {3}\r\n+ {3}\r\n* 1 FETCH (BODY[] {3}\r\n\r\n!)\r\n* LIST () NIL {2}\r\nab\r\n* X {2+}\r\n";
  const std::vector<std::string> expected = {"* OK see {3}\r\n", "* BYE {3}\r\n", "a1 NO {3}\r\n", "+ {3}\r\n",
                                             "* 1 FETCH (BODY[] {3}\r\n\r\n!)\r\n", "* LIST () NIL {2}\r\nab\r\n", "* X {2+}\r\n"};
  for (const std::size_t piece : {1UL, 2UL, 5UL, 1000UL}) EXPECT_EQ(messages_of(stream, piece, Said::responses), expected);
}

TEST(ImapFramer, SkippedLiteralsAreCountedAndNotKept) {
  Framer framer(Said::commands, 100);
  std::string_view input = "a APPEND x {1000000+}\r\n";
  ASSERT_EQ(framer.next(input), Step::literal);
  framer.skip();
  const std::string piece(1000, 'x');
  for (int i = 0; i < 1000; ++i) {
    input = piece;
    ASSERT_EQ(framer.next(input), Step::more);
  }
  input = " {3+}\r\n";
  ASSERT_EQ(framer.next(input), Step::literal);
  framer.skip();
  input = "a\r\n\r\nb NOOP\r\n";
  ASSERT_EQ(framer.next(input), Step::message);
  EXPECT_EQ(framer.text(), "a APPEND x {1000000+}\r\n");
  EXPECT_TRUE(framer.cut());
  EXPECT_EQ(framer.octets(), 23U + 1000000U + 7U + 5U);
  ASSERT_EQ(framer.next(input), Step::message);
  EXPECT_EQ(framer.text(), "b NOOP\r\n");
  EXPECT_FALSE(framer.cut());
}

TEST(ImapFramer, LinesWithoutEndAreNotKept) {
  Framer framer(Said::commands, 100);
  for (int i = 0; i < 10'000; ++i) {
    std::string_view input = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    ASSERT_EQ(framer.next(input), Step::more);
    ASSERT_LE(framer.text().size(), 100U);
  }
  EXPECT_EQ(framer.line_octets(), 500'000U);
  std::string_view input = "{3+}\r\n";  // also a line that was not kept announces its literal
  EXPECT_EQ(framer.next(input), Step::literal);
  EXPECT_TRUE(framer.cut());
}

TEST(ImapFramer, SizesThatCannotBeCountedAreSaidToBeHuge) {
  Framer framer(Said::responses, 100);
  std::string_view input = "* 1 FETCH (BODY[] {99999999999999999999}\r\n";
  ASSERT_EQ(framer.next(input), Step::literal);
  EXPECT_TRUE(framer.literal().huge);
  input = "* 1 FETCH (BODY[] {18446744073709551615}\r\n";
  framer.drop();
  ASSERT_EQ(framer.next(input), Step::literal);
  EXPECT_FALSE(framer.literal().huge);
}

}  // namespace
}  // namespace glasspost::imap
