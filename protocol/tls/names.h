// The names behind TLS's numbers, as the RFCs and their registries write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/kinds.h"
#include "protocol/role.h"

namespace glasspost {

// Each answers "unknown" for a number it does not know, and "GREASE" for RFC 8701's.
std::string_view content_type_name(std::uint32_t);       // "handshake"
std::string_view handshake_type_name(std::uint32_t);     // "client_hello"
std::string_view handshake_message_name(std::uint32_t);  // "ClientHello"
std::string_view tls_version_name(std::uint32_t);        // "TLS 1.3"
std::string_view cipher_suite_name(std::uint32_t);       // "TLS_AES_128_GCM_SHA256"
std::string_view extension_name(std::uint32_t);          // "server_name"
std::string_view group_name(std::uint32_t);              // "x25519"
std::string_view signature_scheme_name(std::uint32_t);   // "ed25519"
std::string_view alert_name(std::uint32_t);              // "bad_certificate"
std::string_view alert_meaning(
    std::uint32_t);  // "it does not like our certificate": what the sender says by it

std::string_view alpn_name(Protocol);  // "imap", "pop3"; the registry has no other of ours: ""

// A token's octets as its explanation is looked up: the number's name ("TLS_AES_128_GCM_SHA256"), "" if it
// has none.
std::string_view tls_token_name(Role, std::string_view octets);

}  // namespace glasspost
