// The words of link faults, as scenarios and lessons write them and as our JSON says them: one table for all three.
#pragma once

#include <iterator>
#include <string_view>
#include <utility>

#include "protocol/trace.h"

namespace glasspost {

inline constexpr std::pair<std::string_view, FaultKind> fault_words[] = {
    {"delay", FaultKind::delay},       {"stall", FaultKind::stall},   {"reset", FaultKind::reset},
    {"truncate", FaultKind::truncate}, {"refuse", FaultKind::refuse}, {"strip", FaultKind::strip}};

constexpr std::string_view word_of(FaultKind kind) {
  for (const auto& [word, meant] : fault_words)
    if (meant == kind) return word;
  return {};
}

static_assert(std::size(fault_words) == std::size_t(FaultKind::strip) + 1, "each kind has its word");

}  // namespace glasspost
