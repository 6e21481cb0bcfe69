// QRESYNC: a client that was away is told in one round trip what has changed and what has gone. RFC 7162 section 3.2, ABNF
// in section 7.
//
//   select-param       =/ "QRESYNC" SP "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")"
//   seq-match-data     =  "(" known-sequence-set SP known-uid-set ")"
//   known-uids         =  sequence-set        ; "*" is not allowed, in none of the three
//   known-sequence-set =  sequence-set
//   known-uid-set      =  sequence-set
//   fetch-modifier     =/ "VANISHED"          ; of UID FETCH with CHANGEDSINCE only
//   message-data       =/ expunged-resp
//   expunged-resp      =  "VANISHED" [SP "(EARLIER)"] SP known-uids
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "protocol/imap/extensions/condstore.h"
#include "protocol/imap/sequence_set.h"

namespace glasspost::imap {

// What the client remembers of a mailbox.
struct QuickResync {
  std::uint32_t uid_validity = 0;
  ModSeq modseq = 0;
  std::optional<SequenceSet> known_uids;  // nothing: all that there ever were
  // Some message numbers, ascending, and the UIDs that these messages had.
  struct Match {
    SequenceSet numbers, uids;
    friend bool operator==(const Match&, const Match&) = default;
  };
  std::optional<Match> match;
  friend bool operator==(const QuickResync&, const QuickResync&) = default;
};

// Messages that are gone: in this moment, and the numbers of those behind them have moved; or `earlier`, before the mailbox
// was opened, and no number moves.
struct VanishedData {
  bool earlier = false;
  SequenceSet uids;
};

QuickResync parse_quick_resync(Reader&);           // behind "QRESYNC", at the SP
void write(std::string& out, const QuickResync&);  // "QRESYNC (67890007 20050715194045000 41,43:211)"
VanishedData parse_vanished(Reader&);              // behind "VANISHED"
void write(std::string& out, const VanishedData&);  // the whole untagged response

inline constexpr std::array<std::string_view, 2> qresync_arguments = {"QRESYNC", "VANISHED"};
inline constexpr std::array<std::string_view, 1> qresync_responses = {"VANISHED"};
inline constexpr ExtensionRow qresync_row{.id = Extension::qresync,
                                          .name = "QRESYNC",
                                          .source = "RFC 7162 §3.2",
                                          .by_enable = true,
                                          .needs = {Extension::condstore, Extension::enable},
                                          .arguments = qresync_arguments,
                                          .responses = qresync_responses};

}  // namespace glasspost::imap
