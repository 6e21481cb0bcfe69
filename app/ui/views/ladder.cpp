// The ladder: a column for each party, a row for each message, in the order in which they were said.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/ladder_filter.h"
#include "app/ui/views/ladder_minimap.h"
#include "app/ui/views/ladder_rows.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float row_height = metric::ladder_row, first_lifeline = 140, right_margin = 56;
constexpr std::size_t most_unfolded = 200;

// Rows are counted in lines of 20 px. One message may be unfolded, and then takes more of them.
struct Scroll {
  double first = 0;                // the line at the top
  double visible = 1;              // how many lines are seen
  std::size_t shown = 0;           // rows that have been said and pass the filter
  std::size_t unfolded = 0;        // which of them is open, from 1; 0: none
  std::vector<std::string> extra;  // its lines

  double total() const { return double(shown + extra.size()); }
  double line_of(std::size_t row) const { return double(row) + (unfolded > 0 && row >= unfolded ? double(extra.size()) : 0); }
  std::size_t row_at(double line) const {
    if (unfolded > 0 && line >= double(unfolded)) line = std::max(double(unfolded) - 1, line - double(extra.size()));
    return std::size_t(std::max(0.0, line));
  }
  void clamp() { first = std::clamp(first, 0.0, std::max(0.0, total() - visible)); }
  void reveal(double line) {
    if (line < first) first = line;
    if (line + 1 > first + visible) first = line + 1 - visible;
  }
};

void open_unfolded(Ui& ui, const Model& model, Scroll& scroll) {
  const auto number = std::size_t(ui.memory("ladder.unfolded"));
  if (number == 0 || number > model.conversations().rows()) return;
  const auto line = model.lines().index_of(number - 1);
  if (!line || *line >= scroll.shown) return;
  const MessageRef ref = model.conversations().row(number - 1);
  const Conversation& conversation = *model.conversations().find(ref.connection);
  scroll.unfolded = *line + 1;
  scroll.extra = unfolded_lines(conversation, conversation.message(ref.message), most_unfolded);
}

// What was said last, or chosen last, comes into sight; where nothing changed, the person's scrolling stays.
void follow(Ui& ui, const Model& model, Scroll& scroll) {
  double &shown = ui.memory("ladder.shown", -1), &chosen = ui.memory("ladder.chosen", -1);
  double now = 0;
  std::optional<std::size_t> line;
  if (const auto& message = model.selection().message) {
    now = double(message->connection) * 4294967296.0 + double(message->message) + 1;
    if (const auto row = model.conversations().row_of(*message)) line = model.lines().index_of(*row);
  }
  if (shown != double(scroll.shown) && scroll.shown > 0) scroll.reveal(scroll.line_of(scroll.shown - 1) + (scroll.unfolded == scroll.shown ? double(scroll.extra.size()) : 0));
  if (chosen != now && line && *line < scroll.shown) scroll.reveal(scroll.line_of(*line));
  double& unfolded = ui.memory("ladder.unfolded.shown");
  if (unfolded != double(scroll.unfolded) && scroll.unfolded > 0) {
    scroll.reveal(double(scroll.unfolded) - 1 + double(scroll.extra.size()));
    scroll.reveal(double(scroll.unfolded) - 1);
  }
  shown = double(scroll.shown), chosen = now, unfolded = double(scroll.unfolded);
}

void column_heads(Ui& ui, Rect head, const Model& model, const LadderColumns& columns) {
  const Strings& s = model.strings();
  ui.canvas().fill(head, ui.theme.sunken);
  ui.canvas().horizontal(head.x, head.right(), head.bottom() - 1, ui.theme.line);
  ui.label({head.x + 2, head.y, 36, head.h}, s("ladder.number"), font::caption, ui.theme.second, Align::right);
  ui.label({head.x + 40, head.y, 54, head.h}, s("ladder.seconds"), font::caption, ui.theme.second, Align::right);
  // First those that talk, then the quiet ones where there is room left between them.
  std::vector<std::pair<float, float>> taken{{head.x, head.x + 96}};
  const auto is_free = [&](float a, float b) {
    return std::none_of(taken.begin(), taken.end(), [&](const auto& t) { return a < t.second + 6 && b > t.first - 6; });
  };
  for (const bool talking : {true, false})
    for (const LadderColumn& column : columns.all()) {
      if (column.talks != talking) continue;
      const bool folded = column.folded > 0;
      const std::string text = folded ? s("ladder.more_columns", {{"n", std::to_string(column.folded)}}) : talking ? column.label : column.brief;
      const Font font = talking ? font::strong : font::caption;
      float width = ui.canvas().measure(text, font) + 1;
      float x = std::clamp(column.x - width / 2, head.x + 102, std::max(head.x + 102, head.right() - width - 12));
      if (!is_free(x, x + width) && talking) {
        const std::string& brief = column.brief;
        width = ui.canvas().measure(brief, font) + 1;
        x = std::clamp(column.x - width / 2, head.x + 102, std::max(head.x + 102, head.right() - width - 12));
        if (!is_free(x, x + width)) continue;
        ui.label({x, head.y, width, head.h}, brief, font);
      } else if (is_free(x, x + width)) {
        if (folded) ui.canvas().fill(Rect{x - 5, head.y + 5, width + 10, head.h - 10}, ui.theme.raised, metric::chip_radius);
        ui.label({x, head.y, width, head.h}, text, font, talking ? ui.theme.text : ui.theme.second);
      } else {
        continue;
      }
      ui.tooltip({x, head.y, width, head.h}, column.label);
      taken.push_back({x, x + width});
    }
}

std::vector<LadderRow> rows_in_sight(const Model& model, const Scroll& scroll, Rect area) {
  std::vector<LadderRow> rows;
  for (std::size_t line = scroll.row_at(scroll.first); line < scroll.shown; ++line) {
    const std::size_t row = model.lines().row(line);
    const float y = area.y + float(scroll.line_of(line) - scroll.first) * row_height;
    if (y >= area.bottom()) break;
    LadderRow& made = rows.emplace_back();
    made.ref = model.conversations().row(row);
    made.number = row + 1;
    if (scroll.unfolded == line + 1) made.unfolded = scroll.extra;
    made.rect = {area.x, y, area.w, row_height * float(1 + made.unfolded.size())};
  }
  return rows;
}

void list_keys(Ui& ui, Rect area, const Scroll& scroll, Actions& actions) {
  const Response list = ui.interact("ladder.list", Kind::list, area, {}, {.takes_keys = true, .focus_on_click = true, .pointer = Pointer::arrow});
  const int page = std::max(1, int(scroll.visible) - 1);
  if (list.focused) {
    if (ui.take(Key::down)) actions.push_back(app::SelectBy{1});
    if (ui.take(Key::up)) actions.push_back(app::SelectBy{-1});
    if (ui.take(Key::home)) actions.push_back(app::ToStart{});
    if (ui.take(Key::end)) actions.push_back(app::ToEnd{});
    if (ui.take(Key::page_down)) actions.push_back(app::SelectBy{page});
    if (ui.take(Key::page_up)) actions.push_back(app::SelectBy{-page});
    if (ui.take(Key::space)) actions.push_back(app::TogglePlay{});
    if (list.ring) ui.canvas().fill({area.x, area.y, area.w, 2}, ui.theme.accent);
  }
  if (ui.shortcut(Key::page_down)) actions.push_back(app::SelectBy{page});
  if (ui.shortcut(Key::page_up)) actions.push_back(app::SelectBy{-page});
}

void cursor_line(Ui& ui, Rect area, float y) {
  if (y > area.bottom()) return;
  ui.canvas().horizontal(area.x + 94, area.right(), y - 1, ui.theme.accent, 2);
  const Point mark[] = {{area.x + 94, y - 5}, {area.x + 100, y}, {area.x + 94, y + 5}};
  ui.canvas().polygon(mark, ui.theme.accent);
  ui.note("ladder.cursor", Kind::picture, {area.x + 94, y - 1, area.w - 94, 2});
}

}  // namespace

void ladder_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  ui.note("ladder", Kind::area, area);
  Scroll scroll;
  scroll.shown = model.lines().shown_of(model.said());
  scroll.first = ui.memory("ladder.first");
  open_unfolded(ui, model, scroll);

  const bool with_head = !one_column(ui);  // else the workbench's tabs stand there
  const Rect head = with_head ? area.take_top(metric::panel_head) : Rect{};
  const Rect names = area.take_top(metric::table_head);
  const bool minimap = area.w >= 640;
  Rect body = area, map = minimap ? body.take_right(24) : body.take_right(metric::scroll_bar);
  scroll.visible = std::max(1.0, double(body.h) / double(row_height));
  scroll.clamp();
  follow(ui, model, scroll);
  scroll.clamp();

  list_keys(ui, body, scroll, actions);
  if (minimap && scroll.shown > 0) ladder_minimap(ui, map.inset(4, 4), body, model, scroll.first, scroll.visible, scroll.total());
  else if (scroll.shown > 0) scroll_bar(ui, "ladder.scroll", map, body, scroll.first, scroll.visible, scroll.total());
  ui.memory("ladder.first") = scroll.first;

  std::vector<LadderRow> rows = rows_in_sight(model, scroll, body);
  std::vector<MessageRef> seen;
  for (const LadderRow& row : rows) seen.push_back(row.ref);
  const float right = body.right() - (minimap ? right_margin - 24 : 32);
  const LadderColumns columns(ui, model, seen, body.x + first_lifeline - (area.w < 800 ? 32 : 0), right);
  if (with_head) ladder_filter(ui, head, model, actions, std::size_t(scroll.first));
  column_heads(ui, names, model, columns);

  ui.canvas().push_clip(body);
  if (scroll.shown == 0) {
    for (const LadderColumn& column : columns.all())
      if (column.folded == 0) ui.canvas().vertical(column.x, body.y, body.bottom(), ui.theme.line, 1, dash::idle);
    const bool hidden = model.said() > 0 && !(model.filter() == app::LadderFilter{});
    const std::string_view sentence = s(hidden ? "ladder.none_match" : "ladder.empty");
    const float width = std::min(body.w - 64, ui.canvas().measure(sentence, font::body) + 24);
    ui.canvas().fill(body.centred(width, measure_prose(ui, width, sentence) + 16), ui.theme.panel);
    empty_panel(ui, body, sentence);
  } else {
    const float bottom = std::min(body.bottom(), body.y + float(scroll.total() - scroll.first) * row_height);
    LadderRows drawn(ui, model, columns, body, std::move(rows), bottom);
    drawn.draw();
    std::size_t fold = 0;
    drawn.act(actions, fold);
    if (fold > 0) {
      double& unfolded = ui.memory("ladder.unfolded");
      unfolded = std::size_t(unfolded) == fold ? 0 : double(fold);
      ui.next_frame();
    }
    cursor_line(ui, body, body.y + float(scroll.total() - scroll.first) * row_height);
  }
  ui.canvas().pop_clip();
}

}  // namespace glasspost::ui
