// Pictures that must stay as they are: tests/ui/golden/NAME.png, compared with what the software raster draws now.
//
// Drawing is exact for one FreeType; other versions may differ by a few levels at glyphs' edges. So blocks of 2 x 2 pixels
// are averaged, a block differs when a channel is off by more than `level`, and `share` of the blocks may differ. What the
// tolerance still notices is measured by GoldenPictures.NoticeASmallChange: one more word of six letters on the sheet, a
// hairline of 200 pixels. How far other FreeTypes are off is not known yet: only Debian 12's 2.12.1 has drawn these.
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
  double share = 0.0001;     // of all blocks
};
struct Difference {
  std::size_t blocks = 0, of = 0;
  int worst = 0;
  Image picture;             // grey where equal, red where not
};
Difference compare(const Image& wanted, const Image& actual, int level);

::testing::AssertionResult matches_golden(const Image& actual, std::string_view name, Tolerance = {});

}  // namespace glasspost::ui
