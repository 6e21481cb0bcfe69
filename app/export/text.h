// A story as text that is read from top to bottom, in at most about 80 columns.
#pragma once

#include <string>

#include "app/export/story.h"

namespace glasspost {

std::string text_of(const Story&, const Speech&, bool colour);

}  // namespace glasspost
