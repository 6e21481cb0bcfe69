// Modified UTF-7, in which IMAP4rev1 writes mailbox names. RFC 3501 section 5.1.3.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.h"

namespace glasspost::imap {

// "Entwürfe" -> "Entw&APw-rfe". Wants valid UTF-8 without NUL, CR or LF.
Result<std::string> utf7_encode(std::string_view utf8);
// Strict: what utf7_encode would not have written is an error, so that no two wire names mean one mailbox.
Result<std::string> utf7_decode(std::string_view wire);

}  // namespace glasspost::imap
