// A fact's number over time, read from the trace: what it was at each moment at which it changed. Pure: the same trace
// gives the same track, so going back in time is only another moment of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lessons/goal.h"
#include "protocol/conversation.h"
#include "sim/scenario.h"

namespace glasspost::lessons {

struct Moment {
  Instant at{};
  std::uint64_t number = 0;
  bool known = true;    // false: there is nothing yet of which the fact could speak
  std::string text;     // in the field's own words: the reply "250", "TLSv1.3", the next command; empty: the number says it all
};
using Track = std::vector<Moment>;  // by time; the first is how the lesson begins

// A prediction that was graded.
struct Graded {
  Instant at{};
  std::string prediction;
  bool right = false;
};

// What tracks are read from.
struct Seen {
  const sim::Scenario& world;
  const Trace& trace;
  const Conversations& conversations;
  RecordId begins = 0;             // the lesson's first record: what was said before does not count
  Instant begins_at{};
  std::span<const Graded> graded;
};

Track track(const Fact&, const Seen&);
// The moment of a track at a time.
const Moment& at(const Track&, Instant);
bool is_so(const Predicate&, const Moment&);

}  // namespace glasspost::lessons
