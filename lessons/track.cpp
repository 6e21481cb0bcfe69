#include "lessons/track.h"

#include <algorithm>
#include <set>

#include "lessons/accepted.h"
#include "lessons/answers.h"
#include "protocol/base/overloaded.h"
#include "protocol/base/text.h"
#include "protocol/tls/facts.h"
#include "sim/history.h"

namespace glasspost::lessons {
namespace {

bool is_there(const Where& where, const Conversation& conversation) {
  const Opened& opened = conversation.opened();
  return (where.connection == 0 || where.connection == conversation.id()) && (!where.protocol || *where.protocol == opened.protocol) && (where.port == 0 || where.port == opened.server_port) &&
         (where.client.empty() || where.client == conversation.name(Side::client)) &&
         (where.server.empty() || where.server == conversation.name(Side::server));
}

template <class Use>
void each_conversation(const Where& where, const Seen& seen, const Use& use) {
  for (std::size_t i = 0; i < seen.conversations.connections(); ++i)
    if (is_there(where, seen.conversations.at(i))) use(seen.conversations.at(i));
}

// Something that happened and is counted.
struct Event {
  Instant at{};
  std::uint64_t count = 1;
  std::string text = {};
};

// What was counted, in the order of time; `known`: from which moment on there is something to count.
Track counted(std::vector<Event> events, const Seen& seen, std::optional<Instant> known = Instant::min()) {
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  Track track{{seen.begins_at, 0, known && *known <= seen.begins_at, {}}};
  if (known && *known > seen.begins_at) track.push_back({*known, 0, true, {}});
  for (Event& event : events) {
    const std::uint64_t number = track.back().number + event.count;
    const bool older = event.text.empty() || (event.count == 0 && number > 0);  // what counted is worth telling for good
    track.push_back({event.at, number, true, older ? track.back().text : std::move(event.text)});
  }
  return track;
}

class Tracker {
 public:
  explicit Tracker(const Seen& seen) : seen_(seen) {}

  Track operator()(const Exchange& exchange) const {
    std::vector<Event> events;
    each_conversation(exchange.where, seen_, [&](const Conversation& conversation) {
      for (const Answer& answer : answers_of(conversation)) exchange_event(exchange, conversation, answer, events);
    });
    return counted(std::move(events), seen_);
  }

  Track operator()(const Sequence& sequence) const {
    Track track{{seen_.begins_at, 0, true, sequence.commands.front()}};
    struct Reached { Instant at; std::size_t place; };
    std::vector<Reached> reached;
    each_conversation(sequence.where, seen_, [&](const Conversation& conversation) {
      std::size_t place = 0;
      for (const Answer& answer : answers_of(conversation)) {
        if (place == sequence.commands.size()) break;
        const Message& reply = conversation.message(answer.reply);
        if (!is_new(conversation, answer)) continue;
        if (sequence.clean && reply.completes && !is_accepted(conversation, reply)) break;
        if (!is_accepted(conversation, reply)) continue;
        if (equal_ignoring_case(verb_of(conversation, answer.command), sequence.commands[place])) reached.push_back({answer.at, ++place});
      }
    });
    std::stable_sort(reached.begin(), reached.end(), [](const Reached& a, const Reached& b) { return a.at < b.at; });
    for (const Reached& one : reached)
      if (one.place > track.back().number)
        track.push_back({one.at, one.place, true, one.place < sequence.commands.size() ? sequence.commands[one.place] : ""});
    return track;
  }

  Track operator()(const States& states) const {
    std::vector<std::pair<Instant, StateId>> visits;
    each_conversation(states.where, seen_, [&](const Conversation& conversation) {
      for (MessageId id = 0; id < conversation.size(); ++id) {
        const Message& message = conversation.message(id);
        if (message.record < seen_.begins || message.protocol == Protocol::tls || message.arrived == Instant::max()) continue;
        visits.emplace_back(message.at, message.state_before);
        visits.emplace_back(message.arrived, message.state_after);
      }
    });
    std::stable_sort(visits.begin(), visits.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::set<StateId> visited;
    std::vector<Event> events;
    for (const auto& [when, state] : visits)
      if (std::find(states.states.begin(), states.states.end(), state) != states.states.end() && visited.insert(state).second)
        events.push_back({when});
    return counted(std::move(events), seen_);
  }

  Track operator()(const Connections& connections) const {
    std::vector<Event> events;
    each_conversation(connections.where, seen_, [&](const Conversation& conversation) {
      if (is_new(conversation)) events.push_back({conversation.opened_at()});
    });
    return counted(std::move(events), seen_);
  }

  Track operator()(const Cut& cut) const {
    std::vector<Event> events;
    each_conversation(cut.where, seen_, [&](const Conversation& conversation) {
      // It may have been opened long before.
      if (conversation.opened().datagrams || conversation.closed_at() <= seen_.begins_at || conversation.closed_at() == Instant::max()) return;
      for (MessageId id = 0; id < conversation.size(); ++id) {
        if (conversation.message(id).kind != MessageKind::command) continue;
        if (const std::string verb = verb_of(conversation, id); verb == "QUIT" || verb == "LOGOUT") return;
      }
      events.push_back({conversation.closed_at()});
    });
    return counted(std::move(events), seen_);
  }

  Track operator()(const Tls& tls) const {
    std::vector<Event> events;
    each_conversation(tls.where, seen_, [&](const Conversation& conversation) {
      const RecordId up = conversation.tls_up();
      if (up == no_record || up < seen_.begins || !seen_.trace.holds(up)) return;
      const auto facts = decode_tls_facts(seen_.trace.bytes(std::get<TlsUp>(seen_.trace[up].what).facts));
      events.push_back({seen_.trace[up].at, 1, facts ? facts->version : ""});
    });
    return counted(std::move(events), seen_);
  }

  Track operator()(const ClearOctets& clear) const {
    std::vector<Event> events;
    std::optional<Instant> known;
    each_conversation(clear.where, seen_, [&](const Conversation& conversation) {
      if (conversation.opened().datagrams) return;
      note_connection(conversation, known);
      for (MessageId id = 0; id < conversation.size(); ++id) {
        const Message& message = conversation.message(id);
        if (!message.sealed && message.protocol != Protocol::tls && message.record >= seen_.begins) events.push_back({message.at, message.octets});
      }
    });
    return counted(std::move(events), seen_, known);
  }

  Track operator()(const WireOctets& wire) const {
    std::vector<Event> events;
    std::optional<Instant> known;
    std::set<ConnectionId> meant;
    each_conversation(wire.where, seen_, [&](const Conversation& conversation) {
      note_connection(conversation, known);
      meant.insert(conversation.id());
    });
    for (RecordId id = std::max(seen_.begins, seen_.trace.first()); id < seen_.trace.end(); ++id) {
      const Record& record = seen_.trace[id];
      const auto* sent = std::get_if<Sent>(&record.what);
      if (sent && sent->layer != Layer::inside && meant.contains(record.connection)) events.push_back({record.at, sent->bytes.size});
    }
    return counted(std::move(events), seen_, known);
  }

  Track operator()(const Readable& readable) const {
    std::vector<Event> events;
    const std::string labels = dns_labels(readable.text);
    each_conversation(readable.where, seen_, [&](const Conversation& conversation) {
      for (MessageId id = 0; id < conversation.size(); ++id) {
        const Message& message = conversation.message(id);
        if (message.record < seen_.begins || !is_open(message)) continue;
        if (shows(conversation, message, readable.text, labels)) events.push_back({message.at, 1, verb_of(conversation, message.from == Side::client ? std::optional(id) : std::nullopt)});
      }
    });
    for (Event& event : events)
      if (event.text == "greeting") event.text.clear();
    return counted(std::move(events), seen_);
  }

  Track operator()(const Mailbox& mailbox) const {
    return over_history([&](const sim::History& history) {
      std::uint64_t number = 0;
      for (const sim::Holding& holding : history.holdings()) {
        if (name_of(holding.holder) != mailbox.holder || holding.mailbox != mailbox.mailbox) continue;
        if (!mailbox.user.empty() && holding.user != mailbox.user) continue;
        for (const sim::HeldMessage& message : holding.messages)
          if (!message.gone && is_meant(message, mailbox.subject, mailbox.key) && has_flags(message, mailbox)) ++number;
      }
      return number;
    });
  }

  Track operator()(const Copies& copies) const {
    return over_history([&](const sim::History& history) {
      std::uint64_t number = 0;
      for (const sim::Holding& holding : history.holdings())
        if (holding.mailbox == "INBOX" && holds(copies.holders, holding))
          for (const sim::HeldMessage& message : holding.messages) number += !message.gone && is_meant(message, copies.subject, copies.key);
      return number;
    });
  }

  Track operator()(const Lost& lost) const {
    return over_history([&](const sim::History& history) {
      std::set<std::string> had, has;
      for (const sim::Holding& holding : history.holdings()) {
        if (!holds(lost.holders, holding)) continue;
        for (const sim::HeldMessage& message : holding.messages) {
          if (!is_meant(message, lost.subject, lost.key)) continue;
          had.insert(message.key);
          if (!message.gone) has.insert(message.key);
        }
      }
      return std::uint64_t(had.size() - has.size());
    });
  }

  Track operator()(const Differences& differences) const {
    return over_history([&](const sim::History& history) {
      std::map<std::string, std::map<std::string, std::string>> flags_by_key;  // and by holder
      for (const sim::Holding& holding : history.holdings()) {
        if (holding.mailbox != "INBOX" || !holds(differences.holders, holding)) continue;
        for (const sim::HeldMessage& message : holding.messages)
          if (!message.gone) flags_by_key[message.key][std::string(name_of(holding.holder))] = differences.flags ? sorted(message.flags) : "";
      }
      std::uint64_t number = 0;
      for (const auto& [key, by_holder] : flags_by_key) {
        const std::string& first = by_holder.begin()->second;
        number += by_holder.size() < differences.holders.size() ||
                  std::any_of(by_holder.begin(), by_holder.end(), [&](const auto& one) { return one.second != first; });
      }
      return number;
    });
  }

  Track operator()(const Envelope& envelope) const {
    std::vector<Event> events;
    each_conversation(envelope.where, seen_, [&](const Conversation& conversation) { envelopes(envelope, conversation, events); });
    return counted(std::move(events), seen_);
  }

  Track operator()(const Queue& queue) const {
    return over_history([&](const sim::History& history) {
      return std::uint64_t(std::count_if(history.letters().begin(), history.letters().end(), [&](const sim::WaitingLetter& letter) {
        return name_of(letter.host) == queue.host && (queue.recipient.empty() || letter.recipient == queue.recipient) &&
               (queue.states.empty() || std::find(queue.states.begin(), queue.states.end(), letter.state) != queue.states.end());
      }));
    });
  }

  Track operator()(const Predicted& predicted) const {
    Track track{{seen_.begins_at, 0, false, {}}};
    for (const Graded& graded : seen_.graded)
      if (graded.prediction == predicted.prediction) track.push_back({graded.at, graded.right ? 1U : 0U, true, {}});
    return track;
  }

  Track operator()(const All& all) const {
    std::vector<Track> tracks;
    std::set<Instant> moments{seen_.begins_at};
    for (const Predicate& one : all.of) {
      tracks.push_back(track(one.fact, seen_));
      for (const Moment& moment : tracks.back()) moments.insert(moment.at);
    }
    Track joined;
    for (const Instant moment : moments) {
      std::uint64_t number = 0;
      for (std::size_t i = 0; i < tracks.size(); ++i) number += is_so(all.of[i], at(tracks[i], moment));
      if (joined.empty() || joined.back().number != number) joined.push_back({moment, number, true, {}});
    }
    return joined;
  }

  // At each moment, the connection on which most of them are so.
  Track operator()(const OneConnection& one) const {
    Track best{{seen_.begins_at, 0, true, {}}};
    std::vector<Track> each;
    std::set<Instant> moments;
    for (std::size_t i = 0; i < seen_.conversations.connections(); ++i) {
      All all{one.of};
      for (Predicate& predicate : all.of) where_of(predicate.fact)->connection = seen_.conversations.at(i).id();
      each.push_back((*this)(all));
      for (const Moment& moment : each.back()) moments.insert(moment.at);
    }
    for (const Instant moment : moments) {
      std::uint64_t number = 0;
      for (const Track& track : each) number = std::max(number, at(track, moment).number);
      if (number != best.back().number) best.push_back({moment, number, true, {}});
    }
    return best;
  }

 private:
  bool is_new(const Conversation& conversation) const {
    if (conversation.opened_at() != seen_.begins_at) return conversation.opened_at() > seen_.begins_at;
    return conversation.size() > 0 && conversation.message(0).record >= seen_.begins;
  }
  bool is_new(const Conversation& conversation, const Answer& answer) const {
    return conversation.message(answer.command.value_or(answer.reply)).record >= seen_.begins;
  }
  std::string_view name_of(HostId host) const { return host == 0 ? std::string_view() : std::string_view(seen_.world.host(host).name); }

  void note_connection(const Conversation& conversation, std::optional<Instant>& known) const {
    if (is_new(conversation) && (!known || conversation.opened_at() < *known)) known = conversation.opened_at();
  }

  // The latest reply to that command is worth telling even if it is not the one that counts.
  void exchange_event(const Exchange& exchange, const Conversation& conversation, const Answer& answer, std::vector<Event>& events) const {
    const Message& reply = conversation.message(answer.reply);
    if (!is_new(conversation, answer)) return;
    if (!exchange.command.empty() && !equal_ignoring_case(verb_of(conversation, answer.command), exchange.command)) return;
    const Message& told = conversation.message(answer.command.value_or(answer.reply));
    if (exchange.sealed && told.sealed != *exchange.sealed) return;
    if (!exchange.text.empty() && (!answer.command || !contains_ignoring_case(conversation.text(told), exchange.text))) return;
    const bool counts = words_of(conversation, reply).starts_with(exchange.reply) && says(exchange.reply_text, conversation, answer);
    if (exchange.command.empty() && !counts) return;  // an answer to whatever else
    events.push_back({answer.at, counts ? 1U : 0U, code_of(conversation, reply)});
  }

  static bool says(const std::string& wanted, const Conversation& conversation, const Answer& answer) {
    if (wanted.empty()) return true;
    for (MessageId id = answer.command.value_or(answer.reply); id <= answer.reply; ++id) {
      const Message& message = conversation.message(id);
      if (message.from == Side::server && contains_ignoring_case(conversation.text(message), wanted)) return true;
    }
    return false;
  }

  // Whoever listens can read it: said in the clear, or a part of the TLS handshake before the keys are there.
  bool is_open(const Message& message) const {
    if (message.sealed) return false;
    if (message.protocol != Protocol::tls) return true;
    if (!seen_.trace.holds(message.record)) return false;
    const auto* record = std::get_if<TlsRecord>(&seen_.trace[message.record].what);
    return record && !record->encrypted;
  }

  // RFC 1035 section 3.1: each label behind its length.
  static std::string dns_labels(std::string_view name) {
    std::string out;
    for (const std::string_view label : split(name, '.')) {
      if (label.empty() || label.size() > 63) return {};
      out += char(label.size());
      out += label;
    }
    return out;
  }

  static bool shows(const Conversation& conversation, const Message& message, std::string_view text, const std::string& labels) {
    const std::string_view said = conversation.text(message);
    if (said.find(text) != said.npos) return true;
    if (message.protocol == Protocol::dns && !labels.empty() && said.find(labels) != said.npos) return true;
    for (const Token& token : conversation.tokens(message)) {
      switch (token.role) {
        case Role::smtp_initial_response:
        case Role::smtp_auth_response:
        case Role::smtp_challenge:
        case Role::imap_initial_response:
        case Role::imap_auth_response:
        case Role::imap_challenge:
        case Role::pop3_initial_response:
        case Role::pop3_auth_response:
        case Role::pop3_challenge:
        case Role::base64: break;
        default: continue;
      }
      const auto decoded = base64_decode(token.span.of(said));
      if (decoded && decoded->find(text) != decoded->npos) return true;
    }
    return false;
  }

  // At each moment at which a mailbox or a queue changed.
  template <class Number>
  Track over_history(const Number& number) const {
    sim::History history;
    history.fold(seen_.trace, seen_.begins_at);
    Track track{{seen_.begins_at, number(history), true, {}}};
    for (RecordId id = std::max(history.folded(), seen_.trace.first()); id < seen_.trace.end(); ++id) {
      const Record& record = seen_.trace[id];
      if (!std::holds_alternative<StoreChanged>(record.what) && !std::holds_alternative<QueueChanged>(record.what)) continue;
      if (id < history.folded()) continue;
      history.fold(seen_.trace, record.at);
      if (const std::uint64_t now = number(history); now != track.back().number) track.push_back({record.at, now, true, {}});
    }
    return track;
  }

  static bool is_meant(const sim::HeldMessage& message, const std::string& subject, const std::string& key) {
    return (key.empty() || message.key == key) && (subject.empty() || contains_ignoring_case(message.subject, subject));
  }
  static std::vector<std::string_view> flags_of(const sim::HeldMessage& message) { return split(message.flags, ' '); }
  static bool has_flags(const sim::HeldMessage& message, const Mailbox& mailbox) {
    const auto flags = flags_of(message);
    const auto has = [&](const std::string& flag) {
      return std::any_of(flags.begin(), flags.end(), [&](std::string_view one) { return equal_ignoring_case(one, flag); });
    };
    return std::all_of(mailbox.flags.begin(), mailbox.flags.end(), has) && std::none_of(mailbox.without.begin(), mailbox.without.end(), has);
  }
  // \Recent is a session's own matter (RFC 3501 section 2.3.2): no difference between devices.
  static std::string sorted(std::string_view flags) {
    std::set<std::string> all;
    for (const std::string_view flag : split(flags, ' '))
      if (!flag.empty() && !equal_ignoring_case(flag, "\\Recent")) all.insert(to_lower(flag));
    std::string out;
    for (const std::string& flag : all) out += flag + " ";
    return out;
  }
  bool holds(const std::vector<std::string>& holders, const sim::Holding& holding) const {
    return std::find(holders.begin(), holders.end(), name_of(holding.holder)) != holders.end();
  }

  void envelopes(const Envelope& wanted, const Conversation& conversation, std::vector<Event>& events) const {
    for (const AcceptedLetter& letter : accepted_letters(conversation))
      if (is_new(conversation, letter.answer) && fits(wanted, letter)) events.push_back({letter.answer.at});
  }

  const Seen& seen_;
};

}  // namespace

Track track(const Fact& fact, const Seen& seen) { return std::visit(Tracker(seen), fact); }

const Moment& at(const Track& track, Instant when) {
  const auto after = std::upper_bound(track.begin(), track.end(), when, [](Instant instant, const Moment& moment) { return instant < moment.at; });
  return after == track.begin() ? track.front() : *std::prev(after);
}

bool is_so(const Predicate& predicate, const Moment& moment) { return moment.known && predicate.is_so(moment.number); }

}  // namespace glasspost::lessons
