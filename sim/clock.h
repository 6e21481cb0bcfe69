// The virtual clock: what is to happen, in the order of its time and, at the same moment, of its asking. Nothing waits.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "protocol/base/time.h"

namespace glasspost::sim {

// Whether the story goes on because of it. A time-out that never strikes while all is well is background.
enum class Weight : std::uint8_t { story, background };

class Clock {
 public:
  using Call = std::function<void()>;

  explicit Clock(Instant start) : now_(start) {}
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  Instant now() const { return now_; }
  // A moment that has passed is taken for now.
  void at(Instant, Call, Weight = Weight::story);
  void after(Duration wait, Call call, Weight weight = Weight::story) { at(now_ + wait, std::move(call), weight); }

  // Does everything that is due at the next moment at which anything is; false: there is nothing.
  bool step();
  // Does everything up to and including that moment, which is then now.
  void run_until(Instant);

  std::optional<Instant> next() const;
  bool idle() const { return story_ == 0; }  // only background is left
  std::size_t pending() const { return heap_.size(); }

 private:
  struct Event {
    Instant at;
    std::uint64_t sequence;
    Weight weight;
    Call call;
  };
  static bool later(const Event& a, const Event& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }
  void do_first();

  Instant now_;
  std::uint64_t sequence_ = 0;
  std::size_t story_ = 0;
  std::vector<Event> heap_;
};

}  // namespace glasspost::sim
