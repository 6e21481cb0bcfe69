// Reading YAML that people write: each rule names the node that broke it and what would be right. What is wrong is thrown
// as Wrong, by the readers of scenarios and lessons only, and caught where they begin.
#pragma once

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "protocol/base/text.h"
#include "sim/scenario.h"

namespace glasspost::sim::yaml {

struct Wrong {
  YAML::Mark mark;
  std::string problem;
};
[[noreturn]] inline void wrong(const YAML::Node& node, std::string problem) { throw Wrong{node.Mark(), std::move(problem)}; }

template <class T>
struct Choice {
  std::string_view word;
  T value;
};

inline std::string text(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar()) wrong(node, fmt::format("{} is a text", what));
  return node.Scalar();
}

// Among pairs of a word and its value.
template <class Choices>
auto choose_among(const YAML::Node& node, std::string_view what, const Choices& choices) {
  const std::string word = text(node, what);
  std::string list;
  for (const auto& [known, value] : choices) {
    if (known == word) return value;
    list += (list.empty() ? "" : ", ") + std::string(known);
  }
  wrong(node, fmt::format("\"{}\" is not known as {}: it is one of {}", word, what, list));
}
template <class T>
T choose(const YAML::Node& node, std::string_view what, std::initializer_list<Choice<T>> choices) {
  return choose_among(node, what, choices);
}

// Every key must be known, so that a misspelt one is not passed over in silence.
inline void only(const YAML::Node& map, std::string_view what, std::initializer_list<std::string_view> keys) {
  if (!map.IsMap()) wrong(map, fmt::format("{} is written as keys and values", what));
  std::set<std::string> said;
  for (const auto& entry : map) {
    const std::string key = text(entry.first, "a key");
    if (!said.insert(key).second) wrong(entry.first, fmt::format("{} says \"{}\" twice", what, key));
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    std::string list;
    for (const std::string_view known : keys) list += (list.empty() ? "" : ", ") + std::string(known);
    wrong(entry.first, fmt::format("{} has no \"{}\": its keys are {}", what, key, list));
  }
}

inline YAML::Node need(const YAML::Node& map, const char* key, std::string_view what) {
  const YAML::Node node = map[key];
  if (!node) wrong(map, fmt::format("{} needs \"{}\"", what, key));
  return node;
}

inline std::uint32_t number(const YAML::Node& node, std::string_view what, std::uint32_t least, std::uint32_t most) {
  const auto value = to_u32(text(node, what));
  if (!value || *value < least || *value > most) wrong(node, fmt::format("{} is a number from {} to {}", what, least, most));
  return *value;
}

inline bool yes(const YAML::Node& node, std::string_view what) {
  return choose<bool>(node, what, {{"yes", true}, {"no", false}, {"true", true}, {"false", false}});
}

inline double fraction(const YAML::Node& node, std::string_view what) {
  double value = -1;
  if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !(value >= 0 && value <= 1))
    wrong(node, fmt::format("{} is a number from 0 to 1", what));
  return value;
}

// "24 ms", "1.5 s", "30 min", "5 d"
inline Duration duration(const YAML::Node& node, std::string_view what) {
  const std::string written = text(node, what);
  std::istringstream in(written);
  double amount = -1;
  std::string unit, rest;
  in >> amount >> unit;
  const Choice<double> units[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"min", 60e6}, {"h", 3600e6}, {"d", 86400e6}};
  for (const Choice<double>& known : units)
    if (known.word == unit && amount >= 0 && amount <= 1e6 && !(in >> rest))
      return Duration{static_cast<std::int64_t>(amount * known.value + 0.5)};
  wrong(node, fmt::format("{} is a number and a unit (us, ms, s, min, h, d), like \"24 ms\"", what));
}

inline BothLanguages both(const YAML::Node& node, std::string_view what) {
  if (node.IsScalar()) return {node.Scalar(), node.Scalar()};
  only(node, what, {"en", "es"});
  return {text(need(node, "en", what), what), text(need(node, "es", what), what)};
}

// "2026-11-02 09:00:00", UTC
inline Instant instant(const YAML::Node& node) {
  const std::string written = text(node, "the start");
  int year = 0, hour = 0, minute = 0, second = 0;
  unsigned month = 0, day = 0;
  char after = 0;
  const int read = std::sscanf(written.c_str(), "%4d-%2u-%2u %2d:%2d:%2d%c", &year, &month, &day, &hour, &minute,
                               &second, &after);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (read != 6 || !date.ok() || year < 1970 || year > 2200 || hour > 23 || minute > 59 || second > 59)
    wrong(node, "the start is a date and a time in UTC, like \"2026-11-02 09:00:00\"");
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

inline TlsMode tls_mode(const YAML::Node& node) {
  return choose<TlsMode>(node, "a TLS mode",
                         {{"none", TlsMode::plaintext}, {"starttls", TlsMode::starttls}, {"implicit", TlsMode::implicit}});
}

// A sequence, by value: a node that was just looked up in a map is a temporary.
inline YAML::Node list(const YAML::Node& node, std::string_view what) {
  if (!node.IsSequence()) wrong(node, fmt::format("{} are a list", what));
  return node;
}

// Parts of a scenario, for whoever writes them elsewhere. What is wrong is thrown.
Scenario read_scenario(const YAML::Node&, std::string name);
StoryAct read_act(const YAML::Node&, const Scenario&);  // done at once: without its "at"
LinkFault read_fault(const YAML::Node&);

}  // namespace glasspost::sim::yaml
