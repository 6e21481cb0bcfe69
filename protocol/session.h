// A session plays one side of one connection: octets in, events and octets out. It never touches a socket, a clock,
// a thread or a screen. Concrete servers and clients add what is theirs:
//   servers: std::optional<Event> poll(); and a reply(...) for each kind of event. The service owns the store.
//   clients: methods that say a command, and std::optional<Event> poll() for what came back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/time.h"
#include "protocol/kinds.h"

namespace glasspost {

struct TlsFacts;

enum class TlsWish : std::uint8_t { none, start };

// RFC 4978. `awaited`: it has been asked for, and the answer may be yes. `start`: yes has been said, and everything behind that is
// compressed.
enum class CompressionWish : std::uint8_t { none, awaited, start };

class Session {
 public:
  virtual ~Session() = default;

  virtual void receive(std::string_view octets, Instant now) = 0;  // plaintext: the endpoint has decrypted it
  virtual void receive_eof(Instant now) = 0;
  virtual std::string take_output() = 0;

  // `start`: once the output is drained the endpoint begins a handshake in this session's role.
  virtual TlsWish tls_wish() const { return TlsWish::none; }
  // The handshake is done: forget what was learned before it. Plaintext that was received behind the upgrade command
  // and not yet acted on must never be acted on (RFC 3207 section 4.2, RFC 3501 section 6.2.1).
  virtual void tls_established(const TlsFacts&) {}

  // At `start` the endpoint begins to compress both directions: on a server's side once the output is drained.
  virtual CompressionWish compression_wish() const { return CompressionWish::none; }
  virtual void compression_started() {}

  // Nothing more will be said: once the output is drained the connection is to be closed.
  virtual bool wants_close() const = 0;

  virtual std::optional<Instant> deadline() const { return std::nullopt; }
  virtual void on_deadline(Instant) {}
};

}  // namespace glasspost
