// Text for terminals: how wide it is, where it is broken, what a terminal must not be handed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/idn.h"  // is_utf8()

namespace glasspost {

// Characters, which for our languages' letters and punctuation are also the columns they take.
std::size_t columns_of(std::string_view utf8);
// Lines of at most `width` characters, broken at spaces; a longer word stands alone. Never empty.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// At most `width` characters, the last one "…" if any were left out.
std::string shortened(std::string_view text, std::size_t width);
std::string padded(std::string_view text, std::size_t width);
// Well-formed UTF-8 without control characters: tabs as they are if `keep_tabs`, all else that a terminal would act upon
// as "\x1b". Octets that are no UTF-8 likewise.
std::string printable(std::string_view octets, bool keep_tabs = false);

}  // namespace glasspost
