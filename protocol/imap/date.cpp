#include "protocol/imap/date.h"

#include <fmt/format.h>

#include <array>

#include "protocol/base/text.h"

namespace glasspost::imap {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<unsigned> digits(std::string_view text) {
  const auto value = to_u32(text);
  return value ? std::optional<unsigned>(*value) : std::nullopt;
}

// "02", "-", "Feb", "-", "1994"
std::optional<Day> day_of(std::string_view day_text, std::string_view month_text, std::string_view year_text) {
  const auto day = digits(day_text);
  const auto year = digits(year_text);
  if (!day || !year || year_text.size() != 4) return std::nullopt;
  for (unsigned m = 0; m < months.size(); ++m) {
    if (!equal_ignoring_case(month_text, months[m])) continue;
    const year_month_day date{std::chrono::year{int(*year)}, month{m + 1}, std::chrono::day{*day}};
    if (!date.ok()) return std::nullopt;
    return sys_days{date};
  }
  return std::nullopt;
}

}  // namespace

// date-text = date-day "-" date-month "-" date-year;  date-day = 1*2DIGIT
std::optional<Day> parse_day(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == text.npos || dash < 1 || dash > 2 || text.size() != dash + 9 || text[dash + 4] != '-') return std::nullopt;
  return day_of(text.substr(0, dash), text.substr(dash + 1, 3), text.substr(dash + 5));
}

std::string day_text(Day day) {
  const year_month_day date{day};
  return fmt::format("{}-{}-{:04}", unsigned(date.day()), months[unsigned(date.month()) - 1], int(date.year()));
}

// date-day-fixed "-" date-month "-" date-year SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP ("+" / "-") 4DIGIT
std::optional<DateTime> parse_date_time(std::string_view text) {
  if (text.size() != 26 || text[2] != '-' || text[6] != '-' || text[11] != ' ' || text[14] != ':' || text[17] != ':' ||
      text[20] != ' ' || (text[21] != '+' && text[21] != '-'))
    return std::nullopt;
  const auto day = day_of(text[0] == ' ' ? text.substr(1, 1) : text.substr(0, 2), text.substr(3, 3), text.substr(7, 4));
  const auto hour = digits(text.substr(12, 2)), minute = digits(text.substr(15, 2)), second = digits(text.substr(18, 2));
  const auto zone_hour = digits(text.substr(22, 2)), zone_minute = digits(text.substr(24, 2));
  if (!day || !hour || !minute || !second || !zone_hour || !zone_minute) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60 || *zone_hour > 23 || *zone_minute > 59) return std::nullopt;
  const int zone = (text[21] == '-' ? -1 : 1) * int(*zone_hour * 60 + *zone_minute);
  const Instant local = *day + hours{*hour} + minutes{*minute} + seconds{*second};
  return DateTime{local - minutes{zone}, zone};
}

std::string date_time_text(const DateTime& value) {
  const Instant local = value.at + minutes{value.zone_minutes};
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(local - day)};
  const int zone = value.zone_minutes < 0 ? -value.zone_minutes : value.zone_minutes;
  return fmt::format("{:2}-{}-{:04} {:02}:{:02}:{:02} {}{:02}{:02}", unsigned(date.day()),
                     months[unsigned(date.month()) - 1], int(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count(), value.zone_minutes < 0 ? '-' : '+', zone / 60, zone % 60);
}

}  // namespace glasspost::imap
