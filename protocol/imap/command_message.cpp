// Commands about messages: EXPUNGE, FETCH, STORE, COPY, MOVE and their UID forms. RFC 3501 section 6.4, RFC 4315, RFC 6851.
#include "protocol/imap/modifiers.h"
#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

SequenceSet message_set(Reader& r, bool uid) {
  r.space();
  return r.sequence_set(uid ? Role::imap_uid_set : Role::imap_sequence_set);
}

// fetch-att = "ENVELOPE" / "FLAGS" / "INTERNALDATE" / "RFC822" [".HEADER" / ".SIZE" / ".TEXT"] / "BODY" ["STRUCTURE"] /
//             "UID" / "BODY" section ["<" number "." nz-number ">"] / "BODY.PEEK" section ["<" number "." nz-number ">"]
//             / "PREVIEW" [SP "(LAZY)"] / "BINARY" [".PEEK"] section-binary ["<" number "." nz-number ">"] / "BINARY.SIZE" section-binary
FetchItem fetch_att(Reader& r) {
  FetchItem item;
  const std::size_t begin = r.position();
  const FetchName* name = fetch_name_at(r.rest(), r.options().dialect);
  if (!name) {
    r.wanted("fetch-att");
    return item;
  }
  item.kind = name->kind;
  item.peek = name->peek;
  r.skip(name->text.size() - (name->section ? 1 : 0));
  r.mark(Role::imap_fetch_item, begin);
  if (name->kind == FetchKind::preview) item.lazy = parse_lazy(r);
  if (!name->section) return item;
  item.section = name->kind == FetchKind::section ? r.section() : r.section_binary();
  const std::size_t partial_at = r.position();
  if (name->kind == FetchKind::binary_size || !r.take('<')) return item;
  const std::string_view shape = r.take_while([](char c) { return is_digit(c) || c == '.'; });
  const std::size_t dot = shape.find('.');
  const auto offset = to_u32(shape.substr(0, dot));
  const auto count = dot == shape.npos ? std::nullopt : to_u32(shape.substr(dot + 1));
  if (!offset || !count || *count == 0 || !r.take('>')) {
    r.fail(Fault::syntax, partial_at, "\"<\" number \".\" nz-number \">\"");
    return item;
  }
  r.mark(Role::imap_partial, partial_at);
  item.partial = Partial{*offset, *count};
  return item;
}

// "ALL", "FULL", "FAST": what they stand for; empty if `word` is none of them.
std::vector<FetchItem> macro(std::string_view word) {
  std::vector<FetchItem> items;
  const bool all = equal_ignoring_case(word, "ALL"), full = equal_ignoring_case(word, "FULL");
  if (!all && !full && !equal_ignoring_case(word, "FAST")) return items;
  for (const FetchKind kind : {FetchKind::flags, FetchKind::internal_date, FetchKind::rfc822_size})
    items.push_back({kind, false, {}, {}});
  if (all || full) items.push_back({FetchKind::envelope, false, {}, {}});
  if (full) items.push_back({FetchKind::body, false, {}, {}});
  return items;
}

// fetch-modifiers
void partial(Reader& r, Fetch& fetch) {
  const std::size_t begin = r.position();
  if (!fetch.uid || fetch.partial) r.fail(Fault::syntax, begin, "fetch-modifier");  // RFC 9394 section 3.3: of UID FETCH only
  r.space();
  fetch.partial = parse_partial_range(r);
}
void changed_since(Reader& r, Fetch& fetch) {
  const std::size_t begin = r.position();
  if (fetch.changed_since) r.fail(Fault::syntax, begin, "fetch-modifier");
  r.space();
  fetch.changed_since = parse_mod_sequence_or_zero(r);  // some clients say 0 for everything
}
void vanished(Reader& r, Fetch& fetch) {
  if (!fetch.uid || fetch.vanished) r.fail(Fault::syntax, r.position(), "fetch-modifier");  // RFC 7162 section 3.2.6
  fetch.vanished = true;
}
constexpr ModifierRule<Fetch> fetch_modifiers[] = {
    {"CHANGEDSINCE", Extension::condstore, changed_since},
    {"PARTIAL", Extension::partial, partial},
    {"VANISHED", Extension::qresync, vanished},
};

// store-modifiers
void unchanged_since(Reader& r, Store& store) {
  if (store.unchanged_since) r.fail(Fault::syntax, r.position(), "store-modifier");
  r.space();
  store.unchanged_since = parse_mod_sequence_or_zero(r);
}
constexpr ModifierRule<Store> store_modifiers[] = {
    {"UNCHANGEDSINCE", Extension::condstore, unchanged_since},
};

}  // namespace

// expunge = "EXPUNGE";  uid-expunge = "UID" SP "EXPUNGE" SP sequence-set
CommandBody parse_expunge(Reader& r, bool uid) {
  Expunge expunge;
  if (uid) expunge.uids = message_set(r, true);
  return expunge;
}

// fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")")
//         [fetch-modifiers]
CommandBody parse_fetch(Reader& r, bool uid) {
  Fetch fetch;
  fetch.uid = uid;
  fetch.set = message_set(r, uid);
  r.space();
  const std::size_t begin = r.position();
  const std::string_view word = r.rest().substr(0, r.rest().find(' '));
  if (r.take_open()) {
    do {
      if (!r.room_for(fetch.items.size())) break;
      fetch.items.push_back(fetch_att(r));
    } while (r.take(' '));
    r.close();
  } else if (fetch.items = macro(word); fetch.items.empty()) {
    fetch.items.push_back(fetch_att(r));
  } else {
    r.skip(word.size());
    r.mark(Role::imap_fetch_item, begin);
  }
  parse_modifiers<Fetch>(r, fetch, fetch_modifiers, "fetch-modifier");
  if (fetch.vanished && !fetch.changed_since) r.fail(Fault::syntax, r.position(), "CHANGEDSINCE");
  return fetch;
}

// store = "STORE" SP sequence-set [store-modifiers] SP ["+" / "-"] "FLAGS" [".SILENT"] SP (flag-list / (flag *(SP flag)))
CommandBody parse_store(Reader& r, bool uid) {
  Store store;
  store.uid = uid;
  store.set = message_set(r, uid);
  parse_modifiers<Store>(r, store, store_modifiers, "store-modifier");
  r.space();
  const std::size_t begin = r.position();
  if (r.take('+')) store.mode = StoreMode::add;
  else if (r.take('-')) store.mode = StoreMode::remove;
  if (!r.take_word("FLAGS")) r.wanted("store-att-flags");
  store.silent = r.take_word(".SILENT");
  r.mark(Role::imap_flag_operation, begin);
  r.space();
  if (r.peek() == '(') {
    store.flags = r.flag_list();
    return store;
  }
  do {
    if (!r.room_for(store.flags.size())) break;
    store.flags.push_back(r.flag());
  } while (r.take(' '));
  return store;
}

// copy = "COPY" SP sequence-set SP mailbox
CommandBody parse_copy(Reader& r, bool uid) {
  Copy copy;
  copy.uid = uid;
  copy.set = message_set(r, uid);
  r.space();
  copy.mailbox = r.mailbox();
  return copy;
}

// move = "MOVE" SP sequence-set SP mailbox (RFC 6851 section 3)
CommandBody parse_move(Reader& r, bool uid) {
  Move move;
  move.uid = uid;
  move.set = message_set(r, uid);
  r.space();
  move.mailbox = r.mailbox();
  return move;
}

}  // namespace glasspost::imap
