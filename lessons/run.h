// Performs acts in a lesson's world without a window: for the proof of a lesson, the command line and tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "lessons/lesson.h"
#include "lessons/standing.h"
#include "protocol/conversation.h"
#include "protocol/trace.h"
#include "sim/world.h"

namespace glasspost::lessons {

// What an act is in a world that stands at this moment; the error says why nobody could do it now.
tl::expected<std::vector<sim::Deed>, std::string> deeds_of(const Act&, const sim::World&, const Trace&);
// The other way, for what somebody did by hand. Nothing: there is no act for it.
std::optional<Act> act_of(const sim::Deed&, const sim::Scenario&);
// As solutions/*.yaml writes them: one line each, or one for lines typed in a row.
std::string write_acts(const std::vector<Act>&, std::string_view indent);
std::string write_act(const Act&);  // "type: EHLO me"

class Run {
 public:
  explicit Run(const Lesson&);  // the story is played; the lesson must outlive it

  // Does it, and waits until everything has come to rest.
  tl::expected<void, std::string> perform(const Act&);

  Standing standing();
  const Trace& trace() const { return trace_; }
  const Conversations& conversations() const { return conversations_; }
  const sim::World& world() const { return *world_; }

 private:
  const Lesson& lesson_;
  Trace trace_;
  std::unique_ptr<sim::World> world_;
  Conversations conversations_;
  std::vector<MadePrediction> made_;
  RecordId begins_ = 0;
  Instant begins_at_{};
};

}  // namespace glasspost::lessons
