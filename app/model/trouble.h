// What counts as trouble: a server refused, or the octets broke the grammar.
#pragma once

#include "protocol/conversation.h"

namespace glasspost::app {

bool is_trouble(const Conversation&, const Message&);

}  // namespace glasspost::app
