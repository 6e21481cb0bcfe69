#include "sim/store/store.h"

#include <algorithm>
#include <limits>

#include "protocol/base/time.h"

namespace glasspost::sim {
namespace {
constexpr std::size_t most_accounts = 100'000;  // strangers make them where any user exists
}

bool Journal::copy(const Mailbox&, const StoredMessage&, const Mailbox& to, const StoredMessage& twin) { return add(to, twin); }

Store::Store(Settings settings, const Users& users, Trace& trace) : settings_(settings), users_(users), trace_(trace) {}
Store::~Store() = default;

// Strictly growing over the whole store, so that a mailbox that is deleted and made again is another one to every
// client that remembers the first (RFC 3501 section 2.3.1.1).
std::uint32_t Store::next_uid_validity(Instant now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const auto by_clock = std::uint32_t(std::clamp<std::int64_t>(seconds, 1, std::numeric_limits<std::int32_t>::max()));
  return last_uid_validity_ = std::max(by_clock, last_uid_validity_ + 1);
}

RecordId Store::record(StoreChanged what, const Account& account, std::string_view mailbox, const Act& act) {
  if (!settings_.records) return no_record;
  what.holder = settings_.holder;
  what.user = trace_.keep(account.name());
  what.mailbox = trace_.keep(mailbox);
  return trace_.append({act.now, act.cause, act.connection, what});
}

Account* Store::account(std::string_view login, Instant now) {
  const auto name = users_.canonical(login);
  if (!name || !users_.exists(*name)) return nullptr;
  if (const auto found = accounts_.find(*name); found != accounts_.end()) return found->second.get();
  if (accounts_.size() >= most_accounts) return nullptr;
  auto account = std::make_unique<Account>(*this, *name);
  if (!account->make("INBOX", Act{.now = now})) return nullptr;
  return accounts_.emplace(*name, std::move(account)).first->second.get();
}

Account* Store::log_in(const sasl::Attempt& attempt, Instant now, sasl::Verdict* verdict) {
  sasl::Verdict found = sasl::verify(users_, attempt);
  Account* const who = found ? account(found.identity, now) : nullptr;
  if (verdict) *verdict = std::move(found);
  return who;
}

StoreResult<Uid> Store::deliver(std::string_view login, ContentPtr content, const Act& act) {
  Account* to = account(login, act.now);
  if (!to && !users_.exists(login)) return tl::unexpected(StoreFault::no_such_user);
  if (!to) return tl::unexpected(journal() && accounts_.size() < most_accounts ? journal()->why() : StoreFault::limit);
  return to->inbox().add({std::move(content), {}, act.now}, act);
}

Account& Store::restore_account(std::string_view canonical_login) {
  auto& slot = accounts_[std::string(canonical_login)];
  if (!slot) slot = std::make_unique<Account>(*this, std::string(canonical_login));
  return *slot;
}

}  // namespace glasspost::sim
