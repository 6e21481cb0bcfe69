#include "app/learn/course.h"

#include <algorithm>

namespace glasspost::learn {

LessonState state_of(const Progress& progress, std::string_view lesson) {
  const auto learner = progress.learners.find("");
  if (learner == progress.learners.end()) return {};
  const auto found = learner->second.lessons.find(std::string(lesson));
  if (found == learner->second.lessons.end()) return {};
  return {found->second.steps.size(), !found->second.begun.empty(), !found->second.finished.empty()};
}

std::optional<std::size_t> place_of(const std::vector<Shelved>& shelf, std::string_view lesson) {
  for (std::size_t i = 0; i < shelf.size(); ++i)
    if (shelf[i].problems.empty() && shelf[i].lesson.id == lesson) return i;
  return std::nullopt;
}

std::set<std::size_t> rests_on(const std::vector<Shelved>& shelf, std::size_t lesson) {
  std::set<std::size_t> all;
  std::vector<std::size_t> open{lesson};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::string& id : shelf[at].lesson.prerequisites)
      if (const auto other = place_of(shelf, id); other && *other != lesson && all.insert(*other).second) open.push_back(*other);
  }
  return all;
}

const Shelved* next_after(const std::vector<Shelved>& shelf, const Progress& progress, std::string_view lesson) {
  const std::size_t after = place_of(shelf, lesson).value_or(shelf.size());
  const auto is_open = [&](const Shelved& one) { return one.problems.empty() && one.lesson.id != lesson && !state_of(progress, one.lesson.id).done; };
  const auto is_ready = [&](const Shelved& one) {
    return is_open(one) && std::all_of(one.lesson.prerequisites.begin(), one.lesson.prerequisites.end(),
                                       [&](const std::string& id) { return id == lesson || state_of(progress, id).done || !place_of(shelf, id); });
  };
  for (std::size_t i = after + 1; i < shelf.size(); ++i)
    if (is_ready(shelf[i])) return &shelf[i];
  for (const Shelved& one : shelf)
    if (is_ready(one)) return &one;
  for (const Shelved& one : shelf)
    if (is_open(one)) return &one;
  return nullptr;
}

}  // namespace glasspost::learn
