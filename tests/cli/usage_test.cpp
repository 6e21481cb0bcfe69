// Statuses, help, errors: what scripts and people rely on.
#include <gmock/gmock.h>

#include "tests/cli/process.h"

namespace glasspost::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Usage, HelpIsInBothLanguagesWithExamples) {
  for (const std::string command : {"", "open", "play", "explain"}) {
    std::vector<std::string> words{"--help"};
    if (!command.empty()) words.insert(words.begin(), command);
    const Ran english = glasspost(words);
    EXPECT_EQ(english.status, 0);
    EXPECT_THAT(english.err, IsEmpty());
    EXPECT_THAT(english.out, HasSubstr("Usage: glasspost"));
    EXPECT_THAT(english.out, HasSubstr("Examples\n  glasspost"));
    EXPECT_THAT(english.out, Not(HasSubstr("cli."))) << "a key that has no words";
    words.insert(words.begin(), {"--lang", "es"});
    const Ran spanish = glasspost(words);
    EXPECT_EQ(spanish.status, 0);
    EXPECT_THAT(spanish.out, HasSubstr("Uso: glasspost"));
    EXPECT_THAT(spanish.out, HasSubstr("Ejemplos\n  glasspost"));
    EXPECT_THAT(spanish.out, Not(HasSubstr("cli.")));
  }
}

TEST(Usage, TheLanguageComesFromTheEnvironmentUnlessItIsNamed) {
  EXPECT_THAT(glasspost({"--help"}, {}, {{"LC_ALL", "es_MX.UTF-8"}}).out, HasSubstr("Uso:"));
  EXPECT_THAT(glasspost({"--help"}, {}, {{"LC_ALL", ""}, {"LANG", "es_ES.UTF-8"}}).out, HasSubstr("Uso:"));
  EXPECT_THAT(glasspost({"--help", "--lang=en"}, {}, {{"LC_ALL", "es_ES.UTF-8"}}).out, HasSubstr("Usage:"));
  EXPECT_THAT(glasspost({"play", "--help", "--lang", "es"}).out, HasSubstr("Uso:"));
}

TEST(Usage, Version) {
  const Ran ran = glasspost({"--version"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, testing::MatchesRegex("glasspost [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

struct Wrong {
  std::vector<std::string> words;
  std::string says;
};
class WrongUsage : public testing::TestWithParam<Wrong> {};

TEST_P(WrongUsage, IsStatusTwoAndASentenceOnStandardError) {
  const Ran ran = glasspost(GetParam().words);
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_EQ(ran.err, "glasspost: " + GetParam().says + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Words, WrongUsage,
    testing::Values(
        Wrong{{"plaz"}, "“plaz” is not a command. Try: glasspost --help"},
        Wrong{{"--colour"}, "“--colour” is not an option of glasspost. Try: glasspost --help"},
        Wrong{{"play", "--foo"}, "“--foo” is not an option of glasspost play. Try: glasspost play --help"},
        Wrong{{"play", "--foo", "--lang", "es"}, "«--foo» no es una opción de glasspost play. Ayuda: glasspost play --help"},
        Wrong{{"play", "a", "b"}, "“b” is one word too many for glasspost play. Try: glasspost play --help"},
        Wrong{{"play", "--seed"}, "--seed needs a value."},
        Wrong{{"play", "--seed", "-1"}, "--seed can’t be “-1”: expected a whole number."},
        Wrong{{"play", "--seed", "18446744073709551616"}, "--seed can’t be “18446744073709551616”: expected a whole number."},
        Wrong{{"play", "--until", "3x"}, "“3x” is not a time. Write 500ms, 2s, 5m or 1h."},
        Wrong{{"play", "--until", "nan"}, "“nan” is not a time. Write 500ms, 2s, 5m or 1h."},
        Wrong{{"play", "--until", "1e300h"}, "“1e300h” is not a time. Write 500ms, 2s, 5m or 1h."},
        Wrong{{"--lang", "fr", "play"}, "--lang can’t be “fr”: expected en, es."},
        Wrong{{"open"}, "glasspost open needs FILE. Try: glasspost open --help"},
        Wrong{{"explain", "--protocol", "http"}, "--protocol can’t be “http”: expected smtp, lmtp, imap, pop3."},
        Wrong{{"explain", "--side", "left"}, "--side can’t be “left”: expected client, server."}));

TEST(Usage, AWrongFormIsStatusTwo) {
  const Ran ran = glasspost({"play", "--to", "pdf"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("--to can’t be “pdf”: expected text, json"));
}

TEST(Usage, OpeningWithoutADisplaySaysHowToGoOn) {
  const Ran ran = glasspost({"open", "first-letter"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("There is no display here."));
}

TEST(Usage, AScenarioThatDoesNotExistIsStatusOne) {
  const Ran ran = glasspost({"play", "second-letter"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("There is no scenario called “second-letter”. Known: "));
  EXPECT_THAT(ran.err, HasSubstr("first-letter"));
}

TEST(Usage, ABrokenScenarioNamesFileLineAndColumn) {
  const Scratch scratch;
  const std::string file = scratch.write("broken.yaml", "title: {en: A, es: B}\nhosts: 12\n");
  const Ran ran = glasspost({"play", file});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("broken.yaml:"));
  EXPECT_THAT(ran.err, testing::ContainsRegex("broken\\.yaml:[0-9]+:[0-9]+: ."));
}

TEST(Usage, WhatCannotBeWrittenOrReadIsSaidAndStatusOne) {
  const Scratch scratch;
  const Ran nowhere = glasspost({"play", "-o", scratch.path("no/such/place.txt")});
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("Can’t write " + scratch.path("no/such/place.txt") + ": No such file or directory"));
  const Ran unreadable = glasspost({"explain", scratch.path("nothing.txt")});
  EXPECT_EQ(unreadable.status, 1);
  EXPECT_THAT(unreadable.err, HasSubstr("Can’t read " + scratch.path("nothing.txt") + ": No such file or directory"));
  const Ran directory = glasspost({"explain", scratch.path("")});
  EXPECT_EQ(directory.status, 1);
  EXPECT_THAT(directory.err, HasSubstr("Is a directory"));
}

TEST(Usage, FullDevicesAreNoticed) {
  const Ran ran = run("sh", {"-c", std::string(GLASSPOST_BINARY) + " play > /dev/full"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr("Can’t write standard output: No space left on device"));
}

TEST(Usage, AReaderThatHasSeenEnoughIsNoError) {
  const Ran ran = run("sh", {"-c", std::string(GLASSPOST_BINARY) + " play --to json | head -c 1"});
  EXPECT_EQ(ran.out, "{");
  EXPECT_THAT(ran.err, IsEmpty());
}

}  // namespace
}  // namespace glasspost::test
