#include "sim/comparison/news.h"

#include <algorithm>
#include <map>

#include "sim/random.h"

namespace glasspost::sim::comparison {
namespace {

constexpr Duration slice = 10min;  // of virtual time

Setting setting_of(const NewsSetting& news, Asking asking) {
  return {asking == Asking::pop3 ? Protocol::pop3 : Protocol::imap, TlsMode::implicit, news.seed, 0};
}

}  // namespace

NewsRun::NewsRun(const NewsSetting& news, Asking asking)
    : news_(news),
      setting_(setting_of(news, asking)),
      scenario_(scenario_for(setting_)),
      world_(scenario_, news.seed, trace_),
      counter_(server_host),
      next_asking_(scenario_.start),
      end_(scenario_.start + news.day) {
  result_.asking = asking;
  Random random = Random(news.seed).split("arrivals");
  std::vector<Instant> times;
  const auto span = std::chrono::duration_cast<std::chrono::seconds>(news.day - 2min).count();
  for (std::size_t i = 0; i < std::min(news.letters, most_news); ++i)
    times.push_back(scenario_.start + 1min + std::chrono::seconds(random.below(std::uint32_t(span))));
  std::sort(times.begin(), times.end());
  arrivals_.assign(times.begin(), times.end());
}

double NewsRun::progress() const {
  return finished_ ? 1 : std::clamp(double((world_.now() - scenario_.start).count()) / double(news_.day.count()), 0., 1.);
}

// What is due at this moment: letters, and the phone's asking.
void NewsRun::act_now() {
  const Instant now = world_.now();
  for (; !arrivals_.empty() && arrivals_.front() <= now; arrivals_.pop_front())
    (void)world_.store(server_host)->deliver(bob, earlier_letter(come_++, news_.seed, now), {.now = now});
  if (next_asking_ > now) return;
  const bool first = askings_++ == 0;
  const sim::ActKind kind = result_.asking == Asking::pop3   ? sim::ActKind::collect
                            : result_.asking == Asking::idle ? sim::ActKind::listen
                            : first                          ? sim::ActKind::check
                                                             : sim::ActKind::noop;
  world_.perform(LetDevice{device_act(setting_, kind, Place::phone)});
  next_asking_ = result_.asking == Asking::idle ? Instant::max() : now + news_.interval;
}

bool NewsRun::work() {
  if (finished_) return false;
  const Instant until = std::min(world_.now() + slice, end_);
  while (world_.now() < until) {
    act_now();
    Instant next = std::min(until, next_asking_);
    if (!arrivals_.empty()) next = std::min(next, arrivals_.front());
    world_.run_until(std::max(next, world_.now() + 1us));
  }
  counter_.observe(trace_);
  if (world_.now() < end_) return true;
  evaluate();
  finished_ = true;
  return false;
}

void NewsRun::evaluate() {
  result_.counts = counter_.counts();
  std::map<std::string, std::size_t, std::less<>> by_key;
  for (RecordId id = trace_.first(); id < trace_.end(); ++id) {
    const auto* change = std::get_if<StoreChanged>(&trace_[id].what);
    if (!change || change->change != StoreChange::added) continue;
    const std::string_view key = trace_.bytes(change->key);
    if (change->holder == server_host) {
      by_key.emplace(key, result_.letters.size());
      result_.letters.push_back({trace_[id].at, Instant::max(), id, no_record});
    } else if (const auto found = by_key.find(key); found != by_key.end()) {
      Noticed& letter = result_.letters[found->second];
      letter.known = trace_[id].at;
      letter.known_by = id;
    }
  }
  Duration sum{};
  std::size_t known = 0;
  std::vector<Instant> moments;
  for (const Noticed& letter : result_.letters) {
    if (letter.known_by == no_record) {
      ++result_.unknown;
      continue;
    }
    ++known;
    sum += letter.late();
    result_.worst = std::max(result_.worst, letter.late());
    if (moments.empty() || letter.known - moments.back() > news_.interval / 2) moments.push_back(letter.known);
  }
  if (known > 0) result_.mean = sum / known;
  if (result_.asking != Asking::idle) result_.empty_handed = askings_ - std::min<std::uint64_t>(askings_, moments.size());
}

}  // namespace glasspost::sim::comparison
