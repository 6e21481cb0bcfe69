#include "app/ui/views/console_preview.h"

#include <algorithm>
#include <memory>

#include "app/ui/widgets.h"
#include "protocol/base/text.h"
#include "protocol/dissector.h"

namespace glasspost::ui {
namespace {

constexpr std::uint64_t most_replayed = 256 * 1024;  // octets of dialogue behind which a line is dissected

struct Dissected {
  std::string text;
  std::vector<Token> tokens;
  std::optional<Error> problem;
};

class Catch final : public MessageSink {
 public:
  bool open = false;
  std::optional<Dissected> caught;

 private:
  MessageId said(const Said& said) override {
    if (open && said.from == Side::client && !caught)
      caught = Dissected{std::string(said.text), {said.tokens.begin(), said.tokens.end()}, said.problem};
    return next_++;
  }
  MessageId next_ = 0;
};

// The line as the protocol's grammar sees it at this point of the dialogue.
Dissected dissect(const Floor& floor, std::string_view typed) {
  const std::unique_ptr<Dissector> dissector = make_dissector(floor.protocol());
  Catch sink;
  std::uint64_t octets = 0;
  for (MessageId id = 0; id < floor.said; ++id) octets += floor.conversation->message(id).text_size;
  if (octets <= most_replayed) {
    bool sealed = false;
    for (MessageId id = 0; id < floor.said; ++id) {
      const Message& message = floor.conversation->message(id);
      if (message.protocol == Protocol::tls) continue;
      if (message.sealed && !sealed) sealed = true, dissector->tls_established();
      dissector->put(message.from, floor.conversation->text(message), sink);
    }
    if (floor.sealed && !sealed) dissector->tls_established();
  }
  sink.open = true;
  const std::string line = std::string(typed) + "\r\n";
  dissector->put(Side::client, line, sink);
  if (!sink.caught) dissector->end(Side::client, sink);  // a literal is to come, or the letter goes on
  if (sink.caught) return std::move(*sink.caught);
  return {line, {}, {}};
}

const Words* state_words(const Model& model, const Floor& floor, StateId state) {
  return model.catalogue().find("state/" + std::string(lower_name_of(floor.protocol())) + "/" + std::string(floor.machine->states[state].id));
}

bool is_shown(Role role) { return role != Role::space && role != Role::crlf; }

std::string words_of(const Model& model, const Token& token, std::string_view text) {
  const Words* words = explain(model.catalogue(), token.role, text);
  return words ? words->what : std::string();
}

void tokens(Ui& ui, Rect area, const Model& model, const Floor& floor, const Dissected& line) {
  const Theme& t = ui.theme;
  std::vector<const Token*> shown;
  for (const Token& token : line.tokens)
    if (is_shown(token.role)) shown.push_back(&token);
  const std::size_t rows = std::size_t(std::max(1.F, area.h / 20));
  const std::size_t columns = shown.size() > rows && area.w > 560 ? 2 : 1;
  float width = 0;
  for (const Token* token : shown)
    width = std::max(width, ui.canvas().measure(is_secret(token->role) ? mask : token->span.of(line.text), font::table_bold) + 1);
  const float each = area.w / float(columns);
  width = std::min(width, each * 0.45F);
  for (std::size_t i = 0; i < shown.size() && i < rows * columns; ++i) {
    const float x = area.x + float(i / rows) * each;
    Rect row{x, area.y + float(i % rows) * 20, each - 12, 20};
    const std::string_view text = is_secret(shown[i]->role) ? mask : shown[i]->span.of(line.text);
    ui.label(row.take_left(width), text, font::table_bold, t.of(floor.protocol()).text);
    row.take_left(10);
    ui.label(row, words_of(model, *shown[i], shown[i]->span.of(line.text)), font::body, t.second);
  }
}

}  // namespace

Outcome outcome_of(const Model& model, const Floor& floor, std::string_view typed) {
  const Strings& s = model.strings();
  if (!floor.machine || floor.waits != Waits::command) return {};
  const std::string verb = verb_of(floor.protocol(), typed);
  const CommandRow* row = row_of(*floor.machine, verb);
  if (!row || !is_alpha(verb.empty() ? '*' : verb[0])) return {Outcome::Kind::unknown, s("console.unknown", {{"command", verb.empty() ? typed : std::string_view(verb)}})};
  if (!legal_now(floor, *row)) {
    const Words* why = explain_refusal(model.catalogue(), floor.protocol(), row->name, hindrance_of(floor, *row));
    const std::string code(refusal_of(floor, *row));
    return {Outcome::Kind::refused, s("console.would_refuse", {{"code", code}}) + (why ? ": " + why->what : std::string())};
  }
  if (const Dissected line = dissect(floor, typed); line.problem) {
    const Words* expected = model.catalogue().find("expected/" + line.problem->expected);
    return {Outcome::Kind::broken, s("console.would_break", {{"place", std::to_string(line.problem->offset + 1)},
                                                             {"expected", expected ? std::string_view(expected->what) : std::string_view(line.problem->expected)}})};
  }
  for (const Transition& way : floor.machine->transitions)
    if (way.from == floor.state && way.command == row->name && way.to != floor.state)
      if (const Words* words = state_words(model, floor, way.to))
        return {Outcome::Kind::leads, s("console.would_lead", {{"reply", way.reply}, {"state", words->what}})};
  return {Outcome::Kind::stays, s("console.would_stay", {{"replies", row->replies}})};
}

float preview_height(float available) { return std::min(available, available < 120 ? available : std::max(108.F, available * 0.55F)); }

void console_preview(Ui& ui, Rect area, const Model& model, const Floor& floor, std::string_view typed) {
  const Theme& t = ui.theme;
  ui.canvas().fill(area, t.raised);
  ui.canvas().horizontal(area.x, area.right(), area.y, t.strong_line);
  ui.note("console.preview", Kind::area, area, typed);
  Rect inside = area.inset(metric::padding, 3);
  const Outcome outcome = outcome_of(model, floor, typed);
  if (!outcome.words.empty()) {
    Rect last = inside.take_bottom(20);
    const bool fine = outcome.kind == Outcome::Kind::leads || outcome.kind == Outcome::Kind::stays;
    const Rect mark = last.take_left(14).at_left(14, 14);
    draw_icon(ui.canvas(), fine ? (outcome.kind == Outcome::Kind::leads ? Icon::chevron_right : Icon::tick) : Icon::warning, mark,
              fine ? t.of(floor.protocol()).text : t.error.fill);
    last.take_left(6);
    ui.label(last, outcome.words, font::body, fine ? t.text : t.error.text, Align::left, "console.outcome");
  }
  tokens(ui, inside, model, floor, dissect(floor, typed));
}

}  // namespace glasspost::ui
