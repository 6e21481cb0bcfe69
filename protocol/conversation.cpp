#include "protocol/conversation.h"

#include <algorithm>

#include "protocol/tls/handshake.h"
#include "protocol/base/overloaded.h"

namespace glasspost {
namespace {

constexpr std::uint32_t no_problem = UINT32_MAX;
constexpr std::uint32_t no_exchange = UINT32_MAX;

}  // namespace

// Gives each message the record that brought its first octet and the time of its last.
class Conversation::Sink final : public MessageSink {
 public:
  Sink(Conversation& owner, RecordId record, Instant at, bool sealed)
      : owner_(owner), record_(record), at_(at), sealed_(sealed) {}

  MessageId said(const Said& said) override {
    Direction& direction = owner_.directions_[int(said.from)];
    while (!direction.pending.empty() && direction.pending.front().upto <= direction.words.said)
      direction.pending.pop_front();
    RecordId record = record_;
    bool sealed = sealed_;
    if (!direction.pending.empty()) {
      record = direction.pending.front().record;
      sealed = direction.pending.front().sealed;
    }
    const MessageId id = owner_.add(said, record, at_, sealed);
    direction.words.said += said.octets;
    if (!owner_.is_ours(said.from) || direction.words.said <= direction.words.arrived)
      owner_.messages_[id].arrived = at_;
    else
      direction.words.under_way.emplace_back(direction.words.said, id);
    return id;
  }

 private:
  Conversation& owner_;
  RecordId record_;
  Instant at_;
  bool sealed_;
};

Conversation::Conversation(ConnectionId id, const Trace& trace, const Opened& opened, Instant opened_at)
    : id_(id),
      opened_(opened),
      opened_at_(opened_at),
      client_name_(trace.bytes(opened.client_name)),
      server_name_(trace.bytes(opened.server_name)),
      dissector_(make_dissector(opened.protocol)) {
  if (const Machine* machine = machine_of(opened.protocol)) state_ = machine->start;
}
Conversation::~Conversation() = default;
Conversation::Conversation(Conversation&&) noexcept = default;

void Conversation::observe(const Trace& trace, RecordId id) {
  const Record& record = trace[id];
  if (record.connection != id_) return;
  std::visit(Overloaded{
                 [&](const Sent& sent) {
                   observe_octets(trace, id, sent.from, sent.layer, trace.bytes(sent.bytes), true);
                 },
                 [&](const Arrived& arrived) {
                   observe_octets(trace, id, arrived.from, arrived.layer, trace.bytes(arrived.bytes), false);
                 },
                 [&](const TlsRecord& tls) { tls_record(trace, id, tls); },
                 [&](const Tampered& changed) { tampered(record.cause, changed.from, trace.bytes(changed.heard)); },
                 [&](const TlsUp&) {
                   tls_up_ = id;
                   protect(record.at, Protection::up);
                   if (dissector_) dissector_->tls_established();
                   begin_again(record.at);
                 },
                 [&](const TlsFailed&) { protect(record.at, Protection::failed); },
                 [&](const Closed& closed) {
                   closed_at_ = std::min(closed_at_, record.at);
                   Sink sink(*this, id, record.at, protection_at(record.at) == Protection::up);
                   if (dissector_) dissector_->end(closed.from, sink);
                 },
                 [](const auto&) {},
             },
             record.what);
}

void Conversation::observe_octets(const Trace& trace, RecordId id, Side from, Layer layer,
                                  std::string_view octets, bool sent) {
  Direction& direction = directions_[int(from)];
  const Instant at = trace[id].at;
  if (layer == Layer::wire) {
    if (sent) {
      direction.wire.put += octets.size();
      for (const MessageId message : direction.not_on_wire)
        direction.wire.under_way.emplace_back(direction.wire.put, message);
      direction.not_on_wire.clear();
    } else {
      direction.wire.arrive(octets.size(), at, messages_);
    }
  } else if (sent == is_ours(from)) {
    put(id, at, from, octets, layer == Layer::inside && !protection_.empty());
  } else if (!sent) {
    direction.words.arrive(octets.size(), at, messages_);
  }
}

void Conversation::put(RecordId record, Instant at, Side from, std::string_view octets, bool sealed) {
  if (!dissector_) return;
  Direction& direction = directions_[int(from)];
  direction.words.put += octets.size();
  direction.pending.push_back({direction.words.put, record, at, sealed});
  Sink sink(*this, record, at, sealed);
  dissector_->put(from, octets, sink);
}

void Conversation::Flow::arrive(std::size_t octets, Instant at, std::vector<Message>& messages) {
  arrived += octets;
  while (!under_way.empty() && under_way.front().first <= arrived) {
    messages[under_way.front().second].arrived = at;
    under_way.pop_front();
  }
}

void Conversation::tls_record(const Trace& trace, RecordId id, const TlsRecord& tls) {
  Direction& direction = directions_[int(tls.from)];
  if (tls.content_type == 23) {  // what was said last inside TLS travels in this record
    for (MessageId i = direction.first_unsealed; i < messages_.size(); ++i)
      if (messages_[i].from == tls.from && messages_[i].sealed && messages_[i].protocol != Protocol::tls)
        messages_[i].wire_octets = tls.wire_octets;
    direction.first_unsealed = MessageId(messages_.size());
    return;
  }
  if (protection_.empty()) protect(trace[id].at, Protection::handshake);
  if (tls.content_type != 21 && tls.content_type != 22) return;
  const std::string_view text = trace.bytes(tls.message);
  Said said;
  said.from = tls.from;
  said.protocol = Protocol::tls;
  said.kind = MessageKind::handshake;
  said.text = text.substr(0, shown_content_limit);
  said.octets = text.size();
  said.state_after = state_;
  const std::string headline = tls_headline(tls.content_type, text);
  const TlsDissection dissection = dissect_tls_message(tls.content_type, said.text);
  said.headline = headline;
  said.tokens = dissection.tokens.all();
  if (said.text.size() == text.size()) said.problem = dissection.problem;
  const MessageId message = add(said, id, trace[id].at, tls.encrypted);
  messages_[message].wire_octets = tls.wire_octets;
  if (is_ours(tls.from)) direction.not_on_wire.push_back(message);
  else messages_[message].arrived = trace[id].at;
}

// The messages that this record carried are the newest ones of this side; what follows them is not whole yet.
void Conversation::tampered(RecordId sent, Side from, std::string_view heard) {
  const Direction& direction = directions_[int(from)];
  heard.remove_suffix(std::size_t(std::min<std::uint64_t>(heard.size(), direction.words.put - direction.words.said)));
  for (MessageId id = MessageId(messages_.size()); id-- > 0 && !heard.empty();) {
    const Message& message = messages_[id];
    if (message.from != from || message.protocol == Protocol::tls) continue;
    if (message.record != sent || message.octets > heard.size()) return;
    const std::string_view own = heard.substr(heard.size() - std::size_t(message.octets)).substr(0, message.text_size);
    if (own != text(message)) heard_.emplace(id, own);
    heard.remove_suffix(std::size_t(message.octets));
  }
}

std::string_view Conversation::heard(MessageId id) const {
  const auto found = heard_.find(id);
  return found == heard_.end() ? std::string_view() : std::string_view(found->second);
}

MessageId Conversation::add(const Said& said, RecordId record, Instant at, bool sealed) {
  const MessageId id = MessageId(messages_.size());
  Message message{};
  message.from = said.from;
  message.protocol = said.protocol;
  message.kind = said.kind;
  message.sealed = sealed;
  message.completes = said.completes;
  message.state_before = state_;
  message.state_after = said.state_after;
  message.record = record;
  message.at = at;
  message.arrived = Instant::max();
  message.octets = said.octets;
  message.wire_octets = std::uint32_t(said.octets);
  message.text_at = text_.size();
  message.text_size = std::uint32_t(said.text.size());
  message.tokens_at = tokens_.size();
  message.token_count = std::uint32_t(said.tokens.size());
  message.answers = said.answers;
  message.problem = no_problem;
  text_ += said.text;
  tokens_.insert(tokens_.end(), said.tokens.begin(), said.tokens.end());
  if (said.problem) {
    message.problem = std::uint32_t(problems_.size());
    problems_.push_back(*said.problem);
  }
  auto known = headline_index_.find(said.headline);
  if (known == headline_index_.end()) {
    known = headline_index_.emplace(said.headline, std::uint16_t(headlines_.size())).first;
    headlines_.emplace_back(said.headline);
  }
  message.headline = known->second;
  const StateId before = state_;
  state_ = said.state_after;
  messages_.push_back(message);
  join_exchange(id, said, before);
  return id;
}

void Conversation::join_exchange(MessageId id, const Said& said, StateId before) {
  if (said.answers && *said.answers < exchange_of_.size() && exchange_of_[*said.answers] != no_exchange) {
    const std::uint32_t index = exchange_of_[*said.answers];
    exchanges_[index].replies.push_back(id);
    exchanges_[index].after = said.state_after;
    exchange_of_.push_back(index);
    return;
  }
  exchange_of_.push_back(std::uint32_t(exchanges_.size()));
  Exchange exchange;
  exchange.before = before;
  exchange.after = said.state_after;
  if (said.from == Side::client) exchange.command = id;
  else exchange.replies.push_back(id);
  exchanges_.push_back(std::move(exchange));
}

void Conversation::protect(Instant at, Protection protection) {
  if (protection_.empty() || protection_.back().second != protection) protection_.emplace_back(at, protection);
}

std::string_view Conversation::name(Side side) const {
  return side == Side::client ? client_name_ : server_name_;
}

Protection Conversation::protection_at(Instant at) const {
  Protection protection = Protection::none;
  for (const auto& [since, what] : protection_)
    if (since <= at) protection = what;
  return protection;
}

std::string_view Conversation::text(const Message& message) const {
  return std::string_view(text_).substr(message.text_at, message.text_size);
}

std::span<const Token> Conversation::tokens(const Message& message) const {
  return std::span(tokens_).subspan(message.tokens_at, message.token_count);
}

const Error* Conversation::problem(const Message& message) const {
  return message.problem == no_problem ? nullptr : &problems_[message.problem];
}

std::string_view Conversation::headline(const Message& message) const { return headlines_[message.headline]; }

const Exchange* Conversation::exchange_of(MessageId id) const {
  return id < exchange_of_.size() && exchange_of_[id] != no_exchange ? &exchanges_[exchange_of_[id]] : nullptr;
}

// SMTP knows nothing of the client any more once TLS is up (RFC 3207 section 4.2): the table has a way for the handshake.
void Conversation::begin_again(Instant at) {
  const Machine* machine = machine_of(opened_.protocol);
  if (!machine) return;
  for (const Transition& way : machine->transitions) {
    if (way.from != state_ || way.command != "handshake") continue;
    begun_again_ = {at, way.to};
    return;
  }
}

StateId Conversation::state_at(Instant at) const {
  const auto after = std::upper_bound(messages_.begin(), messages_.end(), at,
                                      [](Instant cursor, const Message& message) { return cursor < message.at; });
  if (begun_again_ && begun_again_->first <= at && (after == messages_.begin() || std::prev(after)->at <= begun_again_->first))
    return begun_again_->second;
  if (after != messages_.begin()) return std::prev(after)->state_after;
  const Machine* machine = machine_of(opened_.protocol);
  return machine ? machine->start : StateId{0};
}

std::size_t Conversation::memory() const {
  std::size_t octets = text_.capacity() + tokens_.capacity() * sizeof(Token) + messages_.capacity() * sizeof(Message) +
                       exchanges_.capacity() * sizeof(Exchange) + exchange_of_.capacity() * sizeof(std::uint32_t);
  for (const Exchange& exchange : exchanges_) octets += exchange.replies.capacity() * sizeof(MessageId);
  return octets;
}

void Conversations::observe(const Trace& trace) {
  seen_ = std::max(seen_, trace.first());
  for (; seen_ < trace.end(); ++seen_) {
    const Record& record = trace[seen_];
    if (record.connection == 0) continue;
    if (index_of_.size() <= record.connection) index_of_.resize(record.connection + 1, -1);
    if (const auto* opened = std::get_if<Opened>(&record.what)) {
      index_of_[record.connection] = std::int32_t(conversations_.size());
      conversations_.emplace_back(record.connection, trace, *opened, record.at);
      row_of_.emplace_back();
    }
    const std::int32_t index = index_of_[record.connection];
    if (index < 0) continue;  // its beginning was forgotten
    Conversation& conversation = conversations_[std::size_t(index)];
    conversation.observe(trace, seen_);
    auto& rows = row_of_[std::size_t(index)];
    while (rows.size() < conversation.size()) {
      const MessageId message = MessageId(rows.size());
      rows.push_back(std::uint32_t(rows_.size()));
      rows_.push_back({record.connection, message});
    }
  }
}

std::size_t Conversations::rows_until(Instant cursor) const {
  const auto after = std::upper_bound(rows_.begin(), rows_.end(), cursor, [this](Instant at, MessageRef ref) {
    return at < message(ref).at;
  });
  return std::size_t(after - rows_.begin());
}

std::optional<std::size_t> Conversations::row_of(MessageRef ref) const {
  if (ref.connection >= index_of_.size() || index_of_[ref.connection] < 0) return std::nullopt;
  const auto& rows = row_of_[std::size_t(index_of_[ref.connection])];
  if (ref.message >= rows.size()) return std::nullopt;
  return rows[ref.message];
}

const Conversation* Conversations::find(ConnectionId id) const {
  if (id >= index_of_.size() || index_of_[id] < 0) return nullptr;
  return &conversations_[std::size_t(index_of_[id])];
}

std::optional<MessageRef> Conversations::message_of_record(RecordId record) const {
  for (const Conversation& conversation : conversations_)
    for (MessageId id = 0; id < conversation.size(); ++id)
      if (conversation.message(id).record == record) return MessageRef{conversation.id(), id};
  return std::nullopt;
}

std::size_t Conversations::memory() const {
  std::size_t octets = rows_.capacity() * sizeof(MessageRef) + index_of_.capacity() * sizeof(std::int32_t);
  for (const auto& rows : row_of_) octets += rows.capacity() * sizeof(std::uint32_t);
  for (const Conversation& conversation : conversations_) octets += sizeof conversation + conversation.memory();
  return octets;
}

}  // namespace glasspost
