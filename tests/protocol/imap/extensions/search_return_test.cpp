#include "protocol/imap/extensions/search_return.h"

#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

TEST(ImapEsearch, TakesTheExamplesOfRfc4731) {
  expect_examples(R"(
    C: A282 SEARCH RETURN (MIN COUNT) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
    S: * ESEARCH (TAG "A282") MIN 2 COUNT 3
    S: A282 OK SEARCH completed
    C: A283 SEARCH RETURN () FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
    S: * ESEARCH (TAG "A283") ALL 2,10:11
    C: A284 SEARCH RETURN (MIN) UNSEEN
    S: * ESEARCH (TAG "A284") MIN 4
    C: A285 UID SEARCH RETURN (MIN MAX) 1:5000
    S: * ESEARCH (TAG "A285") UID MIN 7 MAX 3800
    C: A286 SEARCH RETURN (COUNT) DELETED
    S: * ESEARCH (TAG "A286") COUNT 15)");
}

TEST(ImapSearchres, TakesTheExamplesOfRfc5182) {
  expect_examples(R"(
    C: A282 SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
    S: A282 OK SEARCH completed, result saved
    C: A283 FETCH $ (UID INTERNALDATE FLAGS RFC822.HEADER)
    C: A301 UID SEARCH UID $ SMALLER 4096
    S: * SEARCH 17 900 901
    C: A301 UID SEARCH $ SMALLER 4096
    C: P283 SEARCH CHARSET UTF-8 (OR $ 1,3000:3021) TEXT {8}\r\nYYYYYYYY
    S: B283 NO [BADCHARSET UTF-8] KOI8-R is not supported
    C: E283 COPY $ "Other Messages"
    C: F282 SEARCH RETURN (SAVE) KEYWORD $Junk
    C: F284 STORE $ +FLAGS.Silent (\Deleted)
    C: C285 SEARCH RETURN (MAX SAVE MIN) SINCE 12-Feb-2006 NOT FROM "Smith"
    S: * ESEARCH (TAG "C285") MIN 2 MAX 21
    C: C286 SEARCH RETURN (MAX SAVE MIN COUNT) SINCE 12-Feb-2006 NOT FROM "Smith"
    S: * ESEARCH (TAG "C286") MIN 2 MAX 21 COUNT 8)");
}

TEST(ImapPartial, TakesTheExamplesOfRfc9394) {
  expect_examples(R"(
    C: A01 UID SEARCH RETURN (PARTIAL -1:-100) UNDELETED UNKEYWORD $Junk
    S: * ESEARCH (TAG "A01") UID PARTIAL (-1:-100 4,8:9)
    C: A02 UID SEARCH RETURN (PARTIAL 23500:24000) UNDELETED UNKEYWORD $Junk
    S: * ESEARCH (TAG "A04") UID PARTIAL (24000:24500 NIL)
    C: 10 UID FETCH 25900:26600 (UID FLAGS) (PARTIAL -1:-3)
    C: 11 UID FETCH 25900:26600 (UID FLAGS) (PARTIAL 1:5)
    S: * 12888 FETCH (FLAGS (\Seen) UID 25996))");
}

TEST(ImapWithin, TakesTheExampleOfRfc5032) { expect_examples("C: a1 SEARCH UNSEEN YOUNGER 259200"); }

TEST(ImapEsearch, IsUnderstoodToTheLastWord) {
  const auto search = body_of<Search>("a1 search return (save min Partial 5:1) charset us-ascii all");
  ASSERT_TRUE(search.returns);
  EXPECT_EQ(*search.returns, (SearchReturn{.min = true, .save = true, .partial = PartialRange{5, 1, false}}));
  EXPECT_EQ(search.charset, "US-ASCII");
  EXPECT_EQ(*body_of<Search>("a1 SEARCH RETURN () 1").returns, SearchReturn{.all = true});
  EXPECT_FALSE(body_of<Search>("a1 SEARCH RETURN (SAVE) 1").returns->tells());
  EXPECT_TRUE(body_of<Fetch>("a1 FETCH $ FLAGS").set.is_saved());
  EXPECT_EQ(*body_of<Fetch>("a1 UID FETCH 1:* ALL (PARTIAL -3:-1)").partial, (PartialRange{3, 1, true}));
  EXPECT_TRUE(body_of<Expunge>("a1 UID EXPUNGE $").uids->is_saved());

  const auto data = data_of<EsearchData>("* ESEARCH (TAG \"a1\") UID MAX 9 ALL 1,3:9 MODSEQ 917162500 COUNT 8 X-NEW (a (b \"c\"))");
  EXPECT_EQ(data.tag, "a1");
  EXPECT_TRUE(data.uid);
  EXPECT_EQ(data.max, 9U);
  EXPECT_EQ(data.count, 8U);
  EXPECT_EQ(data.all.text(), "1,3:9");
  EXPECT_FALSE(data_of<EsearchData>("* ESEARCH").count);
  EXPECT_EQ(data_of<EsearchData>("* ESEARCH COUNT 0").count, 0U);

  const std::string_view line = "* ESEARCH (TAG \"a1\") UID MIN 7 PARTIAL (1:5 NIL) COUNT 3\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_response(line, &tokens));
  EXPECT_EQ(roles_of(line, tokens.all()),
            "imap_untagged:* imap_response:ESEARCH imap_paren:( imap_result_item:TAG imap_tag:\"a1\" imap_paren:) "
            "imap_result_item:UID imap_result_item:MIN imap_uid:7 imap_result_item:PARTIAL imap_paren:( "
            "imap_option_value:1:5 imap_nil:NIL imap_paren:) imap_result_item:COUNT imap_number:3");
}

TEST(ImapEsearch, RefusesWhatIsNoOption) {
  expect_refused("a1 SEARCH RETURN (MIN,MAX) ALL", "search-return-opt");
  expect_refused("a1 SEARCH RETURN (UPDATE) ALL", "search-return-opt");
  expect_refused("a1 SEARCH RETURN MIN ALL", "\"(\"");
  expect_refused("a1 SEARCH RETURN (MIN)", "SP");
  expect_refused("a1 SEARCH RETURN (ALL PARTIAL 1:2) ALL", "search-return-opt");
  expect_refused("a1 SEARCH RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL", "search-return-opt");
  for (const char* range : {"0:1", "1", "1:0", "-1:2", "1:-2", "*:1", "--1:-2", "99999999999:1", "01:2"})
    expect_refused("a1 SEARCH RETURN (PARTIAL " + std::string(range) + ") ALL", "partial-range");
  expect_refused("a1 FETCH 1 FLAGS (PARTIAL 1:2)", "fetch-modifier");
  expect_refused("a1 UID FETCH 1 FLAGS (PARTIAL 1:2 PARTIAL 1:2)", "fetch-modifier");
  expect_refused("a1 UID FETCH 1 FLAGS (LATER 1)", "fetch-modifier");
  expect_refused("a1 FETCH $,1 FLAGS", "SP");
  expect_refused("a1 FETCH $:1 FLAGS", "SP");
  expect_refused("a1 SEARCH OLDER 0", "nz-number");
}

TEST(ImapEsearch, IsNoWordOfAServerWithoutIt) {
  expect_refused("a1 SEARCH RETURN (MIN) ALL", "search-key", dialect_without(Extension::esearch));
  expect_refused("a1 SEARCH RETURN (SAVE) ALL", "search-return-opt", dialect_without(Extension::searchres));
  expect_refused("a1 FETCH $ FLAGS", "sequence-set", dialect_without(Extension::searchres));
  expect_refused("a1 SEARCH RETURN (PARTIAL 1:2) ALL", "search-return-opt", dialect_without(Extension::partial));
  expect_refused("a1 UID FETCH 1 FLAGS (PARTIAL 1:2)", "fetch-modifier", dialect_without(Extension::partial));
  expect_refused("a1 SEARCH YOUNGER 5", "search-key", dialect_without(Extension::within));
}

TEST(ImapPartial, CountsFromEitherEnd) {
  struct Case {
    PartialRange range;
    std::size_t results, begin, size;
  };
  for (const Case& c : {Case{{1, 3, false}, 10, 0, 3}, {{3, 1, false}, 10, 0, 3}, {{9, 12, false}, 10, 8, 2}, {{11, 12, false}, 10, 10, 0},
                        {{1, 3, true}, 10, 7, 3}, {{3, 1, true}, 10, 7, 3}, {{8, 12, true}, 10, 0, 3}, {{11, 12, true}, 10, 0, 0},
                        {{1, 1, false}, 0, 0, 0}, {{1, 1, true}, 0, 0, 0}, {{1, 4294967295U, true}, 2, 0, 2}}) {
    EXPECT_EQ(c.range.size(c.results), c.size) << c.range.first << ':' << c.range.last;
    if (c.size > 0) {
      EXPECT_EQ(c.range.begin(c.results), c.begin) << c.range.first << ':' << c.range.last;
    }
    EXPECT_LE(c.range.begin(c.results) + c.range.size(c.results), c.results);
  }
}

}  // namespace
}  // namespace glasspost::imap
