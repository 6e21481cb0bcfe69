#include "sim/history.h"

#include <gtest/gtest.h>

namespace glasspost::sim {
namespace {

constexpr Instant start{std::chrono::hours{9}};

RecordId change(Trace& trace, Instant at, StoreChange what, HostId holder, std::uint32_t uid, std::uint32_t sequence,
                std::string_view flags = "") {
  StoreChanged record{what};
  record.holder = holder;
  record.user = trace.keep("bob");
  record.mailbox = trace.keep("INBOX");
  record.uid = uid;
  record.sequence = sequence;
  record.octets = 1043;
  record.flags = trace.keep(flags);
  record.subject = trace.keep("Hello, Bob");
  record.key = trace.keep("<1@example.com>");
  return trace.append({at, no_record, 0, record});
}

TEST(History, AMomentShowsWhatWasSoThenAndGoingBackShowsItAgain) {
  Trace trace;
  change(trace, start + 1s, StoreChange::added, 4, 7, 1);
  change(trace, start + 2s, StoreChange::flags, 4, 7, 1, "\\Seen");
  change(trace, start + 3s, StoreChange::added, 4, 8, 2);
  const RecordId gone = change(trace, start + 4s, StoreChange::expunged, 4, 7, 1);

  History history;
  history.fold(trace, start + 4s);
  ASSERT_EQ(history.holdings().size(), 1U);
  const Holding& inbox = history.holdings()[0];
  EXPECT_EQ(inbox.present(), 1U);
  EXPECT_TRUE(inbox.messages[0].gone);
  EXPECT_EQ(inbox.messages[0].changed, gone);
  EXPECT_EQ(inbox.messages[1].sequence, 1U) << "what stood behind it moves down";

  history.fold(trace, start + 1s);
  ASSERT_EQ(history.holdings().size(), 1U);
  EXPECT_EQ(history.holdings()[0].present(), 1U);
  EXPECT_EQ(history.holdings()[0].messages[0].flags, "");

  history.fold(trace, start + 2s);
  EXPECT_EQ(history.holdings()[0].messages[0].flags, "\\Seen");
  history.fold(trace, start);
  EXPECT_TRUE(history.holdings().empty());
}

TEST(History, ADevicesCopyWithoutUidsIsKnownByItsLetter) {
  Trace trace;
  change(trace, start, StoreChange::added, 6, 0, 1);
  change(trace, start + 1s, StoreChange::expunged, 6, 0, 1);
  History history;
  history.fold(trace, start + 1s);
  EXPECT_EQ(history.holding(6, "bob", "INBOX")->present(), 0U);
  EXPECT_EQ(history.holding(6, "alice", "INBOX"), nullptr);
}

TEST(History, AQueueKeepsTheLastReplyAndTheNextTry) {
  Trace trace;
  const auto queue = [&](Instant at, QueueChange what, std::string_view reply, Instant next = {}) {
    QueueChanged record{what};
    record.host = 2;
    record.letter = 1;
    record.next_try = next;
    record.recipient = trace.keep("bob@example.org");
    record.reply = trace.keep(reply);
    trace.append({at, no_record, 0, record});
  };
  queue(start, QueueChange::accepted, "");
  queue(start + 1s, QueueChange::deferred, "451 4.7.1 Try again later", start + 30min);
  queue(start + 30min, QueueChange::delivered, "250 2.0.0 Ok");
  History history;
  history.fold(trace, start + 2s);
  ASSERT_EQ(history.waiting_at(2), 1U);
  EXPECT_EQ(history.letters()[0].last_reply, "451 4.7.1 Try again later");
  EXPECT_EQ(history.letters()[0].next_try, start + 30min);
  history.fold(trace, start + 31min);
  EXPECT_EQ(history.waiting_at(2), 0U);
}

}  // namespace
}  // namespace glasspost::sim
