// Handshake messages and alerts, named field by field: RFC 8446 section 4 (TLS 1.3) and RFC 5246 section 7.4
// (TLS 1.2). Names are the RFC's own. Nothing here decrypts: the octets come from TlsRecord, which has the
// plaintext.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/token.h"

namespace glasspost {

struct TlsField {
  Span span;
  std::uint8_t depth = 0;   // a field of depth n belongs to the last one before it of depth n-1
  std::string_view name;    // "legacy_version"
  std::string value;        // "0x0303 (TLS 1.2)"; empty for a field that only holds others
  std::string_view source;  // "RFC 8446 §4.1.2"
};

struct TlsDissection {
  std::string_view name;         // "ClientHello", "Alert", "application_data"
  std::vector<TlsField> fields;  // in order; a field's parts follow it
  Tokens tokens;                 // tile the text
  std::optional<Error> problem;  // what did not fit; everything from there on is tls_data
};

// `content_type`: 22 (one whole handshake message, its 4-octet header included), 21 (an alert), 20 (change
// cipher spec).
TlsDissection dissect_tls_message(std::uint8_t content_type, std::string_view message);

// "say/tls/ClientHello": the catalogue key of the sentence that sums the message up. README.md lists them.
std::string tls_headline(std::uint8_t content_type, std::string_view message);

}  // namespace glasspost
