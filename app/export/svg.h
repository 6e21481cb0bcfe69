// The ladder as SVG, and the means by which the page draws its rows.
#pragma once

#include <string>
#include <string_view>

#include "app/export/ladder.h"

namespace glasspost {

std::string svg_of(const Story&, const Speech&);

// For text between tags and in attributes. Control characters must be gone already.
std::string xml_escaped(std::string_view);
// Rules for the classes that drawn rows use, light and dark.
std::string_view ladder_style();
std::string drawn_head(const Ladder&, double y);
std::string drawn_row(const Ladder&, std::size_t row, double y);

}  // namespace glasspost
