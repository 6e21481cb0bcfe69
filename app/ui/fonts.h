// Faces found by fontconfig, rasterised by FreeType into one texture of coverage, each glyph when it is first needed. So
// every size is exact at every scale, in every version of Dear ImGui, and the start costs nothing.
//
// Widths are those of the unhinted outline in fractions of the em: the same at every scale, so that a layout does not
// move when the scale changes. Small glyphs are kept at four positions within a pixel. No ligatures, no kerning.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "app/ui/geometry.h"
#include "app/ui/theme.h"

namespace glasspost::ui {

struct FontFile {
  std::string path;
  int index = 0;
  std::string family;  // as fontconfig names it
};
// By Face: Inter, Inter semi-bold, JetBrains Mono, JetBrains Mono bold, or DejaVu where they are missing. The fallbacks
// are asked, in order, for characters that a face lacks.
struct FontFiles {
  std::array<FontFile, 4> faces;
  std::vector<FontFile> fallbacks;
};
// The error is a sentence for the person: what is missing, which package has it.
tl::expected<FontFiles, std::string> find_fonts();

struct Glyph {
  std::uint16_t x = 0, y = 0, w = 0, h = 0;  // in the atlas
  std::int16_t left = 0, top = 0;            // of the baseline's origin, in pixels of the screen; top: upwards
};

class Fonts {
 public:
  static tl::expected<std::unique_ptr<Fonts>, std::string> open(const FontFiles&);
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  static constexpr int atlas_size = 2048;  // square, one byte of coverage a pixel; its corner is solid
  std::span<const std::uint8_t> atlas() const { return atlas_; }
  struct Rows {
    int first = 0, last = 0;  // [first, last)
  };
  Rows take_changed_rows();  // for the texture's upload
  void all_rows_changed() { changed_ = {0, atlas_size}; }
  // Between frames. If the atlas ran full during the last one, everything in it is forgotten; true: draw again soon.
  bool start_frame();

  float advance(Face, char32_t) const;       // of the em
  float measure(std::string_view, Font) const;
  float ascent(Face face) const;             // of the em
  float descent(Face face) const;            // of the em, positive
  // A size in pixels of the screen, to be asked for glyphs.
  class Sized;
  Sized& sized(Face, float pixels);
  // `quarter`: how far right of a whole pixel, in quarters; null: nothing to draw, or no room in this frame.
  const Glyph* glyph(Sized&, char32_t, int quarter);
  static int quarters(const Sized&);         // 4 for small sizes, else 1

 private:
  struct FaceData;
  struct Library;
  Fonts();
  const FaceData* owner(Face, char32_t) const;
  bool place(int w, int h, int& x, int& y);
  void forget();

  std::unique_ptr<Library> library_;
  std::vector<std::unique_ptr<FaceData>> faces_;  // by Face, then the fallbacks
  std::vector<std::unique_ptr<Sized>> sized_;
  std::vector<std::uint8_t> atlas_;
  int shelf_x_ = 0, shelf_y_ = 0, shelf_h_ = 0;
  Rows changed_;
  bool full_ = false;
};

}  // namespace glasspost::ui
