// The POP3 service: RFC 1939 with CAPA, TOP, UIDL, STLS, APOP and AUTH PLAIN over the INBOXes of a mail store. A session
// sees INBOX as it was at login; what it marks goes at QUIT, and IMAP sessions are told as of any other change.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "protocol/flaws.h"
#include "protocol/tls/engine.h"
#include "sim/peer.h"
#include "sim/services/logins.h"
#include "sim/store/store.h"

namespace glasspost::sim {

class Pop3Service final : public Service {
 public:
  struct Settings {
    std::string host_name = "localhost";
    TlsMode tls = TlsMode::starttls;
    TlsContext* context = nullptr;       // null: TLS is not to be had, and STLS not offered
    bool allow_plaintext_login = false;  // else USER, PASS and AUTH PLAIN are refused outside TLS
    bool apop = true;
    bool utf8 = false, languages = false;  // UTF8 and LANG are offered: RFC 6856
    Duration login_delay{};              // RFC 2449 section 6.5: who has just been here comes back no sooner; 0: at once
    Logins logins = {.mechanisms = {sasl::Mechanism::plain}, .nonce = {}};
    bool records = true;                 // false: nothing that is said is written into the trace
    Duration autologout = 10min;
    Flaws flaws = {};                    // faults that were asked for
  };
  // `store` and `trace` must outlive the service, and the service its peers.
  Pop3Service(Settings, Store& store, Trace& trace);

  Protocol protocol() const override { return Protocol::pop3; }
  TlsMode tls() const override { return settings_.tls; }
  std::unique_ptr<Peer> accept(Admission) override;

 private:
  Settings settings_;
  Store& store_;
  Trace& trace_;
  std::map<std::string, Instant> logins_;  // by user; only with a login_delay
};

}  // namespace glasspost::sim
