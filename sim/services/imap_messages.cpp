// Commands about messages, FETCH and SEARCH apart. RFC 3501 sections 6.4.3, 6.4.6 to 6.4.8; RFC 4315, 6851.
//
// A message that another session expunged is still in this session's numbering until its EXPUNGE may be said. FETCH and
// SEARCH still see it; STORE, COPY and MOVE do not touch it and say so (EXPUNGEISSUED, RFC 5530). UID commands
// pass it over, as they do with any UID that is not there.
#include "sim/services/imap_peer.h"

namespace glasspost::sim {
namespace {

const imap::Code expunge_issued{"EXPUNGEISSUED", {}};
constexpr std::string_view some_are_gone = "Another session has expunged some of them";

imap::SequenceSet set_of(const Mailbox::Copied& copied, bool to) {
  std::vector<Uid> uids;
  for (const auto& [from_uid, to_uid] : copied) uids.push_back(to ? to_uid : from_uid);
  return imap::SequenceSet::of(uids);
}

}  // namespace

std::optional<std::vector<std::uint32_t>> ImapPeer::named(const imap::SequenceSet& set, bool uid) {
  if (set.is_saved()) return view_->numbers(saved(), true);
  if (!uid && flaws_.has(Flaw::shared_numbers)) view_->forget_expunged();
  if (!uid && (set.largest_named() > view_->exists() || view_->exists() == 0)) {
    complete(imap::Condition::bad, {}, "There is no message with that number");
    return std::nullopt;
  }
  return view_->numbers(set, uid);
}

std::vector<Uid> ImapPeer::uids_of(std::span<const std::uint32_t> numbers, bool& gone) const {
  std::vector<Uid> uids;
  for (const auto number : numbers) {
    if (view_->expunged(number))
      gone = true;
    else
      uids.push_back(view_->uid(number));
  }
  return uids;
}

void ImapPeer::run(const imap::Expunge& expunge) {
  if (refuse_read_only()) return;
  std::vector<Uid> deleted;
  const auto take = [&](const StoredMessage& message) {
    if (message.flags & flag::deleted) deleted.push_back(message.uid);
  };
  if (expunge.uids) {
    bool gone = false;
    for (const Uid uid : uids_of(*named(*expunge.uids, true), gone)) take(*mailbox().find(uid));
  } else {
    for (const StoredMessage& message : mailbox().messages()) take(message);
  }
  owes_modseq_ |= !deleted.empty();  // RFC 7162 section 3.2.7
  ok_or_refuse(mailbox().expunge(deleted, act()), "EXPUNGE completed");
}

void ImapPeer::run(const imap::Store& store) {
  if (refuse_read_only()) return;
  const auto numbers = named(store.set, store.uid);
  if (!numbers) return;
  if (store.unchanged_since) become_aware();
  Flags wanted = 0;
  if (store.mode == imap::StoreMode::remove)  // a keyword that nothing has need not be made for this
    for (const std::string& name : store.flags) wanted |= mailbox().known_flag(name).value_or(0);
  else
    wanted = mailbox().flags_of(store.flags);
  say_new_keywords();
  bool gone = false;
  std::vector<std::uint32_t> modified;
  for (const auto number : *numbers) {
    if (view_->expunged(number)) {
      gone = true;
      continue;
    }
    if (store.unchanged_since && is_changed_since(number, store, wanted)) {
      modified.push_back(store.uid ? view_->uid(number) : number);
      say_changed(number, true, store.uid);  // so that the client need not ask what it was
      continue;
    }
    const StoredMessage& message = view_->message(number);
    const Flags flags = store.mode == imap::StoreMode::replace ? wanted
                        : store.mode == imap::StoreMode::add   ? message.flags | wanted
                                                               : message.flags & ~wanted;
    const std::uint64_t before = message.modseq;
    if (const auto done = mailbox().set_flags(message.uid, flags, act()); !done) return refuse(done.error());
    // With mod-sequences the client hears of each change, also of one that it wanted no answer to.
    const bool others_too = view_->believed(number).has_value();
    if (store.silent && !(aware() && (store.unchanged_since || view_->message(number).modseq != before))) continue;
    say_changed(number, !store.silent || others_too, store.uid);
  }
  if (!modified.empty() && gone && !store.uid) return no(some_are_gone, imap::Code::modified(imap::SequenceSet::of(modified)));
  if (!modified.empty()) return ok("Some had been changed, and were left as they are", imap::Code::modified(imap::SequenceSet::of(modified)));
  if (gone && !store.uid) return no(some_are_gone, expunge_issued);
  ok("STORE completed");
}

void ImapPeer::run(const imap::Copy& copy) {
  const auto numbers = named(copy.set, copy.uid);
  if (!numbers) return;
  const auto to = account_->find(copy.mailbox);
  if (!to) return refuse(StoreFault::no_such_mailbox, true);
  bool gone = false;
  const auto uids = uids_of(*numbers, gone);
  if (gone && !copy.uid) return no(some_are_gone, expunge_issued);
  const auto copied = mailbox().copy(uids, *to, act());
  if (!copied) return refuse(copied.error());
  if (copied->empty()) return ok("COPY completed: there was nothing to copy");
  ok("COPY completed", made(imap::Code::copy_uid(to->uid_validity(), set_of(*copied, false), set_of(*copied, true))));
}

// RFC 6851 section 4.3: COPYUID comes in an untagged OK, before the EXPUNGEs.
void ImapPeer::run(const imap::Move& move) {
  if (refuse_read_only()) return;
  const auto numbers = named(move.set, move.uid);
  if (!numbers) return;
  const auto to = account_->find(move.mailbox);
  if (!to) return refuse(StoreFault::no_such_mailbox, true);
  bool gone = false;
  const auto uids = uids_of(*numbers, gone);
  if (gone && !move.uid) return no(some_are_gone, expunge_issued);
  const auto moved = mailbox().move(uids, *to, act());
  if (!moved) return refuse(moved.error());
  if (moved->empty()) return ok("MOVE completed: there was nothing to move");
  if (offers(imap::Extension::uidplus))
    session_.write().condition(imap::Condition::ok,
                               imap::Code::copy_uid(to->uid_validity(), set_of(*moved, false), set_of(*moved, true)), "Moved");
  ok("MOVE completed");
}

}  // namespace glasspost::sim
