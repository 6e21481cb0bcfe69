#include "sim/store/mailbox.h"

#include <algorithm>
#include <limits>

#include "protocol/base/text.h"
#include "sim/store/store.h"

namespace glasspost::sim {
namespace {

static_assert(sizeof(StoredMessage) <= 56, "the index of a mailbox of a million messages stays small");

constexpr std::string_view system_flags[] = {"\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"};
static_assert(std::size(system_flags) == flag::first_keyword);

std::optional<Flags> system_flag(std::string_view name) {
  for (int bit = 0; bit < flag::first_keyword; ++bit)
    if (equal_ignoring_case(name, system_flags[bit])) return Flags{1} << bit;
  return std::nullopt;
}

std::uint32_t traced(std::uint64_t modseq) { return std::uint32_t(std::min<std::uint64_t>(modseq, std::numeric_limits<std::uint32_t>::max())); }

}  // namespace

std::string_view name_of(StoreFault fault) {
  switch (fault) {
    case StoreFault::no_such_mailbox: return "no_such_mailbox";
    case StoreFault::already_exists: return "already_exists";
    case StoreFault::bad_name: return "bad_name";
    case StoreFault::has_children: return "has_children";
    case StoreFault::inbox: return "inbox";
    case StoreFault::no_such_user: return "no_such_user";
    case StoreFault::limit: return "limit";
    case StoreFault::not_kept: return "not_kept";
    case StoreFault::over_quota: return "over_quota";
    case StoreFault::no_room: return "no_room";
  }
  return {};
}

std::uint32_t save_date(Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  return std::uint32_t(std::clamp<std::int64_t>(seconds, 0, std::numeric_limits<std::uint32_t>::max()));
}

Mailbox::Mailbox(Account& account, std::string name, std::uint32_t uid_validity)
    : account_(account), name_(std::move(name)), uid_validity_(uid_validity) {}

std::size_t Mailbox::lower_bound(Uid uid) const {
  const auto at = std::lower_bound(messages_.begin(), messages_.end(), uid,
                                   [](const StoredMessage& message, Uid wanted) { return message.uid < wanted; });
  return std::size_t(at - messages_.begin());
}

const StoredMessage* Mailbox::find(Uid uid) const {
  const std::size_t index = lower_bound(uid);
  return index < messages_.size() && messages_[index].uid == uid ? &messages_[index] : nullptr;
}

void Mailbox::claim_recent(Uid upto) {
  if (upto >= first_recent_) first_recent_ = upto + 1;
}

std::optional<Flags> Mailbox::known_flag(std::string_view name) const {
  if (name.starts_with('\\')) return system_flag(name);
  for (std::size_t i = 0; i < keywords_.size(); ++i)
    if (equal_ignoring_case(name, keywords_[i])) return Flags{1} << (flag::first_keyword + i);
  return std::nullopt;
}

Flags Mailbox::flags_of(std::span<const std::string> names) {
  Flags flags = 0;
  for (const std::string& name : names) {
    auto bit = known_flag(name);
    if (!bit && !name.empty() && name[0] != '\\' && takes_new_keywords()) {
      keywords_.push_back(name);
      bit = known_flag(name);
    }
    flags |= bit.value_or(0);
  }
  return flags;
}

std::vector<std::string> Mailbox::flag_names(Flags flags) const {
  std::vector<std::string> names;
  for (int bit = 0; bit < flag::first_keyword; ++bit)
    if (flags >> bit & 1) names.emplace_back(system_flags[bit]);
  for (std::size_t i = 0; i < keywords_.size(); ++i)
    if (flags >> (flag::first_keyword + i) & 1) names.push_back(keywords_[i]);
  return names;
}

std::string Mailbox::flags_text(Flags flags) const {
  std::string text;
  for (const std::string& name : flag_names(flags)) text += (text.empty() ? "" : " ") + name;
  return text;
}

void Mailbox::count(const StoredMessage& message, int sign) {
  octets_ += std::uint64_t(std::int64_t(message.size) * sign);
  if (!(message.flags & flag::seen)) unseen_ += std::size_t(sign);
}

RecordId Mailbox::record(StoreChange change, const StoredMessage& message, std::size_t index, const Act& act) const {
  Store& store = account_.store();
  if (!store.settings_.records) return no_record;
  StoreChanged what{.change = change,
                    .uid = message.uid,
                    .sequence = std::uint32_t(index + 1),
                    .octets = message.size,
                    .uid_validity = uid_validity_,
                    .uid_next = uid_next_,
                    .modseq = traced(change == StoreChange::expunged ? modseq_ + 1 : message.modseq),
                    .flags = store.trace_.keep(flags_text(message.flags)),
                    .subject = store.trace_.keep(message.content->subject()),
                    .key = store.trace_.keep(message.content->message_id())};
  return store.record(what, account_, name_, act);
}

template <class Tell>
void Mailbox::tell(Tell tell) {
  ++telling_;
  for (std::size_t i = 0; i < listeners_.size(); ++i)
    if (listeners_[i]) tell(*listeners_[i]);
  if (--telling_ == 0) std::erase(listeners_, nullptr);
}

void Mailbox::leave(const MailboxListener& listener) {
  if (telling_ == 0)
    std::erase(listeners_, &listener);
  else
    std::replace(listeners_.begin(), listeners_.end(), const_cast<MailboxListener*>(&listener),
                 static_cast<MailboxListener*>(nullptr));
}

std::vector<std::string> Mailbox::special_uses() const {
  std::vector<std::string> uses;
  if (const auto found = annotations_.find(special_use_entry); found != annotations_.end())
    for (const std::string_view word : split(found->second, ' '))
      if (!word.empty()) uses.emplace_back(word);
  return uses;
}

StoreResult<void> Mailbox::annotate(Annotations all) {
  if (gone_) return tl::unexpected(StoreFault::no_such_mailbox);
  if (all == annotations_) return {};
  Journal* journal = account_.store().journal();
  if (journal && !journal->annotations(*this, all)) return tl::unexpected(journal->why());
  annotations_ = std::move(all);
  return {};
}

StoreResult<Uid> Mailbox::add(NewMessage message, const Act& act) {
  const Flags flags = flags_of(message.flags);
  return put({.flags = flags,
              .date = message.date,
              .content = std::move(message.content),
              .zone_minutes = std::int16_t(message.zone_minutes)},
             act);
}

StoreResult<Uid> Mailbox::put(StoredMessage message, const Act& act, const Mailbox* from, const StoredMessage* original, bool counted) {
  if (gone_) return tl::unexpected(StoreFault::no_such_mailbox);
  if (messages_.size() >= most_messages || uid_next_ == std::numeric_limits<Uid>::max() ||
      message.content->size() > std::numeric_limits<std::uint32_t>::max())
    return tl::unexpected(StoreFault::limit);
  if (!counted && !account_.has_room({.octets = message.content->size(), .messages = 1})) return tl::unexpected(StoreFault::over_quota);
  const Uid uid = message.uid = uid_next_;
  message.size = std::uint32_t(message.content->size());
  message.modseq = modseq_ + 1;
  message.saved = save_date(act.now);
  Journal* journal = account_.store().journal();
  if (journal && !(original ? journal->copy(*from, *original, *this, message) : journal->add(*this, message)))
    return tl::unexpected(journal->why());
  ++uid_next_, ++modseq_;
  count(message, +1);
  messages_.push_back(std::move(message));
  const RecordId id = record(StoreChange::added, messages_.back(), messages_.size() - 1, act);
  tell([&](MailboxListener& listener) { listener.added(messages_.back(), id); });
  return uid;
}

StoreResult<void> Mailbox::set_flags(Uid uid, Flags flags, const Act& act) {
  const std::size_t index = lower_bound(uid);
  if (index == messages_.size() || messages_[index].uid != uid) return {};
  StoredMessage& message = messages_[index];
  if (message.flags == flags) return {};
  Journal* journal = account_.store().journal();
  if (journal && !journal->set_flags(*this, message, flags)) return tl::unexpected(journal->why());
  const FlagsBefore before{message.flags, message.modseq};
  count(message, -1);
  message.flags = flags;
  message.modseq = ++modseq_;
  count(message, +1);
  const RecordId id = record(StoreChange::flags, message, index, act);
  tell([&](MailboxListener& listener) {
    if (&listener != act.by) listener.flags_changed(message, before, id);
  });
  return {};
}

// One pass over what lies behind the first of them: many messages cost no more than one.
void Mailbox::take_out(std::span<const Uid> ascending, std::vector<StoredMessage>& out) {
  const std::size_t first = lower_bound(ascending.front()), behind = lower_bound(ascending.back()) + 1;
  if (behind - first == ascending.size()) {  // one behind the other: a deque closes the gap from its nearer end
    const auto begin = messages_.begin() + std::ptrdiff_t(first), end = messages_.begin() + std::ptrdiff_t(behind);
    for (auto at = begin; at != end; ++at) count(*at, -1), out.push_back(std::move(*at));
    messages_.erase(begin, end);
    return;
  }
  auto wanted = ascending.begin();
  auto kept = messages_.begin() + std::ptrdiff_t(lower_bound(ascending.front()));
  for (auto at = kept; at != messages_.end(); ++at) {
    while (wanted != ascending.end() && *wanted < at->uid) ++wanted;
    if (wanted != ascending.end() && *wanted == at->uid) {
      count(*at, -1);
      out.push_back(std::move(*at));
    } else {
      if (kept != at) *kept = std::move(*at);
      ++kept;
    }
  }
  messages_.erase(kept, messages_.end());
}

StoreResult<void> Mailbox::expunge(std::span<const Uid> ascending, const Act& act) {
  std::vector<Uid> uids;
  std::vector<const StoredMessage*> there;
  for (const Uid uid : ascending)
    if (const StoredMessage* message = find(uid)) uids.push_back(uid), there.push_back(message);
  if (there.empty()) return {};
  Journal* journal = account_.store().journal();
  if (journal && !journal->expunge(*this, there)) return tl::unexpected(journal->why());
  RecordId id = no_record;
  for (std::size_t i = 0; i < uids.size(); ++i)
    id = record(StoreChange::expunged, *there[i], lower_bound(uids[i]) - i, act);
  vanished_.add(++modseq_, uids);
  std::vector<StoredMessage> out;
  out.reserve(uids.size());
  take_out(uids, out);
  tell([&](MailboxListener& listener) { listener.expunged(out, id); });
  return {};
}

bool Mailbox::shed(std::size_t messages) {
  for (; messages > 0 && !messages_.empty(); --messages) messages_.pop_back();
  return !messages_.empty();
}

StoreResult<Mailbox::Copied> Mailbox::copy(std::span<const Uid> ascending, Mailbox& to, const Act& act, bool counted) {
  if (ascending.size() > most_messages - std::min(most_messages, to.size())) return tl::unexpected(StoreFault::limit);
  Copied copied;
  const Uid first_new = to.uid_next_;
  for (const Uid uid : ascending) {
    const StoredMessage* message = find(uid);
    if (!message || (&to == this && uid >= first_new)) continue;
    Flags flags = message->flags & ((Flags{1} << flag::first_keyword) - 1);
    for (std::size_t i = 0; i < keywords_.size(); ++i)
      if (message->flags >> (flag::first_keyword + i) & 1) flags |= to.flags_of({&keywords_[i], 1});
    StoredMessage twin = *message;
    twin.flags = flags;
    const auto added = to.put(std::move(twin), act, this, message, counted);
    if (!added) {
      std::vector<Uid> undone;
      for (const auto& [old_uid, new_uid] : copied) undone.push_back(new_uid);
      to.expunge(undone, act);
      return tl::unexpected(added.error());
    }
    copied.emplace_back(uid, *added);
  }
  return copied;
}

StoreResult<Mailbox::Copied> Mailbox::move(std::span<const Uid> ascending, Mailbox& to, const Act& act) {
  auto copied = copy(ascending, to, act, &account_ == &to.account_);
  if (!copied) return copied;
  std::vector<Uid> moved, copies;
  for (const auto& [from, new_uid] : *copied) moved.push_back(from), copies.push_back(new_uid);
  if (const auto done = expunge(moved, act); !done) {
    to.expunge(copies, act);
    return tl::unexpected(done.error());
  }
  return copied;
}

void Mailbox::clear(RecordId record) {
  gone_ = true;
  const std::vector<StoredMessage> out(std::make_move_iterator(messages_.begin()),
                                       std::make_move_iterator(messages_.end()));
  messages_.clear();
  unseen_ = 0, octets_ = 0;
  std::vector<Uid> uids;
  for (const StoredMessage& message : out) uids.push_back(message.uid);
  vanished_.add(++modseq_, uids);  // who still looks may ask what has gone
  tell([&](MailboxListener& listener) { listener.expunged(out, record); });
}

std::vector<imap::SequenceRange> Mailbox::vanished_since(std::uint64_t modseq) const {
  if (vanished_.knows_since(modseq)) return vanished_.since(modseq);
  std::vector<imap::SequenceRange> missing;
  Uid next = 1;
  const auto up_to = [&](Uid uid) {
    if (next < uid) missing.push_back({next, uid - 1});
    next = uid + 1;
  };
  for (const StoredMessage& message : messages_) up_to(message.uid);
  up_to(uid_next_);
  return missing;
}

void Mailbox::restore(Uid uid, NewMessage message, bool recent, std::uint64_t modseq) {
  const auto size = std::uint32_t(message.content->size());
  const Flags flags = flags_of(message.flags);
  const Instant saved = message.saved == Instant{} ? message.date : message.saved;
  if (modseq == 0) modseq = modseq_ + 1;
  restore_modseq(modseq);
  messages_.push_back({uid, size, flags, message.date, modseq, std::move(message.content), std::int16_t(message.zone_minutes),
                       save_date(saved)});
  count(messages_.back(), +1);
  restore_uid_next(uid + 1);
  if (!recent) claim_recent(uid);
}

void Mailbox::restore_uid_next(Uid next) { uid_next_ = std::max(uid_next_, next); }

}  // namespace glasspost::sim
