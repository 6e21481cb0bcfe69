#include "protocol/tls/names.h"

#include <algorithm>
#include <array>
#include <span>

namespace glasspost {

namespace {

struct Name {
  std::uint16_t number;
  std::string_view name;
};

template <std::size_t N>
constexpr bool ascends(const Name (&table)[N]) {
  for (std::size_t i = 1; i < N; ++i)
    if (table[i - 1].number >= table[i].number) return false;
  return true;
}

// RFC 5246 section 6.2.1, RFC 6520
constexpr Name content_types[] = {{20, "change_cipher_spec"}, {21, "alert"}, {22, "handshake"}, {23, "application_data"}, {24, "heartbeat"}};

// RFC 8446 section 4, RFC 5246 section 7.4
constexpr Name handshake_types[] = {
    {0, "hello_request"},      {1, "client_hello"},         {2, "server_hello"},        {3, "hello_verify_request"},
    {4, "new_session_ticket"}, {5, "end_of_early_data"},    {6, "hello_retry_request"}, {8, "encrypted_extensions"},
    {11, "certificate"},       {12, "server_key_exchange"}, {13, "certificate_request"}, {14, "server_hello_done"},
    {15, "certificate_verify"}, {16, "client_key_exchange"}, {20, "finished"},          {21, "certificate_url"},
    {22, "certificate_status"}, {24, "key_update"},          {25, "compressed_certificate"}, {254, "message_hash"}};

constexpr Name handshake_messages[] = {
    {0, "HelloRequest"},      {1, "ClientHello"},        {2, "ServerHello"},         {3, "HelloVerifyRequest"},
    {4, "NewSessionTicket"},  {5, "EndOfEarlyData"},     {6, "HelloRetryRequest"},   {8, "EncryptedExtensions"},
    {11, "Certificate"},      {12, "ServerKeyExchange"}, {13, "CertificateRequest"}, {14, "ServerHelloDone"},
    {15, "CertificateVerify"}, {16, "ClientKeyExchange"}, {20, "Finished"},          {21, "CertificateURL"},
    {22, "CertificateStatus"}, {24, "KeyUpdate"},         {25, "CompressedCertificate"}, {254, "message_hash"}};

constexpr Name versions[] = {{0x0002, "SSL 2.0"}, {0x0300, "SSL 3.0"}, {0x0301, "TLS 1.0"}, {0x0302, "TLS 1.1"}, {0x0303, "TLS 1.2"}, {0x0304, "TLS 1.3"}};

// The IANA registry's, as far as mail servers still meet them
constexpr Name cipher_suites[] = {
    {0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    {0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
    {0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    {0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    {0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"},
    {0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"},
    {0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    {0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"},
    {0x1301, "TLS_AES_128_GCM_SHA256"},
    {0x1302, "TLS_AES_256_GCM_SHA384"},
    {0x1303, "TLS_CHACHA20_POLY1305_SHA256"},
    {0x1304, "TLS_AES_128_CCM_SHA256"},
    {0x1305, "TLS_AES_128_CCM_8_SHA256"},
    {0x5600, "TLS_FALLBACK_SCSV"},
    {0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    {0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    {0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    {0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    {0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    {0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    {0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    {0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    {0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
    {0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"},
    {0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"}};

constexpr Name extensions[] = {
    {0, "server_name"},           {1, "max_fragment_length"},   {5, "status_request"},
    {10, "supported_groups"},     {11, "ec_point_formats"},     {13, "signature_algorithms"},
    {14, "use_srtp"},             {15, "heartbeat"},            {16, "application_layer_protocol_negotiation"},
    {17, "status_request_v2"},    {18, "signed_certificate_timestamp"}, {19, "client_certificate_type"},
    {20, "server_certificate_type"}, {21, "padding"},           {22, "encrypt_then_mac"},
    {23, "extended_master_secret"}, {24, "token_binding"},      {27, "compress_certificate"},
    {28, "record_size_limit"},    {34, "delegated_credential"}, {35, "session_ticket"},
    {41, "pre_shared_key"},       {42, "early_data"},           {43, "supported_versions"},
    {44, "cookie"},               {45, "psk_key_exchange_modes"}, {47, "certificate_authorities"},
    {48, "oid_filters"},          {49, "post_handshake_auth"},  {50, "signature_algorithms_cert"},
    {51, "key_share"},            {57, "quic_transport_parameters"}, {17513, "application_settings"},
    {65037, "encrypted_client_hello"}, {65281, "renegotiation_info"}};

constexpr Name groups[] = {{21, "secp224r1"},  {22, "secp256k1"}, {23, "secp256r1"}, {24, "secp384r1"}, {25, "secp521r1"},
                           {29, "x25519"},     {30, "x448"},      {256, "ffdhe2048"}, {257, "ffdhe3072"}, {258, "ffdhe4096"},
                           {259, "ffdhe6144"}, {260, "ffdhe8192"}, {512, "MLKEM512"}, {513, "MLKEM768"}, {514, "MLKEM1024"},
                           {4587, "SecP256r1MLKEM768"}, {4588, "X25519MLKEM768"}, {4589, "SecP384r1MLKEM1024"}};

constexpr Name signature_schemes[] = {
    {0x0201, "rsa_pkcs1_sha1"},         {0x0202, "dsa_sha1"},               {0x0203, "ecdsa_sha1"},
    {0x0301, "rsa_pkcs1_sha224"},       {0x0302, "dsa_sha224"},             {0x0303, "ecdsa_sha224"},
    {0x0401, "rsa_pkcs1_sha256"},       {0x0402, "dsa_sha256"},             {0x0403, "ecdsa_secp256r1_sha256"},
    {0x0501, "rsa_pkcs1_sha384"},       {0x0502, "dsa_sha384"},             {0x0503, "ecdsa_secp384r1_sha384"},
    {0x0601, "rsa_pkcs1_sha512"},       {0x0602, "dsa_sha512"},             {0x0603, "ecdsa_secp521r1_sha512"},
    {0x0804, "rsa_pss_rsae_sha256"},    {0x0805, "rsa_pss_rsae_sha384"},    {0x0806, "rsa_pss_rsae_sha512"},
    {0x0807, "ed25519"},                {0x0808, "ed448"},                  {0x0809, "rsa_pss_pss_sha256"},
    {0x080a, "rsa_pss_pss_sha384"},     {0x080b, "rsa_pss_pss_sha512"},     {0x081a, "ecdsa_brainpoolP256r1tls13_sha256"},
    {0x081b, "ecdsa_brainpoolP384r1tls13_sha384"}, {0x081c, "ecdsa_brainpoolP512r1tls13_sha512"},
    {0x0904, "mldsa44"},                {0x0905, "mldsa65"},                {0x0906, "mldsa87"}};

// RFC 8446 section 6.2, RFC 5246 section 7.2
constexpr Name alerts[] = {
    {0, "close_notify"},             {10, "unexpected_message"},     {20, "bad_record_mac"},
    {21, "decryption_failed"},       {22, "record_overflow"},        {30, "decompression_failure"},
    {40, "handshake_failure"},       {41, "no_certificate"},         {42, "bad_certificate"},
    {43, "unsupported_certificate"}, {44, "certificate_revoked"},    {45, "certificate_expired"},
    {46, "certificate_unknown"},     {47, "illegal_parameter"},      {48, "unknown_ca"},
    {49, "access_denied"},           {50, "decode_error"},           {51, "decrypt_error"},
    {60, "export_restriction"},      {70, "protocol_version"},       {71, "insufficient_security"},
    {80, "internal_error"},          {86, "inappropriate_fallback"}, {90, "user_canceled"},
    {100, "no_renegotiation"},       {109, "missing_extension"},     {110, "unsupported_extension"},
    {111, "certificate_unobtainable"}, {112, "unrecognized_name"},   {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"}, {115, "unknown_psk_identity"}, {116, "certificate_required"},
    {120, "no_application_protocol"}};

constexpr Name alert_meanings[] = {
    {0, "it has nothing more to say"},
    {10, "it got a message that has no place here"},
    {20, "a record it got does not decrypt: damaged, or tampered with"},
    {22, "a record it got is longer than TLS allows"},
    {40, "it finds nothing that both ends can agree on"},
    {42, "it does not accept the certificate"},
    {43, "it cannot use a certificate of this kind"},
    {44, "the certificate was revoked"},
    {45, "the certificate is out of date"},
    {46, "it does not accept the certificate"},
    {47, "a field it got cannot have that value"},
    {48, "it does not know, or does not trust, who issued the certificate"},
    {49, "the certificate is valid, but it lets nobody in with it"},
    {50, "it got a message that it cannot parse"},
    {51, "a signature or a Finished message is wrong"},
    {70, "it does not speak any TLS version that was offered"},
    {71, "it wants stronger ciphers than were offered"},
    {80, "something went wrong at its end"},
    {86, "the client offers an older version than both could speak"},
    {90, "somebody there cancelled it"},
    {109, "an extension that it needs is missing"},
    {110, "it got an extension that it did not ask for"},
    {112, "it does not know the server name that was asked for"},
    {116, "it wants a certificate from the client"},
    {120, "it speaks none of the protocols that were offered"}};

static_assert(ascends(content_types) && ascends(handshake_types) && ascends(handshake_messages) && ascends(versions));
static_assert(ascends(cipher_suites) && ascends(extensions) && ascends(groups) && ascends(signature_schemes));
static_assert(ascends(alerts) && ascends(alert_meanings));
static_assert(std::size(handshake_types) == std::size(handshake_messages));

std::string_view look_up(std::span<const Name> table, std::uint32_t number, std::string_view otherwise = "unknown") {
  const auto found = std::lower_bound(table.begin(), table.end(), number, [](const Name& name, std::uint32_t wanted) { return name.number < wanted; });
  return found != table.end() && found->number == number ? found->name : otherwise;
}

// RFC 8701: sent only so that nobody gets used to a fixed list.
constexpr bool is_grease(std::uint32_t number) { return number <= 0xffff && (number & 0x0f0f) == 0x0a0a && (number >> 8) == (number & 0xff); }
std::string_view look_up_16(std::span<const Name> table, std::uint32_t number) {
  return look_up(table, number, is_grease(number) ? "GREASE" : "unknown");
}

}  // namespace

// The ALPN registry (RFC 7301 section 6) has "imap" and "pop3", both of RFC 2595, and no name for SMTP, submission or LMTP.
std::string_view alpn_name(Protocol protocol) {
  switch (protocol) {
    case Protocol::imap: return "imap";
    case Protocol::pop3: return "pop3";
    case Protocol::smtp:
    case Protocol::lmtp:
    case Protocol::dns:
    case Protocol::tls: return {};
  }
  return {};
}

std::string_view content_type_name(std::uint32_t number) { return look_up(content_types, number); }
std::string_view handshake_type_name(std::uint32_t number) { return look_up(handshake_types, number); }
std::string_view handshake_message_name(std::uint32_t number) { return look_up(handshake_messages, number); }
std::string_view tls_version_name(std::uint32_t number) { return look_up_16(versions, number); }
std::string_view cipher_suite_name(std::uint32_t number) { return look_up_16(cipher_suites, number); }
std::string_view extension_name(std::uint32_t number) { return look_up_16(extensions, number); }
std::string_view group_name(std::uint32_t number) { return look_up_16(groups, number); }
std::string_view signature_scheme_name(std::uint32_t number) { return look_up_16(signature_schemes, number); }
std::string_view alert_name(std::uint32_t number) { return look_up(alerts, number); }
std::string_view alert_meaning(std::uint32_t number) { return look_up(alert_meanings, number, "it gave no other reason"); }

std::string_view tls_token_name(Role role, std::string_view octets) {
  if (octets.empty() || octets.size() > 2) return {};
  const auto low = static_cast<std::uint8_t>(octets.back());
  const std::uint32_t number = octets.size() == 2 ? static_cast<std::uint8_t>(octets[0]) * 256u + low : low;
  const auto known = [](std::string_view name) { return name == "unknown" ? std::string_view() : name; };
  switch (role) {
    case Role::tls_content_type: return known(content_type_name(low));
    case Role::tls_handshake_type: return known(handshake_message_name(low));
    case Role::tls_version: return known(tls_version_name(number));
    case Role::tls_cipher_suite: return known(cipher_suite_name(number));
    case Role::tls_extension_type: return known(extension_name(number));
    case Role::tls_alert: return known(alert_name(low));
    default: return {};
  }
}

}  // namespace glasspost
