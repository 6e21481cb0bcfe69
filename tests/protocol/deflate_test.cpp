#include "protocol/base/deflate.h"

#include <gtest/gtest.h>

namespace glasspost {
namespace {

std::string all_of(Inflater& in, std::size_t most) {
  std::string out;
  while (true) {
    const auto some = in.take(most);
    if (!some) return out + "<broken>";
    if (some->empty()) return out;
    EXPECT_LE(some->size(), most);
    out += *some;
  }
}

// RFC 1951: a block with fixed codes, then an empty stored one, as Z_SYNC_FLUSH ends what was said.
TEST(Deflate, ReadsWhatAnotherProgramWrote) {
  Inflater in;
  in.put(std::string("\x4a\x54\xf0\xf3\xf7\x0f\xe0\xe5\x02\x00\x00\x00\xff\xff", 14));
  EXPECT_EQ(all_of(in, 1000), "a NOOP\r\n");
}

TEST(Deflate, EveryPartCanBeReadAtOnceAndInPieces) {
  Deflater out;
  Inflater whole, pieces;
  for (const std::string& said : {std::string("a1 NOOP\r\n"), std::string("a2 NOOP\r\n"), std::string(100'000, 'x'), std::string(1, '\0')}) {
    const std::string compressed = out.put(said);
    whole.put(compressed);
    EXPECT_EQ(all_of(whole, 1'000'000), said);
    std::string read;
    for (const char octet : compressed) {
      pieces.put(std::string_view(&octet, 1));
      read += all_of(pieces, 7);
    }
    EXPECT_EQ(read, said);
  }
  EXPECT_EQ(out.put(""), "");
}

TEST(Deflate, IsReadAsFarAsItIsWanted) {
  Deflater out;
  Inflater in;
  in.put(out.put(std::string(1'000'000, 'x')));
  EXPECT_EQ(in.take(1000)->size(), 1000U);
  EXPECT_TRUE(in.has_more());
  EXPECT_EQ(all_of(in, 300'000).size(), 999'000U);
  EXPECT_FALSE(in.has_more());
}

TEST(Deflate, WhatIsNoneIsSaidSo) {
  Inflater in;
  in.put("a9 NOOP\r\n");
  EXPECT_EQ(all_of(in, 1000), "<broken>");
  in.put("more");
  EXPECT_EQ(all_of(in, 1000), "<broken>");
}

}  // namespace
}  // namespace glasspost
