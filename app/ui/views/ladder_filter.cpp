#include "app/ui/views/ladder_filter.h"

#include <algorithm>
#include <array>

#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

std::string message_id_of(std::string_view letter) {
  constexpr std::string_view name = "message-id:";
  for (std::size_t at = 0; at < letter.size();) {
    const std::size_t end = std::min(letter.find('\n', at), letter.size());
    std::string_view line = letter.substr(at, end - at);
    if (line.empty() || line == "\r") break;  // the headers end here
    const bool is_it = line.size() > name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
                         return a == (b >= 'A' && b <= 'Z' ? char(b - 'A' + 'a') : b);
                       });
    if (is_it) {
      const std::size_t open = line.find('<'), close = line.find('>');
      if (open != line.npos && close != line.npos && close > open) return std::string(line.substr(open, close - open + 1));
    }
    at = end + 1;
  }
  return {};
}

struct Choice {
  app::FilterKind kind;
  std::string_view name;
  std::string words;
};

std::vector<Choice> choices(const Model& model) {
  const Strings& s = model.strings();
  std::vector<Choice> all{{app::FilterKind::everyone, "everyone", std::string(s("ladder.filter_everyone"))},
                          {app::FilterKind::connection, "connection", std::string(s("ladder.filter_connection"))}};
  if (model.stage() != app::Stage::world) return all;
  if (!message_id_of(model.story_letter()).empty())
    all.push_back({app::FilterKind::letter, "letter", std::string(s("ladder.filter_letter"))});
  const app::LadderFilter user = filter_of(model, app::FilterKind::user);
  if (!user.devices.empty()) {
    std::string who = user.user.substr(0, user.user.find('@'));
    if (!who.empty() && who[0] >= 'a' && who[0] <= 'z') who[0] = char(who[0] - 'a' + 'A');
    all.push_back({app::FilterKind::user, "user", s("ladder.filter_user", {{"user", who}})});
  }
  return all;
}

void search(Ui& ui, Rect box, const Model& model, Actions& actions) {
  // The text is the model's; where the cursor stands in it is the window's.
  double &cursor = ui.memory("ladder.search.cursor"), &anchor = ui.memory("ladder.search.anchor");
  LineEdit edit(model.filter().text);
  edit.place(std::min(std::size_t(anchor), edit.text().size()));
  edit.place(std::min(std::size_t(cursor), edit.text().size()), true);
  const InputEvent event = text_input(ui, "ladder.search", box.at_left(box.w, 24), edit,
                                      {.placeholder = model.strings()("ladder.filter_text"), .text_font = font::caption, .search = true});
  cursor = double(edit.cursor()), anchor = double(edit.anchor());
  if (event == InputEvent::escape) ui.unfocus(), edit.clear(), cursor = anchor = 0;
  if (edit.text() == model.filter().text) return;
  app::LadderFilter filter = model.filter();
  filter.text = edit.text();
  actions.push_back(app::SetFilter{std::move(filter)});
}

}  // namespace

void ladder_filter_menu(Ui& ui, Rect place, const Model& model, Actions& actions) {
  const std::vector<Choice> all = choices(model);
  std::vector<std::string_view> words;
  int chosen = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    words.push_back(all[i].words);
    if (all[i].kind == model.filter().kind) chosen = int(i);
  }
  if (!dropdown(ui, "ladder.filter", place, words, chosen)) return;
  const app::FilterKind kind = all[std::size_t(chosen)].kind;
  if (kind != app::FilterKind::connection || model.selection().message) actions.push_back(app::SetFilter{filter_of(model, kind)});
}

app::LadderFilter filter_of(const Model& model, app::FilterKind kind) {
  app::LadderFilter filter;
  filter.kind = kind;
  filter.text = model.filter().text;
  switch (kind) {
    case app::FilterKind::everyone: break;
    case app::FilterKind::connection:
      if (model.selection().message) filter.connection = model.selection().message->connection;
      break;
    case app::FilterKind::letter: filter.letter = message_id_of(model.story_letter()); break;
    case app::FilterKind::user:
      filter.user = model.scenario().recipient;
      for (std::size_t i = 0; i < model.scenario().hosts.size(); ++i)
        if (model.scenario().hosts[i].owner == filter.user && !filter.user.empty()) filter.devices.push_back(HostId(i + 1));
      break;
  }
  return filter;
}

void ladder_filter(Ui& ui, Rect head, const Model& model, Actions& actions, std::size_t rows_above) {
  const Strings& s = model.strings();
  Rect row = head.inset(metric::padding, 0);
  const std::string_view title = s("ladder.title");
  ui.label(row.take_left(ui.canvas().measure(title, font::strong) + 1), title, font::strong);
  row.take_left(20);

  const std::vector<Choice> all = choices(model);
  float width = 0;
  for (const Choice& choice : all) width += chip_width(ui, choice.words) + 6;
  if (width < row.w) {
    for (const Choice& choice : all) {
      const bool possible = choice.kind != app::FilterKind::connection || model.selection().message;
      const float w = chip_width(ui, choice.words);
      const bool on = model.filter().kind == choice.kind;
      if (chip(ui, "ladder.filter/" + std::string(choice.name), {row.x, row.middle()}, choice.words, on) && possible)
        actions.push_back(app::SetFilter{filter_of(model, choice.kind)});
      row.take_left(w + 6);
    }
  } else if (row.w > 130) {  // what hides lines is never out of sight
    ladder_filter_menu(ui, row.take_left(116).at_left(116, 22), model, actions);
  }
  row.take_left(10);

  const std::size_t shown = model.lines().shown_of(model.said());
  std::string count = s.count("ladder.so_far", shown);
  if (model.stage() == app::Stage::world && model.said() == 0)
    count = s("ladder.of_total", {{"n", s.number(shown)}, {"total", s.number(model.lines().size())}});
  const std::string above = rows_above > 0 ? s.count("ladder.earlier", rows_above) : std::string();
  const float count_width = ui.canvas().measure(count, font::caption) + 1, above_width = ui.canvas().measure(above, font::caption) + 1;
  const float search_width = ui.canvas().measure(s("ladder.filter_text"), font::caption) + 52;
  if (!above.empty() && row.w > count_width + above_width + search_width + 48) {
    ui.label(row.take_right(above_width), above, font::caption, ui.theme.second, Align::right, "ladder.above");
    row.take_right(16);
  }
  if (row.w > count_width + 8) ui.label(row.take_right(count_width), count, font::caption, ui.theme.second, Align::right, "ladder.count");
  row.take_right(16);
  if (row.w >= search_width && (shown > 0 || !model.filter().text.empty())) search(ui, row.take_left(search_width), model, actions);
}

}  // namespace glasspost::ui
