#include "protocol/imap/extensions/search_return.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/imap/encode.h"
#include "protocol/imap/extensions/condstore.h"
#include "protocol/imap/reader.h"
#include "protocol/imap/response_rules.h"

namespace glasspost::imap {
namespace {

struct Option {
  std::string_view name;
  bool SearchReturn::*member;
  Extension extension;
};
constexpr Option options[] = {{"MIN", &SearchReturn::min, Extension::esearch},
                              {"MAX", &SearchReturn::max, Extension::esearch},
                              {"ALL", &SearchReturn::all, Extension::esearch},
                              {"COUNT", &SearchReturn::count, Extension::esearch},
                              {"SAVE", &SearchReturn::save, Extension::searchres}};

void search_return_opt(Reader& r, SearchReturn& wanted) {
  const std::size_t begin = r.position();
  const std::string_view name = r.atom(Role::imap_option, "search-return-opt");
  for (const Option& option : options) {
    if (!equal_ignoring_case(option.name, name) || !r.has(option.extension)) continue;
    wanted.*option.member = true;
    return;
  }
  if (equal_ignoring_case(name, "PARTIAL") && r.has(Extension::partial) && !wanted.partial) {
    r.space();
    wanted.partial = parse_partial_range(r);
    return;
  }
  r.fail(Fault::syntax, begin, "search-return-opt");
}

// search-correlator = SP "(" "TAG" SP tag-string ")"
void search_correlator(Reader& r, EsearchData& data) {
  do {
    const std::string_view name = r.atom(Role::imap_result_item, "search-correlator");
    r.space();
    if (equal_ignoring_case(name, "TAG")) data.tag = r.astring(Role::imap_tag, "tag-string");
    else skip_value(r, Role::imap_option_value);
  } while (r.take(' '));
  r.close();
}

void search_return_data(Reader& r, std::string_view name, EsearchData& data) {
  const Role number = data.uid ? Role::imap_uid : Role::imap_sequence_number;
  const Role set = data.uid ? Role::imap_uid_set : Role::imap_sequence_set;
  r.space();
  if (equal_ignoring_case(name, "MIN")) {
    data.min = r.nz_number(number);
  } else if (equal_ignoring_case(name, "MAX")) {
    data.max = r.nz_number(number);
  } else if (equal_ignoring_case(name, "COUNT")) {
    data.count = r.number(Role::imap_number);
  } else if (equal_ignoring_case(name, "MODSEQ")) {
    data.modseq = parse_mod_sequence(r);
  } else if (equal_ignoring_case(name, "ALL")) {
    data.all = r.sequence_set(set);
  } else if (equal_ignoring_case(name, "PARTIAL")) {
    r.open();
    EsearchData::Part part{parse_partial_range(r), {}};
    r.space();
    if (!r.take_nil()) part.set = r.sequence_set(set);
    r.close();
    data.partial = std::move(part);
  } else {
    skip_value(r, Role::imap_option_value);
  }
}

}  // namespace

std::size_t PartialRange::size(std::size_t results) const {
  const std::size_t least = std::min(first, last), most = std::max(first, last);
  return least > results ? 0 : std::min(most, results) - least + 1;
}

std::size_t PartialRange::begin(std::size_t results) const {
  const std::size_t least = std::min(first, last);
  return from_end ? results - (least > results ? results : least - 1 + size(results)) : std::min(least - 1, results);
}

SearchReturn parse_search_return(Reader& r) {
  SearchReturn wanted;
  r.space();
  r.open();
  if (r.take_close()) {
    wanted.all = true;
    return wanted;
  }
  const std::size_t begin = r.position();
  std::size_t count = 0;
  do {
    if (!r.room_for(count++)) break;
    search_return_opt(r, wanted);
  } while (r.take(' '));
  if (wanted.all && wanted.partial) r.fail(Fault::syntax, begin, "search-return-opt");  // RFC 9394 section 3.1
  r.close();
  return wanted;
}

void write(std::string& out, const SearchReturn& wanted) {
  std::string list;
  for (const Option& option : options)
    if (wanted.*option.member) (list += list.empty() ? "" : " ") += option.name;
  if (wanted.partial) {
    list += list.empty() ? "PARTIAL " : " PARTIAL ";
    write(list, *wanted.partial);
  }
  out += " RETURN (" + list + ")";
}

PartialRange parse_partial_range(Reader& r) {
  const std::size_t begin = r.position();
  PartialRange range;
  range.from_end = r.peek() == '-';
  const auto place = [&]() -> std::uint32_t {
    if (range.from_end && !r.take('-')) return 0;
    const std::string_view digits = r.take_while(is_digit);
    return digits.starts_with('0') ? 0 : to_u32(digits).value_or(0);
  };
  range.first = place();
  const bool both = r.take(':');
  range.last = both ? place() : 0;
  if (range.first == 0 || range.last == 0) {
    r.fail(Fault::syntax, begin, "partial-range");
    return {};
  }
  r.mark(Role::imap_option_value, begin);
  return range;
}

void write(std::string& out, PartialRange range) {
  const char* minus = range.from_end ? "-" : "";
  fmt::format_to(std::back_inserter(out), "{0}{1}:{0}{2}", minus, range.first, range.last);
}

EsearchData parse_esearch(Reader& r) {
  EsearchData data;
  std::size_t items = 0;
  while (r.take(' ')) {
    if (!r.room_for(items++)) break;
    if (items == 1 && r.take_open()) {
      search_correlator(r, data);
      continue;
    }
    const std::string_view name = r.atom(Role::imap_result_item, "search-return-data");
    if (equal_ignoring_case(name, "UID")) data.uid = true;
    else search_return_data(r, name, data);
  }
  return data;
}

void write(std::string& out, const EsearchData& data) {
  out += "* ESEARCH";
  if (!data.tag.empty()) {
    out += " (TAG ";
    write_string(out, data.tag);
    out += ')';
  }
  if (data.uid) out += " UID";
  if (data.min) fmt::format_to(std::back_inserter(out), " MIN {}", *data.min);
  if (data.max) fmt::format_to(std::back_inserter(out), " MAX {}", *data.max);
  if (!data.all.empty()) (out += " ALL ") += data.all.text();
  if (data.partial) {
    out += " PARTIAL (";
    write(out, data.partial->range);
    (out += ' ') += data.partial->set.empty() ? "NIL" : data.partial->set.text();
    out += ')';
  }
  if (data.count) fmt::format_to(std::back_inserter(out), " COUNT {}", *data.count);
  if (data.modseq) fmt::format_to(std::back_inserter(out), " MODSEQ {}", *data.modseq);
  out += "\r\n";
}

}  // namespace glasspost::imap
