// The identifiers of RFC 8474. They hang on nothing but what is kept anyway, so they are the same after a restart, in every mailbox
// and in every session, and nobody has to remember them:
//
//   mailbox_id  the mailbox's UIDVALIDITY, which no other mailbox of the user has or had, and which stays when it is renamed
//   email_id    what is immutable of a message: its octets, as a hash, and its INTERNALDATE. Copies have the same
//   thread_id   the message that began the conversation: the oldest of its References, else what it answers, else itself.
//               An answer to an answer that names no References is a conversation of its own
#pragma once

#include <string>
#include <string_view>

#include "sim/store/mailbox.h"

namespace glasspost::sim {

std::string mailbox_id(const Mailbox&);        // "F6ae7b2c1"
std::string email_id(const StoredMessage&);    // "M5891b5b522d5df086d0ff0b110fbd9d2-6ae7b2c1"
std::string thread_id(const StoredMessage&);   // "T5891b5b522d5df086d0ff0b110fbd9d2"
// As email_id() == id, without reading a message that it cannot be.
bool has_email_id(const StoredMessage&, std::string_view id);

}  // namespace glasspost::sim
