// Reads a message's structure: RFC 2045 and 2046. Linear in its size, with bounded memory, whatever it contains.
#pragma once

#include <string_view>

#include "protocol/mime/structure.h"

namespace glasspost::mime {

struct Limits {
  std::uint32_t parts = 1000;  // parts that are kept, in all; the rest of the multipart is then not looked into
  std::uint32_t nesting = 100;
};

// Never fails: what is broken is what RFC 2046 makes of it, or text. `message` may be any octets up to 4 GiB.
Part read_message(std::string_view message, const Limits& = {});

}  // namespace glasspost::mime
