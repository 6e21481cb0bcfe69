// CONDSTORE: what has changed since, and changes only of what has not. RFC 7162 section 3.1, ABNF in section 7.
//
//   select-param        =/ "CONDSTORE"
//   status-att          =/ "HIGHESTMODSEQ"
//   store-modifier      =/ "UNCHANGEDSINCE" SP mod-sequence-valzer
//   fetch-modifier      =/ "CHANGEDSINCE" SP mod-sequence-value
//   fetch-att           =/ "MODSEQ"
//   msg-att-dynamic     =/ "MODSEQ" SP "(" permsg-modsequence ")"
//   search-key          =/ "MODSEQ" [search-modseq-ext] SP mod-sequence-valzer
//   search-modseq-ext   =  SP entry-name SP entry-type-req
//   entry-name          =  DQUOTE "/flags/" attr-flag DQUOTE
//   entry-type-req      =  "priv" / "shared" / "all"
//   mailbox-data        =/ "SEARCH" [1*(SP nz-number) SP search-sort-mod-seq]
//   search-sort-mod-seq =  "(" "MODSEQ" SP mod-sequence-value ")"
//   search-return-data  =/ "MODSEQ" SP mod-sequence-value                     RFC 4731 section 3.2
//   resp-text-code      =/ "HIGHESTMODSEQ" SP mod-sequence-value / "NOMODSEQ" / "MODIFIED" SP sequence-set / "CLOSED"
//   mod-sequence-value  =  1*DIGIT            ; 1 to 9,223,372,036,854,775,807
//   mod-sequence-valzer =  "0" / mod-sequence-value
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;

using ModSeq = std::uint64_t;
inline constexpr ModSeq most_modseq = 9'223'372'036'854'775'807;

// MODSEQ as a search key: messages changed with this mod-sequence or a greater one. `entry` and `type` narrow it down to one
// flag where a server keeps mod-sequences of single flags; ours does not (section 3.1.5). Empty: they were not said.
struct SearchModSeq {
  ModSeq modseq = 0;
  std::string entry, type;  // "/flags/\draft", "all"
  friend bool operator==(const SearchModSeq&, const SearchModSeq&) = default;
};

ModSeq parse_mod_sequence(Reader&);           // mod-sequence-value
ModSeq parse_mod_sequence_or_zero(Reader&);   // mod-sequence-valzer
ModSeq parse_fetched_mod_sequence(Reader&);   // behind "MODSEQ" in a FETCH response
SearchModSeq parse_search_mod_sequence(Reader&);  // behind "MODSEQ", at the SP
void write(std::string& out, const SearchModSeq&);  // " \"/flags/\\draft\" all 620162338"
// Behind the numbers of a SEARCH or SORT response, at the parenthesis: "(MODSEQ 917162500)".
ModSeq parse_found_mod_sequence(Reader&);
void write_found_mod_sequence(std::string& out, ModSeq);

inline constexpr std::array<std::string_view, 5> condstore_arguments = {"CONDSTORE", "CHANGEDSINCE", "UNCHANGEDSINCE", "MODSEQ",
                                                                        "HIGHESTMODSEQ"};
inline constexpr std::array<std::string_view, 5> condstore_responses = {"MODSEQ", "HIGHESTMODSEQ", "NOMODSEQ", "MODIFIED", "CLOSED"};
inline constexpr ExtensionRow condstore_row{.id = Extension::condstore,
                                            .name = "CONDSTORE",
                                            .source = "RFC 7162 §3.1",
                                            .by_enable = true,
                                            .arguments = condstore_arguments,
                                            .responses = condstore_responses};

}  // namespace glasspost::imap
