// The window on the screen: GLFW, OpenGL. Draws when something was done or is due, and sleeps otherwise.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "app/ui/fonts.h"
#include "app/ui/settings.h"
#include "app/ui/ui.h"

namespace glasspost::ui {

class Window {
 public:
  // The error is a sentence for the person: there is no display, or no OpenGL, and what can be had without.
  static tl::expected<std::unique_ptr<Window>, std::string> open(Fonts&, const Settings&, const std::string& title);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  Ui& ui();
  // As given, with what was changed since: the scale is followed from frame to frame; size and splitters are put in when
  // run() ends. The theme in use is Ui::theme. Saving is the caller's.
  Settings& settings();
  // Draws until the window is closed. Ctrl+plus, Ctrl+minus and Ctrl+0 are taken here. A view asks for a later frame by
  // Ui::next_frame_at(); another thread by wake().
  void run(const std::function<void(Ui&)>& draw);
  void close();
  void wake();
  double now() const;  // the clock of Ui::now()
  std::uint64_t frames() const;

 private:
  struct Parts;
  explicit Window(std::unique_ptr<Parts>);
  std::unique_ptr<Parts> parts_;
};

// Ctrl+plus and minus go through these.
inline constexpr float scale_steps[] = {1.0f, 1.1f, 1.25f, 1.5f, 1.75f, 2.0f, 2.25f, 2.5f};
float next_scale(float now, int direction);

}  // namespace glasspost::ui
