// Pictures that must stay as they are: tests/ui/golden/NAME.png, compared with what the software raster draws now.
//
// FreeType's versions differ by a few levels at glyphs' edges, and a system without Inter has other letters altogether.
// So the comparison is made twice as coarse as the picture (blocks of 2 x 2 are averaged), a block differs when a channel
// is off by more than `level`, and `share` of the blocks may differ. Measured: a hairline moved by one pixel over 200
// pixels, or one label of six letters changed, is more than that; the test GoldenPictures.NoticeASmallChange keeps it so.
//
// On failure NAME.actual.png and NAME.difference.png are written beside the test program. GLASSPOST_ACCEPT=1 stores
// what was drawn as the new picture. With other fonts than those of the goldens (fonts.txt) a test says so and is skipped
// by GTEST_SKIP, which ctest reports.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "app/ui/image.h"

namespace glasspost::ui {

struct Tolerance {
  int level = 24;            // of 255, after averaging
  double share = 0.0004;     // of all blocks
};
struct Difference {
  std::size_t blocks = 0, of = 0;
  int worst = 0;
  Image picture;             // grey where equal, red where not
};
Difference compare(const Image& wanted, const Image& actual, int level);

::testing::AssertionResult matches_golden(const Image& actual, std::string_view name, Tolerance = {});

}  // namespace glasspost::ui
