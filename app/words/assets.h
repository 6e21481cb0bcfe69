// Where the files that the program reads (words, strings, scenarios, icon) are.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>

namespace glasspost {

// What is wrong with one of our own files, or where none was found. These sentences are in English: they are
// for whoever installs or edits the files, and may appear before any language could be loaded.
struct AssetError {
  std::filesystem::path file;
  int line = 0, column = 0;  // from 1; 0: the file as a whole
  std::string problem;       // what is wrong and what to do
};
std::string describe(const AssetError&);  // "assets/words/en/smtp.yaml:12:3: …"

template <class T>
using AssetResult = tl::expected<T, AssetError>;

// Where to look. An empty path is not looked at.
struct AssetPlaces {
  std::filesystem::path named;        // $GLASSPOST_ASSETS: if set, it alone counts
  std::filesystem::path program;      // the running program: PREFIX/bin/glasspost has PREFIX/share/glasspost
  std::filesystem::path source_tree;  // the assets/ that this program was built from
};
AssetPlaces asset_places();  // of this process

// The directory that holds words/, strings/ and the others.
AssetResult<std::filesystem::path> find_assets(const AssetPlaces&);

}  // namespace glasspost
