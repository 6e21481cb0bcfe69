// One protocol's run through a list of acts, in slices, so that a window can go on drawing. The same setting and acts give
// the same trace, octet for octet.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/comparison/acts.h"
#include "sim/comparison/counts.h"
#include "sim/comparison/findings.h"
#include "sim/comparison/world.h"
#include "sim/world.h"

namespace glasspost::sim::comparison {

enum class Outcome : std::uint8_t {
  done,
  not_here,   // this device has no such letter
  offline,    // there is no network
  no_body,    // there is no network, and only the letter's header is on the device
  no_matter,  // it was so already; or it means nothing to this protocol
};

// What was so when an act and all that it led to was over.
struct AfterAct {
  Outcome outcome = Outcome::done;
  Instant begun{}, ended{};
  RecordId first = 0, end = 0;       // the records of it
  Counts counts;                     // since the beginning
  std::vector<Holding> holdings;     // empty in a run that only counts
  std::vector<Finding> findings;
};

enum class Detail : std::uint8_t { everything, counts_only };

class Run {
 public:
  // counts_only: the trace keeps little (`trace_limit` octets), so that a mailbox may be large.
  Run(const Setting&, std::vector<UserAct>, Detail = Detail::everything);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // A slice of the work. True: there is more.
  bool work();
  void finish() { while (work()) {} }
  bool finished() const { return stage_ == Stage::over; }
  // Once it is over and its numbers were taken: goes in pieces, for of 100,000 letters that would be felt. False: no more.
  bool shed() { return world_.shed(2000); }
  double progress() const { return stage_ == Stage::over ? 1 : progress_; }  // from 0 to 1, never back

  const Setting& setting() const { return setting_; }
  const std::vector<UserAct>& acts() const { return acts_; }
  const std::vector<AfterAct>& after() const { return after_; }
  const Trace& trace() const { return trace_; }
  const World& world() const { return world_; }
  const Counts& counts() const { return counter_.counts(); }
  bool missed_records() const { return counter_.missed(); }

 private:
  enum class Stage : std::uint8_t { filling, between, acting, over };
  void fill();
  double reached() const;
  void begin(const UserAct&);
  void begin_at(const UserAct&, const Device&);
  void end_act();
  StoryAct check(Place) const;
  void let(StoryAct act) { world_.perform(LetDevice{std::move(act)}); }
  void send(std::size_t letter);
  bool& offline(Place place) { return offline_[int(place)]; }

  Setting setting_;
  std::vector<UserAct> acts_;
  Detail detail_;
  Scenario scenario_;
  Trace trace_;
  World world_;
  Counter counter_;
  History history_;
  Stage stage_;
  Instant slice_end_{};              // of the acting that goes on
  std::size_t filled_ = 0;
  double progress_ = 0;
  std::deque<std::size_t> to_send_;  // letters of the act that goes on
  AfterAct now_;
  std::vector<AfterAct> after_;
  std::vector<std::string> deleted_;
  bool offline_[2] = {}, leaves_[2] = {true, true};
};

}  // namespace glasspost::sim::comparison
