// The Dear ImGui context of one window, with or without a screen: gives draw lists to an Ui and takes the triangles.
#pragma once

#include <cstdint>

#include "app/ui/geometry.h"
#include "app/ui/input.h"

struct ImDrawData;
struct ImGuiContext;

namespace glasspost::ui {

class Ui;

class Surface {
 public:
  // `renderer_serves_textures`: an OpenGL renderer will draw it, so that ImGui leaves its textures to that.
  explicit Surface(bool renderer_serves_textures);
  ~Surface();
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;

  void make_current();  // ImGui has one current context
  // Between them, the views draw. Pixels are the screen's; the Ui sees them divided by the scale.
  void start(Ui&, const Input&, int pixel_width, int pixel_height, float scale, double now, std::uint64_t texture);
  const ImDrawData& finish(Ui&);

 private:
  ImGuiContext* context_;
  double last_ = 0;
};

}  // namespace glasspost::ui
