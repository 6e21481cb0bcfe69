// Domain names beyond ASCII, RFC 5891: what is asked of the DNS is their ASCII form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace glasspost {

// "bücher.example" as "xn--bcher-kva.example"; a name in ASCII as it is. Nothing: there cannot be such a name.
std::optional<std::string> to_a_labels(std::string_view domain);

// Well formed: no octet out of place, no overlong form, no surrogate. RFC 3629 section 4.
bool is_utf8(std::string_view);

}  // namespace glasspost
