#include "app/learn/progress.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace glasspost::learn {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr int format = 1;
constexpr std::uintmax_t largest_file = 16'000'000;

Json json_of(const LessonProgress& lesson) {
  Json json{{"begun", lesson.begun}, {"steps", lesson.steps}, {"goals", lesson.goals}, {"predictions", lesson.predictions},
            {"hints", lesson.hints}, {"solutions", lesson.solutions}, {"restarts", lesson.restarts}};
  if (!lesson.finished.empty()) json["finished"] = lesson.finished;
  return json;
}

LessonProgress lesson_of(const Json& json) {
  LessonProgress lesson;
  lesson.begun = json.value("begun", "");
  lesson.finished = json.value("finished", "");
  lesson.steps = json.value("steps", std::set<std::string>{});
  lesson.goals = json.value("goals", std::set<std::string>{});
  lesson.predictions = json.value("predictions", std::map<std::string, bool>{});
  lesson.hints = std::clamp(json.value("hints", 0), 0, 1'000'000);
  lesson.solutions = std::clamp(json.value("solutions", 0), 0, 1'000'000);
  lesson.restarts = std::clamp(json.value("restarts", 0), 0, 1'000'000);
  return lesson;
}

void keep_earlier(std::string& into, const std::string& from) {
  if (!from.empty() && (into.empty() || from < into)) into = from;
}

}  // namespace

std::string write_progress(const Progress& progress) {
  Json learners = Json::array();
  for (const auto& [name, learner] : progress.learners) {
    Json lessons = Json::object();
    for (const auto& [id, lesson] : learner.lessons) lessons[id] = json_of(lesson);
    learners.push_back({{"name", name}, {"lessons", lessons}});
  }
  return Json{{"glasspost_results", format}, {"learners", learners}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

tl::expected<Progress, std::string> parse_progress(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (!json.is_object() || json.value("glasspost_results", 0) != format)
      return tl::unexpected(std::string("this is no results file of this version"));
    Progress progress;
    for (const Json& learner : json.at("learners")) {
      Learner& known = progress.learners[learner.at("name").get<std::string>()];
      for (const auto& [id, lesson] : learner.at("lessons").items()) known.lessons[id] = lesson_of(lesson);
    }
    return progress;
  } catch (const Json::exception& wrong) {
    return tl::unexpected(std::string(wrong.what()));
  }
}

void merge(Progress& into, const Progress& from) {
  for (const auto& [name, learner] : from.learners) {
    Learner& known = into.learners[name];  // who has begun nothing yet is in the class too
    for (const auto& [id, theirs] : learner.lessons) {
      LessonProgress& ours = known.lessons[id];
      // Whoever answered first answered first: the earlier attempt's predictions count.
      const bool earlier = ours.begun.empty() || (!theirs.begun.empty() && theirs.begun < ours.begun);
      for (const auto& [prediction, right] : theirs.predictions)
        if (earlier) ours.predictions[prediction] = right;
        else ours.predictions.emplace(prediction, right);
      keep_earlier(ours.begun, theirs.begun);
      keep_earlier(ours.finished, theirs.finished);
      ours.steps.insert(theirs.steps.begin(), theirs.steps.end());
      ours.goals.insert(theirs.goals.begin(), theirs.goals.end());
      ours.hints = std::max(ours.hints, theirs.hints);
      ours.solutions = std::max(ours.solutions, theirs.solutions);
      ours.restarts = std::max(ours.restarts, theirs.restarts);
    }
  }
}

fs::path progress_file() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state && *state == '/') return fs::path(state) / "glasspost" / "progress.json";
  const char* home = std::getenv("HOME");
  return home && *home == '/' ? fs::path(home) / ".local" / "state" / "glasspost" / "progress.json" : fs::path();
}

Progress load_progress(const fs::path& file) {
  std::error_code failed;
  if (file.empty() || fs::file_size(file, failed) > largest_file || failed) return {};
  std::ifstream in(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  auto progress = parse_progress(text);
  if (progress) return std::move(*progress);
  fs::rename(file, file.string() + ".broken", failed);
  return {};
}

bool save_progress(const Progress& progress, const fs::path& file) {
  if (file.empty()) return false;
  std::error_code problem;
  fs::create_directories(file.parent_path(), problem);
  const fs::path fresh = file.string() + ".new";  // whole or not at all
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << write_progress(progress);
  out.close();
  if (!out) return false;
  fs::rename(fresh, file, problem);
  return !problem;
}

std::string now_text() {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

}  // namespace glasspost::learn
