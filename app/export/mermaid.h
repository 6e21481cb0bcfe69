// A story as a Mermaid sequence diagram.
#pragma once

#include <string>

#include "app/export/story.h"

namespace glasspost {

std::string mermaid_of(const Story&, const Speech&);

}  // namespace glasspost
