// Servers that are broken on purpose, each beside one that is right: the same words said to both, and what came of it. The scenarios
// are those that come with the program.
#include <algorithm>
#include <filesystem>
#include <optional>

#include "protocol/flaws.h"
#include "tests/sim/worlds.h"
#include "tests/source_dir.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Broken : public ::testing::Test {
 protected:
  void play(const std::string& name) {
    auto read = read_scenario(std::string(glasspost::source_dir()) + "/assets/scenarios/" + name + ".yaml");
    ASSERT_TRUE(read) << read.error().describe();
    played.emplace(std::move(*read));
    played->play();
    played->conversations.observe(played->trace);
  }
  // The first line of each thing that was said between these two, over all their connections in turn: "C: QUIT".
  std::vector<std::string> said(std::string_view client, std::string_view server, std::uint16_t port) const {
    std::vector<std::string> out;
    for (const Opened* opened : played->all<Opened>()) {
      if (played->trace.bytes(opened->client_name) != client || played->trace.bytes(opened->server_name) != server || opened->server_port != port) continue;
      const Conversation& conversation = *played->conversations.find(connection_of(*opened));
      for (MessageId id = 0; id < conversation.size(); ++id) {
        const Message& message = conversation.message(id);
        if (message.protocol == Protocol::tls) continue;
        const std::string text = redact(conversation.text(message), conversation.tokens(message));
        out.push_back(std::string(message.from == Side::client ? "C: " : "S: ") + text.substr(0, text.find("\r\n")));
      }
    }
    return out;
  }
  // From a line on: what comes before it is as everywhere.
  std::vector<std::string> said_from(std::string_view first, std::string_view client, std::string_view server, std::uint16_t port) const {
    std::vector<std::string> all = said(client, server, port);
    const auto begin = std::find(all.begin(), all.end(), first);
    return {begin, all.end()};
  }
  std::vector<std::string> copies(std::string_view device) const {
    std::vector<std::string> subjects;
    for (const DeviceCopy& copy : played->world.device(played->host(device))->copies()) subjects.push_back(copy.subject);
    return subjects;
  }
  // "broken.example.org broken:early-354", once for each connection on which it is so.
  std::vector<std::string> labels() const {
    std::vector<std::string> out;
    for (RecordId id = played->trace.first(); id < played->trace.end(); ++id) {
      const Record& record = played->trace[id];
      const auto* note = std::get_if<Note>(&record.what);
      if (!note || !played->trace.bytes(note->text).starts_with("broken:")) continue;
      const Conversation& conversation = *played->conversations.find(record.connection);
      const HostId host = note->host != 0 ? note->host : conversation.opened().server;
      out.push_back(std::string(played->world_name(host)) + " " + std::string(played->trace.bytes(note->text)));
    }
    return out;
  }

  std::optional<Played> played;

 private:
  ConnectionId connection_of(const Opened& opened) const {
    for (RecordId id = played->trace.first(); id < played->trace.end(); ++id)
      if (std::get_if<Opened>(&played->trace[id].what) == &opened) return played->trace[id].connection;
    return 0;
  }
};

constexpr std::string_view right = "right.example.com", wrong = "broken.example.org";

TEST_F(Broken, DeleDeletesAtOnce) {
  play("broken-delete");
  EXPECT_THAT(said_from("C: DELE 1", "bob-pc", right, 110),
              ElementsAre("C: DELE 1", "S: +OK Message 1 marked as deleted", "C: RSET", HasSubstr("S: +OK Maildrop has 1 messages"), "C: STAT", HasSubstr("S: +OK 1 "),
                          "C: RETR 1", HasSubstr("S: +OK "), "C: QUIT", HasSubstr("S: +OK Bye")));
  EXPECT_THAT(said_from("C: DELE 1", "bob-pc", wrong, 110),
              ElementsAre("C: DELE 1", "S: +OK Message 1 marked as deleted", "C: RSET", HasSubstr("S: +OK Maildrop has 0 messages"), "C: STAT", "S: +OK 0 0",
                          "C: RETR 1", HasSubstr("S: -ERR"), "C: QUIT", HasSubstr("S: +OK Bye")));
  EXPECT_THAT(played->inbox(right, "bob"), SizeIs(1));
  EXPECT_THAT(played->inbox(wrong, "bob"), IsEmpty());
  EXPECT_THAT(labels(), ElementsAre("broken.example.org broken:dele-at-once"));
}

TEST_F(Broken, DotsAreNotDoubled) {
  play("broken-dots");
  EXPECT_THAT(played->inbox(right, "bob").at(0), HasSubstr("\r\n.\r\nDo not use the sugar"));
  const auto& held = played->world.device(played->host("bob-pc"))->copies();
  ASSERT_THAT(held, SizeIs(2));
  EXPECT_EQ(held[0].octets, played->inbox(right, "bob").at(0).size());
  EXPECT_LT(held[1].octets, played->inbox(wrong, "bob").at(0).size()) << "cut off above the dot";
  EXPECT_THAT(said_from("C: RETR 1", "bob-pc", right, 110), ElementsAre("C: RETR 1", _, "C: QUIT", _));
  EXPECT_THAT(said_from("C: RETR 1", "bob-pc", wrong, 110), Contains(HasSubstr("Do not use the sugar"))) << "taken for a reply";
  EXPECT_THAT(labels(), ElementsAre("broken.example.org broken:no-dot-stuffing"));
}

TEST_F(Broken, ALostLineIsTakenForQuit) {
  play("broken-lost-line");
  EXPECT_THAT(said_from("C: STAT", "bob-pc", right, 110), ElementsAre("C: STAT", HasSubstr("S: +OK 1 "), "C: QUIT", _));
  EXPECT_THAT(said_from("C: STAT", "bob-pc", wrong, 110), ElementsAre("C: STAT", "S: +OK 0 0", "C: QUIT", _));
}

TEST_F(Broken, UniqueIdsAreNewInEachSession) {
  play("broken-uidl");
  EXPECT_THAT(copies("bob-pc"), SizeIs(1 + 3)) << "one from the server that is right, and three of the same";
  EXPECT_THAT(played->inbox(wrong, "bob"), SizeIs(1));
}

TEST_F(Broken, AnyPasswordPasses) {
  play("broken-password");
  EXPECT_THAT(said_from("C: PASS " + std::string(mask), "alice-laptop", right, 110), ElementsAre(_, HasSubstr("S: -ERR [AUTH]"), "C: QUIT", _));
  EXPECT_THAT(said_from("C: PASS " + std::string(mask), "alice-laptop", wrong, 110), ElementsAre(_, HasSubstr("S: +OK Logged in"), "C: RETR 1", HasSubstr("S: +OK"), "C: QUIT", _));
}

TEST_F(Broken, NumbersAreShared) {
  play("broken-numbers");
  const auto flagged = [&](std::string_view server) {
    std::vector<std::string> subjects;
    const Mailbox& inbox = played->world.store(played->host(server))->accounts().find("bob")->second->inbox();
    for (const StoredMessage& message : inbox.messages())
      if (message.flags & flag::flagged) subjects.emplace_back(message.content->subject());
    return subjects;
  };
  EXPECT_THAT(flagged(right), ElementsAre("The contract"));
  EXPECT_THAT(flagged(wrong), ElementsAre("An offer"));
}

TEST_F(Broken, PeekingSetsSeen) {
  play("broken-seen");
  EXPECT_THAT(said("bob-pc", right, 143), Contains(AllOf(HasSubstr("FLAGS ("), Not(HasSubstr("\\Seen")), HasSubstr("FETCH"))));
  EXPECT_THAT(said("bob-pc", wrong, 143), Contains(AllOf(HasSubstr("FLAGS ("), HasSubstr("\\Seen"), HasSubstr("FETCH"))));
}

TEST_F(Broken, A354ComesTooEarly) {
  play("broken-354");
  EXPECT_THAT(said_from("C: RCPT TO:<bod@example.com>", "alice-laptop", right, 25),
              ElementsAre(_, HasSubstr("S: 550 5.1.1"), "C: DATA", "S: 503 5.5.1 No valid recipients", "C: QUIT", _));
  EXPECT_THAT(said_from("C: RCPT TO:<bod@example.org>", "alice-laptop", wrong, 25),
              ElementsAre(_, HasSubstr("S: 550 5.1.1"), "C: DATA", HasSubstr("S: 354"), "C: Subject: Tonight at eight", "S: 250 2.0.0 OK", "C: QUIT", _));
  EXPECT_THAT(played->queue_changes(), IsEmpty()) << "nobody has the letter";
  EXPECT_THAT(copies("bob-pc"), IsEmpty());
}

TEST_F(Broken, AnOpenRelayHandsOnWhateverComes) {
  play("broken-open-relay");
  EXPECT_THAT(said("stranger", right, 25), Contains(HasSubstr("S: 550 5.7.1")));
  EXPECT_THAT(said("stranger", "relay.example.org", 25), Contains(HasSubstr("S: 250 2.0.0 Ok: queued")));
  ASSERT_THAT(played->inbox("mail.example.net", "carol"), SizeIs(1));
  EXPECT_THAT(played->inbox("mail.example.net", "carol")[0], HasSubstr("Received: from relay.example.org"));
  EXPECT_THAT(copies("carol-phone"), ElementsAre("You have won"));
}

TEST_F(Broken, ALetterIsSmuggledInsideAnother) {
  play("broken-line-ends");
  EXPECT_THAT(copies("bob-phone"), ElementsAre("Lunch?", "Pay Mallory"));
  const auto letters = played->inbox("lax.example.org", "bob");
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_THAT(letters[1], AllOf(HasSubstr("Return-Path: <boss@example.com>"), HasSubstr("Received: from passes.example.com ([203.0.113.25])")));
  EXPECT_THAT(copies("carol-phone"), IsEmpty());
  EXPECT_THAT(said("passes.example.com", "strict.example.net", 25), Contains(HasSubstr("S: 554 5.6.0 Lines end in CRLF")));
}

TEST_F(Broken, WhatWasSaidBeforeTlsIsCarriedOutInsideIt) {
  play("broken-starttls");
  EXPECT_THAT(said_from("C: RCPT TO:<postmaster@example.com>", "alice-laptop", right, 25), ElementsAre(_, HasSubstr("S: 503 5.5.1"), "C: QUIT", _));
  EXPECT_THAT(said("alice-laptop", wrong, 25), Contains(HasSubstr("S: 250 2.1.0")));
  EXPECT_THAT(said("alice-laptop", wrong, 25), Contains(HasSubstr("S: 250 2.1.5")));
}

TEST(Flaws, EachHasAScenario) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(glasspost::source_dir() + std::string("/assets/scenarios")))
    if (entry.path().extension() == ".yaml") all += text_of_file("assets/scenarios/" + entry.path().filename().string());
  for (const FlawRow& row : flaw_rows()) EXPECT_THAT(all, HasSubstr("broken: [" + std::string(row.name) + "]"));
}

TEST(Flaws, AreNamedAlikeOnlyOnce) {
  for (const FlawRow& row : flaw_rows()) EXPECT_EQ(flaw_named(row.name), row.flaw);
  EXPECT_FALSE(flaw_named("left-handed"));
}

}  // namespace
}  // namespace glasspost::sim::testing
