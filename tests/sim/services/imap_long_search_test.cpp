// A search over a large mailbox, and the reading of a large message's structure, go on in portions behind a real door, so that
// others have their turn in between.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/base/text.h"
#include "sim/services/imap.h"

namespace glasspost::sim {
namespace {

constexpr Instant nine{std::chrono::hours{9}};

class LongSearch : public ::testing::Test {
 protected:
  LongSearch() : store_({}, users_, trace_), service_({.allow_plaintext_login = true}, store_, trace_) {
    users_.add("bob", "secret");
    const ContentPtr letter = make_content("Subject: x\r\n\r\n" + std::string(1'000'000, 'x') + "needle\r\n");
    for (int i = 0; i < 12; ++i) EXPECT_TRUE(store_.deliver("bob@example.test", letter, Act{nine, no_record, 0}));
  }
  std::unique_ptr<Peer> inside(bool real) {
    Admission admission;
    admission.connection = trace_.next_connection();
    admission.now = nine;
    admission.client_is_ours = !real;
    auto peer = service_.accept(std::move(admission));
    say(*peer, "a LOGIN bob secret\r\nb SELECT INBOX\r\n");
    return peer;
  }
  static std::string say(Peer& peer, std::string_view text) {
    peer.receive(text, nine, no_record);
    std::string all;
    for (std::string said; !(said = peer.take_output(nine)).empty();) all += said;
    return all;
  }

  Users users_{"example.test"};
  Trace trace_;
  Store store_;
  ImapService service_;
};

TEST_F(LongSearch, GoesOnWhenItsTurnComesAgain) {
  const auto peer = inside(true);
  std::string said = say(*peer, "c UID SEARCH TEXT needle\r\nd NOOP\r\n");
  EXPECT_EQ(said, "") << "all of it was looked through at once";
  int turns = 0;
  for (; said.empty() && turns < 100; ++turns) {
    ASSERT_EQ(peer->deadline(), nine) << "nothing would wake it";
    peer->on_deadline(nine);
    said = peer->take_output(nine);
  }
  EXPECT_GE(turns, 1);
  EXPECT_EQ(said, "* SEARCH 1 2 3 4 5 6 7 8 9 10 11 12\r\nc OK SEARCH completed\r\nd OK NOOP completed\r\n");
  EXPECT_GT(*peer->deadline(), nine);
}

TEST_F(LongSearch, WhoeverLeavesMeanwhileIsLetGo) {
  const auto peer = inside(true);
  EXPECT_EQ(say(*peer, "c SEARCH TEXT needle\r\n"), "");
  peer->receive_eof(nine);
  for (int i = 0; i < 100 && !peer->wants_close(); ++i) peer->on_deadline(nine), peer->take_output(nine);
  EXPECT_TRUE(peer->wants_close());
}

TEST_F(LongSearch, InASimulatedWorldItTakesNoTime) {
  const auto peer = inside(false);
  EXPECT_THAT(say(*peer, "c SEARCH 2:4 TEXT needle\r\n"), ::testing::StartsWith("* SEARCH 2 3 4\r\nc OK"));
}

// One very large message: what is looked for stands anywhere, also where two pieces meet, in any encoding.
class LongLetter : public LongSearch, public ::testing::WithParamInterface<std::string> {
 protected:
  static constexpr std::size_t size = 2'200'000, words = 8;
  static std::string word(std::size_t i) { return "\xc3\x91" "and\xc3\xba-" + std::to_string(i) + "-word"; }
  // A word every so often: whole pieces apart and a little less each time, so that some lie across an edge.
  static std::string text(std::string_view end_of_line) {
    std::string out;
    for (std::size_t i = 0; i < words; ++i) {
      out += word(i);
      while (out.size() < (i + 1) * (size / words) - i * 3) out += std::string(60, 'x') + std::string(end_of_line);
    }
    return out;
  }
  static std::string letter(const std::string& encoding) {
    std::string body, head = "Subject: a heading\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ";
    if (encoding == "base64") {
      const std::string all = base64_encode(text("\r\n"));
      for (std::size_t i = 0; i < all.size(); i += 75) body += all.substr(i, 75) + "\r\n";  // no multiple of four
    } else if (encoding == "quoted-printable") {
      for (const char c : text("=\r\n")) body += is_eight_bit(c) ? fmt::format("={:02X}", std::uint8_t(c)) : std::string(1, c);
    } else {
      body = text(encoding == "8bit" ? "\r\n" : "");  // binary: one line without end
    }
    return head + encoding + "\r\n\r\n" + body + "\r\n";
  }
  std::string found(Peer& peer, std::string_view keys) {
    std::string said = say(peer, fmt::format("s SEARCH CHARSET UTF-8 {}\r\n", keys));
    for (turns = 0; said.empty() && turns < 1000; ++turns) peer.on_deadline(nine), said = peer.take_output(nine);
    const auto end = said.find("\r\ns OK");
    return end == said.npos ? said : said.substr(0, end);
  }
  static std::string literal(std::string_view text) { return fmt::format("{{{}+}}\r\n{}", text.size(), text); }
  int turns = 0;
};

TEST_P(LongLetter, IsLookedThroughInPieces) {
  ASSERT_TRUE(store_.deliver("bob@example.test", make_content(letter(GetParam())), Act{nine, no_record, 0}));
  const auto peer = inside(true);
  for (std::size_t i = 0; i < words; ++i) {
    EXPECT_EQ(found(*peer, "13 BODY " + literal(word(i))), "* SEARCH 13") << i;
    EXPECT_GE(turns, 1);
  }
  EXPECT_EQ(found(*peer, "13 TEXT " + literal("\xc3\xb1" "AND\xc3\x9a-7-")), "* SEARCH 13");
  EXPECT_EQ(found(*peer, "13 TEXT \"a Heading\""), "* SEARCH 13");
  EXPECT_EQ(found(*peer, "13 BODY \"a Heading\""), "* SEARCH");
  EXPECT_EQ(found(*peer, "13 TEXT nowhere"), "* SEARCH");
  EXPECT_EQ(found(*peer, "13 NOT TEXT nowhere"), "* SEARCH 13");
  EXPECT_EQ(found(*peer, "13 OR TEXT nowhere BODY " + literal(word(1))), "* SEARCH 13");
  EXPECT_EQ(found(*peer, "12:13 BODY " + literal(word(2)) + " TEXT heading"), "* SEARCH 13");
  EXPECT_EQ(found(*peer, "13 SEEN TEXT heading"), "* SEARCH");
  EXPECT_LE(turns, 1) << "its flags say no already";
}
INSTANTIATE_TEST_SUITE_P(Encodings, LongLetter, ::testing::Values("8bit", "binary", "base64", "quoted-printable"),
                         [](const auto& one) { return one.param.substr(0, one.param.find('-')); });

// A message of 20 MB in parts: before anything can be said of it, or looked for in it, its structure has to be read.
class LargeStructure : public LongSearch {
 protected:
  LargeStructure() {
    std::string text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nneedle\r\n--b\r\n"
                       "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    while (text.size() < 20'000'000) text += "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24=\r\n";
    EXPECT_TRUE(store_.deliver("bob@example.test", make_content(text + "--b--\r\n"), Act{nine, no_record, 0}));
  }
  // In so many turns behind the first.
  std::string finish(Peer& peer) {
    std::string said;
    for (turns = 0; said.find(" OK ") == said.npos && turns < 1000; ++turns) {
      EXPECT_EQ(peer.deadline(), nine) << "nothing would wake it";
      peer.on_deadline(nine);
      said += peer.take_output(nine);
    }
    return said;
  }
  int turns = 0;
};

TEST_F(LargeStructure, IsReadInPortionsForFetch) {
  const auto peer = inside(true), other = inside(true);
  EXPECT_EQ(say(*peer, "c FETCH 13 (FLAGS BODYSTRUCTURE)\r\n"), "* 13 FETCH (FLAGS (\\Recent)");
  EXPECT_EQ(say(*other, "c NOOP\r\n"), "c OK NOOP completed\r\n");
  EXPECT_THAT(finish(*peer), ::testing::StartsWith(" BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 6 0 NIL NIL NIL NIL)(\"image\" \"png\""));
  EXPECT_GE(turns, 1);
  EXPECT_GT(*peer->deadline(), nine);
  EXPECT_THAT(say(*other, "d FETCH 13 BODYSTRUCTURE\r\n"), ::testing::EndsWith("d OK FETCH completed\r\n")) << "it was read already";
}

TEST_F(LargeStructure, IsReadOnceForAllWhoAsk) {
  const auto peer = inside(true), other = inside(true);
  EXPECT_EQ(say(*peer, "c FETCH 13 BODY.PEEK[1]\r\n"), "* 13 FETCH (");
  EXPECT_EQ(say(*other, "c FETCH 13 BODY.PEEK[1]\r\n"), "* 13 FETCH (BODY[1] {6}\r\nneedle)\r\nc OK FETCH completed\r\n") << "most was read before";
  EXPECT_EQ(finish(*peer), "BODY[1] {6}\r\nneedle)\r\nc OK FETCH completed\r\n");
  EXPECT_EQ(turns, 1);
}

TEST_F(LargeStructure, IsReadInPortionsForSearch) {
  const auto peer = inside(true);
  EXPECT_EQ(say(*peer, "c SEARCH 13 BODY needle\r\n"), "");
  EXPECT_EQ(finish(*peer), "* SEARCH 13\r\nc OK SEARCH completed\r\n");
  EXPECT_GE(turns, 2);  // the picture is not looked through
}

TEST_F(LargeStructure, WhoeverLeavesMeanwhileIsLetGo) {
  const auto peer = inside(true);
  say(*peer, "c FETCH 13 BODYSTRUCTURE\r\n");
  peer->receive_eof(nine);
  for (int i = 0; i < 100 && !peer->wants_close(); ++i) peer->on_deadline(nine), peer->take_output(nine);
  EXPECT_TRUE(peer->wants_close());
  EXPECT_NE(peer->deadline(), nine);
}

TEST_F(LargeStructure, InASimulatedWorldItTakesNoTime) {
  const auto peer = inside(false);
  EXPECT_THAT(say(*peer, "c FETCH 13 BODYSTRUCTURE\r\n"), ::testing::EndsWith("c OK FETCH completed\r\n"));
}

}  // namespace
}  // namespace glasspost::sim
