// TLS without sockets: OpenSSL over memory BIOs. The same class serves simulated and live connections.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/kinds.h"
#include "protocol/tls/facts.h"

struct ssl_ctx_st;

namespace glasspost {

class TlsContext;  // certificates, trust, randomness; made once per host: see protocol/tls/context.h

// One handshake message or alert, or the fact of application data, as it was made or understood.
struct TlsSaid {
  bool by_us;
  std::uint8_t content_type;  // 20, 21, 22, 23
  bool encrypted;
  std::uint32_t
      wire_octets;  // of the records that carried it, headers included; 0: it shares its predecessor's record
  std::string message;  // decrypted; empty for application data
};

class TlsEngine {
 public:
  enum class Status : std::uint8_t { handshake, up, closed, failed };

  struct Settings {
    Side role = Side::client;
    std::string
        server_name;  // client: sent as SNI unless it is an address, and checked against the certificate
    bool require_trust = false;  // client: a verdict other than trusted fails the handshake
    // The protocol to be spoken inside, by its name in the ALPN registry ("imap", "pop3"; SMTP has none): a
    // client offers it, a server takes it from those that are offered. RFC 7301. Empty: ALPN is passed over.
    std::string alpn;
    bool watch = true;           // false: said() stays empty, which is quicker
    std::uint64_t stream =
        0;  // in a seeded library: which stream of randomness is drawn from, a connection's number
  };
  // `context` must outlive the engine. A server needs one that can_serve().
  TlsEngine(TlsContext& context, Settings, Instant now);
  ~TlsEngine();
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  Status put_wire(std::string_view octets);  // what the network brought; drives the handshake
  Status put_eof();                          // the network brings no more
  std::string take_wire();  // what the network is to carry, an alert after a failure included
  Status put_plain(std::string_view octets);  // what we say; queued while the handshake runs
  std::string take_plain();                   // what the peer said
  void close();                               // close_notify, once the handshake is done

  Status status() const;
  const std::string& failure() const;  // a sentence for people, English; empty unless failed
  bool truncated() const;              // the stream ended without close_notify: its end may have been cut off
  const TlsFacts& facts() const;       // once up; after a failed handshake, what is known
  // What was said since forget_said(), in order. Application data is summed up until something else is said.
  std::span<const TlsSaid> said() const;
  void forget_said();

 private:
  friend class TlsContext;
  static void prepare(ssl_ctx_st*, Side role);  // what ALPN and sessions need of a context

  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace glasspost
