#include "protocol/sasl/steps.h"

#include <fmt/format.h>

#include <array>

#include "protocol/base/text.h"

namespace glasspost::sasl {
namespace {

// In the order of Quantity.
constexpr std::array<std::string_view, quantity_count> quantities = {
    "password",       "user",      "challenge", "digest",          "answer",      "gs2-header",      "client-nonce",
    "server-nonce",   "salt",      "i",         "channel-binding", "AuthMessage", "SaltedPassword",  "ClientKey",
    "StoredKey",      "ClientSignature",        "ClientProof",     "ServerKey",   "ServerSignature", "server-final"};

CalculationStep said(Quantity what, Origin origin, std::string octets, bool is_text = true) {
  return {what, origin, {}, std::move(octets), is_text, false};
}
CalculationStep computed(Quantity what, std::string formula, std::string octets, bool is_text = false) {
  return {what, Origin::computed, std::move(formula), std::move(octets), is_text, true};
}

std::string from_hex(std::string_view digits) {
  std::string out;
  const auto value = [](char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) out += static_cast<char>(value(digits[i]) << 4 | value(digits[i + 1]));
  return out;
}

// RFC 5802 section 3, from the password on.
void add_proofs(std::vector<CalculationStep>& steps, scram::Hash hash, std::string_view password, const scram::ServerFirst& server,
                const std::string& auth_message, const std::string& without_proof) {
  const std::string salted = scram::salted_password(hash, password, server.salt, server.iterations);
  const std::string client_key = scram::hmac(hash, salted, "Client Key");
  const std::string stored_key = scram::digest(hash, client_key);
  const std::string signature = scram::hmac(hash, stored_key, auth_message);
  const std::string proof = scram::exclusive_or(client_key, signature);
  const std::string server_key = scram::hmac(hash, salted, "Server Key");
  const std::string server_signature = scram::hmac(hash, server_key, auth_message);
  steps.push_back({Quantity::password, Origin::known, {}, std::string(password), true, true});
  steps.push_back(computed(Quantity::salted_password, fmt::format("Hi(password, salt, {})", server.iterations), salted));
  steps.push_back(computed(Quantity::client_key, "HMAC(SaltedPassword, \"Client Key\")", client_key));
  steps.push_back(computed(Quantity::stored_key, "H(ClientKey)", stored_key));
  steps.push_back(computed(Quantity::client_signature, "HMAC(StoredKey, AuthMessage)", signature));
  steps.push_back(computed(Quantity::client_proof, "ClientKey XOR ClientSignature", proof));
  steps.push_back(computed(Quantity::answer, "c=…,r=…,p=base64(ClientProof)",
                           fmt::format("{},p={}", without_proof, base64_encode(proof)), true));
  steps.push_back(computed(Quantity::server_key, "HMAC(SaltedPassword, \"Server Key\")", server_key));
  steps.push_back(computed(Quantity::server_signature, "HMAC(ServerKey, AuthMessage)", server_signature));
  steps.push_back(computed(Quantity::server_message, "v=base64(ServerSignature)", "v=" + base64_encode(server_signature), true));
}

}  // namespace

std::string_view name_of(Quantity quantity) { return quantities[static_cast<std::size_t>(quantity)]; }

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::known: return "known";
    case Origin::client: return "client";
    case Origin::server: return "server";
    case Origin::computed: return "computed";
  }
  return "";
}

std::vector<CalculationStep> cram_steps(std::string_view challenge, std::string_view user, std::string_view password) {
  const std::string digest = cram_md5_digest(challenge, password);
  return {said(Quantity::challenge, Origin::server, std::string(challenge)),
          said(Quantity::user, Origin::client, std::string(user)),
          {Quantity::password, Origin::known, {}, std::string(password), true, true},
          computed(Quantity::cram_digest, "HMAC-MD5(password, challenge)", from_hex(digest)),
          computed(Quantity::answer, "user SP hex(digest)", fmt::format("{} {}", user, digest), true)};
}

Result<std::vector<CalculationStep>> scram_steps(Mechanism mechanism, std::string_view client_first, std::string_view server_first,
                                                 std::string_view password, std::string_view binding_data) {
  const auto hash = scram_hash(mechanism);
  if (!hash) return fail(Fault::unsupported, 0, "SCRAM");
  const auto client = scram::parse_client_first(client_first);
  if (!client) return tl::unexpected(client.error());
  const auto server = scram::parse_server_first(server_first);
  if (!server) return tl::unexpected(server.error());
  if (!server->nonce.starts_with(client->nonce)) return fail(Fault::mismatch, 2, "nonce");
  if (server->iterations > scram::most_iterations) return fail(Fault::number_range, 0, "iteration-count");
  std::vector<CalculationStep> steps = {
      said(Quantity::gs2_header, Origin::client, client->gs2_header),
      said(Quantity::user, Origin::client, client->user),
      said(Quantity::client_nonce, Origin::client, client->nonce),
      said(Quantity::server_nonce, Origin::server, server->nonce.substr(client->nonce.size())),
      said(Quantity::salt, Origin::server, server->salt, false),
      said(Quantity::iterations, Origin::server, std::to_string(server->iterations))};
  if (!binding_data.empty()) steps.push_back({Quantity::channel_binding, Origin::known, {}, std::string(binding_data), false, false});
  const std::string without_proof = scram::client_final_without_proof(client->gs2_header, binding_data, server->nonce);
  const std::string auth_message = fmt::format("{},{},{}", client->bare, server_first, without_proof);
  steps.push_back({Quantity::auth_message, Origin::computed, "client-first-bare \",\" server-first \",\" client-final-without-proof",
                   auth_message, true, false});
  if (!password.empty()) add_proofs(steps, *hash, password, *server, auth_message, without_proof);
  return steps;
}

std::vector<CalculationStep> message_parts(std::string_view octets) {
  if (const auto first = scram::parse_client_first(octets))
    return {said(Quantity::gs2_header, Origin::client, first->gs2_header), said(Quantity::user, Origin::client, first->user),
            said(Quantity::client_nonce, Origin::client, first->nonce)};
  if (const auto first = scram::parse_server_first(octets))  // where the client's nonce ends is not to be seen here
    return {said(Quantity::server_nonce, Origin::server, first->nonce), said(Quantity::salt, Origin::server, first->salt, false),
            said(Quantity::iterations, Origin::server, std::to_string(first->iterations))};
  if (const auto final = scram::parse_client_final(octets))
    return {said(Quantity::gs2_header, Origin::client, final->binding), said(Quantity::server_nonce, Origin::client, final->nonce),
            {Quantity::client_proof, Origin::client, {}, final->proof, false, true}};
  if (const auto final = scram::parse_server_final(octets); final && final->error.empty())
    return {{Quantity::server_signature, Origin::server, {}, final->verifier, false, true}};
  // msg-id, as RFC 2195 section 2 has it
  const bool challenge = octets.size() > 4 && octets.front() == '<' && octets.back() == '>' && octets.find('@') != octets.npos;
  if (challenge) return {said(Quantity::challenge, Origin::server, std::string(octets))};
  return {};
}

}  // namespace glasspost::sasl
