// The IMAP service: IMAP4rev1 (RFC 3501) with the extensions of protocol/imap/extensions.h over a mail store. Every connection has its own session (protocol/imap/server.h) and, with a mailbox open, its own View.
#pragma once

#include <memory>
#include <string>

#include "protocol/flaws.h"
#include "protocol/imap/server.h"
#include "protocol/tls/engine.h"
#include "sim/peer.h"
#include "sim/services/logins.h"
#include "sim/services/under_way.h"
#include "sim/store/store.h"

namespace glasspost::sim {

class ImapService final : public Service {
 public:
  struct Settings {
    std::string host_name = "localhost";
    TlsMode tls = TlsMode::starttls;
    TlsContext* context = nullptr;       // null: TLS is not to be had, and STARTTLS not offered
    bool allow_plaintext_login = false;  // else a login outside TLS is refused
    bool records = true;                 // false: nothing that is said is written into the trace
    Duration autologout = 30min;
    imap::ExtensionSet extensions = imap::ExtensionSet::everything();  // that are offered
    imap::ServerLimits limits;
    Logins logins = {.mechanisms = {sasl::Mechanism::plain}, .nonce = {}};
    LettersUnderWay* under_way = nullptr;  // null: there is no common bound
    Flaws flaws = {};                    // faults that were asked for
  };
  // `store` and `trace` must outlive the service, and the service its peers.
  ImapService(Settings, Store& store, Trace& trace);

  Protocol protocol() const override { return Protocol::imap; }
  TlsMode tls() const override { return settings_.tls; }
  std::unique_ptr<Peer> accept(Admission) override;

 private:
  Settings settings_;
  Store& store_;
  Trace& trace_;
};

}  // namespace glasspost::sim
