// What can be checked of glossary.md and of the house's style: words that must not be used, and why.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/kinds.h"

namespace glasspost {

// What is wrong with a text for people, or nothing.
std::optional<std::string> style_problem(Language, std::string_view text);

}  // namespace glasspost
