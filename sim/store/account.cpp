// One user's mailboxes by name: RFC 3501 sections 5.1 and 6.3.3 to 6.3.7.
#include <algorithm>
#include <vector>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "sim/store/store.h"

namespace glasspost::sim {
namespace {

constexpr std::string_view inbox_name = "INBOX";
constexpr std::size_t longest_name = 400;
constexpr std::ptrdiff_t most_levels = 32;
constexpr std::size_t most_mailboxes = 10'000;

bool is_good_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name || !mime::is_utf8(name)) return false;
  if (std::any_of(name.begin(), name.end(), [](char c) { return std::uint8_t(c) < 0x20 || c == 0x7f; })) return false;
  // RFC 6855 section 3: no controls of Latin 1, no line or paragraph separators.
  for (std::size_t i = 0; i + 1 < name.size(); ++i)
    if ((name[i] == '\xc2' && std::uint8_t(name[i + 1]) < 0xa0) || name.substr(i, 3) == "\u2028" || name.substr(i, 3) == "\u2029") return false;
  if (std::count(name.begin(), name.end(), Account::delimiter) >= most_levels) return false;
  const auto levels = split(name, Account::delimiter);
  return std::none_of(levels.begin(), levels.end(), [](std::string_view level) { return level.empty(); });
}

// "Work/2026" -> "Work"; empty at the top.
std::string above(std::string_view name) {
  const auto slash = name.rfind(Account::delimiter);
  return slash == std::string_view::npos ? std::string() : std::string(name.substr(0, slash));
}

tl::unexpected<StoreFault> refuse(StoreFault fault) { return tl::unexpected<StoreFault>(fault); }

}  // namespace

Account::Account(Store& store, std::string name) : store_(store), name_(std::move(name)) {}

std::string Account::canonical(std::string_view name) {
  std::string text(name);
  const auto first = name.substr(0, name.find(delimiter));
  if (equal_ignoring_case(first, inbox_name)) text.replace(0, inbox_name.size(), inbox_name);
  return text;
}

std::shared_ptr<Mailbox> Account::find(std::string_view name) const {
  const auto found = mailboxes_.find(canonical(name));
  return found == mailboxes_.end() ? nullptr : found->second;
}

bool Account::has_children(std::string_view name) const {
  const std::string prefix = canonical(name) + delimiter;
  const auto next = mailboxes_.lower_bound(prefix);
  return next != mailboxes_.end() && next->first.starts_with(prefix);
}

StoreResult<std::shared_ptr<Mailbox>> Account::make(const std::string& name, const Act& act) {
  if (mailboxes_.size() >= most_mailboxes) return refuse(StoreFault::limit);
  if (!has_room({.mailboxes = 1})) return refuse(StoreFault::over_quota);
  auto mailbox = std::make_shared<Mailbox>(*this, name, store_.next_uid_validity(act.now));
  if (store_.journal() && !store_.journal()->create(*mailbox)) return refuse(store_.journal()->why());
  mailboxes_.insert_or_assign(name, mailbox);
  store_.record({.change = StoreChange::created, .uid_validity = mailbox->uid_validity(), .uid_next = mailbox->uid_next()}, *this, name, act);
  return mailbox;
}

StoreResult<void> Account::make_levels_above(const std::string& name, const Act& act) {
  for (auto slash = name.find(delimiter); slash != std::string::npos; slash = name.find(delimiter, slash + 1)) {
    const std::string level = name.substr(0, slash);
    if (mailboxes_.contains(level)) continue;
    if (const auto made = make(level, act); !made) return refuse(made.error());
  }
  return {};
}

StoreResult<std::shared_ptr<Mailbox>> Account::create(std::string_view wanted, const Act& act, Annotations noted) {
  if (wanted.ends_with(delimiter)) wanted.remove_suffix(1);  // "a declaration that names will follow below it"
  const std::string name = canonical(wanted);
  if (!is_good_name(name)) return refuse(StoreFault::bad_name);
  if (find(name)) return refuse(StoreFault::already_exists);
  if (const auto made = make_levels_above(name, act); !made) return refuse(made.error());
  auto made = make(name, act);
  if (!made || noted.empty()) return made;
  if (const auto done = (*made)->annotate(std::move(noted)); !done) {
    static_cast<void>(remove(name, act));  // made as it was wanted, or not at all
    return refuse(done.error());
  }
  return made;
}

StoreResult<void> Account::annotate_server(Annotations all) {
  if (store_.journal() && !store_.journal()->annotations_of_server(*this, all)) return refuse(store_.journal()->why());
  server_annotations_ = std::move(all);
  return {};
}

// A level that was only there for what is below it goes with the last of that.
void Account::prune(std::string name) {
  for (; !name.empty(); name = above(name)) {
    const auto found = mailboxes_.find(name);
    if (found == mailboxes_.end()) continue;
    if (found->second || has_children(name)) return;
    mailboxes_.erase(found);
  }
}

StoreResult<void> Account::remove(std::string_view wanted, const Act& act) {
  const std::string name = canonical(wanted);
  if (name == inbox_name) return refuse(StoreFault::inbox);
  const auto found = mailboxes_.find(name);
  if (found == mailboxes_.end()) return refuse(StoreFault::no_such_mailbox);
  if (!found->second) return refuse(StoreFault::has_children);  // it is there for nothing else
  const std::shared_ptr<Mailbox> mailbox = found->second;
  if (store_.journal() && !store_.journal()->remove(*mailbox)) return refuse(store_.journal()->why());
  found->second = nullptr;
  prune(name);
  mailbox->clear(store_.record({.change = StoreChange::deleted}, *this, name, act));
  return {};
}

StoreResult<void> Account::rename_inbox(const std::string& to, const Act& act) {
  const auto made = make(to, act);
  if (!made) return refuse(made.error());
  std::vector<Uid> all;
  for (const StoredMessage& message : inbox().messages()) all.push_back(message.uid);
  Annotations notes = inbox().annotations();  // they are copied, and stay (RFC 5464 section 4.1); no two are for one use
  notes.erase(std::string(special_use_entry));
  if (const auto done = (*made)->annotate(std::move(notes)); !done) return refuse(done.error());
  if (const auto moved = inbox().move(all, **made, act); !moved) return refuse(moved.error());
  return {};
}

StoreResult<void> Account::rename(std::string_view from_name, std::string_view to_name, const Act& act) {
  if (to_name.ends_with(delimiter)) to_name.remove_suffix(1);
  const std::string from = canonical(from_name), to = canonical(to_name);
  if (!mailboxes_.contains(from)) return refuse(StoreFault::no_such_mailbox);
  if (!is_good_name(to) || to.starts_with(from + delimiter)) return refuse(StoreFault::bad_name);
  if (mailboxes_.contains(to)) return refuse(StoreFault::already_exists);
  std::vector<std::pair<std::string, std::string>> names;
  for (const auto& [name, mailbox] : mailboxes_)
    if (name == from || name.starts_with(from + delimiter)) names.emplace_back(name, to + name.substr(from.size()));
  if (from != inbox_name &&
      std::any_of(names.begin(), names.end(), [](const auto& n) { return !is_good_name(n.second); }))
    return refuse(StoreFault::bad_name);
  if (const auto made = make_levels_above(to, act); !made) return made;
  if (from == inbox_name) return rename_inbox(to, act);

  if (store_.journal() && !store_.journal()->rename(*this, from, to)) return refuse(store_.journal()->why());
  for (const auto& [old_name, new_name] : names) {
    auto node = mailboxes_.extract(old_name);
    node.key() = new_name;
    if (node.mapped()) {
      node.mapped()->name_ = new_name;
      StoreChanged what{.change = StoreChange::renamed};
      if (store_.settings_.records) what.key = store_.trace_.keep(new_name);
      store_.record(what, *this, old_name, act);
    }
    mailboxes_.insert(std::move(node));
  }
  prune(above(from));
  return {};
}

StoreResult<void> Account::subscribe(std::string_view wanted) {
  const std::string name = canonical(wanted);
  if (!mailboxes_.contains(name)) return refuse(StoreFault::no_such_mailbox);
  if (subscriptions_.size() >= most_mailboxes) return refuse(StoreFault::limit);
  auto names = subscriptions_;
  names.insert(name);
  if (store_.journal() && !store_.journal()->subscriptions(*this, names)) return refuse(store_.journal()->why());
  subscriptions_ = std::move(names);
  return {};
}

StoreResult<void> Account::unsubscribe(std::string_view wanted) {
  auto names = subscriptions_;
  if (names.erase(canonical(wanted)) == 0) return refuse(StoreFault::no_such_mailbox);
  if (store_.journal() && !store_.journal()->subscriptions(*this, names)) return refuse(store_.journal()->why());
  subscriptions_ = std::move(names);
  return {};
}

Mailbox& Account::restore(std::string_view name, std::uint32_t uid_validity) {
  for (std::string level = above(name); !level.empty(); level = above(level)) mailboxes_.try_emplace(level, nullptr);
  auto& slot = mailboxes_[std::string(name)];
  slot = std::make_shared<Mailbox>(*this, std::string(name), uid_validity);
  store_.last_uid_validity_ = std::max(store_.last_uid_validity_, uid_validity);
  return *slot;
}

QuotaUsage Account::usage() const {
  QuotaUsage usage;
  for (const auto& [name, mailbox] : mailboxes_) {
    if (!mailbox) continue;
    usage.octets += mailbox->octets();
    usage.messages += mailbox->size();
    ++usage.mailboxes;
  }
  return usage;
}

bool Account::has_room(const QuotaUsage& more) const {
  const Quota& quota = store_.quota();
  if (!quota.octets && !quota.messages && !quota.mailboxes) return true;
  return fits(quota, usage(), more);
}

}  // namespace glasspost::sim
