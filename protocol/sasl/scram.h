// The messages of SCRAM and how its proofs are computed, RFC 5802; with SHA-256, RFC 7677. Raw octets, no state: the exchange
// that strings them together is in mechanism.h, the same steps for people's eyes are in steps.h.
//
//   C: n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL
//   S: r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096
//   C: c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=
//   S: v=rmF9pqV8S7suAoZWja4dJRkFsKQ=
//
// Names and passwords go in as the UTF-8 that they are: no SASLprep (RFC 4013) is done beyond ASCII.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/channel_binding.h"
#include "protocol/base/result.h"

namespace glasspost::sasl::scram {

enum class Hash : std::uint8_t { sha1, sha256 };

inline constexpr std::uint32_t usual_iterations = 4096;  // RFC 5802 section 5.1, RFC 7677 section 4: at least
inline constexpr std::uint32_t most_iterations = 1'000'000;  // what a client lets a server make it do

// RFC 5802 section 5.1, the gs2-cbind-flag.
enum class Binding : char {
  not_supported = 'n',  // the client does not do channel binding
  not_offered = 'y',    // it does, and believes that the server does not
  used = 'p',
};

struct ClientFirst {
  Binding binding = Binding::not_supported;
  std::string binding_kind;   // used: "tls-exporter"
  std::string authorize_as;   // "a="
  std::string user;           // "n=", its "=2C" and "=3D" undone
  std::string nonce;          // "r="
  std::string gs2_header;     // "n,," with its commas
  std::string bare;           // the rest, of which the proofs are made
};
struct ServerFirst {
  std::string nonce;          // the client's, and the server's behind it
  std::string salt;           // octets
  std::uint32_t iterations = usual_iterations;
};
struct ClientFinal {
  std::string binding;        // "c=", decoded: the gs2-header, and the binding's octets if it is used
  std::string nonce;
  std::string proof;          // octets
  std::string without_proof;  // of which the proofs are made
};
struct ServerFinal {
  std::string verifier;       // octets; empty: `error` says why not
  std::string error;          // "invalid-proof"
};

Result<ClientFirst> parse_client_first(std::string_view);
Result<ServerFirst> parse_server_first(std::string_view);
Result<ClientFinal> parse_client_final(std::string_view);
Result<ServerFinal> parse_server_final(std::string_view);

std::string gs2_header(Binding, std::string_view binding_kind, std::string_view authorize_as);
std::string client_first_bare(std::string_view user, std::string_view nonce);
std::string to_text(const ServerFirst&);
// The "c=" and "r=" of the client's last word.
std::string client_final_without_proof(std::string_view gs2_header, std::string_view binding_data, std::string_view nonce);
std::string saslname(std::string_view);  // "," and "=" as "=2C" and "=3D"

std::string digest(Hash, std::string_view octets);
std::string hmac(Hash, std::string_view key, std::string_view octets);
// Hi(): PBKDF2 with HMAC, one block. RFC 5802 section 2.2.
std::string salted_password(Hash, std::string_view password, std::string_view salt, std::uint32_t iterations);
std::string exclusive_or(std::string_view, std::string_view);  // of equal length

// RFC 5802 section 3. `auth_message`: client-first-bare "," server-first "," client-final-without-proof.
struct Proofs {
  std::string client, server;  // "p=" and "v=", octets
};
Proofs proofs(Hash, std::string_view password, std::string_view salt, std::uint32_t iterations, std::string_view auth_message);

}  // namespace glasspost::sasl::scram
