// What every message must have: a headline, words for each token, and particular ones for each keyword.
#pragma once

#include <span>
#include <string_view>

#include "protocol/explain.h"
#include "protocol/token.h"

namespace glasspost {

void expect_words(const Catalogue&, std::string_view headline, std::string_view text, std::span<const Token>,
                  const Error* problem);

}  // namespace glasspost
