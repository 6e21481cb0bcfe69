#include "sim/random.h"

namespace glasspost::sim {

namespace {

// Steele, Lea and Flood's SplitMix64: every 64-bit state gives a good stream.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

Random Random::split(std::string_view purpose) const {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : purpose) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return Random(mixed(state_ ^ mixed(hash)));
}

std::uint64_t Random::next() { return mixed(state_ += 0x9e3779b97f4a7c15u); }

std::uint64_t Random::below(std::uint64_t bound) {
  const std::uint64_t unfair = (0 - bound) % bound;  // so many of the lowest values would come once too often
  std::uint64_t value = next();
  while (value < unfair) value = next();
  return value % bound;
}

std::string Random::letters(std::size_t count) {
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += alphabet[below(alphabet.size())];
  return text;
}

}  // namespace glasspost::sim
