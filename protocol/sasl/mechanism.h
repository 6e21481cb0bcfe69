// SASL mechanisms, both sides, as SMTP, IMAP and POP3 share them. Everything here is raw octets: the protocols put
// base64 around it and say how an exchange is cancelled ("*").
//   PLAIN                                       RFC 4616
//   LOGIN                                       never a standard: two challenges, "Username:" and "Password:"
//   CRAM-MD5                                    RFC 2195
//   SCRAM-SHA-1, SCRAM-SHA-256, each -PLUS too  RFC 5802, RFC 7677; channel binding RFC 5929, RFC 9266
//   OAUTHBEARER                                 RFC 7628
//   XOAUTH2                                     Google's and Microsoft's, never a standard
//   EXTERNAL                                    RFC 4422 appendix A: the client's TLS certificate says who it is
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/channel_binding.h"
#include "protocol/base/result.h"
#include "protocol/sasl/scram.h"

namespace glasspost::sasl {

enum class Mechanism : std::uint8_t {
  plain, login, cram_md5, scram_sha_1, scram_sha_1_plus, scram_sha_256, scram_sha_256_plus, oauthbearer, xoauth2, external
};
inline constexpr std::array all_mechanisms = {
    Mechanism::scram_sha_256_plus, Mechanism::scram_sha_1_plus, Mechanism::scram_sha_256, Mechanism::scram_sha_1,
    Mechanism::external,           Mechanism::oauthbearer,      Mechanism::xoauth2,       Mechanism::cram_md5,
    Mechanism::plain,              Mechanism::login};
std::string_view name_of(Mechanism);                           // "CRAM-MD5"
std::optional<Mechanism> mechanism_named(std::string_view);    // in any case
constexpr bool is_token(Mechanism mechanism) { return mechanism == Mechanism::oauthbearer || mechanism == Mechanism::xoauth2; }
// The password (or a token, as good as one) itself crosses the wire, so that the mechanism is only fit for use inside TLS.
constexpr bool sends_password(Mechanism mechanism) {
  return mechanism == Mechanism::plain || mechanism == Mechanism::login || is_token(mechanism);
}
// -PLUS: the proof holds for one TLS connection only.
constexpr bool binds_channel(Mechanism mechanism) {
  return mechanism == Mechanism::scram_sha_1_plus || mechanism == Mechanism::scram_sha_256_plus;
}
constexpr std::optional<scram::Hash> scram_hash(Mechanism mechanism) {
  if (mechanism == Mechanism::scram_sha_1 || mechanism == Mechanism::scram_sha_1_plus) return scram::Hash::sha1;
  if (mechanism == Mechanism::scram_sha_256 || mechanism == Mechanism::scram_sha_256_plus) return scram::Hash::sha256;
  return std::nullopt;
}

// Somebody wants to log in. The service looks up the identity and asks proves(), or has verify() do both.
struct Attempt {
  Mechanism mechanism = Mechanism::plain;
  std::string identity;      // who logs in (authcid); may be empty: EXTERNAL, OAUTHBEARER
  std::string authorize_as;  // whom they want to act for (authzid); empty: themselves
  std::string password;      // PLAIN, LOGIN; the token of OAUTHBEARER and XOAUTH2
  std::string challenge;     // CRAM-MD5: what was asked; SCRAM: the salt,
  std::string digest;        // and the 32 hex digits that came back; SCRAM: the client's proof, octets
  std::string auth_message = {};               // SCRAM: of which the proofs are made
  std::uint32_t iterations = 0;                // SCRAM
  std::vector<std::string> certificate_names = {};  // EXTERNAL: whom the client's certificate names, which has been verified

  // Takes as long for a wrong password as for the right one. An empty password proves nothing. Tokens and certificates are
  // not proved by a password: false.
  bool proves(std::string_view password_on_file) const;
};

// Where a service finds its users.
class Credentials {
 public:
  virtual ~Credentials() = default;
  virtual std::optional<std::string> password_of(std::string_view user) const = 0;
  virtual std::optional<std::string> user_of_token(std::string_view) const { return std::nullopt; }
  // Two spellings of one user.
  virtual bool is_same(std::string_view a, std::string_view b) const { return a == b; }
};

struct Verdict {
  bool good = false;
  std::string identity;      // who it was found to be
  std::string server_final;  // SCRAM: what the server still has to prove
  explicit operator bool() const { return good; }
};
// The user exists, the password is right, and nobody asks to act for another.
Verdict verify(const Credentials&, const Attempt&);

struct Challenge {
  std::string octets;
};
using ServerStep = std::variant<Challenge, Attempt, Error>;

// What a server's side of an exchange has to know.
struct ServerGround {
  std::string challenge;                // what CRAM-MD5 asks, "<unpredictable@host>" as RFC 2195 section 2 has it
  std::string nonce;                    // the server's part of SCRAM's; printable, no comma, and nobody can guess it
  std::string salt_seed;                // a user's salt is made of it: always the same one, for whoever does not exist too
  std::uint32_t iterations = scram::usual_iterations;
  std::vector<ChannelBinding> bindings; // of this TLS connection; empty: it cannot be bound
  bool offers_binding = false;          // a -PLUS mechanism was offered to this client
  std::vector<std::string> certificate_names;  // of the client's certificate, if it has been verified
};

// A server's side of one exchange. An error ends it; so does the attempt, but for its last word.
class ServerExchange {
 public:
  explicit ServerExchange(Mechanism, std::string challenge = {});
  ServerExchange(Mechanism, ServerGround);

  // `initial`: what came with the command, decoded; nothing if nothing came.
  ServerStep start(std::optional<std::string_view> initial);
  ServerStep step(std::string_view answer);
  // The attempt has been decided. What has to be said, as one more challenge, before the protocol's own yes or no: SCRAM's
  // proof that the server is the right one, or why a token was not taken (JSON, RFC 7628 section 3.2.2).
  std::optional<Challenge> last_word(const Verdict&) const;
  // The answer to the last word; false: the client does not go along, and nobody is logged in.
  bool confirms(std::string_view answer) const;
  Mechanism mechanism() const { return attempt_.mechanism; }

 private:
  ServerStep scram_first(std::string_view message);
  ServerStep scram_final(std::string_view message);
  ServerStep external(std::string_view message);

  Attempt attempt_;
  ServerGround ground_;
  bool has_identity_ = false;
  scram::ClientFirst first_;
  std::string server_first_;
};

// What a client's side of an exchange has to know besides name and password.
struct ClientGround {
  std::string nonce;                      // SCRAM: printable, no comma, and nobody can guess it
  std::optional<ChannelBinding> binding;  // of this TLS connection. With a mechanism that is not -PLUS: it says that it would
                                          // have bound, so that a server that offered it notices who took the offer away
  std::string host;                       // OAUTHBEARER: where it connected to
  std::uint16_t port = 0;
};

// A client's side of one exchange.
class ClientExchange {
 public:
  // `password`: or the token.
  ClientExchange(Mechanism, std::string user, std::string password, ClientGround = {});

  // What may be sent with the command; nothing if the server has to speak first. CRAM-MD5 has none, and LOGIN's is
  // held back, since not every server understands it there. It stands in place of the first step.
  std::optional<std::string> initial_response() const;
  Result<std::string> step(std::string_view challenge);
  // The server may be believed when it says yes: it has proved itself if the mechanism has it do so.
  bool is_satisfied() const { return !scram_hash(mechanism_) || server_proved_; }
  // What the server gave as the reason against a token (JSON), made fit for a person's eyes.
  const std::string& reason() const { return reason_; }
  Mechanism mechanism() const { return mechanism_; }

 private:
  scram::Binding binding_flag() const;
  std::string header() const;
  std::string token_response() const;
  Result<std::string> scram_step(int step, std::string_view challenge);

  Mechanism mechanism_;
  std::string user_, password_;
  ClientGround ground_;
  int steps_ = 0;
  bool server_proved_ = false;
  std::string server_signature_, reason_;
};

// The best of what is offered, for a client that has a password. `sealed`: inside TLS; `in_clear_too`: a password may go out
// without. `strongest`: what keeps the password off the wire comes first even inside TLS; otherwise there the simplest.
struct Choice {
  bool sealed = false, in_clear_too = false, strongest = false;
  bool has_nonce = false, can_bind = false;
};
std::optional<Mechanism> choose_mechanism(const std::vector<std::string>& offered, Choice);

// RFC 2195 section 2: HMAC-MD5 of the challenge with the password as key, in lower-case hex.
std::string cram_md5_digest(std::string_view challenge, std::string_view password);
// RFC 1939 section 7: MD5 of the timestamp (its angle brackets included) and the password, in lower-case hex.
std::string apop_digest(std::string_view timestamp, std::string_view password);
// Constant time. An empty password never passes.
bool apop_proves(std::string_view timestamp, std::string_view digest, std::string_view password_on_file);

// In a time that does not depend on where they differ.
bool same_octets(std::string_view, std::string_view);

// A challenge in base64 that carries SCRAM's server-final: with it and a guess at the password anybody could check the guess,
// so it is shown to nobody.
bool is_server_proof(std::string_view challenge_in_base64);

// So many octets that nobody can guess, in base64 without its padding: a nonce.
std::string unpredictable(std::size_t octets);

}  // namespace glasspost::sasl
