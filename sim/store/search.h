// SEARCH: RFC 3501 section 6.4.4. Looks at what the session sees; letters match in either case, in ASCII and in the
// Latin letters of Western Europe. Headers are searched without their encoded words, text parts without their transfer
// encoding and in UTF-8; parts that are neither text nor readable as they stand (base64) are not searched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/command.h"
#include "sim/store/view.h"

namespace glasspost::sim {

// Sequence numbers, ascending. The strings in `key` are UTF-8.
std::vector<std::uint32_t> search(const View&, const imap::SearchKey& key);

// "Ñandú" -> "ñandú". `text`: UTF-8; anything else is left as it is.
std::string fold_case(std::string_view text);

}  // namespace glasspost::sim
