#include "sim/history.h"

#include <algorithm>

namespace glasspost::sim {

std::size_t Holding::present() const {
  return std::size_t(std::count_if(messages.begin(), messages.end(), [](const HeldMessage& m) { return !m.gone; }));
}

bool WaitingLetter::waits() const {
  switch (state) {
    case QueueChange::accepted:
    case QueueChange::attempt:
    case QueueChange::deferred: return true;
    case QueueChange::delivered:
    case QueueChange::bounced:
    case QueueChange::expired: return false;
  }
  return false;
}

void History::clear() { *this = History{}; }

void History::fold(const Trace& trace, Instant cursor) {
  if (seen_ < trace.first() || seen_ > trace.end()) {
    clear();
    seen_ = next_ = trace.first();
  }
  const bool back = cursor < cursor_;
  if (back) {
    holdings_.clear();
    letters_.clear();
    next_change_ = std::size_t(std::lower_bound(changes_.begin(), changes_.end(), trace.first()) - changes_.begin());
  }
  cursor_ = cursor;
  for (; seen_ < trace.end() && trace[seen_].at <= cursor; ++seen_) {
    const What& what = trace[seen_].what;
    if (std::holds_alternative<StoreChanged>(what) || std::holds_alternative<QueueChanged>(what)) changes_.push_back(seen_);
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
  if (const auto* store = std::get_if<StoreChanged>(&what)) take(trace, id, *store);
  if (const auto* queue = std::get_if<QueueChanged>(&what)) take(trace, id, *queue);
}

Holding& History::holding_for(const Trace& trace, const StoreChanged& change) {
  const std::string_view user = trace.bytes(change.user), mailbox = trace.bytes(change.mailbox);
  for (Holding& holding : holdings_)
    if (holding.holder == change.holder && holding.user == user && holding.mailbox == mailbox) return holding;
  Holding& made = holdings_.emplace_back();
  made.holder = change.holder;
  made.user = user;
  made.mailbox = mailbox;
  return made;
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

void History::take(const Trace& trace, RecordId id, const StoreChanged& change) {
  Holding& holding = holding_for(trace, change);
  if (change.uid_validity != 0) holding.uid_validity = change.uid_validity;
  if (change.uid_next != 0) holding.uid_next = change.uid_next;
  const bool is_new = change.change == StoreChange::added;
  const auto found = is_new ? holding.messages.end() : find(holding, change.uid, trace.bytes(change.key));
  const Instant at = trace[id].at;
  switch (change.change) {
    case StoreChange::added:
    case StoreChange::read_back: {
      if (found != holding.messages.end() && change.change == StoreChange::read_back) return;
      HeldMessage message;
      message.uid = change.uid;
      message.sequence = change.sequence;
      message.octets = change.octets;
      message.flags = trace.bytes(change.flags);
      message.subject = trace.bytes(change.subject);
      message.key = trace.bytes(change.key);
      message.unique_id = trace.bytes(change.unique_id);
      message.added = message.changed = id;
      message.changed_at = at;
      if (!holding.messages.empty() && message.uid <= holding.messages.back().uid) holding.uids_ascend = false;
      holding.messages.push_back(std::move(message));
      return;
    }
    case StoreChange::body:
      if (found == holding.messages.end()) return;
      found->octets += change.octets;
      found->changed = id;
      found->changed_at = at;
      return;
    case StoreChange::flags:
      if (found == holding.messages.end()) return;
      found->flags = trace.bytes(change.flags);
      found->changed = id;
      found->changed_at = at;
      return;
    case StoreChange::expunged: {
      if (found == holding.messages.end()) return;
      found->gone = true;
      found->changed = id;
      found->changed_at = at;
      found->sequence = 0;
      for (auto later = found + 1; later != holding.messages.end(); ++later)
        if (!later->gone && later->sequence > 0) --later->sequence;
      return;
    }
    case StoreChange::deleted:
    case StoreChange::cleared:
      for (HeldMessage& message : holding.messages) {
        if (message.gone) continue;
        message.gone = true;
        message.sequence = 0;
        message.changed = id;
        message.changed_at = at;
      }
      return;
    case StoreChange::created: return;
    case StoreChange::renamed: holding.mailbox = trace.bytes(change.key); return;
  }
}

void History::take(const Trace& trace, RecordId id, const QueueChanged& change) {
  auto found = std::find_if(letters_.begin(), letters_.end(), [&](const WaitingLetter& letter) {
    return letter.host == change.host && letter.letter == change.letter &&
           letter.recipient == trace.bytes(change.recipient);
  });
  if (found == letters_.end()) {
    WaitingLetter letter;
    letter.host = change.host;
    letter.letter = change.letter;
    letter.queue_id = trace.bytes(change.queue_id);
    letter.reverse_path = trace.bytes(change.reverse_path);
    letter.recipient = trace.bytes(change.recipient);
    letter.accepted_at = trace[id].at;
    letters_.push_back(std::move(letter));
    found = std::prev(letters_.end());
  }
  found->state = change.change;
  if (change.reply.size > 0) found->last_reply = trace.bytes(change.reply);
  if (change.change == QueueChange::deferred) found->next_try = change.next_try;
  found->records.push_back(id);
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
