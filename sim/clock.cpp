#include "sim/clock.h"

#include <algorithm>
#include <utility>

namespace glasspost::sim {

void Clock::at(Instant when, Call call, Weight weight) {
  heap_.push_back({std::max(when, now_), sequence_++, weight, std::move(call)});
  std::push_heap(heap_.begin(), heap_.end(), later);
  if (weight == Weight::story) ++story_;
}

void Clock::do_first() {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  Event event = std::move(heap_.back());
  heap_.pop_back();
  if (event.weight == Weight::story) --story_;
  now_ = event.at;
  event.call();
}

bool Clock::step() {
  if (heap_.empty()) return false;
  const Instant moment = heap_.front().at;
  while (!heap_.empty() && heap_.front().at == moment) do_first();
  return true;
}

void Clock::run_until(Instant moment) {
  while (!heap_.empty() && heap_.front().at <= moment) do_first();
  now_ = std::max(now_, moment);
}

std::optional<Instant> Clock::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

}  // namespace glasspost::sim
