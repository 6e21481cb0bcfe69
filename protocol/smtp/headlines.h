// What sums up each command and each reply in a sentence: catalogue keys.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

#include "protocol/smtp/command.h"

namespace glasspost::smtp {

// What the server is to answer next.
enum class Asked : std::uint8_t {
  helo, ehlo, lhlo, mail, rcpt, data, rset, noop, quit, help, vrfy, expn, starttls, auth, bdat,  // in the order of Verb
  answer, content, unknown
};
static_assert(int(Asked::bdat) == int(Verb::bdat));

inline constexpr std::string_view command_keys[] = {
    "say/smtp/HELO", "say/smtp/EHLO", "say/smtp/LHLO", "say/smtp/MAIL", "say/smtp/RCPT", "say/smtp/DATA",     "say/smtp/RSET",
    "say/smtp/NOOP", "say/smtp/QUIT", "say/smtp/HELP", "say/smtp/VRFY", "say/smtp/EXPN", "say/smtp/STARTTLS", "say/smtp/AUTH",
    "say/smtp/BDAT"};
// By Asked, for a reply that says yes; unknown commands get none.
inline constexpr std::string_view yes_keys[] = {
    "say/smtp/reply/HELO", "say/smtp/reply/EHLO",     "say/smtp/reply/EHLO", "say/smtp/reply/MAIL",
    "say/smtp/reply/RCPT", "say/smtp/reply/DATA",     "say/smtp/reply/RSET", "say/smtp/reply/NOOP",
    "say/smtp/reply/QUIT", "say/smtp/reply/HELP",     "say/smtp/reply/VRFY", "say/smtp/reply/EXPN",
    "say/smtp/reply/STARTTLS", "say/smtp/reply/AUTH", "say/smtp/reply/BDAT", "say/smtp/reply/AUTH", "say/smtp/reply/content"};
static_assert(std::size(command_keys) == verb_count && std::size(yes_keys) == std::size_t(Asked::unknown));

inline constexpr std::string_view code_keys[] = {
    "say/smtp/reply/211", "say/smtp/reply/214", "say/smtp/reply/220", "say/smtp/reply/221", "say/smtp/reply/235",
    "say/smtp/reply/250", "say/smtp/reply/251", "say/smtp/reply/252", "say/smtp/reply/334", "say/smtp/reply/354",
    "say/smtp/reply/421", "say/smtp/reply/432", "say/smtp/reply/450", "say/smtp/reply/451", "say/smtp/reply/452",
    "say/smtp/reply/454", "say/smtp/reply/455", "say/smtp/reply/500", "say/smtp/reply/501", "say/smtp/reply/502",
    "say/smtp/reply/503", "say/smtp/reply/504", "say/smtp/reply/521", "say/smtp/reply/530", "say/smtp/reply/534",
    "say/smtp/reply/535", "say/smtp/reply/538", "say/smtp/reply/550", "say/smtp/reply/551", "say/smtp/reply/552",
    "say/smtp/reply/553", "say/smtp/reply/554", "say/smtp/reply/555", "say/smtp/reply/556"};
inline constexpr std::string_view class_keys[] = {"say/smtp/reply/2xx", "say/smtp/reply/3xx", "say/smtp/reply/4xx", "say/smtp/reply/5xx"};

inline std::string_view key_of_code(int code) {
  for (const std::string_view key : code_keys) {
    const std::string_view digits = key.substr(key.size() - 3);
    if ((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0') == code) return key;
  }
  return class_keys[code / 100 - 2];
}

}  // namespace glasspost::smtp
