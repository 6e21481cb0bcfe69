// Where Dear ImGui differs between Debian 12 (1.86), 13 (1.90.1) and sid (1.92.2b). Little is left of that: keys, focus
// and text editing are ours, glyphs are ours (fonts.h), and there are no ImGui windows. ImGui gives draw lists, their
// tessellation and the OpenGL renderer.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

#include <cstdint>

namespace glasspost::ui::compat {

// Everything is drawn with one texture, named by what its renderer makes of it (OpenGL: the texture's number).
inline void push_texture(ImDrawList& list, std::uint64_t name) {
  const ImTextureID id = ImTextureID(std::uintptr_t(name));  // a pointer until 1.91.4, then a number
#if IMGUI_VERSION_NUM >= 19200
  list.PushTexture(ImTextureRef(id));
#else
  list.PushTextureID(id);
#endif
}

inline void pop_texture(ImDrawList& list) {
#if IMGUI_VERSION_NUM >= 19200
  list.PopTexture();
#else
  list.PopTextureID();
#endif
}

// ImGui's own font is never drawn, but it wants one before the first frame. With 1.92 this call is the way for programs
// that serve no textures; the OpenGL renderer of that version serves them itself and may not be given it.
inline void build_unused_font(ImFontAtlas& atlas, bool renderer_serves_textures) {
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
  atlas.AddFontDefault();
#if IMGUI_VERSION_NUM >= 19200
  if (renderer_serves_textures) return;
#else
  (void)renderer_serves_textures;
#endif
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  atlas.GetTexDataAsRGBA32(&pixels, &width, &height);
}

// Shapes without a texture take their coverage from here.
inline void set_white_pixel(ImVec2 uv) { ImGui::GetDrawListSharedData()->TexUvWhitePixel = uv; }

inline ImDrawList& list_below() { return *ImGui::GetBackgroundDrawList(); }
inline ImDrawList& list_above() { return *ImGui::GetForegroundDrawList(); }

}  // namespace glasspost::ui::compat
