#include "sim/store/objectid.h"

#include <fmt/format.h>

#include "sim/store/sort.h"

namespace glasspost::sim {
namespace {

std::string date_part(const StoredMessage& message) {
  return fmt::format("-{:08x}", std::chrono::floor<std::chrono::seconds>(message.date.time_since_epoch()).count());
}

}  // namespace

std::string mailbox_id(const Mailbox& mailbox) { return fmt::format("F{:08x}", mailbox.uid_validity()); }

std::string email_id(const StoredMessage& message) { return 'M' + message.content->fingerprint() + date_part(message); }

bool has_email_id(const StoredMessage& message, std::string_view id) {
  return id.ends_with(date_part(message)) && id == email_id(message);
}

std::string thread_id(const StoredMessage& message) {
  for (const char* field : {"References", "In-Reply-To", "Message-ID"})
    if (const auto ids = message_ids(message.content->header(field)); !ids.empty()) return 'T' + fingerprint_of(ids.front());
  return 'T' + message.content->fingerprint();
}

}  // namespace glasspost::sim
