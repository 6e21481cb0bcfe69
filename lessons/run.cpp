#include "lessons/run.h"

#include <fmt/format.h>

#include "protocol/base/overloaded.h"
#include "sim/history.h"

namespace glasspost::lessons {

tl::expected<std::vector<sim::Deed>, std::string> deeds_of(const Act& act, const sim::World& world, const Trace& trace) {
  using Deeds = std::vector<sim::Deed>;
  using Answer = tl::expected<Deeds, std::string>;
  const sim::Scenario& scenario = world.scenario();
  const auto no_console = [&](std::string_view what) -> std::optional<std::string> {
    if (world.last_console() == 0) return fmt::format("nothing is connected, so nothing can be {}: \"connect\" comes first", what);
    if (!world.console_is_open(world.last_console())) return fmt::format("the connection is closed, so nothing can be {}", what);
    return std::nullopt;
  };
  return std::visit(
      Overloaded{
          [&](const Connect& connect) -> Answer {
            return Deeds{sim::OpenConsole{scenario.find(connect.from), scenario.find(connect.to), connect.port}};
          },
          [&](const Type& type) -> Answer {
            if (auto no = no_console("typed")) return tl::unexpected(fmt::format("\"{}\": {}", type.line, *no));
            return Deeds{sim::TypeText{world.last_console(), type.line + "\r\n"}};
          },
          [&](const HangUp&) -> Answer {
            if (auto no = no_console("hung up")) return tl::unexpected(*no);
            return Deeds{sim::HangUp{world.last_console()}};
          },
          [&](const Let& let) -> Answer { return Deeds{sim::LetDevice{let.act}}; },
          [&](const Fault& fault) -> Answer { return Deeds{sim::SetFaults{scenario.find(fault.a), scenario.find(fault.b), fault.faults}}; },
          [&](const Stop& stop) -> Answer { return Deeds{sim::StopHost{scenario.find(stop.host), stop.stopped}}; },
          [&](const Retry& retry) -> Answer {
            sim::History history;
            history.fold(trace, world.now());
            Deeds deeds;
            const HostId host = scenario.find(retry.host);
            for (const sim::WaitingLetter& letter : history.letters())
              if (letter.host == host && letter.waits()) deeds.emplace_back(sim::RetryNow{host, letter.letter});
            if (deeds.empty()) return tl::unexpected(fmt::format("no letter waits at {}, so there is nothing to retry", retry.host));
            return deeds;
          },
          [](const Wait&) -> Answer { return Deeds{}; },
          [](const Predict&) -> Answer { return Deeds{}; },
      },
      act);
}

std::optional<Act> act_of(const sim::Deed& deed, const sim::Scenario& scenario) {
  const auto name = [&](HostId host) { return scenario.host(host).name; };
  using Maybe = std::optional<Act>;
  return std::visit(
      Overloaded{
          [&](const sim::OpenConsole& open) -> Maybe { return Connect{name(open.from), name(open.to), open.port}; },
          [](const sim::TypeText& typed) -> Maybe {
            std::string line = typed.octets;
            if (line.ends_with("\r\n")) line.resize(line.size() - 2);
            return Type{std::move(line)};
          },
          [](const sim::HangUp&) -> Maybe { return HangUp{}; },
          [](const sim::LetDevice& let) -> Maybe { return Let{let.act}; },
          [&](const sim::SetFaults& set) -> Maybe { return Fault{name(set.a), name(set.b), set.faults}; },
          [](const sim::ResetConnection&) -> Maybe { return std::nullopt; },
          [&](const sim::StopHost& stop) -> Maybe { return Stop{name(stop.host), stop.stopped}; },
          [&](const sim::RetryNow& retry) -> Maybe { return Retry{name(retry.host)}; },
          [](const sim::HoldLetter&) -> Maybe { return std::nullopt; },
          [](const sim::DropLetter&) -> Maybe { return std::nullopt; },
      },
      deed);
}

Run::Run(const Lesson& lesson) : lesson_(lesson), world_(std::make_unique<sim::World>(lesson.world, lesson.seed, trace_)) {
  world_->run_story();
  begins_ = trace_.end();
  begins_at_ = world_->now();
}

tl::expected<void, std::string> Run::perform(const Act& act) {
  if (const auto* predict = std::get_if<Predict>(&act)) {
    for (const PredictionStanding& one : standing().predictions)
      if (one.closed && one.prediction->id == predict->prediction) return tl::unexpected(fmt::format("\"{}\" is predicted after it has happened", predict->prediction));
    made_.push_back({world_->now(), predict->prediction, predict->choices});
    return {};
  }
  if (const auto* wait = std::get_if<Wait>(&act)) world_->run_until(world_->now() + wait->time);
  auto deeds = deeds_of(act, *world_, trace_);
  if (!deeds) return tl::unexpected(std::move(deeds.error()));
  for (const sim::Deed& deed : *deeds) world_->perform(deed);
  world_->run_story();
  return {};
}

Standing Run::standing() {
  conversations_.observe(trace_);
  return Course(lesson_, {lesson_.world, trace_, conversations_, begins_, begins_at_, {}}, made_).at(world_->now());
}

}  // namespace glasspost::lessons
