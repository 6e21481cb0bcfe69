// How SEARCH, SORT and THREAD compare letters: i;unicode-casemap, RFC 5051 section 2, which RFC 5255 section 4.2 asks for. Each
// character becomes its title case, and that is taken apart as far as Unicode says (NFKD, without sorting the marks);
// what comes of it is compared octet by octet. So "É" is "E" and a mark, and whoever looks for "cafe" finds "Café" too.
#pragma once

#include <string>
#include <string_view>

namespace glasspost::sim {

// "Ñandú" -> "N\u0303ANDU\u0301", "привет" -> "ПРИВЕТ". `text`: UTF-8. Octets that are none stay as they are and hinder nobody from
// finding what stands beside them; RFC 5255 section 4.6 would then compare all of the text in its own case only.
std::string fold_case(std::string_view text);

// For putting in order and for "the same": as fold_case(); text that is no UTF-8 is compared as it is, and comes behind all that is.
// RFC 5255 section 4.6 (c).
std::string collation_key(std::string_view text);

}  // namespace glasspost::sim
