// SAVEDATE: when a message came into this mailbox, which a copy or a move begins anew. RFC 8514.
//
//   fetch-att       =/ "SAVEDATE"
//   msg-att-static  =/ "SAVEDATE" SP (date-time / nil)
//   search-key      =/ "SAVEDBEFORE" SP date / "SAVEDON" SP date / "SAVEDSINCE" SP date / "SAVEDATESUPPORTED"      section 5
#pragma once

#include <array>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

inline constexpr std::array<std::string_view, 5> savedate_arguments = {"SAVEDATE", "SAVEDBEFORE", "SAVEDON", "SAVEDSINCE",
                                                                       "SAVEDATESUPPORTED"};
inline constexpr std::array<std::string_view, 1> savedate_responses = {"SAVEDATE"};
inline constexpr ExtensionRow savedate_row{.id = Extension::savedate,
                                           .name = "SAVEDATE",
                                           .source = "RFC 8514",
                                           .arguments = savedate_arguments,
                                           .responses = savedate_responses};

}  // namespace glasspost::imap
