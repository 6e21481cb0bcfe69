#include "protocol/tls/handshake.h"

#include "protocol/tls/certificate.h"
#include "protocol/tls/names.h"
#include "protocol/tls/walker.h"

namespace glasspost {

namespace {

constexpr std::uint8_t client_hello = 1, server_hello = 2, hello_retry_request = 6;

std::string decimal(std::uint32_t number) { return std::to_string(number); }

// RFC 8446 section 4.1.3: a ServerHello with this random asks for another ClientHello.
constexpr std::string_view retry_random =
    "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e"
    "\x09\xe2\xc8\xa8\x33\x9c";
bool is_retry(std::string_view message) {
  return message.size() >= 38 && message.substr(6, 32) == retry_random;
}

// RFC 8446 section 4.1.2. TLS 1.2 calls the same fields client_version, session_id and compression_methods.
void walk_client_hello(TlsWalker& w) {
  w.source("RFC 8446 §4.1.2");
  w.named("legacy_version", 2, Role::tls_version, tls_version_name);
  w.opaque("random", 32, Role::tls_random);
  w.opaque_vector("legacy_session_id", 1, Role::tls_session_id);
  w.vector("cipher_suites", 2, [&] {
    while (w.more()) w.named("CipherSuite", 2, Role::tls_cipher_suite, cipher_suite_name);
  });
  w.vector("legacy_compression_methods", 1, [&] {
    while (w.more())
      w.named("CompressionMethod", 1, Role::tls_compression,
              [](std::uint32_t method) { return method == 0 ? "null" : "unknown"; });
  });
  if (w.more()) walk_extensions(w, client_hello);
}

// RFC 8446 section 4.1.3
void walk_server_hello(TlsWalker& w, bool retry) {
  w.source("RFC 8446 §4.1.3");
  w.named("legacy_version", 2, Role::tls_version, tls_version_name);
  w.opaque("random", 32, Role::tls_random);
  w.opaque_vector("legacy_session_id_echo", 1, Role::tls_session_id);
  w.named("cipher_suite", 2, Role::tls_cipher_suite, cipher_suite_name);
  w.named("legacy_compression_method", 1, Role::tls_compression,
          [](std::uint32_t method) { return method == 0 ? "null" : "unknown"; });
  if (w.more()) walk_extensions(w, retry ? hello_retry_request : server_hello);
}

std::string certificate_text(std::string_view der) {
  const auto facts = certificate_facts(der);
  return facts ? fmt::format("{}, issued by {}", facts->subject, facts->issuer)
               : std::string("not a certificate");
}

// RFC 8446 section 4.4.2; RFC 5246 section 7.4.2 has neither context nor extensions.
void walk_certificate(TlsWalker& w) {
  const std::string_view body = w.rest();
  const auto octet = [&](std::size_t at) {
    return at < body.size() ? static_cast<std::uint8_t>(body[at]) : 0u;
  };
  const bool is_1_2 = body.size() >= 3 && octet(0) * 65536u + octet(1) * 256u + octet(2) == body.size() - 3;
  w.source(is_1_2 ? "RFC 5246 §7.4.2" : "RFC 8446 §4.4.2");
  if (!is_1_2) w.opaque_vector("certificate_request_context", 1, Role::tls_data);
  w.vector("certificate_list", 3, [&] {
    while (w.more()) {
      const std::uint32_t size = w.length(3);
      const std::size_t at = w.fields();
      const std::string_view der = w.opaque(is_1_2 ? "ASN.1Cert" : "cert_data", size, Role::tls_certificate);
      if (w.ok()) w.value(at, certificate_text(der));
      if (!is_1_2) walk_extensions(w, 11);
    }
  });
}

// RFC 8446 section 4.4.3
void walk_signature(TlsWalker& w) {
  w.named("algorithm", 2, Role::tls_signature, signature_scheme_name);
  w.opaque_vector("signature", 2, Role::tls_signature);
}

// RFC 8446 section 4.6.1; RFC 5077 section 3.3 has lifetime and ticket alone.
void walk_ticket(TlsWalker& w) {
  const std::string_view body = w.rest();
  const bool is_1_2 =
      body.size() >= 6 &&
      static_cast<std::uint8_t>(body[4]) * 256u + static_cast<std::uint8_t>(body[5]) == body.size() - 6;
  w.source(is_1_2 ? "RFC 5077 §3.3" : "RFC 8446 §4.6.1");
  w.number(is_1_2 ? "ticket_lifetime_hint" : "ticket_lifetime", 4, Role::tls_data,
           [](std::uint32_t seconds) { return fmt::format("{} s", seconds); });
  if (!is_1_2) {
    w.number("ticket_age_add", 4, Role::tls_data, decimal);
    w.opaque_vector("ticket_nonce", 1, Role::tls_data);
  }
  w.opaque_vector("ticket", 2, Role::tls_data);
  if (!is_1_2) walk_extensions(w, 4);
}

// RFC 8422 section 5.4; any other key exchange is left whole.
void walk_server_key_exchange(TlsWalker& w) {
  w.source("RFC 8422 §5.4");
  if (!w.rest().starts_with('\x03')) {
    w.opaque("params", w.left(), Role::tls_data);
    return;
  }
  w.named("curve_type", 1, Role::tls_data, [](std::uint32_t) { return "named_curve"; });
  w.named("namedcurve", 2, Role::tls_data, group_name);
  w.opaque_vector("public", 1, Role::tls_data);
  w.source("RFC 5246 §7.4.3");
  walk_signature(w);
}

// RFC 8422 section 5.7, else RFC 5246 section 7.4.7.1
void walk_client_key_exchange(TlsWalker& w) {
  const std::string_view body = w.rest();
  const bool is_point = !body.empty() && static_cast<std::uint8_t>(body[0]) == body.size() - 1;
  w.source(is_point ? "RFC 8422 §5.7" : "RFC 5246 §7.4.7");
  if (is_point)
    w.opaque_vector("ecdh_Yc", 1, Role::tls_data);
  else
    w.opaque("exchange_keys", w.left(), Role::tls_data);
}

// RFC 8446 section 4.3.2; RFC 5246 section 7.4.4 is another shape, left whole.
void walk_certificate_request(TlsWalker& w) {
  const std::string_view body = w.rest();
  w.source("RFC 8446 §4.3.2");
  if (!body.starts_with('\0')) {
    w.source("RFC 5246 §7.4.4");
    w.opaque("CertificateRequest", w.left(), Role::tls_data);
    return;
  }
  w.opaque_vector("certificate_request_context", 1, Role::tls_data);
  walk_extensions(w, 13);
}

void walk_body(TlsWalker& w, std::uint8_t type, bool retry) {
  switch (type) {
    case 1: return walk_client_hello(w);
    case 2: return walk_server_hello(w, retry);
    case 4: return walk_ticket(w);
    case 8: return walk_extensions(w, type);
    case 11: return walk_certificate(w);
    case 12: return walk_server_key_exchange(w);
    case 13: return walk_certificate_request(w);
    case 15: w.source("RFC 8446 §4.4.3"); return walk_signature(w);
    case 16: return walk_client_key_exchange(w);
    case 20:
      w.source("RFC 8446 §4.4.4");
      w.opaque("verify_data", w.left(), Role::tls_verify_data);
      return;
    case 24:
      w.source("RFC 8446 §4.6.3");
      w.named("request_update", 1, Role::tls_data, [](std::uint32_t value) {
        return value == 0 ? "update_not_requested" : value == 1 ? "update_requested" : "unknown";
      });
      return;
    case 0:   // HelloRequest
    case 5:   // EndOfEarlyData
    case 14:  // ServerHelloDone
      return;
    default:
      if (w.more()) w.opaque("body", w.left(), Role::tls_data);
  }
}

void walk_handshake(TlsWalker& w, std::string_view message) {
  w.source("RFC 8446 §4");
  const auto type = std::uint8_t(w.named("msg_type", 1, Role::tls_handshake_type, handshake_type_name));
  const std::uint32_t size = w.length(3);
  if (!w.ok()) return;
  w.group(handshake_message_name(type), size, [&] { walk_body(w, type, is_retry(message)); });
}

// RFC 8446 section 6
void walk_alert(TlsWalker& w) {
  w.source("RFC 8446 §6");
  w.named("level", 1, Role::tls_alert, [](std::uint32_t level) {
    return level == 1 ? "warning" : level == 2 ? "fatal" : "unknown";
  });
  w.named("description", 1, Role::tls_alert, alert_name);
}

std::string_view name_of_message(std::uint8_t content_type, std::string_view message) {
  switch (content_type) {
    case 20: return "ChangeCipherSpec";
    case 21: return "Alert";
    case 22:
      if (message.empty()) return "unknown";
      if (message[0] == server_hello && is_retry(message)) return "HelloRetryRequest";
      return handshake_message_name(static_cast<std::uint8_t>(message[0]));
    default: return content_type_name(content_type);
  }
}

}  // namespace

TlsDissection dissect_tls_message(std::uint8_t content_type, std::string_view message) {
  TlsDissection out;
  out.name = name_of_message(content_type, message);
  TlsWalker w(message, out);
  switch (content_type) {
    case 20:
      w.source("RFC 5246 §7.1");
      w.named("type", 1, Role::tls_data,
              [](std::uint32_t type) { return type == 1 ? "change_cipher_spec" : "unknown"; });
      break;
    case 21: walk_alert(w); break;
    case 22: walk_handshake(w, message); break;
    default:
      if (!message.empty()) w.opaque("opaque", message.size(), Role::tls_data);
  }
  w.finish();
  return out;
}

std::string tls_headline(std::uint8_t content_type, std::string_view message) {
  return "say/tls/" + std::string(name_of_message(content_type, message));
}

}  // namespace glasspost
