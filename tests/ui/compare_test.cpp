// The Compare workspace, driven without a display: acts stepped and edited, predictions, the record behind what is seen,
// curves, secrecy, news; and that nothing is cut off anywhere.
#include <gmock/gmock.h>

#include "app/model/comparison.h"
#include "app/ui/views/compare.h"
#include "tests/ui/golden.h"
#include "tests/ui/whole.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CompareWorkspace : public Workbench {
 protected:
  CompareWorkspace() {
    window_->press(Key::digit_3, Modifier::ctrl);
    settle();
  }
  const app::Comparison& of() const { return *model_->comparison(); }
  // Until nothing more is to be computed.
  void settle() {
    while (model_->working() && !of().playing()) model_->pass(std::chrono::milliseconds{16});
    window_->settle();
  }
  void deed(app::ComparisonDeed what) {
    apply(app::Compare{std::move(what)}, *model_);
    settle();
  }
  void press(Key key, Modifier with = Modifier::none) {
    window_->press(key, with);
    settle();
  }
  [[nodiscard]] bool click(std::string_view name) {
    const bool there = window_->click(name);
    settle();
    return there;
  }
  std::string text(std::string_view name) const { return window_->text_of(name); }
};

TEST_F(CompareWorkspace, IsReachedByItsTabAndItsKey) {
  EXPECT_EQ(model_->workspace(), app::Workspace::compare);
  ASSERT_TRUE(click("top.workspace/1"));
  EXPECT_EQ(model_->workspace(), app::Workspace::world);
  ASSERT_TRUE(click("top.workspace/2"));
  EXPECT_EQ(model_->workspace(), app::Workspace::compare);
}

TEST_F(CompareWorkspace, StepsThroughTheActsByKeysAndShowsWhatPop3DuplicatesAndLoses) {
  EXPECT_EQ(of().chosen(), 0U);
  for (int i = 0; i < 4; ++i) press(Key::down);
  EXPECT_EQ(of().chosen(), 4U);
  EXPECT_THAT(text("compare.device.state/pop3/laptop"), HasSubstr("3 of them twice"));
  EXPECT_THAT(text("compare.copy/pop3/laptop/3"), HasSubstr("again, act 4"));
  EXPECT_EQ(text("compare.device.state/imap/laptop"), "equal to the server");
  EXPECT_THAT(text("compare.device.fine/imap/laptop"), HasSubstr("act 4"));
  press(Key::end);
  EXPECT_EQ(of().chosen(), 9U);
  EXPECT_THAT(text("compare.device.why/pop3/phone"), HasSubstr("Its only copy lay here"));
  EXPECT_EQ(text("compare.end/lost/pop3"), "1");
  EXPECT_EQ(text("compare.end/lost/imap"), "0");
  press(Key::home);
  EXPECT_EQ(of().chosen(), 0U);
  EXPECT_FALSE(window_->find("compare.end/lost/pop3")) << "what has not happened yet is not shown";
}

TEST_F(CompareWorkspace, TheNumbersBesideTheCurvesAreThoseOfTheRuns) {
  press(Key::end);
  for (const Protocol protocol : app::comparison::both) {
    const std::string name(lower_name_of(protocol));
    const auto& counts = of().after(protocol)->counts;
    EXPECT_EQ(text("compare.end/trips/" + name), std::to_string(counts.trips));
    EXPECT_EQ(text("compare.end/copies/" + name), std::to_string(counts.server_messages + counts.device_messages));
  }
}

TEST_F(CompareWorkspace, ActsAreEditedWithoutCode) {
  press(Key::down);
  press(Key::down);
  press(Key::e);
  ASSERT_TRUE(window_->find("compare.edit.title"));
  ASSERT_TRUE(click("compare.edit.place/1"));
  EXPECT_EQ(of().acts()[1].place, app::comparison::Place::phone);
  ASSERT_TRUE(click("compare.edit.kind/2"));  // reads a letter
  ASSERT_TRUE(click("compare.edit.letter/1"));
  EXPECT_EQ(of().acts()[1], (app::comparison::UserAct{app::comparison::ActKind::read, app::comparison::Place::phone, app::comparison::bit(1), true}));
  EXPECT_EQ(of().after(Protocol::imap, 2)->outcome, app::comparison::Outcome::not_here) << "the phone has fetched nothing yet";
  ASSERT_TRUE(click("compare.edit.later"));
  EXPECT_EQ(of().acts()[2].kind, app::comparison::ActKind::read);
  EXPECT_EQ(of().chosen(), 3U);
  ASSERT_TRUE(click("compare.edit.remove"));
  EXPECT_EQ(of().acts().size(), 8U);
  EXPECT_FALSE(window_->find("compare.edit.title"));
  press(Key::a);
  EXPECT_EQ(of().acts().size(), 9U);
  ASSERT_TRUE(window_->find("compare.edit.title")) << "a new act is edited at once";
  press(Key::escape);
  EXPECT_FALSE(window_->find("compare.edit.title"));
  press(Key::erase);
  EXPECT_EQ(of().acts().size(), 8U);
  ASSERT_TRUE(click("compare.original"));
  EXPECT_EQ(of().acts(), app::comparison::story_of_the_lake());
}

TEST_F(CompareWorkspace, AnActIsMovedByKeysAndEveryActCanBeTakenAway) {
  press(Key::end);
  press(Key::up, Modifier::alt);
  EXPECT_EQ(of().chosen(), 8U);
  EXPECT_EQ(of().acts()[7].kind, app::comparison::ActKind::lose);
  for (int i = 0; i < 12; ++i) press(Key::end), press(Key::erase);
  EXPECT_THAT(of().acts(), IsEmpty());
  EXPECT_THAT(window_->ui().recorder().clipped(), IsEmpty());
  press(Key::r);
  press(Key::e);
  press(Key::a);
  EXPECT_EQ(of().acts().size(), 1U);
}

TEST_F(CompareWorkspace, APredictionIsAnsweredWhereItWasMade) {
  deed(app::ChooseAct{8});
  ASSERT_TRUE(click("compare.predict/0"));  // nothing goes wrong
  EXPECT_EQ(of().chosen(), 9U);
  EXPECT_EQ(text("compare.verdict"), "No: a letter is lost");
  EXPECT_EQ(text("compare.verdict.source"), "RFC 1939 §6");
  ASSERT_TRUE(click("compare.verdict.show"));
  EXPECT_TRUE(window_->find("compare.exhibit.title"));
  press(Key::escape);
  deed(app::ChooseAct{8});
  ASSERT_TRUE(click("compare.predict/3"));
  EXPECT_EQ(text("compare.verdict"), "Yes");
  deed(app::ChooseAct{3});
  ASSERT_TRUE(click("compare.predict.protocol/1"));
  ASSERT_TRUE(click("compare.predict/0"));
  EXPECT_EQ(text("compare.verdict"), "Yes") << "by IMAP the reinstallation is harmless";
  press(Key::e);
  ASSERT_TRUE(click("compare.edit.kind/1"));
  press(Key::escape);
  EXPECT_FALSE(of().predictions().contains(9)) << "another act, another course: what was said of it no longer counts";
}

TEST_F(CompareWorkspace, WhatIsSeenLeadsToTheRecordThatCausedIt) {
  press(Key::end);
  ASSERT_TRUE(of().exhibit() == std::nullopt);
  const std::size_t rows = 4;  // three that never came here, and the one that is lost
  std::string lost;
  for (std::size_t i = 0; i < rows + 2; ++i) {
    const std::string name = "compare.copy/pop3/phone/" + std::to_string(i);
    if (text(name) == "Contract, lost") lost = name;
  }
  ASSERT_FALSE(lost.empty());
  ASSERT_TRUE(click(lost));
  ASSERT_TRUE(of().exhibit());
  EXPECT_THAT(text("compare.exhibit.change"), HasSubstr("all that was held there is gone"));
  EXPECT_THAT(text("compare.exhibit.alone"), HasSubstr("Nothing was said"));
  const Conversation& conversation = *of().conversations(0).find(of().exhibit()->connection);
  EXPECT_EQ(conversation.text(conversation.message(*of().exhibit()->message)), "QUIT\r\n") << "what had taken the other copy";
  EXPECT_THAT(text("compare.exhibit.where"), HasSubstr("act 8"));
  const MessageId before = *of().exhibit()->message;
  press(Key::up);
  EXPECT_EQ(*of().exhibit()->message, before - 1);
  press(Key::escape);
  EXPECT_FALSE(of().exhibit());
  ASSERT_TRUE(click("compare.copy/imap/phone/0"));
  ASSERT_TRUE(of().exhibit());
  EXPECT_EQ(of().exhibit()->run, 1U);
  EXPECT_NE(of().exhibit()->connection, 0U);
}

TEST_F(CompareWorkspace, ThePlayGoesOnByItselfAndStops) {
  press(Key::r);
  EXPECT_TRUE(of().playing());
  for (int i = 0; i < 40 && of().chosen() < 3; ++i) model_->pass(std::chrono::milliseconds{200});
  EXPECT_EQ(of().chosen(), 3U);
  press(Key::r);
  EXPECT_FALSE(of().playing());
  ASSERT_TRUE(click("compare.play"));
  for (int i = 0; i < 100 && of().playing(); ++i) model_->pass(std::chrono::milliseconds{500});
  EXPECT_EQ(of().chosen(), 9U);
  EXPECT_FALSE(model_->moving());
}

TEST_F(CompareWorkspace, MeasuresOverTheMailboxSizeThatWasTyped) {
  ASSERT_TRUE(click("compare.curves.which/1"));
  ASSERT_TRUE(window_->click("compare.largest"));
  window_->press(Key::a, Modifier::ctrl);
  window_->type("20");
  ASSERT_TRUE(window_->click("compare.measure"));
  EXPECT_TRUE(of().measuring());
  EXPECT_TRUE(window_->find("compare.cancel"));
  settle();
  EXPECT_FALSE(of().measuring());
  ASSERT_TRUE(of().sizes());
  EXPECT_THAT(of().sizes()->sizes(), ::testing::ElementsAre(1, 10, 20));
  EXPECT_EQ(text("compare.end/trips/pop3"), std::to_string(of().sizes()->points().back().counts[0].trips));
  EXPECT_EQ(text("compare.end/trips/imap"), std::to_string(of().sizes()->points().back().counts[1].trips));
}

TEST_F(CompareWorkspace, WhatStandsAtTheEndOfACurveHasRoomHoweverLargeItIs) {
  Actions actions;
  Headless narrow(fonts(), 190, 170);
  narrow.draw_with([&](Ui& ui) {
    ui.theme = theme_for(*model_);
    ComparePage page{ui, *model_, of(), model_->strings(), actions};
    (void)chart(page, ui.whole(), {"trips", "Round trips", "after the last act", {{Protocol::pop3, {{0, 1}, {1, 400'053}}, "400,053"}}, {"1", "100k"}});
  });
  narrow.settle();
  EXPECT_GE(narrow.find("compare.end/trips/pop3")->rect.x, narrow.find("compare.mark/trips/pop3")->rect.right());
  EXPECT_TRUE(narrow.ui().recorder().clipped().empty());
}

TEST_F(CompareWorkspace, AMeasurementThatIsCancelledStopsAndKeepsWhatItHas) {
  apply(app::Compare{app::SetLargest{100'000}}, *model_);
  apply(app::Compare{app::MeasureSizes{true}}, *model_);
  for (int i = 0; i < 400 && of().sizes()->points().empty(); ++i) model_->pass(std::chrono::milliseconds{16});
  window_->frame();
  EXPECT_GT(of().progress(), 0);
  EXPECT_LT(of().progress(), 0.5);
  EXPECT_TRUE(model_->moving());
  ASSERT_TRUE(window_->click("compare.cancel"));
  EXPECT_FALSE(of().measuring());
  EXPECT_FALSE(model_->moving());
  EXPECT_FALSE(of().sizes()->points().empty());
  apply(app::Compare{app::SetLargest{0}}, *model_);
  EXPECT_EQ(of().largest(), 1U);
}

TEST_F(CompareWorkspace, ImapsDevicesMayFetchHeadersFirst) {
  deed(app::ChooseAct{2});
  deed(app::Predict{{Protocol::imap, app::Expectation::nothing}});
  deed(app::ChooseAct{2});
  const auto whole = of().after(Protocol::imap)->counts;
  const auto pop3 = of().after(Protocol::pop3)->counts;
  ASSERT_TRUE(click("compare.headers_first"));
  EXPECT_TRUE(of().headers_first());
  EXPECT_THAT(of().predictions(), IsEmpty()) << "it was said of another course";
  EXPECT_EQ(of().chosen(), 2U);
  EXPECT_LT(of().after(Protocol::imap)->counts.octets(), whole.octets());
  EXPECT_EQ(of().after(Protocol::pop3)->counts, pop3) << "by POP3 a letter that is kept comes whole";
  EXPECT_THAT(text("compare.copy/imap/laptop/0"), HasSubstr("header only"));
  EXPECT_EQ(text("compare.device.state/imap/laptop"), "the server’s list; 0 bodies here");
  press(Key::down);  // reads Timetable
  EXPECT_THAT(text("compare.copy/imap/laptop/0"), ::testing::Not(HasSubstr("header only")));
  EXPECT_EQ(text("compare.device.state/imap/laptop"), "the server’s list; 1 body here");
  EXPECT_EQ(clipped(), "");
  ASSERT_TRUE(click("compare.headers_first"));
  deed(app::ChooseAct{2});
  EXPECT_EQ(of().after(Protocol::imap)->counts, whole);
}

TEST_F(CompareWorkspace, ShowsWhatLeaksInClearAndWhatDoesNotInsideTls) {
  ASSERT_TRUE(click("compare.kind/1"));
  EXPECT_THAT(text("compare.leak/0/3"), HasSubstr("the password itself"));
  EXPECT_THAT(text("compare.leak/0/5"), HasSubstr("Timetable"));
  EXPECT_THAT(text("compare.leak/2/5"), HasSubstr("not to be read"));
  for (const Control& control : window_->ui().recorder().controls()) EXPECT_THAT(control.text, ::testing::Not(HasSubstr("b0bby")));
  EXPECT_EQ(text("compare.secrecy.cost/0/trips_to_command"), "2");
  ASSERT_TRUE(click("compare.leak/0/5"));
  ASSERT_TRUE(of().exhibit());
  EXPECT_EQ(of().exhibit()->run, 0U);
  press(Key::escape);
  ASSERT_TRUE(click("compare.secrecy.protocol/2"));
  EXPECT_EQ(of().secrecy_protocol(), Protocol::smtp);
  EXPECT_THAT(text("compare.leak/0/3"), HasSubstr("digest"));
}

TEST_F(CompareWorkspace, ShowsHowLateALetterIsNoticed) {
  ASSERT_TRUE(click("compare.kind/2"));
  EXPECT_EQ(text("compare.news.cost/0/connections"), "1");
  EXPECT_EQ(text("compare.news.cost/2/connections"), "96");
  EXPECT_TRUE(window_->find("compare.noticed/1/0"));
  deed(app::SetNews{std::chrono::minutes{60}, 4});
  EXPECT_EQ(text("compare.news.cost/2/connections"), "8");
  ASSERT_TRUE(click("compare.news.show/0"));
  ASSERT_TRUE(of().exhibit());
}

TEST_F(CompareWorkspace, TheProjectorLeadsFromEachComparisonToTheOthers) {
  apply(app::ToggleProjector{}, *model_);
  for (const auto& [width, height] : {std::pair{1280, 800}, {1920, 1080}, {1366, 768}, {1024, 768}})
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      open(width, height, 1);
      settle();
      for (const int kind : {1, 2, 0}) {
        ASSERT_TRUE(click("compare.kind/" + std::to_string(kind))) << width;
        EXPECT_EQ(int(of().kind()), kind);
        for (const std::size_t act : {std::size_t{0}, std::size_t{5}, of().acts().size()}) {
          if (kind == 0) deed(app::ChooseAct{act});
          EXPECT_EQ(clipped(), "") << width << " " << kind << " " << act;
          EXPECT_THAT(window_->ui().recorder().duplicates(), IsEmpty()) << width << " " << kind;
        }
      }
    }
}

// Everything that can be shown, at each size, in each language: nothing cut off, no name twice, no word missing.
TEST_F(CompareWorkspace, IsCutOffNowhere) {
  struct Size {
    int width, height;
    float scale;
  };
  for (const Size size : {Size{1280, 800, 1}, Size{1920, 1080, 1}, Size{1280, 800, 2}, Size{1920, 1080, 2}}) {
    open(size.width, size.height, size.scale);
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      const auto looks_right = [&](const std::string& where) {
        const std::string at = where + " at " + std::to_string(size.width) + " x " + std::to_string(size.scale) + (language == Language::english ? " en" : " es");
        EXPECT_EQ(clipped(), "") << at;
        EXPECT_THAT(window_->ui().recorder().duplicates(), IsEmpty()) << at;
        EXPECT_THAT(model_->strings().missing(), IsEmpty()) << at;
      };
      deed(app::ShowComparison{app::ComparisonKind::protocols});
      for (const std::size_t act : {0U, 1U, 4U, 6U, 9U}) {
        deed(app::ChooseAct{act});
        for (const Protocol side : app::comparison::both) {
          deed(app::ShowSide{side});
          looks_right("act " + std::to_string(act));
        }
      }
      deed(app::FetchHeadersFirst{true});
      looks_right("headers first");
      deed(app::FetchHeadersFirst{false});
      deed(app::EditAct{true});
      looks_right("the editor");
      deed(app::EditAct{false});
      window_->ui().memory("compare.page") = 1;
      window_->settle();
      looks_right("the curves");
      window_->ui().memory("compare.page") = 0;
      deed(app::ShowComparison{app::ComparisonKind::secrecy});
      looks_right("secrecy");
      deed(app::ShowComparison{app::ComparisonKind::news});
      looks_right("news");
    }
  }
}

class ComparePictures : public CompareWorkspace {
 protected:
  void draw_at(int width, int height, float scale, Language language, app::Look look) {
    apply(app::SetLanguage{language}, *model_);
    if (model_->settings().look != look) apply(app::ToggleLook{}, *model_);
    open(width, height, scale);
    settle();
  }
};

TEST_F(ComparePictures, OfTheLastAct) {
  deed(app::ChooseAct{8});
  deed(app::Predict{{Protocol::pop3, app::Expectation::nothing}});
  for (const auto& [language, code] : {std::pair{Language::english, "en"}, std::pair{Language::spanish, "es"}})
    for (const auto& [look, name] : {std::pair{app::Look::light, "light"}, std::pair{app::Look::dark, "dark"}}) {
      const std::string tail = std::string("-") + name + "-" + code;
      draw_at(1280, 800, 1, language, look);
      EXPECT_TRUE(matches_golden(window_->picture(), "compare-1280" + tail));
      draw_at(1920, 1080, 1, language, look);
      EXPECT_TRUE(matches_golden(window_->picture(), "compare-1920" + tail));
      draw_at(1280, 800, 2, language, look);
      EXPECT_TRUE(matches_golden(window_->picture(), "compare-200pct" + tail));
    }
}

TEST_F(ComparePictures, OfTheOtherComparisons) {
  for (const auto& [language, look, tail] : {std::tuple{Language::english, app::Look::light, "-light-en"}, std::tuple{Language::spanish, app::Look::dark, "-dark-es"}}) {
    deed(app::ShowComparison{app::ComparisonKind::secrecy});
    draw_at(1280, 800, 1, language, look);
    EXPECT_TRUE(matches_golden(window_->picture(), std::string("compare-secrecy") + tail));
    deed(app::ShowComparison{app::ComparisonKind::news});
    draw_at(1280, 800, 1, language, look);
    EXPECT_TRUE(matches_golden(window_->picture(), std::string("compare-news") + tail));
  }
}

TEST_F(ComparePictures, OfTheCurvesTheEditorAndTheExchange) {
  deed(app::SetLargest{300});
  deed(app::MeasureSizes{true});
  press(Key::end);
  draw_at(1280, 800, 1, Language::english, app::Look::light);
  EXPECT_TRUE(matches_golden(window_->picture(), "compare-sizes-light-en"));
  deed(app::EditAct{true});
  EXPECT_TRUE(matches_golden(window_->picture(), "compare-editor-light-en"));
  deed(app::EditAct{false});
  deed(app::LookAt{0, of().after(Protocol::pop3)->findings.back().cause, of().after(Protocol::pop3)->findings.back().before});
  draw_at(1280, 800, 1, Language::spanish, app::Look::dark);
  EXPECT_TRUE(matches_golden(window_->picture(), "compare-exchange-dark-es"));
}

}  // namespace
}  // namespace glasspost::ui
