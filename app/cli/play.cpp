// glasspost play: runs a world without a window and writes down what was said.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "app/cli/context.h"
#include "app/cli/lesson.h"
#include "app/export/html.h"
#include "app/export/json.h"
#include "app/export/mermaid.h"
#include "app/export/pcapng.h"
#include "app/export/png.h"
#include "app/export/story.h"
#include "app/export/svg.h"
#include "app/export/text.h"
#include "app/learn/markdown.h"
#include "app/learn/words.h"
#include "lessons/run.h"
#include "protocol/base/text.h"
#include "protocol/mime/compose.h"

namespace glasspost::cli {
namespace {

struct Options {
  std::string what = "first-letter", to = "text", output, seed, until, letter;
};

enum class Form : std::uint8_t { text, json, html, svg, mermaid, png, pcapng };

std::optional<Form> form_named(std::string_view name) {
  if (name == "text") return Form::text;
  if (name == "json") return Form::json;
  if (name == "html") return Form::html;
  if (name == "svg") return Form::svg;
  if (name == "png") return Form::png;
  if (name == "mermaid") return Form::mermaid;
  if (name == "pcapng") return Form::pcapng;
  return std::nullopt;
}

// The error is a sentence.
tl::expected<std::string, std::string> written(const Story& story, const Speech& speech, Form form, bool colour) {
  switch (form) {
    case Form::text: return text_of(story, speech, colour);
    case Form::json: return json_of(story);
    case Form::html: return html_of(story, speech);
    case Form::svg: return svg_of(story, speech);
    case Form::mermaid: return mermaid_of(story, speech);
    case Form::png: return png_of(story, speech);
    case Form::pcapng:
      return pcapng_of(story.trace(), story.conversations(), [&](const Opened& opened, Side side) {
        const HostId host = side == Side::client ? opened.client : opened.server;
        return host >= 1 && host <= story.scenario().hosts.size() ? story.scenario().host(host).address : std::string();
      });
  }
  return std::string();
}

// "500ms", "1.5s", "5m", "1h"
std::optional<Duration> duration_of(std::string_view text) {
  char* end = nullptr;
  const std::string copy(text);
  if (copy.empty() || (copy[0] != '.' && (copy[0] < '0' || copy[0] > '9'))) return std::nullopt;
  const double number = std::strtod(copy.c_str(), &end);
  const std::string_view unit = text.substr(std::size_t(end - copy.c_str()));
  const double scale = unit == "ms" ? 1e3 : unit == "s" ? 1e6 : unit == "m" || unit == "min" ? 6e7 : unit == "h" ? 3.6e9 : 0;
  if (scale == 0 || !(number * scale < 1e15)) return std::nullopt;
  return Duration(std::int64_t(number * scale));
}

std::string known_scenarios(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(directory, problem))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  std::string known;
  for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
  return known;
}

// What is played: a world, and if it is a lesson's, its first solution in it.
struct Played {
  sim::Scenario scenario;
  std::uint64_t seed = 1;
  Story::Turns turns;
};

// The acts of a solution, one after the other; each step of the lesson is a chapter.
class Solution {
 public:
  explicit Solution(const lessons::Lesson& lesson) {
    for (const lessons::Route::Part& part : lesson.solutions.front().parts) {
      std::string chapter = "step." + part.step;
      for (const lessons::Act& act : part.acts)
        if (!std::holds_alternative<lessons::Predict>(act)) acts_.emplace_back(std::exchange(chapter, {}), act);
    }
  }
  std::optional<Story::Turn> operator()(const sim::World& world, const Trace& trace) {
    if (next_ == acts_.size()) return std::nullopt;
    const auto& [chapter, act] = acts_[next_++];
    Story::Turn turn{chapter, {}, {}};
    if (const auto* wait = std::get_if<lessons::Wait>(&act)) turn.wait = wait->time;
    auto deeds = lessons::deeds_of(act, world, trace);
    if (!deeds) return std::nullopt;  // `lesson check` says why
    turn.deeds = std::move(*deeds);
    return turn;
  }

 private:
  std::vector<std::pair<std::string, lessons::Act>> acts_;
  std::size_t next_ = 0;
};

std::optional<Played> read_lesson(Context& context, const std::filesystem::path& directory) {
  learn::Shelved shelved = learn::read_shelved(directory, context.assets);
  for (const lessons::LessonError& problem : shelved.problems) context.fail(problem.describe());
  if (!shelved.problems.empty()) return std::nullopt;
  const lessons::Lesson& lesson = shelved.lesson;
  Played played{lesson.world, lesson.seed, Solution(lesson)};
  played.scenario.title = {learn::title_of(lesson, Language::english), learn::title_of(lesson, Language::spanish)};
  for (const lessons::Step& step : lesson.steps)
    played.scenario.chapters["step." + step.id].title = {learn::plain(learn::step_title(lesson, step, Language::english)), learn::plain(learn::step_title(lesson, step, Language::spanish))};
  return played;
}

std::string sentence(const sim::ScenarioError& error, const Strings& strings) {
  if (error.line == 0) return strings("cli.cannot_read", {{"file", error.file}, {"reason", error.problem}});
  return strings("play.scenario_wrong", {{"file", error.file}, {"line", std::to_string(error.line)},
                                         {"column", std::to_string(error.column)}, {"reason", error.problem}});
}

// A scenario's name or file, or else a lesson's number, name or directory.
std::optional<Played> find_played(Context& context, const std::string& what) {
  const std::filesystem::path directory = context.assets / "scenarios";
  const bool is_name = what.find('/') == what.npos && !what.ends_with(".yaml") && !what.ends_with(".yml");
  const std::filesystem::path file = is_name ? directory / (what + ".yaml") : std::filesystem::path(what);
  std::error_code why;
  const auto kind = std::filesystem::status(file, why).type();
  if (kind == std::filesystem::file_type::regular || kind == std::filesystem::file_type::fifo) {
    auto scenario = sim::read_scenario(file);
    if (scenario) return Played{*scenario, scenario->seed, {}};
    context.fail(sentence(scenario.error(), context.strings));
    return std::nullopt;
  }
  if (const auto lesson = learn::find_lesson(shelf_places(context), what); !lesson.empty()) return read_lesson(context, lesson);
  if (!is_name) {
    context.fail(context.strings("cli.cannot_read", {{"file", what}, {"reason", why ? why.message() : "it holds no scenario and no lesson"}}));
    return std::nullopt;
  }
  context.fail(context.strings("play.no_scenario", {{"name", what}, {"known", known_scenarios(directory)}}));
  return std::nullopt;
}

// One line on a terminal, from a second on.
class ProgressLine {
 public:
  explicit ProgressLine(const Strings& strings) : strings_(strings), shown_(is_terminal(stderr)) {}
  ~ProgressLine() { if (drawn_) complain("\r\x1b[K"); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void operator()(Duration reached) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::seconds{1}) return;
    last_ = now;
    drawn_ = true;
    complain("\r\x1b[K" + strings_("play.progress", {{"duration", strings_.duration(reached)}}));
  }

 private:
  const Strings& strings_;
  bool shown_, drawn_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void play(Context& context, const Options& options) {
  const Strings& strings = context.strings;
  const auto bad = [&](std::string_view option, const std::string& value, std::string_view expected) {
    context.fail(strings("cli.bad_value", {{"option", option}, {"value", value}, {"expected", expected}}), wrong_usage);
  };
  const auto form = form_named(options.to);
  if (!form) return bad("--to", options.to, "text, json, html, svg, mermaid, png, pcapng");
  if (*form == Form::png && options.output.empty() && is_terminal(stdout))
    return context.fail(strings("play.png_to_terminal"), wrong_usage);
  if (*form == Form::pcapng && options.output.empty() && is_terminal(stdout))
    return context.fail(strings("play.pcapng_to_terminal"), wrong_usage);
  std::optional<Duration> until;
  if (!options.until.empty() && !(until = duration_of(options.until)))
    return context.fail(strings("cli.bad_duration", {{"value", options.until}}), wrong_usage);
  std::optional<std::uint64_t> seed;
  if (!options.seed.empty() && !(seed = to_u64(options.seed))) return bad("--seed", options.seed, strings("cli.a_number"));

  auto played = find_played(context, options.what);
  if (!played) return;
  if (!options.letter.empty()) {
    std::string letter;
    if (!read_in(context, options.letter, letter)) return;
    if (letter.empty()) return context.fail(strings("play.letter_empty", {{"file", options.letter}}));
    played->scenario.letter = mime::with_crlf(letter);
  }
  auto catalogue = load_catalogue(context.assets, strings.language());
  if (!catalogue) return context.fail(glasspost::describe(catalogue.error()));

  std::string out;
  {
    ProgressLine progress(strings);
    const std::uint64_t sown = seed.value_or(played->seed);
    const Story story(std::move(played->scenario), sown, until, std::ref(progress), played->turns);
    const Speech speech{strings, *catalogue};
    auto made = written(story, speech, *form, options.output.empty() && is_terminal(stdout) && !std::getenv("NO_COLOR"));
    if (!made) return context.fail(made.error());
    out = std::move(*made);
  }
  write_out(context, options.output, out);
}

}  // namespace

void add_play(CLI::App& app, Context& context) {
  const Strings& strings = context.strings;
  const auto word = [&strings](std::string_view key) { return std::string(strings(key)); };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("play", word("cli.play_help"));
  command->set_help_flag("-h,--help", word("cli.help_help"));
  command->add_option("WHAT", options->what, word("cli.play_what_help"))->option_text("WHAT");
  command->add_option("--to", options->to, word("cli.play_to_help"))->option_text("FORM");
  command->add_option("-o,--output", options->output, word("cli.play_output_help"))->option_text("FILE");
  command->add_option("--seed", options->seed, word("cli.play_seed_help"))->option_text("N");
  command->add_option("--until", options->until, word("cli.play_until_help"))->option_text("T");
  command->add_option("--letter", options->letter, word("cli.play_letter_help"))->option_text("FILE.eml");
  command->callback([&context, options] { play(context, *options); });
  context.examples_of(*command, {{"glasspost play first-letter", "cli.example.play"},
                                 {"glasspost play first-letter --until 400ms --lang es", "cli.example.play_until"},
                                 {"glasspost play first-letter --letter mine.eml", "cli.example.play_letter"},
                                 {"glasspost play starttls --to html -o starttls.html", "cli.example.play_lesson"}});
}

int play_here(Context& context) {
  play(context, Options{});
  if (context.status == success) write_out(context, {}, "\n" + std::string(context.strings("play.no_window")) + "\n");
  return context.status;
}

}  // namespace glasspost::cli
