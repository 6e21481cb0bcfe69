#include "protocol/imap/response.h"

#include "grammar.h"
#include "protocol/imap/encode_structure.h"

namespace glasspost::imap {
namespace {

// Every response that stands in the examples of RFC 3501 sections 6 to 8, RFC 2177, 2342, 2971, 4315, 6851.
const std::string_view rfc_responses[] = {
    "* CAPABILITY IMAP4rev1 STARTTLS AUTH=GSSAPI LOGINDISABLED", "abcd OK CAPABILITY completed",
    "* 22 EXPUNGE", "* 23 EXISTS", "* 3 RECENT", "* 14 FETCH (FLAGS (\\Seen \\Deleted))", "a002 OK NOOP completed",
    "* BYE IMAP4 Server logging out", "* OK IMAP4rev1 Server", "+ YGgGCSqGSIb3EgECAgIAb1kwV6ADAgEFoQMCAQ+iSzBJoAMC", "+",
    "* 172 EXISTS", "* 1 RECENT", "* OK [UNSEEN 12] Message 12 is first unseen", "* OK [UIDVALIDITY 3857529045] UIDs valid",
    "* OK [UIDNEXT 4392] Predicted next UID", "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
    "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited", "A142 OK [READ-WRITE] SELECT completed",
    "* OK [PERMANENTFLAGS ()] No permanent flags permitted", "A932 OK [READ-ONLY] EXAMINE completed",
    "* LIST () \"/\" blurdybloop", "* LIST (\\Noselect) \"/\" foo", "* LIST () \"/\" foo/bar", "* LIST (\\Noselect) \"/\" \"\"",
    "* LIST (\\Noselect) \".\" #news.", "* LIST (\\Noselect) \"/\" ~/Mail/foo", "* LSUB () \".\" #news.comp.mail.mime",
    "* LSUB (\\NoSelect) \".\" #news.comp", "* LIST () NIL INBOX", "A684 NO Name \"foo\" has inferior hierarchical names",
    "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)", "+ Ready for literal data", "A003 OK APPEND completed",
    "* SEARCH 2 84 882", "* SEARCH", "A284 NO [BADCHARSET (US-ASCII \"UTF 8\")] no", "* SEARCH 43",
    "* 2 FETCH (BODY[HEADER.FIELDS (DATE FROM)] {4}\r\nX:y\n FLAGS (\\Seen))",
    "* 23 FETCH (FLAGS (\\Seen) UID 4827313)", "* OK [ALERT] System shutdown in 10 minutes", "A222 NO COPY failed: disk is full",
    "* NO Disk is 98% full, please delete unnecessary data", "* BAD Command line too long", "* BAD Empty command line",
    "A443 BAD Unknown command", "* PREAUTH IMAP4rev1 server logged in as Smith", "* BYE Autologout; idle for too long",
    "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827)", "* OK [PARSE] x", "A1 NO [TRYCREATE] x",
    "* 12 FETCH (FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 ENVELOPE (\"Wed, 17 Jul 1996 "
    "02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\" ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
    "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((NIL NIL "
    "\"imap\" \"cac.washington.edu\")) ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" "
    "\"MIT.EDU\")) NIL NIL \"<B27397-0100000@cac.washington.edu>\") BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL "
    "\"7BIT\" 3028 92))",
    "* 12 FETCH (BODY (((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1152 23)(\"TEXT\" \"PLAIN\" (\"CHARSET\" "
    "\"US-ASCII\" \"NAME\" \"cc.diff\") \"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" \"BASE64\" 4554 73) "
    "\"MIXED\") \"DIGEST\"))",
    "* 4 EXISTS",                                                                              // RFC 2177
    "+ idling",
    "* NAMESPACE ((\"\" \"/\")) NIL NIL", "* NAMESPACE NIL NIL ((\"\" \".\"))",               // RFC 2342
    "* NAMESPACE ((\"\" \"/\")) NIL ((\"Public Folders/\" \"/\"))",
    "* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" \"/\")(\"#public/\" \"/\")(\"#ftp/\" \"/\")(\"#news.\" \".\"))",
    "* NAMESPACE ((\"\" \"/\" \"X-PARAM\" (\"FLAG1\" \"FLAG2\"))) ((\"Other Users/\" \"/\")) NIL",
    "* ID NIL", "* ID (\"name\" \"Cyrus\" \"version\" \"1.5\" \"os\" \"sunos\" \"support-url\" NIL)",  // RFC 2971
    "A003 OK [APPENDUID 38505 3955] APPEND completed",                                         // RFC 4315
    "A003 OK [COPYUID 38505 304,319:320 3956:3958] Done", "* NO [UIDNOTSTICKY] Non-persistent UIDs",
    "* OK [COPYUID 432432 42:69 1202:1229]", "A4 OK", "* ENABLED CONDSTORE", "* VANISHED (EARLIER) 1:3",
    "* 5 FETCH (MODSEQ (624140003) X-GM-LABELS (\"\\\\Inbox\" NIL (a)))",
};

TEST(ImapResponse, TakesTheExamplesOfTheRfcs) {
  for (const std::string_view line : rfc_responses) {
    const std::string text = std::string(line) + "\r\n";
    Tokens tokens;
    const auto response = parse_response(text, &tokens);
    EXPECT_TRUE(response) << line << ": at " << (response ? 0 : response.error().offset) << " wanted "
                          << (response ? "" : response.error().expected);
    EXPECT_TRUE(tiles(text, tokens.all())) << line;
    for (const Token& token : tokens.all()) EXPECT_NE(token.role, Role::plain) << line << ": " << token.span.of(text);
  }
}

TEST(ImapResponse, EveryBeginningIsRefusedOrWhole) {
  for (const std::string_view line : rfc_responses)
    for (std::size_t size = 0; size < line.size(); ++size) {
      Tokens tokens;
      static_cast<void>(parse_response(line.substr(0, size), &tokens));
      EXPECT_TRUE(tiles(line.substr(0, size), tokens.all()));
    }
}

TEST(ImapResponse, Conditions) {
  const auto unseen = data_of<ConditionData>("* OK [UNSEEN 12] Message 12 is first unseen");
  EXPECT_EQ(unseen.code, Code::unseen(12));
  EXPECT_EQ(number_of(unseen.code), 12U);
  EXPECT_EQ(unseen.text, "Message 12 is first unseen");
  const auto permanent = data_of<ConditionData>("* OK [PERMANENTFLAGS (\\Deleted \\*)] x");
  EXPECT_EQ(words_of(permanent.code), (std::vector<std::string>{"\\Deleted", "\\*"}));
  const auto copied = copied_uids_of(data_of<ConditionData>("a OK [COPYUID 38505 304,319:320 3956:3958] x").code);
  ASSERT_TRUE(copied);
  EXPECT_EQ(copied->validity, 38505U);
  EXPECT_EQ(copied->from.text(), "304,319:320");
  EXPECT_EQ(copied->to.text(), "3956:3958");
  EXPECT_EQ(copied_uids_of(data_of<ConditionData>("a OK [APPENDUID 38505 3955] x").code)->to.text(), "3955");
  EXPECT_FALSE(copied_uids_of(data_of<ConditionData>("a OK [COPYUID 1 2] x").code));
}

TEST(ImapResponse, Lists) {
  const auto list = data_of<ListData>("* LIST (\\HasNoChildren \\Marked) \"\\\\\" \"a \\\"b\\\" &AOk-\"");
  EXPECT_EQ(list.delimiter, '\\');
  EXPECT_EQ(list.mailbox, "a \"b\" é");
  EXPECT_EQ(list.attributes.size(), 2U);
  EXPECT_EQ(data_of<ListData>("* LIST () NIL {7}\r\na{1}\xc3\xa9!").mailbox, "a{1}é!");
  EXPECT_EQ(data_of<StatusData>("* STATUS x (MESSAGES 1 X-FOO 99999999999)").values.size(), 1U);
}

TEST(ImapResponse, RefusesWhatIsWrong) {
  for (const std::string_view line :
       {"", "*", "* ", "* 0 FETCH (UID 1)", "* 1 FETCH", "* 1 FETCH ()", "* 1 FETCH (UID 0)", "* 4294967296 EXISTS", "* LIST (\\x) \"/\"", "* LIST () \"ab\" x", "* SEARCH 0", "* SEARCH x", "a1 BYE x", "a1 PREAUTH x", "a1 FOO x", "* OK [UNSEEN 12 x",
        "* FLAGS x", "* 1 FETCH (BODY[] {3}\r\nab", "* 1 FETCH (BODY[] {99999999999999999999}\r\nab)", "* 1 FETCH (BODY[] {-1}\r\nab)",
        "* 1 FETCH (ENVELOPE (NIL))", "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\"))", "* STATUS x (UIDVALIDITY 4294967296)"})
    EXPECT_FALSE(parse_response(std::string(line) + "\r\n")) << line;
}

TEST(ImapResponse, NumbersThatCannotBeAreNotBelieved) {
  for (const std::string_view number : {"0", "4294967296", "-1", "", "x"})
    for (const std::string_view code : {"UIDNEXT", "UIDVALIDITY", "UNSEEN"})
      EXPECT_FALSE(number_of(Code{std::string(code), std::string(number)})) << code << number;
  EXPECT_EQ(number_of(Code{"UIDVALIDITY", "4294967295"}), 4294967295U);
}

TEST(ImapResponse, NestingIsBounded) {
  for (const std::string_view what : {"BODY ", "BODYSTRUCTURE ", "X-OTHER "}) {
    const std::string deep = "* 1 FETCH (" + std::string(what) + std::string(100'000, '(');
    const auto response = parse_response(deep);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().fault, Fault::too_many);
  }
}

TEST(ImapResponse, SectionsComeAsTheyAre) {
  const std::string body = "Subject: x\r\n\r\nHello) {3}\r\n";
  const auto fetch = data_of<FetchData>("* 9 FETCH (UID 77 BODY[]<0> {" + std::to_string(body.size()) + "}\r\n" + body +
                                        " BODY[2] NIL RFC822.TEXT \"\" FLAGS (\\Recent x))");
  EXPECT_EQ(fetch.uid, 77U);
  ASSERT_EQ(fetch.sections.size(), 3U);
  EXPECT_EQ(fetch.sections[0].octets, body);
  EXPECT_EQ(fetch.sections[0].origin, 0U);
  EXPECT_EQ(fetch.sections[1].octets, std::nullopt);
  EXPECT_EQ(fetch.sections[2].octets, "");
  EXPECT_EQ(fetch.flags, (FlagList{"\\Recent", "x"}));
}

TEST(ImapEncode, StringsAreQuotedOrSentAsLiterals) {
  const auto string = [](std::string_view value) {
    std::string out;
    write_string(out, value);
    return out;
  };
  EXPECT_EQ(string(""), "\"\"");
  EXPECT_EQ(string("a \"b\" \\"), "\"a \\\"b\\\" \\\\\"");
  EXPECT_EQ(string("a\r\nb"), "{4}\r\na\r\nb");
  EXPECT_EQ(string("é"), "{2}\r\né");
  EXPECT_EQ(string(std::string(2000, 'x')).substr(0, 8), "{2000}\r\n");
  std::string out;
  write_astring(out, "a b");
  write_astring(out, "ab]");
  write_astring(out, "NIL");
  write_astring(out, "");
  write_nstring(out, std::nullopt);
  write_mailbox(out, "Entwürfe");
  EXPECT_EQ(out, "\"a b\"ab]\"NIL\"\"\"NILEntw&APw-rfe");
}

TEST(ImapEncode, WordsCannotBreakALine) {
  std::string out;
  ResponseWriter(out).condition(Condition::no, {}, "a\r\n* BYE x\xc3\xa9");
  EXPECT_EQ(out, "* NO a??* BYE x??\r\n");
}

TEST(ImapEncode, ResponsesAreReadBackAsTheyWereMeant) {
  std::string out;
  ResponseWriter writer(out);
  writer.list({.attributes = {"\\HasChildren"}, .delimiter = '/', .mailbox = "a \"b\" {3}/é"});
  auto list = data_of<ListData>(std::string_view(out).substr(0, out.size() - 2));
  EXPECT_EQ(list.mailbox, "a \"b\" {3}/é");
  EXPECT_EQ(list.delimiter, '/');
  out.clear();
  const StatusValue values[] = {{StatusItem::uid_next, 4294967295U}, {StatusItem::unseen, 0}};
  writer.status("INBOX", values);
  EXPECT_EQ(out, "* STATUS INBOX (UIDNEXT 4294967295 UNSEEN 0)\r\n");
  out.clear();
  writer.search({});
  EXPECT_EQ(out, "* SEARCH\r\n");
  out.clear();
  writer.name_spaces(std::vector<NamespaceEntry>{{"", '/'}}, {}, {});
  EXPECT_EQ(out, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
  EXPECT_EQ(data_of<NamespaceData>(std::string_view(out).substr(0, out.size() - 2)).personal.size(), 1U);
  out.clear();
  writer.fetch(5)
      .uid(9)
      .flags(FlagList{"\\Seen"})
      .internal_date(*parse_date_time("17-Jul-1996 02:44:25 -0700"))
      .size(42)
      .octets({FetchKind::section, true, {{1}, Section::What::text, {}}, Partial{3, 9}}, "a\r\nb")
      .octets({FetchKind::rfc822_header, false, {}, {}}, std::nullopt)
      .end();
  EXPECT_EQ(out,
            "* 5 FETCH (UID 9 FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 42 BODY[1.TEXT]<3> "
            "{4}\r\na\r\nb RFC822.HEADER NIL)\r\n");
  const auto fetch = data_of<FetchData>(std::string_view(out).substr(0, out.size() - 2));
  EXPECT_EQ(fetch.sections[0].octets, "a\r\nb");
  EXPECT_EQ(fetch.sections[0].origin, 3U);
}

// Reads a structure and writes it again: what comes out is what went in.
void expect_structure(std::string_view text, bool extended) {
  const std::string item = extended ? "BODYSTRUCTURE " : "BODY ";
  const auto fetch = data_of<FetchData>("* 1 FETCH (" + item + std::string(text) + ")");
  const auto& part = extended ? fetch.body_structure : fetch.body;
  ASSERT_TRUE(part);
  std::string out;
  write_structure(out, *part, extended);
  EXPECT_EQ(out, text);
}

TEST(ImapEncode, StructuresGoBothWays) {
  expect_structure("(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92)", false);
  expect_structure(
      "(((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1152 23)(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" "
      "\"cc.diff\") \"<9@c>\" \"Compiler diff\" \"BASE64\" 4554 73) \"MIXED\") \"DIGEST\")",
      false);
  const std::string envelope = "(NIL \"s\" ((NIL NIL \"group\" NIL)(\"A\" \"@r\" \"a\" \"h\")(NIL NIL NIL NIL)) NIL NIL NIL NIL NIL NIL \"<i>\")";
  const std::string text = "(\"TEXT\" \"HTML\" NIL NIL NIL \"8BIT\" 0 0 \"md5\" (\"inline\" NIL) (\"en\" \"de\") \"loc\")";
  expect_structure("(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 99 " + envelope + " " + text + " 7 NIL NIL \"en\" NIL)", true);
  expect_structure("((\"IMAGE\" \"PNG\" (\"NAME\" \"a\\\"b\") NIL NIL \"BASE64\" 12 NIL (\"attachment\" (\"FILENAME\" {4}\r\n\xc3\xa9\r\n)) NIL NIL)" +
                       text + " \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL NIL)",
                   true);
}

TEST(ImapResponse, TokensTellWhatIsWhat) {
  const std::string text = "* 5 FETCH (UID 9 BODY[TEXT]<3> {4}\r\na\r\nb)\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_response(text, &tokens));
  EXPECT_EQ(roles_of(text, tokens.all()),
            "imap_untagged:* imap_sequence_number:5 imap_response:FETCH imap_paren:( imap_fetch_item:UID imap_uid:9 "
            "imap_fetch_item:BODY imap_paren:[ imap_section:TEXT imap_paren:] imap_partial:<3> imap_literal_size:{4} "
            "content_body:a content_body:b imap_paren:)");
  const std::string middle = "* 5 FETCH (BODY[]<3> {4}\r\na: b)\r\n";
  tokens.clear();
  ASSERT_TRUE(parse_response(middle, &tokens));
  EXPECT_NE(roles_of(middle, tokens.all()).find("content_body:a: b"), std::string::npos);
  const std::string code = "a1 OK [COPYUID 38505 304,319:320 3956:3958] Done\r\n";
  tokens.clear();
  ASSERT_TRUE(parse_response(code, &tokens));
  EXPECT_EQ(roles_of(code, tokens.all()),
            "imap_tag:a1 imap_status:OK imap_paren:[ imap_code:COPYUID imap_code_value:38505 imap_uid_set:304,319:320 "
            "imap_uid_set:3956:3958 imap_paren:] text:Done");
}

}  // namespace
}  // namespace glasspost::imap
