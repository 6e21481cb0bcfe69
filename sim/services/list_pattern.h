// LIST's patterns: "*" stands for anything, "%" for anything within one level. RFC 3501 section 6.3.8.
#pragma once

#include <string_view>

namespace glasspost::sim {

// A first level INBOX matches in any case. Takes time in proportion to the sizes multiplied, whatever the pattern.
bool matches_list_pattern(std::string_view name, std::string_view pattern);

}  // namespace glasspost::sim
