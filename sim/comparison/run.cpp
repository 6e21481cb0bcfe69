#include "sim/comparison/run.h"

#include <algorithm>

namespace glasspost::sim::comparison {
namespace {

constexpr std::size_t trace_limit = 48'000'000;  // octets, where only counts are wanted
constexpr Duration slice = 40ms;                 // of virtual time: how often a pause is looked for
constexpr std::size_t events_at_once = 4;        // of real work; one may be a hundred letters on the wire
constexpr Duration between_acts = 5min;
constexpr std::size_t letters_a_slice = 32;

}  // namespace

Run::Run(const Setting& setting, std::vector<UserAct> acts, Detail detail)
    : setting_(setting),
      acts_(std::move(acts)),
      detail_(detail),
      scenario_(scenario_for(setting)),
      trace_(detail == Detail::counts_only ? trace_limit : 0),
      world_(scenario_, setting.seed, trace_),
      counter_(server_host),
      stage_(Stage::filling) {}

bool Run::work() {
  switch (stage_) {
    case Stage::filling: fill(); break;
    case Stage::between:
      if (after_.size() == acts_.size()) {
        stage_ = Stage::over;
        break;
      }
      world_.run_until(world_.now() + between_acts);
      begin(acts_[after_.size()]);
      slice_end_ = world_.now() + slice;
      stage_ = Stage::acting;
      break;
    case Stage::acting:
      if (world_.run_some(slice_end_, events_at_once)) break;
      slice_end_ = world_.now() + slice;
      if (!world_.at_rest()) break;
      if (!to_send_.empty()) send(to_send_.front()), to_send_.pop_front();
      else end_act();
      break;
    case Stage::over: return false;
  }
  counter_.observe(trace_);
  progress_ = std::max(progress_, reached());
  return stage_ != Stage::over;
}

double Run::reached() const {
  const double whole = double(acts_.size()) + 1;
  const double filled = setting_.earlier == 0 ? 1 : double(filled_) / double(setting_.earlier);
  if (stage_ == Stage::filling) return filled / whole;
  // Within an act, what the devices hold tells how far a long fetch has come.
  const Counts& counts = counter_.counts();
  const double held = double(std::max<std::uint64_t>(1, setting_.earlier + 8));
  const Counts before = after_.empty() ? Counts{} : after_.back().counts;
  const double grown = std::abs(double(counts.device_messages) - double(before.device_messages)) / held;
  return (1 + double(after_.size()) + (stage_ == Stage::acting ? std::min(grown, 0.99) : 0)) / whole;
}

// Those that came before the story began were not carried: they are put into the store.
void Run::fill() {
  Store& store = *world_.store(server_host);
  for (std::size_t i = 0; i < letters_a_slice && filled_ < setting_.earlier; ++i, ++filled_)
    (void)store.deliver(bob, earlier_letter(filled_, setting_.seed, scenario_.start), {.now = world_.now()});
  if (filled_ == setting_.earlier) stage_ = Stage::between;
}

void Run::send(std::size_t letter) {
  scenario_.letter = cast_letter(letter, world_.now());
  let(submission(setting_));
}

StoryAct Run::check(Place place) const {
  const bool pop3 = setting_.protocol == Protocol::pop3;
  StoryAct act = device_act(setting_, pop3 ? sim::ActKind::collect : sim::ActKind::listen, place);
  act.remove = pop3 && !leaves_[int(place)];
  return act;
}

void Run::begin(const UserAct& act) {
  now_ = {};
  now_.begun = world_.now();
  now_.first = trace_.end();
  if (act.kind == ActKind::arrive) {
    for (std::size_t i = 0; i < cast.size(); ++i)
      if (act.letters & bit(i)) to_send_.push_back(i);
    if (to_send_.empty()) now_.outcome = Outcome::no_matter;
    return;
  }
  begin_at(act, *world_.device(host_of(act.place)));
}

void Run::begin_at(const UserAct& act, const Device& device) {
  const Place place = act.place;
  switch (act.kind) {
    case ActKind::arrive: return;
    case ActKind::check:
      if (offline(place)) now_.outcome = Outcome::offline;
      else let(check(place));
      return;
    case ActKind::read:
    case ActKind::erase:
    case ActKind::move: {
      const std::string_view key = cast[letter_of(act)].key;
      const auto& copies = device.copies();
      const auto copy = std::find_if(copies.begin(), copies.end(), [&](const DeviceCopy& one) { return one.key == key; });
      if (copy == copies.end()) {
        now_.outcome = Outcome::not_here;
        return;
      }
      const bool done = (act.kind == ActKind::read && copy->whole && copy->flags.find("\\Seen") != std::string::npos) ||
                        (act.kind == ActKind::move && copy->mailbox == folder_name);
      if (act.kind == ActKind::read && !copy->whole && offline(place)) {
        now_.outcome = Outcome::no_body;
        return;
      }
      if (done) now_.outcome = Outcome::no_matter;
      StoryAct deed = device_act(setting_, act.kind == ActKind::read    ? sim::ActKind::read
                                           : act.kind == ActKind::erase ? sim::ActKind::erase
                                                                        : sim::ActKind::move, place);
      deed.message = key;
      deed.mailbox = copy->mailbox;
      deed.to = folder_name;
      if (act.kind == ActKind::erase) deleted_.emplace_back(key);
      if (!done) let(std::move(deed));
      return;
    }
    case ActKind::go_offline:
      now_.outcome = offline(place) ? Outcome::no_matter : Outcome::done;
      offline(place) = true;
      return let(device_act(setting_, sim::ActKind::unplug, place));
    case ActKind::come_back:
      now_.outcome = offline(place) ? Outcome::done : Outcome::no_matter;
      offline(place) = false;
      return let(check(place));
    case ActKind::lose:
    case ActKind::reinstall:
      let(device_act(setting_, act.kind == ActKind::lose ? sim::ActKind::lose : sim::ActKind::reinstall, place));
      if (act.kind == ActKind::lose) offline(place) = false;  // the new one has a network
      if (!offline(place)) let(check(place));
      return;
    case ActKind::set_leaving:
      leaves_[int(place)] = act.leaves;
      if (setting_.protocol != Protocol::pop3) now_.outcome = Outcome::no_matter;
      return;
  }
}

void Run::end_act() {
  counter_.observe(trace_);
  now_.ended = world_.now();
  now_.end = trace_.end();
  now_.counts = counter_.counts();
  if (detail_ == Detail::everything) {
    history_.fold(trace_, world_.now());
    now_.holdings = history_.holdings();
    now_.findings = find_all(setting_.protocol, now_.holdings, {server_host, devices, deleted_});
  }
  after_.push_back(std::move(now_));
  stage_ = Stage::between;
}

}  // namespace glasspost::sim::comparison
