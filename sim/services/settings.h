// What the services of one host are told alike: each has Settings of its own, with these under the same names.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "protocol/flaws.h"
#include "protocol/kinds.h"
#include "protocol/tls/context.h"
#include "sim/services/logins.h"

namespace glasspost::sim {

struct HostSettings {
  std::string host_name = "localhost";
  TlsMode tls = TlsMode::starttls;
  TlsContext* context = nullptr;  // null: TLS is not to be had
  bool allow_plaintext_login = false;
  bool records = true;            // false: nothing that is said is written into the trace
  std::optional<Logins> logins = {};  // how people log in; none: as each service has it
  Flaws flaws = {};               // faults that were asked for

  template <class Settings>
  Settings of() const {
    Settings settings;
    settings.host_name = host_name;
    settings.tls = tls;
    settings.context = context;
    settings.records = records;
    settings.flaws = flaws;
    if (logins) settings.logins = *logins;
    if constexpr (requires { settings.allow_plaintext_login; }) settings.allow_plaintext_login = allow_plaintext_login;
    else settings.allow_plaintext_auth = allow_plaintext_login;  // as SMTP calls it
    return settings;
  }
};

}  // namespace glasspost::sim
