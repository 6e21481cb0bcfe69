// The course as one learner stands in it: what is done, what rests on what, what comes next.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "app/learn/progress.h"
#include "app/learn/shelf.h"

namespace glasspost::learn {

struct LessonState {
  std::size_t steps = 0;               // done
  bool begun = false, done = false;
};
// Of whoever uses this computer.
LessonState state_of(const Progress&, std::string_view lesson);

// Where it stands on the shelf; nothing: there is no such lesson, or it can't be read.
std::optional<std::size_t> place_of(const std::vector<Shelved>&, std::string_view lesson);
// The places of all lessons that this one rests on, by itself or through another.
std::set<std::size_t> rests_on(const std::vector<Shelved>&, std::size_t lesson);

// What to go on with after this lesson: the first behind it that is not done and whose prerequisites are; else such a one
// before it; else the first that is not done at all. Null: everything is done.
const Shelved* next_after(const std::vector<Shelved>&, const Progress&, std::string_view lesson);

}  // namespace glasspost::learn
