// What a mailbox remembers of what has left it: RFC 7162 sections 3.2.6 and 5.3.
#include "sim/store/vanished.h"

#include <gtest/gtest.h>

#include "sim/store/store.h"

namespace glasspost::sim {
namespace {

std::string text(const std::vector<imap::SequenceRange>& ranges) { return imap::SequenceSet(ranges).text(); }

TEST(Vanished, TellsWhatWentSince) {
  Vanished vanished;
  vanished.add(5, std::vector<std::uint32_t>{3, 4, 9});
  vanished.add(7, std::vector<std::uint32_t>{5});
  EXPECT_EQ(text(vanished.since(0)), "3:5,9");
  EXPECT_EQ(text(vanished.since(4)), "3:5,9");
  EXPECT_EQ(text(vanished.since(5)), "5");
  EXPECT_EQ(text(vanished.since(7)), "");
  EXPECT_TRUE(vanished.knows_since(0));
}

TEST(Vanished, ForgetsTheOldestFirstAndKnowsIt) {
  Vanished vanished;
  for (std::uint32_t i = 1; i <= Vanished::most_ranges + 3; ++i) vanished.add(i, std::vector{i * 2});
  EXPECT_EQ(vanished.ranges().size(), Vanished::most_ranges);
  EXPECT_EQ(vanished.forgotten(), 3U);
  EXPECT_FALSE(vanished.knows_since(2));
  EXPECT_TRUE(vanished.knows_since(3));
  EXPECT_EQ(vanished.since(3).front(), (imap::SequenceRange{8, 8}));
}

TEST(Vanished, WhatBothNameIsFound) {
  const std::vector<imap::SequenceRange> one{{1, 4}, {7, 7}, {10, 20}}, other{{3, 8}, {12, 12}, {15, 30}};
  EXPECT_EQ(text(common(one, other)), "3:4,7,12,15:20");
  EXPECT_EQ(text(common(other, one)), "3:4,7,12,15:20");
  EXPECT_EQ(text(common(one, {})), "");
}

struct MailboxHistory : testing::Test {
  MailboxHistory() { users.add("bob", "secret"); }
  Mailbox& inbox() { return store.account("bob", {})->inbox(); }
  void add(int messages) {
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(inbox().add({make_content("x"), {}, {}}, {}));
  }
  Users users{"example.org"};
  Trace trace;
  Store store{{}, users, trace};
};

// RFC 7162 section 3.1: each change has a greater mod-sequence than all before it, and what is already so is no change.
TEST_F(MailboxHistory, ModSequencesGrow) {
  add(2);
  EXPECT_EQ(inbox()[0].modseq, 2U);
  EXPECT_EQ(inbox()[1].modseq, 3U);
  ASSERT_TRUE(inbox().set_flags(1, flag::seen, {}));
  EXPECT_EQ(inbox()[0].modseq, 4U);
  ASSERT_TRUE(inbox().set_flags(1, flag::seen, {}));
  EXPECT_EQ(inbox().highest_modseq(), 4U);
  ASSERT_TRUE(inbox().expunge(std::vector<Uid>{2}, {}));
  EXPECT_EQ(inbox().highest_modseq(), 5U);
  EXPECT_EQ(text(inbox().vanished_since(4)), "2");
  ASSERT_TRUE(inbox().expunge(std::vector<Uid>{2}, {}));
  EXPECT_EQ(inbox().highest_modseq(), 5U);
}

// Section 3.2.6: who asks for what is no longer remembered is told of all that is gone.
TEST_F(MailboxHistory, WhatWasForgottenIsToldAsAllThatIsMissing) {
  add(9);
  ASSERT_TRUE(inbox().expunge(std::vector<Uid>{2, 3}, {}));
  const std::uint64_t before = inbox().highest_modseq();
  ASSERT_TRUE(inbox().expunge(std::vector<Uid>{5, 9}, {}));
  EXPECT_EQ(text(inbox().vanished_since(before)), "5,9");
  inbox().restore_forgotten(before);
  EXPECT_EQ(text(inbox().vanished_since(before)), "5,9");
  EXPECT_EQ(text(inbox().vanished_since(before - 1)), "2:3,5,9");
}

}  // namespace
}  // namespace glasspost::sim
