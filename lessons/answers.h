// The replies of a conversation with the command that each answers: a letter's reply answers DATA, a login's AUTH.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/conversation.h"

namespace glasspost::lessons {

struct Answer {
  std::optional<MessageId> command;  // none: the greeting
  MessageId reply = 0;
  Instant at{};                      // when it had arrived
};
std::vector<Answer> answers_of(const Conversation&);

// "EHLO", "UID FETCH", "greeting"; empty: no verb could be read.
std::string verb_of(const Conversation&, std::optional<MessageId> command);
// Without the tag: "250 2.1.0 Sender OK", "OK SELECT completed", "+OK".
std::string_view words_of(const Conversation&, const Message& reply);
// What people look at first: "250 2.1.0", "OK", "-ERR".
std::string code_of(const Conversation&, const Message& reply);
bool is_accepted(const Conversation&, const Message& reply);

}  // namespace glasspost::lessons
