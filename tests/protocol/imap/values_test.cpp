// Modified UTF-7, sequence sets and dates.
#include <gtest/gtest.h>

#include "protocol/imap/date.h"
#include "protocol/imap/sequence_set.h"
#include "protocol/imap/utf7.h"

namespace glasspost::imap {
namespace {

TEST(Utf7, GoesBothWays) {
  const std::pair<std::string_view, std::string_view> names[] = {
      {"INBOX", "INBOX"},
      {"", ""},
      {"A&B", "A&-B"},
      {"&", "&-"},
      {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},  // RFC 3501 section 5.1.3
      {"Entwürfe", "Entw&APw-rfe"},
      {"é&", "&AOk-&-"},
      {"&é", "&-&AOk-"},
      {"😀", "&2D3eAA-"},
      {"a\tb", "a&AAk-b"},
      {"Sent Items \"x\" \\ {3}", "Sent Items \"x\" \\ {3}"},
  };
  for (const auto& [utf8, wire] : names) {
    EXPECT_EQ(utf7_encode(utf8), std::string(wire));
    EXPECT_EQ(utf7_decode(wire), std::string(utf8));
  }
}

TEST(Utf7, RefusesWhatItWouldNotWrite) {
  const std::string_view bad[] = {
      "&",                // never ends
      "&AOk",             // never ends
      "a&Jjo!",           // RFC 3501: not modified base64
      "&U,BTFw-&ZeVnLIqe-",  // RFC 3501: two shifts in a row
      "&AGE-",            // "a" must stand for itself
      "&AO-",             // not a whole unit
      "&AOl-",            // bits that say nothing are not zero
      "&AOkA-",           // a whole digit that says nothing
      "&2D0-",            // half a surrogate pair
      "&3gA-",            // the other half
      "&AAA-",            // NUL
      "&AA0ACg-",         // CR LF
      "&/w-",             // "/" is not of this alphabet
      "Entw\xc3\xbcrfe",  // 8-bit octets
      "a\tb",
  };
  for (const std::string_view wire : bad) EXPECT_FALSE(utf7_decode(wire)) << wire;
  for (const std::string_view utf8 : {"\xff", "\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80", "a\nb"})
    EXPECT_FALSE(utf7_encode(utf8)) << utf8;
}

TEST(SequenceSet, ReadsWhatItWrites) {
  for (const std::string_view text : {"1", "*", "1:*", "2,4:7,9,12:*", "*:4,5:7", "4294967295", "2:4,3"}) {
    const auto set = parse_sequence_set(text);
    ASSERT_TRUE(set) << text;
    EXPECT_EQ(set->text(), text);
  }
}

TEST(SequenceSet, RefusesWhatNamesNothing) {
  for (const std::string_view text : {"", "0", "01", "1,", ",1", "1:", ":1", "1:2:3", "4294967296", "-1", "1 ", "1,,2", "a", "0:*"})
    EXPECT_FALSE(parse_sequence_set(text)) << text;
  std::string many = "1";
  for (int i = 0; i < 100; ++i) many += ",1";
  EXPECT_FALSE(parse_sequence_set(many, 100));
  EXPECT_TRUE(parse_sequence_set(many, 101));
}

TEST(SequenceSet, ResolvesStarAndOrder) {
  using Ranges = std::vector<SequenceRange>;
  EXPECT_EQ(parse_sequence_set("2,4:7,9,12:*")->resolved(15), (Ranges{{2, 2}, {4, 7}, {9, 9}, {12, 15}}));  // RFC 3501
  EXPECT_EQ(parse_sequence_set("*:4,5:7")->resolved(10), (Ranges{{4, 10}}));                                // RFC 3501
  EXPECT_EQ(parse_sequence_set("559:*")->resolved(500), (Ranges{{500, 559}}));  // "*" is included even if it is less
  EXPECT_EQ(parse_sequence_set("3,1,2,9:7,8")->resolved(20), (Ranges{{1, 3}, {7, 9}}));
  EXPECT_EQ(parse_sequence_set("1:4294967295,5")->resolved(5), (Ranges{{1, 4294967295U}}));
  EXPECT_TRUE(parse_sequence_set("*")->resolved(0).empty());
  const auto set = *parse_sequence_set("5:3,*");
  EXPECT_TRUE(set.contains(4, 9));
  EXPECT_TRUE(set.contains(9, 9));
  EXPECT_FALSE(set.contains(8, 9));
  EXPECT_EQ(set.largest_named(), 5U);
}

TEST(SequenceSet, JoinsNeighbours) {
  const std::uint32_t numbers[] = {1, 2, 3, 7, 9, 10};
  EXPECT_EQ(SequenceSet::of(numbers).text(), "1:3,7,9:10");
}

TEST(Date, ReadsWhatItWrites) {
  EXPECT_EQ(day_text(*parse_day("1-Feb-1994")), "1-Feb-1994");
  EXPECT_EQ(day_text(*parse_day("29-feb-2024")), "29-Feb-2024");
  for (const std::string_view text : {"", "1-Feb-94", "30-Feb-2024", "001-Feb-1994", "0-Feb-1994", "1-Foo-1994", "1 Feb 1994", "1-Feb-19941"})
    EXPECT_FALSE(parse_day(text)) << text;
  for (const std::string_view text : {"17-Jul-1996 02:44:25 -0700", " 2-Nov-2026 09:00:00 +0000", "31-Dec-1999 23:59:59 +0530"}) {
    const auto value = parse_date_time(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(date_time_text(*value), text);
  }
  EXPECT_EQ(date_time_text({parse_date_time("17-Jul-1996 02:44:25 -0700")->at, 0}), "17-Jul-1996 09:44:25 +0000");
  for (const std::string_view text : {"", "17-Jul-1996 02:44:25", "32-Jul-1996 02:44:25 -0700", "17-Jul-1996 24:44:25 -0700",
                                      "17-Jul-1996 02:44:25 ?0700", "1-Jul-1996 02:44:25 -07000", "17-Jul-1996 02:60:25 -0700"})
    EXPECT_FALSE(parse_date_time(text)) << text;
}

}  // namespace
}  // namespace glasspost::imap
