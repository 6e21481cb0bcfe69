// UTF8=ACCEPT: names, strings and headers in UTF-8, once a client has said ENABLE UTF8=ACCEPT. RFC 6855.
//
//   capability    =/ "UTF8=ACCEPT"
//   quoted        =/ DQUOTE *uQUOTED-CHAR DQUOTE                             section 3
//   uQUOTED-CHAR  =  QUOTED-CHAR / UTF8-2 / UTF8-3 / UTF8-4
//   utf8-literal  =  "UTF8" SP "(" literal8 ")"                              section 4
//   append-data   =/ utf8-literal
//
// From then on names are not in modified UTF-7 any more, and SEARCH names no charset. A client that has not said it may not put a
// message with headers beyond ASCII into a mailbox.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

// Whether names are UTF-8 once these are enabled; in capitals. IMAP4rev2 does that, too.
bool makes_names_utf8(std::span<const std::string> enabled);

inline constexpr std::array<std::string_view, 1> utf8_accept_arguments = {"UTF8"};
inline constexpr ExtensionRow utf8_accept_row{.id = Extension::utf8_accept,
                                              .name = "UTF8=ACCEPT",
                                              .source = "RFC 6855",
                                              .by_enable = true,
                                              .needs = {Extension::enable},
                                              .arguments = utf8_accept_arguments};

}  // namespace glasspost::imap
