// Commands about mailboxes as wholes, LIST and STATUS apart. RFC 3501 sections 6.3 and 6.4.1, 6.4.2; RFC 2342, 3691, 4315.
#include "sim/services/imap_peer.h"
#include "sim/store/objectid.h"

namespace glasspost::sim {

void ImapPeer::run(const imap::Select& select) {
  const bool rev2 = session_.rev2();
  // Whatever comes of it, the mailbox that was open no longer is (RFC 3501 section 6.3.1, RFC 7162 section 3.2.11).
  if (view_ && (rev2 || offers(imap::Extension::condstore)))
    session_.write().condition(imap::Condition::ok, imap::Code::closed(), "The mailbox that was open is closed");
  close();
  const auto wanted = account_->find(select.mailbox);
  if (!wanted) return refuse(StoreFault::no_such_mailbox);
  open(wanted, select.read_only);
  if (select.condstore) aware_ = true;
  auto writer = session_.write();
  say_flags();
  writer.exists(view_->exists());
  if (!rev2) writer.recent(view_->recent());
  if (const auto unseen = view_->first_unseen(); unseen && !rev2)
    writer.condition(imap::Condition::ok, imap::Code::unseen(*unseen), "The first that is not \\Seen");
  writer.condition(imap::Condition::ok, imap::Code::uid_validity(wanted->uid_validity()),
                   "UIDs are good while this is");
  if (rev2) tell_mailbox(*wanted, select.mailbox);
  writer.condition(imap::Condition::ok, imap::Code::uid_next(wanted->uid_next()), "The next UID");
  if (offers(imap::Extension::objectid))
    writer.condition(imap::Condition::ok, imap::Code::mailbox_id(mailbox_id(*wanted)), "Its name for ever");
  if (aware()) say_highest_modseq();
  const std::string_view done = select.read_only ? "EXAMINE completed" : "SELECT completed";
  const imap::Code code = select.read_only ? imap::Code::read_only() : imap::Code::read_write();
  if (select.resync) resynchronise(*select.resync, done, code);
  else ok(done, code);
}

void ImapPeer::run(const imap::Delete& remove) {
  ok_or_refuse(account_->remove(remove.mailbox, act()), "DELETE completed");
}
void ImapPeer::run(const imap::Rename& rename) {
  ok_or_refuse(account_->rename(rename.from, rename.to, act()), "RENAME completed");
}
void ImapPeer::run(const imap::Subscribe& subscribe) {
  ok_or_refuse(account_->subscribe(subscribe.mailbox), "SUBSCRIBE completed");
}
void ImapPeer::run(const imap::Unsubscribe& unsubscribe) {
  ok_or_refuse(account_->unsubscribe(unsubscribe.mailbox), "UNSUBSCRIBE completed");
}

void ImapPeer::run(const imap::Close&) {
  if (!view_->read_only()) {
    std::vector<Uid> deleted;
    for (const StoredMessage& message : mailbox().messages())
      if (message.flags & flag::deleted) deleted.push_back(message.uid);
    if (const auto done = mailbox().expunge(deleted, act()); !done) return refuse(done.error());
  }
  close();  // the client is not told of what went (section 6.4.2)
  ok("CLOSE completed");
}

void ImapPeer::run(const imap::Unselect&) {
  close();
  ok("UNSELECT completed");
}

void ImapPeer::run(const imap::Namespace&) {
  const imap::NamespaceEntry personal[] = {{"", Account::delimiter}};
  session_.write().name_spaces(personal, {}, {});
  ok("NAMESPACE completed");
}

}  // namespace glasspost::sim
