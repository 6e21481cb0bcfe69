// Where the drawing of a state machine puts its arrows and their words, for any table in any language: arrows go round
// the boxes, and words stand where nothing else does, or nowhere. Geometry alone; machine_drawing.h draws it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "app/ui/geometry.h"

namespace glasspost::ui {

struct PlannedWay {
  std::size_t from = 0, to = 0;      // boxes; the same: a loop
  Size words;                        // what its label needs; nothing: it has none
  Size few;                          // what the shortest that tells something needs, where there is no room for all
  int weight = 0;                    // the heavier ones choose first
  bool must = false;                 // it was taken: without words nobody would know by what
  bool operator==(const PlannedWay& o) const {
    return from == o.from && to == o.to && words.w == o.words.w && words.h == o.words.h && few.w == o.few.w && few.h == o.few.h && weight == o.weight && must == o.must;
  }
};
struct Route {
  std::vector<Point> path;           // from the border of one box to the border of the other
  Point direction;                   // of the arrow's head, at the end of the path
  std::optional<Rect> label;         // none: there was no room
  bool few = false;                  // the label is the short one
};
struct MachinePlan {
  std::vector<Rect> boxes;
  std::vector<Route> routes;         // of each way
};

// `taken`: further places that are in use. Labels touch no box, no other label and nothing that is taken, and lie inside the area.
MachinePlan plan_machine(Rect area, std::vector<Rect> boxes, std::span<const PlannedWay> ways, std::span<const Rect> taken = {});

// Boxes on the table's grid: columns to the right, or downwards where the area is higher than it is wide.
struct GridPlace {
  int column = 0, row = 0;
  float width = 0;
};
std::vector<Rect> place_boxes(Rect area, std::span<const GridPlace>, float height, bool downwards, float head_room);

}  // namespace glasspost::ui
