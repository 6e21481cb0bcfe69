// A server that lacks an extension: how a scenario says so, and what devices do without it.
#include "tests/sim/services/dialogue.h"
#include "tests/sim/worlds.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string world(const std::string& capabilities, const std::string& protocol = "imap") {
  return R"(
title: A server with less
start: "2026-11-02 09:00:00"
users: {bob@example.org: b0bby}
hosts:
  - name: store.example.org
    kind: store
    address: 198.51.100.20
    domain: example.org
    services:
      - {protocol: smtp, port: 587, tls: starttls, submission: yes}
      - {protocol: )" + protocol + ", port: 143, tls: starttls, capabilities: " + capabilities + R"(}
  - {name: ns, kind: dns, address: 192.0.2.53}
  - {name: phone, kind: phone, address: 198.51.100.102, owner: bob@example.org}
zones: [{name: store.example.org, type: A, value: 198.51.100.20}]
letter: {from: bob@example.org, to: bob@example.org, text: "x"}
)";
}

TEST(ScenarioCapabilities, MistakesAreNamed) {
  const auto problem = [](const std::string& yaml) {
    const auto read = parse_scenario(yaml, "x.yaml");
    return read ? std::string() : read.error().describe();
  };
  EXPECT_EQ(problem(world("\"-MOVE, -IDLE\"")), "");
  EXPECT_THAT(problem(world("-XYZZY")), HasSubstr("\"XYZZY\" is no capability to choose; there are IMAP4rev2, LITERAL+, "));
  EXPECT_THAT(problem(world("-MOVE", "pop3")), HasSubstr("only an imap service has \"capabilities\""));
}

class LesserServer : public ::testing::Test {
 protected:
  explicit LesserServer(const std::string& capabilities) : played_(parse_scenario(world(capabilities), "x.yaml").value()) {}

  void let(ActKind kind, std::string to = "") {
    StoryAct act;
    act.device = "phone";
    act.kind = kind;
    act.server = "store.example.org";
    act.port = kind == ActKind::send ? 587 : 143;
    act.to = std::move(to);
    played_.world.perform(LetDevice{act});
    played_.play();
  }
  void arrives(const std::string& id) {
    played_.scenario.letter = "Subject: " + id + "\r\nMessage-ID: <" + id + ">\r\n\r\nHello\r\n";
    let(ActKind::send);
  }
  std::size_t on_server(const std::string& mailbox) const {
    const auto found = played_.world.store(played_.host("store.example.org"))->accounts().find("bob")->second->find(mailbox);
    return found ? found->messages().size() : 0;
  }
  Played played_;
};

class WithoutMove : public LesserServer {
 protected:
  WithoutMove() : LesserServer("\"-MOVE, -UIDPLUS\"") {}
};
TEST_F(WithoutMove, AMoveIsACopyAndAnExpunge) {
  arrives("a");
  let(ActKind::listen);
  let(ActKind::move, "Archive");
  const std::string said = played_.transcript();
  EXPECT_THAT(said, Not(HasSubstr("MOVE")));
  EXPECT_THAT(said, Not(HasSubstr("UIDPLUS")));
  EXPECT_THAT(said, HasSubstr(" UID COPY 1 Archive\n"));
  EXPECT_THAT(said, HasSubstr(" EXPUNGE\n"));
  EXPECT_THAT(said, Not(HasSubstr("UID EXPUNGE")));
  EXPECT_EQ(on_server("INBOX"), 0U);
  EXPECT_EQ(on_server("Archive"), 1U);
}

class WithoutIdle : public LesserServer {
 protected:
  WithoutIdle() : LesserServer("-IDLE") {}
};
TEST_F(WithoutIdle, AListeningDeviceAsksAgainAndAgain) {
  arrives("a");
  let(ActKind::listen);
  EXPECT_THAT(played_.transcript(), Not(HasSubstr("IDLE\n")));
  arrives("b");
  EXPECT_EQ(played_.world.device(played_.host("phone"))->copies().size(), 1U);
  played_.world.run_until(played_.world.now() + 5min);
  EXPECT_THAT(played_.transcript(), HasSubstr(" NOOP\nstore.example.org> * 2 EXISTS\n"));
  EXPECT_EQ(played_.world.device(played_.host("phone"))->copies().size(), 2U);
}

using Capabilities = Dialogue;

TEST_F(Capabilities, WhatIsSwitchedOffIsNotSaidEither) {
  imap_settings.extensions = {imap::Extension::move, imap::Extension::literal_plus};
  arrive("one"), arrive("two");
  play(R"~(
    S1: * OK [CAPABILITY IMAP4rev1 LITERAL+ MOVE AUTH=PLAIN] ...
    C1: a0 LOGIN bob secret
    S1: a0 OK [CAPABILITY IMAP4rev1 LITERAL+ MOVE] ...
    C1: a1 CREATE Work
    S1: a1 OK ...
    C1: a2 LIST "" *
    S1: * LIST () "/" INBOX
    S1: * LIST () "/" Work
    S1: a2 OK ...
    C1: a3 SELECT INBOX
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ...
    S1: * 2 EXISTS
    S1: * 2 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...
    S1: * OK [UIDNEXT 3] ...
    S1: a3 OK [READ-WRITE] ...
    C1: a4 COPY 1 Work
    S1: a4 OK COPY completed
    C1: a5 APPEND Work {1+}
    C1: x
    S1: a5 OK APPEND completed
    C1: a6 MOVE 1 Work
    S1: * 1 EXPUNGE
    S1: * 1 RECENT
    S1: a6 OK MOVE completed
    C1: a7 UID EXPUNGE 1
    S1: a7 BAD Unknown command
    C1: a8 UNSELECT
    S1: a8 BAD Unknown command
    C1: a9 IDLE
    S1: a9 BAD Unknown command)~");
}

}  // namespace
}  // namespace glasspost::sim::testing
