// The program without a subcommand: the window, from its settings to its last frame.
#pragma once

#include <string>

#include "app/model/model.h"

namespace glasspost::ui {

// `open`: a scenario's name, a .yaml or an .eml file; empty: the first letter. `outside`: real sockets and doors, or null.
// Returns the exit status: 0, or 1 after a sentence on standard error. `language`: "en", "es", or empty: as remembered.
int run_window(const std::string& open = {}, app::Outside* outside = nullptr, const std::string& language = {});

}  // namespace glasspost::ui
