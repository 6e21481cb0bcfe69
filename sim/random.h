// Chance that comes from a seed. Every purpose has a stream of its own, so that one more draw here changes nothing there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace glasspost::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  Random split(std::string_view purpose) const;
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  // 0 <= result < bound; bound is not 0
  std::string letters(std::size_t count);    // capitals and digits that are hard to confuse: queue ids, nonces

 private:
  std::uint64_t state_;
};

}  // namespace glasspost::sim
