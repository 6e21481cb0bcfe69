// The search for a domain's mail servers, in this order, and the first that answers wins:
//   SRV records     RFC 6186, RFC 8314 section 5.1: _imaps, _imap, _pop3s, _pop3, _submissions, _submission
//   the table       assets/providers.yaml, by the domain
//   MX records      the table again, by the host that takes the domain's mail
//   autoconfig      https://autoconfig.DOMAIN/mail/config-v1.1.xml, then DOMAIN/.well-known/autoconfig/mail/config-v1.1.xml;
//                   only with the person's leave
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/model/outside.h"
#include "protocol/tls/context.h"

namespace glasspost::app {

struct DiscoverSettings {
  std::string dns_server = {};       // "127.0.0.1:5300"; empty: those of this computer
  std::string web_address = {};      // a numeric address for autoconfig; empty: the names are looked up
  std::uint16_t web_port = 443;
  Duration limit = 10s;              // for DNS, in all
  TlsContext* context = nullptr;     // must outlive it
};

// Null if the address has no domain after an @.
std::unique_ptr<Discovery> make_discovery(std::string address, std::vector<Provider>, DiscoverSettings);

}  // namespace glasspost::app
