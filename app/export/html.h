// A story as one page that needs nothing from elsewhere and no scripts: the ladder, each row of which opens.
#pragma once

#include <string>

#include "app/export/story.h"

namespace glasspost {

std::string html_of(const Story&, const Speech&);

}  // namespace glasspost
