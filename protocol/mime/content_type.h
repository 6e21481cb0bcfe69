// Structured MIME fields: Content-Type, Content-Disposition, Content-Language, Content-Transfer-Encoding (RFC 2045, 2183).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/mime/structure.h"

namespace glasspost::mime {

struct ContentType {
  std::string type, subtype;
  std::vector<Parameter> parameters;
};
// type "/" subtype *(";" parameter), RFC 2045 section 5.1; nothing if that cannot be read, and the default holds.
std::optional<ContentType> parse_content_type(std::string_view value);

struct Disposition {
  std::string type;
  std::vector<Parameter> parameters;
};
std::optional<Disposition> parse_disposition(std::string_view value);

// The first token, comments skipped: "7bit".
std::optional<std::string> parse_token(std::string_view value);
// "de, en": tokens between commas.
std::vector<std::string> parse_tokens(std::string_view value);

// More than so many parameters or languages in one field are not kept.
inline constexpr std::size_t parameter_limit = 200;

}  // namespace glasspost::mime
