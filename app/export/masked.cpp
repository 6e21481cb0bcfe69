#include "app/export/masked.h"

#include <algorithm>

namespace glasspost {

Masked masked(std::string_view text, std::span<const Token> tokens) {
  Masked out;
  out.tokens.reserve(tokens.size());
  for (const Token& token : tokens) {
    const auto begin = std::uint32_t(out.text.size());
    out.text += is_secret(token.role) ? mask : token.span.of(text);
    out.tokens.push_back({{begin, std::uint32_t(out.text.size())}, token.role});
    out.begins_.push_back(token.span.begin);
  }
  return out;
}

std::uint32_t Masked::place_of(std::uint32_t original) const {
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), original);
  if (after == begins_.begin()) return 0;
  const auto index = std::size_t(after - begins_.begin()) - 1;
  const Token& token = tokens[index];
  if (is_secret(token.role)) return token.span.begin;
  return std::min(token.span.begin + (original - begins_[index]), token.span.end);
}

}  // namespace glasspost
