// What the window remembers from one time to the next, in $XDG_CONFIG_HOME/glasspost/window (else ~/.config/...): one
// "name = value" a line. What can't be read is left at its default; nothing secret is ever here.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "app/ui/theme.h"
#include "protocol/kinds.h"

namespace glasspost::ui {

struct Settings {
  int width = 1280, height = 800;  // of the window, in the system's units
  bool maximised = false;
  float scale = 1;                 // 1 to 2.5, on top of the screen's own
  Look look = Look::light;         // light or dark; the projector is not remembered
  bool reduced_motion = false;
  Language language = Language::english;
  bool greeted = false;            // the first letter has been played once
  std::map<std::string, float, std::less<>> sizes;  // splitters
};

std::filesystem::path settings_file();  // empty: there is no home to keep it in
Settings parse_settings(std::string_view text);
std::string write_settings(const Settings&);
Settings load_settings(const std::filesystem::path&);
bool save_settings(const Settings&, const std::filesystem::path&);  // false: it could not be written

}  // namespace glasspost::ui
