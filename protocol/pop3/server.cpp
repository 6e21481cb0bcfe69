#include "protocol/pop3/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/pop3/content.h"
#include "protocol/pop3/phrases.h"
#include "protocol/pop3/states.h"
#include "protocol/tls/facts.h"

namespace glasspost::pop3 {
namespace {

constexpr std::size_t output_high_water = 1024 * 1024;
constexpr std::size_t listing_piece = 64 * 1024;        // of LIST and UIDL, before others have their turn
constexpr std::size_t waiting_limit = 4 * 1024 * 1024;  // octets of commands that have not been run yet
constexpr std::size_t login_text_limit = 400;           // a reply line is at most 512

std::string_view code_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::wrong_login: return "[AUTH]";
    case Refusal::in_use: return "[IN-USE]";
    case Refusal::login_delay: return "[LOGIN-DELAY]";
    case Refusal::temporary: return "[SYS/TEMP]";
    case Refusal::permanent: return "[SYS/PERM]";
  }
  return "";
}

std::string words(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, login_text_limit))
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  return out;
}

}  // namespace

bool LoginAttempt::proves(std::string_view password_on_file) const {
  if (method == LoginMethod::apop) return sasl::apop_proves(timestamp, digest, password_on_file);
  if (method == LoginMethod::sasl) return sasl.proves(password_on_file);
  sasl::Attempt attempt;
  attempt.identity = user;
  attempt.password = password;
  return attempt.proves(password_on_file);
}

ServerSession::ServerSession(ServerSettings settings, Instant now)
    : settings_(std::move(settings)), framer_(auth_line_limit), state_(pop3_machine().start), last_heard_(now) {
  std::string greeting = words(settings_.greeting);
  if (!settings_.timestamp.empty()) greeting += ' ' + settings_.timestamp;
  ok(greeting);
}

void ServerSession::receive(std::string_view octets, Instant now) {
  last_heard_ = now;
  // Behind STLS the handshake is all that may come; what else came with it in plaintext is never looked at.
  const bool in_clear_before_tls = tls_wish_ == TlsWish::start && !settings_.flaws.has(Flaw::starttls_injection);
  if (closing_ || in_clear_before_tls) return;
  framer_.put(octets);
  if (framer_.pending().size() <= waiting_limit) return;
  err(phrase(language_, "Too many commands at once"));
  framer_.discard();
  closing_ = true;
}

void ServerSession::receive_eof(Instant) { eof_ = true; }

std::string ServerSession::take_output() {
  std::string out;
  out.swap(output_);
  return out;
}

// RFC 2595 section 4: back to AUTHORIZATION, nothing that was said before counts. There is no second greeting.
void ServerSession::tls_established(const TlsFacts& facts) {
  bindings_ = facts.bindings;
  if (facts.client_certificate) certificate_names_ = sasl_names(*facts.client_certificate);
  tls_up_ = true;
  tls_wish_ = TlsWish::none;
  if (settings_.flaws.has(Flaw::starttls_injection)) return;
  framer_.discard();
  user_.clear();
  user_given_ = false;
  give_up_login();
}

std::optional<Instant> ServerSession::deadline() const {
  if (closing_) return std::nullopt;
  return last_heard_ + settings_.autologout;
}

// RFC 1939 section 3: on autologout the connection is closed without UPDATE and without a word.
void ServerSession::on_deadline(Instant now) {
  if (!closing_ && now >= last_heard_ + settings_.autologout) closing_ = true;
}

std::optional<ServerEvent> ServerSession::poll() {
  if (std::exchange(confirmed_, false)) return LoginConfirmed{verdict_->identity};
  while (!closing_ && waiting_ == Waiting::no && tls_wish_ == TlsWish::none && output_.size() < output_high_water) {
    if (listing_ != Listing::none) go_on_listing();
    if (listing_ != Listing::none) break;
    const auto line = framer_.next();
    if (!line) {
      if (eof_) closing_ = true;
      break;
    }
    if (auto event = run_line(*line)) return event;
  }
  return end_of_connection();
}

std::optional<ServerEvent> ServerSession::end_of_connection() {
  if (!closing_ || !holding_ || waiting_ == Waiting::update) return std::nullopt;
  holding_ = false;
  waiting_ = Waiting::no;
  state_ = state::closed;
  if (!settings_.flaws.has(Flaw::lost_line_deletes)) return Abandoned{};
  waiting_ = Waiting::update;
  return UpdateRequest{marked()};
}

void ServerSession::ok(std::string_view text) {
  output_ += text.empty() ? "+OK" : "+OK ";
  output_ += text;
  output_ += "\r\n";
}

void ServerSession::err(std::string_view text) {
  output_ += "-ERR ";
  output_ += text;
  output_ += "\r\n";
}

void ServerSession::bad(std::string_view text) {
  if (++bad_commands_ < settings_.bad_command_limit) return err(text);
  err(phrase(language_, "Too many bad commands, closing"));
  closing_ = true;
}

std::optional<ServerEvent> ServerSession::run_line(const Line& line) {
  if (exchange_) {
    if (!line.too_long) return auth_answer(line.text);
    give_up_login();
    bad(phrase(language_, "Answer too long"));
    return std::nullopt;
  }
  const auto command = line.too_long ? fail(Fault::too_long, command_line_limit, "CRLF") : parse_command(line.text);
  const bool after_user = std::exchange(user_given_, false);
  const bool too_long = line.text.size() + 2 > command_line_limit && !(command && command->verb == Verb::auth);
  if (line.too_long || too_long) {
    bad(phrase(language_, "Line too long"));
  } else if (!command) {
    const Error& error = command.error();
    if (error.fault == Fault::unknown_command) bad(phrase(language_, "Unknown command"));
    else bad(phrase(language_, "Syntax error at octet {}: expected {}", error.offset, error.expected));
  } else if (!is_legal(command->verb, state_)) {
    bad(phrase(language_, state_ == state::authorization ? "Log in first" : "Not in this state: you are logged in"));
  } else if (command->verb == Verb::pass && !after_user) {
    bad(phrase(language_, "USER comes first"));
  } else {
    bad_commands_ = 0;
    return run(*command);
  }
  return std::nullopt;
}

std::optional<ServerEvent> ServerSession::run(const Command& command) {
  if (command.verb == Verb::capa || command.verb == Verb::lang) {
    command.verb == Verb::capa ? capa() : lang(command);
    return std::nullopt;
  }
  return state_ == state::authorization ? run_in_authorization(command) : run_in_transaction(command);
}

std::optional<ServerEvent> ServerSession::run_in_authorization(const Command& command) {
  switch (command.verb) {
    case Verb::user:
      // Whether there is such a user is not told.
      if (!plaintext_login_ok()) return err(phrase(language_, "Plaintext login is not allowed without TLS: use STLS first")), std::nullopt;
      user_ = command.text;
      user_given_ = true;
      return ok(phrase(language_, "Send PASS")), std::nullopt;
    case Verb::pass: return login({LoginMethod::user_pass, user_, command.text, {}, {}, {}, {}});
    case Verb::apop:
      if (settings_.timestamp.empty()) return err(phrase(language_, "APOP is not offered")), std::nullopt;
      return login({LoginMethod::apop, command.text, {}, *command.second, settings_.timestamp, {}, {}});
    case Verb::auth: return auth(command);
    case Verb::utf8: return utf8_mode(), std::nullopt;
    case Verb::stls:
      if (utf8_) return err(phrase(language_, "STLS comes before UTF8")), std::nullopt;  // RFC 6856 section 2.1
      if (tls_up_) return err(phrase(language_, "TLS is already active")), std::nullopt;
      if (!stls_offered()) return err(phrase(language_, "STLS is not offered")), std::nullopt;
      ok(phrase(language_, "Begin TLS negotiation"));
      if (!settings_.flaws.has(Flaw::starttls_injection)) framer_.discard();
      tls_wish_ = TlsWish::start;
      return std::nullopt;
    case Verb::quit:
      ok(phrase(language_, "Bye"));
      state_ = next_state(state_, Verb::quit, "+OK");
      closing_ = true;
      return std::nullopt;
    default: assert(false && "the table lets no other command through"); return std::nullopt;
  }
}

std::optional<ServerEvent> ServerSession::run_in_transaction(const Command& command) {
  switch (command.verb) {
    case Verb::stat: ok(fmt::format("{} {}", count_, octets_)); break;
    case Verb::list: list(command); break;
    case Verb::uidl: uidl(command); break;
    case Verb::dele:
      if (dele(*command.number) && settings_.flaws.has(Flaw::dele_at_once)) return DeletedAtOnce{*command.number};
      break;
    case Verb::noop: ok(""); break;
    case Verb::rset: rset(); break;
    case Verb::retr:
    case Verb::top:
      if (!here(*command.number)) break;
      waiting_ = Waiting::retrieval;
      top_lines_ = command.verb == Verb::top ? std::optional(command.lines) : std::nullopt;
      return RetrieveRequest{*command.number, top_lines_};
    case Verb::quit: {
      state_ = next_state(state_, Verb::quit, "");
      waiting_ = Waiting::update;
      holding_ = false;
      return UpdateRequest{settings_.flaws.has(Flaw::dele_at_once) ? std::vector<std::uint32_t>{} : marked()};
    }
    default: assert(false && "the table lets no other command through");
  }
  return std::nullopt;
}

std::vector<std::uint32_t> ServerSession::marked() const {
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < deleted_.size(); ++i)
    if (deleted_[i]) numbers.push_back(std::uint32_t(i + 1));
  return numbers;
}

std::optional<ServerEvent> ServerSession::login(LoginAttempt attempt) {
  user_ = attempt.user;
  waiting_ = Waiting::login;
  return attempt;
}

void ServerSession::open(std::vector<MaildropEntry> maildrop) {
  assert(waiting_ == Waiting::login);
  waiting_ = Waiting::no;
  give_up_login();
  holding_ = true;
  state_ = next_state(state_, Verb::pass, "+OK");
  maildrop_ = std::move(maildrop);
  deleted_.assign(maildrop_.size(), false);
  count_ = std::uint32_t(maildrop_.size());
  octets_ = 0;
  for (const MaildropEntry& entry : maildrop_) octets_ += entry.octets;
  ok(phrase(language_, "Logged in, {} messages ({} octets)", count_, octets_));
}

void ServerSession::refuse(Refusal refusal, std::string_view text) {
  assert(waiting_ == Waiting::login);
  waiting_ = Waiting::no;
  give_up_login();
  user_.clear();
  err(fmt::format("{} {}", code_of(refusal), phrase(language_, words(text))));
  if (refusal == Refusal::wrong_login && ++failed_logins_ >= settings_.login_limit) closing_ = true;
}

void ServerSession::give(std::string_view message) {
  assert(waiting_ == Waiting::retrieval);
  waiting_ = Waiting::no;
  if (top_lines_) {
    ok(phrase(language_, "Top of message follows"));
    message = top_of(message, *top_lines_);
  } else {
    ok(phrase(language_, "{} octets", message.size()));
  }
  if (!settings_.flaws.has(Flaw::no_dot_stuffing)) return append_stuffed(message, output_);
  output_ += message;
  output_ += message.empty() || message.ends_with("\r\n") ? ".\r\n" : "\r\n.\r\n";
}

void ServerSession::fail_retrieval(std::string_view text) {
  assert(waiting_ == Waiting::retrieval);
  waiting_ = Waiting::no;
  err(phrase(language_, words(text)));
}

void ServerSession::updated() {
  assert(waiting_ == Waiting::update);
  waiting_ = Waiting::no;
  ok(count_ == 0 ? phrase(language_, "Bye (maildrop empty)") : phrase(language_, "Bye ({} messages left)", count_));
  state_ = next_state(state_, Verb::quit, "+OK");
  closing_ = true;
}

void ServerSession::update_failed(std::string_view text) {
  assert(waiting_ == Waiting::update);
  waiting_ = Waiting::no;
  err(phrase(language_, words(text)));
  state_ = next_state(state_, Verb::quit, "-ERR");
  closing_ = true;
}

bool ServerSession::here(std::uint32_t number) {
  if (number == 0 || number > maildrop_.size()) {
    err(phrase(language_, "No such message, only {} messages in maildrop", maildrop_.size()));
    return false;
  }
  if (!deleted_[number - 1]) return true;
  err(phrase(language_, "Message {} is marked as deleted", number));
  return false;
}

// RFC 2449 section 5 and 6; RFC 3206 for AUTH-RESP-CODE. Without TLS there is neither USER nor SASL, unless allowed.
void ServerSession::capa() {
  ok(phrase(language_, "Capability list follows"));
  output_ += "TOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nEXPIRE NEVER\r\n";
  if (settings_.login_delay > Duration{})
    output_ += fmt::format("LOGIN-DELAY {}\r\n", std::chrono::ceil<std::chrono::seconds>(settings_.login_delay).count());
  if (settings_.utf8) output_ += "UTF8\r\n";
  if (settings_.languages) output_ += "LANG\r\n";
  if (plaintext_login_ok()) output_ += "USER\r\n";
  std::string names;
  for (const sasl::Mechanism mechanism : settings_.mechanisms)
    if (offers(mechanism)) names.append(1, ' ').append(sasl::name_of(mechanism));
  if (!names.empty()) output_ += "SASL" + names + "\r\n";
  if (stls_offered() && state_ == state::authorization) output_ += "STLS\r\n";
  if (!settings_.implementation.empty()) output_ += "IMPLEMENTATION " + words(settings_.implementation) + "\r\n";
  output_ += ".\r\n";
}

void ServerSession::utf8_mode() {
  if (!settings_.utf8) return err(phrase(language_, "UTF8 is not offered"));
  utf8_ = true;
  ok(phrase(language_, "UTF8 it is"));
}

// RFC 6856 section 3.2: the answer is in the language that was chosen, or, if none was, in the one before, whose tag it says.
void ServerSession::lang(const Command& command) {
  if (!settings_.languages) return err("LANG is not offered");
  if (command.text.empty()) {
    ok(phrase(language_, "Languages follow"));
    output_ += "en English\r\nes Español\r\n.\r\n";
    return;
  }
  // RFC 4647 section 3.4: "es-MX" is served with "es".
  const std::string_view wanted = std::string_view(command.text).substr(0, command.text.find('-'));
  const bool spanish = equal_ignoring_case(wanted, "es"), english = equal_ignoring_case(wanted, "en") || wanted == "*";
  if (!spanish && !english) return err(fmt::format("{} {}", tag_of(language_), phrase(language_, "There is no such language here")));
  language_ = spanish ? Language::spanish : Language::english;
  ok(fmt::format("{} {}", tag_of(language_), phrase(language_, "Language changed")));
}

void ServerSession::list(const Command& command) {
  if (command.number) {
    if (here(*command.number)) ok(fmt::format("{} {}", *command.number, maildrop_[*command.number - 1].octets));
    return;
  }
  ok(phrase(language_, "{} messages ({} octets)", count_, octets_));
  begin_listing(Listing::sizes);
}

void ServerSession::uidl(const Command& command) {
  if (command.number) {
    if (here(*command.number)) ok(fmt::format("{} {}", *command.number, maildrop_[*command.number - 1].unique_id));
    return;
  }
  ok(phrase(language_, "Unique-id listing follows"));
  begin_listing(Listing::unique_ids);
}

void ServerSession::begin_listing(Listing listing) {
  listing_ = listing;
  listed_ = 0;
  go_on_listing();
}

// No command is run meanwhile, so what is listed stays as it is.
void ServerSession::go_on_listing() {
  for (; listed_ < maildrop_.size() && output_.size() < listing_piece; ++listed_) {
    if (deleted_[listed_]) continue;
    const MaildropEntry& entry = maildrop_[listed_];
    if (listing_ == Listing::sizes) fmt::format_to(std::back_inserter(output_), "{} {}\r\n", listed_ + 1, entry.octets);
    else fmt::format_to(std::back_inserter(output_), "{} {}\r\n", listed_ + 1, entry.unique_id);
  }
  if (listed_ < maildrop_.size()) return;
  output_ += ".\r\n";
  listing_ = Listing::none;
}

bool ServerSession::dele(std::uint32_t number) {
  if (!here(number)) return false;
  deleted_[number - 1] = true;
  --count_;
  octets_ -= maildrop_[number - 1].octets;
  ok(phrase(language_, "Message {} marked as deleted", number));
  return true;
}

void ServerSession::rset() {
  const std::size_t restorable = settings_.flaws.has(Flaw::dele_at_once) ? 0 : maildrop_.size();
  for (std::size_t i = 0; i < restorable; ++i) {
    if (!deleted_[i]) continue;
    deleted_[i] = false;
    ++count_;
    octets_ += maildrop_[i].octets;
  }
  ok(phrase(language_, "Maildrop has {} messages ({} octets)", count_, octets_));
}

}  // namespace glasspost::pop3
