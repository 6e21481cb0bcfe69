// The list of acts at the left, what was predicted of them, and the editor over one of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/ui/views/compare.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

using comparison::ActKind;
using comparison::Place;
using comparison::UserAct;

constexpr float row_height = 42, prediction_room = 196;
constexpr std::string_view editor = "compare.edit";

void act_row(ComparePage& page, Rect row, std::size_t number) {
  Ui& ui = page.ui;
  const Theme& t = page.theme();
  const UserAct& act = page.of.acts()[number - 1];
  const bool chosen = page.of.chosen() == number;
  const std::string title = act_title(page, act);
  const Response r = ui.interact(fmt::format("compare.act/{}", number), Kind::row, row, title, {.focusable = false, .on = chosen});
  row_ground(ui, row, chosen, r.hovered);
  if (r.clicked) page.wants(app::ChooseAct{number});
  if (r.double_clicked || r.secondary) {
    page.wants(app::ChooseAct{number});
    page.wants(app::EditAct{});
  }
  Rect inside = row.inset(6, 0);
  ui.label(inside.take_left(20), std::to_string(number), chosen ? font::table_bold : font::table, chosen ? t.text : t.third, Align::right);
  inside.take_left(8);
  draw_icon(ui.canvas(), act_icon(act), inside.take_left(20).at_left(20, 20), t.text);
  inside.take_left(8);
  Rect lines = inside.inset(0, 3);
  const Rect title_row = lines.take_top(20);
  if (chosen && icon_button(ui, "compare.edit_act", lines.take_right(22).at_right(22, 18), Icon::pencil,
                            page.s("compare.acts.edit", {{"n", std::to_string(number)}})))
    page.wants(app::EditAct{});
  ui.label(title_row, title, chosen ? font::strong : font::body);
  ui.label(lines, act_note(page, number), font::caption, t.second);
}

void list(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  const auto& acts = page.of.acts();
  if (acts.empty()) return empty_panel(ui, area, page.s("compare.acts.empty"));
  const float height = float(acts.size() + 1) * row_height - row_height / 2;
  const Response whole = ui.interact("compare.acts", Kind::list, area, page.s("compare.acts.title"), {.focus_on_click = true, .pointer = Pointer::arrow});
  ScrollArea scroll(ui, "compare.acts.scroll", area, height);
  Rect rows = scroll.content();
  const Rect before = rows.take_top(row_height / 2 + 2);
  const Response r = ui.interact("compare.act/0", Kind::row, before, page.s("compare.acts.before"), {.focusable = false, .on = page.of.chosen() == 0});
  row_ground(ui, before, page.of.chosen() == 0, r.hovered);
  if (r.clicked) page.wants(app::ChooseAct{0});
  ui.label(before.inset(34, 0), page.s("compare.acts.before"), font::caption, page.of.chosen() == 0 ? page.theme().text : page.theme().third);
  for (std::size_t i = 1; i <= acts.size(); ++i) {
    const Rect row = rows.take_top(row_height);
    if (!ui.canvas().shows(row)) continue;
    act_row(page, row, i);
    if (i < acts.size()) ui.canvas().horizontal(row.x + 62, row.right() - 12, row.bottom() - 1, page.theme().line);
  }
  // What is chosen by keys or by the film is brought into sight once.
  double& revealed = ui.memory("compare.acts.revealed", -1);
  if (revealed != double(page.of.chosen())) {
    revealed = double(page.of.chosen());
    const float y = page.of.chosen() == 0 ? 0 : row_height / 2 + float(page.of.chosen() - 1) * row_height;
    scroll.reveal(y, row_height);
  }
  if (whole.ring) ui.focus_ring(area.inset(2));
}

void buttons(ComparePage& page, Rect row) {
  Ui& ui = page.ui;
  const ButtonLook add{.key = "A", .enabled = page.of.acts().size() < comparison::most_acts};
  const Rect left = row.take_left(std::min(row.w / 2, button_width(ui, page.s("compare.acts.add"), add)));
  row.take_left(8);
  if (button(ui, "compare.add", left.at_left(left.w, 28), page.s("compare.acts.add"), add)) page.wants(app::AddAct{});
  const bool playing = page.of.playing();
  if (button(ui, "compare.run", row.at_left(row.w, 28), page.s(playing ? "compare.acts.stop" : "compare.acts.run"), {.key = "R"}))
    page.wants(app::PlayActs{!playing});
}

// The answer where it was made: what was said, what came, why, and the exchange that did it.
class Answer {
 public:
  Answer(ComparePage& page, std::size_t act) : page_(page), act_(act), made_(page.of.predictions().at(act)) {
    said_ = page.s("compare.predict.you_said", {{"protocol", name_of(made_.protocol)}, {"words", expectation_words(page.s, made_.expected)}});
    known_ = page.of.after(made_.protocol, act) != nullptr;
    if (!known_) return;
    truth_ = page.of.truth(made_.protocol, act);
    fresh_ = page.of.news_of(made_.protocol, act);
    const bool pop3 = made_.protocol == Protocol::pop3;
    words_ = trouble() ? why(page, made_.protocol, fresh_.front()) : std::string(page.s(pop3 ? "compare.predict.fine_pop3" : "compare.predict.fine_imap"));
    source_ = trouble() ? why_source(made_.protocol, fresh_.front()) : pop3 ? "RFC 1939 §3" : "RFC 3501 §2.3";
  }

  float height(float width) const { return 22 + measure_prose(page_.ui, width, said_) + 4 + 22 + measure_prose(page_.ui, width, words_) + 2 + 20; }

  void draw(Rect area) const {
    Ui& ui = page_.ui;
    const Theme& t = page_.theme();
    ui.label(area.take_top(22), page_.s("compare.predict.yours", {{"n", std::to_string(act_)}}), font::strong, {}, Align::left, "compare.predicted");
    area.take_top(prose(ui, area, said_, font::body, t.second) + 4);
    if (!known_) return void(ui.label(area.take_top(20), page_.s("compare.acts.working"), font::body, t.third));
    const bool right = truth_ == made_.expected;
    Rect row = area.take_top(22);
    draw_icon(ui.canvas(), right ? Icon::tick : Icon::cross, row.take_left(20).at_left(14, 14), right ? t.text : t.error.fill);
    ui.label(row, right ? page_.s("compare.predict.right") : verdict(), font::strong, right ? t.text : t.error.text, Align::left, "compare.verdict");
    area.take_top(prose(ui, area, words_, font::body, t.second) + 2);
    Rect links = area.take_top(20);
    if (link(ui, "compare.verdict.source", links.take_left(std::min(links.w, ui.canvas().measure(source_, font::caption) + 2)), source_))
      page_.actions.push_back(app::Copy{rfc_address(source_)});
    links.take_left(14);
    if (trouble() && link(ui, "compare.verdict.show", links, page_.s("compare.predict.show")))
      page_.wants(app::LookAt{made_.protocol == Protocol::pop3 ? 0U : 1U, fresh_.front().cause, fresh_.front().before});
  }

 private:
  bool trouble() const { return truth_ != app::Expectation::nothing; }
  std::string_view verdict() const {
    switch (truth_) {
      case app::Expectation::nothing: return page_.s("compare.predict.wrong_nothing");
      case app::Expectation::apart: return page_.s("compare.predict.wrong_apart");
      case app::Expectation::duplicate: return page_.s("compare.predict.wrong_duplicate");
      case app::Expectation::lost: return page_.s("compare.predict.wrong_lost");
    }
    return {};
  }

  ComparePage& page_;
  std::size_t act_;
  const app::Prediction& made_;
  bool known_ = false;
  app::Expectation truth_ = app::Expectation::nothing;
  std::vector<comparison::Finding> fresh_;
  std::string said_, words_;
  std::string_view source_;
};

float question_height(ComparePage& page, float width) {
  const std::size_t next = page.of.chosen() + 1;
  if (next > page.of.acts().size()) return measure_prose(page.ui, width, page.s("compare.predict.none_left"), font::caption);
  return measure_prose(page.ui, width, page.s("compare.predict.title", {{"n", std::to_string(next)}}), font::strong) + 4 + 24 + 4 + 4 * 24;
}

void question(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  const Theme& t = page.theme();
  const std::size_t next = page.of.chosen() + 1;
  if (next > page.of.acts().size()) return void(prose(ui, area, page.s("compare.predict.none_left"), font::caption, t.third));
  area.take_top(prose(ui, area, page.s("compare.predict.title", {{"n", std::to_string(next)}}), font::strong, {}, "compare.question") + 4);
  Rect row = area.take_top(24);
  ui.label(row.take_left(ui.canvas().measure(page.s("compare.predict.with"), font::body) + 8), page.s("compare.predict.with"), font::body, t.second);
  const std::array<std::string_view, 2> protocols{"POP3", "IMAP"};
  int with = int(ui.memory("compare.predict.with"));
  if (segmented(ui, "compare.predict.protocol", row.take_left(110).at_left(110, 22), protocols, with)) ui.memory("compare.predict.with") = with;
  area.take_top(4);
  for (const app::Expectation expected : app::all_expectations)
    if (radio(ui, fmt::format("compare.predict/{}", int(expected)), area.take_top(24), expectation_words(page.s, expected), false))
      page.wants(app::Predict{{with == 0 ? Protocol::pop3 : Protocol::imap, expected}});
}

void prediction(ComparePage& page, Rect area) {
  const std::size_t chosen = page.of.chosen();
  const bool answered = page.of.predictions().contains(chosen);
  const bool wants_next = chosen > 0 && page.ui.memory("compare.predict.next") == double(chosen);
  constexpr float foot = 40, bar = 10;
  const bool asks = !answered || wants_next;
  const float height = asks ? question_height(page, area.w - bar) : Answer(page, chosen).height(area.w - bar) + foot;
  ScrollArea scroll(page.ui, "compare.prediction", area, std::max(area.h, height));
  Rect inside = scroll.content();
  inside.w -= bar;
  if (asks) return question(page, inside);
  const Answer answer(page, chosen);
  answer.draw(inside.take_top(answer.height(inside.w)));
  inside.take_top(4);
  if (chosen < page.of.acts().size() &&
      link(page.ui, "compare.predict.go_on", inside.take_top(20), page.s("compare.predict.title", {{"n", std::to_string(chosen + 1)}}))) {
    page.ui.memory("compare.predict.next") = double(chosen);
    page.ui.next_frame();
  }
}

// ---- the editor
std::string_view kind_key(ActKind kind) {
  switch (kind) {
    case ActKind::arrive: return "compare.edit.kind.arrive";
    case ActKind::check: return "compare.edit.kind.check";
    case ActKind::read: return "compare.edit.kind.read";
    case ActKind::erase: return "compare.edit.kind.erase";
    case ActKind::move: return "compare.edit.kind.move";
    case ActKind::go_offline: return "compare.edit.kind.go_offline";
    case ActKind::come_back: return "compare.edit.kind.come_back";
    case ActKind::lose: return "compare.edit.kind.lose";
    case ActKind::reinstall: return "compare.edit.kind.reinstall";
    case ActKind::set_leaving: return "compare.edit.kind.set_leaving";
  }
  return {};
}

void edit_kind(ComparePage& page, Rect column, UserAct& act) {
  page.ui.label(column.take_top(24), page.s("compare.edit.what"), font::strong);
  for (const ActKind kind : comparison::all_acts) {
    if (!radio(page.ui, fmt::format("compare.edit.kind/{}", int(kind)), column.take_top(24), page.s(kind_key(kind)), act.kind == kind)) continue;
    act.kind = kind;
    if (comparison::has_letter(kind)) act.letters = comparison::bit(comparison::letter_of(act));
    if (kind == ActKind::arrive && act.letters == 0) act.letters = comparison::bit(0);
  }
}

void edit_letters(ComparePage& page, Rect column, UserAct& act) {
  const bool one = comparison::has_letter(act.kind);
  page.ui.label(column.take_top(24), page.s(one ? "compare.edit.letter" : "compare.edit.letters"), font::strong);
  const float half = column.w / 2;
  for (std::size_t i = 0; i < comparison::cast.size(); ++i) {
    const Rect cell{column.x + (i % 2 == 1 ? half : 0), column.y + float(i / 2) * 24, half - 4, 24};
    const std::string name = fmt::format("compare.edit.letter/{}", i);
    bool on = (act.letters & comparison::bit(i)) != 0;
    if (one) {
      if (radio(page.ui, name, cell, comparison::cast[i].subject, on)) act.letters = comparison::bit(i);
    } else if (checkbox(page.ui, name, cell, comparison::cast[i].subject, on)) {
      act.letters = std::uint8_t(on ? act.letters | comparison::bit(i) : act.letters & ~comparison::bit(i));
    }
  }
}

void edit_details(ComparePage& page, Rect column, UserAct& act) {
  Ui& ui = page.ui;
  if (comparison::has_place(act.kind)) {
    ui.label(column.take_top(24), page.s("compare.edit.where"), font::strong);
    const std::array<std::string_view, 2> places{page.s("compare.place.laptop"), page.s("compare.place.phone")};
    int place = int(act.place);
    if (segmented(ui, "compare.edit.place", column.take_top(30).at_left(std::min(column.w, 200.F), 26), places, place)) act.place = Place(place);
    column.take_top(10);
  }
  if (act.kind == ActKind::set_leaving) {
    column.take_top(prose(ui, column, page.s("compare.edit.leave"), font::strong) + 2);
    if (radio(ui, "compare.edit.leave/1", column.take_top(24), page.s("compare.edit.leave_on"), act.leaves)) act.leaves = true;
    if (radio(ui, "compare.edit.leave/0", column.take_top(24), page.s("compare.edit.leave_off"), !act.leaves)) act.leaves = false;
  }
  if (act.kind == ActKind::arrive || comparison::has_letter(act.kind)) edit_letters(page, column, act);
}

}  // namespace

void compare_editor(ComparePage& page) {
  Ui& ui = page.ui;
  const std::size_t chosen = page.of.chosen();
  double& was_open = ui.memory("compare.edit.open");
  if (!page.of.editing()) {
    if (was_open > 0) ui.close_popup(editor), was_open = 0;
    return;
  }
  if (was_open > 0 && !ui.popup_open(editor)) {  // Escape, or a press outside
    was_open = 0;
    return page.wants(app::EditAct{false});
  }
  if (was_open == 0) {
    was_open = 1;
    ui.open_popup(editor, {ui.sizes.contains("split.compare.acts") ? ui.sizes.at("split.compare.acts") + 12 : 252, 112});
    ui.focus(fmt::format("compare.edit.kind/{}", int(page.of.acts()[chosen - 1].kind)));
  }
  auto area = ui.begin_popup(editor, {456, 368});
  if (!area) return;
  UserAct act = page.of.acts()[chosen - 1];
  Rect inside = area->inset(16, 10);
  Rect top = inside.take_top(30);
  if (icon_button(ui, "compare.edit.close", top.take_right(24).at_right(24, 24), Icon::cross, page.s("common.close"))) page.wants(app::EditAct{false});
  ui.label(top, page.s("compare.acts.edit", {{"n", std::to_string(chosen)}}), font::heading, {}, Align::left, "compare.edit.title");
  Rect foot = inside.take_bottom(36);
  Rect left = inside.take_left(190);
  inside.take_left(16);
  edit_kind(page, left, act);
  edit_details(page, inside, act);
  if (act != page.of.acts()[chosen - 1]) page.wants(app::ChangeAct{act});
  const auto foot_button = [&](std::string_view name, std::string_view words, bool possible) {
    const float width = button_width(ui, words);
    const Rect place = foot.take_left(width).at_left(width, 28);
    foot.take_left(8);
    return button(ui, name, place, words, {.enabled = possible});
  };
  if (foot_button("compare.edit.earlier", page.s("compare.edit.earlier"), chosen > 1)) page.wants(app::MoveAct{-1});
  if (foot_button("compare.edit.later", page.s("compare.edit.later"), chosen < page.of.acts().size())) page.wants(app::MoveAct{1});
  if (foot_button("compare.edit.remove", page.s("compare.edit.remove"), true)) page.wants(app::RemoveAct{});
  ui.end_popup();
}

void compare_acts(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  Rect head = panel_head(ui, "compare.acts.head", area, page.s("compare.acts.title"));
  const std::string_view same = page.s("compare.acts.same"), original = page.s("compare.acts.original");
  const bool changed = page.of.acts() != comparison::story_of_the_lake();
  const float width = ui.canvas().measure(changed ? original : same, font::caption) + 2;
  if (changed) {
    if (head.w > width && link(ui, "compare.original", head.take_right(width), original)) page.wants(app::StartActsOver{});
  } else if (head.w > width) {
    ui.label(head.take_right(width), same, font::caption, page.theme().third);
  }
  Rect bottom = area.take_bottom(std::min(prediction_room, area.h * 0.42F)).inset(metric::padding, 0);
  ui.canvas().horizontal(bottom.x, bottom.right(), bottom.y, page.theme().line);
  bottom.take_top(10);
  buttons(page, area.take_bottom(44).inset(metric::padding, 8));
  list(page, area);
  prediction(page, bottom);
}

// One act at a time, with what leads to the others.
void compare_acts_bar(ComparePage& page, Rect bar) {
  Ui& ui = page.ui;
  const std::size_t chosen = page.of.chosen(), total = page.of.acts().size();
  ui.canvas().horizontal(bar.x, bar.right(), bar.bottom() - 1, page.theme().line);
  Rect row = bar.inset(8, 0);
  if (icon_button(ui, "compare.bar.previous", row.take_left(28).at_left(28, 28), Icon::chevron_left, page.s("compare.acts.previous"), chosen > 0))
    page.wants(app::ChooseActBy{-1});
  if (icon_button(ui, "compare.bar.next", row.take_left(28).at_left(28, 28), Icon::chevron_right, page.s("compare.acts.next"), chosen < total))
    page.wants(app::ChooseActBy{1});
  row.take_left(6);
  if (icon_button(ui, "compare.bar.add", row.take_right(28).at_right(28, 28), Icon::plus, page.s("compare.acts.add"), total < comparison::most_acts))
    page.wants(app::AddAct{});
  if (chosen > 0 && icon_button(ui, "compare.edit_act", row.take_right(28).at_right(28, 28), Icon::pencil,
                                page.s("compare.acts.edit", {{"n", std::to_string(chosen)}})))
    page.wants(app::EditAct{});
  if (icon_button(ui, "compare.bar.run", row.take_right(28).at_right(28, 28), page.of.playing() ? Icon::pause : Icon::play,
                  page.s(page.of.playing() ? "compare.acts.stop" : "compare.acts.run")))
    page.wants(app::PlayActs{!page.of.playing()});
  if (chosen == 0) return void(ui.label(row, page.s("compare.acts.before"), font::strong, {}, Align::left, "compare.bar.act"));
  const UserAct& act = page.of.acts()[chosen - 1];
  draw_icon(ui.canvas(), act_icon(act), row.take_left(20).at_left(20, 20), page.theme().text);
  row.take_left(8);
  Rect lines = row.inset(0, 2);
  ui.label(lines.take_top(lines.h / 2 + 1), fmt::format("{}  {}", chosen, act_title(page, act)), font::strong, {}, Align::left, "compare.bar.act");
  ui.label(lines, act_note(page, chosen), font::caption, page.theme().second);
}

}  // namespace glasspost::ui
