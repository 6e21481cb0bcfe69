// A client that sends exactly what a person types, legal or not. It follows the dialogue only to know what the server
// waits for, and when to start TLS (after STARTTLS or STLS was typed and the server agreed) or compression (COMPRESS).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/dissector.h"
#include "protocol/kinds.h"
#include "protocol/session.h"
#include "sim/client_peer.h"

namespace glasspost::sim {

// What a console's server waits for.
enum class Awaits : std::uint8_t {
  nothing,       // it is not open (any more), or TLS is being set up
  line,          // a command
  continuation,  // the answer to a challenge (SMTP 334, IMAP and POP3 "+"), or "DONE"
  content,       // the letter behind 354, up to the lone dot
  literal,       // IMAP: octets of a literal
};
struct ConsoleState {
  bool open = false;
  bool sealed = false;             // inside TLS
  Awaits awaits = Awaits::nothing;
  std::uint64_t literal_left = 0;  // octets
  std::string problem;             // why it could not be opened, or TLS failed: English
};

class TypedSession final : public Session, private MessageSink {
 public:
  TypedSession(Protocol protocol, Instant) : protocol_(protocol), dissector_(make_dissector(protocol)) {}

  void type(std::string_view octets);  // as they are
  void hang_up() { closing_ = true; }

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant) override { closing_ = true; }
  std::string take_output() override { return std::exchange(output_, {}); }
  TlsWish tls_wish() const override { return wish_ ? TlsWish::start : TlsWish::none; }
  void tls_established(const TlsFacts&) override;
  CompressionWish compression_wish() const override;
  void compression_started() override { compression_agreed_ = false; }
  bool wants_close() const override { return closing_; }

  Awaits awaits() const;
  std::uint64_t literal_left() const { return literal_left_; }
  bool sealed() const { return sealed_; }
  bool is_answered() const { return owed_ == 0; }  // the server has greeted, and owes no reply

 private:
  MessageId said(const Said&) override;
  void follow_literal(std::string_view octets);

  Protocol protocol_;
  std::unique_ptr<Dissector> dissector_;  // null for protocols that have none
  std::string output_;
  enum class Asks : std::uint8_t { nothing, tls, compression };
  Asks what_it_asks(std::string_view command) const;
  std::vector<Asks> asks_;                // by MessageId
  std::size_t compressions_asked_ = 0;    // and not yet answered
  std::string line_;                      // IMAP: the end of what was typed since the last line end
  std::uint64_t literal_left_ = 0;
  std::size_t owed_ = 1;                  // replies; the first is the greeting
  bool continues_ = false, wish_ = false, closing_ = false, sealed_ = false, compression_agreed_ = false;
};

class ConsoleClient final : public SessionClient<TypedSession> {
 public:
  ConsoleClient(Endpoint::Settings endpoint, Protocol protocol, Trace& trace, Instant now)
      : SessionClient(std::move(endpoint), protocol, trace, now) {}
  void refused(Instant) override { refused_ = true; }
  bool ends_by_itself() const override { return false; }
  bool was_refused() const { return refused_; }
  void type(std::string_view octets) { session_.type(octets); }
  void hang_up() { session_.hang_up(); }
  const TypedSession& session() const { return session_; }
  const std::string& failure() const { return endpoint_.failure(); }

 private:
  void work() override {}
  bool refused_ = false;
};

}  // namespace glasspost::sim
