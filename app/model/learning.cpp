#include "app/model/learning.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "app/learn/markdown.h"
#include "lessons/answers.h"
#include "lessons/run.h"
#include "protocol/base/text.h"

namespace glasspost::app {
namespace {

// How often a teacher's files are looked at, in real time.
constexpr Duration look_again = std::chrono::milliseconds{500};

// Console, mailboxes and message share a place; the stage says which of them is shown first.
LowerPanel first_lower(const std::vector<lessons::StagePanel>& stage) {
  for (const lessons::StagePanel panel : stage) {
    if (panel == lessons::StagePanel::mailboxes) return LowerPanel::mailboxes;
    if (panel == lessons::StagePanel::message) return LowerPanel::message;
    if (panel == lessons::StagePanel::console) return LowerPanel::console;
  }
  return LowerPanel::console;
}

// "MAIL" of "mail from:<a@b>", "SUBJECT" of "Subject: hi"; empty: the line has none.
std::string verb_of_line(std::string_view line) { return to_upper(line.substr(0, line.find_first_of(" :"))); }

bool was_refused(const sim::TypeText& typed, Instant at, const Conversations& conversations) {
  const Conversation* conversation = conversations.find(typed.connection);
  if (!conversation) return false;
  for (const lessons::Answer& answer : lessons::answers_of(*conversation))
    if (answer.command && conversation->message(*answer.command).at == at) {
      const Message& reply = conversation->message(answer.reply);
      const std::string_view words = lessons::words_of(*conversation, reply);
      return !lessons::is_accepted(*conversation, reply) && !words.starts_with('3') && !words.starts_with('+');  // go on
    }
  return false;
}

// How many of the acts' lines were typed, one after the other. Who writes a letter of their own words has written it too: what
// counts there is the dot.
std::size_t followed(const std::vector<lessons::Act>& acts, const std::vector<DoneDeed>& deeds, const Conversations& conversations, Instant since) {
  std::vector<std::string_view> lines;
  for (const lessons::Act& act : acts)
    if (const auto* type = std::get_if<lessons::Type>(&act)) lines.push_back(type->line);
  std::size_t next = 0;
  bool in_letter = false;
  for (const DoneDeed& done : deeds) {
    const auto* typed = std::get_if<sim::TypeText>(&done.deed);
    if (!typed || done.at < since || lines.empty()) continue;
    std::string_view line = typed->octets;
    line = line.substr(0, line.find('\r'));
    if (in_letter && line != ".") {
      if (next < lines.size() && lines[next] != ".") ++next;
      continue;
    }
    if (was_refused(*typed, done.at, conversations)) continue;
    const auto is_next = [&](std::size_t at) { return at < lines.size() && (equal_ignoring_case(line, lines[at]) || verb_of_line(line) == verb_of_line(lines[at])); };
    if (in_letter) next = std::size_t(std::find(lines.begin() + std::ptrdiff_t(std::min(next, lines.size())), lines.end(), ".") - lines.begin());
    next = is_next(next) ? next + 1 : is_next(0) ? 1 : 0;
    in_letter = equal_ignoring_case(line, "DATA");
  }
  return next;
}

learn::ShelfPlaces places(const std::filesystem::path& assets) { return {assets, learn::own_lessons()}; }

}  // namespace

NextActs next_acts(const Learning& learning, const std::vector<DoneDeed>& deeds, const Conversations& conversations) {
  NextActs next;
  const lessons::Step* step = learning.step();
  if (!step || learning.lesson.solutions.empty()) return next;
  for (const lessons::Route::Part& part : learning.lesson.solutions.front().parts)
    if (part.step == step->id) next.acts = part.acts;
  std::size_t opened = 0;
  for (const DoneDeed& done : deeds) opened += done.at >= learning.standing.step_began && std::holds_alternative<sim::OpenConsole>(done.deed);
  std::size_t typed = followed(next.acts, deeds, conversations, learning.standing.step_began);
  const bool predicted = std::any_of(learning.standing.predictions.begin(), learning.standing.predictions.end(),
                                     [&](const auto& one) { return step->prediction && one.prediction->id == step->prediction->id && one.made; });
  for (const lessons::Act& act : next.acts) {
    if (std::holds_alternative<lessons::Type>(act) ? typed == 0 : std::holds_alternative<lessons::Connect>(act) ? opened == 0 : std::holds_alternative<lessons::Predict>(act) && !predicted) break;
    if (std::holds_alternative<lessons::Type>(act)) --typed;
    if (std::holds_alternative<lessons::Connect>(act)) --opened;
    if (!std::holds_alternative<lessons::Type>(act) && !std::holds_alternative<lessons::Connect>(act) && !std::holds_alternative<lessons::Predict>(act)) break;
    ++next.done;
  }
  return next;
}

void Learning::forget_after(Instant moment) {
  if (!kept) std::erase_if(made, [&](const auto& one) { return one.at > moment; });
  std::erase_if(waits, [&](const Waited& one) { return one.from >= moment; });
  for (Waited& one : waits) one.until = std::min(one.until, moment);
}

std::optional<Learning::Kept> Learning::own(const std::vector<DoneDeed>& deeds) const {
  if (kept) return kept->deeds.size() + kept->made.size() + kept->waits.size() > brought ? kept : std::nullopt;  // not what was played freely
  return things_done(deeds) > brought ? std::optional(Kept{deeds, made, waits, brought}) : std::nullopt;
}

const std::vector<learn::Shelved>& Model::shelf() const { return shelf_; }

void Model::read_shelf() {
  shelf_ = learn::read_shelf(places(assets_));
  if (!glossary_.empty()) return;
  if (auto terms = lessons::read_glossary(assets_ / "lessons" / "glossary.yaml")) glossary_ = std::move(*terms);
  else notice_ = Notice{true, terms.error().describe()};
}

void Model::open_lesson(const std::string& what, std::size_t step) {
  const std::filesystem::path directory = learn::find_lesson(places(assets_), what);
  if (directory.empty()) return say("lesson.unknown", {{"lesson", what}}, true);
  learn::Shelved shelved = learn::read_shelved(directory, assets_);
  if (!shelved.problems.empty()) {
    notice_ = Notice{true, shelved.problems.front().describe()};
    return;
  }
  if (shelf_.empty()) read_shelf();
  auto learning = std::make_unique<Learning>();
  learning->lesson = std::move(shelved.lesson);
  learning->written = learn::last_written(directory);
  // Another step of the same lesson: what was done so far can be had again.
  if (learning_ && learning_->lesson.directory == learning->lesson.directory && learning_->written == learning->written)
    if (learning->left = learning_->own(deeds_); !learning->left) learning->left = std::move(learning_->left);
  const sim::Scenario world = learning->lesson.world;
  begin(world, learning->lesson.id, learning->lesson.seed);
  learning_ = std::move(learning);
  workspace_ = Workspace::learn;
  lower_ = first_lower(learning_->lesson.stage);
  settings_.greeted = true;
  settings_changed_ = true;
  learning_->begins = trace_->end();
  learning_->begins_at = std::max(world_->now(), end());
  judge();
  set_cursor(end());
  // A later step begins where the first solution has brought the world.
  for (std::size_t i = 0; i < std::min(step, learning_->lesson.steps.size()); ++i)
    for (const lessons::Act& act : learning_->lesson.solutions.front().parts[i].acts) do_act(act);
  learning_->brought = learning_->things_done(deeds_);
  note_progress();
}

void Model::do_act(const lessons::Act& act) {
  if (const auto* predict = std::get_if<lessons::Predict>(&act)) return predict_in_lesson(predict->choices, predict->prediction);
  if (const auto* wait = std::get_if<lessons::Wait>(&act)) {
    const Instant from = world_->now();
    world_->run_until(from + wait->time);
    world_->run_story();
    learning_->waits.push_back({from, from + wait->time});
  }
  auto deeds = lessons::deeds_of(act, *world_, *trace_);
  if (!deeds) {
    notice_ = Notice{true, deeds.error()};
    return;
  }
  for (const sim::Deed& deed : *deeds)
    if (const ConnectionId connection = perform(deed); std::holds_alternative<sim::OpenConsole>(deed)) hold(connection);
  selection_ = {};  // what has just happened is looked at
  refresh();
  set_cursor(end());
  follow_lanes();
}

void Model::hold(ConnectionId connection) {
  console_.connection = connection;
  console_.held_by_person = connection != 0 && world_->console_is_open(connection);
}

void Model::predict_in_lesson(const std::vector<std::string>& choices, const std::string& prediction) {
  if (!learning_ || learning_->kept) return;
  std::string id = prediction;
  if (id.empty() && learning_->step() && learning_->step()->prediction) id = learning_->step()->prediction->id;
  if (id.empty() || choices.empty()) return;
  if (learning_->course)  // whatever moment is looked at: what has happened has happened
    for (const lessons::PredictionStanding& one : learning_->course->at(end()).predictions)
      if (one.closed && one.prediction->id == id) return say("learn.prediction_closed");
  learning_->made.push_back({end(), id, choices});
  judge();
}

// Everything that was done is done again in a world made anew.
void Model::replay() {
  const std::vector<DoneDeed> deeds = std::exchange(deeds_, {});
  start_over();
  world_->run_story();
  learning_->begins = trace_->end();
  learning_->begins_at = std::max(world_->now(), trace_->size() == 0 ? scenario_.start : (*trace_)[trace_->end() - 1].at);
  for (const DoneDeed& done : deeds) {
    if (done.at > world_->now()) world_->run_until(done.at);
    deeds_.push_back(done);
    world_->perform(done.deed);
    world_->run_story();
  }
  for (const Learning::Waited& one : learning_->waits) {
    if (one.until <= world_->now()) continue;
    world_->run_until(one.until);
    world_->run_story();
  }
  selection_ = {};
  hold(world_->last_console());
  refresh();
  set_cursor(end());
  follow_lanes();
}

void Model::judge() {
  if (!learning_ || stage_ != Stage::world) return;
  if (!learning_->kept) {
    learning_->course.emplace(learning_->lesson, lessons::Seen{scenario_, *trace_, conversations_, learning_->begins, learning_->begins_at, {}}, learning_->made);
    learning_->checked = false;
  }
  look_at_standing();
}

void Model::look_at_standing() {
  if (!learning_ || !learning_->course || learning_->kept || stage_ != Stage::world) return;
  const std::size_t step = learning_->standing.step, met = learning_->standing.met();
  learning_->standing = learning_->course->at(std::max(playback_.cursor, learning_->begins_at));
  if (learning_->standing.step != step) {
    learning_->hints = 0;
    learning_->solution = false;
  }
  if (learning_->standing.step != step || learning_->standing.met() != met) note_progress();
}

// What was reached is kept, whatever happens to the world afterwards.
void Model::note_progress() {
  if (!learning_ || learning_->kept) return;
  learn::LessonProgress& lesson = progress_.learners[""].lessons[learning_->lesson.id];
  if (lesson.begun.empty()) lesson.begun = learn::now_text();
  const lessons::Standing& standing = learning_->standing;
  for (std::size_t i = 0; i < standing.step; ++i) lesson.steps.insert(learning_->lesson.steps[i].id);
  for (const lessons::GoalStanding& goal : standing.goals)
    if (goal.met && goal.goal->kind != lessons::GoalKind::never) lesson.goals.insert(goal.goal->id);
  for (const lessons::PredictionStanding& one : standing.predictions)
    if (one.graded && one.made) lesson.predictions.emplace(one.prediction->id, one.right);
  if (standing.done && lesson.finished.empty()) lesson.finished = learn::now_text();
  progress_changed_ = true;
}

void Model::in_lesson(LessonDo what) {
  if (!learning_) return;
  Learning& learning = *learning_;
  learn::LessonProgress& progress = progress_.learners[""].lessons[learning.lesson.id];
  switch (what) {
    case LessonDo::back: return lesson_back();
    case LessonDo::restart:
      if (auto done = learning.own(deeds_)) learning.left = std::move(done);
      deeds_.clear();
      learning.made.clear();
      learning.waits.clear();
      learning.kept.reset();
      learning.brought = 0;
      learning.hints = 0;
      learning.solution = false;
      ++progress.restarts;
      return replay();
    case LessonDo::hint:
      if (learning.hints < 3) ++progress.hints;
      learning.hints = std::min(learning.hints + 1, 3);
      break;
    case LessonDo::solution: {
      if (!learning.solution) ++progress.solutions;
      learning.solution = true;
      const NextActs next = next_acts(learning, deeds_, conversations_);
      for (std::size_t i = next.done; i < next.acts.size(); ++i)
        if (const auto* type = std::get_if<lessons::Type>(&next.acts[i])) {
          console_.input = type->line;
          break;
        }
      break;
    }
    case LessonDo::check:
      playback_.playing = false;
      set_cursor(end());
      learning.checked = true;
      break;
    case LessonDo::free_play:
      if (!learning.kept) learning.kept = Learning::Kept{deeds_, learning.made, learning.waits, learning.brought};
      return;
    case LessonDo::come_back: {
      if (!learning.kept && !learning.left) return;
      // From another step this goes both ways: what is left now can be had again in turn.
      std::optional<Learning::Kept> left = learning.kept ? std::move(learning.left) : learning.own(deeds_);
      Learning::Kept back = std::move(learning.kept ? *learning.kept : *learning.left);
      deeds_ = std::move(back.deeds);
      learning.made = std::move(back.made);
      learning.waits = std::move(back.waits);
      learning.brought = back.brought;
      learning.kept.reset();
      learning.left = std::move(left);
      return replay();
    }
    case LessonDo::close:
      learning_.reset();
      read_shelf();
      return;
    case LessonDo::record: return record_solution();
  }
  note_progress();
}

// To the beginning of this step; and from there, to that of the step before.
void Model::lesson_back() {
  Learning& learning = *learning_;
  if (learning.kept) return in_lesson(LessonDo::come_back);
  const auto& done = learning.course->steps_done();
  Instant to = learning.standing.step_began;
  const auto later = [&](Instant at) { return at >= to; };
  const bool anything = std::any_of(deeds_.begin(), deeds_.end(), [&](const DoneDeed& one) { return later(one.at); }) ||
                        std::any_of(learning.made.begin(), learning.made.end(), [&](const auto& one) { return later(one.at); }) ||
                        std::any_of(learning.waits.begin(), learning.waits.end(), [&](const auto& one) { return later(one.from); });
  if (!anything && learning.standing.step > 0)
    to = learning.standing.step >= 2 ? done[learning.standing.step - 2].value_or(learning.begins_at) : learning.begins_at;
  std::erase_if(deeds_, [&](const DoneDeed& one) { return later(one.at); });
  std::erase_if(learning.made, [&](const auto& one) { return later(one.at); });
  std::erase_if(learning.waits, [&](const auto& one) { return later(one.from); });
  learning.brought = std::min(learning.brought, learning.things_done(deeds_));
  replay();
}

namespace {

// What was done, as acts by step; a wait where the learner let time pass.
std::string recorded(const Learning& learning, const std::vector<DoneDeed>& deeds, const sim::Scenario& scenario) {
  const auto& done = learning.course->steps_done();
  std::string text = "# Recorded in the window.\n";
  lessons::Run again(learning.lesson);
  std::size_t deed = 0, prediction = 0;
  for (std::size_t i = 0; i < learning.lesson.steps.size(); ++i) {
    const Instant until = i < done.size() && done[i] ? *done[i] : Instant::max();
    std::vector<lessons::Act> acts;
    std::string unwritten;
    for (; prediction < learning.made.size() && learning.made[prediction].at < until; ++prediction)
      acts.emplace_back(lessons::Predict{learning.made[prediction].prediction, learning.made[prediction].choices});
    for (; deed < deeds.size() && deeds[deed].at < until; ++deed) {
      auto act = lessons::act_of(deeds[deed].deed, scenario);
      if (!act) {
        unwritten = "  # A connection was reset here by hand. There is no act for that; \"fault\" with the kind reset comes near it.\n";
        continue;
      }
      if (const Duration passed = deeds[deed].at - again.world().now(); passed > Duration{}) acts.emplace_back(lessons::Wait{passed}), (void)again.perform(acts.back());
      (void)again.perform(*act);
      acts.push_back(std::move(*act));
    }
    // What brought the step to its end was time alone; or, in one that is not done, time is what came last.
    const Instant rest = until != Instant::max() ? until : learning.waits.empty() ? Instant::min() : learning.waits.back().until;
    if (rest > again.world().now()) acts.emplace_back(lessons::Wait{rest - again.world().now()}), (void)again.perform(acts.back());
    text += learning.lesson.steps[i].id + (acts.empty() ? ": []\n" : ":\n" + lessons::write_acts(acts, "  ")) + unwritten;
  }
  return text;
}

}  // namespace

// As the lesson's own solutions have it; beside them, never over them.
void Model::record_solution() {
  const Learning& learning = *learning_;
  const std::string text = recorded(learning, deeds_, scenario_);
  const std::filesystem::path folder = learning.lesson.directory / "solutions";
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  std::filesystem::path file = folder / "recorded.yaml";
  for (int i = 2; std::filesystem::exists(file, problem) && i < 1000; ++i) file = folder / fmt::format("recorded-{}.yaml", i);
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (out) say("learn.recorded", {{"file", file.string()}});
  else say("learn.not_recorded", {{"file", file.string()}}, true);
}

// While a teacher edits: the lesson is read again when one of its files was saved; what was done is done again in it.
bool Model::watching() const {
  return learning_ && learning_->lesson.directory.parent_path() != assets_ / "lessons";
}

bool Model::read_again(Duration real) {
  if (!watching()) return false;
  since_look_ += real;
  if (since_look_ < look_again) return false;
  since_look_ = Duration{};
  const std::int64_t written = learn::last_written(learning_->lesson.directory);
  if (written == learning_->written) return false;
  learning_->written = written;
  learn::Shelved shelved = learn::read_shelved(learning_->lesson.directory, assets_);
  learning_->problems = std::move(shelved.problems);
  if (!learning_->problems.empty()) return true;
  // By name, for hosts may have other numbers now; in the order in which it was done.
  std::vector<std::pair<Instant, lessons::Act>> acts;
  for (const lessons::MadePrediction& one : learning_->made) acts.emplace_back(one.at, lessons::Predict{one.prediction, one.choices});
  for (const DoneDeed& done : deeds_)
    if (auto act = lessons::act_of(done.deed, scenario_)) acts.emplace_back(done.at, std::move(*act));
  for (const Learning::Waited& one : learning_->waits) acts.emplace_back(one.from, lessons::Wait{one.until - one.from});
  std::stable_sort(acts.begin(), acts.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
  learning_->course.reset();
  learning_->standing = {};
  learning_->made.clear();
  learning_->waits.clear();
  learning_->brought = 0;
  learning_->kept.reset();
  learning_->left.reset();  // its deeds name hosts by numbers that may be others now
  learning_->lesson = std::move(shelved.lesson);
  scenario_ = learning_->lesson.world;
  seed_ = learning_->lesson.seed;
  deeds_.clear();
  replay();
  for (const auto& [at, act] : acts) do_act(act);
  return true;
}

}  // namespace glasspost::app
