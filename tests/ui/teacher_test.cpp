// A teacher who edits a lesson while it is open, and who records a solution.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "tests/ui/learn.h"

namespace glasspost::ui {
namespace {

using ::testing::HasSubstr;

class Teacher : public Learn {
 protected:
  Teacher() {
    directory_ = fs::path(::testing::TempDir()) / ("teacher-" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    fs::copy(assets / "lesson-template", directory_, fs::copy_options::recursive);
  }
  ~Teacher() override { fs::remove_all(directory_); }
  void put(const std::string& file, const std::string& from, const std::string& to) {
    std::ifstream in(directory_ / file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    ASSERT_NE(text.find(from), text.npos) << file;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(directory_ / file, std::ios::binary) << text;
  }
  // As an editor saves it, a little later than the file was written before.
  void edit(const std::string& file, const std::string& from, const std::string& to) {
    put(file, from, to);
    fs::last_write_time(directory_ / file, fs::last_write_time(directory_ / file) + std::chrono::seconds{++later_});
    model_->pass(std::chrono::seconds{1});
    window_->settle();
  }
  fs::path directory_;
  int later_ = 0;
};

TEST_F(Teacher, SeesEachEditWhileTheLessonIsOpen) {
  open_lesson(directory_);
  connect();
  edit("en.md", "# Say hello", "# Say good day");
  EXPECT_EQ(window_->text_of("learn.title"), "Say good day");
  EXPECT_EQ(step(), "hello") << "what was done is done again";
  edit("lesson.yaml", "steps:", "stepz:");
  EXPECT_THAT(window_->text_of("learn.problems"), HasSubstr("a lesson has no"));
  EXPECT_THAT(window_->text_of("learn.problems"), HasSubstr("stepz"));
  EXPECT_EQ(step(), "hello") << "the lesson goes on as it was";
  edit("lesson.yaml", "stepz:", "steps:");
  EXPECT_FALSE(window_->find("learn.problems"));
}

TEST_F(Teacher, SavesWhatWasDoneAsASolution) {
  open_lesson(directory_);
  connect();
  act(app::PredictInLesson{{"starttls", "size"}});
  type("EHLO \"quoted\\\"");
  for (const char* line : {"RSET", "EHLO laptop", "MAIL FROM:<>", "RCPT TO:<alice@example.com>", "DATA", "", "Hello.", "."}) type(line);
  ASSERT_TRUE(learning().standing.done);
  ASSERT_TRUE(window_->click("learn.record")) << "at the end too";
  window_->settle();
  ASSERT_TRUE(model_->notice());
  EXPECT_FALSE(model_->notice()->is_error);
  const auto lesson = lessons::read_lesson(directory_, assets / "scenarios");
  ASSERT_TRUE(lesson) << lesson.error().front().describe();
  ASSERT_EQ(lesson->solutions.size(), 2U);
  EXPECT_EQ(lesson->solutions[1].name, "recorded");
  const std::vector<lessons::Act>& hello = lesson->solutions[1].parts[1].acts;
  ASSERT_EQ(hello.size(), 4U);
  EXPECT_EQ(std::get<lessons::Predict>(hello[0]).choices.size(), 2U);
  EXPECT_EQ(std::get<lessons::Type>(hello[1]).line, "EHLO \"quoted\\\"");
  EXPECT_EQ(std::get<lessons::Type>(hello[2]).line, "RSET");
}

// The server hangs up on whoever says nothing for five minutes: a step that is done by waiting, and by nothing else.
class TeacherWhoWaits : public Teacher {
 protected:
  TeacherWhoWaits() {
    put("lesson.yaml", "stage: [ladder, console]", "stage: [ladder, console]\ndeeds:\n  let-time-pass: {wait: 10 min}");
    put("lesson.yaml", "  - id: write", "  - id: silence\n    offer: [let-time-pass]\n    goals:\n      hung-up: {reached: {cut: {port: 25}}}\n  - id: write");
    put("solutions/by-hand.yaml", "write:", "silence:\n  - do: let-time-pass\nwrite:");
    for (const char* file : {"en.md", "es.md"})
      put(file, "## step.write", "## step.silence\n\nSay nothing\n\nWait.\n\n## goal.hung-up\n\ncut\n\n## deed.let-time-pass\n\nWait\n\n## hint.silence.concept\n\nTime.\n\n"
                                  "## hint.silence.where\n\nHere.\n\n## hint.silence.command\n\nPress.\n\n## step.write");
    open_lesson(directory_);
  }
  void wait() {
    window_->settle();
    ASSERT_TRUE(window_->click("learn.deed/let-time-pass"));
    window_->settle();
  }
};

TEST_F(TeacherWhoWaits, KeepsTheLastWaitInTheRecording) {
  connect();
  act(app::PredictInLesson{{"starttls", "size"}});
  type("EHLO laptop");
  EXPECT_EQ(step(), "silence");
  wait();
  ASSERT_EQ(step(), "write") << "the server has hung up";
  act(app::InLesson{app::LessonDo::record});
  const auto lesson = lessons::read_lesson(directory_, assets / "scenarios");
  ASSERT_TRUE(lesson) << lesson.error().front().describe();
  const lessons::Route& recorded = lesson->solutions.back();
  EXPECT_EQ(recorded.name, "recorded");
  lessons::Run run(*lesson);
  for (const lessons::Route::Part& part : recorded.parts)
    for (const lessons::Act& act : part.acts) ASSERT_TRUE(run.perform(act));
  EXPECT_EQ(lesson->steps[run.standing().step].id, "write") << "played again, it comes as far";
}

TEST_F(TeacherWhoWaits, ComesBackFromFreePlayToWhenTheTimeHadPassed) {
  connect();
  type("EHLO laptop");
  wait();
  ASSERT_EQ(step(), "write");
  act(app::InLesson{app::LessonDo::free_play});
  connect();
  act(app::InLesson{app::LessonDo::come_back});
  EXPECT_EQ(step(), "write");
  act(app::InLesson{app::LessonDo::back});
  EXPECT_EQ(step(), "silence") << "the wait was this step's";
  edit("en.md", "# ", "# New: ");
  EXPECT_EQ(step(), "silence");
  wait();
  edit("en.md", "# New: ", "# ");
  EXPECT_EQ(step(), "write") << "a lesson that is read again has waited, too";
}

}  // namespace
}  // namespace glasspost::ui
