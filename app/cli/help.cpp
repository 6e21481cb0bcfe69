#include "app/cli/help.h"

#include <CLI/CLI.hpp>

#include "app/cli/context.h"
#include "app/export/prose.h"

namespace glasspost::cli {
namespace {

constexpr std::size_t column = 26, width = 80;

// "  --to FORM             The form: …", wrapped beside the column.
void entry(std::string& out, const std::string& name, const std::string& text) {
  std::string line = "  " + name;
  const std::size_t taken = columns_of(line);
  if (taken + 2 > column) {
    out += line + "\n";
    line.clear();
  }
  line.append(column - columns_of(line), ' ');
  for (const std::string& part : wrapped(text, width - column)) {
    out += line + part + "\n";
    line.assign(column, ' ');
  }
}

std::string shape_of(const CLI::Option& option) {
  std::string names;
  for (const std::string& shorter : option.get_snames()) names += "-" + shorter + ", ";
  for (const std::string& longer : option.get_lnames()) names += "--" + longer + ", ";
  if (names.empty()) return option.get_option_text();
  names.resize(names.size() - 2);
  return option.get_option_text().empty() ? names : names + " " + option.get_option_text();
}

}  // namespace

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent ? full_name(*parent) + " " + command.get_name() : command.get_name();
}

std::string help_of(const CLI::App& command, const Context& context) {
  const Strings& strings = context.strings;
  const CLI::App* parent = command.get_parent();
  std::string usage = full_name(command);
  std::string arguments;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    usage += option->get_required() ? " " + option->get_option_text() : " [" + option->get_option_text() + "]";
    entry(arguments, option->get_option_text(), option->get_description());
  }
  const auto subcommands = command.get_subcommands([](const CLI::App*) { return true; });
  if (!subcommands.empty())
    usage += command.get_require_subcommand_min() > 0 ? " " + std::string(strings("cli.action_word")) : " [" + std::string(strings("cli.command_word")) + "]";
  std::string out = std::string(strings("cli.usage")) + ": " + usage + " [" + std::string(strings("cli.options_word")) + "]\n\n";
  for (const std::string& line : wrapped(command.get_description(), width)) out += line + "\n";
  if (!subcommands.empty()) {
    if (!parent)
      for (const std::string& line : wrapped(strings("cli.window_help"), width)) out += line + "\n";
    out += "\n" + std::string(strings("cli.commands")) + "\n";
    for (const CLI::App* subcommand : subcommands) entry(out, subcommand->get_name(), subcommand->get_description());
  }
  out += "\n" + arguments + std::string(arguments.empty() ? "" : "\n") + std::string(strings("cli.options")) + "\n";
  for (const CLI::Option* option : command.get_options())
    if (!option->get_positional()) entry(out, shape_of(*option), option->get_description());
  if (parent) entry(out, "--lang LANG", std::string(strings("cli.lang_help")));
  for (const auto& [of, examples] : context.examples) {
    if (of != &command) continue;
    out += "\n" + std::string(strings("cli.examples")) + "\n";
    for (const Example& example : examples) {
      out += "  " + std::string(example.line) + "\n";
      for (const std::string& line : wrapped(strings(example.key), width - 6)) out += "      " + line + "\n";
    }
  }
  return out;
}

}  // namespace glasspost::cli
