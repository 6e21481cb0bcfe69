// The keys of SEARCH and what follows each: one table for reading and for writing. RFC 3501 section 6.4.4.
#pragma once

#include <string_view>

#include "protocol/imap/command.h"

namespace glasspost::imap {

enum class SearchShape : std::uint8_t { none, text, keyword, date, number, nz_number, header, uid_set, object_id, one_key, two_keys, mod_sequence };
struct SearchName {
  std::string_view name;
  SearchKind kind;
  SearchShape shape;
  Extension extension = Extension::imap4rev1;  // that brings it
  bool ends_with_rev1 = false;                 // IMAP4rev2 does not have it
};

inline constexpr SearchName search_names[] = {
    {"ALL", SearchKind::all, SearchShape::none},
    {"ANSWERED", SearchKind::answered, SearchShape::none},
    {"BCC", SearchKind::bcc, SearchShape::text},
    {"BEFORE", SearchKind::before, SearchShape::date},
    {"BODY", SearchKind::body, SearchShape::text},
    {"CC", SearchKind::cc, SearchShape::text},
    {"DELETED", SearchKind::deleted, SearchShape::none},
    {"DRAFT", SearchKind::draft, SearchShape::none},
    {"FLAGGED", SearchKind::flagged, SearchShape::none},
    {"FROM", SearchKind::from, SearchShape::text},
    {"HEADER", SearchKind::header, SearchShape::header},
    {"KEYWORD", SearchKind::keyword, SearchShape::keyword},
    {"LARGER", SearchKind::larger, SearchShape::number},
    {"NEW", SearchKind::new_, SearchShape::none, Extension::imap4rev1, true},
    {"NOT", SearchKind::not_, SearchShape::one_key},
    {"OLD", SearchKind::old, SearchShape::none, Extension::imap4rev1, true},
    {"ON", SearchKind::on, SearchShape::date},
    {"OR", SearchKind::or_, SearchShape::two_keys},
    {"RECENT", SearchKind::recent, SearchShape::none, Extension::imap4rev1, true},
    {"SEEN", SearchKind::seen, SearchShape::none},
    {"SENTBEFORE", SearchKind::sent_before, SearchShape::date},
    {"SENTON", SearchKind::sent_on, SearchShape::date},
    {"SENTSINCE", SearchKind::sent_since, SearchShape::date},
    {"SINCE", SearchKind::since, SearchShape::date},
    {"SMALLER", SearchKind::smaller, SearchShape::number},
    {"SUBJECT", SearchKind::subject, SearchShape::text},
    {"TEXT", SearchKind::text, SearchShape::text},
    {"TO", SearchKind::to, SearchShape::text},
    {"UID", SearchKind::uid, SearchShape::uid_set},
    {"UNANSWERED", SearchKind::unanswered, SearchShape::none},
    {"UNDELETED", SearchKind::undeleted, SearchShape::none},
    {"UNDRAFT", SearchKind::undraft, SearchShape::none},
    {"UNFLAGGED", SearchKind::unflagged, SearchShape::none},
    {"UNKEYWORD", SearchKind::unkeyword, SearchShape::keyword},
    {"UNSEEN", SearchKind::unseen, SearchShape::none},
    {"SAVEDATESUPPORTED", SearchKind::save_date_supported, SearchShape::none, Extension::savedate},
    {"SAVEDBEFORE", SearchKind::saved_before, SearchShape::date, Extension::savedate},
    {"SAVEDON", SearchKind::saved_on, SearchShape::date, Extension::savedate},
    {"SAVEDSINCE", SearchKind::saved_since, SearchShape::date, Extension::savedate},
    {"MODSEQ", SearchKind::modseq, SearchShape::mod_sequence, Extension::condstore},
    {"EMAILID", SearchKind::email_id, SearchShape::object_id, Extension::objectid},
    {"THREADID", SearchKind::thread_id, SearchShape::object_id, Extension::objectid},
    {"OLDER", SearchKind::older, SearchShape::nz_number, Extension::within},
    {"YOUNGER", SearchKind::younger, SearchShape::nz_number, Extension::within},
};

}  // namespace glasspost::imap
