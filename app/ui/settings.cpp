#include "app/ui/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace glasspost::ui {
namespace {

constexpr std::size_t most_sizes = 200;

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

void read(std::string_view text, float least, float most, float& into) {
  float value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && end == text.data() + text.size() && value >= least && value <= most) into = value;
}

void read(std::string_view text, int least, int most, int& into) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && end == text.data() + text.size() && value >= least && value <= most) into = value;
}

void take(Settings& s, std::string_view name, std::string_view value) {
  if (name == "width") read(value, 320, 32768, s.width);
  else if (name == "height") read(value, 240, 32768, s.height);
  else if (name == "maximised") s.maximised = value == "yes";
  else if (name == "scale") read(value, metric::minimum_scale, metric::maximum_scale, s.scale);
  else if (name == "theme") s.look = value == "dark" ? Look::dark : Look::light;
  else if (name == "reduced_motion") s.reduced_motion = value == "yes";
  else if (name == "language") s.language = value == "es" ? Language::spanish : Language::english;
  else if (name == "greeted") s.greeted = value == "yes";
  else if (name.starts_with("size ") && s.sizes.size() < most_sizes) {
    float size = -1;
    read(value, 0.f, 32768.f, size);
    if (size >= 0) s.sizes.insert_or_assign(std::string(trimmed(name.substr(5))), size);
  }
}

}  // namespace

std::filesystem::path settings_file() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config && *config == '/') return std::filesystem::path(config) / "glasspost" / "window";
  const char* home = std::getenv("HOME");
  if (!home || *home != '/') return {};
  return std::filesystem::path(home) / ".config" / "glasspost" / "window";
}

Settings parse_settings(std::string_view text) {
  Settings s;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = line.rfind('=');
    if (line.empty() || line.front() == '#' || equals == std::string_view::npos) continue;
    take(s, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
  }
  return s;
}

std::string write_settings(const Settings& s) {
  std::string out = fmt::format(
      "width = {}\nheight = {}\nmaximised = {}\nscale = {}\ntheme = {}\nreduced_motion = {}\nlanguage = {}\ngreeted = {}\n", s.width,
      s.height, s.maximised ? "yes" : "no", s.scale, s.look == Look::dark ? "dark" : "light", s.reduced_motion ? "yes" : "no",
      s.language == Language::spanish ? "es" : "en", s.greeted ? "yes" : "no");
  for (const auto& [name, size] : s.sizes) out += fmt::format("size {} = {}\n", name, size);
  return out;
}

Settings load_settings(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text;
  constexpr std::size_t most = 1 << 16;
  text.resize(most);
  in.read(text.data(), std::streamsize(most));
  text.resize(std::size_t(std::max<std::streamsize>(0, in.gcount())));
  return parse_settings(text);
}

bool save_settings(const Settings& settings, const std::filesystem::path& file) {
  if (file.empty()) return false;
  std::error_code problem;
  std::filesystem::create_directories(file.parent_path(), problem);
  const std::filesystem::path fresh = file.string() + ".new";  // whole or not at all
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << write_settings(settings);
  out.close();
  if (!out) return false;
  std::filesystem::rename(fresh, file, problem);
  return !problem;
}

}  // namespace glasspost::ui
