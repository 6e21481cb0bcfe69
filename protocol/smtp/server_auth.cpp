// AUTH in the SMTP server: RFC 4954.
#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/smtp/server.h"
#include "protocol/smtp/states.h"

namespace glasspost::smtp {
namespace {

constexpr EnhancedCode wrong_order{5, 5, 1};
constexpr EnhancedCode wrong_syntax{5, 5, 2};
constexpr EnhancedCode wrong_arguments{5, 5, 4};

}  // namespace

bool ServerSession::offers_auth() const {
  return settings_.role == ServerRole::submission && (sealed_ || settings_.allow_plaintext_auth);
}

bool ServerSession::offers(sasl::Mechanism mechanism) const {
  if ((mechanism == sasl::Mechanism::cram_md5 || sasl::scram_hash(mechanism)) && settings_.nonce.empty()) return false;
  if (binds_channel(mechanism) && bindings_.empty()) return false;
  if (mechanism == sasl::Mechanism::external && certificate_names_.empty()) return false;
  return std::find(settings_.mechanisms.begin(), settings_.mechanisms.end(), mechanism) != settings_.mechanisms.end();
}

sasl::ServerGround ServerSession::ground() {
  sasl::ServerGround out;
  out.challenge = fmt::format("<{}.{}@{}>", settings_.nonce, ++challenges_, settings_.host_name);
  out.nonce = fmt::format("{}.{}", settings_.nonce, challenges_);
  out.salt_seed = settings_.salt_seed;
  out.bindings = bindings_;
  out.offers_binding = offers(sasl::Mechanism::scram_sha_1_plus) || offers(sasl::Mechanism::scram_sha_256_plus);
  out.certificate_names = certificate_names_;
  return out;
}

void ServerSession::on(const Auth& auth) {
  if (settings_.role != ServerRole::submission || settings_.mechanisms.empty())
    return mistake({502, wrong_order, "Nobody logs in here"});
  if (!offers_auth()) return mistake({538, {5, 7, 11}, "Encryption required for requested authentication mechanism"});
  const auto mechanism = sasl::mechanism_named(auth.mechanism);
  if (!mechanism || !offers(*mechanism)) return mistake({504, wrong_arguments, "Unrecognised authentication mechanism"});
  std::optional<std::string> initial;
  if (auth.response) {
    initial = *auth.response == "=" ? std::string() : base64_decode(*auth.response);
    if (!initial) return mistake({501, wrong_syntax, "The initial response is not base64"});
  }
  exchange_.emplace(*mechanism, ground());
  state_ = state::authenticating;
  sasl_step(exchange_->start(initial));
}

void ServerSession::take_answer(std::string_view line) {
  const auto octets = line == "*" ? std::nullopt : base64_decode(line);
  if (octets && verdict_) {
    if (!exchange_->confirms(*octets)) verdict_->good = false;
    return finish_login();
  }
  if (octets) return sasl_step(exchange_->step(*octets));
  exchange_.reset();
  verdict_.reset();
  attempt_.reset();
  state_ = rest();
  if (line == "*") mistake({501, {5, 7, 0}, "Authentication cancelled"});
  else mistake({501, wrong_syntax, "The answer is not base64"});
}

void ServerSession::sasl_step(sasl::ServerStep step) {
  if (const auto* challenge = std::get_if<sasl::Challenge>(&step)) return say(Reply(334, base64_encode(challenge->octets)));
  if (auto* attempt = std::get_if<sasl::Attempt>(&step)) {
    attempt_ = *attempt;
    return ask(Asked::login, LoginAsked{std::move(*attempt)});
  }
  asked_ = Asked::login;  // a malformed or empty answer is a login that failed, and nobody needs to be asked
  attempt_ = sasl::Attempt{};
  decide(Reply(535, {5, 7, 8}, "Authentication credentials invalid"));
}

void ServerSession::decide_login(const sasl::Verdict& verdict) {
  if (!awaits_reply() || asked_ != Asked::login) return;
  verdict_ = verdict;
  const auto last = exchange_->last_word(verdict);
  if (!last) return finish_login();
  asked_ = Asked::nothing;  // an answer has to come first
  say(Reply(334, base64_encode(last->octets)));
  run();
}

void ServerSession::finish_login() {
  const sasl::Verdict verdict = *std::exchange(verdict_, std::nullopt);
  asked_ = Asked::login;
  if (verdict.good && !verdict.identity.empty()) attempt_->identity = verdict.identity;
  decide(verdict.good ? Reply(235, {2, 7, 0}, "Authentication successful")
                      : Reply(535, {5, 7, 8}, "The name or the password is wrong"));
}

}  // namespace glasspost::smtp
