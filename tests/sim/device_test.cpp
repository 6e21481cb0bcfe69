// What people do with single messages on their devices, connected and not; and acts that wait for what they follow.
#include <algorithm>

#include "tests/sim/worlds.h"

namespace glasspost::sim::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string bobs_devices = R"(
title: Bob's devices
start: "2026-11-02 09:00:00"
users: {bob@example.org: b0bby}
hosts:
  - name: store.example.org
    kind: store
    address: 198.51.100.20
    domain: example.org
    services:
      - {protocol: smtp, port: 587, tls: starttls, submission: yes}
      - {protocol: imap, port: 143, tls: starttls}
      - {protocol: pop3, port: 110, tls: starttls}
  - {name: ns, kind: dns, address: 192.0.2.53}
  - {name: laptop, kind: laptop, address: 198.51.100.101, owner: bob@example.org}
  - {name: phone, kind: phone, address: 198.51.100.102, owner: bob@example.org}
  - {name: pc, kind: computer, address: 198.51.100.103, owner: bob@example.org}
zones: [{name: store.example.org, type: A, value: 198.51.100.20}]
letter: {from: bob@example.org, to: bob@example.org, text: "x"}
)";

// Bob writes to himself, so that one server is enough.
class Devices : public ::testing::Test {
 protected:
  Devices() : played_(parse_scenario(bobs_devices, "devices.yaml").value()) {}

  static StoryAct on(std::string device, ActKind kind) {
    StoryAct act;
    act.device = std::move(device);
    act.kind = kind;
    act.server = "store.example.org";
    act.port = kind == ActKind::send ? 587 : kind == ActKind::collect ? 110 : 143;
    return act;
  }
  void let(const StoryAct& act) {
    played_.world.perform(LetDevice{act});
    played_.play();
  }
  void let(std::string device, ActKind kind, std::string message = "", std::string to = "") {
    StoryAct act = on(std::move(device), kind);
    act.message = std::move(message);
    act.to = std::move(to);
    let(act);
  }
  void arrives(const std::string& id) {
    played_.scenario.letter = "Subject: " + id + "\r\nMessage-ID: <" + id + ">\r\n\r\nHello\r\n";
    let("laptop", ActKind::send);
  }
  // What was said since the last call, from the moment the mailbox is open.
  std::string said() {
    const std::string all = played_.transcript();
    std::string text = all.substr(heard_);
    heard_ = all.size();
    if (const auto select = text.rfind(" SELECT "); select != text.npos) text.erase(0, text.find('\n', select) + 1);
    return text;
  }
  // "<a> \Seen, <b> "
  std::string list(std::string_view device, std::string_view mailbox = "INBOX") const {
    std::string out;
    for (const DeviceCopy& copy : played_.world.device(played_.host(device))->copies())
      if (copy.mailbox == mailbox) out += (out.empty() ? "" : ", ") + copy.key + " " + copy.flags;
    return out;
  }
  std::size_t on_server(const std::string& mailbox = "INBOX") const {
    const auto& accounts = played_.world.store(played_.host("store.example.org"))->accounts();
    const auto found = accounts.find("bob")->second->find(mailbox);
    return found ? found->messages().size() : 0;
  }

  Played played_;
  std::size_t heard_ = 0;
};

TEST_F(Devices, AListeningPhoneSaysWhatIsClickedAndListensOn) {
  arrives("a");
  let("phone", ActKind::listen);
  said();
  let("phone", ActKind::read);
  EXPECT_EQ(said(),
            "phone> DONE\nstore.example.org> a6 OK IDLE terminated\nphone> a7 UID STORE 1 +FLAGS (\\Seen)\n"
            "store.example.org> * 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\nstore.example.org> a7 OK STORE completed\n"
            "phone> a8 IDLE\nstore.example.org> + idling\n");
  EXPECT_EQ(list("phone"), "<a> \\Seen \\Recent");
  let("phone", ActKind::flag);
  let("phone", ActKind::unread);
  EXPECT_EQ(list("phone"), "<a> \\Flagged \\Recent");
  let("phone", ActKind::unflag);
  EXPECT_EQ(list("phone"), "<a> \\Recent");
}

TEST_F(Devices, TheMessageThatIsNamedOrTheNewest) {
  for (const char* id : {"a", "b", "c"}) arrives(id);
  let("phone", ActKind::listen);
  let("phone", ActKind::read, "<b>");
  let("phone", ActKind::flag);
  let("phone", ActKind::read, "<nothing like it>");
  EXPECT_EQ(list("phone"), "<a> \\Recent, <b> \\Seen \\Recent, <c> \\Flagged \\Recent");
}

TEST_F(Devices, DeletingOneLeavesWhatOthersHaveMarked) {
  for (const char* id : {"a", "b"}) arrives(id);
  let("phone", ActKind::listen);
  let("laptop", ActKind::check);
  said();
  let("laptop", ActKind::erase, "<a>");
  EXPECT_THAT(said(), HasSubstr("laptop> a6 UID STORE 1 +FLAGS (\\Deleted)\n"));
  EXPECT_EQ(list("laptop"), "<b> ");
  EXPECT_EQ(list("phone"), "<b> \\Recent");  // it was told while it listened
  EXPECT_EQ(on_server(), 1U);
}

TEST_F(Devices, AFolderThatIsMissingIsMadeAndTheMoveIsTriedAgain) {
  arrives("a");
  let("phone", ActKind::listen);
  said();
  let("phone", ActKind::move, "<a>", "Archive");
  const std::string told = said();
  EXPECT_THAT(told, HasSubstr("phone> a7 UID MOVE 1 Archive\nstore.example.org> a7 NO [TRYCREATE]"));
  EXPECT_THAT(told, HasSubstr("phone> a8 CREATE Archive\n"));
  EXPECT_THAT(told, HasSubstr("phone> a9 UID MOVE 1 Archive\n"));
  EXPECT_EQ(list("phone"), "");
  EXPECT_EQ(list("phone", "Archive"), "<a> \\Recent");
  EXPECT_EQ(on_server(), 0U);
  EXPECT_EQ(on_server("Archive"), 1U);

  // Another device sees it when it looks there.
  StoryAct look = on("laptop", ActKind::check);
  let(look);
  EXPECT_EQ(list("laptop"), "");
  look.mailbox = "Archive";
  let(look);
  EXPECT_THAT(list("laptop", "Archive"), HasSubstr("<a>"));
}

TEST_F(Devices, WhatIsDoneOfflineIsSaidFirstAndThenTheListIsCompared) {
  for (const char* id : {"a", "b", "c", "d"}) arrives(id);
  let("phone", ActKind::check);
  let("phone", ActKind::leave);
  let("phone", ActKind::read, "<a>");
  let("phone", ActKind::erase, "<b>");
  let("phone", ActKind::move, "<d>", "Archive");
  EXPECT_EQ(list("phone"), "<a> \\Recent \\Seen, <c> \\Recent");  // on the phone it is so at once
  EXPECT_EQ(on_server(), 4U);
  let("laptop", ActKind::check);
  let("laptop", ActKind::erase, "<c>");
  EXPECT_EQ(list("phone"), "<a> \\Recent \\Seen, <c> \\Recent");  // it does not know yet
  arrives("e");
  said();

  let("phone", ActKind::check);
  const std::string told = said();
  const auto order = {"UID STORE 1 +FLAGS (\\Seen)", "UID STORE 2 +FLAGS (\\Deleted)", "UID EXPUNGE 2", "UID MOVE 4 Archive",
                      "UID FETCH 1:3 (FLAGS)", "UID FETCH 4:* (UID FLAGS RFC822.SIZE BODY.PEEK[])"};
  std::size_t at = 0;
  for (const std::string_view line : order) {
    at = told.find(line, at);
    ASSERT_NE(at, told.npos) << line << " is missing, or out of order:\n" << told;
  }
  EXPECT_EQ(list("phone"), "<a> \\Seen, <e> \\Recent");
  EXPECT_EQ(list("phone", "Archive"), "<d> \\Recent");
  EXPECT_EQ(on_server(), 2U);
}

TEST_F(Devices, WhatWasWantedWhenTheLineBrokeIsSaidNextTime) {
  arrives("a");
  let("phone", ActKind::listen);
  ConnectionId line = 0;
  for (RecordId id = 0; id < played_.trace.end(); ++id)
    if (const auto* opened = std::get_if<Opened>(&played_.trace[id].what); opened && opened->protocol == Protocol::imap)
      line = played_.trace[id].connection;
  played_.world.perform(LetDevice{on("phone", ActKind::read)});
  played_.world.perform(ResetConnection{line});
  played_.play();
  EXPECT_EQ(list("phone"), "<a> \\Recent \\Seen");
  EXPECT_EQ(list("laptop"), "");
  let("laptop", ActKind::check);
  EXPECT_EQ(list("laptop"), "<a> ");  // the server has not heard of it
  let("phone", ActKind::check);
  let("laptop", ActKind::noop);
  EXPECT_EQ(list("laptop"), "<a> \\Seen");
}

TEST_F(Devices, WhatADeviceDoesComesAfterWhatItDidBefore) {
  arrives("a");
  let("pc", ActKind::collect);
  let("pc", ActKind::read, "<a>");
  const Instant read_at = played_.trace[played_.trace.end() - 1].at;
  let("pc", ActKind::erase, "<a>");
  EXPECT_GT(played_.trace[played_.trace.end() - 1].at, read_at);
}

TEST_F(Devices, APop3ProgramChangesNothingButItsOwnList) {
  for (const char* id : {"a", "b"}) arrives(id);
  let("pc", ActKind::collect);
  said();
  let("pc", ActKind::read, "<a>");
  let("pc", ActKind::move, "<b>", "Archive");
  EXPECT_EQ(list("pc"), "<a> \\Seen");
  EXPECT_EQ(list("pc", "Archive"), "<b> ");
  let("pc", ActKind::erase, "<a>");
  EXPECT_EQ(said(), "");
  EXPECT_EQ(on_server(), 2U);

  // What was ever fetched is not fetched again, and can still be deleted there.
  let("pc", ActKind::collect);
  EXPECT_THAT(said(), Not(HasSubstr("RETR")));
  EXPECT_EQ(list("pc"), "");
  StoryAct tidy = on("pc", ActKind::collect);
  tidy.remove = true;
  let(tidy);
  EXPECT_THAT(said(), HasSubstr("pc> DELE 1\nstore.example.org> +OK"));
  EXPECT_EQ(on_server(), 0U);
}

// ---- Acts that wait

const std::string waiting_story = R"(
  - {at: 300 ms, do: listen, device: reader, server: store.example.org, port: 143, tls: starttls, mark_read: yes}
  - {after: delivered, at: 10 ms, do: noop, device: reader}
  - {after: {fetched: reader}, do: flag, device: reader}
  - {after: bounced, do: leave, device: reader}
)";

Scenario waiting(const std::string& latency) {
  std::string yaml = with(small_world, {.links = "[{between: [mail.example.com, mx1.example.org], latency: " + latency + "}]"});
  yaml.resize(yaml.find_last_not_of('\n') + 1);
  return parse_scenario(yaml + waiting_story, "waiting.yaml").value();
}

std::vector<std::string> flags_on_store(const Played& played) {
  std::vector<std::string> flags;
  for (const StoreChanged* changed : played.all<StoreChanged>())
    if (changed->change == StoreChange::flags && changed->holder == played.host("store.example.org"))
      flags.emplace_back(played.trace.bytes(changed->flags));
  return flags;
}

TEST(Milestones, KeepASlowedStoryInStep) {
  for (const char* latency : {"5 ms", "9 s"}) {
    Played played(waiting(latency));
    played.play();
    EXPECT_THAT(flags_on_store(played), ElementsAre("\\Seen", "\\Seen \\Flagged")) << latency;
    const std::string said = played.transcript();
    EXPECT_LT(said.find("* 1 EXISTS"), said.find("NOOP")) << said;
    EXPECT_THAT(said, Not(HasSubstr("LOGOUT")));  // nothing bounced
  }
}

TEST(Milestones, ReachedByAnyWayOfRunningTheWorldAtTheSameTime) {
  Played whole(waiting("30 ms")), steps(waiting("30 ms"));
  whole.play();
  const Instant end = whole.world.now();
  while (steps.world.now() < end) steps.world.run_until(std::min(end, steps.world.now() + 7ms));
  ASSERT_EQ(whole.trace.end(), steps.trace.end());
  for (RecordId id = 0; id < whole.trace.end(); ++id) ASSERT_EQ(whole.trace[id].at, steps.trace[id].at);
}

TEST(Milestones, MistakesAreNamed) {
  const std::string yaml = with(small_world, {});
  const auto problem = [&](const std::string& act) {
    const auto read = parse_scenario(yaml.substr(0, yaml.find_last_not_of('\n') + 1) + "\n  - " + act + "\n", "x.yaml");
    return read ? std::string() : read.error().describe();
  };
  EXPECT_THAT(problem("{after: arrived, do: noop, device: reader}"), HasSubstr("\"arrived\" is not known as what an act waits for"));
  EXPECT_THAT(problem("{after: {delivered: shop}, do: noop, device: reader}"), HasSubstr("there is no host named \"shop\""));
  EXPECT_THAT(problem("{after: [], do: noop, device: reader}"), HasSubstr("what an act waits for is a text"));
  EXPECT_THAT(problem("{after: {}, do: noop, device: reader}"), HasSubstr("what an act waits for is a text"));
  EXPECT_THAT(problem("{do: noop, device: reader}"), HasSubstr("an act needs \"at\""));
  EXPECT_THAT(problem("{at: 1 s, do: move, device: reader}"), HasSubstr("this act needs \"to\""));
  EXPECT_EQ(problem("{after: {delivered: store.example.org}, do: noop, device: reader}"), "");
}

}  // namespace
}  // namespace glasspost::sim::testing
