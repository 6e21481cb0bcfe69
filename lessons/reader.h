// How the files of a lesson are read. Inside lessons/ only: what is wrong is thrown (sim/yaml.h) and caught in
// read_lesson.cpp.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/lesson.h"
#include "sim/yaml.h"

namespace glasspost::lessons {

// The octets of a file; throws a LessonError that says why it could not be read.
std::string read_file(const std::filesystem::path&);

// "small-letters-and-2-digits"; else it is wrong.
std::string read_id(const YAML::Node&, std::string_view what);
std::string known_host(const YAML::Node&, const sim::Scenario&);

// read_goal.cpp
Predicate read_predicate(const YAML::Node&, const sim::Scenario&);
std::vector<Goal> read_goals(const YAML::Node&, const sim::Scenario&);

// read_route.cpp. One act, or a list of them; of the lesson, its world and its deeds are read already.
std::vector<Act> read_acts(const YAML::Node&, const Lesson&);
// The lesson's structure is read already.
Route read_solution(const YAML::Node&, const Lesson&);
Route read_wrong_route(const YAML::Node&, const Lesson&);

// read_prose.cpp
Prose read_prose(std::string_view octets, const std::string& file);

}  // namespace glasspost::lessons
