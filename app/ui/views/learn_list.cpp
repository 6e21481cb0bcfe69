// The lessons that there are, as paths: done, begun or open; the chosen one with what ends it; the glossary; a teacher's corner.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/learn/course.h"
#include "app/learn/search.h"
#include "app/learn/words.h"
#include "app/ui/views/commands.h"
#include "app/ui/views/learn.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

using learn::LessonState;

constexpr float lesson_row = 34, excerpt_row = 20, head_height = 56, paths_width = 44;
constexpr std::string_view search_name = "learn.search";

LessonState state_of(const Model& model, const lessons::Lesson& lesson) { return learn::state_of(model.progress(), lesson.id); }
bool shows_glossary(Ui& ui) { return ui.memory("learn.glossary") > 0; }
void show_glossary(Ui& ui, bool show) {
  ui.memory("learn.glossary") = show ? 1 : 0;
  ui.next_frame();
}

// What is looked for, without spaces around; empty: nothing.
std::string_view query_of(Ui& ui) { return trim(ui.edit(search_name).text()); }

// The lessons in which the words were found, with the place; looked up anew when something changed.
struct Hit {
  std::size_t place = 0;
  learn::Found found;
};
const std::vector<Hit>& hits(Ui& ui, const Model& model) {
  struct Kept {
    std::string query;
    Language language;
    const void* shelf;
    std::vector<Hit> hits;
  };
  std::any& any = ui.kept("learn.found");
  const std::string_view query = query_of(ui);
  const Language language = model.settings().language;
  auto* kept = std::any_cast<Kept>(&any);
  if (!kept || kept->query != query || kept->language != language || kept->shelf != model.shelf().data()) {
    Kept fresh{std::string(query), language, model.shelf().data(), {}};
    for (std::size_t i = 0; i < model.shelf().size(); ++i)
      if (auto found = learn::find_in(model.shelf()[i].lesson, language, query)) fresh.hits.push_back({i, std::move(*found)});
    any = std::move(fresh);
    kept = std::any_cast<Kept>(&any);
  }
  return kept->hits;
}

std::size_t chosen_index(Ui& ui, const Model& model) {
  double& chosen = ui.memory("learn.chosen", -1);
  if (chosen >= 0 && std::size_t(chosen) < model.shelf().size()) return std::size_t(chosen);
  // The one that was begun; else the first that is not done.
  for (std::size_t i = 0; i < model.shelf().size(); ++i)
    if (const LessonState state = state_of(model, model.shelf()[i].lesson); state.begun && !state.done) return i;
  for (std::size_t i = 0; i < model.shelf().size(); ++i)
    if (!state_of(model, model.shelf()[i].lesson).done) return i;
  return 0;
}

void draw_state(Ui& ui, Rect square, LessonState state) {
  const Theme& t = ui.theme;
  if (state.done) return draw_mark(ui.canvas(), t, square, Mark::done);
  ui.canvas().ring(square.centre(), 8, state.begun ? t.accent : t.strong_line, state.begun ? 2.F : 1.F);
  if (state.begun) ui.canvas().disc(square.centre(), 3, t.accent);
}

// Two captions at the right, if there is room.
void notes(Ui& ui, Rect row, const Strings& s) {
  const std::string_view first = s("learn.kept_here"), second = s("learn.counts_by_state");
  if (row.w < std::max(ui.canvas().measure(first, font::caption), ui.canvas().measure(second, font::caption)) + 2) return;
  Rect lines = row.centred(row.w, 36);
  ui.label(lines.take_top(18), first, font::caption, ui.theme.second, Align::right);
  ui.label(lines, second, font::caption, ui.theme.third, Align::right);
}

void head(Ui& ui, Rect area, const Model& model) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.window);
  ui.canvas().horizontal(area.x, area.right(), area.bottom() - 1, ui.theme.line);
  std::size_t done = 0, begun = 0;
  int minutes = 0;
  for (const learn::Shelved& shelved : model.shelf()) {
    const LessonState state = state_of(model, shelved.lesson);
    done += state.done;
    begun += state.begun && !state.done;
    minutes += shelved.lesson.minutes;
  }
  Rect row = area.inset(24, 0);
  const std::array<std::string_view, 2> pages{s("learn.lessons"), s("learn.glossary")};
  float wide = 0;
  for (const std::string_view page : pages) wide += std::ceil(ui.canvas().measure(page, font::strong)) + 28;
  int page = shows_glossary(ui) ? 1 : 0;
  if (segmented(ui, "learn.pages", row.take_left(wide).at_left(wide, 28), pages, page)) show_glossary(ui, page == 1);
  row.take_left(20);
  const float search_wide = std::min(240.F, row.w);
  const InputEvent typed = text_input(ui, search_name, row.take_left(search_wide).at_left(search_wide, 28), ui.edit(search_name),
                                      {.placeholder = s(page == 1 ? "learn.search_words" : "learn.search_lessons"), .text_font = font::body, .search = true});
  if (typed == InputEvent::escape) ui.edit(search_name).clear();
  if (typed == InputEvent::escape || typed == InputEvent::submitted) ui.unfocus();
  if (typed == InputEvent::changed && page == 0 && !hits(ui, model).empty()) ui.memory("learn.chosen") = double(hits(ui, model).front().place);
  row.take_left(24);
  const std::string so_far = s("learn.done_and_begun", {{"done", std::to_string(done)}, {"total", std::to_string(model.shelf().size())}, {"begun", std::to_string(begun)}});
  const std::string in_all = s("learn.minutes_in_all", {{"minutes", std::to_string(minutes)}});
  const float words = std::max(ui.canvas().measure(so_far, font::strong), ui.canvas().measure(in_all, font::caption)) + 2;
  if (row.w < words) return;
  Rect lines = row.take_left(words).at_left(words, 36);
  ui.label(lines.take_top(18), so_far, font::strong, {}, Align::left, "learn.so_far");
  ui.label(lines, in_all, font::caption, ui.theme.third);
  row.take_left(24);
  if (row.w > 14 * float(model.shelf().size())) {
    for (const learn::Shelved& shelved : model.shelf()) {
      const LessonState state = state_of(model, shelved.lesson);
      const Rect cell = row.take_left(10).at_left(10, 12);
      ui.canvas().fill(cell, state.done ? ui.theme.second : ui.theme.sunken, 2);
      if (state.begun && !state.done) ui.canvas().fill({cell.x, cell.middle(), cell.w, cell.h / 2}, ui.theme.accent, 2);
      ui.canvas().outline(cell, state.begun ? ui.theme.second : ui.theme.strong_line, 1, 2);
      row.take_left(4);
    }
    row.take_left(16);
  }
  notes(ui, row, s);
}

Point mark_centre(Rect list, std::size_t row) { return {list.x + paths_width + 16, list.y + (float(row) + 0.5F) * lesson_row}; }

// What rests on what: a line to the lesson just above, a bow to one further up; those of the chosen one stand out.
void draw_paths(Ui& ui, Rect list, const Model& model, std::size_t chosen) {
  const std::set<std::size_t> under = learn::rests_on(model.shelf(), chosen);
  for (const bool lit : {false, true})
    for (std::size_t i = 0; i < model.shelf().size(); ++i)
      for (const std::string& id : model.shelf()[i].lesson.prerequisites) {
        const auto before = learn::place_of(model.shelf(), id);
        if (!before || *before == i || (i == chosen || under.contains(i)) != lit) continue;
        const Colour colour = lit ? ui.theme.accent : ui.theme.strong_line;
        const float width = lit ? 1.5F : 1.F;
        const Point from = mark_centre(list, std::min(i, *before)), to = mark_centre(list, std::max(i, *before));
        const float rows = (to.y - from.y) / lesson_row;
        if (rows < 1.5F) {
          ui.canvas().line({from.x, from.y + 9}, {to.x, to.y - 9}, colour, width);
          continue;
        }
        const float bow = std::min(paths_width - 6, 8 + 6 * rows);
        ui.canvas().curve({from.x - 9, from.y}, {from.x - 9 - bow, from.y + 10}, {to.x - 9 - bow, to.y - 10}, {to.x - 9, to.y}, colour, width);
      }
}

void lesson_row_view(Ui& ui, Rect row, std::size_t i, bool is_chosen, std::string_view excerpt, const Model& model, Actions& actions) {
  const learn::Shelved& shelved = model.shelf()[i];
  const Language language = model.settings().language;
  const bool broken = !shelved.problems.empty();
  const std::string title = broken ? shelved.directory.filename().string() : learn::title_of(shelved.lesson, language);
  const LessonState state = broken ? LessonState{} : state_of(model, shelved.lesson);
  const Response r = ui.interact("learn.lesson/" + std::to_string(i), Kind::row, row, title, {.on = is_chosen});
  row_ground(ui, row, is_chosen, r.hovered);
  if (r.ring) ui.focus_ring(row.inset(4, 1));
  if (r.clicked) ui.memory("learn.chosen") = double(i);
  if (r.double_clicked && !broken) actions.push_back(app::OpenLesson{shelved.directory.string(), state.done ? 0 : state.steps});
  Rect in = row;
  if (!excerpt.empty()) in.h = lesson_row;
  in.take_left(paths_width + 8), in.take_right(24);
  const Rect mark = in.take_left(16).at_left(16, 16);
  if (broken) draw_icon(ui.canvas(), Icon::warning, mark, ui.theme.error.fill);
  else draw_state(ui, mark, state);
  in.take_left(8);
  ui.label(in.take_left(24), shelved.lesson.number > 0 ? std::to_string(shelved.lesson.number) : "", font::table, ui.theme.third, Align::right);
  in.take_left(12);
  const Rect minutes = in.take_right(64);
  ui.label(in, title, is_chosen ? font::strong : font::body, state.done ? ui.theme.second : ui.theme.text);
  if (!broken) ui.label(minutes, model.strings()("learn.minutes", {{"n", std::to_string(shelved.lesson.minutes)}}), font::table, ui.theme.third, Align::right);
  if (!excerpt.empty()) ui.label({in.x, row.bottom() - excerpt_row - 4, row.right() - 24 - in.x, excerpt_row}, excerpt, font::caption, ui.theme.third);
  ui.canvas().horizontal(in.x, row.right() - 24, row.bottom() - 1, ui.theme.line.faded(0.5F));
}

float height_of_hit(const Hit& hit) { return lesson_row + (hit.found.excerpt.empty() ? 0 : excerpt_row - 4); }

// Lessons in which something was found, and the words of the glossary in which it was.
void found_list(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const auto& all = hits(ui, model);
  const std::string query(query_of(ui));
  const std::size_t words = glossary_found(model, query);
  if (all.empty() && words == 0) return empty_panel(ui, area, s("learn.found_nothing", {{"query", query}}), s("learn.found_nothing_more"));
  double& height = ui.memory("learn.found.height", 900);
  ScrollArea scroll(ui, "learn.list.scroll", area, float(height));
  Rect content = scroll.content();
  content.take_top(16);
  const std::size_t chosen = chosen_index(ui, model);
  for (const Hit& hit : all) lesson_row_view(ui, content.take_top(height_of_hit(hit)), hit.place, hit.place == chosen, hit.found.excerpt, model, actions);
  if (words > 0) {
    content.take_top(16);
    ui.label(content.take_top(28).inset(24, 0), s("learn.glossary"), font::heading);
    content.take_top(glossary_rows(ui, {content.x + 24, content.y, content.w - 48, 0}, model, actions, query));
  }
  const float needed = content.y - scroll.content().y + 24;
  if (std::abs(needed - float(height)) > 0.5F) ui.next_frame();
  height = needed;
}

void glossary_list(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const std::string query(query_of(ui));
  if (glossary_found(model, query) == 0) return empty_panel(ui, area, model.strings()("learn.found_nothing", {{"query", query}}), model.strings()("learn.found_nothing_more"));
  double& height = ui.memory("learn.glossary.height", 900);
  ScrollArea scroll(ui, "learn.glossary.scroll", area, float(height));
  const Rect content = scroll.content();
  const float needed = 32 + glossary_rows(ui, {content.x + 24, content.y + 16, content.w - 48, 0}, model, actions, query);
  if (std::abs(needed - float(height)) > 0.5F) ui.next_frame();
  height = needed;
}

void how_to_read(Ui& ui, Rect top, const Strings& s) {
  Rect row{top.x + paths_width + 8, top.y, top.w, 22};
  const struct { LessonState state; std::string_view words; } marks[] = {
      {{0, true, true}, s("learn.legend_done")}, {{1, true, false}, s("learn.legend_begun")}, {{}, s("learn.legend_open")}};
  for (const auto& mark : marks) {
    const float wide = ui.canvas().measure(mark.words, font::caption) + 1;
    if (row.x + 24 + wide > top.right() - 24) row.x = top.x + paths_width + 8, row.y += 22;
    draw_state(ui, Rect{row.x, row.y, 16, row.h}.at_left(16, 16), mark.state);
    ui.label({row.x + 24, row.y, wide, row.h}, mark.words, font::caption, ui.theme.third);
    row.x += 24 + wide + 24;
  }
  row.y += 22;
  const float left = top.x + paths_width + 8;
  ui.canvas().curve({left + 12, row.y + 3}, {left, row.y + 6}, {left, row.y + 16}, {left + 12, row.y + 19}, ui.theme.strong_line, 1);
  ui.label({left + 24, row.y, top.w - paths_width - 56, 22}, s("learn.legend_rests"), font::caption, ui.theme.third);
}

void list(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  if (model.shelf().empty()) return empty_panel(ui, area, model.strings()("lesson.none"));
  if (shows_glossary(ui)) return glossary_list(ui, area, model, actions);
  if (!query_of(ui).empty()) return found_list(ui, area, model, actions);
  const std::size_t chosen = chosen_index(ui, model);
  const float rows = float(model.shelf().size()) * lesson_row;
  ScrollArea scroll(ui, "learn.list.scroll", area, rows + 32 + 90);
  Rect content = scroll.content();
  content.take_top(16);
  const Rect first = content;
  for (std::size_t i = 0; i < model.shelf().size(); ++i) lesson_row_view(ui, content.take_top(lesson_row), i, i == chosen, {}, model, actions);
  draw_paths(ui, first, model, chosen);
  content.take_top(16);
  how_to_read(ui, content, model.strings());
}

// J and K choose another lesson, G turns to the words and back.
void list_keys(Ui& ui, const Model& model) {
  if (model.palette_open() || model.help_open() || model.shelf().empty()) return;
  if (ui.shortcut(Key::g)) show_glossary(ui, !shows_glossary(ui));
  const auto at = chosen_index(ui, model);
  if (ui.shortcut(Key::j)) ui.memory("learn.chosen") = double(std::min(at + 1, model.shelf().size() - 1));
  if (ui.shortcut(Key::k)) ui.memory("learn.chosen") = double(at > 0 ? at - 1 : 0);
}

// "Rests on  ✓ What a protocol is": each a link that chooses it.
template <class Each>
float each_prerequisite(Ui& ui, float width, const Model& model, const lessons::Lesson& lesson, const Each& each) {
  const std::string_view heading = model.strings()("learn.rests_on");
  float x = ui.canvas().measure(heading, font::caption) + 12, y = 0;
  bool any = false;
  for (const std::string& id : lesson.prerequisites) {
    const auto place = learn::place_of(model.shelf(), id);
    if (!place) continue;
    const std::string title = learn::title_of(model.shelf()[*place].lesson, model.settings().language);
    const float wide = 18 + ui.canvas().measure(title, font::caption) + 1;
    if (any && x + wide > width) x = 0, y += 20;
    each(*place, title, Rect{x, y, std::min(wide, width - x), 20});
    x += wide + 16;
    any = true;
  }
  return any ? y + 20 : 0;
}
float rests_height(Ui& ui, float width, const Model& model, const lessons::Lesson& lesson) {
  return each_prerequisite(ui, width, model, lesson, [](std::size_t, const std::string&, Rect) {});
}
void draw_rests(Ui& ui, Rect area, const Model& model, const lessons::Lesson& lesson) {
  ui.label({area.x, area.y, area.w, 20}, model.strings()("learn.rests_on"), font::caption, ui.theme.third);
  each_prerequisite(ui, area.w, model, lesson, [&](std::size_t place, const std::string& title, Rect at) {
    at = at.moved(area.x, area.y);
    const Rect mark = at.take_left(18).at_left(12, 12);
    if (state_of(model, model.shelf()[place].lesson).done) draw_icon(ui.canvas(), Icon::tick, mark, ui.theme.second);
    else ui.canvas().ring(mark.centre(), 4, ui.theme.strong_line, 1);
    if (link(ui, "learn.rests/" + std::to_string(place), at, title)) ui.memory("learn.chosen") = double(place), show_glossary(ui, false);
  });
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
  const LessonState state = state_of(model, lesson);
  const auto ends = learn::parse_markdown(lesson.text(language, "ends"));
  const auto intro = learn::parse_markdown(lesson.text(language, "intro"));
  const std::string title = learn::title_of(lesson, language);
  const std::vector<learn::Block> rfcs{rfc_links(lesson.rfcs)};
  const float rests = rests_height(ui, inner, model, lesson);
  const float height = 20 + measure_prose(ui, inner, title, font::title) + 4 + measure_markdown(ui, inner, rfcs, font::caption) + 12 + measure_markdown(ui, inner, intro, font::body) + 16 + 22 +
                       measure_markdown(ui, inner, ends, font::body) + (rests > 0 ? 12 + rests : 0) + 20 + 32 + 20;
  const Rect box{top.x, top.y, top.w, height};
  card(ui, box, true);
  Rect in = box.inset(20);
  ProseWriter writer(ui, model, actions, "card.");
  in.take_top(prose(ui, in, title, font::title, t.text, "learn.card.title") + 4);
  in.take_top(writer.write(in, rfcs, font::caption, t.third) + 12);
  in.take_top(writer.write(in, intro, font::body, t.second) + 16);
  ui.label(in.take_top(22), s("learn.ends_when"), font::strong);
  in.take_top(writer.write(in, ends, font::body, t.second));
  if (rests > 0) in.take_top(12), draw_rests(ui, in.take_top(rests), model, lesson);
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
  list_keys(ui, model);
  head(ui, area.take_top(head_height), model);
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
