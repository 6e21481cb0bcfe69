// Parses the words and runs the command they name.
#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "app/cli/context.h"
#include "app/cli/help.h"
#include "app/net/outside.h"

namespace glasspost::cli {
namespace {

struct Requests {
  bool version = false;
  std::string open;
};

bool begins_with_spanish(const char* locale) { return locale && std::string_view(locale).starts_with("es"); }

const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : chosen(*commands.front());
}

// CLI11 says what went wrong in English; these are our sentences for it.
std::string sentence(const CLI::ParseError& error, const CLI::App& app, const Strings& strings) {
  const CLI::App& at = chosen(app);
  const std::string command = full_name(at);
  const std::string what = error.what();
  const std::string named = what.substr(0, what.find(':'));
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
    const auto left = app.remaining(true);
    const std::string word = left.empty() ? what : left.front();
    if (word.starts_with("-") || &at != &app)
      return strings(word.starts_with("-") ? "cli.unknown_option" : "cli.too_many_words", {{"option", word}, {"command", command}});
    return strings("cli.unknown_command", {{"command", word}});
  }
  if (at.get_require_subcommand_min() > 0 && at.get_subcommands().empty()) return strings("cli.missing_action", {{"command", command}});
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return strings("cli.missing_value", {{"option", named}});
  if (dynamic_cast<const CLI::RequiredError*>(&error) && what.find(" requires ") == what.npos)
    return strings("cli.missing_argument", {{"command", command}, {"argument", what.substr(0, what.find(' '))}});
  // "--a excludes --b", "--a requires --b"
  for (const auto& [verb, key] : {std::pair(" excludes ", "cli.excludes"), std::pair(" requires ", "cli.requires")})
    if (const auto at_verb = what.find(verb); at_verb != what.npos)
      return strings(key, {{"option", what.substr(0, at_verb)}, {"other", what.substr(at_verb + std::strlen(verb))}});
  const auto colon = what.find(": ");
  return dynamic_cast<const CLI::ValidationError*>(&error) && colon != what.npos ? what.substr(colon + 2) : what;
}

void describe(CLI::App& app, Context& context, Requests& requests) {
  const Strings& strings = context.strings;
  app.name("glasspost");
  app.description(std::string(strings("cli.about")));
  app.set_help_flag("-h,--help", std::string(strings("cli.help_help")));
  app.add_flag("--version", requests.version, std::string(strings("cli.version_help")));
  app.add_option("--lang", context.language, std::string(strings("cli.lang_help")))
      ->option_text("LANG")
      ->check([&strings](const std::string& value) {
        if (value == "en" || value == "es") return std::string();
        return strings("cli.bad_value", {{"option", "--lang"}, {"value", value}, {"expected", "en, es"}});
      });
  CLI::App* open = app.add_subcommand("open", std::string(strings("cli.open_help")));
  open->set_help_flag("-h,--help", std::string(strings("cli.help_help")));
  open->add_option("FILE", requests.open, std::string(strings("cli.open_file_help")))->option_text("FILE")->required();
  open->callback([&context, &requests] { context.to_open = requests.open; });
  context.examples_of(*open, {{"glasspost open letter.eml", "cli.example.open"}});
  add_play(app, context);
  add_serve(app, context);
  add_connect(app, context);
  add_explain(app, context);
  add_lesson(app, context);
  context.examples_of(app, {{"glasspost play first-letter", "cli.example.play"},
                            {"glasspost play first-letter --to html -o letter.html", "cli.example.play_html"},
                            {"glasspost explain --line \"C: MAIL FROM:<a@example.com>\"", "cli.example.explain_line"}});
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) command->fallthrough();
}

bool has_display() {
  for (const char* name : {"WAYLAND_DISPLAY", "DISPLAY"})
    if (const char* display = std::getenv(name); display && *display) return true;
  return false;
}

int open_window(Context& context, OpenWindow window) {
  if (has_display()) {
    app::RealOutside outside(context.strings);
    return window(context.to_open.value_or(""), &outside, context.language);
  }
  if (!context.to_open) return play_here(context);
  context.fail(context.strings("cli.open_needs_display"));
  return context.status;
}

// A program that is started with one of these closed would take the next file that it opens for it, and write its complaints
// into somebody's letter. What is opened instead cannot be read from, or written to, as befits what is closed; but standard
// error takes all and forgets it.
void keep_standard_files() {
  for (const auto& [file, way] : {std::pair(STDIN_FILENO, O_WRONLY), std::pair(STDOUT_FILENO, O_RDONLY), std::pair(STDERR_FILENO, O_WRONLY)})
    if (::fcntl(file, F_GETFD) == -1) ::open("/dev/null", way);
}

}  // namespace

Language language_of(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;
    if (word.starts_with("--lang=")) return word.substr(7) == "es" ? Language::spanish : Language::english;
    if (word == "--lang" && i + 1 < argc) return argv[i + 1] == std::string_view("es") ? Language::spanish : Language::english;
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* locale = std::getenv(name);
    if (locale && *locale) return begins_with_spanish(locale) ? Language::spanish : Language::english;
  }
  return Language::english;
}

int run(int argc, char** argv, OpenWindow window) {
  keep_standard_files();
  const auto assets = find_assets(asset_places());
  if (!assets) {
    complain("glasspost: " + glasspost::describe(assets.error()) + "\n");
    return failure;
  }
  auto strings = Strings::load(*assets);
  if (!strings) {
    complain("glasspost: " + glasspost::describe(strings.error()) + "\n");
    return failure;
  }
  strings->speak(language_of(argc, argv));
  Context context{*assets, std::move(*strings)};
  CLI::App app;
  Requests requests;
  describe(app, context, requests);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return write_out(context, {}, help_of(chosen(app), context)) ? success : failure;
  } catch (const CLI::ParseError& error) {
    context.fail(sentence(error, app, context.strings), wrong_usage);
    return context.status;
  }
  if (requests.version) {
    write_out(context, {}, "glasspost " GLASSPOST_VERSION "\n");
    return context.status;
  }
  if (!app.get_subcommands().empty() && !context.to_open) return context.status;
  return open_window(context, window);
}

}  // namespace glasspost::cli
