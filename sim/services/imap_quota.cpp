// GETQUOTA and GETQUOTAROOT: RFC 9208. All of a user's mailboxes are under one root, whose name is empty.
#include "sim/services/imap_peer.h"

namespace glasspost::sim {
namespace {

constexpr std::uint64_t block = 1024;  // octets: section 5.1

}  // namespace

void ImapPeer::tell_quota() {
  const Quota& quota = store_.quota();
  const QuotaUsage usage = account_->usage();
  imap::QuotaData data;
  if (quota.octets) data.resources.push_back({"STORAGE", (usage.octets + block - 1) / block, *quota.octets / block});
  if (quota.messages && offers(imap::Extension::quota_message)) data.resources.push_back({"MESSAGE", usage.messages, *quota.messages});
  if (quota.mailboxes && offers(imap::Extension::quota_mailbox)) data.resources.push_back({"MAILBOX", usage.mailboxes, *quota.mailboxes});
  session_.write().say(data);
}

void ImapPeer::run(const imap::GetQuota& get) {
  if (!get.root.empty()) return no("There is no such quota root; see GETQUOTAROOT", {"NONEXISTENT", {}});
  tell_quota();
  ok("GETQUOTA completed");
}

void ImapPeer::run(const imap::GetQuotaRoot& get) {
  session_.write().say_with_names(imap::QuotaRootData{Account::canonical(get.mailbox), {""}});
  tell_quota();
  ok("GETQUOTAROOT completed");
}

void ImapPeer::run(const imap::SetQuota&) { no("Who runs this server sets the limits", {"NOPERM", {}}); }

}  // namespace glasspost::sim
