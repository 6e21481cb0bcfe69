// What STATUS tells of a mailbox: RFC 3501 sections 6.3.10 and 7.2.4, and what extensions added.
//
//   status-att     =  "MESSAGES" / "RECENT" / "UIDNEXT" / "UIDVALIDITY" / "UNSEEN"
//   status-att     =/ "SIZE"                                            RFC 8438 section 4, RFC 9051
//   status-att     =/ "DELETED"                                         RFC 9051 section 6.3.11, RFC 9208 section 4.1.4
//   status-att     =/ "APPENDLIMIT"                                     RFC 7889 section 5; its value may be NIL
//   status-att     =/ "HIGHESTMODSEQ"                                   RFC 7162 section 7
//   status-att     =/ "MAILBOXID"                                       RFC 8474 section 7; its value is "(" objectid ")"
//   status-att     =/ "DELETED-STORAGE"                                 RFC 9208 section 4.1.4
//   status-att-list = status-att SP number *(SP status-att SP number)
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;

enum class StatusItem : std::uint8_t {
  messages, recent, uid_next, uid_validity, unseen,
  size,
  deleted,
  append_limit,
  highest_modseq,
  mailbox_id,
  deleted_storage,
};
std::string_view name_of(StatusItem);  // "UIDNEXT"

struct StatusValue {
  StatusItem item = StatusItem::messages;
  std::uint64_t number = 0;
  std::string id = {};  // mailbox_id
  friend bool operator==(const StatusValue&, const StatusValue&) = default;
};

// "(MESSAGES UNSEEN)", at its parenthesis.
std::vector<StatusItem> parse_status_items(Reader&);
void write(std::string& out, const std::vector<StatusItem>&);
// "(MESSAGES 17 UNSEEN 16)", at its parenthesis; items that we do not know are passed over.
std::vector<StatusValue> parse_status_values(Reader&);
void write(std::string& out, std::span<const StatusValue>);

inline constexpr std::string_view size_items[] = {"SIZE"};
inline constexpr ExtensionRow status_size_row{.id = Extension::status_size,
                                              .name = "STATUS=SIZE",
                                              .source = "RFC 8438",
                                              .arguments = size_items,
                                              .responses = size_items};

}  // namespace glasspost::imap
