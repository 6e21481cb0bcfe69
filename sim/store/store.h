// The mail store: users' mailboxes, their names and their messages. Every change is written down (Journal), recorded in
// the trace as StoreChanged with its cause, and told to the sessions that look (MailboxListener), in this order.
//
// StoreChanged here: `sequence` is the message's place in the mailbox just before it went, or just after it came.
// `deleted` takes all messages of the mailbox with it. `renamed` has the old name in `mailbox`, the new one in `key`.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sim/store/mailbox.h"
#include "sim/store/quota.h"
#include "sim/store/users.h"

namespace glasspost::sim {

class Account;
class Store;

// What keeps the store across a restart (Maildir, in app/). It is asked before a change is made; "false" refuses it, and
// nothing happens. An APPEND or a delivery is only acknowledged after add() said true.
class Journal {
 public:
  virtual ~Journal() = default;
  virtual bool create(const Mailbox&) = 0;
  virtual bool remove(const Mailbox&) = 0;
  virtual bool rename(const Account&, std::string_view from, std::string_view to) = 0;  // and all that is below it
  virtual bool subscriptions(const Account&, const std::set<std::string>& names) = 0;  // all of them, as they are to be
  // All notes of a mailbox, or of a user about the server itself, as they are to be. Who keeps none refuses them.
  virtual bool annotations(const Mailbox&, const Annotations&) { return false; }
  virtual bool annotations_of_server(const Account&, const Annotations&) { return false; }
  virtual bool add(const Mailbox&, const StoredMessage&) = 0;
  // Adds a copy of a message that it keeps already, in `from`: there may be a quicker way than to write it again.
  virtual bool copy(const Mailbox& from, const StoredMessage& original, const Mailbox& to, const StoredMessage& twin);
  // A portion of the work that add() would otherwise do at once for a large text, while others wait; true: there is more of
  // it to do. What goes wrong here is add()'s to tell. Whoever loses interest lets go of the content.
  virtual bool prepare(const ContentPtr&) { return false; }
  virtual StoreFault why() const { return StoreFault::not_kept; }  // the last answer was "false"
  virtual bool set_flags(const Mailbox&, const StoredMessage&, Flags now) = 0;  // the message still has the old ones
  virtual bool expunge(const Mailbox&, std::span<const StoredMessage* const>) = 0;
};

class Account {
 public:
  Account(Store& store, std::string name);
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  const std::string& name() const { return name_; }
  Store& store() const { return store_; }

  // Names are UTF-8 with "/" between levels. INBOX is always there, in any case of letters, also as the first level.
  static constexpr char delimiter = '/';
  static std::string canonical(std::string_view name);

  // In order. Null: the name is there only because something is below it (\Noselect).
  const std::map<std::string, std::shared_ptr<Mailbox>, std::less<>>& mailboxes() const { return mailboxes_; }
  std::shared_ptr<Mailbox> find(std::string_view name) const;  // null: not there, or \Noselect
  bool has(std::string_view name) const { return mailboxes_.contains(canonical(name)); }
  bool has_children(std::string_view name) const;
  Mailbox& inbox() const { return *mailboxes_.find("INBOX")->second; }

  // RFC 3501 sections 6.3.3 to 6.3.7. Levels above a new mailbox are made too, as mailboxes.
  StoreResult<std::shared_ptr<Mailbox>> create(std::string_view name, const Act&, Annotations noted = {});
  StoreResult<void> remove(std::string_view name, const Act&);
  StoreResult<void> rename(std::string_view from, std::string_view to, const Act&);
  StoreResult<void> subscribe(std::string_view name);
  StoreResult<void> unsubscribe(std::string_view name);
  const std::set<std::string>& subscriptions() const { return subscriptions_; }

  // Notes that are about no mailbox: RFC 5464 section 4.1.
  const Annotations& server_annotations() const { return server_annotations_; }
  StoreResult<void> annotate_server(Annotations as_they_are_to_be);
  void restore_server_annotations(Annotations annotations) { server_annotations_ = std::move(annotations); }

  // For a journal that reads back: nothing is recorded. The name is taken as it is; UIDVALIDITY stays what it was.
  Mailbox& restore(std::string_view name, std::uint32_t uid_validity);
  void restore_subscription(std::string name) { subscriptions_.insert(std::move(name)); }

  QuotaUsage usage() const;
  bool has_room(const QuotaUsage& more) const;

  // RFC 1939 section 3: one POP3 session at a time. False: somebody has it.
  bool lock_maildrop() { return !std::exchange(maildrop_locked_, true); }
  void unlock_maildrop() { maildrop_locked_ = false; }

 private:
  friend class Store;
  StoreResult<void> rename_inbox(const std::string& to, const Act&);
  StoreResult<std::shared_ptr<Mailbox>> make(const std::string& name, const Act&);
  StoreResult<void> make_levels_above(const std::string& name, const Act&);
  void prune(std::string name);

  Store& store_;
  std::string name_;
  std::map<std::string, std::shared_ptr<Mailbox>, std::less<>> mailboxes_;
  std::set<std::string> subscriptions_;
  Annotations server_annotations_;
  bool maildrop_locked_ = false;
};

class Store {
 public:
  struct Settings {
    HostId holder = 0;     // who holds these mailboxes, for StoreChanged
    bool records = true;   // false: nothing is written into the trace
    Journal* journal = nullptr;
    Quota quota = {};      // of each user
  };
  // `users` and `trace` must outlive the store.
  Store(Settings, const Users& users, Trace& trace);
  ~Store();

  const Users& users() const { return users_; }
  // The user's mailboxes, made at first use (at `now`); null: no such user, or they cannot be made.
  Account* account(std::string_view login, Instant now);
  // The mailboxes of whoever proves to be somebody; null: the login is wrong. Nobody acts for another here, so an
  // authorization identity can only be the user's own. `verdict`: what was found, if somebody wants to know.
  Account* log_in(const sasl::Attempt&, Instant now, sasl::Verdict* verdict = nullptr);
  // Hands the message to the user's INBOX: what LMTP does.
  StoreResult<Uid> deliver(std::string_view login, ContentPtr content, const Act&);
  const std::map<std::string, std::unique_ptr<Account>, std::less<>>& accounts() const { return accounts_; }
  // For a journal that reads back, before anything else is done: then Account::restore("INBOX", ...) and so on.
  Account& restore_account(std::string_view canonical_login);

  const Quota& quota() const { return settings_.quota; }
  void set_quota(Quota quota) { settings_.quota = quota; }
  Journal* journal() const { return settings_.journal; }
  // See Journal::prepare(): call it until it says false before a large content is delivered or added.
  bool prepare(const ContentPtr& content) { return settings_.journal && settings_.journal->prepare(content); }
  // Once what it kept has been read back.
  void set_journal(Journal* journal) { settings_.journal = journal; }

 private:
  friend class Account;
  friend class Mailbox;
  std::uint32_t next_uid_validity(Instant now);
  RecordId record(StoreChanged, const Account&, std::string_view mailbox, const Act&);

  Settings settings_;
  const Users& users_;
  Trace& trace_;
  std::map<std::string, std::unique_ptr<Account>, std::less<>> accounts_;
  std::uint32_t last_uid_validity_ = 0;
};

}  // namespace glasspost::sim
