// The lessons that there are: done, begun or open; the chosen one with what ends it; a teacher's corner.
#include <algorithm>
#include <cmath>

#include "app/learn/words.h"
#include "app/ui/views/commands.h"
#include "app/ui/views/learn.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float lesson_row = 34;

struct State {
  std::size_t steps = 0;
  bool begun = false, done = false;
};

State state_of(const Model& model, const lessons::Lesson& lesson) {
  const auto learner = model.progress().learners.find("");
  if (learner == model.progress().learners.end()) return {};
  const auto found = learner->second.lessons.find(lesson.id);
  if (found == learner->second.lessons.end()) return {};
  return {found->second.steps.size(), !found->second.begun.empty(), !found->second.finished.empty()};
}

std::size_t chosen_index(Ui& ui, const Model& model) {
  double& chosen = ui.memory("learn.chosen", -1);
  if (chosen >= 0 && std::size_t(chosen) < model.shelf().size()) return std::size_t(chosen);
  // The one that was begun; else the first that is not done.
  for (std::size_t i = 0; i < model.shelf().size(); ++i)
    if (const State state = state_of(model, model.shelf()[i].lesson); state.begun && !state.done) return i;
  for (std::size_t i = 0; i < model.shelf().size(); ++i)
    if (!state_of(model, model.shelf()[i].lesson).done) return i;
  return 0;
}

void draw_state(Ui& ui, Rect square, State state) {
  const Theme& t = ui.theme;
  if (state.done) return draw_mark(ui.canvas(), t, square, Mark::done);
  ui.canvas().ring(square.centre(), 8, state.begun ? t.accent : t.strong_line, state.begun ? 2.F : 1.F);
  if (state.begun) ui.canvas().disc(square.centre(), 3, t.accent);
}

void head(Ui& ui, Rect area, const Model& model) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.window);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, ui.theme.line);
  std::size_t done = 0, begun = 0;
  int minutes = 0;
  for (const learn::Shelved& shelved : model.shelf()) {
    const State state = state_of(model, shelved.lesson);
    done += state.done;
    begun += state.begun && !state.done;
    minutes += shelved.lesson.minutes;
  }
  Rect row = area.inset(24, 0);
  const std::string_view title = s("learn.lessons");
  ui.label(row.take_left(ui.canvas().measure(title, font::title) + 2), title, font::title);
  row.take_left(24);
  const std::string so_far = s("learn.done_and_begun", {{"done", std::to_string(done)}, {"total", std::to_string(model.shelf().size())}, {"begun", std::to_string(begun)}});
  ui.label(row.take_left(ui.canvas().measure(so_far, font::strong) + 2), so_far, font::strong);
  row.take_left(24);
  if (row.w > 420) {
    for (const learn::Shelved& shelved : model.shelf()) {
      const State state = state_of(model, shelved.lesson);
      const Rect cell = row.take_left(10).at_left(10, 12);
      ui.canvas().fill(cell, state.done ? ui.theme.second : ui.theme.sunken, 2);
      if (state.begun && !state.done) ui.canvas().fill({cell.x, cell.middle(), cell.w, cell.h / 2}, ui.theme.accent, 2);
      ui.canvas().outline(cell, state.begun ? ui.theme.second : ui.theme.strong_line, 1, 2);
      row.take_left(4);
    }
    row.take_left(16);
  }
  ui.label(row, s("learn.kept_here", {{"minutes", std::to_string(minutes)}}), font::caption, ui.theme.third, Align::right);
}

void list(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Language language = model.settings().language;
  ui.canvas().fill(area, ui.theme.panel);
  if (model.shelf().empty()) return empty_panel(ui, area, s("lesson.none"));
  const std::size_t chosen = chosen_index(ui, model);
  const float height = float(model.shelf().size()) * lesson_row + 32;
  ScrollArea scroll(ui, "learn.list.scroll", area, height);
  Rect content = scroll.content();
  content.take_top(16);
  for (std::size_t i = 0; i < model.shelf().size(); ++i) {
    const learn::Shelved& shelved = model.shelf()[i];
    const Rect row = content.take_top(lesson_row);
    const bool broken = !shelved.problems.empty();
    const std::string title = broken ? shelved.directory.filename().string() : learn::title_of(shelved.lesson, language);
    const State state = broken ? State{} : state_of(model, shelved.lesson);
    const Response r = ui.interact("learn.lesson/" + std::to_string(i), Kind::row, row, title, {.on = i == chosen});
    row_ground(ui, row, i == chosen, r.hovered);
    if (r.ring) ui.focus_ring(row);
    if (r.clicked) ui.memory("learn.chosen") = double(i);
    if (r.double_clicked && !broken) actions.push_back(app::OpenLesson{shelved.directory.string(), state.done ? 0 : state.steps});
    Rect in = row.inset(24, 0);
    const Rect mark = in.take_left(16).at_left(16, 16);
    if (broken) draw_icon(ui.canvas(), Icon::warning, mark, ui.theme.error.fill);
    else draw_state(ui, mark, state);
    in.take_left(12);
    ui.label(in.take_left(24), shelved.lesson.number > 0 ? std::to_string(shelved.lesson.number) : "", font::table, ui.theme.third, Align::right);
    in.take_left(12);
    const Rect minutes = in.take_right(64);
    ui.label(in, title, i == chosen ? font::strong : font::body, state.done ? ui.theme.second : ui.theme.text);
    if (!broken) ui.label(minutes, s("learn.minutes", {{"n", std::to_string(shelved.lesson.minutes)}}), font::table, ui.theme.third, Align::right);
    ui.canvas().horizontal(row.x + 24 + 64, row.right() - 24, row.bottom() - 1, ui.theme.line.faded(0.5F));
  }
}

// The chosen lesson: what ends it, what it rests on, and how to begin.
float card_of(Ui& ui, Rect top, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Language language = model.settings().language;
  const Theme& t = ui.theme;
  const learn::Shelved& shelved = model.shelf()[chosen_index(ui, model)];
  const lessons::Lesson& lesson = shelved.lesson;
  const float inner = top.w - 40;
  if (!shelved.problems.empty()) {
    std::string all;
    for (std::size_t i = 0; i < std::min<std::size_t>(shelved.problems.size(), 6); ++i) all += (all.empty() ? "" : "\n") + shelved.problems[i].describe();
    return notice(ui, "learn.broken", top, Gravity::error, s("learn.broken"), all);
  }
  const State state = state_of(model, lesson);
  const auto ends = learn::parse_markdown(lesson.text(language, "ends"));
  const auto intro = learn::parse_markdown(lesson.text(language, "intro"));
  const std::string title = learn::title_of(lesson, language);
  std::string rfcs;
  for (const std::string& rfc : lesson.rfcs) rfcs += (rfcs.empty() ? "" : ", ") + rfc;
  std::string rests;
  for (const std::string& id : lesson.prerequisites)
    for (const learn::Shelved& other : model.shelf())
      if (other.lesson.id == id) rests += (rests.empty() ? "" : ", ") + learn::title_of(other.lesson, language);
  if (!rests.empty()) rests = s("learn.rests_on", {{"lessons", rests}});
  const float height = 20 + measure_prose(ui, inner, title, font::title) + 4 + measure_prose(ui, inner, rfcs, font::caption) + 12 + measure_markdown(ui, inner, intro, font::body) + 16 + 22 +
                       measure_markdown(ui, inner, ends, font::body) + (rests.empty() ? 0 : 12 + measure_prose(ui, inner, rests, font::caption)) + 20 + 32 + 20;
  const Rect box{top.x, top.y, top.w, height};
  card(ui, box, true);
  Rect in = box.inset(20);
  in.take_top(prose(ui, in, title, font::title, t.text, "learn.card.title") + 4);
  in.take_top(prose(ui, in, rfcs, font::caption, t.third) + 12);
  in.take_top(markdown(ui, in, intro, font::body, t.second) + 16);
  ui.label(in.take_top(22), s("learn.ends_when"), font::strong);
  in.take_top(markdown(ui, in, ends, font::body, t.second));
  if (!rests.empty()) in.take_top(12), in.take_top(prose(ui, in, rests, font::caption, t.third));
  in.take_top(20);
  Rect row = in.take_top(32);
  const bool go_on = state.begun && !state.done && state.steps > 0 && state.steps < lesson.steps.size();
  const std::string_view begin = s(go_on ? "learn.continue" : state.done ? "learn.again" : "learn.begin");
  const std::string enter = key_text(s, {Key::enter});
  const ButtonLook primary{.primary = true, .key = enter};
  const Rect at = row.take_right(button_width(ui, begin, primary));
  if (button(ui, "learn.begin", at, begin, primary) || ui.shortcut(Key::enter)) actions.push_back(app::OpenLesson{shelved.directory.string(), go_on ? state.steps : 0});
  if (go_on) {
    row.take_right(8);
    const std::string_view over = s("learn.start_over");
    if (button(ui, "learn.start_over", row.take_right(button_width(ui, over)), over)) actions.push_back(app::OpenLesson{shelved.directory.string(), 0});
    const std::string step = s("learn.step_of", {{"n", std::to_string(state.steps + 1)}, {"total", std::to_string(lesson.steps.size())}});
    ui.label(row, step, font::caption, t.third);
  }
  return height;
}

// Each deed with the command that does it; a click copies it.
float teachers_corner(Ui& ui, Rect top, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  struct Deed {
    Icon icon;
    std::string_view title, words, command;
  };
  const Deed deeds[] = {
      {Icon::plus, s("learn.teach_new"), s("learn.teach_new_words"), "glasspost lesson new my-lesson"},
      {Icon::tick, s("learn.teach_check"), s("learn.teach_check_words"), "glasspost lesson check my-lesson"},
      {Icon::page, s("learn.teach_handout"), s("learn.teach_handout_words"), "glasspost lesson handout my-lesson"},
      {Icon::parts, s("learn.teach_results"), s("learn.teach_results_words"), "glasspost lesson results"},
  };
  Rect rest{top.x, top.y, top.w, 2000};
  ui.label(rest.take_top(28), s("learn.teachers_corner"), font::heading);
  int index = 0;
  for (const Deed& deed : deeds) {
    const Rect box = rest.take_top(64);
    rest.take_top(8);
    const Response r = ui.interact("learn.teach/" + std::to_string(index++), Kind::button, box, deed.title);
    ui.canvas().fill(box, r.hovered ? ui.theme.sunken : ui.theme.raised, metric::radius);
    ui.canvas().outline(box, ui.theme.line, 1, metric::radius);
    if (r.ring) ui.focus_ring(box);
    if (r.hovered) ui.tooltip(box, s("learn.copies_command"));
    if (r.clicked) actions.push_back(app::Copy{std::string(deed.command)});
    Rect in = box.inset(12, 6);
    draw_icon(ui.canvas(), deed.icon, in.take_left(20).at_left(18, 18), ui.theme.second);
    in.take_left(10);
    ui.label(in.take_top(18), deed.title, font::strong);
    ui.label(in.take_top(16), deed.words, font::caption, ui.theme.third);
    ui.label(in, deed.command, font::table, ui.theme.second);
  }
  return rest.y - top.y;
}

void right_side(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  double& height = ui.memory("learn.right.height", 900);
  ScrollArea scroll(ui, "learn.right.scroll", area, float(height));
  Rect content = scroll.content().inset(24, 20);
  float y = content.y;
  if (!model.shelf().empty()) y += card_of(ui, {content.x, y, content.w, 0}, model, actions) + 28;
  y += teachers_corner(ui, {content.x, y, content.w, 0}, model, actions);
  const float needed = y - scroll.content().y + 20;
  if (std::abs(needed - float(height)) > 0.5F) ui.next_frame();
  height = needed;
}

}  // namespace

void lesson_list_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  head(ui, area.take_top(56), model);
  if (one_column(ui) || area.w < 1000) {
    const Rect above = area.take_top(std::min(area.h * 0.5F, float(model.shelf().size()) * lesson_row + 32));
    list(ui, above, model, actions);
    ui.canvas().horizontal(above.x, above.right(), above.bottom() - 1, ui.theme.line);
    return right_side(ui, area, model, actions);
  }
  const Halves halves = splitter(ui, "split.lessons", area, Axis::horizontal, std::round(area.w * 0.58F), 400, 400);
  list(ui, halves.first, model, actions);
  right_side(ui, halves.second, model, actions);
}

}  // namespace glasspost::ui
