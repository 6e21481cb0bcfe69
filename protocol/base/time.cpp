#include "protocol/base/time.h"

#include <fmt/format.h>

#include <array>

namespace glasspost {
namespace {

constexpr std::array<const char*, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Calendar {
  int year;
  unsigned month, day, weekday;
  int hour, minute, second;
  std::int64_t microsecond;
};

Calendar calendar(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day ymd{day};
  const std::chrono::hh_mm_ss<Duration> time{at - day};
  return {int(ymd.year()),
          unsigned(ymd.month()),
          unsigned(ymd.day()),
          std::chrono::weekday{day}.c_encoding(),
          int(time.hours().count()),
          int(time.minutes().count()),
          int(time.seconds().count()),
          time.subseconds().count()};
}

}  // namespace

std::string clock_text(Instant at) {
  const Calendar c = calendar(at);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", c.hour, c.minute, c.second, c.microsecond / 1000);
}

std::string rfc5322_date(Instant at) {
  const Calendar c = calendar(at);
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", weekdays[c.weekday], c.day,
                     months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

std::string imap_internal_date(Instant at) {
  const Calendar c = calendar(at);
  return fmt::format("{:2}-{}-{:04} {:02}:{:02}:{:02} +0000", c.day, months[c.month - 1], c.year, c.hour,
                     c.minute, c.second);
}

std::string duration_text(Duration d) {
  const std::int64_t us = d.count();
  if (us < 0) return "-" + duration_text(-d);
  if (us < 1000) return fmt::format("{} µs", us);
  if (us < 1'000'000) {
    return us % 1000 == 0 || us >= 10'000 ? fmt::format("{} ms", (us + 500) / 1000)
                                          : fmt::format("{:.1f} ms", double(us) / 1000);
  }
  const std::int64_t seconds = us / 1'000'000;
  if (seconds < 60) {
    return us % 1'000'000 == 0 ? fmt::format("{} s", seconds) : fmt::format("{:.1f} s", double(us) / 1e6);
  }
  const std::int64_t minutes = seconds / 60;
  if (minutes < 60) {
    return seconds % 60 == 0 ? fmt::format("{} min", minutes)
                             : fmt::format("{} min {} s", minutes, seconds % 60);
  }
  const std::int64_t hours = minutes / 60;
  return minutes % 60 == 0 ? fmt::format("{} h", hours) : fmt::format("{} h {} min", hours, minutes % 60);
}

}  // namespace glasspost
