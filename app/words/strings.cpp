#include "app/words/strings.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "app/words/catalogue.h"
#include "app/words/yaml.h"

namespace glasspost {
namespace {

// What stands where `pattern` has its "{names}"; nothing: the text is another.
std::optional<std::vector<std::pair<std::string, std::string>>> taken_apart(std::string_view text, std::string_view pattern) {
  std::vector<std::pair<std::string, std::string>> found;
  while (true) {
    const std::size_t brace = pattern.find('{');
    if (!text.starts_with(pattern.substr(0, brace))) return std::nullopt;
    if (brace == pattern.npos) return text.size() == pattern.size() ? std::optional(std::move(found)) : std::nullopt;
    text.remove_prefix(brace);
    const std::size_t end = pattern.find('}', brace);
    const std::string_view name = pattern.substr(brace + 1, end - brace - 1);
    pattern.remove_prefix(end + 1);
    const std::string_view next = pattern.substr(0, pattern.find('{'));
    const std::size_t stop = next.empty() ? text.size() : text.find(next);
    if (stop == text.npos) return std::nullopt;
    found.emplace_back(name, text.substr(0, stop));
    text.remove_prefix(stop);
  }
}

}  // namespace

AssetResult<Strings> Strings::load(const std::filesystem::path& assets) {
  Strings strings;
  for (const Language language : {Language::english, Language::spanish}) {
    Texts& texts = strings.texts_[std::size_t(language)];
    const auto file = assets / "strings" / fmt::format("{}.yaml", code_of(language));
    const auto read = read_mapping(file, [&](const std::string& key, const YAML::Node& value) -> std::string {
      if (!value.IsScalar() || value.Scalar().empty()) return "expected a text";
      texts.emplace(key, value.Scalar());
      return {};
    });
    if (!read) return tl::unexpected(read.error());
  }
  return strings;
}

std::string_view Strings::operator()(std::string_view key) const {
  const auto found = texts().find(key);
  if (found != texts().end()) return found->second;
  if (missing_.find(key) == missing_.end()) missing_.emplace(key);
  return key;
}

std::string Strings::operator()(std::string_view key, std::initializer_list<Filling> fillings) const {
  std::string pattern((*this)(key));
  for (const Filling& filling : fillings)
    if (filling.name == "reason") pattern = fill(pattern, {{"reason", reason(filling.value)}});
  return fill(pattern, fillings);
}

std::string Strings::reason(std::string_view english) const {
  if (language_ == Language::english) return std::string(english);
  const Texts& known = texts_[std::size_t(Language::english)];
  constexpr std::string_view family = "reason.";
  for (auto at = known.lower_bound(family); at != known.end() && at->first.starts_with(family); ++at) {
    const auto found = taken_apart(english, at->second);
    if (!found) continue;
    std::string out((*this)(at->first));
    for (const auto& [name, value] : *found) out = fill(out, {{name, reason(value)}});
    return out;
  }
  return std::string(english);
}

std::string Strings::count(std::string_view key, std::uint64_t n,
                           std::initializer_list<Filling> fillings) const {
  const std::string counted = std::string(key) + (n == 1 ? ".one" : ".many");
  return fill(fill((*this)(counted), {{"n", number(n)}}), fillings);
}

std::string Strings::number(std::uint64_t n) const {
  std::string digits = std::to_string(n);
  if (digits.size() < 5) return digits;
  const std::string_view separator = language_ == Language::english ? "," : "\u00a0";
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, separator);
  return digits;
}

std::string Strings::duration(Duration time) const {
  std::string text = duration_text(time);
  if (language_ == Language::spanish) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

bool Strings::has(std::string_view key) const { return texts().find(key) != texts().end(); }

std::set<std::string> Strings::keys(Language language) const {
  std::set<std::string> keys;
  for (const auto& [key, text] : texts_[std::size_t(language)]) keys.insert(key);
  return keys;
}

}  // namespace glasspost
