// Which letter is to be opened: a path is typed, folders and letters below it are listed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "app/ui/views/views.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

constexpr float width = 640, input_row = 52, foot = 30;
constexpr std::size_t most_rows = 8, most_looked_at = 5000;

std::string home() {
  const char* place = std::getenv("HOME");
  return place && *place ? std::string(place) + "/" : std::string("/");
}

std::string expanded(const std::string& typed) {
  return typed.starts_with("~/") ? home() + typed.substr(2) : typed;
}

// Paths that begin with what is typed; a folder ends with a slash. Sorted.
std::vector<std::string> found(const std::string& typed) {
  const std::size_t slash = typed.rfind('/');
  const std::string folder = slash == typed.npos ? "" : typed.substr(0, slash + 1);
  const std::string begin = slash == typed.npos ? typed : typed.substr(slash + 1);
  std::vector<std::string> paths;
  std::error_code failed;
  std::filesystem::directory_iterator entries(folder.empty() ? "." : expanded(folder), std::filesystem::directory_options::skip_permission_denied, failed);
  for (std::size_t looked = 0; !failed && entries != std::filesystem::directory_iterator() && looked < most_looked_at; entries.increment(failed), ++looked) {
    const std::string name = entries->path().filename().string();
    if (!name.starts_with(begin) || (begin.empty() && name.starts_with('.'))) continue;
    std::error_code ignored;
    if (entries->is_directory(ignored)) paths.push_back(folder + name + "/");
    else if (to_lower(name).ends_with(".eml")) paths.push_back(folder + name);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// As far as all of them agree.
std::string common_beginning(const std::vector<std::string>& paths) {
  std::string common = paths.front();
  for (const std::string& path : paths) {
    std::size_t same = 0;
    while (same < common.size() && same < path.size() && common[same] == path[same]) ++same;
    common.resize(same);
  }
  return common;
}

void finish(Ui& ui, Actions& actions, const std::string& file) {
  ui.close_popup("letter_file");
  actions.push_back(app::AskLetterFile{false});
  if (!file.empty()) actions.push_back(app::OpenLetter{expanded(file)});
}

}  // namespace

void letter_file_view(Ui& ui, const Model& model, Actions& actions) {
  double& was_open = ui.memory("letter_file.open");
  if (!model.asks_letter_file()) {
    if (was_open > 0) ui.close_popup("letter_file"), was_open = 0;
    return;
  }
  if (was_open > 0 && !ui.popup_open("letter_file")) {  // Escape, or a press outside
    was_open = 0;
    actions.push_back(app::AskLetterFile{false});
    return;
  }
  LineEdit& typed = ui.edit("letter_file.input");
  double& chosen = ui.memory("letter_file.chosen");
  if (was_open == 0) {
    was_open = 1;
    chosen = -1;
    if (typed.text().empty()) typed.set(home());
    ui.open_popup("letter_file", {});
    ui.focus("letter_file.input", true);
  }
  const Strings& s = model.strings();
  std::vector<std::string> paths = found(typed.text());
  const std::size_t rows = std::min(paths.size(), most_rows);
  auto area = ui.begin_popup("letter_file", {std::min(width, ui.whole().w - 32), input_row + float(rows) * metric::menu_row + foot + 8}, true);
  if (!area) return;
  const Rect input = area->take_top(input_row).inset(10, 10);
  const InputEvent event = text_input(ui, "letter_file.input", input, typed, {.placeholder = s("letter_file.placeholder"), .icon = Icon::envelope, .accepts_tab = true});
  if (event == InputEvent::changed) chosen = -1;
  if (event == InputEvent::down) chosen = std::min(chosen + 1, double(rows) - 1);
  if (event == InputEvent::up) chosen = std::max(chosen - 1, -1.0);
  if (event == InputEvent::tab && !paths.empty()) typed.set(chosen >= 0 ? paths[std::size_t(chosen)] : common_beginning(paths)), chosen = -1;
  std::optional<std::string> wanted;
  if (event == InputEvent::submitted) wanted = chosen >= 0 && std::size_t(chosen) < paths.size() ? paths[std::size_t(chosen)] : typed.text();
  for (std::size_t i = 0; i < rows; ++i) {
    const Rect row = area->take_top(metric::menu_row);
    const Response r = ui.interact("letter_file.item/" + std::to_string(i), Kind::item, row, paths[i], {.focusable = false, .on = double(i) == chosen});
    row_ground(ui, row, double(i) == chosen, r.hovered);
    ui.label(row.inset(metric::padding, 0), paths[i], font::console);
    if (r.clicked) wanted = paths[i];
  }
  ui.canvas().horizontal(area->x, area->right(), area->y + 4, ui.theme.line);
  area->take_top(4);
  ui.label(area->inset(metric::padding, 0), s("letter_file.hint"), font::caption, ui.theme.third);
  if (wanted && wanted->ends_with('/')) typed.set(*wanted), chosen = -1, ui.next_frame();
  else if (wanted && !wanted->empty()) finish(ui, actions, *wanted);
  ui.end_popup();
}

}  // namespace glasspost::ui
