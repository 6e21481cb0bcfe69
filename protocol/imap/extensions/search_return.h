// What a SEARCH is to return: ESEARCH (RFC 4731), SEARCHRES (RFC 5182) and PARTIAL (RFC 9394), upon RFC 4466's syntax.
//
//   search             =  "SEARCH" [search-return-opts] SP search-program                         RFC 4466 section 3
//   search-return-opts =  SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"
//   search-return-opt  =  "MIN" / "MAX" / "ALL" / "COUNT"                                         RFC 4731 section 4
//   search-return-opt  =/ "SAVE"                                                                  RFC 5182 section 3
//   search-return-opt  =/ modifier-partial                                                        RFC 9394 section 4
//   modifier-partial   =  "PARTIAL" SP partial-range
//   partial-range      =  nz-number ":" nz-number / "-" nz-number ":" "-" nz-number
//   fetch-modifier     =/ modifier-partial
//   sequence-set       =/ "$"                                                                     RFC 5182 section 3
//
//   esearch-response   =  "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)       RFC 4466 section 3
//   search-correlator  =  SP "(" "TAG" SP tag-string ")"
//   search-return-data =  "MIN" SP nz-number / "MAX" SP nz-number / "ALL" SP sequence-set / "COUNT" SP number
//   search-return-data =/ "PARTIAL" SP "(" partial-range SP (sequence-set / "NIL") ")"
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "protocol/imap/extensions.h"
#include "protocol/imap/sequence_set.h"

namespace glasspost::imap {

class Reader;

// Which of the results, counted from 1; `from_end`: from the last of them backwards. The ends may stand in either order.
struct PartialRange {
  std::uint32_t first = 1, last = 1;
  bool from_end = false;
  friend bool operator==(PartialRange, PartialRange) = default;
  // Of so many results: from which place on, and how many of them (perhaps none).
  std::size_t begin(std::size_t results) const;
  std::size_t size(std::size_t results) const;
};

struct SearchReturn {
  bool min = false, max = false, all = false, count = false;  // "RETURN ()" is all
  bool save = false;                                          // "$" stands for it from now on
  std::optional<PartialRange> partial;                        // never beside `all`
  // Anything to be told: "RETURN (SAVE)" alone has no response.
  bool tells() const { return min || max || all || count || partial; }
  friend bool operator==(const SearchReturn&, const SearchReturn&) = default;
};

struct EsearchData {
  std::string tag;    // of the command that it answers; may be empty
  bool uid = false;   // the numbers are UIDs
  std::optional<std::uint32_t> min, max, count;
  SequenceSet all;    // empty: not told, or nothing was found
  struct Part {
    PartialRange range;
    SequenceSet set;  // empty: NIL
  };
  std::optional<Part> partial;
  std::optional<std::uint64_t> modseq;  // the greatest of what is told: RFC 7162 section 3.1.10
};

// Behind "RETURN", at the SP in front of the parenthesis.
SearchReturn parse_search_return(Reader&);
void write(std::string& out, const SearchReturn&);  // " RETURN (MIN COUNT)"
PartialRange parse_partial_range(Reader&);
void write(std::string& out, PartialRange);         // "-1:-100"
EsearchData parse_esearch(Reader&);                 // behind "ESEARCH"
void write(std::string& out, const EsearchData&);   // the whole untagged response

inline constexpr std::array<std::string_view, 5> esearch_arguments = {"RETURN", "MIN", "MAX", "ALL", "COUNT"};
inline constexpr std::array<std::string_view, 1> esearch_responses = {"ESEARCH"};
inline constexpr ExtensionRow esearch_row{.id = Extension::esearch,
                                          .name = "ESEARCH",
                                          .source = "RFC 4731",
                                          .arguments = esearch_arguments,
                                          .responses = esearch_responses};

inline constexpr std::array<std::string_view, 2> searchres_arguments = {"SAVE", "$"};
inline constexpr std::array<std::string_view, 1> searchres_responses = {"NOTSAVED"};
inline constexpr ExtensionRow searchres_row{.id = Extension::searchres,
                                            .name = "SEARCHRES",
                                            .source = "RFC 5182",
                                            .needs = {Extension::esearch},
                                            .arguments = searchres_arguments,
                                            .responses = searchres_responses};

inline constexpr std::array<std::string_view, 1> partial_arguments = {"PARTIAL"};
inline constexpr ExtensionRow partial_row{.id = Extension::partial,
                                          .name = "PARTIAL",
                                          .source = "RFC 9394",
                                          .needs = {Extension::esearch},
                                          .arguments = partial_arguments,
                                          .responses = partial_arguments};

}  // namespace glasspost::imap
