// Everything that was drawn in this frame and has a name or a text: how tests click with no display, how a lesson's
// spotlight finds its control, how the help lists what there is, and how clipped text is found.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/geometry.h"

namespace glasspost::ui {

enum class Kind : std::uint8_t {
  area, text, button, toggle, tab, chip, link, input, checkbox, radio, splitter, scroll, row, list, item, notice, picture,
};
std::string_view name_of(Kind);

struct Control {
  std::string name;      // stable: "console.send", "ladder.row/18"; a plain text has none
  Kind kind = Kind::area;
  Rect rect;             // where it lies
  Rect visible;          // the part that its clip lets through
  std::string text;      // all of it, also if less was drawn
  int layer = 0;         // 0: the window; above: pop-ups
  bool enabled = true, focusable = false, focused = false, on = false;
  bool elided = false;   // drawn with an ellipsis; the tooltip has the rest
  bool clipped = false;  // cut with no sign of it: always a mistake of ours
};

class Recorder {
 public:
  void start_frame() { used_ = 0; }
  // The returned reference is good until the next add.
  Control& add(std::string_view name, Kind, Rect, Rect visible, std::string_view text, int layer);

  std::span<const Control> controls() const { return {pool_.data(), used_}; }
  const Control* find(std::string_view name) const;  // the topmost of that name
  std::vector<std::string> duplicates() const;       // names given to two controls of one frame
  std::vector<const Control*> clipped() const;

 private:
  std::vector<Control> pool_;  // entries are used again, so that a frame allocates little
  std::size_t used_ = 0;
};

}  // namespace glasspost::ui
