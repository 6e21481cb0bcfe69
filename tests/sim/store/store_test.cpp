#include "sim/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace glasspost::sim {
namespace {

using testing::ElementsAre;

constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h;

struct StoreTest : testing::Test {
  StoreTest() { users.add("bob", "secret"); }
  Account& bob() { return *store.account("bob", start); }
  Uid add(Mailbox& mailbox, std::string text, std::vector<std::string> flags = {}) {
    return mailbox.add({make_content(std::move(text)), std::move(flags), start}, act).value();
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [name, mailbox] : bob().mailboxes()) all.push_back(mailbox ? name : "(" + name + ")");
    return all;
  }
  std::vector<Uid> uids(const Mailbox& mailbox) {
    std::vector<Uid> all;
    for (const StoredMessage& message : mailbox.messages()) all.push_back(message.uid);
    return all;
  }

  Users users{"example.org"};
  Trace trace;
  Store store{{.holder = 7}, users, trace};
  Act act{.now = start, .cause = 3, .connection = 2};
};

TEST(Users, BareNamesAndAddressesInTheDomainAreOneUser) {
  Users users("Example.ORG");
  EXPECT_TRUE(users.add("Bob", "secret"));
  EXPECT_EQ(users.check("bob", "secret"), "bob");
  EXPECT_EQ(users.check("BOB@example.org", "secret"), "bob");
  EXPECT_FALSE(users.check("bob@example.com", "secret"));
  EXPECT_FALSE(users.check("bob", "Secret"));
  EXPECT_FALSE(users.check("bob", ""));
  EXPECT_FALSE(users.check("eve", "secret"));
}

TEST(Users, AnyNameIsAUserWhenOnePasswordFitsAll) {
  Users users("example.org");
  users.allow_any("open");
  EXPECT_EQ(users.check("new.person@example.org", "open"), "new.person");
  EXPECT_FALSE(users.check("new.person", "shut"));
  for (const char* name : {"", ".", "../x", "a/b", "a b", "a\nb", "@example.org"}) EXPECT_FALSE(users.exists(name)) << name;
  EXPECT_FALSE(users.exists(std::string(65, 'a')));
}

TEST(Users, AnEmptyPasswordNeverPasses) {
  Users users;
  users.add("bob", "");
  EXPECT_FALSE(users.check("bob", ""));
}

TEST_F(StoreTest, InboxIsAlwaysThereInAnyCase) {
  EXPECT_EQ(bob().find("inBox").get(), &bob().inbox());
  EXPECT_EQ(bob().remove("Inbox", act).error(), StoreFault::inbox);
  EXPECT_EQ(bob().create("INBOX", act).error(), StoreFault::already_exists);
  EXPECT_TRUE(bob().create("inbox/Lists", act));
  EXPECT_THAT(names(), ElementsAre("INBOX", "INBOX/Lists"));
}

TEST_F(StoreTest, CreateMakesTheLevelsAboveAndPassesATrailingDelimiterOver) {
  EXPECT_TRUE(bob().create("owatagusiam/", act));
  EXPECT_TRUE(bob().create("a/b/c", act));
  EXPECT_THAT(names(), ElementsAre("INBOX", "a", "a/b", "a/b/c", "owatagusiam"));
}

TEST_F(StoreTest, NamesThatCannotBeAreRefused) {
  const std::string long_name(401, 'x');
  std::string deep = "x";
  for (int i = 0; i < 40; ++i) deep += "/x";
  for (const std::string& name : {std::string(""), std::string("/"), std::string("/a"), std::string("a//b"),
                                  std::string("a\r\nb"), std::string("a\0b", 3), std::string("\xff"), long_name, deep})
    EXPECT_EQ(bob().create(name, act).error(), StoreFault::bad_name) << name;
  for (const char* name : {"a\"b", "a\\b", "{5}", "&", "Entwürfe", "a b", "%", "*", "."}) EXPECT_TRUE(bob().create(name, act)) << name;
}

// RFC 3501 section 6.3.4, its example.
TEST_F(StoreTest, DeletingANameWithOthersBelowLeavesItUnselectable) {
  bob().create("blurdybloop", act);
  bob().create("foo/bar", act);
  EXPECT_TRUE(bob().remove("blurdybloop", act));
  EXPECT_TRUE(bob().remove("foo", act));
  EXPECT_THAT(names(), ElementsAre("INBOX", "(foo)", "foo/bar"));
}

TEST_F(StoreTest, ANameWithoutAMailboxGoesWithTheLastBelowIt) {
  bob().create("foo/bar", act);
  bob().remove("foo", act);
  EXPECT_EQ(bob().remove("foo", act).error(), StoreFault::has_children);
  EXPECT_TRUE(bob().remove("foo/bar", act));
  EXPECT_THAT(names(), ElementsAre("INBOX"));
  EXPECT_EQ(bob().remove("foo", act).error(), StoreFault::no_such_mailbox);
}

// RFC 3501 section 6.3.5, its second example.
TEST_F(StoreTest, RenamingTakesWhatIsBelowAndMakesLevelsAbove) {
  bob().create("foo/bar", act);
  const auto bar = bob().find("foo/bar");
  EXPECT_TRUE(bob().rename("foo", "zowie/zap", act));
  EXPECT_THAT(names(), ElementsAre("INBOX", "zowie", "zowie/zap", "zowie/zap/bar"));
  EXPECT_EQ(bob().find("zowie/zap/bar"), bar);
  EXPECT_EQ(bar->name(), "zowie/zap/bar");
  EXPECT_EQ(bob().rename("nothing", "x", act).error(), StoreFault::no_such_mailbox);
  EXPECT_EQ(bob().rename("zowie", "INBOX", act).error(), StoreFault::already_exists);
  EXPECT_EQ(bob().rename("zowie", "zowie/in/itself", act).error(), StoreFault::bad_name);
}

TEST_F(StoreTest, RenamingInboxMovesItsMessagesAndLeavesItEmpty) {
  bob().create("INBOX/below", act);
  add(bob().inbox(), "one"), add(bob().inbox(), "two");
  EXPECT_TRUE(bob().rename("inbox", "old-mail", act));
  EXPECT_EQ(bob().inbox().size(), 0U);
  EXPECT_EQ(bob().inbox().uid_next(), 3U);
  EXPECT_EQ(bob().find("old-mail")->size(), 2U);
  EXPECT_TRUE(bob().find("INBOX/below"));
}

TEST_F(StoreTest, UidsAreNeverZeroAndNeverUsedAgain) {
  Mailbox& inbox = bob().inbox();
  EXPECT_EQ(add(inbox, "one"), 1U);
  EXPECT_EQ(add(inbox, "two"), 2U);
  const Uid last[] = {2};
  inbox.expunge(last, act);
  EXPECT_EQ(add(inbox, "three"), 3U);
  EXPECT_THAT(uids(inbox), ElementsAre(1, 3));
}

TEST_F(StoreTest, AMailboxMadeAgainHasAGreaterUidValidity) {
  const auto first = bob().create("x", act).value()->uid_validity();
  bob().remove("x", act);
  const auto second = bob().create("x", act).value()->uid_validity();
  EXPECT_GT(first, 0U);
  EXPECT_GT(second, first);
}

TEST_F(StoreTest, KeywordsHaveNoCaseAndAreLimited) {
  Mailbox& inbox = bob().inbox();
  add(inbox, "m", {"$Forwarded", "\\SEEN", "\\Recent", "\\Nonsense", "$forwarded"});
  EXPECT_EQ(inbox.flags_text(inbox[0].flags), "\\Seen $Forwarded");
  for (int i = 0; i < 100; ++i) add(inbox, "m", {"k" + std::to_string(i)});
  EXPECT_EQ(inbox.keywords().size(), flag::most_keywords);
  EXPECT_FALSE(inbox.takes_new_keywords());
  EXPECT_EQ(inbox.flags_text(inbox[100].flags), "");
}

TEST_F(StoreTest, CopiesKeepFlagsKeywordsDateAndText) {
  Mailbox& inbox = bob().inbox();
  Mailbox& other = *bob().create("other", act).value();
  add(other, "x", {"unlike"});
  add(inbox, "one", {"\\Answered", "$Junk"}), add(inbox, "two");
  const Uid both[] = {1, 2, 9};
  EXPECT_THAT(inbox.copy(both, other, act).value(), ElementsAre(std::pair(1U, 2U), std::pair(2U, 3U)));
  EXPECT_EQ(other.flags_text(other[1].flags), "\\Answered $Junk");
  EXPECT_EQ(other[1].content, inbox[0].content);
  EXPECT_THAT(inbox.move(both, other, act).value(), ElementsAre(std::pair(1U, 4U), std::pair(2U, 5U)));
  EXPECT_EQ(inbox.size(), 0U);
}

TEST_F(StoreTest, CopyingIntoTheSameMailboxEnds) {
  Mailbox& inbox = bob().inbox();
  add(inbox, "one");
  const Uid wide[] = {1, 2, 3, 4};
  EXPECT_EQ(inbox.copy(wide, inbox, act)->size(), 1U);
  EXPECT_EQ(inbox.size(), 2U);
}

TEST_F(StoreTest, CountsFollowEveryChange) {
  Mailbox& inbox = bob().inbox();
  add(inbox, "12345"), add(inbox, "123"), add(inbox, "1", {"\\Seen"});
  EXPECT_EQ(inbox.unseen(), 2U);
  EXPECT_EQ(inbox.octets(), 9U);
  inbox.set_flags(1, flag::seen, act);
  EXPECT_EQ(inbox.unseen(), 1U);
  const Uid some[] = {1, 2};
  inbox.expunge(some, act);
  EXPECT_EQ(inbox.unseen(), 0U);
  EXPECT_EQ(inbox.octets(), 1U);
  EXPECT_THAT(uids(inbox), ElementsAre(3));
}

TEST_F(StoreTest, SubscriptionsOutliveTheMailbox) {
  bob().create("news", act);
  EXPECT_TRUE(bob().subscribe("news"));
  EXPECT_TRUE(bob().subscribe("inbox"));
  EXPECT_EQ(bob().subscribe("nothing").error(), StoreFault::no_such_mailbox);
  bob().remove("news", act);
  EXPECT_THAT(bob().subscriptions(), ElementsAre("INBOX", "news"));
  EXPECT_TRUE(bob().unsubscribe("news"));
  EXPECT_EQ(bob().unsubscribe("news").error(), StoreFault::no_such_mailbox);
}

TEST_F(StoreTest, DeliveryWantsAUser) {
  EXPECT_EQ(store.deliver("bob@example.org", make_content("m"), act), 1U);
  EXPECT_EQ(store.deliver("eve", make_content("m"), act).error(), StoreFault::no_such_user);
  EXPECT_EQ(bob().inbox().recent(), 1U);
}

TEST_F(StoreTest, EveryChangeIsInTheTraceWithItsCause) {
  bob();
  const RecordId before = trace.end();
  store.deliver("bob", make_content("Subject: Hello,\r\n Bob\r\nMessage-ID: <1@x>\r\n\r\nSubject: no\r\n"), act);
  bob().inbox().set_flags(1, flag::seen, act);
  const Uid one[] = {1};
  bob().inbox().expunge(one, act);
  bob().create("x", act), bob().rename("x", "y", act), bob().remove("y", act);
  std::string told;
  for (RecordId id = before; id < trace.end(); ++id) {
    const Record& record = trace[id];
    EXPECT_EQ(record.cause, 3U);
    EXPECT_EQ(record.connection, 2U);
    EXPECT_EQ(record.at, start);
    const auto& what = std::get<StoreChanged>(record.what);
    EXPECT_EQ(what.holder, 7U);
    EXPECT_EQ(trace.bytes(what.user), "bob");
    told += std::to_string(int(what.change)) + " " + std::string(trace.bytes(what.mailbox)) + " uid " +
            std::to_string(what.uid) + " seq " + std::to_string(what.sequence) + " (" + std::string(trace.bytes(what.flags)) +
            ") " + std::string(trace.bytes(what.subject)) + " " + std::string(trace.bytes(what.key)) + "\n";
  }
  EXPECT_EQ(told,
            "0 INBOX uid 1 seq 1 () Hello, Bob <1@x>\n"
            "1 INBOX uid 1 seq 1 (\\Seen) Hello, Bob <1@x>\n"
            "2 INBOX uid 1 seq 1 (\\Seen) Hello, Bob <1@x>\n"
            "4 x uid 0 seq 0 ()  \n"
            "6 x uid 0 seq 0 ()  y\n"
            "5 y uid 0 seq 0 ()  \n");
}

// A journal that refuses everything from a certain call on: a full disk.
struct FullDisk : Journal {
  int room = 0;
  bool lets_go = false;
  bool take() { return room-- > 0; }
  bool create(const Mailbox&) override { return take(); }
  bool remove(const Mailbox&) override { return take(); }
  bool rename(const Account&, std::string_view, std::string_view) override { return take(); }
  bool subscriptions(const Account&, const std::set<std::string>&) override { return take(); }
  bool add(const Mailbox&, const StoredMessage&) override { return take(); }
  bool set_flags(const Mailbox&, const StoredMessage&, Flags) override { return take(); }
  bool expunge(const Mailbox&, std::span<const StoredMessage* const>) override { return lets_go || take(); }
};

TEST_F(StoreTest, WhatCannotBeWrittenDownDoesNotHappen) {
  Mailbox& inbox = bob().inbox();
  add(inbox, "one"), add(inbox, "two");
  bob().create("other", act);
  FullDisk disk;
  store.set_journal(&disk);
  const Uid one[] = {1};
  EXPECT_EQ(store.deliver("bob", make_content("m"), act).error(), StoreFault::not_kept);
  EXPECT_EQ(inbox.set_flags(1, flag::seen, act).error(), StoreFault::not_kept);
  EXPECT_EQ(inbox.expunge(one, act).error(), StoreFault::not_kept);
  EXPECT_EQ(bob().create("new", act).error(), StoreFault::not_kept);
  EXPECT_EQ(bob().rename("other", "new", act).error(), StoreFault::not_kept);
  EXPECT_EQ(bob().remove("other", act).error(), StoreFault::not_kept);
  EXPECT_EQ(bob().subscribe("other").error(), StoreFault::not_kept);
  EXPECT_THAT(names(), ElementsAre("INBOX", "other"));
  EXPECT_THAT(uids(inbox), ElementsAre(1, 2));
  EXPECT_EQ(inbox[0].flags, 0U);

  Mailbox& other = *bob().find("other");
  const Uid both[] = {1, 2};
  disk.room = 1;  // the first copy fits, the second does not
  disk.lets_go = true;
  EXPECT_EQ(inbox.copy(both, other, act).error(), StoreFault::not_kept);
  EXPECT_THAT(uids(inbox), ElementsAre(1, 2));
  EXPECT_EQ(other.size(), 0U);
}

TEST_F(StoreTest, WhatAJournalKeptIsReadBackUnchanged) {
  Account& account = store.restore_account("bob");
  Mailbox& inbox = account.restore("INBOX", 77);
  inbox.restore(4, {make_content("four"), {"\\Seen", "$x"}, start});
  inbox.restore(9, {make_content("nine"), {}, start}, true);
  inbox.restore_uid_next(20);
  account.restore("a/b", 5'000'000'00);
  account.restore_subscription("a/b");
  EXPECT_EQ(trace.size(), 0U);
  EXPECT_EQ(&account, &bob());
  EXPECT_THAT(names(), ElementsAre("INBOX", "(a)", "a/b"));
  EXPECT_EQ(inbox.uid_validity(), 77U);
  EXPECT_EQ(inbox.recent(), 1U);
  EXPECT_EQ(inbox.unseen(), 1U);
  EXPECT_EQ(add(inbox, "new"), 20U);
  EXPECT_EQ(inbox.flags_text(inbox[0].flags), "\\Seen $x");
}

}  // namespace
}  // namespace glasspost::sim
