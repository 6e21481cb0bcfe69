#include "app/learn/words.h"

#include "protocol/base/overloaded.h"
#include "lessons/run.h"

namespace glasspost::learn {
namespace {

using namespace lessons;

// "TLSv1.3" as people write it.
std::string tls_version(std::string_view text) {
  return text.starts_with("TLSv") ? "TLS " + std::string(text.substr(4)) : std::string(text);
}

}  // namespace

std::string value_of(const GoalStanding& standing, const Strings& strings) {
  const Goal& goal = *standing.goal;
  const Moment& now = standing.value;
  const auto times = [&] { return strings.count("learn.times", now.number); };
  const auto of = [&](std::uint64_t total) {
    return strings("learn.n_of", {{"n", strings.number(now.number)}, {"total", strings.number(total)}});
  };
  const auto letters = [&] { return strings.count("learn.letters", now.number); };
  const auto octets = [&] { return now.known ? strings("learn.octets", {{"n", strings.number(now.number)}}) : std::string(strings("learn.no_connection")); };
  const bool several = goal.predicate.at_least > 1;
  return std::visit(
      Overloaded{
          [&](const lessons::Exchange&) {
            if (goal.kind == GoalKind::never) return times();
            if (several || goal.kind == GoalKind::count) return of(goal.predicate.at_least);
            return now.text.empty() ? std::string(strings("learn.not_yet")) : now.text;
          },
          [&](const Sequence& sequence) { return of(sequence.commands.size()); },
          [&](const States& states) { return of(states.states.size()); },
          [&](const All& all) { return of(all.of.size()); },
          [&](const OneConnection& one) { return of(one.of.size()); },
          [&](const Cut&) { return strings.count("learn.connections", now.number); },
          [&](const Connections&) { return strings.count("learn.connections", now.number); },
          [&](const Tls&) { return now.number == 0 ? std::string(strings("learn.not_yet")) : tls_version(now.text); },
          [&](const ClearOctets&) { return octets(); },
          [&](const WireOctets&) { return octets(); },
          [&](const Readable&) { return times(); },
          [&](const Mailbox&) { return letters(); },
          [&](const Copies&) { return strings.count("learn.copies", now.number); },
          [&](const Lost&) { return letters(); },
          [&](const Differences&) { return letters(); },
          [&](const Envelope&) { return letters(); },
          [&](const Queue&) { return letters(); },
          [&](const Predicted&) { return std::string(strings(!now.known ? "learn.not_yet" : now.number > 0 ? "learn.right" : "learn.wrong")); },
      },
      goal.predicate.fact);
}

std::string kind_of(const GoalStanding& standing, const Strings& strings) {
  const Predicate& predicate = standing.goal->predicate;
  switch (standing.goal->kind) {
    case GoalKind::reached: return std::string(strings(standing.met ? "learn.kind.reached" : "learn.kind.to_reach"));
    case GoalKind::never: return std::string(strings(standing.broken ? "learn.kind.broken" : "learn.kind.never"));
    case GoalKind::holds:
    case GoalKind::count: break;
  }
  if (standing.met) return std::string(strings("learn.kind.holds"));
  if (predicate.at_least == predicate.at_most) return strings("learn.kind.should_be", {{"n", strings.number(predicate.at_least)}});
  if (predicate.at_most != UINT64_MAX) return strings("learn.kind.at_most", {{"n", strings.number(predicate.at_most)}});
  return strings("learn.kind.at_least", {{"n", strings.number(predicate.at_least)}});
}

std::vector<Run> step_title(const Lesson& lesson, const Step& step, Language language) {
  auto blocks = parse_markdown(lesson.text(language, "step." + step.id));
  return blocks.empty() ? std::vector<Run>{} : std::move(blocks.front().runs);
}

std::vector<Block> step_prose(const Lesson& lesson, const Step& step, Language language) {
  auto blocks = parse_markdown(lesson.text(language, "step." + step.id));
  if (!blocks.empty()) blocks.erase(blocks.begin());
  return blocks;
}

std::string title_of(const Lesson& lesson, Language language) { return plain(lesson.text(language, "title")); }

std::string act_in_words(const Act& act, const Lesson& lesson, const Strings& strings) {
  return std::visit(Overloaded{
                        [&](const Connect& connect) {
                          const auto label = [&](const std::string& host) { return lesson.world.host(lesson.world.find(host)).label.in(strings.language()); };
                          return strings("learn.act.connect", {{"from", label(connect.from)}, {"to", connect.to}, {"port", std::to_string(connect.port)}});
                        },
                        [&](const Type& type) { return type.line; },
                        [&](const HangUp&) { return std::string(strings("learn.act.hang_up")); },
                        [&](const Wait& wait) { return strings("learn.act.wait", {{"time", strings.duration(wait.time)}}); },
                        [&](const Predict& predict) {
                          std::string choices;
                          for (const std::string& choice : predict.choices)
                            choices += (choices.empty() ? "" : ", ") + plain(lesson.text(strings.language(), "predict." + predict.prediction + "." + choice));
                          return strings("learn.act.predict", {{"choices", choices}});
                        },
                        [&](const auto&) { return write_act(act); },
                    },
                    act);
}

}  // namespace glasspost::learn
