#include "sim/store/search.h"

#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "protocol/imap/command.h"
#include "sim/store/store.h"

namespace glasspost::sim {
namespace {

constexpr Instant day(int d, Duration time = {}) { return std::chrono::sys_days{std::chrono::year{1994} / 2 / d} + time; }

struct Search : testing::Test {
  Search() {
    users.add("bob", "secret");
    inbox = store.account("bob", {})->find("INBOX");
    add("From: Fred Foobar <foobar@Blurdybloop.COM>\r\nSubject: afternoon meeting\r\nTo: mooch@owatagu.siam.edu\r\n"
        "Cc: carl@example.com\r\nBcc: hidden@example.com\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\r\n"
        "Message-Id: <B27397@x>\r\nX-Empty:\r\n\r\nHello Joe, do you think\r\nwe can meet at 3:30 tomorrow?\r\nпривет, ΣΟΦΊΑ\r\n",
        {"\\Seen"}, day(8));
    add("Subject: =?utf-8?q?Ma=C3=B1ana?= =?iso-8859-1?Q?_en_M=E1laga?=\r\nDate: Sat, 5 Feb 1994 01:00:00 +0200\r\n"
        "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "Un caf=E9 con le=\r\nche\r\n",
        {"\\Answered", "\\Flagged", "$Junk"}, day(5, 23h), 120);
    add("Subject: folded\r\n subject\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nfirst part\r\n--b\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
            base64_encode("<p>treasure ÑANDÚ</p>") + "\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nUNSEARCHED\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Subject: =?utf-8?b?ZW5jbG9zZWQ=?=\r\n\r\ninner words\r\n--b--\r\n",
        {"\\Deleted", "\\Draft"}, day(9));
    add("no header at all", {}, day(10));
    view = std::make_unique<View>(inbox, false);
    add_later();
  }
  void add(std::string text, std::vector<std::string> flags, Instant date, int zone = 0) {
    ASSERT_TRUE(inbox->add({make_content(std::move(text)), std::move(flags), date, zone}, {}));
  }
  // UID 5 is expunged elsewhere and stays in this session's view; UID 6 was seen by another session: not \Recent here.
  void add_later() {
    add("Subject: fifth\r\n\r\n" + std::string(3000, 'x'), {}, day(11));
    view->take_updates(true);
    const View other(inbox, false);
    add("Subject: sixth\r\n\r\n", {}, day(12));
    View(inbox, false);  // claims it
    view->take_updates(true);
    const Uid fifth[] = {5};
    inbox->expunge(fifth, {});
  }
  std::string found(const std::string& keys) {
    const auto command = imap::parse_command("a SEARCH " + keys + "\r\n");
    if (!command) return "does not parse: " + command.error().expected;
    std::string all;
    for (const auto number : search(*view, std::get<imap::Search>(command->body).key)) all += std::to_string(number);
    return all;
  }

  Users users;
  Trace trace;
  Store store{{}, users, trace};
  std::shared_ptr<Mailbox> inbox;
  std::unique_ptr<View> view;
};

TEST_F(Search, KnowsEveryKey) {
  const std::pair<const char*, const char*> table[] = {
      {"ALL", "123456"},
      {"ANSWERED", "2"},
      {"UNANSWERED", "13456"},
      {"DELETED", "3"},
      {"UNDELETED", "12456"},
      {"DRAFT", "3"},
      {"UNDRAFT", "12456"},
      {"FLAGGED", "2"},
      {"UNFLAGGED", "13456"},
      {"SEEN", "1"},
      {"UNSEEN", "23456"},
      {"KEYWORD $junk", "2"},
      {"KEYWORD nobodyhasit", ""},
      {"UNKEYWORD $Junk", "13456"},
      {"RECENT", "12345"},
      {"OLD", "6"},
      {"NEW", "2345"},
      {"LARGER 2999", "5"},
      {"SMALLER 17", "4"},
      {"SMALLER 16", ""},
      {"BEFORE 8-Feb-1994", "2"},
      {"ON 8-Feb-1994", "1"},
      {"SINCE 10-Feb-1994", "456"},
      {"SENTBEFORE 7-Feb-1994", "2"},
      {"SENTON 7-Feb-1994", "1"},
      {"SENTSINCE 5-Feb-1994", "12"},
      {"FROM foobar@blurdybloop", "1"},
      {"FROM \"fred FOOBAR\"", "1"},
      {"TO siam", "1"},
      {"CC Carl", "1"},
      {"BCC hidden", "1"},
      {"SUBJECT meeting", "1"},
      {"SUBJECT \"folded subject\"", "3"},
      {"HEADER Message-ID <b27397", "1"},
      {"HEADER X-Empty \"\"", "1"},
      {"HEADER X-Missing \"\"", ""},
      {"BODY tomorrow", "1"},
      {"BODY afternoon", ""},
      {"TEXT afternoon", "1"},
      {"TEXT \"no header at all\"", "4"},
      {"2:3", "23"},
      {"4,*", "46"},
      {"UID 5:6", "56"},
      {"NOT 2:*", "1"},
      {"OR SEEN FLAGGED", "12"},
      {"OR (SEEN FLAGGED) NOT (OR SEEN UNSEEN)", ""},
      {"FLAGGED SEEN", ""},
      {"NOT SENTON 7-Feb-1994", "23456"},
      {"(1:3 (UNDELETED)) NOT 2", "1"},
  };
  for (const auto& [keys, numbers] : table) EXPECT_EQ(found(keys), numbers) << keys;
}

TEST_F(Search, ReadsEncodedWordsAndBodies) {
  const std::pair<const char*, const char*> table[] = {
      {"CHARSET UTF-8 SUBJECT {18}\r\nma\xc3\xb1" "ana en m\xc3\xa1laga", "2"},
      {"CHARSET UTF-8 TEXT {7}\r\nMA\xc3\x91" "ANA", "2"},
      {"CHARSET UTF-8 BODY {15}\r\nCAF\xc3\x89 con leche", "2"},
      {"BODY treasure", "3"},
      {"CHARSET UTF-8 BODY {7}\r\n\xc3\xb1" "and\xc3\xba", "3"},
      {"BODY \"first part\"", "3"},
      {"CHARSET UTF-8 BODY {12}\r\nПРИВЕТ", "1"},
      {"CHARSET UTF-8 BODY {10}\r\nσοφΙα", ""},
      {"CHARSET UTF-8 BODY {10}\r\nσοφία", "1"},
      {"CHARSET UTF-8 BODY {7}\r\nSTRASSE", ""},
      {"BODY cafe", "2"},  // "É" is "E" and a mark: RFC 5051
      {"BODY enclosed", ""},  // a field of the letter inside: RFC 9051 section 6.4.4
      {"TEXT enclosed", "3"},
      {"BODY \"inner words\"", "3"},
      {"BODY unsearched", ""},
      {"TEXT =?utf-8", ""},
  };
  for (const auto& [keys, numbers] : table) EXPECT_EQ(found(keys), numbers) << keys;
}

// RFC 3501 section 6.4.4: "disregarding time and timezone". 5 February at 23:00 UTC was written as the 6th, +0200.
TEST_F(Search, TakesDaysAsTheyWereWritten) {
  EXPECT_EQ(found("ON 6-Feb-1994"), "2");
  EXPECT_EQ(found("ON 5-Feb-1994"), "");
  EXPECT_EQ(found("SENTON 5-Feb-1994"), "2") << "4 February in UTC";
}

}  // namespace
}  // namespace glasspost::sim
