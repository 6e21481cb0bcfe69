// Lines that let a real program in, as they stand: with the ports that are open now, and no password in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/model/model.h"

namespace glasspost::ui {

struct ClientLine {
  std::string_view name;      // stable: "curl.send"
  std::string_view program;   // "curl"
  std::string_view what;      // a key of assets/strings
  std::string line;           // for a POSIX shell
};
std::vector<ClientLine> client_lines(const app::Doors&, const sim::Scenario&);
// The address that somebody of the story has behind these doors.
std::string address_inside(const app::Doors&, std::string_view address);

// As a POSIX shell takes it for one word.
std::string shell_word(std::string_view);

}  // namespace glasspost::ui
