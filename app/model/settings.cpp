#include "app/model/settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace glasspost::app {
namespace {

using nlohmann::json;

template <class T>
void take(const json& object, const char* name, T& into) {
  const auto found = object.find(name);
  if (found == object.end()) return;
  if constexpr (std::is_same_v<T, bool>) {
    if (found->is_boolean()) into = found->get<bool>();
  } else if constexpr (std::is_same_v<T, int>) {
    if (found->is_number_integer()) into = found->get<int>();
  } else if (found->is_string()) {
    into = found->get<std::string>();
  }
}

}  // namespace

std::filesystem::path settings_file() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config && *config)
    return std::filesystem::path(config) / "glasspost" / "settings.json";
  if (const char* home = std::getenv("HOME"); home && *home)
    return std::filesystem::path(home) / ".config" / "glasspost" / "settings.json";
  return {};
}

Settings read_settings(const std::filesystem::path& file, std::string* problem) {
  Settings settings;
  std::ifstream in(file);
  if (!in) {
    const auto environment = [](const char* name) {
      const char* value = std::getenv(name);
      return std::string_view(value ? value : "");
    };
    settings.language =
        language_of_environment(environment("LC_ALL"), environment("LC_MESSAGES"), environment("LANG"));
    return settings;
  }
  const json object = json::parse(in, nullptr, false);
  if (!object.is_object()) {
    if (problem) *problem = file.string() + ": this is not a JSON object; the defaults are used";
    return settings;
  }
  std::string language, look;
  take(object, "language", language);
  take(object, "look", look);
  if (language == "es") settings.language = Language::spanish;
  if (look == "dark") settings.look = Look::dark;
  take(object, "scale_percent", settings.scale_percent);
  take(object, "reduced_motion", settings.reduced_motion);
  take(object, "greeted", settings.greeted);
  take(object, "width", settings.width);
  take(object, "height", settings.height);
  settings.scale_percent = std::clamp(settings.scale_percent, 100, 250);
  settings.width = std::clamp(settings.width, 640, 16384);
  settings.height = std::clamp(settings.height, 400, 16384);
  if (const auto splitters = object.find("splitters"); splitters != object.end() && splitters->is_object())
    for (const auto& [name, share] : splitters->items())
      if (share.is_number()) settings.splitters[name] = std::clamp(share.get<float>(), 0.05F, 0.95F);
  return settings;
}

bool write_settings(const std::filesystem::path& file, const Settings& settings) {
  if (file.empty()) return false;
  std::error_code failed;
  std::filesystem::create_directories(file.parent_path(), failed);
  json object = {{"language", settings.language == Language::spanish ? "es" : "en"},
                 {"look", settings.look == Look::dark ? "dark" : "light"},
                 {"scale_percent", settings.scale_percent},
                 {"reduced_motion", settings.reduced_motion},
                 {"greeted", settings.greeted},
                 {"width", settings.width},
                 {"height", settings.height},
                 {"splitters", json::object()}};
  for (const auto& [name, share] : settings.splitters) object["splitters"][name] = share;
  const std::filesystem::path beside = file.string() + ".new";
  {
    std::ofstream out(beside);
    out << object.dump(2) << '\n';
    if (!out.flush()) return false;
  }
  std::filesystem::rename(beside, file, failed);
  return !failed;
}

Language language_of_environment(std::string_view lc_all, std::string_view lc_messages, std::string_view lang) {
  for (const std::string_view name : {lc_all, lc_messages, lang})
    if (!name.empty()) return name.starts_with("es") ? Language::spanish : Language::english;
  return Language::english;
}

}  // namespace glasspost::app
