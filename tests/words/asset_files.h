// The real word files, loaded once for a test.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "app/words/catalogue.h"
#include "app/words/strings.h"
#include "tests/source_dir.h"

namespace glasspost {

inline std::filesystem::path real_assets() { return std::filesystem::path(glasspost::source_dir()) / "assets"; }

// Read once: it is large, and no test changes it.
inline const Catalogue& real_catalogue(Language language) {
  static const auto read = [](Language wanted) {
    auto catalogue = load_catalogue(real_assets(), wanted);
    EXPECT_TRUE(catalogue) << describe(catalogue.error());
    return catalogue ? std::move(*catalogue) : Catalogue();
  };
  static const Catalogue english = read(Language::english), spanish = read(Language::spanish);
  return language == Language::english ? english : spanish;
}

// "{client}" and the like.
inline std::multiset<std::string> placeholders(std::string_view text) {
  std::multiset<std::string> names;
  for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const auto close = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", open + 1);
    if (close != text.npos && text[close] == '}' && close > open + 1)
      names.emplace(text.substr(open, close + 1 - open));
  }
  return names;
}

// As a reader counts them: UTF-8 continuation octets don't count.
inline std::size_t characters(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

}  // namespace glasspost
