// The first words of a message: RFC 8970 section 3.3.
#pragma once

#include <string>

#include "sim/store/content.h"

namespace glasspost::sim {

// At most 200 characters of UTF-8, without markup, quoted lines and superfluous spaces; empty: there are no words in it.
std::string preview_of(const Content&);

}  // namespace glasspost::sim
