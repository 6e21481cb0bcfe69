// The first letter, as it is played: every message of it, TLS and DNS included, has its words.
#include <gtest/gtest.h>

#include "protocol/conversation.h"
#include "sim/world.h"
#include "tests/words/asset_files.h"
#include "tests/words/expect_words.h"

namespace glasspost {
namespace {

TEST(FirstLetter, HasWordsForAllThatIsSaid) {
  const auto scenario = sim::read_scenario((real_assets() / "scenarios" / "first-letter.yaml").string());
  ASSERT_TRUE(scenario) << scenario.error().describe();
  Trace trace;
  sim::World world(*scenario, 1, trace);
  world.run_story();
  Conversations conversations;
  conversations.observe(trace);
  ASSERT_GT(conversations.rows(), 100u);
  for (std::size_t row = 0; row < conversations.rows(); ++row) {
    const MessageRef ref = conversations.row(row);
    const Conversation& conversation = *conversations.find(ref.connection);
    const Message& message = conversation.message(ref.message);
    expect_words(real_catalogue(Language::english), conversation.headline(message),
                 conversation.text(message), conversation.tokens(message), conversation.problem(message));
    EXPECT_EQ(conversation.problem(message), nullptr) << conversation.text(message);
  }
}

}  // namespace
}  // namespace glasspost
