// What a learner does in a lesson, as a solution or a wrong route writes it down: the deeds of sim/world.h, by name
// instead of by number, so that they can be read and written by people. assets/lessons/README.md has the words.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/world.h"

namespace glasspost::lessons {

struct Connect { std::string from, to; std::uint16_t port = 0; };  // a console; what is typed goes to the newest one
struct Type { std::string line; };                                 // sent exactly as it is, and CRLF
struct HangUp {};
struct Let { sim::StoryAct act; };                                 // a device, at once
struct Fault { std::string a, b; std::vector<sim::LinkFault> faults; };
struct Stop { std::string host; bool stopped = true; };
struct Retry { std::string host; };                                // every letter that waits in its queue
struct Wait { Duration time{}; };
struct Predict { std::string prediction; std::vector<std::string> choices; };
using Act = std::variant<Connect, Type, HangUp, Let, Fault, Stop, Retry, Wait, Predict>;

}  // namespace glasspost::lessons
