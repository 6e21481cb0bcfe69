// The way that one session took through its protocol's machine: which rows of the table, how often, said in which
// message. Taken in once, message by message; moving the cursor costs only what lies between.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/conversation.h"
#include "protocol/machine.h"

namespace glasspost::app {

// "EHLO", "UID FETCH", "." for the letter itself; empty: no row of the table has this name.
std::string_view command_of(const Machine&, const Conversation&, const Message&);
// "250", "OK", "+OK", "+": the first word of a reply.
std::string_view code_of(const Conversation&, const Message&);

inline constexpr std::size_t no_row = SIZE_MAX;

// One exchange that changed the state, or left it as it was.
struct Step {
  Instant at{};                        // when the server took it
  Instant learned{};                   // when the client knew: the reply had arrived
  StateId from = 0, to = 0;
  std::size_t transition = no_row;     // of Machine::transitions; none: it stayed, or the table does not have it
  std::size_t command = no_row;        // of Machine::commands
  bool refused = false;                // said where it is not legal
  std::optional<MessageId> asked, answered;
  std::size_t before = no_row;         // the step before it by the same row of the table
  MessageId message() const { return asked ? *asked : answered ? *answered : 0; }
};

class Walk {
 public:
  // Follows this conversation up to the cursor. Another one than before begins anew.
  void follow(const Trace&, const Conversation&, Instant cursor);
  // The handshake messages of this conversation, through the machine of TLS.
  void follow_tls(const Conversation&, Instant cursor);
  void clear();

  const Conversation* conversation() const { return conversation_; }
  ConnectionId connection() const { return connection_; }
  const Machine* machine() const { return machine_; }
  StateId now() const { return now_; }                       // the server's
  StateId client_now() const;                                // as far as the client knows
  const std::vector<Step>& steps() const { return steps_; }
  std::size_t taken() const { return taken_; }               // how many steps were at or before the cursor
  std::uint64_t count(std::size_t transition) const { return transition < ways_.size() ? ways_[transition].count : 0; }
  const Step* last(std::size_t transition) const;            // that took it
  std::uint64_t stayed(StateId, std::size_t command) const;  // said there, and nothing changed
  const Step* last_stay(StateId, std::size_t command) const;
  const Step* step_of(MessageId) const;                      // that this command asked for, or this reply brought
  std::uint64_t entered(StateId) const;                      // how often another state led there
  std::optional<MessageId> since() const;                    // the message that led to the state; none: it began so

 private:
  struct Row {
    std::uint64_t count = 0;
    std::size_t last = no_row;  // of steps_
  };
  void begin(const Conversation&, const Machine*);
  void take_in(MessageId);
  void take_in_tls(MessageId);
  void take_in_handshake(const Trace&);
  void add(Step);
  void move(Instant cursor);
  std::size_t find(StateId from, StateId to, std::string_view command, std::string_view reply) const;
  std::size_t row_named(std::string_view command) const;
  StateId after_handshake(const Message&) const;
  Row* row_of(const Step&);
  std::size_t place_of(StateId state, std::size_t command) const { return std::size_t(state) * machine_->commands.size() + command; }

  const Conversation* conversation_ = nullptr;
  const Machine* machine_ = nullptr;
  ConnectionId connection_ = 0;
  Instant cursor_ = Instant::min();
  std::size_t seen_ = 0, taken_ = 0;
  bool shook_hands_ = false;
  std::optional<MessageId> last_tls_;
  std::optional<MessageId> changed_by_;   // the command whose answer changed the state last
  StateId now_ = 0, tls_ = 0;             // tls_: where the handshake stands that was taken in
  std::vector<Step> steps_;
  std::vector<Row> ways_, stays_;
};

}  // namespace glasspost::app
