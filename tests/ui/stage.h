// What tests of the window begin with: fonts, and a window without a screen.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "app/ui/headless.h"

namespace glasspost::ui {

class Stage : public ::testing::Test {
 protected:
  Stage() : fonts_(opened()) {}

  Fonts& fonts() { return *fonts_; }
  // True if the fonts are those that the golden pictures were drawn with.
  static bool fonts_of_the_goldens() {
    const auto files = find_fonts();
    return files && files->faces[0].family == "Inter" && files->faces[2].family == "JetBrains Mono";
  }

 private:
  static std::unique_ptr<Fonts> opened() {
    const auto files = find_fonts();
    if (!files) throw std::runtime_error(files.error());
    auto fonts = Fonts::open(*files);
    if (!fonts) throw std::runtime_error(fonts.error());
    return std::move(*fonts);
  }
  std::unique_ptr<Fonts> fonts_;
};

}  // namespace glasspost::ui
