// assets/strings: both languages say the same things.
#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "protocol/flaws.h"
#include "protocol/tls/facts.h"
#include "tests/words/asset_files.h"
#include "tests/words/style.h"

namespace glasspost {
namespace {

Strings real_strings() {
  auto strings = Strings::load(real_assets());
  EXPECT_TRUE(strings) << describe(strings.error());
  return std::move(*strings);
}

TEST(TheStrings, HaveTheSameKeysInBothLanguages) {
  const Strings strings = real_strings();
  EXPECT_EQ(strings.keys(Language::english), strings.keys(Language::spanish));
}

TEST(TheStrings, HaveTheSamePlaceholdersInBothLanguages) {
  Strings strings = real_strings();
  for (const std::string& key : strings.keys(Language::english)) {
    strings.speak(Language::english);
    const auto english = placeholders(strings(key));
    strings.speak(Language::spanish);
    EXPECT_EQ(english, placeholders(strings(key))) << key;
  }
}

TEST(TheStrings, ComeInPairsWhereTheyCount) {
  const Strings strings = real_strings();
  for (const std::string& key : strings.keys(Language::english)) {
    if (key.ends_with(".one")) {
      EXPECT_TRUE(strings.has(key.substr(0, key.size() - 3) + "many")) << key;
    }
    if (key.ends_with(".many")) {
      EXPECT_TRUE(strings.has(key.substr(0, key.size() - 4) + "one")) << key;
    }
  }
}

TEST(TheStrings, KeepToTheGlossary) {
  Strings strings = real_strings();
  for (const Language language : {Language::english, Language::spanish}) {
    strings.speak(language);
    for (const std::string& key : strings.keys(language)) {
      const auto problem = style_problem(language, strings(key));
      EXPECT_FALSE(problem) << code_of(language) << ": " << key << ": " << problem.value_or("");
    }
  }
}

TEST(TheStrings, HaveASentenceForEveryVerdictOnACertificate) {
  const Strings strings = real_strings();
  for (int verdict = 0; verdict <= int(Verdict::other); ++verdict) {
    const std::string key = "tls.verdict." + std::string(name_of(static_cast<Verdict>(verdict)));
    EXPECT_TRUE(strings.has(key)) << key;
  }
}

TEST(TheStrings, SayWhatIsWrongWithEachBrokenServer) {
  const Strings strings = real_strings();
  for (const FlawRow& row : flaw_rows()) EXPECT_TRUE(strings.has("broken." + std::string(row.name))) << row.name;
}

// The kernel and the lower rooms speak English: what they say is found by its English text.
TEST(TheStrings, SayReasonsInTheLanguageThatIsSpoken) {
  Strings strings = real_strings();
  EXPECT_EQ(strings.reason("No such file or directory"), "No such file or directory");
  EXPECT_EQ(strings.reason("something new"), "something new");
  strings.speak(Language::spanish);
  EXPECT_EQ(strings.reason("No such file or directory"), "no existe ese archivo o directorio");
  EXPECT_EQ(strings.reason("the command ended with status 3"), "la orden terminó con el código 3");
  EXPECT_EQ(strings.reason("/a: b cannot be made: Permission denied"), "no se puede crear /a: b: no hay permiso");
  EXPECT_EQ(strings.reason("the maildir could not write /m/x: No space left on device"), "el maildir no pudo escribir /m/x: no queda espacio en el disco");
  EXPECT_EQ(strings.reason("something new"), "something new");
  EXPECT_EQ(strings.reason(""), "");
  EXPECT_EQ(strings("cli.cannot_read", {{"file", "x"}, {"reason", "Is a directory"}}), "No se puede leer x: es un directorio");
}

TEST(TheStrings, KnowEachReasonByAnotherEnglishText) {
  Strings strings = real_strings();
  std::map<std::string, std::string> by_text;
  for (const std::string& key : strings.keys(Language::english)) {
    if (!key.starts_with("reason.")) continue;
    const auto [first, added] = by_text.emplace(strings(key), key);
    EXPECT_TRUE(added) << key << " says what " << first->second << " says";
  }
  EXPECT_GT(by_text.size(), 40U);
}

// Keys of one panel stand together, in the same order in both files, so that they can be read side by side.
TEST(TheStrings, StandInTheSameOrder) {
  const auto keys_of = [](const char* name) {
    std::vector<std::string> keys;
    std::ifstream file(real_assets() / "strings" / name);
    for (std::string line; std::getline(file, line);)
      if (!line.empty() && line[0] != '#' && line[0] != ' ') keys.push_back(line.substr(0, line.find(':')));
    return keys;
  };
  EXPECT_EQ(keys_of("en.yaml"), keys_of("es.yaml"));
}

}  // namespace
}  // namespace glasspost
