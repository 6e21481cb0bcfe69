// A conversation folds one connection's records into messages and exchanges; Conversations does so for a whole trace,
// and orders all messages by time: the rows of the ladder. Nothing here depends on where the records came from.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/dissector.h"
#include "protocol/trace.h"

namespace glasspost {

struct Message {
  Side from;
  Protocol protocol;        // Protocol::tls for handshake messages, whatever the connection speaks
  MessageKind kind;
  bool sealed;              // said inside TLS
  bool completes;
  StateId state_before, state_after;
  RecordId record;          // the first record that carried it
  Instant at;               // when its last octet was said (or, of a foreign peer, arrived)
  Instant arrived;          // when its last octet arrived; Instant::max() while under way
  std::uint64_t octets;
  std::uint64_t text_at;    // private: see Conversation::text
  std::uint32_t text_size;
  std::uint32_t token_count;
  std::uint64_t tokens_at;
  std::optional<MessageId> answers;
  std::uint32_t problem;    // private: see Conversation::problem
  std::uint32_t wire_octets;  // what the wire carried for it; equals `octets` unless sealed
  std::uint16_t headline;   // private: see Conversation::headline
};

struct Exchange {
  std::optional<MessageId> command;  // none: the greeting, or untagged words nobody asked for
  std::vector<MessageId> replies;
  StateId before = 0, after = 0;
};

// The TLS side of a connection as far as it has come.
enum class Protection : std::uint8_t { none, handshake, up, failed };

class Conversation {
 public:
  Conversation(ConnectionId, const Trace&, const Opened&, Instant opened_at);
  ~Conversation();
  Conversation(Conversation&&) noexcept;

  // Records of other connections are ignored. In order, each once.
  void observe(const Trace&, RecordId);

  ConnectionId id() const { return id_; }
  const Opened& opened() const { return opened_; }
  std::string_view name(Side) const;  // the party's name
  Instant opened_at() const { return opened_at_; }
  Instant closed_at() const { return closed_at_; }  // Instant::max(): still open
  Protection protection_at(Instant) const;
  RecordId tls_up() const { return tls_up_; }       // the TlsUp record, or no_record

  std::size_t size() const { return messages_.size(); }
  const Message& message(MessageId id) const { return messages_[id]; }
  std::string_view text(const Message&) const;
  // What arrived in place of the text, if somebody on the way changed it; else empty.
  std::string_view heard(MessageId) const;
  std::span<const Token> tokens(const Message&) const;
  const Error* problem(const Message&) const;
  std::string_view headline(const Message&) const;
  std::span<const Exchange> exchanges() const { return exchanges_; }
  const Exchange* exchange_of(MessageId) const;
  StateId state_at(Instant) const;
  std::size_t memory() const;

 private:
  class Sink;
  struct Pending {  // octets put into the dissector whose message is not out yet
    std::uint64_t upto;
    RecordId record;
    Instant at;
    bool sealed;
  };
  // A stream of octets and the messages in it that have not wholly arrived, by the offset of their end.
  struct Flow {
    std::uint64_t put = 0, said = 0, arrived = 0;
    std::deque<std::pair<std::uint64_t, MessageId>> under_way;
    void arrive(std::size_t octets, Instant, std::vector<Message>&);
  };
  struct Direction {
    Flow words, wire;                        // what was said; what TLS made of it
    std::deque<Pending> pending;
    std::vector<MessageId> not_on_wire;      // handshake messages whose record has not been sent yet
    MessageId first_unsealed = 0;            // sealed messages from here on have not met their TLS record
  };
  void observe_octets(const Trace&, RecordId, Side from, Layer, std::string_view octets, bool sent);
  void put(RecordId, Instant, Side, std::string_view octets, bool sealed);
  void tls_record(const Trace&, RecordId, const TlsRecord&);
  void tampered(RecordId sent, Side from, std::string_view heard);
  MessageId add(const Said&, RecordId, Instant, bool sealed);
  void join_exchange(MessageId, const Said&, StateId before);
  void protect(Instant, Protection);
  void begin_again(Instant);
  bool is_ours(Side side) const { return side == Side::client ? opened_.client_is_ours : opened_.server_is_ours; }

  ConnectionId id_;
  Opened opened_;
  Instant opened_at_, closed_at_ = Instant::max();
  std::string client_name_, server_name_;
  std::unique_ptr<Dissector> dissector_;
  std::vector<Message> messages_;
  std::vector<Exchange> exchanges_;
  std::vector<std::uint32_t> exchange_of_;  // by MessageId
  std::map<MessageId, std::string> heard_;
  std::string text_;
  std::vector<Token> tokens_;
  std::vector<Error> problems_;
  std::vector<std::string> headlines_;
  std::map<std::string, std::uint16_t, std::less<>> headline_index_;
  std::vector<std::pair<Instant, Protection>> protection_;
  RecordId tls_up_ = no_record;
  Direction directions_[2];
  StateId state_ = 0;
  std::optional<std::pair<Instant, StateId>> begun_again_;  // when TLS came up, and the state it led to
};

// A message anywhere in the trace.
struct MessageRef {
  ConnectionId connection = 0;
  MessageId message = 0;
  friend bool operator==(MessageRef, MessageRef) = default;
};

class Conversations {
 public:
  // Takes in what is new in the trace since the last call.
  void observe(const Trace&);

  // All messages in the order in which they were said.
  std::size_t rows() const { return rows_.size(); }
  MessageRef row(std::size_t index) const { return rows_[index]; }
  std::size_t rows_until(Instant cursor) const;  // how many were said at or before `cursor`
  std::optional<std::size_t> row_of(MessageRef) const;

  std::size_t connections() const { return conversations_.size(); }
  const Conversation* find(ConnectionId) const;
  const Conversation& at(std::size_t index) const { return conversations_[index]; }
  const Message& message(MessageRef ref) const { return find(ref.connection)->message(ref.message); }
  std::optional<MessageRef> message_of_record(RecordId) const;  // the message that this record began
  RecordId seen() const { return seen_; }
  std::size_t memory() const;

 private:
  std::deque<Conversation> conversations_;        // by ConnectionId, which the trace counts from 1
  std::vector<std::int32_t> index_of_;            // by ConnectionId
  std::vector<MessageRef> rows_;
  std::vector<std::vector<std::uint32_t>> row_of_;  // per conversation: where each of its messages is in rows_
  RecordId seen_ = 0;
};

}  // namespace glasspost
