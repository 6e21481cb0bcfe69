#include "protocol/imap/extensions/sort.h"

#include <gmock/gmock.h>

#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

using ::testing::ElementsAre;

TEST(ImapSort, TakesTheExamplesOfRfc5256) {
  expect_examples(R"(
    C: A282 SORT (SUBJECT) UTF-8 SINCE 1-Feb-1994
    S: * SORT 2 84 882
    C: A283 SORT (SUBJECT REVERSE DATE) UTF-8 ALL
    S: * SORT 5 3 4 1 2
    C: A284 SORT (SUBJECT) US-ASCII TEXT "not in mailbox"
    S: * SORT
    C: A283 THREAD ORDEREDSUBJECT UTF-8 SINCE 5-MAR-2000
    S: * THREAD (166)(167)(168)(169)(172)(170)(171)(173)(174 (175)(176)(178)(181)(180))(179)(177 (183)(182)(188)(184)(185)(186)(187)(189))(190)(191)(192)(193)(194 195)(196 (197)(198))(199)(200 202)(201)(203)(204)(205)(206 207)(208)
    C: A284 THREAD ORDEREDSUBJECT US-ASCII TEXT "gewp"
    S: * THREAD
    C: A285 THREAD REFERENCES UTF-8 SINCE 5-MAR-2000
    S: * THREAD (166)(167)(168)(169)(172)((170)(179))(171)(173)((174)(175)(176)(178)(181)(180))((177)(183)(182)(188 (184)(189))(185 186)(187))(190)(191)(192)(193)((194)(195 196))(197 198)(199)(200 202)(201)(203)(204)(205 206 207)(208)
    C: a1 UID SORT (DISPLAYFROM REVERSE DISPLAYTO) UTF-8 OR SEEN FLAGGED
    S: * THREAD (2)(3 6 (4 23)(44 7 96))
    S: * THREAD ((3)(5)))");
}

TEST(ImapSort, IsUnderstoodToTheLastWord) {
  const auto sort = body_of<Sort>("a1 uid sort (reverse Date subject) utf-8 UNSEEN FROM x");
  EXPECT_TRUE(sort.uid);
  EXPECT_THAT(sort.criteria, ElementsAre(SortCriterion{SortBy::date, true}, SortCriterion{SortBy::subject, false}));
  EXPECT_EQ(sort.charset, "UTF-8");
  EXPECT_EQ(sort.key.keys.size(), 2U);
  EXPECT_EQ(body_of<Thread>("a1 THREAD orderedsubject US-ASCII ALL").algorithm, ThreadAlgorithm::ordered_subject);

  // RFC 5256 section 4: "(2)(3 6 (4 23)(44 7 96))" is two threads, of 2, and of 3, which 6 answers, which 4 and 44 answer.
  const auto data = data_of<ThreadData>("* THREAD (2)(3 6 (4 23)(44 7 96))");
  ASSERT_EQ(data.threads.size(), 2U);
  EXPECT_EQ(data.threads[0].number, 2U);
  const ThreadNode& three = data.threads[1];
  ASSERT_EQ(three.answers.size(), 1U);
  const ThreadNode& six = three.answers[0];
  EXPECT_EQ(six.number, 6U);
  ASSERT_EQ(six.answers.size(), 2U);
  EXPECT_EQ(six.answers[0].answers[0].number, 23U);
  EXPECT_EQ(six.answers[1].answers[0].answers[0].number, 96U);
  std::string out;
  write(out, data);
  EXPECT_EQ(out, "* THREAD (2)(3 6 (4 23)(44 7 96))\r\n");
  const auto without_root = data_of<ThreadData>("* THREAD ((3)(5 6))(7)");
  EXPECT_EQ(without_root.threads[0].number, 0U);
  out.clear();
  write(out, without_root);
  EXPECT_EQ(out, "* THREAD ((3)(5 6))(7)\r\n");
  out.clear();
  write(out, data_of<ThreadData>("* THREAD (((3)))"));
  EXPECT_EQ(out, "* THREAD (3)\r\n");

  const std::string_view line = "* THREAD (3 (4)(5))\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_response(line, &tokens, {.search_uids = true}));
  EXPECT_EQ(roles_of(line, tokens.all()),
            "imap_untagged:* imap_response:THREAD imap_paren:( imap_uid:3 imap_paren:( imap_uid:4 imap_paren:) imap_paren:( "
            "imap_uid:5 imap_paren:) imap_paren:)");
}

TEST(ImapSort, RefusesWhatItIsNot) {
  expect_refused("a1 SORT SUBJECT UTF-8 ALL", "\"(\"");
  expect_refused("a1 SORT () UTF-8 ALL", "sort-key");
  expect_refused("a1 SORT (REVERSE) UTF-8 ALL", "SP");
  expect_refused("a1 SORT (REVERSE REVERSE DATE) UTF-8 ALL", "sort-key");
  expect_refused("a1 SORT (LATER) UTF-8 ALL", "sort-key");
  expect_refused("a1 SORT (DATE) UTF-8", "SP");
  expect_refused("a1 THREAD LATER UTF-8 ALL", "thread-alg");
  expect_refused("a1 SORT (DISPLAYTO) UTF-8 ALL", "sort-key", dialect_without(Extension::sort_display));
  expect_refused("a1 SORT (DATE) UTF-8 ALL", "command", dialect_without(Extension::sort));
  expect_refused("a1 THREAD REFERENCES UTF-8 ALL", "thread-alg", dialect_without(Extension::thread_references));
  for (const char* list : {"(", "()", "(1 (2))", "(1 2", "(0)", "(1 (2) 3)", "1"})
    EXPECT_FALSE(parse_response("* THREAD " + std::string(list) + "\r\n")) << list;
  std::string chain = "* THREAD (1";
  for (int i = 0; i < 5000; ++i) chain += " 2";
  EXPECT_EQ(parse_response(chain + ")\r\n").error().fault, Fault::too_many);
  EXPECT_EQ(parse_response("* THREAD " + std::string(5000, '(') + "\r\n").error().fault, Fault::too_many);
}

}  // namespace
}  // namespace glasspost::imap
