// glasspost lesson: what the lessons are, on paper, and what a learner has done.
#include "app/cli/lesson.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "app/export/prose.h"
#include "app/learn/handout.h"
#include "app/learn/markdown.h"
#include "app/learn/progress.h"
#include "app/learn/words.h"

namespace glasspost::cli {
namespace {

using Json = nlohmann::json;
constexpr std::size_t width = 80;

struct Options {
  std::string lesson, output;
  bool json = false, answers = false;
};

void list(Context& context, const Options& options) {
  const Strings& strings = context.strings;
  const auto shelf = learn::read_shelf(shelf_places(context));
  const learn::Progress progress = learn::load_progress(learn::progress_file());
  Json all = Json::array();
  std::string text;
  for (const learn::Shelved& shelved : shelf) {
    const lessons::Lesson& lesson = shelved.lesson;
    if (!shelved.problems.empty()) {
      text += strings("lesson.unreadable", {{"lesson", shelved.directory.filename().string()}, {"problem", shelved.problems.front().describe()}}) + "\n";
      all.push_back({{"directory", shelved.directory.string()}, {"problem", shelved.problems.front().describe()}});
      continue;
    }
    const auto learner = progress.learners.find("");
    const bool known = learner != progress.learners.end() && learner->second.lessons.contains(lesson.id);
    const bool done = known && !learner->second.lessons.at(lesson.id).finished.empty();
    const std::size_t steps = known ? learner->second.lessons.at(lesson.id).steps.size() : 0;
    const std::string title = learn::title_of(lesson, strings.language());
    all.push_back({{"number", lesson.number}, {"id", lesson.id}, {"title", title}, {"minutes", lesson.minutes}, {"steps", lesson.steps.size()},
                   {"steps_done", steps}, {"done", done}, {"rfcs", lesson.rfcs}, {"prerequisites", lesson.prerequisites}});
    const std::string state = done ? std::string(strings("lesson.done")) : steps > 0 ? strings("lesson.begun", {{"n", std::to_string(steps)}, {"total", std::to_string(lesson.steps.size())}}) : std::string();
    text += fmt::format("{:>3}  {}  {}  {}\n", lesson.number > 0 ? std::to_string(lesson.number) : "", padded(lesson.id, 24),
                        padded(title, 44), state.empty() ? strings("learn.about_minutes", {{"n", std::to_string(lesson.minutes)}}) : state);
  }
  if (options.json) text = all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (text.empty()) return context.fail(strings("lesson.none"));
  write_out(context, {}, text);
}

std::string lines(std::string_view indent, const std::string& text, std::string_view first = {}) {
  std::string out, mark(first.empty() ? indent : first);
  for (const std::string& line : wrapped(text, width - columns_of(mark))) {
    out += mark + line + "\n";
    mark.assign(columns_of(mark), ' ');
  }
  return out;
}

void show(Context& context, const Options& options) {
  const auto lesson = open_lesson(context, options.lesson);
  if (!lesson) return;
  const Strings& strings = context.strings;
  const Language language = strings.language();
  const auto section = [&](const std::string& key) { return learn::text_of(learn::parse_markdown(lesson->text(language, key)), width); };
  std::string out = learn::title_of(*lesson, language) + "\n";
  std::string facts = strings("learn.about_minutes", {{"n", std::to_string(lesson->minutes)}});
  for (const std::string& rfc : lesson->rfcs) facts += ", " + rfc;
  out += facts + "\n\n" + section("intro") + "\n" + std::string(strings("learn.ends_when")) + "\n" + section("ends");
  int number = 0;
  const auto goals = [&](const std::vector<lessons::Goal>& of) {
    for (const lessons::Goal& goal : of) out += lines("    ", learn::plain(lesson->text(language, "goal." + goal.id)), goal.kind == lessons::GoalKind::never ? "  ⊘ " : "  ○ ");
  };
  for (const lessons::Step& step : lesson->steps) {
    out += fmt::format("\n{}. {}\n", ++number, learn::plain(learn::step_title(*lesson, step, language)));
    out += learn::text_of(learn::step_prose(*lesson, step, language), width);
    if (step.prediction) {
      out += lines("  ", learn::plain(lesson->text(language, "predict." + step.prediction->id)), "  ? ");
      for (const lessons::Option& option : step.prediction->options)
        out += lines("    ", learn::plain(lesson->text(language, "predict." + step.prediction->id + "." + option.id)), "    - ");
    }
    goals(step.goals);
  }
  if (!lesson->throughout.empty()) out += "\n" + std::string(strings("learn.throughout")) + "\n";
  goals(lesson->throughout);
  write_out(context, {}, out);
}

void handout(Context& context, const Options& options) {
  if (const auto lesson = open_lesson(context, options.lesson))
    write_out(context, options.output, learn::handout_of(*lesson, context.strings, options.answers));
}

}  // namespace

learn::ShelfPlaces shelf_places(const Context& context) { return {context.assets, learn::own_lessons()}; }

std::optional<lessons::Lesson> open_lesson(Context& context, const std::string& what) {
  const auto directory = learn::find_lesson(shelf_places(context), what);
  if (directory.empty()) {
    context.fail(context.strings("lesson.unknown", {{"lesson", what}}));
    return std::nullopt;
  }
  learn::Shelved shelved = learn::read_shelved(directory, context.assets);
  if (shelved.problems.empty()) return std::move(shelved.lesson);
  for (const lessons::LessonError& problem : shelved.problems) context.fail(problem.describe());
  return std::nullopt;
}

void add_lesson_reading(CLI::App& lesson, Context& context) {
  const auto word = [&context](std::string_view key) { return std::string(context.strings(key)); };
  auto options = std::make_shared<Options>();
  const auto action = [&](const std::string& name, std::string_view help) {
    CLI::App* command = lesson.add_subcommand(name, word(help));
    command->set_help_flag("-h,--help", word("cli.help_help"));
    return command;
  };
  CLI::App* all = action("list", "cli.lesson_list_help");
  all->add_flag("--json", options->json, word("cli.json_help"));
  all->callback([&context, options] { list(context, *options); });
  CLI::App* one = action("show", "cli.lesson_show_help");
  one->add_option("LESSON", options->lesson, word("cli.lesson_what_help"))->option_text("LESSON")->required();
  one->callback([&context, options] { show(context, *options); });
  CLI::App* page = action("handout", "cli.lesson_handout_help");
  page->add_option("LESSON", options->lesson, word("cli.lesson_what_help"))->option_text("LESSON")->required();
  page->add_option("-o,--output", options->output, word("cli.play_output_help"))->option_text("FILE");
  page->add_flag("--answers", options->answers, word("cli.lesson_answers_help"));
  page->callback([&context, options] { handout(context, *options); });
  context.examples_of(*page, {{"glasspost lesson handout starttls --lang es -o starttls.html", "cli.example.lesson_handout"}});
}

void add_lesson(CLI::App& app, Context& context) {
  CLI::App* lesson = app.add_subcommand("lesson", std::string(context.strings("cli.lesson_help")));
  lesson->set_help_flag("-h,--help", std::string(context.strings("cli.help_help")));
  lesson->require_subcommand(1);
  add_lesson_reading(*lesson, context);
  add_lesson_proving(*lesson, context);
  add_lesson_teaching(*lesson, context);
  for (CLI::App* command : lesson->get_subcommands([](CLI::App*) { return true; })) command->fallthrough();
  context.examples_of(*lesson, {{"glasspost lesson show 2", "cli.example.lesson_show"},
                                {"glasspost lesson check my-lesson", "cli.example.lesson_check"}});
}

}  // namespace glasspost::cli
