#include "protocol/imap/extensions/list_extended.h"

#include "protocol/imap/encode.h"
#include "protocol/imap/reader.h"
#include "protocol/imap/response_rules.h"

namespace glasspost::imap {
namespace {

template <class Target>
struct Option {
  std::string_view name;
  bool Target::*member;
  Extension extension;
};
constexpr Option<ListSelection> select_options[] = {
    {"SUBSCRIBED", &ListSelection::subscribed, Extension::list_extended},
    {"REMOTE", &ListSelection::remote, Extension::list_extended},
    {"RECURSIVEMATCH", &ListSelection::recursive, Extension::list_extended},
    {"SPECIAL-USE", &ListSelection::special_use, Extension::special_use},
};
constexpr Option<ListReturn> return_options[] = {
    {"SUBSCRIBED", &ListReturn::subscribed, Extension::list_extended},
    {"CHILDREN", &ListReturn::children, Extension::list_extended},
    {"SPECIAL-USE", &ListReturn::special_use, Extension::special_use},
};

template <class Target, std::size_t size>
bool take_option(Reader& r, std::string_view name, const Option<Target> (&options)[size], Target& target) {
  for (const auto& option : options) {
    if (!equal_ignoring_case(option.name, name) || !r.has(option.extension)) continue;
    target.*option.member = true;
    return true;
  }
  return false;
}

// list-select-opts, at its parenthesis
ListSelection selection(Reader& r) {
  ListSelection select;
  const std::size_t begin = r.position();
  r.open();
  if (r.take_close()) return select;
  bool base = false;  // one of the options that RECURSIVEMATCH can go with
  std::size_t count = 0;
  do {
    if (!r.room_for(count++)) break;
    const std::size_t at = r.position();
    const std::string_view name = r.atom(Role::imap_option, "list-select-opt");
    if (!take_option(r, name, select_options, select)) r.fail(Fault::syntax, at, "list-select-opt");
    base |= equal_ignoring_case(name, "SUBSCRIBED");
  } while (r.take(' '));
  r.close();
  if (select.recursive && !base) r.fail(Fault::syntax, begin, "list-select-base-opt");
  return select;
}

// list-return-opts, behind "RETURN"
ListReturn return_opts(Reader& r) {
  ListReturn returns;
  r.space();
  r.open();
  if (r.take_close()) return returns;
  std::size_t count = 0;
  do {
    if (!r.room_for(count++)) break;
    const std::size_t at = r.position();
    const std::string_view name = r.atom(Role::imap_option, "return-option");
    if (equal_ignoring_case(name, "STATUS") && r.has(Extension::list_status)) {
      r.space();
      returns.status = parse_status_items(r);
    } else if (!take_option(r, name, return_options, returns)) {
      r.fail(Fault::syntax, at, "return-option");
    }
  } while (r.take(' '));
  r.close();
  return returns;
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
  return r.name_from_wire(std::move(wire), begin);
}

template <class Target, std::size_t size>
std::string names_of(const Option<Target> (&options)[size], const Target& target) {
  std::string names;
  for (const auto& option : options)
    if (target.*option.member) (names += names.empty() ? "" : " ") += option.name;
  return names;
}

// mbox-list-extended-item
void extended_item(Reader& r, ListData& data) {
  const std::string tag = r.astring(Role::imap_result_item, "mbox-list-extended-item-tag");
  r.space();
  if (equal_ignoring_case(tag, "OLDNAME")) {
    r.open();
    data.old_name = r.mailbox();
    r.close();
    return;
  }
  if (!equal_ignoring_case(tag, "CHILDINFO")) return skip_value(r, Role::imap_option_value);
  r.open();
  do {
    if (!r.room_for(data.child_info.size())) break;
    data.child_info.push_back(to_upper(r.astring(Role::imap_option, "list-select-base-opt-quoted")));
  } while (r.take(' '));
  r.close();
}

}  // namespace

List parse_list_command(Reader& r, bool lsub) {
  List list;
  list.subscribed = lsub;
  const bool may_be_extended = !lsub && r.has(Extension::list_extended);
  r.space();
  if (may_be_extended && r.peek() == '(') {
    list.select = selection(r);
    r.space();
  }
  list.reference = r.mailbox(Role::imap_reference);
  r.space();
  if (may_be_extended && r.take_open()) {
    list.pattern_list = true;
    do {
      if (!r.room_for(list.patterns.size())) break;
      list.patterns.push_back(list_mailbox(r));
    } while (r.take(' '));
    r.close();
  } else {
    list.patterns.push_back(list_mailbox(r));
  }
  if (!may_be_extended || !r.take(' ')) return list;
  const std::size_t begin = r.position();
  if (!r.take_word("RETURN")) r.wanted("RETURN");
  r.mark(Role::imap_option, begin);
  list.returns = return_opts(r);
  return list;
}

void write(std::string& out, const List& list, const WritingStyle& style) {
  if (list.select) out += " (" + names_of(select_options, *list.select) + ")";
  out += ' ';
  write_mailbox(out, list.reference, style);
  out += list.pattern_list ? " (" : " ";
  for (std::size_t i = 0; i < list.patterns.size(); ++i) {
    if (i > 0) out += ' ';
    write_mailbox(out, list.patterns[i], style);
  }
  if (list.pattern_list) out += ')';
  if (!list.returns) return;
  std::string names = names_of(return_options, *list.returns);
  if (!list.returns->status.empty()) {
    names += names.empty() ? "STATUS " : " STATUS ";
    write(names, list.returns->status);
  }
  out += " RETURN (" + names + ")";
}

ListData parse_list_data(Reader& r, bool lsub) {
  ListData data;
  data.subscribed = lsub;
  r.space();
  r.open();
  if (!r.take_close()) {
    do {
      if (!r.room_for(data.attributes.size())) break;
      const std::size_t begin = r.position();
      if (!r.take('\\')) r.wanted("mbx-list-flags");
      r.take_while(is_atom_char);
      data.attributes.emplace_back(r.text().substr(begin, r.position() - begin));
      r.mark(Role::imap_mailbox_attribute, begin);
    } while (r.take(' '));
    r.close();
  }
  r.space();
  data.delimiter = delimiter(r);
  r.space();
  data.mailbox = r.mailbox();
  if (r.peek() != ' ' || r.peek(1) != '(') return data;
  r.space();
  r.open();
  if (r.take_close()) return data;
  std::size_t items = 0;
  do {
    if (!r.room_for(items++)) break;
    extended_item(r, data);
  } while (r.take(' '));
  r.close();
  return data;
}

}  // namespace glasspost::imap
