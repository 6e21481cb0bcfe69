// Commands about mailboxes: RFC 3501 section 6.3.
#include "protocol/imap/modifiers.h"
#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

std::string one_mailbox(Reader& r) {
  r.space();
  return r.mailbox();
}

// create-params
void use(Reader& r, Create& create) { create.uses = parse_uses(r); }
constexpr ModifierRule<Create> create_params[] = {
    {"USE", Extension::create_special_use, use},
};

// select-params
void condstore(Reader&, Select& select) { select.condstore = true; }
void quick_resync(Reader& r, Select& select) { select.resync = parse_quick_resync(r); }
constexpr ModifierRule<Select> select_params[] = {
    {"CONDSTORE", Extension::condstore, condstore},
    {"QRESYNC", Extension::qresync, quick_resync},
};

Select parse_opening(Reader& r, bool read_only) {
  Select select{one_mailbox(r), read_only};
  parse_modifiers<Select>(r, select, select_params, "select-param");
  return select;
}

}  // namespace

// select = "SELECT" SP mailbox [select-params]
CommandBody parse_select(Reader& r, bool) { return parse_opening(r, false); }
// examine = "EXAMINE" SP mailbox [select-params]
CommandBody parse_examine(Reader& r, bool) { return parse_opening(r, true); }
// create = "CREATE" SP mailbox [create-params]
CommandBody parse_create(Reader& r, bool) {
  Create create{one_mailbox(r)};
  parse_modifiers<Create>(r, create, create_params, "create-param");
  return create;
}
// delete = "DELETE" SP mailbox
CommandBody parse_delete(Reader& r, bool) { return Delete{one_mailbox(r)}; }
// subscribe = "SUBSCRIBE" SP mailbox
CommandBody parse_subscribe(Reader& r, bool) { return Subscribe{one_mailbox(r)}; }
// unsubscribe = "UNSUBSCRIBE" SP mailbox
CommandBody parse_unsubscribe(Reader& r, bool) { return Unsubscribe{one_mailbox(r)}; }

// rename = "RENAME" SP mailbox SP mailbox
CommandBody parse_rename(Reader& r, bool) {
  Rename rename;
  rename.from = one_mailbox(r);
  rename.to = one_mailbox(r);
  return rename;
}

CommandBody parse_list(Reader& r, bool) { return parse_list_command(r, false); }
CommandBody parse_lsub(Reader& r, bool) { return parse_list_command(r, true); }

// status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
CommandBody parse_status(Reader& r, bool) {
  Status status;
  status.mailbox = one_mailbox(r);
  r.space();
  status.items = parse_status_items(r);
  return status;
}

CommandBody parse_append(Reader& r, bool) { return parse_append_command(r); }
CommandBody parse_replace(Reader& r, bool uid) { return parse_replace_command(r, uid); }

}  // namespace glasspost::imap
