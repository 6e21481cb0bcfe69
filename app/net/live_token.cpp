#include "app/net/live_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

constexpr std::string_view tag = "t1";
constexpr std::size_t smtp_line = 512, pop3_line = 255;  // RFC 4954 section 4, RFC 5034 section 4: a longer response waits
constexpr std::size_t longest_reason = 400;

// RFC 5801 section 4: saslname.
std::string saslname(std::string_view user) {
  std::string out;
  for (const char c : user) out += c == ',' ? std::string("=2C") : c == '=' ? std::string("=3D") : std::string(1, c);
  return out;
}

std::string printable_only(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  if (text.size() > longest_reason) text.resize(longest_reason);
  return text;
}

}  // namespace

std::string_view name_of(TokenMechanism mechanism) {
  switch (mechanism) {
    case TokenMechanism::oauthbearer: return "OAUTHBEARER";
    case TokenMechanism::xoauth2: return "XOAUTH2";
  }
  return {};
}

std::optional<TokenMechanism> token_mechanism_of(const std::vector<std::string>& offered) {
  for (const TokenMechanism mechanism : {TokenMechanism::oauthbearer, TokenMechanism::xoauth2})
    for (const std::string& one : offered)
      if (equal_ignoring_case(one, name_of(mechanism))) return mechanism;
  return std::nullopt;
}

std::string token_response(TokenMechanism mechanism, const LiveAddress& address, std::string_view token) {
  switch (mechanism) {
    case TokenMechanism::oauthbearer:
      return fmt::format("n,a={},\x01host={}\x01port={}\x01" "auth=Bearer {}\x01\x01", saslname(address.user), address.host, address.port, token);
    case TokenMechanism::xoauth2: return fmt::format("user={}\x01" "auth=Bearer {}\x01\x01", address.user, token);
  }
  return {};
}

TokenLogin::TokenLogin(TokenMechanism mechanism, const LiveAddress& address, std::string_view token, bool at_once)
    : mechanism_(mechanism), protocol_(address.protocol), response_(base64_encode(token_response(mechanism, address, token))) {
  const bool imap = protocol_ == Protocol::imap;
  output_ = imap ? fmt::format("{} AUTHENTICATE {}", tag, name_of(mechanism)) : fmt::format("AUTH {}", name_of(mechanism));
  const std::size_t whole = output_.size() + 1 + response_.size() + 2;
  const bool fits = imap || whole <= (protocol_ == Protocol::pop3 ? pop3_line : smtp_line);
  if (at_once && fits) output_ += " " + std::exchange(response_, {});
  output_ += "\r\n";
}

void TokenLogin::receive(std::string_view octets, Instant) {
  in_ += octets;
  std::size_t at = 0;
  for (std::size_t end; (end = in_.find('\n', at)) != in_.npos; at = end + 1) {
    std::string_view line = std::string_view(in_).substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(line);
  }
  in_.erase(0, at);
}

void TokenLogin::take(std::string_view line) {
  if (accepted_ || refusal_) return;
  const auto refused = [&] { refusal_ = printable_only(std::string(line)); };
  switch (protocol_) {
    case Protocol::imap:
      if (line.starts_with('+')) return answer(trim(line.substr(1)));
      if (!line.starts_with(std::string(tag) + " ")) return;  // untagged news
      if (starts_with_ignoring_case(line.substr(tag.size() + 1), "OK")) accepted_ = true;
      else refused();
      return;
    case Protocol::pop3:
      if (starts_with_ignoring_case(line, "+OK")) accepted_ = true;
      else if (line.starts_with('+')) answer(trim(line.substr(1)));
      else refused();
      return;
    default:
      if (line.starts_with("334")) return answer(trim(line.substr(3)));
      if (line.size() > 3 && line[3] == '-') return;  // RFC 5321 section 4.2.1: the last line decides
      if (line.starts_with("235")) accepted_ = true;
      else refused();
  }
}

void TokenLogin::answer(std::string_view challenge) {
  if (!response_.empty()) {
    output_ += std::exchange(response_, {}) + "\r\n";
    return;
  }
  // The server has said why not, and waits for a sign that it was read: RFC 7628 section 3.2.3; XOAUTH2 wants an empty line.
  if (const auto decoded = base64_decode(challenge)) reason_ = printable_only(std::string(*decoded));
  output_ += mechanism_ == TokenMechanism::oauthbearer ? "AQ==\r\n" : "\r\n";
}

}  // namespace glasspost::app
