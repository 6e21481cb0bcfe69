// The status bar: what is shown and where it comes from; the keys that help here.
#include <algorithm>
#include <vector>

#include "app/ui/views/commands.h"
#include "app/ui/views/learn.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

std::string where(const Model& model) {
  const Strings& s = model.strings();
  if (model.workspace() == app::Workspace::live) return std::string(s("status.live"));
  switch (model.stage()) {
    case app::Stage::doors: return s("status.doors", {{"address", "127.0.0.1"}});
    case app::Stage::live: return std::string(s("status.live"));
    case app::Stage::world: break;
  }
  return std::string(s("status.simulated"));
}

struct Hint {
  std::string key;
  std::string_view what;
};

// Those that fit, from the first on; they end at the right.
void hints(Ui& ui, Rect row, const Model& model) {
  const Strings& s = model.strings();
  const bool chosen = model.selected() != nullptr;
  std::vector<Hint> all{Hint{key_text(s, {Key::space}), s(model.playback().playing ? "status.key.pause" : "status.key.play")},
                          Hint{key_text(s, {Key::k, Modifier::ctrl}), s("status.key.palette")},
                          Hint{"J K", s("status.key.line")},
                          Hint{"N P", s("status.key.exchange")},
                          Hint{"H", s(model.revealed() ? "status.key.secret" : "status.key.reveal")},
                          Hint{"F5", s("status.key.projector")}};
  const bool live = model.workspace() == app::Workspace::live;
  if (live) std::rotate(all.begin(), all.begin() + 1, all.end());  // nothing plays here
  if (letters_are_written(model)) all.erase(all.begin() + 2, all.begin() + 5);
  const std::size_t wanted = std::min(all.size(), std::size_t(live ? (model.stage() == app::Stage::live ? 3 : 1) : chosen ? 6 : 4));
  std::size_t shown = 0;
  float width = 0;
  for (; shown < wanted; ++shown) {
    const float w = key_cap_width(ui, all[shown].key) + 8 + ui.canvas().measure(all[shown].what, font::caption) + (shown ? 16 : 0);
    if (width + w > row.w) break;
    width += w;
  }
  float x = row.right() - width;
  for (std::size_t i = 0; i < shown; ++i) x += key_hint(ui, {x, row.middle()}, all[i].key, all[i].what) + 16;
}

}  // namespace

void status_view(Ui& ui, Rect area, const Model& model, Actions&) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.window);
  ui.canvas().horizontal(area.x, area.right(), area.y, ui.theme.line);
  Rect row = area.inset(metric::padding, 0);
  std::string text = where(model);
  const bool live = model.workspace() == app::Workspace::live;
  if (model.stage() == app::Stage::world && !live)
    text += "  •  " + s("status.scenario", {{"scenario", model.scenario().name}, {"seed", s.number(model.seed())}});
  if (live) text += "  •  " + std::string(s("live.ways_hint"));
  if (!live || model.stage() == app::Stage::live) text += "  •  " + s("ladder.of_total", {{"n", s.number(model.lines().shown_of(model.said()))}, {"total", s.number(model.lines().size())}});
  const float wanted = std::min(row.w, ui.canvas().measure(text, font::caption) + 2);
  ui.label(row.take_left(wanted), text, font::caption, ui.theme.second, Align::left, "status.text");
  row.take_left(24);
  if (row.w > 40) hints(ui, row, model);
}

}  // namespace glasspost::ui
