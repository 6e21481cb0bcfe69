// How an answer to a challenge comes about, step by step, for people who want to see it: what each input is, who said it, and
// what is made of it. The same functions compute that the mechanisms themselves use. Nothing is kept.
//   CRAM-MD5  RFC 2195 section 2        SCRAM  RFC 5802 section 3, RFC 7677
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"
#include "protocol/sasl/mechanism.h"

namespace glasspost::sasl {

// Its words are catalogue key "sasl_step/<name_of>".
enum class Quantity : std::uint8_t {
  password, user, challenge, cram_digest, answer,
  gs2_header, client_nonce, server_nonce, salt, iterations, channel_binding, auth_message,
  salted_password, client_key, stored_key, client_signature, client_proof, server_key, server_signature,
  server_message
};
inline constexpr int quantity_count = int(Quantity::server_message) + 1;
std::string_view name_of(Quantity);  // as the RFC calls it: "SaltedPassword"

enum class Origin : std::uint8_t { known, client, server, computed };  // known: to both ends, and never said
std::string_view name_of(Origin);    // "computed"

struct CalculationStep {
  Quantity what = Quantity::password;
  Origin origin = Origin::computed;
  std::string formula;  // "HMAC(SaltedPassword, \"Client Key\")"; empty: nothing is computed
  std::string octets;
  bool is_text = false;  // the octets are words; else they are best shown in hexadecimal
  bool secret = false;   // whoever sees it could log in, or try passwords at leisure: only for who typed the password
};

// CRAM-MD5. The last step is the answer.
std::vector<CalculationStep> cram_steps(std::string_view challenge, std::string_view user, std::string_view password);

// SCRAM: from the client's first message and the server's answer to the client's last message (the step `answer`) and what the
// server has to prove (`server_message`). Without a password, what the messages themselves say. `binding`: of the TLS connection,
// for -PLUS. The error is that of the message that could not be read; its offset is within that message.
Result<std::vector<CalculationStep>> scram_steps(Mechanism, std::string_view client_first, std::string_view server_first,
                                                 std::string_view password, std::string_view binding_data = {});

// The parts of one message of SCRAM, or CRAM-MD5's challenge, whichever it is; empty: it is none of these.
std::vector<CalculationStep> message_parts(std::string_view octets);

}  // namespace glasspost::sasl
