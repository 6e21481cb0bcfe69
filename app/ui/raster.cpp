#include "app/ui/raster.h"

#include <algorithm>
#include <cmath>

#include "app/ui/compat.h"
#include "app/ui/fonts.h"

namespace glasspost::ui {
namespace {

constexpr std::int64_t sub = 256;  // steps of a pixel

struct Clip {
  int x0, y0, x1, y1;
};
struct Corner {
  std::int64_t x, y;            // in steps
  std::int32_t u, v;            // in 1/256 of a texel
  std::uint8_t c[4];
};

Corner corner(const ImDrawVert& v) {
  const auto steps = [](float value) { return std::int64_t(std::floor(double(value) * double(sub) + 0.5)); };
  const auto texels = [](float value) { return std::int32_t(std::floor(double(value) * Fonts::atlas_size * 256 + 0.5)); };
  return {steps(v.pos.x), steps(v.pos.y), texels(v.uv.x), texels(v.uv.y),
          {std::uint8_t(v.col >> IM_COL32_R_SHIFT), std::uint8_t(v.col >> IM_COL32_G_SHIFT),
           std::uint8_t(v.col >> IM_COL32_B_SHIFT), std::uint8_t(v.col >> IM_COL32_A_SHIFT)}};
}

void blend(std::uint8_t* to, const std::uint32_t rgba[4], std::uint32_t coverage) {
  const std::uint32_t a = rgba[3] * coverage / 255;
  if (a == 0) return;
  for (int i = 0; i < 3; ++i) to[i] = std::uint8_t((rgba[i] * a + to[i] * (255 - a) + 127) / 255);
  to[3] = std::uint8_t(a + to[3] * (255 - a) / 255);
}

// Coverage of the atlas between its texels' middles.
std::uint32_t sampled(std::span<const std::uint8_t> atlas, std::int32_t u, std::int32_t v) {
  const auto texel = [&](int x, int y) -> std::uint32_t {
    x = std::clamp(x, 0, Fonts::atlas_size - 1), y = std::clamp(y, 0, Fonts::atlas_size - 1);
    return atlas[std::size_t(y) * Fonts::atlas_size + std::size_t(x)];
  };
  u -= 128, v -= 128;
  const int x = u >> 8, y = v >> 8;
  const std::uint32_t fx = std::uint32_t(u & 255), fy = std::uint32_t(v & 255);
  if (fx == 0 && fy == 0) return texel(x, y);
  const std::uint32_t top = texel(x, y) * (256 - fx) + texel(x + 1, y) * fx;
  const std::uint32_t bottom = texel(x, y + 1) * (256 - fx) + texel(x + 1, y + 1) * fx;
  return (top * (256 - fy) + bottom * fy + 32768) >> 16;
}

// Pixels whose middle lies inside; on an edge: only if it is a top or a left one, so that no pixel is drawn twice.
void triangle(Image& image, const Clip& clip, std::span<const std::uint8_t> atlas, Corner a, Corner b, Corner c) {
  std::int64_t area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  if (area == 0) return;
  if (area < 0) std::swap(b, c), area = -area;
  const auto pixel = [](std::int64_t steps) { return int(steps >= 0 ? steps / sub : -((-steps + sub - 1) / sub)); };
  const int x0 = std::max(clip.x0, pixel(std::min({a.x, b.x, c.x}))), x1 = std::min(clip.x1, pixel(std::max({a.x, b.x, c.x})) + 1);
  const int y0 = std::max(clip.y0, pixel(std::min({a.y, b.y, c.y}))), y1 = std::min(clip.y1, pixel(std::max({a.y, b.y, c.y})) + 1);
  if (x0 >= x1 || y0 >= y1) return;

  struct Edge {
    std::int64_t dx, dy, at;
  };
  const std::int64_t px = std::int64_t(x0) * sub + sub / 2, py = std::int64_t(y0) * sub + sub / 2;
  const auto edge = [&](const Corner& from, const Corner& to) {
    const std::int64_t ex = to.x - from.x, ey = to.y - from.y;
    const bool owns = ey < 0 || (ey == 0 && ex > 0);  // left, or top (clockwise on the screen, y downwards)
    return Edge{-ey * sub, ex * sub, ex * (py - from.y) - ey * (px - from.x) - (owns ? 0 : 1)};
  };
  const Edge ea = edge(b, c), eb = edge(c, a), ec = edge(a, b);  // opposite a, b, c
  const bool one_colour = std::equal(a.c, a.c + 4, b.c) && std::equal(a.c, a.c + 4, c.c);
  const bool one_texel = a.u == b.u && b.u == c.u && a.v == b.v && b.v == c.v;
  const std::uint32_t flat = one_texel ? sampled(atlas, a.u, a.v) : 0;
  std::uint32_t rgba[4] = {a.c[0], a.c[1], a.c[2], a.c[3]};
  for (int y = y0; y < y1; ++y) {
    const std::int64_t down = y - y0;
    std::int64_t wa = ea.at + ea.dy * down, wb = eb.at + eb.dy * down, wc = ec.at + ec.dy * down;
    for (int x = x0; x < x1; ++x, wa += ea.dx, wb += eb.dx, wc += ec.dx) {
      if ((wa | wb | wc) < 0) continue;
      const auto between = [&](std::int64_t va, std::int64_t vb, std::int64_t vc) {
        return (wa * va + wb * vb + wc * vc + area / 2) / area;
      };
      if (!one_colour)
        for (int i = 0; i < 4; ++i) rgba[i] = std::uint32_t(std::clamp<std::int64_t>(between(a.c[i], b.c[i], c.c[i]), 0, 255));
      blend(image.at(x, y), rgba,
            one_texel ? flat : sampled(atlas, std::int32_t(between(a.u, b.u, c.u)), std::int32_t(between(a.v, b.v, c.v))));
    }
  }
}

// An upright rectangle of one colour, whole pixels: most of a window.
bool filled_rectangle(Image& image, const Clip& clip, std::span<const std::uint8_t> atlas, const ImDrawVert& p,
                      const ImDrawVert& q, const ImDrawVert& r, const ImDrawVert& s) {
  if (p.col != q.col || p.col != r.col || p.col != s.col || p.uv.x != r.uv.x || p.uv.y != r.uv.y) return false;
  if (p.pos.y != q.pos.y || q.pos.x != r.pos.x || r.pos.y != s.pos.y || s.pos.x != p.pos.x) return false;
  if (p.pos.x != std::floor(p.pos.x) || p.pos.y != std::floor(p.pos.y) || r.pos.x != std::floor(r.pos.x) ||
      r.pos.y != std::floor(r.pos.y) || r.pos.x < p.pos.x || r.pos.y < p.pos.y)
    return false;
  const Corner c = corner(p);
  const std::uint32_t rgba[4] = {c.c[0], c.c[1], c.c[2], c.c[3]}, coverage = sampled(atlas, c.u, c.v);
  const int x0 = std::max(clip.x0, int(p.pos.x)), x1 = std::min(clip.x1, int(r.pos.x));
  const int y0 = std::max(clip.y0, int(p.pos.y)), y1 = std::min(clip.y1, int(r.pos.y));
  for (int y = y0; y < y1; ++y)
    for (int x = x0; x < x1; ++x) blend(image.at(x, y), rgba, coverage);
  return true;
}

void draw_command(const ImDrawList& list, const ImDrawCmd& command, const Fonts& fonts, Image& image) {
  const Clip clip{std::max(0, int(command.ClipRect.x)), std::max(0, int(command.ClipRect.y)),
                  std::min(image.width, int(command.ClipRect.z)), std::min(image.height, int(command.ClipRect.w))};
  const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
  const std::span<const std::uint8_t> atlas = fonts.atlas();
  for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
    if (i + 5 < command.ElemCount && index[i] == index[i + 3] && index[i + 2] == index[i + 4] &&
        filled_rectangle(image, clip, atlas, vertices[index[i]], vertices[index[i + 1]], vertices[index[i + 2]],
                         vertices[index[i + 5]])) {
      i += 3;
      continue;
    }
    triangle(image, clip, atlas, corner(vertices[index[i]]), corner(vertices[index[i + 1]]), corner(vertices[index[i + 2]]));
  }
}

}  // namespace

void rasterise(const ImDrawData& data, const Fonts& fonts, Image& image) {
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) draw_command(list, command, fonts, image);
  }
}

}  // namespace glasspost::ui
