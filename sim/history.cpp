#include "sim/history.h"

#include <algorithm>
#include <utility>

namespace glasspost::sim {

std::size_t Holding::present() const {
  return std::size_t(std::count_if(messages.begin(), messages.end(), [](const HeldMessage& m) { return !m.gone; }));
}

bool WaitingLetter::waits() const {
  switch (state) {
    case QueueChange::accepted:
    case QueueChange::attempt:
    case QueueChange::deferred:
    case QueueChange::held:
    case QueueChange::released: return true;
    case QueueChange::delivered:
    case QueueChange::bounced:
    case QueueChange::expired:
    case QueueChange::dropped: return false;
  }
  return false;
}

void History::clear() { *this = History{}; }

void History::begin_anew(const Trace& trace) {
  holdings_.clear();
  letters_.clear();
  letters_by_number_.clear();
  befores_.clear();
  swept_.clear();
  next_change_ = std::size_t(std::lower_bound(changes_.begin(), changes_.end(), trace.first()) - changes_.begin());
}

void History::fold(const Trace& trace, Instant cursor) {
  if (seen_ < trace.first() || seen_ > trace.end()) {
    clear();
    seen_ = next_ = trace.first();
  }
  const auto is_later = [&] {
    const bool there = !befores_.empty() && trace.holds(changes_[next_change_ - 1]);
    return there && trace[changes_[next_change_ - 1]].at > cursor;
  };
  while (is_later())
    if (!take_back(trace)) begin_anew(trace);
  // Changes that were still to come when the trace forgot them.
  if (next_change_ < changes_.size() && changes_[next_change_] < trace.first()) begin_anew(trace);
  for (; seen_ < trace.end() && trace[seen_].at <= cursor; ++seen_) {
    const What& what = trace[seen_].what;
    if (std::holds_alternative<StoreChanged>(what) || std::holds_alternative<QueueChanged>(what) || std::holds_alternative<Synced>(what))
      changes_.push_back(seen_);
  }
  for (; next_change_ < changes_.size() && trace[changes_[next_change_]].at <= cursor; ++next_change_)
    take(trace, changes_[next_change_]);
  next_ = seen_;
  if (next_ == trace.first() || trace[next_ - 1].at <= cursor) return;
  RecordId low = trace.first();
  while (low < next_) {
    const RecordId middle = low + (next_ - low) / 2;
    if (trace[middle].at <= cursor) low = middle + 1;
    else next_ = middle;
  }
}

void History::take(const Trace& trace, RecordId id) {
  const What& what = trace[id].what;
  befores_.emplace_back();
  if (const auto* store = std::get_if<StoreChanged>(&what)) take(trace, id, *store);
  if (const auto* queue = std::get_if<QueueChanged>(&what)) take(trace, id, *queue);
  if (const auto* synced = std::get_if<Synced>(&what)) take(trace, id, *synced);
}

bool History::take_back(const Trace& trace) {
  const What& what = trace[changes_[next_change_ - 1]].what;
  const auto* store = std::get_if<StoreChanged>(&what);
  if (std::holds_alternative<Synced>(what)) take_back_sync();
  else if (!(store ? take_back(trace, *store) : take_back_letter(trace))) return false;
  befores_.pop_back();
  --next_change_;
  return true;
}

std::uint32_t History::holding_for(HostId holder, std::string_view user, std::string_view mailbox) {
  for (std::size_t i = 0; i < holdings_.size(); ++i)
    if (holdings_[i].holder == holder && holdings_[i].user == user && holdings_[i].mailbox == mailbox) return std::uint32_t(i);
  Holding& made = holdings_.emplace_back();
  made.holder = holder;
  made.user = user;
  made.mailbox = mailbox;
  befores_.back().made = true;
  return std::uint32_t(holdings_.size() - 1);
}

// The message that a change is about; its end if it is not there (any more).
static std::vector<HeldMessage>::iterator find(Holding& holding, std::uint32_t uid, std::string_view key) {
  auto& messages = holding.messages;
  if (uid != 0 && holding.uids_ascend) {
    const auto found = std::lower_bound(messages.begin(), messages.end(), uid,
                                        [](const HeldMessage& m, std::uint32_t wanted) { return m.uid < wanted; });
    return found != messages.end() && found->uid == uid && !found->gone ? found : messages.end();
  }
  return std::find_if(messages.begin(), messages.end(), [&](const HeldMessage& m) {
    return !m.gone && (uid != 0 ? m.uid == uid : m.key == key);
  });
}

static HeldMessage message_of(const Trace& trace, RecordId id, const StoreChanged& change) {
  HeldMessage message;
  message.uid = change.uid;
  message.sequence = change.sequence;
  message.octets = change.octets;
  message.flags = trace.bytes(change.flags);
  message.subject = trace.bytes(change.subject);
  message.key = trace.bytes(change.key);
  message.unique_id = trace.bytes(change.unique_id);
  message.modseq = change.modseq;
  message.added = message.changed = id;
  message.changed_at = trace[id].at;
  return message;
}

void History::take(const Trace& trace, RecordId id, const StoreChanged& change) {
  const std::uint32_t place = holding_for(change.holder, trace.bytes(change.user), trace.bytes(change.mailbox));
  Holding& holding = holdings_[place];
  Before& before = befores_.back();
  before.place = place;
  before.uid_validity = holding.uid_validity, before.uid_next = holding.uid_next, before.uids_ascend = holding.uids_ascend;
  before.modseq = holding.modseq, holding.modseq = std::max<std::uint64_t>(holding.modseq, change.modseq);
  if (change.uid_validity != 0) holding.uid_validity = change.uid_validity;
  if (change.uid_next != 0) holding.uid_next = change.uid_next;
  const bool is_new = change.change == StoreChange::added;
  const auto found = is_new ? holding.messages.end() : find(holding, change.uid, trace.bytes(change.key));
  const bool is_there = found != holding.messages.end();
  const auto touch = [&](HeldMessage& message) { message.changed = id, message.changed_at = trace[id].at; };
  const auto remember = [&] {
    before.message = std::uint32_t(found - holding.messages.begin());
    before.sequence = found->sequence, before.changed = found->changed;
  };
  switch (change.change) {
    case StoreChange::added:
    case StoreChange::read_back:
      if (is_there) return;
      if (!holding.messages.empty() && change.uid <= holding.messages.back().uid) holding.uids_ascend = false;
      before.message = std::uint32_t(holding.messages.size());
      holding.messages.push_back(message_of(trace, id, change));
      return;
    case StoreChange::body:
      if (!is_there) return;
      remember();
      found->octets += change.octets;
      touch(*found);
      return;
    case StoreChange::flags:
      if (!is_there) return;
      remember();
      found->flags = trace.bytes(change.flags);
      found->modseq = change.modseq;
      touch(*found);
      return;
    case StoreChange::expunged: {
      if (!is_there) return;
      remember();
      const std::uint32_t sequence = std::exchange(found->sequence, 0U);
      found->gone = true;
      touch(*found);
      for (auto later = found + 1; later != holding.messages.end(); ++later)
        if (!later->gone && later->sequence > sequence) --later->sequence;
      return;
    }
    case StoreChange::deleted:
    case StoreChange::cleared:
      for (HeldMessage& message : holding.messages) {
        if (message.gone) continue;
        swept_.push_back({std::uint32_t(&message - holding.messages.data()), message.sequence, message.changed});
        ++before.swept;
        message.gone = true;
        message.sequence = 0;
        touch(message);
      }
      return;
    case StoreChange::created: return;
    case StoreChange::renamed: holding.mailbox = trace.bytes(change.key); return;
  }
}

// What the message's flags were is told by the record that changed it before.
bool History::take_back(const Trace& trace, const StoreChanged& change) {
  const Before& before = befores_.back();
  Holding& holding = holdings_[before.place];
  auto& messages = holding.messages;
  const auto put_back = [&](HeldMessage& message, std::uint32_t sequence, RecordId changed) {
    message.gone = false;
    message.sequence = sequence;
    message.changed = changed;
    message.changed_at = trace[changed].at;
  };
  const auto is_known = [&](RecordId changed) { return trace.holds(changed) && std::holds_alternative<StoreChanged>(trace[changed].what); };
  switch (change.change) {
    case StoreChange::added:
    case StoreChange::read_back:
      if (before.message) messages.pop_back();
      break;
    case StoreChange::body:
      if (!before.message) break;
      if (!is_known(before.changed)) return false;
      messages[*before.message].octets -= change.octets;
      put_back(messages[*before.message], before.sequence, before.changed);
      break;
    case StoreChange::flags:
    case StoreChange::expunged: {
      if (!before.message) break;
      if (!is_known(before.changed)) return false;
      HeldMessage& message = messages[*before.message];
      put_back(message, before.sequence, before.changed);
      message.flags = trace.bytes(std::get<StoreChanged>(trace[before.changed].what).flags);
      message.modseq = std::get<StoreChanged>(trace[before.changed].what).modseq;
      if (change.change == StoreChange::flags) break;
      for (std::size_t later = *before.message + 1; later < messages.size(); ++later)
        if (!messages[later].gone && messages[later].sequence >= before.sequence) ++messages[later].sequence;
      break;
    }
    case StoreChange::deleted:
    case StoreChange::cleared:
      for (std::size_t i = swept_.size() - before.swept; i < swept_.size(); ++i)
        if (!is_known(swept_[i].changed)) return false;
      for (std::uint32_t i = 0; i < before.swept; ++i) {
        put_back(messages[swept_.back().message], swept_.back().sequence, swept_.back().changed);
        swept_.pop_back();
      }
      break;
    case StoreChange::created: break;
    case StoreChange::renamed: holding.mailbox = trace.bytes(change.mailbox); break;
  }
  holding.uid_validity = before.uid_validity, holding.uid_next = before.uid_next, holding.uids_ascend = before.uids_ascend;
  holding.modseq = before.modseq;
  if (before.made) holdings_.pop_back();
  return true;
}

void History::take(const Trace& trace, RecordId id, const Synced& synced) {
  const std::uint32_t place = holding_for(synced.holder, trace.bytes(synced.user), trace.bytes(synced.mailbox));
  Before& before = befores_.back();
  before.place = place;
  before.modseq = holdings_[place].modseq;
  before.synced = std::exchange(holdings_[place].synced, id);
  holdings_[place].modseq = std::max(holdings_[place].modseq, synced.modseq);
}

void History::take_back_sync() {
  const Before& before = befores_.back();
  holdings_[before.place].synced = before.synced;
  holdings_[before.place].modseq = before.modseq;
  if (before.made) holdings_.pop_back();
}

static std::uint64_t number_of(HostId host, std::uint32_t letter) { return std::uint64_t{host} << 32 | letter; }

static void add_to(WaitingLetter& letter, const Trace& trace, const QueueChanged& change) {
  letter.state = change.change;
  if (change.reply.size > 0) letter.last_reply = trace.bytes(change.reply);
  if (change.change == QueueChange::deferred) letter.next_try = change.next_try;
}

void History::take(const Trace& trace, RecordId id, const QueueChanged& change) {
  const std::string_view recipient = trace.bytes(change.recipient);
  const auto [first, last] = letters_by_number_.equal_range(number_of(change.host, change.letter));
  const auto found = std::find_if(first, last, [&](const auto& entry) { return letters_[entry.second].recipient == recipient; });
  Before& before = befores_.back();
  if (found != last) {
    before.place = found->second;
  } else {
    WaitingLetter letter;
    letter.host = change.host;
    letter.letter = change.letter;
    letter.queue_id = trace.bytes(change.queue_id);
    letter.reverse_path = trace.bytes(change.reverse_path);
    letter.recipient = recipient;
    letter.accepted_at = trace[id].at;
    before.place = std::uint32_t(letters_.size());
    letters_by_number_.emplace(number_of(change.host, change.letter), before.place);
    letters_.push_back(std::move(letter));
  }
  add_to(letters_[before.place], trace, change);
  letters_[before.place].records.push_back(id);
}

// A letter has few changes, so it is told anew without the last.
bool History::take_back_letter(const Trace& trace) {
  WaitingLetter& letter = letters_[befores_.back().place];
  if (letter.records.size() == 1) {
    const auto [first, last] = letters_by_number_.equal_range(number_of(letter.host, letter.letter));
    letters_by_number_.erase(std::find_if(first, last, [&](const auto& entry) { return entry.second == befores_.back().place; }));
    letters_.pop_back();
    return true;
  }
  if (!trace.holds(letter.records.front())) return false;
  letter.records.pop_back();
  letter.last_reply.clear();
  letter.next_try = {};
  for (const RecordId record : letter.records) add_to(letter, trace, std::get<QueueChanged>(trace[record].what));
  return true;
}

const Holding* History::holding(HostId holder, std::string_view user, std::string_view mailbox) const {
  for (const Holding& holding : holdings_)
    if (holding.holder == holder && holding.user == user && holding.mailbox == mailbox) return &holding;
  return nullptr;
}

std::size_t History::waiting_at(HostId host) const {
  return std::size_t(std::count_if(letters_.begin(), letters_.end(), [&](const WaitingLetter& letter) {
    return letter.host == host && letter.waits();
  }));
}

}  // namespace glasspost::sim
