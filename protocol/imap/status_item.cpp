#include "protocol/imap/status_item.h"

#include <fmt/format.h>

#include <iterator>

#include "protocol/imap/extensions/objectid.h"
#include "protocol/imap/reader.h"
#include "protocol/imap/response_rules.h"

namespace glasspost::imap {
namespace {

struct Row {
  std::string_view name;
  StatusItem item;
  Extension extension = Extension::imap4rev1;  // that brings it
  bool wide = false;                           // number64; else number
  bool ends_with_rev1 = false;                 // IMAP4rev2 does not have it
  Extension or_by = extension;                 // another that brings it
};
// In the order of the enumeration.
constexpr Row rows[] = {
    {"MESSAGES", StatusItem::messages},
    {"RECENT", StatusItem::recent, Extension::imap4rev1, false, true},
    {"UIDNEXT", StatusItem::uid_next},
    {"UIDVALIDITY", StatusItem::uid_validity},
    {"UNSEEN", StatusItem::unseen},
    {"SIZE", StatusItem::size, Extension::status_size, true},
    {"DELETED", StatusItem::deleted, Extension::imap4rev2, false, false, Extension::quota_message},
    {"APPENDLIMIT", StatusItem::append_limit, Extension::appendlimit},
    {"HIGHESTMODSEQ", StatusItem::highest_modseq, Extension::condstore, true},
    {"MAILBOXID", StatusItem::mailbox_id, Extension::objectid},
    {"DELETED-STORAGE", StatusItem::deleted_storage, Extension::quota_storage, true},
};

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < std::size(rows); ++i)
    if (std::size_t(rows[i].item) != i) return false;
  return true;
}
static_assert(rows_are_in_order());

const Row* row_named(std::string_view name) {
  for (const Row& row : rows)
    if (equal_ignoring_case(row.name, name)) return &row;
  return nullptr;
}

}  // namespace

std::string_view name_of(StatusItem item) { return rows[std::size_t(item)].name; }

std::vector<StatusItem> parse_status_items(Reader& r) {
  std::vector<StatusItem> items;
  r.open();
  do {
    if (!r.room_for(items.size())) break;
    const std::size_t begin = r.position();
    const Row* row = row_named(r.atom(Role::imap_status_item, "status-att"));
    if (row && (r.has(row->extension) || r.has(row->or_by)) && !(row->ends_with_rev1 && r.rev2())) items.push_back(row->item);
    else r.fail(Fault::syntax, begin, "status-att");
  } while (r.take(' '));
  r.close();
  return items;
}

void write(std::string& out, const std::vector<StatusItem>& items) {
  out += '(';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ' ';
    out += name_of(items[i]);
  }
  out += ')';
}

std::vector<StatusValue> parse_status_values(Reader& r) {
  std::vector<StatusValue> values;
  r.open();
  if (r.take_close()) return values;
  std::size_t items = 0;
  do {
    if (!r.room_for(items++)) break;
    const Row* row = row_named(r.atom(Role::imap_status_item, "status-att"));
    r.space();
    if (row && row->item == StatusItem::append_limit && r.take_nil()) continue;  // there is none
    if (row && row->item == StatusItem::mailbox_id) {
      values.push_back({row->item, 0, parse_objectid_in_parentheses(r, Role::imap_status_value)});
      continue;
    }
    if (!row && !is_digit(r.peek())) {
      skip_value(r, Role::imap_status_value);
      continue;
    }
    const std::size_t at = r.position();
    const std::uint64_t value = r.number64(Role::imap_status_value);
    if (!row) continue;
    if (!row->wide && value > 0xffffffffU) r.fail(Fault::number_range, at, "number");
    values.push_back({row->item, value});
  } while (r.take(' '));
  r.close();
  return values;
}

void write(std::string& out, std::span<const StatusValue> values) {
  out += '(';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ' ';
    (out += name_of(values[i].item)) += ' ';
    if (values[i].item == StatusItem::mailbox_id) write_objectid(out, values[i].id);
    else fmt::format_to(std::back_inserter(out), "{}", values[i].number);
  }
  out += ')';
}

}  // namespace glasspost::imap
