#include "app/cli/connect_print.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "app/export/explanation.h"
#include "app/export/masked.h"
#include "app/export/names.h"
#include "app/export/prose.h"
#include "protocol/base/text.h"
#include "protocol/machine.h"
#include "protocol/tls/facts.h"

namespace glasspost::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t width = 80, indent = 13, token_column = 22, shown_at_most = 200;

std::string utf8(std::string_view octets) { return is_utf8(octets) ? std::string(octets) : printable(octets, true); }
std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }
double seconds_of(const Conversation& conversation, Instant at) { return double((at - conversation.opened_at()).count()) / 1e6; }
std::string margin(double seconds) { return fmt::format("{:8.3f} ", seconds); }

bool is_layout(Role role) { return role == Role::space || role == Role::crlf; }

std::string_view colour_of(Side side) { return side == Side::client ? "1;34" : "32"; }

}  // namespace

void ConnectPrinter::put(std::string_view line) {
  // Where nobody takes it any more, the session goes on: what was asked for is still done.
  [[maybe_unused]] const auto written = std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

std::string ConnectPrinter::painted(std::string_view code, std::string_view text) const {
  return look_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

void ConnectPrinter::step(std::string_view event, std::string_view text, const app::LiveStep* step) {
  if (look_.json) {
    Json json{{"event", event}};
    if (step) json["step"] = app::name_of(*step);
    json["sentence"] = text;
    put(dumped(json));
    return;
  }
  for (const std::string& line : wrapped(text, width - 2)) put(painted("2", "· " + line));
}

void ConnectPrinter::show(const app::Live& live) {
  connected(live);
  show_step(live);
  const Conversation* conversation = live.conversation();
  if (!conversation) return;
  if (live.settings().starttls == app::StartTls::never) in_clear(live);
  for (; shown_ < conversation->size(); ++shown_) {
    const Message& one = conversation->message(MessageId(shown_));
    if (one.protocol == Protocol::tls) continue;
    if (one.sealed) tls_up(*conversation, live);
    ++(one.from == Side::client ? sent_ : received_);
    if (look_.json) message_json(*conversation, one, "line");
    else message(*conversation, one);
  }
  if (conversation->tls_up() != no_record) tls_up(*conversation, live);
  in_clear(live);
}

// Before anything secret is said, where it is known that it will be in clear.
void ConnectPrinter::in_clear(const app::Live& live) {
  const bool for_good = live.settings().address.tls == TlsMode::plaintext && live.settings().starttls == app::StartTls::never;
  if ((live.is_open() || for_good) && !tls_ && !std::exchange(clear_told_, true)) {
    const app::LiveStep at = app::LiveStep::tls;
    step("in_clear", strings_("connect.in_clear"), &at);
  }
}

void ConnectPrinter::show_step(const app::Live& live) {
  using app::LiveStep;
  const app::LiveAddress& address = live.settings().address;
  const LiveStep now = live.step();
  if (now != step_ && !live.fault()) {
    step_ = now;
    const bool told = now != LiveStep::command && (look_.json || now != LiveStep::login);  // the line itself tells of a login
    if (told && !live.is_over())
      step("step", strings_("connect.step." + std::string(app::name_of(now)),
                            {{"host", address.host}, {"address", live.numeric_address()}, {"port", std::to_string(address.port)},
                             {"user", address.user}}), &now);
  }
}

void ConnectPrinter::connected(const app::Live& live) {
  if (!live.connected() || std::exchange(connected_, true)) return;
  const app::LiveAddress& address = live.settings().address;
  const app::LiveStep at = app::LiveStep::connect;
  step("connected", strings_("connect.connected", {{"host", address.host}, {"address", live.numeric_address()},
                                                   {"port", std::to_string(address.port)},
                                                   {"duration", strings_.duration(live.connected_after())}}), &at);
}

void ConnectPrinter::tls_up(const Conversation& conversation, const app::Live& live) {
  if (tls_ || conversation.tls_up() == no_record || !live.tls_facts()) return;
  tls_ = true;
  const TlsFacts& facts = *live.tls_facts();
  const std::string text = strings_(facts.verdict == Verdict::trusted ? "connect.tls_up" : "connect.tls_accepted", {{"version", facts.version}, {"cipher", facts.cipher}});
  if (!look_.json) return step("tls", text, nullptr);
  Json json{{"event", "tls"}, {"step", "tls"}, {"sentence", text}, {"version", facts.version}, {"cipher", facts.cipher},
            {"group", facts.group}, {"verdict", name_of(facts.verdict)}};
  json["chain"] = Json::array();
  for (const CertificateFacts& one : facts.chain)
    json["chain"].push_back({{"subject", utf8(one.subject)}, {"issuer", utf8(one.issuer)}, {"names", one.names}, {"fingerprint", one.fingerprint}});
  put(dumped(json));
}

std::string ConnectPrinter::text_of(const Conversation& conversation, const Message& one) const {
  const std::string_view text = conversation.text(one);
  return look_.secrets ? std::string(text) : redact(text, conversation.tokens(one));
}

// The lines as they were said, then what they mean.
void ConnectPrinter::message(const Conversation& conversation, const Message& one) {
  message_text(conversation, one);
  if (const Error* problem = conversation.problem(one))
    for (const std::string& line : wrapped(problem_sentence(*problem, catalogue_), width - indent))
      put(std::string(indent, ' ') + painted("31", line));
  if (look_.quiet) return;
  if (const Words* words = catalogue_.find(conversation.headline(one))) {
    std::string text = fill(words->what, {{"client", strings_("explain.client_says")}, {"server", strings_("explain.server_says")}});
    if (one.answers) text += " · " + strings_("connect.replied_after", {{"duration", strings_.duration(one.at - conversation.message(*one.answers).at)}});
    for (const std::string& line : wrapped(text, width - indent)) put(std::string(indent, ' ') + painted("2", line));
  }
  tokens(conversation, one);
}

void ConnectPrinter::message_text(const Conversation& conversation, const Message& one) {
  std::string text = text_of(conversation, one);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  const std::string bar = one.sealed ? painted("33", "┃") : " ";
  std::string start = margin(seconds_of(conversation, one.at)) + bar + (one.from == Side::client ? " → " : " ← ");
  const auto lines = split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == shown_at_most) {
      put(start + strings_.count("play.folded", lines.size() - i));
      break;
    }
    std::string_view line = lines[i];
    if (line.ends_with('\r')) line.remove_suffix(1);
    put(start + painted(colour_of(one.from), printable(line, true)));
    start = std::string(9, ' ') + bar + "   ";
  }
}

void ConnectPrinter::tokens(const Conversation& conversation, const Message& one) {
  const std::string_view text = conversation.text(one);
  for (const Token& token : conversation.tokens(one)) {
    const std::string_view said = token.span.of(text);
    if (is_layout(token.role) || said.find_first_not_of(" \r\n") == said.npos) continue;
    const Words* words = explain(catalogue_, token.role, said);
    if (!words || !told_.insert(words).second) continue;
    const bool hidden = is_secret(token.role) && !look_.secrets;
    std::string start = std::string(indent + 2, ' ') +
                        painted("36", padded(shortened(hidden ? std::string(mask) : printable(said.substr(0, said.find("\r\n")), true), token_column - 2), token_column));
    const std::string source = words->source.empty() ? "" : " [" + words->source + "]";
    for (const std::string& line : wrapped(words->what + source, width - indent - 2 - token_column)) {
      put(start + painted("2", line));
      start.assign(indent + 2 + token_column, ' ');
    }
  }
}

void ConnectPrinter::message_json(const Conversation& conversation, const Message& one, std::string_view event) {
  const std::string_view text = conversation.text(one);
  const auto tokens = conversation.tokens(one);
  const Masked shown = masked(text, tokens);
  const Machine* machine = machine_of(one.protocol);
  Json out{{"event", event}, {"seconds", seconds_of(conversation, one.at)}, {"from", json_name(one.from)}, {"kind", json_name(one.kind)},
           {"sealed", one.sealed}, {"octets", one.octets}, {"text", utf8(shown.text)}, {"key", conversation.headline(one)}};
  if (const Words* words = catalogue_.find(conversation.headline(one)))
    out["headline"] = fill(words->what, {{"client", strings_("explain.client_says")}, {"server", strings_("explain.server_says")}});
  if (one.answers) out["after_seconds"] = double((one.at - conversation.message(*one.answers).at).count()) / 1e6;
  if (machine) out["state"] = {{"before", machine->states[one.state_before].id}, {"after", machine->states[one.state_after].id}};
  out["tokens"] = Json::array();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = shown.tokens[i];
    Json json{{"begin", token.span.begin}, {"end", token.span.end}, {"role", name_of(token.role)}};
    if (is_secret(token.role)) json["secret"] = true;
    const Words* words = is_layout(token.role) || look_.quiet ? nullptr : explain(catalogue_, token.role, tokens[i].span.of(text));
    if (words) {
      json["what"] = words->what;
      if (!words->source.empty()) json["source"] = words->source;
    }
    out["tokens"].push_back(std::move(json));
  }
  if (const Error* problem = conversation.problem(one))
    out["problem"] = {{"fault", name_of(problem->fault)}, {"offset", shown.place_of(problem->offset)}, {"expected", problem->expected},
                      {"sentence", problem_sentence(*problem, catalogue_)}};
  put(dumped(out));
}

void ConnectPrinter::preview(const app::Live& live, const Conversation& with, std::string_view text) {
  const std::size_t before = live.conversation()->size();
  for (std::size_t i = before; i < with.size(); ++i) {
    if (look_.json) message_json(with, with.message(MessageId(i)), "next");
    else message(with, with.message(MessageId(i)));
  }
  if (with.size() > before) return;
  if (look_.json) put(dumped({{"event", "next"}, {"text", utf8(text)}}));
  else put(std::string(indent, ' ') + painted(colour_of(Side::client), printable(text, true)));
}

void ConnectPrinter::held(const app::Held& held) {
  const std::string text = held.sends_mail            ? strings_("connect.held_mail", {{"command", held.command}})
                           : held.alternative.empty() ? strings_("connect.held_none", {{"command", held.command}})
                                                      : strings_("connect.held", {{"command", held.command}, {"alternative", printable(held.alternative)}});
  if (!look_.json) {
    for (const std::string& line : wrapped(text, width - 2)) put("· " + painted("33", line));
    return;
  }
  Json json{{"event", "held"}, {"command", held.command}, {"sentence", text}};
  if (!held.alternative.empty()) json["alternative"] = utf8(held.alternative);
  put(dumped(json));
}

void ConnectPrinter::expected(std::size_t line, std::string_view what) {
  if (look_.json) put(dumped({{"event", "expected"}, {"line", line}, {"text", utf8(what)}}));
}

void ConnectPrinter::failed(const app::LiveFault& fault) {
  if (!look_.json) return;  // a person has read it on standard error
  Json json{{"event", "failed"}, {"step", app::name_of(fault.step)}, {"key", fault.key}, {"sentence", printable(app::sentence(fault, strings_))}};
  if (const std::string more = app::meaning(fault, strings_); !more.empty()) json["meaning"] = printable(more);
  for (const std::string& remedy : app::remedies(fault, strings_)) json["remedies"].push_back(printable(remedy));
  for (const auto& [name, value] : fault.names)
    if (name == "fingerprint") json["fingerprint"] = value;
  put(dumped(json));
}

void ConnectPrinter::closed(const app::Live& live) {
  const Conversation* conversation = live.conversation();
  if (!conversation) return;
  const Instant end = conversation->closed_at() == Instant::max() && conversation->size() > 0
                          ? conversation->message(MessageId(conversation->size() - 1)).at
                          : conversation->closed_at();
  const Duration lasted = end == Instant::max() ? Duration{} : end - conversation->opened_at();
  const std::string text = strings_("connect.closed", {{"duration", strings_.duration(lasted)}, {"sent", strings_.number(sent_)}, {"received", strings_.number(received_)}});
  if (look_.json) put(dumped({{"event", "closed"}, {"sentence", text}, {"sent", sent_}, {"received", received_}}));
  else step("closed", text, nullptr);
}

}  // namespace glasspost::cli
