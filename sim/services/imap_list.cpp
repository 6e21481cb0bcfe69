// LIST, LSUB and STATUS. RFC 3501 sections 6.3.8 to 6.3.10; RFC 3348, 5258, 5819, 8438.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "sim/services/imap_peer.h"
#include "sim/services/list_pattern.h"
#include "sim/store/objectid.h"

namespace glasspost::sim {
namespace {

constexpr char delimiter = Account::delimiter;

// One extended LIST: which names there are to look at, which of them are wanted, what is told of each.
class Listing {
 public:
  Listing(const Account& account, const imap::List& list)
      : account_(account), select_(list.select.value_or(imap::ListSelection{})), returns_(list.returns.value_or(imap::ListReturn{})) {
    for (const std::string& pattern : list.patterns)
      if (!pattern.empty()) patterns_.push_back(list.reference + pattern);
    for (const auto& [name, mailbox] : account.mailboxes()) names_.insert(name);
    if (!select_.subscribed) return;
    for (const std::string& name : account.subscriptions()) {
      names_.insert(name);
      for (auto slash = name.find(delimiter); slash != name.npos; slash = name.find(delimiter, slash + 1))
        names_.insert(name.substr(0, slash));
    }
  }

  struct Line {
    std::string name;
    bool meets = false;       // the selection's criteria; else it is told because of what lies below it
    bool child_info = false;
  };
  std::vector<Line> lines() const {
    std::vector<Line> lines;
    for (const std::string& name : names_) {
      if (!matches(name)) continue;
      Line line{name, meets(name), false};
      bool only_elsewhere = false;  // something below it that meets them, and matches no pattern (section 3.5)
      if (select_.recursive) line.child_info = looks_below(name, only_elsewhere);
      if (line.meets || only_elsewhere) lines.push_back(std::move(line));
    }
    return lines;
  }

  imap::ListData data(const Line& line, bool tells_children, bool tells_uses) const {
    imap::ListData data;
    data.mailbox = line.name;
    data.delimiter = delimiter;
    const bool there = account_.has(line.name);
    if ((select_.subscribed || returns_.subscribed) && account_.subscriptions().contains(line.name))
      data.attributes.emplace_back("\\Subscribed");
    if (tells_children || returns_.children)
      data.attributes.emplace_back(account_.has_children(line.name) ? "\\HasChildren" : "\\HasNoChildren");
    if (!there) data.attributes.emplace_back("\\NonExistent");
    else if (!account_.find(line.name)) data.attributes.emplace_back("\\Noselect");
    if (tells_uses)
      if (const auto mailbox = account_.find(line.name))
        for (std::string& use : mailbox->special_uses()) data.attributes.push_back(std::move(use));
    if (line.child_info) data.child_info = {"SUBSCRIBED"};
    return data;
  }
  const imap::ListReturn& returns() const { return returns_; }

 private:
  bool matches(const std::string& name) const {
    return std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& p) { return matches_list_pattern(name, p); });
  }
  bool meets(const std::string& name) const {
    if (select_.special_use) {
      const auto mailbox = account_.find(name);
      if (!mailbox || mailbox->special_uses().empty()) return false;
    }
    return select_.subscribed ? account_.subscriptions().contains(name) : account_.has(name);
  }
  bool looks_below(const std::string& name, bool& only_elsewhere) const {
    const std::string prefix = name + delimiter;
    bool any = false;
    for (auto below = names_.lower_bound(prefix); below != names_.end() && below->starts_with(prefix); ++below) {
      if (!meets(*below)) continue;
      any = true;
      only_elsewhere |= !matches(*below);
    }
    return any;
  }

  const Account& account_;
  imap::ListSelection select_;
  imap::ListReturn returns_;
  std::vector<std::string> patterns_;
  std::set<std::string> names_;
};

std::uint64_t value_of(const Mailbox& mailbox, imap::StatusItem item, std::uint64_t append_limit) {
  switch (item) {
    case imap::StatusItem::messages: return mailbox.size();
    case imap::StatusItem::recent: return mailbox.recent();
    case imap::StatusItem::uid_next: return mailbox.uid_next();
    case imap::StatusItem::uid_validity: return mailbox.uid_validity();
    case imap::StatusItem::unseen: return mailbox.unseen();
    case imap::StatusItem::size: return mailbox.octets();
    case imap::StatusItem::append_limit: return append_limit;
    case imap::StatusItem::highest_modseq: return mailbox.highest_modseq();
    case imap::StatusItem::mailbox_id: return 0;  // it is no number
    case imap::StatusItem::deleted_storage:
      return std::accumulate(mailbox.messages().begin(), mailbox.messages().end(), std::uint64_t{0}, [](std::uint64_t sum, const StoredMessage& message) {
        return sum + ((message.flags & flag::deleted) != 0 ? message.size : 0);
      });
    case imap::StatusItem::deleted:
      return std::uint64_t(std::count_if(mailbox.messages().begin(), mailbox.messages().end(),
                                         [](const StoredMessage& message) { return (message.flags & flag::deleted) != 0; }));
  }
  return 0;
}

}  // namespace

void ImapPeer::run(const imap::List& list) {
  const std::string_view verb = list.subscribed ? "LSUB completed" : "LIST completed";
  if (!list.extended() && !list.subscribed && list.patterns.front().empty()) {
    // What separates levels, and where the reference's names begin.
    session_.write().list({.attributes = {"\\Noselect"}, .delimiter = delimiter});
    return ok(verb);
  }
  if (list.subscribed) {
    list_subscribed(list.reference + list.patterns.front());
    return ok(verb);
  }
  const Listing listing(*account_, list);
  for (const Listing::Line& line : listing.lines()) {
    session_.write().list(listing.data(line, offers(imap::Extension::children), offers(imap::Extension::special_use)));
    const auto mailbox = account_->find(line.name);
    if (line.meets && mailbox && !listing.returns().status.empty()) tell_status(*mailbox, listing.returns().status);
  }
  ok(verb);
}

// RFC 9051 section 6.3.2: what SELECT tells of the mailbox; and section 6.3.9.7, of a name that is written otherwise here.
void ImapPeer::tell_mailbox(const Mailbox& mailbox, const std::string& asked_for) {
  imap::ListData data{.delimiter = delimiter, .mailbox = mailbox.name()};
  data.attributes.emplace_back(account_->has_children(mailbox.name()) ? "\\HasChildren" : "\\HasNoChildren");
  if (asked_for != mailbox.name()) data.old_name = asked_for;
  session_.write().list(data);
}

// Section 6.3.9: "%" at the end finds a level whose own name is not subscribed, but one below it is.
void ImapPeer::list_subscribed(const std::string& pattern) {
  std::map<std::string, bool> found;  // whether it can be selected
  for (const std::string& name : account_->subscriptions()) {
    if (matches_list_pattern(name, pattern)) {
      found[name] = account_->find(name) != nullptr;
    } else if (pattern.ends_with('%')) {
      for (auto slash = name.find(delimiter); slash != std::string::npos; slash = name.find(delimiter, slash + 1)) {
        const std::string level = name.substr(0, slash);
        if (matches_list_pattern(level, pattern)) found.try_emplace(level, false);
      }
    }
  }
  for (const auto& [name, selectable] : found) {
    imap::ListData data{.subscribed = true, .delimiter = delimiter, .mailbox = name};
    if (!selectable) data.attributes = {"\\Noselect"};
    session_.write().list(data);
  }
}

void ImapPeer::tell_status(const Mailbox& mailbox, const std::vector<imap::StatusItem>& items) {
  std::vector<imap::StatusValue> values;
  for (const imap::StatusItem item : items) {
    if (item == imap::StatusItem::highest_modseq) become_aware();
    if (item == imap::StatusItem::mailbox_id) values.push_back({item, 0, mailbox_id(mailbox)});
    else values.push_back({item, value_of(mailbox, item, session_.append_limit())});
  }
  session_.write().status(mailbox.name(), values);
}

void ImapPeer::run(const imap::Status& status) {
  const auto wanted = account_->find(status.mailbox);
  if (!wanted) return refuse(StoreFault::no_such_mailbox);
  tell_status(*wanted, status.items);
  ok("STATUS completed");
}

}  // namespace glasspost::sim
