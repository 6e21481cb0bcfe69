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

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Course);
INSTANTIATE_TEST_SUITE_P(Lessons, Course, ::testing::ValuesIn(directories()), [](const auto& lesson) {
  std::string name = lesson.param.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace glasspost::lessons::testing
