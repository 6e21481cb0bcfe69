#include "app/model/walk.h"

#include <algorithm>

#include "protocol/tls/machine.h"

namespace glasspost::app {
namespace {

std::string_view last_name(std::string_view headline) {
  const std::size_t first = headline.find('/'), second = headline.find('/', first == headline.npos ? 0 : first + 1);
  return second == headline.npos ? std::string_view() : headline.substr(second + 1);
}

}  // namespace

std::string_view code_of(const Conversation& conversation, const Message& message) {
  const std::string_view text = conversation.text(message);
  for (const Token& token : conversation.tokens(message)) {
    switch (token.role) {
      case Role::smtp_code:
      case Role::imap_status:
      case Role::imap_continue:
      case Role::pop3_ok:
      case Role::pop3_err:
      case Role::pop3_continue: return token.span.of(text);
      default: break;
    }
  }
  return {};
}

std::string_view command_of(const Machine& machine, const Conversation& conversation, const Message& message) {
  const std::string_view name = last_name(conversation.headline(message));
  for (const CommandRow& row : machine.commands)
    if (row.name == name) return row.name;
  if (name == "content") return ".";
  if (name.ends_with("answer")) return "answer";
  if (name.ends_with("cancel")) return "*";
  return {};
}

void Walk::clear() { *this = {}; }

void Walk::follow(const Trace& trace, const Conversation& conversation, Instant cursor) {
  begin(conversation, machine_of(conversation.opened().protocol));
  if (!machine_) return;
  for (; seen_ < conversation.size(); ++seen_) take_in(MessageId(seen_));
  take_in_handshake(trace);
  move(cursor);
  now_ = conversation.closed_at() <= cursor ? machine_->closed : conversation.state_at(cursor);
}

void Walk::follow_tls(const Conversation& conversation, Instant cursor) {
  begin(conversation, &tls_machine());
  for (; seen_ < conversation.size(); ++seen_) take_in_tls(MessageId(seen_));
  move(cursor);
  now_ = machine_->start;
  for (std::size_t i = taken_; i-- > 0 && now_ == machine_->start;) now_ = steps_[i].to;
}

void Walk::begin(const Conversation& conversation, const Machine* machine) {
  if (conversation_ == &conversation && connection_ == conversation.id() && conversation.size() >= seen_) return;
  clear();
  conversation_ = &conversation, connection_ = conversation.id();
  machine_ = machine;
  if (machine_) ways_.resize(machine_->transitions.size()), stays_.resize(machine_->states.size() * machine_->commands.size());
}

// Whoever says it: the server has it when it was said or has arrived, and so has the client.
void Walk::take_in_tls(MessageId id) {
  const Message& message = conversation_->message(id);
  if (message.protocol != Protocol::tls) return;
  const std::string_view name = last_name(conversation_->headline(message));
  const Instant arrived = message.arrived == Instant::max() ? message.at : message.arrived;
  const bool client = message.from == Side::client;
  Step step{client ? arrived : message.at, client ? message.at : arrived, tls_, tls_, no_row, row_named(name), false, id, {}, no_row};
  for (std::size_t i = 0; i < machine_->transitions.size(); ++i)
    if (machine_->transitions[i].from == tls_ && machine_->transitions[i].command == name) step.transition = i, step.to = machine_->transitions[i].to;
  if (step.command == no_row) return;  // ChangeCipherSpec, kept for old machines on the way
  step.refused = (machine_->commands[step.command].legal_in >> tls_ & 1U) == 0;
  tls_ = step.to;
  add(step);
}

// The first command inside TLS names the handshake's state as where it came from; the session had begun again before.
StateId Walk::after_handshake(const Message& message) const {
  if (message.sealed)
    for (const Transition& way : machine_->transitions)
      if (way.from == message.state_before && way.command == "handshake") return way.to;
  return message.state_before;
}

void Walk::take_in(MessageId id) {
  const Message& message = conversation_->message(id);
  if (message.protocol == Protocol::tls) {
    last_tls_ = id;
    return;
  }
  const StateId before = after_handshake(message);
  const bool changes = before != message.state_after;
  Step step{message.at, message.arrived, before, message.state_after, no_row, no_row, false, {}, {}, no_row};
  if (message.from == Side::client) {
    if (!changes) return;  // it waits for its answer
    const std::string_view name = command_of(*machine_, *conversation_, message);
    step.learned = message.at;
    step.asked = id;
    step.command = row_named(name);
    step.transition = find(before, message.state_after, name, "");
    return add(step);
  }
  const Exchange* exchange = conversation_->exchange_of(id);
  step.answered = id;
  if (exchange && exchange->command) step.asked = *exchange->command;
  if (!changes && (!message.completes || !step.asked || step.asked == changed_by_)) return;
  const std::string_view name = step.asked ? command_of(*machine_, *conversation_, conversation_->message(*step.asked)) : std::string_view();
  step.command = row_named(name);
  if (!changes && step.command != no_row) step.refused = (machine_->commands[step.command].legal_in >> before & 1U) == 0;
  if (!step.refused) step.transition = find(before, message.state_after, name, code_of(*conversation_, message));
  if (changes) changed_by_ = step.asked;
  if (changes || step.transition != no_row || step.command != no_row) add(step);
}

void Walk::take_in_handshake(const Trace& trace) {
  if (shook_hands_ || conversation_->tls_up() == no_record || !trace.holds(conversation_->tls_up())) return;
  shook_hands_ = true;
  const Instant at = trace[conversation_->tls_up()].at;
  for (const Transition& way : machine_->transitions) {
    if (way.command != "handshake" || !last_tls_) continue;
    const std::size_t row = std::size_t(&way - machine_->transitions.data());
    const auto place = std::upper_bound(steps_.begin(), steps_.end(), at, [](Instant moment, const Step& step) { return moment < step.at; });
    if (place == steps_.begin() || std::prev(place)->to != way.from) return;  // TLS came before the first word
    return add({at, at, way.from, way.to, row, no_row, false, last_tls_, {}, no_row});
  }
}

// Steps come in the order of time, but for a handshake that is noticed late.
void Walk::add(Step step) {
  const auto place = std::upper_bound(steps_.begin(), steps_.end(), step.at, [](Instant at, const Step& other) { return at < other.at; });
  if (place != steps_.end() && std::size_t(place - steps_.begin()) < taken_) move(Instant::min());
  steps_.insert(place, step);
}

void Walk::move(Instant cursor) {
  cursor_ = cursor;
  while (taken_ < steps_.size() && steps_[taken_].at <= cursor) {
    if (Row* row = row_of(steps_[taken_])) steps_[taken_].before = row->last, row->last = taken_, ++row->count;
    ++taken_;
  }
  while (taken_ > 0 && steps_[taken_ - 1].at > cursor) {
    --taken_;
    if (Row* row = row_of(steps_[taken_])) row->last = steps_[taken_].before, --row->count;
  }
}

Walk::Row* Walk::row_of(const Step& step) {
  if (step.refused) return nullptr;
  if (step.transition != no_row) return &ways_[step.transition];
  if (step.command != no_row && step.from == step.to) return &stays_[place_of(step.from, step.command)];
  return nullptr;
}

// The row of the table with this command and reply; else with this command; else between these two states.
std::size_t Walk::find(StateId from, StateId to, std::string_view command, std::string_view reply) const {
  std::size_t found = no_row;
  int best = 0;
  for (std::size_t i = 0; i < machine_->transitions.size(); ++i) {
    const Transition& way = machine_->transitions[i];
    if (way.from != from || way.to != to) continue;
    const bool same = way.command == command;
    if (from == to && !same) continue;
    const int fits = 1 + 2 * int(same) + int(way.reply == reply || way.reply.starts_with(std::string(reply) + " "));
    if (fits > best) found = i, best = fits;
  }
  return found;
}

std::size_t Walk::row_named(std::string_view command) const {
  for (std::size_t i = 0; i < machine_->commands.size(); ++i)
    if (machine_->commands[i].name == command) return i;
  return no_row;
}

const Step* Walk::last(std::size_t transition) const {
  return transition < ways_.size() && ways_[transition].last != no_row ? &steps_[ways_[transition].last] : nullptr;
}

std::uint64_t Walk::stayed(StateId state, std::size_t command) const {
  return machine_ ? stays_[place_of(state, command)].count : 0;
}

const Step* Walk::last_stay(StateId state, std::size_t command) const {
  const std::size_t last = machine_ ? stays_[place_of(state, command)].last : no_row;
  return last != no_row ? &steps_[last] : nullptr;
}

const Step* Walk::step_of(MessageId id) const {
  constexpr std::size_t longest = 256;  // steps between a command and its answer
  if (!conversation_ || id >= conversation_->size()) return nullptr;
  const Instant at = conversation_->message(id).at;
  auto step = std::lower_bound(steps_.begin(), steps_.begin() + std::ptrdiff_t(taken_), at, [](const Step& one, Instant moment) { return one.at < moment; });
  for (std::size_t tried = 0; tried < longest && step != steps_.begin() + std::ptrdiff_t(taken_); ++step, ++tried)
    if (step->asked == id || step->answered == id) return &*step;
  return nullptr;
}

std::uint64_t Walk::entered(StateId state) const {
  std::uint64_t times = 0;
  for (std::size_t i = 0; i < ways_.size(); ++i) {
    const Transition& way = machine_->transitions[i];
    if (way.to == state && way.from != state) times += ways_[i].count;
  }
  return times;
}

StateId Walk::client_now() const {
  if (!machine_) return 0;
  if (conversation_->closed_at() <= cursor_ && machine_->protocol != Protocol::tls) return now_;
  for (std::size_t i = taken_; i-- > 0;)
    if (steps_[i].from != steps_[i].to && steps_[i].learned <= cursor_) return steps_[i].to;
  return machine_->start;
}

std::optional<MessageId> Walk::since() const {
  for (std::size_t i = taken_; i-- > 0;)
    if (steps_[i].from != steps_[i].to) return steps_[i].answered ? *steps_[i].answered : steps_[i].message();
  return std::nullopt;
}

}  // namespace glasspost::app
