#include "app/ui/views/console_floor.h"

#include <algorithm>

#include "app/model/learning.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

constexpr RecordId most_records = 8192;  // looked at for words that are not yet a message

MessageId said_of(const Conversation& conversation, Instant cursor) {
  MessageId from = 0, to = MessageId(conversation.size());
  while (from < to) {
    const MessageId middle = from + (to - from) / 2;
    if (conversation.message(middle).at <= cursor) from = middle + 1;
    else to = middle;
  }
  return from;
}

std::optional<MessageId> last_of(const Conversation& conversation, MessageId said, Side side) {
  for (MessageId id = said; id-- > 0;)
    if (conversation.message(id).from == side && conversation.message(id).protocol != Protocol::tls) return id;
  return std::nullopt;
}

// What the client said after its last whole message.
std::string pending_of(const Model& model, const Conversation& conversation, std::optional<MessageId> last, Instant cursor) {
  const Trace& trace = model.trace();
  RecordId id = last ? conversation.message(*last).record : conversation.size() > 0 ? conversation.message(0).record : no_record;
  std::uint64_t skip = last ? conversation.message(*last).octets : 0;
  std::string words;
  for (RecordId looked = 0; trace.holds(id) && looked < most_records; ++id, ++looked) {
    const Record& record = trace[id];
    if (record.at > cursor) break;
    if (record.connection != conversation.id()) continue;
    const auto* sent = std::get_if<Sent>(&record.what);
    if (!sent || sent->from != Side::client || sent->layer == Layer::wire) continue;
    std::string_view octets = trace.bytes(sent->bytes);
    const std::size_t part = std::size_t(std::min<std::uint64_t>(skip, octets.size()));
    skip -= part;
    octets.remove_prefix(part);
    words += octets;
  }
  return words;
}

// RFC 3501 section 4.3: how many octets of an announced literal are still to come.
std::uint64_t literal_left(std::string_view typed) {
  while (!typed.empty()) {
    const std::size_t end = typed.find('\n');
    if (end == std::string_view::npos) return 0;
    std::string_view line = typed.substr(0, end);
    typed.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.ends_with('}')) continue;
    line.remove_suffix(1);
    if (line.ends_with('+')) line.remove_suffix(1);
    const std::size_t brace = line.rfind('{');
    if (brace == std::string_view::npos) continue;
    const std::uint64_t octets = to_u64(line.substr(brace + 1)).value_or(0);
    if (octets > typed.size()) return octets - typed.size();
    typed.remove_prefix(std::size_t(octets));
  }
  return 0;
}

bool logs_in(std::string_view verb) { return verb == "AUTH" || verb == "AUTHENTICATE"; }

// "334 cj1m…", "+ cj1m…": what is behind the code; nothing if it is not base64.
std::optional<std::string> challenge_in(std::string_view line) {
  line = line.substr(0, line.find('\r'));
  const std::size_t space = line.find(' ');
  return base64_decode(space == std::string_view::npos ? std::string_view() : trim(line.substr(space + 1)));
}

void follow_login(Floor& floor) {
  MessageId begun = floor.said;
  while (begun-- > 0) {
    const Message& message = floor.conversation->message(begun);
    if (message.from != Side::client || message.kind != MessageKind::command) continue;
    const std::string_view line = floor.conversation->text(message);
    if (!logs_in(verb_of(floor.protocol(), line))) return;
    auto words = split(trim(line.substr(0, line.find('\r'))), ' ');
    const std::size_t at = floor.protocol() == Protocol::imap ? 2 : 1;
    if (words.size() > at) floor.mechanism = to_upper(words[at]);
    if (words.size() > at + 1)
      if (auto initial = base64_decode(words[at + 1] == "=" ? std::string_view() : words[at + 1])) floor.answers.push_back(std::move(*initial));
    break;
  }
  if (begun >= floor.said) return;
  for (MessageId id = begun + 1; id < floor.said; ++id) {
    const Message& message = floor.conversation->message(id);
    const std::string_view line = floor.conversation->text(message);
    auto octets = message.from == Side::server ? challenge_in(line) : base64_decode(line.substr(0, line.find('\r')));
    if (!octets) continue;
    (message.from == Side::server ? floor.challenges : floor.answers).push_back(std::move(*octets));
  }
  if (!floor.challenges.empty() && std::all_of(floor.challenges.back().begin(), floor.challenges.back().end(), is_printable))
    floor.challenge = floor.challenges.back();
}

bool offers_pipelining(const Floor& floor) {
  for (MessageId id = floor.said; id-- > 0;) {
    const Message& message = floor.conversation->message(id);
    if (message.from != Side::server || message.kind != MessageKind::reply) continue;
    for (const Token& token : floor.conversation->tokens(message))
      if (token.role == Role::smtp_capability && equal_ignoring_case(token.span.of(floor.conversation->text(message)), "PIPELINING")) return true;
    if (message.answers && verb_of(floor.protocol(), floor.conversation->text(floor.conversation->message(*message.answers))) == "EHLO") return false;
  }
  return false;
}

Waits waits_of(const Floor& floor, std::optional<MessageId> client, Instant cursor) {
  if (!floor.open || floor.handshake || !floor.machine) return Waits::nothing;
  const std::string_view state = floor.machine->states[floor.state].id;
  if (state == "letter") return Waits::content;
  if (state == "authenticating") return Waits::answer;
  if (state == "idle") return Waits::done;
  if (floor.literal_left > 0) return Waits::literal;
  const auto server = last_of(*floor.conversation, floor.said, Side::server);
  if (server && floor.conversation->message(*server).kind == MessageKind::continuation && floor.conversation->message(*server).arrived <= cursor &&
      (!client || *client < *server) && floor.pending.empty())
    return Waits::answer;
  return Waits::command;
}

std::optional<MessageId> unanswered_of(const Floor& floor, std::optional<MessageId> client, Instant cursor) {
  if (!client || !floor.open) return std::nullopt;
  for (MessageId id = *client + 1; id < floor.said; ++id) {
    const Message& message = floor.conversation->message(id);
    if (message.from != Side::server || message.arrived > cursor) continue;
    if (message.completes || message.kind == MessageKind::continuation) return std::nullopt;
  }
  return client;
}

}  // namespace

const Conversation* console_dialogue(const Model& model) {
  const Conversations& all = model.conversations();
  const auto speaks = [&](ConnectionId id) -> const Conversation* {
    const Conversation* found = id == 0 ? nullptr : all.find(id);
    return found && !found->opened().datagrams && found->opened_at() <= model.cursor() ? found : nullptr;
  };
  if (const Conversation* held = speaks(model.console().connection)) return held;
  if (model.selection().message)
    if (const Conversation* chosen = speaks(model.selection().message->connection)) return chosen;
  constexpr std::size_t looked_back = 64;
  for (std::size_t row = model.said(), looked = 0; row-- > 0 && looked < looked_back; ++looked)
    if (const Conversation* newest = speaks(all.row(row).connection)) {
      // What the world's own story said is no dialogue of the learner's.
      return model.learning() && newest->opened_at() < model.learning()->begins_at ? nullptr : newest;
    }
  return nullptr;
}

Floor floor_of(const Model& model) {
  Floor floor;
  floor.conversation = console_dialogue(model);
  if (!floor.conversation) return floor;
  const Conversation& conversation = *floor.conversation;
  const Instant cursor = model.cursor();
  floor.machine = machine_of(conversation.opened().protocol);
  floor.open = conversation.closed_at() > cursor;
  if (model.stage() == app::Stage::live && model.live()) floor.open = floor.open && !model.live()->is_over();
  const bool opening = model.stage() == app::Stage::live && model.live() && !model.live()->is_open();
  floor.held = model.console().held_by_person && conversation.id() == model.console().connection && floor.open && !opening;
  floor.state = conversation.state_at(cursor);
  const Protection protection = conversation.protection_at(cursor);
  floor.sealed = protection == Protection::up;
  floor.handshake = protection == Protection::handshake;
  floor.said = said_of(conversation, cursor);
  const auto client = last_of(conversation, floor.said, Side::client);
  if (floor.held) floor.pending = pending_of(model, conversation, client, cursor);
  if (conversation.opened().protocol == Protocol::imap) floor.literal_left = literal_left(floor.pending);
  floor.waits = waits_of(floor, client, cursor);
  floor.unanswered = unanswered_of(floor, client, cursor);
  if (floor.waits == Waits::answer) follow_login(floor);
  if (conversation.opened().protocol == Protocol::smtp && floor.held) floor.pipelining = offers_pipelining(floor);
  return floor;
}

std::string verb_of(Protocol protocol, std::string_view line) {
  line = trim(line.substr(0, line.find_first_of("\r\n")));
  auto words = split(line, ' ');
  std::size_t at = 0;
  if (protocol == Protocol::imap && !equal_ignoring_case(line, "DONE")) at = 1;
  if (words.size() <= at) return {};
  std::string verb = to_upper(words[at]);
  if (protocol == Protocol::imap && verb == "UID" && words.size() > at + 1) verb += " " + to_upper(words[at + 1]);
  return verb;
}

const CommandRow* row_of(const Machine& machine, std::string_view verb) {
  for (const CommandRow& row : machine.commands)
    if (row.name == verb) return &row;
  return nullptr;
}

namespace {

// Commands of extensions, and the word by which a server says that it has them.
struct Extension {
  Protocol protocol;
  std::string_view command, keyword;
};
constexpr Extension extensions[] = {
    {Protocol::smtp, "BDAT", "CHUNKING"}, {Protocol::lmtp, "BDAT", "CHUNKING"}, {Protocol::pop3, "UTF8", "UTF8"}, {Protocol::pop3, "LANG", "LANG"}};

bool was_told(const Floor& floor, std::string_view keyword) {
  if (!floor.conversation) return false;
  for (MessageId id = floor.said; id-- > 0;) {
    const Message& message = floor.conversation->message(id);
    if (message.from != Side::server || message.kind != MessageKind::reply) continue;
    for (const Token& token : floor.conversation->tokens(message))
      if ((token.role == Role::smtp_capability || token.role == Role::pop3_capability) &&
          equal_ignoring_case(token.span.of(floor.conversation->text(message)), keyword))
        return true;
  }
  return false;
}

bool is_offered(const Floor& floor, const CommandRow& row) {
  for (const Extension& extension : extensions)
    if (extension.protocol == floor.protocol() && extension.command == row.name) return was_told(floor, extension.keyword);
  return true;
}

}  // namespace

// What the server has not offered is not put forward, though it may be typed.
bool legal_now(const Floor& floor, const CommandRow& row) { return floor.machine && hindrance_of(floor, row).empty() && is_offered(floor, row); }

std::string_view hindrance_of(const Floor& floor, const CommandRow& row) { return hindrance(*floor.machine, row, floor.state, floor.sealed); }

std::string_view refusal_of(const Floor& floor, const CommandRow& row) {
  if (row.refusal.starts_with("NO if")) return floor.machine->states[floor.state].id == "selected_read_only" ? "NO" : "BAD";
  return row.refusal.substr(0, row.refusal.find(' '));
}

}  // namespace glasspost::ui
