// What simulated clients share: an endpoint between the wire and a client session, and work() whenever something may
// have come. The counterpart of services/session_peer.h.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/endpoint.h"
#include "protocol/smtp/client.h"
#include "sim/link.h"
#include "sim/scenario.h"

namespace glasspost::sim {

constexpr smtp::StartTlsPolicy starttls_of(TlsPolicy policy) {
  return policy == TlsPolicy::none      ? smtp::StartTlsPolicy::never
         : policy == TlsPolicy::attempt ? smtp::StartTlsPolicy::attempt
                                        : smtp::StartTlsPolicy::require;
}

template <class ClientSession>
class SessionClient : public ClientPeer {
 public:
  void receive(std::string_view wire, Instant now, RecordId cause) final {
    now_ = now;
    endpoint_.receive_wire(wire, now, cause);
    work();
  }
  void receive_eof(Instant now) final {
    now_ = now;
    endpoint_.receive_eof(now);
    work();
  }
  std::string take_output(Instant now) final {
    now_ = now;
    work();
    return endpoint_.take_wire(now);
  }
  void on_deadline(Instant now) final {
    now_ = now;
    endpoint_.on_deadline(now);
    work();
  }
  RecordId last_sent() const final { return endpoint_.last_sent(); }
  bool wants_close() const final { return endpoint_.wants_close(); }
  std::optional<Instant> deadline() const final {
    const auto session = endpoint_.deadline(), own = own_deadline();
    return session && own ? std::min(*session, *own) : session ? session : own;
  }
  void refused(Instant) override {
    if (when_refused_) std::exchange(when_refused_, nullptr)();
  }
  void when_refused(std::function<void()> what) { when_refused_ = std::move(what); }
  void set_cause(RecordId cause) { endpoint_.set_cause(cause); }

 protected:
  template <class Settings>
  SessionClient(Endpoint::Settings endpoint, Settings session, Trace& trace, Instant now)
      : now_(now), session_(std::move(session), now), endpoint_(std::move(endpoint), session_, trace, now) {}

  // Takes the session's events.
  virtual void work() = 0;
  // work() is to be called then, whatever the session waits for.
  virtual std::optional<Instant> own_deadline() const { return std::nullopt; }

  Instant now_;
  ClientSession session_;
  Endpoint endpoint_;

 private:
  std::function<void()> when_refused_;
};

}  // namespace glasspost::sim
