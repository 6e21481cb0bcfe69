// glasspost serve: the post office on real ports, for real mail programs.
#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <system_error>

#include "app/cli/context.h"
#include "app/export/prose.h"
#include "app/net/office.h"
#include "protocol/base/text.h"
#include "protocol/flaws.h"

namespace glasspost::cli {
namespace {

using app::Office;

struct Options {
  std::string listen = "127.0.0.1", domain = "example.test";
  std::vector<int> ports = std::vector<int>(app::office_services().size(), -1);  // -1: not named
  std::vector<std::string> users;
  std::vector<std::string> tokens;
  std::string users_file, any_user_password, client_authorities;
  std::string certificate, key, authority_out, ready_file, maildir;
  std::string capabilities;
  std::vector<std::string> broken;
  bool plaintext_auth = false, no_trace = false;
  std::uint64_t max_message_size = 100'000'000;
  std::optional<std::uint64_t> quota;
};

constexpr std::uint64_t largest_message_size = 2'000'000'000;
constexpr rlim_t most_files = 4096;

void warn(std::string_view sentence) { complain("glasspost: " + printable(sentence) + "\n"); }

bool is_address(const std::string& text) {
  in6_addr any{};
  return ::inet_pton(AF_INET, text.c_str(), &any) == 1 || ::inet_pton(AF_INET6, text.c_str(), &any) == 1;
}

// "example.test": RFC 1123 section 2.1.
bool is_domain(std::string_view text) {
  if (text.size() > 200) return false;
  for (const std::string_view label : split(text, '.')) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label)
      if (!is_alnum(c) && c != '-') return false;
  }
  return true;
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

// "bob:secret"; nothing if it has no name or no password.
std::optional<std::pair<std::string, std::string>> user_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
  return std::pair(std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)));
}

// Which of two passwords would be right, nobody could say.
bool are_different(Context& context, const Office::Settings& settings) {
  std::set<std::string> names;
  for (const auto& [name, password] : settings.users) {
    const std::string whole = to_lower(name), domain = "@" + to_lower(settings.domain);
    if (names.insert(whole.ends_with(domain) ? whole.substr(0, whole.size() - domain.size()) : whole).second) continue;
    context.fail(context.strings("serve.user_wrong", {{"name", name}, {"reason", "it is named twice"}}), wrong_usage);
    return false;
  }
  return true;
}

bool read_users(Context& context, const Options& options, Office::Settings& settings) {
  for (const std::string& text : options.users) {
    auto user = user_of(text);
    if (!user) {  // what stands there may be a password, so it is not repeated
      context.fail(context.strings("serve.bad_user_option"), wrong_usage);
      return false;
    }
    settings.users.push_back(std::move(*user));
  }
  for (const std::string& text : options.tokens) {
    auto token = user_of(text);
    if (!token) {
      context.fail(context.strings("serve.bad_token_option"), wrong_usage);
      return false;
    }
    settings.tokens.push_back(std::move(*token));
  }
  if (options.users_file.empty()) return true;
  std::string text;
  if (!read_in(context, options.users_file, text)) return false;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trim(line).empty() || line.starts_with('#')) continue;
    auto user = user_of(line);
    if (!user) {
      context.fail(context.strings("serve.bad_users_line", {{"file", options.users_file}, {"line", std::to_string(number)}}));
      return false;
    }
    settings.users.push_back(std::move(*user));
  }
  return true;
}

bool read_capabilities(Context& context, const Options& options, Office::Settings& settings) {
  if (options.capabilities.empty()) return true;
  const auto chosen = imap::choose_extensions(options.capabilities);
  if (chosen) {
    settings.extensions = *chosen;
    return true;
  }
  std::string known;
  for (const std::string_view name : imap::choosable_extensions()) (known += known.empty() ? "" : ", ") += name;
  context.fail(context.strings("serve.no_such_capability", {{"name", chosen.error()}, {"known", known}}), wrong_usage);
  return false;
}

// What is relayed can only be by a server that hands letters on: this one keeps them.
bool read_flaws(Context& context, const Options& options, Office::Settings& settings) {
  for (const std::string& name : options.broken) {
    const auto flaw = flaw_named(name);
    if (flaw && !flaw_rows()[std::size_t(*flaw)].relays) {
      settings.flaws.add(*flaw);
      warn(context.strings("broken.on_purpose", {{"what", context.strings("broken." + name)}}));
      continue;
    }
    std::string known;
    for (const FlawRow& row : flaw_rows())
      if (!row.relays) (known += known.empty() ? "" : ", ") += row.name;
    context.fail(context.strings("serve.unknown_profile", {{"name", name}, {"known", known}}), wrong_usage);
    return false;
  }
  return true;
}

bool read_settings(Context& context, const Options& options, Office::Settings& settings) {
  const Strings& strings = context.strings;
  settings.address = options.listen == "localhost" ? "127.0.0.1" : options.listen;
  const auto bad = [&](std::string_view option, const std::string& value, std::string_view expected) {
    context.fail(strings("cli.bad_value", {{"option", option}, {"value", value}, {"expected", strings(expected)}}), wrong_usage);
    return false;
  };
  if (!is_address(settings.address)) return bad("--listen", options.listen, "serve.an_address");
  if (!is_domain(options.domain)) return bad("--domain", options.domain, "serve.a_domain");
  settings.domain = options.domain;
  settings.allow_plaintext_auth = options.plaintext_auth;
  settings.max_message_size = options.max_message_size;
  settings.quota.octets = options.quota;
  settings.maildir = options.maildir;
  settings.records = !options.no_trace;
  if (!options.any_user_password.empty()) settings.any_user_password = options.any_user_password;
  if (!read_flaws(context, options, settings) || !read_capabilities(context, options, settings) || !read_users(context, options, settings) || !are_different(context, settings)) return false;
  if (settings.users.empty() && !settings.any_user_password) {
    context.fail(strings("serve.no_users"), wrong_usage);
    return false;
  }
  if (!options.certificate.empty() && (!read_in(context, options.certificate, settings.certificates_pem) ||
                                       !read_in(context, options.key, settings.key_pem)))
    return false;
  if (!options.client_authorities.empty() && !read_in(context, options.client_authorities, settings.clients_pem)) return false;
  for (const app::OfficeServiceRow& row : app::office_services())
    if (const int port = options.ports[std::size_t(row.service)]; port >= 0)
      settings.ports.emplace_back(row.service, std::uint16_t(port));
  if (settings.ports.empty())
    for (const app::OfficeServiceRow& row : app::office_services()) settings.ports.emplace_back(row.service, row.usual_port);
  return true;
}

// One line, with what can be done.
std::string port_sentence(const app::OfficeFault& fault, const Office::Settings& settings, const Strings& strings) {
  const bool brackets = settings.address.find(':') != std::string::npos;
  std::string out = strings("serve.cannot_listen", {{"service", fault.what},
                                                    {"host", brackets ? "[" + settings.address + "]" : settings.address},
                                                    {"port", std::to_string(fault.port)},
                                                    {"reason", fault.reason}});
  const auto is = [&](std::errc why) { return fault.reason == std::make_error_code(why).message(); };
  if (is(std::errc::address_in_use)) out += ". " + strings("serve.port_taken", {{"option", "--" + fault.what}});
  else if (is(std::errc::permission_denied)) out += ". " + strings("serve.port_of_root", {{"option", "--" + fault.what}});
  else if (is(std::errc::address_not_available)) out += ". " + std::string(strings("serve.address_of_others"));
  return out;
}

std::string sentence(const app::OfficeFault& fault, const Office::Settings& settings, const Strings& strings) {
  using At = app::OfficeFault::At;
  switch (fault.at) {
    case At::user: return strings("serve.user_wrong", {{"name", fault.what}, {"reason", fault.reason}});
    case At::token: return strings("serve.token_wrong", {{"name", fault.what}});
    case At::certificate: return strings("serve.certificate_wrong", {{"reason", fault.reason}});
    case At::maildir: return strings("serve.maildir_wrong", {{"directory", fault.what}, {"reason", fault.reason}});
    case At::port: return port_sentence(fault, settings, strings);
  }
  return {};
}

std::string ready_json(const Office::Settings& settings, app::Listener& listener, const std::string& authority_file) {
  nlohmann::ordered_json ready;
  ready["pid"] = ::getpid();
  ready["host"] = settings.address;
  ready["ports"] = nlohmann::ordered_json::object();
  for (const app::Listener::Door& door : listener.doors()) ready["ports"][door.name] = door.port;
  if (authority_file.empty()) ready["ca"] = nullptr;
  else ready["ca"] = authority_file;
  return ready.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// Each connection is a file to the kernel; its usual limit of 1024 would be reached by the connections alone.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= most_files) return;
  limit.rlim_cur = std::min(limit.rlim_max, most_files);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(Context& context, const Options& options) {
  const Strings& strings = context.strings;
  Office::Settings settings;
  if (!read_settings(context, options, settings)) return;
  settings.tell = [&strings](std::string_view english) { warn(strings.reason(english)); };
  settings.tell_of_forgetting = [&strings] { warn(strings("serve.trace_forgets", {{"limit", "256 MB"}})); };
  if (!is_loopback(settings.address)) warn(strings("serve.beyond_loopback", {{"host", settings.address}}));
  if (settings.allow_plaintext_auth && !is_loopback(settings.address)) warn(strings("serve.plaintext_auth"));
  allow_many_files();
  std::signal(SIGXFSZ, SIG_IGN);  // a file may grow no more: an error like a full disk, not our end

  auto office = Office::open(settings);
  if (!office) return context.fail(sentence(office.error(), settings, strings));
  std::string authority_file;
  if (!options.authority_out.empty()) {
    if (!write_out(context, options.authority_out, (*office)->authority_pem())) return;
    std::error_code ignored;
    authority_file = std::filesystem::absolute(options.authority_out, ignored).string();
  }
  app::Listener& listener = (*office)->listener();
  listener.stop_on_signals();
  const std::string ready = ready_json(settings, listener, authority_file);
  if (!options.ready_file.empty() && !write_out(context, options.ready_file, ready + "\n")) return;
  if (!write_out(context, {}, "READY " + ready + "\n")) return;
  listener.run();
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  const Strings& strings = context.strings;
  const auto word = [&strings](std::string_view key) { return std::string(strings(key)); };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("serve", word("cli.serve_help"));
  command->set_help_flag("-h,--help", word("cli.help_help"));
  command->add_option("--listen", options->listen, word("cli.serve_listen_help"))->option_text("ADDRESS");
  for (const app::OfficeServiceRow& row : app::office_services())
    command->add_option("--" + std::string(row.name), options->ports[std::size_t(row.service)], word("cli.serve_port_help"))
        ->option_text("PORT")
        ->check([&strings, name = std::string(row.name)](const std::string& value) {
          if (const auto port = to_u32(value); port && *port <= 65535) return std::string();
          return strings("cli.bad_value", {{"option", "--" + name}, {"value", value}, {"expected", "0-65535"}});
        });
  command->add_option("--domain", options->domain, word("cli.serve_domain_help"))->option_text("DOMAIN");
  command->add_option("--user", options->users, word("cli.serve_user_help"))
      ->option_text("NAME:PASSWORD")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--users", options->users_file, word("cli.serve_users_help"))->option_text("FILE");
  command->add_option("--any-user-password", options->any_user_password, word("cli.serve_any_user_help"))->option_text("PASSWORD");
  auto* certificate = command->add_option("--tls-cert", options->certificate, word("cli.serve_cert_help"))->option_text("FILE");
  auto* key = command->add_option("--tls-key", options->key, word("cli.serve_key_help"))->option_text("FILE");
  certificate->needs(key);
  key->needs(certificate);
  command->add_option("--token", options->tokens, word("cli.serve_token_help"))
      ->option_text("NAME:TOKEN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--client-ca", options->client_authorities, word("cli.serve_client_ca_help"))->option_text("FILE");
  command->add_option("--ca-out", options->authority_out, word("cli.serve_ca_out_help"))->option_text("FILE")->excludes(certificate);
  command->add_option("--ready-file", options->ready_file, word("cli.serve_ready_file_help"))->option_text("FILE");
  command->add_option("--maildir", options->maildir, word("cli.serve_maildir_help"))->option_text("DIR");
  command->add_flag("--allow-plaintext-auth", options->plaintext_auth, word("cli.serve_plaintext_help"));
  command->add_option("--max-message-size", options->max_message_size, word("cli.serve_max_size_help"))
      ->option_text("BYTES")
      ->check([&strings](const std::string& value) {
        if (const auto size = to_u64(value); size && *size >= 1 && *size <= largest_message_size) return std::string();
        return strings("cli.bad_value", {{"option", "--max-message-size"}, {"value", value}, {"expected", fmt::format("1-{}", largest_message_size)}});
      });
  command->add_option("--quota", options->quota, word("cli.serve_quota_help"))->option_text("BYTES");
  command->add_option("--capabilities", options->capabilities, word("cli.serve_capabilities_help"))->option_text("LIST");
  command->add_option("--broken", options->broken, word("cli.serve_broken_help"))
      ->option_text("NAME")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--no-trace", options->no_trace, word("cli.serve_no_trace_help"));
  command->callback([&context, options] { serve(context, *options); });
  context.examples_of(*command, {{"glasspost serve --user bob:secret --ca-out ca.pem", "cli.example.serve"},
                                 {"glasspost serve --any-user-password x --smtp 0 --imap 0 --allow-plaintext-auth", "cli.example.serve_any"}});
}

}  // namespace glasspost::cli
