// Random sets of numbers or UIDs, and what they name: RFC 3501 section 9, sequence-set, read once more and independently.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/random.h"

namespace glasspost::sim::reference {

class NumberSet {
 public:
  // Of numbers up to `most` (at least 1), some of them as "*".
  static NumberSet random(Random& dice, std::uint32_t most) {
    NumberSet set;
    const std::uint32_t pieces = 1 + dice.below(3);
    for (std::uint32_t i = 0; i < pieces; ++i) {
      const std::uint32_t first = some(dice, most);
      const std::uint32_t last = dice.below(2) == 0 ? first : some(dice, most);
      set.ranges_.emplace_back(first, last);
    }
    return set;
  }
  static NumberSet all() {
    NumberSet set;
    set.ranges_.emplace_back(1, star);
    return set;
  }

  bool contains(std::uint32_t number, std::uint32_t largest) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [&](auto range) {
      auto [first, last] = range;
      if (first == star) first = largest;
      if (last == star) last = largest;
      if (first > last) std::swap(first, last);
      return first <= number && number <= last;
    });
  }
  std::string text() const {
    std::string text;
    for (const auto& [first, last] : ranges_) {
      if (!text.empty()) text += ',';
      text += word(first);
      if (first != last) text += ':' + word(last);
    }
    return text;
  }

 private:
  static constexpr std::uint32_t star = 0;
  static std::uint32_t some(Random& dice, std::uint32_t most) { return dice.below(8) == 0 ? star : 1 + dice.below(most); }
  static std::string word(std::uint32_t number) { return number == star ? "*" : std::to_string(number); }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges_;
};

}  // namespace glasspost::sim::reference
