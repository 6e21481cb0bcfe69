#include "protocol/imap/command.h"

#include "grammar.h"

namespace glasspost::imap {
namespace {

using What = Section::What;

// Every command that stands in the examples of RFC 3501 section 6 and 8, RFC 2177, 2342, 2971, 3691, 4315, 4959, 6851
// and 7888.
const std::string_view rfc_commands[] = {
    "abcd CAPABILITY", "efgh STARTTLS", "ijkl CAPABILITY", "a002 NOOP", "A023 LOGOUT", "a001 CAPABILITY", "a002 STARTTLS",
    "a003 CAPABILITY", "a004 LOGIN joe password", "A001 AUTHENTICATE GSSAPI", "a001 LOGIN SMITH SESAME",
    "A142 SELECT INBOX", "A932 EXAMINE blurdybloop", "A003 CREATE owatagusiam/", "A004 CREATE owatagusiam/blurdybloop",
    "A682 LIST \"\" *", "A683 DELETE blurdybloop", "A684 DELETE foo", "A685 DELETE foo/bar", "A687 DELETE foo.bar",
    "A683 RENAME blurdybloop sarasoop", "A684 RENAME foo zowie", "Z433 RENAME INBOX old-mail", "Z434 LIST \"\" *",
    "A002 SUBSCRIBE #news.comp.mail.mime", "A002 UNSUBSCRIBE #news.comp.mail.mime", "A101 LIST \"\" \"\"",
    "A102 LIST #news.comp.mail.misc \"\"", "A103 LIST /usr/staff/jones \"\"", "A202 LIST ~/Mail/ %",
    "A002 LSUB \"#news.\" \"comp.mail.*\"", "A003 LSUB \"#news.\" \"comp.%\"",
    "A042 STATUS blurdybloop (UIDNEXT MESSAGES)",
    "A003 APPEND saved-messages (\\Seen) {310}\r\n"
    "Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\r\n"
    "From: Fred Foobar <foobar@Blurdybloop.COM>\r\n"
    "Subject: afternoon meeting\r\n"
    "To: mooch@owatagu.siam.edu\r\n"
    "Message-Id: <B27397-0100000@Blurdybloop.COM>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n"
    "\r\n"
    "Hello Joe, do you think we can meet at 3:30 tomorrow?\r\n",
    "FXXZ CHECK", "A341 CLOSE", "A202 EXPUNGE", "A282 SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"",
    "A283 SEARCH TEXT \"string not in mailbox\"", "A284 SEARCH CHARSET UTF-8 TEXT {6}\r\nXXXXXX",
    "A654 FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])", "A003 STORE 2:4 +FLAGS (\\Deleted)", "A003 COPY 2:4 MEETING",
    "A999 UID FETCH 4827313:4828442 FLAGS", "a003 fetch 12 full", "a004 fetch 12 body[header]",
    "a005 store 12 +flags \\deleted", "a006 logout",
    "A002 IDLE",                                                                      // RFC 2177
    "A001 NAMESPACE", "A003 NAMESPACE",                                               // RFC 2342
    "a023 ID (\"name\" \"sodr\" \"version\" \"19.34\" \"vendor\" \"Pink Floyd Music Limited\")", "a042 ID NIL",  // RFC 2971
    "A202 UNSELECT",                                                                  // RFC 3691
    "A003 UID EXPUNGE 3000:3002", "A003 COPY 2:4 MEETING", "A004 COPY 2:4 MEETING",   // RFC 4315
    "C01 AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q=", "c01 AUTHENTICATE EXTERNAL =",     // RFC 4959
    "a UID MOVE 42:69 foo", "a MOVE 1:4 foo",                                         // RFC 6851
    "A001 LOGIN {11+}\r\nFRED FOOBAR {7+}\r\nfat man",                                // RFC 7888
    "A001 LOGIN {11}\r\nFRED FOOBAR {7}\r\nfat man",                                  // RFC 3501 section 6.2.3's other form
};

TEST(ImapCommand, TakesTheExamplesOfTheRfcs) {
  for (const std::string_view line : rfc_commands) {
    const auto command = command_of(std::string(line) + "\r\n");
    EXPECT_TRUE(command) << line << ": at " << (command ? 0 : command.error().offset) << " wanted "
                         << (command ? "" : command.error().expected);
    if (!command) continue;
    EXPECT_EQ(command->tag, line.substr(0, line.find(' ')));
    // What we would write for it is the same command again.
    for (const LiteralForm form : {LiteralForm::synchronising, LiteralForm::plus, LiteralForm::minus}) {
      const std::string again = write_command(*command, form);
      const auto reread = command_of(again);
      ASSERT_TRUE(reread) << again;
      EXPECT_EQ(write_command(*reread, form), again);
    }
  }
}

TEST(ImapCommand, EveryBeginningOfACommandIsRefusedOrWhole) {
  for (const std::string_view line : rfc_commands)
    for (std::size_t size = 0; size < line.size(); ++size) static_cast<void>(command_of(line.substr(0, size)));
}

TEST(ImapCommand, NothingMayFollow) {
  for (const std::string_view line : rfc_commands)
    for (const std::string_view more : {" ", " x", ")", "\r\n", "\n"}) {
      if (more == " x" && (line.find("SEARCH") != line.npos || line.find("tore") != line.npos)) continue;
      const auto command = command_of(std::string(line) + std::string(more) + "\r\n");
      const bool grew = more == ")" || (more == " x" && command);  // "a006 logout)" has no such verb; atoms may grow
      if (command) {
        EXPECT_TRUE(grew) << line << more;
      }
    }
}

TEST(ImapCommand, Login) {
  EXPECT_EQ(body_of<Login>("a1 LOGIN \"fr\\\"ed\" \"p\\\\w d\"").user, "fr\"ed");
  EXPECT_EQ(body_of<Login>("a1 LOGIN \"fr\\\"ed\" \"p\\\\w d\"").password, "p\\w d");
  EXPECT_EQ(body_of<Login>("a1 login {4}\r\nfred {9}\r\na b\r\nc\"{3").password, "a b\r\nc\"{3");
  EXPECT_EQ(body_of<Login>("a1 LOGIN NIL nil").user, "NIL");  // an astring is never NIL
  EXPECT_EQ(body_of<Login>("a1 LOGIN \"\" \"\"").password, "");
}

TEST(ImapCommand, PasswordsAreNeverShownHoweverTheyAreSaid) {
  const std::string_view lines[] = {
      "a1 LOGIN fred swordfish", "a1 LOGIN fred \"swordfish\"", "a1 LOGIN fred {9}\r\nswordfish",
      "a1 LOGIN fred {9+}\r\nswordfish", "a1 LOGIN {4}\r\nfred {9}\r\nswordfish",
      "a1 login fred swordfish extra", "a1 LOGIN fred \"swordfish", "a1 LOGIN fred  swordfish", "a1 LOGIN (fred swordfish",
      "a1 LOGIN fred {9}\r\nswordfis", "a1 LOGIN fred {99}\r\nswordfish", "a1 LOGIN fred (swordfish)", "LOGIN fred swordfish",
      "a1 LOGIN fred\tswordfish", "a1 LOGIN \xff swordfish", "a1 LOGINS fred swordfish", "a1 UID LOGIN fred swordfish",
      "a1 AUTHENTICATE PLAIN swordfish", "a1 AUTHENTICATE PLAIN swordfish!", "a1 AUTHENTICATE PLAIN x swordfish",
      "AUTHENTICATE PLAIN swordfish", "a1 AUTH PLAIN swordfish", "a1  LOGIN fred swordfish",
  };
  for (const std::string_view line : lines) {
    std::string shown;
    static_cast<void>(command_of(std::string(line) + "\r\n", &shown));
    EXPECT_EQ(shown.find("swordfis"), shown.npos) << shown;
  }
}

TEST(ImapCommand, MailboxNamesAreDecodedAndInboxIsOne) {
  EXPECT_EQ(body_of<Select>("a1 SELECT inBOX").mailbox, "INBOX");
  EXPECT_EQ(body_of<Select>("a1 SELECT \"inbox\"").mailbox, "INBOX");
  EXPECT_EQ(body_of<Select>("a1 SELECT Entw&APw-rfe").mailbox, "Entwürfe");
  EXPECT_EQ(body_of<Select>("a1 SELECT {8}\r\nA&-B {1}").mailbox, "A&B {1}");
  EXPECT_EQ(body_of<Create>("a1 CREATE \"a \\\"b\\\" \\\\c\"").mailbox, "a \"b\" \\c");
  EXPECT_TRUE(body_of<Select>("a1 EXAMINE x").read_only);
  EXPECT_EQ(error_of("a1 SELECT Entw&APw").expected, "\"-\"");
  EXPECT_EQ(error_of("a1 SELECT \"Entw\xc3\xbcrfe\"").fault, Fault::bad_octet);
  EXPECT_EQ(error_of("a1 CREATE {5}\r\na\r\nbc").fault, Fault::bad_octet);  // a line end inside a name
  EXPECT_EQ(error_of("a1 SELECT {3}\r\na\0b"), error_of("a1 SELECT {3}\r\na"));
}

TEST(ImapCommand, ListPatterns) {
  EXPECT_EQ(body_of<List>("a1 LIST \"\" %*]").patterns.front(), "%*]");
  EXPECT_EQ(body_of<List>("a1 LIST \"\" \"*\"").patterns.front(), "*");
  EXPECT_EQ(body_of<List>("a1 LIST \"\" \"Entw&APw-*\"").patterns.front(), "Entwü*");
  EXPECT_TRUE(body_of<List>("a1 LSUB \"\" *").subscribed);
  EXPECT_EQ(error_of("a1 LIST \"\"").expected, "SP");
  EXPECT_EQ(error_of("a1 LIST * *").expected, "mailbox");
}

TEST(ImapCommand, FetchItems) {
  const auto fetch = body_of<Fetch>(
      "a1 FETCH 1,3:* (BODY.PEEK[1.2.MIME] body[header.fields.not (To \"X Y\")]<10.20> RFC822.SIZE RFC822 BODY BODYSTRUCTURE "
      "UID BODY[] BODY[1] BODY[3.HEADER] BODY.PEEK[TEXT]<0.1>)");
  ASSERT_EQ(fetch.items.size(), 11U);
  EXPECT_EQ(fetch.set.text(), "1,3:*");
  EXPECT_TRUE(fetch.items[0].peek);
  EXPECT_EQ(fetch.items[0].section, (Section{{1, 2}, What::mime, {}}));
  EXPECT_FALSE(fetch.items[0].sets_seen());
  EXPECT_EQ(fetch.items[1].section, (Section{{}, What::header_fields_not, {"To", "X Y"}}));
  EXPECT_EQ(fetch.items[1].partial, (Partial{10, 20}));
  EXPECT_TRUE(fetch.items[1].sets_seen());
  EXPECT_EQ(fetch.items[2].kind, FetchKind::rfc822_size);
  EXPECT_TRUE(fetch.items[3].sets_seen());
  EXPECT_EQ(fetch.items[4].kind, FetchKind::body);
  EXPECT_EQ(fetch.items[7].section, Section{});
  EXPECT_EQ(fetch.items[8].section, (Section{{1}, What::everything, {}}));
  EXPECT_EQ(fetch.items[9].section, (Section{{3}, What::header, {}}));
  EXPECT_EQ(body_of<Fetch>("a1 UID FETCH 1 ALL").items.size(), 4U);
  EXPECT_EQ(body_of<Fetch>("a1 FETCH 1 fast").items.size(), 3U);
  EXPECT_EQ(body_of<Fetch>("a1 FETCH 1 FULL").items.size(), 5U);
  for (const std::string_view items : {"()", "(FLAGS", "(FLAGS )", "FLAGS UID", "BODY[", "BODY[]<0>", "BODY[]<0.0>", "BODY[]<1.2",
                                       "BODY[MIME]", "BODY[1.]", "BODY[0]", "BODY[1.0]", "BODY[HEADER.FIELDS]", "BODY[HEADER.FIELDS ()]",
                                       "BODY[X]", "BODY.PEEK", "BODYX", "(ALL)", "RFC822.PEEK", "BODY[]<-1.2>", "BODY[]<4294967296.1>"})
    EXPECT_FALSE(command_of("a1 FETCH 1 " + std::string(items) + "\r\n")) << items;
}

TEST(ImapCommand, StoreAndFlags) {
  const auto store = body_of<Store>("a1 UID STORE 5 -flags.silent (\\SEEN $Forwarded \\deleted)");
  EXPECT_TRUE(store.uid && store.silent);
  EXPECT_EQ(store.mode, StoreMode::remove);
  EXPECT_EQ(store.flags, (FlagList{"\\Seen", "$Forwarded", "\\Deleted"}));
  EXPECT_EQ(body_of<Store>("a1 STORE 5 FLAGS ()").flags, FlagList{});
  EXPECT_EQ(body_of<Store>("a1 STORE 5 FLAGS \\Seen x").flags, (FlagList{"\\Seen", "x"}));
  EXPECT_EQ(error_of("a1 STORE 5 +FLAGS (\\Recent)").fault, Fault::unsupported);
  EXPECT_EQ(error_of("a1 STORE 5 +FLAGS (\\Foo)").fault, Fault::unsupported);
  EXPECT_EQ(error_of("a1 STORE 5 *FLAGS (x)").expected, "store-att-flags");
  EXPECT_EQ(error_of("a1 STORE 5 FLAGS (\\*)").expected, "flag");
}

TEST(ImapCommand, Append) {
  const auto append =
      body_of<Append>("a1 APPEND x (\\Seen) \"17-Jul-1996 02:44:25 -0700\" {12}\r\nSubject: x\r\n");
  EXPECT_EQ(append.messages.front().text, "Subject: x\r\n");
  ASSERT_TRUE(append.messages.front().date);
  EXPECT_EQ(append.messages.front().date->zone_minutes, -420);
  EXPECT_EQ(body_of<Append>("a1 APPEND x {0}\r\n").messages.front().text, "");
  EXPECT_EQ(body_of<Append>("a1 APPEND x {10}\r\na\nb\rc\r\nd\xff\x01").messages.front().text, "a\nb\rc\r\nd\xff\x01");  // octets as they are
  EXPECT_EQ(error_of("a1 APPEND x \"hello\"").expected, "date-time");
  EXPECT_EQ(error_of("a1 APPEND x hello").expected, "literal");
  const std::string nul("a1 APPEND x {3}\r\na\0b\r\n", 23);
  EXPECT_EQ(parse_command(nul).error().fault, Fault::bad_octet);
}

TEST(ImapCommand, SearchIsATree) {
  const auto search = body_of<Search>("a1 UID SEARCH CHARSET utf-8 OR (SEEN 2:4) NOT HEADER Message-ID \"\" UID 5:* LARGER 10 ON \"1-Feb-1994\" KEYWORD $x");
  EXPECT_TRUE(search.uid);
  EXPECT_EQ(search.charset, "UTF-8");
  ASSERT_EQ(search.key.keys.size(), 5U);
  const SearchKey& either = search.key.keys[0];
  EXPECT_EQ(either.kind, SearchKind::or_);
  ASSERT_EQ(either.keys.size(), 2U);
  EXPECT_EQ(either.keys[0].kind, SearchKind::and_);
  EXPECT_EQ(either.keys[0].keys[1].kind, SearchKind::sequence);
  EXPECT_EQ(either.keys[1].keys[0].field, "Message-ID");
  EXPECT_EQ(search.key.keys[1].set.text(), "5:*");
  EXPECT_EQ(search.key.keys[2].number, 10U);
  EXPECT_EQ(day_text(search.key.keys[3].day), "1-Feb-1994");
  EXPECT_EQ(search.key.keys[4].text, "$x");
  for (const std::string_view keys : {"", "FOO", "NOT", "OR SEEN", "(SEEN", "()", "SEEN )", "FROM", "LARGER x", "SINCE yesterday", "CHARSET UTF-8",
                                      "HEADER x", "UID x", "0", "KEYWORD \\Seen"})
    EXPECT_FALSE(command_of("a1 SEARCH " + std::string(keys) + "\r\n")) << keys;
}

TEST(ImapCommand, NestingIsBounded) {
  for (const std::string_view opening : {"(", "NOT ", "OR SEEN "}) {
    std::string deep = "a1 SEARCH ", deeper = "a1 SEARCH ";
    for (int i = 0; i < 30; ++i) deep += opening;
    for (int i = 0; i < 10'000; ++i) deeper += opening;
    deep += "ALL";
    if (opening == "(") deep += std::string(30, ')');
    EXPECT_TRUE(command_of(deep)) << opening;
    EXPECT_EQ(error_of(deeper + "ALL").fault, Fault::too_many) << opening;
  }
  std::string path = "a1 FETCH 1 BODY[1";
  for (int i = 0; i < 10'000; ++i) path += ".1";
  EXPECT_EQ(error_of(path + "]").fault, Fault::too_many);
}

TEST(ImapCommand, MistakesSayWhereAndWhat) {
  const auto is = [](std::string_view line, Fault fault, std::uint32_t offset, std::string_view expected) {
    EXPECT_EQ(error_of(line), (Error{fault, offset, std::string(expected)})) << line;
  };
  is("", Fault::syntax, 0, "tag");
  is(" NOOP", Fault::syntax, 0, "tag");
  is("* NOOP", Fault::syntax, 0, "tag");
  is("a+ NOOP", Fault::syntax, 1, "SP");
  is("a1", Fault::syntax, 2, "SP");
  is("a1 ", Fault::syntax, 3, "command");
  is("a1  NOOP", Fault::syntax, 3, "command");
  is("a1 XYZZY", Fault::unknown_command, 3, "command");
  is("a1 UID NOOP", Fault::unknown_command, 7, "command");
  is("a1 UID", Fault::unknown_command, 3, "command");
  is("a1 DONE", Fault::unknown_command, 3, "command");
  is("a1 NOOP x", Fault::syntax, 7, "CRLF");
  is("a1 FETCH 0 FLAGS", Fault::number_range, 9, "nz-number");
  is("a1 STATUS x (FOO)", Fault::syntax, 13, "status-att");
  is("a1 STATUS x ()", Fault::syntax, 13, "status-att");
  is("a1 LOGIN {99999999999999999999}", Fault::number_range, 10, "number");
  is("a1 LOGIN {-1}", Fault::syntax, 10, "number");
  is("a1 ID (\"a\")", Fault::syntax, 10, "SP");
  is("a1 ID (NIL \"a\")", Fault::syntax, 7, "string");
}

TEST(ImapCommand, TokensTellWhatIsWhat) {
  const std::string text = "a1 UID FETCH 4:* (FLAGS BODY.PEEK[1.HEADER.FIELDS (TO)]<0.9>)\r\n";
  Tokens tokens;
  ASSERT_TRUE(parse_command(text, &tokens));
  EXPECT_EQ(roles_of(text, tokens.all()),
            "imap_tag:a1 imap_uid_prefix:UID imap_verb:FETCH imap_uid_set:4:* imap_paren:( imap_fetch_item:FLAGS "
            "imap_fetch_item:BODY.PEEK imap_paren:[ imap_section:1.HEADER.FIELDS imap_paren:( imap_section:TO imap_paren:) "
            "imap_paren:] imap_partial:<0.9> imap_paren:)");
  const std::string append = "a1 APPEND x {14}\r\nSubject: x\r\n\r\n\r\n";
  tokens.clear();
  ASSERT_TRUE(parse_command(append, &tokens));
  const std::string roles = roles_of(append, tokens.all());
  EXPECT_NE(roles.find("imap_literal_size:{14}"), roles.npos);
  EXPECT_NE(roles.find("content_header_name:Subject"), roles.npos);
}

}  // namespace
}  // namespace glasspost::imap
