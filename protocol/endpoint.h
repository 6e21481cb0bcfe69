// Session plus optional TLS, and compression inside that: one end of a connection, and the only place that writes its octets into
// the trace.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/deflate.h"
#include "protocol/session.h"
#include "protocol/tls/context.h"
#include "protocol/tls/engine.h"
#include "protocol/trace.h"

namespace glasspost {

class Endpoint {
 public:
  struct Settings {
    ConnectionId connection = 0;
    Side side = Side::client;
    TlsMode tls = TlsMode::plaintext;
    TlsContext* context = nullptr;  // null: TLS is not to be had
    std::string server_name;        // client: SNI and the name to be checked
    std::string alpn;               // see TlsEngine::Settings
    bool records = true;            // false: nothing is written into the trace
    bool peer_is_ours = true;  // false: the other end is foreign, so this end records what that one said, too
    bool require_trust = false;      // client: a verdict other than trusted ends the connection
    Duration handshake_limit = 60s;  // a handshake that takes longer has failed
  };
  // `session`, `trace` and `context` must outlive the endpoint.
  Endpoint(Settings, Session& session, Trace& trace, Instant now);
  ~Endpoint();

  // Octets from the network. `cause`: the record that sent them, when it is known.
  void receive_wire(std::string_view octets, Instant now, RecordId cause = no_record);
  void receive_eof(Instant now);
  // Octets for the network, encrypted when TLS is up. Starts the handshake when the session wishes it. If
  // after that nothing is left to say and the connection is to be closed, writes Closed: carriers write it
  // only for a reset.
  std::string take_wire(Instant now);
  // The last record that take_wire wrote for the wire (clear or wire layer): the cause of its arrival.
  RecordId last_sent() const { return last_sent_; }
  // What the session's current doings are caused by: the last arrival. Services put it into StoreChanged.
  RecordId cause() const { return cause_; }
  void set_cause(RecordId cause) { cause_ = cause; }  // a wake-up: the StoreChanged that is told

  bool wants_close() const;
  bool tls_is_up() const { return tls_up_; }
  bool compresses() const { return compression_ != nullptr; }
  // A server's: more of what came is to be inflated, when others have had their turn. on_deadline() goes on.
  bool holds_input() const { return compression_ && !ended_ && compression_->in.has_more(); }
  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }  // a sentence, English: why TLS could not be had
  // The peer's stream ended without TLS's close_notify: its end may have been cut off.
  bool truncated() const { return tls_ && tls_->truncated(); }
  // Null before TLS is up; after a failed handshake, what is known (the chain that was shown, the verdict).
  const TlsFacts* tls_facts() const { return tls_up_ || (tls_ && failed()) ? &tls_->facts() : nullptr; }
  std::optional<Instant> deadline() const;
  void on_deadline(Instant now);
  ConnectionId connection() const { return settings_.connection; }

 private:
  struct Compression {
    Deflater out;
    Inflater in;
  };
  RecordId record(Instant now, RecordId cause, What);
  void hear(std::string_view octets, RecordId cause, Instant now);
  void inflate(Instant now);
  void begin_compression();
  void begin_compression_if_agreed();
  void start_tls(Instant now);
  void speak(Instant now);
  void send_wire(std::string octets, RecordId cause, Layer, Instant now);
  void after_wire(Instant now);
  void write_said(Instant now, RecordId cause, bool up_to_application_data);
  void fail(std::string sentence, Instant now);
  void end_session(Instant now);

  Settings settings_;
  Session& session_;
  Trace& trace_;
  std::unique_ptr<TlsEngine> tls_;
  std::unique_ptr<Compression> compression_;
  Instant handshake_deadline_{};
  std::size_t said_at_ = 0;  // of the engine's said(), what is already written
  bool tls_up_ = false;
  bool ended_ = false;   // the session was told that nothing more comes
  bool closed_ = false;  // Closed is written
  std::string output_;   // for take_wire
  RecordId last_sent_ = no_record;
  RecordId cause_ = no_record;
  std::string failure_;
};

}  // namespace glasspost
