// Time as the virtual clock and the wall clock both tell it: whole microseconds, UTC. Nothing below app/ asks
// the system for the time; it is always handed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace glasspost {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;

using std::chrono_literals::operator""us;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;

// "09:00:00.448"
std::string clock_text(Instant);
// RFC 5322 section 3.3, always UTC: "Mon, 2 Nov 2026 09:00:00 +0000"
std::string rfc5322_date(Instant);
// RFC 3501 section 9, date-time without its quotes: " 2-Nov-2026 09:00:00 +0000"
std::string imap_internal_date(Instant);
// "24 ms", "1.5 s", "30 min 2 s": the same in both languages apart from the decimal sign, which is a point.
std::string duration_text(Duration);

}  // namespace glasspost
