#include "protocol/imap/extensions/list_extended.h"

#include <gmock/gmock.h>

#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

using ::testing::ElementsAre;

TEST(ImapListExtended, TakesTheExamplesOfRfc5258) {
  expect_examples(R"(
    C: A01 LIST "" "*"
    S: * LIST (\Marked \NoInferiors) "/" "inbox"
    C: A02 LIST (SUBSCRIBED) "" "*"
    S: * LIST (\Subscribed \NonExistent) "/" "Fruit/Peach"
    C: A03 LIST () "" "%" RETURN (CHILDREN)
    S: * LIST (\HasChildren) "/" "Fruit"
    C: A04 LIST (REMOTE) "" "%" RETURN (CHILDREN)
    S: * LIST (\HasChildren \Remote) "/" "Meat"
    C: A05 LIST (REMOTE SUBSCRIBED) "" "*"
    C: A06 LIST (REMOTE) "" "*" RETURN (SUBSCRIBED)
    C: BBB LIST "" ("INBOX" "Drafts" "Sent/%")
    C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
    S: * LIST () "/" "Foo" ("CHILDINFO" ("SUBSCRIBED"))
    S: * LIST (\Subscribed \HasChildren) "/" "Foo" ("CHILDINFO" ("SUBSCRIBED"))
    S: * LIST (\NonExistent) "/" "Foo" ("CHILDINFO" ("SUBSCRIBED"))
    C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%" RETURN (CHILDREN)
    C: D03 LIST (RECURSIVEMATCH SUBSCRIBED) "" "*2")");
}

TEST(ImapListStatus, TakesTheExamplesOfRfc5819AndRfc8438) {
  expect_examples(R"(
    C: A01 LIST "" % RETURN (STATUS (MESSAGES UNSEEN))
    S: * LIST () "." "INBOX"
    S: * STATUS "INBOX" (MESSAGES 17 UNSEEN 16)
    S: * LIST (\NoSelect) "." "bar"
    C: A02 LIST (SUBSCRIBED RECURSIVEMATCH) "" % RETURN (STATUS (MESSAGES))
    S: * LIST () "." "foo" (CHILDINFO ("SUBSCRIBED"))
    C: A01 STATUS frop (MESSAGES SIZE UIDNEXT)
    S: * STATUS frop (MESSAGES 8 SIZE 44421 UIDNEXT 242344)
    C: A04 LIST "" % RETURN (STATUS (MESSAGES SIZE)))");
}

TEST(ImapListExtended, IsUnderstoodToTheLastWord) {
  const auto list = body_of<List>("a1 LIST (recursivematch SUBSCRIBED remote) Work/ (% {3}\r\na b) return (Status (UNSEEN size) SUBSCRIBED)");
  ASSERT_TRUE(list.select && list.returns);
  EXPECT_EQ(*list.select, (ListSelection{.subscribed = true, .remote = true, .recursive = true}));
  EXPECT_EQ(list.reference, "Work/");
  EXPECT_THAT(list.patterns, ElementsAre("%", "a b"));
  EXPECT_TRUE(list.extended());
  EXPECT_TRUE(list.returns->subscribed);
  EXPECT_THAT(list.returns->status, ElementsAre(StatusItem::unseen, StatusItem::size));
  EXPECT_FALSE(body_of<List>("a1 LIST \"\" \"\"").extended());
  EXPECT_TRUE(body_of<List>("a1 LIST \"\" (\"\")").extended());
  EXPECT_TRUE(body_of<List>("a1 LIST \"\" \"\" RETURN ()").extended());
  EXPECT_FALSE(body_of<List>("a1 LSUB \"\" *").extended());

  const auto data = data_of<ListData>("* LIST (\\NonExistent) \"/\" new (\"CHILDINFO\" (\"SUBSCRIBED\") X (a (b)) \"OLDNAME\" (\"old &AOk-\"))");
  EXPECT_THAT(data.child_info, ElementsAre("SUBSCRIBED"));
  EXPECT_EQ(data.old_name, "old é");
  EXPECT_EQ(data.mailbox, "new");
  EXPECT_EQ(data_of<StatusData>("* STATUS x (SIZE 9223372036854775807)").values.front().number, 9223372036854775807U);

  const std::string_view line = "a1 LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (INBOX \"%\") RETURN (CHILDREN STATUS (SIZE))\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_command(line, &tokens));
  EXPECT_EQ(roles_of(line, tokens.all()),
            "imap_tag:a1 imap_verb:LIST imap_paren:( imap_option:SUBSCRIBED imap_option:RECURSIVEMATCH imap_paren:) "
            "imap_reference:\"\" imap_paren:( imap_pattern:INBOX imap_pattern:\"%\" imap_paren:) imap_option:RETURN imap_paren:( "
            "imap_option:CHILDREN imap_option:STATUS imap_paren:( imap_status_item:SIZE imap_paren:) imap_paren:)");
}

TEST(ImapListExtended, RefusesWhatIsNoOption) {
  expect_refused("a1 LIST (RECURSIVEMATCH) \"\" *", "list-select-base-opt");  // RFC 5258 section 3.1: MUST be BAD
  expect_refused("a1 LIST (RECURSIVEMATCH REMOTE) \"\" *", "list-select-base-opt");
  expect_refused("a1 LIST (SUBSCRIBED LATER) \"\" *", "list-select-opt");
  expect_refused("a1 LIST \"\" * RETURN (LATER)", "return-option");
  expect_refused("a1 LIST \"\" * RETURN (STATUS ())", "status-att");
  expect_refused("a1 LIST \"\" * (SUBSCRIBED)", "RETURN");
  expect_refused("a1 LIST \"\" ()", "list-mailbox");
  expect_refused("a1 LIST(SUBSCRIBED) \"\" *", "SP");
  expect_refused("a1 LSUB (SUBSCRIBED) \"\" *", "mailbox");
}

TEST(ImapListExtended, IsNoWordOfAServerWithoutIt) {
  const Dialect plain = dialect_without(Extension::list_extended);
  expect_refused("a1 LIST (SUBSCRIBED) \"\" *", "mailbox", plain);
  expect_refused("a1 LIST \"\" (INBOX)", "list-mailbox", plain);
  expect_refused("a1 LIST \"\" * RETURN (CHILDREN)", "CRLF", plain);
  expect_refused("a1 LIST \"\" * RETURN (STATUS (UNSEEN))", "return-option", dialect_without(Extension::list_status));
  expect_refused("a1 STATUS INBOX (SIZE)", "status-att", dialect_without(Extension::status_size));
}

}  // namespace
}  // namespace glasspost::imap
