#include "app/ui/views/mailboxes_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/ui/views/ladder_line.h"
#include "app/ui/views/wording.h"

namespace glasspost::ui {
namespace {

constexpr int longest_chain = 600;  // hops that are followed

std::string_view verb_of(const Conversation& conversation, const Message& message) {
  const std::string_view text = conversation.text(message);
  for (const Token& token : conversation.tokens(message))
    if (token.role == Role::imap_verb || token.role == Role::pop3_verb || token.role == Role::smtp_verb || token.role == Role::imap_response)
      return token.span.of(text);
  return {};
}

// Greetings, logins and replies that only say yes lead to everything, so they explain nothing.
bool tells(const Conversation& conversation, const Message& message) {
  constexpr std::array commands{"RETR", "DELE", "QUIT", "FETCH", "STORE", "EXPUNGE", "MOVE", "COPY", "APPEND", "CLOSE", "NOOP", "IDLE"};
  constexpr std::array news{"FETCH", "EXPUNGE", "EXISTS", "VANISHED"};
  const std::string_view verb = verb_of(conversation, message);
  const auto is_verb = [&](std::string_view one) { return verb == one; };
  switch (message.kind) {
    case MessageKind::content: return true;
    case MessageKind::command:
      // QUIT means something only to POP3: it is there that letters go.
      if (verb == "QUIT") return message.protocol == Protocol::pop3;
      return std::any_of(commands.begin(), commands.end(), is_verb);
    case MessageKind::untagged: return std::any_of(news.begin(), news.end(), is_verb);
    case MessageKind::answer:
    case MessageKind::greeting:
    case MessageKind::reply:
    case MessageKind::continuation:
    case MessageKind::query:
    case MessageKind::handshake:
    case MessageKind::stray: break;
  }
  return false;
}

std::string source_of(const Catalogue& catalogue, const Conversation& conversation, const Message& message, const Words* say) {
  if (say && !say->source.empty()) return say->source;
  const std::string_view verb = verb_of(conversation, message);
  if (message.from == Side::client)
    if (const Machine* machine = machine_of(message.protocol))
      for (const CommandRow& row : machine->commands)
        if (row.name == verb || row.name == "UID " + std::string(verb)) return std::string(row.source);
  const std::string_view text = conversation.text(message);
  std::string found;
  for (const Token& token : conversation.tokens(message)) {
    if (token.role == Role::space || token.role == Role::crlf || token.role == Role::imap_untagged) continue;
    const Words* words = explain(catalogue, token.role, token.span.of(text));
    if (words && !words->source.empty() && (token.role == Role::imap_response || found.empty())) found = words->source;
    if (token.role == Role::imap_response) break;
  }
  return found;
}

std::string sentence_of(const Model& model, const Conversation& conversation, const Message& message, const Words* say) {
  const Strings& s = model.strings();
  const std::string client = host_label(model, conversation.opened().client), server = host_label(model, conversation.opened().server);
  const std::string_view verb = verb_of(conversation, message);
  if (message.kind == MessageKind::untagged && verb != "FETCH") {
    const Machine* machine = machine_of(message.protocol);
    const bool idle = machine && message.state_before < machine->states.size() && machine->states[message.state_before].id == "idle";
    return s(idle ? "mailboxes.card_told" : "mailboxes.card_told_later", {{"who", client}});
  }
  if (message.kind == MessageKind::untagged || verb == "RETR") return s("mailboxes.card_fetched", {{"who", client}});
  if (verb == "DELE") return s("mailboxes.card_marked", {{"who", client}});
  if (verb == "QUIT") return std::string(s("mailboxes.card_update"));
  if (message.kind == MessageKind::content && message.protocol == Protocol::lmtp) return s("mailboxes.card_delivered", {{"who", client}});
  if (verb == "STORE") return s("mailboxes.card_stored_flags", {{"who", client}});
  if (say) return fill(capital(say->what), {{"client", client}, {"server", server}});
  return {};
}

CauseCard card_of(const Model& model, RecordId record, MessageRef ref) {
  const Conversation& conversation = *model.conversations().find(ref.connection);
  const Message& message = conversation.message(ref.message);
  CauseCard card;
  card.record = record;
  card.message = ref;
  card.said = true;
  card.protocol = message.protocol;
  card.heading = message.kind == MessageKind::content ? std::string(model.strings()("mailboxes.the_letter")) : ladder_line(conversation, message).text;
  if (const auto row = model.conversations().row_of(ref)) card.time = std::to_string(*row + 1);
  const Words* say = model.catalogue().find(conversation.headline(message));
  card.sentence = sentence_of(model, conversation, message, say);
  card.source = source_of(model.catalogue(), conversation, message, say);
  return card;
}

std::string seconds_of(const Model& model, Instant at) {
  std::string text = fmt::format("{:.3f} s", std::chrono::duration<double>(at - model.start()).count());
  if (model.settings().language == Language::spanish)
    if (const auto point = text.find('.'); point != std::string::npos) text[point] = ',';
  return text;
}

std::optional<CauseCard> card_of(const Model& model, RecordId id, const StoreChanged& change) {
  const Strings& s = model.strings();
  const bool is_device = change.holder >= 1 && change.holder <= model.scenario().hosts.size() && !model.scenario().host(change.holder).owner.empty();
  if (is_device) return std::nullopt;  // a device's copy follows what it was told, which has its card
  CauseCard card;
  card.record = id;
  const std::string uid = std::to_string(change.uid);
  switch (change.change) {
    case StoreChange::added:
      card.heading = s("mailboxes.card_added", {{"uid", uid}});
      card.sentence = s("mailboxes.card_stored");
      card.source = "RFC 3501 §2.3.1.1";
      break;
    case StoreChange::flags:
      card.heading = s("mailboxes.card_flags", {{"uid", uid}, {"flags", model.trace().bytes(change.flags)}});
      card.sentence = s("mailboxes.card_seen");
      card.source = "RFC 3501 §2.3.2";
      break;
    case StoreChange::expunged:
      card.heading = s("mailboxes.card_deleted", {{"uid", uid}});
      card.sentence = s("mailboxes.uid_never_again_full", {{"uid", uid}});
      card.source = "RFC 3501 §2.3.1.1";
      break;
    case StoreChange::read_back:
    case StoreChange::created:
    case StoreChange::deleted:
    case StoreChange::renamed:
    case StoreChange::cleared:
    case StoreChange::body: return std::nullopt;
  }
  card.time = seconds_of(model, model.trace()[id].at);
  return card;
}

std::optional<CauseCard> card_of(const Model& model, RecordId id, const QueueChanged& change) {
  if (change.change != QueueChange::accepted) return std::nullopt;
  CauseCard card;
  card.record = id;
  card.queue = true;
  card.heading = short_label(model, change.host);
  card.sentence = model.strings()("mailboxes.card_accepted", {{"who", host_label(model, change.host)}});
  card.source = "RFC 5321 §4.2.5";
  card.time = seconds_of(model, model.trace()[id].at);
  return card;
}

// A connection begins without a cause. What made its client's host open it is the newest change of that host's queue.
RecordId cause_of(const Model& model, RecordId id) {
  const Trace& trace = model.trace();
  if (trace[id].cause != no_record || trace[id].connection == 0) return trace[id].cause;
  const Conversation* conversation = model.conversations().find(trace[id].connection);
  if (!conversation) return no_record;
  for (RecordId before = id; before-- > trace.first() && id - before < 2000;)
    if (const auto* queue = std::get_if<QueueChanged>(&trace[before].what); queue && queue->host == conversation->opened().client) return before;
  return no_record;
}

}  // namespace

std::vector<CauseCard> chain_to(const Model& model, RecordId change, std::size_t most) {
  std::vector<CauseCard> cards;
  const Trace& trace = model.trace();
  RecordId id = change;
  for (int hops = 0; hops < longest_chain && trace.holds(id) && cards.size() < most; ++hops, id = cause_of(model, id)) {
    std::optional<CauseCard> card;
    if (const auto* store = std::get_if<StoreChanged>(&trace[id].what)) card = card_of(model, id, *store);
    else if (const auto* queue = std::get_if<QueueChanged>(&trace[id].what)) card = card_of(model, id, *queue);
    else if (const auto ref = model.conversations().message_of_record(id)) {
      // A change that has no message of its own is reached through the words that led to it.
      for (CauseCard& earlier : cards)
        if (!earlier.message) earlier.message = ref;
      const Conversation& conversation = *model.conversations().find(ref->connection);
      const bool again = std::any_of(cards.begin(), cards.end(), [&](const CauseCard& c) { return c.said && c.message == ref; });
      if (!again && tells(conversation, conversation.message(ref->message))) card = card_of(model, id, *ref);
    }
    if (card) cards.push_back(std::move(*card));
    if (cause_of(model, id) >= id) break;  // causes lie before their effects
  }
  // The one that was reached last may still lack the words that led to it.
  for (int hops = 0; hops < longest_chain && trace.holds(id) && !cards.empty() && !cards.back().message; ++hops, id = cause_of(model, id)) {
    if (const auto ref = model.conversations().message_of_record(id)) cards.back().message = ref;
    if (cause_of(model, id) >= id) break;
  }
  std::reverse(cards.begin(), cards.end());
  return cards;
}

}  // namespace glasspost::ui
