#include "app/words/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <set>

namespace glasspost {
namespace {

AssetError error_at(const std::filesystem::path& file, const YAML::Mark& mark, std::string problem) {
  if (mark.is_null()) return {file, 0, 0, std::move(problem)};
  return {file, mark.line + 1, mark.column + 1, std::move(problem)};
}

}  // namespace

AssetResult<void> read_mapping(const std::filesystem::path& file, const TakeEntry& take) {
  try {
    const YAML::Node root = YAML::LoadFile(file.string());
    if (!root.IsMap())
      return tl::unexpected(error_at(file, root.Mark(), "expected a mapping of keys to words: \"key: …\""));
    std::set<std::string> seen;
    for (const auto& entry : root) {
      if (!entry.first.IsScalar())
        return tl::unexpected(error_at(file, entry.first.Mark(), "a key must be a word"));
      const std::string& key = entry.first.Scalar();
      if (!seen.insert(key).second)
        return tl::unexpected(error_at(file, entry.first.Mark(), fmt::format("\"{}\" is here twice", key)));
      if (std::string problem = take(key, entry.second); !problem.empty())
        return tl::unexpected(error_at(file, entry.first.Mark(), fmt::format("\"{}\": {}", key, problem)));
    }
  } catch (const YAML::BadFile&) {
    return tl::unexpected(AssetError{file, 0, 0, "can't be read; is the installation whole?"});
  } catch (const YAML::Exception& wrong) {
    return tl::unexpected(error_at(file, wrong.mark, wrong.msg));
  }
  return {};
}

}  // namespace glasspost
