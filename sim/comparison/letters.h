// The letters of a comparison. Their words are wire text: the same in every language, so that the counts are, too.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/time.h"
#include "sim/store/content.h"

namespace glasspost::sim::comparison {

struct CastLetter {
  std::string_view subject, key;  // key: its Message-ID
  std::uint32_t octets;           // as it is sent, headers and body
};
inline constexpr std::array<CastLetter, 8> cast{{{"Timetable", "<timetable@example.org>", 1204},
                                                 {"Lottery", "<lottery@example.org>", 3871},
                                                 {"Minutes", "<minutes@example.org>", 2416},
                                                 {"Contract", "<contract@example.org>", 48930},
                                                 {"Photo", "<photo@example.org>", 96120},
                                                 {"Invoice", "<invoice@example.org>", 7340},
                                                 {"Recipe", "<recipe@example.org>", 1830},
                                                 {"Tickets", "<tickets@example.org>", 22510}}};
constexpr std::uint8_t bit(std::size_t letter) { return std::uint8_t(1U << letter); }

// Exactly cast[letter].octets long.
std::string cast_letter(std::size_t letter, Instant date);
// A line of every letter's body: what an eavesdropper looks for.
inline constexpr std::string_view telling_line = "This is for your eyes only, Bob.";

// The n-th of the letters that lay in the mailbox before: 600 to 3,000 octets, by the seed.
ContentPtr earlier_letter(std::size_t n, std::uint64_t seed, Instant date);

}  // namespace glasspost::sim::comparison
