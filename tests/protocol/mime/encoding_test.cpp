#include "protocol/mime/content_type.h"
#include "protocol/mime/encoding.h"

#include <gtest/gtest.h>

#include <random>

namespace glasspost::mime {
namespace {

TEST(Base64Body, IgnoresWhatIsNotOfItsAlphabet) {
  EXPECT_EQ(decode_base64_body("SGVs\r\nbG8s IHdv!cmxk\r\n"), "Hello, world");
  EXPECT_EQ(decode_base64_body("Zg==\r\nZm8=\r\n"), "ffo");
  EXPECT_EQ(decode_base64_body(""), "");
  EXPECT_EQ(decode_base64_body("===="), "");
}

TEST(Base64Body, HasLinesOf76) {
  const std::string coded = encode_base64_body(std::string(100, 'x'));
  EXPECT_EQ(coded.find("\r\n"), 76U);
  EXPECT_TRUE(coded.ends_with("eA==\r\n"));
  EXPECT_EQ(decode_base64_body(coded), std::string(100, 'x'));
}

// RFC 2045 section 6.7.
TEST(QuotedPrintable, ExampleOfRfc2045) {
  EXPECT_EQ(decode_quoted_printable("Now's the time =\r\nfor all folk to come=\r\n to the aid of their country."),
            "Now's the time for all folk to come to the aid of their country.");
}

TEST(QuotedPrintable, RulesOfRfc2045) {
  EXPECT_EQ(decode_quoted_printable("caf=C3=A9 =3d =\r\n"), "caf\xC3\xA9 = ");
  EXPECT_EQ(decode_quoted_printable("white  \t\r\nspace \r\n"), "white\r\nspace\r\n");
  EXPECT_EQ(decode_quoted_printable("a=  \r\nb"), "ab");
  EXPECT_EQ(decode_quoted_printable("=XY =4 ="), "=XY =4 ");
  EXPECT_EQ(decode_quoted_printable("a=\nb\nc"), "ab\nc");
}

TEST(QuotedPrintable, LinesAreAtMost76AndNoBlankEndsOne) {
  const std::string coded = encode_quoted_printable(std::string(200, '=') + " \r\n\ttab\t\r\n" + std::string(100, 'a'));
  std::size_t at = 0;
  while (at < coded.size()) {
    const std::size_t end = std::min(coded.find("\r\n", at), coded.size());
    EXPECT_LE(end - at, 76U);
    if (end > at) {
      EXPECT_NE(coded[end - 1], ' ');
      EXPECT_NE(coded[end - 1], '\t');
    }
    at = end + 2;
  }
}

TEST(TransferEncodings, RoundTripAnyOctets) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string octets;
    const std::size_t size = random() % 200;
    for (std::size_t i = 0; i < size; ++i) octets += "\r\n =.\tab\0\xff\x80"[random() % 11];
    EXPECT_EQ(decode_quoted_printable(encode_quoted_printable(octets)), octets);
    EXPECT_EQ(decode_base64_body(encode_base64_body(octets)), octets);
  }
}

TEST(Utf8, IsChecked) {
  EXPECT_TRUE(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x93\xAE"));
  for (const std::string_view bad : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                     "\xC3" "A"})
    EXPECT_FALSE(is_utf8(bad));
  EXPECT_EQ(to_utf8("\xE9", "ISO-8859-1"), "\xC3\xA9");
  EXPECT_EQ(to_utf8("\x80", "windows-1252"), "\xE2\x82\xAC");
  EXPECT_EQ(to_utf8("\xE9", "utf-8"), std::nullopt);
  EXPECT_EQ(to_utf8("x", "iso-2022-jp"), std::nullopt);
}

// RFC 2047 section 8, as displayed; charsets we do not know stay as they are.
TEST(EncodedWords, ExamplesOfRfc2047) {
  EXPECT_EQ(decode_words("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>"), "Keith Moore <moore@cs.utk.edu>");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>"), "Keld J\xC3\xB8rn Simonsen <keld@dkuug.dk>");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?Andr=E9?= Pirard"), "Andr\xC3\xA9 Pirard");
  EXPECT_EQ(decode_words("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-1?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?="),
            "If you can read this you understand the example.");
  EXPECT_EQ(decode_words("=?ISO-8859-8?B?7eXs+SDv4SDp7Oj08A==?="), "=?ISO-8859-8?B?7eXs+SDv4SDp7Oj08A==?=");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?a?="), "a");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?a?= b"), "a b");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?="), "ab");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?a?=  \r\n  =?UTF-8?Q?b?="), "ab");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?a_b?="), "a b");
  EXPECT_EQ(decode_words("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?_b?="), "a b");
}

TEST(EncodedWords, BrokenOnesStayAsTheyAre) {
  for (const std::string_view text : {"=?", "=?x", "=?utf-8?q?abc", "=?utf-8?x?abc?=", "=??q?a?=", "=?utf-8?q?=FF?=", "a =? b ?= c"})
    EXPECT_EQ(decode_words(text), text);
  EXPECT_EQ(decode_words("=?utf-8?B?w6?= =?utf-8?B?qQ==?="), "\xC3\xA9");
  EXPECT_EQ(decode_words("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?="), "\xC3\xA9");  // one letter split in two
  EXPECT_EQ(decode_words("=?utf-8*en?Q?a?="), "a");
}

TEST(EncodedWords, AreWrittenOnlyWhereNeededAndRoundTrip) {
  EXPECT_EQ(encode_words("Hello, Bob"), "Hello, Bob");
  EXPECT_EQ(encode_words("Caf\xC3\xA9 today"), "=?UTF-8?Q?Caf=C3=A9_today?=");
  std::string long_text;
  for (int i = 0; i < 60; ++i) long_text += "\xF0\x9F\x93\xAE " "e";
  for (const std::string& text : {std::string("=?fake?q?word?="), long_text, std::string(" lead"), std::string("trail "),
                                  std::string(2000, 'x'), std::string("tab\there"), std::string("evil\r\nBcc: x@y")}) {
    const std::string coded = encode_words(text, 9);
    EXPECT_EQ(decode_words(coded), text);
    std::size_t at = 0, column = 9;
    while (at < coded.size()) {
      const std::size_t end = std::min(coded.find("\r\n", at), coded.size());
      EXPECT_LE(column + end - at, 76U);
      if (end < coded.size()) { EXPECT_EQ(coded.at(end + 2), ' '); }  // a fold, never another field
      at = end + 2, column = 0;
    }
  }
}

// RFC 2231 sections 3 and 4.
TEST(Parameters, ExamplesOfRfc2231) {
  const std::vector<Parameter> url = {{"access-type", "URL"}, {"URL*0", "ftp://"}, {"URL*1", "cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"}};
  EXPECT_EQ(parameter(url, "url"), "ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar");
  const std::vector<Parameter> title = {{"title*", "us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A"}};
  EXPECT_EQ(parameter(title, "title"), "This is ***fun***");
  const std::vector<Parameter> pieces = {{"title*0*", "us-ascii'en'This%20is%20even%20more%20"}, {"title*1*", "%2A%2A%2Afun%2A%2A%2A%20"},
                                         {"title*2", "isn't it!"}};
  EXPECT_EQ(parameter(pieces, "title"), "This is even more ***fun*** isn't it!");
}

// RFC 2231 section 6: in a BODYSTRUCTURE the pieces are together, and the charset is left to the reader.
TEST(Parameters, PiecesAreJoinedWhereTheFieldIsRead) {
  const auto joined = [](std::string_view field) {
    std::string out;
    const auto read = parse_disposition(field);
    for (const Parameter& one : read.value().parameters) out += one.name + "=" + one.value + "\n";
    return out;
  };
  EXPECT_EQ(joined("attachment; name*0=\"a long \"; size=3; NAME*1=\"file name\""), "name=a long file name\nsize=3\n");
  EXPECT_EQ(joined("x; t*0*=us-ascii'en'This%20is%20; t*1*=%2A%2A; t*2=\"isn't 5%!\""), "t*=us-ascii'en'This%20is%20%2A%2Aisn%27t%205%25!\n");
  EXPECT_EQ(joined("x; t*0=\"a b\"; t*1*=%20c"), "t*=''a%20b%20c\n");
  EXPECT_EQ(joined("x; t*1=b; t*0=a; t*3=d; t*=utf-8''x; t*01=z; *0=q"), "t=ab\nt*3=d\nt*=utf-8''x\nt*01=z\n*0=q\n");
  const auto pieces = parse_disposition("x; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"");
  EXPECT_EQ(parameter(pieces.value().parameters, "title"), "This is even more ***fun*** isn't it!");
}

TEST(Parameters, OtherForms) {
  const std::vector<Parameter> list = {{"filename", "=?utf-8?Q?caf=C3=A9?="}, {"name*", "iso-8859-1''caf%E9"}, {"x*", "koi8-r''%C1"}, {"y*1", "late"}};
  EXPECT_EQ(parameter(list, "FILENAME"), "caf\xC3\xA9");
  EXPECT_EQ(parameter(list, "name"), "caf\xC3\xA9");
  EXPECT_EQ(parameter(list, "x"), "\xC1");
  EXPECT_EQ(parameter(list, "y"), std::nullopt);
  EXPECT_EQ(parameter(list, "none"), std::nullopt);
}

}  // namespace
}  // namespace glasspost::mime
