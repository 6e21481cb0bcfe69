#include "app/export/explanation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "app/export/masked.h"
#include "app/export/names.h"
#include "app/export/prose.h"

namespace glasspost {
namespace {

constexpr std::size_t width = 80, token_column = 26;

bool is_layout(Role role) { return role == Role::space || role == Role::crlf; }

const Words* state_words(const Catalogue& catalogue, Protocol protocol, StateId state) {
  return catalogue.find("state/" + std::string(lower_name_of(protocol)) + "/" +
                        std::string(machine_of(protocol)->states[state].id));
}

// "the client asks to log in". In Spanish an article joins the word before it: "al cliente".
std::string about_either_side(std::string_view pattern, const Strings& strings) {
  std::string out = fill(pattern, {{"client", strings("explain.client_says")}, {"server", strings("explain.server_says")}});
  if (strings.language() == Language::spanish)
    for (const auto& [apart, joined] : {std::pair{" a el ", " al "}, std::pair{" de el ", " del "}})
      for (std::size_t at; (at = out.find(apart)) != out.npos;) out.replace(at, std::string_view(apart).size(), joined);
  return out;
}

class Writer {
 public:
  Writer(const Explained& explained, const Strings& strings, const Catalogue& catalogue, bool colour)
      : explained_(explained), strings_(strings), catalogue_(catalogue), colour_(colour) {}

  std::string write() {
    if (explained_.guessed) out_ = strings_("explain.guessed", {{"protocol", name_of(explained_.protocol)}}) + "\n";
    for (const TranscriptMessage& message : explained_.messages) {
      if (!out_.empty()) out_ += "\n";
      words_said(message);
      headline(message);
      tokens(message);
      state(message);
    }
    return std::move(out_);
  }

 private:
  std::string painted(std::string_view code, std::string_view text) const {
    return colour_ ? "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m" : std::string(text);
  }

  // The message's lines as they were said, and under the one that went wrong a mark where it did.
  void words_said(const TranscriptMessage& message) {
    const Masked shown = masked(message.text, message.tokens);
    const std::size_t wrong = message.problem ? shown.place_of(message.problem->offset) : std::string::npos;
    const std::string_view text = shown.text;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find("\r\n", at), text.size());
      const std::size_t next = std::min(end + 2, text.size());
      out_ += painted("1", message.from == Side::client ? "C: " : "S: ") +
              painted("1", printable(text.substr(at, end - at), true)) + "\n";
      const bool here = wrong >= at && (wrong < next || next == text.size());
      if (here && message.problem) {
        const std::size_t column = columns_of(printable(text.substr(at, std::min(wrong, end) - at), true));
        out_ += std::string(3 + column, ' ') + painted("31", "^") + "\n";
        mistake(*message.problem);
      }
      at = next;
    }
  }

  void mistake(const Error& problem) {
    const Words* expected = catalogue_.find("expected/" + problem.expected);
    if (problem.fault == Fault::syntax)
      indented(strings_("explain.went_wrong", {{"expected", expected ? expected->what : problem.expected}}), "31");
    else
      indented(problem_sentence(problem, catalogue_), "31");
  }

  void indented(std::string_view text, std::string_view colour) {
    for (const std::string& line : wrapped(text, width - 3)) out_ += "   " + painted(colour, line) + "\n";
  }

  void headline(const TranscriptMessage& message) {
    const Words* words = catalogue_.find(message.headline);
    if (!words) return;
    indented(about_either_side(words->what, strings_), "2");
  }

  void tokens(const TranscriptMessage& message) {
    for (const Token& token : message.tokens) {
      const std::string_view text = token.span.of(message.text);
      if (is_layout(token.role) || text.find_first_not_of(" \r\n") == text.npos) continue;
      const Words* words = explain(catalogue_, token.role, text);
      std::string shown = is_secret(token.role) ? std::string(mask) : printable(text.substr(0, text.find("\r\n")), true);
      if (!is_secret(token.role) && text.find("\r\n") < text.size() - 2) shown += " …";
      std::string start = "     " + painted("36", padded(shortened(shown, token_column - 2), token_column));
      if (!words) {
        out_ += start + "\n";
        continue;
      }
      const std::string source = words->source.empty() ? "" : " [" + words->source + "]";
      for (const std::string& line : wrapped(words->what + source, width - 5 - token_column)) {
        out_ += start + line + "\n";
        start.assign(5 + token_column, ' ');
      }
      if (words->why.empty() || !told_.insert(words).second) continue;
      for (const std::string& line : wrapped(words->why, width - 5 - token_column)) out_ += start + painted("2", line) + "\n";
    }
  }

  void state(const TranscriptMessage& message) {
    if (message.state_before == message.state_after) return;
    const Words* before = state_words(catalogue_, explained_.protocol, message.state_before);
    const Words* after = state_words(catalogue_, explained_.protocol, message.state_after);
    if (before && after && before != after)
      indented(strings_("explain.state", {{"before", before->what}, {"after", after->what}}), "2");
  }

  const Explained& explained_;
  const Strings& strings_;
  const Catalogue& catalogue_;
  bool colour_;
  std::set<const Words*> told_;  // why it is there is said once
  std::string out_;
};

using Json = nlohmann::ordered_json;

std::string utf8(std::string_view octets) { return is_utf8(octets) ? std::string(octets) : printable(octets, true); }

Json json_of(const TranscriptMessage& message, Protocol protocol, const Strings& strings, const Catalogue& catalogue) {
  const Masked shown = masked(message.text, message.tokens);
  const Machine& machine = *machine_of(protocol);
  Json out;
  out["line"] = message.line;
  out["from"] = json_name(message.from);
  out["kind"] = json_name(message.kind);
  out["text"] = utf8(shown.text);
  if (message.answers) out["answers"] = *message.answers;
  out["key"] = message.headline;
  if (const Words* words = catalogue.find(message.headline))
    out["headline"] = about_either_side(words->what, strings);
  out["state"] = {{"before", machine.states[message.state_before].id}, {"after", machine.states[message.state_after].id}};
  out["tokens"] = Json::array();
  for (std::size_t i = 0; i < shown.tokens.size(); ++i) {
    const Token& token = shown.tokens[i];
    Json one{{"begin", token.span.begin}, {"end", token.span.end}, {"role", name_of(token.role)}};
    if (is_secret(token.role)) one["secret"] = true;
    if (const Words* words = is_layout(token.role) ? nullptr : explain(catalogue, token.role, message.tokens[i].span.of(message.text))) {
      one["what"] = words->what;
      if (!words->why.empty()) one["why"] = words->why;
      if (!words->other.empty()) one["other"] = words->other;
      if (!words->source.empty()) one["source"] = words->source;
    }
    out["tokens"].push_back(std::move(one));
  }
  if (message.problem)
    out["problem"] = {{"fault", name_of(message.problem->fault)},
                      {"offset", shown.place_of(message.problem->offset)},
                      {"expected", message.problem->expected},
                      {"sentence", problem_sentence(*message.problem, catalogue)}};
  return out;
}

}  // namespace

std::string problem_sentence(const Error& problem, const Catalogue& catalogue) {
  const Words* fault = catalogue.find("fault/" + std::string(name_of(problem.fault)));
  const Words* expected = catalogue.find("expected/" + problem.expected);
  const std::string_view wanted = expected ? std::string_view(expected->what) : std::string_view(problem.expected);
  return fault ? fill(fault->what, {{"expected", wanted}}) : std::string(wanted);
}

std::string explanation_text(const Explained& explained, const Strings& strings, const Catalogue& catalogue, bool colour) {
  return Writer(explained, strings, catalogue, colour).write();
}

std::string explanation_json(const Explained& explained, const Strings& strings, const Catalogue& catalogue) {
  Json out{{"protocol", lower_name_of(explained.protocol)}, {"guessed", explained.guessed}};
  out["messages"] = Json::array();
  for (const TranscriptMessage& message : explained.messages)
    out["messages"].push_back(json_of(message, explained.protocol, strings, catalogue));
  return out.dump(1) + "\n";
}

}  // namespace glasspost
