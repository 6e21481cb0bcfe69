#include "app/ui/views/map_layout.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>

#include "app/ui/views/wording.h"

namespace glasspost::ui {
namespace {

constexpr float label_height = 17, caption_height = 15, gap = 11, usual_caption = 108;
constexpr double right_column = 0.85;

float label_width(Ui& ui, const MapHost& host) { return std::ceil(ui.canvas().measure(host.label, font::strong)) + 2; }
float caption_width(Ui& ui, const MapHost& host) {
  return host.caption.text.empty() ? 0 : std::ceil(ui.canvas().measure(host.caption.text, font::caption)) + 2;
}

// A host near the upper or lower edge has its caption beside the icon, where a second line would be cut off.
bool at_edge(const sim::HostDescription& host) { return host.y < 0.3 || host.y > 0.7; }

// What the label's two lines would cover on that side of the icon, moved sideways by `nudge`.
void put_label(Ui& ui, MapHost& host, LabelSide side, bool with_caption, bool edge, float nudge) {
  const float w = label_width(ui, host), cw = with_caption ? caption_width(ui, host) : 0;
  const bool beside = edge && (side == LabelSide::above || side == LabelSide::below);
  const float height = label_height + (cw > 0 && !beside ? caption_height : 0);
  host.side = side;
  host.caption_side = beside ? LabelSide::right : side;
  float x = host.at.x - w / 2 + nudge, cx = host.at.x - cw / 2 + nudge, y = 0;
  switch (side) {
    case LabelSide::below: y = host.icon.bottom() + (beside ? 4 : gap); break;
    case LabelSide::above: y = host.icon.y - 3 - height; break;
    case LabelSide::right: x = cx = host.icon.right() + gap, y = host.at.y - height / 2; break;
    case LabelSide::left: x = host.icon.x - gap - w, cx = host.icon.x - gap - cw, y = host.at.y - height / 2; break;
  }
  host.label_rect = {std::round(x), std::round(y), w, label_height};
  host.caption_rect = {};
  if (cw <= 0) return;
  if (beside) host.caption_rect = {host.icon.right() + gap, std::round(host.at.y - caption_height / 2), cw, caption_height};
  else host.caption_rect = {std::round(cx), std::round(y + label_height), cw, caption_height};
}

std::array<LabelSide, 4> sides_of(const sim::HostDescription& host) {
  using enum LabelSide;
  if (host.x > right_column) return {right, left, below, above};
  if (host.kind == sim::HostKind::dns) return {right, left, above, below};
  if (host.y < 0.3) return {above, right, left, below};
  if (host.y > 0.7) return {below, right, left, above};
  return {below, right, above, left};
}

}  // namespace

bool FreePlaces::is_free(Rect rect) const {
  if (rect.x < area_.x || rect.right() > area_.right() || rect.y < area_.y || rect.bottom() > area_.bottom()) return false;
  return std::none_of(taken_.begin(), taken_.end(), [&](Rect taken) { return !taken.intersected(rect).empty(); });
}

Rect FreePlaces::near(Point point, Size size, float distance) {
  for (float away = distance; away < distance + 60; away += 8)
    for (const float sign : {1.F, -1.F})
      for (const float sideways : {0.F, -24.F, 24.F, -48.F, 48.F}) {
        const float y = sign > 0 ? point.y + away : point.y - away - size.h;
        const Rect rect{std::round(point.x - size.w / 2 + sideways), std::round(y), size.w, size.h};
        if (is_free(rect)) {
          take(rect);
          return rect;
        }
      }
  return {};
}

namespace {

// Hosts that stand side by side need room for what moves between them; other columns give it.
std::vector<std::pair<double, float>> columns(const sim::Scenario& scenario, const std::vector<MapHost>& hosts, float width) {
  std::vector<double> xs;
  for (const MapHost& host : hosts) xs.push_back(scenario.host(host.id).x);
  std::sort(xs.begin(), xs.end());
  xs.erase(std::unique(xs.begin(), xs.end()), xs.end());
  const double all = xs.back() - xs.front();
  std::vector<float> gaps;
  float fixed = 0, loose = 0;
  std::vector<bool> wide;
  for (std::size_t i = 0; i + 1 < xs.size(); ++i) {
    bool level = false;
    for (const MapHost& a : hosts)
      for (const MapHost& b : hosts)
        level = level || (scenario.host(a.id).x == xs[i] && scenario.host(b.id).x == xs[i + 1] &&
                          std::abs(scenario.host(a.id).y - scenario.host(b.id).y) < 0.2);
    const float raw = float((xs[i + 1] - xs[i]) / all) * width, least = std::min(168.F, width / float(xs.size()));
    const bool grows = level && raw < least;
    gaps.push_back(grows ? least : raw);
    wide.push_back(grows);
    (grows ? fixed : loose) += gaps.back();
  }
  std::vector<std::pair<double, float>> placed{{xs.front(), 0.F}};
  for (std::size_t i = 0; i < gaps.size(); ++i)
    placed.emplace_back(xs[i + 1], placed.back().second + (wide[i] || loose <= 0 ? gaps[i] : gaps[i] * (width - fixed) / loose));
  return placed;
}

// Links that stay: a device's question to the DNS comes and goes, and no label should jump for it.
std::vector<Span2> lasting_lines(const sim::Scenario& scenario, std::span<const MapLink> links, const std::vector<MapHost>& hosts) {
  std::vector<Span2> lines;
  for (const MapLink& link : links) {
    const bool passing = link.protocol == Protocol::dns && !(scenario.host(link.a).owner.empty() && scenario.host(link.b).owner.empty());
    if (!passing && link.a <= hosts.size() && link.b <= hosts.size()) lines.push_back(between(hosts[link.a - 1], hosts[link.b - 1]));
  }
  return lines;
}

bool crosses(Span2 line, Rect rect) {
  // Clipped against the four sides in turn: what is left of the line lies inside.
  float from = 0, to = 1;
  const Point d = line.to - line.from;
  const auto clip = [&](float along, float room) {  // along * t <= room
    if (along == 0) return room >= 0;
    const float t = room / along;
    if (along > 0) to = std::min(to, t);
    else from = std::max(from, t);
    return from <= to;
  };
  return clip(-d.x, line.from.x - rect.x) && clip(d.x, rect.right() - line.from.x) && clip(-d.y, line.from.y - rect.y) && clip(d.y, rect.bottom() - line.from.y);
}

// The place for one host's label: free, crossed by as few links as can be, with its caption if that costs no crossing.
struct LabelPlaces {
  Ui& ui;
  const sim::HostDescription& described;
  const std::vector<Span2>& lines;
  const FreePlaces& free;

  int crossings(const MapHost& host) const {
    return int(std::count_if(lines.begin(), lines.end(), [&](Span2 line) {
      return crosses(line, host.label_rect) || (!host.caption_rect.empty() && crosses(line, host.caption_rect));
    }));
  }
  bool settle(MapHost& host) const {
    int least = INT_MAX;
    MapHost best = host;
    for (const bool with_caption : {true, false}) {
      int order = with_caption ? 0 : 15;
      for (const LabelSide side : sides_of(described)) {
        const bool sideways = side == LabelSide::above || side == LabelSide::below;
        for (const float nudge : {0.F, 8.F, -8.F, 16.F, -16.F, 24.F, -24.F}) {
          if (nudge != 0 && !sideways) break;
          put_label(ui, host, side, with_caption, at_edge(described), nudge);
          if (!free.is_free(host.label_rect) || (!host.caption_rect.empty() && !free.is_free(host.caption_rect))) continue;
          const int cost = 10 * crossings(host) + order + int(std::abs(nudge) / 8);
          if (cost < least) least = cost, best = host;
        }
        ++order;
      }
    }
    host = best;
    return least < INT_MAX;
  }
};

}  // namespace

void lay_out_map(Ui& ui, Rect area, const Model& model, std::span<const MapLink> links, std::vector<MapHost>& hosts) {
  if (hosts.empty()) return;
  const sim::Scenario& scenario = model.scenario();
  const float icon_side = area.h > 150 ? 30 : 26;
  double least_y = 1, most_y = 0;
  float left = 40, right = 40;
  for (const MapHost& host : hosts) {
    const sim::HostDescription& described = scenario.host(host.id);
    least_y = std::min(least_y, described.y), most_y = std::max(most_y, described.y);
    const float w = std::max(label_width(ui, host), usual_caption);  // captions change, places do not
    if (described.x > right_column) right = std::max(right, w + gap + icon_side / 2 + 10);
    if (described.x < 0.15) left = std::max(left, w / 2 + 12);
  }
  right = std::min(right, area.w * 0.3F);
  const std::vector<std::pair<double, float>> xs = columns(scenario, hosts, std::max(1.F, area.w - left - right));
  FreePlaces free(area);
  for (MapHost& host : hosts) {
    const sim::HostDescription& described = scenario.host(host.id);
    // A label beside the icon needs less room above and below than one over or under it.
    const bool beside = described.x > right_column;
    const float top = beside ? 23 : icon_side / 2 + label_height + 4, bottom = beside ? 25 : icon_side / 2 + label_height + 6;
    const double y = most_y > least_y ? (described.y - least_y) / (most_y - least_y) : 0.5;
    const auto x = std::find_if(xs.begin(), xs.end(), [&](const auto& column) { return column.first == described.x; });
    host.at = {std::round(area.x + left + x->second), std::round(area.y + top + float(y) * std::max(1.F, area.h - top - bottom))};
    host.icon = Rect{host.at.x, host.at.y, 0, 0}.inset(-icon_side / 2);
    free.take(host.icon.inset(-3));
  }
  const std::vector<Span2> lines = lasting_lines(scenario, links, hosts);
  for (MapHost& host : hosts) {
    const LabelPlaces places{ui, scenario.host(host.id), lines, free};
    if (!places.settle(host)) {
      host.label = short_label(model, host.id);
      if (!places.settle(host)) host.label_rect = host.caption_rect = {};
    }
    if (!host.label_rect.empty()) free.take(host.label_rect);
    if (!host.caption_rect.empty()) free.take(host.caption_rect);
  }
}

float Span2::length() const { return std::max(1.F, std::hypot(to.x - from.x, to.y - from.y)); }

Point Span2::away(float distance) const {
  const float part = std::min(std::abs(distance) / length(), 0.5F);
  return at(distance < 0 ? 1 - part : part);
}

Span2 between(const MapHost& a, const MapHost& b) {
  const Point d = b.at - a.at;
  const float length = std::max(1.F, std::hypot(d.x, d.y));
  const Point unit = d * (1 / length);
  // Where the line leaves a frame of 44, and a little more.
  const auto clear = [&](const MapHost& host) {
    const float half = host.frame().w / 2 + 4;
    return half / std::max(std::abs(unit.x), std::abs(unit.y));
  };
  const float ca = std::min(clear(a), length / 3), cb = std::min(clear(b), length / 3);
  return {a.at + unit * ca, b.at - unit * cb};
}

}  // namespace glasspost::ui
