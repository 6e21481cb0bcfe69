// What the POP3 server says to people, in the language that LANG has chosen: RFC 6856 section 3. English stands in the code.
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>

#include "protocol/kinds.h"

namespace glasspost::pop3 {

struct Phrase {
  std::string_view english, spanish;  // patterns, with the same "{}"
};
std::span<const Phrase> phrases();

// The same in another language; what has no other stays as it is.
std::string_view in_language(Language, std::string_view english);
std::string_view tag_of(Language);  // "es"

template <class... Values>
std::string phrase(Language language, std::string_view english, const Values&... values) {
  if constexpr (sizeof...(values) == 0) return std::string(in_language(language, english));
  else return fmt::format(fmt::runtime(in_language(language, english)), values...);
}

}  // namespace glasspost::pop3
