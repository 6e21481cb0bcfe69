// How a letter goes through the world, and what happens when something is in its way.
#include <algorithm>

#include "tests/sim/worlds.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string expect_delivered(Played& world) {
  world.play();
  const auto texts = world.inbox("store.example.org", "bob");
  EXPECT_THAT(texts, SizeIs(1)) << world.transcript();
  EXPECT_EQ(world.all<Closed>().empty(), false);
  return texts.empty() ? "" : texts[0];
}

TEST(Mail, OnlyTraceFieldsStandInFrontOfTheLetter) {
  // Dots at the beginning of lines, no empty line at the end, eight-bit text, a line of 998 octets, spaces at line ends.
  const std::string letter = "From: a\r\n folded\r\nSubject: \xc3\xb1 \r\n\r\n.\r\n..\r\n.x\r\n \t\r\n" + std::string(998, 'x') +
                             "\r\n\r\n\r\nFrom here\r\nRCPT TO:<x@example.org>\r\n";
  Played world{Differently{}};
  world.scenario.letter = letter;
  const std::string text = expect_delivered(world);
  ASSERT_GE(text.size(), letter.size());
  EXPECT_EQ(text.substr(text.size() - letter.size()), letter);
  const std::string front = text.substr(0, text.size() - letter.size());
  EXPECT_THAT(front, StartsWith("Return-Path: <alice@example.com>\r\nReceived: from mx1.example.org ([198.51.100.7])\r\n\tby store.example.org with LMTP"));
  EXPECT_THAT(front, HasSubstr("Received: from mail.example.com ([203.0.113.25])\r\n\tby mx1.example.org with ESMTPS id"));
  EXPECT_THAT(front, HasSubstr("Received: from [192.0.2.17] ([192.0.2.17])\r\n\tby mail.example.com with ESMTPSA id"));
  EXPECT_EQ(std::count(front.begin(), front.end(), '\n'), 10);
}

TEST(Mail, SlowLinksChangeNothingButTheTime) {
  Played quick{Differently{}}, slow{Differently{.links = "[{between: [mail.example.com, mx1.example.org], latency: 9 s}]"}};
  EXPECT_EQ(expect_delivered(quick).size(), expect_delivered(slow).size());
  EXPECT_GT(slow.world.now() - quick.world.now(), 60s);
  EXPECT_EQ(quick.transcript().size(), slow.transcript().size());
}

TEST(Mail, APasswordIsNeverSaidOutsideTls) {
  Played world{Differently{}};
  world.play();
  for (RecordId id = world.trace.first(); id < world.trace.end(); ++id)
    if (const auto* sent = std::get_if<Sent>(&world.trace[id].what); sent && sent->layer != Layer::inside) {
      EXPECT_THAT(std::string(world.trace.bytes(sent->bytes)), Not(HasSubstr("AUTH PLAIN")));
    }
}

TEST(Queue, TheSecondExchangerIsTriedWhenTheFirstRefuses) {
  Played world{Differently{.links = "[{between: [mail.example.com, mx1.example.org], faults: [{kind: refuse}]}]"}};
  const std::string text = expect_delivered(world);
  EXPECT_THAT(text, HasSubstr("by mx2.example.org"));
  EXPECT_THAT(world.faults(), ElementsAre(FaultKind::refuse));
  EXPECT_THAT(world.transcript(), Not(HasSubstr("mx1.example.org> 220")));
}

TEST(Queue, TheSecondExchangerIsTriedWhenTheFirstIsDown) {
  Played world{Differently{}};
  world.world.perform(StopHost{world.host("mx1.example.org"), true});
  EXPECT_THAT(expect_delivered(world), HasSubstr("by mx2.example.org"));
}

TEST(Queue, BothDownMeansLaterAndThenItArrives) {
  Played world{Differently{}};
  world.world.perform(StopHost{world.host("mx1.example.org"), true});
  world.world.perform(StopHost{world.host("mx2.example.org"), true});
  world.world.run_until(world.scenario.start + 1min);
  EXPECT_THAT(world.queue_changes().back(), StartsWith("deferred mail.example.com bob@example.org 451 4.4.1"));
  world.world.perform(StopHost{world.host("mx1.example.org"), false});
  expect_delivered(world);
  EXPECT_GE(world.world.now(), world.scenario.start + 30min);
}

TEST(Queue, TheWaitGrowsAndHasAnEndAndTheSenderIsTold) {
  Played world{Differently{.links = "[{between: [mail.example.com, mx1.example.org], faults: [{kind: refuse}]},"
                                    " {between: [mail.example.com, mx2.example.org], faults: [{kind: refuse}]}]"}};
  world.play();
  std::vector<Instant> tries;
  for (RecordId id = world.trace.first(); id < world.trace.end(); ++id)
    if (const auto* changed = std::get_if<QueueChanged>(&world.trace[id].what); changed && changed->change == QueueChange::deferred)
      tries.push_back(changed->next_try - (world.trace[id].at - Instant{}));
  ASSERT_GE(tries.size(), 4U);
  EXPECT_EQ(tries[0] - Instant{}, 30min);
  EXPECT_EQ(tries[1] - Instant{}, 60min);
  EXPECT_EQ(tries[2] - Instant{}, 120min);
  EXPECT_TRUE(std::is_sorted(tries.begin(), tries.end()));
  const auto changes = world.queue_changes();
  EXPECT_EQ(std::count_if(changes.begin(), changes.end(), [](const auto& c) { return c.starts_with("expired"); }), 1);
  EXPECT_THAT(world.inbox("mail.example.com", "alice"), SizeIs(1));
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(0));
}

TEST(Queue, AGreylistedLetterComesBackAfterHalfAnHour) {
  Played world{Differently{.links = "[{between: [mail.example.com, mx2.example.org], faults: [{kind: refuse}]}]", .greylist = "greylist: 1,"}};
  expect_delivered(world);
  EXPECT_THAT(world.transcript(), HasSubstr("mx1.example.org> 451 4.7.1"));
  EXPECT_GE(world.world.now(), world.scenario.start + 30min);
}

TEST(Bounce, AnUnknownUserIsRefusedAtRcptAndTheSenderIsToldWhy) {
  Played world{Differently{.recipient = "nobody@example.org"}};
  world.play();
  EXPECT_THAT(world.transcript(), HasSubstr("mx1.example.org> 550 5.1.1"));
  const auto notices = world.inbox("mail.example.com", "alice");
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_THAT(notices[0], StartsWith("Return-Path: <>\r\n"));
  EXPECT_THAT(notices[0], HasSubstr("Content-Type: multipart/report; report-type=delivery-status"));
  EXPECT_THAT(notices[0], HasSubstr("\r\nFinal-Recipient: rfc822; nobody@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"));
  EXPECT_THAT(notices[0], HasSubstr("\r\nMessage-ID: <1@example.com>\r\n"));
  EXPECT_THAT(notices[0], Not(HasSubstr("Body\r\n")));
}

TEST(Bounce, ABounceIsNeverBounced) {
  // A letter from the null reverse-path, submitted by hand, to somebody who does not exist.
  Played world{Differently{}};
  world.play();
  const ConnectionId console = world.world.perform(OpenConsole{world.host("laptop"), world.host("mail.example.com"), 587});
  world.world.run_until(world.world.now() + 1s);
  for (const std::string_view line :
       {"EHLO me\r\n", "STARTTLS\r\n", "EHLO me\r\n", "AUTH PLAIN AGFsaWNlAHMzY3JldA==\r\n", "MAIL FROM:<>\r\n",
        "RCPT TO:<nobody@example.org>\r\n", "DATA\r\n", "Subject: x\r\n\r\nx\r\n.\r\n", "QUIT\r\n"}) {
    world.world.perform(TypeText{console, std::string(line)});
    world.world.run_until(world.world.now() + 1s);
  }
  world.play();
  EXPECT_THAT(world.queue_changes().back(), StartsWith("bounced mail.example.com nobody@example.org 550 5.1.1"));
  EXPECT_THAT(world.inbox("mail.example.com", "alice"), SizeIs(0));
}

TEST(Bounce, ADomainThatIsNotThereOrTakesNoMail) {
  Played unknown{Differently{.recipient = "bob@nowhere.example"}};
  unknown.play();
  ASSERT_THAT(unknown.inbox("mail.example.com", "alice"), SizeIs(1));
  EXPECT_THAT(unknown.inbox("mail.example.com", "alice")[0], HasSubstr("5.1.2"));
  std::string zones = two_exchangers;
  zones.insert(1, "{name: null.example, type: MX, value: 0 .}, ");
  Played none{Differently{.zones = zones, .recipient = "bob@null.example"}};
  none.play();
  ASSERT_THAT(none.inbox("mail.example.com", "alice"), SizeIs(1));
  EXPECT_THAT(none.inbox("mail.example.com", "alice")[0], HasSubstr("Status: 5.1.10"));  // RFC 7505
}

TEST(Loop, ALetterThatRunsInACircleIsStopped) {
  Played world{Differently{}};
  std::string letter;
  for (int i = 0; i < 40; ++i) letter += "Received: from a by b; Mon, 2 Nov 2026 08:00:00 +0000\r\n";
  world.scenario.letter = letter + "Subject: round\r\n\r\nand round\r\n";
  world.play();
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(0));
  EXPECT_THAT(world.transcript(), HasSubstr("mail.example.com> 554 5.4.6"));
}

TEST(Postmaster, IsAlwaysThere) {
  Played world{Differently{}};
  const ConnectionId console = world.world.perform(OpenConsole{world.host("laptop"), world.host("mx1.example.org"), 25});
  world.world.run_until(world.world.now() + 1s);
  for (const std::string_view line : {"EHLO x.example\r\n", "MAIL FROM:<x@x.example>\r\n", "RCPT TO:<postmaster>\r\n", "DATA\r\n",
                                      "Subject: help\r\n\r\n.\r\n"}) {
    world.world.perform(TypeText{console, std::string(line)});
    world.world.run_until(world.world.now() + 1s);
  }
  world.play();
  EXPECT_THAT(world.inbox("store.example.org", "postmaster"), SizeIs(1)) << world.transcript();
}

TEST(Relaying, IsRefusedToStrangersAtRcpt) {
  Played world{Differently{}};
  const ConnectionId console = world.world.perform(OpenConsole{world.host("laptop"), world.host("mx1.example.org"), 25});
  world.world.run_until(world.world.now() + 1s);
  for (const std::string_view line : {"EHLO x.example\r\n", "MAIL FROM:<x@x.example>\r\n", "RCPT TO:<y@elsewhere.example>\r\n"}) {
    world.world.perform(TypeText{console, std::string(line)});
    world.world.run_until(world.world.now() + 1s);
  }
  EXPECT_THAT(world.transcript(), HasSubstr("mx1.example.org> 550 5.7.1"));
}

// ---- One connection, several letters

std::size_t connections_between(const Played& world, std::string_view from, std::string_view to) {
  std::size_t count = 0;
  for (const Opened* opened : world.all<Opened>())
    count += opened->client == world.host(from) && opened->server == world.host(to) ? 1 : 0;
  return count;
}

// The laptop sends `letters` at once: one after the other over its connection.
void send_at_once(Played& world, int letters) {
  for (int i = 1; i < letters; ++i) world.world.perform(LetDevice{world.scenario.story.at(0)});
  world.play();
}

TEST(Submission, LettersThatWaitGoOverOneConnection) {
  Played world{Differently{}};
  send_at_once(world, 12);
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(12));
  EXPECT_EQ(connections_between(world, "laptop", "mail.example.com"), 1U);
  world.world.perform(LetDevice{world.scenario.story.at(0)});  // nobody has kept it open
  world.play();
  EXPECT_EQ(connections_between(world, "laptop", "mail.example.com"), 2U);
}

TEST(Submission, WhatALostConnectionLeavesIsSentOverANewOne) {
  // The first breaks off in the midst of its second or third letter, which is lost to it; the others are not.
  Played world{Differently{.links = "[{between: [laptop, mail.example.com], faults: [{kind: reset, after: 5000, connections: 1}]}]"}};
  world.scenario.letter = "Subject: long\r\n\r\n" + std::string(1000, 'x') + "\r\n";
  send_at_once(world, 12);
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(11));
  EXPECT_EQ(connections_between(world, "laptop", "mail.example.com"), 2U);
}

TEST(Submission, AServerThatIsNotThereIsTriedForEachLetterOnce) {
  Played world{Differently{.links = "[{between: [laptop, mail.example.com], faults: [{kind: refuse}]}]"}};
  send_at_once(world, 3);
  EXPECT_EQ(connections_between(world, "laptop", "mail.example.com"), 3U);
}

// Slower than they come, so that they wait for it.
const std::string slow_relay = "{between: [mail.example.com, mx1.example.org], latency: 900 ms";

TEST(Relay, LettersThatWaitForAHostGoOneAfterTheOtherOverItsConnections) {
  Played world{Differently{.links = "[" + slow_relay + "}]"}};
  send_at_once(world, 12);
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(12));
  EXPECT_EQ(connections_between(world, "mail.example.com", "mx1.example.org"), 5U);
  EXPECT_THAT(world.transcript(), HasSubstr("mx1.example.org> 250 2.0.0 Ok"));
}

TEST(Relay, OneLetterIsSentAndTheConnectionClosedAtOnce) {
  Played world{Differently{}};
  world.play();
  const std::string said = world.transcript();
  const std::string_view end = "mail.example.com> QUIT\nmx1.example.org> 221";
  EXPECT_THAT(said, HasSubstr(end));
  EXPECT_EQ(connections_between(world, "mail.example.com", "mx1.example.org"), 1U);
}

// The laptop sends so many, one each second.
void send_each_second(Played& world, int letters) {
  for (int i = 0; i < letters; ++i) {
    if (i > 0) world.world.perform(LetDevice{world.scenario.story.at(0)});
    world.world.run_until(world.world.now() + 1s);
  }
}

std::size_t times_said(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(Relay, WhereLettersFollowEachOtherSoonTheConnectionIsKept) {
  Played world{Differently{}};
  send_each_second(world, 6);
  EXPECT_EQ(connections_between(world, "mail.example.com", "mx1.example.org"), 2U) << "the first letter was alone";
  EXPECT_EQ(times_said(world.transcript(), "mail.example.com> QUIT"), 1U) << "the second is still open";
  world.play();
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(6));
  EXPECT_EQ(times_said(world.transcript(), "mail.example.com> QUIT"), 2U) << "for two seconds nothing came";
}

TEST(Relay, AKeptConnectionThatIsLostIsNotMissed) {
  Played world{Differently{}};
  send_each_second(world, 2);
  ConnectionId kept = 0;
  for (RecordId id = world.trace.first(); id < world.trace.end(); ++id)
    if (const auto* opened = std::get_if<Opened>(&world.trace[id].what); opened && opened->server == world.host("mx1.example.org"))
      kept = world.trace[id].connection;
  world.world.perform(ResetConnection{kept});
  send_each_second(world, 3);
  world.play();
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(4));
  for (const std::string& change : world.queue_changes()) EXPECT_THAT(change, Not(StartsWith("deferred")));
}

TEST(Relay, WhatAUsedConnectionLosesIsSentOverANewOne) {
  // Each of the first five connections breaks off in the midst of a letter that was not its first.
  Played world{Differently{.links = "[" + slow_relay + ", faults: [{kind: reset, after: 5000, connections: 5}]}]"}};
  world.scenario.letter = "Subject: long\r\n\r\n" + std::string(1000, 'x') + "\r\n";
  send_at_once(world, 30);
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(30)) << world.transcript();
  EXPECT_EQ(connections_between(world, "mail.example.com", "mx2.example.org"), 0U);
  for (const std::string& change : world.queue_changes()) EXPECT_THAT(change, Not(StartsWith("deferred")));
}

TEST(Relay, ADomainThatCannotBeReachedHoldsNoOneElseBack) {
  Played world{Differently{.links = "[" + slow_relay + ", faults: [{kind: refuse}]}, "
                                    "{between: [mail.example.com, mx2.example.org], latency: 900 ms, faults: [{kind: refuse, connections: 7}]}]"}};
  send_at_once(world, 12);
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(12));
}

// Each fault on the way between the two mail servers; the letter arrives all the same.
struct FaultCase {
  std::string yaml;
  FaultKind kind;
  bool loses;
};
class Faults : public ::testing::TestWithParam<FaultCase> {};

TEST_P(Faults, AreRecordedAndTheLetterArrivesOnceAndWhole) {
  Played world{Differently{.links = "[{between: [mail.example.com, mx1.example.org], faults: [" + GetParam().yaml + "]}]"}};
  world.scenario.letter = "Subject: long\r\n\r\n" + std::string(3000, 'x') + "\r\n";
  const std::string text = expect_delivered(world);
  EXPECT_TRUE(text.ends_with(world.scenario.letter));
  ASSERT_FALSE(world.faults().empty());
  EXPECT_EQ(world.faults()[0], GetParam().kind);
  EXPECT_EQ(!world.all<Dropped>().empty(), GetParam().loses);
}

INSTANTIATE_TEST_SUITE_P(
    All, Faults,
    ::testing::Values(FaultCase{"{kind: delay, delay: 2 s}", FaultKind::delay, false},
                      FaultCase{"{kind: stall, after: 300, delay: 3 s}", FaultKind::stall, false},
                      FaultCase{"{kind: stall, after: 1000}", FaultKind::stall, true},
                      FaultCase{"{kind: stall, after: 100, towards: client}", FaultKind::stall, true},
                      FaultCase{"{kind: reset, after: 40}", FaultKind::reset, true},
                      FaultCase{"{kind: reset, after: 1500, connections: 1}", FaultKind::reset, true},
                      FaultCase{"{kind: truncate, after: 1500}", FaultKind::truncate, true},
                      FaultCase{"{kind: truncate, after: 0, towards: client}", FaultKind::truncate, true},
                      FaultCase{"{kind: refuse, connections: 1}", FaultKind::refuse, false}));

}  // namespace
}  // namespace glasspost::sim::testing
