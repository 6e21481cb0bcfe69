// WITHIN: messages by their age. RFC 5032.
//
//   search-key =/ ("OLDER" / "YOUNGER") SP nz-number                section 3
//
// Seconds before now, to be compared with the INTERNALDATE: OLDER 3600 is an hour old or older. Both have the border itself.
#pragma once

#include <array>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

inline constexpr std::array<std::string_view, 2> within_arguments = {"OLDER", "YOUNGER"};
inline constexpr ExtensionRow within_row{
    .id = Extension::within, .name = "WITHIN", .source = "RFC 5032", .arguments = within_arguments};

}  // namespace glasspost::imap
