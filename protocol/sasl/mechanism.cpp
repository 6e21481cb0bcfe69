#include "protocol/sasl/mechanism.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cassert>

#include "protocol/base/text.h"

namespace glasspost::sasl {
namespace {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string md5(std::string_view octets) {
  unsigned char out[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  const int ok = EVP_Q_digest(nullptr, "MD5", nullptr, octets.data(), octets.size(), out, &size);
  return ok == 1 ? std::string(reinterpret_cast<const char*>(out), size) : std::string();
}

// message = [authzid] UTF8NUL authcid UTF8NUL passwd                                             RFC 4616 section 2
ServerStep plain(Attempt attempt, std::string_view message) {
  const auto first = message.find('\0');
  if (first == message.npos) return Error{Fault::syntax, static_cast<std::uint32_t>(message.size()), "UTF8NUL"};
  const auto second = message.find('\0', first + 1);
  if (second == message.npos) return Error{Fault::syntax, static_cast<std::uint32_t>(message.size()), "UTF8NUL"};
  attempt.authorize_as = message.substr(0, first);
  attempt.identity = message.substr(first + 1, second - first - 1);
  attempt.password = message.substr(second + 1);
  if (attempt.identity.empty()) return Error{Fault::syntax, static_cast<std::uint32_t>(first + 1), "authcid"};
  if (attempt.password.empty()) return Error{Fault::syntax, static_cast<std::uint32_t>(second + 1), "passwd"};
  if (const auto nul = attempt.password.find('\0'); nul != std::string::npos)
    return Error{Fault::bad_octet, static_cast<std::uint32_t>(second + 1 + nul), "passwd"};
  return attempt;
}

// response = user SP 32HEXDIG                                                                    RFC 2195 section 2
ServerStep cram(Attempt attempt, std::string_view answer) {
  const auto space = answer.rfind(' ');
  if (space == answer.npos || space == 0) return Error{Fault::syntax, 0, "user SP digest"};
  const std::string_view digest = answer.substr(space + 1);
  const auto is_hex = [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); };
  if (digest.size() != 32 || !std::all_of(digest.begin(), digest.end(), is_hex))
    return Error{Fault::syntax, static_cast<std::uint32_t>(space + 1), "digest"};
  attempt.identity = answer.substr(0, space);
  attempt.digest = to_lower(digest);
  return attempt;
}

}  // namespace

std::string_view name_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::plain: return "PLAIN";
    case Mechanism::login: return "LOGIN";
    case Mechanism::cram_md5: return "CRAM-MD5";
  }
  return "";
}

std::optional<Mechanism> mechanism_named(std::string_view name) {
  for (const Mechanism mechanism : {Mechanism::plain, Mechanism::login, Mechanism::cram_md5})
    if (equal_ignoring_case(name, name_of(mechanism))) return mechanism;
  return std::nullopt;
}

bool Attempt::proves(std::string_view password_on_file) const {
  if (password_on_file.empty()) return false;
  switch (mechanism) {
    case Mechanism::plain:
    case Mechanism::login: return same(md5(password), md5(password_on_file)) && same(password, password_on_file);
    case Mechanism::cram_md5: return !challenge.empty() && same(digest, cram_md5_digest(challenge, password_on_file));
  }
  return false;
}

bool verify(const Credentials& credentials, const Attempt& attempt) {
  const auto password = credentials.password_of(attempt.identity);
  const bool proved = attempt.proves(password ? *password : "an unknown user takes as long as a wrong password");
  return password && proved && (attempt.authorize_as.empty() || attempt.authorize_as == attempt.identity);
}

ServerExchange::ServerExchange(Mechanism mechanism, std::string challenge) {
  assert(mechanism != Mechanism::cram_md5 || !challenge.empty());
  attempt_.mechanism = mechanism;
  if (mechanism == Mechanism::cram_md5) attempt_.challenge = std::move(challenge);
}

ServerStep ServerExchange::start(std::optional<std::string_view> initial) {
  switch (attempt_.mechanism) {
    case Mechanism::plain: return initial ? step(*initial) : ServerStep(Challenge{});
    case Mechanism::login: return initial ? step(*initial) : ServerStep(Challenge{"Username:"});
    case Mechanism::cram_md5:
      // A server that speaks first has nothing to do with an answer that comes before its question.
      if (initial) return Error{Fault::out_of_order, 0, "no initial-response"};
      return Challenge{attempt_.challenge};
  }
  return Error{};
}

ServerStep ServerExchange::step(std::string_view answer) {
  switch (attempt_.mechanism) {
    case Mechanism::plain: return plain(attempt_, answer);
    case Mechanism::cram_md5: return cram(attempt_, answer);
    case Mechanism::login: break;
  }
  if (answer.empty()) return Error{Fault::syntax, 0, has_identity_ ? "password" : "user name"};
  if (!has_identity_) {
    has_identity_ = true;
    attempt_.identity = answer;
    return Challenge{"Password:"};
  }
  attempt_.password = answer;
  return attempt_;
}

ClientExchange::ClientExchange(Mechanism mechanism, std::string user, std::string password)
    : mechanism_(mechanism), user_(std::move(user)), password_(std::move(password)) {}

std::optional<std::string> ClientExchange::initial_response() const {
  if (mechanism_ != Mechanism::plain) return std::nullopt;
  return '\0' + user_ + '\0' + password_;
}

Result<std::string> ClientExchange::step(std::string_view challenge) {
  const int step = steps_++;
  switch (mechanism_) {
    case Mechanism::plain:
      if (step > 0) break;
      return *initial_response();
    case Mechanism::login:
      // The words of the challenges differ from server to server; their order does not.
      if (step > 1) break;
      return step == 0 ? user_ : password_;
    case Mechanism::cram_md5:
      if (step > 0) break;
      if (challenge.empty()) return fail(Fault::syntax, 0, "challenge");
      return user_ + ' ' + cram_md5_digest(challenge, password_);
  }
  return fail(Fault::out_of_order, 0, "end of exchange");
}

std::string cram_md5_digest(std::string_view challenge, std::string_view password) {
  unsigned char out[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  const unsigned char* done =
      EVP_Q_mac(nullptr, "HMAC", nullptr, "MD5", nullptr, password.data(), password.size(),
                reinterpret_cast<const unsigned char*>(challenge.data()), challenge.size(), out, sizeof out, &size);
  return done ? hex({reinterpret_cast<const char*>(out), size}) : std::string();
}

std::string apop_digest(std::string_view timestamp, std::string_view password) {
  return hex(md5(fmt::format("{}{}", timestamp, password)));
}

bool apop_proves(std::string_view timestamp, std::string_view digest, std::string_view password_on_file) {
  if (password_on_file.empty() || timestamp.empty()) return false;
  return same(to_lower(digest), apop_digest(timestamp, password_on_file));
}

}  // namespace glasspost::sasl
