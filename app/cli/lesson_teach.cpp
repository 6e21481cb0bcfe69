// glasspost lesson new and results: a teacher's side.
#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <fstream>

#include "app/cli/lesson.h"
#include "app/learn/progress.h"

namespace glasspost::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string directory, learner, output;
  std::vector<std::string> files;
};

void make(Context& context, const Options& options) {
  const fs::path directory = options.directory;
  std::error_code failed;
  const auto cannot = [&](const std::string& reason) {
    context.fail(context.strings("lesson.cannot_make", {{"directory", directory.string()}, {"reason", reason}}));
  };
  if (fs::exists(directory, failed)) return cannot(std::string(context.strings("lesson.exists")));
  if (directory.has_parent_path()) fs::create_directories(directory.parent_path(), failed);
  fs::copy(context.assets / "lesson-template", directory, fs::copy_options::recursive, failed);
  if (failed) return cannot(failed.message());
  const learn::Shelved made = learn::read_shelved(directory, context.assets);
  if (!made.problems.empty()) {
    fs::remove_all(directory, failed);
    return cannot(made.problems.front().problem);
  }
  write_out(context, {}, context.strings("lesson.made", {{"directory", directory.string()}}) + "\n");
}

// One's own progress, or that of many: what each file has, once.
void results(Context& context, const Options& options) {
  learn::Progress all;
  for (const std::string& file : options.files) {
    std::string text;
    if (!read_in(context, file, text)) return;
    auto read = learn::parse_progress(text);
    if (!read) return context.fail(context.strings("lesson.bad_results", {{"file", file}, {"reason", read.error()}}));
    learn::merge(all, *read);
  }
  if (options.files.empty()) {
    learn::Progress own = learn::load_progress(learn::progress_file());
    all.learners[options.learner] = own.learners[""];
  }
  write_out(context, options.output, learn::write_progress(all));
}

}  // namespace

void add_lesson_teaching(CLI::App& lesson, Context& context) {
  const auto word = [&context](std::string_view key) { return std::string(context.strings(key)); };
  auto options = std::make_shared<Options>();
  CLI::App* fresh = lesson.add_subcommand("new", word("cli.lesson_new_help"));
  fresh->set_help_flag("-h,--help", word("cli.help_help"));
  fresh->add_option("DIRECTORY", options->directory, word("cli.lesson_new_what_help"))->option_text("DIRECTORY")->required();
  fresh->callback([&context, options] { make(context, *options); });
  CLI::App* collected = lesson.add_subcommand("results", word("cli.lesson_results_help"));
  collected->set_help_flag("-h,--help", word("cli.help_help"));
  collected->add_option("FILE", options->files, word("cli.lesson_results_files_help"))->option_text("FILE…");
  collected->add_option("--learner", options->learner, word("cli.lesson_learner_help"))->option_text("NAME");
  collected->add_option("-o,--output", options->output, word("cli.play_output_help"))->option_text("FILE");
  collected->callback([&context, options] { results(context, *options); });
  context.examples_of(*collected, {{"glasspost lesson results --learner Ana -o ana.json", "cli.example.lesson_results"},
                                   {"glasspost lesson results ana.json ben.json -o class.json", "cli.example.lesson_collect"}});
}

}  // namespace glasspost::cli
