// The lesson that is open: which deeds count, where the learner stands at the cursor, what was asked for. The world is the
// model's own; a lesson only looks at it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/learn/shelf.h"
#include "app/model/model.h"
#include "lessons/standing.h"

namespace glasspost::app {

struct Learning {
  lessons::Lesson lesson;
  std::int64_t written = 0;                       // when its files were last written
  std::vector<lessons::LessonError> problems;     // what an edit broke; the lesson is as it was before
  RecordId begins = 0;
  Instant begins_at{};
  std::vector<lessons::MadePrediction> made;
  // Time that was let pass. A deed after it says by its own time how long that was; the last wait has none after it.
  struct Waited {
    Instant from{}, until{};
  };
  std::vector<Waited> waits;
  std::optional<lessons::Course> course;          // of the world as it is
  lessons::Standing standing;                     // at the cursor; while playing freely, as it was before
  int hints = 0;                                  // shown for the step to do
  bool solution = false;                          // likewise
  bool checked = false;                           // F9 was pressed since something was done
  struct Kept {
    std::vector<DoneDeed> deeds;
    std::vector<lessons::MadePrediction> made;
    std::vector<Waited> waits;
    std::size_t brought = 0;
  };
  std::optional<Kept> kept;                       // free play: what to return to
  std::optional<Kept> left;                       // what was done before another step was gone to, or all begun anew
  std::size_t brought = 0;                        // of what is done, so much is the solution's: it brought the world here

  std::size_t things_done(const std::vector<DoneDeed>& deeds) const { return deeds.size() + made.size() + waits.size(); }
  // What was done, to have it again. Null: nothing was but what the solution did.
  std::optional<Kept> own(const std::vector<DoneDeed>&) const;
  // The world takes another course from this moment on: what was predicted and waited for later was not.
  void forget_after(Instant);

  const lessons::Step* step() const {             // null: all are done
    return standing.step < lesson.steps.size() ? &lesson.steps[standing.step] : nullptr;
  }
};

// The acts of the first solution for the step to do, and how many of them were done already since it began: lines that were
// typed and not refused, in their order. After a line that leads elsewhere it begins anew.
struct NextActs {
  std::vector<lessons::Act> acts;
  std::size_t done = 0;
};
NextActs next_acts(const Learning&, const std::vector<DoneDeed>&, const Conversations&);

}  // namespace glasspost::app
