// A client that sends exactly what a person types, legal or not. All that it knows of the protocols is when to start
// TLS: after STARTTLS or STLS was typed and the server agreed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/kinds.h"
#include "protocol/session.h"
#include "sim/client_peer.h"

namespace glasspost::sim {

class TypedSession final : public Session {
 public:
  TypedSession(Protocol protocol, Instant) : protocol_(protocol) {}

  void type(std::string_view octets);  // as they are
  void hang_up() { closing_ = true; }

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant) override { closing_ = true; }
  std::string take_output() override { return std::exchange(output_, {}); }
  TlsWish tls_wish() const override { return wish_ ? TlsWish::start : TlsWish::none; }
  void tls_established(const TlsFacts&) override;
  bool wants_close() const override { return closing_; }

 private:
  bool asks_for_tls(std::string_view line);
  bool agrees(std::string_view line) const;

  Protocol protocol_;
  std::string output_, line_;        // line_: of the server's, so far; bounded
  std::string tag_;                  // IMAP: of the STARTTLS that was typed
  bool asked_ = false, wish_ = false, closing_ = false, sealed_ = false;
};

class ConsoleClient final : public SessionClient<TypedSession> {
 public:
  ConsoleClient(Endpoint::Settings endpoint, Protocol protocol, Trace& trace, Instant now)
      : SessionClient(std::move(endpoint), protocol, trace, now) {}
  void refused(Instant) override { refused_ = true; }
  bool was_refused() const { return refused_; }
  void type(std::string_view octets) { session_.type(octets); }
  void hang_up() { session_.hang_up(); }

 private:
  void work() override {}
  bool refused_ = false;
};

}  // namespace glasspost::sim
