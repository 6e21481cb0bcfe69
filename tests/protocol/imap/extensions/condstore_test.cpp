// CONDSTORE and QRESYNC: every line of RFC 7162's examples, and what must be refused.
#include "protocol/imap/extensions/condstore.h"

#include "protocol/imap/extensions/qresync.h"
#include "tests/protocol/imap/extensions/examples.h"

namespace glasspost::imap {
namespace {

TEST(ImapCondstore, TakesTheExamplesOfRfc7162) {
  expect_examples(R"(
    # 1 to 11
    S: * OK [HIGHESTMODSEQ 715194045007]
    S: A142 OK [READ-WRITE] SELECT completed
    S: * OK [NOMODSEQ] Sorry, this mailbox format doesn't support modsequences
    C: a103 UID STORE 6,4,8 (UNCHANGEDSINCE 12121230045) +FLAGS.SILENT (\Deleted)
    S: * 1 FETCH (UID 4 MODSEQ (12121231000))
    S: * 2 FETCH (UID 6 MODSEQ (12121230852))
    S: * 4 FETCH (UID 8 MODSEQ (12121230956))
    S: a103 OK Conditional Store completed
    C: a104 STORE * (UNCHANGEDSINCE 12121230045) +FLAGS.SILENT (\Deleted $Processed)
    S: * 50 FETCH (MODSEQ (12111230047))
    C: c101 STORE 50 (UNCHANGEDSINCE 12121230045) -FLAGS.SILENT (\Deleted)
    S: * OK [HIGHESTMODSEQ 12111230047]
    S: * 50 FETCH (MODSEQ (12111230048))
    C: d105 STORE 7,5,9 (UNCHANGEDSINCE 320162338) +FLAGS.SILENT (\Deleted)
    S: * 5 FETCH (MODSEQ (320162350))
    S: d105 OK [MODIFIED 7,9] Conditional STORE failed
    S: * 7 FETCH (MODSEQ (320162342) FLAGS (\Seen \Deleted))
    S: * 9 FETCH (MODSEQ (320162349) FLAGS (\Answered))
    C: a102 STORE 12 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)
    S: a102 OK [MODIFIED 12] Conditional STORE failed
    C: a106 STORE 100:150 (UNCHANGEDSINCE 212030000000) +FLAGS.SILENT ($Processed)
    S: * 101 FETCH (MODSEQ (303011130956) FLAGS ($Processed))
    C: B001 STORE 1:7 (UNCHANGEDSINCE 320172338) +FLAGS (\SEEN)
    S: * 1 FETCH (MODSEQ (320172342) FLAGS (\SEEN))
    S: B001 NO [MODIFIED 2] Some of the messages no longer exist.
    C: e105 STORE 7,3:9 (UNCHANGEDSINCE 12121230045) +FLAGS.SILENT (\Deleted)
    # 12 to 20
    C: s100 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345)
    S: * 1 FETCH (UID 4 MODSEQ (65402) FLAGS (\Seen))
    S: * 4 FETCH (UID 8 MODSEQ (29738) FLAGS ($NoJunk $AutoJunk $MDNSent))
    C: a FETCH 1:3 (MODSEQ)
    S: * 1 FETCH (MODSEQ (624140003))
    S: * 7 FETCH (FLAGS (\Deleted \Answered) MODSEQ (12121231000))
    C: a SEARCH MODSEQ "/flags/\\draft" all 620162338
    S: * SEARCH 2 5 6 7 11 12 18 19 20 23 (MODSEQ 917162500)
    C: t SEARCH OR NOT MODSEQ 720162338 LARGER 50000
    S: * SEARCH
    C: A042 STATUS blurdybloop (UIDNEXT MESSAGES HIGHESTMODSEQ)
    S: * STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292 HIGHESTMODSEQ 7011231777)
    C: A142 SELECT INBOX (CONDSTORE)
    C: a SEARCH RETURN (ALL) MODSEQ 1234
    S: * ESEARCH (TAG "a") ALL 1:3,5 MODSEQ 1236)");
}

TEST(ImapQresync, TakesTheExamplesOfRfc7162) {
  expect_examples(R"(
    C: A02 SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))
    S: * OK [HIGHESTMODSEQ 90060128194045007] Highest mailbox mod-sequence
    C: A03 SELECT INBOX (QRESYNC (67890007 90060115194045000 41:211,214:541))
    S: * OK [CLOSED]
    S: * VANISHED (EARLIER) 41,43:116,118,120:211,214:540
    S: * 49 FETCH (UID 117 FLAGS (\Seen \Answered) MODSEQ (90060115194045001))
    C: A04 SELECT INBOX (QRESYNC (67890007 90060115194045000 1:29997))
    C: B04 SELECT INBOX (QRESYNC (67890007 90060115194045000 1:29997 (5000,7500,9000,9990:9999 15000,22500,27000,29970,29973,29976,29979,29982,29985,29988,29991,29994,29997)))
    C: s100 UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)
    S: * VANISHED (EARLIER) 300:310,405,411
    C: s101 UID SEARCH 300:500
    S: A202 OK [HIGHESTMODSEQ 20010715194045319] expunged
    S: * VANISHED 405,407,410,425
    C: . UID EXPUNGE 3000:3002
    S: * VANISHED 505,507,510,625
    S: A151 OK [HIGHESTMODSEQ 99] Still delaying VANISHED
    C: A142 SELECT INBOX (QRESYNC (3857529045 20010715194032001 1:198))
    S: * VANISHED (EARLIER) 1:5,7:8,10:15
    S: * 2 FETCH (UID 6 MODSEQ (20010715205008000) FLAGS (\Deleted))
    C: A1 ENABLE QRESYNC CONDSTORE
    S: * ENABLED QRESYNC CONDSTORE)");
}

TEST(ImapCondstore, IsUnderstoodToTheLastWord) {
  EXPECT_TRUE(body_of<Select>("a examine x (condstore)").condstore);
  EXPECT_EQ(body_of<Fetch>("a FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775807)").changed_since, most_modseq);
  EXPECT_EQ(body_of<Fetch>("a FETCH 1 ALL (changedsince 0)").changed_since, 0U);
  EXPECT_EQ(body_of<Store>("a STORE 1 (unchangedsince 0) FLAGS \\Seen").unchanged_since, 0U);
  const auto key = body_of<Search>("a SEARCH MODSEQ \"/flags/$MDNSent\" shared 7").key.keys.at(0).modseq;
  EXPECT_EQ(key, (SearchModSeq{7, "/flags/$MDNSent", "shared"}));
  EXPECT_EQ(data_of<SearchData>("* SEARCH 2 5 (MODSEQ 917162500)").modseq, 917162500U);
  EXPECT_EQ(data_of<SearchData>("* SEARCH 2 5").modseq, std::nullopt);
  EXPECT_EQ(data_of<FetchData>("* 1 FETCH (MODSEQ (65402))").modseq, 65402U);
  EXPECT_EQ(modseq_of(data_of<ConditionData>("* OK [HIGHESTMODSEQ 12] x").code), 12U);
  EXPECT_EQ(modseq_of(data_of<ConditionData>("* OK [HIGHESTMODSEQ 9223372036854775808] x").code), std::nullopt);
  EXPECT_EQ(data_of<StatusData>("* STATUS x (HIGHESTMODSEQ 7011231777)").values.at(0).number, 7011231777U);
}

TEST(ImapQresync, IsUnderstoodToTheLastWord) {
  const auto select = body_of<Select>("a SELECT x (QRESYNC (7 8 1:2,4 (3,5:6 9,11:12)) CONDSTORE)");
  EXPECT_TRUE(select.condstore);
  ASSERT_TRUE(select.resync && select.resync->known_uids && select.resync->match);
  EXPECT_EQ(select.resync->uid_validity, 7U);
  EXPECT_EQ(select.resync->modseq, 8U);
  EXPECT_EQ(select.resync->known_uids->text(), "1:2,4");
  EXPECT_EQ(select.resync->match->numbers.text(), "3,5:6");
  EXPECT_EQ(select.resync->match->uids.text(), "9,11:12");
  const auto without_uids = body_of<Select>("a SELECT x (QRESYNC (7 8 (3 9)))");
  EXPECT_FALSE(without_uids.resync->known_uids);
  EXPECT_TRUE(without_uids.resync->match);
  EXPECT_TRUE(body_of<Fetch>("a UID FETCH 1:9 UID (VANISHED CHANGEDSINCE 5)").vanished);
  const auto vanished = data_of<VanishedData>("* vanished (earlier) 1:5,7");
  EXPECT_TRUE(vanished.earlier);
  EXPECT_EQ(vanished.uids.text(), "1:5,7");
  EXPECT_FALSE(data_of<VanishedData>("* VANISHED 4").earlier);
}

TEST(ImapCondstore, EachTokenHasItsRole) {
  const auto roles = [](std::string line, bool client) {
    line += "\r\n";
    Tokens tokens;
    if (client) EXPECT_TRUE(parse_command(line, &tokens)) << line;
    else EXPECT_TRUE(parse_response(line, &tokens)) << line;
    return roles_of(line, tokens.all());
  };
  EXPECT_EQ(roles("a STORE 1 (UNCHANGEDSINCE 5) +FLAGS (\\Seen)", true),
            "imap_tag:a imap_verb:STORE imap_sequence_set:1 imap_paren:( imap_option:UNCHANGEDSINCE imap_modseq:5 imap_paren:) "
            "imap_flag_operation:+FLAGS imap_paren:( imap_flag:\\Seen imap_paren:)");
  EXPECT_EQ(roles("a SELECT x (QRESYNC (7 8 1:2 (3 9)))", true),
            "imap_tag:a imap_verb:SELECT imap_mailbox:x imap_paren:( imap_option:QRESYNC imap_paren:( imap_option_value:7 "
            "imap_modseq:8 imap_uid_set:1:2 imap_paren:( imap_sequence_set:3 imap_uid_set:9 imap_paren:) imap_paren:) imap_paren:)");
  EXPECT_EQ(roles("* 1 FETCH (UID 4 MODSEQ (65402))", false),
            "imap_untagged:* imap_sequence_number:1 imap_response:FETCH imap_paren:( imap_fetch_item:UID imap_uid:4 "
            "imap_fetch_item:MODSEQ imap_paren:( imap_modseq:65402 imap_paren:) imap_paren:)");
  EXPECT_EQ(roles("* VANISHED (EARLIER) 1:3", false),
            "imap_untagged:* imap_response:VANISHED imap_paren:( imap_option:EARLIER imap_paren:) imap_uid_set:1:3");
  EXPECT_EQ(roles("* SEARCH 2 (MODSEQ 9)", false),
            "imap_untagged:* imap_response:SEARCH imap_sequence_number:2 imap_paren:( imap_result_item:MODSEQ imap_modseq:9 imap_paren:)");
  EXPECT_EQ(roles("a OK [MODIFIED 7,9] x", false),
            "imap_tag:a imap_status:OK imap_paren:[ imap_code:MODIFIED imap_sequence_set:7,9 imap_paren:] text:x");
  EXPECT_EQ(roles("* OK [HIGHESTMODSEQ 7] x", false),
            "imap_untagged:* imap_status:OK imap_paren:[ imap_code:HIGHESTMODSEQ imap_modseq:7 imap_paren:] text:x");
}

TEST(ImapCondstore, RefusesWhatTheGrammarDoes) {
  expect_refused("a FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)", "mod-sequence-value");
  expect_refused("a FETCH 1 FLAGS (CHANGEDSINCE)", "SP");
  expect_refused("a FETCH 1 FLAGS (CHANGEDSINCE 1 CHANGEDSINCE 2)", "fetch-modifier");
  expect_refused("a FETCH 1 FLAGS ()", "fetch-modifier");
  expect_refused("a STORE 1 (CHANGEDSINCE 1) FLAGS ()", "store-modifier");
  expect_refused("a SEARCH MODSEQ \"/flag/x\" all 1", "entry-name");
  expect_refused("a SEARCH MODSEQ \"/flags/x\" most 1", "entry-type-req");
  expect_refused("a SELECT x (CONDSTOR)", "select-param");
  expect_refused("a SELECT x CONDSTORE", "CRLF");
}

TEST(ImapQresync, RefusesWhatTheGrammarDoes) {
  expect_refused("a SELECT x (QRESYNC (0 5))", "uidvalidity");
  expect_refused("a SELECT x (QRESYNC (5 0))", "mod-sequence-value");
  expect_refused("a SELECT x (QRESYNC (5))", "SP");
  expect_refused("a SELECT x (QRESYNC (5 6 1:*))", "known-uids");
  expect_refused("a SELECT x (QRESYNC (5 6 1 (* 1)))", "known-sequence-set");
  expect_refused("a SELECT x (QRESYNC (5 6 1 (1 *)))", "known-uid-set");
  expect_refused("a UID FETCH 1 FLAGS (VANISHED)", "CHANGEDSINCE");
  expect_refused("a FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)", "fetch-modifier");
}

// A server that does not offer it answers as one that never heard of it.
TEST(ImapCondstore, IsNoWordWhereItIsNotOffered) {
  const Dialect dialect = dialect_without(Extension::condstore);
  for (const char* line : {"a SELECT x (CONDSTORE)", "a FETCH 1 MODSEQ", "a FETCH 1 (MODSEQ)", "a FETCH 1 FLAGS (CHANGEDSINCE 1)",
                           "a STORE 1 (UNCHANGEDSINCE 1) FLAGS ()", "a SEARCH MODSEQ 1", "a STATUS x (HIGHESTMODSEQ)"})
    EXPECT_FALSE(parse_command(std::string(line) + "\r\n", nullptr, {}, dialect)) << line;
  EXPECT_FALSE(parse_command("a SELECT x (QRESYNC (1 2))\r\n", nullptr, {}, dialect_without(Extension::qresync)));
}

}  // namespace
}  // namespace glasspost::imap
