// Where the map's hosts stand, and their labels so that none covers another, at any size. No drawing here.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/ui/views/map_traffic.h"
#include "app/ui/views/views.h"

namespace glasspost::ui {

enum class LabelSide : std::uint8_t { below, above, right, left };

struct MapCaption {
  std::string text;
  Colour colour;
};
struct MapHost {
  HostId id = 0;
  Point at;             // the icon's middle
  Rect icon;            // the icon's square, with the frame's room around it: see frame()
  std::string label;
  MapCaption caption;
  LabelSide side = LabelSide::below, caption_side = LabelSide::below;
  Rect label_rect, caption_rect;  // empty: no room, the tooltip says it
  Rect frame() const { return icon.inset(-8); }
};
// `hosts` in order of the scenario; sets places and rectangles. Labels keep out of the links' way where they can.
void lay_out_map(Ui&, Rect area, const Model&, std::span<const MapLink>, std::vector<MapHost>& hosts);

// The part of a line between two frames, a little apart from both.
struct Span2 {
  Point from, to;
  Point at(float part) const { return from + (to - from) * part; }
  float length() const;
  // So far from its beginning, or (negative) from its end; at most to the middle.
  Point away(float distance) const;
};
Span2 between(const MapHost& a, const MapHost& b);

// Finds a free place of this size near a point, or nothing; what is found is taken from then on.
class FreePlaces {
 public:
  explicit FreePlaces(Rect area) : area_(area) {}
  void take(Rect rect) { taken_.push_back(rect); }
  bool is_free(Rect) const;
  // Tries below and above the point, further and further away.
  Rect near(Point, Size, float distance);

 private:
  Rect area_;
  std::vector<Rect> taken_;
};

}  // namespace glasspost::ui
