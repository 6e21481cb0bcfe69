#include "app/ui/views/heads.h"

#include <fmt/format.h>

#include <any>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr double seconds_to_see = 4, seconds_a_letter = 0.08;

}  // namespace

Rect lower_head(Ui& ui, std::string_view name, Rect& area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  Rect head = area.take_top(metric::panel_head);
  ui.note(name, Kind::area, head);
  const std::array<std::string_view, 5> texts{s("console.title"), s("mailboxes.title"), s("message.title"), s("states.title"), s("lanes.title")};
  Rect row = head.inset(metric::padding, 0);
  const Rect bar = row.take_left(tabs_width(ui, texts, TabLine::below));
  int chosen = int(model.lower());
  if (tabs(ui, "lower.tabs", bar, texts, chosen, TabLine::below)) actions.push_back(app::ShowLower{app::LowerPanel(chosen)});
  ui.canvas().horizontal(head.x, head.right(), head.bottom() - 1, ui.theme.line);
  row.take_left(metric::gap);
  return row;
}

namespace {

// What only confirms leaves by itself when there was time to read it; an error stays.
void leave_in_time(Ui& ui, std::string_view text, Actions& actions) {
  struct Shown {
    std::string text;
    double since = 0;
  };
  std::any& any = ui.kept("notice.shown");
  auto* shown = std::any_cast<Shown>(&any);
  if (!shown || shown->text != text) {
    any = Shown{std::string(text), ui.now()};
    shown = std::any_cast<Shown>(&any);
  }
  const double until = shown->since + seconds_to_see + seconds_a_letter * double(text.size());
  if (ui.now() < until) return ui.next_frame_at(until);
  actions.push_back(app::DismissNotice{});
  any.reset();
}

}  // namespace

void notice_bar(Ui& ui, Rect& rest, const Model& model, Actions& actions) {
  if (!model.notice()) return ui.kept("notice.shown").reset();
  if (!model.notice()->is_error) leave_in_time(ui, model.notice()->text, actions);
  const Theme& t = ui.theme;
  const bool error = model.notice()->is_error;
  const float width = rest.w - 2 * metric::padding - 72;
  const float height = std::min(120.F, measure_prose(ui, width, model.notice()->text) + 16);
  const Rect area = rest.take_bottom(height);
  ui.note("notice", Kind::notice, area, model.notice()->text);
  ui.canvas().fill(area, error ? t.error.tint : t.sunken);
  ui.canvas().horizontal(area.x, area.right(), area.y, error ? t.error.fill : t.line);
  Rect row = area.inset(metric::padding, 0);
  const Rect mark = row.take_left(32);
  if (error) draw_icon(ui.canvas(), Icon::warning, {mark.x, area.y + 9, 16, 16}, t.error.fill);
  else draw_icon(ui.canvas(), Icon::tick, {mark.x, area.y + 9, 16, 16}, t.text);
  if (icon_button(ui, "notice.close", row.take_right(28).at_right(28, 28), Icon::cross, model.strings()("common.close")))
    actions.push_back(app::DismissNotice{});
  Rect text{row.x, area.y + 8, width, height - 16};
  prose(ui, text, model.notice()->text, font::body, error ? t.error.text : t.text);
}

void welcome_bar_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  ui.canvas().fill(area, t.window);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, t.line);
  Rect row = area.inset(metric::padding, 8);
  if (icon_button(ui, "start.close", row.take_right(28).at_right(28, 28), Icon::cross, s("start.close")))
    actions.push_back(app::CloseWelcome{});
  row.take_right(metric::padding);
  const std::string_view also = s("start.you_can_also");
  const float also_width = ui.canvas().measure(also, font::body);
  if (row.w > 720) {
    ui.label(row.take_left(also_width + 9).moved(8, 0), also, font::body, t.second);
    row.take_left(metric::padding);
  }
  struct Way {
    std::string_view name, title, hint;
    Icon icon;
    std::optional<Action> leads_to;
  };
  std::vector<Way> ways;
  if (app::is_offered(app::Workspace::learn))
    ways.push_back({"start.lesson", s("start.lesson"), s("start.lesson_hint"), Icon::page, app::ShowWorkspace{app::Workspace::learn}});
  ways.push_back({"start.explore", s("start.explore"), s("start.explore_hint"), Icon::compass, {}});
  ways.push_back({"start.connect", s("start.connect"), s("start.connect_hint"), Icon::server, app::AskAddress{}});
  const float each = std::min(408.F, (row.w - 12 * float(ways.size() - 1)) / float(ways.size()));
  for (const Way& way : ways) {
    const Rect box = row.take_left(each);
    row.take_left(12);
    const Response r = ui.interact(way.name, Kind::button, box, way.title);
    ui.canvas().fill(box, r.hovered ? t.sunken : t.raised, metric::radius);
    ui.canvas().outline(box, t.strong_line, 1, metric::radius);
    Rect inside = box.inset(14, 0);
    draw_icon(ui.canvas(), way.icon, inside.take_left(20).at_left(20, 20), t.text);
    inside.take_left(12);
    runs(ui, inside, {{.text = way.title, .font = font::strong}, {.text = way.hint, .colour = t.second, .gap = 12}});
    if (r.ring) ui.focus_ring(box);
    if (!r.clicked) continue;
    actions.push_back(app::CloseWelcome{});
    if (way.leads_to) actions.push_back(*way.leads_to);
    if (way.name == "start.connect") ui.focus(app::is_offered(app::Workspace::live) ? "live.address" : "console.address");
  }
}

void welcome_play(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  ui.canvas().fill(area, t.panel);
  const float side = std::min(102.F, area.h - 16), width = std::min(area.w - 32, side + 24 + 620);
  Rect row{area.x + std::max(16.F, (area.w - width) / 2), area.y, width, area.h};
  if (round_button(ui, "start.play", row.take_left(side).at_left(side, side), Icon::play, s("transport.play"), true))
    actions.push_back(app::Play{});
  row.take_left(24);
  double seconds = std::chrono::duration<double>(model.end() - model.start()).count();
  std::string number = fmt::format("{:.1f}", seconds);
  if (s.language() == Language::spanish) number[number.find('.')] = ',';
  // How long it takes to watch, in halves of a minute.
  const double minutes = std::round(seconds / std::max(1e-6, model.playback().speed) / 30) / 2;
  std::string watched = fmt::format("{:g}", minutes);
  if (s.language() == Language::spanish)
    if (const auto point = watched.find('.'); point != std::string::npos) watched[point] = ',';
  watched = minutes == 2 ? std::string(s("start.two_minutes")) : s("common.min", {{"n", watched}});
  const std::string how_long = s("start.how_long", {{"seconds", number}, {"minutes", watched}});
  const float promise = measure_prose(ui, row.w, s("start.promise"), font::prose);
  const float small = measure_prose(ui, row.w, how_long, font::caption);
  const bool all = 30 + promise + 8 + small <= area.h;
  const float height = 30 + promise + (all ? 8 + small : 0);
  Rect text{row.x, std::max(area.y, area.middle() - height / 2), row.w, height};
  Rect title = text.take_top(30);
  const std::string_view words = s("start.title"), key = s("start.key");
  const float w = ui.canvas().measure(words, font::title);
  ui.label(title.take_left(std::min(title.w, w + 1)), words, font::title);
  if (title.w > key_cap_width(ui, key) + 14) key_cap(ui, {title.x + 14, title.middle()}, key);
  text.take_top(prose(ui, text, s("start.promise"), font::prose, t.second));
  text.take_top(8);
  if (all) prose(ui, text, how_long, font::caption, t.second);
}

}  // namespace glasspost::ui
