#include "app/net/live_address.h"

#include <optional>

#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

struct Scheme {
  std::string_view name;
  Protocol protocol;
  TlsMode tls;
  std::uint16_t port;
};
constexpr Scheme schemes[] = {
    {"smtp", Protocol::smtp, TlsMode::plaintext, 25},        {"smtps", Protocol::smtp, TlsMode::implicit, 465},
    {"submission", Protocol::smtp, TlsMode::plaintext, 587}, {"submissions", Protocol::smtp, TlsMode::implicit, 465},
    {"imap", Protocol::imap, TlsMode::plaintext, 143},       {"imaps", Protocol::imap, TlsMode::implicit, 993},
    {"pop3", Protocol::pop3, TlsMode::plaintext, 110},       {"pop3s", Protocol::pop3, TlsMode::implicit, 995},
    {"lmtp", Protocol::lmtp, TlsMode::plaintext, 24},
};

// "ann%40example.com"; nothing if a percent sign is not followed by two hexadecimal digits, or a control comes out.
std::optional<std::string> percent_decoded(std::string_view text) {
  const auto digit = [](char c) { return is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return std::nullopt;
      c = char(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

bool is_host(std::string_view host, bool bracketed) {
  if (host.empty() || host.size() > 253) return false;
  for (const char c : host) {
    const bool fits = is_alnum(c) || c == '.' || (bracketed ? c == ':' : c == '-' || c == '_');
    if (!fits) return false;
  }
  return true;
}

}  // namespace

tl::expected<LiveAddress, AddressFault> live_address(std::string_view url) {
  const auto malformed = tl::unexpected(AddressFault::malformed);
  const std::size_t colon = url.find("://");
  if (colon == url.npos) return malformed;
  LiveAddress address;
  address.scheme = to_lower(url.substr(0, colon));
  bool known = false;
  for (const Scheme& scheme : schemes) {
    if (scheme.name != address.scheme) continue;
    known = true;
    address.protocol = scheme.protocol;
    address.tls = scheme.tls;
    address.port = scheme.port;
  }
  std::string_view rest = url.substr(colon + 3);
  if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
    const std::string_view user = rest.substr(0, at);
    if (user.find(':') != user.npos) return tl::unexpected(AddressFault::has_password);
    const auto decoded = percent_decoded(user);
    if (!decoded || decoded->empty()) return malformed;
    address.user = *decoded;
    rest.remove_prefix(at + 1);
  }
  if (!known) return malformed;
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const bool bracketed = rest.starts_with('[');
  const std::size_t end = bracketed ? rest.find(']') : std::min(rest.find(':'), rest.size());
  if (end == rest.npos) return malformed;
  address.host = std::string(rest.substr(bracketed, end - std::size_t(bracketed)));
  rest.remove_prefix(end + std::size_t(bracketed));
  if (!is_host(address.host, bracketed)) return malformed;
  if (rest.empty()) return address;
  const auto port = rest.starts_with(':') ? to_u32(rest.substr(1)) : std::nullopt;
  if (!port || *port == 0 || *port > 65535) return malformed;
  address.port = std::uint16_t(*port);
  return address;
}

}  // namespace glasspost::app
