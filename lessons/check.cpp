#include "lessons/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lessons/run.h"

namespace glasspost::lessons {
namespace {

// A name in a spotlight may be a row's: "ladder.row/18" is one of "ladder.row/*".
bool is_control(const std::string& name, const std::set<std::string, std::less<>>& spotlights) {
  if (spotlights.contains(name)) return true;
  const auto slash = name.find('/');
  return slash != name.npos && spotlights.contains(name.substr(0, slash) + "/*");
}

class Checker {
 public:
  Checker(const Lesson& lesson, CheckResult& result) : lesson_(lesson), result_(result) {}

  void structure(const std::set<std::string, std::less<>>& spotlights) {
    for (const Step& step : lesson_.steps)
      if (!spotlights.empty() && !step.spotlight.empty() && !is_control(step.spotlight, spotlights))
        problem("lesson.yaml", fmt::format("step \"{}\": the window has no control \"{}\" to put in the spotlight; spotlights.txt has them all", step.id, step.spotlight));
    for (const Goal* goal : lesson_.goals())
      for (const Language language : {Language::english, Language::spanish})
        if (characters(lesson_.text(language, "goal." + goal->id)) > 60)
          problem(language == Language::english ? "en.md" : "es.md", fmt::format("goal.{} is a line of a checklist: at most 60 characters", goal->id));
  }

  void start() {
    Run run(lesson_);
    const Standing standing = run.standing();
    if (standing.done) problem("lesson.yaml", "the lesson is done before anything has been done");
    for (const GoalStanding& goal : standing.goals) {
      if (goal.goal->kind == GoalKind::reached && goal.met) problem("lesson.yaml", fmt::format("the goal \"{}\" is reached before anything has been done", goal.goal->id));
      if (goal.broken) problem("lesson.yaml", fmt::format("the goal \"{}\" is broken before anything has been done", goal.goal->id));
    }
    if (standing.step > 0) problem("lesson.yaml", fmt::format("the step \"{}\" is done before anything has been done", lesson_.steps[standing.step - 1].id));
  }

  void solution(const Route& route) {
    const std::string file = "solutions/" + route.name + ".yaml";
    Run run(lesson_);
    for (std::size_t i = 0; i < route.parts.size(); ++i) {
      const Route::Part& part = route.parts[i];
      if (const std::size_t before = run.standing().step; before > i)
        problem(file, fmt::format("the step \"{}\" is done before its acts: a step needs a goal that the steps before it do not reach", part.step));
      if (!perform(run, part, file)) return;
      const Standing after = run.standing();
      if (after.step <= i) return problem(file, fmt::format("after its acts, the step \"{}\" is not done: {}", part.step, unmet(after, lesson_.steps[i].goals)));
    }
    const Standing end = run.standing();
    if (!end.done) problem(file, fmt::format("all its steps are done, but the lesson is not: {}", unmet(end, {})));
    for (const PredictionStanding& one : end.predictions) {
      if (!one.prediction->several && one.answer.size() != 1)
        problem(file, fmt::format("the prediction \"{}\" has {} right options, and takes one: {}", one.prediction->id, one.answer.size(), fmt::join(one.answer, ", ")));
      if (one.made && !one.right) problem(file, fmt::format("it predicts \"{}\" wrongly; the simulator says: {}", one.prediction->id, fmt::join(one.answer, ", ")));
    }
    ++result_.solutions;
  }

  void wrong(const Route& route) {
    const std::string file = "wrong/" + route.name + ".yaml";
    Run run(lesson_);
    for (const Route::Part& part : route.parts)
      if (!perform(run, part, file)) return;
    const Standing end = run.standing();
    if (end.done) problem(file, "this route is called wrong, but the lesson is done at its end");
    const std::string shown = end.feedback ? end.feedback->id : "";
    if (shown != route.feedback)
      problem(file, fmt::format("at its end {}, not \"{}\" (the step to do is \"{}\")", shown.empty() ? "no feedback is shown" : fmt::format("\"{}\" is shown", shown),
                                route.feedback, end.step < lesson_.steps.size() ? lesson_.steps[end.step].id : "none"));
    ++result_.wrong;
  }

  // The same acts, twice: the same octets at the same times.
  void replays(const Route& route) {
    const auto play = [&](Run& run) {
      for (const Route::Part& part : route.parts)
        for (const Act& act : part.acts)
          if (!run.perform(act)) return;
    };
    Run first(lesson_), second(lesson_);
    play(first);
    play(second);
    bool same = first.trace().size() == second.trace().size();
    for (RecordId id = 0; same && id < first.trace().end(); ++id) {
      const Record &a = first.trace()[id], &b = second.trace()[id];
      same = a.at == b.at && a.connection == b.connection && a.what.index() == b.what.index();
      const auto *sent = std::get_if<Sent>(&a.what), *again = std::get_if<Sent>(&b.what);
      if (same && sent) same = first.trace().bytes(sent->bytes) == second.trace().bytes(again->bytes);
    }
    if (!same) problem("solutions/" + route.name + ".yaml", "played twice, it went differently");
  }

 private:
  static std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
  }

  void problem(std::string_view file, std::string what) {
    result_.problems.push_back({(lesson_.directory / file).string(), 0, 0, std::move(what)});
  }

  bool perform(Run& run, const Route::Part& part, const std::string& file) {
    for (const Act& act : part.acts)
      if (auto done = run.perform(act); !done) {
        problem(file, part.step.empty() ? done.error() : fmt::format("step \"{}\": {}", part.step, done.error()));
        return false;
      }
    return true;
  }

  // "said-hello (1), in-the-box (0)": of these goals, or of all.
  static std::string unmet(const Standing& standing, const std::vector<Goal>& of) {
    std::string out;
    for (const GoalStanding& one : standing.goals) {
      if (one.met) continue;
      bool meant = of.empty();
      for (const Goal& goal : of) meant |= goal.id == one.goal->id;
      if (!meant) continue;
      out += fmt::format("{}{} (now {}{}{})", out.empty() ? "" : ", ", one.goal->id, one.value.known ? std::to_string(one.value.number) : "unknown",
                         one.value.text.empty() ? "" : ", ", one.value.text);
    }
    return out.empty() ? "its goals were never met at the same time" : out;
  }

  const Lesson& lesson_;
  CheckResult& result_;
};

}  // namespace

CheckResult check(const Lesson& lesson, const std::set<std::string, std::less<>>& spotlights) {
  CheckResult result;
  Checker checker(lesson, result);
  checker.structure(spotlights);
  checker.start();
  for (const Route& route : lesson.solutions) checker.solution(route);
  for (const Route& route : lesson.wrong) checker.wrong(route);
  if (!lesson.solutions.empty()) checker.replays(lesson.solutions.front());
  return result;
}

}  // namespace glasspost::lessons
