// Who may log in. Passwords stay in here: CRAM-MD5 and APOP need them in clear, the trace never sees them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/sasl/mechanism.h"

namespace glasspost::sim {

class Users : public sasl::Credentials {
 public:
  // `domain`: "example.org"; "bob@example.org" and "bob" are then one user.
  explicit Users(std::string domain = {});

  const std::string& domain() const { return domain_; }
  // False: the name cannot be a user's (see canonical()), or there are too many.
  bool add(std::string_view name, std::string_view password);
  // Any name that can be a user's exists, with this password.
  void allow_any(std::string password) { any_password_ = std::move(password); }

  // The one spelling of a login or of an address in our domain: lower case, without the domain. Nothing if it belongs
  // to another domain, is longer than 64 octets, begins with a dot, or has anything but letters (of any language, in UTF-8), digits and ._+-=~'
  // in it (a name may become a folder on a disk).
  std::optional<std::string> canonical(std::string_view login) const;
  bool exists(std::string_view login) const;
  // Nothing: no such user.
  std::optional<std::string> password_of(std::string_view login) const override;
  // Whoever shows the token is this user. False: the name cannot be a user's, or the token is empty.
  bool add_token(std::string_view name, std::string_view token);
  std::optional<std::string> user_of_token(std::string_view token) const override;
  bool has_tokens() const { return !tokens_.empty(); }
  bool is_same(std::string_view a, std::string_view b) const override;
  // The canonical name, if the password is right. An empty password never is.
  std::optional<std::string> check(std::string_view login, std::string_view password) const;

 private:
  std::string domain_;
  std::map<std::string, std::string, std::less<>> passwords_;
  std::vector<std::pair<std::string, std::string>> tokens_;  // token, user
  std::optional<std::string> any_password_;
};

}  // namespace glasspost::sim
