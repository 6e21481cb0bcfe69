// A live line: one connection to a real server, from the name to the last word. It never waits unless asked to: poll() does
// what can be done now. Everything that is said goes into the trace, as in a simulated world.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/net/live_faults.h"
#include "app/net/live_guard.h"
#include "app/net/live_opening.h"
#include "protocol/conversation.h"
#include "protocol/tls/context.h"
#include "protocol/trace.h"
#include "sim/console_client.h"

namespace glasspost::app {

struct LiveSettings {
  LiveAddress address;
  StartTls starttls = StartTls::never;
  std::string password;
  bool secret_follows = false;    // it is asked for when it is needed: wants_secret()
  bool token = false;             // it is an OAuth token
  std::optional<sasl::Mechanism> mechanism = {};  // how to log in; none: the strongest that is offered
  bool read_only = true;
  bool hold_opening = false;      // nothing of the opening is sent until release()
  // The fingerprint (CertificateFacts) of the one certificate that is taken although it is not trusted. For this line only.
  std::string accepted_certificate = {};
  std::string dns_server = {};    // "127.0.0.1:5300"; empty: those of this computer
  Duration limit = 60s;           // for every step, and without a word from the server while a reply is due
  TlsContext* context = nullptr;  // must outlive the line; null: no TLS
};
// `require` on plaintext ports when a login follows; else nothing is said that was not typed.
StartTls usual_starttls(const LiveAddress&);

class Live {
 public:
  Live(LiveSettings, Trace&);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  std::string_view numeric_address() const;  // "192.0.2.1"; empty before the name is known
  Duration connected_after() const;
  ConnectionId connection() const;           // what the trace calls it, from the beginning
  const LiveSettings& settings() const;
  LiveStep step() const;                     // what is being done, or where it failed
  bool connected() const;
  bool is_open() const;                      // opened, and not over: lines may be typed
  bool is_over() const;                      // nothing more will happen
  const std::optional<LiveFault>& fault() const;  // why it is over; none: it ended well
  bool read_only() const;
  void allow_changes(bool allow = true);
  const Conversations& conversations() const;  // of the trace, as far as the last poll()
  const Conversation* conversation() const;    // this connection's; null before it is there

  const TlsFacts* tls_facts() const;           // null before TLS is up
  const TlsFacts* distrusted() const;          // it is over because of this certificate; else null

  sim::Awaits awaits() const;
  bool reply_due() const;
  // A script may say its next line: nothing is due, and the server waits for something.
  bool wants_line() const { return is_open() && !reply_due() && awaits() != sim::Awaits::nothing; }

  // The line, typed now, would hold a password or an answer to a challenge.
  bool is_secret(std::string_view line) const;
  // Read-only mode would hold it back.
  std::optional<Held> would_hold(std::string_view line) const;
  // Sends the line and CRLF, exactly as it is; or nothing, if it is held back. Only while it is open.
  std::optional<Held> type(std::string_view line);
  // What type() would send as a message of its own, explained: see Conversation. Nothing is sent.
  Conversation preview(std::string_view octets) const;

  // The server is ready for the login, and the password or token has not been given.
  bool wants_secret() const;
  void give_secret(std::string);
  void refuse_secret(std::string reason);  // it can't be had: the end

  const std::vector<std::string>& addresses() const;  // that the name stands for
  std::vector<LiveProgress> progress() const;

  // With hold_opening: what is about to be said.
  std::string_view held() const;
  void release();
  void give_up_opening();  // the line is the person's from here

  void hang_up();
  bool poll();  // true: something happened
  Waits waits() const;  // until then poll() has nothing to do
  // Waits until poll() may have something to do, `other` (-1: none) can be read, that time has gone by, or a signal comes:
  // signals that are blocked elsewhere are let in here. True: `other` can be read.
  bool wait(int other, std::optional<Duration> at_most = std::nullopt);

 private:
  class Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace glasspost::app
