// The whole window, driven without a display: what a newcomer does in the first two minutes, and that nothing is cut off.
#include <gmock/gmock.h>

#include "app/model/comparison.h"
#include "app/ui/views/commands.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Workbench, ANewcomersFirstTwoMinutes) {
  ASSERT_TRUE(window_->find("start.play"));
  EXPECT_EQ(window_->text_of("transport.clock"), "09:00:00.000");
  ASSERT_TRUE(window_->click("start.play"));
  EXPECT_TRUE(model_->playback().playing);
  wait(std::chrono::seconds{20});
  EXPECT_FALSE(window_->find("start.play"));
  EXPECT_FALSE(window_->find("start.close"));
  window_->press(Key::space);

  const std::size_t login = row_saying("AUTH PLAIN \u2022");
  ASSERT_TRUE(window_->click("ladder.row/" + std::to_string(login + 1))) << "the line is in sight while the story plays";
  ASSERT_TRUE(model_->selected());
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), login);
  EXPECT_THAT(window_->text_of("ladder.row/" + std::to_string(login + 1)), HasSubstr("••••••••••••"));
  EXPECT_TRUE(window_->find("transport.selected"));

  ASSERT_TRUE(window_->click("top.language/1"));
  EXPECT_EQ(window_->text_of("lower.tabs/0"), "Consola");
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), login);

  const std::size_t starttls = row_saying("STARTTLS\r\n");
  const Instant before = model_->conversations().message(model_->conversations().row(starttls)).at - 1ms;
  const Control* staff = window_->find("transport.staff");
  ASSERT_TRUE(staff);
  // The staff's axis begins where the cursor stood at the start: 8 px inside its grip.
  const float x = staff->rect.x + 8 + float(model_->timeline().place(before)) * (staff->rect.w - 16);
  ASSERT_TRUE(window_->drag("transport.staff", {x - staff->rect.centre().x, 0}));
  EXPECT_LE(model_->said(), starttls);
  EXPECT_GT(model_->said(), 0U);
  EXPECT_TRUE(window_->find("ladder.row/1"));
  EXPECT_FALSE(window_->find("ladder.row/" + std::to_string(login + 1))) << "it has not been said yet";
}

TEST_F(Workbench, UnderTheClockStandsWhoWroteFirst) {
  apply(app::LoadScenario{"catching-up", {}}, *model_);  // which has letters, but none of its own
  act(app::Seek{model_->start() + 499ms});
  EXPECT_EQ(window_->text_of("transport.since"), "499 ms after Alice pressed Send");
}

TEST_F(Workbench, ATapOnTheScrubberIsEnough) {
  const Rect staff = window_->find("transport.staff")->rect;
  for (const float part : {0.7F, 0.3F}) {
    window_->tap_at({staff.x + staff.w * part, staff.middle()});
    const Duration all = model_->end() - model_->start();
    const double passed = double((model_->cursor() - model_->start()).count()) / double(all.count());
    EXPECT_NEAR(passed, part, 0.1);
  }
}

TEST_F(Workbench, KeysDoWhatThePaletteSays) {
  window_->press(Key::space);
  EXPECT_TRUE(model_->playback().playing);
  window_->press(Key::space);
  EXPECT_FALSE(model_->playback().playing);
  window_->press(Key::home);
  EXPECT_EQ(model_->cursor(), model_->start());
  for (int i = 0; i < 4; ++i) window_->press(Key::right);  // the DNS has answered, and EHLO is said
  EXPECT_EQ(model_->said(), 4U);
  window_->press(Key::j);
  ASSERT_TRUE(model_->selection().message);
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), 4U);
  window_->press(Key::k);
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), 3U);
  window_->press(Key::n);
  EXPECT_EQ(line(*model_->conversations().row_of(*model_->selection().message)), "STARTTLS\r\n");
  window_->press(Key::p);
  EXPECT_THAT(line(*model_->conversations().row_of(*model_->selection().message)), HasSubstr("EHLO"));
  window_->press(Key::end);
  EXPECT_TRUE(model_->at_end());
  window_->press(Key::d, Modifier::ctrl);
  EXPECT_EQ(model_->settings().look, app::Look::dark);
  window_->press(Key::l, Modifier::ctrl);
  EXPECT_EQ(model_->settings().language, Language::spanish);
  window_->press(Key::f3);
  EXPECT_EQ(model_->lower(), app::LowerPanel::mailboxes);
}

TEST_F(Workbench, ThePaletteNarrowsAndPerforms) {
  window_->press(Key::k, Modifier::ctrl);
  ASSERT_TRUE(window_->find("palette.input"));
  window_->type("dark light");
  EXPECT_EQ(window_->text_of("palette.item/0"), "Light or dark");
  EXPECT_FALSE(window_->find("palette.item/1"));
  window_->press(Key::enter);
  EXPECT_EQ(model_->settings().look, app::Look::dark);
  EXPECT_FALSE(model_->palette_open());
  EXPECT_FALSE(window_->find("palette.input"));

  act(app::SetLanguage{Language::spanish});
  window_->click("top.palette");
  window_->type("pequeno");  // without its accent
  EXPECT_EQ(window_->text_of("palette.item/0"), "Más pequeño");
  window_->type("xyz");
  EXPECT_FALSE(window_->find("palette.item/0"));
  window_->press(Key::escape);
  window_->settle();
  EXPECT_FALSE(model_->palette_open());
}

TEST_F(Workbench, HelpListsEveryKeyOnce) {
  window_->press(Key::f1);
  window_->settle();
  ASSERT_TRUE(window_->find("help.close"));
  std::vector<std::string> keys;
  for (const Command& command : commands(*model_))
    for (const auto& key : {command.key, command.other_key})
      if (key) keys.push_back(key_text(model_->strings(), *key));
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end()) << *std::adjacent_find(keys.begin(), keys.end());
  window_->press(Key::escape);
  window_->settle();
  EXPECT_FALSE(model_->help_open());
}

TEST_F(Workbench, WhatWentWrongIsSaidUntilItIsClosed) {
  act(app::OpenLetter{"/nowhere/letter.eml"});
  EXPECT_THAT(window_->text_of("notice"), HasSubstr("/nowhere/letter.eml"));
  ASSERT_TRUE(window_->click("notice.close"));
  EXPECT_FALSE(window_->find("notice"));
}

TEST_F(Workbench, WhatOnlyConfirmsLeavesByItselfAndAnErrorStays) {
  act(app::Copy{"imaps://ann@imap.example.test"});
  ASSERT_TRUE(window_->find("notice"));
  window_->frame(1);
  EXPECT_TRUE(window_->find("notice")) << "there is time to read it";
  window_->frame(10);
  window_->settle();
  EXPECT_FALSE(window_->find("notice"));
  EXPECT_FALSE(model_->notice());
  act(app::OpenLetter{"/nowhere/letter.eml"});
  window_->frame(1000);
  window_->settle();
  EXPECT_TRUE(window_->find("notice"));
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
  EXPECT_FALSE(time.silences().empty());
}

TEST_F(Workbench, TheMeasuresOfTheMockUps) {
  const Layout small = layout_of({1280, 800}), middle = layout_of({1440, 900}), large = layout_of({1920, 1080});
  EXPECT_EQ(small.inspector, 400);
  EXPECT_EQ(small.map, 168);
  EXPECT_EQ(small.lower, 160);
  EXPECT_EQ(middle.inspector, 456);
  EXPECT_EQ(middle.map, 204);
  EXPECT_EQ(middle.lower, 168);
  EXPECT_EQ(large.inspector, 560);
  EXPECT_EQ(large.map, 264);
  EXPECT_EQ(large.lower, 224);
  EXPECT_FALSE(middle.one_column);
  EXPECT_TRUE(layout_of({720, 450}).one_column);
}

TEST_F(Workbench, OneColumnKeepsTheLineTheClockAndTheInput) {
  act(app::Play{});
  wait(std::chrono::seconds{20});
  act(app::Pause{});
  open(1440, 900, 2);
  EXPECT_TRUE(window_->find("transport.clock"));
  EXPECT_FALSE(window_->text_of("line.headline").empty());
  EXPECT_TRUE(window_->find("ladder.list"));
  ASSERT_TRUE(window_->click("workbench.pages/1"));
  EXPECT_FALSE(window_->find("ladder.list"));
  ASSERT_TRUE(window_->click("workbench.pages/0"));
  EXPECT_TRUE(window_->find("ladder.list"));
  window_->press(Key::digit_2);
  window_->settle();
  EXPECT_EQ(model_->tab(), app::InspectorTab::bytes);
  EXPECT_FALSE(window_->find("ladder.list")) << "a key that asks for a panel brings its page";
}

TEST_F(Workbench, AProjectorShowsOneConversationAndARemoteLeadsThroughIt) {
  window_->press(Key::f5);
  window_->settle();
  ASSERT_TRUE(window_->find("projector.next"));
  EXPECT_FALSE(window_->find("transport.play"));
  const std::size_t login = row_saying("AUTH PLAIN \u2022");
  for (std::size_t i = 0; i <= login; ++i) {
    window_->press(Key::page_down);
    EXPECT_EQ(clipped(), "");
  }
  EXPECT_EQ(window_->text_of("projector.line"), "AUTH PLAIN ••••••••••••");
  window_->press(Key::h);
  EXPECT_EQ(window_->text_of("projector.line"), "AUTH PLAIN ••••••••••••") << "secrets stay masked here";
  const std::string at_login = window_->text_of("projector.headline");
  window_->press(Key::page_up);
  EXPECT_EQ(model_->conversations().row_of(*model_->selection().message), login - 1);
  window_->click("projector.next");
  EXPECT_EQ(window_->text_of("projector.headline"), at_login);
  window_->press(Key::escape);
  window_->settle();
  EXPECT_TRUE(window_->find("transport.play"));
}

TEST_F(Workbench, AProjectorShowsTheRoomThatOneIsIn) {
  apply(app::ToEnd{}, *model_);
  const auto enter = [&] {
    act(app::ToggleProjector{});
    EXPECT_FALSE(window_->find("top.workspace/0"));
    EXPECT_EQ(clipped(), "");
  };
  const auto leave = [&] {
    window_->press(Key::escape);
    window_->settle();
    EXPECT_FALSE(model_->projector());
    EXPECT_TRUE(window_->find("top.workspace/0"));
  };
  const float width = window_->ui().whole().w;
  act(app::ShowLower{app::LowerPanel::tls});
  act(app::Select{model_->conversations().row(row_saying("STARTTLS"))});
  enter();
  EXPECT_TRUE(window_->find("lanes.rows"));
  EXPECT_LT(window_->ui().whole().w, width) << "larger";
  const auto before = model_->selection().message;
  window_->press(Key::page_down);
  EXPECT_NE(model_->selection().message, before);
  leave();
  EXPECT_EQ(window_->ui().whole().w, width);
  act(app::ShowLower{app::LowerPanel::states});
  enter();
  EXPECT_TRUE(window_->find("states.protocol/0"));
  leave();
  act(app::ShowWorkspace{app::Workspace::compare});
  while (model_->working()) model_->pass(std::chrono::milliseconds{16});
  enter();
  EXPECT_TRUE(window_->find("compare.store/pop3"));
  EXPECT_TRUE(window_->find("compare.store/imap"));
  EXPECT_FALSE(window_->find("compare.curves"));
  window_->press(Key::page_down);
  window_->press(Key::page_down);
  EXPECT_EQ(model_->comparison()->chosen(), 2U);
  EXPECT_EQ(window_->text_of("projector.act"), "2  Laptop checks mail");
  window_->press(Key::page_up);
  ASSERT_TRUE(window_->click("projector.next"));
  EXPECT_EQ(model_->comparison()->chosen(), 2U);
  leave();
  for (const app::Workspace room : {app::Workspace::learn, app::Workspace::live}) {
    act(app::ShowWorkspace{room});
    enter();
    leave();
  }
}

// Everything at all sizes, in both languages and themes, at the moments that matter.
TEST_F(Workbench, NothingIsCutOff) {
  struct Place {
    int width, height;
    float scale;
  };
  const std::size_t login = row_saying("AUTH PLAIN \u2022");
  for (const Place place : {Place{1280, 800, 1}, {1440, 900, 1}, {1920, 1080, 1}, {1440, 900, 2}, {1920, 1080, 1.5F}, {2560, 1600, 2.5F}, {640, 400, 1}})
    for (const Language language : {Language::english, Language::spanish})
      for (const int moment : {0, 1, 2, 3}) {
        apply(app::SetLanguage{language}, *model_);
        if (moment == 1) apply(app::Play{}, *model_), apply(app::Select{model_->conversations().row(login)}, *model_);
        if (moment == 2) apply(app::ToEnd{}, *model_);
        if (moment == 3) apply(app::ShowLower{app::LowerPanel::mailboxes}, *model_), apply(app::ToggleLook{}, *model_);
        open(place.width, place.height, place.scale);
        window_->settle();
        SCOPED_TRACE(::testing::Message() << place.width << "x" << place.height << " at " << place.scale << " language " << int(language) << " moment " << moment);
        EXPECT_EQ(clipped(), "");
        EXPECT_THAT(window_->ui().recorder().duplicates(), IsEmpty());
      }
  EXPECT_THAT(model_->strings().missing(), IsEmpty());
}

TEST_F(Workbench, EachRoomIsWholeAtTwoAndAHalfTimesTheSizeAndComesToRestWithoutMotion) {
  apply(app::ToggleReducedMotion{}, *model_);
  for (const app::Workspace room : app::all_workspaces)
    for (const auto& [width, height] : {std::pair{1280, 800}, {1920, 1080}})
      for (const Language language : {Language::english, Language::spanish}) {
        apply(app::SetLanguage{language}, *model_);
        apply(app::ShowWorkspace{room}, *model_);
        open(width, height, 2.5F);
        window_->settle();
        SCOPED_TRACE(::testing::Message() << "room " << int(room) << ", " << width << "x" << height << ", language " << int(language));
        EXPECT_EQ(clipped(), "");
        EXPECT_THAT(window_->ui().recorder().duplicates(), IsEmpty());
        EXPECT_TRUE(window_->ui().theme.reduced_motion);
        EXPECT_GT(window_->ui().wake_at(), window_->ui().now() + 60) << "nothing happens, and something moves";
      }
}

}  // namespace
}  // namespace glasspost::ui
