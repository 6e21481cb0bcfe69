// Who asks the world's DNS for what, when, and what comes of the answers.
#include "protocol/dns/message.h"
#include "sim/lookup.h"
#include "tests/sim/worlds.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string said(const dns::Data& data) {
  if (const auto* four = std::get_if<dns::Address4>(&data)) return four->text;
  if (const auto* six = std::get_if<dns::Address6>(&data)) return six->text;
  if (const auto* mx = std::get_if<dns::MailExchange>(&data)) return std::to_string(mx->preference) + " " + mx->exchange;
  return "?";
}

// "mail.example.com: MX example.org", and for each answer "= 10 mx1.example.org, 20 mx2.example.org".
std::vector<std::string> asked_in(const Played& world) {
  std::vector<std::string> out;
  std::map<ConnectionId, HostId> askers;
  for (RecordId id = 0; id < world.trace.end(); ++id) {
    const Record& record = world.trace[id];
    if (const auto* opened = std::get_if<Opened>(&record.what); opened && opened->protocol == Protocol::dns)
      askers[record.connection] = opened->client;
    const auto* sent = std::get_if<Sent>(&record.what);
    if (!sent || !askers.contains(record.connection)) continue;
    const auto message = dns::decode(world.trace.bytes(sent->bytes));
    if (!message) continue;
    if (!message->response) {
      out.push_back(std::string(world.world_name(askers[record.connection])) + ": " +
                    dns::text_of(message->questions.at(0).type) + " " + message->questions.at(0).name);
      continue;
    }
    std::string line = "=";
    for (const dns::Resource& answer : message->answers) line += (line == "=" ? " " : ", ") + said(answer.data);
    if (message->answers.empty()) line += " " + dns::text_of(message->code);
    out.push_back(line);
  }
  return out;
}

std::string delivered(Played& world) {
  world.play();
  const auto texts = world.inbox("store.example.org", "bob");
  return texts.empty() ? "" : texts.back();
}

TEST(Dns, EverybodyAsksBeforeTheyConnect) {
  Played world{Differently{}};
  EXPECT_THAT(delivered(world), HasSubstr("by mx1.example.org"));
  EXPECT_THAT(asked_in(world),
              ElementsAre("laptop: A mail.example.com", "= 203.0.113.25",                                      //
                          "mail.example.com: MX example.org", "= 10 mx1.example.org, 20 mx2.example.org",      //
                          "mail.example.com: A mx1.example.org", "= 198.51.100.7",                             //
                          "mail.example.com: A mx2.example.org", "= 198.51.100.8"));
}

TEST(Dns, WithoutAnMxTheDomainsOwnAddressIsUsed) {
  Played world{Differently{.zones = "[{name: example.org, type: A, value: 198.51.100.8}, "
                                    "{name: mail.example.com, type: A, value: 203.0.113.25}]"}};
  EXPECT_THAT(delivered(world), HasSubstr("by mx2.example.org"));
}

TEST(Dns, ALostDatagramIsAskedForAgain) {
  Played world{Differently{.links = "[{between: [mail.example.com, ns], faults: [{kind: reset, connections: 1}]}]"}};
  EXPECT_THAT(delivered(world), HasSubstr("by mx1.example.org"));
}

TEST(Dns, ADeviceThatCannotFindItsServerConnectsToNobody) {
  Played world{Differently{.zones = "[]"}};
  world.play();
  EXPECT_THAT(asked_in(world), ElementsAre("laptop: A mail.example.com", "= NXDOMAIN"));
  EXPECT_THAT(world.transcript(), IsEmpty());
}

TEST(Dns, ADeviceIsFoundByAnAlias) {
  std::string zones = two_exchangers;
  const std::string_view own = "{name: mail.example.com, type: A, value: 203.0.113.25}";
  zones.replace(zones.find(own), own.size(), "{name: mail.example.com, type: CNAME, value: box7.example.net}, "
                                             "{name: box7.example.net, type: A, value: 203.0.113.25}");
  Played world{Differently{.zones = zones}};
  EXPECT_THAT(delivered(world), HasSubstr("by mx1.example.org"));
}

// ---- What is remembered

void send_again(Played& world, Duration later) {
  world.world.run_until(world.world.now() + later);
  world.world.perform(LetDevice{world.scenario.story.at(0)});
  world.play();
}

TEST(DnsCache, AnswersAreKeptForTheirTtlAndNoLonger) {
  std::string zones = two_exchangers;
  const std::string_view mx1 = "type: A, value: 198.51.100.7";
  zones.insert(zones.find(mx1) + mx1.size(), ", ttl: 60");
  Played world{Differently{.zones = zones}};
  world.play();
  EXPECT_THAT(asked_in(world), SizeIs(8));
  send_again(world, 30s);
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(2));
  EXPECT_THAT(asked_in(world), SizeIs(8));
  send_again(world, 60s);
  EXPECT_THAT(world.inbox("store.example.org", "bob"), SizeIs(3));
  auto asked = asked_in(world);
  asked.erase(asked.begin(), asked.begin() + 8);
  EXPECT_THAT(asked, ElementsAre("mail.example.com: A mx1.example.org", "= 198.51.100.7"));
}

TEST(DnsCache, WhatIsNotKept) {
  const Instant now{};
  const dns::Resource address{"Mail.example.org", dns::Type::a, dns::class_in, 60, dns::Address4{"192.0.2.1"}};
  dns::Message answer;
  answer.answers = {address};
  DnsCache cache;
  cache.keep("Mail.example.org", dns::Type::a, answer, now);
  EXPECT_TRUE(cache.find("mail.EXAMPLE.org", dns::Type::a, now + 59s));
  EXPECT_FALSE(cache.find("mail.example.org", dns::Type::aaaa, now + 1s));
  EXPECT_FALSE(cache.find("mail.example.org", dns::Type::a, now + 60s));
  // The shortest TTL of a chain counts; 0 is for this once; neither failures nor "no such name" without an SOA are kept.
  answer.answers.push_back(address);
  answer.answers.back().ttl = 10;
  cache.keep("a", dns::Type::a, answer, now);
  EXPECT_FALSE(cache.find("a", dns::Type::a, now + 10s));
  answer.answers.back().ttl = 0;
  cache.keep("b", dns::Type::a, answer, now);
  EXPECT_FALSE(cache.find("b", dns::Type::a, now));
  answer.answers = {address};
  answer.code = dns::ResponseCode::server_failure;
  cache.keep("c", dns::Type::a, answer, now);
  EXPECT_FALSE(cache.find("c", dns::Type::a, now));
  answer = {};
  answer.code = dns::ResponseCode::name_error;
  cache.keep("d", dns::Type::a, answer, now);
  EXPECT_FALSE(cache.find("d", dns::Type::a, now));
}

// ---- IPv6

Differently with_six() {
  std::string zones = two_exchangers;
  zones.insert(1, "{name: mx1.example.org, type: AAAA, value: \"2001:DB8:0:0::7\"}, "
                  "{name: mail.example.com, type: AAAA, value: \"2001:db8::25\"}, ");
  return {.zones = zones};
}
Scenario world_with_six(const Differently& d) {
  std::string yaml = with(small_world, d);
  for (const auto& [four, six] : {std::pair{"192.0.2.17", "2001:db8::17"}, {"203.0.113.25", "2001:db8::25"}, {"198.51.100.7", "2001:db8::7"}}) {
    const std::string mark = "address: " + std::string(four);
    yaml.insert(yaml.find(mark) + mark.size(), std::string(yaml[yaml.find(mark) + mark.size()] == '\n' ? "\n    " : ", ") +
                                                   "address6: \"" + six + "\"");
  }
  return parse_scenario(yaml, "six.yaml").value();
}

TEST(Ipv6, IsAskedForAndUsedFirstByThoseWhoHaveIt) {
  Played world(world_with_six(with_six()));
  const std::string text = delivered(world);
  EXPECT_THAT(text, HasSubstr("Received: from [IPv6:2001:db8::17] ([IPv6:2001:db8::17])\r\n\tby mail.example.com"));
  EXPECT_THAT(text, HasSubstr("Received: from mail.example.com ([IPv6:2001:db8::25])\r\n\tby mx1.example.org"));
  const auto asked = asked_in(world);
  EXPECT_THAT(std::vector<std::string>(asked.begin(), asked.begin() + 4),
              ElementsAre("laptop: AAAA mail.example.com", "laptop: A mail.example.com", "= 2001:db8::25", "= 203.0.113.25"));
  EXPECT_THAT(asked, ::testing::Contains("mail.example.com: AAAA mx1.example.org"));
  EXPECT_THAT(world.transcript(), HasSubstr("laptop> EHLO [IPv6:2001:db8::17]"));
}

TEST(Ipv6, WhatIsRefusedThereIsTriedByIpv4) {
  Differently refusing = with_six();
  refusing.links = "[{between: [mail.example.com, mx1.example.org], faults: [{kind: refuse, connections: 1}]}, "
                   "{between: [laptop, mail.example.com], faults: [{kind: refuse, connections: 1}]}]";
  Played world(world_with_six(refusing));
  const std::string text = delivered(world);
  EXPECT_THAT(text, HasSubstr("Received: from [192.0.2.17] ([192.0.2.17])"));
  EXPECT_THAT(text, HasSubstr("Received: from mail.example.com ([203.0.113.25])\r\n\tby mx1.example.org"));
}

TEST(Ipv6, AHostWithoutItAsksOnlyForA) {
  Played world(with_six());
  EXPECT_THAT(delivered(world), HasSubstr("([203.0.113.25])"));
  for (const std::string& line : asked_in(world)) EXPECT_THAT(line, Not(HasSubstr("AAAA")));
}

}  // namespace
}  // namespace glasspost::sim::testing
