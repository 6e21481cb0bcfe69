// What a person has chosen, and keeps from one start to the next (app/ui/settings.h reads and writes it).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "protocol/kinds.h"

namespace glasspost::app {

enum class Look : std::uint8_t { light, dark };

struct Settings {
  Language language = Language::english;
  Look look = Look::light;
  int scale_percent = 100;  // 100 to 250
  bool reduced_motion = false;
  bool greeted = false;     // the bar of three ways was closed, or Play was pressed once
};

}  // namespace glasspost::app
