// What a token is. The role picks the token's colour, its explanation (catalogue key "<role name>/<TOKEN>", else
// "<role name>") and whether it is a secret. The set is closed; the table in role.cpp is checked against it.
#pragma once

#include <cstdint>
#include <string_view>

namespace glasspost {

enum class Role : std::uint8_t {
  // shared by the protocols
  space,      // separates
  crlf,       // ends a line
  plain,      // part of a line that could not be parsed
  text,       // words for people
  base64,     // a challenge or an answer that carries no secret
  secret,     // any other thing nobody may see
  sasl_server_proof,  // a challenge with SCRAM's server-final: with it anybody could check a guess at the password
  // message content, as carried by DATA, a literal or RETR
  content_header_name,
  content_header_value,
  content_blank,        // the empty line between headers and body
  content_body,
  content_stuffed_dot,  // the dot put in front of a line that begins with one
  content_end,          // CRLF.CRLF's dot
  content_omitted,      // not kept: over the limit of what is shown
  // SMTP and LMTP
  smtp_verb,
  smtp_client_name,
  smtp_path_keyword,    // "FROM:", "TO:"
  smtp_reverse_path,
  smtp_forward_path,
  smtp_parameter,       // "SIZE", "BODY": a MAIL or RCPT parameter's keyword
  smtp_parameter_value,
  smtp_argument,        // of VRFY, EXPN, HELP, NOOP
  smtp_chunk_size,      // of BDAT
  smtp_chunk_last,      // "LAST"
  smtp_mechanism,
  smtp_initial_response,
  smtp_auth_response,
  smtp_auth_cancel,     // "*"
  smtp_code,            // three digits
  smtp_separator,       // "-": more lines follow; " ": the last
  smtp_enhanced_code,
  smtp_challenge,
  smtp_server_name,
  smtp_capability,
  smtp_capability_value,
  // IMAP
  imap_tag,
  imap_untagged,        // "*"
  imap_continue,        // "+"
  imap_verb,
  imap_uid_prefix,      // "UID" before FETCH, STORE, COPY, MOVE, SEARCH, EXPUNGE
  imap_status,          // OK NO BAD BYE PREAUTH
  imap_code,            // the name in brackets
  imap_code_value,
  imap_response,        // EXISTS, FETCH, LIST, ...
  imap_number,          // a count
  imap_sequence_number,
  imap_uid,
  imap_sequence_set,
  imap_uid_set,
  imap_mailbox,
  imap_reference,
  imap_pattern,
  imap_delimiter,
  imap_mailbox_attribute,
  imap_flag,
  imap_flag_operation,  // FLAGS, +FLAGS, -FLAGS.SILENT
  imap_fetch_item,
  imap_section,
  imap_partial,
  imap_fetch_value,
  imap_envelope_field,
  imap_structure_field,
  imap_search_key,
  imap_search_value,
  imap_charset,
  imap_date_time,
  imap_status_item,
  imap_status_value,
  imap_namespace_value,
  imap_id_field,
  imap_id_value,
  imap_option,  // of a command's argument that an extension brings: RETURN, SUBSCRIBED, CHANGEDSINCE
  imap_option_value,
  imap_result_item,  // what ESEARCH and THREAD say: MIN, ALL
  imap_modseq,
  imap_sort_key,
  imap_algorithm,  // of THREAD and COMPRESS
  imap_object_id,  // RFC 8474
  imap_quota_root,
  imap_quota_resource,
  imap_metadata_entry,
  imap_metadata_value,
  imap_identifier,  // whom a right is given: RFC 4314
  imap_rights,
  imap_literal_size,    // "{42}", "{42+}", "~{42}"
  imap_nil,
  imap_paren,
  imap_capability,
  imap_user,
  imap_password,
  imap_mechanism,
  imap_initial_response,
  imap_auth_response,
  imap_auth_cancel,
  imap_challenge,
  imap_done,
  // POP3
  pop3_verb,
  pop3_ok,
  pop3_err,
  pop3_response_code,   // "[IN-USE]"
  pop3_timestamp,       // the greeting's, for APOP
  pop3_user,
  pop3_password,
  pop3_digest,
  pop3_message_number,
  pop3_count,
  pop3_octets,
  pop3_line_count,
  pop3_unique_id,
  pop3_language,        // a tag of LANG, or "*"
  pop3_language_name,   // what its speakers call it
  pop3_capability,
  pop3_capability_value,
  pop3_mechanism,
  pop3_initial_response,
  pop3_auth_response,
  pop3_auth_cancel,
  pop3_challenge,
  pop3_continue,        // "+"
  pop3_end,             // the lone dot
  // DNS, in RFC 1035's order
  dns_id,
  dns_flags,
  dns_count,
  dns_name,
  dns_type,
  dns_class,
  dns_ttl,
  dns_data_length,
  dns_preference,
  dns_exchange,
  dns_address,
  dns_data,
  // TLS
  tls_content_type,
  tls_version,
  tls_length,
  tls_handshake_type,
  tls_random,
  tls_session_id,
  tls_cipher_suite,
  tls_compression,
  tls_extension_type,
  tls_extension_data,
  tls_server_name,
  tls_certificate,
  tls_signature,
  tls_verify_data,
  tls_alert,
  tls_data,             // anything else inside a handshake message
  tls_ciphertext,
  tls_tag,              // the authentication tag of AEAD
};
inline constexpr int role_count = int(Role::tls_tag) + 1;

std::string_view name_of(Role);  // "smtp_verb"
constexpr bool is_secret(Role role) {
  switch (role) {
    case Role::secret:
    case Role::sasl_server_proof:
    case Role::smtp_initial_response:
    case Role::smtp_auth_response:
    case Role::imap_password:
    case Role::imap_initial_response:
    case Role::imap_auth_response:
    case Role::pop3_password:
    case Role::pop3_digest:
    case Role::pop3_initial_response:
    case Role::pop3_auth_response: return true;
    default: return false;
  }
}

}  // namespace glasspost
