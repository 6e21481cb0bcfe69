// Devices that were away and come back: what each asks, what it is told, and what that took. RFC 4549, RFC 7162 section 6.
#include <gmock/gmock.h>

#include "sim/history.h"
#include "tests/sim/worlds.h"
#include "tests/source_dir.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

Scenario catching_up() {
  auto read = read_scenario(std::string(glasspost::source_dir()) + "/assets/scenarios/catching-up.yaml");
  if (!read) throw std::runtime_error(read.error().describe());
  return std::move(*read);
}

std::vector<std::string> shown(const std::vector<DeviceCopy>& copies) {
  std::vector<std::string> all;
  for (DeviceCopy copy : copies) {
    if (const auto at = copy.flags.find("\\Recent"); at != std::string::npos) copy.flags.erase(at);  // the first session's only
    if (copy.flags.ends_with(' ')) copy.flags.pop_back();
    all.push_back(std::to_string(copy.uid) + " " + copy.subject + " (" + copy.flags + ") " + std::to_string(copy.sequence));
  }
  return all;
}

const Synced* synced(Played& played, std::string_view device) {
  for (const Synced* one : played.all<Synced>())
    if (one->holder == played.host(device)) return one;
  return nullptr;
}

TEST(Resynchronising, AllThreeWaysComeToTheSame) {
  Played played(catching_up());
  played.play();
  const auto laptop = shown(played.world.device(played.host("bob-laptop"))->copies());
  EXPECT_THAT(laptop, SizeIs(16));
  EXPECT_THAT(laptop, Not(::testing::Contains(HasSubstr("Lottery"))));
  EXPECT_THAT(laptop, ::testing::Contains("1 Minutes (\\Seen) 1"));
  EXPECT_THAT(laptop, ::testing::Contains("4 Lunch (\\Flagged) 3"));
  EXPECT_THAT(laptop, ::testing::Contains("17 Umbrella () 16"));
  EXPECT_EQ(shown(played.world.device(played.host("bob-tablet"))->copies()), laptop);
  EXPECT_EQ(shown(played.world.device(played.host("bob-phone"))->copies()), laptop);
}

TEST(Resynchronising, EachWayTakesWhatItTakes) {
  Played played(catching_up());
  played.play();
  const Synced *plain = synced(played, "bob-laptop"), *condstore = synced(played, "bob-tablet"), *qresync = synced(played, "bob-phone");
  ASSERT_TRUE(plain && condstore && qresync);
  EXPECT_EQ(plain->way, SyncWay::plain);
  EXPECT_EQ(condstore->way, SyncWay::condstore);
  EXPECT_EQ(qresync->way, SyncWay::qresync);
  EXPECT_EQ(plain->round_trips, 2U);      // SELECT, UID FETCH 1:16 (FLAGS)
  EXPECT_EQ(condstore->round_trips, 3U);  // SELECT, UID FETCH (CHANGEDSINCE), UID SEARCH
  EXPECT_EQ(qresync->round_trips, 1U);    // SELECT
  EXPECT_GT(plain->said + plain->heard, condstore->said + condstore->heard);
  EXPECT_GT(condstore->said + condstore->heard, qresync->said + qresync->heard);
  EXPECT_EQ(plain->modseq, 0U);
  EXPECT_EQ(condstore->modseq, qresync->modseq);
  const std::string said = played.transcript();
  EXPECT_THAT(said, HasSubstr("UID FETCH 1:16 (FLAGS)"));
  EXPECT_THAT(said, HasSubstr("(CHANGEDSINCE 17)"));
  EXPECT_THAT(said, HasSubstr("UID SEARCH UID 1:16"));
  EXPECT_THAT(said, HasSubstr("SELECT INBOX (QRESYNC ("));
  EXPECT_THAT(said, HasSubstr("* VANISHED (EARLIER) 3"));
}

// RFC 4978: the same is said, and less crosses the wire.
TEST(Resynchronising, CompressedItComesToTheSameAndCostsLess) {
  const auto play = [](bool compress) {
    Scenario scenario = catching_up();
    for (HostDescription& host : scenario.hosts) host.compress = compress && !host.owner.empty();
    auto played = std::make_unique<Played>(std::move(scenario));
    played->play();
    return played;
  };
  const auto crossed = [](Played& played) {
    std::uint64_t octets = 0;
    for (const Sent* sent : played.all<Sent>())
      if (sent->layer != Layer::inside) octets += sent->bytes.size;
    return octets;
  };
  const auto plainly = play(false), compressed = play(true);
  for (const char* device : {"bob-laptop", "bob-tablet", "bob-phone"})
    EXPECT_EQ(shown(compressed->world.device(compressed->host(device))->copies()), shown(plainly->world.device(plainly->host(device))->copies()));
  EXPECT_LT(crossed(*compressed), crossed(*plainly));
  EXPECT_THAT(compressed->transcript(), HasSubstr("OK DEFLATE active"));
  EXPECT_THAT(compressed->transcript(), HasSubstr("UID FETCH 1:16 (FLAGS)"));
}

// Back and forth in time the views show the same.
TEST(Resynchronising, HistoryGoesBackOverIt) {
  Played played(catching_up());
  played.play();
  History once, twice;
  const Instant middle = played.scenario.start + 7s, end = played.scenario.start + 1h;
  once.fold(played.trace, middle);
  twice.fold(played.trace, end);
  const Holding* phone = twice.holding(played.host("bob-phone"), "bob", "INBOX");
  ASSERT_TRUE(phone);
  EXPECT_NE(phone->synced, no_record);
  EXPECT_GT(phone->modseq, 17U);
  twice.fold(played.trace, middle);
  ASSERT_EQ(once.holdings().size(), twice.holdings().size());
  for (std::size_t i = 0; i < once.holdings().size(); ++i) {
    const Holding &one = once.holdings()[i], &two = twice.holdings()[i];
    EXPECT_EQ(one.modseq, two.modseq) << one.mailbox;
    EXPECT_EQ(one.synced, two.synced) << one.mailbox;
    ASSERT_EQ(one.messages.size(), two.messages.size());
    for (std::size_t k = 0; k < one.messages.size(); ++k) EXPECT_EQ(one.messages[k].modseq, two.messages[k].modseq);
  }
}

// A server without the extensions is asked as before.
TEST(Resynchronising, WithoutTheExtensionsAllAsksPlainly) {
  Scenario scenario = catching_up();
  for (HostDescription& host : scenario.hosts)
    for (ServiceDescription& service : host.services)
      if (service.protocol == Protocol::imap) service.imap_extensions.remove(imap::Extension::condstore);
  Played played(std::move(scenario));
  played.play();
  for (const char* device : {"bob-laptop", "bob-tablet", "bob-phone"}) {
    ASSERT_TRUE(synced(played, device)) << device;
    EXPECT_EQ(synced(played, device)->way, SyncWay::plain) << device;
  }
  EXPECT_THAT(played.transcript(), Not(HasSubstr("MODSEQ")));
}

}  // namespace
}  // namespace glasspost::sim::testing
