// A chart with a line for each protocol: told apart by shape, labelled where it ends.
#include <algorithm>
#include <cmath>

#include "app/ui/views/compare.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float head = 34, axis = 20, label_width = 58, mark = 7, end_mark = 14;

class Drawing {
 public:
  Drawing(ComparePage& page, Rect area, const Chart& chart) : page_(page), chart_(chart), area_(area) {
    plot_ = area;
    plot_.take_top(head);
    plot_.take_bottom(axis);
    float widest = 0;
    for (const ChartSeries& one : chart.series) widest = std::max(widest, page.canvas().measure(one.label, font::strong) + 2);
    plot_.take_right(std::max(label_width, widest + end_mark / 2));
    plot_ = Rect{plot_.x + 4, plot_.y + 10, plot_.w - 8, plot_.h - 10};
    // A logarithmic axis begins a decade below the least value; what is 0 lies on it.
    if (chart.logarithmic) least_ = 1e18;
    for (const ChartSeries& one : chart.series)
      for (const Point& p : one.points) {
        most_ = std::max(most_, double(p.y));
        if (chart.logarithmic && p.y > 0) least_ = std::min(least_, double(p.y));
      }
    if (chart.logarithmic) least_ = std::floor(std::log10(std::min(least_, most_))) - 0.2, most_ = std::log10(most_);
  }

  std::optional<int> draw() {
    Ui& ui = page_.ui;
    const Theme& t = page_.theme();
    Rect words = area_;
    ui.label(words.take_top(18), chart_.title, font::strong);
    ui.label(words.take_top(14), chart_.note, font::caption, t.second);
    page_.canvas().horizontal(plot_.x - 4, plot_.right() + 4, plot_.bottom(), t.strong_line);
    const auto pressed = ticks();
    for (const ChartSeries& one : chart_.series) line(one);
    labels();
    return pressed;
  }

 private:
  Point at(Point p) const {
    const float width = chart_.last > chart_.first ? (p.x - chart_.first) / (chart_.last - chart_.first) : 0;
    const double y = chart_.logarithmic ? (p.y <= 0 ? least_ : std::log10(double(p.y))) : double(p.y);
    return {plot_.x + width * plot_.w, plot_.bottom() - float((y - least_) / std::max(1e-9, most_ - least_)) * plot_.h};
  }

  std::optional<int> ticks() {
    Ui& ui = page_.ui;
    std::optional<int> pressed;
    const std::size_t n = chart_.ticks.size();
    const float each = n > 1 ? plot_.w / float(n - 1) : plot_.w;
    float free_from = plot_.x - 100;
    const float last_begins = n == 0 ? 0 : at({chart_.first + float(n - 1), 0}).x - page_.canvas().measure(chart_.ticks[n - 1], font::caption) / 2 - 4;
    for (std::size_t i = 0; i < n; ++i) {
      const float x = at({chart_.first + float(i), 0}).x;
      const bool lit = int(i) == chart_.chosen;
      if (chart_.chosen >= 0) {
        const Rect column{x - each / 2, plot_.y - 8, each, plot_.h + 8 + axis};
        const Response r = ui.interact("compare.point/" + std::string(chart_.name) + "/" + chart_.ticks[i], Kind::item, column, chart_.ticks[i],
                                       {.focusable = false, .on = lit});
        if (r.hovered && !lit) page_.canvas().vertical(x, plot_.y - 8, plot_.bottom(), page_.theme().line);
        if (lit) page_.canvas().vertical(x, plot_.y - 8, plot_.bottom(), page_.theme().accent);
        if (r.clicked) pressed = int(i);
      }
      // Where there are more than fit, some numbers are left out; never the one that is lit, nor the last.
      const float width = page_.canvas().measure(chart_.ticks[i], lit ? font::caption_strong : font::caption) + 2;
      const bool crowded = (x - width / 2 < free_from + 3 || x + width / 2 > last_begins) && i + 1 < n;
      if (crowded && !lit) continue;
      if (!crowded || lit) {
        ui.label({x - width / 2, plot_.bottom() + 3, width, axis - 3}, chart_.ticks[i], lit ? font::caption_strong : font::caption,
                 lit ? page_.theme().text : page_.theme().third, Align::centre);
        free_from = x + width / 2;
      }
    }
    return pressed;
  }

  void line(const ChartSeries& one) {
    if (one.points.empty()) return;
    const Hue& hue = page_.theme().of(one.protocol);
    std::vector<Point> path;
    for (const Point& p : one.points) path.push_back(at(p));
    if (path.size() > 1) page_.canvas().path(path, hue.fill, 2);
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
      draw_shape(page_.canvas(), page_.theme(), Rect{path[i].x - mark / 2, path[i].y - mark / 2, mark, mark}, one.protocol, true, false);
    const Point end = path.back();
    const Rect shape{end.x - end_mark / 2, end.y - end_mark / 2, end_mark, end_mark};
    draw_shape(page_.canvas(), page_.theme(), shape, one.protocol, true, false);
    page_.ui.note("compare.mark/" + std::string(chart_.name) + "/" + std::string(lower_name_of(one.protocol)), Kind::picture, shape);
    if (chart_.loss && one.points.back().y > 0)
      draw_icon(page_.canvas(), Icon::cross, {end.x - 6, end.y - end_mark / 2 - 13, 12, 12}, page_.theme().error.fill);
  }

  // Each beside its end; where two ends are near each other, one gives way upwards and one downwards.
  void labels() {
    struct Label {
      const ChartSeries* series;
      Point end;
    };
    std::vector<Label> all;
    for (const ChartSeries& one : chart_.series)
      if (!one.points.empty() && !one.label.empty()) all.push_back({&one, at(one.points.back())});
    std::stable_sort(all.begin(), all.end(), [](const Label& a, const Label& b) { return a.end.y < b.end.y; });
    for (std::size_t i = 1; i < all.size(); ++i) {
      const float lacking = 16 - (all[i].end.y - all[i - 1].end.y);
      if (lacking > 0) all[i - 1].end.y -= lacking / 2, all[i].end.y += lacking / 2;
    }
    // None below the axis: what stands there pushes the others up.
    float lowest = plot_.bottom() - 6;
    for (std::size_t i = all.size(); i-- > 0; lowest -= 16) all[i].end.y = std::min(all[i].end.y, lowest), lowest = all[i].end.y;
    for (const Label& label : all) {
      const float width = page_.canvas().measure(label.series->label, font::strong) + 2;
      const float x = std::min(label.end.x + end_mark / 2 + 4, area_.right() - width);
      page_.ui.label({x, label.end.y - 9, width, 18}, label.series->label, font::strong, page_.theme().of(label.series->protocol).text, Align::left,
                     "compare.end/" + std::string(chart_.name) + "/" + std::string(lower_name_of(label.series->protocol)));
    }
  }

  ComparePage& page_;
  const Chart& chart_;
  Rect area_, plot_;
  double least_ = 0, most_ = 1e-9;
};

}  // namespace

std::optional<int> chart(ComparePage& page, Rect area, const Chart& what) {
  page.ui.note("compare.chart/" + std::string(what.name), Kind::picture, area, what.title);
  return Drawing(page, area, what).draw();
}

}  // namespace glasspost::ui
