// The rules of single commands, one file per family. Each begins behind the verb, at the SP in front of its arguments
// or at the end, and leaves the reader behind what it took. Private to this folder.
#pragma once

#include <string_view>

#include "protocol/imap/command.h"
#include "protocol/imap/encode.h"
#include "protocol/imap/reader.h"

namespace glasspost::imap {

struct CommandRule {
  std::string_view verb;
  bool after_uid;  // "UID" stands in front of it
  CommandBody (*parse)(Reader&, bool uid);
  Extension extension = Extension::imap4rev1;  // that brings it
  bool ends_with_rev1 = false;                 // IMAP4rev2 does not have it
};

// Whether IMAP4rev2 no longer has the command.
bool ends_with_rev1(std::string_view verb);

// command_session.cpp
CommandBody parse_authenticate(Reader&, bool);
CommandBody parse_login(Reader&, bool);
CommandBody parse_id(Reader&, bool);
// command_mailbox.cpp
CommandBody parse_select(Reader&, bool);
CommandBody parse_examine(Reader&, bool);
CommandBody parse_create(Reader&, bool);
CommandBody parse_delete(Reader&, bool);
CommandBody parse_rename(Reader&, bool);
CommandBody parse_subscribe(Reader&, bool);
CommandBody parse_unsubscribe(Reader&, bool);
CommandBody parse_list(Reader&, bool);
CommandBody parse_lsub(Reader&, bool);
CommandBody parse_status(Reader&, bool);
CommandBody parse_append(Reader&, bool);
CommandBody parse_replace(Reader&, bool uid);
// command_message.cpp
CommandBody parse_expunge(Reader&, bool uid);
CommandBody parse_fetch(Reader&, bool uid);
CommandBody parse_store(Reader&, bool uid);
CommandBody parse_copy(Reader&, bool uid);
CommandBody parse_move(Reader&, bool uid);
// command_search.cpp
CommandBody parse_search(Reader&, bool uid);
CommandBody parse_sort(Reader&, bool uid);
CommandBody parse_thread(Reader&, bool uid);

// fetch_item.cpp, shared with responses: the name up to the section, "BODY.PEEK", "RFC822.SIZE".
struct FetchName {
  std::string_view text;
  FetchKind kind;
  bool section;  // "[" follows
  bool peek;
  Extension extension = Extension::imap4rev1;  // that brings it
  bool ends_with_rev1 = false;                 // IMAP4rev2 does not have it
};
// The longest name at the front of `rest`; null if there is none, or none that this dialect has.
const FetchName* fetch_name_at(std::string_view rest, const Dialect&);
std::string_view name_of(FetchKind);

// command_search.cpp
void write_search_key(std::string& out, const SearchKey&, LiteralForm);

}  // namespace glasspost::imap
