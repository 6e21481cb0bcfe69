// The words that the commands of `glasspost lesson` share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/cli/context.h"
#include "app/learn/shelf.h"

namespace glasspost::cli {

learn::ShelfPlaces shelf_places(const Context&);
// Nothing: it was said why on standard error.
std::optional<lessons::Lesson> open_lesson(Context&, const std::string& what);

// Each registers one action under `lesson`.
void add_lesson_reading(CLI::App& lesson, Context&);   // list, show, handout
void add_lesson_proving(CLI::App& lesson, Context&);   // run, check
void add_lesson_teaching(CLI::App& lesson, Context&);  // new, results

}  // namespace glasspost::cli
