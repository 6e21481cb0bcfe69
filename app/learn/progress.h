// What learners have done, as one file: a learner's own (kept in the state directory), and what a teacher collects from
// many. Steps, goals, predictions, hints and times; never what was typed.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace glasspost::learn {

struct LessonProgress {
  std::string begun, finished;                   // "2026-11-24T23:00:00Z"; empty: not yet
  std::set<std::string> steps, goals;            // reached at least once
  std::map<std::string, bool> predictions;       // right? the first answer counts
  int hints = 0, solutions = 0, restarts = 0;
};
struct Learner {
  std::map<std::string, LessonProgress> lessons; // by id
};
struct Progress {
  std::map<std::string, Learner> learners;       // by name; "": whoever uses this computer
};

std::string write_progress(const Progress&);
// The error says what is wrong, for people.
tl::expected<Progress, std::string> parse_progress(std::string_view json);
// Everything that either has: earliest times, all steps and goals, the larger counts.
void merge(Progress& into, const Progress& from);

// $XDG_STATE_HOME/glasspost/progress.json, else ~/.local/state/...; empty if neither is known.
std::filesystem::path progress_file();
// A file that is not there is no progress; one that can't be understood is set aside as progress.json.broken.
Progress load_progress(const std::filesystem::path&);
bool save_progress(const Progress&, const std::filesystem::path&);
std::string now_text();  // by the wall clock

}  // namespace glasspost::learn
