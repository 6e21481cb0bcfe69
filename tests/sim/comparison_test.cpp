// The same acts in several worlds: what is counted, what is found, and the records that it is traced back to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/conversation.h"
#include "sim/comparison/news.h"
#include "sim/comparison/secrecy.h"
#include "sim/comparison/sizes.h"

namespace glasspost::sim::comparison {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint8_t timetable = bit(0), lottery = bit(1), contract = bit(3);

UserAct at(ActKind kind, Place place, std::uint8_t letters = 0) { return {kind, place, letters, true}; }
UserAct arrives(std::uint8_t letters) { return {ActKind::arrive, Place::laptop, letters, true}; }
UserAct leaving(Place place, bool leaves) { return {ActKind::set_leaving, place, 0, leaves}; }

std::unique_ptr<Run> run(Protocol protocol, std::vector<UserAct> acts, std::size_t earlier = 0, Detail detail = Detail::everything) {
  auto made = std::make_unique<Run>(Setting{protocol, TlsMode::implicit, 18, earlier}, std::move(acts), detail);
  made->finish();
  return made;
}

// "lost Contract", "apart:unread Timetable at 4"
std::vector<std::string> told(const AfterAct& after, bool with_behind = false) {
  constexpr std::string_view kinds[] = {"behind", "apart", "duplicate", "lost"};
  constexpr std::string_view aspects[] = {"", ":unread", ":not here", ":still here", ":folder"};
  std::vector<std::string> all;
  for (const Finding& finding : after.findings)
    if (with_behind || finding.kind != FindingKind::behind)
      all.push_back(std::string(kinds[int(finding.kind)]) + std::string(aspects[int(finding.aspect)]) + " " + finding.subject + " at " +
                    std::to_string(finding.holder));
  return all;
}

const Finding& finding(const AfterAct& after, FindingKind kind) {
  for (const Finding& one : after.findings)
    if (one.kind == kind) return one;
  throw std::runtime_error("there is no such finding");
}

// The words that led to a record: the message at it, or at the nearest of its causes that has one.
std::string words_behind(const Run& run, RecordId record) {
  Conversations conversations;
  conversations.observe(run.trace());
  for (RecordId id = record; run.trace().holds(id); id = run.trace()[id].cause)
    if (const auto ref = conversations.message_of_record(id)) {
      const Conversation& conversation = *conversations.find(ref->connection);
      return std::string(conversation.text(conversation.message(ref->message)));
    }
  return {};
}

TEST(Letters, AreExactlyAsLongAsTheySay) {
  for (std::size_t i = 0; i < cast.size(); ++i) {
    const std::string text = cast_letter(i, Instant{});
    EXPECT_EQ(text.size(), cast[i].octets);
    EXPECT_EQ(Content(text).message_id(), cast[i].key);
    EXPECT_EQ(Content(text).subject(), cast[i].subject);
    EXPECT_TRUE(text.ends_with("\r\n"));
    for (std::size_t line = 0; line < text.size(); line = text.find("\r\n", line) + 2) EXPECT_LE(text.find("\r\n", line) - line, 78U);
  }
}

TEST(Lake, Pop3DuplicatesLeavesApartAndLosesWhatImapKeeps) {
  const auto pop3 = run(Protocol::pop3, story_of_the_lake()), imap = run(Protocol::imap, story_of_the_lake());
  ASSERT_THAT(pop3->after(), SizeIs(9));
  EXPECT_THAT(told(pop3->after()[1]), IsEmpty());
  EXPECT_THAT(told(pop3->after()[3]), ElementsAre("duplicate Timetable at 3", "duplicate Lottery at 3", "duplicate Minutes at 3"));
  EXPECT_THAT(told(pop3->after()[5]), ::testing::Contains("apart:unread Timetable at 4"));
  EXPECT_THAT(told(pop3->after()[8]), ::testing::Contains("lost Contract at 4"));
  ASSERT_THAT(imap->after(), SizeIs(9));
  for (const AfterAct& after : imap->after()) EXPECT_THAT(told(after), IsEmpty());
  EXPECT_THAT(imap->after()[8].findings, IsEmpty()) << "and both devices know everything";
  EXPECT_EQ(imap->after()[4].outcome, Outcome::no_matter) << "IMAP has nothing to leave";
}

TEST(Lake, EveryFindingLeadsToTheWordsThatMadeItSo) {
  const auto pop3 = run(Protocol::pop3, story_of_the_lake());
  const AfterAct& end = pop3->after().back();
  const Finding& lost = finding(end, FindingKind::lost);
  const auto& cleared = std::get<StoreChanged>(pop3->trace()[lost.cause].what);
  EXPECT_EQ(cleared.change, StoreChange::cleared) << "the phone and all that it held";
  EXPECT_EQ(cleared.holder, phone_host);
  EXPECT_EQ(words_behind(*pop3, lost.before), "QUIT\r\n") << "RFC 1939 section 6: only then are letters removed";
  const Finding& twice = finding(end, FindingKind::duplicate);
  EXPECT_GE(twice.cause, pop3->after()[3].first);
  EXPECT_LT(twice.cause, pop3->after()[3].end) << "it came in act 4";
  EXPECT_THAT(words_behind(*pop3, twice.cause), HasSubstr("+OK"));
  const Finding& apart = finding(pop3->after()[5], FindingKind::apart);
  EXPECT_EQ(pop3->trace()[apart.cause].connection, 0U) << "reading is told to nobody";
  EXPECT_EQ(std::get<StoreChanged>(pop3->trace()[apart.cause].what).change, StoreChange::flags);
}

TEST(Runs, AreTheSameOctetForOctetAndSliceForSlice) {
  for (const Protocol protocol : both) {
    const auto one = run(protocol, story_of_the_lake());
    comparison::Run other(Setting{protocol, TlsMode::implicit, 18, 0}, story_of_the_lake());
    double before = 0;
    while (other.work()) {
      EXPECT_GE(other.progress(), before);
      before = other.progress();
    }
    EXPECT_EQ(other.progress(), 1);
    ASSERT_EQ(one->trace().size(), other.trace().size());
    for (std::size_t i = 0; i < one->after().size(); ++i) {
      EXPECT_EQ(one->after()[i].counts, other.after()[i].counts);
      EXPECT_EQ(one->after()[i].findings, other.after()[i].findings);
    }
    for (RecordId id = 0; id < one->trace().end(); ++id)
      if (const auto* sent = std::get_if<Sent>(&one->trace()[id].what)) {
        ASSERT_EQ(one->trace().bytes(sent->bytes), other.trace().bytes(std::get<Sent>(other.trace()[id].what).bytes));
      }
  }
}

// By other means: whole conversations, and the stores themselves.
TEST(Counts, AreThoseOfTheTraceAndOfTheStores) {
  for (const Protocol protocol : both) {
    const auto ran = run(protocol, story_of_the_lake());
    std::uint64_t octets = 0, turns = 0, connections = 0;
    std::map<ConnectionId, std::vector<std::pair<RecordId, char>>> lines;
    for (RecordId id = 0; id < ran->trace().end(); ++id) {
      const Record& record = ran->trace()[id];
      if (const auto* opened = std::get_if<Opened>(&record.what); opened && opened->protocol == protocol) lines[record.connection];
      if (!lines.contains(record.connection)) continue;
      const auto* sent = std::get_if<Sent>(&record.what);
      const auto* came = std::get_if<Arrived>(&record.what);
      if (sent && sent->layer == Layer::wire) octets += sent->bytes.size;
      if (sent && sent->layer == Layer::wire && sent->from == Side::client) lines[record.connection].emplace_back(id, 'C');
      if (came && came->layer == Layer::wire && came->from == Side::server) lines[record.connection].emplace_back(id, 'S');
    }
    for (const auto& [connection, said] : lines) {
      ++connections, ++turns;
      for (std::size_t i = 0; i < said.size(); ++i) turns += said[i].second == 'S' && (i == 0 || said[i - 1].second == 'C');
    }
    const Counts& counts = ran->counts();
    EXPECT_EQ(counts.octets(), octets);
    EXPECT_EQ(counts.trips, turns);
    EXPECT_EQ(counts.connections, connections);
    std::uint64_t on_devices = 0, copies = 0, on_server = 0;
    for (const HostId device : devices)
      for (const DeviceCopy& copy : ran->world().device(device)->copies()) on_devices += copy.octets, ++copies;
    for (const auto& [name, mailbox] : ran->world().store(server_host)->accounts().at("bob")->mailboxes()) on_server += mailbox->octets();
    EXPECT_EQ(counts.device_octets, on_devices);
    EXPECT_EQ(counts.device_messages, copies);
    EXPECT_EQ(counts.server_octets, on_server);
    EXPECT_FALSE(ran->missed_records());
  }
}

TEST(Acts, WhatIsReadOnOneDeviceIsReadOnTheOtherByImapAlone) {
  const std::vector<UserAct> acts{arrives(timetable), at(ActKind::check, Place::laptop), at(ActKind::check, Place::phone),
                                  at(ActKind::read, Place::phone, timetable)};
  EXPECT_THAT(told(run(Protocol::pop3, acts)->after()[3], true), ElementsAre("apart:unread Timetable at 3"));
  EXPECT_THAT(run(Protocol::imap, acts)->after()[3].findings, IsEmpty()) << "IDLE told the laptop";
}

TEST(Acts, ADeletionAndAMoveReachTheOtherDeviceByImapAlone) {
  const std::vector<UserAct> acts{arrives(std::uint8_t(timetable | lottery)), at(ActKind::check, Place::laptop), at(ActKind::check, Place::phone),
                                  at(ActKind::erase, Place::laptop, timetable), at(ActKind::move, Place::laptop, lottery),
                                  at(ActKind::check, Place::laptop), at(ActKind::check, Place::phone)};
  const auto pop3 = run(Protocol::pop3, acts), imap = run(Protocol::imap, acts);
  EXPECT_THAT(told(pop3->after().back()), ElementsAre("apart:still here Timetable at 4", "apart:folder Lottery at 4"));
  EXPECT_EQ(pop3->counts().server_messages, 2U) << "neither was the server's business";
  EXPECT_EQ(imap->counts().server_messages, 1U);
  EXPECT_THAT(told(imap->after().back()), IsEmpty()) << "and what the person deleted is not lost";
}

TEST(Acts, WhatWasDoneOfflineIsToldToImapWhenTheNetworkIsBack) {
  const std::vector<UserAct> acts{arrives(timetable), at(ActKind::check, Place::laptop), at(ActKind::check, Place::phone),
                                  at(ActKind::go_offline, Place::phone), at(ActKind::read, Place::phone, timetable),
                                  at(ActKind::check, Place::phone), arrives(contract), at(ActKind::come_back, Place::phone)};
  const auto imap = run(Protocol::imap, acts);
  EXPECT_THAT(told(imap->after()[4], true), ElementsAre("behind:unread Timetable at 4")) << "the server does not know yet";
  EXPECT_EQ(imap->after()[5].outcome, Outcome::offline);
  EXPECT_EQ(imap->after()[5].counts, imap->after()[4].counts);
  EXPECT_THAT(told(imap->after()[6], true), ::testing::Contains("behind:not here Contract at 4"));
  EXPECT_THAT(imap->after()[7].findings, IsEmpty());
  const auto pop3 = run(Protocol::pop3, acts);
  EXPECT_THAT(told(pop3->after()[7]), ElementsAre("apart:unread Timetable at 3"));
}

std::unique_ptr<Run> run_headers_first(std::vector<UserAct> acts, std::size_t earlier = 0) {
  Setting setting{Protocol::imap, TlsMode::implicit, 18, earlier};
  setting.headers_first = true;
  auto made = std::make_unique<Run>(setting, std::move(acts), earlier > 0 ? Detail::counts_only : Detail::everything);
  made->finish();
  return made;
}

TEST(HeadersFirst, ABodyComesWhenItIsReadAndNotBefore) {
  const std::vector<UserAct> acts{arrives(std::uint8_t(timetable | contract)), at(ActKind::check, Place::phone), at(ActKind::read, Place::phone, contract),
                                  at(ActKind::read, Place::phone, contract)};
  const auto ran = run_headers_first(acts);
  const Counts &checked = ran->after()[1].counts, &read = ran->after()[2].counts;
  EXPECT_EQ(checked.device_messages, 2U);
  EXPECT_LT(checked.device_octets, 1000U) << "two headers";
  EXPECT_LT(checked.octets(), run(Protocol::imap, acts)->after()[1].counts.octets() - 40'000);
  EXPECT_GT(read.octets(), checked.octets() + cast[3].octets);
  EXPECT_GT(read.device_octets, std::uint64_t{cast[3].octets});
  EXPECT_LT(read.device_octets, std::uint64_t{cast[3].octets} + 1000) << "the other's header, still";
  const auto& copies = ran->world().device(phone_host)->copies();
  ASSERT_THAT(copies, SizeIs(2));
  EXPECT_FALSE(copies[0].whole);
  EXPECT_TRUE(copies[1].whole);
  EXPECT_GE(copies[1].octets, cast[3].octets) << "and the Received line that the server put before it";
  EXPECT_THAT(copies[1].flags, HasSubstr("\\Seen")) << "BODY[] without PEEK: the server has marked it";
  std::uint64_t held = 0;
  for (const DeviceCopy& copy : copies) held += copy.octets;
  EXPECT_EQ(ran->counts().device_octets, held);
  EXPECT_EQ(ran->after()[3].outcome, Outcome::no_matter) << "it is here, and read";
  EXPECT_THAT(ran->after().back().findings, ::testing::Each(::testing::Field(&Finding::kind, FindingKind::behind)));
}

TEST(HeadersFirst, WithoutANetworkThereIsNothingToRead) {
  const auto ran = run_headers_first({arrives(std::uint8_t(timetable | lottery)), at(ActKind::check, Place::phone), at(ActKind::read, Place::phone, lottery),
                                      at(ActKind::go_offline, Place::phone), at(ActKind::read, Place::phone, timetable), at(ActKind::read, Place::phone, lottery),
                                      at(ActKind::come_back, Place::phone)});
  EXPECT_EQ(ran->after()[4].outcome, Outcome::no_body);
  EXPECT_EQ(ran->after()[4].counts, ran->after()[3].counts);
  EXPECT_THAT(ran->world().device(phone_host)->copies()[0].flags, ::testing::Not(HasSubstr("Seen"))) << "what could not be read is not marked";
  EXPECT_EQ(ran->after()[5].outcome, Outcome::no_matter);
  EXPECT_THAT(ran->after().back().findings, ::testing::Not(::testing::Contains(::testing::Field(&Finding::kind, FindingKind::lost))));
}

// What IMAP is for: of a large mailbox little has to come before one can look at it.
TEST(HeadersFirst, ALargeMailboxIsThereSooner) {
  const std::vector<UserAct> acts{at(ActKind::check, Place::laptop)};
  const auto pop3 = run(Protocol::pop3, acts, 400, Detail::counts_only), whole = run(Protocol::imap, acts, 400, Detail::counts_only);
  const auto headers = run_headers_first(acts, 400);
  EXPECT_LT(headers->counts().octets() * 3, whole->counts().octets());
  EXPECT_LT(headers->counts().octets() * 3, pop3->counts().octets());
  EXPECT_LT(*headers->counts().first_message, *whole->counts().first_message);
  EXPECT_EQ(headers->counts().device_messages, 400U);
}

// A maildrop of thousands is opened and emptied in pieces; what is counted is what it would be at once.
TEST(LargeMaildrop, IsOpenedAndEmptiedWhole) {
  const auto ran = run(Protocol::pop3, {leaving(Place::phone, false), at(ActKind::check, Place::phone)}, 2500, Detail::counts_only);
  EXPECT_EQ(ran->counts().server_messages, 0U);
  EXPECT_EQ(ran->counts().server_octets, 0U);
  EXPECT_EQ(ran->counts().device_messages, 2500U);
  EXPECT_FALSE(ran->missed_records());
}

// A phone that fell into the lake with thousands of letters, and that of which nothing is left on the server.
TEST(LargeMaildrop, WhatWasLostGoesInPiecesToo) {
  const auto over = run(Protocol::pop3, {leaving(Place::phone, false), at(ActKind::check, Place::phone), at(ActKind::lose, Place::phone)}, 5000, Detail::counts_only);
  EXPECT_EQ(over->counts().server_messages, 0U);
  EXPECT_EQ(over->counts().device_messages, 0U);
  int portions = 1;
  while (over->shed()) ++portions;
  EXPECT_EQ(portions, 3);
}

TEST(Acts, LeavingNothingOnTheServerTakesWhatAnotherDeviceHasNot) {
  const std::vector<UserAct> acts{arrives(timetable), leaving(Place::laptop, false), at(ActKind::check, Place::laptop),
                                  at(ActKind::check, Place::phone)};
  const auto pop3 = run(Protocol::pop3, acts);
  EXPECT_THAT(told(pop3->after().back()), ElementsAre("apart:not here Timetable at 4"));
  EXPECT_EQ(words_behind(*pop3, finding(pop3->after().back(), FindingKind::apart).cause), "QUIT\r\n");
  // Leaving them later takes those that were left before.
  const auto later = run(Protocol::pop3, {arrives(timetable), at(ActKind::check, Place::laptop), leaving(Place::laptop, false),
                                          at(ActKind::check, Place::laptop)});
  EXPECT_EQ(later->after()[1].counts.server_messages, 1U);
  EXPECT_EQ(later->after()[3].counts.server_messages, 0U);
  EXPECT_EQ(later->after()[3].counts.device_messages, 1U);
}

TEST(Acts, ThatCannotBeDoneSaySoAndSayNothingOnTheWire) {
  const std::vector<UserAct> acts{at(ActKind::read, Place::laptop, timetable), arrives(0), at(ActKind::come_back, Place::laptop)};
  const auto imap = run(Protocol::imap, acts);
  EXPECT_EQ(imap->after()[0].outcome, Outcome::not_here);
  EXPECT_EQ(imap->after()[0].counts, Counts{});
  EXPECT_EQ(imap->after()[1].outcome, Outcome::no_matter);
  EXPECT_EQ(imap->after()[2].outcome, Outcome::no_matter);
}

TEST(Sizes, CountWhatAWholeRunCounts) {
  const std::vector<UserAct> acts{arrives(timetable), at(ActKind::check, Place::laptop), at(ActKind::reinstall, Place::laptop)};
  Sizes sizes(Setting{}, acts, 250);
  EXPECT_THAT(sizes.sizes(), ElementsAre(1, 10, 100, 250));
  double before = 0;
  bool missed = false;
  while (sizes.work()) {
    EXPECT_GE(sizes.progress(), before);
    before = sizes.progress();
    missed = missed || (sizes.run() && sizes.run()->missed_records());
  }
  EXPECT_FALSE(missed);
  EXPECT_EQ(sizes.progress(), 1);
  ASSERT_THAT(sizes.points(), SizeIs(4));
  for (const AtSize& point : sizes.points())
    for (int side = 0; side < 2; ++side) EXPECT_EQ(point.counts[std::size_t(side)], run(both[side], acts, point.letters)->counts()) << point.letters;
  const AtSize& largest = sizes.points().back();
  EXPECT_GT(largest.counts[0].trips, 500U) << "one RETR for each letter, twice";
  EXPECT_LT(largest.counts[1].trips, 30U) << "one FETCH asks for a hundred";
  EXPECT_EQ(largest.counts[0].device_messages, 502U) << "after the reinstallation POP3 has all of them twice";
  EXPECT_EQ(largest.counts[1].device_messages, 251U);
}

TEST(Sizes, AreWithinTheirBounds) {
  EXPECT_THAT(Sizes(Setting{}, {}, 0).sizes(), ElementsAre(1));
  EXPECT_EQ(Sizes(Setting{}, {}, 10'000'000).sizes().back(), largest_mailbox);
  EXPECT_THAT(Sizes(Setting{}, {}, 100).sizes(), ElementsAre(1, 10, 100));
}

std::vector<Secret> leaking(const Secrecy& result) {
  std::vector<Secret> all;
  for (const Leak& leak : result.leaks)
    if (leak.leaks) all.push_back(leak.secret);
  return all;
}

TEST(Secrecy, WhatIsSaidInClearCanBeReadAndWhatIsSaidInsideTlsCannot) {
  for (const Protocol protocol : both) {
    SecrecyRun clear(protocol, TlsMode::plaintext, 18), upgraded(protocol, TlsMode::starttls, 18), inside(protocol, TlsMode::implicit, 18);
    clear.finish(), upgraded.finish(), inside.finish();
    EXPECT_THAT(leaking(clear.result()), SizeIs(std::size(all_secrets)));
    EXPECT_THAT(leaking(upgraded.result()), ElementsAre(Secret::server, Secret::software, Secret::size));
    EXPECT_THAT(leaking(inside.result()), ElementsAre(Secret::server, Secret::size)) << "SNI, RFC 6066 section 3";
    for (const Leak& leak : clear.result().leaks) {
      ASSERT_TRUE(clear.trace().holds(leak.record));
      const auto& sent = std::get<Sent>(clear.trace()[leak.record].what);
      if (leak.secret == Secret::password) {
        EXPECT_TRUE(leak.seen.empty()) << "no secret leaves the run";
      } else if (leak.secret != Secret::size) {
        EXPECT_THAT(std::string(clear.trace().bytes(sent.bytes)), HasSubstr(leak.seen));
      }
    }
    EXPECT_LT(clear.result().trips_to_command, inside.result().trips_to_command);
    EXPECT_LT(inside.result().trips_to_command, upgraded.result().trips_to_command);
    EXPECT_LT(clear.result().to_login, inside.result().to_login);
    EXPECT_LT(inside.result().to_login, upgraded.result().to_login);
    EXPECT_EQ(clear.result().handshake_octets, 0U);
    EXPECT_GT(inside.result().handshake_octets, 500U);
    EXPECT_EQ(inside.result().trips_to_command, 3U) << "TCP, TLS 1.3, the greeting";
    EXPECT_EQ(clear.result().trips_to_command, 2U) << "TCP, the greeting";
    for (const SecrecyRun* one : {&clear, &upgraded, &inside}) EXPECT_EQ(one->result().road.size(), one->result().trips_to_command) << "a step for each";
    EXPECT_EQ(upgraded.result().road.back(), (RoadStep{"TLS", true, false}));
    EXPECT_TRUE(upgraded.result().road[1].exposed) << "the greeting";
    EXPECT_FALSE(inside.result().road.back().exposed);
  }
}

TEST(Secrecy, ASubmissionInClearShowsTheLetterThoughNotAPasswordThatADigestProves) {
  SecrecyRun clear(Protocol::smtp, TlsMode::plaintext, 18), inside(Protocol::smtp, TlsMode::implicit, 18);
  clear.finish(), inside.finish();
  EXPECT_TRUE(clear.result().digest);
  EXPECT_THAT(leaking(clear.result()), ElementsAre(Secret::server, Secret::software, Secret::user, Secret::commands, Secret::subject, Secret::body, Secret::size));
  EXPECT_THAT(leaking(inside.result()), ElementsAre(Secret::server, Secret::size));
  EXPECT_NE(inside.result().login, no_record);
}

TEST(News, WhoIsToldKnowsAtOnceAndWhoAsksKnowsWhenTheyAsk) {
  NewsSetting setting;
  setting.interval = 15min;
  News results[3];
  for (const Asking asking : all_askings) {
    NewsRun run(setting, asking);
    run.finish();
    results[int(asking)] = run.result();
    // By other means: each letter's lateness, from the trace.
    for (const Noticed& letter : run.result().letters) {
      ASSERT_TRUE(run.trace().holds(letter.came_by));
      EXPECT_EQ(run.trace()[letter.came_by].at, letter.came);
      if (letter.known_by == no_record) continue;
      EXPECT_EQ(run.trace()[letter.known_by].at, letter.known);
    }
  }
  const auto& [idle, noop, pop3] = results;
  ASSERT_THAT(idle.letters, SizeIs(12));
  EXPECT_LT(idle.worst, 2s);
  EXPECT_EQ(idle.unknown, 0U);
  EXPECT_EQ(idle.counts.connections, 1U);
  for (const News* asked : {&noop, &pop3}) {
    EXPECT_GT(asked->worst, 1min);
    EXPECT_LE(asked->worst, 15min + 5s);
    EXPECT_GT(asked->empty_handed, 15U);
  }
  EXPECT_EQ(noop.counts.connections, 1U);
  EXPECT_EQ(pop3.counts.connections, 32U);
  EXPECT_GT(pop3.counts.octets(), 2 * noop.counts.octets()) << "every time a handshake, a login, a farewell";
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(idle.letters[i].came, pop3.letters[i].came) << "the same letters at the same moments";
}

}  // namespace
}  // namespace glasspost::sim::comparison
