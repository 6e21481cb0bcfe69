#include "protocol/imap/extensions/append.h"

#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

TEST(ImapMultiappend, TakesTheExampleOfRfc3502) {
  const std::string first = "Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\\r\\nSubject: afternoon meeting\\r\\n\\r\\nHello Joe\\r\\n";
  expect_examples("C: A003 APPEND saved-messages (\\Seen) {85}\\r\\n" + first + " (\\Seen) \" 7-Feb-1994 22:43:04 -0800\" {5}\\r\\n3:30.\n"
                  "S: A004 NO [TRYCREATE] No such mailbox as bogusname\n"
                  "S: A003 OK [APPENDUID 1 2000:2001] done");
}

TEST(ImapAppendlimit, TakesTheExamplesOfRfc7889) {
  expect_examples(R"(
    S: * CAPABILITY IMAP4rev1 ID APPENDLIMIT=257890
    S: * CAPABILITY IMAP4rev1 ID APPENDLIMIT
    C: t1 STATUS INBOX (APPENDLIMIT)
    S: * STATUS INBOX (APPENDLIMIT 257890)
    S: * STATUS INBOX (APPENDLIMIT NIL MESSAGES 3)
    C: t1 LIST "" % RETURN (STATUS (APPENDLIMIT)))");
  EXPECT_EQ(data_of<StatusData>("* STATUS INBOX (APPENDLIMIT NIL MESSAGES 3)").values.size(), 1U);
  expect_refused("a1 STATUS INBOX (APPENDLIMIT)", "status-att", dialect_without(Extension::appendlimit));
}

TEST(ImapReplace, TakesTheExamplesOfRfc8508) {
  expect_examples(R"(
    C: A003 REPLACE 4 Drafts (\Seen \Draft) {8}\r\nX: y\r\n\r\n
    S: * OK [APPENDUID 1 2000] Replacement Message ready
    S: A003 OK Replace completed
    C: A004 UID REPLACE 2000 Drafts (\Seen \Draft) {8}\r\nX: y\r\n\r\n
    C: a5 REPLACE * {6}\r\nDrafts " 7-Feb-1994 22:43:04 -0800" {0}\r\n)");
  const auto replace = body_of<Replace>("a1 uid replace 2000 Drafts (\\Draft) {2+}\r\nhi");
  EXPECT_TRUE(replace.uid);
  EXPECT_EQ(replace.message.text(), "2000");
  EXPECT_EQ(replace.mailbox, "Drafts");
  EXPECT_EQ(replace.with.text, "hi");
  for (const char* set : {"1:2", "1,2", "1:*"}) expect_refused("a1 REPLACE " + std::string(set) + " x {2+}\r\nhi", "seq-number");
  expect_refused("a1 REPLACE 1 x {2+}\r\nhi {2+}\r\nhi", "CRLF");
  expect_refused("a1 REPLACE 1 x {2+}\r\nhi", "command", dialect_without(Extension::replace));
}

TEST(ImapPreview, TakesTheExamplesOfRfc8970) {
  expect_examples(R"(
    C: A1 FETCH 1 (PREVIEW)
    S: * 1 FETCH (PREVIEW "Preview text!")
    C: A2 FETCH 1 (RFC822.SIZE PREVIEW)
    S: * 1 FETCH (RFC822.SIZE 5647 PREVIEW {10}\r\nLorem\r\nips)
    C: B1 FETCH 1:4 (ENVELOPE PREVIEW (LAZY))
    S: * 4 FETCH (PREVIEW NIL)
    C: C3 FETCH $ (UID PREVIEW (LAZY))
    C: C4 UID FETCH 23 PREVIEW (LAZY) (PARTIAL 1:2))");
  EXPECT_TRUE(body_of<Fetch>("a1 FETCH 1 preview (lazy)").items.front().lazy);
  EXPECT_FALSE(body_of<Fetch>("a1 FETCH 1 (PREVIEW)").items.front().lazy);
  EXPECT_EQ(data_of<FetchData>("* 1 FETCH (PREVIEW \"\")").preview, "");
  expect_refused("a1 FETCH 1 (PREVIEW (LAZY NOW))", "preview-mod");
  expect_refused("a1 FETCH 1 (PREVIEW (NOW))", "fetch-att");
  expect_refused("a1 FETCH 1 (PREVIEW)", "fetch-att", dialect_without(Extension::preview));
}

TEST(ImapSavedate, TakesTheExamplesOfRfc8514) {
  expect_examples(R"(
    C: A101 FETCH 998 (SAVEDATE)
    S: * 998 FETCH (SAVEDATE "01-Jan-2015 18:50:53 +0100")
    S: * 998 FETCH (SAVEDATE NIL)
    C: A102 SEARCH SAVEDON 28-Dec-2014
    S: * SEARCH 993 994
    C: A103 SEARCH SAVEDSINCE 28-Dec-2014
    C: A104 SEARCH SAVEDBEFORE 28-Dec-2014 SAVEDATESUPPORTED)");
  expect_refused("a1 FETCH 1 SAVEDATE", "fetch-att", dialect_without(Extension::savedate));
  expect_refused("a1 SEARCH SAVEDATESUPPORTED", "search-key", dialect_without(Extension::savedate));
}

}  // namespace
}  // namespace glasspost::imap
