// The Learn workspace: the list of lessons, or an open lesson beside its stage. Its parts, a file each.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/learn/markdown.h"
#include "app/model/learning.h"
#include "app/ui/views/views.h"

namespace glasspost::ui {

void learn_workspace(Ui&, Rect, const Model&, Actions&);
// A lesson with an open line: letters are written to it, wherever the focus is.
bool letters_are_written(const Model&);

void lesson_list_view(Ui&, Rect, const Model&, Actions&);                      // learn_list.cpp
// The lesson's panel; answers where the step to do stands, for the spotlight's curve.
std::optional<Point> lesson_view(Ui&, Rect, const Model&, Actions&);            // learn_lesson.cpp

// The words of the course A to Z, those of the query if there is one; returns the height. learn_glossary.cpp
float glossary_rows(Ui&, Rect top, const Model&, Actions&, std::string_view query);
std::size_t glossary_found(const Model&, std::string_view query);
// The card of the word that was clicked, over everything.
void term_card(Ui&, const Model&, Actions&);
void open_term(Ui&, std::size_t term, Point where);

// learn_prose.cpp ------------------------------------------------------------------------------------------------------
// Markdown as prose() takes it, a paragraph each.
std::string prose_markup(const std::vector<learn::Run>&);

// Lays Markdown out and draws it; its links can be followed, and a word of the glossary, where it stands for the first time,
// explains itself. One for a panel and a frame.
class ProseWriter {
 public:
  ProseWriter(Ui& ui, const Model& model, Actions& actions, std::string name) : ui_(ui), model_(model), actions_(actions), name_(std::move(name)) {}
  float write(Rect top, const std::vector<learn::Block>&, Font, std::optional<Colour> = {});

 private:
  struct Target {
    std::string link;            // empty: a word
    std::size_t term = 0;
  };
  void paragraph(Rect place, const learn::Block&, Font, std::optional<Colour>);
  std::string marked(const std::vector<learn::Run>&, std::vector<Target>&);
  std::string with_terms(std::string_view text, std::vector<Target>&);
  void follow(const Target&, Rect place, bool first, bool is_link, Font);

  Ui& ui_;
  const Model& model_;
  Actions& actions_;
  std::string name_;
  std::size_t links_ = 0;
  std::set<std::size_t> explained_;  // terms
};
float measure_markdown(Ui&, float width, const std::vector<learn::Block>&, Font);
// "RFC 3207, RFC 8314", each a link.
learn::Block rfc_links(const std::vector<std::string>& rfcs);

}  // namespace glasspost::ui
