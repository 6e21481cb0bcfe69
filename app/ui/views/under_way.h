// Whether a line is still on its way: the console and the ladder say the same.
#pragma once

#include "protocol/conversation.h"

namespace glasspost::ui {

// False, too, where a real program is at the other end: when it heard something nobody here can tell.
inline bool is_under_way(const Conversation& conversation, const Message& message, Instant now) {
  const Opened& opened = conversation.opened();
  return (message.from == Side::server ? opened.client_is_ours : opened.server_is_ours) && message.arrived > now;
}

}  // namespace glasspost::ui
