// The whole window, driven without a display: what a newcomer does in the first two minutes, and that nothing is cut off.
#include "tests/ui/whole.h"

namespace glasspost::ui {
namespace {

TEST_F(Workbench, PlayAtTheFirstStartSendsTheLetter) {
  ASSERT_TRUE(window_->find("start.play"));
  EXPECT_EQ(window_->text_of("transport.clock"), "09:00:00.000");
  ASSERT_TRUE(window_->click("start.play"));
  EXPECT_TRUE(model_->playback().playing);
  wait(std::chrono::seconds{20});
  EXPECT_FALSE(window_->find("start.play"));
  EXPECT_FALSE(window_->find("start.close"));
  EXPECT_GT(model_->said(), 10U);
  EXPECT_NE(window_->text_of("transport.clock"), "09:00:00.000");
}

TEST_F(Workbench, SpaceArrowsAndLettersDoWhatThePaletteSays) {
  window_->press(Key::space);
  EXPECT_TRUE(model_->playback().playing);
  window_->press(Key::space);
  EXPECT_FALSE(model_->playback().playing);
  window_->press(Key::home);
  EXPECT_EQ(model_->cursor(), model_->start());
  window_->press(Key::right);
  window_->press(Key::right);
  EXPECT_EQ(model_->said(), 2U);
  window_->press(Key::j);
  ASSERT_TRUE(model_->selection().message);
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), 2U);
  window_->press(Key::k);
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), 1U);
  window_->press(Key::d, Modifier::ctrl);
  EXPECT_EQ(model_->settings().look, app::Look::dark);
  window_->press(Key::l, Modifier::ctrl);
  EXPECT_EQ(model_->settings().language, Language::spanish);
}

TEST_F(Workbench, TheStaffSeeksWhereItIsClickedAndFollowsTheMouse) {
  act(app::ToEnd{});
  const std::size_t starttls = row_saying("STARTTLS\r\n");
  const Control* staff = window_->find("transport.staff");
  ASSERT_TRUE(staff);
  const Control* cursor = window_->find("transport.cursor");
  ASSERT_TRUE(cursor);
  const Point from = cursor->rect.centre();
  ASSERT_TRUE(window_->drag("transport.staff", {staff->rect.x + 12 - staff->rect.centre().x, 0})) << from.x;
  EXPECT_LT(model_->said(), starttls);
  window_->press(Key::end);
  EXPECT_TRUE(model_->at_end());
}

TEST_F(Workbench, LongSilenceIsFoldedOnTheStaff) {
  const app::Timeline& time = model_->timeline();
  double before = 0;
  for (std::size_t row = 0; row < model_->conversations().rows(); ++row) {
    const Instant at = model_->conversations().message(model_->conversations().row(row)).at;
    const double place = time.place(at);
    EXPECT_GE(place, before);
    EXPECT_LE(place - before, 0.2) << "row " << row;
    EXPECT_NEAR(double((time.at(place) - at).count()), 0, 5);
    before = place;
  }
  ASSERT_FALSE(time.silences().empty());
}

}  // namespace
}  // namespace glasspost::ui
