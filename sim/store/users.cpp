#include "sim/store/users.h"

#include <algorithm>

#include "protocol/base/idn.h"
#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {
constexpr std::size_t longest_name = 64;  // RFC 5321 section 4.5.3.1.1: a local part
constexpr std::size_t most_users = 100'000;

bool may_stand_in_a_name(char c) {
  return is_alnum(c) || is_eight_bit(c) || std::string_view("._+-=~'").find(c) != std::string_view::npos;
}
}  // namespace

Users::Users(std::string domain) : domain_(to_lower(domain)) {}

std::optional<std::string> Users::canonical(std::string_view login) const {
  if (const auto at = login.rfind('@'); at != std::string_view::npos) {
    if (!equal_ignoring_case(login.substr(at + 1), domain_)) return std::nullopt;
    login = login.substr(0, at);
  }
  if (login.empty() || login.size() > longest_name || login.front() == '.') return std::nullopt;
  if (!std::all_of(login.begin(), login.end(), may_stand_in_a_name) || !is_utf8(login)) return std::nullopt;
  return to_lower(login);
}

bool Users::add(std::string_view name, std::string_view password) {
  const auto user = canonical(name);
  if (!user || passwords_.size() >= most_users) return false;
  passwords_.insert_or_assign(*user, std::string(password));
  return true;
}

std::optional<std::string> Users::password_of(std::string_view login) const {
  const auto user = canonical(login);
  if (!user) return std::nullopt;
  if (const auto found = passwords_.find(*user); found != passwords_.end()) return found->second;
  return any_password_;
}

bool Users::add_token(std::string_view name, std::string_view token) {
  auto user = canonical(name);
  if (!user || token.empty() || tokens_.size() >= most_users) return false;
  tokens_.emplace_back(std::string(token), std::move(*user));
  return true;
}

// All of them are looked at, each as long as the others: how many, and how far it was right, tells nothing.
std::optional<std::string> Users::user_of_token(std::string_view token) const {
  const std::string* found = nullptr;
  for (const auto& [known, user] : tokens_)
    if (sasl::same_octets(known, token)) found = &user;
  return found && exists(*found) ? std::optional(*found) : std::nullopt;
}

bool Users::is_same(std::string_view a, std::string_view b) const {
  const auto canonical_a = canonical(a);
  return canonical_a && canonical_a == canonical(b);
}

bool Users::exists(std::string_view login) const { return password_of(login).has_value(); }

std::optional<std::string> Users::check(std::string_view login, std::string_view password) const {
  const auto expected = password_of(login);
  if (!expected || expected->empty() || *expected != password) return std::nullopt;
  return canonical(login);
}

}  // namespace glasspost::sim
