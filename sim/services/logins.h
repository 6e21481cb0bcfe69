// How people may log in to a service by SASL.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "protocol/sasl/mechanism.h"
#include "sim/peer.h"

namespace glasspost::sim {

struct Logins {
  std::vector<sasl::Mechanism> mechanisms;
  // For CRAM-MD5 and SCRAM, once for each connection: something nobody can guess. Null: it depends on number and time alone,
  // which will do where nobody attacks.
  std::function<std::string()> nonce;
  std::string salt_seed = "glasspost";  // SCRAM: sasl::ServerGround::salt_seed

  std::string nonce_for(const Admission& admission) const {
    return nonce ? nonce() : fmt::format("{}.{}", admission.connection, admission.now.time_since_epoch().count());
  }
};

}  // namespace glasspost::sim
