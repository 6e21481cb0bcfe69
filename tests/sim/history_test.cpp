#include "sim/history.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

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

// --- going back

std::string told(const History& history) {
  std::string out;
  for (const Holding& holding : history.holdings()) {
    out += fmt::format("{} {} {}.{} {}:", holding.holder, holding.mailbox, holding.uid_validity, holding.uid_next, holding.uids_ascend);
    for (const HeldMessage& m : holding.messages)
      out += fmt::format(" [{} {} ({}) {} {} {}-{} {}]", m.uid, m.sequence, m.flags, m.key, m.gone, m.added, m.changed, m.changed_at.time_since_epoch().count());
    out += '\n';
  }
  for (const WaitingLetter& letter : history.letters())
    out += fmt::format("{}.{} {} {} '{}' {} {}\n", letter.host, letter.letter, letter.recipient, int(letter.state), letter.last_reply,
                       letter.next_try.time_since_epoch().count(), letter.records.size());
  return out;
}

// Mailboxes of two holders and a queue, changed at random but as stores and queues do it.
void live_a_while(Trace& trace, int changes, Instant from = start) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return std::size_t(random() % n); };
  struct Box { HostId holder; std::string name; std::vector<std::uint32_t> uids; std::uint32_t next = 1, validity = 1; };
  std::vector<Box> boxes{{4, "INBOX", {}}, {6, "INBOX", {}}, {4, "Work", {}}};
  for (int i = 0; i < changes; ++i) {
    const Instant at = from + 1s * (i / 2);
    if (below(4) == 0) {
      QueueChanged queue{QueueChange(below(6))};
      queue.host = HostId(1 + below(2)), queue.letter = std::uint32_t(below(20));
      queue.recipient = trace.keep(below(2) ? "bob@example.org" : "alice@example.com");
      queue.reply = trace.keep(below(2) ? fmt::format("451 {}", i) : "");
      queue.next_try = at + 30min;
      trace.append({at, no_record, 0, queue});
      continue;
    }
    Box& box = boxes[below(boxes.size())];
    StoreChanged what{StoreChange::added};
    what.holder = box.holder;
    what.user = trace.keep("bob"), what.mailbox = trace.keep(box.name);
    const std::size_t kind = below(20);
    const std::size_t which = box.uids.empty() ? 0 : below(box.uids.size());
    if (kind == 0) {
      what.change = below(2) ? StoreChange::deleted : StoreChange::cleared;
      box.uids.clear();
      if (below(2)) box.next = 1, ++box.validity;
    } else if (kind == 1) {
      what.change = StoreChange::renamed;
      box.name += 'x';
      what.key = trace.keep(box.name);
    } else if (box.uids.empty() || kind < 10) {
      what.uid = box.next++;
      box.uids.push_back(what.uid);
      what.sequence = std::uint32_t(box.uids.size());
    } else {
      what.change = kind < 15 ? StoreChange::flags : StoreChange::expunged;
      what.uid = box.uids[which];
      what.sequence = std::uint32_t(which + 1);
      if (kind >= 15) box.uids.erase(box.uids.begin() + std::ptrdiff_t(which));
    }
    what.flags = trace.keep(below(2) ? "\\Seen" : "");
    if (kind != 1) what.key = trace.keep(fmt::format("<{}@x>", what.uid));
    if (box.holder == 4) what.uid_validity = box.validity, what.uid_next = box.next;
    trace.append({at, no_record, 0, what});
  }
}

TEST(History, GoingBackGivesWhatComingThereGives) {
  Trace trace;
  live_a_while(trace, 2000);
  History moving;
  std::mt19937 random(11);
  for (int i = 0; i < 300; ++i) {
    const Instant there = start + 1s * int(random() % 1010);
    moving.fold(trace, there);
    History fresh;
    fresh.fold(trace, there);
    ASSERT_EQ(told(moving), told(fresh)) << i;
    ASSERT_EQ(moving.folded(), fresh.folded());
  }
}

// What the trace has forgotten is known as long as one does not go back beyond it.
TEST(History, OfAForgetfulTraceGoesBackAsFarAsItRemembers) {
  Trace trace(400'000);
  History history;
  std::mt19937 random(3);
  for (int i = 0; i < 20; ++i) {
    live_a_while(trace, 500, start + 250s * i);
    history.fold(trace, trace[trace.end() - 1].at);
    const Instant back = start + 1s * int(random() % (250 * (i + 1)));
    history.fold(trace, std::max(trace[trace.first()].at, back));
  }
  EXPECT_GT(trace.forgotten(), 0U);
  EXPECT_FALSE(history.holdings().empty());
}

}  // namespace
}  // namespace glasspost::sim
