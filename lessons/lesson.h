// A lesson as its directory says it: a world, steps with goals, and prose in both languages. assets/lessons/README.md
// describes the format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "lessons/act.h"
#include "lessons/goal.h"
#include "sim/scenario.h"

namespace glasspost::lessons {

using LessonError = sim::ScenarioError;  // file, line, column, and what to do

// A question before a step. Which options are right is what the simulator says, once the step is done.
struct Option {
  std::string id;
  Predicate right_if;
};
struct Prediction {
  std::string id;
  bool several = false;            // any number of options may be right
  std::vector<Option> options;
};

// What is said when a typical mistake is seen.
struct Feedback {
  std::string id;
  Predicate when;
};

enum class StagePanel : std::uint8_t { map, ladder, inspector, states, lanes, console, mailboxes, message };

// Something that a button beside the step does.
struct Deed {
  std::string id;
  std::vector<Act> acts;
};

struct Step {
  std::string id;
  std::vector<Goal> goals;         // the step is done when all are met
  std::optional<Prediction> prediction;
  std::vector<std::string> offer;  // deeds
  std::vector<Feedback> feedback;  // while this step is the one to do
  std::string spotlight;           // a control of the window: "console.input"
};

// The prose of one language, by key: "title", "intro", "step.connect", … Markdown, without the heading.
struct Section {
  std::string text;
  int line = 0;                    // of its heading
};
using Prose = std::map<std::string, Section, std::less<>>;

// Lists of acts, by step where it is a solution.
struct Route {
  struct Part {
    std::string step;              // empty: no step in particular
    std::vector<Act> acts;
  };
  std::string name;                // the file's, without its ending
  std::vector<Part> parts;
  std::string feedback;            // of a wrong route: what it must get
};

struct Lesson {
  std::filesystem::path directory;
  int number = 0;                  // 0: a teacher's own, outside the course
  std::string id;
  std::vector<std::string> rfcs, prerequisites;
  int minutes = 10;
  std::uint64_t seed = 1;
  sim::Scenario world;
  std::vector<StagePanel> stage;
  std::vector<Deed> deeds;
  std::vector<Step> steps;
  std::vector<Goal> throughout;    // goals of the lesson as a whole
  std::vector<Feedback> feedback;  // whatever the step
  Prose english, spanish;
  std::vector<Route> solutions, wrong;

  const Prose& prose(Language language) const { return language == Language::spanish ? spanish : english; }
  // Empty if there is no such section.
  std::string_view text(Language, std::string_view key) const;
  const Step* step(std::string_view id) const;
  const Deed* deed(std::string_view id) const;
  std::vector<const Goal*> goals() const;  // in the order of the checklist
};

// `scenarios`: where the worlds are that a lesson names. Everything that is wrong with one lesson, the first thing first.
tl::expected<Lesson, std::vector<LessonError>> read_lesson(const std::filesystem::path& directory,
                                                           const std::filesystem::path& scenarios);
// A list of acts, as in a wrong route: `acts:` with its list, or the list alone.
tl::expected<std::vector<Act>, LessonError> parse_acts(std::string_view yaml, const std::string& file_name, const Lesson&);
// The same keys that a lesson's prose must have, in the order in which a writer meets them.
std::vector<std::string> prose_keys(const Lesson&);

}  // namespace glasspost::lessons
