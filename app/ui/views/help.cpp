// All keys on one card. The list is the one that the keys come from.
#include <algorithm>
#include <cmath>

#include "app/ui/views/commands.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float row_height = 26, key_column = 96;

void one(Ui& ui, Rect row, const Model& model, const Command& command) {
  Rect keys = row.take_left(key_column);
  float x = keys.x;
  x += key_cap(ui, {x, keys.middle()}, key_text(model.strings(), *command.key)) + 6;
  if (command.other_key && keys.right() - x > 24) key_cap(ui, {x, keys.middle()}, key_text(model.strings(), *command.other_key));
  ui.label(row, command.words, font::body, command.possible ? ui.theme.text : ui.theme.second);
}

}  // namespace

void help_view(Ui& ui, const Model& model, Actions& actions) {
  double& was_open = ui.memory("help.open");
  if (!model.help_open()) {
    if (was_open > 0) ui.close_popup("help"), was_open = 0;
    return;
  }
  if (was_open > 0 && !ui.popup_open("help")) {
    was_open = 0;
    actions.push_back(app::ToggleHelp{});
    return;
  }
  if (was_open == 0) was_open = 1, ui.open_popup("help", {});
  const Strings& s = model.strings();
  std::vector<Command> all = commands(model);
  std::erase_if(all, [](const Command& c) { return !c.key; });
  const Rect whole = ui.whole();
  const bool two = whole.w >= 760;
  const std::size_t each = two ? (all.size() + 1) / 2 : all.size();
  const float width = std::min(two ? 760.F : 420.F, whole.w - 32), height = std::min(56 + float(each) * row_height + 24, whole.h - 64);
  auto area = ui.begin_popup("help", {width, height}, true);
  if (!area) return;
  Rect head = area->take_top(48).inset(metric::card_padding, 0);
  if (icon_button(ui, "help.close", head.take_right(28).at_right(28, 28), Icon::cross, s("common.close")))
    actions.push_back(app::ToggleHelp{});
  ui.label(head, s("action.help"), font::title);
  {
    ScrollArea scroll(ui, "help.keys", area->inset(metric::card_padding, 0), float(each) * row_height + 16);
    const Rect content = scroll.content();
    const float column = two ? (content.w - metric::gap) / 2 : content.w - 12;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Rect row{content.x + (i >= each ? column + metric::gap : 0), content.y + float(i % each) * row_height, column, row_height};
      if (ui.canvas().shows(row)) one(ui, row, model, all[i]);
    }
  }
  ui.end_popup();
}

}  // namespace glasspost::ui
