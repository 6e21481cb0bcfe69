// The transport: play and pause, the clock, the staff.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/model/learning.h"
#include "app/ui/views/staff.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

std::string under_the_clock(const Model& model, bool wide) {
  const Strings& s = model.strings();
  switch (model.stage()) {
    case app::Stage::doors: return std::string(s("transport.real_time"));
    case app::Stage::live: return std::string(s("transport.live_time"));
    case app::Stage::world: break;
  }
  if (model.cursor() <= model.start()) return std::string(s("transport.waiting"));
  const std::string since = s.duration(model.cursor() - model.start());
  if (model.learning()) {  // in some lessons nothing is typed
    const auto& stage = model.learning()->lesson.stage;
    const bool writes = std::find(stage.begin(), stage.end(), lessons::StagePanel::console) != stage.end();
    return std::string(s(model.at_end() && writes ? "transport.waiting_for_you" : "transport.waiting"));
  }
  const std::string who = sender_name(model);
  if (who.empty()) return s("transport.after_start", {{"duration", since}});
  if (!wide) return s("transport.after_send_short", {{"duration", since}});
  return s("transport.after_send", {{"duration", since}, {"who", who}});
}

void buttons(Ui& ui, Rect& row, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const bool world = model.stage() == app::Stage::world, playing = model.playback().playing;
  const bool past = model.cursor() > model.start(), more = !model.at_end();
  if (icon_button(ui, "transport.back", row.take_left(28).at_left(28, 28), Icon::step_back, s("transport.back"), past))
    actions.push_back(app::StepMessages{-1});
  row.take_left(8);
  const Rect round = row.take_left(34).at_left(34, 34);
  if (world) {
    if (round_button(ui, "transport.play", round, playing ? Icon::pause : Icon::play, s(playing ? "transport.pause" : "transport.play")))
      actions.push_back(app::TogglePlay{});
  }
  row.take_left(8);
  if (icon_button(ui, "transport.step", row.take_left(28).at_left(28, 28), Icon::step_forward, s("transport.step"), more))
    actions.push_back(app::StepMessages{1});
  if (icon_button(ui, "transport.forward", row.take_left(28).at_left(28, 28), Icon::fast_forward, s("transport.forward"), more))
    actions.push_back(app::ToEnd{});
  row.take_left(4);
  if (!world) return;
  std::array<std::string, std::size(speeds)> words;
  std::array<std::string_view, std::size(speeds)> texts;
  int chosen = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = speed_text(s, speeds[i]), texts[i] = words[i];
    if (speeds[i] <= model.playback().speed * 1.001) chosen = int(i);
  }
  if (dropdown(ui, "transport.speed", row.take_left(64).at_left(64, 24), texts, chosen))
    actions.push_back(app::SetSpeed{speeds[chosen]});
}

}  // namespace

void transport_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, ui.theme.line);
  Rect row = area.inset(metric::padding, 0);
  const bool wide = area.w >= 1080;
  buttons(ui, row, model, actions);
  row.take_left(wide ? 16 : 12);
  Rect clock = row.take_left(wide ? 176 : 132).inset(0, 10);
  ui.label(clock.take_top(20), clock_text(model.cursor()), font::line_bold, {}, Align::left, "transport.clock");
  ui.label(clock, under_the_clock(model, wide), font::caption, ui.theme.second, Align::left, "transport.since");
  row.take_left(wide ? 8 : 16);
  staff(ui, row, model, actions);
}

}  // namespace glasspost::ui
