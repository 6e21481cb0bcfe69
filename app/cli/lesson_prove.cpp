// glasspost lesson run and check: a route played without a window, and the proof of lessons.
#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "app/cli/lesson.h"
#include "app/export/prose.h"
#include "app/learn/markdown.h"
#include "app/learn/words.h"
#include "lessons/check.h"
#include "lessons/run.h"

namespace glasspost::cli {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string lesson, acts, solution;
  std::vector<std::string> lessons;
  bool json = false;
};

std::string_view mark_of(const lessons::GoalStanding& goal) {
  if (goal.broken) return "✗";
  if (goal.goal->kind == lessons::GoalKind::never) return "⊘";
  return goal.met ? "✓" : "○";
}

std::string checklist(const lessons::Lesson& lesson, const lessons::Standing& standing, const Strings& strings) {
  std::string out;
  for (const lessons::GoalStanding& goal : standing.goals)
    out += fmt::format("{} {}  {}  {}\n", mark_of(goal), padded(learn::plain(lesson.text(strings.language(), "goal." + goal.goal->id)), 48),
                       padded(learn::value_of(goal, strings), 16), learn::kind_of(goal, strings));
  for (const lessons::PredictionStanding& one : standing.predictions) {
    if (!one.graded || !one.made) continue;
    const std::string key = "predict." + one.prediction->id;
    out += "? " + learn::plain(lesson.text(strings.language(), key)) + " — " + std::string(strings(one.right ? "learn.right" : "learn.wrong")) + "\n";
  }
  if (standing.feedback)
    out += "\n" + learn::text_of(learn::parse_markdown(lesson.text(strings.language(), "feedback." + standing.feedback->id)), 80);
  out += "\n" + (standing.done ? std::string(strings("lesson.all_met"))
                               : strings("lesson.met", {{"n", std::to_string(standing.met())}, {"total", std::to_string(standing.goals.size())}})) + "\n";
  return out;
}

Json json_of(const lessons::Lesson& lesson, const lessons::Standing& standing) {
  Json goals = Json::array(), predictions = Json::array();
  for (const lessons::GoalStanding& goal : standing.goals) {
    Json one{{"id", goal.goal->id}, {"met", goal.met}, {"broken", goal.broken}, {"number", goal.value.number}, {"text", goal.value.text}};
    goals.push_back(std::move(one));
  }
  for (const lessons::PredictionStanding& one : standing.predictions)
    predictions.push_back({{"id", one.prediction->id}, {"made", one.made != nullptr}, {"graded", one.graded}, {"right", one.right}, {"answer", one.answer}});
  return {{"lesson", lesson.id}, {"done", standing.done}, {"goals", goals}, {"predictions", predictions},
          {"step", standing.step < lesson.steps.size() ? Json(lesson.steps[standing.step].id) : Json()},
          {"feedback", standing.feedback ? Json(standing.feedback->id) : Json()}};
}

const lessons::Route* chosen_route(Context& context, const lessons::Lesson& lesson, const std::string& name) {
  if (name.empty()) return &lesson.solutions.front();
  std::string known;
  for (const auto* routes : {&lesson.solutions, &lesson.wrong})
    for (const lessons::Route& route : *routes) {
      if (route.name == name) return &route;
      known += (known.empty() ? "" : ", ") + route.name;
    }
  context.fail(context.strings("lesson.no_route", {{"route", name}, {"known", known}}));
  return nullptr;
}

void run(Context& context, const Options& options) {
  const auto lesson = open_lesson(context, options.lesson);
  if (!lesson) return;
  lessons::Run played(*lesson);
  const auto play = [&](const std::vector<lessons::Act>& acts) {
    for (const lessons::Act& act : acts)
      if (auto done = played.perform(act); !done) {
        context.fail(done.error());
        return false;
      }
    return true;
  };
  if (!options.acts.empty()) {
    std::string text;
    if (!read_in(context, options.acts, text)) return;
    auto acts = lessons::parse_acts(text, options.acts, *lesson);
    if (!acts) return context.fail(acts.error().describe());
    if (!play(*acts)) return;
  } else {
    const lessons::Route* route = chosen_route(context, *lesson, options.solution);
    if (!route) return;
    for (const lessons::Route::Part& part : route->parts)
      if (!play(part.acts)) return;
  }
  const lessons::Standing standing = played.standing();
  write_out(context, {}, options.json ? json_of(*lesson, standing).dump(1, ' ', false, Json::error_handler_t::replace) + "\n"
                                      : checklist(*lesson, standing, context.strings));
  if (!standing.done && context.status == success) context.status = failure;
}

bool prove(Context& context, const std::filesystem::path& directory, std::string& out) {
  const Strings& strings = context.strings;
  const learn::Shelved shelved = learn::read_shelved(directory, context.assets);
  std::vector<lessons::LessonError> problems = shelved.problems;
  lessons::CheckResult result;
  if (problems.empty()) {
    result = lessons::check(shelved.lesson, learn::spotlights(context.assets));
    problems = std::move(result.problems);
  }
  for (const lessons::LessonError& problem : problems) out += problem.describe() + "\n";
  if (problems.empty())
    out += strings("lesson.proved", {{"lesson", directory.filename().string()}, {"solutions", std::to_string(result.solutions)}, {"wrong", std::to_string(result.wrong)}}) + "\n";
  else
    out += strings.count("lesson.not_proved", problems.size(), {{"lesson", directory.filename().string()}}) + "\n";
  return problems.empty();
}

void check(Context& context, const Options& options) {
  std::vector<std::filesystem::path> directories;
  for (const std::string& what : options.lessons) {
    directories.push_back(learn::find_lesson(shelf_places(context), what));
    if (directories.back().empty()) return context.fail(context.strings("lesson.unknown", {{"lesson", what}}));
  }
  if (options.lessons.empty())
    for (const learn::Shelved& shelved : learn::read_shelf(shelf_places(context))) directories.push_back(shelved.directory);
  std::string out;
  bool all = true;
  for (const auto& directory : directories) all = prove(context, directory, out) && all;
  if (directories.empty()) return context.fail(context.strings("lesson.none"));
  write_out(context, {}, out);
  if (!all) context.status = failure;
}

}  // namespace

void add_lesson_proving(CLI::App& lesson, Context& context) {
  const auto word = [&context](std::string_view key) { return std::string(context.strings(key)); };
  auto options = std::make_shared<Options>();
  CLI::App* one = lesson.add_subcommand("run", word("cli.lesson_run_help"));
  one->set_help_flag("-h,--help", word("cli.help_help"));
  one->add_option("LESSON", options->lesson, word("cli.lesson_what_help"))->option_text("LESSON")->required();
  one->add_option("--route", options->solution, word("cli.lesson_route_help"))->option_text("NAME");
  one->add_option("--acts", options->acts, word("cli.lesson_acts_help"))->option_text("FILE");
  one->add_flag("--json", options->json, word("cli.json_help"));
  one->callback([&context, options] { run(context, *options); });
  CLI::App* proof = lesson.add_subcommand("check", word("cli.lesson_check_help"));
  proof->set_help_flag("-h,--help", word("cli.help_help"));
  proof->add_option("LESSON", options->lessons, word("cli.lesson_check_what_help"))->option_text("LESSON…");
  proof->callback([&context, options] { check(context, *options); });
}

}  // namespace glasspost::cli
