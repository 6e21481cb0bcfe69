// SPECIAL-USE and CREATE-SPECIAL-USE: which mailbox is for drafts, for what was sent, for junk. RFC 6154.
//
//   create-param   =/ "USE" SP "(" [use-attr *(SP use-attr)] ")"
//   mbx-list-oflag =/ use-attr
//   list-select-independent-opt =/ "SPECIAL-USE"
//   return-option  =/ "SPECIAL-USE"
//   resp-text-code =/ "USEATTR"
//   use-attr       =  "\All" / "\Archive" / "\Drafts" / "\Flagged" / "\Junk" / "\Sent" / "\Trash" / "\" atom     section 6
#pragma once

#include <array>
#include <string>
#include <vector>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

class Reader;

// "(\Drafts \Sent)", behind "USE" at its SP; as the RFC spells those that it knows.
std::vector<std::string> parse_uses(Reader&);

inline constexpr std::array<std::string_view, 1> special_use_arguments = {"SPECIAL-USE"};
inline constexpr std::array<std::string_view, 7> special_use_responses = {"\\All",  "\\Archive", "\\Drafts", "\\Flagged",
                                                                          "\\Junk", "\\Sent",    "\\Trash"};
inline constexpr ExtensionRow special_use_row{.id = Extension::special_use,
                                              .name = "SPECIAL-USE",
                                              .source = "RFC 6154",
                                              .needs = {Extension::list_extended},
                                              .arguments = special_use_arguments,
                                              .responses = special_use_responses};

inline constexpr std::array<std::string_view, 1> create_special_use_arguments = {"USE"};
inline constexpr std::array<std::string_view, 1> create_special_use_responses = {"USEATTR"};
inline constexpr ExtensionRow create_special_use_row{.id = Extension::create_special_use,
                                                     .name = "CREATE-SPECIAL-USE",
                                                     .source = "RFC 6154 §3",
                                                     .needs = {Extension::special_use},
                                                     .arguments = create_special_use_arguments,
                                                     .responses = create_special_use_responses};

}  // namespace glasspost::imap
