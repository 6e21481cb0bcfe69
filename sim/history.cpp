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
  if (cursor < cursor_ || next_ < trace.first() || next_ > trace.end()) {
    clear();
    next_ = trace.first();
  }
  cursor_ = cursor;
  for (; next_ < trace.end() && trace[next_].at <= cursor; ++next_) {
    const Record& record = trace[next_];
    if (const auto* store = std::get_if<StoreChanged>(&record.what)) take(trace, next_, *store);
    if (const auto* queue = std::get_if<QueueChanged>(&record.what)) take(trace, next_, *queue);
  }
}

Holding& History::holding_for(const Trace& trace, const StoreChanged& change) {
  const std::string_view user = trace.bytes(change.user), mailbox = trace.bytes(change.mailbox);
  for (Holding& holding : holdings_)
    if (holding.holder == change.holder && holding.user == user && holding.mailbox == mailbox) return holding;
  holdings_.push_back({change.holder, std::string(user), std::string(mailbox), {}});
  return holdings_.back();
}

void History::take(const Trace& trace, RecordId id, const StoreChanged& change) {
  Holding& holding = holding_for(trace, change);
  const auto same = [&](const HeldMessage& m) {
    if (m.gone) return false;
    return change.uid != 0 ? m.uid == change.uid : m.key == trace.bytes(change.key);
  };
  const auto found = std::find_if(holding.messages.begin(), holding.messages.end(), same);
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
      message.added = message.changed = id;
      message.changed_at = at;
      holding.messages.push_back(std::move(message));
      return;
    }
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
