// The scrubber: time as a staff, one lane for each protocol, chapters above, gold where it is encrypted.
#pragma once

#include <string>
#include <vector>

#include "app/ui/views/views.h"

namespace glasspost::ui {

// A part of the story with its title: a chapter of the scenario, or a step of the lesson that is open.
struct ChapterTitle {
  Instant at{};
  std::string title, shorter;  // "4 Say EHLO again", "4"; shorter may be empty
};
std::vector<ChapterTitle> chapter_titles(const Model&);  // in the order of time

void staff(Ui&, Rect, const Model&, Actions&);

}  // namespace glasspost::ui
