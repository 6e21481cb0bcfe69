// Every action, with its key: type, choose, Enter.
#include <algorithm>

#include "app/ui/views/commands.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float width = 560, input_row = 52, foot = 30;
constexpr std::size_t most_rows = 12;

// For comparing: small letters without accents, so that "envio" finds "Envío".
std::string plain(std::string_view text) {
  static constexpr std::pair<std::string_view, char> accents[] = {
      {"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"ü", 'u'}, {"ñ", 'n'},
      {"Á", 'a'}, {"É", 'e'}, {"Í", 'i'}, {"Ó", 'o'}, {"Ú", 'u'}, {"Ñ", 'n'}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto* accent = std::find_if(std::begin(accents), std::end(accents), [&](const auto& a) { return text.substr(i).starts_with(a.first); });
    if (accent != std::end(accents)) {
      out += accent->second, i += accent->first.size();
      continue;
    }
    const char c = text[i++];
    out += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  }
  return out;
}

// Each typed word is somewhere in it.
bool matches(std::string_view words, std::string_view typed) {
  const std::string have = plain(words), want = plain(typed);
  for (std::size_t at = 0; at < want.size();) {
    const std::size_t end = std::min(want.find(' ', at), want.size());
    if (end > at && have.find(want.substr(at, end - at)) == std::string::npos) return false;
    at = end + 1;
  }
  return true;
}

std::vector<Command> found(const Model& model, std::string_view typed) {
  std::vector<Command> all = commands(model);
  std::erase_if(all, [&](const Command& c) { return !c.listed || !matches(c.words, typed); });
  std::stable_partition(all.begin(), all.end(), [](const Command& c) { return c.possible; });
  return all;
}

void perform(Ui& ui, Command& command, Actions& actions) {
  if (!command.possible) return;
  ui.close_popup("palette");
  actions.push_back(app::TogglePalette{});
  if (command.action) actions.push_back(std::move(*command.action));
  if (!command.focus.empty()) ui.focus(command.focus, true);
}

void list(Ui& ui, Rect area, const Model& model, std::vector<Command>& all, std::size_t chosen, Actions& actions) {
  ScrollArea scroll(ui, "palette.list", area, float(all.size()) * metric::menu_row);
  Rect rows = scroll.content();
  scroll.reveal(float(chosen) * metric::menu_row, metric::menu_row);
  std::optional<std::size_t> clicked;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Rect row = rows.take_top(metric::menu_row);
    if (!ui.canvas().shows(row)) continue;
    Command& command = all[i];
    const Response r = ui.interact("palette.item/" + std::to_string(i), Kind::item, row, command.words,
                                   {.focusable = false, .enabled = command.possible, .on = i == chosen});
    row_ground(ui, row, i == chosen, r.hovered);
    Rect inside = row.inset(metric::padding, 0);
    if (command.key) {
      const std::string key = key_text(model.strings(), *command.key);
      const float w = key_cap_width(ui, key);
      const Rect place = inside.take_right(w);
      key_cap(ui, {place.x, place.middle()}, key);
      inside.take_right(12);
    }
    ui.label(inside, command.words, font::body, command.possible ? ui.theme.text : ui.theme.third);
    if (r.clicked) clicked = i;
  }
  if (clicked) perform(ui, all[*clicked], actions);
}

}  // namespace

void palette_view(Ui& ui, const Model& model, Actions& actions) {
  double& was_open = ui.memory("palette.open");
  if (!model.palette_open()) {
    if (was_open > 0) ui.close_popup("palette"), was_open = 0;
    return;
  }
  if (was_open > 0 && !ui.popup_open("palette")) {  // Escape, or a press outside
    was_open = 0;
    actions.push_back(app::TogglePalette{});
    return;
  }
  LineEdit& typed = ui.edit("palette.input");
  if (was_open == 0) {
    was_open = 1;
    typed.clear();
    ui.memory("palette.chosen") = 0;
    ui.open_popup("palette", {});
    ui.focus("palette.input", true);
  }
  const Strings& s = model.strings();
  std::vector<Command> all = found(model, typed.text());
  const float rows = float(std::clamp<std::size_t>(all.size(), 1, most_rows)) * metric::menu_row;
  auto area = ui.begin_popup("palette", {width, input_row + rows + foot + 8}, true);
  if (!area) return;
  double& chosen = ui.memory("palette.chosen");
  const Rect input = area->take_top(input_row).inset(10, 10);
  const InputEvent event = text_input(ui, "palette.input", input, typed, {.placeholder = s("palette.placeholder"), .text_font = font::body, .search = true});
  if (event == InputEvent::changed) chosen = 0, ui.next_frame(), all = found(model, typed.text());
  if (event == InputEvent::down) chosen = std::min(chosen + 1, double(all.size()) - 1), ui.next_frame();
  if (event == InputEvent::up) chosen = std::max(chosen - 1, 0.0), ui.next_frame();
  const Rect hint = area->take_bottom(foot);
  ui.canvas().horizontal(hint.x, hint.right(), hint.y, ui.theme.line);
  ui.label(hint.inset(metric::padding, 0), s("palette.hint"), font::caption, ui.theme.third);
  const std::size_t at = std::size_t(std::clamp(chosen, 0.0, std::max(0.0, double(all.size()) - 1)));
  if (all.empty()) ui.label(area->inset(metric::padding, 0), s("palette.none"), font::body, ui.theme.second);
  else if (event == InputEvent::submitted) perform(ui, all[at], actions);
  else list(ui, *area, model, all, at, actions);
  ui.end_popup();
}

}  // namespace glasspost::ui
