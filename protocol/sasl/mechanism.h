// SASL mechanisms, both sides, as SMTP, IMAP and POP3 share them. Everything here is raw octets: the protocols put
// base64 around it and say how an exchange is cancelled ("*").
//   PLAIN     RFC 4616
//   LOGIN     never a standard: two challenges, "Username:" and "Password:"
//   CRAM-MD5  RFC 2195
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/base/result.h"

namespace glasspost::sasl {

enum class Mechanism : std::uint8_t { plain, login, cram_md5 };
std::string_view name_of(Mechanism);                           // "CRAM-MD5"
std::optional<Mechanism> mechanism_named(std::string_view);    // in any case
// The password itself crosses the wire, so that the mechanism is only fit for use inside TLS.
constexpr bool sends_password(Mechanism mechanism) { return mechanism != Mechanism::cram_md5; }

// Somebody wants to log in. The service looks up the identity and asks proves().
struct Attempt {
  Mechanism mechanism = Mechanism::plain;
  std::string identity;      // who logs in (authcid)
  std::string authorize_as;  // whom they want to act for (authzid); empty: themselves
  std::string password;      // PLAIN, LOGIN
  std::string challenge;     // CRAM-MD5: what was asked,
  std::string digest;        // and the 32 hex digits that came back

  // Takes as long for a wrong password as for the right one. An empty password proves nothing.
  bool proves(std::string_view password_on_file) const;
};

// Where a service finds its users.
class Credentials {
 public:
  virtual ~Credentials() = default;
  virtual std::optional<std::string> password_of(std::string_view user) const = 0;
};
// The user exists, the password is right, and nobody asks to act for another.
bool verify(const Credentials&, const Attempt&);

struct Challenge {
  std::string octets;
};
using ServerStep = std::variant<Challenge, Attempt, Error>;

// A server's side of one exchange. An error ends it; so does the attempt.
class ServerExchange {
 public:
  // `challenge`: what CRAM-MD5 asks, "<unpredictable@host>" as RFC 2195 section 2 has it; the others ignore it.
  explicit ServerExchange(Mechanism, std::string challenge = {});

  // `initial`: what came with the command, decoded; nothing if nothing came.
  ServerStep start(std::optional<std::string_view> initial);
  ServerStep step(std::string_view answer);
  Mechanism mechanism() const { return attempt_.mechanism; }

 private:
  Attempt attempt_;
  bool has_identity_ = false;
};

// A client's side of one exchange.
class ClientExchange {
 public:
  ClientExchange(Mechanism, std::string user, std::string password);

  // What may be sent with the command; nothing if the server has to speak first. CRAM-MD5 has none, and LOGIN's is
  // held back, since not every server understands it there.
  std::optional<std::string> initial_response() const;
  Result<std::string> step(std::string_view challenge);
  Mechanism mechanism() const { return mechanism_; }

 private:
  Mechanism mechanism_;
  std::string user_, password_;
  int steps_ = 0;
};

// RFC 2195 section 2: HMAC-MD5 of the challenge with the password as key, in lower-case hex.
std::string cram_md5_digest(std::string_view challenge, std::string_view password);
// RFC 1939 section 7: MD5 of the timestamp (its angle brackets included) and the password, in lower-case hex.
std::string apop_digest(std::string_view timestamp, std::string_view password);
// Constant time. An empty password never passes.
bool apop_proves(std::string_view timestamp, std::string_view digest, std::string_view password_on_file);

}  // namespace glasspost::sasl
