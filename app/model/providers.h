// Mail providers that many people have: where their servers are and what they demand. Read from assets/providers.yaml, which
// names the source of every fact.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "protocol/kinds.h"

namespace glasspost::app {

// A server that an address's owner publishes, or that the table of providers names.
struct FoundServer {
  Protocol protocol = Protocol::imap;  // imap, pop3; smtp: for sending
  std::string host;
  std::uint16_t port = 0;
  TlsMode tls = TlsMode::implicit;     // or starttls
  friend bool operator==(const FoundServer&, const FoundServer&) = default;
};

enum class Demand : std::uint8_t { password, app_password, oauth_or_app_password, oauth, enable_first, bridge };
std::string_view name_of(Demand);  // "app_password"

struct Provider {
  std::string name;                  // "Gmail"
  std::vector<std::string> domains;  // of the addresses: "gmail.com"
  std::vector<std::string> mx;       // how the names of its MX hosts end: "google.com"
  std::vector<FoundServer> servers;
  Demand demand = Demand::password;
  std::string source;                // where the provider says so
  std::string checked;               // the day on which that was looked at: "2026-12-01"
};
// The error is a sentence with the file, the line and what was expected.
tl::expected<std::vector<Provider>, std::string> load_providers(const std::filesystem::path& file);
const Provider* provider_of(const std::vector<Provider>&, std::string_view domain);
const Provider* provider_of_mx(const std::vector<Provider>&, std::string_view mx_host);

// "imaps://ann%40example.com@imap.example.com:993": as it is typed to connect to this server.
std::string url_of(const FoundServer&, std::string_view user);

}  // namespace glasspost::app
