#include "protocol/imap/extensions/objectid.h"

#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

TEST(ImapObjectid, TakesTheExamplesOfRfc8474) {
  expect_examples(R"(
    C: 3 create foo
    S: 3 OK [MAILBOXID (F2212ea87-6097-4256-9d51-71338625)] Completed
    C: 27 select "foo"
    S: * OK [MAILBOXID (F2212ea87-6097-4256-9d51-71338625)] Ok
    C: 6 status foo (mailboxid)
    S: * STATUS foo (MAILBOXID (F2212ea87-6097-4256-9d51-71338625))
    C: 11 list "" "*" return (status (mailboxid))
    S: * STATUS INBOX (MAILBOXID (Ff8e3ead4-9389-4aff-adb1-d8d89efd8cbf))
    C: 22 fetch 1:* (emailid threadid)
    S: * 1 FETCH (EMAILID (M6d99ac3275bb4e) THREADID (T64b478a75b7ea9))
    S: * 1 FETCH (EMAILID (M00000001) THREADID NIL)
    C: 27 search emailid M6d99ac3275bb4e
    C: 28 search threadid T64b478a75b7ea9)");
}

TEST(ImapObjectid, IsUnderstoodToTheLastWord) {
  const auto status = data_of<StatusData>("* STATUS foo (MESSAGES 3 MAILBOXID (F-1_a) X-LATER (a (b)) UNSEEN 2)");
  const std::vector<StatusValue> values = {{StatusItem::messages, 3}, {StatusItem::mailbox_id, 0, "F-1_a"}, {StatusItem::unseen, 2}};
  EXPECT_EQ(status.values, values);
  std::string written;
  write(written, std::span<const StatusValue>(values));
  EXPECT_EQ(written, "(MESSAGES 3 MAILBOXID (F-1_a) UNSEEN 2)");
  const auto fetched = data_of<FetchData>("* 2 FETCH (EMAILID (Ma) THREADID NIL UID 7)");
  EXPECT_EQ(fetched.email_id, "Ma");
  EXPECT_EQ(fetched.thread_id, std::nullopt);
  EXPECT_EQ(fetched.uid, 7U);
  std::string out;
  FetchWriter(out, 2).email_id("Ma").thread_id("Tb").thread_id(std::nullopt).end();
  EXPECT_EQ(out, "* 2 FETCH (EMAILID (Ma) THREADID (Tb) THREADID NIL)\r\n");
  const auto search = body_of<Search>("a1 SEARCH OR EMAILID Ma threadid T_b");
  EXPECT_EQ(search.key.keys.front().keys.front().text, "Ma");
  EXPECT_EQ(search.key.keys.front().keys.back().kind, SearchKind::thread_id);
  const std::string_view line = "* 1 FETCH (EMAILID (Ma) THREADID (Tb))\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_response(line, &tokens));
  EXPECT_EQ(roles_of(line, tokens.all()),
            "imap_untagged:* imap_sequence_number:1 imap_response:FETCH imap_paren:( imap_fetch_item:EMAILID imap_paren:( imap_fetch_value:Ma "
            "imap_paren:) imap_fetch_item:THREADID imap_paren:( imap_fetch_value:Tb imap_paren:) imap_paren:)");
}

TEST(ImapObjectid, RefusesWhatIsNoIdentifier) {
  for (const std::string& id : {std::string("\"Ma\""), std::string("M.a"), std::string("(Ma)"), std::string(256, 'x')})
    expect_refused("a1 SEARCH EMAILID " + id, id == "M.a" ? "CRLF" : "objectid");
  expect_refused("a1 SEARCH EMAILID Ma", "search-key", dialect_without(Extension::objectid));
  expect_refused("a1 STATUS x (MAILBOXID)", "status-att", dialect_without(Extension::objectid));
  expect_refused("a1 FETCH 1 EMAILID", "fetch-att", dialect_without(Extension::objectid));
}

}  // namespace
}  // namespace glasspost::imap
