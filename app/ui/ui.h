// One frame of the window, as views see it: theme, canvas, what was done, who has the focus. Everything that can be
// pointed at goes through interact(), which also records it. An Ui lives as long as its window; start() and finish()
// enclose each frame. It knows no window, no font file and no Dear ImGui type.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/ui/canvas.h"
#include "app/ui/input.h"
#include "app/ui/recorder.h"
#include "app/ui/text_edit.h"
#include "app/ui/theme.h"

namespace glasspost::ui {

enum class Pointer : std::uint8_t { arrow, hand, text, resize_horizontal, resize_vertical };

// What was done to one widget in this frame.
struct Response {
  Rect rect;
  bool hovered = false;         // the mouse is over it, nothing above it, nothing else being dragged
  bool pressed = false;         // the primary button went down on it in this frame
  bool held = false;            // and is still down, or was in this frame
  bool clicked = false;         // let go over it; or Enter or Space while focused
  bool double_clicked = false;
  bool secondary = false;       // right click; or the Menu key while focused
  bool focused = false;         // has the keyboard
  bool ring = false;            // show it: the keyboard was used to get there
  Point drag;                   // while held: the mouse's movement since the last frame
};

struct Manner {
  bool focusable = true;
  bool enabled = true;
  bool on = false;              // for the record: checked, selected, open
  bool takes_text = false;      // letters belong to it while focused: no single-letter shortcuts
  bool takes_keys = false;      // it handles Enter, Space and arrows itself while focused
  bool focus_on_click = false;  // inputs and lists; buttons leave the focus where it is
  Pointer pointer = Pointer::hand;
};

class Ui {
 public:
  explicit Ui(Fonts&);

  // What the window sets between frames.
  Theme theme = theme_of(Look::light);
  std::map<std::string, float, std::less<>> sizes;  // splitters, by name; kept in the settings

  void start(ImDrawList* window, ImDrawList* above, const Input&, Size, float scale, double now);
  void finish();  // Tab, tooltips, what is left of the frame

  Canvas& canvas() { return canvas_; }
  const Input& input() const { return input_; }
  int layer() const { return layer_; }
  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }
  Rect whole() const { return {0, 0, canvas_.size().w, canvas_.size().h}; }
  double now() const { return now_; }  // seconds of the interface, for its own motion only
  // From the next frame on, everything is so much larger than the person's scale says, and whole() smaller: projector mode.
  void magnify(float times);
  float magnified() const { return magnified_; }

  // Declares a widget: hit-tested, focusable in the order of calls, recorded. Names are stable and unique in a frame.
  Response interact(std::string_view name, Kind, Rect, std::string_view text, const Manner& = {});
  // A rectangle with a name and nothing to do: spotlights, tests.
  void note(std::string_view name, Kind, Rect, std::string_view text = {}, bool on = false);
  // The ring of a focused control: 2 px, 2 px outside.
  void focus_ring(Rect, float radius = metric::radius);

  // Text in a row: centred vertically, with an ellipsis and a tooltip if it doesn't fit. Recorded. Returns its width.
  float label(Rect, std::string_view text, Font = font::body, std::optional<Colour> = {}, Align = Align::left,
              std::string_view name = {});
  // Shown when the mouse rests on the area (0.4 s), or at once when forced.
  void tooltip(Rect, std::string_view text);

  // Focus by name.
  void focus(std::string_view name, bool by_keyboard = false);  // by keyboard: with the ring
  void unfocus() { focus_ = 0; }
  bool focused(std::string_view name) const;
  bool text_has_focus() const { return text_focus_; }

  // A key pressed in this frame, taken once. shortcut() leaves plain keys to a focused text input, and Enter, Space and
  // arrows to a focused widget; take() is for the widget itself.
  bool shortcut(Key, Modifier = Modifier::none);
  bool take(Key, Modifier = Modifier::none);
  std::string take_text();       // what was typed, for the widget with the focus
  // What was typed while nothing takes text, and the keys of it with it. Left alone: a blank, which presses buttons, and
  // everything where a list was reached with Tab, whose keys letters are, or a pop-up is open.
  std::string take_stray_text();
  void take_wheel() { wheel_ = {}; }
  Point wheel(Rect) const;       // not yet taken, if the mouse is there and nothing lies above

  // Between 0 and 1, following `on` in `seconds` with ease; asks for the frames it needs. Reduced motion: at once.
  float animate(std::string_view name, bool on, double seconds);
  void next_frame() { wake_at_ = std::min(wake_at_, now_); }
  void next_frame_at(double when) { wake_at_ = std::min(wake_at_, when); }
  double wake_at() const { return wake_at_; }  // infinity: nothing moves

  // Pop-ups: one opens by name and is drawn by whoever asks for it each frame. A press outside or Escape closes it.
  void open_popup(std::string_view name, Point where);
  void close_popup(std::string_view name);
  bool popup_open(std::string_view name) const;
  // If open: draws its card at the place it was opened (kept inside the window), or centred near the top if `modal`,
  // and goes on above everything; end_popup() must follow.
  std::optional<Rect> begin_popup(std::string_view name, Size, bool modal = false);
  void end_popup();

  // Remembered from frame to frame by name: scroll positions, folds.
  double& memory(std::string_view name, double initial = 0);
  // A place for what is costly to lay out, kept with what it was laid out from: geometry, never data of the model.
  std::any& kept(std::string_view name) { return kept_[std::string(name)]; }
  // What stands in an input that the model does not keep: a search, a letter not yet sent.
  LineEdit& edit(std::string_view name) { return edits_[std::string(name)]; }

  Pointer pointer() const { return pointer_; }
  void point_with(Pointer pointer) { pointer_ = pointer; }
  std::function<std::string()> read_clipboard;
  std::function<void(const std::string&)> write_clipboard;

 private:
  friend class ScrollArea;
  float magnified_ = 1;
  struct Popup {
    std::string name;
    Point where;
    Rect rect;                 // as drawn last
    bool modal = false, drawn = false, fresh = true;
    std::uint64_t focus_before = 0;
  };
  struct Motion {
    double since = 0;
    float from = 0, value = 0;
    bool on = false;
  };
  struct Target {              // what can be pointed at, or reached by Tab
    std::uint64_t id = 0;
    Rect visible;
    int layer = 0;
    bool stop = false;
    bool first = false;        // before all others of its layer: splitters
  };

  bool pressed_key(Key, Modifier) const;
  std::uint64_t target_at(Point) const;
  int layer_at(Point) const;
  void dismiss_popups();
  void remove_popups(std::size_t from);
  void move_focus();
  void draw_tip();

  Canvas canvas_;
  Recorder recorder_;
  Input input_;
  Point wheel_, mouse_before_;
  double now_ = 0, wake_at_ = 0;

  std::vector<Target> targets_, targets_before_;  // of this frame and of the last, in the order of calls
  std::uint64_t hot_ = 0, held_ = 0, focus_ = 0;
  bool ring_ = false;             // the keyboard moved the focus last
  bool focus_seen_ = false, focus_moved_ = false;
  bool text_focus_ = false, text_focus_next_ = false;
  bool keys_focus_ = false, keys_focus_next_ = false;
  std::optional<Rect> reveal_;    // a focused widget that its scroll area should bring into sight

  std::vector<Popup> popups_;
  int layer_ = 0, hit_layer_ = 0;
  std::vector<int> layers_below_;
  Pointer pointer_ = Pointer::arrow;
  std::unordered_map<std::uint64_t, Motion> motions_;
  std::unordered_map<std::uint64_t, double> memory_;
  std::map<std::string, LineEdit, std::less<>> edits_;
  std::map<std::string, std::any, std::less<>> kept_;
  std::string tip_, tip_before_;
  Rect tip_for_;
  double rest_since_ = 0;
  bool typed_since_rest_ = false;  // the mouse rests, and somebody writes
};

std::uint64_t id_of(std::string_view name);

}  // namespace glasspost::ui
