#include "app/ui/fonts.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "app/ui/utf8.h"

namespace glasspost::ui {
namespace {

constexpr int solid_corner = 4;        // pixels; untextured shapes take their coverage from its middle
constexpr char32_t direct = 0x180;     // characters below are found by index
constexpr float small_glyphs = 32;     // pixels: up to here a quarter of a pixel is seen

struct PatternFree {
  void operator()(FcPattern* p) const { FcPatternDestroy(p); }
};
using Pattern = std::unique_ptr<FcPattern, PatternFree>;

// Fontconfig always answers something: an answer of another family is none.
std::string match(FcConfig* config, const char* family, int weight, FontFile& found) {
  Pattern wanted(FcPatternCreate());
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
  FcPatternAddInteger(wanted.get(), FC_WEIGHT, weight);
  FcPatternAddInteger(wanted.get(), FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
  FcConfigSubstitute(config, wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult result = FcResultNoMatch;
  const Pattern answer(FcFontMatch(config, wanted.get(), &result));
  if (!answer) return {};
  FcChar8 *file = nullptr, *name = nullptr;
  int index = 0;
  for (int i = 0; FcPatternGetString(answer.get(), FC_FAMILY, i, &name) == FcResultMatch; ++i) {
    if (FcStrCmpIgnoreCase(name, reinterpret_cast<const FcChar8*>(family)) != 0) continue;
    if (FcPatternGetString(answer.get(), FC_FILE, 0, &file) != FcResultMatch) return {};
    FcPatternGetInteger(answer.get(), FC_INDEX, 0, &index);
    // The upper bits name an instance of a variable font, as FT_New_Face wants them too.
    found = {reinterpret_cast<const char*>(file), index, family};
    return found.path;
  }
  return {};
}

}  // namespace

tl::expected<FontFiles, std::string> find_fonts() {
  FcConfig* config = FcInitLoadConfigAndFonts();
  if (!config) {
    FcFini();
    return tl::unexpected<std::string>("fontconfig could not be started: is /etc/fonts there?");
  }
  struct Wish {
    Face face;
    const char* families[2];
    int weight;
  };
  constexpr Wish wishes[] = {{Face::text, {"Inter", "DejaVu Sans"}, FC_WEIGHT_REGULAR},
                             {Face::text_strong, {"Inter", "DejaVu Sans"}, FC_WEIGHT_DEMIBOLD},
                             {Face::wire, {"JetBrains Mono", "DejaVu Sans Mono"}, FC_WEIGHT_REGULAR},
                             {Face::wire_bold, {"JetBrains Mono", "DejaVu Sans Mono"}, FC_WEIGHT_BOLD}};
  FontFiles files;
  std::string problem;
  for (const Wish& wish : wishes) {
    FontFile& file = files.faces[std::size_t(wish.face)];
    if (match(config, wish.families[0], wish.weight, file).empty() &&
        match(config, wish.families[1], wish.weight, file).empty())
      problem = std::string("no font to write with: neither ") + wish.families[0] + " nor " + wish.families[1] +
                " is installed (Debian: fonts-inter fonts-jetbrains-mono fonts-dejavu-core)";
  }
  for (const char* family : {"DejaVu Sans", "Symbola"}) {
    FontFile file;
    if (!match(config, family, FC_WEIGHT_REGULAR, file).empty()) files.fallbacks.push_back(file);
  }
  FcConfigDestroy(config);
  FcFini();
  if (!problem.empty()) return tl::unexpected(problem);
  return files;
}

struct Fonts::Library {
  FT_Library library = nullptr;
  ~Library() { FT_Done_FreeType(library); }
};

struct Fonts::FaceData {
  FT_Face face = nullptr;
  mutable std::array<float, direct> advances;
  mutable std::unordered_map<char32_t, float> more_advances;
  FaceData() { advances.fill(-1); }
  ~FaceData() { FT_Done_Face(face); }

  bool has(char32_t code) const { return FT_Get_Char_Index(face, code) != 0; }
  float em(long units) const { return float(units) / float(face->units_per_EM); }
  float load_advance(char32_t code) const {
    const FT_UInt index = FT_Get_Char_Index(face, code);
    if (FT_Load_Glyph(face, index, FT_LOAD_NO_SCALE) != 0) return 0;
    return em(face->glyph->metrics.horiAdvance);
  }
};

class Fonts::Sized {
 public:
  Face face = Face::text;
  long size = 0;  // 26.6 pixels of the em
  int quarters = 4;
  enum class Known : std::uint8_t { no, yes, blank };
  struct Slot {
    Glyph glyph;
    Known known = Known::no;
  };
  std::vector<Slot> slots = std::vector<Slot>(direct * 4);
  std::unordered_map<std::uint64_t, Slot> more;
  Slot& slot(char32_t code, int quarter) {
    return code < direct ? slots[code * 4 + std::size_t(quarter)] : more[std::uint64_t(code) * 4 + std::size_t(quarter)];
  }
};

Fonts::Fonts() : library_(std::make_unique<Library>()), atlas_(std::size_t(atlas_size) * atlas_size) { forget(); }

Fonts::~Fonts() {
  sized_.clear();
  faces_.clear();  // before the library
}

tl::expected<std::unique_ptr<Fonts>, std::string> Fonts::open(const FontFiles& files) {
  std::unique_ptr<Fonts> fonts(new Fonts);
  if (FT_Init_FreeType(&fonts->library_->library) != 0) return tl::unexpected<std::string>("FreeType could not start");
  const auto add = [&](const FontFile& file) {
    auto data = std::make_unique<FaceData>();
    if (FT_New_Face(fonts->library_->library, file.path.c_str(), file.index, &data->face) != 0) return false;
    if (!FT_IS_SCALABLE(data->face) || FT_Select_Charmap(data->face, FT_ENCODING_UNICODE) != 0) return false;
    fonts->faces_.push_back(std::move(data));
    return true;
  };
  for (const FontFile& file : files.faces)
    if (!add(file)) return tl::unexpected("the font file " + file.path + " can't be read");
  for (const FontFile& file : files.fallbacks) add(file);  // one that can't be read is only missed
  return fonts;
}

void Fonts::forget() {
  sized_.clear();
  std::fill(atlas_.begin(), atlas_.end(), std::uint8_t(0));
  for (int y = 0; y < solid_corner; ++y) std::memset(&atlas_[std::size_t(y) * atlas_size], 255, solid_corner);
  shelf_x_ = solid_corner + 1, shelf_y_ = 0, shelf_h_ = solid_corner + 1;
  changed_ = {0, atlas_size};
  full_ = false;
}

bool Fonts::start_frame() {
  const bool again = full_;
  if (full_) forget();
  return again;
}

Fonts::Rows Fonts::take_changed_rows() { return std::exchange(changed_, Rows{}); }

const Fonts::FaceData* Fonts::owner(Face face, char32_t code) const {
  const FaceData* own = faces_[std::size_t(face)].get();
  if (own->has(code)) return own;
  for (std::size_t i = 4; i < faces_.size(); ++i)
    if (faces_[i]->has(code)) return faces_[i].get();
  return own;
}

float Fonts::advance(Face face, char32_t code) const {
  const FaceData& data = *faces_[std::size_t(face)];
  if (code < direct) {
    float& known = data.advances[code];
    if (known < 0) known = owner(face, code)->load_advance(code);
    return known;
  }
  const auto [it, fresh] = data.more_advances.try_emplace(code, 0.f);
  if (fresh) it->second = owner(face, code)->load_advance(code);
  return it->second;
}

float Fonts::measure(std::string_view text, Font f) const {
  float em = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    em += advance(f.face, drawn_as(c.code));
    i += c.bytes;
  }
  return em * f.size;
}

float Fonts::ascent(Face face) const {
  const FaceData& data = *faces_[std::size_t(face)];
  return data.em(data.face->ascender);
}

float Fonts::descent(Face face) const {
  const FaceData& data = *faces_[std::size_t(face)];
  return -data.em(data.face->descender);
}

Fonts::Sized& Fonts::sized(Face face, float pixels) {
  const long size = std::lround(std::clamp(pixels, 4.f, 400.f) * 64);
  for (const auto& one : sized_)
    if (one->face == face && one->size == size) return *one;
  auto made = std::make_unique<Sized>();
  made->face = face, made->size = size;
  made->quarters = pixels <= small_glyphs ? 4 : 1;
  sized_.push_back(std::move(made));
  return *sized_.back();
}

int Fonts::quarters(const Sized& sized) { return sized.quarters; }

bool Fonts::place(int w, int h, int& x, int& y) {
  if (shelf_x_ + w + 1 > atlas_size) shelf_y_ += shelf_h_, shelf_x_ = 0, shelf_h_ = 0;
  if (w + 1 > atlas_size || shelf_y_ + h + 1 > atlas_size) return false;
  x = shelf_x_, y = shelf_y_;
  shelf_x_ += w + 1;
  shelf_h_ = std::max(shelf_h_, h + 1);
  return true;
}

const Glyph* Fonts::glyph(Sized& sized, char32_t code, int quarter) {
  Sized::Slot& slot = sized.slot(code, quarter);
  if (slot.known == Sized::Known::yes) return &slot.glyph;
  if (slot.known == Sized::Known::blank || full_) return nullptr;
  const FaceData& data = *owner(sized.face, code);
  slot.known = Sized::Known::blank;
  if (FT_Set_Char_Size(data.face, 0, sized.size, 72, 72) != 0) return nullptr;
  if (FT_Load_Char(data.face, code, FT_LOAD_TARGET_LIGHT | FT_LOAD_NO_BITMAP) != 0) return nullptr;
  FT_GlyphSlot loaded = data.face->glyph;
  if (loaded->format == FT_GLYPH_FORMAT_OUTLINE) FT_Outline_Translate(&loaded->outline, quarter * 16, 0);
  if (FT_Render_Glyph(loaded, FT_RENDER_MODE_NORMAL) != 0) return nullptr;
  const FT_Bitmap& bitmap = loaded->bitmap;
  const int w = int(bitmap.width), h = int(bitmap.rows);
  if (w == 0 || h == 0 || bitmap.pixel_mode != FT_PIXEL_MODE_GRAY) return nullptr;
  int x = 0, y = 0;
  if (!place(w, h, x, y)) {
    slot.known = Sized::Known::no;
    full_ = true;
    return nullptr;
  }
  for (int row = 0; row < h; ++row)
    std::memcpy(&atlas_[std::size_t(y + row) * atlas_size + std::size_t(x)],
                bitmap.buffer + std::ptrdiff_t(row) * bitmap.pitch, std::size_t(w));
  if (changed_.first == changed_.last) changed_ = {y, y + h};
  changed_ = {std::min(changed_.first, y), std::max(changed_.last, y + h)};
  slot.glyph = {std::uint16_t(x), std::uint16_t(y), std::uint16_t(w), std::uint16_t(h),
                std::int16_t(loaded->bitmap_left), std::int16_t(loaded->bitmap_top)};
  slot.known = Sized::Known::yes;
  return &slot.glyph;
}

}  // namespace glasspost::ui
