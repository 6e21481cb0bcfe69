// Thousands of random commands on several connections: nobody is ever led to believe what is not so.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/sim/sessions/driver.h"

namespace glasspost::sim::reference {
namespace {

void expect_truth(std::uint64_t seed, std::size_t steps) {
  const auto script = steps_of(seed, steps);
  const Run whole = run(script);
  if (whole.problem.empty()) return;
  const Run shortest = run(shortened(script));
  FAIL() << "seed " << seed << ", step " << whole.steps << ": " << whole.problem << "\nin " << shortest.steps
         << " steps:\n" << shortest.transcript << "=> " << shortest.problem;
}

class RandomSessions : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomSessions, AreToldTheTruth) { expect_truth(GetParam(), 3000); }

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSessions, testing::Range(std::uint64_t{1}, std::uint64_t{13}));

// GLASSPOST_SESSIONS=100:50:5000 takes the seeds 100 to 149, 5,000 steps each.
TEST(MoreRandomSessions, AsManyAsAreAskedFor) {
  const char* wanted = std::getenv("GLASSPOST_SESSIONS");
  if (!wanted) GTEST_SKIP() << "GLASSPOST_SESSIONS=first:count[:steps]";
  unsigned long long first = 0, count = 0, steps = 3000;
  ASSERT_GE(std::sscanf(wanted, "%llu:%llu:%llu", &first, &count, &steps), 2);
  for (std::uint64_t seed = first; seed < first + count && !testing::Test::HasFatalFailure(); ++seed) expect_truth(seed, steps);
}

// The driver itself: a belief that is not so is found, and the script that leads to it is made short.
TEST(RandomSessionsDriver, FindsWhatIsNotSoAndShortensTheWayToIt) {
  auto script = steps_of(1, 400);
  EXPECT_EQ(run(script).problem, "");
  EXPECT_EQ(run(script).steps, 400U);
  EXPECT_EQ(run(script).transcript, run(script).transcript);
  script[200] = lie;
  const auto found = run(script);
  EXPECT_NE(found.problem, "");
  EXPECT_GT(found.steps, 200U);
  const auto shortest = shortened(script);
  EXPECT_LE(shortest.size(), 4U);
  EXPECT_NE(run(shortest).problem, "");
}

}  // namespace
}  // namespace glasspost::sim::reference
