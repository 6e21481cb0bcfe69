// The Learn workspace, driven without a display: a lesson from its list to its end, with mistakes on the way; nothing
// cut off.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/ui/golden.h"
#include "tests/ui/learn.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Learn, ALessonIsChosenFromTheListAndBegun) {
  act(app::ShowWorkspace{app::Workspace::learn});
  ASSERT_FALSE(model_->shelf().empty());
  ASSERT_TRUE(window_->click("learn.lesson/0"));
  window_->settle();
  const std::string title = window_->text_of("learn.lesson/0");
  EXPECT_EQ(window_->text_of("learn.card.title"), title);
  ASSERT_TRUE(window_->click("learn.begin"));
  window_->settle();
  ASSERT_TRUE(model_->learning());
  EXPECT_EQ(window_->text_of("learn.title"), title);
  EXPECT_TRUE(model_->at_end()) << "the world's story is over when the learner comes";
  ASSERT_TRUE(window_->click("learn.list"));
  window_->settle();
  EXPECT_FALSE(model_->learning());
  EXPECT_EQ(model_->progress().learners.at("").lessons.size(), 1U);
}

TEST_F(Learn, ALessonIsFoundByAWordOfItsText) {
  act(app::ShowWorkspace{app::Workspace::learn});
  window_->ui().focus("learn.search");
  window_->settle();
  window_->type("umbrella");
  window_->settle();
  EXPECT_FALSE(window_->find("learn.lesson/0")) << "no lesson speaks of umbrellas";
  window_->ui().edit("learn.search").set("boathouse lanterns");
  window_->settle();
  EXPECT_FALSE(window_->find("learn.lesson/0")) << "only the world has it, and no prose";
  window_->ui().edit("learn.search").set("lake");
  window_->settle();
  EXPECT_TRUE(window_->find("learn.lesson/7")) << "the laptop falls into it";
  EXPECT_FALSE(window_->find("learn.lesson/1"));
  act(app::SetLanguage{Language::spanish});
  window_->ui().edit("learn.search").set("DEVOLUCION");
  window_->settle();
  EXPECT_TRUE(window_->find("glossary.word/bounce")) << "words are looked for too, accents aside";
}

TEST_F(Learn, TheGlossaryHasEveryWordInBothLanguages) {
  act(app::ShowWorkspace{app::Workspace::learn});
  window_->press(Key::g);
  window_->settle();
  ASSERT_TRUE(window_->find("glossary.word/address"));
  EXPECT_EQ(window_->text_of("glossary.word/address"), "address");
  ASSERT_TRUE(window_->click("glossary.rfc/address"));
  window_->settle();
  EXPECT_TRUE(model_->notice()) << "the address was copied";
  window_->press(Key::g);
  window_->settle();
  EXPECT_FALSE(window_->find("glossary.word/address"));
}

TEST_F(Learn, LinksInProseDoSomethingAndWordsExplainThemselves) {
  open_lesson(assets / "lessons" / "01-protocol");
  const auto named = [&](std::string_view prefix, std::string_view text) -> std::string {
    for (const Control& control : window_->ui().recorder().controls())
      if (control.name.starts_with(prefix) && control.text.find(text) != std::string::npos) return control.name;
    return {};
  };
  const std::string rfc = named("learn.link/", "rfc5321#section-1.1");
  ASSERT_FALSE(rfc.empty());
  ASSERT_TRUE(window_->click(rfc));
  window_->settle();
  ASSERT_TRUE(model_->notice());
  const std::string word = named("learn.word/", "protocol");
  ASSERT_FALSE(word.empty());
  ASSERT_TRUE(window_->click(word));
  window_->settle();
  EXPECT_EQ(window_->text_of("learn.term.word"), "protocol");
  EXPECT_THAT(window_->text_of("learn.term.means"), HasSubstr("an agreement"));
  window_->press(Key::escape);
  window_->settle();
  EXPECT_FALSE(window_->find("learn.term.word"));
}

TEST_F(Learn, AfterALessonComesTheNextThatRestsOnIt) {
  open_lesson(assets / "lessons" / "01-protocol", 99);  // to its end
  ASSERT_TRUE(learning().standing.done);
  EXPECT_THAT(window_->text_of("learn.next"), HasSubstr("An SMTP dialogue by hand"));
  ASSERT_TRUE(window_->click("learn.next"));
  window_->settle();
  EXPECT_EQ(learning().lesson.id, "smtp-by-hand");
  EXPECT_EQ(step(), "hello");
}

TEST_F(Learn, TheStepsAreChaptersOfTheClock) {
  open(1920, 1080, 1);
  open_template();
  connect();
  type("EHLO laptop");
  std::string labels;
  for (const Control& control : window_->ui().recorder().controls())
    if (control.kind == Kind::text && control.rect.y < 100) labels += control.text + "|";
  EXPECT_THAT(labels, HasSubstr("1 Connect to the server|2 Say EHLO|"));
}

TEST_F(Learn, APredictionCanBeChangedUntilItIsGraded) {
  open_template();
  connect();
  ASSERT_TRUE(window_->click("learn.option/auth"));
  ASSERT_TRUE(window_->click("learn.fix"));
  window_->settle();
  EXPECT_THAT(window_->text_of("learn.prediction_note"), HasSubstr("graded once"));
  ASSERT_TRUE(window_->click("learn.option/auth"));
  ASSERT_TRUE(window_->click("learn.option/starttls"));
  ASSERT_TRUE(window_->click("learn.option/size"));
  window_->settle();
  ASSERT_TRUE(window_->click("learn.fix"));
  type("EHLO laptop");
  EXPECT_TRUE(model_->progress().learners.at("").lessons.at("lesson-template").predictions.at("offers"));
  act(app::InLesson{app::LessonDo::back});
  act(app::InLesson{app::LessonDo::back});
  act(app::PredictInLesson{{"auth"}});
  type("EHLO laptop");
  EXPECT_TRUE(model_->progress().learners.at("").lessons.at("lesson-template").predictions.at("offers")) << "the first answer counts";
}

// The last step of this lesson is done by a prediction that is right; one that was made after looking is none.
TEST_F(Learn, NothingIsPredictedAfterItHasHappened) {
  open_lesson(assets / "lessons" / "10-eavesdropper", 2);
  ASSERT_EQ(step(), "implicit");
  act(app::PredictInLesson{{"dns", "certificate"}});
  act(app::DoDeed{"phone-fetches"});
  EXPECT_EQ(learning().standing.feedback->id, "not-equal");
  EXPECT_FALSE(window_->find("learn.fix"));
  EXPECT_THAT(window_->text_of("learn.prediction_note"), HasSubstr("Back"));
  (void)window_->click("learn.option/sni");
  act(app::PredictInLesson{{"dns", "addresses", "sni", "size"}});
  EXPECT_EQ(step(), "implicit");
  act(app::InLesson{app::LessonDo::back});
  act(app::PredictInLesson{{"dns", "addresses", "sni", "size"}});
  act(app::DoDeed{"phone-fetches"});
  EXPECT_EQ(step(), "done");
}

TEST_F(Learn, EveryPanelOfTheStageAndEveryTabShowsSomething) {
  open_lesson(assets / "lessons" / "09-starttls", 3);
  EXPECT_TRUE(window_->find("lanes.connection")) << "TLS stands above the console";
  EXPECT_TRUE(window_->find("console.input"));
  act(app::ShowLower{app::LowerPanel::states});
  EXPECT_TRUE(window_->find("states.title"));
  EXPECT_THAT(window_->ui().recorder().duplicates(), IsEmpty());
  act(app::ShowLower{app::LowerPanel::tls});
  EXPECT_TRUE(window_->find("lanes.connection"));
  EXPECT_THAT(window_->ui().recorder().duplicates(), IsEmpty());
  open_lesson(assets / "lessons" / "13-imap-states");
  EXPECT_TRUE(window_->find("states.title"));
  EXPECT_TRUE(window_->find("console.talk"));
}

TEST_F(Learn, TheLanesShowTheConnectionThatADeedOpened) {
  open_lesson(assets / "lessons" / "10-eavesdropper");
  act(app::DoDeed{"pc-fetches"});
  EXPECT_THAT(window_->text_of("lanes.connection"), HasSubstr(":110"));
  act(app::DoDeed{"laptop-fetches"});
  EXPECT_THAT(window_->text_of("lanes.connection"), HasSubstr(":143"));
}

TEST_F(Learn, AWholeLessonWithAMistakeOnTheWay) {
  open_template();
  EXPECT_EQ(step(), "connect");
  EXPECT_EQ(window_->text_of("spotlight"), "Step 1: Connect to the server");
  connect();
  EXPECT_EQ(step(), "hello");
  EXPECT_TRUE(met("greeted"));

  // The prediction before the step: made once, graded by what the server says.
  ASSERT_TRUE(window_->find("learn.fix"));
  EXPECT_FALSE(window_->find("learn.fix")->enabled);
  ASSERT_TRUE(window_->click("learn.option/starttls"));
  ASSERT_TRUE(window_->click("learn.option/size"));
  ASSERT_TRUE(window_->click("learn.fix"));
  window_->settle();
  EXPECT_FALSE(window_->find("learn.fix"));

  type("MAIL FROM:<bob@example.org>");
  ASSERT_TRUE(window_->find("learn.feedback")) << "feedback comes before any hint";
  EXPECT_THAT(window_->text_of("learn.feedback"), HasSubstr("it wants to know who speaks"));
  type("EHLO laptop");
  EXPECT_EQ(step(), "write");
  EXPECT_FALSE(window_->find("learn.feedback"));
  EXPECT_THAT(window_->text_of("learn.graded"), HasSubstr("STARTTLS, SIZE"));

  for (const char* line : {"MAIL FROM:<>", "RCPT TO:<alice@example.com>", "DATA", "Subject: by hand", "", "Hello.", "."}) type(line);
  EXPECT_TRUE(learning().standing.done);
  EXPECT_TRUE(window_->find("learn.done"));
  const learn::LessonProgress& progress = model_->progress().learners.at("").lessons.at("lesson-template");
  EXPECT_FALSE(progress.finished.empty());
  EXPECT_EQ(progress.steps.size(), 3U);
  EXPECT_TRUE(progress.predictions.at("offers"));
}

TEST_F(Learn, HintsComeOneByOneAndASolutionOnlyFillsTheConsole) {
  open_template();
  connect();
  for (const char* heading : {"learn.hint/1", "learn.hint/2", "learn.hint/3"}) {
    EXPECT_FALSE(window_->find(heading));
    act(app::InLesson{app::LessonDo::hint});
    EXPECT_TRUE(window_->ui().recorder().find(heading));
  }
  act(app::InLesson{app::LessonDo::solution});
  EXPECT_EQ(model_->console().input, "EHLO laptop");
  EXPECT_EQ(step(), "hello") << "it neither runs nor counts";
  EXPECT_EQ(model_->progress().learners.at("").lessons.at("lesson-template").solutions, 1);
  type(model_->console().input);
  EXPECT_EQ(step(), "write");
  EXPECT_EQ(learning().hints, 0) << "each step has its own";
}

TEST_F(Learn, ASolutionGoesOnWhereTheLearnerIs) {
  open_template();
  connect();
  type("EHLO laptop");
  const auto next = [&] {
    act(app::EditLine{""});
    act(app::InLesson{app::LessonDo::solution});
    return model_->console().input;
  };
  EXPECT_EQ(next(), "MAIL FROM:<>");
  type("mail from:<alice@example.com>");
  EXPECT_EQ(next(), "RCPT TO:<alice@example.com>") << "in other words, but that was it";
  type("RCPT alice");
  EXPECT_EQ(next(), "RCPT TO:<alice@example.com>") << "the server refused it";
  type("RCPT TO:<alice@example.com>");
  type("DATA");
  EXPECT_EQ(next(), "Subject: by hand");
  for (const char* line : {"To: me", "Subject: of my own", "", "One line.", "Another line.", "A third."}) type(line);
  EXPECT_EQ(next(), ".") << "a letter of their own words only wants its end";
  act(app::InLesson{app::LessonDo::back});
  type("MAIL FROM:<>");
  type("RCPT TO:<alice@example.com>");
  type("RSET");
  EXPECT_EQ(next(), "MAIL FROM:<>") << "begun anew";
}

TEST_F(Learn, BackRestoresTheBeginningOfTheStep) {
  open_template();
  connect();
  type("EHLO laptop");
  type("MAIL FROM:<>");
  EXPECT_EQ(step(), "write");
  const std::size_t rows = model_->conversations().rows();
  ASSERT_TRUE(window_->click("learn.back"));
  window_->settle();
  EXPECT_EQ(step(), "write");
  EXPECT_EQ(model_->conversations().rows(), rows - 2) << "MAIL and its reply are undone";
  EXPECT_TRUE(model_->console().held_by_person);
  type("MAIL FROM:<alice@example.com>");  // the connection is there as it was
  EXPECT_EQ(model_->conversations().rows(), rows);
  window_->press(Key::left, Modifier::alt);
  window_->press(Key::left, Modifier::alt);
  EXPECT_EQ(step(), "hello");
  act(app::InLesson{app::LessonDo::back});
  EXPECT_EQ(step(), "connect");
  EXPECT_EQ(model_->conversations().rows(), 0U);
}

TEST_F(Learn, LettersGoToTheOpenLineWhateverHasTheFocus) {
  open_template();
  window_->strike("of");
  EXPECT_EQ(model_->filter(), app::LadderFilter{}) << "before there is a line they hide nothing";
  window_->strike("dt");
  EXPECT_EQ(model_->stage(), app::Stage::world);
  EXPECT_FALSE(model_->notice());
  connect();
  window_->ui().unfocus();
  window_->strike("ehlo dotfa");
  EXPECT_EQ(model_->console().input, "ehlo dotfa");
  EXPECT_TRUE(window_->ui().focused("console.input"));
  EXPECT_EQ(model_->filter(), app::LadderFilter{});
  window_->press(Key::enter);
  window_->settle();
  EXPECT_EQ(step(), "write");
  act(app::ShowLower{app::LowerPanel::mailboxes});
  window_->ui().unfocus();
  window_->strike("MAIL");
  EXPECT_EQ(model_->lower(), app::LowerPanel::console) << "and the line comes into sight";
  EXPECT_EQ(model_->console().input, "MAIL");
  // Whoever goes about with Tab has the keys of the list.
  window_->ui().focus("ladder.list", true);
  window_->frame();
  window_->frame();
  act(app::ToStart{});
  window_->strike("j");
  EXPECT_EQ(model_->console().input, "MAIL");
  EXPECT_TRUE(model_->selected());
}

TEST_F(Learn, FreePlayCountsForNothingAndComesBack) {
  open_template();
  connect();
  ASSERT_TRUE(window_->click("learn.free"));
  window_->settle();
  type("EHLO laptop");
  type("NONSENSE");
  EXPECT_EQ(step(), "hello");
  EXPECT_TRUE(met("no-syntax-error"));
  ASSERT_TRUE(window_->click("learn.come_back"));
  window_->settle();
  EXPECT_EQ(step(), "hello");
  EXPECT_EQ(model_->deeds().size(), 1U);
  EXPECT_TRUE(met("no-syntax-error"));
  type("EHLO laptop");
  EXPECT_EQ(step(), "write");
}

TEST_F(Learn, WhatMustNeverBeIsBrokenUntilTheLearnerGoesBack) {
  open_template();
  connect();
  type("NONSENSE");
  EXPECT_FALSE(met("no-syntax-error"));
  type("EHLO laptop");
  EXPECT_FALSE(met("no-syntax-error"));
  act(app::InLesson{app::LessonDo::restart});
  EXPECT_TRUE(met("no-syntax-error"));
  EXPECT_EQ(step(), "connect");
}

TEST_F(Learn, LookingBackShowsTheGoalsOfThatMoment) {
  open_template();
  connect();
  const Instant greeted = model_->cursor();
  type("EHLO laptop");
  EXPECT_EQ(step(), "write");
  act(app::Seek{greeted});
  EXPECT_EQ(step(), "hello");
  window_->press(Key::f9);
  EXPECT_EQ(step(), "write");
  EXPECT_TRUE(window_->ui().recorder().find("learn.checked"));
}

TEST_F(Learn, AnyStepCanBeOpened) {
  open_lesson(assets / "lesson-template", 2);
  EXPECT_EQ(step(), "write");
  EXPECT_TRUE(met("said-hello"));
  EXPECT_TRUE(model_->console().held_by_person) << "where the solution has brought the world";
}

// What POP3 has no word for is seen all the same: who has read the letter, and what a device did by itself.
TEST_F(Learn, TheMailboxesShowWhereTheDevicesDisagree) {
  open_lesson(assets / "lessons" / "18-two-devices", 2);
  const auto says = [&](std::string_view host, std::string_view words) {
    const Control* card = window_->find("mailboxes.card/" + std::to_string(model_->scenario().find(host)) + "-INBOX");
    if (!card) return false;
    for (const Control& one : window_->ui().recorder().controls())
      if (one.kind == Kind::text && one.text == words && !one.rect.intersected(card->rect).empty()) return true;
    return false;
  };
  EXPECT_TRUE(says("bob-phone", "unread"));
  act(app::DoDeed{"phone-reads"});
  EXPECT_TRUE(says("bob-phone", "read"));
  EXPECT_TRUE(says("bob-laptop", "unread"));
  EXPECT_THAT(window_->text_of("mailboxes.by_itself"), HasSubstr("nobody else knows"));
  act(app::DoDeed{"laptop-collects"});
  for (const char* deed : {"laptop-is-lost", "laptop-removes", "phone-deletes"}) act(app::DoDeed{deed});
  EXPECT_FALSE(says("bob-laptop", "1 more had been here before")) << "of what went, the last is shown";
  act(app::DoDeed{"laptop-is-lost"});
  EXPECT_TRUE(says("bob-laptop", "1 more had been here before"));
}

TEST_F(Learn, NothingIsCutOff) {
  for (const auto& [width, height, scale] : {std::tuple{1280, 800, 1.F}, {1920, 1080, 1.F}, {1440, 900, 2.F}, {2560, 1600, 2.F}})
    for (const Language language : {Language::english, Language::spanish}) {
      act(app::SetLanguage{language});
      open(width, height, scale);
      act(app::ShowWorkspace{app::Workspace::learn});
      EXPECT_THAT(clipped(), IsEmpty()) << "list " << width << " " << scale << " " << int(language);
      for (const learn::Shelved& shelved : std::vector<learn::Shelved>(model_->shelf()))
        for (std::size_t at = 0; at < shelved.lesson.steps.size(); at += std::max<std::size_t>(1, shelved.lesson.steps.size() - 1)) {
          open_lesson(shelved.directory, at);
          for (int i = 0; i < 3; ++i) act(app::InLesson{app::LessonDo::hint});
          act(app::InLesson{app::LessonDo::solution});
          act(app::ToggleLook{});
          EXPECT_THAT(clipped(), IsEmpty()) << shelved.lesson.id << " step " << at << " " << width << " " << scale << " " << int(language);
          EXPECT_THAT(window_->ui().recorder().duplicates(), IsEmpty()) << shelved.lesson.id;
        }
      act(app::InLesson{app::LessonDo::close});
    }
}

struct Shot {
  std::string name;
  Language language;
  app::Look look;
  int width, height;
  float scale;
};

TEST_F(Learn, LooksAsItDid) {
  for (const Shot& wanted : {Shot{"light-en", Language::english, app::Look::light, 1280, 800, 1}, {"dark-es", Language::spanish, app::Look::dark, 1280, 800, 1},
                              {"light-es", Language::spanish, app::Look::light, 1440, 900, 1}, {"200pct-dark-en", Language::english, app::Look::dark, 1440, 900, 2}}) {
    act(app::SetLanguage{wanted.language});
    if (model_->settings().look != wanted.look) act(app::ToggleLook{});
    open(wanted.width, wanted.height, wanted.scale);
    act(app::ShowWorkspace{app::Workspace::learn});
    if (wanted.scale == 1) { EXPECT_TRUE(matches_golden(window_->picture(), "learn-list-" + wanted.name)); }
    open_template();
    connect();
    act(app::PredictInLesson{{"starttls", "auth"}});
    type("MAIL FROM:<bob@example.org>");
    act(app::InLesson{app::LessonDo::hint});
    EXPECT_TRUE(matches_golden(window_->picture(), "learn-step-" + wanted.name));
    act(app::InLesson{app::LessonDo::close});
  }
}

// Lessons put controls in the spotlight by name. assets/lessons/spotlights.txt has the names; GLASSPOST_ACCEPT=1 writes it.
TEST_F(Learn, SpotlightsAreControlsOfTheWindow) {
  std::set<std::string> names;
  const auto collect = [&] {
    for (const Control& control : window_->ui().recorder().controls()) {
      if (control.name.empty() || control.kind == Kind::text || control.kind == Kind::scroll || control.kind == Kind::splitter) continue;
      const auto slash = control.name.find('/');
      names.insert(slash == control.name.npos ? control.name : control.name.substr(0, slash) + "/*");
    }
  };
  open(1920, 1080, 1);
  collect();
  act(app::ToEnd{});
  collect();
  for (const app::LowerPanel panel : {app::LowerPanel::mailboxes, app::LowerPanel::message, app::LowerPanel::states, app::LowerPanel::tls, app::LowerPanel::console}) {
    act(app::ShowLower{panel});
    collect();
  }
  for (const app::InspectorTab tab : {app::InspectorTab::bytes, app::InspectorTab::tls, app::InspectorTab::state, app::InspectorTab::explain}) {
    act(app::ShowTab{tab});
    collect();
  }
  open_template();
  collect();
  connect();
  collect();
  const fs::path file = assets / "lessons" / "spotlights.txt";
  if (std::getenv("GLASSPOST_ACCEPT")) {
    std::ofstream out(file);
    out << "# The controls of the window that a lesson can put in the spotlight; /* is any row. Written by tests/ui/learn_test.cpp.\n";
    for (const std::string& name : names) out << name << "\n";
  }
  std::ifstream in(file);
  std::size_t listed = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    EXPECT_TRUE(names.contains(line)) << line << " is no control of the window";
    ++listed;
  }
  EXPECT_GT(listed, 20U);
}

}  // namespace
}  // namespace glasspost::ui
