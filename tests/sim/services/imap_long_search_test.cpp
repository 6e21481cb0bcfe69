// A search over a large mailbox goes on in portions behind a real door, so that others have their turn in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace glasspost::sim
