// An open lesson: one thing to do, what is met so far, a prediction, what went amiss, hints.
#include <algorithm>
#include <utility>

#include "app/learn/course.h"
#include "app/learn/words.h"
#include "app/ui/views/learn.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

using app::InLesson;
using app::LessonDo;

constexpr float footer_height = 48, step_row = 28, goal_row = 24, option_row = 26;

// Lays the panel out from above: once to learn its height, once to draw.
class Panel {
 public:
  Panel(Ui& ui, const Model& model, Actions& actions)
      : ui_(ui), model_(model), actions_(actions), s_(model.strings()), t_(ui.theme), learning_(*model.learning()),
        lesson_(learning_.lesson), standing_(learning_.standing), language_(model.settings().language), writer_(ui, model, actions, "") {}

  float lay(Rect content, bool drawing) {
    drawing_ = drawing;
    left_ = content.x, width_ = content.w, y_ = content.y;
    head();
    problems();
    if (learning_.kept) free_play();
    if (standing_.done) left_behind(), outro();
    else if (standing_.step == 0) text("intro", font::prose, t_.second);
    gap(12);
    steps();
    goals();
    gap(16);
    return y_ - content.y;
  }
  std::optional<Point> step_place() const { return step_place_; }
  // Where what was said of the step before begins; else the step to do.
  std::optional<float> news() const { return step_place_ && graded_place_ ? graded_place_ : step_place_ ? std::optional(step_place_->y - 14) : std::nullopt; }
  // What came last beside the step, feedback or a hint, and which it is; 0: none.
  struct Aside {
    double which = 0;
    float top = 0, bottom = 0;
  };
  const Aside& feedback() const { return feedback_; }
  const Aside& hint() const { return hint_; }
  const Aside& shown_solution() const { return solution_; }

 private:
  Rect row(float height) {
    const Rect place{left_, y_, width_, height};
    y_ += height;
    return place;
  }
  void gap(float height) { y_ += height; }
  std::string_view words(const std::string& key) const { return lesson_.text(language_, key); }

  void text(const std::string& key, Font font, std::optional<Colour> colour = {}, float indent = 0) { blocks(learn::parse_markdown(words(key)), font, colour, indent); }
  void blocks(const std::vector<learn::Block>& all, Font font, std::optional<Colour> colour, float indent) {
    const Rect place{left_ + indent, y_, width_ - indent, 0};
    y_ += drawing_ ? writer_.write(place, all, font, colour) : measure_markdown(ui_, place.w, all, font);
  }
  std::string line(const std::string& key) const {
    const auto all = learn::parse_markdown(words(key));
    return all.empty() ? std::string() : prose_markup(all.front().runs);
  }
  void heading(std::string_view title, std::string_view aside = {}) {
    gap(16);
    const Rect place = row(22);
    if (!drawing_) return;
    const float used = ui_.label(place, title, font::strong);
    ui_.label({place.x + used + 12, place.y, place.w - used - 12, place.h}, aside, font::caption, t_.third, Align::right);
  }

  void head() {
    Rect top = row(20);
    if (drawing_) {
      if (link(ui_, "learn.list", top.take_left(ui_.canvas().measure(s_("learn.all_lessons"), font::caption) + 2), s_("learn.all_lessons"))) say(LessonDo::close);
      top.take_left(12);
      std::string facts = lesson_.number > 0 ? s_("learn.lesson_n", {{"n", std::to_string(lesson_.number)}}) + " · " : "";
      facts += s_("learn.about_minutes", {{"n", std::to_string(lesson_.minutes)}});
      ui_.label(top, facts, font::caption, t_.third, Align::right);
    }
    gap(4);
    const std::string title = line("title");
    if (drawing_) prose(ui_, {left_, y_, width_, 0}, title, font::title, t_.text, "learn.title");
    y_ += measure_prose(ui_, width_, title, font::title);
    if (!lesson_.rfcs.empty()) blocks({rfc_links(lesson_.rfcs)}, font::caption, t_.third, 0);
    gap(8);
  }

  // A teacher's slip, while editing: the lesson goes on as it was.
  void problems() {
    if (learning_.problems.empty()) return;
    bar_card("learn.problems", s_("learn.edit_broke"), learning_.problems.front().describe(), t_.error.fill);
  }

  void free_play() {
    bar_card("learn.free_note", s_("learn.free_heading"), std::string(s_("learn.free_words")), t_.accent);
    const Rect place = row(metric::button);
    if (drawing_ && button(ui_, "learn.come_back", place.at_left(button_width(ui_, s_("learn.come_back"), {.primary = true}), metric::button), s_("learn.come_back"), {.primary = true}))
      say(LessonDo::come_back);
    gap(12);
  }

  // A slip of the hand is no loss: what was done before another step was gone to can be had again.
  void left_behind() {
    if (!learning_.left || learning_.kept) return;
    bar_card("learn.left_note", s_("learn.left_heading"), std::string(s_("learn.left_words")), t_.accent);
    const Rect place = row(metric::button);
    const std::string_view words = s_("learn.have_again");
    if (drawing_ && button(ui_, "learn.have_again", place.at_left(std::min(width_, button_width(ui_, words)), metric::button), words)) say(LessonDo::come_back);
    gap(12);
  }

  void outro() {
    bar_card("learn.done", s_("lesson.all_met"), "", t_.accent);
    text("outro", font::prose);
    gap(12);
    const learn::Shelved* next = learn::next_after(model_.shelf(), model_.progress(), lesson_.id);
    const std::string words = next ? s_("learn.next", {{"lesson", learn::title_of(next->lesson, language_)}}) : std::string(s_("learn.all_done"));
    const ButtonLook look{.primary = next != nullptr};
    const Rect place = row(metric::button);
    if (drawing_ && button(ui_, "learn.next", place.at_left(std::min(width_, button_width(ui_, words, look)), metric::button), words, look)) {
      if (next) actions_.push_back(app::OpenLesson{next->directory.string(), 0});
      else say(LessonDo::close);
    }
    gap(12);
    if (!model_.watching()) return;
    const Rect teacher = row(22);
    if (drawing_) record(teacher);
  }

  void steps() {
    for (std::size_t i = 0; i < lesson_.steps.size(); ++i) {
      const lessons::Step& step = lesson_.steps[i];
      const bool current = i == standing_.step && !learning_.kept, done = i < standing_.step;
      const std::string title = prose_markup(learn::step_title(lesson_, step, language_));
      const Font font = current ? font::strong : font::body;
      const float height = std::max(step_row, measure_prose(ui_, width_ - 40, title, font) + 8);
      const Rect place = row(height);
      if (drawing_) {
        const Rect ground{left_ - 12, place.y, width_ + 24, place.h};
        const std::string name = "learn.step/" + std::to_string(i + 1);
        const Response r = ui_.interact(name, Kind::row, ground, title, {.on = current});
        row_ground(ui_, ground, current, r.hovered);
        if (r.ring) ui_.focus_ring(ground);
        if (r.clicked && !current) actions_.push_back(app::OpenLesson{lesson_.directory.string(), i});
        if (r.hovered && !current) ui_.tooltip(ground, s_("learn.go_to_step"));
        const Rect mark{place.x, place.y + (std::min(place.h, step_row) - 16) / 2, 16, 16};
        if (done) draw_icon(ui_.canvas(), Icon::tick, mark, t_.second);
        else {
          ui_.canvas().ring(mark.centre(), 8, current ? t_.accent : t_.strong_line, 1.5F);
          ui_.label(mark, std::to_string(i + 1), font::caption_strong, current ? t_.accent : t_.third, Align::centre);
        }
        prose(ui_, {place.x + 28, place.y + (step_row - line_height(font)) / 2, width_ - 40, 0}, title, font, done ? t_.third : t_.text);
        if (current) step_place_ = Point{ground.right(), place.middle()};
      }
      if (current) to_do(step);
      else if (i + 1 == standing_.step && !learning_.kept) graded(step);
    }
  }

  void to_do(const lessons::Step& step) {
    gap(8);
    left_behind();
    blocks(learn::step_prose(lesson_, step, language_), font::prose, {}, 0);
    gap(4);
    if (step.prediction) prediction(step);
    deeds(step);
    if (standing_.feedback) {
      gap(8);
      const float top = y_;
      bar_card("learn.feedback", s_("learn.look_again"), std::string(words("feedback." + standing_.feedback->id)), t_.error.fill);
      feedback_ = {double(id_of(standing_.feedback->id) >> 12), top, y_};
    }
    if (!standing_.done) hints(step);
    gap(12);
  }

  void deeds(const lessons::Step& step) {
    if (step.offer.empty()) return;
    gap(8);
    float x = left_;
    Rect place = row(metric::button);
    for (const std::string& id : step.offer) {
      const std::string label = learn::plain(words("deed." + id));
      const float w = std::min(width_, button_width(ui_, label));
      if (x > left_ && x + w > left_ + width_) {
        gap(8);
        place = row(metric::button);
        x = left_;
      }
      if (drawing_ && button(ui_, "learn.deed/" + id, {x, place.y, w, metric::button}, label)) actions_.push_back(app::DoDeed{id});
      x += w + 8;
    }
  }

  const lessons::PredictionStanding* standing_of(const lessons::Prediction& prediction) const {
    for (const lessons::PredictionStanding& one : standing_.predictions)
      if (one.prediction->id == prediction.id) return &one;
    return nullptr;
  }

  double& choice(const lessons::Prediction& prediction, const std::string& option) {
    return ui_.memory("learn.choice/" + lesson_.id + "/" + prediction.id + "/" + option);
  }

  void prediction(const lessons::Step& step) {
    const lessons::Prediction& asked = *step.prediction;
    const std::string key = "predict." + asked.id, question = line(key);
    const lessons::PredictionStanding* standing = standing_of(asked);
    const bool made = standing && standing->made, closed = standing && standing->closed;
    gap(8);
    const float inner = width_ - 32;
    const std::string_view small = s_(closed ? "learn.prediction_closed" : made ? "learn.prediction_fixed" : "learn.graded_by");
    const std::string_view fix = s_(made ? "learn.change_prediction" : "learn.fix_prediction");
    const float button_wide = button_width(ui_, fix, {.primary = true}), small_wide = inner - button_wide - 16;
    const float foot_height = std::max(metric::button, measure_prose(ui_, small_wide, small, font::caption));
    const float height = 16 + 20 + measure_prose(ui_, inner, question) + 8 + float(asked.options.size()) * option_row + 8 + foot_height + 16;
    const Rect box = row(height);
    gap(8);
    if (!drawing_) return;
    card(ui_, box);
    Rect in = box.inset(16);
    ui_.label(in.take_top(20), s_("learn.predict_first"), font::strong);
    in.take_top(prose(ui_, in, question) + 8);
    const std::vector<std::string> chosen = options(asked, key, in, made ? standing->made->choices : std::vector<std::string>{}, closed);
    in.take_top(8);
    const Rect foot = in.take_top(foot_height);
    const bool other = made && !chosen.empty() && !same(chosen, standing->made->choices), offers = !closed && (!made || other);
    if (offers) {
      const ButtonLook look{.primary = true, .enabled = !chosen.empty(), .why_not = s_("learn.choose_first")};
      if (button(ui_, "learn.fix", foot.at_right(button_wide, metric::button), fix, look)) actions_.push_back(app::PredictInLesson{chosen});
    }
    const float note_wide = offers ? small_wide : inner, tall = measure_prose(ui_, note_wide, small, font::caption);
    prose(ui_, {foot.x, foot.y + (foot.h - tall) / 2, note_wide, tall}, small, font::caption, t_.third, "learn.prediction_note");
  }

  static bool same(std::vector<std::string> one, std::vector<std::string> other) {
    std::sort(one.begin(), one.end());
    std::sort(other.begin(), other.end());
    return one == other;
  }

  // What was predicted stands marked; what is chosen anew counts when it is fixed, and when it is too late for that nothing can be.
  std::vector<std::string> options(const lessons::Prediction& asked, const std::string& key, Rect& in, const std::vector<std::string>& made, bool closed) {
    double& taken = ui_.memory("learn.choice/" + lesson_.id + "/" + asked.id);
    if (made.empty()) taken = 0;
    else if (taken == 0) {
      taken = 1;
      for (const lessons::Option& option : asked.options) choice(asked, option.id) = std::find(made.begin(), made.end(), option.id) != made.end() ? 1 : 0;
    }
    std::vector<std::string> chosen;
    for (const lessons::Option& option : asked.options) {
      const Rect place = in.take_top(option_row);
      const std::string label = learn::plain(words(key + "." + option.id)), name = "learn.option/" + option.id;
      bool on = choice(asked, option.id) > 0;
      if (closed) {
        on = std::find(made.begin(), made.end(), option.id) != made.end();
        if (on) draw_icon(ui_.canvas(), Icon::tick, place.at_left(16, 16), t_.second);
        ui_.label({place.x + 22, place.y, place.w - 22, place.h}, label, font::body, on ? t_.text : t_.third, Align::left, name);
      } else if (asked.several) {
        if (checkbox(ui_, name, place, label, on)) choice(asked, option.id) = on ? 1 : 0;
      } else if (radio(ui_, name, place, label, on)) {
        for (const lessons::Option& other : asked.options) choice(asked, other.id) = other.id == option.id ? 1 : 0;
      }
    }
    for (const lessons::Option& option : asked.options)
      if (choice(asked, option.id) > 0) chosen.push_back(option.id);
    return chosen;
  }

  // The answer to the prediction of the step that was just done, behind it.
  void graded(const lessons::Step& step) {
    const lessons::PredictionStanding* last = step.prediction ? standing_of(*step.prediction) : nullptr;
    if (!last || !last->graded || !last->made) return;
    if (drawing_) graded_place_ = y_;
    const std::string key = "predict." + last->prediction->id;
    const auto in_words = [&](const std::vector<std::string>& chosen) {
      std::string all;
      for (const std::string& option : chosen) all += (all.empty() ? "" : ", ") + std::string(words(key + "." + option));
      return all.empty() ? std::string(s_("learn.none_of_these")) : all;
    };
    gap(4);
    const std::string body = std::string(words(key)) + "\n\n" + (last->right ? std::string() : s_("learn.was_predicted", {{"answer", in_words(last->made->choices)}}) + "\n\n") +
                             s_("learn.simulator_says", {{"answer", in_words(last->answer)}}) + "\n\n" +
                             std::string(words(key + (last->right ? ".right" : ".wrong")));
    bar_card("learn.graded", s_(last->right ? "learn.predicted_right" : "learn.predicted_wrong"), body, last->right ? t_.accent : t_.error.fill);
    gap(8);
  }

  void goals() {
    heading(s_("learn.goals"), s_("learn.reached_so_far", {{"n", std::to_string(standing_.met())}, {"total", std::to_string(standing_.goals.size())}}));
    // The two columns at the right are as wide as what stands in them; the words have the rest.
    float kind_width = 40, value_width = 24;
    for (const lessons::GoalStanding& goal : standing_.goals) {
      kind_width = std::max(kind_width, ui_.canvas().measure(learn::kind_of(goal, s_), font::caption) + 1);
      value_width = std::max(value_width, ui_.canvas().measure(learn::value_of(goal, s_), font::table_bold) + 1);
    }
    value_width = std::min(value_width, width_ * 0.3F);
    const float text_width = width_ - 26 - 12 - value_width - kind_width;
    for (const lessons::GoalStanding& goal : standing_.goals) {
      const std::string label = line("goal." + goal.goal->id);
      const float height = std::max(goal_row, measure_prose(ui_, text_width, label) + 5);
      const Rect place = row(height);
      if (!drawing_) continue;
      ui_.note("learn.goal/" + goal.goal->id, Kind::item, place, label, goal.met);
      const bool never = goal.goal->kind == lessons::GoalKind::never;
      draw_mark(ui_.canvas(), t_, {place.x, place.y + 4, 16, 16}, goal.broken ? Mark::failed : never ? Mark::never : goal.met ? Mark::done : Mark::ahead);
      prose(ui_, {place.x + 26, place.y + 2, text_width, 0}, label, font::body, goal.met ? t_.text : t_.second);
      const Rect value{place.x + 26 + text_width + 4, place.y, value_width, goal_row};
      ui_.label(value, learn::value_of(goal, s_), font::table_bold, goal.broken ? t_.error.text : goal.met ? t_.text : t_.second, Align::right);
      ui_.label({value.right() + 8, place.y, kind_width, goal_row}, learn::kind_of(goal, s_), font::caption, goal.broken ? t_.error.text : t_.third);
    }
    if (learning_.checked && !standing_.done) {
      gap(8);
      const std::string left = s_("lesson.met", {{"n", std::to_string(standing_.met())}, {"total", std::to_string(standing_.goals.size())}}) + " " + std::string(s_("learn.still_open"));
      if (drawing_) prose(ui_, {left_, y_, width_, 0}, left, font::body, t_.second, "learn.checked");
      y_ += measure_prose(ui_, width_, left);
    }
  }

  void hints(const lessons::Step& step) {
    constexpr std::string_view kinds[] = {"concept", "where", "command"};
    static constexpr std::string_view titles[] = {"learn.hint_concept", "learn.hint_where", "learn.hint_command"};
    for (int i = 0; i < learning_.hints; ++i) {
      gap(12);
      const float top = y_;
      bar_card("learn.hint/" + std::to_string(i + 1), s_(titles[i]), std::string(words("hint." + step.id + "." + std::string(kinds[i]))), t_.accent);
      hint_ = {double(i + 1), top, y_};
    }
    if (learning_.solution) {
      const float top = y_;
      solution();
      solution_ = {1, top, y_};
    }
    gap(10);
    Rect place = row(22);
    if (!drawing_) return;
    static constexpr std::string_view more[] = {"learn.more_concept", "learn.more_where", "learn.more_command"};
    if (learning_.hints < 3) {
      const std::string_view next = s_(more[learning_.hints]);
      if (link(ui_, "learn.hint", place.take_left(ui_.canvas().measure(next, font::body) + 2), next, Align::left, font::body)) say(LessonDo::hint);
    } else {
      const std::string_view show = s_(learning_.solution ? "learn.fill_again" : "learn.show_solution");
      if (link(ui_, "learn.solution", place.take_left(ui_.canvas().measure(show, font::body) + 2), show, Align::left, font::body)) say(LessonDo::solution);
    }
    record(place);
  }

  // A teacher saves what was done, on the way or at the end.
  void record(Rect place) {
    if (!model_.watching()) return;
    const std::string_view words = s_("learn.record");
    if (link(ui_, "learn.record", place.take_right(ui_.canvas().measure(words, font::caption) + 2), words)) say(LessonDo::record);
  }

  void solution() {
    const app::NextActs next = app::next_acts(learning_, model_.deeds(), model_.conversations());
    heading(s_("learn.solution"), s_("learn.solution_note"));
    for (std::size_t i = 0; i < next.acts.size(); ++i) {
      const std::string act = learn::act_in_words(next.acts[i], lesson_, s_);
      const std::string shown = act.empty() ? std::string(s_("learn.empty_line")) : act;
      const Rect place = row(22);
      if (!drawing_) continue;
      const bool typed = std::holds_alternative<lessons::Type>(next.acts[i]);
      if (i < next.done) draw_icon(ui_.canvas(), Icon::tick, place.at_left(14, 14), t_.third);
      if (i == next.done) draw_icon(ui_.canvas(), Icon::chevron_right, place.at_left(14, 14), t_.accent);
      ui_.label({place.x + 24, place.y, place.w - 24, place.h}, shown, typed && !act.empty() ? font::console : font::body, i < next.done ? t_.third : t_.text);
    }
  }

  // A heading and words behind a bar: feedback, hints, answers.
  void bar_card(const std::string& name, std::string_view title, const std::string& body, Colour bar) {
    const auto all = learn::parse_markdown(body);
    const float inner = width_ - 16;
    const float words_height = all.empty() ? 0 : measure_markdown(ui_, inner, all, font::body) + 2;
    const Rect box = row(24 + words_height);
    gap(4);
    if (!drawing_) return;
    ui_.note(name, Kind::notice, box, learn::plain(body));
    ui_.canvas().fill({box.x, box.y, 3, box.h}, bar);
    ui_.label({box.x + 16, box.y, inner, 22}, title, font::strong);
    writer_.write({box.x + 16, box.y + 24, inner, 0}, all, font::body, t_.second);
  }

  void say(LessonDo what) { actions_.push_back(InLesson{what}); }

  Ui& ui_;
  const Model& model_;
  Actions& actions_;
  const Strings& s_;
  const Theme& t_;
  const app::Learning& learning_;
  const lessons::Lesson& lesson_;
  const lessons::Standing& standing_;
  Language language_;
  ProseWriter writer_;
  bool drawing_ = false;
  float left_ = 0, width_ = 0, y_ = 0;
  std::optional<Point> step_place_;
  std::optional<float> graded_place_;
  Aside feedback_, hint_, solution_;
};

void footer(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().horizontal(area.x, area.right(), area.y, ui.theme.line);
  Rect row = area.inset(metric::padding, 10);
  const auto deed = [&](std::string_view name, std::string_view text, LessonDo what, const ButtonLook& look = {}) {
    const Rect at = row.take_left(button_width(ui, text, look));
    row.take_left(8);
    if (button(ui, name, at, text, look)) actions.push_back(InLesson{what});
  };
  const ButtonLook check{.key = "F9"};
  const Rect right = row.take_right(button_width(ui, s("learn.check"), check));
  deed("learn.back", s("learn.back"), LessonDo::back);
  if (!model.learning()->kept) deed("learn.free", s("learn.free"), LessonDo::free_play);
  deed("learn.restart", s("learn.restart"), LessonDo::restart);
  if (model.learning()->kept) {
    if (button(ui, "learn.check", right, s("learn.check"), check)) actions.push_back(InLesson{LessonDo::come_back});
  } else if (button(ui, "learn.check", right, s("learn.check"), check)) {
    actions.push_back(InLesson{LessonDo::check});
  }
}

// A new step comes into sight by itself, with what is said of the one before; so do feedback and hints.
void bring_into_sight(Ui& ui, const Panel& panel, ScrollArea& scroll, Rect content, float height, const app::Learning& learning) {
  const lessons::Standing& standing = learning.standing;
  const auto is_new = [&](std::string_view name, double now) { return std::exchange(ui.memory(name, 0), now) != now; };
  const bool fresh_step = is_new("learn.shown_step", double(standing.step) + 1), fresh_feedback = is_new("learn.shown_feedback", panel.feedback().which),
             fresh_hint = is_new("learn.shown_hint", panel.hint().which), fresh_solution = is_new("learn.shown_solution", panel.shown_solution().which);
  const auto reveal = [&](float top, float bottom) {
    scroll.reveal(top - content.y - 8, std::min(bottom - top + 40, height));
    ui.next_frame();
  };
  if (is_new("learn.shown_free", learning.kept ? 1 : 0) && learning.kept) {
    scroll.reveal(0, height);
    ui.next_frame();
  } else if (fresh_step) {
    if (standing.done || standing.step == 0) scroll.reveal(0, height), ui.next_frame();
    else if (const auto news = panel.news()) reveal(*news, *news + height);
  } else if (fresh_feedback && panel.feedback().which != 0) {
    reveal(panel.feedback().top, panel.feedback().bottom);
  } else if (fresh_hint && panel.hint().which != 0) {
    reveal(panel.hint().top, panel.hint().bottom);
  } else if (fresh_solution && panel.shown_solution().which != 0) {
    reveal(panel.shown_solution().top, panel.shown_solution().bottom);
  }
}

}  // namespace

std::optional<Point> lesson_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  ui.note("learn.lesson", Kind::area, area);
  footer(ui, area.take_bottom(footer_height), model, actions);
  const float side = 24;
  Panel panel(ui, model, actions);
  const float height = panel.lay({0, 0, area.w - 2 * side, 0}, false) + 16;
  ScrollArea scroll(ui, "learn.scroll", area, height);
  const Rect content = scroll.content();
  panel.lay({content.x + side, content.y + 16, area.w - 2 * side, 0}, true);
  const auto place = panel.step_place();
  bring_into_sight(ui, panel, scroll, content, area.h, *model.learning());
  // A step that was scrolled out of sight has no curve.
  return place && place->y > area.y && place->y < area.bottom() ? place : std::nullopt;
}

}  // namespace glasspost::ui
