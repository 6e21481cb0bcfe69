// The scenarios that come with the program, and what is said of those that are written wrongly.
#include <filesystem>

#include "sim/history.h"
#include "tests/sim/worlds.h"
#include "tests/source_dir.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

Scenario scenario_named(const std::string& name) {
  auto read = read_scenario(std::string(glasspost::source_dir()) + "/assets/scenarios/" + name + ".yaml");
  if (!read) throw std::runtime_error(read.error().describe());
  return std::move(*read);
}

TEST(Scenarios, EachCanBeReadInBothLanguagesAndComesToRest) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(glasspost::source_dir() + std::string("/assets/scenarios"))) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    Played played(scenario_named(entry.path().stem().string()));
    EXPECT_NE(played.scenario.title.english, played.scenario.title.spanish) << entry.path();
    EXPECT_FALSE(played.scenario.summary.spanish.empty()) << entry.path();
    for (const auto& [key, chapter] : played.scenario.chapters) EXPECT_FALSE(chapter.title.spanish.empty()) << key;
    played.play();
    EXPECT_TRUE(played.world.at_rest()) << entry.path();
    std::size_t chapters = 0;
    for (const Note* note : played.all<Note>()) chapters += played.trace.bytes(note->text).starts_with("chapter:");
    EXPECT_EQ(chapters, played.scenario.chapters.size()) << entry.path();
    if (entry.path().stem() == "certificates") continue;  // there it is the point
    for (const TlsFailed* failed : played.all<TlsFailed>()) ADD_FAILURE() << played.trace.bytes(failed->reason);
  }
  EXPECT_GE(count, 5U);
}

TEST(Scenarios, NothingOfTheFirstLetterIsLost) {
  Played played(scenario_named("first-letter"));
  played.play();
  EXPECT_THAT(played.all<Dropped>(), SizeIs(0));
  for (const Closed* closed : played.all<Closed>()) EXPECT_FALSE(closed->reset);
  EXPECT_EQ(played.world.device(played.host("bob-laptop"))->copies().size(), 0U);  // its NOOP has told it
}

TEST(Scenarios, TheGreylistedLetterReachesThePhoneThatStillListens) {
  Played played(scenario_named("greylisted"));
  played.play();
  EXPECT_THAT(played.transcript(), HasSubstr("> 451 4.7.1"));
  EXPECT_THAT(played.inbox("store.example.org", "bob"), SizeIs(1));
  EXPECT_EQ(played.world.device(played.host("bob-phone"))->copies().size(), 1U);
}

TEST(Scenarios, TheBounceIsInAlicesMailbox) {
  Played played(scenario_named("bounce"));
  played.play();
  EXPECT_EQ(played.world.device(played.host("alice-laptop"))->copies().size(), 1U);
  EXPECT_EQ(played.world.device(played.host("alice-laptop"))->copies().at(0).subject, "Undelivered mail returned to sender");
}

TEST(Scenarios, MxDownGoesByTheSecond) {
  Played played(scenario_named("mx-down"));
  played.play();
  EXPECT_THAT(played.inbox("store.example.org", "bob").at(0), HasSubstr("by mx2.example.org"));
  EXPECT_EQ(played.world.device(played.host("bob-phone"))->copies().size(), 1U);
}

TEST(Scenarios, PlaintextHidesNothing) {
  Played played(scenario_named("plaintext"));
  played.play();
  std::string overheard;
  for (const Sent* sent : played.all<Sent>()) {
    EXPECT_EQ(sent->layer, Layer::clear);
    overheard += played.trace.bytes(sent->bytes);
  }
  EXPECT_THAT(overheard, HasSubstr("AUTHENTICATE PLAIN AGJvYgBiMGJieQ=="));  // Bob's password
  EXPECT_THAT(overheard, HasSubstr("AUTH CRAM-MD5"));
  EXPECT_THAT(overheard, Not(HasSubstr("czNjcmV0")));  // Alice's
  EXPECT_THAT(overheard, HasSubstr("this is a postcard"));
  EXPECT_EQ(played.world.device(played.host("bob-pc"))->copies().size(), 1U);
}

// ---- Mistakes

struct Mistake {
  std::string replace, by, expected;  // `expected`: what the description says
};
class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithLineAndColumn) {
  std::string yaml = with(small_world, {});
  const std::size_t at = yaml.find(GetParam().replace);
  ASSERT_NE(at, std::string::npos);
  yaml.replace(at, GetParam().replace.size(), GetParam().by);
  const auto read = parse_scenario(yaml, "small.yaml");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().describe(), HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    All, Mistakes,
    ::testing::Values(
        Mistake{"start: \"2026-11-02 09:00:00\"", "start: tomorrow", "small.yaml:3:8: the start is a date and a time in UTC"},
        Mistake{"kind: laptop", "kind: lap top", "small.yaml:7:26: \"lap top\" is not known as a host's kind: it is one of laptop, phone"},
        Mistake{"address: 192.0.2.17,", "address: 192.0.2.317,", "small.yaml:7:43: an address is four numbers"},
        Mistake{"address: 198.51.100.8,", "address: 198.51.100.7,", "there are two hosts at 198.51.100.7"},
        Mistake{"port: 587, tls: starttls, sub", "port: 70000, tls: starttls, sub", "small.yaml:13:32: a port is a number from 1 to 65535"},
        Mistake{"deliver_to: store.example.org", "deliver_to: shop.example.org", "there is no host named \"shop.example.org\""},
        Mistake{"deliver_to: store.example.org", "deliver_to: mail.example.com", "\"mail.example.com\" has no lmtp service"},
        Mistake{"owner: alice@example.com", "owner: carol@example.com", "small.yaml:7:62: \"carol@example.com\" is not among the users"},
        Mistake{"value: 10 mx1", "value: ten mx1", "an MX record is a preference and a name"},
        Mistake{"retry_after: 30 min", "retry_after: half an hour", "small.yaml:4:14: the time until the next try is a number and a unit"},
        Mistake{"retry_after: 30 min", "retry_befour: 30 min", "small.yaml:4:1: a scenario has no \"retry_befour\""},
        Mistake{"do: send", "do: send, letter: second", "there is no \"second\" among the letters"},
        Mistake{"do: send", "do: sing", "\"sing\" is not known as something to do"},
        Mistake{"title: {en: A small world, es: Un mundo pequeño}", "title: {en: A small world}", "small.yaml:2:8: the title needs \"es\""},
        Mistake{"title: {en", "title: {en: {", "this is not YAML"},
        Mistake{"retry_after: 30 min", "seed: 1\nseed: 2", "small.yaml:5:1: a scenario says \"seed\" twice"},
        Mistake{"kind: store", "kind: store\n    broken: [pop-eyed]", "\"pop-eyed\" is not known as a way to be broken: it is one of bare-lf-ends, "},
        Mistake{"domain: example.com", "domain: example.com\n    broken: [dele-at-once]", "\"mail.example.com\" has no service that can be broken in this way"},
        Mistake{"do: send", "do: type", "this act needs \"says\""},
        Mistake{"do: send, device: laptop, server: mail.example.com, port: 587", "do: type, says: [QUIT], device: laptop, server: mail.example.com, port: 588",
                "\"mail.example.com\" has no service at port 588"},
        Mistake{"users: {", "users: {alice@example.com: again, ", "the users have alice@example.com twice"}));

TEST(Mistakes, AFileThatIsNotThere) {
  const auto read = read_scenario("/nowhere/at-all.yaml");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().describe(), "/nowhere/at-all.yaml: No such file or directory");
}

TEST(Mistakes, WhateverIsCutOffIsRefusedOrRead) {
  const std::string yaml = with(small_world, {});
  for (std::size_t size = 0; size < yaml.size(); size += 7) (void)parse_scenario(yaml.substr(0, size), "x");
  EXPECT_FALSE(parse_scenario("", "x"));
  EXPECT_FALSE(parse_scenario("[]", "x"));
  EXPECT_FALSE(parse_scenario(std::string(100'000, '['), "x"));
}

}  // namespace
}  // namespace glasspost::sim::testing
