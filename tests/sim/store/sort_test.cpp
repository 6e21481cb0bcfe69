// The base subject, and conversations: RFC 5256 sections 2.1 and 3.
#include "sim/store/sort.h"

#include <gtest/gtest.h>

namespace glasspost::sim {
namespace {

TEST(BaseSubject, IsWithoutWhatProgramsPutThere) {
  struct Case {
    const char* subject;
    const char* base;
    bool reply;
  };
  for (const Case& c : {
           Case{"Lunch", "Lunch", false},
           Case{"Re: Lunch", "Lunch", true},
           Case{"RE:Lunch", "Lunch", true},
           Case{"re : Lunch  today", "Lunch today", true},
           Case{"Fwd: Fw: Re: Lunch", "Lunch", true},
           Case{"Re[2]: Lunch", "Lunch", true},
           Case{"Re [list]: Lunch", "Lunch", true},
           Case{"[list] Lunch", "Lunch", false},
           Case{"[list] Re: [other] Lunch", "Lunch", true},
           Case{"[list]", "[list]", false},
           Case{"[a][b]", "[b]", false},
           Case{"Lunch (fwd)", "Lunch", true},
           Case{"Lunch (FWD) (fwd) ", "Lunch", true},
           Case{"[fwd: Lunch]", "Lunch", true},
           Case{"[Fwd: Re: Lunch (fwd)]", "Lunch", true},
           Case{"Lunch\t\r\n today", "Lunch today", false},
           Case{"Regarding lunch", "Regarding lunch", false},
           Case{"Re", "Re", false},
           Case{"Re:", "", true},
           Case{"", "", false},
           Case{"[broken Lunch", "[broken Lunch", false},
       }) {
    const BaseSubject base = base_subject(c.subject);
    EXPECT_EQ(base.text, c.base) << c.subject;
    EXPECT_EQ(base.reply, c.reply) << c.subject;
  }
}

std::string shown(const std::vector<imap::ThreadNode>& threads) {
  std::string out;
  imap::write(out, imap::ThreadData{threads});
  return out.substr(2, out.size() - 4);
}

// "2 Re:Lunch <b> <a>" : number, subject, own id, references; sent in the order of the numbers.
class Threads : public ::testing::Test {
 protected:
  void letter(std::string subject, std::string id, std::vector<std::string> references = {}) {
    Threading::Facts facts;
    facts.number = std::uint32_t(facts_.size() + 1);
    facts.sent = Instant{} + std::chrono::hours(facts.number);
    facts.subject = base_subject(subject);
    facts.id = std::move(id);
    facts.references = std::move(references);
    facts_.push_back(std::move(facts));
  }
  std::string references() const { return shown(thread_by_references(facts_)); }
  std::string subjects() const { return shown(thread_by_subject(facts_)); }
  std::vector<Threading::Facts> facts_;
};

TEST_F(Threads, OfNothingAreNone) {
  EXPECT_EQ(references(), "THREAD");
  EXPECT_EQ(subjects(), "THREAD");
}

TEST_F(Threads, FollowTheReferences) {
  letter("Lunch", "a@x");
  letter("Dinner", "d@x");
  letter("Re: Lunch", "b@x", {"a@x"});
  letter("Re: Lunch", "c@x", {"a@x", "b@x"});
  letter("Another subject", "e@x", {"a@x"});
  EXPECT_EQ(references(), "THREAD (1 (3 4)(5))(2)");
  EXPECT_EQ(subjects(), "THREAD (1 (3)(4))(2)(5)");
}

TEST_F(Threads, AnAnswerMayComeBeforeWhatItAnswers) {
  letter("Re: Lunch", "b@x", {"a@x"});
  letter("Lunch", "a@x");
  EXPECT_EQ(references(), "THREAD (2 1)");
}

TEST_F(Threads, AMessageThatIsMissingHoldsItsAnswersTogether) {
  letter("Re: Lunch", "b@x", {"a@x"});
  letter("Re: Lunch", "c@x", {"a@x"});
  letter("Re: Tea", "f@x", {"e@x", "missing@x"});
  EXPECT_EQ(references(), "THREAD ((1)(2))(3)");  // a dummy with one child gives way to it
}

TEST_F(Threads, ALoopIsNotFollowed) {
  letter("A", "a@x", {"b@x"});
  letter("B", "b@x", {"a@x"});
  letter("C", "c@x", {"c@x"});
  EXPECT_EQ(references(), "THREAD (2 1)(3)");
}

TEST_F(Threads, TheSameNameTwiceIsTheFirstOnes) {
  letter("A", "a@x");
  letter("B", "a@x");
  letter("C", "c@x", {"a@x"});
  EXPECT_EQ(references(), "THREAD (1 3)(2)");
}

TEST_F(Threads, WhatHasTheSameSubjectIsGathered) {
  letter("Lunch", "a@x");
  letter("Re: Lunch", "b@x");          // a reply without references: a child of the first
  letter("Tea", "c@x");
  letter("Tea", "d@x");                // neither is a reply: siblings below nothing
  letter("Re: Cake", "e@x");
  letter("Cake", "f@x");               // the one that is no reply is in the table, and the reply goes below it
  letter("", "g@x");
  letter("", "h@x");                   // no subject gathers nothing
  EXPECT_EQ(references(), "THREAD (1 2)((3)(4))(6 5)(7)(8)");
}

TEST_F(Threads, TwoThatHoldTogetherWhatIsMissingBecomeOne) {
  letter("Re: Lunch", "b@x", {"a@x"});
  letter("Re: Lunch", "c@x", {"a@x"});
  letter("Re: Lunch", "e@x", {"d@x"});
  letter("Re: Lunch", "f@x", {"d@x"});
  letter("Re: Lunch", "g@x");
  EXPECT_EQ(references(), "THREAD ((1)(2)(3)(4)(5))");
}

TEST_F(Threads, AVeryLongChainIsNoDanger) {
  letter("1", "m0@x");
  for (int i = 1; i < 3000; ++i) letter(std::to_string(i), "m" + std::to_string(i) + "@x", {"m" + std::to_string(i - 1) + "@x"});
  const auto threads = thread_by_references(facts_);
  std::size_t messages = 0, deepest = 0;
  const auto count = [&](const auto& self, const imap::ThreadNode& node, std::size_t depth) -> void {
    ++messages;
    deepest = std::max(deepest, depth);
    for (const auto& answer : node.answers) self(self, answer, depth + 1);
  };
  for (const auto& thread : threads) count(count, thread, 1);
  EXPECT_EQ(messages, 3000U);  // each of them stands in it once
  EXPECT_LE(deepest, deepest_thread + 1);
}

}  // namespace
}  // namespace glasspost::sim
