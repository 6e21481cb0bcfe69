// A window without a window: feed it what a person would do, run frames, look at the record or at the picture. Tests,
// pictures for documents and `play --to png` use it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/ui/fonts.h"
#include "app/ui/image.h"
#include "app/ui/surface.h"
#include "app/ui/ui.h"

namespace glasspost::ui {

using DrawFrame = std::function<void(Ui&)>;

class Headless {
 public:
  // In pixels of the screen: 1440 x 900 at a scale of 2 is a window of 720 x 450 logical pixels.
  Headless(Fonts&, int width, int height, float scale = 1);

  Ui& ui() { return ui_; }
  void draw_with(DrawFrame draw) { draw_ = std::move(draw); }
  void resize(int width, int height, float scale);

  void frame(double seconds = 1.0 / 60);  // one, this much later
  void settle();                          // frames until nothing asks for one soon, at most a second's worth

  // All of these run frames. Names are the recorder's; false: no such control is visible.
  bool point_at(std::string_view name);
  bool click(std::string_view name, MouseButton = MouseButton::primary, int clicks = 1);
  bool drag(std::string_view name, Point by);
  void move_to(Point);
  void click_at(Point, MouseButton = MouseButton::primary, int clicks = 1);
  void tap_at(Point);                     // moved, pressed and let go between two frames
  void turn_wheel(Point at, float lines);
  void press(Key, Modifier = Modifier::none);
  void type(std::string_view text);        // as a paste or an input method brings it: no keys
  void strike(std::string_view small_letters);  // as a keyboard does: a key and its letter, one after the other

  const Control* find(std::string_view name) const { return ui_.recorder().find(name); }
  std::string text_of(std::string_view name) const;  // empty: no such control
  Image picture() const;                             // of the last frame
  std::string clipboard;

 private:
  Ui ui_;
  Fonts& fonts_;
  Surface surface_;
  int width_, height_;
  float scale_;
  double now_ = 0;
  Input input_;
  DrawFrame draw_;
  const ImDrawData* last_ = nullptr;
};

}  // namespace glasspost::ui
