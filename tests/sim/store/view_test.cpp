#include "sim/store/view.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

#include "sim/store/store.h"

namespace glasspost::sim {
namespace {

std::string text(const std::vector<View::Update>& updates) {
  std::string all;
  for (const auto& [kind, number, uid] : updates) {
    if (!all.empty()) all += ", ";
    const std::string n = std::to_string(number);
    switch (kind) {
      case View::Update::Kind::expunge: all += n + " EXPUNGE"; break;
      case View::Update::Kind::exists: all += n + " EXISTS"; break;
      case View::Update::Kind::recent: all += n + " RECENT"; break;
      case View::Update::Kind::flags: all += n + " FETCH"; break;
    }
  }
  return all;
}

// A mailbox and sessions A, B, C..., driven by lines:
//   deliver N            so many messages arrive
//   A open, A examine    A selects the mailbox; A close
//   A flag 2 \Seen       A sets the flags of its message 2; "A silent ..." likewise (the view behaves the same)
//   A expunge 2 3        A expunges its messages 2 and 3
//   A noop: ...          what A is told when everything may be said
//   A fetch: ...         what A is told when EXPUNGE may not be said
//   A sees: 1 2 4r       UIDs by sequence number; r: \Recent
struct Interleaving {
  const char* name;
  const char* script;
};

class Table {
 public:
  Table() {
    users.add("bob", "secret");
    inbox = store.account("bob", {})->find("INBOX");
  }

  void run(const std::string& script) {
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
      line.erase(0, line.find_first_not_of(' '));
      if (!line.empty()) step(line);
    }
  }

 private:
  void step(const std::string& line) {
    SCOPED_TRACE(line);
    std::istringstream words(line);
    std::string who, what;
    words >> who >> what;
    const auto colon = line.find(':');
    const std::string expected = colon == std::string::npos || colon + 2 > line.size() ? "" : line.substr(colon + 2);
    if (who == "deliver") {
      for (int n = std::stoi(what); n > 0; --n) ASSERT_TRUE(store.deliver("bob", make_content("m"), {}));
      return;
    }
    auto& view = views[who];
    if (what == "open" || what == "examine")
      view = std::make_unique<View>(inbox, what == "examine");
    else if (what == "close")
      view.reset();
    else if (what == "flag")
      flag(*view, words);
    else if (what == "expunge")
      expunge(*view, words);
    else if (what == "noop:" || what == "fetch:")
      EXPECT_EQ(text(view->take_updates(what == "noop:")), expected);
    else if (what == "sees:")
      EXPECT_EQ(seen(*view), expected);
    else
      FAIL() << "no such step";
  }
  void flag(View& view, std::istream& words) {
    std::uint32_t number;
    std::vector<std::string> names(1);
    words >> number >> names[0];
    inbox->set_flags(view.uid(number), inbox->flags_of(names), {.by = view.listener()});
  }
  void expunge(View& view, std::istream& words) {
    std::vector<Uid> uids;
    for (std::uint32_t number; words >> number;) uids.push_back(view.uid(number));
    inbox->expunge(uids, {});
  }
  std::string seen(View& view) {
    std::string all;
    std::uint32_t recent = 0;
    for (std::uint32_t number = 1; number <= view.exists(); ++number) {
      const Uid uid = view.uid(number);
      EXPECT_EQ(view.message(number).uid, uid);
      EXPECT_EQ(view.sequence(uid), number);
      all += (all.empty() ? "" : " ") + std::to_string(uid) + (view.is_recent(uid) ? "r" : "");
      recent += view.is_recent(uid);
    }
    EXPECT_EQ(view.recent(), recent);
    return all;
  }

  Users users;
  Trace trace;
  Store store{{}, users, trace};
  std::shared_ptr<Mailbox> inbox;
  std::map<std::string, std::unique_ptr<View>> views;
};

const Interleaving interleavings[] = {
    {"each session has its own numbers", R"(
      deliver 4
      A open
      B open
      B expunge 2
      B noop: 2 EXPUNGE
      B sees: 1 3 4
      A sees: 1r 2r 3r 4r
      A fetch:
      A sees: 1r 2r 3r 4r
      A noop: 2 EXPUNGE, 3 RECENT
      A sees: 1r 3r 4r)"},
    {"expunges are counted as they are said", R"(
      deliver 6
      A open
      B examine
      A expunge 2 3 5
      B noop: 2 EXPUNGE, 2 EXPUNGE, 3 EXPUNGE
      B sees: 1 4 6)"},
    {"new mail waits behind a pending expunge", R"(
      deliver 3
      A open
      B open
      B expunge 1
      deliver 2
      A fetch:
      A noop: 1 EXPUNGE, 4 EXISTS, 4 RECENT)"},
    {"new mail may be told when nothing was expunged", R"(
      deliver 1
      A open
      deliver 2
      A fetch: 3 EXISTS, 3 RECENT
      A noop:)"},
    {"flags may be told while an expunge is pending, by the old numbers", R"(
      deliver 3
      A open
      B open
      B expunge 1
      B noop: 1 EXPUNGE
      B flag 2 \Seen
      A fetch: 3 FETCH
      A noop: 1 EXPUNGE, 2 RECENT)"},
    {"the flags of a message that is gone are not told", R"(
      deliver 2
      A open
      B open
      B flag 1 \Deleted
      B expunge 1
      A fetch:
      A noop: 1 EXPUNGE, 1 RECENT)"},
    {"who sets a flag is not told", R"(
      deliver 1
      A open
      B open
      A flag 1 \Seen
      A noop:
      B noop: 1 FETCH
      B noop:)"},
    {"a message that came and went is never told", R"(
      A open
      B open
      deliver 2
      B noop: 2 EXISTS, 2 RECENT
      B expunge 1 2
      B noop: 1 EXPUNGE, 1 EXPUNGE, 0 RECENT
      A noop:)"},
    {"a message that came and went between two that stay", R"(
      A open
      B open
      deliver 3
      B noop: 3 EXISTS, 3 RECENT
      B expunge 2
      A noop: 2 EXISTS, 0 RECENT
      A sees: 1 3)"},
    {"flags set before the message was told come with it", R"(
      A open
      B open
      deliver 1
      B noop: 1 EXISTS, 1 RECENT
      B flag 1 \Seen
      A noop: 1 EXISTS, 0 RECENT)"},
    {"Recent is one session's", R"(
      deliver 2
      A open
      B open
      A sees: 1r 2r
      B sees: 1 2
      deliver 1
      B noop: 3 EXISTS, 1 RECENT
      A noop: 3 EXISTS, 2 RECENT
      A sees: 1r 2r 3
      B sees: 1 2 3r
      A close
      A open
      A sees: 1 2 3)"},
    {"EXAMINE shows Recent and leaves it", R"(
      deliver 1
      A examine
      A sees: 1r
      deliver 1
      A noop: 2 EXISTS, 2 RECENT
      B open
      B sees: 1r 2r
      C open
      C sees: 1 2)"},
    {"Recent messages that are expunged no longer count", R"(
      deliver 3
      A open
      A expunge 2
      A noop: 2 EXPUNGE, 2 RECENT
      deliver 1
      A noop: 3 EXISTS, 3 RECENT
      A sees: 1r 3r 4r)"},
    {"an emptied mailbox", R"(
      deliver 2
      A open
      B open
      B expunge 1 2
      deliver 1
      A noop: 1 EXPUNGE, 1 EXPUNGE, 1 EXISTS, 1 RECENT
      A sees: 3r
      B noop: 1 EXPUNGE, 1 EXPUNGE, 1 EXISTS, 0 RECENT)"},
};

TEST(View, TellsEachSessionWhatItMustKnowAndWhen) {
  for (const auto& [name, script] : interleavings) {
    SCOPED_TRACE(name);
    Table().run(script);
  }
}

TEST(View, ReadsAMessageThatAnotherSessionExpunged) {
  Users users;
  users.add("bob", "secret");
  Trace trace;
  Store store({}, users, trace);
  store.deliver("bob", make_content("Subject: still here\r\n\r\n"), {});
  const auto inbox = store.account("bob", {})->find("INBOX");
  View view(inbox, false);
  const Uid one[] = {1};
  inbox->expunge(one, {});
  EXPECT_TRUE(view.expunged(1));
  EXPECT_EQ(view.message(1).content->header("subject"), "still here");
}

TEST(View, SeesADeletedMailboxAsEmptied) {
  Users users;
  users.add("bob", "secret");
  Trace trace;
  Store store({}, users, trace);
  Account& bob = *store.account("bob", {});
  const auto work = bob.create("Work", {}).value();
  work->add({make_content("m"), {}, {}}, {});
  View view(work, false);
  EXPECT_TRUE(bob.remove("Work", {}));
  EXPECT_EQ(view.message(1).content->text(), "m");
  EXPECT_EQ(text(view.take_updates(true)), "1 EXPUNGE, 0 RECENT");
  EXPECT_TRUE(view.mailbox().gone());
  EXPECT_EQ(work->add({make_content("m"), {}, {}}, {}).error(), StoreFault::no_such_mailbox);
}

TEST(View, ResolvesSetsByNumberAndByUid) {
  Users users;
  users.add("bob", "secret");
  Trace trace;
  Store store({}, users, trace);
  for (int i = 0; i < 6; ++i) store.deliver("bob", make_content("m"), {});
  const auto inbox = store.account("bob", {})->find("INBOX");
  const Uid some[] = {2, 3, 5};
  inbox->expunge(some, {});  // UIDs 1, 4, 6
  const View view(inbox, false);
  const auto numbers = [&](const char* set, bool uids) {
    std::string all;
    for (const auto number : view.numbers(imap::parse_sequence_set(set).value(), uids)) all += std::to_string(number);
    return all;
  };
  EXPECT_EQ(numbers("1:*", false), "123");
  EXPECT_EQ(numbers("3,1", false), "13");
  EXPECT_EQ(numbers("*", false), "3");
  EXPECT_EQ(numbers("4:6", true), "23");
  EXPECT_EQ(numbers("2,3,5", true), "");
  EXPECT_EQ(numbers("100:*", true), "3") << "\"*\" is the largest, and a range may be written from either end";
  EXPECT_EQ(numbers("1:4294967295", true), "123");
}

// ---- thousands of random steps against a model that is too simple to be wrong

struct Model {
  struct Letter { Uid uid; Flags flags; };
  std::vector<Letter> store;
  struct Client {  // what a mail program would believe from what it was told
    std::unique_ptr<View> view;
    std::vector<Letter> letters;
    std::set<Uid> recent;
  };
  std::vector<Client> clients;

  Letter* find(Uid uid) {
    for (Letter& letter : store)
      if (letter.uid == uid) return &letter;
    return nullptr;
  }
};

class Driver {
 public:
  explicit Driver(unsigned seed) : random(seed) {
    users.add("bob", "secret");
    inbox = store.account("bob", {})->find("INBOX");
    model.clients.resize(4);
  }

  void step() {
    auto& client = model.clients[pick(model.clients.size())];
    switch (pick(12)) {
      case 0: case 1: deliver(); break;
      case 2: case 3: set_flags(client); break;
      case 4: case 5: expunge(client); break;
      case 6: reopen(client); break;
      case 7: case 8: tell(client, true); break;
      case 9: case 10: tell(client, false); break;
      case 11: copy(); break;
    }
    for (auto& each : model.clients) check(each);
  }

  // Once everything has been told, every client believes what is so.
  void finish() {
    for (auto& client : model.clients) {
      tell(client, true);
      check(client);
      if (!client.view) continue;
      ASSERT_EQ(client.letters.size(), model.store.size());
      for (std::size_t i = 0; i < model.store.size(); ++i) {
        ASSERT_EQ(client.letters[i].uid, model.store[i].uid);
        ASSERT_EQ(client.letters[i].flags, model.store[i].flags);
      }
      ASSERT_FALSE(client.view->has_updates());
    }
    std::set<Uid> owned;
    for (const auto& client : model.clients) {
      if (!client.view || client.view->read_only()) continue;
      for (const Uid uid : client.recent) ASSERT_TRUE(owned.insert(uid).second) << "\\Recent to two sessions";
    }
  }

 private:
  std::size_t pick(std::size_t count) { return random() % count; }

  void deliver() {
    for (std::size_t n = 1 + pick(3); n > 0; --n) {
      const Uid uid = inbox->add({make_content(std::to_string(next)), {}, {}}, {}).value();
      ASSERT_EQ(uid, next);
      model.store.push_back({next++, 0});
    }
  }
  void copy() {
    if (model.store.empty()) return;
    const Uid from[] = {model.store[pick(model.store.size())].uid};
    const auto done = inbox->copy(from, *inbox, {});
    ASSERT_EQ(done.value(), (Mailbox::Copied{{from[0], next}}));
    model.store.push_back({next++, model.find(from[0])->flags});
  }
  void set_flags(Model::Client& client) {
    if (!client.view || client.letters.empty()) return;
    const auto number = std::uint32_t(pick(client.letters.size()) + 1);
    const Flags flags = pick(32);
    auto& known = client.letters[number - 1];
    if (auto* letter = model.find(known.uid)) {
      letter->flags = known.flags = flags;
      inbox->set_flags(known.uid, flags, {.by = client.view->listener()});
      client.view->flags_were_told(number);
    } else {
      ASSERT_TRUE(client.view->expunged(number));
      inbox->set_flags(known.uid, flags, {.by = client.view->listener()});
    }
  }
  void expunge(Model::Client& client) {
    if (!client.view || client.letters.empty()) return;
    std::set<Uid> uids;
    for (std::size_t n = 1 + pick(4); n > 0; --n) uids.insert(client.letters[pick(client.letters.size())].uid);
    inbox->expunge(std::vector<Uid>(uids.begin(), uids.end()), {});
    std::erase_if(model.store, [&](const auto& letter) { return uids.contains(letter.uid); });
  }
  void reopen(Model::Client& client) {
    client.view.reset();
    client.letters.clear(), client.recent.clear();
    if (pick(3) == 0) return;
    client.view = std::make_unique<View>(inbox, pick(4) == 0);
    client.letters = model.store;
    learn_recent(client, 0);
  }
  void learn_recent(Model::Client& client, std::size_t from) {
    for (std::size_t i = from; i < client.letters.size(); ++i)
      if (client.view->is_recent(client.letters[i].uid)) client.recent.insert(client.letters[i].uid);
  }
  void tell(Model::Client& client, bool everything) {
    if (!client.view) return;
    bool exists_said = false;
    for (const auto& [kind, number, which] : client.view->take_updates(everything)) {
      switch (kind) {
        case View::Update::Kind::expunge: {
          ASSERT_TRUE(everything);
          ASSERT_FALSE(exists_said) << "EXPUNGE comes first";
          ASSERT_LE(number, client.letters.size());
          const Uid uid = client.letters[number - 1].uid;
          ASSERT_FALSE(model.find(uid));
          client.recent.erase(uid);
          client.letters.erase(client.letters.begin() + number - 1);
          break;
        }
        case View::Update::Kind::exists: {
          exists_said = true;
          ASSERT_GT(number, client.letters.size()) << "EXISTS never takes messages away";
          const std::size_t old = client.letters.size();
          for (std::uint32_t n = std::uint32_t(old) + 1; n <= number; ++n)
            client.letters.push_back({client.view->uid(n), client.view->message(n).flags});
          learn_recent(client, old);
          break;
        }
        case View::Update::Kind::recent: ASSERT_EQ(number, client.recent.size()); break;
        case View::Update::Kind::flags: client.letters[number - 1].flags = client.view->message(number).flags; break;
      }
    }
  }
  // Whatever else has happened: a number means to the server the message that it means to this client.
  void check(Model::Client& client) {
    if (!client.view) return;
    ASSERT_EQ(client.view->exists(), client.letters.size());
    ASSERT_EQ(client.view->recent(), client.recent.size());
    for (std::uint32_t number = 1; number <= client.letters.size(); ++number) {
      const Uid uid = client.letters[number - 1].uid;
      ASSERT_EQ(client.view->uid(number), uid);
      ASSERT_EQ(client.view->message(number).uid, uid);
      ASSERT_EQ(client.view->expunged(number), model.find(uid) == nullptr);
    }
  }

  std::minstd_rand random;
  Users users;
  Trace trace;
  Store store{{.records = false}, users, trace};
  std::shared_ptr<Mailbox> inbox;
  Model model;
  Uid next = 1;
};

TEST(View, AgreesWithAPlainModelWhateverTheInterleaving) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Driver driver(seed);
    for (int step = 0; step < 400; ++step) {
      driver.step();
      if (testing::Test::HasFatalFailure()) return;
    }
    driver.finish();
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace glasspost::sim
