#include "protocol/imap/extensions/binary.h"

#include "protocol/mime/recode.h"
#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

using std::string_literals::operator""s;

TEST(ImapBinary, IsUnderstoodToTheLastWord) {
  const auto fetch = body_of<Fetch>("a1 FETCH 5 (BINARY.PEEK[1.2]<0.10> binary.size[] BINARY[3])");
  ASSERT_EQ(fetch.items.size(), 3U);
  EXPECT_EQ(fetch.items[0].kind, FetchKind::binary);
  EXPECT_FALSE(fetch.items[0].sets_seen());
  EXPECT_EQ(fetch.items[0].section.path, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(*fetch.items[0].partial, (Partial{0, 10}));
  EXPECT_EQ(fetch.items[1].kind, FetchKind::binary_size);
  EXPECT_FALSE(fetch.items[1].sets_seen());
  EXPECT_TRUE(fetch.items[2].sets_seen());
  expect_examples(R"(
    C: a1 FETCH 5 (BINARY.PEEK[1.2]<0.10> BINARY.SIZE[] BINARY[3])
    C: a2 UID FETCH 1:* BINARY[]
    S: * 5 FETCH (BINARY[1.2]<0> "abc" BINARY.SIZE[] 99999999999 BINARY[3] {3}\r\na\r\n)
    S: * 5 FETCH (BINARY[4] NIL)
    S: a1 NO [UNKNOWN-CTE] cannot be decoded)");

  const std::string response = "* 5 FETCH (BINARY[1] ~{4}\r\na\0\r\n BINARY.SIZE[1] 4)\r\n"s;
  const auto data = data_of<FetchData>(std::string_view(response).substr(0, response.size() - 2));
  ASSERT_EQ(data.sections.size(), 1U);
  EXPECT_EQ(data.sections[0].octets, "a\0\r\n"s);
  ASSERT_EQ(data.binary_sizes.size(), 1U);
  EXPECT_EQ(data.binary_sizes[0].second, 4U);
}

TEST(ImapBinary, ALiteral8MayHoldNul) {
  const std::string line = "a1 APPEND x ~{3}\r\na\0b\r\n"s;
  const auto command = parse_command(line);
  ASSERT_TRUE(command);
  const auto& append = std::get<Append>(command->body);
  EXPECT_TRUE(append.messages.front().binary);
  EXPECT_EQ(append.messages.front().text, "a\0b"s);
  EXPECT_EQ(write_command(*command, LiteralForm::plus), "a1 APPEND x ~{3+}\r\na\0b\r\n"s);
  EXPECT_FALSE(parse_command(line, nullptr, {}, dialect_without(Extension::binary)));
  expect_refused("a1 LOGIN ~{3}\r\nabc x", "SP");
}

TEST(ImapBinary, RefusesWhatIsNoSectionOfIt) {
  expect_refused("a1 FETCH 1 BINARY", "fetch-att");
  expect_refused("a1 FETCH 1 BINARY[HEADER]", "section-binary");
  expect_refused("a1 FETCH 1 BINARY[1.MIME]", "section-binary");
  expect_refused("a1 FETCH 1 BINARY.SIZE[1]<0.5>", "CRLF");
  expect_refused("a1 FETCH 1 BINARY[1]", "fetch-att", dialect_without(Extension::binary));
}

TEST(ImapBinary, WritesNulInALiteral8AndNothingElse) {
  std::string out;
  FetchItem item;
  item.kind = FetchKind::binary;
  item.section.path = {1};
  ResponseWriter(out).fetch(5).octets(item, "a\0b"s).octets(item, "ab").octets(item, std::nullopt).octets(item, "").binary_size(item.section, 3).end();
  EXPECT_EQ(out, "* 5 FETCH (BINARY[1] ~{3}\r\na\0b BINARY[1] {2}\r\nab BINARY[1] NIL BINARY[1] \"\" BINARY.SIZE[1] 3)\r\n"s);
}

TEST(ImapMultiappend, IsReadAndWritten) {
  const auto append = body_of<Append>("a1 APPEND x (\\Seen) {3+}\r\none \" 7-Feb-1994 22:43:04 -0800\" {3+}\r\ntwo {5+}\r\nthree");
  ASSERT_EQ(append.messages.size(), 3U);
  EXPECT_EQ(append.messages[0].text, "one");
  EXPECT_EQ(append.messages[0].flags, FlagList{"\\Seen"});
  EXPECT_EQ(append.messages[1].text, "two");
  EXPECT_TRUE(append.messages[1].date);
  EXPECT_TRUE(append.messages[1].flags.empty());
  EXPECT_EQ(append.messages[2].text, "three");
  expect_refused("a1 APPEND x {3+}\r\none {3+}\r\ntwo", "CRLF", dialect_without(Extension::multiappend));
  expect_refused("a1 APPEND x {3+}\r\none ", "literal");
  expect_refused("a1 APPEND x", "SP");
}

// ---- what is stored of a message with NUL in it

TEST(WithoutNul, GivesBase64ToThePartsThatNeedIt) {
  const std::string message =
      "From: a\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\n"
      "--b\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\1\2\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
      "--b\r\n\r\nno\0head\r\n--b--\r\n"s;
  const auto text = mime::without_nul(message);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "From: a\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            "--b\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
            "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nbm8AaGVhZA==\r\n\r\n--b--\r\n");
  EXPECT_EQ(mime::without_nul("From: a\r\n\r\nx"), "From: a\r\n\r\nx");
  EXPECT_FALSE(mime::without_nul("From: \0\r\n\r\nx"s));
  EXPECT_FALSE(mime::without_nul("Content-Transfer-Encoding: quoted-printable\r\n\r\nx\0"s));
}

}  // namespace
}  // namespace glasspost::imap
