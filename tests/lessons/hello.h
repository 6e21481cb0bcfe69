// The lesson in hello/, whole or with one file changed, in a directory of its own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lessons/check.h"
#include "lessons/run.h"
#include "tests/source_dir.h"

namespace glasspost::lessons::testing {

namespace fs = std::filesystem;

inline const fs::path source = glasspost::source_dir();
inline const fs::path scenarios = source / "assets" / "scenarios";

inline Lesson hello() {
  auto lesson = read_lesson(source / "assets" / "lesson-template", scenarios);
  if (!lesson) throw std::runtime_error(lesson.error().front().describe());
  return std::move(*lesson);
}

// A copy that a test may spoil.
class Copy {
 public:
  Copy() {
    static int number = 0;
    directory_ = fs::path(::testing::TempDir()) / ("lesson-" + std::to_string(::getpid()) + "-" + std::to_string(number++)) / "hello";
    fs::create_directories(directory_);
    fs::copy(source / "assets" / "lesson-template", directory_, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  ~Copy() { fs::remove_all(directory_.parent_path()); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  Copy& change(const std::string& file, const std::string& from, const std::string& to) {
    std::string text = read(file);
    const auto found = text.find(from);
    EXPECT_NE(found, text.npos) << file << " has no " << from;
    if (found != text.npos) text.replace(found, from.size(), to);
    return write(file, text);
  }
  Copy& write(const std::string& file, const std::string& text) {
    std::ofstream(directory_ / file, std::ios::binary) << text;
    return *this;
  }
  std::string read(const std::string& file) const {
    std::ifstream in(directory_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  const fs::path& directory() const { return directory_; }

  // Every problem, a line each, the directory left out; empty: it can be read.
  std::string problems() const {
    const auto lesson = read_lesson(directory_, scenarios);
    std::string out;
    if (lesson) return out;
    for (const LessonError& error : lesson.error()) out += shortened(error) + "\n";
    return out;
  }
  // What check() says, the same.
  std::string checked(const std::set<std::string, std::less<>>& spotlights = {}) const {
    const auto lesson = read_lesson(directory_, scenarios);
    if (!lesson) return problems();
    std::string out;
    for (const LessonError& error : check(*lesson, spotlights).problems) out += shortened(error) + "\n";
    return out;
  }

 private:
  std::string shortened(const LessonError& error) const {
    std::string said = error.describe();
    for (auto found = said.find(directory_.string() + "/"); found != said.npos; found = said.find(directory_.string() + "/"))
      said.erase(found, directory_.string().size() + 1);
    return said;
  }
  fs::path directory_;
};

}  // namespace glasspost::lessons::testing
