// How much a user may keep: RFC 9208 section 5.
#pragma once

#include <cstdint>
#include <optional>

namespace glasspost::sim {

struct Quota {
  std::optional<std::uint64_t> octets, messages, mailboxes;  // of all of a user's mailboxes together; nothing: no limit
};
struct QuotaUsage {
  std::uint64_t octets = 0, messages = 0, mailboxes = 0;
};

// Whether so much more fits. What is over the limit already may stay there.
inline bool fits(const Quota& quota, const QuotaUsage& usage, const QuotaUsage& more) {
  const auto within = [](const std::optional<std::uint64_t>& limit, std::uint64_t used, std::uint64_t added) {
    return !limit || added == 0 || (used <= *limit && added <= *limit - used);
  };
  return within(quota.octets, usage.octets, more.octets) && within(quota.messages, usage.messages, more.messages) &&
         within(quota.mailboxes, usage.mailboxes, more.mailboxes);
}

}  // namespace glasspost::sim
