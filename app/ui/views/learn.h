// The Learn workspace: the list of lessons, or an open lesson beside its stage. Its parts, a file each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/learn/markdown.h"
#include "app/model/learning.h"
#include "app/ui/views/views.h"

namespace glasspost::ui {

void learn_workspace(Ui&, Rect, const Model&, Actions&);

void lesson_list_view(Ui&, Rect, const Model&, Actions&);                      // learn_list.cpp
// The lesson's panel; answers where the step to do stands, for the spotlight's curve.
std::optional<Point> lesson_view(Ui&, Rect, const Model&, Actions&);            // learn_lesson.cpp

// Markdown as prose() takes it, a paragraph each.
std::string prose_markup(const std::vector<learn::Run>&);
float markdown(Ui&, Rect top, const std::vector<learn::Block>&, Font, std::optional<Colour> = {});
float measure_markdown(Ui&, float width, const std::vector<learn::Block>&, Font);

}  // namespace glasspost::ui
