#include "protocol/sasl/mechanism.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cassert>

#include "protocol/base/text.h"

namespace glasspost::sasl {
namespace {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string md5(std::string_view octets) {
  unsigned char out[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  const int ok = EVP_Q_digest(nullptr, "MD5", nullptr, octets.data(), octets.size(), out, &size);
  return ok == 1 ? std::string(reinterpret_cast<const char*>(out), size) : std::string();
}

// message = [authzid] UTF8NUL authcid UTF8NUL passwd                                             RFC 4616 section 2
ServerStep plain(Attempt attempt, std::string_view message) {
  const auto first = message.find('\0');
  if (first == message.npos) return Error{Fault::syntax, static_cast<std::uint32_t>(message.size()), "UTF8NUL"};
  const auto second = message.find('\0', first + 1);
  if (second == message.npos) return Error{Fault::syntax, static_cast<std::uint32_t>(message.size()), "UTF8NUL"};
  attempt.authorize_as = message.substr(0, first);
  attempt.identity = message.substr(first + 1, second - first - 1);
  attempt.password = message.substr(second + 1);
  if (attempt.identity.empty()) return Error{Fault::syntax, static_cast<std::uint32_t>(first + 1), "authcid"};
  if (attempt.password.empty()) return Error{Fault::syntax, static_cast<std::uint32_t>(second + 1), "passwd"};
  if (const auto nul = attempt.password.find('\0'); nul != std::string::npos)
    return Error{Fault::bad_octet, static_cast<std::uint32_t>(second + 1 + nul), "passwd"};
  return attempt;
}

// response = user SP 32HEXDIG                                                                    RFC 2195 section 2
ServerStep cram(Attempt attempt, std::string_view answer) {
  const auto space = answer.rfind(' ');
  if (space == answer.npos || space == 0) return Error{Fault::syntax, 0, "user SP digest"};
  const std::string_view digest = answer.substr(space + 1);
  const auto is_hex = [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); };
  if (digest.size() != 32 || !std::all_of(digest.begin(), digest.end(), is_hex))
    return Error{Fault::syntax, static_cast<std::uint32_t>(space + 1), "digest"};
  attempt.identity = answer.substr(0, space);
  attempt.digest = to_lower(digest);
  return attempt;
}

// The token of "auth=Bearer TOKEN" among key=value pairs, each ended by %x01; the others are read over.
//                                                                                                RFC 7628 section 3.1
std::optional<std::string> bearer(std::string_view pairs) {
  std::optional<std::string> token;
  while (!pairs.empty() && pairs.front() != '\x01') {
    const auto end = pairs.find('\x01');
    if (end == pairs.npos) return std::nullopt;
    const std::string_view pair = pairs.substr(0, end);
    pairs.remove_prefix(end + 1);
    constexpr std::string_view key = "auth=bearer ";
    if (starts_with_ignoring_case(pair, key)) token = pair.substr(key.size());
  }
  return pairs == "\x01" ? token : std::nullopt;
}

// client-resp = (gs2-header kvsep *kvpair kvsep)                                                 RFC 7628 section 3.1
ServerStep oauthbearer(Attempt attempt, std::string_view message) {
  const auto separator = message.find('\x01');
  if (separator == message.npos) return Error{Fault::syntax, static_cast<std::uint32_t>(message.size()), "kvsep"};
  // A gs2-header alone is what SCRAM's first message has in front of its name.
  const auto header = scram::parse_client_first(std::string(message.substr(0, separator)) + "n=x,r=x");
  if (!header || header->binding == scram::Binding::used) return Error{Fault::syntax, 0, "gs2-header"};
  const auto token = bearer(message.substr(separator + 1));
  if (!token || token->empty()) return Error{Fault::syntax, static_cast<std::uint32_t>(separator + 1), "kvpair"};
  attempt.identity = header->authorize_as;
  attempt.password = *token;
  return attempt;
}

// "user=" name %x01 "auth=Bearer " token %x01 %x01
ServerStep xoauth2(Attempt attempt, std::string_view message) {
  constexpr std::string_view key = "user=";
  const auto separator = message.find('\x01');
  if (separator == message.npos || !starts_with_ignoring_case(message, key)) return Error{Fault::syntax, 0, "user="};
  const auto token = bearer(message.substr(separator + 1));
  attempt.identity = message.substr(key.size(), separator - key.size());
  if (!token || token->empty() || attempt.identity.empty())
    return Error{Fault::syntax, static_cast<std::uint32_t>(separator + 1), "auth=Bearer"};
  attempt.password = *token;
  return attempt;
}

std::string for_a_person(std::string_view octets) {
  constexpr std::size_t longest = 400;
  std::string out(octets.substr(0, longest));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

}  // namespace

std::string_view name_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::plain: return "PLAIN";
    case Mechanism::login: return "LOGIN";
    case Mechanism::cram_md5: return "CRAM-MD5";
    case Mechanism::scram_sha_1: return "SCRAM-SHA-1";
    case Mechanism::scram_sha_1_plus: return "SCRAM-SHA-1-PLUS";
    case Mechanism::scram_sha_256: return "SCRAM-SHA-256";
    case Mechanism::scram_sha_256_plus: return "SCRAM-SHA-256-PLUS";
    case Mechanism::oauthbearer: return "OAUTHBEARER";
    case Mechanism::xoauth2: return "XOAUTH2";
    case Mechanism::external: return "EXTERNAL";
  }
  return "";
}

std::optional<Mechanism> mechanism_named(std::string_view name) {
  for (const Mechanism mechanism : all_mechanisms)
    if (equal_ignoring_case(name, name_of(mechanism))) return mechanism;
  return std::nullopt;
}

bool Attempt::proves(std::string_view password_on_file) const {
  if (password_on_file.empty()) return false;
  switch (mechanism) {
    case Mechanism::plain:
    case Mechanism::login: return same(md5(password), md5(password_on_file)) && same(password, password_on_file);
    case Mechanism::cram_md5: return !challenge.empty() && same(digest, cram_md5_digest(challenge, password_on_file));
    case Mechanism::scram_sha_1:
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_256_plus:
      return !challenge.empty() && iterations > 0 &&
             same(digest, scram::proofs(*scram_hash(mechanism), password_on_file, challenge, iterations, auth_message).client);
    case Mechanism::oauthbearer:
    case Mechanism::xoauth2:
    case Mechanism::external: return false;
  }
  return false;
}

namespace {

// A token names its user; the client may have named one too.
Verdict verify_token(const Credentials& credentials, const Attempt& attempt) {
  auto user = attempt.password.empty() ? std::nullopt : credentials.user_of_token(attempt.password);
  if (!user || (!attempt.identity.empty() && !credentials.is_same(attempt.identity, *user))) return {};
  return {true, std::move(*user), {}};
}

// One of the names in the certificate is a user's, and the one that is asked for if one is.
Verdict verify_certificate(const Credentials& credentials, const Attempt& attempt) {
  for (const std::string& name : attempt.certificate_names)
    if (credentials.password_of(name) && (attempt.authorize_as.empty() || credentials.is_same(attempt.authorize_as, name)))
      return {true, name, {}};
  return {};
}

}  // namespace

Verdict verify(const Credentials& credentials, const Attempt& attempt) {
  if (is_token(attempt.mechanism)) return verify_token(credentials, attempt);
  if (attempt.mechanism == Mechanism::external) return verify_certificate(credentials, attempt);
  const auto on_file = credentials.password_of(attempt.identity);
  const std::string password = on_file ? *on_file : "an unknown user takes as long as a wrong password";
  const bool proved = attempt.proves(password);
  const bool own = attempt.authorize_as.empty() || credentials.is_same(attempt.authorize_as, attempt.identity);
  if (!on_file || !proved || !own) return {};
  Verdict verdict{true, attempt.identity, {}};
  if (const auto hash = scram_hash(attempt.mechanism))
    verdict.server_final =
        "v=" + base64_encode(scram::proofs(*hash, password, attempt.challenge, attempt.iterations, attempt.auth_message).server);
  return verdict;
}

// --- the server's side ------------------------------------------------------------------------------------------------

ServerExchange::ServerExchange(Mechanism mechanism, std::string challenge) {
  attempt_.mechanism = mechanism;
  ground_.challenge = std::move(challenge);
  assert(mechanism != Mechanism::cram_md5 || !ground_.challenge.empty());
  if (mechanism == Mechanism::cram_md5) attempt_.challenge = ground_.challenge;
}

ServerExchange::ServerExchange(Mechanism mechanism, ServerGround ground) : ground_(std::move(ground)) {
  attempt_.mechanism = mechanism;
  assert(mechanism != Mechanism::cram_md5 || !ground_.challenge.empty());
  assert(!scram_hash(mechanism) || !ground_.nonce.empty());
  if (mechanism == Mechanism::cram_md5) attempt_.challenge = ground_.challenge;
}

ServerStep ServerExchange::start(std::optional<std::string_view> initial) {
  switch (attempt_.mechanism) {
    case Mechanism::login: return initial ? step(*initial) : ServerStep(Challenge{"Username:"});
    case Mechanism::cram_md5:
      // A server that speaks first has nothing to do with an answer that comes before its question.
      if (initial) return Error{Fault::out_of_order, 0, "no initial-response"};
      return Challenge{attempt_.challenge};
    case Mechanism::plain:
    case Mechanism::scram_sha_1:
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_256_plus:
    case Mechanism::oauthbearer:
    case Mechanism::xoauth2:
    case Mechanism::external: return initial ? step(*initial) : ServerStep(Challenge{});
  }
  return Error{};
}

ServerStep ServerExchange::step(std::string_view answer) {
  switch (attempt_.mechanism) {
    case Mechanism::plain: return plain(attempt_, answer);
    case Mechanism::cram_md5: return cram(attempt_, answer);
    case Mechanism::scram_sha_1:
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_256_plus: return server_first_.empty() ? scram_first(answer) : scram_final(answer);
    case Mechanism::oauthbearer: return oauthbearer(attempt_, answer);
    case Mechanism::xoauth2: return xoauth2(attempt_, answer);
    case Mechanism::external: return external(answer);
    case Mechanism::login: break;
  }
  if (answer.empty()) return Error{Fault::syntax, 0, has_identity_ ? "password" : "user name"};
  if (!has_identity_) {
    has_identity_ = true;
    attempt_.identity = answer;
    return Challenge{"Password:"};
  }
  attempt_.password = answer;
  return attempt_;
}

// RFC 5802 section 6: a client that says "y" has seen no -PLUS on offer. If there was one, somebody took it away on the way.
ServerStep ServerExchange::scram_first(std::string_view message) {
  auto first = scram::parse_client_first(message);
  if (!first) return first.error();
  const bool bound = binds_channel(attempt_.mechanism);
  if (bound != (first->binding == scram::Binding::used)) return Error{Fault::mismatch, 0, "gs2-cbind-flag"};
  if (first->binding == scram::Binding::not_offered && ground_.offers_binding) return Error{Fault::mismatch, 0, "gs2-cbind-flag"};
  if (bound && std::none_of(ground_.bindings.begin(), ground_.bindings.end(),
                            [&](const ChannelBinding& binding) { return binding.kind == first->binding_kind; }))
    return Error{Fault::unsupported, 2, "cb-name"};
  first_ = std::move(*first);
  scram::ServerFirst answer;
  answer.nonce = first_.nonce + ground_.nonce;
  answer.salt = scram::hmac(scram::Hash::sha256, ground_.salt_seed, first_.user).substr(0, 16);
  answer.iterations = ground_.iterations;
  attempt_.identity = first_.user;
  attempt_.authorize_as = first_.authorize_as;
  attempt_.challenge = answer.salt;
  attempt_.iterations = answer.iterations;
  server_first_ = scram::to_text(answer);
  return Challenge{server_first_};
}

ServerStep ServerExchange::scram_final(std::string_view message) {
  auto final = scram::parse_client_final(message);
  if (!final) return final.error();
  if (final->nonce != first_.nonce + ground_.nonce) return Error{Fault::mismatch, 0, "nonce"};
  std::string binding = first_.gs2_header;
  if (first_.binding == scram::Binding::used)
    for (const ChannelBinding& one : ground_.bindings)
      if (one.kind == first_.binding_kind) binding += one.data;
  if (!same(final->binding, binding)) return Error{Fault::mismatch, 0, "channel-binding"};
  attempt_.digest = std::move(final->proof);
  attempt_.auth_message = fmt::format("{},{},{}", first_.bare, server_first_, final->without_proof);
  return attempt_;
}

// The message is whom to act for; empty: whom the certificate names.                             RFC 4422 appendix A.1
ServerStep ServerExchange::external(std::string_view message) {
  if (message.find('\0') != message.npos) return Error{Fault::bad_octet, 0, "authz-id-string"};
  if (ground_.certificate_names.empty()) return Error{Fault::unsupported, 0, "client certificate"};
  attempt_.authorize_as = message;
  attempt_.certificate_names = ground_.certificate_names;
  return attempt_;
}

std::optional<Challenge> ServerExchange::last_word(const Verdict& verdict) const {
  if (verdict.good && !verdict.server_final.empty()) return Challenge{verdict.server_final};
  if (!verdict.good && is_token(attempt_.mechanism))
    return Challenge{R"({"status":"invalid_token","schemes":"bearer","scope":"mail"})"};
  return std::nullopt;
}

bool ServerExchange::confirms(std::string_view answer) const {
  // SCRAM has nothing more to say; whoever was refused a token has said with anything that they have heard it.
  return scram_hash(attempt_.mechanism) ? answer.empty() : true;
}

// --- the client's side ------------------------------------------------------------------------------------------------

ClientExchange::ClientExchange(Mechanism mechanism, std::string user, std::string password, ClientGround ground)
    : mechanism_(mechanism), user_(std::move(user)), password_(std::move(password)), ground_(std::move(ground)) {
  assert(!scram_hash(mechanism) || !ground_.nonce.empty());
  assert(!binds_channel(mechanism) || ground_.binding);
}

scram::Binding ClientExchange::binding_flag() const {
  if (binds_channel(mechanism_)) return scram::Binding::used;
  return ground_.binding ? scram::Binding::not_offered : scram::Binding::not_supported;
}

std::string ClientExchange::header() const {
  return scram::gs2_header(binding_flag(), ground_.binding ? ground_.binding->kind : std::string(), {});
}

std::optional<std::string> ClientExchange::initial_response() const {
  switch (mechanism_) {
    case Mechanism::plain: return '\0' + user_ + '\0' + password_;
    case Mechanism::login:
    case Mechanism::cram_md5: return std::nullopt;
    case Mechanism::scram_sha_1:
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_256_plus: return header() + scram::client_first_bare(user_, ground_.nonce);
    case Mechanism::oauthbearer:
    case Mechanism::xoauth2: return token_response();
    case Mechanism::external: return user_;
  }
  return std::nullopt;
}

// client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep                                         RFC 7628 section 3.1
std::string ClientExchange::token_response() const {
  if (mechanism_ == Mechanism::xoauth2) return fmt::format("user={}\x01" "auth=Bearer {}\x01\x01", user_, password_);
  return fmt::format("{}\x01host={}\x01port={}\x01" "auth=Bearer {}\x01\x01",
                     scram::gs2_header(scram::Binding::not_supported, {}, user_), ground_.host, ground_.port, password_);
}

Result<std::string> ClientExchange::step(std::string_view challenge) {
  const int step = steps_++;
  switch (mechanism_) {
    case Mechanism::plain:
    case Mechanism::external:
      if (step > 0) break;
      return *initial_response();
    case Mechanism::login:
      // The words of the challenges differ from server to server; their order does not.
      if (step > 1) break;
      return step == 0 ? user_ : password_;
    case Mechanism::cram_md5:
      if (step > 0) break;
      if (challenge.empty()) return fail(Fault::syntax, 0, "challenge");
      return user_ + ' ' + cram_md5_digest(challenge, password_);
    case Mechanism::scram_sha_1:
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_256_plus: return scram_step(step, challenge);
    case Mechanism::oauthbearer:
    case Mechanism::xoauth2:
      if (step == 0) return *initial_response();
      if (step > 1) break;
      // The server has said why not, and waits for a sign that it was read: RFC 7628 section 3.2.3; XOAUTH2 wants an empty line.
      reason_ = for_a_person(challenge);
      return mechanism_ == Mechanism::oauthbearer ? std::string("\x01") : std::string();
  }
  return fail(Fault::out_of_order, 0, "end of exchange");
}

Result<std::string> ClientExchange::scram_step(int step, std::string_view challenge) {
  if (step == 0) return *initial_response();
  if (step == 2) {
    const auto final = scram::parse_server_final(challenge);
    if (!final) return tl::unexpected(final.error());
    server_proved_ = final->error.empty() && same(final->verifier, server_signature_);
    if (!server_proved_) return fail(Fault::mismatch, 0, "verifier");
    return std::string();
  }
  if (step > 2) return fail(Fault::out_of_order, 0, "end of exchange");
  const auto first = scram::parse_server_first(challenge);
  if (!first) return tl::unexpected(first.error());
  // RFC 5802 section 5.1: the nonce begins with ours, and the server has added to it.
  if (!first->nonce.starts_with(ground_.nonce) || first->nonce.size() == ground_.nonce.size())
    return fail(Fault::mismatch, 0, "nonce");
  if (first->iterations < scram::usual_iterations || first->iterations > scram::most_iterations)
    return fail(Fault::number_range, 0, "iteration-count");
  const std::string_view data = binds_channel(mechanism_) ? std::string_view(ground_.binding->data) : std::string_view();
  const std::string without_proof = scram::client_final_without_proof(header(), data, first->nonce);
  const std::string auth_message =
      fmt::format("{},{},{}", scram::client_first_bare(user_, ground_.nonce), challenge, without_proof);
  scram::Proofs proofs = scram::proofs(*scram_hash(mechanism_), password_, first->salt, first->iterations, auth_message);
  server_signature_ = std::move(proofs.server);
  return fmt::format("{},p={}", without_proof, base64_encode(proofs.client));
}

std::optional<Mechanism> choose_mechanism(const std::vector<std::string>& offered, Choice choice) {
  using enum Mechanism;
  const std::vector<Mechanism> strong = {scram_sha_256_plus, scram_sha_1_plus, scram_sha_256, scram_sha_1, cram_md5, plain, login};
  const std::vector<Mechanism> simple = {plain, login, cram_md5, scram_sha_256_plus, scram_sha_1_plus, scram_sha_256, scram_sha_1};
  // Inside TLS CRAM-MD5 is no better than a password, and servers that know nothing else keep passwords in clear for it.
  const std::vector<Mechanism> strong_sealed = {scram_sha_256_plus, scram_sha_1_plus, scram_sha_256, scram_sha_1, plain, login, cram_md5};
  for (const Mechanism mechanism : choice.sealed ? (choice.strongest ? strong_sealed : simple) : strong) {
    if (!choice.sealed && !choice.in_clear_too && sends_password(mechanism)) continue;
    if (scram_hash(mechanism) && !choice.has_nonce) continue;
    if (binds_channel(mechanism) && !choice.can_bind) continue;
    if (std::find(offered.begin(), offered.end(), name_of(mechanism)) != offered.end()) return mechanism;
  }
  return std::nullopt;
}

// --- digests ----------------------------------------------------------------------------------------------------------

std::string cram_md5_digest(std::string_view challenge, std::string_view password) {
  unsigned char out[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  const unsigned char* done =
      EVP_Q_mac(nullptr, "HMAC", nullptr, "MD5", nullptr, password.data(), password.size(),
                reinterpret_cast<const unsigned char*>(challenge.data()), challenge.size(), out, sizeof out, &size);
  return done ? hex({reinterpret_cast<const char*>(out), size}) : std::string();
}

std::string apop_digest(std::string_view timestamp, std::string_view password) {
  return hex(md5(fmt::format("{}{}", timestamp, password)));
}

bool apop_proves(std::string_view timestamp, std::string_view digest, std::string_view password_on_file) {
  if (password_on_file.empty() || timestamp.empty()) return false;
  return same(to_lower(digest), apop_digest(timestamp, password_on_file));
}

bool same_octets(std::string_view a, std::string_view b) { return same(a, b); }

bool is_server_proof(std::string_view challenge_in_base64) {
  constexpr std::size_t longest = 256;
  if (challenge_in_base64.size() > longest || !challenge_in_base64.starts_with("dj")) return false;  // "v="
  const auto octets = base64_decode(challenge_in_base64);
  return octets && octets->starts_with("v=");
}

std::string unpredictable(std::size_t octets) {
  std::string random(octets, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(octets)) != 1) return {};
  std::string text = base64_encode(random);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

}  // namespace glasspost::sasl
