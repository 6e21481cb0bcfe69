// What every command of the command line is handed: words in the chosen language, where to write, how it ended.
#pragma once

#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/words/catalogue.h"
#include "app/words/strings.h"

namespace CLI {
class App;
}
namespace glasspost::app {
class Outside;
}

namespace glasspost::cli {

inline constexpr int success = 0, failure = 1, wrong_usage = 2;

// Under a command's help: what to type, and the key of the sentence that says what it does.
struct Example {
  std::string_view line, key;
};

struct Context {
  std::filesystem::path assets;
  Strings strings;
  int status = success;  // commands set it
  std::string language = {};                  // as --lang says; empty: it was not given
  std::optional<std::string> to_open = {};    // in the window: `open` was said
  std::vector<std::pair<const CLI::App*, std::vector<Example>>> examples = {};

  // One sentence on standard error, without what a terminal would act upon, and the status that goes with it.
  void fail(std::string_view sentence, int with = failure);
  void examples_of(const CLI::App& command, std::vector<Example> shown) { examples.emplace_back(&command, std::move(shown)); }
};

// A command registers itself: options, words for its help, and a callback that runs it.
void add_play(CLI::App&, Context&);
void add_serve(CLI::App&, Context&);
void add_connect(CLI::App&, Context&);
void add_explain(CLI::App&, Context&);
void add_lesson(CLI::App&, Context&);

// The whole program: parses the words, runs the command, answers the exit status. `window` is app/ui's run_window.
using OpenWindow = int (*)(const std::string& open, app::Outside*, const std::string& language);
int run(int argc, char** argv, OpenWindow window);

// Plays the story in the terminal, as `glasspost play first-letter` does.
int play_here(Context&);

// The language of --lang if it stands among the words, else of LC_ALL, LC_MESSAGES and LANG; English otherwise.
Language language_of(int argc, char** argv);

// On standard error, whether or not anybody takes it.
void complain(std::string_view text);

bool is_terminal(std::FILE*);
// Standard output, or the file, written whole or not at all. False: it was said why on standard error.
bool write_out(Context&, const std::string& file, std::string_view octets);
// The whole file, or standard input for "-".
bool read_in(Context&, const std::string& file, std::string& octets);

}  // namespace glasspost::cli
