#include "protocol/smtp/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "protocol/base/text.h"
#include "protocol/smtp/content.h"
#include "protocol/tls/facts.h"

namespace glasspost::smtp {
namespace {

// RFC 5321 section 4.5.3.2
Duration patience(Step step) {
  switch (step) {
    case Step::data: return 2min;
    case Step::content: return 10min;
    default: return 5min;
  }
}

}  // namespace

std::string_view name_of(Step step) {
  switch (step) {
    case Step::connect: return "connect";
    case Step::greeting: return "greeting";
    case Step::hello: return "hello";
    case Step::starttls: return "starttls";
    case Step::tls: return "tls";
    case Step::login: return "login";
    case Step::ready: return "ready";
    case Step::mail: return "mail";
    case Step::recipient: return "recipient";
    case Step::data: return "data";
    case Step::content: return "content";
    case Step::quit: return "quit";
  }
  return "";
}

ClientSession::ClientSession(ClientSettings settings, Instant now)
    : settings_(std::move(settings)), sealed_(settings_.implicit_tls), now_(now) {
  expect(Step::greeting);
}

// --- octets -----------------------------------------------------------------------------------------------------------

void ClientSession::receive(std::string_view octets, Instant now) {
  if (closed_) return;
  now_ = now;
  if (wish_tls_) {
    // Said in plaintext behind the reply to STARTTLS: somebody may have put it there. RFC 3207 section 4.1
    return fail(Step::starttls, std::nullopt, Error{Fault::injected, 0, "TLS handshake"},
                "The server went on in plaintext behind its reply to STARTTLS");
  }
  replies_.put(octets);
  while (!closed_) {
    auto reply = replies_.next();
    if (!reply) return;
    if (!*reply) return fail(step_, std::nullopt, reply->error(), "The server's reply could not be understood");
    take(std::move(**reply));
    if (wish_tls_ && replies_.pending())
      return fail(Step::starttls, std::nullopt, Error{Fault::injected, 0, "TLS handshake"},
                  "The server sent more in plaintext behind its reply to STARTTLS");
  }
}

void ClientSession::receive_eof(Instant now) {
  if (closed_) return;
  now_ = now;
  if (step_ == Step::quit) {
    closed_ = true;
    events_.push_back(Finished{});
    return;
  }
  fail(step_, std::nullopt, Error{Fault::incomplete, 0, "Reply-line"}, "The server closed the connection");
}

std::string ClientSession::take_output() { return std::exchange(output_, {}); }
TlsWish ClientSession::tls_wish() const { return wish_tls_ && !closed_ ? TlsWish::start : TlsWish::none; }
bool ClientSession::wants_close() const { return closed_; }

void ClientSession::tls_established(const TlsFacts& facts) {
  sealed_ = true;
  if (!facts.bindings.empty()) binding_ = facts.bindings.front();
  if (!wish_tls_ || closed_) return;  // implicit TLS: the greeting is still to come
  wish_tls_ = false;
  replies_.discard();
  capabilities_ = {};
  say_hello(true);
}

std::optional<Instant> ClientSession::deadline() const {
  if (closed_ || (expected_.empty() && step_ != Step::tls)) return std::nullopt;
  return now_ + patience(step_);
}

void ClientSession::on_deadline(Instant now) {
  const auto due = deadline();
  if (!due || now < *due) return;
  fail(step_, std::nullopt, std::nullopt, fmt::format("The server said nothing for {}", duration_text(patience(step_))));
}

std::optional<ClientEvent> ClientSession::poll() {
  if (events_.empty()) return std::nullopt;
  std::optional<ClientEvent> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

void ClientSession::expect(Step step, std::size_t recipient) {
  if (expected_.empty()) step_ = step;
  expected_.push_back({step, recipient});
}

// The session is over; what is known of a letter under way is told first.
void ClientSession::fail(Step step, std::optional<Reply> reply, std::optional<Error> error, std::string problem) {
  if (closed_) return;
  closed_ = true;
  wish_tls_ = false;
  expected_.clear();
  if (!results_.empty()) {
    for (RecipientResult& result : results_) {
      if (result.reply && !result.reply->is_positive()) continue;
      if (result.delivered || result.refused_here) continue;
      result.step = step;
      result.reply = reply && !reply->is_positive() ? reply : std::nullopt;
      result.problem = problem;
    }
    finish_letter();
  }
  step_ = step;
  events_.push_back(Failed{step, std::move(reply), std::move(error), std::move(problem)});
}

// --- replies ----------------------------------------------------------------------------------------------------------

void ClientSession::take(Reply reply) {
  if (reply.code == 421) {  // it may come at any time: RFC 5321 section 3.8
    if (step_ == Step::quit) {
      closed_ = true;
      events_.push_back(Finished{});
      return;
    }
    const std::string text = reply.text();
    return fail(step_, std::move(reply), std::nullopt, "The server is closing the connection: " + text);
  }
  if (expected_.empty())
    return fail(step_, std::move(reply), Error{Fault::out_of_order, 0, "a reply to a command"},
                "The server sent a reply that nothing was asked for");
  const Expected now = expected_.front();
  expected_.pop_front();
  if (!expected_.empty()) step_ = expected_.front().step;
  switch (now.step) {
    case Step::greeting: return on_greeting(std::move(reply));
    case Step::hello: return on_hello(std::move(reply));
    case Step::starttls: return on_starttls(std::move(reply));
    case Step::login: return on_login(std::move(reply));
    case Step::mail: return on_mail(std::move(reply));
    case Step::recipient: return on_recipient(now.recipient, std::move(reply));
    case Step::data: return on_data(std::move(reply));
    case Step::content: return now.recipient == no_recipient ? on_chunk(std::move(reply)) : on_content(std::move(reply));
    case Step::quit:
      closed_ = true;
      events_.push_back(Finished{});
      return;
    case Step::connect:
    case Step::tls:
    case Step::ready: break;
  }
  assert(false && "nothing is expected in these steps");
}

void ClientSession::on_greeting(Reply reply) {
  if (reply.code / 100 != 2)
    return fail(Step::greeting, reply, std::nullopt, "The server does not let anybody in: " + reply.text());
  say_hello(true);
}

void ClientSession::say_hello(bool extended) {
  extended_ = extended;
  const std::string_view verb = settings_.protocol == Protocol::lmtp ? "LHLO" : extended ? "EHLO" : "HELO";
  fmt::format_to(std::back_inserter(output_), "{} {}\r\n", verb, settings_.client_name);
  expect(Step::hello);
}

void ClientSession::on_hello(Reply reply) {
  if (reply.code == 250) {
    capabilities_ = extended_ ? parse_capabilities(reply) : Capabilities{};
    return after_hello();
  }
  // An old server does not know EHLO: RFC 5321 section 3.2. Not inside TLS, where there are no old servers.
  if (extended_ && settings_.protocol == Protocol::smtp && reply.is_permanent_failure() &&
      settings_.starttls != StartTlsPolicy::require && !sealed_)
    return say_hello(false);
  fail(Step::hello, reply, std::nullopt, "The server did not take our hello: " + reply.text());
}

void ClientSession::after_hello() {
  if (sealed_ || settings_.starttls == StartTlsPolicy::never || tls_refused_) return log_in_or_ready();
  if (capabilities_.has("STARTTLS")) {
    output_ += "STARTTLS\r\n";
    return expect(Step::starttls);
  }
  if (settings_.starttls == StartTlsPolicy::require)
    return fail(Step::starttls, std::nullopt, Error{Fault::unsupported, 0, "STARTTLS"},
                "The server does not offer STARTTLS, and going on in plaintext is not allowed");
  log_in_or_ready();
}

void ClientSession::on_starttls(Reply reply) {
  if (reply.code == 220) {
    wish_tls_ = true;
    step_ = Step::tls;
    return;
  }
  if (settings_.starttls == StartTlsPolicy::require)
    return fail(Step::starttls, reply, std::nullopt,
                "The server refused STARTTLS, and going on in plaintext is not allowed: " + reply.text());
  tls_refused_ = true;
  log_in_or_ready();
}

// --- AUTH, RFC 4954 ---------------------------------------------------------------------------------------------------

std::optional<sasl::Mechanism> ClientSession::best_mechanism() const {
  const auto offered = capabilities_.mechanisms();
  const auto is_offered = [&](sasl::Mechanism mechanism) {
    return std::find(offered.begin(), offered.end(), name_of(mechanism)) != offered.end();
  };
  const auto usable = [&](sasl::Mechanism mechanism) {
    return is_offered(mechanism) && (sealed_ || settings_.allow_plaintext_auth || !sends_password(mechanism)) &&
           (!binds_channel(mechanism) || binding_) && (!scram_hash(mechanism) || !settings_.nonce.empty());
  };
  if (settings_.mechanism) return usable(*settings_.mechanism) ? settings_.mechanism : std::nullopt;
  if (settings_.password_is_token) {
    for (const sasl::Mechanism mechanism : {sasl::Mechanism::oauthbearer, sasl::Mechanism::xoauth2})
      if (usable(mechanism)) return mechanism;
    return std::nullopt;
  }
  return sasl::choose_mechanism(offered, {.sealed = sealed_,
                                    .in_clear_too = settings_.allow_plaintext_auth,
                                    .strongest = settings_.strongest_login,
                                    .has_nonce = !settings_.nonce.empty(),
                                    .can_bind = binding_.has_value() && settings_.binds_unasked});
}

void ClientSession::log_in_or_ready() {
  if (settings_.user.empty()) return become_ready();
  const auto mechanism = best_mechanism();
  if (!mechanism) {
    const bool too_open = !sealed_ && !capabilities_.mechanisms().empty();
    return fail(Step::login, std::nullopt, Error{Fault::unsupported, 0, "AUTH"},
                too_open ? "The server offers only logins that would show the password to everybody on the way"
                : capabilities_.has("AUTH") ? "The server offers no way to log in that we know"
                                            : "The server offers no login");
  }
  if (settings_.password_follows) step_ = Step::login;
  else begin_login(*mechanism);
}

void ClientSession::log_in(std::string password) {
  assert(waits_for_password());
  settings_.password = std::move(password);
  settings_.password_follows = false;
  begin_login(*best_mechanism());
}

void ClientSession::begin_login(sasl::Mechanism mechanism) {
  // "y" would say that no -PLUS was on offer (RFC 5802 section 6): whoever passes one over does not bind at all.
  const auto offered = capabilities_.mechanisms();
  const bool passed_over = !binds_channel(mechanism) && std::any_of(offered.begin(), offered.end(), [](std::string_view name) { return name.ends_with("-PLUS"); });
  exchange_.emplace(mechanism, settings_.user, std::exchange(settings_.password, {}),
                    sasl::ClientGround{settings_.nonce, passed_over ? std::nullopt : binding_, settings_.host, settings_.port});
  std::string line = "AUTH " + std::string(name_of(mechanism));
  if (const auto initial = exchange_->initial_response()) {
    const std::string encoded = initial->empty() ? "=" : base64_encode(*initial);
    // What would make the line too long waits for an empty challenge: RFC 4954 section 4.
    if (line.size() + 1 + encoded.size() + 2 <= command_line_limit) {
      line += ' ' + encoded;
      if (const auto spent = exchange_->step(""); !spent) assert(false && "an initial response is a first step");
    }
  }
  output_ += line + "\r\n";
  expect(Step::login);
}

void ClientSession::on_login(Reply reply) {
  if (reply.code == 334 && exchange_) return answer_challenge(reply);
  const bool cancelled = !exchange_;
  if (reply.code == 235 && exchange_ && exchange_->is_satisfied()) {
    identity_ = settings_.user;
    exchange_.reset();
    return become_ready();
  }
  const bool unproved = reply.code == 235;
  exchange_.reset();
  // Whoever does not know the password, or has another channel than ours, may say yes to anything: RFC 5802 section 5.
  if (unproved)
    return fail(Step::login, std::nullopt, Error{Fault::mismatch, 0, "verifier"},
                "The server said yes without proving that it knows the password");
  fail(Step::login, reply, std::nullopt,
       (cancelled ? "The server's challenge could not be answered: " : "The server did not take the login: ") +
           (cancelled && !login_problem_.empty() ? login_problem_ + " expected; " : "") + reply.text());
}

void ClientSession::answer_challenge(const Reply& reply) {
  const auto challenge = base64_decode(reply.lines.front());
  const auto answer = challenge ? exchange_->step(*challenge) : Result<std::string>(glasspost::fail(Fault::syntax, 4, "base64"));
  if (!answer) {
    login_problem_ = answer.error().expected;
    exchange_.reset();  // cancel; the server says 501 then
  }
  output_ += answer ? base64_encode(*answer) : "*";
  output_ += "\r\n";
  expect(Step::login);
}

void ClientSession::become_ready() {
  step_ = Step::ready;
  events_.push_back(Ready{capabilities_});
}

void ClientSession::quit(Instant now) {
  assert(is_ready());
  if (!is_ready()) return;
  now_ = now;
  output_ += "QUIT\r\n";
  step_ = Step::quit;
  expect(Step::quit);
}

}  // namespace glasspost::smtp
