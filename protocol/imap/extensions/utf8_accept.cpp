#include "protocol/imap/extensions/utf8_accept.h"

#include <algorithm>

namespace glasspost::imap {

bool makes_names_utf8(std::span<const std::string> enabled) {
  return std::any_of(enabled.begin(), enabled.end(), [](const std::string& name) { return name == "IMAP4REV2" || name == "UTF8=ACCEPT"; });
}

}  // namespace glasspost::imap
