// What was counted: after each act, and over mailboxes of growing size.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "app/ui/views/compare.h"
#include "app/ui/views/inspector_parts.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

using comparison::AfterAct;
using comparison::Counts;
using comparison::FindingKind;

constexpr float head_height = 36, between = 20;

std::size_t arrived(const ComparePage& page, std::size_t acts) {
  unsigned all = 0;
  for (std::size_t i = 0; i < acts; ++i)
    if (page.of.acts()[i].kind == comparison::ActKind::arrive) all |= page.of.acts()[i].letters;
  return std::size_t(std::popcount(all));
}

double lost(const AfterAct& after) {
  return double(std::count_if(after.findings.begin(), after.findings.end(), [](const auto& one) { return one.kind == FindingKind::lost; }));
}

double troubled(const AfterAct& after) {
  return double(std::count_if(after.findings.begin(), after.findings.end(),
                              [](const auto& one) { return one.kind == FindingKind::duplicate || one.kind == FindingKind::apart; }));
}

Rect column(Rect area, std::size_t i, std::size_t n) {
  const float each = (area.w - between * float(n - 1)) / float(n);
  return {area.x + float(i) * (each + between), area.y, each, area.h};
}

// Five charts beside each other where there is room; else fewer, the others below, to be scrolled to.
class ChartGrid {
 public:
  ChartGrid(ComparePage& page, std::string_view name, Rect area, std::size_t charts)
      : in_row_(area.w >= 900 ? 5 : area.w >= 620 ? 3 : 2), rows_((charts + in_row_ - 1) / in_row_), height_(std::max(150.F, area.h)),
        scroll_(page.ui, name, area, rows_ == 1 ? area.h : float(rows_) * height_) {
    content_ = scroll_.content();
    if (rows_ == 1) height_ = content_.h;
    else content_.w -= 10;
  }
  Rect place(std::size_t i) const {
    return column({content_.x, content_.y + float(i / in_row_) * height_, content_.w, height_ - (rows_ > 1 ? 8.F : 0.F)}, i % in_row_, in_row_);
  }
  bool begins_row(std::size_t i) const { return i % in_row_ == 0; }

 private:
  std::size_t in_row_, rows_;
  float height_;
  ScrollArea scroll_;
  Rect content_;
};

void rule_before(ComparePage& page, const ChartGrid& grid, std::size_t i) {
  const Rect place = grid.place(i);
  if (!grid.begins_row(i)) page.canvas().vertical(place.x - between / 2, place.y, place.bottom(), page.theme().line);
}

void by_acts(ComparePage& page, Rect area) {
  const std::size_t chosen = page.of.chosen(), total = page.of.acts().size();
  if (total == 0 || !page.of.whole()) return empty_panel(page.ui, area, page.s(total == 0 ? "compare.curves.nothing_yet" : "compare.acts.working"));
  struct Kind {
    std::string_view name, title, note;
    double (*value)(const AfterAct&);
    std::string (*label)(const Strings&, double);
  };
  const auto count = [](const Strings& s, double value) { return s.number(std::uint64_t(value)); };
  const auto octets = [](const Strings& s, double value) { return value < 1 ? std::string("0") : octets_words(s, std::uint64_t(value)); };
  const std::string of_arrived = page.s("compare.curves.lost_note", {{"n", std::to_string(arrived(page, chosen))}});
  const std::array<Kind, 5> kinds{{
      {"bytes", page.s("compare.curves.bytes"), page.s("compare.curves.bytes_note"), [](const AfterAct& a) { return double(a.counts.octets()); }, octets},
      {"trips", page.s("compare.curves.trips"), page.s("compare.curves.trips_note"), [](const AfterAct& a) { return double(a.counts.trips); }, count},
      {"copies", page.s("compare.curves.copies"), page.s("compare.curves.copies_note"),
       [](const AfterAct& a) { return double(a.counts.server_messages + a.counts.device_messages); }, count},
      {"twice", page.s("compare.curves.twice"), page.s("compare.curves.twice_note"), troubled, count},
      {"lost", page.s("compare.curves.lost"), of_arrived, lost, count},
  }};
  const ChartGrid grid(page, "compare.curves.scroll", area, kinds.size());
  const std::array<std::size_t, 5> order = area.w >= 900 ? std::array<std::size_t, 5>{0, 1, 2, 3, 4} : std::array<std::size_t, 5>{0, 1, 4, 2, 3};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const Kind& kind = kinds[order[k]];
    if (!page.canvas().shows(grid.place(k))) continue;
    rule_before(page, grid, k);
    Chart one;
    one.name = kind.name, one.title = kind.title, one.note = kind.note;
    one.loss = kind.name == "lost";
    one.first = 1, one.last = float(total), one.chosen = int(chosen) - 1;
    for (std::size_t i = 1; i <= total; ++i) one.ticks.push_back(std::to_string(i));
    if (one.chosen < 0) one.chosen = int(total);  // nothing is lit, but the numbers can be pressed
    for (const Protocol protocol : comparison::both) {
      ChartSeries series{protocol, {}, {}};
      for (std::size_t i = 1; i <= chosen; ++i)
        if (const AfterAct* after = page.of.after(protocol, i)) series.points.push_back({float(i), float(kind.value(*after))});
      if (!series.points.empty()) series.label = kind.label(page.s, double(kind.value(*page.of.after(protocol, chosen))));
      one.series.push_back(std::move(series));
    }
    if (const auto pressed = chart(page, grid.place(k), one)) page.wants(app::ChooseAct{std::size_t(*pressed) + 1});
  }
}

std::string short_count(const Strings& s, std::size_t n) {
  if (n >= 1000 && n % 1000 == 0) return s.number(n / 1000) + "k";
  return s.number(n);
}

void by_sizes(ComparePage& page, Rect area) {
  const comparison::Sizes* sizes = page.of.sizes();
  if (!sizes || sizes->points().empty()) {
    if (page.of.measuring()) return empty_panel(page.ui, area, page.s("compare.acts.working"));
    return empty_panel(page.ui, area, page.s("compare.curves.nothing_measured"));
  }
  struct Kind {
    std::string_view name, title, note;
    double (*value)(const Counts&);
    std::string (*label)(const Strings&, double);
  };
  const auto octets = [](const Strings& s, double value) { return value < 1 ? std::string("0") : octets_words(s, std::uint64_t(value)); };
  const auto count = [](const Strings& s, double value) { return s.number(std::uint64_t(value)); };
  const auto time = [](const Strings& s, double value) { return s.duration(Duration(std::int64_t(value / 1000) * 1000)); };
  const std::array<Kind, 5> kinds{{
      {"bytes", page.s("compare.curves.bytes"), page.s("compare.curves.devices_note"), [](const Counts& c) { return double(c.octets()); }, octets},
      {"trips", page.s("compare.curves.trips"), page.s("compare.curves.devices_note"), [](const Counts& c) { return double(c.trips); }, count},
      {"first", page.s("compare.curves.first"), page.s("compare.curves.first_note"),
       [](const Counts& c) { return c.first_message ? double(c.first_message->count()) : 0; }, time},
      {"server", page.s("compare.curves.server"), page.s("compare.curves.server_note"), [](const Counts& c) { return double(c.server_octets); }, octets},
      {"devices", page.s("compare.curves.devices"), page.s("compare.curves.devices_note"), [](const Counts& c) { return double(c.device_octets); }, octets},
  }};
  const ChartGrid grid(page, "compare.curves.scroll", area, kinds.size());
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const Kind& kind = kinds[k];
    if (!page.canvas().shows(grid.place(k))) continue;
    rule_before(page, grid, k);
    Chart one;
    one.name = kind.name, one.title = kind.title, one.note = kind.note;
    one.logarithmic = kind.name != "first";
    one.first = 0, one.last = float(std::max<std::size_t>(1, sizes->sizes().size() - 1));
    for (const std::size_t size : sizes->sizes()) one.ticks.push_back(short_count(page.s, size));
    for (std::size_t side = 0; side < 2; ++side) {
      ChartSeries series{comparison::both[side], {}, {}};
      for (std::size_t i = 0; i < sizes->points().size(); ++i)
        series.points.push_back({float(i), float(kind.value(sizes->points()[i].counts[side]))});
      series.label = kind.label(page.s, kind.value(sizes->points().back().counts[side]));
      one.series.push_back(std::move(series));
    }
    chart(page, grid.place(k), one);
  }
}

std::size_t typed_number(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && !digits.empty() ? value : 0;
}

// How far the mailbox grows, and Measure; while it goes on, how far it has come, and Cancel.
void measuring(ComparePage& page, Rect row) {
  Ui& ui = page.ui;
  const Strings& s = page.s;
  if (page.of.measuring()) {
    const std::string_view cancel = s("compare.curves.cancel");
    const float width = button_width(ui, cancel);
    if (button(ui, "compare.cancel", row.take_right(width).at_right(width, 26), cancel)) page.wants(app::MeasureSizes{false});
    row.take_right(10);
    const comparison::Sizes& sizes = *page.of.sizes();
    const double done = page.of.progress();
    const std::string words = s("compare.curves.running", {{"protocol", name_of(sizes.protocol())}, {"n", s.number(sizes.size())},
                                                           {"percent", std::to_string(int(done * 100))}});
    const float text = std::min(row.w * 0.6F, ui.canvas().measure(words, font::caption) + 2);
    ui.label(row.take_right(text), words, font::caption, page.theme().second, Align::right, "compare.progress");
    row.take_right(10);
    const Rect bar = row.take_right(std::min(row.w, 160.F)).at_right(std::min(row.w, 160.F), 6);
    ui.canvas().fill(bar, page.theme().line, 3);
    ui.canvas().fill({bar.x, bar.y, bar.w * float(done), bar.h}, page.theme().accent, 3);
    return;
  }
  const std::string_view measure = s("compare.curves.measure");
  const float width = button_width(ui, measure, {.primary = true});
  LineEdit& typed = ui.edit("compare.largest");
  if (typed.text().empty() && !ui.focused("compare.largest")) typed = LineEdit(s.number(page.of.largest()));
  const bool pressed = button(ui, "compare.measure", row.take_right(width).at_right(width, 26), measure, {.primary = true});
  row.take_right(8);
  const std::string_view letters = s("compare.curves.letters"), upto = s("compare.curves.largest");
  const float unit = ui.canvas().measure(letters, font::body) + 2, before = ui.canvas().measure(upto, font::body) + 2;
  ui.label(row.take_right(unit), letters, font::body, page.theme().second);
  row.take_right(6);
  const InputEvent event = text_input(ui, "compare.largest", row.take_right(84).at_right(84, 26), typed);
  row.take_right(6);
  if (row.w > before) ui.label(row.take_right(before), upto, font::body, page.theme().second, Align::right);
  if (!pressed && event != InputEvent::submitted) return;
  const std::size_t wanted = std::clamp<std::size_t>(typed_number(typed.text()), 1, comparison::largest_mailbox);
  typed = LineEdit(s.number(wanted));
  page.wants(app::SetLargest{wanted});
  page.wants(app::MeasureSizes{true});
}

}  // namespace

void compare_curves(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  const Strings& s = page.s;
  ui.note("compare.curves", Kind::area, area, s("compare.side.curves"));
  Rect row = area.take_top(head_height).inset(metric::padding, 0);
  const bool sizes = page.of.curves() == app::Curves::sizes;
  const std::array<std::string_view, 2> choices{s("compare.curves.by_acts"), s("compare.curves.by_sizes")};
  float width = 0;
  for (const std::string_view one : choices) width = std::max(width, ui.canvas().measure(one, font::caption_strong) + 20);
  int which = int(page.of.curves());
  if (segmented(ui, "compare.curves.which", row.take_left(2 * width).at_left(2 * width, 22), choices, which)) page.wants(app::ShowCurves{app::Curves(which)});
  row.take_left(16);
  if (sizes) {
    Rect controls = row.take_right(std::min(row.w, page.of.measuring() ? 500.F : 400.F));
    measuring(page, controls);
  } else if (row.w > 560) {
    const std::string_view hint = s("compare.curves.click");
    ui.label(row.take_right(ui.canvas().measure(hint, font::caption) + 2), hint, font::caption, page.theme().third, Align::right);
  }
  row.take_right(12);
  for (const Protocol protocol : comparison::both) {
    const std::string_view name = name_of(protocol);
    if (row.w < 90) break;
    draw_shape(ui.canvas(), page.theme(), row.take_left(18).at_left(14, 14), protocol, true, false);
    row.take_left(2);
    ui.label(row.take_left(ui.canvas().measure(name, font::caption_strong) + 2), name, font::caption_strong, page.theme().of(protocol).text);
    row.take_left(12);
  }
  const std::string title = sizes ? s("compare.curves.title_sizes", {{"n", s.number(page.of.largest())}}) : std::string(s("compare.curves.title_acts"));
  if (row.w > ui.canvas().measure(title, font::strong) + 4) ui.label(row, title, font::strong);
  const Rect inside = Rect{area.x + 24, area.y, area.w - 40, area.h - 8};
  if (sizes) by_sizes(page, inside);
  else by_acts(page, inside);
}

}  // namespace glasspost::ui
