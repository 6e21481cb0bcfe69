#include "lessons/standing.h"

#include <algorithm>
#include <set>

namespace glasspost::lessons {
namespace {

bool speaks_of_predictions(const Predicate& predicate) {
  if (std::holds_alternative<Predicted>(predicate.fact)) return true;
  const auto* all = std::get_if<All>(&predicate.fact);
  return all && std::any_of(all->of.begin(), all->of.end(), speaks_of_predictions);
}

}  // namespace

std::size_t Standing::met() const {
  return std::size_t(std::count_if(goals.begin(), goals.end(), [](const GoalStanding& one) { return one.met; }));
}

bool Course::GoalTrack::met_at(Instant when) const {
  const bool was_so = first_so && *first_so <= when;
  switch (goal->kind) {
    case GoalKind::reached: return was_so;
    case GoalKind::never: return !was_so;
    case GoalKind::holds:
    case GoalKind::count: return is_so(goal->predicate, lessons::at(track, when));
  }
  return false;
}

Course::Course(const Lesson& lesson, const Seen& seen, const std::vector<MadePrediction>& made)
    : lesson_(lesson), seen_(seen), made_(made) {
  seen_.graded = {};
  for (const Step& step : lesson.steps)
    for (const Goal& goal : step.goals) follow_goal(goal);
  for (const Goal& goal : lesson.throughout) follow_goal(goal);
  Instant after = seen.begins_at;
  std::size_t first = 0;
  bool going = true;
  for (const Step& step : lesson.steps) {
    if (going)
      for (std::size_t i = 0; i < step.goals.size(); ++i)
        if (step.goals[i].predicate.since_step) follow(goals_[first + i], since(after));
    if (step.prediction) grade(step, first, after);
    const auto done = going ? done_at(step, first, after, true) : std::nullopt;
    steps_done_.push_back(done);
    going = done.has_value();
    if (done) after = *done;
    first += step.goals.size();
  }
  // Goals of the whole may speak of any prediction.
  for (; first < goals_.size(); ++first)
    if (speaks_of_predictions(goals_[first].goal->predicate)) {
      seen_.graded = graded_;
      goals_[first].track = track(goals_[first].goal->predicate.fact, seen_);
    }
  for (std::size_t i = 0; i < lesson.steps.size(); ++i)
    for (const Feedback& one : lesson.steps[i].feedback) {
      const Instant began = i == 0 ? seen_.begins_at : steps_done_[i - 1].value_or(Instant::max());
      feedback_.emplace_back(&one, track(one.when.fact, one.when.since_step ? since(began) : seen_));
    }
  for (const Feedback& one : lesson.feedback) feedback_.emplace_back(&one, track(one.when.fact, seen_));
}

// A goal that counts since its step began says nothing before.
void Course::follow_goal(const Goal& goal) {
  GoalTrack followed{&goal, {}, std::nullopt};
  if (goal.predicate.since_step) followed.track = {{seen_.begins_at, 0, false, {}}};
  else follow(followed, seen_);
  goals_.push_back(std::move(followed));
}

void Course::follow(GoalTrack& followed, const Seen& seen) const {
  followed.track = track(followed.goal->predicate.fact, seen);
  for (const Moment& moment : followed.track)
    if (is_so(followed.goal->predicate, moment)) {
      followed.first_so = std::max(moment.at, seen.begins_at);
      break;
    }
}

// As if the lesson had begun at that moment: what was said at it belongs to what was before.
Seen Course::since(Instant began) const {
  Seen seen = seen_;
  RecordId first = std::max(seen_.begins, seen_.trace.first()), end = seen_.trace.end();
  while (first < end) {
    const RecordId middle = first + (end - first) / 2;
    if (seen_.trace[middle].at <= began) first = middle + 1;
    else end = middle;
  }
  if (began > seen_.begins_at) seen.begins = first, seen.begins_at = began == Instant::max() ? began : began + 1us;
  return seen;
}

// The first moment from `after` on at which all goals of the step are met.
std::optional<Instant> Course::done_at(const Step& step, std::size_t first, Instant after, bool with_predicted) const {
  std::set<Instant> moments{after};
  for (std::size_t i = 0; i < step.goals.size(); ++i)
    for (const Moment& moment : goals_[first + i].track)
      if (moment.at > after) moments.insert(moment.at);
  for (const Instant moment : moments) {
    bool all = true;
    for (std::size_t i = 0; i < step.goals.size() && all; ++i)
      all = goals_[first + i].met_at(moment) || (!with_predicted && speaks_of_predictions(step.goals[i].predicate));
    if (all) return moment;
  }
  return std::nullopt;
}

// The last prediction made before the step was done is the one that counts.
void Course::grade(const Step& step, std::size_t first, Instant after) {
  StepGrade grade{done_at(step, first, after, false), after, {}};
  grade.standing.prediction = &*step.prediction;
  for (const MadePrediction& one : made_)
    if (one.prediction == step.prediction->id && (!grade.at || one.at <= *grade.at)) grade.standing.made = &one;
  if (grade.at) {
    for (const Option& option : step.prediction->options)
      if (is_so(option.right_if, lessons::at(track(option.right_if.fact, option.right_if.since_step ? since(after) : seen_), *grade.at))) grade.standing.answer.push_back(option.id);
    std::vector<std::string> chosen = grade.standing.made ? grade.standing.made->choices : std::vector<std::string>{};
    std::vector<std::string> answer = grade.standing.answer;
    std::sort(chosen.begin(), chosen.end());
    std::sort(answer.begin(), answer.end());
    grade.standing.graded = true;
    grade.standing.right = grade.standing.made && chosen == answer;
    if (grade.standing.made) graded_.push_back({*grade.at, step.prediction->id, grade.standing.right});
    seen_.graded = graded_;
    for (std::size_t i = 0; i < goals_.size(); ++i) {
      if (!speaks_of_predictions(goals_[i].goal->predicate)) continue;
      GoalTrack& goal = goals_[i];
      goal.track = track(goal.goal->predicate.fact, seen_);
      for (const Moment& moment : goal.track)
        if (!goal.first_so && is_so(goal.goal->predicate, moment)) goal.first_so = moment.at;
    }
  }
  grades_.push_back(std::move(grade));
}

Standing Course::at(Instant when) const {
  Standing standing;
  standing.step_began = seen_.begins_at;
  while (standing.step < steps_done_.size() && steps_done_[standing.step] && *steps_done_[standing.step] <= when)
    standing.step_began = *steps_done_[standing.step++];
  for (const GoalTrack& followed : goals_) {
    GoalStanding one{followed.goal, followed.met_at(when), false, lessons::at(followed.track, when)};
    // What it was when it was reached, whatever has been answered since.
    if (one.met && followed.goal->kind == GoalKind::reached) one.value = lessons::at(followed.track, *followed.first_so);
    one.broken = followed.goal->kind == GoalKind::never && !one.met;
    standing.goals.push_back(std::move(one));
  }
  for (const StepGrade& grade : grades_) {
    PredictionStanding one = grade.standing;
    if (one.made && one.made->at > when) one.made = nullptr;
    one.closed = grade.at && *grade.at <= when && *grade.at > grade.began;
    if (!grade.at || *grade.at > when) {
      one.graded = one.right = false;
      one.answer.clear();
    }
    standing.predictions.push_back(std::move(one));
  }
  standing.done = standing.step == lesson_.steps.size() && standing.met() == standing.goals.size();
  if (!standing.done) standing.feedback = feedback_at(standing, when);
  return standing;
}

// The last moment between two at which it became so, or happened once more while it was so; nothing if it is over.
std::optional<Instant> Course::raised(const Feedback& feedback, Instant from, Instant until) const {
  const auto found = std::find_if(feedback_.begin(), feedback_.end(), [&](const auto& one) { return one.first == &feedback; });
  const Track& track = found->second;
  std::optional<Instant> last;
  for (std::size_t i = 0; i < track.size() && track[i].at <= until; ++i) {
    if (!is_so(feedback.when, track[i])) last.reset();
    else if (track[i].at >= from && i > 0 && (!is_so(feedback.when, track[i - 1]) || track[i].number > track[i - 1].number)) last = track[i].at;
  }
  return last;
}

const Feedback* Course::feedback_at(const Standing& standing, Instant when) const {
  const Feedback* shown = nullptr;
  Instant shown_since{};
  const auto offer = [&](const Feedback& feedback, Instant from, std::size_t first_goal, std::size_t goals) {
    const auto since = raised(feedback, from, when);
    if (!since || (shown && *since < shown_since)) return;
    for (std::size_t i = first_goal; i < first_goal + goals; ++i) {
      const auto& reached = goals_[i].first_so;
      if (goals_[i].goal->kind != GoalKind::never && reached && *reached > *since && *reached <= when) return;
    }
    shown = &feedback;
    shown_since = *since;
  };
  for (const Feedback& feedback : lesson_.feedback) offer(feedback, seen_.begins_at, 0, goals_.size());
  if (standing.step >= lesson_.steps.size()) return shown;
  std::size_t first = 0;
  for (std::size_t i = 0; i < standing.step; ++i) first += lesson_.steps[i].goals.size();
  const Step& step = lesson_.steps[standing.step];
  // What ended the step before is no mistake in this one.
  const Instant from = standing.step == 0 ? standing.step_began : standing.step_began + 1us;
  for (const Feedback& feedback : step.feedback) offer(feedback, from, first, step.goals.size());
  return shown;
}

}  // namespace glasspost::lessons
