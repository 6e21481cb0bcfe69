// Whoever writes a lesson makes mistakes: each is named with its file, its line, and what would be right.
#include "tests/lessons/hello.h"

namespace glasspost::lessons::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Loading, TheExampleIsWhole) {
  const Lesson lesson = hello();
  EXPECT_EQ(lesson.id, "lesson-template");
  EXPECT_EQ(lesson.number, 0);
  EXPECT_EQ(lesson.seed, 7U);
  ASSERT_EQ(lesson.steps.size(), 3U);
  EXPECT_EQ(lesson.steps[1].prediction->options.size(), 3U);
  EXPECT_EQ(lesson.goals().size(), 5U);
  EXPECT_EQ(lesson.text(Language::english, "title"), "Say hello");
  EXPECT_THAT(lesson.text(Language::spanish, "step.connect"), StartsWith("Conéctate al servidor\n\nAbre"));
  ASSERT_EQ(lesson.solutions.size(), 1U);
  ASSERT_EQ(lesson.wrong.size(), 1U);
  EXPECT_EQ(lesson.wrong[0].parts.size(), 2U) << "the solution's first step, and its own acts";
}

TEST(Loading, TheDirectoryNamesTheLesson) {
  Copy copy;
  const fs::path named = copy.directory().parent_path() / "07-by-hand";
  fs::copy(copy.directory(), named, fs::copy_options::recursive);
  const auto lesson = read_lesson(named, scenarios);
  ASSERT_TRUE(lesson) << lesson.error().front().describe();
  EXPECT_EQ(lesson->number, 7);
  EXPECT_EQ(lesson->id, "by-hand");
  fs::rename(named, named.parent_path() / "By Hand");
  EXPECT_THAT(read_lesson(named.parent_path() / "By Hand", scenarios).error().front().problem, HasSubstr("small letters"));
}

TEST(Recording, AFaultIsWrittenByItsName) {
  const auto written = [](FaultKind kind) { return write_act(Fault{"a.example", "b.example", {sim::LinkFault{kind}}}); };
  for (const auto& [kind, name] : {std::pair{FaultKind::refuse, "refuse"}, {FaultKind::strip, "strip"}})
    EXPECT_THAT(written(kind), HasSubstr(std::string("kind: ") + name));
}

struct Mistake {
  std::string file, from, to, said;
};

TEST(Loading, EachMistakeIsNamed) {
  const Mistake mistakes[] = {
      {"lesson.yaml", "minutes: 3", "minutse: 3", "lesson.yaml:4:1: a lesson has no \"minutse\": its keys are rfcs, "},
      {"lesson.yaml", "minutes: 3", "minutes: three", "lesson.yaml:4:10: the minutes is a number from 1 to 600"},
      {"lesson.yaml", "kind: laptop", "kind: toaster", "\"toaster\" is not known as a host's kind"},
      {"lesson.yaml", "reached: {exchange: {command: greeting", "rached: {exchange: {command: greeting", "\"rached\" is not known as the kind of a goal"},
      {"lesson.yaml", "exchange: {command: EHLO, reply: \"250\"", "xchange: {command: EHLO, reply: \"250\"", "\"xchange\" is no fact: they are exchange, sequence"},
      {"lesson.yaml", "port: 25}}}", "prot: 25}}}", "exchange has no \"prot\""},
      {"lesson.yaml", "holder: mail.example.com", "holder: mail.example.net", "the world has no host \"mail.example.net\": there are laptop, mail.example.com"},
      {"lesson.yaml", "is: 1}}", "is: 1, at_most: 2}}", "\"is\" stands alone"},
      {"lesson.yaml", "id: hello\n", "id: connect\n", "there are two steps \"connect\""},
      {"lesson.yaml", "id: hello\n", "id: Hello There\n", "a step's id is made of small letters"},
      {"lesson.yaml", "size: {exchange", "right: {exchange", "an option can't be called right or wrong"},
      {"lesson.yaml", "stage: [ladder, console]", "stage: [ladder, ladder]", "this panel is on the stage twice"},
      {"lesson.yaml", "no-syntax-error: {never", "greeted: {never", "there are two goals \"greeted\""},
      {"lesson.yaml", "steps:", "steps: [", "this is not YAML"},
      {"lesson.yaml", "in-order: {reached: {sequence: {commands: [EHLO, MAIL, RCPT, DATA]}}}", "in-order: {reached: {predicted: {prediction: other}}}", "no step has it"},
      {"en.md", "# Say hello", "Say hello", "en.md:1:1: the first line is the title"},
      {"en.md", "## ends", "## end", "en.md: the section \"## ends\" is missing\nen.md:8:1: \"end\" belongs to nothing in lesson.yaml"},
      {"es.md", "## outro\n\nHa sido una carta entera, a mano.", "## outro\n", "the section \"outro\" is empty"},
      {"es.md", "## outro", "## intro", "the section \"intro\" is here twice; the first is in line 3"},
      {"es.md", "una carta entera", "una carta \xE9ntera", "this line is not UTF-8"},
      {"es.md", "Di `EHLO`\n\nEscríbelo", "Di `EHLO`\nEscríbelo", "\"step.hello\" needs its title, an empty line"},
      {"solutions/by-hand.yaml", "hello:", "helo:", "solutions/by-hand.yaml:3:1: the lesson has no step \"helo\""},
      {"solutions/by-hand.yaml", "port: 25", "port: 70000", "solutions/by-hand.yaml:2:57: a port is a number from 1 to 65535"},
      {"solutions/by-hand.yaml", "type: EHLO laptop", "tipe: EHLO laptop", "\"tipe\" is no act: they are connect, type"},
      {"solutions/by-hand.yaml", "[starttls, size]", "[starttls, chunking]", "the prediction \"offers\" has no option \"chunking\""},
      {"wrong/mail-first.yaml", "feedback: mail-first", "feedback: mail-frist", "wrong/mail-first.yaml:1:11: the lesson has no feedback \"mail-frist\""},
      {"wrong/mail-first.yaml", "after: connect", "after: begin", "the lesson has no step \"begin\""},
  };
  for (const Mistake& mistake : mistakes) {
    Copy copy;
    copy.change(mistake.file, mistake.from, mistake.to);
    EXPECT_THAT(copy.problems(), HasSubstr(mistake.said)) << mistake.from << " → " << mistake.to;
  }
}

TEST(Loading, WhatIsMissingIsNamed) {
  Copy copy;
  fs::remove(copy.directory() / "es.md");
  EXPECT_EQ(copy.problems(), "es.md: this file of the lesson can't be read\n");
  Copy second;
  fs::remove_all(second.directory() / "solutions");
  EXPECT_THAT(second.problems(), HasSubstr("solutions: there is no solution"));
  EXPECT_THAT(read_lesson("/nowhere/at-all", scenarios).error().front().describe(), HasSubstr("lesson.yaml: this file of the lesson can't be read"));
}

TEST(Loading, AnythingInTheFilesIsAnErrorAndNeverACrash) {
  Copy copy;
  for (const std::string file : {"lesson.yaml", "en.md", "solutions/by-hand.yaml", "wrong/mail-first.yaml"}) {
    const std::string whole = copy.read(file);
    for (const std::string& text : {std::string(), std::string("\0\0", 2), std::string("[[[["), std::string("- a\n- b\n"), std::string("a: &a [*a]\n"), whole + (file == "en.md" ? "\n```\n" : "\nmore: [\n")})
      EXPECT_NE(copy.write(file, text).problems(), "") << file << ": " << text;
    for (std::size_t cut = 0; cut < whole.size(); cut += 41) copy.write(file, whole.substr(0, cut)).problems();
    copy.write(file, whole);
  }
  EXPECT_EQ(copy.problems(), "");
}

}  // namespace
}  // namespace glasspost::lessons::testing
