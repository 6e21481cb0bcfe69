#include "protocol/imap/extensions/metadata.h"

#include <gmock/gmock.h>

#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

using ::testing::ElementsAre;
using std::string_literals::operator""s;

TEST(ImapMetadata, TakesTheExamplesOfRfc5464) {
  expect_examples(R"(
    C: a GETMETADATA "" /shared/comment
    S: * METADATA "" (/shared/comment "Shared comment")
    C: a GETMETADATA "INBOX" /private/comment
    C: a GETMETADATA "INBOX" (/shared/comment /private/comment)
    S: * METADATA "INBOX" (/shared/comment "Shared comment" /private/comment "My own comment")
    C: a GETMETADATA "INBOX" (MAXSIZE 1024) (/shared/comment /private/comment)
    S: a OK [METADATA LONGENTRIES 2199] GETMETADATA complete
    C: a GETMETADATA "INBOX" (DEPTH 1) (/private/filters/values)
    S: * METADATA "INBOX" (/private/filters/values/small "SMALLER 5000" /private/filters/values/boss "FROM \"boss@example.com\"")
    C: a SETMETADATA INBOX (/private/comment {33}\r\nMy new comment across\r\ntwo lines.)
    C: a SETMETADATA INBOX (/private/comment NIL)
    C: a SETMETADATA INBOX (/private/comment "My new comment" /shared/comment "This one is for you!")
    S: a NO [METADATA TOOMANY] SETMETADATA failed
    S: a NO [METADATA MAXSIZE 1024] SETMETADATA failed
    S: * METADATA "" /shared/comment
    S: * METADATA "INBOX" /shared/comment /private/comment)");
}

TEST(ImapMetadata, IsUnderstoodToTheLastWord) {
  const auto get = body_of<GetMetadata>("a1 getmetadata (maxsize 5 Depth Infinity) INBOX (/Private/Comment \"/shared/x\")");
  EXPECT_EQ(get.max_size, 5U);
  EXPECT_EQ(get.depth, MetadataDepth::everything);
  EXPECT_EQ(get.mailbox, "INBOX");
  EXPECT_THAT(get.entries, ElementsAre("/private/comment", "/shared/x"));
  const auto set = body_of<SetMetadata>("a1 SETMETADATA \"\" (/private/a ~{3+}\r\na\0b /private/b {0+}\r\n)"s);
  ASSERT_EQ(set.values.size(), 2U);
  EXPECT_EQ(set.values[0].second, "a\0b"s);
  EXPECT_EQ(set.values[1].second, "");
  EXPECT_EQ(write_command({"a1", set}, LiteralForm::plus), "a1 SETMETADATA \"\" (/private/a ~{3+}\r\na\0b /private/b \"\")\r\n"s);
  EXPECT_THAT(data_of<MetadataData>("* METADATA x /shared/a /private/b").changed, ElementsAre("/shared/a", "/private/b"));
  const std::string_view line = "a GETMETADATA INBOX (DEPTH 1) (/private/comment)\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_command(line, &tokens));
  EXPECT_EQ(roles_of(line, tokens.all()),
            "imap_tag:a imap_verb:GETMETADATA imap_mailbox:INBOX imap_paren:( imap_option:DEPTH imap_option_value:1 imap_paren:) "
            "imap_paren:( imap_metadata_entry:/private/comment imap_paren:)");
}

TEST(ImapMetadata, RefusesWhatIsNoEntry) {
  expect_refused("a GETMETADATA INBOX (comment)", "getmetadata-option");
  for (const char* entry : {"/private/", "/private//x", "\"/private/*\"", "\"/private/%\"", "/"})
    expect_refused("a GETMETADATA INBOX (" + std::string(entry) + ")", "entry");
  expect_refused("a GETMETADATA INBOX (DEPTH 2) (/private/x)", "scope-opt");
  expect_refused("a GETMETADATA INBOX (LATER 2) (/private/x)", "getmetadata-option");
  expect_refused("a SETMETADATA INBOX (/private/x)", "SP");
  expect_refused("a SETMETADATA INBOX (/private/x y)", "nstring");
  expect_refused("a SETMETADATA INBOX ()", "entry");
}

TEST(ImapSpecialUse, TakesTheExamplesOfRfc6154) {
  expect_examples(R"(
    S: * LIST (\Marked \Drafts \HasNoChildren) "/" MyDrafts
    C: t2 LIST "" "%" RETURN (SPECIAL-USE)
    S: * LIST (\Marked) "/" Inbox
    C: t3 LIST (SPECIAL-USE) "" "*"
    S: * LIST (\Trash) "/" Trash
    C: t2 CREATE MySpecial (USE (\Drafts \Sent))
    C: t3 CREATE Everything (USE (\All))
    S: t3 NO [USEATTR] \All not supported
    C: t2 GETMETADATA "MyDrafts" /private/specialuse
    S: * METADATA "MyDrafts" (/private/specialuse "\\Drafts")
    C: t3 SETMETADATA "SavedDrafts" (/private/specialuse "\\Drafts")
    S: * METADATA "MyDrafts" (/private/specialuse NIL)
    C: t4 SETMETADATA "SentMail" (/private/specialuse NIL))");
  EXPECT_THAT(body_of<Create>("a1 CREATE x (use (\\drafts \\Later))").uses, ElementsAre("\\Drafts", "\\Later"));
  EXPECT_THAT(body_of<Create>("a1 CREATE x (USE ())").uses, ElementsAre());
  expect_refused("a1 CREATE x (USE (Drafts))", "use-attr");
  expect_refused("a1 CREATE x (LATER)", "create-param");
  expect_refused("a1 CREATE x (USE (\\Sent))", "CRLF", dialect_without(Extension::create_special_use));
  expect_refused("a1 LIST (SPECIAL-USE) \"\" *", "list-select-opt", dialect_without(Extension::special_use));
  expect_refused("a1 LIST (SPECIAL-USE RECURSIVEMATCH) \"\" *", "list-select-base-opt");
}

}  // namespace
}  // namespace glasspost::imap
