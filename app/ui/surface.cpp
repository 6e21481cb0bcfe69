#include "app/ui/surface.h"

#include <algorithm>

#include "app/ui/compat.h"
#include "app/ui/fonts.h"
#include "app/ui/ui.h"

namespace glasspost::ui {

Surface::Surface(bool renderer_serves_textures) : context_(ImGui::CreateContext()) {
  make_current();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = io.LogFilename = nullptr;  // we keep our own settings
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  ImGuiStyle& style = ImGui::GetStyle();
  style.AntiAliasedLinesUseTex = false;       // those texels would be in ImGui's own atlas
  style.CurveTessellationTol = 0.4f;
  style.CircleTessellationMaxError = 0.12f;
  compat::build_unused_font(*io.Fonts, renderer_serves_textures);
}

Surface::~Surface() { ImGui::DestroyContext(context_); }

void Surface::make_current() { ImGui::SetCurrentContext(context_); }

void Surface::start(Ui& ui, const Input& input, int width, int height, float scale, double now, std::uint64_t texture) {
  make_current();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {float(width), float(height)};
  io.DisplayFramebufferScale = {1, 1};
  io.DeltaTime = std::max(1e-4f, float(now - last_));  // 1.86 asserts on zero
  last_ = now;
  ImGui::NewFrame();
  constexpr float middle = 1.5f / float(Fonts::atlas_size);
  compat::set_white_pixel({middle, middle});
  compat::push_texture(compat::list_below(), texture);
  compat::push_texture(compat::list_above(), texture);
  ui.start(&compat::list_below(), &compat::list_above(), input, {float(width) / scale, float(height) / scale}, scale, now);
}

const ImDrawData& Surface::finish(Ui& ui) {
  ui.finish();
  compat::pop_texture(compat::list_below());
  compat::pop_texture(compat::list_above());
  ImGui::Render();
  return *ImGui::GetDrawData();
}

}  // namespace glasspost::ui
