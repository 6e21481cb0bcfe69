// Every widget, icon and colour, as pictures.
#include "app/ui/gallery/gallery.h"

#include <algorithm>

#include "tests/ui/golden.h"
#include "tests/ui/stage.h"

namespace glasspost::ui {
namespace {

class GoldenPictures : public Stage {
 protected:
  Image sheet(Look look, int scale, bool with_change = false) {
    Headless window(fonts(), int(gallery_size.w) * scale, int(gallery_size.h) * scale, float(scale));
    GalleryState state;
    window.ui().theme = theme_of(look);
    window.draw_with([&](Ui& ui) {
      draw_gallery(ui, state);
      if (with_change) ui.label({900, 300, 100, 20}, "change", font::body);
    });
    window.frame();
    window.ui().focus("console.input");
    window.settle();
    return window.picture();
  }
};

#define NEEDS_THE_GOLDENS_FONTS() \
  if (!fonts_of_the_goldens()) GTEST_SKIP() << "the golden pictures are drawn with Inter and JetBrains Mono; install them"

TEST_F(GoldenPictures, Light) {
  NEEDS_THE_GOLDENS_FONTS();
  EXPECT_TRUE(matches_golden(sheet(Look::light, 1), "gallery-light"));
}
TEST_F(GoldenPictures, Dark) {
  NEEDS_THE_GOLDENS_FONTS();
  EXPECT_TRUE(matches_golden(sheet(Look::dark, 1), "gallery-dark"));
}
TEST_F(GoldenPictures, Projector) {
  NEEDS_THE_GOLDENS_FONTS();
  EXPECT_TRUE(matches_golden(sheet(Look::projector, 1), "gallery-projector"));
}
TEST_F(GoldenPictures, LightTwiceAsLarge) {
  NEEDS_THE_GOLDENS_FONTS();
  EXPECT_TRUE(matches_golden(sheet(Look::light, 2), "gallery-light-200"));
}

TEST_F(GoldenPictures, NoticeASmallChange) {
  const Image plain = sheet(Look::light, 1);
  const auto beyond = [&](const Image& other) {
    const Difference d = compare(plain, other, Tolerance{}.level);
    return double(d.blocks) > Tolerance{}.share * double(d.of);
  };
  EXPECT_FALSE(beyond(sheet(Look::light, 1)));
  EXPECT_TRUE(beyond(sheet(Look::light, 1, true)));  // one more word
  Image line = plain;
  for (int x = 300; x < 500; ++x) std::fill_n(line.at(x, 700), 3, std::uint8_t(0));
  EXPECT_TRUE(beyond(line));
}

TEST_F(GoldenPictures, AreTheSameEachTime) {
  EXPECT_EQ(sheet(Look::dark, 1).rgba, sheet(Look::dark, 1).rgba);
}

TEST_F(Stage, TheSheetClipsNothingAtAnyScale) {
  for (const float scale : {1.0f, 1.1f, 1.25f, 1.5f, 1.75f, 2.0f, 2.5f}) {
    Headless window(fonts(), int(gallery_size.w * scale), int(gallery_size.h * scale), scale);
    GalleryState state;
    window.draw_with([&](Ui& ui) { draw_gallery(ui, state); });
    window.settle();
    for (const Control* c : window.ui().recorder().clipped()) ADD_FAILURE() << scale << ": \"" << c->text << "\" is cut";
    for (const std::string& name : window.ui().recorder().duplicates()) ADD_FAILURE() << name << " twice";
  }
}

}  // namespace
}  // namespace glasspost::ui
