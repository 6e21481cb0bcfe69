// Dates: RFC 5322 sections 3.3 and 4.3, and what else is found in Date fields.
#include <array>

#include "protocol/base/text.h"
#include "protocol/mime/header.h"

namespace glasspost::mime {
namespace {

struct Found {
  std::optional<int> day, month, year, hour, minute, second, zone;
  bool zone_known = true;
};

std::optional<int> month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (starts_with_ignoring_case(word, names[i])) return int(i) + 1;
  return std::nullopt;
}

// Minutes east of UTC. RFC 5322 section 4.3: military letters were used both ways, so they tell nothing; nor does any
// name that is not listed.
void zone_of(std::string_view word, Found& found) {
  struct Named {
    std::string_view name;
    int minutes;
  };
  constexpr Named zones[] = {{"UT", 0},     {"UTC", 0},    {"GMT", 0},    {"Z", 0},      {"EST", -300}, {"EDT", -240},
                             {"CST", -360}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}};
  for (const Named& zone : zones) {
    if (!equal_ignoring_case(word, zone.name)) continue;
    found.zone = zone.minutes;
    return;
  }
  found.zone = 0;
  found.zone_known = false;
}

// Two- and three-digit years: RFC 5322 section 4.3.
int full_year(std::string_view digits, int year) {
  if (digits.size() == 2) return year < 50 ? year + 2000 : year + 1900;
  return digits.size() == 3 ? year + 1900 : year;
}

constexpr bool separates(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == '-'; }

// hour ":" minute [":" second], whatever fraction follows
bool take_time(std::string_view word, Found& found) {
  const auto parts = split(word.substr(0, word.find('.')), ':');
  if (parts.size() < 2 || parts.size() > 3) return false;
  std::array<int, 3> values{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = parts[i].size() <= 2 ? to_u32(parts[i]) : std::nullopt;
    if (!value) return false;
    values[i] = int(*value);
  }
  found.hour = values[0], found.minute = values[1], found.second = values[2];
  return true;
}

void take_number(std::string_view digits, Found& found) {
  const auto number = digits.size() <= 4 ? to_u32(digits) : std::nullopt;
  if (!number) return;
  if (!found.day && digits.size() <= 2) found.day = int(*number);
  else if (!found.year && digits.size() >= 2) found.year = full_year(digits, int(*number));
}

void take_word(std::string_view word, char sign, Found& found) {
  if (word.find(':') != word.npos) {
    take_time(word, found);
  } else if (is_digit(word.front())) {
    if (sign != '\0' && found.hour && word.size() == 4) {
      if (const auto number = to_u32(word)) {
        const int minutes = int(*number / 100 * 60 + *number % 100);
        found.zone = sign == '-' ? -minutes : minutes;
        found.zone_known = sign == '+' || minutes != 0;
      }
    } else {
      take_number(word, found);
    }
  } else if (!found.month && month_of(word)) {
    found.month = month_of(word);
  } else if (found.hour && !found.zone && is_alpha(word.front())) {
    zone_of(word, found);
  }
}

// Comments go, and so does white space beside a colon: "09(comment):   55  :  06" (RFC 5322 appendix A.6.3).
std::string cleaned(std::string_view value) {
  std::string out;
  int depth = 0;
  for (const char c : value) {
    if (c == '(') ++depth;
    const bool skipped = depth > 0;
    if (c == ')' && depth > 0) --depth;
    const bool blank = skipped || separates(c);
    if (blank && c != '-') {
      if (!out.empty() && out.back() != ' ' && out.back() != ':') out += ' ';
      continue;
    }
    if (c == ':' && !out.empty() && out.back() == ' ') out.pop_back();
    out += c;
  }
  return out;
}

}  // namespace

std::optional<DateTime> parse_date(std::string_view value) {
  if (value.size() > 1000) return std::nullopt;
  const std::string text = cleaned(value);
  Found found;
  for (std::size_t i = 0; i < text.size();) {
    if (separates(text[i]) || text[i] == '+') {
      ++i;
      continue;
    }
    const char before = i > 0 ? text[i - 1] : '\0';
    const std::size_t begin = i;
    while (i < text.size() && !separates(text[i]) && text[i] != '+') ++i;
    take_word(std::string_view(text).substr(begin, i - begin), before == '+' || before == '-' ? before : '\0', found);
  }
  if (!found.day || !found.month || !found.year || !found.hour) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*found.year}, std::chrono::month{unsigned(*found.month)},
                                         std::chrono::day{unsigned(*found.day)}};
  // A leap second is the next minute's first.
  if (!date.ok() || *found.hour > 23 || *found.minute > 59 || *found.second > 60) return std::nullopt;
  const int zone = found.zone.value_or(0);
  const Instant local = std::chrono::sys_days{date} + std::chrono::hours{*found.hour} +
                        std::chrono::minutes{*found.minute} + std::chrono::seconds{*found.second};
  return DateTime{local - std::chrono::minutes{zone}, zone, found.zone.has_value() && found.zone_known};
}

}  // namespace glasspost::mime
