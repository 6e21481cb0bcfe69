#include "sim/store/users.h"

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost::sim {
namespace {
constexpr std::size_t longest_name = 64;  // RFC 5321 section 4.5.3.1.1: a local part
constexpr std::size_t most_users = 100'000;

bool may_stand_in_a_name(char c) {
  return is_alnum(c) || std::string_view("._+-=~'").find(c) != std::string_view::npos;
}
}  // namespace

Users::Users(std::string domain) : domain_(to_lower(domain)) {}

std::optional<std::string> Users::canonical(std::string_view login) const {
  if (const auto at = login.rfind('@'); at != std::string_view::npos) {
    if (!equal_ignoring_case(login.substr(at + 1), domain_)) return std::nullopt;
    login = login.substr(0, at);
  }
  if (login.empty() || login.size() > longest_name || login.front() == '.') return std::nullopt;
  if (!std::all_of(login.begin(), login.end(), may_stand_in_a_name)) return std::nullopt;
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

bool Users::exists(std::string_view login) const { return password_of(login).has_value(); }

std::optional<std::string> Users::check(std::string_view login, std::string_view password) const {
  const auto expected = password_of(login);
  if (!expected || expected->empty() || *expected != password) return std::nullopt;
  return canonical(login);
}

}  // namespace glasspost::sim
