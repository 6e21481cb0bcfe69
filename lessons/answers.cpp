#include "lessons/answers.h"

#include "protocol/base/text.h"

namespace glasspost::lessons {
namespace {

// A letter and the answer to a challenge belong to the command before them.
MessageId command_of(const Conversation& conversation, MessageId said) {
  while (said > 0) {
    const Message& message = conversation.message(said);
    if (message.from == Side::client && message.kind != MessageKind::content && message.kind != MessageKind::answer) break;
    --said;
  }
  return said;
}

std::string_view token_text(const Conversation& conversation, const Message& message, Role role) {
  for (const Token& token : conversation.tokens(message))
    if (token.role == role) return token.span.of(conversation.text(message));
  return {};
}

}  // namespace

std::vector<Answer> answers_of(const Conversation& conversation) {
  std::vector<Answer> answers;
  for (MessageId id = 0; id < conversation.size(); ++id) {
    const Message& message = conversation.message(id);
    if (message.from != Side::server || message.arrived == Instant::max()) continue;
    const bool greeting = message.kind == MessageKind::greeting;
    if (!greeting && (!message.answers || (!message.completes && message.kind != MessageKind::continuation))) continue;
    Answer answer{std::nullopt, id, message.arrived};
    if (!greeting) answer.command = command_of(conversation, *message.answers);
    answers.push_back(answer);
  }
  return answers;
}

std::string verb_of(const Conversation& conversation, std::optional<MessageId> command) {
  if (!command) return "greeting";
  const Message& message = conversation.message(*command);
  std::string verb;
  for (const Token& token : conversation.tokens(message)) {
    const std::string_view text = token.span.of(conversation.text(message));
    if (token.role == Role::imap_uid_prefix) verb = to_upper(text) + " ";
    if (token.role == Role::smtp_verb || token.role == Role::imap_verb || token.role == Role::pop3_verb) return verb + to_upper(text);
  }
  return {};
}

std::string_view words_of(const Conversation& conversation, const Message& reply) {
  const std::string_view text = conversation.text(reply);
  for (const Token& token : conversation.tokens(reply))
    if (token.role == Role::imap_status) return text.substr(token.span.begin);
  return text;
}

std::string code_of(const Conversation& conversation, const Message& reply) {
  std::string code(token_text(conversation, reply, Role::smtp_code));
  if (code.empty()) code = token_text(conversation, reply, Role::imap_status);
  if (code.empty()) code = token_text(conversation, reply, Role::pop3_ok);
  if (code.empty()) code = token_text(conversation, reply, Role::pop3_err);
  if (code.empty() && reply.kind == MessageKind::continuation) code = "+";
  if (const auto more = token_text(conversation, reply, Role::smtp_enhanced_code); !more.empty()) code += " " + std::string(more);
  return code;
}

bool is_accepted(const Conversation& conversation, const Message& reply) {
  const std::string_view words = words_of(conversation, reply);
  return reply.completes && (words.starts_with('2') || words.starts_with("OK") || words.starts_with("+OK"));
}

}  // namespace glasspost::lessons
