// glasspost connect: a live console to a real server. Every line is shown, timed and explained; what is typed is sent as it is.
#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "app/cli/connect_password.h"
#include "app/cli/connect_print.h"
#include "app/cli/connect_script.h"
#include "app/cli/context.h"
#include "app/export/pcapng.h"
#include "app/export/prose.h"
#include "app/net/live.h"
#include "app/words/catalogue.h"
#include "protocol/base/text.h"

namespace glasspost::cli {
namespace {

using app::Live;
using app::LiveFault;
using app::LiveStep;

struct Options {
  std::string url, starttls, cafile, accepted, script, key_log, trace, mechanism, client_certificate, client_key;
  PasswordSource password;
  std::uint32_t timeout = 60;
  bool step = false, json = false, quiet = false, read_only = false, read_write = false, secrets = false;
};

constexpr std::size_t trace_limit = 256 * 1024 * 1024;

constexpr std::size_t longest_line = 1024 * 1024;  // what is longer is no line that somebody says

volatile sig_atomic_t interrupted = 0;

// Also while there is always something to read, and so no wait that lets the signal in.
bool is_interrupted() {
  sigset_t pending;
  return interrupted || (::sigpending(&pending) == 0 && (::sigismember(&pending, SIGINT) == 1 || ::sigismember(&pending, SIGTERM) == 1));
}

// Ctrl-C is let in only while the console waits: see Live::wait.
void catch_signals() {
  struct sigaction action{};
  action.sa_handler = [](int) { interrupted = 1; };
  ::sigemptyset(&action.sa_mask);
  sigset_t both;
  ::sigemptyset(&both);
  for (const int signal : {SIGINT, SIGTERM}) {
    ::sigaction(signal, &action, nullptr);
    ::sigaddset(&both, signal);
  }
  ::sigprocmask(SIG_BLOCK, &both, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

// Lines as they come in; their ends are left out.
class Lines {
 public:
  explicit Lines(int descriptor) : descriptor_(descriptor) {}
  explicit Lines(std::string text) : descriptor_(-1), buffer_(std::move(text)), ended_(true) {}

  int descriptor() const { return descriptor_; }
  bool may_come() const { return !ended_; }
  std::size_t number() const { return number_; }  // of the last line taken, from 1
  void read() {
    char part[16384];
    const ssize_t got = ::read(descriptor_, part, sizeof part);
    if (got > 0) buffer_.append(part, std::size_t(got));
    else if (got == 0 || (errno != EINTR && errno != EAGAIN)) ended_ = true;
  }
  bool has_line() const { return buffer_.find('\n', at_) != buffer_.npos || (ended_ && at_ < buffer_.size()); }
  std::string_view peek() const {
    std::string_view line = std::string_view(buffer_).substr(at_, std::min(buffer_.find('\n', at_), buffer_.size()) - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  bool is_endless() const { return peek().size() > longest_line; }
  void take() {
    at_ = std::min(std::min(buffer_.find('\n', at_), buffer_.size()) + 1, buffer_.size());
    ++number_;
    if (at_ > 65536) buffer_.erase(0, std::exchange(at_, 0));
  }

 private:
  int descriptor_;
  std::string buffer_;
  std::size_t at_ = 0, number_ = 0;
  bool ended_ = false;
};

class Console {
 public:
  Console(Context& context, const Options& options, Live& live, ConnectPrinter& printer, Lines said, bool is_script)
      : context_(context), options_(options), live_(live), printer_(printer), said_(std::move(said)), answers_(STDIN_FILENO),
        is_script_(is_script), paced_(is_script || !is_terminal(stdin)) {}

  void run() {
    printer_.show(live_);
    while (!live_.is_over() && !fault_) {
      if (is_interrupted()) return end_interrupted();
      if (live_.poll()) printer_.show(live_);
      if (!live_.held().empty()) ask_for_opening();
      else if (live_.is_open() && next()) continue;
      else if (!live_.is_over() && !fault_) wait();
    }
    printer_.show(live_);
    while (!fault_ && !live_.fault() && is_script_ && said_.has_line()) finish_script();
    if (live_.fault()) fail(*live_.fault());
    else if (fault_) fail(*fault_);
    if (!live_.is_over()) live_.hang_up();
    printer_.show(live_);
    printer_.closed(live_);
  }

 private:
  const Strings& strings() const { return context_.strings; }

  void fail(const LiveFault& fault) {
    context_.fail(app::sentence(fault, strings()));
    if (const std::string more = app::meaning(fault, strings()); !more.empty()) context_.fail(more);
    for (const std::string& remedy : app::remedies(fault, strings())) context_.fail("- " + remedy);
    if (const std::string more = app::option(fault, strings()); !more.empty()) context_.fail(more);
    printer_.failed(fault);
  }

  void end_interrupted() {
    const bool was_open = live_.is_open();
    const bool imap = live_.settings().address.protocol == Protocol::imap;
    live_.hang_up();
    printer_.show(live_);
    const std::string text = strings()("connect.interrupted", {{"command", imap ? "LOGOUT" : "QUIT"}});
    if (was_open) complain("\nglasspost: " + text + "\n");
    else context_.fail(text);
    printer_.closed(live_);
  }

  void wait() {
    const bool wants_words = live_.is_open() && said_.may_come() && !said_.has_line();
    std::optional<Duration> at_most;
    if (expecting_since_) at_most = live_.settings().limit;
    if (live_.wait(wants_words ? said_.descriptor() : -1, at_most)) said_.read();
    else if (expecting_since_ && at_most && std::chrono::steady_clock::now() - *expecting_since_ >= *at_most) not_met();
  }

  // One line of the script or of the person. False: nothing to do before something comes.
  bool next() {
    if (said_.is_endless()) {
      fault_ = LiveFault{LiveStep::command, "endless_input", {{"line", std::to_string(said_.number() + 1)}}};
      return true;
    }
    if (!said_.has_line()) {
      if (said_.may_come() || (paced_ && !live_.wants_line())) return false;
      live_.hang_up();
      return true;
    }
    if (paced_ && !live_.wants_line()) return false;
    const ScriptLine line = is_script_ ? script_line(said_.peek()) : ScriptLine{std::string(said_.peek()), false};
    if (line.is_expectation) return expect(line.text);
    said_.take();
    if (options_.step && !allow(line.text)) return true;
    since_ = live_.conversation()->size();
    const auto held = live_.type(line.text);
    if (held) {
      printer_.held(*held);
      if (paced_) fault_ = LiveFault{LiveStep::command, "held", {{"line", std::to_string(said_.number())}}};
    }
    printer_.show(live_);
    return true;
  }

  bool expect(const std::string& text) {
    if (is_met(*live_.conversation(), since_, text)) {
      said_.take();
      printer_.expected(said_.number(), text);
      expecting_since_.reset();
      return true;
    }
    // In IDLE, and after a challenge, more may come by itself.
    if (live_.awaits() == sim::Awaits::continuation) {
      if (!expecting_since_) expecting_since_ = std::chrono::steady_clock::now();
      return false;
    }
    not_met();
    return true;
  }

  void not_met() {
    const std::string text = script_line(said_.peek()).text;
    said_.take();
    const std::string reply = live_.conversation() ? last_said(*live_.conversation(), since_) : std::string();
    fault_ = LiveFault{LiveStep::command, "expectation",
                       {{"line", std::to_string(said_.number())}, {"expected", text}, {"reply", reply.empty() ? "-" : reply}}};
  }

  // The server has closed the connection well; what is left of the script can only be expectations.
  void finish_script() {
    const ScriptLine line = script_line(said_.peek());
    if (line.is_expectation && is_met(*live_.conversation(), since_, line.text)) {
      said_.take();
      printer_.expected(said_.number(), line.text);
    } else if (line.is_expectation) {
      not_met();
    } else {
      said_.take();
      fault_ = LiveFault{LiveStep::command, "closed", {{"command", strings()("connect.script_line", {{"line", std::to_string(said_.number())}})}}};
    }
  }

  // --- step by step

  enum class Answer : std::uint8_t { send, skip, quit };

  Answer ask(std::string_view prompt) {
    complain(fmt::format("  [{}] ", prompt));
    Lines& answers = is_script_ ? answers_ : said_;
    while (!answers.has_line()) {
      if (is_interrupted() || answers.is_endless() || live_.is_over() || !answers.may_come()) return Answer::quit;
      if (live_.wait(answers.descriptor())) answers.read();
      if (live_.poll()) printer_.show(live_);
    }
    const std::string answer = to_lower(trim(answers.peek()));
    answers.take();
    return answer == "q" ? Answer::quit : answer == "s" ? Answer::skip : Answer::send;
  }

  bool allow(const std::string& line) {
    const bool secret = live_.awaits() == sim::Awaits::literal;  // perhaps a password: it is not known before the whole is there
    printer_.preview(live_, live_.preview(line + "\r\n"), secret ? std::string(mask) : line);
    switch (ask(strings()("connect.step_prompt"))) {
      case Answer::send: return true;
      case Answer::skip: return false;
      case Answer::quit: live_.hang_up(); return false;
    }
    return false;
  }

  void ask_for_opening() {
    printer_.preview(live_, live_.preview(live_.held()), {});
    switch (ask(strings()("connect.step_opening"))) {
      case Answer::send: return live_.release();
      case Answer::skip: return live_.give_up_opening();
      case Answer::quit: return live_.hang_up();
    }
  }

  Context& context_;
  const Options& options_;
  Live& live_;
  ConnectPrinter& printer_;
  Lines said_, answers_;
  bool is_script_, paced_;
  std::size_t since_ = 0;  // the conversation's messages before the last line that was sent
  std::optional<std::chrono::steady_clock::time_point> expecting_since_;
  std::optional<LiveFault> fault_;
};

// The key log, for nobody else's eyes.
class KeyLog {
 public:
  ~KeyLog() {
    if (file_ >= 0) ::close(file_);
  }
  bool open(const std::string& name) {
    file_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return file_ >= 0;
  }
  void write(std::string_view line) const {
    const std::string whole = std::string(line) + "\n";
    [[maybe_unused]] const auto written = ::write(file_, whole.data(), whole.size());
  }

 private:
  int file_ = -1;
};

std::optional<app::StartTls> starttls_of(const Options& options, const app::LiveAddress& address) {
  if (options.starttls.empty()) return app::usual_starttls(address);
  if (options.starttls == "never") return app::StartTls::never;
  if (options.starttls == "try") return app::StartTls::attempt;
  if (options.starttls == "require") return app::StartTls::require;
  return std::nullopt;
}

// "7c19E4…", with or without colons, as CertificateFacts writes it; empty: it is none.
std::string fingerprint_of(std::string_view text) {
  std::string digits, out;
  for (const char c : text)
    if (c != ':') digits += c;
  if (digits.size() != 64 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos) return {};
  digits = to_upper(digits);
  for (std::size_t i = 0; i < digits.size(); i += 2) out += (i == 0 ? "" : ":") + digits.substr(i, 2);
  return out;
}

tl::expected<app::LiveSettings, std::string> settings_of(const Options& options, const app::LiveAddress& address, const Strings& strings) {
  app::LiveSettings settings;
  settings.address = address;
  settings.read_only = !options.read_write;
  settings.hold_opening = options.step;
  settings.limit = std::chrono::seconds(options.timeout);
  settings.token = !options.password.token_command.empty();
  if (settings.token && address.user.empty()) return tl::unexpected(std::string(strings("connect.token_of_nobody")));
  if (!options.mechanism.empty()) {
    settings.mechanism = sasl::mechanism_named(options.mechanism);
    if (!settings.mechanism || sasl::is_token(*settings.mechanism)) {
      std::string known;
      for (const sasl::Mechanism mechanism : sasl::all_mechanisms)
        if (!sasl::is_token(mechanism)) known.append(known.empty() ? "" : ", ").append(sasl::name_of(mechanism));
      return tl::unexpected(strings("cli.bad_value", {{"option", "--mechanism"}, {"value", options.mechanism}, {"expected", known}}));
    }
  }
  if (!options.accepted.empty()) {
    settings.accepted_certificate = fingerprint_of(options.accepted);
    if (settings.accepted_certificate.empty())
      return tl::unexpected(strings("cli.bad_value", {{"option", "--accept-certificate"}, {"value", options.accepted}, {"expected", strings("connect.a_fingerprint")}}));
  }
  return settings;
}

void connect(Context& context, const Options& options) {
  const Strings& strings = context.strings;
  const auto address = app::live_address(options.url);
  if (!address)
    return context.fail(address.error() == app::AddressFault::has_password ? std::string(strings("connect.password_in_url"))
                                                                           : strings("connect.bad_url", {{"url", printable(options.url)}}), wrong_usage);
  const auto starttls = starttls_of(options, *address);
  if (!starttls)
    return context.fail(strings("cli.bad_value", {{"option", "--starttls"}, {"value", options.starttls}, {"expected", "require, try, never"}}), wrong_usage);
  if (options.secrets && !is_terminal(stdout)) return context.fail(strings("connect.secrets_terminal_only"), wrong_usage);
  auto settings = settings_of(options, *address, strings);
  if (!settings) return context.fail(settings.error(), wrong_usage);
  std::string script;
  if (!options.script.empty() && !read_in(context, options.script, script)) return;
  auto catalogue = load_catalogue(context.assets, strings.language());
  if (!catalogue) return context.fail(glasspost::describe(catalogue.error()));

  KeyLog key_log;
  TlsContext::Settings trust;
  if (options.cafile.empty()) trust.trust_system = true;
  else if (!read_in(context, options.cafile, trust.trusted_pem)) return;
  if (!options.key_log.empty()) {
    if (!key_log.open(options.key_log))
      return context.fail(strings("cli.cannot_write", {{"file", options.key_log}, {"reason", std::strerror(errno)}}));
    trust.key_log = [&key_log](std::string_view line) { key_log.write(line); };
  }
  const auto library = TlsLibrary::make();
  if (!options.client_certificate.empty()) {
    std::string certificate, key;
    if (!read_in(context, options.client_certificate, certificate) || !read_in(context, options.client_key, key)) return;
    auto identity = Identity::from_pem(library, certificate, key);
    if (!identity) return context.fail(strings("connect.client_cert_wrong", {{"reason", identity.error()}}));
    trust.client_identity = std::move(*identity);
  }
  const auto tls = TlsContext::make(library, std::move(trust));
  if (!tls) return context.fail(strings("connect.cafile_wrong", {{"file", options.cafile.empty() ? std::string(strings("connect.system_authorities")) : options.cafile}, {"reason", tls.error()}}));

  settings->starttls = *starttls;
  settings->context = tls->get();
  if (!address->user.empty() && settings->mechanism != sasl::Mechanism::external) {
    auto password = password_from(options.password, address->user, strings);
    if (!password)
      return context.fail(password.error().empty() ? std::string(strings("connect.failed.no_terminal"))
                                                   : strings("connect.failed.password", {{"reason", password.error()}}));
    settings->password = std::move(*password);
  }
  catch_signals();
  const bool colour = is_terminal(stdout) && !std::getenv("NO_COLOR") && !options.json;
  ConnectPrinter printer(strings, *catalogue, {options.json, options.quiet, colour, options.secrets && !options.json});
  Trace trace(trace_limit);
  Live live(std::move(*settings), trace);
  if (!options.read_write && is_terminal(stdout) && !options.json) write_out(context, {}, fmt::format("· {}\n", strings("connect.read_only")));
  const bool is_script = !options.script.empty();
  Console(context, options, live, printer, is_script ? Lines(std::move(script)) : Lines(STDIN_FILENO), is_script).run();
  if (options.trace.empty()) return;
  Conversations all;
  all.observe(trace);
  const std::string server(live.numeric_address());
  write_out(context, options.trace, pcapng_of(trace, all, [&](const Opened&, Side side) { return side == Side::server ? server : std::string(); }));
}

}  // namespace

void add_connect(CLI::App& app, Context& context) {
  const auto word = [&context](std::string_view key) { return std::string(context.strings(key)); };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("connect", word("cli.connect_help"));
  command->set_help_flag("-h,--help", word("cli.help_help"));
  command->add_option("URL", options->url, word("cli.connect_url_help"))->option_text("URL")->required();
  command->add_option("--starttls", options->starttls, word("cli.connect_starttls_help"))->option_text("WHEN");
  command->add_option("--cafile", options->cafile, word("cli.connect_cafile_help"))->option_text("FILE");
  command->add_option("--accept-certificate", options->accepted, word("cli.connect_accept_help"))->option_text("SHA256");
  auto* by_command = command->add_option("--password-command", options->password.command, word("cli.connect_password_command_help"))->option_text("CMD");
  auto* by_file = command->add_option("--password-file", options->password.file, word("cli.connect_password_file_help"))->option_text("FILE")->excludes(by_command);
  command->add_option("--oauth-token-command", options->password.token_command, word("cli.connect_token_command_help"))
      ->option_text("CMD")
      ->excludes(by_command)
      ->excludes(by_file);
  command->add_option("--mechanism", options->mechanism, word("cli.connect_mechanism_help"))->option_text("NAME");
  auto* certificate = command->add_option("--client-cert", options->client_certificate, word("cli.connect_client_cert_help"))->option_text("FILE");
  auto* key = command->add_option("--client-key", options->client_key, word("cli.connect_client_key_help"))->option_text("FILE");
  certificate->needs(key);
  key->needs(certificate);
  command->add_option("--script", options->script, word("cli.connect_script_help"))->option_text("FILE");
  command->add_flag("--step", options->step, word("cli.connect_step_help"));
  command->add_flag("--json", options->json, word("cli.connect_json_help"));
  command->add_flag("--quiet", options->quiet, word("cli.connect_quiet_help"));
  auto* read_only = command->add_flag("--read-only", options->read_only, word("cli.connect_read_only_help"));
  command->add_flag("--read-write", options->read_write, word("cli.connect_read_write_help"))->excludes(read_only);
  command->add_option("--timeout", options->timeout, word("cli.connect_timeout_help"))
      ->option_text("SECONDS")
      ->check([&context](const std::string& value) {
        if (const auto seconds = to_u32(value); seconds && *seconds >= 1 && *seconds <= 86400) return std::string();
        return context.strings("cli.bad_value", {{"option", "--timeout"}, {"value", value}, {"expected", "1-86400"}});
      });
  command->add_option("--trace", options->trace, word("cli.connect_trace_help"))->option_text("FILE");
  command->add_option("--key-log", options->key_log, word("cli.connect_key_log_help"))->option_text("FILE");
  command->add_flag("--show-secrets", options->secrets, word("cli.connect_secrets_help"));
  command->callback([&context, options] { connect(context, *options); });
  context.examples_of(*command, {{"glasspost connect imaps://ann@mail.example.com", "cli.example.connect"},
                                 {"glasspost connect --script check.txt smtp://mail.example.com", "cli.example.connect_script"},
                                 {"glasspost connect --oauth-token-command 'mail-token ann' imaps://ann%40example.com@imap.example.com", "cli.example.connect_token"}});
}

}  // namespace glasspost::cli
