// Help in the chosen language: usage, what it does, commands, options, examples.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace glasspost::cli {

struct Context;

std::string full_name(const CLI::App& command);  // "glasspost lesson show"
std::string help_of(const CLI::App& command, const Context&);

}  // namespace glasspost::cli
