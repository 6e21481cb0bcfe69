#include "app/words/assets.h"

#include <fmt/format.h>

#include <cstdlib>

namespace glasspost {
namespace {

namespace fs = std::filesystem;

bool holds_assets(const fs::path& directory) {
  std::error_code ignored;
  return !directory.empty() && fs::is_directory(directory / "words", ignored) &&
         fs::is_directory(directory / "strings", ignored);
}

}  // namespace

std::string describe(const AssetError& error) {
  if (error.line == 0) return fmt::format("{}: {}", error.file.string(), error.problem);
  return fmt::format("{}:{}:{}: {}", error.file.string(), error.line, error.column, error.problem);
}

AssetPlaces asset_places() {
  AssetPlaces places;
  if (const char* named = std::getenv("GLASSPOST_ASSETS")) places.named = named;
  std::error_code unknown;  // without /proc the other two places remain
  places.program = fs::read_symlink("/proc/self/exe", unknown);
  places.source_tree = GLASSPOST_SOURCE_ASSETS;
  return places;
}

AssetResult<fs::path> find_assets(const AssetPlaces& places) {
  if (!places.named.empty()) {
    if (holds_assets(places.named)) return places.named;
    return tl::unexpected(
        AssetError{places.named, 0, 0,
                   "GLASSPOST_ASSETS names this place, but it has no words/ and strings/ in it. "
                   "Name the directory that has, or unset the variable."});
  }
  fs::path installed;
  if (!places.program.empty()) installed = places.program.parent_path().parent_path() / "share" / "glasspost";
  if (holds_assets(installed)) return installed;
  if (holds_assets(places.source_tree)) return places.source_tree;
  return tl::unexpected(AssetError{
      installed.empty() ? places.source_tree : installed, 0, 0,
      fmt::format(
          "the program's words are not here, nor in {}. Install the program as a whole, or say where they "
          "are: GLASSPOST_ASSETS=DIRECTORY.",
          places.source_tree.empty() ? "a source tree" : places.source_tree.string())});
}

}  // namespace glasspost
