// The one shape that our word files have: a mapping of keys to texts, or to mappings of texts.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "app/words/assets.h"

namespace YAML {
class Node;
}

namespace glasspost {

// What `take` does not like about an entry; empty: nothing.
using TakeEntry = std::function<std::string(const std::string& key, const YAML::Node& value)>;

// Calls `take` for each entry, in the file's order. A key that comes twice is an error.
AssetResult<void> read_mapping(const std::filesystem::path& file, const TakeEntry& take);

}  // namespace glasspost
