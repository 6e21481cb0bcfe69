// Chance, from a seed. Each purpose has a stream of its own, so that one more draw here changes nothing there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace glasspost::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // A stream that depends on this one's seed and the purpose alone.
  Random split(std::string_view purpose) const {
    std::uint64_t mixed = state_ ^ 0x9e3779b97f4a7c15ULL;
    for (const char c : purpose) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return Random(mixed);
  }
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint32_t below(std::uint32_t bound) { return std::uint32_t(next() % bound); }
  // `length` of the 32 characters that are not mistaken for one another.
  std::string name(std::size_t length) {
    static constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string out;
    for (std::size_t i = 0; i < length; ++i) out += letters[below(32)];
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace glasspost::sim
