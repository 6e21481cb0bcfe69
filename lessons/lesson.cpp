#include "lessons/lesson.h"

#include <utility>

namespace glasspost::lessons {

const Where* where_of(const Fact& fact) {
  return std::visit(
      [](const auto& one) -> const Where* {
        if constexpr (requires { one.where; }) return &one.where;
        return nullptr;
      },
      fact);
}
Where* where_of(Fact& fact) { return const_cast<Where*>(where_of(std::as_const(fact))); }

std::string_view Lesson::text(Language language, std::string_view key) const {
  const Prose& sections = prose(language);
  const auto found = sections.find(key);
  return found == sections.end() ? std::string_view() : std::string_view(found->second.text);
}

const Step* Lesson::step(std::string_view wanted) const {
  for (const Step& candidate : steps)
    if (candidate.id == wanted) return &candidate;
  return nullptr;
}

const Deed* Lesson::deed(std::string_view wanted) const {
  for (const Deed& candidate : deeds)
    if (candidate.id == wanted) return &candidate;
  return nullptr;
}

std::vector<const Goal*> Lesson::goals() const {
  std::vector<const Goal*> all;
  for (const Step& of : steps)
    for (const Goal& goal : of.goals) all.push_back(&goal);
  for (const Goal& goal : throughout) all.push_back(&goal);
  return all;
}

std::vector<std::string> prose_keys(const Lesson& lesson) {
  std::vector<std::string> keys{"title", "intro", "ends"};
  const auto goals = [&](const std::vector<Goal>& of) {
    for (const Goal& goal : of) keys.push_back("goal." + goal.id);
  };
  const auto feedback = [&](const std::vector<Feedback>& of) {
    for (const Feedback& one : of) keys.push_back("feedback." + one.id);
  };
  for (const Step& step : lesson.steps) {
    keys.push_back("step." + step.id);
    if (step.prediction) {
      const std::string question = "predict." + step.prediction->id;
      keys.push_back(question);
      for (const Option& option : step.prediction->options) keys.push_back(question + "." + option.id);
      keys.push_back(question + ".right");
      keys.push_back(question + ".wrong");
    }
    goals(step.goals);
    feedback(step.feedback);
    for (const char* hint : {"concept", "where", "command"}) keys.push_back("hint." + step.id + "." + hint);
  }
  for (const Deed& deed : lesson.deeds) keys.push_back("deed." + deed.id);
  goals(lesson.throughout);
  feedback(lesson.feedback);
  keys.push_back("outro");
  return keys;
}

}  // namespace glasspost::lessons
