// CONDSTORE and QRESYNC: RFC 7162. What a client that was away is told, and what one that knows of mod-sequences hears with
// every change.
#include <algorithm>

#include "sim/services/imap_peer.h"

namespace glasspost::sim {
namespace {

// Up to which UID the client certainly knows of every expunge: section 3.2.5.2.
Uid known_up_to(const View& view, const imap::QuickResync::Match& match) {
  const auto numbers = match.numbers.resolved(0), uids = match.uids.resolved(0);
  Uid known = 0;
  std::size_t i = 0, k = 0;
  std::uint32_t number = numbers.empty() ? 0 : numbers[0].first;
  Uid uid = uids.empty() ? 0 : uids[0].first;
  while (i < numbers.size() && k < uids.size() && number <= view.exists()) {
    if (view.uid(number) == uid) known = uid;
    if (number++ == numbers[i].last && ++i < numbers.size()) number = numbers[i].first;
    if (uid++ == uids[k].last && ++k < uids.size()) uid = uids[k].first;
  }
  return known;
}

}  // namespace

bool ImapPeer::aware() const {
  return aware_ || session_.enabled(imap::Extension::condstore) || session_.enabled(imap::Extension::qresync);
}
bool ImapPeer::quick() const { return session_.enabled(imap::Extension::qresync); }

// Section 3.1: a command that only a client says that understands mod-sequences. The first one is told where they stand.
void ImapPeer::become_aware() {
  if (aware()) return;
  aware_ = true;
  if (view_) say_highest_modseq();
}

void ImapPeer::say_highest_modseq() {
  session_.write().condition(imap::Condition::ok, imap::Code::highest_modseq(view_->told_modseq()), "The last change here");
}

// What the client has now been told makes it believe that it knows all up to some mod-sequence: say which, if that is not so
// or if it could not know.
void ImapPeer::settle_modseq(imap::Condition condition, imap::Code& code) {
  if (!std::exchange(owes_modseq_, false) || !view_ || !quick()) return;
  if (condition == imap::Condition::ok && code.name.empty()) code = imap::Code::highest_modseq(view_->told_modseq());
  else say_highest_modseq();
}

void ImapPeer::say_vanished(const std::vector<Uid>& uids) {
  session_.write().say(imap::VanishedData{false, imap::SequenceSet::of(uids)});
  owes_modseq_ = true;
}

// Those of the named UIDs that went since then: section 3.2.6. Those that this session still numbers are told of when they
// lose their numbers.
void ImapPeer::say_vanished_earlier(const imap::SequenceSet& named, imap::ModSeq since, Uid known) {
  const Uid last = mailbox().uid_next() - 1;
  std::vector<imap::SequenceRange> some = named.resolved(last);
  if (known > 0) some = common(some, std::vector<imap::SequenceRange>{{known + 1, ~Uid{0}}});
  std::vector<imap::SequenceRange> gone;
  for (imap::SequenceRange range : common(mailbox().vanished_since(since), some)) {
    for (const Uid uid : view_->ghosts_in(range.first, range.last)) {
      if (range.first < uid) gone.push_back({range.first, uid - 1});
      range.first = uid + 1;
    }
    if (range.first <= range.last) gone.push_back(range);
  }
  if (!gone.empty()) session_.write().say(imap::VanishedData{true, imap::SequenceSet(std::move(gone))});
}

// SELECT (QRESYNC (...)): sections 3.2.5.1 and 3.2.5.2. Ends the command, at once or when all has been said.
void ImapPeer::resynchronise(const imap::QuickResync& wanted, std::string_view done, const imap::Code& code) {
  if (wanted.uid_validity != mailbox().uid_validity()) return ok(done, code);
  imap::SequenceSet named;
  if (wanted.known_uids) named = *wanted.known_uids;
  else if (mailbox().uid_next() > 1) named.add(1, mailbox().uid_next() - 1);
  say_vanished_earlier(named, wanted.modseq, wanted.match ? known_up_to(*view_, *wanted.match) : 0);
  Fetching fetching;
  fetching.numbers = view_->numbers(named, true);
  leave_unchanged_out(fetching.numbers, wanted.modseq);
  for (const auto kind : {imap::FetchKind::uid, imap::FetchKind::flags, imap::FetchKind::modseq}) {
    imap::FetchItem item;
    item.kind = kind;
    fetching.command.items.push_back(item);
  }
  fetching.asks_uid = fetching.asks_flags = fetching.asks_modseq = true;
  fetching.done = done;
  fetching.code = code;
  fetching_.emplace(std::move(fetching));
}

void ImapPeer::leave_unchanged_out(std::vector<std::uint32_t>& numbers, imap::ModSeq since) const {
  std::erase_if(numbers, [&](std::uint32_t number) { return view_->message(number).modseq <= since; });
}

// A FETCH that nobody asked for: section 3.2.4. Without flags it tells the new mod-sequence alone.
void ImapPeer::say_changed(std::uint32_t number, bool with_flags, bool with_uid) {
  if (with_flags) say_new_keywords();
  auto fetched = session_.write().fetch(number);
  if (with_uid || aware()) fetched.uid(view_->uid(number));
  if (with_flags) write_flags(fetched, number);
  if (aware()) write_modseq(fetched, number);
  fetched.end();
}

// ---- STORE (UNCHANGEDSINCE ...): section 3.1.3

// Whether the message has been changed since, in what the command is about. Of a change that this client has not been told of
// only the flags that it would set or remove count (section 3.1.12).
bool ImapPeer::is_changed_since(std::uint32_t number, const imap::Store& store, Flags wanted) const {
  const imap::ModSeq since = *store.unchanged_since;
  const StoredMessage& message = view_->message(number);
  if (message.modseq <= since) return false;
  constexpr Flags system = (Flags{1} << flag::first_keyword) - 1;
  if (store.mode == imap::StoreMode::replace) return true;
  if (since == 0) return (wanted & system) != 0 || (message.flags & wanted) != 0;  // it fails if the flag is there at all
  const auto believed = view_->believed(number);
  return !believed || believed->modseq > since || ((believed->flags ^ message.flags) & wanted) != 0;
}

}  // namespace glasspost::sim
