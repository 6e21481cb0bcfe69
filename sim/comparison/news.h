// How a device learns that a letter has come: it is told (IDLE), it asks on an open line (NOOP), or it comes back every so
// often (POP3). The same letters at the same moments for all three.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "sim/comparison/counts.h"
#include "sim/comparison/world.h"
#include "sim/world.h"

namespace glasspost::sim::comparison {

enum class Asking : std::uint8_t { idle, noop, pop3 };
inline constexpr Asking all_askings[] = {Asking::idle, Asking::noop, Asking::pop3};

struct NewsSetting {
  Duration interval = 5min;      // between two NOOPs, or two POP3 sessions
  std::size_t letters = 12;      // that come in
  Duration day = std::chrono::hours{8};
  std::uint64_t seed = 18;
  friend bool operator==(const NewsSetting&, const NewsSetting&) = default;
};
inline constexpr std::size_t most_news = 200;

struct Noticed {
  Instant came{}, known{};       // in the mailbox; on the phone. known: Instant::max() if never
  RecordId came_by = no_record, known_by = no_record;
  Duration late() const { return known - came; }
};

struct News {
  Asking asking = Asking::idle;
  Counts counts;
  std::vector<Noticed> letters;  // in the order in which they came
  Duration mean{}, worst{};      // of those that are known
  std::size_t unknown = 0;       // at the end of the day
  std::uint64_t empty_handed = 0;  // askings that brought nothing
};

class NewsRun {
 public:
  NewsRun(const NewsSetting&, Asking);
  NewsRun(const NewsRun&) = delete;
  NewsRun& operator=(const NewsRun&) = delete;

  bool work();                   // a slice. True: there is more
  void finish() { while (work()) {} }
  bool finished() const { return finished_; }
  double progress() const;
  const News& result() const { return result_; }
  const Trace& trace() const { return trace_; }
  const World& world() const { return world_; }

 private:
  void act_now();
  void evaluate();

  NewsSetting news_;
  Setting setting_;
  Scenario scenario_;
  Trace trace_;
  World world_;
  Counter counter_;
  std::deque<Instant> arrivals_;
  Instant next_asking_, end_;
  std::size_t come_ = 0;
  std::uint64_t askings_ = 0;
  bool finished_ = false;
  News result_;
};

}  // namespace glasspost::sim::comparison
