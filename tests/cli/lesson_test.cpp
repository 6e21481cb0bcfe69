// glasspost lesson: read, played, proved, made, handed in.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/process.h"
#include "tests/source_dir.h"

namespace glasspost::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Json = nlohmann::json;

const std::string sample = std::string(glasspost::source_dir()) + "/assets/lesson-template";

TEST(Lesson, IsShownInBothLanguages) {
  const Ran english = glasspost({"lesson", "show", sample}), spanish = glasspost({"lesson", "show", sample, "--lang", "es"});
  EXPECT_EQ(english.status, 0) << english.err;
  EXPECT_THAT(english.out, HasSubstr("Say hello\nabout 3 min, RFC 5321\n"));
  EXPECT_THAT(english.out, HasSubstr("2. Say EHLO\n"));
  EXPECT_THAT(english.out, HasSubstr("  ○ EHLO answered with 250\n"));
  EXPECT_THAT(spanish.out, HasSubstr("2. Di EHLO\n"));
}

TEST(Lesson, RunShowsTheGoalsWithTheirValues) {
  const Ran solved = glasspost({"lesson", "run", sample});
  EXPECT_EQ(solved.status, 0) << solved.err;
  EXPECT_THAT(solved.out, HasSubstr("Every goal is met."));
  EXPECT_THAT(solved.out, HasSubstr("0 times"));
  const Ran wrong = glasspost({"lesson", "run", sample, "--route", "mail-first", "--json"});
  EXPECT_EQ(wrong.status, 1);
  const Json json = Json::parse(wrong.out);
  EXPECT_EQ(json["feedback"], "mail-first");
  EXPECT_EQ(json["step"], "hello");
  EXPECT_EQ(json["done"], false);
  EXPECT_THAT(glasspost({"lesson", "run", sample, "--route", "none"}).err, HasSubstr("It has: by-hand, mail-first."));
}

TEST(Lesson, RunPlaysActsFromAFile) {
  const Ran ran = glasspost({"lesson", "run", sample, "--acts", "-", "--json"}, "- connect: {from: laptop, to: mail.example.com, port: 25}\n- type: EHLO me\n");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(Json::parse(ran.out)["step"], "write");
  const Ran bad = glasspost({"lesson", "run", sample, "--acts", "-"}, "- tipe: EHLO me\n");
  EXPECT_EQ(bad.status, 1);
  EXPECT_THAT(bad.err, HasSubstr("-:1:3: \"tipe\" is no act"));
}

TEST(Lesson, ANewOneIsProvedAndABrokenOneIsNot) {
  const Scratch scratch;
  const std::string directory = scratch.path("my-lesson");
  const Ran made = glasspost({"lesson", "new", directory});
  ASSERT_EQ(made.status, 0) << made.err;
  const Ran proved = glasspost({"lesson", "check", directory});
  EXPECT_EQ(proved.status, 0) << proved.out;
  EXPECT_EQ(proved.out, "my-lesson: proved. Solutions: 1, wrong routes: 1.\n");
  EXPECT_EQ(glasspost({"lesson", "new", directory}).status, 1) << "nothing is overwritten";
  std::filesystem::remove(directory + "/es.md");
  const Ran broken = glasspost({"lesson", "check", directory});
  EXPECT_EQ(broken.status, 1);
  EXPECT_THAT(broken.out, HasSubstr("es.md: this file of the lesson can't be read\nmy-lesson: 1 problem.\n"));
}

TEST(Lesson, AHandoutIsAPage) {
  const Scratch scratch;
  const Ran ran = glasspost({"lesson", "handout", sample, "--answers", "-o", scratch.path("page.html")});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(read_file(scratch.path("page.html")), HasSubstr("<title>Say hello</title>"));
}

TEST(Lesson, ResultsAreNamedAndCollected) {
  const Scratch scratch;
  const std::map<std::string, std::string> home{{"XDG_STATE_HOME", scratch.path("state")}};
  std::filesystem::create_directories(scratch.path("state/glasspost"));
  scratch.write("state/glasspost/progress.json",
                R"({"glasspost_results": 1, "learners": [{"name": "", "lessons": {"pop3": {"begun": "2026-11-24T10:00:00Z", "steps": ["login"]}}}]})");
  const Ran ana = glasspost({"lesson", "results", "--learner", "Ana"}, {}, home);
  ASSERT_EQ(ana.status, 0) << ana.err;
  EXPECT_EQ(Json::parse(ana.out)["learners"][0]["name"], "Ana");
  const std::string one = scratch.write("ana.json", ana.out);
  const std::string two = scratch.write("ben.json", R"({"glasspost_results": 1, "learners": [{"name": "Ben", "lessons": {}}]})");
  const Ran all = glasspost({"lesson", "results", one, two});
  EXPECT_EQ(Json::parse(all.out)["learners"].size(), 2U);
  const Ran bad = glasspost({"lesson", "results", scratch.write("bad.json", "{}")});
  EXPECT_EQ(bad.status, 1);
  EXPECT_THAT(bad.err, HasSubstr("bad.json is no results file"));
}

TEST(Lesson, WrongUsageIsSaid) {
  EXPECT_EQ(glasspost({"lesson"}).status, 2);
  EXPECT_THAT(glasspost({"lesson"}).err, HasSubstr("glasspost lesson needs an action."));
  EXPECT_EQ(glasspost({"lesson", "show"}).status, 2);
  EXPECT_THAT(glasspost({"lesson", "show"}).err, HasSubstr("glasspost lesson show"));
  const Ran unknown = glasspost({"lesson", "show", "no-such-lesson"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_THAT(unknown.err, HasSubstr("There is no lesson “no-such-lesson”."));
  EXPECT_THAT(glasspost({"lesson", "show", "--help"}).out, HasSubstr("Usage: glasspost lesson show LESSON [options]"));
}

}  // namespace
}  // namespace glasspost::test
