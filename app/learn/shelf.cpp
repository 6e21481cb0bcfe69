#include "app/learn/shelf.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "protocol/base/text.h"

namespace glasspost::learn {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> directories(const fs::path& where) {
  std::vector<fs::path> all;
  std::error_code none;
  if (where.empty()) return all;
  for (const auto& entry : fs::directory_iterator(where, none))
    if (entry.is_directory(none) && fs::exists(entry.path() / "lesson.yaml", none)) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<fs::path> all_directories(const ShelfPlaces& places) {
  std::vector<fs::path> all = directories(places.assets / "lessons");
  const std::vector<fs::path> own = directories(places.own);
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

fs::path own_lessons() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data && *data == '/') return fs::path(data) / "glasspost" / "lessons";
  const char* home = std::getenv("HOME");
  return home && *home == '/' ? fs::path(home) / ".local" / "share" / "glasspost" / "lessons" : fs::path();
}

Shelved read_shelved(const fs::path& directory, const fs::path& assets) {
  Shelved shelved{directory, {}, {}};
  auto lesson = lessons::read_lesson(directory, assets / "scenarios");
  if (lesson) shelved.lesson = std::move(*lesson);
  else shelved.problems = std::move(lesson.error());
  return shelved;
}

std::vector<Shelved> read_shelf(const ShelfPlaces& places) {
  std::vector<Shelved> shelf;
  for (const fs::path& directory : all_directories(places)) shelf.push_back(read_shelved(directory, places.assets));
  return shelf;
}

fs::path find_lesson(const ShelfPlaces& places, std::string_view what) {
  std::error_code none;
  for (const fs::path& directory : all_directories(places)) {
    const std::string name = directory.filename().string();
    const bool numbered = name.size() > 3 && is_digit(name[0]) && is_digit(name[1]) && name[2] == '-';
    if (name == what || (numbered && name.substr(3) == what)) return directory;
    if (numbered && to_u32(what) == to_u32(name.substr(0, 2)) && to_u32(what)) return directory;
  }
  if (fs::exists(fs::path(what) / "lesson.yaml", none)) {
    fs::path directory = fs::weakly_canonical(fs::path(what), none);
    return none ? fs::path(what) : directory;
  }
  return {};
}

std::set<std::string, std::less<>> spotlights(const fs::path& assets) {
  std::set<std::string, std::less<>> names;
  std::ifstream in(assets / "lessons" / "spotlights.txt");
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') names.insert(line);
  return names;
}

std::int64_t last_written(const fs::path& directory) {
  std::int64_t last = std::numeric_limits<std::int64_t>::min();  // this clock may count from a time to come
  std::error_code none;
  for (fs::recursive_directory_iterator at(directory, none), end; !none && at != end; at.increment(none)) {
    const auto when = fs::last_write_time(at->path(), none);
    if (!none) last = std::max(last, std::int64_t(when.time_since_epoch().count()));
    if (at.depth() > 2) at.disable_recursion_pending();
  }
  return last;
}

}  // namespace glasspost::learn
