// How the trace says that a server is broken on purpose: once for each connection, what is switched on in it.
#pragma once

#include "protocol/flaws.h"
#include "protocol/trace.h"
#include "sim/peer.h"

namespace glasspost::sim {

// Of the server that has taken this connection.
void tell_flaws(Trace&, const Admission&, Protocol, Flaws);
// Of the host that hands letters on over this connection: those of its flaws that matter there.
void tell_flaws_of_sender(Trace&, Instant, ConnectionId, HostId, Flaws);

}  // namespace glasspost::sim
