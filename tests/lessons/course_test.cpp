// Every lesson of the course is proved, with no exception.
#include "tests/lessons/hello.h"

namespace glasspost::lessons::testing {
namespace {

std::vector<fs::path> directories() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(source / "assets" / "lessons"))
    if (entry.is_directory()) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

std::set<std::string, std::less<>> spotlights() {
  std::set<std::string, std::less<>> names;
  std::ifstream in(source / "assets" / "lessons" / "spotlights.txt");
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line[0] != '#') names.insert(line);
  return names;
}

class Course : public ::testing::TestWithParam<fs::path> {};

TEST_P(Course, IsProved) {
  const auto lesson = read_lesson(GetParam(), scenarios);
  if (!lesson) {
    for (const LessonError& error : lesson.error()) ADD_FAILURE() << error.describe();
    return;
  }
  for (const LessonError& problem : check(*lesson, spotlights()).problems) ADD_FAILURE() << problem.describe();
}

// Links lead somewhere: to a lesson that there is, or to an RFC's section as it is named.
TEST_P(Course, LinksLeadSomewhere) {
  const auto lesson = read_lesson(GetParam(), scenarios);
  ASSERT_TRUE(lesson);
  std::set<std::string> ids;
  for (const fs::path& directory : directories()) ids.insert(directory.filename().string().substr(3));
  for (const Prose* prose : {&lesson->english, &lesson->spanish})
    for (const auto& [key, section] : *prose)
      for (auto at = section.text.find("]("); at != std::string::npos; at = section.text.find("](", at + 1)) {
        const std::string address = section.text.substr(at + 2, section.text.find(')', at) - at - 2);
        EXPECT_TRUE(address.starts_with("lesson:") ? ids.contains(address.substr(7)) : address.starts_with("https://www.rfc-editor.org/rfc/rfc")) << key << ": " << address;
      }
  for (const std::string& id : lesson->prerequisites) EXPECT_TRUE(ids.contains(id)) << id;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Course);
INSTANTIATE_TEST_SUITE_P(Lessons, Course, ::testing::ValuesIn(directories()), [](const auto& lesson) {
  std::string name = lesson.param.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace glasspost::lessons::testing
