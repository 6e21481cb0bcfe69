#include "sim/store/view.h"

#include <algorithm>

namespace glasspost::sim {

View::View(std::shared_ptr<Mailbox> mailbox, bool read_only) : mailbox_(std::move(mailbox)), read_only_(read_only) {
  uids_.reserve(mailbox_->size());
  for (const StoredMessage& message : mailbox_->messages()) take_in(message.uid);
  recent_told_ = recent_;
  mailbox_->listen(*this);
}

View::~View() { mailbox_->leave(*this); }

void View::take_in(Uid uid) {
  const Uid before = uids_.empty() ? 0 : uids_.back();
  uids_.push_back(uid);
  known_ = uid;
  if (uid < mailbox_->first_recent()) return;
  ++recent_;
  if (!recents_.empty() && recents_.back().second == before)
    recents_.back().second = uid;
  else
    recents_.emplace_back(uid, uid);
  if (!read_only_) mailbox_->claim_recent(uid);
}

std::vector<Uid> View::ghosts_in(Uid first, Uid last) const {
  std::vector<Uid> uids;
  for (auto at = ghosts_.lower_bound(first); at != ghosts_.end() && at->first <= last; ++at) uids.push_back(at->first);
  return uids;
}

bool View::is_recent(Uid uid) const {
  const auto after = std::upper_bound(recents_.begin(), recents_.end(), uid,
                                      [](Uid wanted, const auto& range) { return wanted < range.first; });
  return after != recents_.begin() && uid <= std::prev(after)->second;
}

std::optional<std::uint32_t> View::sequence(Uid uid) const {
  const auto at = std::lower_bound(uids_.begin(), uids_.end(), uid);
  if (at == uids_.end() || *at != uid) return std::nullopt;
  return std::uint32_t(at - uids_.begin() + 1);
}

std::vector<std::uint32_t> View::numbers(const imap::SequenceSet& set, bool by_uid) const {
  std::vector<std::uint32_t> all;
  const std::uint32_t largest = uids_.empty() ? 0 : by_uid ? uids_.back() : exists();
  for (const auto& [first, last] : set.resolved(largest)) {
    std::size_t begin = first - 1, end = last;
    if (by_uid) {
      begin = std::size_t(std::lower_bound(uids_.begin(), uids_.end(), first) - uids_.begin());
      end = std::size_t(std::upper_bound(uids_.begin(), uids_.end(), last) - uids_.begin());
    }
    end = std::min<std::size_t>(end, uids_.size());
    for (std::size_t i = begin; i < end; ++i) all.push_back(std::uint32_t(i + 1));
  }
  return all;
}

const StoredMessage& View::message(std::uint32_t sequence) const {
  const Uid wanted = uid(sequence);
  if (const auto ghost = ghosts_.find(wanted); ghost != ghosts_.end()) return ghost->second;
  // While nothing was expunged before it, the message stands where its number says.
  const std::size_t index = sequence - 1;
  if (index < mailbox_->size() && (*mailbox_)[index].uid == wanted) return (*mailbox_)[index];
  return *mailbox_->find(wanted);
}

std::optional<std::uint32_t> View::first_unseen() const {
  for (std::uint32_t number = 1; number <= exists(); ++number)
    if (!(message(number).flags & flag::seen)) return number;
  return std::nullopt;
}

std::vector<std::string> View::flags(std::uint32_t sequence) const {
  auto names = mailbox_->flag_names(message(sequence).flags);
  if (is_recent(uid(sequence))) names.emplace_back("\\Recent");
  return names;
}

std::optional<FlagsBefore> View::believed(std::uint32_t number) const {
  const auto found = changed_.find(uid(number));
  return found == changed_.end() ? std::nullopt : std::optional(found->second);
}

bool View::has_new() const { return mailbox_->size() != 0 && mailbox_->messages().back().uid > known_; }

bool View::has_updates() const { return !ghosts_.empty() || !changed_.empty() || has_new() || recent_ != recent_told_; }

// EXPUNGE renumbers at once: the third to go of 2, 3 and 5 is said to be 3. One pass, however many they are.
void View::drop_ghosts(std::vector<Update>& updates) {
  if (ghosts_.empty()) return;
  const auto first = std::lower_bound(uids_.begin(), uids_.end(), ghosts_.begin()->first);
  auto ghost = ghosts_.begin();
  auto kept = first;
  for (auto at = first; at != uids_.end(); ++at) {
    if (ghost != ghosts_.end() && ghost->first == *at) {
      updates.push_back({Update::Kind::expunge, std::uint32_t(kept - uids_.begin() + 1), *at});
      if (is_recent(*at)) --recent_;
      changed_.erase(*at);
      ++ghost;
    } else {
      *kept++ = *at;
    }
  }
  uids_.erase(kept, uids_.end());
  ghosts_.clear();
}

void View::forget_expunged() {
  std::vector<Update> untold;
  drop_ghosts(untold);
}

std::vector<View::Update> View::take_updates(bool expunge_may_be_said) {
  std::vector<Update> updates;
  if (expunge_may_be_said) drop_ghosts(updates);
  if (ghosts_.empty()) {
    const bool arrived = has_new();
    if (arrived) {
      for (std::size_t i = mailbox_->lower_bound(known_ + 1); i < mailbox_->size(); ++i) take_in((*mailbox_)[i].uid);
      updates.push_back({Update::Kind::exists, exists()});
    }
    if (arrived || recent_ != recent_told_) updates.push_back({Update::Kind::recent, recent_told_ = recent_});
  }
  for (const auto& [uid, before] : changed_)
    if (!ghosts_.contains(uid)) updates.push_back({Update::Kind::flags, *sequence(uid), uid});
  changed_.clear();
  return updates;
}

void View::news(RecordId record) {
  if (record != no_record) latest_news_ = record;
  if (on_news_) on_news_();
}

void View::added(const StoredMessage&, RecordId record) { news(record); }

void View::flags_changed(const StoredMessage& message, const FlagsBefore& before, RecordId record) {
  if (message.uid > known_) return;  // its flags will be asked for with the message
  changed_.emplace(message.uid, before);
  news(record);
}

void View::expunged(std::span<const StoredMessage> messages, RecordId record) {
  bool any = false;
  if (ghosts_.empty()) held_back_modseq_ = mailbox_->highest_modseq();
  for (const StoredMessage& message : messages) {
    if (message.uid > known_) break;  // gone before the client heard of it
    ghosts_.emplace_hint(ghosts_.end(), message.uid, message);
    changed_.erase(message.uid);
    any = true;
  }
  if (any) news(record);
}

}  // namespace glasspost::sim
