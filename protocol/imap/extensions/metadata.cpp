#include "protocol/imap/extensions/metadata.h"

#include <algorithm>

#include "protocol/imap/encode.h"
#include "protocol/imap/reader.h"

namespace glasspost::imap {
namespace {

// Section 3.2: "/" in front, between two levels one "/", none at the end, 7 bits, no wildcards.
bool is_good_entry(std::string_view entry) {
  if (!entry.starts_with('/') || entry.ends_with('/') || entry.find("//") != entry.npos) return false;
  return std::all_of(entry.begin(), entry.end(), [](char c) { return c >= 0x19 && c < 0x7f && c != '*' && c != '%'; });
}

std::string entry(Reader& r) {
  const std::size_t begin = r.position();
  std::string name = to_lower(r.astring(Role::imap_metadata_entry, "entry"));
  if (!r.options().lenient && !is_good_entry(name)) r.fail(Fault::syntax, begin, "entry");
  return name;
}

// Behind the parenthesis.
void options(Reader& r, GetMetadata& get) {
  r.open();
  do {
    const std::size_t begin = r.position();
    const std::string_view name = r.atom(Role::imap_option, "getmetadata-option");
    const bool size = equal_ignoring_case(name, "MAXSIZE"), depth = equal_ignoring_case(name, "DEPTH");
    if (!size && !depth) r.fail(Fault::syntax, begin, "getmetadata-option");
    r.space();
    if (size) {
      get.max_size = r.number(Role::imap_option_value);
    } else if (depth) {
      const std::size_t at = r.position();
      const std::string_view how = r.atom(Role::imap_option_value, "scope-opt");
      if (how == "0") get.depth = MetadataDepth::itself;
      else if (how == "1") get.depth = MetadataDepth::children;
      else if (equal_ignoring_case(how, "infinity")) get.depth = MetadataDepth::everything;
      else r.fail(Fault::syntax, at, "scope-opt");
    }
  } while (r.take(' '));
  r.close();
}

bool options_stand_here(const Reader& r) { return r.peek() == '(' && is_alpha(r.peek(1)); }

// "(" entry SP value *(SP entry SP value) ")"
MetadataValues entry_values(Reader& r) {
  MetadataValues values;
  r.open();
  do {
    if (!r.room_for(values.size())) break;
    std::string name = entry(r);
    r.space();
    values.emplace_back(std::move(name), r.nstring8(Role::imap_metadata_value));
  } while (r.take(' '));
  r.close();
  return values;
}

void write_values(std::string& out, const MetadataValues& values, LiteralForm form) {
  out += " (";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ' ';
    write_astring(out, values[i].first, form);
    out += ' ';
    const auto& value = values[i].second;
    if (!value) out += "NIL";
    else if (value->find('\0') == value->npos) write_string(out, *value, form);
    else (((out += '~') += literal_head(value->size(), form)) += *value);
  }
  out += ')';
}

}  // namespace

GetMetadata parse_get_metadata(Reader& r) {
  GetMetadata get;
  r.space();
  if (options_stand_here(r)) {
    options(r, get);
    r.space();
  }
  get.mailbox = r.mailbox();
  r.space();
  if (options_stand_here(r)) {
    options(r, get);
    r.space();
  }
  if (!r.take_open()) {
    get.entries.push_back(entry(r));
    return get;
  }
  do {
    if (!r.room_for(get.entries.size())) break;
    get.entries.push_back(entry(r));
  } while (r.take(' '));
  r.close();
  return get;
}

void write(std::string& out, const GetMetadata& get, const WritingStyle& style) {
  std::string options;
  if (get.max_size) options += "MAXSIZE " + std::to_string(*get.max_size);
  if (get.depth != MetadataDepth::itself) {
    options += options.empty() ? "DEPTH " : " DEPTH ";
    options += get.depth == MetadataDepth::children ? "1" : "infinity";
  }
  if (!options.empty()) out += " (" + options + ")";
  out += ' ';
  write_mailbox(out, get.mailbox, style);
  out += " (";
  for (std::size_t i = 0; i < get.entries.size(); ++i) {
    if (i > 0) out += ' ';
    write_astring(out, get.entries[i], style.literals);
  }
  out += ')';
}

SetMetadata parse_set_metadata(Reader& r) {
  SetMetadata set;
  r.space();
  set.mailbox = r.mailbox();
  r.space();
  set.values = entry_values(r);
  return set;
}

void write(std::string& out, const SetMetadata& set, const WritingStyle& style) {
  out += ' ';
  write_mailbox(out, set.mailbox, style);
  write_values(out, set.values, style.literals);
}

MetadataData parse_metadata(Reader& r) {
  MetadataData data;
  r.space();
  data.mailbox = r.mailbox();
  r.space();
  if (r.peek() == '(') {
    data.values = entry_values(r);
    return data;
  }
  do {
    if (!r.room_for(data.changed.size())) break;
    data.changed.push_back(entry(r));
  } while (r.take(' '));
  return data;
}

void write(std::string& out, const MetadataData& data, const WritingStyle& style) {
  out += "* METADATA ";
  write_mailbox(out, data.mailbox, style);
  if (!data.values.empty()) write_values(out, data.values, LiteralForm::synchronising);
  for (const std::string& name : data.changed) {
    out += ' ';
    write_astring(out, name);
  }
  out += "\r\n";
}

}  // namespace glasspost::imap
