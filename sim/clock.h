// The virtual clock: events in order of time, and of being scheduled where times are equal. Nothing happens between two
// events, so a world at rest costs nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "protocol/base/time.h"

namespace glasspost::sim {

enum class EventKind : std::uint8_t {
  activity,  // something that will happen
  timer,     // something that happens only if nothing else does: a session's deadline
};

class Clock {
 public:
  using Callback = std::function<void()>;

  explicit Clock(Instant start) : now_(start) {}

  Instant now() const { return now_; }
  // An instant in the past means now.
  void at(Instant, Callback, EventKind = EventKind::activity);
  void after(Duration delay, Callback what, EventKind kind = EventKind::activity) {
    at(now_ + delay, std::move(what), kind);
  }

  std::optional<Instant> next() const;          // the next event of any kind
  bool has_activity() const { return activities_ > 0; }
  // Something goes on although nothing may be due but timers: somebody waits for an answer.
  void hold() { ++activities_; }
  void release() { --activities_; }
  bool step();                                  // runs one event; false: there is none
  void run_until(Instant);                      // runs what is due up to and at that instant; the clock then shows it

 private:
  struct Event {
    Instant at;
    std::uint64_t number;
    EventKind kind;
    Callback what;
  };
  struct Later {
    bool operator()(const Event& a, const Event& b) const {
      return a.at != b.at ? a.at > b.at : a.number > b.number;
    }
  };
  Instant now_;
  std::uint64_t numbers_ = 0;
  std::size_t activities_ = 0;
  std::vector<Event> events_;  // a heap
};

}  // namespace glasspost::sim
