// A message's octets as they may be handed out: secrets replaced by the mask, and tokens that tile what is handed out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/token.h"

namespace glasspost {

struct Masked {
  std::string text;
  std::vector<Token> tokens;
  // Where an octet of the original is now; one inside a secret is at the mask's beginning.
  std::uint32_t place_of(std::uint32_t original) const;

 private:
  friend Masked masked(std::string_view, std::span<const Token>);
  std::vector<std::uint32_t> begins_;  // of the tokens, in the original
};
Masked masked(std::string_view text, std::span<const Token>);

}  // namespace glasspost
