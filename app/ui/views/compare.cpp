// The Compare workspace: the same acts by POP3 and IMAP, side by side; the same mail in clear and inside TLS; told or asking.
#include "app/ui/views/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/commands.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float narrowest = 1100, lowest = 480, bar_height = 40;  // of two sides with their acts

float acts_width(float window) { return window < 1280 ? 216 : window < 1440 ? std::lerp(240.F, 280.F, (window - 1280) / 160) : window < 1920 ? std::lerp(280.F, 336.F, (window - 1440) / 480) : 336; }

// ---- the bar: for POP3 and IMAP the acts in time
void film(ComparePage& page, Rect& row) {
  Ui& ui = page.ui;
  const std::size_t chosen = page.of.chosen(), total = page.of.acts().size();
  const auto small = [&](std::string_view name, Icon icon, std::string_view words, bool possible, std::size_t to) {
    if (icon_button(ui, name, row.take_left(28).at_left(28, 28), icon, page.s(words), possible)) page.wants(app::ChooseAct{to});
  };
  small("compare.first", Icon::to_start, "compare.acts.first", chosen > 0, 0);
  small("compare.previous", Icon::step_back, "compare.acts.previous", chosen > 0, chosen > 0 ? chosen - 1 : 0);
  row.take_left(6);
  const bool playing = page.of.playing();
  if (round_button(ui, "compare.play", row.take_left(34).at_left(34, 34), playing ? Icon::pause : Icon::play, page.s(playing ? "compare.acts.stop" : "compare.acts.run")))
    page.wants(app::PlayActs{!playing});
  row.take_left(6);
  small("compare.next", Icon::step_forward, "compare.acts.next", chosen < total, chosen + 1);
  small("compare.last", Icon::fast_forward, "compare.acts.last", chosen < total, total);
}

// The lanes of SMTP, POP3 and IMAP, with the same room for every act; what has not been reached is pale.
void staff_of_acts(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  const Theme& t = page.theme();
  const std::size_t total = page.of.acts().size(), chosen = page.of.chosen();
  if (total == 0 || area.w < 120) return;
  constexpr std::array lanes{Protocol::smtp, Protocol::pop3, Protocol::imap};
  const Rect heads = area.take_top(20), strip = area.inset(0, 4);
  for (std::size_t i = 0; i < lanes.size(); ++i)
    draw_shape(ui.canvas(), t, Rect{strip.x, strip.y + float(i) * 8 - 1, 8, 8}, lanes[i], true, false);
  const Rect whole{strip.x + 16, strip.y, strip.w - 24, strip.h};
  const float each = whole.w / float(total);
  for (std::size_t i = 0; i < total; ++i) {
    const Rect act{whole.x + float(i) * each, heads.y, each, heads.h + strip.h + 4};
    const bool lit = chosen == i + 1;
    const std::string words = each > 56 ? page.s("compare.bar.act", {{"n", std::to_string(i + 1)}}) : std::to_string(i + 1);
    const Response r = ui.interact(fmt::format("compare.staff/{}", i + 1), Kind::item, act, words, {.focusable = false, .on = lit});
    if (r.hovered) ui.canvas().fill(act, t.hovered());
    if (r.clicked) page.wants(app::ChooseAct{i + 1});
    ui.canvas().vertical(act.x, heads.y + 4, act.bottom(), t.line);
    ui.label({act.x + 5, heads.y + 2, each - 8, 16}, words, lit ? font::caption_strong : font::caption, lit ? t.text : t.second);
  }
  for (const app::ComparisonTick& tick : page.of.ticks()) {
    const std::size_t lane = tick.protocol == Protocol::smtp ? 0 : tick.protocol == Protocol::pop3 ? 1 : 2;
    const float x = whole.x + (float(tick.act) + 0.04F + 0.9F * std::clamp(tick.place, 0.F, 1.F)) * each;
    const Colour colour = t.of(tick.protocol).fill;
    ui.canvas().fill({x, strip.y + float(lane) * 8, 1.5F, 6}, tick.act < chosen ? colour : colour.faded(0.35F));
  }
  const float x = whole.x + float(chosen) * each;
  ui.canvas().vertical(x, heads.y + 4, strip.bottom(), t.accent, 2);
  const Point beak[] = {{x - 5, strip.bottom() + 4}, {x + 5, strip.bottom() + 4}, {x, strip.bottom() - 3}};
  ui.canvas().polygon(beak, t.accent);
}

void clock(ComparePage& page, Rect row) {
  const std::size_t chosen = page.of.chosen();
  const comparison::AfterAct* after = page.of.after(Protocol::pop3);
  Rect lines = row.inset(0, 10);
  const Instant at = after ? after->ended : page.of.run(Protocol::pop3)->world().scenario().start;
  page.ui.label(lines.take_top(20), clock_text(at), font::line_bold, {}, Align::left, "compare.clock");
  const std::string total = std::to_string(page.of.acts().size());
  page.ui.label(lines, chosen == 0 ? page.s("compare.bar.none", {{"total", total}}) : page.s("compare.bar.after", {{"n", std::to_string(chosen)}, {"total", total}}),
                font::caption, page.theme().second, Align::left, "compare.after");
}

// ---- POP3 and IMAP
void protocols(ComparePage& page, Rect area) {
  const Halves halves = splitter(page.ui, "split.compare.acts", area, Axis::horizontal, acts_width(page.ui.whole().w), 200, 560);
  compare_acts(page, halves.first);
  const float curves = std::clamp(std::round(halves.second.h * 0.33F), 190.F, 320.F);
  const Halves stacked = splitter(page.ui, "split.compare.curves", halves.second, Axis::vertical, halves.second.h - 1 - curves, 260, 150);
  compare_sides(page, stacked.first);
  compare_curves(page, stacked.second);
}

// Little room: the acts are a bar, and a switch says what is below it.
void protocols_narrow(ComparePage& page, Rect area) {
  compare_acts_bar(page, area.take_top(bar_height));
  const std::array<std::string_view, 3> words{"POP3", "IMAP", page.s("compare.side.curves")};
  Rect row = area.take_top(34).inset(8, 0);
  int shown = page.ui.memory("compare.page") > 0 ? 2 : page.of.side() == Protocol::pop3 ? 0 : 1;
  if (segmented(page.ui, "compare.side", row.at_left(std::min(row.w, 300.F), 24), words, shown)) {
    page.ui.memory("compare.page") = shown == 2 ? 1 : 0;
    if (shown < 2) page.wants(app::ShowSide{shown == 0 ? Protocol::pop3 : Protocol::imap});
  }
  if (shown == 2) return compare_curves(page, area);
  compare_side(page, area, shown == 0 ? Protocol::pop3 : Protocol::imap);
}

}  // namespace

void compare_kinds(ComparePage& page, Rect& row) {
  const std::array<std::string_view, 3> words{page.s("compare.kind.protocols"), page.s("compare.kind.secrecy"), page.s("compare.kind.news")};
  float width = 0;
  for (const std::string_view one : words) width = std::max(width, page.canvas().measure(one, font::strong) + 20);
  int kind = int(page.of.kind());
  if (segmented(page.ui, "compare.kind", row.take_left(3 * width).at_left(3 * width, 28), words, kind)) page.wants(app::ShowComparison{app::ComparisonKind(kind)});
}

void compare_work_bar(ComparePage& page, Rect row) {
  if (!page.of.busy() || page.of.playing() || page.of.measuring()) return;
  const double done = page.of.progress();
  const std::string words = page.s("compare.working", {{"percent", std::to_string(int(done * 100))}});
  const float width = std::min(row.w, page.canvas().measure(words, font::caption) + 2);
  page.ui.label(row.take_right(width), words, font::caption, page.theme().second, Align::right, "compare.working");
  row.take_right(12);
  const Rect bar = row.take_right(std::min(row.w, 160.F)).at_right(std::min(row.w, 160.F), 6);
  page.canvas().fill(bar, page.theme().line, 3);
  page.canvas().fill({bar.x, bar.y, bar.w * float(done), bar.h}, page.theme().accent, 3);
}

void compare_sides(ComparePage& page, Rect area) {
  const Rect left = area.take_left(std::round(area.w / 2));
  compare_side(page, left, Protocol::pop3);
  compare_side(page, area, Protocol::imap);
  page.canvas().vertical(left.right(), left.y, left.bottom(), page.theme().strong_line);
}

void compare_bar_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (!model.comparison()) return;
  ComparePage page{ui, model, *model.comparison(), model.strings(), actions};
  ui.canvas().fill(area, ui.theme.panel);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, ui.theme.line);
  Rect row = area.inset(metric::padding, 0);
  compare_kinds(page, row);
  row.take_left(16);
  if (page.of.kind() != app::ComparisonKind::protocols) return compare_work_bar(page, row);
  const bool wide = area.w >= narrowest;
  if (wide) film(page, row), row.take_left(14);
  if (row.w > 120) clock(page, row.take_left(std::min(row.w, wide ? 150.F : 200.F)));
  row.take_left(8);
  if (!page.of.whole()) return compare_work_bar(page, row);
  staff_of_acts(page, row);
}

void compare_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (!model.comparison()) return;
  ComparePage page{ui, model, *model.comparison(), model.strings(), actions};
  ui.canvas().fill(area, ui.theme.panel);
  switch (page.of.kind()) {
    case app::ComparisonKind::protocols:
      if (area.w < narrowest || area.h < lowest) protocols_narrow(page, area);
      else protocols(page, area);
      break;
    case app::ComparisonKind::secrecy: compare_secrecy(page, area); break;
    case app::ComparisonKind::news: compare_news(page, area); break;
  }
  compare_editor(page);
  compare_exhibit(page);
}

void compare_status_view(Ui& ui, Rect area, const Model& model, Actions&) {
  if (!model.comparison()) return;
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.window);
  ui.canvas().horizontal(area.x, area.right(), area.y, ui.theme.line);
  Rect row = area.inset(metric::padding, 0);
  const std::string text = std::string(s("status.simulated")) + "  •  " + s("compare.status.about", {{"seed", s.number(comparison::Setting{}.seed)}});
  ui.label(row.take_left(std::min(row.w, ui.canvas().measure(text, font::caption) + 2)), text, font::caption, ui.theme.second, Align::left, "status.text");
  row.take_left(24);
  struct Hint {
    std::string_view key, what;
  };
  const bool acts = model.comparison()->kind() == app::ComparisonKind::protocols;
  const std::array<Hint, 5> hints{Hint{"↑ ↓", s("compare.status.keys_acts")}, Hint{"E", s("compare.status.edit")}, Hint{"A", s("compare.status.add")},
                                  Hint{"R", s(model.comparison()->playing() ? "compare.status.stop" : "compare.status.run")}, Hint{"F5", s("status.key.projector")}};
  float width = 0;
  std::size_t first = acts ? 0 : 4, last = first;
  for (; last < hints.size(); ++last) {
    const float w = key_cap_width(ui, hints[last].key) + 8 + ui.canvas().measure(hints[last].what, font::caption) + (last > first ? 16 : 0);
    if (width + w > row.w) break;
    width += w;
  }
  float x = row.right() - width;
  for (std::size_t i = first; i < last; ++i) x += key_hint(ui, {x, row.middle()}, hints[i].key, hints[i].what) + 16;
}

}  // namespace glasspost::ui
