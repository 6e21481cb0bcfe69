#include "app/model/trouble.h"

namespace glasspost::app {

bool is_trouble(const Conversation& conversation, const Message& message) {
  if (conversation.problem(message)) return true;
  if (message.from == Side::client || message.protocol == Protocol::tls || message.protocol == Protocol::dns) return false;
  const std::string_view text = conversation.text(message);
  for (const Token& token : conversation.tokens(message)) {
    const std::string_view word = token.span.of(text);
    switch (token.role) {
      case Role::smtp_code: return word.starts_with('4') || word.starts_with('5');
      case Role::imap_status: return word == "NO" || word == "BAD";
      case Role::pop3_err: return true;
      default: break;
    }
  }
  return false;
}

}  // namespace glasspost::app
