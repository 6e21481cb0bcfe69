// A capture file of what was said, as other tools read it (pcapng, draft-ietf-opsawg-pcapng): each connection as packets of IP
// and TCP, or UDP, that never were. Of TLS there are its records, as an eavesdropper has them; secrets that were said in clear
// are overwritten with asterisks.
#pragma once

#include <functional>
#include <string>

#include "protocol/conversation.h"

namespace glasspost {

// "192.0.2.17" or "2001:db8::17"; anything else gets an address of those that are kept for examples.
using AddressOf = std::function<std::string(const Opened&, Side)>;
// What is not yet a whole message is left out.
std::string pcapng_of(const Trace&, const Conversations&, const AddressOf&);

}  // namespace glasspost
