#include "protocol/smtp/server.h"

#include <fmt/format.h>

#include <cassert>

#include "protocol/base/text.h"
#include "protocol/smtp/states.h"
#include "protocol/tls/facts.h"

namespace glasspost::smtp {
namespace {

// What a peer may send ahead while the service makes up its mind.
constexpr std::size_t most_ahead = 8 * 1024 * 1024;

constexpr EnhancedCode ok{2, 0, 0};
constexpr EnhancedCode wrong_order{5, 5, 1};
constexpr EnhancedCode wrong_syntax{5, 5, 2};
constexpr EnhancedCode wrong_arguments{5, 5, 4};

}  // namespace

ServerSession::ServerSession(ServerSettings settings, Instant now)
    : settings_(std::move(settings)), lines_(auth_line_limit), content_(settings_.max_size), state_(state::connected),
      sealed_(settings_.tls == TlsMode::implicit), last_heard_(now) {
  assert(settings_.protocol == Protocol::smtp || settings_.protocol == Protocol::lmtp);
  if (settings_.flaws.has(Flaw::bare_lf_ends)) settings_.extensions.chunking = false;  // a chunk's octets are counted
  if (settings_.refusal) close_with(*settings_.refusal);
  else say(Reply(220, settings_.host_name + ' ' + settings_.greeting));
}

// --- octets -----------------------------------------------------------------------------------------------------------

void ServerSession::receive(std::string_view octets, Instant now) {
  if (closing_) return;
  last_heard_ = now;
  std::string mended;
  if (settings_.flaws.has(Flaw::bare_lf_ends)) octets = mended = with_line_ends(octets);
  if (starting_tls_) {  // said in plaintext where a handshake belongs: RFC 3207 section 4.2
    if (settings_.flaws.has(Flaw::starttls_injection)) lines_.put(octets);
    else discarded_ += octets.size();
    return;
  }
  // Content takes the short way, past the line framer.
  if (chunk_ && asked_ == Asked::nothing && lines_.pending().empty()) {
    octets.remove_prefix(take_chunk(octets));
    if (chunk_->left == 0) end_chunk();
  } else if (state_ == state::letter && asked_ == Asked::nothing && lines_.pending().empty()) {
    octets.remove_prefix(content_.put(octets));
    if (content_.done()) end_content();
  }
  if (!octets.empty()) lines_.put(octets);
  run();
  if (asked_ != Asked::nothing && lines_.pending().size() > most_ahead)
    close_with({421, {4, 3, 2}, settings_.host_name + " Too much was sent ahead"});
}

// As servers did that wanted to be kind: whatever line end comes is made the right one, and only then looked at.
std::string ServerSession::with_line_ends(std::string_view octets) {
  std::string out;
  out.reserve(octets.size() + octets.size() / 32);
  for (const char c : octets) {
    if (c == '\n' && !after_cr_) out += '\r';
    out += c;
    after_cr_ = c == '\r';
  }
  return out;
}

void ServerSession::run() {
  while (!closing_ && !starting_tls_ && asked_ == Asked::nothing) {
    if (chunk_) {
      if (lines_.pending().empty() && chunk_->left > 0) return;
      lines_.drop(take_chunk(lines_.pending()));
      if (chunk_->left == 0) end_chunk();
      continue;
    }
    if (state_ == state::letter) {
      if (lines_.pending().empty()) return;
      lines_.drop(content_.put(lines_.pending()));
      if (content_.done()) end_content();
      continue;
    }
    const auto line = lines_.next();
    if (!line) return;
    take_line(*line);
  }
}

void ServerSession::receive_eof(Instant) {
  if ((state_ == state::letter || state_ == state::chunks || chunk_) && asked_ == Asked::nothing && !closing_)
    events_.push_back(LetterLost{"the connection ended inside the letter"});
  closing_ = true;
  state_ = state::closed;
}

std::string ServerSession::take_output() { return std::exchange(output_, {}); }
bool ServerSession::wants_close() const { return closing_; }
TlsWish ServerSession::tls_wish() const { return starting_tls_ ? TlsWish::start : TlsWish::none; }

void ServerSession::tls_established(const TlsFacts& facts) {
  bindings_ = facts.bindings;
  if (facts.client_certificate) certificate_names_ = sasl_names(*facts.client_certificate);
  if (settings_.flaws.has(Flaw::starttls_injection)) {
    starting_tls_ = false;
    sealed_ = true;
    if (!closing_) state_ = rest();
    return run();
  }
  discarded_ += lines_.pending().size();
  lines_.discard();
  forget_envelope();
  client_name_.clear();
  identity_.clear();
  exchange_.reset();
  verdict_.reset();
  extended_ = starting_tls_ = false;
  sealed_ = true;
  if (!closing_) state_ = state::connected;
}

std::optional<Instant> ServerSession::deadline() const {
  if (closing_ || asked_ != Asked::nothing) return std::nullopt;
  return last_heard_ + settings_.idle_timeout;
}

void ServerSession::on_deadline(Instant now) {
  const auto due = deadline();
  if (!due || now < *due) return;
  if (state_ == state::letter) events_.push_back(LetterLost{"nothing came for too long inside the letter"});
  if (starting_tls_) closing_ = true, state_ = state::closed;  // no words fit into a handshake
  else close_with({421, {4, 4, 2}, settings_.host_name + " Nothing was said for too long"});
}

// --- lines ------------------------------------------------------------------------------------------------------------

void ServerSession::take_line(const Line& line) {
  if (state_ == state::authenticating) {
    if (line.too_long) {
      exchange_.reset();
      verdict_.reset();
      state_ = state::greeted;
      return mistake({500, {5, 5, 6}, "Authentication exchange line is too long"});
    }
    return take_answer(line.text);
  }
  const auto verb = verb_of(line.text);
  if (line.too_long || line.text.size() + 2 > line_limit(verb))
    return mistake({500, verb == Verb::auth ? EnhancedCode{5, 5, 6} : wrong_syntax, "Line too long"});
  if (line.bare_cr || line.bare_lf)
    return mistake({500, wrong_syntax, fmt::format("Lines end in CRLF: there is a bare {} in this one",
                                                   line.bare_cr ? "CR" : "LF")});
  take_command(line.text);
}

void ServerSession::take_command(std::string_view line) {
  const auto verb = verb_of(line);
  const bool offered = verb != Verb::bdat || settings_.extensions.chunking;
  if (!verb || !has_verb(settings_.protocol, *verb) || !offered) return mistake({500, wrong_order, "Command not recognised"});
  // A chunk follows its command at once, whether that is legal or not.
  if (verb != Verb::bdat && !is_due(*verb)) return refuse_order(*verb);
  auto command = parse_command(line, nullptr, settings_.extensions.utf8 && extended_ ? Alphabet::utf8 : Alphabet::ascii);
  if (!command && verb == Verb::bdat)
    return close_with({421, {4, 5, 2}, settings_.host_name + " That chunk has no size: what follows it could not be told from commands"});
  if (!command) return refuse_syntax(*verb, command.error());
  std::visit([this](auto& what) { on(std::move(what)); }, *command);
}

bool ServerSession::is_due(Verb verb) const {
  if (verb == Verb::data && state_ == state::envelope && settings_.flaws.has(Flaw::early_354)) return true;
  return is_legal(settings_.protocol, verb, state_);
}

void ServerSession::refuse_syntax(Verb verb, const Error& error) {
  const std::string where = fmt::format("{} expected at octet {}", error.expected, error.offset + 1);
  const bool path = verb == Verb::mail || verb == Verb::rcpt;
  if (path && error.fault == Fault::bad_octet)
    return mistake({553, {5, 6, 7}, "Addresses beyond ASCII are not taken here (no SMTPUTF8): " + where});
  if (path && error.expected != "FROM:" && error.expected != "TO:" && !error.expected.starts_with("esmtp"))
    return mistake({501, {5, 1, std::uint16_t(verb == Verb::mail ? 7 : 3)}, "Syntax error in the address: " + where});
  mistake({501, wrong_arguments, "Syntax error in parameters or arguments: " + where});
}

void ServerSession::refuse_order(Verb verb) {
  const auto says = [&]() -> std::string_view {
    switch (verb) {
      case Verb::mail:
        if (state_ == state::connected) return settings_.protocol == Protocol::lmtp ? "Say LHLO first" : "Say EHLO first";
        return "There is an envelope already: nested MAIL";
      case Verb::rcpt: return state_ == state::connected ? "Say hello first" : "Say MAIL first";
      case Verb::data:
        if (state_ == state::chunks) return "The letter is coming in chunks: say BDAT, or RSET";
        return state_ == state::envelope ? "No valid recipients" : "Say MAIL and RCPT first";
      case Verb::starttls:
        return state_ == state::connected ? "Say EHLO first" : "Not inside a mail transaction";
      case Verb::auth:
        if (state_ == state::authenticated || !identity_.empty()) return "Already logged in";
        return state_ == state::connected ? "Say EHLO first" : "Not inside a mail transaction";
      default: return "Not now";
    }
  }();
  mistake({503, wrong_order, std::string(says)});
}

// Says no to a command, and after too many of them ends the session.
void ServerSession::mistake(const Reply& reply) {
  say(reply);
  if (++mistakes_ >= settings_.max_mistakes)
    close_with({421, {4, 7, 0}, settings_.host_name + " Too many mistakes, closing the connection"});
}

void ServerSession::close_with(const Reply& reply) {
  say(reply);
  closing_ = true;
  state_ = state::closed;
  asked_ = Asked::nothing;
  lines_.discard();
}

void ServerSession::shut_down(std::string text) {
  if (!closing_) close_with({421, {4, 3, 2}, settings_.host_name + ' ' + text});
}

// --- hello ------------------------------------------------------------------------------------------------------------

void ServerSession::greet(std::string client, bool extended) {
  forget_envelope();
  client_name_ = std::move(client);
  extended_ = extended;
  state_ = rest();
  events_.push_back(Greeted{client_name_, extended});
}

void ServerSession::on(const Helo& helo) {
  greet(helo.client, false);
  say(Reply(250, settings_.host_name));
}
void ServerSession::on(const Ehlo& ehlo) {
  greet(ehlo.client, true);
  say_capabilities();
}
void ServerSession::on(const Lhlo& lhlo) {
  greet(lhlo.client, true);
  say_capabilities();
}

void ServerSession::say_capabilities() {
  Reply reply(250, settings_.host_name + " greets " + client_name_);
  auto& lines = reply.lines;
  lines.insert(lines.end(), {"PIPELINING", fmt::format("SIZE {}", settings_.max_size), "8BITMIME", "ENHANCEDSTATUSCODES"});
  if (settings_.tls == TlsMode::starttls && !sealed_) lines.push_back("STARTTLS");
  if (offers_auth()) {
    std::string names;
    for (const sasl::Mechanism mechanism : settings_.mechanisms)
      if (offers(mechanism)) names.append(1, ' ').append(sasl::name_of(mechanism));
    if (!names.empty()) lines.push_back("AUTH" + names);
  }
  const Extensions& offered = settings_.extensions;
  const auto seconds = [](Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); };
  if (offered.dsn) lines.push_back("DSN");
  if (offered.chunking) lines.insert(lines.end(), {"CHUNKING", "BINARYMIME"});
  if (offered.utf8) lines.push_back("SMTPUTF8");
  if (offered.require_tls && sealed_) lines.push_back("REQUIRETLS");
  if (offered.priority) lines.push_back("MT-PRIORITY");
  if (offered.deliver_by) lines.push_back(offered.deliver_by->count() > 0 ? fmt::format("DELIVERBY {}", seconds(*offered.deliver_by)) : "DELIVERBY");
  if (offered.future_release && settings_.role == ServerRole::submission)
    lines.push_back(fmt::format("FUTURERELEASE {} {}", seconds(*offered.future_release), date_time(last_heard_ + *offered.future_release)));
  if (offered.limits)
    lines.push_back(settings_.max_letters > 0 ? fmt::format("LIMITS RCPTMAX={} MAILMAX={}", settings_.max_recipients, settings_.max_letters)
                                              : fmt::format("LIMITS RCPTMAX={}", settings_.max_recipients));
  lines.push_back("HELP");
  say(reply);
}

// --- the envelope -----------------------------------------------------------------------------------------------------

StateId ServerSession::rest() const {
  if (!identity_.empty()) return state::authenticated;
  return client_name_.empty() ? state::connected : state::greeted;
}

void ServerSession::forget_envelope() {
  chunked_ = {};
  chunks_failed_ = false;
  mail_ = {};
  recipients_.clear();
  recipient_.reset();
}

void ServerSession::on(Mail mail) {
  if (settings_.role == ServerRole::submission) {
    if (!sealed_ && !settings_.allow_plaintext_auth)
      return mistake({530, {5, 7, 0}, settings_.tls == TlsMode::starttls ? "Must issue a STARTTLS command first"
                                                                         : "Encryption is needed, and is not to be had here"});
    if (identity_.empty()) return mistake({530, {5, 7, 0}, "Authentication required"});
  }
  if (settings_.max_letters > 0 && letters_taken_ >= settings_.max_letters)
    return close_with({421, {4, 5, 3}, settings_.host_name + " Enough letters over this connection: open another"});
  if (!is_acceptable(mail)) return;
  mail_ = mail;
  ask(Asked::mail, MailAsked{std::move(mail)});
}

ParameterRules ServerSession::rules() const {
  return {.extensions = settings_.extensions,
          .extended = extended_,
          .auth = offers_auth(),
          .submission = settings_.role == ServerRole::submission,
          .sealed = sealed_,
          .max_size = settings_.max_size,
          .now = last_heard_};
}

bool ServerSession::is_acceptable(const Mail& mail) {
  const auto refusal = objection(mail, rules());
  if (refusal) mistake(*refusal);
  else if (needs_utf8(mail.reverse_path) && !find_parameter(mail.parameters, "SMTPUTF8"))
    mistake({553, {5, 6, 7}, "An address beyond ASCII wants SMTPUTF8 to be said"});
  else return true;
  return false;
}

void ServerSession::on(Rcpt rcpt) {
  if (!is_acceptable(rcpt)) return;
  if (recipients_.size() >= settings_.max_recipients) return say({452, {4, 5, 3}, "Too many recipients"});
  recipient_ = rcpt;
  ask(Asked::recipient, RecipientAsked{std::move(rcpt)});
}

bool ServerSession::is_acceptable(const Rcpt& rcpt) {
  const auto refusal = objection(rcpt, rules());
  if (refusal) mistake(*refusal);
  else if (needs_utf8(rcpt.forward_path) && !find_parameter(mail_.parameters, "SMTPUTF8"))
    mistake({553, {5, 6, 7}, "An address beyond ASCII wants SMTPUTF8 to be said with MAIL"});
  else return true;
  return false;
}

void ServerSession::on(const Rset&) {
  if (state_ == state::envelope || state_ == state::recipients || state_ == state::chunks) events_.push_back(WasReset{});
  forget_envelope();
  state_ = rest();
  say({250, ok, "OK"});
}

// --- the service decides ----------------------------------------------------------------------------------------------

void ServerSession::ask(Asked what, ServerEvent event) {
  asked_ = what;
  events_.push_back(std::move(event));
}

std::optional<ServerEvent> ServerSession::poll() {
  if (events_.empty()) return std::nullopt;
  std::optional<ServerEvent> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

void ServerSession::accept() {
  if (!awaits_reply()) return;
  switch (asked_) {
    case Asked::nothing: return;
    case Asked::mail: return accept("Sender OK");
    case Asked::recipient: return accept("Recipient OK");
    case Asked::login: return accept("Authentication successful");
    case Asked::letter: return accept("Letter accepted");
    case Asked::verify: return accept("OK");
  }
}

void ServerSession::accept(std::string text) {
  switch (asked_) {
    case Asked::nothing: return;
    case Asked::mail: return reply(Reply(250, {2, 1, 0}, std::move(text)));
    case Asked::recipient: return reply(Reply(250, {2, 1, 5}, std::move(text)));
    case Asked::login: return reply(Reply(235, {2, 7, 0}, std::move(text)));
    case Asked::letter: return reply(Reply(250, ok, std::move(text)));
    case Asked::verify: return reply(Reply(250, {2, 1, 5}, std::move(text)));
  }
}

void ServerSession::reply(Reply reply) {
  if (!awaits_reply()) return;
  if (asked_ == Asked::letter && settings_.protocol == Protocol::lmtp && reply.code != 421)
    return this->reply(std::vector<Reply>(letter_recipients_, reply));
  decide(std::move(reply));
}

void ServerSession::decide(Reply reply) {
  const Asked asked = std::exchange(asked_, Asked::nothing);
  if (asked == Asked::nothing) return;
  if (reply.code == 421) return close_with(reply);
  const bool yes = reply.is_positive();
  switch (asked) {
    case Asked::nothing:
    case Asked::verify: break;
    case Asked::mail:
      if (yes) state_ = state::envelope;
      else mail_ = {};
      break;
    case Asked::recipient:
      if (yes) {
        recipients_.push_back(std::move(*recipient_));
        state_ = state::recipients;
      }
      recipient_.reset();
      break;
    case Asked::login:
      if (yes) identity_ = attempt_->identity;
      else ++failed_logins_;
      attempt_.reset();
      exchange_.reset();
      state_ = rest();
      break;
    case Asked::letter:
      ++letters_taken_;
      state_ = rest();
      break;
  }
  say(reply);
  if (failed_logins_ >= settings_.max_failed_logins && asked == Asked::login && !yes)
    return close_with({421, {4, 7, 0}, settings_.host_name + " Too many failed logins, closing the connection"});
  run();
}

void ServerSession::reply(std::vector<Reply> replies) {
  if (!awaits_reply() || asked_ != Asked::letter) return;
  assert(replies.size() == letter_recipients_ && "one reply for each recipient");
  asked_ = Asked::nothing;
  ++letters_taken_;
  for (const Reply& one : replies) say(one);
  state_ = rest();
  run();
}

// --- the rest ---------------------------------------------------------------------------------------------------------

void ServerSession::on(const StartTls&) {
  if (sealed_) return mistake({503, wrong_order, "TLS is up already"});
  if (settings_.tls != TlsMode::starttls) return mistake({502, wrong_order, "STARTTLS is not to be had here"});
  say({220, ok, "Ready to start TLS"});
  starting_tls_ = true;
  state_ = state::tls;
  if (settings_.flaws.has(Flaw::starttls_injection)) return;
  // Whatever was sent along in plaintext could be anybody's: it is never looked at. RFC 3207 section 4.2
  discarded_ += lines_.pending().size();
  lines_.discard();
}

void ServerSession::on(const Noop&) { say({250, ok, "OK"}); }

void ServerSession::on(const Quit&) {
  events_.push_back(Left{});
  close_with({221, ok, settings_.host_name + " closing the connection"});
}

void ServerSession::on(const Help&) {
  Reply reply(214, ok, "Commands:");
  const Machine& machine = settings_.protocol == Protocol::lmtp ? lmtp_machine() : smtp_machine();
  for (const CommandRow& row : machine.commands)
    if (is_alpha(row.name.front()) && (row.name != name_of(Verb::bdat) || settings_.extensions.chunking)) reply.lines.back().append(1, ' ').append(row.name);
  reply.lines.push_back("See RFC 5321");
  say(reply);
}

void ServerSession::on(const Vrfy& vrfy) {
  if (settings_.service_verifies) return ask(Asked::verify, VerifyAsked{vrfy.argument, false});
  say({252, {2, 1, 5}, "Cannot verify the user, but will take letters and try to deliver them"});
}

void ServerSession::on(const Expn& expn) {
  if (settings_.service_verifies) return ask(Asked::verify, VerifyAsked{expn.argument, true});
  mistake({502, wrong_order, "Lists are not expanded here"});
}

}  // namespace glasspost::smtp
