#include "protocol/imap/extensions.h"

#include <algorithm>
#include <utility>

#include "protocol/base/text.h"
#include "protocol/imap/extensions/append.h"
#include "protocol/imap/extensions/base.h"
#include "protocol/imap/extensions/binary.h"
#include "protocol/imap/extensions/compress.h"
#include "protocol/imap/extensions/condstore.h"
#include "protocol/imap/extensions/enable.h"
#include "protocol/imap/extensions/i18nlevel.h"
#include "protocol/imap/extensions/imap4rev2.h"
#include "protocol/imap/extensions/list_extended.h"
#include "protocol/imap/extensions/metadata.h"
#include "protocol/imap/extensions/objectid.h"
#include "protocol/imap/extensions/preview.h"
#include "protocol/imap/extensions/qresync.h"
#include "protocol/imap/extensions/quota.h"
#include "protocol/imap/extensions/savedate.h"
#include "protocol/imap/extensions/search_return.h"
#include "protocol/imap/extensions/sort.h"
#include "protocol/imap/extensions/special_use.h"
#include "protocol/imap/extensions/utf8_accept.h"
#include "protocol/imap/extensions/within.h"

namespace glasspost::imap {
namespace {

constexpr ExtensionRow rows[] = {
    imap4rev1_row,
    imap4rev2_row,
    literal_plus_row,
    literal_minus_row,
    sasl_ir_row,
    id_row,
    idle_row,
    namespace_row,
    uidplus_row,
    unselect_row,
    move_row,
    children_row,
    enable_row,
    list_extended_row,
    list_status_row,
    status_size_row,
    esearch_row,
    searchres_row,
    within_row,
    partial_row,
    sort_row,
    sort_display_row,
    thread_subject_row,
    thread_references_row,
    i18nlevel_row,
    binary_row,
    multiappend_row,
    appendlimit_row,
    replace_row,
    preview_row,
    savedate_row,
    objectid_row,
    utf8_accept_row,
    special_use_row,
    create_special_use_row,
    metadata_row,
    condstore_row,
    qresync_row,
    compress_row,
    quota_row,
    quota_storage_row,
    quota_message_row,
    quota_mailbox_row,
    starttls_row,
    logindisabled_row,
};

constexpr bool each_stands_once() {
  ExtensionSet seen;
  for (const ExtensionRow& row : rows) {
    if (seen.has(row.id)) return false;
    seen.add(row.id);
  }
  return true;
}
static_assert(each_stands_once());

bool is_named(const ExtensionRow& row, ExtensionSet offered, const Circumstances& now) {
  if (!offered.has(row.id)) return false;
  for (const ExtensionRow& other : rows)
    if (row.unless.has(other.id) && offered.has(other.id)) return false;
  switch (row.advertised) {
    case Advertised::always: return true;
    case Advertised::after_login: return now.logged_in;
    case Advertised::before_tls: return !now.logged_in && now.tls_to_be_had;
    case Advertised::while_login_is_barred: return !now.logged_in && now.login_is_barred;
  }
  return false;
}

}  // namespace

std::span<const ExtensionRow> extensions() { return rows; }

const ExtensionRow& row_of(Extension id) {
  return *std::find_if(std::begin(rows), std::end(rows) - 1, [id](const ExtensionRow& row) { return row.id == id; });
}

const ExtensionRow* extension_named(std::string_view capability) {
  for (const ExtensionRow& row : rows)
    if (equal_ignoring_case(row.name, capability)) return &row;
  return nullptr;
}

Extension extension_of_command(std::string_view verb) {
  for (const ExtensionRow& row : rows)
    for (const std::string_view command : row.commands)
      if (command == verb) return row.id;
  return Extension::imap4rev1;
}

ExtensionSet ExtensionSet::whole() const {
  ExtensionSet set;
  for (const ExtensionRow& row : rows)
    if (has(row.id) || !row.optional) set.add(row.id);
  for (bool again = true; std::exchange(again, false);)
    for (const ExtensionRow& row : rows)
      if (set.has(row.id) && !set.has_all(row.needs)) set.remove(row.id), again = true;
  return set;
}

std::vector<std::string> capabilities_of(ExtensionSet offered, const Circumstances& now) {
  std::vector<std::string> names;
  for (const ExtensionRow& row : rows) {
    if (!is_named(row, offered, now)) continue;
    names.emplace_back(row.name);
    if (row.id == Extension::appendlimit) names.back() += '=' + std::to_string(now.append_limit);
  }
  return names;
}

tl::expected<ExtensionSet, std::string> choose_extensions(std::string_view list) {
  const auto words = split(list, ',');
  ExtensionSet chosen;
  if (trim(words.front()).starts_with('-')) chosen = ExtensionSet::everything();
  for (std::string_view word : words) {
    word = trim(word);
    const bool off = word.starts_with('-');
    const std::string_view name = off ? word.substr(1) : word;
    const ExtensionRow* row = extension_named(name);
    if (!row || (off && !row->optional)) return tl::unexpected(std::string(name));
    if (off) chosen.remove(row->id);
    else chosen.add(row->id);
  }
  return chosen.whole();
}

std::vector<std::string_view> choosable_extensions() {
  std::vector<std::string_view> names;
  for (const ExtensionRow& row : rows)
    if (row.optional) names.push_back(row.name);
  return names;
}

}  // namespace glasspost::imap
