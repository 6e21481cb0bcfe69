#include "app/words/catalogue.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <vector>

#include "app/words/yaml.h"

namespace glasspost {
namespace {

namespace fs = std::filesystem;

std::string read_words(const YAML::Node& node, Words& words) {
  if (node.IsScalar()) {
    words.what = node.Scalar();
  } else if (node.IsMap()) {
    for (const auto& entry : node) {
      const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
      std::string* field = name == "what"     ? &words.what
                           : name == "why"    ? &words.why
                           : name == "other"  ? &words.other
                           : name == "source" ? &words.source
                                              : nullptr;
      if (!field) return fmt::format("\"{}\" is none of what, why, other, source", name);
      if (!entry.second.IsScalar()) return fmt::format("\"{}\" must be a text", name);
      *field = entry.second.Scalar();
    }
  } else {
    return "expected a text, or what, why, other and source";
  }
  return words.what.empty() ? "says nothing: \"what\" is missing or empty" : "";
}

}  // namespace

std::string_view code_of(Language language) {
  switch (language) {
    case Language::english: return "en";
    case Language::spanish: return "es";
  }
  return "";
}

AssetResult<Catalogue> load_catalogue(const fs::path& assets, Language language) {
  const fs::path directory = assets / "words" / code_of(language);
  std::error_code failed;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory, failed))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  if (failed) return tl::unexpected(AssetError{directory, 0, 0, failed.message()});
  if (files.empty()) return tl::unexpected(AssetError{directory, 0, 0, "has no .yaml files"});
  std::sort(files.begin(), files.end());

  Catalogue catalogue;
  for (const fs::path& file : files) {
    const auto read = read_mapping(file, [&](const std::string& key, const YAML::Node& value) -> std::string {
      if (catalogue.find(key)) return "another file has this key too";
      Words words;
      if (std::string problem = read_words(value, words); !problem.empty()) return problem;
      catalogue.add(key, std::move(words));
      return {};
    });
    if (!read) return tl::unexpected(read.error());
  }
  return catalogue;
}

}  // namespace glasspost
