// What a finished handshake established.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/channel_binding.h"
#include "protocol/base/result.h"
#include "protocol/base/time.h"

namespace glasspost {

struct CertificateFacts {
  std::string subject, issuer;     // common names
  std::vector<std::string> names;  // subjectAltName: DNS names, addresses, e-mail addresses
  Instant not_before{}, not_after{};
  std::string fingerprint;   // SHA-256, "7C:19:…"
  std::uint32_t octets = 0;  // of its DER form
};

enum class Verdict : std::uint8_t {
  trusted,
  not_checked,
  wrong_name,
  expired,
  not_yet_valid,
  unknown_authority,
  self_signed,
  other
};
std::string_view name_of(Verdict);

struct TlsFacts {
  std::string version;      // "TLSv1.3"
  std::string cipher;       // "TLS_AES_128_GCM_SHA256"
  std::string group;        // "x25519"
  std::string server_name;  // SNI
  std::string alpn;
  bool resumed = false;
  Verdict verdict = Verdict::not_checked;  // the client's; a server says not_checked
  std::vector<CertificateFacts> chain;     // the server's own first
  // Of this connection and no other, what is best to be used first. For the session alone: encode() leaves both out.
  std::vector<ChannelBinding> bindings;
  std::optional<CertificateFacts> client_certificate;  // a server's: the client showed it, and it was found good
};

// The users that a client's certificate stands for: its e-mail addresses, or its subject if it has none.
std::vector<std::string> sasl_names(const CertificateFacts&);

// Why the chain was or was not trusted, in a sentence for people, English: "the certificate of
// mail.example.com expired on 2026-01-31". Empty if it was trusted or not checked.
std::string sentence(const TlsFacts&);

std::string encode(const TlsFacts&);  // for the trace: TlsUp::facts
Result<TlsFacts> decode_tls_facts(std::string_view);

}  // namespace glasspost
