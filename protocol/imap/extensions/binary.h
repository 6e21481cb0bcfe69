// BINARY: a part without its transfer encoding, and messages with any octet in them. RFC 3516; the FETCH side is part of
// IMAP4rev2 too.
//
//   fetch-att       =/ "BINARY" [".PEEK"] section-binary [partial] / "BINARY.SIZE" section-binary
//   msg-att-static  =/ "BINARY" section-binary ["<" number ">"] SP (nstring / literal8) /
//                      "BINARY.SIZE" section-binary SP number
//   section-binary  =  "[" [section-part] "]"
//   append          =/ "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal8
//   literal8        =  "~{" number ["+"] "}" CRLF *OCTET                          section 7; "+": RFC 7888
//   resp-text-code  =/ "UNKNOWN-CTE"
#pragma once

#include <array>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

inline constexpr std::array<std::string_view, 4> binary_arguments = {"BINARY", "BINARY.PEEK", "BINARY.SIZE", "~{n}"};
inline constexpr std::array<std::string_view, 4> binary_responses = {"BINARY", "BINARY.SIZE", "~{n}", "UNKNOWN-CTE"};
inline constexpr ExtensionRow binary_row{.id = Extension::binary,
                                         .name = "BINARY",
                                         .source = "RFC 3516",
                                         .arguments = binary_arguments,
                                         .responses = binary_responses};

}  // namespace glasspost::imap
