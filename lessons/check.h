// Proves a lesson: what assets/lessons/README.md promises is so.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lessons/lesson.h"

namespace glasspost::lessons {

struct CheckResult {
  std::vector<LessonError> problems;     // empty: the lesson is proved
  std::size_t solutions = 0, wrong = 0;  // that were played
};

// `spotlights`: the names of the window's controls; empty: they are not looked at.
CheckResult check(const Lesson&, const std::set<std::string, std::less<>>& spotlights);

}  // namespace glasspost::lessons
