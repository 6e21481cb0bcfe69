// The names of what FETCH can fetch, in commands and in responses. RFC 3501 section 9, fetch-att and msg-att.
#include "protocol/imap/rules.h"

namespace glasspost::imap {
namespace {

// A name comes before those that it begins with.
constexpr FetchName names[] = {
    {"BODY.PEEK[", FetchKind::section, true, true},
    {"BODYSTRUCTURE", FetchKind::body_structure, false, false},
    {"BODY[", FetchKind::section, true, false},
    {"BODY", FetchKind::body, false, false},
    {"ENVELOPE", FetchKind::envelope, false, false},
    {"FLAGS", FetchKind::flags, false, false},
    {"INTERNALDATE", FetchKind::internal_date, false, false},
    {"RFC822.HEADER", FetchKind::rfc822_header, false, false},
    {"RFC822.SIZE", FetchKind::rfc822_size, false, false},
    {"RFC822.TEXT", FetchKind::rfc822_text, false, false},
    {"RFC822", FetchKind::rfc822, false, false},
    {"UID", FetchKind::uid, false, false},
};

}  // namespace

const FetchName* fetch_name_at(std::string_view rest) {
  for (const FetchName& name : names) {
    if (!starts_with_ignoring_case(rest, name.text)) continue;
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
  }
  return "";
}

bool FetchItem::sets_seen() const {
  switch (kind) {
    case FetchKind::section: return !peek;
    case FetchKind::rfc822:
    case FetchKind::rfc822_text: return true;
    case FetchKind::envelope:
    case FetchKind::flags:
    case FetchKind::internal_date:
    case FetchKind::rfc822_header:
    case FetchKind::rfc822_size:
    case FetchKind::body:
    case FetchKind::body_structure:
    case FetchKind::uid: return false;
  }
  return false;
}

}  // namespace glasspost::imap
