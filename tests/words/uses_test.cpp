// The keys that the program's sources ask for are there. A call is seen by its name: strings("…"),
// strings_("…", {…}), strings().count("…", n), model.say("…").
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/source_dir.h"
#include "tests/words/asset_files.h"

namespace glasspost {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

struct Use {
  std::string key;
  bool counts;
  friend bool operator==(const Use&, const Use&) = default;
};
void PrintTo(const Use& use, std::ostream* out) { *out << use.key << (use.counts ? " (counts)" : ""); }

std::vector<Use> uses_in(const std::string& source) {
  static const std::regex call(R"re((?:\bstrings_?(?:\(\))?(\.count)?|\bsay)\(([^(){};]*))re");
  static const std::regex key(R"re("([a-z0-9_]+(?:\.[a-z0-9_]+)+)")re");
  std::vector<Use> uses;
  for (std::sregex_iterator at(source.begin(), source.end(), call), end; at != end; ++at) {
    const std::string arguments = (*at)[2];
    for (std::sregex_iterator named(arguments.begin(), arguments.end(), key); named != end; ++named)
      uses.push_back({(*named)[1], (*at)[1].matched});
  }
  return uses;
}

TEST(Uses, AreSeenInSources) {
  EXPECT_THAT(uses_in(R"(draw(strings("map.title")); strings_(on ? "a.b" : "c.d", {{"n", "1"}});
                         ui.button("console.send", strings().count("ladder.so_far", n)); model.say("notice.copied");)"),
              ElementsAre(Use{"map.title", false}, Use{"a.b", false}, Use{"c.d", false},
                          Use{"ladder.so_far", true}, Use{"notice.copied", false}));
}

TEST(Uses, OfStringsAreAllThere) {
  const auto strings = Strings::load(real_assets());
  ASSERT_TRUE(strings) << describe(strings.error());
  const fs::path app = fs::path(glasspost::source_dir()) / "app";
  for (const auto& entry : fs::recursive_directory_iterator(app)) {
    const auto kind = entry.path().extension();
    if ((kind != ".cpp" && kind != ".h") || entry.path().parent_path() == app / "words") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    for (const Use& use : uses_in(text.str())) {
      if (use.counts) {
        EXPECT_TRUE(strings->has(use.key + ".one") && strings->has(use.key + ".many"))
            << use.key << " in " << entry.path();
      } else {
        EXPECT_TRUE(strings->has(use.key)) << use.key << " in " << entry.path();
      }
    }
  }
}

}  // namespace
}  // namespace glasspost
