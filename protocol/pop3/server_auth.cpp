// How people log in by SASL to the POP3 server: RFC 5034.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "protocol/base/text.h"
#include "protocol/pop3/phrases.h"
#include "protocol/pop3/server.h"

namespace glasspost::pop3 {

bool ServerSession::offers(sasl::Mechanism mechanism) const {
  if (sends_password(mechanism) && !plaintext_login_ok()) return false;
  if ((mechanism == sasl::Mechanism::cram_md5 || sasl::scram_hash(mechanism)) && settings_.nonce.empty()) return false;
  if (binds_channel(mechanism) && bindings_.empty()) return false;
  if (mechanism == sasl::Mechanism::external && certificate_names_.empty()) return false;
  return std::find(settings_.mechanisms.begin(), settings_.mechanisms.end(), mechanism) != settings_.mechanisms.end();
}

void ServerSession::give_up_login() {
  exchange_.reset();
  verdict_.reset();
  confirming_ = false;
}

std::optional<ServerEvent> ServerSession::auth(const Command& command) {
  const auto mechanism = sasl::mechanism_named(command.text);
  const auto& known = settings_.mechanisms;
  if (!mechanism || std::find(known.begin(), known.end(), *mechanism) == known.end()) return err(phrase(language_, "Unknown mechanism")), std::nullopt;
  if (sends_password(*mechanism) && !plaintext_login_ok())
    return err(phrase(language_, "Plaintext login is not allowed without TLS: use STLS first")), std::nullopt;
  if (!offers(*mechanism)) return err(phrase(language_, "Unknown mechanism")), std::nullopt;
  sasl::ServerGround ground;
  ground.nonce = fmt::format("{}.{}", settings_.nonce, ++challenges_);
  ground.challenge = fmt::format("<{}@pop3>", ground.nonce);
  ground.salt_seed = settings_.salt_seed;
  ground.bindings = bindings_;
  ground.offers_binding = offers(sasl::Mechanism::scram_sha_1_plus) || offers(sasl::Mechanism::scram_sha_256_plus);
  ground.certificate_names = certificate_names_;
  exchange_.emplace(*mechanism, std::move(ground));
  if (!command.second) return auth_step(exchange_->start(std::nullopt));
  // RFC 5034 section 4: "=" is an initial response of no octets.
  const auto initial = *command.second == "=" ? std::optional(std::string()) : base64_decode(*command.second);
  if (initial) return auth_step(exchange_->start(*initial));
  give_up_login();
  bad(phrase(language_, "Initial response is not base64"));
  return std::nullopt;
}

std::optional<ServerEvent> ServerSession::auth_answer(std::string_view line) {
  const auto answer = line == "*" ? std::nullopt : base64_decode(line);
  if (answer && confirming_) {
    confirming_ = false;
    verdict_->good = verdict_->good && exchange_->confirms(*answer);
    waiting_ = Waiting::login;
    finish_login();
    return std::exchange(confirmed_, false) ? std::optional<ServerEvent>(LoginConfirmed{verdict_->identity}) : std::nullopt;
  }
  if (answer) return auth_step(exchange_->step(*answer));
  give_up_login();
  bad(phrase(language_, line == "*" ? "Authentication cancelled" : "Answer is not base64"));
  return std::nullopt;
}

std::optional<ServerEvent> ServerSession::auth_step(sasl::ServerStep step) {
  if (const auto* challenge = std::get_if<sasl::Challenge>(&step)) {
    output_ += "+ " + base64_encode(challenge->octets) + "\r\n";
    return std::nullopt;
  }
  if (auto* attempt = std::get_if<sasl::Attempt>(&step)) {
    LoginAttempt login_attempt{LoginMethod::sasl, attempt->identity, attempt->password, {}, {}, attempt->authorize_as, {}};
    login_attempt.sasl = std::move(*attempt);
    return login(std::move(login_attempt));
  }
  give_up_login();
  bad(phrase(language_, "[AUTH] Malformed answer"));
  return std::nullopt;
}

void ServerSession::decide_login(const sasl::Verdict& verdict) {
  assert(waiting_ == Waiting::login && exchange_);
  verdict_ = verdict;
  const auto last = exchange_->last_word(verdict);
  if (!last) return finish_login();
  output_ += "+ " + base64_encode(last->octets) + "\r\n";
  confirming_ = true;
  waiting_ = Waiting::no;
}

void ServerSession::finish_login() {
  exchange_.reset();
  if (verdict_->good) confirmed_ = true;
  else refuse(Refusal::wrong_login, "Wrong name or password");
}

}  // namespace glasspost::pop3
