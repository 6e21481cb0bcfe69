// I18NLEVEL=1: letters are compared as people read them, in any script. RFC 5255 section 4.
//
//   capability =/ "I18NLEVEL=1"                                     section 4.3
//
// It brings no word of its own, and says that SEARCH, SORT and THREAD compare by i;unicode-casemap (RFC 5051). Without it a client
// cannot tell how they do (section 4.5). The comparison is where the mailboxes are: sim/store/collation.h.
#pragma once

#include "protocol/imap/extensions.h"

namespace glasspost::imap {

inline constexpr ExtensionRow i18nlevel_row{.id = Extension::i18nlevel, .name = "I18NLEVEL=1", .source = "RFC 5255 §4.3"};

}  // namespace glasspost::imap
