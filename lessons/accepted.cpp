#include "lessons/accepted.h"

#include <algorithm>
#include <optional>

#include "protocol/base/text.h"

namespace glasspost::lessons {
namespace {

// "Alice <alice@example.com>, bob@example.org": the addresses, in small letters.
void addresses(std::string_view value, std::set<std::string>& into) {
  std::string word;
  for (const char c : std::string(value) + " ") {
    if (std::string_view(" \t\r\n<>(),;:\"").find(c) == std::string_view::npos) {
      word += lower(c);
      continue;
    }
    if (word.find('@') != word.npos) into.insert(word);
    word.clear();
  }
}

std::string path_of(const Conversation& conversation, const Message& message, Role role) {
  for (const Token& token : conversation.tokens(message)) {
    if (token.role != role) continue;
    std::string_view path = token.span.of(conversation.text(message));
    if (path.starts_with('<')) path.remove_prefix(1);
    if (path.ends_with('>')) path.remove_suffix(1);
    return to_lower(path);
  }
  return {};
}

void read_headers(const Conversation& conversation, const Message& content, AcceptedLetter& letter) {
  std::string name;
  for (const Token& token : conversation.tokens(content)) {
    const std::string_view text = token.span.of(conversation.text(content));
    if (token.role == Role::content_header_name) name = to_lower(text.substr(0, text.find_first_of(": ")));
    if (token.role != Role::content_header_value) continue;
    if (name == "to" || name == "cc") addresses(text, letter.to);
    if (name == "from") addresses(text, letter.from);
    if (name == "subject") letter.subject += text;
  }
}

std::string_view body_of(std::string_view content) {
  const auto headers = content.starts_with("\r\n") ? 0 : content.find("\r\n\r\n");
  return headers == content.npos ? std::string_view() : content.substr(headers);
}

}  // namespace

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return part.empty() || std::search(text.begin(), text.end(), part.begin(), part.end(), [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

std::vector<AcceptedLetter> accepted_letters(const Conversation& conversation) {
  std::vector<AcceptedLetter> all;
  AcceptedLetter letter;
  std::optional<MessageId> told;
  for (const Answer& answer : answers_of(conversation)) {
    const Message& reply = conversation.message(answer.reply);
    if (!answer.command || !is_accepted(conversation, reply)) continue;
    const Message& command = conversation.message(*answer.command);
    const std::string verb = verb_of(conversation, answer.command);
    if (verb == "MAIL") letter = {{}, path_of(conversation, command, Role::smtp_reverse_path), {}, {}, {}, {}, {}};
    if (verb == "RCPT") letter.recipients.push_back(path_of(conversation, command, Role::smtp_forward_path));
    if (verb != "DATA" || conversation.message(*reply.answers).kind != MessageKind::content) continue;
    // LMTP answers once for each recipient; the letter is one.
    if (told == reply.answers) continue;
    told = reply.answers;
    const Message& content = conversation.message(*reply.answers);
    letter.answer = answer;
    letter.content = conversation.text(content);
    read_headers(conversation, content, letter);
    all.push_back(letter);
  }
  return all;
}

bool fits(const Envelope& wanted, const AcceptedLetter& letter) {
  if (!wanted.sender.empty() && to_lower(wanted.sender) != letter.sender) return false;
  if (wanted.sender_is_from && *wanted.sender_is_from != letter.from.contains(letter.sender)) return false;
  const bool reached = std::any_of(letter.recipients.begin(), letter.recipients.end(), [&](const std::string& recipient) {
    return (wanted.recipient.empty() || to_lower(wanted.recipient) == recipient) && (!wanted.recipient_in_to || *wanted.recipient_in_to == letter.to.contains(recipient));
  });
  return reached && contains_ignoring_case(letter.subject, wanted.subject) && contains_ignoring_case(body_of(letter.content), wanted.body);
}

}  // namespace glasspost::lessons
