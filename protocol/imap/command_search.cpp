// SEARCH, with its tree of keys. RFC 3501 section 6.4.4.
#include "protocol/imap/encode.h"
#include "protocol/imap/extensions/objectid.h"
#include "protocol/imap/rules.h"
#include "protocol/imap/search_names.h"

namespace glasspost::imap {
namespace {

SearchKey search_key(Reader& r);

// search-key *(SP search-key)
std::vector<SearchKey> search_keys(Reader& r) {
  std::vector<SearchKey> keys;
  do {
    if (!r.room_for(keys.size())) break;
    keys.push_back(search_key(r));
  } while (r.take(' '));
  return keys;
}

void arguments(Reader& r, SearchShape shape, SearchKey& key) {
  switch (shape) {
    case SearchShape::none: return;
    case SearchShape::text:
      r.space();
      key.text = r.astring(Role::imap_search_value);
      return;
    case SearchShape::keyword:
      r.space();
      key.text = r.atom(Role::imap_flag, "flag-keyword");
      return;
    case SearchShape::date:
      r.space();
      key.day = r.date();
      return;
    case SearchShape::number:
      r.space();
      key.number = r.number(Role::imap_search_value);
      return;
    case SearchShape::nz_number:
      r.space();
      key.number = r.nz_number(Role::imap_search_value);
      return;
    case SearchShape::header:
      r.space();
      key.field = r.astring(Role::imap_search_value, "header-fld-name");
      r.space();
      key.text = r.astring(Role::imap_search_value);
      return;
    case SearchShape::uid_set:
      r.space();
      key.set = r.sequence_set(Role::imap_uid_set);
      return;
    case SearchShape::object_id:
      r.space();
      key.text = parse_objectid(r, Role::imap_search_value);
      return;
    case SearchShape::mod_sequence:
      key.modseq = parse_search_mod_sequence(r);
      return;
    case SearchShape::one_key:
    case SearchShape::two_keys:
      for (int i = 0; i < (shape == SearchShape::one_key ? 1 : 2); ++i) {
        r.space();
        key.keys.push_back(search_key(r));
      }
      return;
  }
}

// search-key = "ALL" / ... / sequence-set / "(" search-key *(SP search-key) ")"
SearchKey search_key(Reader& r) {
  SearchKey key;
  if (!r.enter()) return key;
  const std::size_t begin = r.position();
  if (r.take_open()) {
    key.kind = SearchKind::and_;
    key.keys = search_keys(r);
    r.close();
  } else if (is_digit(r.peek()) || r.peek() == '*' || (r.peek() == '$' && r.has(Extension::searchres))) {
    key.kind = SearchKind::sequence;
    key.set = r.sequence_set(Role::imap_sequence_set);
  } else {
    const std::string_view word = r.atom(Role::imap_search_key, "search-key");
    const SearchName* found = nullptr;
    for (const SearchName& name : search_names)
      if (equal_ignoring_case(name.name, word) && r.has(name.extension) && !(name.ends_with_rev1 && r.rev2())) found = &name;
    if (!found) {
      r.fail(Fault::syntax, begin, "search-key");
      return key;
    }
    key.kind = found->kind;
    arguments(r, found->shape, key);
  }
  r.leave();
  return key;
}

}  // namespace

// search = "SEARCH" [SP "RETURN" SP "(" ... ")"] [SP "CHARSET" SP astring] 1*(SP search-key)
CommandBody parse_search(Reader& r, bool uid) {
  Search search;
  search.uid = uid;
  search.key.kind = SearchKind::and_;
  r.space();
  if (const std::size_t at = r.position(); r.has(Extension::esearch) && r.take_word("RETURN ")) {
    r.go_to(r.position() - 1);
    r.mark(Role::imap_option, at);
    search.returns = parse_search_return(r);
    r.space();
  }
  const std::size_t begin = r.position();
  if (r.take_word("CHARSET ")) {
    r.go_to(r.position() - 1);
    r.mark(Role::imap_search_key, begin);
    r.space();
    search.charset = to_upper(r.astring(Role::imap_charset, "charset"));
    r.space();
  }
  search.key.keys = search_keys(r);
  return search;
}

namespace {

// search-criteria = charset 1*(SP search-key), at its SP
void search_criteria(Reader& r, std::string& charset, SearchKey& key) {
  r.space();
  charset = to_upper(r.astring(Role::imap_charset, "charset"));
  r.space();
  key.kind = SearchKind::and_;
  key.keys = search_keys(r);
}

}  // namespace

// sort = "SORT" SP sort-criteria SP search-criteria (RFC 5256)
CommandBody parse_sort(Reader& r, bool uid) {
  Sort sort;
  sort.uid = uid;
  r.space();
  sort.criteria = parse_sort_criteria(r);
  search_criteria(r, sort.charset, sort.key);
  return sort;
}

// thread = "THREAD" SP thread-alg SP search-criteria (RFC 5256)
CommandBody parse_thread(Reader& r, bool uid) {
  Thread thread;
  thread.uid = uid;
  r.space();
  thread.algorithm = parse_thread_algorithm(r);
  search_criteria(r, thread.charset, thread.key);
  return thread;
}

namespace {

void write_key(std::string& out, const SearchKey& key, LiteralForm form) {
  if (key.kind == SearchKind::sequence) {
    out += key.set.text();
    return;
  }
  if (key.kind == SearchKind::and_) {
    out += '(';
    for (std::size_t i = 0; i < key.keys.size(); ++i) {
      if (i > 0) out += ' ';
      write_key(out, key.keys[i], form);
    }
    out += ')';
    return;
  }
  for (const SearchName& name : search_names) {
    if (name.kind != key.kind) continue;
    out += name.name;
    if (name.shape != SearchShape::none && name.shape != SearchShape::mod_sequence) out += ' ';
    switch (name.shape) {
      case SearchShape::none: break;
      case SearchShape::mod_sequence: write(out, key.modseq); break;
      case SearchShape::object_id:
      case SearchShape::keyword: out += key.text; break;
      case SearchShape::text: write_astring(out, key.text, form); break;
      case SearchShape::date: out += day_text(key.day); break;
      case SearchShape::number:
      case SearchShape::nz_number: out += std::to_string(key.number); break;
      case SearchShape::uid_set: out += key.set.text(); break;
      case SearchShape::header:
        write_astring(out, key.field, form);
        out += ' ';
        write_astring(out, key.text, form);
        break;
      case SearchShape::one_key:
      case SearchShape::two_keys:
        for (std::size_t i = 0; i < key.keys.size(); ++i) {
          if (i > 0) out += ' ';
          write_key(out, key.keys[i], form);
        }
        break;
    }
  }
}

}  // namespace

void write_search_key(std::string& out, const SearchKey& key, LiteralForm form) { write_key(out, key, form); }

}  // namespace glasspost::imap
