#include "app/ui/views/machine_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace glasspost::ui {
namespace {

constexpr int samples = 28;
constexpr float clearance = 7, label_gap = 5, forbidden = 1e6F;
constexpr std::array bows{0.F,  16.F,  -16.F, 34.F,   -34.F, 60.F,   -60.F, 78.F,   -78.F, 95.F,   -95.F, 118.F,
                          -118.F, 140.F, -140.F, 165.F, -165.F, 190.F, -190.F, 230.F, -230.F, 270.F, -270.F};

float length_of(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }
Point unit(Point p) {
  const float l = length_of(p);
  return l > 0 ? p * (1 / l) : Point{1, 0};
}
Point bezier(const std::array<Point, 4>& c, float t) {
  const float u = 1 - t;
  return c[0] * (u * u * u) + c[1] * (3 * u * u * t) + c[2] * (3 * u * t * t) + c[3] * (t * t * t);
}
std::vector<Point> sampled(const std::array<Point, 4>& control) {
  std::vector<Point> path;
  for (int i = 0; i <= samples; ++i) path.push_back(bezier(control, float(i) / samples));
  return path;
}
bool overlap(Rect a, Rect b) { return !a.intersected(b).empty(); }
Rect bounds_of(const std::vector<Point>& path) {
  Rect box{path[0].x, path[0].y, 0, 0};
  float right = box.x, bottom = box.y;
  for (const Point p : path) box.x = std::min(box.x, p.x), box.y = std::min(box.y, p.y), right = std::max(right, p.x), bottom = std::max(bottom, p.y);
  return {box.x, box.y, right - box.x, bottom - box.y};
}

class Planner {
 public:
  Planner(Rect area, MachinePlan& plan, std::span<const PlannedWay> ways, std::span<const Rect> taken)
      : area_(area), plan_(plan), ways_(ways), taken_(taken.begin(), taken.end()) {}

  void plan() {
    plan_.routes.resize(ways_.size());
    std::vector<std::size_t> order(ways_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) { return ways_[a].weight > ways_[b].weight; });
    for (const std::size_t way : order) route(way);
    // A loop has its words at its crown or nowhere; a way from state to state has many places.
    std::stable_partition(order.begin(), order.end(), [this](std::size_t way) { return ways_[way].from == ways_[way].to && ways_[way].must; });
    for (const std::size_t way : order) label(way);
  }

 private:
  const Rect& box(std::size_t i) const { return plan_.boxes[i]; }

  void route(std::size_t index) {
    const PlannedWay& way = ways_[index];
    std::vector<Point> best;
    float least = 1e30F;
    const auto consider = [&](std::vector<Point> path, float price) {
      if (path.size() < 2) return;
      price += cost(path, way);
      if (price < least) least = price, best = std::move(path);
    };
    if (way.from == way.to) {
      for (const bool above : {true, false})
        for (const float at : {0.5F, 0.78F, 0.22F})
          consider(loop(box(way.from), above, at), (above ? 0.F : 3.F) + std::abs(at - 0.5F) * 8 + (has_room_at_crown(way, above, at) ? 0.F : 60.F));
    } else {
      for (const float bow : bows) consider(bowed(box(way.from), box(way.to), bow), std::abs(bow) * 0.35F + (bow == 0 ? 0 : 3));
      // Where every bow would run behind a state, or out of sight, the way leaves and arrives at whatever sides are free.
      if (best.empty() || is_hidden(best, way))
        for (const Side from : sides)
          for (const Side to : sides)
            for (const float reach : {50.F, 90.F, 140.F, 210.F, 300.F}) consider(between_sides(box(way.from), from, box(way.to), to, reach), 30 + reach * 0.2F);
    }
    Route& found = plan_.routes[index];
    found.path = std::move(best);
    const std::size_t n = found.path.size();
    found.direction = unit(found.path[n - 1] - found.path[n > 2 ? n - 3 : 0]);
    routed_.push_back({index, bounds_of(found.path).inset(-clearance)});
  }

  bool is_hidden(const std::vector<Point>& path, const PlannedWay& way) const {
    return std::any_of(path.begin(), path.end(), [&](Point p) {
      if (!area_.contains(p)) return true;
      for (std::size_t i = 0; i < plan_.boxes.size(); ++i)
        if ((i == way.from || i == way.to ? box(i).inset(2) : box(i)).contains(p)) return true;
      return false;
    });
  }
  enum class Side : std::uint8_t { above, below, left, right };
  static constexpr std::array sides{Side::above, Side::below, Side::left, Side::right};
  static Point middle_of(Rect box, Side side) {
    switch (side) {
      case Side::above: return {box.centre().x, box.y};
      case Side::below: return {box.centre().x, box.bottom()};
      case Side::left: return {box.x, box.middle()};
      case Side::right: return {box.right(), box.middle()};
    }
    return box.centre();
  }
  static Point outwards(Side side) {
    switch (side) {
      case Side::above: return {0, -1};
      case Side::below: return {0, 1};
      case Side::left: return {-1, 0};
      case Side::right: return {1, 0};
    }
    return {};
  }
  static std::vector<Point> between_sides(Rect a, Side from, Rect b, Side to, float reach) {
    const Point begin = middle_of(a, from), end = middle_of(b, to);
    return sampled({begin, begin + outwards(from) * reach, end + outwards(to) * reach, end});
  }
  static std::vector<Point> loop(Rect box, bool above, float at) {
    const float x = box.x + box.w * at, y = above ? box.y : box.bottom(), out = above ? -44.F : 44.F;
    return sampled({Point{x - 15, y}, Point{x - 25, y + out}, Point{x + 25, y + out}, Point{x + 15, y}});
  }
  // For its words, as far as states and what is taken already tell.
  bool has_room_at_crown(const PlannedWay& way, bool above, float at) const {
    const Size words = way.few.w > 0 ? way.few : way.words;
    if (words.w <= 0) return true;
    const Rect& own = box(way.from);
    const float x = own.x + own.w * at, y = above ? own.y - 33 - label_gap - words.h / 2 : own.bottom() + 33 + label_gap + words.h / 2;
    const Rect place = Rect{x, y, 0, 0}.centred(words.w, words.h);
    const auto in_the_way = [&](const Rect& one) { return overlap(one, place); };
    return place.y >= area_.y && place.bottom() <= area_.bottom() && std::none_of(plan_.boxes.begin(), plan_.boxes.end(), in_the_way) &&
           std::none_of(taken_.begin(), taken_.end(), in_the_way);
  }
  // A curve between the middles of two boxes, seen from border to border.
  static std::vector<Point> bowed(Rect a, Rect b, float bow) {
    const Point from = a.centre(), to = b.centre(), way = to - from, along = unit(way), side{-along.y, along.x};
    const float third = length_of(way) * 0.3F;
    const std::vector<Point> all = sampled({from, from + along * third + side * (bow * 1.33F), to - along * third + side * (bow * 1.33F), to});
    std::size_t first = 0, last = all.size() - 1;
    while (first + 1 < all.size() && a.contains(all[first + 1])) ++first;
    while (last > 0 && b.contains(all[last - 1])) --last;
    if (first + 1 >= last) return {};
    std::vector<Point> path{border(a, all[first], all[first + 1])};
    path.insert(path.end(), all.begin() + std::ptrdiff_t(first) + 1, all.begin() + std::ptrdiff_t(last));
    path.push_back(border(b, all[last], all[last - 1]));
    return path;
  }
  // Where the line from inside to outside leaves the box.
  static Point border(Rect box, Point inside, Point outside) {
    for (int i = 0; i < 10; ++i) {
      const Point middle = (inside + outside) * 0.5F;
      (box.contains(middle) ? inside : outside) = middle;
    }
    return outside;
  }

  float cost(const std::vector<Point>& path, const PlannedWay& way) const {
    float price = 0;
    const Rect bounds = bounds_of(path);
    for (std::size_t i = 0; i < plan_.boxes.size(); ++i) {
      if (i == way.from || i == way.to) {  // it does not come back under its own states
        const Rect inside = box(i).inset(2);
        if (way.from != way.to)
          for (const Point p : path) price += inside.contains(p) ? 900.F : 0.F;
        continue;
      }
      const Rect near = box(i).inset(-6);
      if (!overlap(near, bounds.inset(-1))) continue;
      for (const Point p : path) price += box(i).contains(p) ? 900.F : near.contains(p) ? 120.F : 0.F;
    }
    for (const Point p : path) price += area_.contains(p) ? 0.F : 150.F;
    for (const Rect& used : taken_)
      for (const Point p : path) price += used.contains(p) ? 90.F : 0.F;
    for (const auto& [other, around] : routed_) {
      if (!overlap(around, bounds.inset(-1))) continue;
      for (const Point p : path)
        for (const Point q : plan_.routes[other].path)
          if (std::abs(p.x - q.x) < clearance && std::abs(p.y - q.y) < clearance) {
            price += 9;
            break;
          }
    }
    return price;
  }

  void label(std::size_t index) {
    const PlannedWay& way = ways_[index];
    Route& route = plan_.routes[index];
    if (way.words.w <= 0 || way.words.h <= 0 || route.path.size() < 2) return;
    // Words that would be read as another's are worse than none, except where something must be said.
    for (const bool own_only : {true, false}) {
      if (!own_only && !way.must) break;
      for (const bool few : {false, true}) {
        if (route.label || (few && way.few.w <= 0)) continue;
        route.label = place_for(index, few ? way.few : way.words, own_only);
        route.few = few && route.label;
      }
    }
    if (route.label) taken_.push_back(*route.label);
  }
  std::optional<Rect> place_for(std::size_t index, Size words, bool own_only) const {
    const PlannedWay& way = ways_[index];
    const Route& route = plan_.routes[index];
    const bool loop = way.from == way.to;
    float least = forbidden;
    std::optional<Rect> best;
    const auto consider = [&](Rect place, float price) {
      price += label_cost(place, index, own_only);
      if (price < least) least = price, best = place;
    };
    const std::size_t last = route.path.size() - 1;
    for (const float at : {0.5F, 0.4F, 0.6F, 0.3F, 0.7F, 0.2F, 0.8F}) {
      const std::size_t i = std::clamp<std::size_t>(std::size_t(at * float(last) + 0.5F), 1, last);
      const Point p = route.path[i], along = unit(route.path[std::min(i + 1, last)] - route.path[i - 1]), side{-along.y, along.x};
      const float reach = std::abs(side.x) * words.w / 2 + std::abs(side.y) * words.h / 2 + label_gap;
      if (loop && at != 0.5F) continue;  // a loop has its words at its crown, or beside it
      for (const float hand : {-1.F, 1.F})
        for (const float further : {0.F, 10.F, 24.F}) {
          const Point middle = p + side * (hand * (reach + further));
          for (const float aside : {0.F, 0.3F, -0.3F, 0.6F, -0.6F}) {
            if (!loop && aside != 0) break;
            Rect place = Rect{middle.x + aside * words.w, middle.y, 0, 0}.centred(words.w, words.h);
            if (loop) place.x = std::clamp(place.x, area_.x, std::max(area_.x, area_.right() - place.w));
            consider(place, std::abs(at - 0.5F) * 12 + further * 0.6F + std::abs(aside) * 20 + (hand > 0 ? 0.5F : 0.F) + (loop && inward(way, place) ? 40.F : 0.F));
          }
        }
    }
    if (loop) {  // beside it, where there is no room above
      const Rect bounds = bounds_of(route.path);
      for (const float x : {bounds.right() + 3 * label_gap + words.w / 2, bounds.x - 3 * label_gap - words.w / 2})
        for (const float y : {0.5F, 0.35F, 0.65F}) consider(Rect{x, bounds.y + bounds.h * y, 0, 0}.centred(words.w, words.h), 20);
    }
    for (const float at : {0.5F, 0.35F, 0.65F}) {  // across the line, on a ground of its own
      const Point p = route.path[std::size_t(at * float(last))];
      consider(Rect{p.x, p.y, 0, 0}.centred(words.w, words.h), 60);
    }
    return best;
  }
  // Between a state and the crown of its loop, where the words would hide the loop.
  bool inward(const PlannedWay& way, Rect place) const {
    const Rect& own = box(way.from);
    return place.y > own.y - 34 && place.bottom() < own.bottom() + 34;
  }
  float label_cost(Rect place, std::size_t own, bool own_only) const {
    if (place.x < area_.x || place.right() > area_.right() || place.y < area_.y || place.bottom() > area_.bottom()) return forbidden;
    const Rect ground = place.inset(-5, -3);  // with the frame of a chosen one
    for (const Rect& one : plan_.boxes)
      if (overlap(one, ground)) return forbidden;
    for (const Rect& one : taken_)
      if (overlap(one, ground)) return forbidden;
    float price = 0;
    const float to_own = distance(place, plan_.routes[own].path);
    for (const auto& [other, around] : routed_) {
      if (other == own || !overlap(around, ground)) continue;
      int inside = 0;
      for (const Point p : plan_.routes[other].path) inside += int(ground.contains(p));
      price += float(inside) * 7;
      if (distance(place, plan_.routes[other].path) < to_own) price += own_only ? forbidden : 120;  // it would be read as the other's words
    }
    return price;
  }
  static float distance(Rect place, const std::vector<Point>& path) {
    float least = forbidden;
    for (const Point p : path) {
      const float dx = std::max({place.x - p.x, p.x - place.right(), 0.F}), dy = std::max({place.y - p.y, p.y - place.bottom(), 0.F});
      least = std::min(least, std::hypot(dx, dy));
    }
    return least;
  }

  struct Routed {
    std::size_t way;
    Rect around;
  };
  Rect area_;
  MachinePlan& plan_;
  std::span<const PlannedWay> ways_;
  std::vector<Rect> taken_;
  std::vector<Routed> routed_;
};

}  // namespace

MachinePlan plan_machine(Rect area, std::vector<Rect> boxes, std::span<const PlannedWay> ways, std::span<const Rect> taken) {
  MachinePlan plan;
  plan.boxes = std::move(boxes);
  Planner(area, plan, ways, taken).plan();
  return plan;
}

std::vector<Rect> place_boxes(Rect area, std::span<const GridPlace> places, float height, bool downwards, float head_room) {
  int columns = 1, rows = 1;
  for (const GridPlace& place : places) {
    columns = std::max(columns, (downwards ? place.row : place.column) + 1);
    rows = std::max(rows, (downwards ? place.column : place.row) + 1);
  }
  std::vector<float> widest(std::size_t(columns), 0.F);
  for (const GridPlace& place : places) {
    float& width = widest[std::size_t(downwards ? place.row : place.column)];
    width = std::max(width, place.width);
  }
  float sum = 0;
  for (const float width : widest) sum += width;
  constexpr float least_gap = 10;
  if (const float room = area.w - least_gap * float(columns - 1); sum > room) {
    for (float& width : widest) width *= room / sum;
    sum = room;
  }
  // A small machine in a large room stays together, in the middle.
  constexpr float widest_gap = 240, highest_pitch = 190;
  const float gap = columns > 1 ? std::min(widest_gap, (area.w - sum) / float(columns - 1)) : 0;
  const float pitch = rows > 1 ? std::min(highest_pitch, (area.h - head_room - height) / float(rows - 1)) : 0;
  area.x += (area.w - sum - gap * float(columns - 1)) / 2;
  area.y += std::max(0.F, (area.h - head_room - height - pitch * float(rows - 1)) / 2);
  std::vector<Rect> boxes;
  for (const GridPlace& place : places) {
    const int column = downwards ? place.row : place.column, row = downwards ? place.column : place.row;
    float x = area.x;
    for (int i = 0; i < column; ++i) x += widest[std::size_t(i)] + gap;
    const Rect cell{x, area.y + head_room + pitch * float(row), widest[std::size_t(column)], height};
    boxes.push_back(cell.centred(std::min(place.width, cell.w), height));
  }
  return boxes;
}

}  // namespace glasspost::ui
