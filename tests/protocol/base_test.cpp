#include <gtest/gtest.h>

#include "protocol/base/framer.h"
#include "protocol/base/text.h"
#include "protocol/base/time.h"
#include "protocol/explain.h"
#include "protocol/token.h"
#include "protocol/trace.h"

namespace glasspost {
namespace {

TEST(Text, Base64KnowsTheExamplesOfRfc4648) {
  const std::pair<const char*, const char*> examples[] = {{"", ""},         {"f", "Zg=="},     {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},  {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : examples) {
    EXPECT_EQ(base64_encode(plain), coded);
    EXPECT_EQ(base64_decode(coded), plain);
  }
  EXPECT_FALSE(base64_decode("Zg="));
  EXPECT_FALSE(base64_decode("Zh=="));  // bits set that the padding says are not there
  EXPECT_FALSE(base64_decode("Z=g="));
  EXPECT_FALSE(base64_decode("Zm9\n"));
}

TEST(Text, NumbersAreWholeAndFit) {
  EXPECT_EQ(to_u32("4294967295"), 4294967295U);
  EXPECT_FALSE(to_u32("4294967296"));
  EXPECT_FALSE(to_u32("-1"));
  EXPECT_FALSE(to_u32("1 "));
  EXPECT_FALSE(to_u32(""));
}

TEST(Time, IsWrittenAsMailWritesIt) {
  const Instant at = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h + 448ms;
  EXPECT_EQ(clock_text(at), "09:00:00.448");
  EXPECT_EQ(rfc5322_date(at), "Mon, 2 Nov 2026 09:00:00 +0000");
  EXPECT_EQ(imap_internal_date(at), " 2-Nov-2026 09:00:00 +0000");
  EXPECT_EQ(duration_text(24ms), "24 ms");
  EXPECT_EQ(duration_text(1500ms), "1.5 s");
  EXPECT_EQ(duration_text(30min + 2s), "30 min 2 s");
}

TEST(LineFramer, OnlyCrlfEndsALine) {
  LineFramer framer(100);
  framer.put("one\r\ntwo\nstill two\rand so on\r\nthr");
  auto line = framer.next();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text, "one");
  line = framer.next();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text, "two\nstill two\rand so on");
  EXPECT_TRUE(line->bare_cr);
  EXPECT_TRUE(line->bare_lf);
  EXPECT_FALSE(framer.next());
  framer.put("ee\r");
  EXPECT_FALSE(framer.next());
  framer.put("\n");
  line = framer.next();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text, "three");
}

TEST(LineFramer, EndlessLineKeepsMemoryBoundedAndIsToldOnce) {
  LineFramer framer(10);
  int told = 0;
  for (int i = 0; i < 10'000; ++i) {
    framer.put("xxxxxxxxxxxxxxxxxxxx");
    while (auto line = framer.next()) {
      EXPECT_TRUE(line->too_long);
      EXPECT_EQ(line->text, "xxxxxxxxxx");
      ++told;
    }
    EXPECT_LE(framer.pending().size(), 20U);
  }
  framer.put("\r\nnext\r\n");
  auto line = framer.next();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text, "next");
  EXPECT_FALSE(line->too_long);
  EXPECT_EQ(told, 1);
}

TEST(LineFramer, ByteByByteIsTheSame) {
  LineFramer framer(8);
  std::vector<std::string> lines;
  for (const char c : std::string_view("a\r\nbb\r\r\n123456789\r\nc\r\n")) {
    framer.put({&c, 1});
    while (auto line = framer.next()) lines.push_back(std::string(line->text) + (line->too_long ? "!" : ""));
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"a", "bb\r", "12345678!", "c"}));
}

TEST(Tokens, TileTheTextWhateverIsMarked) {
  const std::string_view text = "AUTH PLAIN xyz  junk\r\n";
  Tokens tokens;
  tokens.mark(text, 0, 4, Role::smtp_verb);
  tokens.mark(text, 5, 10, Role::smtp_mechanism);
  tokens.mark(text, 11, 14, Role::smtp_initial_response);
  tokens.finish(text);
  EXPECT_TRUE(tiles(text, tokens.all()));
  EXPECT_EQ(tokens.all().back().role, Role::crlf);
  EXPECT_EQ(redact(text, tokens.all()), "AUTH PLAIN " + std::string(mask) + "  junk\r\n");
}

TEST(Trace, ForgetsTheOldestAndSaysSo) {
  Trace trace(1024 * 1024);
  const std::string kilobyte(1024, 'x');
  for (int i = 0; i < 10'000; ++i)
    trace.append({Instant{}, no_record, 1, Sent{Side::client, Layer::clear, trace.keep(kilobyte)}});
  EXPECT_LE(trace.memory(), 1024U * 1024U + 256U * 1024U);
  EXPECT_GT(trace.forgotten(), 5000U);
  EXPECT_EQ(trace.end(), 10'000U);
  for (RecordId id = trace.first(); id < trace.end(); ++id)
    ASSERT_EQ(trace.bytes(std::get<Sent>(trace[id].what).bytes), kilobyte);
}

TEST(Explain, TriesTheParticularBeforeTheGeneral) {
  Catalogue catalogue;
  catalogue.add("smtp_verb", {"a command", "", "", ""});
  catalogue.add("smtp_verb/EHLO", {"hello", "", "", ""});
  EXPECT_EQ(explain(catalogue, Role::smtp_verb, "ehlo")->what, "hello");
  EXPECT_EQ(explain(catalogue, Role::smtp_verb, "FOO")->what, "a command");
  EXPECT_EQ(explain(catalogue, Role::imap_verb, "FOO"), nullptr);
  EXPECT_EQ(fill("{client} asks {other} {", {{"client", "Alice"}}), "Alice asks {other} {");
}

}  // namespace
}  // namespace glasspost
