// A lesson on paper: one page for a browser, to print; room to write predictions, and goals to tick.
#pragma once

#include <string>

#include "app/words/strings.h"
#include "lessons/lesson.h"

namespace glasspost::learn {

// In the language of the strings; `with_answers`: hints and the first solution at the end, for the teacher.
std::string handout_of(const lessons::Lesson&, const Strings&, bool with_answers);

}  // namespace glasspost::learn
