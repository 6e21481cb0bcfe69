// How a device that was away catches up with a mailbox: RFC 4549 section 3, RFC 7162.
#include <algorithm>

#include "sim/device_imap.h"

namespace glasspost::sim {

void Device::Imap::begin_to_sync() {
  const SyncWay wanted = device_.settings_.sync;
  if (wanted != SyncWay::plain && session_.has("CONDSTORE")) way_ = SyncWay::condstore;
  if (wanted == SyncWay::qresync && session_.has("QRESYNC")) way_ = SyncWay::qresync;
  if (way_ == SyncWay::qresync) session_.send(imap::Enable{{"QRESYNC"}});
  else select(mailbox_);
}

// What does the server still have of that which this device knows, and with which flags?
void Device::Imap::resynchronise() {
  const std::uint64_t known = way_ == SyncWay::plain ? 0 : device_.remembered_[mailbox_].modseq;
  const bool nothing_new = known != 0 && known == opened_modseq_;
  if (told_all_ || nothing_new) {
    number_anew();
    caught_up();
    return go_on();
  }
  imap::SequenceSet set;
  set.add(1, highest_);
  imap::Fetch fetch{true, set, {fetch_item(imap::FetchKind::flags)}};
  if (way_ != SyncWay::plain && known == 0) fetch.items.push_back(fetch_item(imap::FetchKind::modseq));
  if (known != 0) fetch.changed_since = known;
  session_.send(std::move(fetch));
}

// CONDSTORE tells what has changed, and not what is gone: RFC 7162 section 3.2.6, example 1.
void Device::Imap::ask_what_is_there() {
  imap::Search search;
  search.uid = true;
  search.key.kind = imap::SearchKind::and_;
  imap::SearchKey known;
  known.kind = imap::SearchKind::uid;
  known.set.add(1, highest_);
  search.key.keys.push_back(std::move(known));
  session_.send(std::move(search));
}

// They are all that the server has up to the last that is known here, so the place of each is its number.
void Device::Imap::told_what_is_there(const std::vector<std::uint32_t>& uids) {
  for (DeviceCopy& copy : device_.copies_) {
    if (!is_here(copy)) continue;
    const auto at = std::lower_bound(uids.begin(), uids.end(), copy.uid);
    copy.sequence = at != uids.end() && *at == copy.uid ? std::uint32_t(at - uids.begin() + 1) : 0;
  }
}

// Nothing is missing: the copies in the order of their UIDs have the numbers from 1 on.
void Device::Imap::number_anew() {
  std::vector<DeviceCopy*> here;
  for (DeviceCopy& copy : device_.copies_)
    if (is_here(copy)) here.push_back(&copy);
  std::sort(here.begin(), here.end(), [](const DeviceCopy* a, const DeviceCopy* b) { return a->uid < b->uid; });
  std::uint32_t number = 0;
  for (DeviceCopy* copy : here) copy->sequence = ++number;
}

void Device::Imap::caught_up() {
  stale_ = false;
  if (way_ != SyncWay::plain) device_.remembered_[mailbox_].modseq = modseq_;
  const imap::Client::Effort& now = session_.effort();
  Trace& trace = device_.network_.trace();
  trace.append({device_.network_.clock().now(), endpoint_.cause(), endpoint_.connection(),
                Synced{device_.settings_.host, trace.keep(device_.settings_.user), trace.keep(mailbox_), way_,
                       now.round_trips - before_.round_trips, now.said - before_.said, now.heard - before_.heard,
                       way_ == SyncWay::plain ? 0 : modseq_}});
}

// RFC 7162 section 6: what HIGHESTMODSEQ told, else the greatest that was heard since the last command.
void Device::Imap::learn_modseq() {
  if (told_modseq_) modseq_ = *std::exchange(told_modseq_, std::nullopt);
  else modseq_ = std::max(modseq_, heard_modseq_);
  heard_modseq_ = 0;
  if (open_ && !stale_ && way_ != SyncWay::plain) device_.remembered_[mailbox_].modseq = modseq_;
}

void Device::Imap::vanished(const imap::VanishedData& gone) {
  auto& copies = device_.copies_;
  const auto ranges = gone.uids.resolved(0);
  for (const auto& [first, last] : ranges) {
    if (!gone.earlier) exists_ -= std::min(exists_, last - first + 1);
    for (std::size_t i = copies.size(); i-- > 0;) {
      if (!is_here(copies[i]) || copies[i].uid < first || copies[i].uid > last) continue;
      if (known_ > 0) --known_;
      device_.drop(i, endpoint_.cause(), endpoint_.connection());
    }
  }
  if (!gone.earlier) number_anew();
}

void Device::Imap::drop_what_is_gone() {
  const auto gone = [this](const DeviceCopy& copy) { return is_here(copy) && copy.sequence == 0; };
  known_ -= std::uint32_t(device_.drop_all(gone, endpoint_.cause(), endpoint_.connection()));
}

// UIDVALIDITY has changed: no UID of this mailbox means anything any more (RFC 3501 section 2.3.1.1).
void Device::Imap::forget_mailbox() {
  device_.drop_all([this](const DeviceCopy& copy) { return is_here(copy); }, endpoint_.cause(), endpoint_.connection());
  highest_ = known_ = 0;
  device_.remembered_[mailbox_] = {};
  told_all_ = false;
  std::erase_if(device_.postponed_, [&](const Change& change) { return change.copy.mailbox == mailbox_; });
}

}  // namespace glasspost::sim
