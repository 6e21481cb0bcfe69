// The names of what FETCH can fetch, in commands and in responses. RFC 3501 section 9, fetch-att and msg-att.
#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

// A name comes before those that it begins with.
constexpr FetchName names[] = {
    {"BINARY.PEEK[", FetchKind::binary, true, true, Extension::binary},
    {"BINARY.SIZE[", FetchKind::binary_size, true, false, Extension::binary},
    {"BINARY[", FetchKind::binary, true, false, Extension::binary},
    {"BODY.PEEK[", FetchKind::section, true, true},
    {"BODYSTRUCTURE", FetchKind::body_structure, false, false},
    {"BODY[", FetchKind::section, true, false},
    {"BODY", FetchKind::body, false, false},
    {"ENVELOPE", FetchKind::envelope, false, false},
    {"FLAGS", FetchKind::flags, false, false},
    {"INTERNALDATE", FetchKind::internal_date, false, false},
    {"RFC822.HEADER", FetchKind::rfc822_header, false, false, Extension::imap4rev1, true},
    {"RFC822.SIZE", FetchKind::rfc822_size, false, false},
    {"RFC822.TEXT", FetchKind::rfc822_text, false, false, Extension::imap4rev1, true},
    {"RFC822", FetchKind::rfc822, false, false, Extension::imap4rev1, true},
    {"UID", FetchKind::uid, false, false},
    {"SAVEDATE", FetchKind::save_date, false, false, Extension::savedate},
    {"PREVIEW", FetchKind::preview, false, false, Extension::preview},
    {"MODSEQ", FetchKind::modseq, false, false, Extension::condstore},
    {"EMAILID", FetchKind::email_id, false, false, Extension::objectid},
    {"THREADID", FetchKind::thread_id, false, false, Extension::objectid},
};

}  // namespace

const FetchName* fetch_name_at(std::string_view rest, const Dialect& dialect) {
  for (const FetchName& name : names) {
    if (!starts_with_ignoring_case(rest, name.text) || !dialect.offered.has(name.extension)) continue;
    if (name.ends_with_rev1 && dialect.rev2) continue;
    if (name.section) return &name;
    if (rest.size() == name.text.size() || !is_atom_char(rest[name.text.size()])) return &name;
  }
  return nullptr;
}

std::string_view name_of(FetchKind kind) {
  switch (kind) {
    case FetchKind::envelope: return "ENVELOPE";
    case FetchKind::flags: return "FLAGS";
    case FetchKind::internal_date: return "INTERNALDATE";
    case FetchKind::rfc822: return "RFC822";
    case FetchKind::rfc822_header: return "RFC822.HEADER";
    case FetchKind::rfc822_size: return "RFC822.SIZE";
    case FetchKind::rfc822_text: return "RFC822.TEXT";
    case FetchKind::body: return "BODY";
    case FetchKind::body_structure: return "BODYSTRUCTURE";
    case FetchKind::uid: return "UID";
    case FetchKind::section: return "BODY";
    case FetchKind::modseq: return "MODSEQ";
    case FetchKind::binary: return "BINARY";
    case FetchKind::binary_size: return "BINARY.SIZE";
    case FetchKind::preview: return "PREVIEW";
    case FetchKind::save_date: return "SAVEDATE";
    case FetchKind::email_id: return "EMAILID";
    case FetchKind::thread_id: return "THREADID";
  }
  return "";
}

bool FetchItem::sets_seen() const {
  switch (kind) {
    case FetchKind::section:
    case FetchKind::binary: return !peek;
    case FetchKind::rfc822:
    case FetchKind::rfc822_text: return true;
    case FetchKind::envelope:
    case FetchKind::flags:
    case FetchKind::internal_date:
    case FetchKind::rfc822_header:
    case FetchKind::rfc822_size:
    case FetchKind::body:
    case FetchKind::body_structure:
    case FetchKind::binary_size:
    case FetchKind::preview:
    case FetchKind::save_date:
    case FetchKind::email_id:
    case FetchKind::thread_id:
    case FetchKind::uid:
    case FetchKind::modseq: return false;
  }
  return false;
}

}  // namespace glasspost::imap
