#include "app/export/login_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"

namespace glasspost {
namespace {

constexpr std::string_view margin = "  ", dots = "••••••••••••";

std::optional<std::string> decoded(std::string_view text) { return text == "=" ? std::optional(std::string()) : base64_decode(text); }

// "AUTH SCRAM-SHA-1 biws…", "a1 AUTHENTICATE CRAM-MD5": the mechanism, and what came along.
std::optional<LoginTalk> begun_by(const TranscriptLine& line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(line.text, ' '))
    if (!word.empty()) words.push_back(word);
  const std::size_t at = words.size() > 1 && equal_ignoring_case(words[0], "AUTH")           ? 1
                         : words.size() > 2 && equal_ignoring_case(words[1], "AUTHENTICATE") ? 2
                                                                                              : 0;
  const auto mechanism = at > 0 ? sasl::mechanism_named(words[at]) : std::nullopt;
  if (!mechanism) return std::nullopt;
  LoginTalk out{*mechanism, {}, {}, line.number};
  if (words.size() > at + 1)
    if (auto initial = decoded(words[at + 1])) out.answers.push_back(std::move(*initial));
  return out;
}

// "334 cj1m…", "+ cj1m…"
std::optional<std::string> challenge_in(std::string_view text) {
  if (text.starts_with("334")) text.remove_prefix(std::min<std::size_t>(4, text.size()));
  else if (text == "+" || text.starts_with("+ ")) text.remove_prefix(std::min<std::size_t>(2, text.size()));
  else return std::nullopt;
  return decoded(text);
}

std::vector<sasl::CalculationStep> steps_of(const LoginTalk& talk, std::string_view password, std::optional<Error>& problem) {
  if (talk.mechanism == sasl::Mechanism::cram_md5) {
    if (talk.challenges.empty() || talk.answers.empty()) return {};
    const std::string& answer = talk.answers.front();
    auto steps = sasl::cram_steps(talk.challenges.front(), answer.substr(0, answer.rfind(' ')), password);
    if (password.empty()) steps.resize(2);  // the challenge and the name: the rest needs it
    return steps;
  }
  // The empty challenge that asks for the first message is none of SCRAM's.
  const auto first = std::find_if(talk.challenges.begin(), talk.challenges.end(), [](const std::string& one) { return !one.empty(); });
  if (!sasl::scram_hash(talk.mechanism) || talk.answers.empty() || first == talk.challenges.end()) return {};
  // What the connection was bound to stands in the client's last message, behind the header.
  std::string binding;
  if (talk.answers.size() > 1)
    if (const auto final = sasl::scram::parse_client_final(talk.answers[1]))
      if (const auto begun = sasl::scram::parse_client_first(talk.answers[0]); begun && final->binding.starts_with(begun->gs2_header))
        binding = final->binding.substr(begun->gs2_header.size());
  auto steps = sasl::scram_steps(talk.mechanism, talk.answers[0], *first, password, binding);
  if (!steps) problem = steps.error();
  return steps ? std::move(*steps) : std::vector<sasl::CalculationStep>();
}

const sasl::CalculationStep* find(const std::vector<sasl::CalculationStep>& steps, sasl::Quantity what) {
  for (const sasl::CalculationStep& step : steps)
    if (step.what == what) return &step;
  return nullptr;
}

}  // namespace

std::optional<LoginTalk> login_in(const std::vector<TranscriptLine>& lines) {
  std::optional<LoginTalk> talk;
  for (const TranscriptLine& line : lines) {
    if (!talk) {
      if (line.from == Side::client) talk = begun_by(line);
      continue;
    }
    if (line.from == Side::server) {
      auto challenge = challenge_in(line.text);
      if (!challenge) break;  // the login is over
      talk->challenges.push_back(std::move(*challenge));
    } else if (auto answer = decoded(line.text)) {
      talk->answers.push_back(std::move(*answer));
    } else {
      break;
    }
  }
  return talk;
}

std::optional<std::string> login_text(const LoginTalk& talk, std::string_view password, bool secrets, const Strings& strings,
                                      const Catalogue& catalogue, std::optional<Error>* problem) {
  std::optional<Error> wrong;
  const auto steps = steps_of(talk, password, wrong);
  if (problem) *problem = wrong;
  if (steps.empty()) return std::nullopt;
  std::string out = strings("explain.login_steps", {{"mechanism", std::string(name_of(talk.mechanism))}}) + "\n";
  for (const sasl::CalculationStep& step : steps) {
    out += "\n" + std::string(name_of(step.what));
    if (!step.formula.empty()) out += " = " + step.formula;
    out += "\n" + std::string(margin) + (step.secret && !secrets ? std::string(dots) : step.is_text ? visible(step.octets) : hex(step.octets));
    out += "  (" + std::string(strings(fmt::format("explain.login_from_{}", name_of(step.origin)))) + ")\n";
    if (const Words* words = catalogue.find("step/sasl/" + std::string(name_of(step.what)))) {
      out += std::string(margin) + words->what + "\n";
      if (!words->why.empty()) out += std::string(margin) + words->why + "\n";
    }
  }
  const std::size_t place = talk.mechanism == sasl::Mechanism::cram_md5 ? 0 : 1;
  const sasl::CalculationStep* answer = find(steps, sasl::Quantity::answer);
  if (answer && talk.answers.size() > place)
    out += "\n" + std::string(strings(answer->octets == talk.answers[place] ? "explain.login_same" : "explain.login_other")) + "\n";
  return out;
}

}  // namespace glasspost
