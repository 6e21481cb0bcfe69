// LIST-EXTENDED, LIST-STATUS and STATUS=SIZE: the trees of RFC 5258 section 5, and what is told of them. What this server
// tells of children unasked (\HasChildren) is allowed there.
#include "tests/sim/services/dialogue.h"

namespace glasspost::sim {
namespace {

class ImapListExtended : public Dialogue {
 protected:
  void log_in() {
    play("S1: * OK ...\nC1: a0 LOGIN bob secret\nS1: a0 OK ...");
  }
  void make(std::initializer_list<const char*> names) {
    for (const char* name : names) ASSERT_TRUE(store.account("bob", now)->create(name, {.now = now})) << name;
  }
  void subscribe(std::initializer_list<const char*> names) {
    for (const char* name : names) ASSERT_TRUE(store.account("bob", now)->subscribe(name)) << name;
  }
  void remove(const char* name) { ASSERT_TRUE(store.account("bob", now)->remove(name, {.now = now})); }
};

TEST_F(ImapListExtended, FruitAndVegetables) {
  make({"Fruit", "Fruit/Apple", "Fruit/Banana", "Fruit/Peach", "Tofu", "Vegetable", "Vegetable/Broccoli", "Vegetable/Corn"});
  subscribe({"INBOX", "Fruit/Banana", "Fruit/Peach", "Vegetable", "Vegetable/Broccoli"});
  remove("Fruit/Peach");
  imap_settings.extensions.remove(imap::Extension::children);  // as the example's server
  log_in();
  play(R"~(
    C1: A01 LIST "" "*"
    S1: * LIST () "/" Fruit
    S1: * LIST () "/" Fruit/Apple
    S1: * LIST () "/" Fruit/Banana
    S1: * LIST () "/" INBOX
    S1: * LIST () "/" Tofu
    S1: * LIST () "/" Vegetable
    S1: * LIST () "/" Vegetable/Broccoli
    S1: * LIST () "/" Vegetable/Corn
    S1: A01 OK ...
    C1: A02 LIST (SUBSCRIBED) "" "*"
    S1: * LIST (\Subscribed) "/" Fruit/Banana
    S1: * LIST (\Subscribed \NonExistent) "/" Fruit/Peach
    S1: * LIST (\Subscribed) "/" INBOX
    S1: * LIST (\Subscribed) "/" Vegetable
    S1: * LIST (\Subscribed) "/" Vegetable/Broccoli
    S1: A02 OK ...
    C1: A03 LIST () "" "%" RETURN (CHILDREN)
    S1: * LIST (\HasChildren) "/" Fruit
    S1: * LIST (\HasNoChildren) "/" INBOX
    S1: * LIST (\HasNoChildren) "/" Tofu
    S1: * LIST (\HasChildren) "/" Vegetable
    S1: A03 OK ...
    C1: A06 LIST (REMOTE) "" "*" RETURN (SUBSCRIBED)
    S1: * LIST () "/" Fruit
    S1: * LIST () "/" Fruit/Apple
    S1: * LIST (\Subscribed) "/" Fruit/Banana
    S1: * LIST (\Subscribed) "/" INBOX
    S1: * LIST () "/" Tofu
    S1: * LIST (\Subscribed) "/" Vegetable
    S1: * LIST (\Subscribed) "/" Vegetable/Broccoli
    S1: * LIST () "/" Vegetable/Corn
    S1: A06 OK ...
    C1: A07 LIST "" ("INBOX" "Tofu" "Fruit/%" "" "Tof*")
    S1: * LIST () "/" Fruit/Apple
    S1: * LIST () "/" Fruit/Banana
    S1: * LIST () "/" INBOX
    S1: * LIST () "/" Tofu
    S1: A07 OK ...
    C1: A08 LIST "" "" RETURN ()
    S1: A08 OK ...
    C1: A09 LIST (RECURSIVEMATCH) "" "*"
    S1: A09 BAD ...)~");
}

TEST_F(ImapListExtended, AFolderThatIsClosedTellsOfWhatIsSubscribedInIt) {
  imap_settings.extensions.remove(imap::Extension::children);
  make({"Foo", "Foo/Bar", "Foo/Baz", "Moo"});
  subscribe({"Foo/Baz"});
  log_in();
  play(R"~(
    C1: C02 LIST (SUBSCRIBED) "" "*"
    S1: * LIST (\Subscribed) "/" Foo/Baz
    S1: C02 OK ...
    C1: C03 LIST (SUBSCRIBED) "" "%"
    S1: C03 OK ...
    C1: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
    S1: * LIST () "/" Foo ("CHILDINFO" ("SUBSCRIBED"))
    S1: C04 OK ...)~");
  subscribe({"Foo"});
  play(R"~(
    C1: C05 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
    S1: * LIST (\Subscribed) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))
    S1: C05 OK ...)~");
  ASSERT_TRUE(store.account("bob", now)->unsubscribe("Foo/Baz"));
  subscribe({"Moo"});
  play(R"~(
    C1: C06 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%" RETURN (CHILDREN)
    S1: * LIST (\Subscribed \HasChildren) "/" Foo
    S1: * LIST (\Subscribed \HasNoChildren) "/" Moo
    S1: C06 OK ...)~");
}

// A2: what is above a subscribed name, and is not there itself.
TEST_F(ImapListExtended, ALevelThatIsNotThereTellsOfWhatIsSubscribedInIt) {
  make({"Foo/Baz"});
  subscribe({"Foo/Baz"});
  remove("Foo/Baz"), remove("Foo");
  log_in();
  play(R"~(
    C1: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
    S1: * LIST (\HasNoChildren \NonExistent) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))
    S1: C04 OK ...)~");
}

// Example 9, without what would be redundant.
TEST_F(ImapListExtended, WhatIsBelowCountsWhetherOrNotItMatchesThePattern) {
  imap_settings.extensions.remove(imap::Extension::children);
  make({"foo2", "foo2/bar1", "foo2/bar2", "baz2", "baz2/bar2", "baz2/bar22", "baz2/bar222", "eps2", "eps2/mamba", "qux2/bar2"});
  subscribe({"foo2/bar1", "foo2/bar2", "baz2/bar2", "baz2/bar22", "baz2/bar222", "eps2", "eps2/mamba", "qux2/bar2"});
  log_in();
  play(R"~(
    C1: D03 LIST (RECURSIVEMATCH SUBSCRIBED) "" "*2"
    S1: * LIST (\Subscribed) "/" baz2/bar2
    S1: * LIST (\Subscribed) "/" baz2/bar22
    S1: * LIST (\Subscribed) "/" baz2/bar222
    S1: * LIST (\Subscribed) "/" eps2 ("CHILDINFO" ("SUBSCRIBED"))
    S1: * LIST () "/" foo2 ("CHILDINFO" ("SUBSCRIBED"))
    S1: * LIST (\Subscribed) "/" foo2/bar2
    S1: * LIST (\Subscribed) "/" qux2/bar2
    S1: D03 OK ...)~");
}

TEST_F(ImapListExtended, StatusOfEachThatCanBeSelectedAndMeetsTheCriteria) {
  imap_settings.extensions.remove(imap::Extension::children);
  arrive("Subject: a\r\n\r\none\r\n", {"\\Seen"}), arrive("Subject: b\r\n\r\ntwo two\r\n");
  make({"bar/x", "foo", "foo/y"});
  remove("bar");
  subscribe({"INBOX", "foo/y"});
  log_in();
  play(R"~(
    C1: A01 LIST "" % RETURN (STATUS (MESSAGES UNSEEN SIZE))
    S1: * LIST () "/" INBOX
    S1: * STATUS INBOX (MESSAGES 2 UNSEEN 1 SIZE 42)
    S1: * LIST (\Noselect) "/" bar
    S1: * LIST () "/" foo
    S1: * STATUS foo (MESSAGES 0 UNSEEN 0 SIZE 0)
    S1: A01 OK ...
    C1: A02 LIST (SUBSCRIBED RECURSIVEMATCH) "" % RETURN (STATUS (MESSAGES))
    S1: * LIST (\Subscribed) "/" INBOX
    S1: * STATUS INBOX (MESSAGES 2)
    S1: * LIST () "/" foo ("CHILDINFO" ("SUBSCRIBED"))
    S1: A02 OK ...
    C1: A03 STATUS INBOX (SIZE UIDNEXT)
    S1: * STATUS INBOX (SIZE 42 UIDNEXT 3)
    S1: A03 OK ...)~");
}

}  // namespace
}  // namespace glasspost::sim
