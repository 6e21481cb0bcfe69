// What turns lessons into words: Markdown, and the file in which progress is kept and handed in.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/learn/course.h"
#include "app/learn/handout.h"
#include "app/learn/markdown.h"
#include "app/learn/progress.h"
#include "app/learn/search.h"
#include "app/learn/shelf.h"
#include "tests/source_dir.h"

namespace glasspost::learn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

TEST(Markdown, BlocksAndRuns) {
  const auto blocks = parse_markdown("Say `EHLO` *now*, **please** ([RFC 5321](https://www.rfc-editor.org/rfc/rfc5321)).\n\n1. one\n2. two\n   - deep\n\n```\nC: QUIT\n```\n");
  ASSERT_EQ(blocks.size(), 5U);
  EXPECT_THAT(blocks[0].runs, ElementsAre(learn::Run{"Say "}, learn::Run{"EHLO", false, false, true}, learn::Run{" "}, learn::Run{"now", false, true}, learn::Run{", "}, learn::Run{"please", true},
                                          learn::Run{" ("}, learn::Run{"RFC 5321", false, false, false, "https://www.rfc-editor.org/rfc/rfc5321"}, learn::Run{")."}));
  EXPECT_EQ(blocks[1].number, 1);
  EXPECT_EQ(blocks[2].number, 2);
  EXPECT_EQ(blocks[3].depth, 2);
  EXPECT_EQ(blocks[3].number, 0);
  EXPECT_EQ(blocks[4].kind, Block::Kind::code);
  EXPECT_EQ(plain(blocks[4].runs), "C: QUIT\n");
  EXPECT_EQ(html_of(blocks),
            "<p>Say <code>EHLO</code> <em>now</em>, <strong>please</strong> (<a href=\"https://www.rfc-editor.org/rfc/rfc5321\">RFC 5321</a>).</p>\n"
            "<ol><li>one</li><li>two<ul><li>deep</li></ul>\n</li></ol>\n<pre>C: QUIT\n</pre>\n");
  EXPECT_EQ(text_of(blocks, 30), "Say EHLO now, please (RFC\n5321).\n  1. one\n  2. two\n    • deep\n\n    C: QUIT\n");
}

TEST(Markdown, NothingInItIsMarkupOfThePage) {
  EXPECT_EQ(html_of(parse_markdown("<script>alert(1)</script> & `<b>`")), "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; <code>&lt;b&gt;</code></p>\n");
  EXPECT_THAT(html_of(parse_markdown("[x](javascript:alert(1))")), Not(HasSubstr("href")));
}

TEST(Results, WhatWasWrittenIsReadAgain) {
  Progress progress;
  LessonProgress& lesson = progress.learners["Ana"].lessons["starttls"];
  lesson = {"2026-11-24T10:00:00Z", "2026-11-24T10:15:00Z", {"connect", "hello"}, {"greeted"}, {{"offers", false}}, 2, 1, 0};
  const auto read = parse_progress(write_progress(progress));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(write_progress(*read), write_progress(progress));
}

TEST(Results, OfOneLearnerFromTwoComputersAreJoined) {
  Progress school, home;
  school.learners["Ana"].lessons["pop3"] = {"2026-11-24T10:00:00Z", "", {"login"}, {"a"}, {{"count", false}}, 3, 0, 0};
  home.learners["Ana"].lessons["pop3"] = {"2026-11-25T18:00:00Z", "2026-11-25T18:20:00Z", {"login", "quit"}, {"b"}, {{"count", true}, {"later", true}}, 1, 1, 0};
  home.learners["Ben"].lessons["pop3"].begun = "2026-11-25T09:00:00Z";
  Progress all = home;
  merge(all, school);
  Progress other_way = school;
  merge(other_way, home);
  EXPECT_EQ(write_progress(all), write_progress(other_way)) << "whichever comes first";
  const LessonProgress& joined = all.learners["Ana"].lessons["pop3"];
  EXPECT_EQ(joined.begun, "2026-11-24T10:00:00Z");
  EXPECT_EQ(joined.finished, "2026-11-25T18:20:00Z");
  EXPECT_THAT(joined.steps, ElementsAre("login", "quit"));
  EXPECT_FALSE(joined.predictions.at("count")) << "the first answer counts";
  EXPECT_TRUE(joined.predictions.at("later"));
  EXPECT_EQ(joined.hints, 3);
  EXPECT_TRUE(all.learners.contains("Ben"));
}

TEST(Results, ABadFileIsSetAsideAndNotLost) {
  const fs::path file = fs::path(::testing::TempDir()) / ("progress-" + std::to_string(::getpid()) + ".json");
  for (const char* text : {"", "{", "[]", "{\"glasspost_results\": 2}", "{\"glasspost_results\": 1, \"learners\": [{\"name\": 3}]}",
                           "{\"glasspost_results\": 1, \"learners\": [{\"name\": \"\", \"lessons\": {\"a\": {\"hints\": \"many\"}}}]}"}) {
    EXPECT_FALSE(parse_progress(text)) << text;
    std::ofstream(file) << text;
    EXPECT_TRUE(load_progress(file).learners.empty());
    EXPECT_FALSE(fs::exists(file)) << text;
    EXPECT_TRUE(fs::exists(file.string() + ".broken"));
  }
  Progress progress;
  progress.learners[""].lessons["x"].hints = 1;
  EXPECT_TRUE(save_progress(progress, file));
  EXPECT_EQ(load_progress(file).learners.at("").lessons.at("x").hints, 1);
  fs::remove(file);
  fs::remove(file.string() + ".broken");
}

// Four lessons: b and c rest on a, d on b.
std::vector<Shelved> small_shelf() {
  std::vector<Shelved> shelf(4);
  const char* ids[] = {"a", "b", "c", "d"};
  for (std::size_t i = 0; i < 4; ++i) shelf[i].lesson.id = ids[i];
  shelf[1].lesson.prerequisites = shelf[2].lesson.prerequisites = {"a"};
  shelf[3].lesson.prerequisites = {"b"};
  return shelf;
}

TEST(TheCourse, GoesOnWithWhatRestsOnDoneLessons) {
  const auto shelf = small_shelf();
  Progress progress;
  const auto next = [&](const char* after) {
    const Shelved* found = next_after(shelf, progress, after);
    return found ? found->lesson.id : std::string("none");
  };
  const auto finish = [&](const char* id) { progress.learners[""].lessons[id].finished = "2026-12-01T08:00:00Z"; };
  finish("a");
  EXPECT_EQ(next("a"), "b");
  finish("c");
  EXPECT_EQ(next("c"), "b") << "d rests on b, which is open: so b comes first";
  finish("b");
  EXPECT_EQ(next("b"), "d");
  finish("d");
  EXPECT_EQ(next("d"), "none");
  EXPECT_THAT(rests_on(shelf, 3), ElementsAre(0U, 1U));
  EXPECT_THAT(rests_on(shelf, 0), ElementsAre());
}

TEST(Searching, FindsWordsWhateverCaseAndAccents) {
  const fs::path assets = std::string(glasspost::source_dir()) + "/assets";
  const lessons::Lesson lesson = read_shelved(assets / "lesson-template", assets).lesson;
  EXPECT_EQ(folded("Añadió ÉL: «Sí»"), "anadio el: «si»");
  EXPECT_EQ(find_in(lesson, Language::english, "SAY hello")->section, "title");
  EXPECT_EQ(find_in(lesson, Language::english, "rfc 5321")->section, "title");
  const auto prose = find_in(lesson, Language::spanish, "conectate");
  ASSERT_TRUE(prose);
  EXPECT_EQ(prose->section, "step.connect");
  EXPECT_THAT(prose->excerpt, HasSubstr("Conéctate al servidor"));
  EXPECT_THAT(find_in(lesson, Language::english, "EHLO")->excerpt, Not(HasSubstr("`")));
  EXPECT_TRUE(find_in(lesson, Language::english, "console hello")) << "in whatever places";
  EXPECT_FALSE(find_in(lesson, Language::english, "hello zebra"));
  EXPECT_FALSE(find_in(lesson, Language::english, "  "));
}

TEST(Handout, HasEveryStepAndAnswersOnlyForTheTeacher) {
  const fs::path assets = std::string(glasspost::source_dir()) + "/assets";
  const Shelved shelved = read_shelved(assets / "lesson-template", assets);
  ASSERT_TRUE(shelved.problems.empty());
  Strings strings = Strings::load(assets).value();
  const std::string page = handout_of(shelved.lesson, strings, false);
  EXPECT_THAT(page, HasSubstr("<h2>2 Say <code>EHLO</code></h2>"));
  EXPECT_THAT(page, HasSubstr("<li><code>STARTTLS</code></li>"));
  EXPECT_THAT(page, Not(HasSubstr("Nothing else is allowed")));
  strings.speak(Language::spanish);
  const std::string teacher = handout_of(shelved.lesson, strings, true);
  EXPECT_THAT(teacher, HasSubstr("lang=\"es\""));
  EXPECT_THAT(teacher, HasSubstr("Antes de saludar"));
  EXPECT_THAT(teacher, HasSubstr("MAIL FROM:&lt;&gt;"));
  EXPECT_THAT(strings.missing(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace glasspost::learn
