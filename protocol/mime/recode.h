// A message with NUL octets in it, as it can be stored and be sent by those who may not send NUL: RFC 3516 section 6.
#pragma once

#include <optional>
#include <string>

namespace glasspost::mime {

// Parts of "binary" (or 7bit, 8bit) encoding that hold a NUL are given base64; nothing else is touched. Nothing: a NUL stands
// where no encoding can take it, as in a header.
std::optional<std::string> without_nul(std::string message);

}  // namespace glasspost::mime
