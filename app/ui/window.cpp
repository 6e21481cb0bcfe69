#include "app/ui/window.h"

#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

#include "app/ui/headless.h"
#include "app/ui/icons.h"
#include "app/ui/surface.h"

namespace glasspost::ui {
namespace {

constexpr double double_click = 0.35;      // seconds
constexpr double shortest_frame = 1.0 / 60;
constexpr int frames_after_event = 2;      // what one frame changed, the next shows

std::optional<Key> special_key(int key) {
  struct Pair {
    int glfw;
    Key key;
  };
  static constexpr Pair pairs[] = {
      {GLFW_KEY_TAB, Key::tab}, {GLFW_KEY_ENTER, Key::enter}, {GLFW_KEY_KP_ENTER, Key::enter}, {GLFW_KEY_SPACE, Key::space},
      {GLFW_KEY_ESCAPE, Key::escape}, {GLFW_KEY_BACKSPACE, Key::backspace}, {GLFW_KEY_DELETE, Key::erase},
      {GLFW_KEY_INSERT, Key::insert}, {GLFW_KEY_MENU, Key::menu}, {GLFW_KEY_LEFT, Key::left}, {GLFW_KEY_RIGHT, Key::right},
      {GLFW_KEY_UP, Key::up}, {GLFW_KEY_DOWN, Key::down}, {GLFW_KEY_HOME, Key::home}, {GLFW_KEY_END, Key::end},
      {GLFW_KEY_PAGE_UP, Key::page_up}, {GLFW_KEY_PAGE_DOWN, Key::page_down}, {GLFW_KEY_KP_ADD, Key::plus},
      {GLFW_KEY_KP_SUBTRACT, Key::minus}};
  for (const Pair& p : pairs)
    if (p.glfw == key) return p.key;
  if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12) return Key(int(Key::f1) + key - GLFW_KEY_F1);
  return std::nullopt;
}

// By what is printed on the key, not by its place: Ctrl+A is Ctrl+A on every layout.
std::optional<Key> printed_key(int key, int scancode) {
  const char* name = glfwGetKeyName(key, scancode);
  char c = name && name[0] != 0 && name[1] == 0 ? name[0] : '\0';
  if (c == '\0' && key >= GLFW_KEY_SPACE && key <= GLFW_KEY_GRAVE_ACCENT) c = char(key);
  if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  if (c >= 'a' && c <= 'z') return Key(int(Key::a) + c - 'a');
  if (c >= '0' && c <= '9') return Key(int(Key::digit_0) + c - '0');
  switch (c) {
    case '+':
    case '=': return Key::plus;
    case '-': return Key::minus;
    case '/': return Key::slash;
    case ',': return Key::comma;
    case '.': return Key::period;
    default: return std::nullopt;
  }
}

Modifier modifiers(int mods) {
  Modifier all = Modifier::none;
  if (mods & GLFW_MOD_CONTROL) all = all | Modifier::ctrl;
  if (mods & GLFW_MOD_SHIFT) all = all | Modifier::shift;
  if (mods & GLFW_MOD_ALT) all = all | Modifier::alt;
  return all;
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += char(0xC0 | code >> 6), out += char(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += char(0xE0 | code >> 12), out += char(0x80 | (code >> 6 & 0x3F)), out += char(0x80 | (code & 0x3F));
  } else {
    out += char(0xF0 | code >> 18), out += char(0x80 | (code >> 12 & 0x3F)), out += char(0x80 | (code >> 6 & 0x3F)),
        out += char(0x80 | (code & 0x3F));
  }
}

}  // namespace

float next_scale(float now, int direction) {
  if (direction > 0) {
    for (const float step : scale_steps)
      if (step > now + 0.01f) return step;
    return scale_steps[std::size(scale_steps) - 1];
  }
  for (std::size_t i = std::size(scale_steps); i-- > 0;)
    if (scale_steps[i] < now - 0.01f) return scale_steps[i];
  return scale_steps[0];
}

struct Window::Parts {
  Parts(Fonts& f, const Settings& s) : fonts(f), settings(s), ui(f) {}
  Fonts& fonts;
  Settings settings;
  Ui ui;
  std::unique_ptr<Surface> surface;
  GLFWwindow* window = nullptr;
  GLuint texture = 0;
  GLFWcursor* cursors[5] = {};
  Pointer pointer = Pointer::arrow;
  Input input;
  int pending = frames_after_event;
  std::atomic<bool> woken{false};
  double last_press = -1, last_frame = -1;
  Point last_press_at;
  int press_count = 0;
  std::uint64_t frames = 0;
  bool renderer_ready = false;

  ~Parts();
  void listen();
  void upload();
  void draw(const std::function<void(Ui&)>&);
  void scale_keys();
  void wait();
  float scale() const;
  static Parts& of(GLFWwindow* w) { return *static_cast<Parts*>(glfwGetWindowUserPointer(w)); }
  Point from_window(double x, double y) const;
  void mouse_button(int button, int action);
  void key(int key, int scancode, int action, int mods);
};

Window::Parts::~Parts() {
  if (window) {
    glfwMakeContextCurrent(window);
    if (surface) surface->make_current();
    if (renderer_ready) ImGui_ImplOpenGL3_Shutdown();
    if (texture) glDeleteTextures(1, &texture);
  }
  surface.reset();
  for (GLFWcursor* cursor : cursors)
    if (cursor) glfwDestroyCursor(cursor);
  if (window) glfwDestroyWindow(window);
  glfwTerminate();
}

float Window::Parts::scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window, &x, &y);
  return std::clamp(settings.scale, metric::minimum_scale, metric::maximum_scale) * std::clamp(x, 1.f, 4.f) * ui.magnified();
}

Point Window::Parts::from_window(double x, double y) const {
  int w = 1, h = 1, pixels_w = 1, pixels_h = 1;
  glfwGetWindowSize(window, &w, &h);
  glfwGetFramebufferSize(window, &pixels_w, &pixels_h);
  const double k = double(pixels_w) / std::max(1, w) / double(scale());
  return {float(x * k), float(y * k)};
}

void Window::Parts::mouse_button(int button, int action) {
  if (button < 0 || button > 2) return;
  pending = frames_after_event;
  const std::size_t b = std::size_t(button);
  input.down[b] = action == GLFW_PRESS;
  if (action != GLFW_PRESS) {
    input.released[b] = true;
    return;
  }
  input.pressed[b] = true;
  const double now = glfwGetTime();
  const Point moved = input.mouse - last_press_at;
  const bool again = now - last_press < double_click && std::abs(moved.x) < 4 && std::abs(moved.y) < 4;
  press_count = again ? press_count + 1 : 1;
  input.clicks = press_count;
  last_press = now, last_press_at = input.mouse;
}

void Window::Parts::key(int key, int scancode, int action, int mods) {
  pending = frames_after_event;
  input.with = modifiers(mods);
  if (action == GLFW_RELEASE) return;
  std::optional<Key> which = special_key(key);
  if (!which) which = printed_key(key, scancode);
  if (!which) return;
  Modifier with = modifiers(mods);
  if (*which == Key::plus || *which == Key::minus)  // a + needs Shift on some layouts
    with = Modifier(std::uint8_t(with) & ~std::uint8_t(Modifier::shift));
  input.keys.push_back({*which, with});
}

void Window::Parts::listen() {
  glfwSetWindowUserPointer(window, this);
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
    of(w).input.mouse = of(w).from_window(x, y), of(w).pending = frames_after_event;
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int inside) {
    if (!inside) of(w).input.mouse = {-1, -1};
    of(w).pending = frames_after_event;
  });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) { of(w).mouse_button(button, action); });
  glfwSetScrollCallback(window, [](GLFWwindow* w, double x, double y) {
    of(w).input.wheel = of(w).input.wheel + Point{float(x), float(y)}, of(w).pending = frames_after_event;
  });
  glfwSetKeyCallback(window, [](GLFWwindow* w, int k, int scancode, int action, int mods) { of(w).key(k, scancode, action, mods); });
  glfwSetCharCallback(window, [](GLFWwindow* w, unsigned code) {
    append_utf8(of(w).input.text, code);
    if (code == '?') of(w).input.keys.push_back({Key::question, Modifier::none});
    of(w).pending = frames_after_event;
  });
  glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { of(w).pending = frames_after_event; });
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { of(w).pending = frames_after_event; });
  glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int) { of(w).pending = frames_after_event; });
  glfwSetWindowContentScaleCallback(window, [](GLFWwindow* w, float, float) { of(w).pending = frames_after_event; });
}

void Window::Parts::upload() {
  const Fonts::Rows rows = fonts.take_changed_rows();
  if (rows.first >= rows.last) return;
  const std::size_t from = std::size_t(rows.first) * Fonts::atlas_size, to = std::size_t(rows.last) * Fonts::atlas_size;
  std::vector<std::uint8_t> white((to - from) * 4, 255);  // coverage as white's alpha
  for (std::size_t i = from; i < to; ++i) white[(i - from) * 4 + 3] = fonts.atlas()[i];
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, rows.first, Fonts::atlas_size, rows.last - rows.first, GL_RGBA, GL_UNSIGNED_BYTE, white.data());
}

void Window::Parts::scale_keys() {
  float wanted = settings.scale;
  if (ui.shortcut(Key::plus, Modifier::ctrl)) wanted = next_scale(settings.scale, 1);
  if (ui.shortcut(Key::minus, Modifier::ctrl)) wanted = next_scale(settings.scale, -1);
  if (ui.shortcut(Key::digit_0, Modifier::ctrl)) wanted = 1;
  if (wanted == settings.scale) return;
  settings.scale = wanted;
  pending = frames_after_event;
}

void Window::Parts::draw(const std::function<void(Ui&)>& views) {
  int w = 0, h = 0;
  glfwGetFramebufferSize(window, &w, &h);
  if (w <= 0 || h <= 0) return;  // minimised
  const bool again = fonts.start_frame();
  surface->make_current();
  ImGui_ImplOpenGL3_NewFrame();
  surface->start(ui, input, w, h, scale(), glfwGetTime(), texture);
  input.clear_events();
  scale_keys();
  views(ui);
  if (again) ui.next_frame();
  const ImDrawData& triangles = surface->finish(ui);
  upload();
  glViewport(0, 0, w, h);
  const Colour ground = ui.theme.panel;
  glClearColor(float(ground.r) / 255, float(ground.g) / 255, float(ground.b) / 255, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(const_cast<ImDrawData*>(&triangles));
  glfwSwapBuffers(window);
  ++frames;
  if (ui.pointer() != pointer) pointer = ui.pointer(), glfwSetCursor(window, cursors[int(pointer)]);
}

void Window::Parts::wait() {
  const double now = glfwGetTime();
  double due = pending > 0 ? now : ui.wake_at();
  due = std::max(due, last_frame + shortest_frame);
  if (due <= now) return glfwPollEvents();
  if (due == std::numeric_limits<double>::infinity()) return glfwWaitEvents();
  glfwWaitEventsTimeout(std::min(due - now, 3600.0));
}

Window::Window(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Window::~Window() = default;
Ui& Window::ui() { return parts_->ui; }
Settings& Window::settings() { return parts_->settings; }
void Window::close() { glfwSetWindowShouldClose(parts_->window, GLFW_TRUE); }
double Window::now() const { return glfwGetTime(); }
std::uint64_t Window::frames() const { return parts_->frames; }

void Window::wake() {
  parts_->woken = true;
  glfwPostEmptyEvent();
}

void Window::run(const std::function<void(Ui&)>& draw) {
  Parts& p = *parts_;
  p.ui.sizes = p.settings.sizes;
  while (!glfwWindowShouldClose(p.window)) {
    p.wait();
    if (p.woken.exchange(false)) p.pending = std::max(p.pending, 1);
    const double now = glfwGetTime();
    if (now < p.last_frame + shortest_frame) continue;
    if (p.pending <= 0 && p.ui.wake_at() > now) continue;
    --p.pending;
    p.last_frame = now;
    p.draw(draw);
  }
  p.settings.sizes = p.ui.sizes;
  p.settings.maximised = glfwGetWindowAttrib(p.window, GLFW_MAXIMIZED) == GLFW_TRUE;
  if (!p.settings.maximised) glfwGetWindowSize(p.window, &p.settings.width, &p.settings.height);
}

namespace {

// The program's sign, drawn as it is in the top bar.
void set_icon(GLFWwindow* window, Fonts& fonts) {
  constexpr int side = 64;
  Headless drawing(fonts, side, side);
  drawing.draw_with([](Ui& ui) {
    ui.canvas().fill(ui.whole(), ui.theme.panel);
    draw_icon(ui.canvas(), Icon::glasspost, ui.whole().inset(4), ui.theme.accent);
  });
  drawing.frame();
  Image image = drawing.picture();
  const GLFWimage icon{side, side, image.rgba.data()};
  glfwSetWindowIcon(window, 1, &icon);
}

std::string failure(const char* what) {
  const char* why = nullptr;
  glfwGetError(&why);
  return std::string(what) + (why ? std::string(": ") + why : std::string()) +
         ". Without a display, `glasspost play` shows the same story in the terminal";
}

}  // namespace

tl::expected<std::unique_ptr<Window>, std::string> Window::open(Fonts& fonts, const Settings& settings, const std::string& title) {
  if (!glfwInit()) return tl::unexpected(failure("no window can be opened"));
  auto parts = std::make_unique<Parts>(fonts, settings);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_MAXIMIZED, settings.maximised ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "glasspost");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "glasspost");
  parts->window = glfwCreateWindow(settings.width, settings.height, title.c_str(), nullptr, nullptr);
  if (!parts->window) return tl::unexpected(failure("no window with OpenGL 3.0 can be opened"));
  glfwSetWindowSizeLimits(parts->window, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(parts->window);
  glfwSwapInterval(1);
  set_icon(parts->window, fonts);

  parts->surface = std::make_unique<Surface>(true);
  if (!ImGui_ImplOpenGL3_Init("#version 130")) return tl::unexpected(failure("OpenGL can't draw the window"));
  parts->renderer_ready = true;
  glGenTextures(1, &parts->texture);
  glBindTexture(GL_TEXTURE_2D, parts->texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  const std::vector<std::uint8_t> nothing(std::size_t(Fonts::atlas_size) * Fonts::atlas_size * 4);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, Fonts::atlas_size, Fonts::atlas_size, 0, GL_RGBA, GL_UNSIGNED_BYTE, nothing.data());
  fonts.all_rows_changed();

  constexpr int shapes[] = {GLFW_ARROW_CURSOR, GLFW_HAND_CURSOR, GLFW_IBEAM_CURSOR, GLFW_HRESIZE_CURSOR, GLFW_VRESIZE_CURSOR};
  for (std::size_t i = 0; i < std::size(shapes); ++i) parts->cursors[i] = glfwCreateStandardCursor(shapes[i]);
  GLFWwindow* window = parts->window;
  parts->ui.read_clipboard = [window] {
    const char* text = glfwGetClipboardString(window);
    return std::string(text ? text : "");
  };
  parts->ui.write_clipboard = [window](const std::string& text) { glfwSetClipboardString(window, text.c_str()); };
  parts->ui.theme = theme_of(settings.look, settings.reduced_motion);
  parts->listen();
  return std::unique_ptr<Window>(new Window(std::move(parts)));
}

}  // namespace glasspost::ui
