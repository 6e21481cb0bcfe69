// A frame's triangles as a picture, without a graphics card: for pictures in documents, `play --to png` and golden
// images. Positions are in 1/256 of a pixel and coverage is decided in integers, so that every compiler gives the same.
#pragma once

#include "app/ui/image.h"

struct ImDrawData;

namespace glasspost::ui {

class Fonts;

// Draws over what is there. The one texture is the fonts' atlas.
void rasterise(const ImDrawData&, const Fonts&, Image&);

}  // namespace glasspost::ui
