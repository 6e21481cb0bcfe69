#include "app/ui/headless.h"

#include <utility>

#include "app/ui/raster.h"

namespace glasspost::ui {

Headless::Headless(Fonts& fonts, int width, int height, float scale)
    : ui_(fonts), fonts_(fonts), surface_(false), width_(width), height_(height), scale_(scale) {
  ui_.read_clipboard = [this] { return clipboard; };
  ui_.write_clipboard = [this](const std::string& text) { clipboard = text; };
}

void Headless::resize(int width, int height, float scale) { width_ = width, height_ = height, scale_ = scale; }

void Headless::frame(double seconds) {
  now_ += seconds;
  const bool again = fonts_.start_frame();
  surface_.start(ui_, input_, width_, height_, scale_ * ui_.magnified(), now_, 1);
  if (draw_) draw_(ui_);
  if (again) ui_.next_frame();
  last_ = &surface_.finish(ui_);
  input_.clear_events();
}

void Headless::settle() {
  for (int i = 0; i < 60; ++i) {
    frame();
    if (ui_.wake_at() > now_ + 1.0 / 60) return;
  }
}

void Headless::move_to(Point p) {
  input_.mouse = p;
  frame();
}

void Headless::click_at(Point p, MouseButton button, int clicks) {
  const std::size_t b = std::size_t(button);
  move_to(p);
  for (int i = 1; i <= clicks; ++i) {
    input_.pressed[b] = input_.down[b] = true, input_.clicks = i;
    frame();
    input_.released[b] = true, input_.down[b] = false;
    frame();
  }
  frame();
}

void Headless::tap_at(Point p) {
  input_.mouse = p, input_.clicks = 1;
  input_.pressed[0] = input_.released[0] = true;
  frame();
  frame();
}

bool Headless::point_at(std::string_view name) {
  const Control* c = find(name);
  if (!c || c->visible.empty()) return false;
  move_to(c->visible.centre());
  return true;
}

bool Headless::click(std::string_view name, MouseButton button, int clicks) {
  const Control* c = find(name);
  if (!c || c->visible.empty()) return false;
  click_at(c->visible.centre(), button, clicks);
  return true;
}

bool Headless::drag(std::string_view name, Point by) {
  if (!point_at(name)) return false;
  input_.pressed[0] = input_.down[0] = true, input_.clicks = 1;
  frame();
  const Point from = input_.mouse;
  for (int i = 1; i <= 4; ++i) move_to(from + by * (float(i) / 4));
  input_.released[0] = true, input_.down[0] = false;
  frame();
  frame();
  return true;
}

void Headless::turn_wheel(Point at, float lines) {
  move_to(at);
  input_.wheel = {0, lines};
  frame();
  frame();
}

void Headless::press(Key key, Modifier with) {
  input_.keys.push_back({key, with});
  input_.with = with;
  frame();
  input_.with = Modifier::none;
  frame();
}

void Headless::type(std::string_view text) {
  input_.text.assign(text);
  frame();
  frame();
}

void Headless::strike(std::string_view small_letters) {
  for (const char c : small_letters) {
    input_.keys.push_back({c == ' ' ? Key::space : Key(int(Key::a) + (c - 'a'))});
    input_.text.assign(1, c);
    frame();
    frame();
  }
}

std::string Headless::text_of(std::string_view name) const {
  const Control* c = find(name);
  return c ? c->text : std::string();
}

Image Headless::picture() const {
  Image image(width_, height_, ui_.theme.panel);
  if (last_) rasterise(*last_, fonts_, image);
  return image;
}

}  // namespace glasspost::ui
