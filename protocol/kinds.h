// The closed sets that every room speaks of.
#pragma once

#include <cstdint>
#include <string_view>

namespace glasspost {

enum class Protocol : std::uint8_t { smtp, lmtp, imap, pop3, dns, tls };
inline constexpr int protocol_count = 6;
std::string_view name_of(Protocol);        // "SMTP"
std::string_view lower_name_of(Protocol);  // "smtp", as in URLs and catalogue keys

enum class Side : std::uint8_t { client, server };
constexpr Side other(Side side) { return side == Side::client ? Side::server : Side::client; }

// How a connection is meant to be protected.
enum class TlsMode : std::uint8_t { plaintext, starttls, implicit };

// The language of words for people. Wire text is never translated.
enum class Language : std::uint8_t { english, spanish };

}  // namespace glasspost
