#include "protocol/sasl/scram.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "protocol/base/cursor.h"

namespace glasspost::sasl::scram {
namespace {

const char* name_of(Hash hash) { return hash == Hash::sha1 ? "SHA1" : "SHA256"; }

constexpr bool is_value(char c) { return c != ',' && c != '\0'; }

// saslname = 1*(value-safe-char / "=2C" / "=3D")                                                 RFC 5802 section 7
Result<std::string> take_saslname(Cursor& c) {
  std::string out;
  while (!c.done() && c.peek() != ',') {
    if (c.peek() == '\0') return c.fail(Fault::bad_octet, "saslname");
    if (c.peek() != '=') out += c.peek(), c.skip();
    else if (c.take("=2C")) out += ',';
    else if (c.take("=3D")) out += '=';
    else return c.wanted("saslname");
  }
  if (out.empty()) return c.wanted("saslname");
  return out;
}

// nonce = "r=" c-nonce [s-nonce]; printable = %x21-2B / %x2D-7E
Result<std::string> take_nonce(Cursor& c) {
  if (!c.take("r=")) return c.wanted("nonce");
  const auto nonce = c.take_while([](char x) { return x >= 0x21 && x <= 0x7e && x != ','; });
  if (nonce.empty()) return c.wanted("nonce");
  return std::string(nonce);
}

Result<std::string> take_base64(Cursor& c, std::string_view name, std::string_view rule) {
  if (!c.take(name)) return c.wanted(rule);
  const std::size_t begin = c.position();
  const auto octets = base64_decode(c.take_while(is_value));
  if (!octets || octets->empty()) return fail(Fault::syntax, begin, rule);
  return *octets;
}

// extensions = attr-val *("," attr-val). None is defined; they are read over. "m=" would be mandatory, and unknown.
Result<void> take_extensions(Cursor& c, std::string_view up_to) {
  while (!c.done()) {
    if (!up_to.empty() && c.rest().starts_with(up_to)) return {};
    if (!c.take(',')) return c.wanted("\",\"");
    if (!is_alpha(c.peek()) || c.peek(1) != '=') return c.wanted("attr-val");
    if (c.peek() == 'm') return c.fail(Fault::unsupported, "no mandatory extension");
    c.take_while(is_value);
  }
  return up_to.empty() ? Result<void>() : Result<void>(c.wanted(up_to));
}

}  // namespace

// gs2-header = gs2-cbind-flag "," [ authzid ] ","        gs2-cbind-flag = ("p=" cb-name) / "n" / "y"
// client-first-message-bare = [reserved-mext ","] username "," nonce ["," extensions]
Result<ClientFirst> parse_client_first(std::string_view text) {
  Cursor c(text);
  ClientFirst out;
  if (c.take("p=")) {
    out.binding = Binding::used;
    out.binding_kind = c.take_while([](char x) { return is_alnum(x) || x == '.' || x == '-'; });
    if (out.binding_kind.empty()) return c.wanted("cb-name");
  } else if (c.take('y')) {
    out.binding = Binding::not_offered;
  } else if (!c.take('n')) {
    return c.wanted("gs2-cbind-flag");
  }
  if (!c.take(',')) return c.wanted("\",\"");
  if (c.take("a=")) {
    auto name = take_saslname(c);
    if (!name) return tl::unexpected(name.error());
    out.authorize_as = std::move(*name);
  }
  if (!c.take(',')) return c.wanted("authzid");
  out.gs2_header = c.since(0);
  out.bare = c.rest();
  if (c.peek() == 'm') return c.fail(Fault::unsupported, "no mandatory extension");
  if (!c.take("n=")) return c.wanted("username");
  auto user = take_saslname(c);
  if (!user) return tl::unexpected(user.error());
  out.user = std::move(*user);
  if (!c.take(',')) return c.wanted("\",\"");
  auto nonce = take_nonce(c);
  if (!nonce) return tl::unexpected(nonce.error());
  out.nonce = std::move(*nonce);
  if (auto rest = take_extensions(c, {}); !rest) return tl::unexpected(rest.error());
  return out;
}

// server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
Result<ServerFirst> parse_server_first(std::string_view text) {
  Cursor c(text);
  ServerFirst out;
  auto nonce = take_nonce(c);
  if (!nonce) return tl::unexpected(nonce.error());
  out.nonce = std::move(*nonce);
  if (!c.take(',')) return c.wanted("\",\"");
  auto salt = take_base64(c, "s=", "salt");
  if (!salt) return tl::unexpected(salt.error());
  out.salt = std::move(*salt);
  if (!c.take(",i=")) return c.wanted("iteration-count");
  const std::size_t begin = c.position();
  const auto count = to_u32(c.take_while(is_digit));
  if (!count || *count == 0) return fail(Fault::number_range, begin, "iteration-count");
  out.iterations = *count;
  if (auto rest = take_extensions(c, {}); !rest) return tl::unexpected(rest.error());
  return out;
}

// client-final-message = channel-binding "," nonce ["," extensions] "," proof
Result<ClientFinal> parse_client_final(std::string_view text) {
  Cursor c(text);
  ClientFinal out;
  auto binding = take_base64(c, "c=", "channel-binding");
  if (!binding) return tl::unexpected(binding.error());
  out.binding = std::move(*binding);
  if (!c.take(',')) return c.wanted("\",\"");
  auto nonce = take_nonce(c);
  if (!nonce) return tl::unexpected(nonce.error());
  out.nonce = std::move(*nonce);
  if (auto middle = take_extensions(c, ",p="); !middle) return tl::unexpected(middle.error());
  out.without_proof = c.since(0);
  c.skip();
  auto proof = take_base64(c, "p=", "proof");
  if (!proof) return tl::unexpected(proof.error());
  if (!c.done()) return c.wanted("end of message");
  out.proof = std::move(*proof);
  return out;
}

// server-final-message = (server-error / verifier) ["," extensions]
Result<ServerFinal> parse_server_final(std::string_view text) {
  Cursor c(text);
  ServerFinal out;
  if (c.take("e=")) {
    out.error = c.take_while(is_value);
    if (out.error.empty()) return c.wanted("server-error");
  } else {
    auto verifier = take_base64(c, "v=", "verifier");
    if (!verifier) return tl::unexpected(verifier.error());
    out.verifier = std::move(*verifier);
  }
  if (auto rest = take_extensions(c, {}); !rest) return tl::unexpected(rest.error());
  return out;
}

std::string saslname(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ',') out += "=2C";
    else if (c == '=') out += "=3D";
    else out += c;
  }
  return out;
}

std::string gs2_header(Binding binding, std::string_view binding_kind, std::string_view authorize_as) {
  std::string out(1, static_cast<char>(binding));
  if (binding == Binding::used) (out += '=') += binding_kind;
  out += ',';
  if (!authorize_as.empty()) out += "a=" + saslname(authorize_as);
  return out + ',';
}

std::string client_first_bare(std::string_view user, std::string_view nonce) {
  return fmt::format("n={},r={}", saslname(user), nonce);
}

std::string to_text(const ServerFirst& first) {
  return fmt::format("r={},s={},i={}", first.nonce, base64_encode(first.salt), first.iterations);
}

std::string client_final_without_proof(std::string_view gs2_header, std::string_view binding_data, std::string_view nonce) {
  return fmt::format("c={},r={}", base64_encode(std::string(gs2_header) + std::string(binding_data)), nonce);
}

std::string digest(Hash hash, std::string_view octets) {
  unsigned char out[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  const int ok = EVP_Q_digest(nullptr, name_of(hash), nullptr, octets.data(), octets.size(), out, &size);
  return ok == 1 ? std::string(reinterpret_cast<const char*>(out), size) : std::string();
}

std::string hmac(Hash hash, std::string_view key, std::string_view octets) {
  unsigned char out[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  const unsigned char* done =
      EVP_Q_mac(nullptr, "HMAC", nullptr, name_of(hash), nullptr, key.data(), key.size(),
                reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), out, sizeof out, &size);
  return done ? std::string(reinterpret_cast<const char*>(out), size) : std::string();
}

std::string salted_password(Hash hash, std::string_view password, std::string_view salt, std::uint32_t iterations) {
  const EVP_MD* digest = hash == Hash::sha1 ? EVP_sha1() : EVP_sha256();
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(digest)), '\0');
  const int ok = PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                                   reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()),
                                   static_cast<int>(iterations), digest, static_cast<int>(out.size()),
                                   reinterpret_cast<unsigned char*>(out.data()));
  return ok == 1 ? out : std::string();
}

std::string exclusive_or(std::string_view a, std::string_view b) {
  std::string out(a);
  for (std::size_t i = 0; i < out.size() && i < b.size(); ++i) out[i] = static_cast<char>(out[i] ^ b[i]);
  return out;
}

// SaltedPassword  := Hi(Normalize(password), salt, i)
// ClientKey       := HMAC(SaltedPassword, "Client Key")      StoredKey       := H(ClientKey)
// ClientSignature := HMAC(StoredKey, AuthMessage)            ClientProof     := ClientKey XOR ClientSignature
// ServerKey       := HMAC(SaltedPassword, "Server Key")      ServerSignature := HMAC(ServerKey, AuthMessage)
Proofs proofs(Hash hash, std::string_view password, std::string_view salt, std::uint32_t iterations, std::string_view auth_message) {
  const std::string salted = salted_password(hash, password, salt, iterations);
  const std::string client_key = hmac(hash, salted, "Client Key");
  const std::string signature = hmac(hash, digest(hash, client_key), auth_message);
  return {exclusive_or(client_key, signature), hmac(hash, hmac(hash, salted, "Server Key"), auth_message)};
}

}  // namespace glasspost::sasl::scram
