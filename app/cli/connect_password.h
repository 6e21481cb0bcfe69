// Where a password comes from: a command, a file, or the terminal without an echo. An OAuth token: a command.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "app/words/strings.h"

namespace glasspost::cli {

struct PasswordSource {
  std::string command, file, token_command;  // all empty: the terminal
};
// The first line. The error is what to put into "connect.failed.password", or empty where there is no terminal to ask on.
tl::expected<std::string, std::string> password_from(const PasswordSource&, const std::string& user, const Strings&);

}  // namespace glasspost::cli
