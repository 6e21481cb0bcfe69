// The client's side of one IMAP connection: tags, literals, STARTTLS, login, IDLE; responses come back as events.
// Commands may be queued at any time: they go out one after the other, each when the one before it is completed.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/imap/command.h"
#include "protocol/imap/framer.h"
#include "protocol/imap/response.h"
#include "protocol/imap/tracker.h"
#include "protocol/sasl/mechanism.h"
#include "protocol/session.h"

namespace glasspost::imap {

enum class TlsPolicy : std::uint8_t {
  never,     // go on in plaintext
  attempt,   // STARTTLS where it is offered
  required,  // STARTTLS, or the connection ends before anything secret is said
  implicit,  // inside TLS from the first octet: tls_established() comes before the greeting
};

struct ClientSettings {
  TlsPolicy tls = TlsPolicy::required;
  bool allow_plaintext_login = false;          // else no password is said outside TLS
  bool literal_plus = true;                    // use LITERAL+ or LITERAL-, and SASL-IR, where they are offered
  std::uint64_t literal = 100 * 1024 * 1024;   // octets of a response, its literals included
  std::size_t line = 1024 * 1024;
  Duration patience = 5min;                    // without a word while an answer is due (not during IDLE)
};

// The greeting has come, STARTTLS is done as the policy wants it, and the capabilities that hold now are known.
struct Ready {
  std::string greeting;
  std::vector<std::string> capabilities;
  bool authenticated = false;  // PREAUTH (never believed outside TLS when TLS is required)
};
struct Data { Response response; };       // untagged
struct Completed {                        // tagged: the end of one of our commands
  std::string tag;
  std::string verb;                       // "UID FETCH"
  ConditionData result;
};
struct Idling { std::string tag; };       // the server said "+": news will come until stop_idle()
struct Garbled {                          // a response that the grammar refuses; the connection goes on
  std::string text;                       // its beginning
  Error error;
};
enum class FailureReason : std::uint8_t {
  refused,            // the greeting was BYE, or no greeting at all
  starttls_missing,   // the policy wants TLS and the server does not offer it
  starttls_refused,
  injected,           // plaintext behind the answer to STARTTLS
  preauth_untrusted,  // PREAUTH where TLS is required: STARTTLS can no more be said
  too_long,           // a line or literal over the limit, or one that cannot be counted
  timeout,
  server_unproved,    // it said yes to a login without proving that it knows the password
  closed,             // the server ended the connection
};
struct Failed {
  FailureReason reason;
  std::string text;  // what the server said; may be empty
};
using ClientEvent = std::variant<Ready, Data, Completed, Idling, Garbled, Failed>;

class Client : public Session {
 public:
  Client(ClientSettings, Instant now);

  void receive(std::string_view octets, Instant now) override;
  void receive_eof(Instant now) override;
  std::string take_output() override;
  TlsWish tls_wish() const override;
  CompressionWish compression_wish() const override;
  void compression_started() override;
  void tls_established(const TlsFacts&) override;
  bool wants_close() const override;
  std::optional<Instant> deadline() const override;
  void on_deadline(Instant now) override;

  std::optional<ClientEvent> poll();

  // Queues a command, and says its tag: a1, a2, ... Anything may be asked, legal or not; STARTTLS is the policy's.
  std::string send(CommandBody);
  // LOGIN, or AUTHENTICATE PLAIN (with its initial response where SASL-IR is offered) if `sasl`. Nothing is said, and
  // the tag is empty, where no password may be said: outside TLS unless allowed, or under LOGINDISABLED.
  std::string login(std::string user, std::string password, bool sasl = true);
  // AUTHENTICATE by any mechanism; `password`: or a token. The tag is empty where it may not be said outside TLS, or where the
  // mechanism wants a nonce or a binding that is not there.
  std::string authenticate(sasl::Mechanism, std::string user, std::string password, sasl::ClientGround = {});
  // Of this TLS connection; none: it has no TLS, or cannot be bound.
  const std::optional<ChannelBinding>& binding() const { return binding_; }
  void stop_idle();  // "DONE"; the IDLE's Completed follows

  bool has(std::string_view capability) const;  // of those that hold now
  bool busy() const { return sent_.has_value() || !queue_.empty(); }
  StateId state() const { return tracker_.state(); }
  bool encrypted() const { return tls_; }
  bool enabled(std::string_view capability) const;  // by ENABLE
  bool ready() const { return ready_; }

  // What the dialogue has taken so far: octets in each direction, and commands that were answered, each a round trip and one
  // more for every literal that had to wait.
  struct Effort {
    std::uint64_t said = 0, heard = 0;
    std::uint32_t round_trips = 0;
  };
  const Effort& effort() const { return effort_; }

 private:
  struct Outgoing {
    std::string tag, verb;
    std::vector<std::string> pieces;  // what is said at once, then after each "+"; made when its turn comes
    std::optional<CommandBody> body = std::nullopt;  // of which they are made
    std::size_t said = 0;
    bool own = false;                 // the session's: CAPABILITY, STARTTLS
  };
  void take(std::string_view text);
  void take_greeting(Response);
  void take_tagged(Response, std::string_view text);
  void take_own(std::string_view verb, bool fine, const std::string& text);
  void take_untagged(Response);
  void take_continuation(const Continuation&);
  void learn(std::vector<std::string> capabilities);
  void after_capabilities();
  std::string next_tag();
  std::string queue(Outgoing);
  void queue_own(CommandBody);
  LiteralForm literal_form() const;
  void say_next();
  void say_piece();
  void fail(FailureReason, std::string text);

  ClientSettings settings_;
  Framer framer_;
  Tracker tracker_;
  std::string in_, out_;
  std::deque<ClientEvent> events_;
  std::deque<Outgoing> queue_;      // not yet begun
  std::optional<Outgoing> sent_;    // begun, and not yet completed
  std::vector<std::string> capabilities_, enabled_;
  std::optional<sasl::ClientExchange> exchange_;  // of an AUTHENTICATE whose answers depend on challenges
  std::optional<ChannelBinding> binding_;
  std::string greeting_, bye_;
  std::uint64_t tags_ = 0;
  bool greeted_ = false, preauth_ = false, ready_ = false;
  bool tls_ = false, tls_wanted_ = false, starttls_refused_ = false;
  bool idling_ = false, stop_idle_ = false, closing_ = false, failed_ = false;
  bool compression_wanted_ = false;  // the server has agreed to COMPRESS
  bool rearm_ = false;              // we have spoken since we last heard something
  Instant last_heard_{};
  Effort effort_;
};

}  // namespace glasspost::imap
