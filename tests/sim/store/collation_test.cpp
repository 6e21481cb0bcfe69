// i;unicode-casemap (RFC 5051), and what it is asked for by RFC 5255.
#include "sim/store/collation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace glasspost::sim {
namespace {

TEST(Collation, ComparesLettersInTheirTitleCaseTakenApart) {
  const std::pair<const char*, const char*> table[] = {
      {"", ""},
      {"Hello, 42 [a_z]", "HELLO, 42 [A_Z]"},
      {"\u01c4", "Dz\u030c"},  // RFC 5051 section 2: U+01C4 has the title case U+01C5
      {"Ñandú", "N\u0303ANDU\u0301"},
      {"n\u0303andu\u0301", "N\u0303ANDU\u0301"},
      {"привет, МИР", "ПРИВЕТ, МИР"},
      {"ΣΟΦΊΑς", "ΣΟΦΙ\u0301ΑΣ"},
      {"Straße", "STRAßE"},      // its capital is two letters: no property of the one
      {"\uff21\uff42c 10\u00b2", "ABC 102"},  // full-width A; full-width b; superscript
      {"\u212b", "A\u030a"},     // the sign of the angstrom
      {"\u1100\uac01", "\u1100\u1100\u1161\u11a8"},
      {"中文 😀", "中文 😀"},
  };
  for (const auto& [text, prepared] : table) EXPECT_EQ(fold_case(text), prepared) << text;
}

TEST(Collation, TheLongestDecompositionIsComplete) {
  EXPECT_EQ(fold_case("\ufdfa"), "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064a\u0647 \u0648\u0633\u0644\u0645");
}

TEST(Collation, WhatIsNoUtf8StaysAndHidesNothing) {
  EXPECT_EQ(fold_case("a\xe1" "b\xc3"), "A\xe1" "B\xc3");
  EXPECT_EQ(fold_case("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80z"), "\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80Z");
}

// RFC 5255 section 4.6: "the final ordering is as follows: (4) (2) (3) (1)". The fourth is what KOI8-R was converted to.
TEST(Collation, PutsWhatIsNoUtf8BehindTheRest) {
  const std::string first = "\xd0\xc0\xd0\xbd\xd0\xb4\xd1\x80\xd0\xb5\xd0\xb9";
  const std::string second = "\xd1\x81\xd0\x95\xd0\xa0\xd0\x93\xd0\x95\xd0\x99";
  const std::string third = "\xd0\x92\xd0\xb0\xd1\x81\xd0\xb8\xd0\xbb\xd0\xb8\xff\xb9";
  const std::string fourth = "\xd0\x90\xd0\xbb\xd0\xb5\xd0\xba\xd1\x81\xd0\xb5\xd0\xb9";
  std::vector<std::string> texts = {first, second, third, fourth};
  std::sort(texts.begin(), texts.end(), [](const auto& a, const auto& b) { return collation_key(a) < collation_key(b); });
  EXPECT_EQ(texts, (std::vector{fourth, second, third, first}));
}

}  // namespace
}  // namespace glasspost::sim
