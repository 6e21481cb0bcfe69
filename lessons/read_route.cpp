// Solutions and wrong routes: lists of acts.
#include "lessons/reader.h"

namespace glasspost::lessons {
namespace {

using namespace sim::yaml;

constexpr std::string_view act_names = "connect, type, hang_up, let, fault, stop, start, retry, wait, predict, do";

const Prediction* prediction_of(const Lesson& lesson, std::string_view id) {
  for (const Step& step : lesson.steps)
    if (step.prediction && step.prediction->id == id) return &*step.prediction;
  return nullptr;
}

void choices(const YAML::Node& node, const Prediction& prediction, Predict& act) {
  const auto choice = [&](const YAML::Node& one) {
    const std::string id = text(one, "a choice");
    for (const Option& option : prediction.options)
      if (option.id == id) return act.choices.push_back(id);
    wrong(one, fmt::format("the prediction \"{}\" has no option \"{}\"", prediction.id, id));
  };
  if (node.IsScalar()) choice(node);
  else
    for (const YAML::Node& one : list(node, "choices")) choice(one);
  if (!prediction.several && act.choices.size() != 1) wrong(node, "this prediction takes one choice");
}

class ActReader {
 public:
  ActReader(const Lesson& lesson, std::vector<Act>& acts) : lesson_(lesson), acts_(acts) {}

  void read(const YAML::Node& node) {
    if (!node.IsMap() || node.size() != 1)
      wrong(node, fmt::format("an act is one of {}, with what belongs to it: \"type: EHLO me\"", act_names));
    const auto entry = *node.begin();
    const std::string name = text(entry.first, "an act");
    const YAML::Node& value = entry.second;
    if (name == "connect") acts_.push_back(connect(value));
    else if (name == "type") type(value);
    else if (name == "hang_up") hang_up(value);
    else if (name == "let") acts_.push_back(Let{read_act(value, lesson_.world)});
    else if (name == "fault") acts_.push_back(fault(value));
    else if (name == "stop") acts_.push_back(Stop{known_host(value, lesson_.world), true});
    else if (name == "start") acts_.push_back(Stop{known_host(value, lesson_.world), false});
    else if (name == "retry") acts_.push_back(Retry{known_host(value, lesson_.world)});
    else if (name == "wait") acts_.push_back(Wait{duration(value, "a time to wait")});
    else if (name == "predict") predict(value);
    else if (name == "do") deed(value);
    else wrong(entry.first, fmt::format("\"{}\" is no act: they are {}", name, act_names));
  }

 private:
  Connect connect(const YAML::Node& node) const {
    only(node, "connect", {"from", "to", "port"});
    return {known_host(need(node, "from", "connect"), lesson_.world), known_host(need(node, "to", "connect"), lesson_.world),
            std::uint16_t(number(need(node, "port", "connect"), "a port", 1, 65535))};
  }
  void type(const YAML::Node& node) {
    if (node.IsScalar()) return acts_.push_back(Type{node.Scalar()});
    for (const YAML::Node& line : list(node, "the lines to type")) acts_.push_back(Type{text(line, "a line to type")});
  }
  void hang_up(const YAML::Node& node) {
    if (yes(node, "hang_up")) acts_.push_back(HangUp{});
  }
  Fault fault(const YAML::Node& node) const {
    only(node, "fault", {"between", "faults"});
    const YAML::Node ends = need(node, "between", "fault");
    if (!ends.IsSequence() || ends.size() != 2) wrong(ends, "a link is between two hosts, like [phone, store.example.org]");
    Fault fault{known_host(ends[0], lesson_.world), known_host(ends[1], lesson_.world), {}};
    for (const YAML::Node& one : list(need(node, "faults", "fault"), "faults")) fault.faults.push_back(read_fault(one));
    return fault;
  }
  void deed(const YAML::Node& node) {
    const std::string id = text(node, "a deed's id");
    const Deed* found = lesson_.deed(id);
    if (!found) wrong(node, fmt::format("the lesson has no deed \"{}\" here", id));
    acts_.insert(acts_.end(), found->acts.begin(), found->acts.end());
  }
  void predict(const YAML::Node& node) {
    if (!node.IsMap() || node.size() != 1) wrong(node, "predict names one prediction and what is chosen: \"predict: {offers: [auth]}\"");
    const auto entry = *node.begin();
    Predict act{text(entry.first, "a prediction's id"), {}};
    const Prediction* prediction = prediction_of(lesson_, act.prediction);
    if (!prediction) wrong(entry.first, fmt::format("no step has a prediction \"{}\"", act.prediction));
    choices(entry.second, *prediction, act);
    acts_.push_back(std::move(act));
  }

  const Lesson& lesson_;
  std::vector<Act>& acts_;
};

}  // namespace

std::vector<Act> read_acts(const YAML::Node& node, const Lesson& lesson) {
  std::vector<Act> acts;
  ActReader reader(lesson, acts);
  if (node.IsMap()) reader.read(node);
  else
    for (const YAML::Node& one : list(node, "acts")) reader.read(one);
  return acts;
}

Route read_solution(const YAML::Node& node, const Lesson& lesson) {
  if (!node.IsMap()) wrong(node, "a solution has each step's id with a list of acts");
  Route route;
  for (const auto& entry : node) {
    const std::string step = text(entry.first, "a step's id");
    const std::size_t at = route.parts.size();
    if (!lesson.step(step)) wrong(entry.first, fmt::format("the lesson has no step \"{}\"", step));
    if (at >= lesson.steps.size() || lesson.steps[at].id != step)
      wrong(entry.first, fmt::format("steps come once each and in their order; here \"{}\" is meant",
                                     at < lesson.steps.size() ? lesson.steps[at].id : "nothing more"));
    route.parts.push_back({step, read_acts(entry.second, lesson)});
  }
  if (route.parts.size() < lesson.steps.size())
    wrong(node, fmt::format("the step \"{}\" is missing", lesson.steps[route.parts.size()].id));
  return route;
}

Route read_wrong_route(const YAML::Node& node, const Lesson& lesson) {
  only(node, "a wrong route", {"feedback", "after", "acts"});
  Route route;
  route.feedback = text(need(node, "feedback", "a wrong route"), "a feedback's id");
  bool known = false;
  const auto look = [&](const std::vector<Feedback>& among) {
    for (const Feedback& feedback : among) known |= feedback.id == route.feedback;
  };
  look(lesson.feedback);
  for (const Step& step : lesson.steps) look(step.feedback);
  if (!known) wrong(node["feedback"], fmt::format("the lesson has no feedback \"{}\"", route.feedback));
  if (node["after"]) {
    const std::string after = text(node["after"], "a step's id");
    if (!lesson.step(after)) wrong(node["after"], fmt::format("the lesson has no step \"{}\"", after));
    if (lesson.solutions.empty()) wrong(node["after"], "there is no solution to begin with");
    for (const Route::Part& part : lesson.solutions.front().parts) {
      route.parts.push_back(part);
      if (part.step == after) break;
    }
  }
  route.parts.push_back({"", read_acts(need(node, "acts", "a wrong route"), lesson)});
  return route;
}

}  // namespace glasspost::lessons
