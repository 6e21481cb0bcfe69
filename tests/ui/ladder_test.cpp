// The ladder: rows, filters, folding, states, the minimap.
#include <gmock/gmock.h>

#include "tests/ui/golden.h"
#include "tests/ui/whole.h"
#include "app/ui/views/ladder_line.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Ladder : public Workbench {
 protected:
  std::string name_of_row(std::size_t row) const { return "ladder.row/" + std::to_string(row + 1); }
  std::string shown(std::size_t row) const {
    const MessageRef ref = model_->conversations().row(row);
    const Conversation& conversation = *model_->conversations().find(ref.connection);
    return ladder_line(conversation, conversation.message(ref.message)).text;
  }
};

TEST_F(Ladder, EachMessageIsALineThatReads) {
  EXPECT_EQ(shown(0), "A mail.example.com ?");
  EXPECT_EQ(shown(2), "220 mail.example.com ESMTP Glasspost");
  EXPECT_THAT(shown(4), StartsWith("250 PIPELINING · SIZE 100000000 · 8BITMIME"));
  EXPECT_EQ(shown(row_saying("AUTH PLAIN \u2022")), "AUTH PLAIN ••••••••••••");
  std::vector<std::string> all;
  for (std::size_t row = 0; row < model_->conversations().rows(); ++row) {
    all.push_back(shown(row));
    EXPECT_FALSE(all.back().empty()) << row;
    EXPECT_EQ(all.back().find_first_of("\r\n"), std::string::npos) << row;
    EXPECT_THAT(all.back(), Not(HasSubstr("AGFsaWNl"))) << "the secret, in base64";
  }
  EXPECT_THAT(all, ::testing::Contains("ClientHello  SNI mail.example.com"));
  EXPECT_THAT(all, ::testing::Contains("MX example.org ?"));
  EXPECT_THAT(all, ::testing::Contains("MX  10 mx1.example.org · 20 mx2.example.org"));
}

TEST_F(Ladder, OnlyWhatHasBeenSaidIsThere) {
  act(app::StepMessages{1});
  act(app::StepMessages{1});
  EXPECT_TRUE(window_->find("ladder.row/2"));
  EXPECT_FALSE(window_->find("ladder.row/3"));
  EXPECT_TRUE(window_->find("ladder.cursor"));
}

TEST_F(Ladder, AClickChoosesADoubleClickGoesThere) {
  act(app::ToEnd{});
  const Instant end = model_->cursor();
  window_->press(Key::home);
  act(app::ToEnd{});
  const std::size_t last = model_->conversations().rows() - 1;
  ASSERT_TRUE(window_->click(name_of_row(last - 2)));
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), last - 2);
  EXPECT_EQ(model_->cursor(), end) << "looking at a line does not move the clock";
  ASSERT_TRUE(window_->click(name_of_row(last - 3), MouseButton::primary, 2));
  EXPECT_EQ(model_->cursor(), model_->conversations().message(model_->conversations().row(last - 3)).at);
}

TEST_F(Ladder, ALongMessageUnfoldsAndFoldsAgain) {
  for (int i = 0; i < 5; ++i) act(app::StepMessages{1});
  ASSERT_TRUE(window_->find("ladder.fold/5"));
  const float folded = window_->find("ladder.row/5")->rect.h;
  ASSERT_TRUE(window_->click("ladder.fold/5"));
  window_->settle();
  EXPECT_EQ(window_->find("ladder.row/5")->rect.h, folded * 8) << "seven lines, and the one that sums them up";
  ASSERT_TRUE(window_->click("ladder.fold/5"));
  window_->settle();
  EXPECT_EQ(window_->find("ladder.row/5")->rect.h, folded);
}

TEST_F(Ladder, FiltersLetThroughWhatTheySay) {
  act(app::ToEnd{});
  act(app::Select{model_->conversations().row(row_saying("AUTH PLAIN \u2022"))});
  ASSERT_TRUE(window_->click("ladder.filter/connection"));
  EXPECT_EQ(model_->filter().kind, app::FilterKind::connection);
  EXPECT_EQ(model_->lines().size(), model_->selected_conversation()->size());
  ASSERT_TRUE(window_->click("ladder.filter/user"));
  const std::size_t of_bob = model_->lines().size();
  EXPECT_GT(of_bob, 20U);
  EXPECT_LT(of_bob, model_->conversations().rows());
  ASSERT_TRUE(window_->click("ladder.filter/letter"));
  EXPECT_EQ(model_->filter().letter, "<first.20261102@example.com>");
  EXPECT_GT(model_->lines().size(), 0U);
  ASSERT_TRUE(window_->click("ladder.filter/everyone"));
  EXPECT_EQ(model_->lines().size(), model_->conversations().rows());
  ASSERT_TRUE(window_->click("ladder.search"));
  window_->type("IDLE");
  EXPECT_EQ(model_->filter().text, "IDLE");
  EXPECT_GT(model_->lines().size(), 2U);
  EXPECT_LT(model_->lines().size(), 20U);
  window_->type("zzz");
  EXPECT_EQ(model_->lines().size(), 0U);
  window_->press(Key::escape);
  EXPECT_EQ(model_->filter().text, "");
}

TEST_F(Ladder, ScrollsByWheelAndMinimapAndComesBackWhenSomethingIsSaid) {
  act(app::ToEnd{});
  const std::size_t last = model_->conversations().rows() - 1;
  ASSERT_TRUE(window_->find(name_of_row(last)));
  window_->turn_wheel(window_->find("ladder.list")->rect.centre(), 100);
  window_->settle();
  EXPECT_TRUE(window_->find("ladder.row/1"));
  EXPECT_FALSE(window_->find(name_of_row(last)));
  const Control* map = window_->find("ladder.minimap");
  ASSERT_TRUE(map);
  window_->click_at({map->rect.centre().x, map->rect.bottom() - 4});
  window_->settle();
  EXPECT_FALSE(window_->find("ladder.row/1"));
  act(app::ToStart{});
  act(app::StepMessages{1});
  EXPECT_TRUE(window_->find("ladder.row/1"));
}

TEST_F(Ladder, PicturesInBothLanguages) {
  act(app::Play{});
  act(app::Pause{});
  act(app::Seek{model_->conversations().message(model_->conversations().row(row_saying("RCPT TO"))).arrived - 10ms});
  act(app::Select{model_->conversations().row(row_saying("AUTH PLAIN \u2022"))});
  window_->draw_with([this](Ui& ui) {
    ui.theme = theme_of(model_->settings().look == app::Look::dark ? Look::dark : Look::light, true);
    Actions actions;
    ladder_view(ui, ui.whole(), *model_, actions);
  });
  window_->resize(984, 408, 1);
  window_->settle();
  EXPECT_TRUE(matches_golden(window_->picture(), "ladder-light-en"));
  act(app::SetLanguage{Language::spanish});
  act(app::ToggleLook{});
  act(app::ToEnd{});
  EXPECT_TRUE(matches_golden(window_->picture(), "ladder-dark-es"));
}

}  // namespace
}  // namespace glasspost::ui
