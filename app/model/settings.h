// What is remembered from one start to the next: a small JSON file under XDG_CONFIG_HOME. Never anything secret.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "protocol/kinds.h"

namespace glasspost::app {

enum class Look : std::uint8_t { light, dark };

struct Settings {
  Language language = Language::english;
  Look look = Look::light;
  int scale_percent = 100;  // 100 to 250
  bool reduced_motion = false;
  bool greeted = false;     // the bar of three ways was closed, or Play was pressed once
  int width = 1280, height = 800;
  std::map<std::string, float, std::less<>> splitters;  // by name: a share of what is split, 0 to 1
};

std::filesystem::path settings_file();  // $XDG_CONFIG_HOME/glasspost/settings.json, else ~/.config/…
// What the file lacks or has wrong keeps its default: a broken file must not keep anyone from starting. `problem`
// receives a sentence if the file was there and could not be read.
Settings read_settings(const std::filesystem::path&, std::string* problem = nullptr);
// Written beside and renamed over. False: it could not be written.
bool write_settings(const std::filesystem::path&, const Settings&);
// The first start has no file: the language is the environment's.
Language language_of_environment(std::string_view lc_all, std::string_view lc_messages, std::string_view lang);

}  // namespace glasspost::app
