// The server's side of LOGIN and AUTHENTICATE. RFC 3501 sections 6.2.2 and 6.2.3, RFC 4959.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "protocol/base/text.h"
#include "protocol/imap/server.h"

namespace glasspost::imap {

std::optional<ServerEvent> Server::begin_login(const Login& login) {
  if (!may_say_password()) {
    no("A password may only be said inside TLS", {"PRIVACYREQUIRED", {}});
    return std::nullopt;
  }
  sasl::Attempt attempt;
  attempt.identity = login.user;
  attempt.password = login.password;
  return attempt;
}

bool Server::offers(sasl::Mechanism mechanism) const {
  if (sends_password(mechanism) && !may_say_password()) return false;
  if ((mechanism == sasl::Mechanism::cram_md5 || sasl::scram_hash(mechanism)) && settings_.nonce.empty()) return false;
  if (binds_channel(mechanism) && bindings_.empty()) return false;
  if (mechanism == sasl::Mechanism::external && certificate_names_.empty()) return false;
  return std::find(settings_.mechanisms.begin(), settings_.mechanisms.end(), mechanism) != settings_.mechanisms.end();
}

std::optional<ServerEvent> Server::begin_authenticate(const Authenticate& authenticate) {
  const auto mechanism = sasl::mechanism_named(authenticate.mechanism);
  if (mechanism && sends_password(*mechanism) && !may_say_password()) {
    no("A password may only be said inside TLS", {"PRIVACYREQUIRED", {}});
    return std::nullopt;
  }
  if (!mechanism || !offers(*mechanism)) {
    no("No such mechanism; see CAPABILITY for those that are offered");
    return std::nullopt;
  }
  std::optional<std::string> initial;
  if (authenticate.response) {
    initial = *authenticate.response == "=" ? std::string() : base64_decode(*authenticate.response);
    if (!initial) {
      bad("The initial response is not base64");
      return std::nullopt;
    }
  }
  sasl::ServerGround ground;
  ground.nonce = fmt::format("{}.{}", settings_.nonce, ++challenges_);
  ground.challenge = fmt::format("<{}@{}>", ground.nonce, settings_.server_name);
  ground.salt_seed = settings_.salt_seed;
  ground.bindings = bindings_;
  ground.offers_binding = offers(sasl::Mechanism::scram_sha_1_plus) || offers(sasl::Mechanism::scram_sha_256_plus);
  ground.certificate_names = certificate_names_;
  exchange_.emplace(*mechanism, std::move(ground));
  return take_step(initial ? exchange_->start(std::string_view(*initial)) : exchange_->start(std::nullopt));
}

std::optional<ServerEvent> Server::take_step(sasl::ServerStep step) {
  if (const auto* challenge = std::get_if<sasl::Challenge>(&step)) {
    out_ += "+ " + base64_encode(challenge->octets) + "\r\n";
    wait_ = Wait::auth_response;
    return std::nullopt;
  }
  wait_ = Wait::service;
  if (auto* attempt = std::get_if<sasl::Attempt>(&step)) return std::move(*attempt);
  refuse_login();
  return std::nullopt;
}

bool Server::decide_login(const sasl::Verdict& verdict) {
  const auto last = exchange_ ? exchange_->last_word(verdict) : std::nullopt;
  if (!last) return true;
  verdict_ = verdict;
  out_ += "+ " + base64_encode(last->octets) + "\r\n";
  wait_ = Wait::auth_response;
  return false;
}

std::optional<ServerEvent> Server::take_auth_response(std::string_view line) {
  const auto give_up = [this](std::string_view why) {
    exchange_.reset();
    verdict_.reset();
    bad(why);
    return std::nullopt;
  };
  if (line == "*") return give_up("Authentication cancelled");
  const auto answer = base64_decode(line);
  if (!answer) return give_up("The answer is not base64");
  if (!verdict_) return take_step(exchange_->step(*answer));
  wait_ = Wait::service;
  const bool good = std::exchange(verdict_, std::nullopt)->good && exchange_->confirms(*answer);
  if (good) return LoginConfirmed{};
  refuse_login();
  return std::nullopt;
}

void Server::accept_login() {
  assert(current_ && "accept_login() answers an attempt that was polled");
  exchange_.reset();
  tracker_.follow(current_->verb, "OK");
  failed_logins_ = 0;
  std::string list;
  for (const std::string& name : capabilities()) (list += list.empty() ? "" : " ") += name;
  complete(Condition::ok, {"CAPABILITY", list}, "Logged in");
}

void Server::refuse_login() {
  exchange_.reset();
  complete(Condition::no, {"AUTHENTICATIONFAILED", {}}, "Wrong name or password");
  if (++failed_logins_ >= settings_.limits.failed_logins)
    hang_up(GoneReason::refused, {}, "Too many failed logins");
}

}  // namespace glasspost::imap
