// What the two ends of TLS say to each other and in which order, as a table: RFC 8446 appendix A for TLS 1.3, RFC 5246
// section 7.3 for TLS 1.2. OpenSSL keeps the order on its own; the handshake messages of a trace are followed beside it.
#pragma once

#include "protocol/machine.h"

namespace glasspost {

// Its commands are messages, whoever says them; what is legal nowhere earns an alert, unexpected_message.
const Machine& tls_machine();

}  // namespace glasspost
