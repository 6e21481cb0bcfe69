#include "protocol/imap/extensions/condstore.h"

#include <fmt/format.h>

#include "protocol/imap/encode.h"
#include "protocol/imap/reader.h"

namespace glasspost::imap {

ModSeq parse_mod_sequence_or_zero(Reader& r) {
  const std::size_t begin = r.position();
  const ModSeq modseq = r.number64(Role::imap_modseq);
  if (modseq > most_modseq) r.fail(Fault::number_range, begin, "mod-sequence-value");
  return modseq;
}

ModSeq parse_mod_sequence(Reader& r) {
  const std::size_t begin = r.position();
  const ModSeq modseq = parse_mod_sequence_or_zero(r);
  if (modseq == 0) r.fail(Fault::number_range, begin, "mod-sequence-value");
  return modseq;
}

ModSeq parse_fetched_mod_sequence(Reader& r) {
  r.space();
  r.open();
  const ModSeq modseq = parse_mod_sequence(r);
  r.close();
  return modseq;
}

SearchModSeq parse_search_mod_sequence(Reader& r) {
  SearchModSeq key;
  r.space();
  if (r.peek() == '"') {
    const std::size_t begin = r.position();
    key.entry = r.string(Role::imap_search_value, "entry-name");
    if (!starts_with_ignoring_case(key.entry, "/flags/")) r.fail(Fault::syntax, begin, "entry-name");
    r.space();
    const std::size_t type_at = r.position();
    key.type = r.atom(Role::imap_search_value, "entry-type-req");
    bool known = false;
    for (const std::string_view type : {"priv", "shared", "all"}) known |= equal_ignoring_case(key.type, type);
    if (!known) r.fail(Fault::syntax, type_at, "entry-type-req");
    r.space();
  }
  key.modseq = parse_mod_sequence_or_zero(r);
  return key;
}

void write(std::string& out, const SearchModSeq& key) {
  out += ' ';
  if (!key.entry.empty()) {
    write_string(out, key.entry);
    ((out += ' ') += key.type) += ' ';
  }
  fmt::format_to(std::back_inserter(out), "{}", key.modseq);
}

ModSeq parse_found_mod_sequence(Reader& r) {
  r.open();
  const std::size_t begin = r.position();
  const std::string_view name = r.atom(Role::imap_result_item, "MODSEQ");
  if (!equal_ignoring_case(name, "MODSEQ")) r.fail(Fault::syntax, begin, "MODSEQ");
  r.space();
  const ModSeq modseq = parse_mod_sequence(r);
  r.close();
  return modseq;
}

void write_found_mod_sequence(std::string& out, ModSeq modseq) { fmt::format_to(std::back_inserter(out), " (MODSEQ {})", modseq); }

}  // namespace glasspost::imap
