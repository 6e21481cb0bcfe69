// The glossary: every word of the course with its fellow in the other language, and the card of one of them.
#include <algorithm>
#include <cmath>

#include "app/learn/course.h"
#include "app/learn/search.h"
#include "app/learn/words.h"
#include "app/ui/views/learn.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr std::string_view card_name = "learn.term";

Language other(Language language) { return language == Language::spanish ? Language::english : Language::spanish; }

bool is_wanted(const lessons::Term& term, std::string_view query) {
  if (query.find_first_not_of(' ') == query.npos) return true;
  return learn::has_words(term.english.word + " " + term.spanish.word, query) || learn::has_words(term.english.means, query) ||
         learn::has_words(term.spanish.means, query);
}

// By the word in this language, accents aside.
std::vector<std::size_t> in_order(const Model& model, std::string_view query) {
  const auto& terms = model.glossary();
  const Language language = model.settings().language;
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t i = 0; i < terms.size(); ++i)
    if (is_wanted(terms[i], query)) order.emplace_back(learn::folded(terms[i].in(language).word), i);
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> out;
  for (const auto& [word, place] : order) out.push_back(place);
  return out;
}

// "lesson 3": where the word is met.
void lesson_link(Ui& ui, Rect place, const std::string& name, const lessons::Term& term, const Model& model, Actions& actions) {
  const auto at = term.lesson.empty() ? std::nullopt : learn::place_of(model.shelf(), term.lesson);
  if (!at) return;
  const learn::Shelved& shelved = model.shelf()[*at];
  const std::string words = model.strings()("learn.lesson_n", {{"n", std::to_string(shelved.lesson.number)}});
  if (link(ui, name, place, words, Align::right)) actions.push_back(app::OpenLesson{shelved.directory.string(), 0});
  ui.tooltip(place, model.strings()("learn.opens_lesson", {{"lesson", learn::title_of(shelved.lesson, model.settings().language)}}));
}

void source_link(Ui& ui, Rect place, const std::string& name, const lessons::Term& term, const Model& model, Actions& actions, Align align = Align::right) {
  const std::string address = rfc_address(term.rfc);
  if (link(ui, name, place, term.rfc, align)) actions.push_back(app::Copy{address});
  ui.tooltip(place, model.strings()("inspector.copy_address", {{"address", address}}));
}

}  // namespace

std::size_t glossary_found(const Model& model, std::string_view query) {
  const auto& terms = model.glossary();
  return std::size_t(std::count_if(terms.begin(), terms.end(), [&](const lessons::Term& term) { return is_wanted(term, query); }));
}

float glossary_rows(Ui& ui, Rect top, const Model& model, Actions& actions, std::string_view query) {
  const Language language = model.settings().language;
  Rect row{top.x, top.y, top.w, 0};
  const float words = std::round(top.w * 0.24F), fellows = std::round(top.w * 0.2F), link_width = 116;
  for (const std::size_t i : in_order(model, query)) {
    const lessons::Term& term = model.glossary()[i];
    const float meaning = top.w - words - fellows - link_width - 24;
    const std::string& means = term.in(language).means;
    const float lines = term.lesson.empty() || term.rfc.empty() ? 20 : 40;
    row.h = std::max(lines, measure_prose(ui, meaning, means, font::body)) + 8;
    if (ui.canvas().shows(row)) {
      Rect cell = row;
      const std::string id = term.id;
      ui.note("glossary.word/" + id, Kind::item, row, term.in(language).word);
      ui.label(cell.take_left(words - 8).take_top(24), term.in(language).word, font::strong);
      cell.take_left(8);
      ui.label(cell.take_left(fellows - 8).take_top(24), term.in(other(language)).word, font::body, ui.theme.third);
      cell.take_left(8);
      Rect end = cell.take_right(link_width).inset(0, 2);
      if (!term.lesson.empty()) lesson_link(ui, end.take_top(20), "glossary.lesson/" + id, term, model, actions);
      if (!term.rfc.empty()) source_link(ui, end.take_top(20), "glossary.rfc/" + id, term, model, actions);
      prose(ui, {cell.x, cell.y + 4, meaning, 0}, means, font::body, ui.theme.second);
      ui.canvas().horizontal(row.x, row.right(), row.bottom() - 1, ui.theme.line.faded(0.5F));
    }
    row.y += row.h;
  }
  return row.y - top.y;
}

void open_term(Ui& ui, std::size_t term, Point where) {
  ui.memory(card_name) = double(term);
  ui.open_popup(card_name, where);
}

void term_card(Ui& ui, const Model& model, Actions& actions) {
  if (!ui.popup_open(card_name)) return;
  const auto index = std::size_t(ui.memory(card_name));
  if (index >= model.glossary().size()) return ui.close_popup(card_name);
  const lessons::Term& term = model.glossary()[index];
  const Language language = model.settings().language;
  const float inner = 320;
  const std::string& means = term.in(language).means;
  const float height = measure_prose(ui, inner, means, font::body);
  const auto card = ui.begin_popup(card_name, {inner + 32, 16 + 22 + height + 10 + 20 + 12});
  if (!card) return;
  Rect in = card->inset(16, 12);
  Rect head = in.take_top(22);
  const float used = ui.label(head, term.in(language).word, font::strong, {}, Align::left, "learn.term.word");
  head.take_left(used + 12);
  ui.label(head, term.in(other(language)).word, font::caption, ui.theme.third, Align::right);
  in.take_top(prose(ui, in, means, font::body, ui.theme.second, "learn.term.means") + 10);
  Rect foot = in.take_top(20);
  const std::size_t before = actions.size();
  if (!model.learning() || model.learning()->lesson.id != term.lesson) lesson_link(ui, foot.take_right(80), "learn.term.lesson", term, model, actions);
  if (!term.rfc.empty()) source_link(ui, foot, "learn.term.rfc", term, model, actions, Align::left);
  ui.end_popup();
  if (actions.size() != before) ui.close_popup(card_name);
}

}  // namespace glasspost::ui
