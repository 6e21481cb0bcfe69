#include "app/ui/views/message_letter.h"

#include <algorithm>

#include "protocol/mime/header.h"

namespace glasspost::ui {
namespace {

constexpr int longest_way = 600;  // causes that are followed

bool is_content(Role role) {
  return role == Role::content_header_name || role == Role::content_header_value || role == Role::content_blank || role == Role::content_body;
}

bool carries_letter(const Conversation& conversation, const Message& message) {
  const std::span<const Token> tokens = conversation.tokens(message);
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return token.role == Role::content_blank; });
}

// The words that brought a copy lie among the causes of the record that put it there.
std::optional<MessageRef> carrier_of(const Model& model, RecordId added) {
  const Trace& trace = model.trace();
  RecordId id = added;
  for (int hops = 0; hops < longest_way && trace.holds(id); ++hops) {
    if (const auto ref = model.conversations().message_of_record(id))
      if (carries_letter(*model.conversations().find(ref->connection), model.conversations().message(*ref))) return ref;
    if (trace[id].cause >= id) break;
    id = trace[id].cause;
  }
  return std::nullopt;
}

// The newest line up to the cursor that carries a letter with this key.
std::optional<MessageRef> newest_carrier(const Model& model, std::string_view key) {
  constexpr std::size_t most = 4000;
  std::size_t row = model.said();
  for (std::size_t tried = 0; row-- > 0 && tried < most; ++tried) {
    const MessageRef ref = model.conversations().row(row);
    const Conversation& conversation = *model.conversations().find(ref.connection);
    const Message& message = conversation.message(ref.message);
    if (!carries_letter(conversation, message)) continue;
    if (key.empty() || conversation.text(message).find(key) != std::string_view::npos) return ref;
  }
  return std::nullopt;
}

// The words of MAIL or RCPT that a message carries, without angle brackets.
std::optional<std::string> path_in(const Conversation& conversation, const Message& message, Role role) {
  const std::string_view text = conversation.text(message);
  for (const Token& token : conversation.tokens(message))
    if (token.role == role) {
      std::string_view path = token.span.of(text);
      if (path.starts_with('<') && path.ends_with('>')) path = path.substr(1, path.size() - 2);
      return std::string(path);
    }
  return std::nullopt;
}

Hop hop_with(const Model& model, MessageRef content) {
  const Conversation& conversation = *model.conversations().find(content.connection);
  Hop hop{content, conversation.opened().server, {}, {}, nullptr};
  for (MessageId id = content.message; id-- > 0;) {  // back to the MAIL that began the transaction
    const Message& message = conversation.message(id);
    if (message.from != Side::client) continue;
    if (auto path = path_in(conversation, message, Role::smtp_forward_path)) hop.recipients.insert(hop.recipients.begin(), std::move(*path));
    if (auto path = path_in(conversation, message, Role::smtp_reverse_path)) {
      hop.reverse_path = std::move(*path);
      break;
    }
  }
  const Instant at = conversation.message(content.message).at;
  for (const sim::WaitingLetter& letter : model.history().letters())
    if (letter.host == hop.server && letter.accepted_at >= at && (!hop.queued || letter.accepted_at < hop.queued->accepted_at)) hop.queued = &letter;
  return hop;
}

std::string clause(const std::vector<std::string>& words, std::string_view name) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == name) return words[i + 1];
  return {};
}

// Words outside comments.
std::vector<std::string> words_of(std::string_view value) {
  std::vector<std::string> words(1);
  int depth = 0;
  for (const char c : value) {
    if (c == '(') ++depth;
    else if (c == ')' && depth > 0) --depth;
    else if (depth > 0) continue;
    else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';') words.emplace_back();
    else words.back() += c;
  }
  std::erase(words, "");
  return words;
}

}  // namespace

std::string content_of(const Conversation& conversation, const Message& message, bool* cut) {
  const std::string_view text = conversation.text(message);
  std::string content;
  bool inside = false;
  for (const Token& token : conversation.tokens(message)) {
    if (cut && token.role == Role::content_omitted) *cut = true;
    if (is_content(token.role)) {
      inside = true;
      content += token.span.of(text);
    } else if (inside && (token.role == Role::crlf || token.role == Role::space || token.role == Role::plain)) {
      content += token.span.of(text);
    } else if (token.role == Role::content_stuffed_dot) {
      continue;
    } else if (inside) {
      break;
    }
  }
  return content;
}

ShownCopy shown_copy(const Model& model) {
  ShownCopy copy;
  const app::ShownLetter& asked = model.letter();
  std::string key = asked.key;
  for (const sim::Holding& holding : model.history().holdings()) {
    if (holding.holder != asked.holder || holding.user != asked.user || holding.mailbox != asked.mailbox) continue;
    for (const sim::HeldMessage& message : holding.messages)
      if (message.key == key) {
        copy.holder = holding.holder, copy.mailbox = holding.mailbox, copy.uid = message.uid;
        copy.carrier = carrier_of(model, message.added);
      }
  }
  const Conversation* selected = model.selected_conversation();
  if (asked.key.empty() && selected && carries_letter(*selected, *model.selected())) copy.carrier = model.selection().message;
  if (!copy.carrier) copy.carrier = newest_carrier(model, key);
  if (copy.carrier) {
    const Conversation& conversation = *model.conversations().find(copy.carrier->connection);
    copy.content = content_of(conversation, conversation.message(copy.carrier->message), &copy.cut);
  }
  if (copy.content.empty()) copy.carrier.reset(), copy.content = model.story_letter();
  return copy;
}

std::vector<Stamp> stamps_of(std::string_view content) {
  std::vector<Stamp> stamps;
  mime::HeaderReader reader(content);
  while (const auto field = reader.next()) {
    const std::string_view name = field->name.of(content);
    if (name.size() != 8 || !std::equal(name.begin(), name.end(), "received", [](char a, char b) { return (a | 0x20) == b; })) continue;
    const std::string_view value = field->value.of(content), whole = field->whole.of(content);
    Stamp stamp;
    stamp.first_line = 1 + std::size_t(std::count(content.begin(), content.begin() + std::ptrdiff_t(field->whole.begin), '\n'));
    stamp.lines = std::size_t(std::count(whole.begin(), whole.end(), '\n'));
    const std::size_t date = value.rfind(';');
    const std::vector<std::string> words = words_of(value.substr(0, date));
    stamp.from = clause(words, "from"), stamp.by = clause(words, "by"), stamp.with = clause(words, "with");
    if (date != value.npos)
      if (const auto parsed = mime::parse_date(mime::unfold(value.substr(date + 1)))) stamp.at = parsed->at;
    stamps.push_back(std::move(stamp));
  }
  return stamps;
}

Protocol protocol_of(const Stamp& stamp) { return stamp.with.find("LMTP") != std::string::npos ? Protocol::lmtp : Protocol::smtp; }

std::vector<Hop> hops_of(const Model& model, std::string_view key) {
  constexpr std::size_t most = 4000;
  std::vector<Hop> hops;
  std::size_t row = model.said();
  for (std::size_t tried = 0; row-- > 0 && tried < most; ++tried) {
    const MessageRef ref = model.conversations().row(row);
    const Conversation& conversation = *model.conversations().find(ref.connection);
    const Message& message = conversation.message(ref.message);
    if (message.kind != MessageKind::content || (message.protocol != Protocol::smtp && message.protocol != Protocol::lmtp)) continue;
    if (!key.empty() && conversation.text(message).find(key) == std::string_view::npos) continue;
    hops.push_back(hop_with(model, ref));
  }
  std::reverse(hops.begin(), hops.end());
  return hops;
}

// RFC 3848: the S of ESMTPS, ESMTPSA and LMTPS is TLS, the A a login.
bool tells_tls(const Stamp& stamp) {
  return stamp.with.ends_with("S") || stamp.with.ends_with("SA");
}

}  // namespace glasspost::ui
