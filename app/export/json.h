// A story as JSON for programs. README.md in this folder has its shape. The same in every language: keys, not sentences.
#pragma once

#include <string>

#include "app/export/story.h"

namespace glasspost {

std::string json_of(const Story&);

}  // namespace glasspost
