// IMAP's two kinds of dates. RFC 3501 section 9, date and date-time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/time.h"

namespace glasspost::imap {

using Day = std::chrono::sys_days;

struct DateTime {
  Instant at{};           // UTC
  int zone_minutes = 0;   // east of UTC: how it was written
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

std::optional<Day> parse_day(std::string_view);            // "1-Feb-1994"
std::string day_text(Day);                                 // the same
std::optional<DateTime> parse_date_time(std::string_view); // "17-Jul-1996 02:44:25 -0700", without its quotes
std::string date_time_text(const DateTime&);

}  // namespace glasspost::imap
