// The steps of a lesson, and going from one to another.
#include <gmock/gmock.h>

#include "tests/ui/golden.h"
#include "tests/ui/learn.h"

namespace glasspost::ui {
namespace {

TEST_F(Learn, AStrayClickOnAStepLosesNothing) {
  open_template();
  connect();
  type("EHLO my-own-laptop");
  type("MAIL FROM:<>");
  const auto was_typed = [&](std::string_view text) { return model_->conversations().rows() > 0 && line(model_->conversations().rows() - 2).find(text) != std::string::npos; };
  ASSERT_TRUE(was_typed("MAIL FROM:<>"));
  EXPECT_FALSE(window_->find("learn.have_again"));
  ASSERT_TRUE(window_->click("learn.step/2"));
  window_->settle();
  EXPECT_EQ(step(), "hello");
  ASSERT_TRUE(window_->click("learn.step/1"));  // and past it again
  window_->settle();
  EXPECT_EQ(step(), "connect");
  EXPECT_EQ(clipped(), "");
  ASSERT_TRUE(window_->click("learn.have_again"));
  window_->settle();
  EXPECT_EQ(step(), "write");
  EXPECT_TRUE(was_typed("MAIL FROM:<>"));
  EXPECT_FALSE(window_->find("learn.have_again")) << "there was nothing of one's own to come back to";
  type("RCPT TO:<alice@example.com>");
  EXPECT_TRUE(was_typed("RCPT TO:<alice@example.com>")) << "the same connection goes on";

  ASSERT_TRUE(window_->click("learn.restart"));
  window_->settle();
  EXPECT_EQ(step(), "connect");
  connect();
  ASSERT_TRUE(window_->click("learn.have_again"));
  window_->settle();
  EXPECT_EQ(step(), "write");
  ASSERT_TRUE(window_->click("learn.have_again"));  // it goes both ways
  window_->settle();
  EXPECT_EQ(step(), "hello");
}

TEST_F(Learn, LooksAsItDidAtEachSize) {
  open_lesson(assets / "lessons" / "13-imap-states");
  act(app::OpenConsole{model_->scenario().find("bob-laptop"), model_->scenario().find("store.example.org"), 143});
  act(app::PredictInLesson{{"bad"}});
  type("a1 SELECT INBOX");
  for (const Sight& sight : sights) {
    appear(sight);
    EXPECT_EQ(clipped(), "") << sight.name;
    EXPECT_TRUE(matches_golden(window_->picture(), std::string("learn-") + sight.name));
  }
}

}  // namespace
}  // namespace glasspost::ui
