// Commands about mailboxes as wholes. RFC 3501 sections 6.3 and 6.4.1, 6.4.2; RFC 2342, 3348, 3691, 4315.
#include <map>

#include "sim/services/imap_peer.h"
#include "sim/services/list_pattern.h"

namespace glasspost::sim {

void ImapPeer::run(const imap::Select& select) {
  close();  // whatever comes of it, the mailbox that was open no longer is (section 6.3.1)
  const auto wanted = account_->find(select.mailbox);
  if (!wanted) return refuse(StoreFault::no_such_mailbox);
  open(wanted, select.read_only);
  auto writer = session_.write();
  say_flags();
  writer.exists(view_->exists());
  writer.recent(view_->recent());
  if (const auto unseen = view_->first_unseen())
    writer.condition(imap::Condition::ok, imap::Code::unseen(*unseen), "The first that is not \\Seen");
  writer.condition(imap::Condition::ok, imap::Code::uid_validity(wanted->uid_validity()),
                   "UIDs are good while this is");
  writer.condition(imap::Condition::ok, imap::Code::uid_next(wanted->uid_next()), "The next UID");
  if (select.read_only)
    ok("EXAMINE completed", imap::Code::read_only());
  else
    ok("SELECT completed", imap::Code::read_write());
}

void ImapPeer::run(const imap::Create& create) {
  ok_or_refuse(account_->create(create.mailbox, act()), "CREATE completed");
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

void ImapPeer::run(const imap::List& list) {
  const std::string_view verb = list.subscribed ? "LSUB completed" : "LIST completed";
  const std::vector<std::string> noselect{"\\Noselect"};
  if (list.pattern.empty() && !list.subscribed) {  // what separates levels, and where the reference's names begin
    session_.write().list(false, noselect, Account::delimiter, "");
    return ok(verb);
  }
  const std::string pattern = list.reference + list.pattern;
  if (list.subscribed) {
    list_subscribed(pattern);
    return ok(verb);
  }
  for (const auto& [name, mailbox] : account_->mailboxes()) {
    if (!matches_list_pattern(name, pattern)) continue;
    std::vector<std::string> attributes{account_->has_children(name) ? "\\HasChildren" : "\\HasNoChildren"};
    if (!mailbox) attributes.emplace_back("\\Noselect");
    session_.write().list(false, attributes, Account::delimiter, name);
  }
  ok(verb);
}

// Section 6.3.9: "%" at the end finds a level whose own name is not subscribed, but one below it is.
void ImapPeer::list_subscribed(const std::string& pattern) {
  const std::vector<std::string> noselect{"\\Noselect"};
  std::map<std::string, bool> found;  // whether it can be selected
  for (const std::string& name : account_->subscriptions()) {
    if (matches_list_pattern(name, pattern)) {
      found[name] = account_->find(name) != nullptr;
    } else if (pattern.ends_with('%')) {
      for (auto slash = name.find(Account::delimiter); slash != std::string::npos;
           slash = name.find(Account::delimiter, slash + 1)) {
        const std::string level = name.substr(0, slash);
        if (matches_list_pattern(level, pattern)) found.try_emplace(level, false);
      }
    }
  }
  for (const auto& [name, selectable] : found)
    session_.write().list(true, selectable ? std::vector<std::string>{} : noselect, Account::delimiter, name);
}

void ImapPeer::run(const imap::Status& status) {
  const auto wanted = account_->find(status.mailbox);
  if (!wanted) return refuse(StoreFault::no_such_mailbox);
  std::vector<std::pair<imap::StatusItem, std::uint32_t>> values;
  for (const auto item : status.items) {
    std::uint32_t value = 0;
    switch (item) {
      case imap::StatusItem::messages: value = std::uint32_t(wanted->size()); break;
      case imap::StatusItem::recent: value = std::uint32_t(wanted->recent()); break;
      case imap::StatusItem::uid_next: value = wanted->uid_next(); break;
      case imap::StatusItem::uid_validity: value = wanted->uid_validity(); break;
      case imap::StatusItem::unseen: value = std::uint32_t(wanted->unseen()); break;
    }
    values.emplace_back(item, value);
  }
  session_.write().status(wanted->name(), values);
  ok("STATUS completed");
}

void ImapPeer::run(imap::Append& append) {
  const auto to = account_->find(append.mailbox);
  if (!to) return refuse(StoreFault::no_such_mailbox, true);
  NewMessage message{make_content(std::move(append.message)), std::move(append.flags), now_, 0};
  if (append.date) message.date = append.date->at, message.zone_minutes = append.date->zone_minutes;
  appending_.emplace(Appending{to, std::move(message)});
  continue_append();
}

// A large message takes the disk a while: in the real world others have their turns in between.
void ImapPeer::continue_append() {
  while (store_.prepare(appending_->message.content))
    if (!admission_.client_is_ours) return;
  Appending ready = std::move(*appending_);
  appending_.reset();
  const auto uid = ready.to->add(std::move(ready.message), act());
  if (!uid) return refuse(uid.error());
  imap::SequenceSet uids;
  uids.add(*uid);
  ok("APPEND completed", imap::Code::append_uid(ready.to->uid_validity(), uids));
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
