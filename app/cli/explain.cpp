// glasspost explain: a transcript, or one line, token by token.
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <memory>

#include "app/cli/context.h"
#include "app/cli/connect_password.h"
#include "app/export/explanation.h"
#include "app/export/login_steps.h"
#include "protocol/base/text.h"

namespace glasspost::cli {
namespace {

struct Options {
  std::string file = "-", protocol, side, line, output;
  PasswordSource password;
  bool json = false, login = false, secrets = false;
};

std::optional<Protocol> protocol_named(std::string_view name) {
  for (const Protocol protocol : {Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3})
    if (equal_ignoring_case(name, lower_name_of(protocol))) return protocol;
  return std::nullopt;
}

// The password is asked for only if it was said where it comes from: without it the messages are explained, and nothing computed.
void explain_login(Context& context, const Options& options, const std::vector<TranscriptLine>& lines, const Catalogue& catalogue) {
  const Strings& strings = context.strings;
  const auto talk = login_in(lines);
  if (!talk) return context.fail(strings("explain.no_login"));
  std::string password;
  if (!options.password.command.empty() || !options.password.file.empty()) {
    auto given = password_from(options.password, {}, strings);
    if (!given) return context.fail(strings("connect.failed.password", {{"reason", given.error()}}));
    password = std::move(*given);
  }
  std::optional<Error> problem;
  const auto text = login_text(*talk, password, options.secrets, strings, catalogue, &problem);
  if (text) return static_cast<void>(write_out(context, options.output, *text));
  if (problem) return context.fail(strings("explain.login_malformed", {{"expected", problem->expected}}));
  context.fail(strings("explain.login_no_steps", {{"mechanism", std::string(name_of(talk->mechanism))}}));
}

void explain(Context& context, const Options& options) {
  const Strings& strings = context.strings;
  const auto bad = [&](std::string_view option, const std::string& value, std::string_view expected) {
    context.fail(strings("cli.bad_value", {{"option", option}, {"value", value}, {"expected", expected}}), wrong_usage);
  };
  std::optional<Protocol> protocol;
  if (!options.protocol.empty() && !(protocol = protocol_named(options.protocol)))
    return bad("--protocol", options.protocol, "smtp, lmtp, imap, pop3");
  if (options.secrets && (!is_terminal(stdout) || !options.output.empty()))
    return context.fail(strings("connect.secrets_terminal_only"), wrong_usage);
  std::optional<Side> side;
  if (options.side == "client") side = Side::client;
  else if (options.side == "server") side = Side::server;
  else if (!options.side.empty()) return bad("--side", options.side, "client, server");

  std::string text = options.line;
  if (text.empty() && !read_in(context, options.file, text)) return;
  const auto lines = read_transcript(text, side);
  if (!lines) return context.fail(strings("explain.needs_side", {{"line", std::to_string(lines.error().line)}}));
  if (lines->empty()) return context.fail(strings("explain.nothing"));
  const bool guessed = !protocol;
  if (guessed) protocol = guess_protocol(*lines);
  if (!protocol) return context.fail(strings("explain.guess_failed"));
  auto catalogue = load_catalogue(context.assets, strings.language());
  if (!catalogue) return context.fail(glasspost::describe(catalogue.error()));

  if (options.login) return explain_login(context, options, *lines, *catalogue);
  const Explained explained{*protocol, guessed, dissect(*lines, *protocol)};
  const bool colour = options.output.empty() && is_terminal(stdout) && !std::getenv("NO_COLOR");
  write_out(context, options.output, options.json ? explanation_json(explained, strings, *catalogue)
                                                  : explanation_text(explained, strings, *catalogue, colour));
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  const auto word = [&context](std::string_view key) { return std::string(context.strings(key)); };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("explain", word("cli.explain_help"));
  command->set_help_flag("-h,--help", word("cli.help_help"));
  command->add_option("FILE", options->file, word("cli.explain_file_help"))->option_text("FILE");
  command->add_option("--line", options->line, word("cli.explain_line_help"))->option_text("TEXT");
  command->add_option("--side", options->side, word("cli.explain_side_help"))->option_text("SIDE");
  command->add_option("--protocol", options->protocol, word("cli.explain_protocol_help"))->option_text("PROTOCOL");
  auto* login = command->add_flag("--login", options->login, word("cli.explain_login_help"));
  auto* by_command = command->add_option("--password-command", options->password.command, word("cli.connect_password_command_help"))->option_text("CMD")->needs(login);
  command->add_option("--password-file", options->password.file, word("cli.connect_password_file_help"))->option_text("FILE")->needs(login)->excludes(by_command);
  command->add_flag("--show-secrets", options->secrets, word("cli.connect_secrets_help"))->needs(login);
  command->add_flag("--json", options->json, word("cli.json_help"));
  command->add_option("-o,--output", options->output, word("cli.play_output_help"))->option_text("FILE");
  command->callback([&context, options] { explain(context, *options); });
  context.examples_of(*command, {{"glasspost explain --line \"C: MAIL FROM:<a@example.com>\"", "cli.example.explain_line"},
                                 {"glasspost explain session.txt", "cli.example.explain_file"},
                                 {"glasspost explain --side server --protocol imap --json - < replies", "cli.example.explain_json"}});
}

}  // namespace glasspost::cli
