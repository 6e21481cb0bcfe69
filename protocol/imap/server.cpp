#include "protocol/imap/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "protocol/base/text.h"
#include "protocol/imap/extensions/base.h"
#include "protocol/imap/rules.h"
#include "protocol/tls/facts.h"

namespace glasspost::imap {
namespace {

// A line that goes on after this many times its limit is no mistake any more.
constexpr std::size_t patience_with_lines = 16;
constexpr std::size_t output_high_water = 1024 * 1024;

std::string sentence_of(const Error& error) {
  const auto at = [&](std::string_view what) {
    return fmt::format("{} at octet {}: wanted {}", what, error.offset, error.expected);
  };
  switch (error.fault) {
    case Fault::unknown_command: return "Unknown command";
    case Fault::unsupported: return at("Not offered");
    case Fault::number_range: return at("Number out of range");
    case Fault::bad_octet: return at("An octet that may not stand there");
    case Fault::too_many: return at("Too many or too deep");
    case Fault::too_long: return at("Too long");
    case Fault::incomplete: return at("Incomplete");
    case Fault::syntax:
    case Fault::bad_line_end:
    case Fault::out_of_order:
    case Fault::injected:
    case Fault::mismatch: return at("Syntax error");
  }
  return at("Syntax error");
}

// The verb of a command of which only the beginning has come, in capitals, with "UID " in front; and what follows it.
struct Beginning {
  std::string verb;
  std::string_view arguments;
};
Beginning beginning_of(std::string_view text) {
  Beginning out;
  const auto word = [&text] {
    const std::string_view taken = text.substr(0, text.find_first_of(" \r"));
    text.remove_prefix(taken.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
    return taken;
  };
  word();  // the tag
  out.verb = to_upper(word());
  if (out.verb == "UID") out.verb += ' ' + to_upper(word());
  out.arguments = text;
  return out;
}

}  // namespace

Push push_during(std::string_view verb) {
  for (const std::string_view held : {"", "FETCH", "STORE", "SEARCH", "SORT", "THREAD"})
    if (verb == held) return Push::not_expunge;
  return Push::everything;
}

Server::Server(ServerSettings settings, Instant now)
    : settings_(std::move(settings)), framer_(Framer::Said::commands, 0), tls_(settings_.tls_from_start), last_heard_(now) {
  settings_.extensions = settings_.extensions.whole();
  framer_.set_plus(offers(Extension::literal_plus) || offers(Extension::literal_minus));
  greet();
}

void Server::greet() {
  std::string list;
  for (const std::string& name : capabilities()) (list += list.empty() ? "" : " ") += name;
  write().condition(Condition::ok, {"CAPABILITY", list}, settings_.server_name + " IMAP4rev1 Glasspost ready");
}

std::vector<std::string> Server::capabilities() const {
  const Circumstances now{
      .logged_in = logged_in(), .tls_to_be_had = settings_.starttls && !tls_, .login_is_barred = !may_say_password(),
      .append_limit = settings_.limits.append};
  std::vector<std::string> names = capabilities_of(settings_.extensions, now);
  if (now.logged_in) return names;
  for (const sasl::Mechanism mechanism : settings_.mechanisms)
    if (offers(mechanism)) names.push_back("AUTH=" + std::string(sasl::name_of(mechanism)));
  return names;
}

std::size_t Server::line_limit() const {
  const ServerLimits& limits = settings_.limits;
  return logged_in() ? limits.line : std::min<std::size_t>(limits.line, limits.before_login);
}

void Server::receive(std::string_view octets, Instant now) {
  last_heard_ = now;
  // Behind STARTTLS nothing is heard until TLS is up.
  if (closing_ || eof_ || tls_wanted_ || compression_wanted_) return;
  in_.erase(0, in_begin_);
  in_begin_ = 0;
  in_ += octets;
  if (wait_ == Wait::service && in_.size() > settings_.limits.pipelined)
    hang_up(GoneReason::refused, {}, "Too much was sent ahead");
}

void Server::receive_eof(Instant now) {
  last_heard_ = now;
  eof_ = true;
}

std::string Server::take_output() { return std::exchange(out_, {}); }

TlsWish Server::tls_wish() const { return tls_wanted_ ? TlsWish::start : TlsWish::none; }

void Server::tls_established(const TlsFacts& facts) {
  bindings_ = facts.bindings;
  if (facts.client_certificate) certificate_names_ = sasl_names(*facts.client_certificate);
  tls_ = true;
  if (!tls_wanted_) {  // implicit TLS: nothing was learned before it, and what the greeting offers may hang on it
    out_.clear();
    return greet();
  }
  tls_wanted_ = false;
  in_.clear();
  in_begin_ = 0;
  framer_.reset();
  tracker_.reset();
  bad_in_a_row_ = 0;
}

bool Server::wants_close() const { return closing_ || (eof_ && told_gone_); }

std::optional<Instant> Server::deadline() const {
  if (closing_ || eof_) return std::nullopt;
  return last_heard_ + settings_.autologout;
}

void Server::on_deadline(Instant now) {
  const auto due = deadline();
  if (due && now >= *due) hang_up(GoneReason::autologout, {}, "Autologout: nothing was said for too long");
}

std::optional<ServerEvent> Server::poll() {
  for (;;) {
    if (told_gone_) return std::nullopt;
    if (closing_) {
      told_gone_ = true;
      return Gone{reason_};
    }
    if (wait_ == Wait::service || compression_wanted_ || out_.size() >= output_high_water) return std::nullopt;
    if (tls_wanted_) {
      if (!eof_) return std::nullopt;
      closing_ = true;
      continue;
    }
    if (!framer_.pending()) {
      framer_.set_limit(line_limit());
      literals_ = 0;
      awaited_ = 0;
      refusal_.reset();
    }
    std::string_view input = std::string_view(in_).substr(in_begin_);
    const Framer::Step step = framer_.next(input);
    in_begin_ = in_.size() - input.size();
    switch (step) {
      case Framer::Step::more:
        if (framer_.line_octets() > line_limit() * patience_with_lines && framer_.cut()) {
          hang_up(GoneReason::refused, {}, "A line without end");
          break;
        }
        if (!eof_) return std::nullopt;
        closing_ = true;
        break;
      case Framer::Step::literal:
        if (wait_ == Wait::command) {
          take_literal();
          break;
        }
        framer_.drop();  // what answers a challenge or ends IDLE is one line
        [[fallthrough]];
      case Framer::Step::message:
        if (auto event = take_message()) return event;
        break;
    }
  }
}

// The octets of a literal are read as what they were announced to be, also when the command is already lost.
void Server::take_literal() {
  const LiteralSize literal = framer_.literal();
  const std::string_view tag = tag_of(framer_.text());
  ++literals_;
  if (!refusal_) refusal_ = objection(framer_.text(), literal.octets);
  if (!refusal_ && literal.plus && !offers(Extension::literal_plus) && literal.octets > longest_minus_literal)
    refusal_ = Refusal{Condition::bad, {"TOOBIG", {}}, fmt::format("Beyond {} octets a literal must wait for +", longest_minus_literal)};
  if (literal.huge) {
    refusal_ = Refusal{Condition::bad, {}, "A literal of more octets than can be counted"};
    if (literal.plus) return hang_up(GoneReason::refused, {}, refusal_->text);
  }
  if (!refusal_) {
    framer_.set_limit(framer_.octets() + literal.octets + line_limit());
    framer_.keep();
    awaited_ = framer_.octets() + literal.octets;
    if (!literal.plus) out_ += "+ Ready for the literal\r\n";
  } else if (literal.plus) {
    framer_.skip();
  } else {
    refuse(tag, *refusal_);  // the client sees that no "+" comes, and does not send the literal
    framer_.drop();
  }
}

std::optional<Server::Refusal> Server::objection(std::string_view so_far, std::uint64_t literal) const {
  const ServerLimits& limits = settings_.limits;
  if (framer_.cut()) return Refusal{Condition::bad, {}, "Line too long"};
  if (tag_of(so_far).empty()) return Refusal{Condition::bad, {}, "Syntax error at octet 0: wanted tag"};
  const Beginning begun = beginning_of(so_far);
  if (auto refusal = illegal(begun.verb)) return refusal;
  if (literals_ > limits.literals) return Refusal{Condition::bad, {}, "Too many literals"};
  if (!logged_in() && (literal > limits.before_login || framer_.octets() + literal > limits.before_login))
    return Refusal{Condition::bad, {}, "Too long for a command before login"};
  // The mailbox may be a literal too; the message is what comes behind it.
  std::string_view arguments = begun.arguments;
  const bool replaces = begun.verb == "REPLACE" || begun.verb == "UID REPLACE";
  if (replaces) arguments.remove_prefix(std::min(arguments.find(' ') + 1, arguments.size()));  // which one
  const bool names_mailbox = arguments.starts_with('{') && arguments.find("\r\n") + 2 == arguments.size();
  if ((begun.verb == "APPEND" || replaces) && !names_mailbox) {
    if (literal > limits.append)
      return Refusal{Condition::no, {"TOOBIG", {}}, fmt::format("Messages may have {} octets at most", limits.append)};
    if (framer_.octets() + literal > append_room_)
      return Refusal{Condition::no, {"UNAVAILABLE", {}}, "Too many messages are under way here; try again later"};
    return std::nullopt;
  }
  if (literal > limits.literal)
    return Refusal{Condition::bad, {}, fmt::format("A literal may have {} octets at most here", limits.literal)};
  return std::nullopt;
}

std::optional<Server::Refusal> Server::illegal(std::string_view verb) const {
  if (verb == "DONE" || !row_of(verb) || !offers(extension_of_command(verb)) || (rev2() && ends_with_rev1(verb)))
    return Refusal{Condition::bad, {}, "Unknown command"};
  if (is_legal(verb, state())) return std::nullopt;
  if (state() == selected_read_only && is_legal(verb, selected))
    return Refusal{Condition::no, {}, "The mailbox is open read-only"};
  std::string_view why = "Not now";
  if (!logged_in()) why = "Log in first";
  else if (is_legal(verb, not_authenticated)) why = "Already logged in";
  else if (is_legal(verb, authenticated)) why = "Not while a mailbox is open";
  else if (is_legal(verb, selected)) why = "Select a mailbox first";
  return Refusal{Condition::bad, {}, std::string(why)};
}

// RFC 7162 sections 3.2.5 and 3.2.6: what changes the meaning of responses is not used before the client has said that it
// understands it. RFC 6855 section 3: once it understands UTF-8 there is no other charset to name.
std::optional<Server::Refusal> Server::not_enabled(const CommandBody& body) const {
  const auto* search = std::get_if<Search>(&body);
  if (search && !search->charset.empty() && enabled(Extension::utf8_accept))
    return Refusal{Condition::bad, {}, "With UTF8=ACCEPT everything is UTF-8: no CHARSET is named"};
  if (enabled(Extension::qresync)) return std::nullopt;
  const auto* select = std::get_if<Select>(&body);
  const auto* fetch = std::get_if<Fetch>(&body);
  if ((select && select->resync) || (fetch && fetch->vanished)) return Refusal{Condition::bad, {}, "ENABLE QRESYNC comes first"};
  return std::nullopt;
}

void Server::tagged(std::string_view tag, Condition condition, const Code& code, std::string_view text) {
  (out_ += tag.empty() ? "*" : tag) += ' ';
  write_condition(out_, condition, code, text);
}

void Server::refuse(std::string_view tag, const Refusal& refusal) {
  tagged(tag, refusal.condition, refusal.code, refusal.text);
  if (refusal.condition == Condition::bad && ++bad_in_a_row_ >= settings_.limits.bad_commands)
    hang_up(GoneReason::refused, {}, "Too many commands in error");
}

std::optional<ServerEvent> Server::take_message() {
  const std::string_view text = framer_.text();
  const std::string_view line = text.ends_with("\r\n") ? text.substr(0, text.size() - 2) : text;
  if (wait_ == Wait::auth_response) return take_auth_response(framer_.cut() ? "?" : line);
  if (wait_ == Wait::idle) return take_idle_line(line);
  if (!refusal_ && framer_.cut()) refusal_ = Refusal{Condition::bad, {}, "Line too long"};
  if (refusal_) {
    refuse(tag_of(text), *refusal_);
    return std::nullopt;
  }
  return take_command(text);
}

std::optional<ServerEvent> Server::take_command(std::string_view text) {
  auto command = parse_command(text, nullptr, settings_.limits.grammar, {.offered = settings_.extensions, .rev2 = rev2(), .utf8 = utf8()});
  if (!command) {
    refuse(tag_of(text), {Condition::bad, {}, sentence_of(command.error())});
    return std::nullopt;
  }
  return dispatch(std::move(*command));
}

std::optional<ServerEvent> Server::dispatch(Command command) {
  const std::string_view verb = verb_of(command.body);
  if (const auto refusal = illegal(verb)) {
    refuse(command.tag, *refusal);
    return std::nullopt;
  }
  if (const auto refusal = not_enabled(command.body)) {
    refuse(command.tag, *refusal);
    return std::nullopt;
  }
  bad_in_a_row_ = 0;
  current_ = Current{command.tag, verb};
  wait_ = Wait::service;
  if (const auto* login = std::get_if<Login>(&command.body)) return begin_login(*login);
  if (const auto* authenticate = std::get_if<Authenticate>(&command.body)) return begin_authenticate(*authenticate);
  if (std::holds_alternative<Capability>(command.body) || std::holds_alternative<Logout>(command.body) ||
      std::holds_alternative<Starttls>(command.body) || std::holds_alternative<Id>(command.body) ||
      std::holds_alternative<Enable>(command.body) || std::holds_alternative<Compress>(command.body))
    return answer_itself(command);
  if (std::holds_alternative<Idle>(command.body)) {
    out_ += "+ idling\r\n";
    tracker_.follow(verb, "+");
    wait_ = Wait::idle;
    idle_broken_ = false;
  }
  return command;
}

std::optional<ServerEvent> Server::answer_itself(const Command& command) {
  if (std::holds_alternative<Capability>(command.body)) {
    write().capability(capabilities());
    ok("CAPABILITY completed");
  } else if (std::holds_alternative<Id>(command.body)) {
    write().id({{"name", "Glasspost"}});
    ok("ID completed");
  } else if (std::holds_alternative<Starttls>(command.body)) {
    start_tls();
  } else if (const auto* wanted = std::get_if<Enable>(&command.body)) {
    enable(*wanted);
  } else if (std::holds_alternative<Compress>(command.body)) {
    compress();
  } else {
    write().condition(Condition::bye, {}, "Logging out");
    tracker_.follow("LOGOUT", "BYE");
    ok("LOGOUT completed");
    closing_ = true;
    reason_ = GoneReason::logout;
  }
  return std::nullopt;
}

void Server::start_tls() {
  if (tls_) return bad("TLS is already up");
  if (!settings_.starttls) return bad("TLS is not to be had here");
  ok("Begin TLS negotiation now");
  tls_wanted_ = true;
  // What was sent ahead in plaintext could have been put there by anyone: it is never acted on.
  in_.clear();
  in_begin_ = 0;
}

// RFC 4978 section 3. What a client sends ahead of the answer can be neither the one nor the other.
void Server::compress() {
  if (compressed_) return bad("DEFLATE is active already", {"COMPRESSIONACTIVE", {}});
  if (in_.size() > in_begin_) return bad("Nothing may follow COMPRESS before it is answered");
  ok("DEFLATE active");
  compressed_ = compression_wanted_ = true;
}

// Each time it tells what this command switched on, what was on before it too if it was named again.
void Server::enable(const Enable& wanted) {
  const ExtensionSet now = enabled_by(wanted, settings_.extensions);
  enabled_.add(now);
  write_enabled(out_, now);
  ok("ENABLE completed");
}

std::optional<ServerEvent> Server::take_idle_line(std::string_view line) {
  idle_broken_ = !equal_ignoring_case(line, "DONE");
  wait_ = Wait::service;
  return IdleDone{};
}

void Server::complete(Condition condition, const Code& code, std::string_view text) {
  assert(current_ && "complete() answers a command that was polled");
  const Current done = std::move(*current_);
  current_.reset();
  wait_ = Wait::command;
  if (done.verb == "IDLE") {
    if (idle_broken_) condition = Condition::bad, text = "DONE was expected";
    tracker_.follow("DONE", name_of(condition));
  } else {
    tracker_.follow(done.verb, name_of(condition), code.name == "READ-ONLY");
  }
  tagged(done.tag, condition, code, text);
}

void Server::bye(std::string_view text, const Code& code) { hang_up(GoneReason::refused, code, text); }

void Server::hang_up(GoneReason reason, const Code& code, std::string_view text) {
  if (closing_) return;
  if (!mid_response_) {
    write().condition(Condition::bye, code, text);
    tracker_.follow("", "BYE");
  }
  closing_ = true;
  reason_ = reason;
}

Push Server::may_push() const {
  if (closing_ || told_gone_ || !mailbox_open()) return Push::nothing;
  if (idling()) return Push::everything;
  return push_during(current());
}

bool Server::idling() const { return wait_ == Wait::idle; }

}  // namespace glasspost::imap
