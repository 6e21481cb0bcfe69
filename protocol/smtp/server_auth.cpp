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
  if (mechanism == sasl::Mechanism::cram_md5 && settings_.nonce.empty()) return false;
  return std::find(settings_.mechanisms.begin(), settings_.mechanisms.end(), mechanism) != settings_.mechanisms.end();
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
  exchange_.emplace(*mechanism, fmt::format("<{}.{}@{}>", settings_.nonce, ++challenges_, settings_.host_name));
  state_ = state::authenticating;
  sasl_step(exchange_->start(initial));
}

void ServerSession::take_answer(std::string_view line) {
  const auto octets = line == "*" ? std::nullopt : base64_decode(line);
  if (octets) return sasl_step(exchange_->step(*octets));
  exchange_.reset();
  state_ = rest();
  if (line == "*") mistake({501, {5, 7, 0}, "Authentication cancelled"});
  else mistake({501, wrong_syntax, "The answer is not base64"});
}

void ServerSession::sasl_step(sasl::ServerStep step) {
  if (const auto* challenge = std::get_if<sasl::Challenge>(&step)) return say(Reply(334, base64_encode(challenge->octets)));
  exchange_.reset();
  if (auto* attempt = std::get_if<sasl::Attempt>(&step)) {
    attempt_ = *attempt;
    return ask(Asked::login, LoginAsked{std::move(*attempt)});
  }
  asked_ = Asked::login;  // a malformed or empty answer is a login that failed, and nobody needs to be asked
  attempt_ = sasl::Attempt{};
  decide(Reply(535, {5, 7, 8}, "Authentication credentials invalid"));
}

}  // namespace glasspost::smtp
