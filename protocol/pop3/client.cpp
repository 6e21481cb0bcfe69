#include "protocol/pop3/client.h"

#include <algorithm>
#include <cassert>

#include "protocol/base/text.h"
#include "protocol/pop3/content.h"
#include "protocol/tls/facts.h"

namespace glasspost::pop3 {
namespace {

constexpr std::size_t line_limit = 1024 * 1024;     // of messages, whose lines may be longer than any rule allows
constexpr std::size_t status_line_limit = 8 * 1024;  // RFC 1939 says 512; of everything else that is not message text
constexpr std::size_t in_flight_limit = 64;          // commands said ahead: their replies must fit into what buffers there are

bool fits_a_line(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

}  // namespace

ClientSession::ClientSession(ClientSettings settings, Instant now)
    : settings_(std::move(settings)), framer_(line_limit), last_heard_(now) {}

void ClientSession::receive(std::string_view octets, Instant now) {
  last_heard_ = now;
  if (step_ == Step::over) return;
  // RFC 2595 section 4: what came in plaintext behind the reply to STLS was put there by somebody else.
  if (step_ == Step::handshake) return fail(Failed::Why::injected, "plaintext behind the reply to STLS");
  framer_.put(octets);
  while (step_ != Step::over && step_ != Step::handshake) {
    const auto line = framer_.next();
    if (!line) return;
    take_line(*line);
  }
  if (step_ == Step::handshake && !framer_.pending().empty())
    fail(Failed::Why::injected, "plaintext behind the reply to STLS");
}

void ClientSession::receive_eof(Instant) {
  if (step_ != Step::over) fail(Failed::Why::closed, expected_.empty() ? "" : name_of(expected_.front().command.verb));
}

std::string ClientSession::take_output() {
  std::string out;
  out.swap(output_);
  return out;
}

void ClientSession::tls_established(const TlsFacts& facts) {
  if (!facts.bindings.empty()) binding_ = facts.bindings.front();
  tls_up_ = true;
  tls_wish_ = TlsWish::none;
  if (step_ != Step::handshake) return;  // implicit TLS: the greeting is still to come
  framer_.discard();
  capabilities_.clear();
  capa_known_ = false;
  step_ = Step::capa;
  say({Verb::capa}, true);
}

std::optional<Instant> ClientSession::deadline() const {
  const bool waiting = step_ == Step::greeting || !expected_.empty();
  return waiting && step_ != Step::over ? std::optional(last_heard_ + settings_.timeout) : std::nullopt;
}

void ClientSession::on_deadline(Instant now) {
  if (const auto due = deadline(); due && now >= *due) fail(Failed::Why::timeout, expected_.empty() ? "greeting" : name_of(expected_.front().command.verb));
}

std::optional<ClientEvent> ClientSession::poll() {
  if (events_.empty()) return std::nullopt;
  ClientEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void ClientSession::say(Command command, bool own) {
  if (step_ == Step::over) return;
  queued_.push_back({std::move(command), own});
  send_more();
}

// Without PIPELINING (RFC 2449 section 6.6) one command at a time.
void ClientSession::send_more() {
  const std::size_t ahead = offers("PIPELINING") && step_ == Step::transaction ? in_flight_limit : 1;
  while (!queued_.empty() && expected_.size() < ahead) {
    output_ += to_text(queued_.front().command);
    expected_.push_back(std::move(queued_.front()));
    queued_.pop_front();
    // What is secret is not kept.
    expected_.back().command.second.reset();
    if (expected_.back().command.verb == Verb::pass) expected_.back().command.text.clear();
  }
}

void ClientSession::fail(Failed::Why why, std::string_view detail) {
  events_.push_back(Failed{why, std::string(detail)});
  step_ = Step::over;
  tls_wish_ = TlsWish::none;
  closing_ = true;
  output_.clear();
  queued_.clear();
  expected_.clear();
  framer_.discard();
}

bool ClientSession::offers(std::string_view capability, std::string_view value) const {
  for (const Capability& one : capabilities_) {
    if (!equal_ignoring_case(one.name, capability)) continue;
    if (value.empty()) return true;
    for (const std::string_view word : split(one.values, ' '))
      if (equal_ignoring_case(word, value)) return true;
  }
  return false;
}

void ClientSession::take_line(const Line& line) {
  const bool message_text = in_list_ && (expected_.front().command.verb == Verb::retr || expected_.front().command.verb == Verb::top);
  if (line.too_long || (!message_text && line.text.size() > status_line_limit))
    return fail(Failed::Why::too_long, message_text ? "a line of the message" : "a reply line");
  if (step_ == Step::greeting) return take_greeting(line.text);
  if (expected_.empty()) return fail(Failed::Why::syntax, "a reply to nothing");
  if (in_list_) return take_item(line);
  take_status(line.text);
}

void ClientSession::take_greeting(std::string_view line) {
  const auto status = parse_status(line);
  if (!status || !status->ok) return fail(Failed::Why::greeting, line);
  timestamp_ = timestamp_of(line);
  step_ = Step::capa;
  say({Verb::capa}, true);
}

void ClientSession::take_status(std::string_view line) {
  if (line == "+" || line.starts_with("+ ")) return take_challenge(line);
  const auto status = parse_status(line);
  if (!status) return fail(Failed::Why::syntax, line);
  const Command& command = expected_.front().command;
  if (status->ok && is_multi_line(command.verb, has_argument(command))) {
    in_list_ = true;
    items_ = 0;
    message_.clear(), scan_.clear(), ids_.clear(), languages_.clear(), listed_.clear();
    return;
  }
  const Expected answered = std::move(expected_.front());
  expected_.pop_front();
  if (status->ok) take_single(answered, *status);
  else refused(answered, *status);
  if (step_ != Step::over && step_ != Step::handshake) send_more();
}

// "+ " [base64]: the server wants an answer; the first, if it did not come along as initial response. RFC 5034 section 4.
void ClientSession::take_challenge(std::string_view line) {
  if (expected_.front().command.verb != Verb::auth) return fail(Failed::Why::syntax, line);
  const auto challenge = base64_decode(line.substr(std::min<std::size_t>(line.size(), 2)));
  const auto answer = challenge && exchange_ ? exchange_->step(*challenge) : Result<std::string>(glasspost::fail(Fault::syntax, 2, "base64"));
  output_ += (answer ? base64_encode(*answer) : "*") + "\r\n";
}

void ClientSession::take_item(const Line& line) {
  const Command& command = expected_.front().command;
  if (line.text == ".") return finish_list();
  if (command.verb == Verb::retr || command.verb == Verb::top) {
    if (message_.size() + line.text.size() + 2 > settings_.message_limit) return fail(Failed::Why::too_long, "the message");
    append_unstuffed(line.text, message_);
    return;
  }
  if (++items_ > settings_.list_limit) return fail(Failed::Why::too_many, name_of(command.verb));
  const std::string_view item = line.text.starts_with('.') ? line.text.substr(1) : line.text;
  const auto keep = [&](auto result, auto& into) {
    if (result) into.push_back(std::move(*result));
    else fail(Failed::Why::syntax, item);
  };
  switch (command.verb) {
    case Verb::list: keep(parse_scan_listing(item), scan_); break;
    case Verb::uidl: keep(parse_unique_id(item), ids_); break;
    case Verb::lang: keep(parse_language(item), languages_); break;
    default: keep(parse_capability(item), listed_); break;
  }
}

void ClientSession::finish_list() {
  const Expected answered = std::move(expected_.front());
  expected_.pop_front();
  in_list_ = false;
  switch (answered.command.verb) {
    case Verb::list: events_.push_back(ListAnswer{std::move(scan_)}); break;
    case Verb::uidl: events_.push_back(UniqueIdAnswer{std::move(ids_)}); break;
    case Verb::lang: events_.push_back(LanguageAnswer{std::move(languages_)}); break;
    case Verb::capa:
      capabilities_ = std::move(listed_);
      if (answered.own) capabilities_known(true);
      else events_.push_back(CapabilityAnswer{capabilities_});
      break;
    default:
      events_.push_back(MessageAnswer{*answered.command.number, answered.command.verb == Verb::top, std::move(message_)});
      message_ = {};
  }
  if (step_ != Step::over && step_ != Step::handshake) send_more();
}

void ClientSession::take_single(const Expected& answered, const StatusLine& status) {
  const std::uint32_t number = answered.command.number.value_or(0);
  const auto give = [&](auto result, auto make) {
    if (result) events_.push_back(make(std::move(*result)));
    else fail(Failed::Why::syntax, status.text);
  };
  switch (answered.command.verb) {
    case Verb::user: {
      Command pass{Verb::pass};
      pass.text = std::exchange(password_, {});
      return say(std::move(pass));
    }
    case Verb::auth:
      // Whoever does not know the password may say yes to anything: RFC 5802 section 5.
      if (!exchange_ || !exchange_->is_satisfied()) return fail(Failed::Why::server_unproved, status.text);
      return logged_in();
    case Verb::pass:
    case Verb::apop: return logged_in();
    case Verb::stls:
      step_ = Step::handshake;
      tls_wish_ = TlsWish::start;
      return;
    case Verb::stat: return give(parse_drop(status.text), [](Drop drop) { return DropAnswer{drop}; });
    case Verb::list: return give(parse_scan_listing(status.text), [](ScanListing one) { return ListAnswer{{one}}; });
    case Verb::uidl:
      return give(parse_unique_id(status.text), [](UniqueIdListing one) { return UniqueIdAnswer{{std::move(one)}}; });
    case Verb::quit:
      step_ = Step::over;
      closing_ = true;
      break;
    default: break;
  }
  events_.push_back(Done{answered.command.verb, number});
}

void ClientSession::refused(const Expected& answered, const StatusLine& status) {
  const Verb verb = answered.command.verb;
  if (answered.own && verb == Verb::capa) return capabilities_known(false);
  if (answered.own && verb == Verb::stls) {
    if (settings_.stls == StlsPolicy::require) return fail(Failed::Why::stls_refused, status.text);
    return become_ready();
  }
  if (step_ == Step::login) {
    step_ = Step::ready;
    password_.clear();
    exchange_.reset();
  }
  events_.push_back(Refused{verb, answered.command.number.value_or(0), status.code, status.text});
  if (verb == Verb::quit) {
    step_ = Step::over;
    closing_ = true;
  }
}

void ClientSession::capabilities_known(bool answered) {
  capa_known_ = answered;
  const bool wants_tls = settings_.tls == TlsMode::starttls && settings_.stls != StlsPolicy::never && !tls_up_;
  if (!wants_tls) return become_ready();
  // A server without CAPA may know STLS all the same: asking costs nothing.
  if (offers("STLS") || (!answered && settings_.stls == StlsPolicy::require)) {
    step_ = Step::stls;
    return say({Verb::stls}, true);
  }
  if (settings_.stls == StlsPolicy::require) return fail(Failed::Why::no_stls, "STLS");
  become_ready();
}

void ClientSession::become_ready() {
  step_ = Step::ready;
  events_.push_back(Ready{capabilities_, !timestamp_.empty(), tls_up_ || settings_.tls == TlsMode::implicit});
}

void ClientSession::logged_in() {
  step_ = Step::transaction;
  password_.clear();
  exchange_.reset();
  events_.push_back(LoggedIn{});
}

void ClientSession::login(std::string_view user, std::string_view password, LoginChoice choice) {
  if (step_ == Step::over) return;
  const bool needs_password = settings_.mechanism != sasl::Mechanism::external;
  if (!fits_a_line(user) || !fits_a_line(password) || user.empty() || (password.empty() && needs_password))
    return fail(Failed::Why::no_login_method, "a user and a password of one line each");
  const auto mechanism = sasl_mechanism();
  const bool user_pass = offers("USER") || !capa_known_;
  if (choice == LoginChoice::automatic) {
    const bool token = settings_.password_is_token;
    if (mechanism) choice = LoginChoice::sasl;
    else if (token || settings_.mechanism) return fail(Failed::Why::no_login_method, may_send_password() ? "SASL" : "TLS");
    else if (may_send_password() && user_pass) choice = LoginChoice::user_pass;
    else if (!timestamp_.empty()) choice = LoginChoice::apop;
    else return fail(Failed::Why::no_login_method, may_send_password() ? "SASL PLAIN, USER" : "TLS");
  }
  step_ = Step::login;
  user_ = user;
  if (choice == LoginChoice::sasl) {
    if (!mechanism) return fail(Failed::Why::no_login_method, may_send_password() ? "SASL" : "TLS");
    return login_by_sasl(*mechanism, std::string(user), std::string(password));
  }
  if (choice == LoginChoice::apop) {
    if (timestamp_.empty()) return fail(Failed::Why::no_login_method, "APOP");
    Command command{Verb::apop};
    command.text = user_;
    command.second = sasl::apop_digest(timestamp_, password);
    return say(std::move(command));
  }
  if (!may_send_password()) return fail(Failed::Why::no_login_method, "TLS");
  password_ = password;
  Command command{Verb::user};
  command.text = user_;
  say(std::move(command));
}

std::optional<sasl::Mechanism> ClientSession::sasl_mechanism() const {
  std::vector<std::string> offered;
  for (const Capability& one : capabilities_)
    if (equal_ignoring_case(one.name, "SASL"))
      for (const std::string_view word : split(one.values, ' ')) offered.push_back(to_upper(word));
  const bool sealed = tls_up_ || settings_.tls == TlsMode::implicit;
  const auto usable = [&](sasl::Mechanism mechanism) {
    return std::find(offered.begin(), offered.end(), name_of(mechanism)) != offered.end() &&
           (may_send_password() || !sends_password(mechanism)) && (!binds_channel(mechanism) || binding_) &&
           (!scram_hash(mechanism) || !settings_.nonce.empty());
  };
  if (settings_.mechanism) return usable(*settings_.mechanism) ? settings_.mechanism : std::nullopt;
  if (settings_.password_is_token) {
    for (const sasl::Mechanism mechanism : {sasl::Mechanism::oauthbearer, sasl::Mechanism::xoauth2})
      if (usable(mechanism)) return mechanism;
    return std::nullopt;
  }
  return sasl::choose_mechanism(offered, {.sealed = sealed,
                                    .in_clear_too = settings_.allow_plaintext_login,
                                    .strongest = settings_.strongest_login,
                                    .has_nonce = !settings_.nonce.empty(),
                                    .can_bind = binding_.has_value() && settings_.binds_unasked});
}

void ClientSession::login_by_sasl(sasl::Mechanism mechanism, std::string user, std::string password) {
  // "y" would say that no -PLUS was on offer (RFC 5802 section 6): whoever passes one over does not bind at all.
  const bool passed_over = !binds_channel(mechanism) && std::any_of(capabilities_.begin(), capabilities_.end(), [](const Capability& one) {
    return equal_ignoring_case(one.name, "SASL") && to_upper(one.values).find("-PLUS") != std::string::npos;
  });
  exchange_.emplace(mechanism, std::move(user), std::move(password),
                    sasl::ClientGround{settings_.nonce, passed_over ? std::nullopt : binding_, settings_.host, settings_.port});
  Command command{Verb::auth};
  command.text = sasl::name_of(mechanism);
  if (const auto initial = exchange_->initial_response()) {
    std::string encoded = initial->empty() ? "=" : base64_encode(*initial);
    // RFC 5034 section 4: the initial response must fit into a command line of 255 octets.
    if (command.text.size() + encoded.size() + 8 <= command_line_limit) {
      command.second = std::move(encoded);
      if (const auto spent = exchange_->step(""); !spent) assert(false && "an initial response is a first step");
    }
  }
  say(std::move(command));
}

void ClientSession::stat() { say({Verb::stat}); }
void ClientSession::list(std::optional<std::uint32_t> number) { say({Verb::list, {}, {}, number}); }
void ClientSession::uidl(std::optional<std::uint32_t> number) { say({Verb::uidl, {}, {}, number}); }
void ClientSession::retr(std::uint32_t number) { say({Verb::retr, {}, {}, number}); }
void ClientSession::top(std::uint32_t number, std::uint32_t lines) { say({Verb::top, {}, {}, number, lines}); }
void ClientSession::dele(std::uint32_t number) { say({Verb::dele, {}, {}, number}); }
void ClientSession::noop() { say({Verb::noop}); }
void ClientSession::rset() { say({Verb::rset}); }
void ClientSession::utf8() { say({Verb::utf8}); }
void ClientSession::lang(std::string_view tag) {
  Command command{Verb::lang};
  command.text = tag;
  say(std::move(command));
}
void ClientSession::capa() { say({Verb::capa}); }
void ClientSession::quit() { say({Verb::quit}); }

}  // namespace glasspost::pop3
