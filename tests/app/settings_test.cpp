#include "app/model/settings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace glasspost::app {
namespace {

class SettingsFile : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("glasspost-settings-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path file() const { return directory_ / "deeper" / "settings.json"; }
  void put(std::string_view text) {
    std::filesystem::create_directories(file().parent_path());
    std::ofstream(file()) << text;
  }

 private:
  std::filesystem::path directory_;
};

TEST_F(SettingsFile, WhatIsWrittenIsReadBack) {
  Settings settings;
  settings.language = Language::spanish;
  settings.look = Look::dark;
  settings.scale_percent = 150;
  settings.splitters["world.left"] = 0.25F;
  ASSERT_TRUE(write_settings(file(), settings));
  const Settings read = read_settings(file());
  EXPECT_EQ(read.language, Language::spanish);
  EXPECT_EQ(read.look, Look::dark);
  EXPECT_EQ(read.scale_percent, 150);
  EXPECT_FLOAT_EQ(read.splitters.at("world.left"), 0.25F);
}

TEST_F(SettingsFile, ABrokenFileIsSaidAndKeepsNobodyFromStarting) {
  put("{ \"scale_percent\": ");
  std::string problem;
  EXPECT_EQ(read_settings(file(), &problem).scale_percent, 100);
  EXPECT_NE(problem.find("not a JSON object"), std::string::npos);
}

TEST_F(SettingsFile, ValuesOutOfRangeOrOfAnotherTypeDoNoHarm) {
  put(R"({"scale_percent": 9000, "width": -4, "language": 7, "greeted": "yes", "splitters": {"a": 3, "b": "x"}})");
  const Settings read = read_settings(file());
  EXPECT_EQ(read.scale_percent, 250);
  EXPECT_EQ(read.width, 640);
  EXPECT_EQ(read.language, Language::english);
  EXPECT_FALSE(read.greeted);
  EXPECT_FLOAT_EQ(read.splitters.at("a"), 0.95F);
  EXPECT_EQ(read.splitters.count("b"), 0U);
}

TEST(Settings, TheFirstStartSpeaksTheLanguageOfTheEnvironment) {
  EXPECT_EQ(language_of_environment("", "", "es_ES.UTF-8"), Language::spanish);
  EXPECT_EQ(language_of_environment("C", "es_ES", "es_ES"), Language::english);
  EXPECT_EQ(language_of_environment("", "", ""), Language::english);
}

}  // namespace
}  // namespace glasspost::app
