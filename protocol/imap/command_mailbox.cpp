// Commands about mailboxes: RFC 3501 section 6.3.
#include <array>

#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

constexpr std::array<std::string_view, 5> status_names = {"MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN"};

std::string one_mailbox(Reader& r) {
  r.space();
  return r.mailbox();
}

// list-mailbox = 1*list-char / string
std::string list_mailbox(Reader& r) {
  const std::size_t begin = r.position();
  std::string wire;
  if (is_list_char(r.peek())) {
    wire = r.take_while(is_list_char);
    r.mark(Role::imap_pattern, begin);
  } else {
    wire = r.string(Role::imap_pattern, "list-mailbox");
  }
  auto pattern = mailbox_from_wire(wire);
  if (pattern) return std::move(*pattern);
  r.fail(pattern.error().fault, begin, pattern.error().expected);
  return {};
}

// list = "LIST" SP mailbox SP list-mailbox;  lsub likewise
CommandBody list(Reader& r, bool subscribed) {
  List list;
  list.subscribed = subscribed;
  r.space();
  list.reference = r.mailbox(Role::imap_reference);
  r.space();
  list.pattern = list_mailbox(r);
  return list;
}

}  // namespace

std::string_view name_of(StatusItem item) { return status_names[std::size_t(item)]; }

// select = "SELECT" SP mailbox
CommandBody parse_select(Reader& r, bool) { return Select{one_mailbox(r), false}; }
// examine = "EXAMINE" SP mailbox
CommandBody parse_examine(Reader& r, bool) { return Select{one_mailbox(r), true}; }
// create = "CREATE" SP mailbox
CommandBody parse_create(Reader& r, bool) { return Create{one_mailbox(r)}; }
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

CommandBody parse_list(Reader& r, bool) { return list(r, false); }
CommandBody parse_lsub(Reader& r, bool) { return list(r, true); }

// status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
CommandBody parse_status(Reader& r, bool) {
  Status status;
  status.mailbox = one_mailbox(r);
  r.space();
  r.open();
  do {
    if (!r.room_for(status.items.size())) break;
    const std::size_t begin = r.position();
    const std::string_view name = r.atom(Role::imap_status_item, "status-att");
    std::size_t i = 0;
    while (i < status_names.size() && !equal_ignoring_case(status_names[i], name)) ++i;
    if (i == status_names.size()) r.fail(Fault::syntax, begin, "status-att");
    else status.items.push_back(StatusItem(i));
  } while (r.take(' '));
  r.close();
  return status;
}

// append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal
CommandBody parse_append(Reader& r, bool) {
  Append append;
  append.mailbox = one_mailbox(r);
  r.space();
  if (r.peek() == '(') {
    append.flags = r.flag_list();
    r.space();
  }
  if (r.peek() == '"') {
    append.date = r.date_time();
    r.space();
  }
  append.message = r.content_literal(Reader::Content::message);
  return append;
}

}  // namespace glasspost::imap
