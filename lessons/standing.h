// Where a learner stands at a moment: which goals are met and what each one's value is, which step is the one to do, what
// feedback there is. Read from the trace alone, and from the predictions that were made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/lesson.h"
#include "lessons/track.h"

namespace glasspost::lessons {

struct MadePrediction {
  Instant at{};
  std::string prediction;
  std::vector<std::string> choices;
};

struct GoalStanding {
  const Goal* goal = nullptr;
  bool met = false;
  bool broken = false;     // never: it was so
  Moment value;
};
struct PredictionStanding {
  const Prediction* prediction = nullptr;
  const MadePrediction* made = nullptr;  // null: not yet
  bool graded = false, right = false;
  std::vector<std::string> answer;       // graded: the options that are so
  bool closed = false;                   // what it asks has happened since its step began: only going back opens it again
};
struct Standing {
  std::vector<GoalStanding> goals;       // as Lesson::goals() has them
  std::vector<PredictionStanding> predictions;  // by step, for those that have one
  std::size_t step = 0;                  // the one to do; steps.size(): all are done
  Instant step_began{};
  const Feedback* feedback = nullptr;
  bool done = false;
  std::size_t met() const;
};

// How a lesson went, over time. Made anew when the trace has grown or a prediction was made; then any moment can be asked.
class Course {
 public:
  // What `seen` and `made` refer to must outlive it; seen.graded is ignored.
  Course(const Lesson&, const Seen& seen, const std::vector<MadePrediction>& made);

  Standing at(Instant) const;
  // When step i was done; nothing: it never was.
  const std::vector<std::optional<Instant>>& steps_done() const { return steps_done_; }

 private:
  struct GoalTrack {
    const Goal* goal;
    Track track;
    std::optional<Instant> first_so;  // since the lesson began
    bool met_at(Instant) const;
  };
  struct StepGrade {
    std::optional<Instant> at;
    Instant began{};
    PredictionStanding standing;
  };
  std::optional<Instant> done_at(const Step&, std::size_t first_goal, Instant after, bool with_predicted) const;
  void grade(const Step&, std::size_t first_goal, Instant after);
  void follow_goal(const Goal&);
  void follow(GoalTrack&, const Seen&) const;
  Seen since(Instant) const;
  const Feedback* feedback_at(const Standing&, Instant) const;
  std::optional<Instant> raised(const Feedback&, Instant from, Instant until) const;

  const Lesson& lesson_;
  Seen seen_;
  const std::vector<MadePrediction>& made_;
  std::vector<Graded> graded_;
  std::vector<GoalTrack> goals_;
  std::vector<std::pair<const Feedback*, Track>> feedback_;
  std::vector<StepGrade> grades_;
  std::vector<std::optional<Instant>> steps_done_;
};

}  // namespace glasspost::lessons
