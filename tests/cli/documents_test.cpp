// What is written about the options is what the program has.
#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "tests/cli/process.h"
#include "tests/source_dir.h"

namespace glasspost::test {
namespace {

using testing::HasSubstr;

std::set<std::string> options_in(const std::string& help) {
  std::set<std::string> options;
  const std::regex option("--[a-z][a-z0-9-]*");
  const std::string list = help.substr(help.find("\nOptions\n"), help.find("\nExamples\n") - help.find("\nOptions\n"));
  for (std::sregex_iterator at(list.begin(), list.end(), option), end; at != end; ++at) options.insert(at->str());
  return options;
}

std::set<std::string> commands() {
  std::set<std::string> commands;
  const std::string help = glasspost({"--help"}).out;
  const std::regex command("\n  ([a-z]+) {2,}");
  const std::string list = help.substr(help.find("\nCommands\n"), help.find("\nOptions\n") - help.find("\nCommands\n"));
  for (std::sregex_iterator at(list.begin(), list.end(), command), end; at != end; ++at) commands.insert((*at)[1]);
  return commands;
}

// The options of a command and of its actions.
std::set<std::string> options_of(const std::string& command) {
  const std::string help = glasspost({command, "--help"}).out;
  std::set<std::string> options = options_in(help);
  if (help.find("\nCommands\n") == help.npos) return options;
  const std::regex action("\n  ([a-z]+) {2,}");
  const std::string list = help.substr(help.find("\nCommands\n"), help.find("\nOptions\n") - help.find("\nCommands\n"));
  for (std::sregex_iterator at(list.begin(), list.end(), action), end; at != end; ++at)
    options.merge(options_in(glasspost({command, (*at)[1], "--help"}).out));
  return options;
}

TEST(Documents, TheManPageHasEveryCommandAndOption) {
  std::string page = read_file(std::string(glasspost::source_dir()) + "/assets/man/glasspost.1");
  page = std::regex_replace(page, std::regex(R"(\\-)"), "-");
  ASSERT_GE(commands().size(), 4U);
  for (const std::string& command : commands()) {
    EXPECT_THAT(page, HasSubstr(".B glasspost " + command + "\n"));
    for (const std::string& option : options_of(command))
      EXPECT_TRUE(std::regex_search(page, std::regex(option + "[^a-z-]"))) << command << " " << option;
  }
}

TEST(Documents, TheCompletionsHaveEveryCommandAndOption) {
  const std::string script = std::string(glasspost::source_dir()) + "/assets/completions/glasspost";
  const auto completed = [&](const std::string& words) {
    const Ran ran = run("bash", {"-c", "source " + script + "; COMP_WORDS=(glasspost " + words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
                                       "_glasspost; printf '%s\\n' \"${COMPREPLY[@]}\""});
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  };
  for (const std::string& command : commands()) {
    EXPECT_THAT(completed("''"), HasSubstr(command + "\n"));
    for (const std::string& option : options_of(command))
      EXPECT_THAT(completed(command + " --"), HasSubstr(option + "\n")) << command;
  }
  EXPECT_EQ(completed("play --to s"), "svg\n");
}

}  // namespace
}  // namespace glasspost::test
