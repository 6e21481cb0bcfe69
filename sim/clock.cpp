#include "sim/clock.h"

#include <algorithm>

namespace glasspost::sim {

void Clock::at(Instant when, Callback what, EventKind kind) {
  if (kind == EventKind::activity) ++activities_;
  events_.push_back({std::max(when, now_), numbers_++, kind, std::move(what)});
  std::push_heap(events_.begin(), events_.end(), Later{});
}

std::optional<Instant> Clock::next() const {
  return events_.empty() ? std::nullopt : std::optional(events_.front().at);
}

bool Clock::step() {
  if (events_.empty()) return false;
  std::pop_heap(events_.begin(), events_.end(), Later{});
  Event event = std::move(events_.back());
  events_.pop_back();
  now_ = event.at;
  if (event.kind == EventKind::activity) --activities_;
  event.what();
  return true;
}

void Clock::run_until(Instant when) {
  while (!events_.empty() && events_.front().at <= when) step();
  now_ = std::max(now_, when);
}

}  // namespace glasspost::sim
