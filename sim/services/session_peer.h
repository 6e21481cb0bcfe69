// What the peers of all services share: an endpoint carries octets between the wire and the protocol's session, and the
// service does its work whenever something may have come.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/endpoint.h"
#include "protocol/tls/names.h"
#include "sim/goodbye.h"
#include "sim/peer.h"

namespace glasspost::sim {

// The server's end of a connection. `settings`: the service's (tls, context, records).
template <class Settings>
Endpoint::Settings server_end(Protocol protocol, const Settings& settings, const Admission& admission) {
  return {.connection = admission.connection,
          .side = Side::server,
          .tls = settings.tls,
          .context = settings.context,
          .alpn = std::string(alpn_name(protocol)),
          .records = settings.records,
          .peer_is_ours = admission.client_is_ours};
}
// What the session is told of TLS: without a context it is not to be had.
template <class Settings>
TlsMode tls_offered(const Settings& settings) {
  return settings.context ? settings.tls : TlsMode::plaintext;
}

template <class ServerSession>
class SessionPeer : public Peer, public SaysGoodbye {
 public:
  void receive(std::string_view wire, Instant now, RecordId cause) final {
    const Inside inside(*this, now);
    endpoint_.receive_wire(wire, now, cause);
    work();
  }
  void receive_eof(Instant now) final {
    const Inside inside(*this, now);
    eof_ = true;
    end_if_due();
  }
  std::string take_output(Instant now) final {
    const Inside inside(*this, now);
    work();
    end_if_due();
    std::string wire = endpoint_.take_wire(now);
    output_taken();
    return wire;
  }
  void on_deadline(Instant now) final {
    const Inside inside(*this, now);
    endpoint_.on_deadline(now);
    work();
    end_if_due();
  }
  void go_away(Instant now) final {
    const Inside inside(*this, now);
    say_goodbye();
    work();
  }
  RecordId last_sent() const final { return endpoint_.last_sent(); }
  bool wants_close() const final { return endpoint_.wants_close(); }
  std::optional<Instant> deadline() const final { return goes_on() ? std::optional(now_) : endpoint_.deadline(); }

 protected:
  template <class Settings>
  SessionPeer(Endpoint::Settings endpoint, Settings session, Trace& trace, Admission admission)
      : admission_(std::move(admission)),
        now_(admission_.now),
        session_(std::move(session), now_),
        endpoint_(std::move(endpoint), session_, trace, now_) {}

  // Answers the session's events. Called before output is taken, so also when the last of it has just gone.
  virtual void work() = 0;
  virtual void output_taken() {}
  virtual void say_goodbye() = 0;
  // There is more to do for what came, and others are to have their turn first: work() is wanted again at once.
  virtual bool goes_on() const { return false; }
  // What came before the end of the client's octets is still being worked at: the session hears of the end after that.
  virtual bool holds_eof() const { return false; }

  // There is something to say although nothing came; from anywhere. The carrier is told once, until it calls again.
  void wake() {
    if (inside_ || woken_ || !admission_.on_ready) return;
    woken_ = true;
    admission_.on_ready();
  }

  Admission admission_;
  Instant now_;
  ServerSession session_;
  Endpoint endpoint_;

 private:
  struct Inside {
    Inside(SessionPeer& p, Instant now) : peer(p) { peer.now_ = now, peer.inside_ = true, peer.woken_ = false; }
    ~Inside() { peer.inside_ = false; }
    SessionPeer& peer;
  };
  void end_if_due() {
    if (!eof_ || ended_ || holds_eof() || endpoint_.holds_input()) return;
    ended_ = true;
    endpoint_.receive_eof(now_);
    work();
  }
  bool inside_ = false, woken_ = false;
  bool eof_ = false, ended_ = false;  // it has come; the session has been told
};

}  // namespace glasspost::sim
