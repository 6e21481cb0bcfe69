// The ladder as a picture, drawn by the window's own canvas.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "app/export/story.h"

namespace glasspost {

// PNG. The error is a sentence: which fonts are missing, or that the story is too long for a picture.
tl::expected<std::string, std::string> png_of(const Story&, const Speech&);

}  // namespace glasspost
