// The proof of a lesson, and that each part of it can fail.
#include "tests/lessons/hello.h"

namespace glasspost::lessons::testing {
namespace {

using ::testing::HasSubstr;

TEST(Checking, TheExampleIsProved) {
  const CheckResult result = check(hello(), {"console.input", "console.send"});
  for (const LessonError& problem : result.problems) ADD_FAILURE() << problem.describe();
  EXPECT_EQ(result.solutions, 1U);
  EXPECT_EQ(result.wrong, 1U);
}

TEST(Checking, ASolutionThatDoesNotReachIsNamed) {
  Copy copy;
  copy.change("solutions/by-hand.yaml", ", \"DATA\"]", "]");
  EXPECT_THAT(copy.checked(), HasSubstr("solutions/by-hand.yaml: after its acts, the step \"write\" is not done: in-the-box (now 0), in-order (now 3, DATA)"));
}

TEST(Checking, ACleanSequenceBreaksWithTheFirstRefusal) {
  Copy copy;
  copy.change("lesson.yaml", "commands: [EHLO, MAIL, RCPT, DATA]", "commands: [EHLO, MAIL, RCPT, DATA], clean: yes");
  EXPECT_EQ(copy.checked(), "");
  copy.change("solutions/by-hand.yaml", "\"RCPT TO:<alice@example.com>\"", "\"RCPT TO:<nobody@example.com>\", \"RCPT TO:<alice@example.com>\"");
  EXPECT_THAT(copy.checked(), HasSubstr("the step \"write\" is not done: in-order (now 2, RCPT)"));
}

TEST(Checking, AWrongRouteThatIsRightIsNamed) {
  Copy copy;
  copy.change("wrong/mail-first.yaml", "MAIL FROM:<bob@example.org>", "EHLO me");
  EXPECT_THAT(copy.checked(), HasSubstr("wrong/mail-first.yaml: at its end no feedback is shown, not \"mail-first\" (the step to do is \"write\")"));
}

TEST(Checking, AStepThatIsDoneBeforeItsActsIsNamed) {
  Copy copy;
  copy.change("lesson.yaml", "{command: EHLO, reply: \"250\", port: 25}", "{command: greeting}");
  EXPECT_THAT(copy.checked(), HasSubstr("the step \"hello\" is done before its acts"));
}

TEST(Checking, AGoalThatIsReachedAtTheStartIsNamed) {
  Copy copy;
  copy.change("lesson.yaml", "{exchange: {command: greeting, reply: \"220\", port: 25}}", "{mailbox: {holder: mail.example.com}, is: 0}");
  EXPECT_THAT(copy.checked(), HasSubstr("the goal \"greeted\" is reached before anything has been done"));
  EXPECT_THAT(copy.checked(), HasSubstr("the step \"connect\" is done before anything has been done"));
}

TEST(Checking, APredictionThatTheSimulatorDeniesIsNamed) {
  Copy copy;
  copy.change("solutions/by-hand.yaml", "[starttls, size]", "[starttls, auth]");
  EXPECT_THAT(copy.checked(), HasSubstr("it predicts \"offers\" wrongly; the simulator says: starttls, size"));
  Copy second;
  second.change("lesson.yaml", "several: yes", "several: no").change("solutions/by-hand.yaml", "[starttls, size]", "[size]");
  EXPECT_THAT(second.checked(), HasSubstr("the prediction \"offers\" has 2 right options, and takes one: starttls, size"));
}

TEST(Checking, ASpotlightOnNothingIsNamed) {
  Copy copy;
  EXPECT_THAT(copy.checked({"console.input"}), HasSubstr("step \"write\": the window has no control \"console.send\""));
  EXPECT_EQ(copy.checked({"console.input", "console.send"}), "");
  copy.change("lesson.yaml", "spotlight: console.send", "spotlight: ladder.row/3");
  EXPECT_EQ(copy.checked({"console.input", "ladder.row/*"}), "");
}

// EHLO ends the step before; that it was said is no mistake in this one. Said again, it is.
TEST(Checking, WhatEndedAStepIsNoMistakeInTheNext) {
  const auto with_feedback = [](const char* acts) {
    Copy copy;
    copy.change("lesson.yaml", "throughout:", "    feedback:\n      again: {exchange: {command: EHLO}}\nthroughout:");
    for (const char* prose : {"en.md", "es.md"}) copy.write(prose, copy.read(prose) + "\n## feedback.again\n\nAgain.\n");
    copy.write("wrong/again.yaml", std::string("feedback: again\nafter: hello\nacts:\n") + acts);
    return copy.checked();
  };
  EXPECT_THAT(with_feedback("  - type: NOOP"), HasSubstr("wrong/again.yaml: at its end no feedback is shown, not \"again\" (the step to do is \"write\")"));
  EXPECT_EQ(with_feedback("  - type: EHLO laptop"), "");
}

TEST(Standings, AGoalThatWasReachedKeepsItsValue) {
  const Lesson lesson = hello();
  lessons::Run run(lesson);
  ASSERT_TRUE(run.perform(Connect{"laptop", "mail.example.com", 25}));
  for (const char* line : {"EHLO", "EHLO laptop", "EHLO"}) ASSERT_TRUE(run.perform(Type{line}));
  const Standing standing = run.standing();
  const auto said_hello = std::find_if(standing.goals.begin(), standing.goals.end(), [](const GoalStanding& one) { return one.goal->id == "said-hello"; });
  ASSERT_NE(said_hello, standing.goals.end());
  EXPECT_EQ(said_hello->value.number, 1U);
  EXPECT_EQ(said_hello->value.text, "250");
}

TEST(Checking, TypingIntoNothingIsNamed) {
  Copy copy;
  copy.change("wrong/mail-first.yaml", "after: connect\n", "");
  EXPECT_THAT(copy.checked(), HasSubstr("wrong/mail-first.yaml: \"MAIL FROM:<bob@example.org>\": nothing is connected"));
}

}  // namespace
}  // namespace glasspost::lessons::testing
