// Says random legal commands, on several connections, to one store's services, and compares after each step what every
// client believes with what the model says it must. One number is one step, whatever the steps before it were, so that a
// script that fails can be shortened by leaving steps out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace glasspost::sim::reference {

struct Run {
  std::string problem;     // empty: every client was told the truth
  std::size_t steps = 0;   // that were taken, with the one that failed
  std::string transcript;  // what was said, by client
};

// A step in which a letter arrives, and the model is not told: every client is then believed to be led astray.
inline constexpr std::uint64_t lie = 0;

std::vector<std::uint64_t> steps_of(std::uint64_t seed, std::size_t count);
Run run(std::span<const std::uint64_t> steps);
// The same failure, or another one, in as few steps as leaving some out can reach.
std::vector<std::uint64_t> shortened(std::vector<std::uint64_t> failing);

}  // namespace glasspost::sim::reference
