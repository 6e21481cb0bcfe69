// The lessons that there are: the course's, and a teacher's own beside them. A lesson that can't be read is kept with what
// is wrong with it, so that its author sees it.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/lesson.h"

namespace glasspost::learn {

struct Shelved {
  std::filesystem::path directory;
  lessons::Lesson lesson;                       // if `problems` is empty
  std::vector<lessons::LessonError> problems;
};

struct ShelfPlaces {
  std::filesystem::path assets;
  std::filesystem::path own;                    // empty: none
};
// $XDG_DATA_HOME/glasspost/lessons, else ~/.local/share/glasspost/lessons; empty if neither is known.
std::filesystem::path own_lessons();

// In the order of the course, then the others by name.
std::vector<Shelved> read_shelf(const ShelfPlaces&);
Shelved read_shelved(const std::filesystem::path& directory, const std::filesystem::path& assets);
// By id ("smtp-by-hand"), number ("2") or directory. Empty: there is none.
std::filesystem::path find_lesson(const ShelfPlaces&, std::string_view what);
// The names of the window's controls (assets/lessons/spotlights.txt).
std::set<std::string, std::less<>> spotlights(const std::filesystem::path& assets);
// When a file of the lesson was last written: it changes while a teacher edits.
std::int64_t last_written(const std::filesystem::path& directory);

}  // namespace glasspost::learn
