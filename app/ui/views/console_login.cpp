#include "app/ui/views/console_login.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/ui/views/console_complete.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"
#include "protocol/sasl/scram.h"

namespace glasspost::ui {
namespace {

constexpr float head_height = 26, line = 18, gap = 8;

// A step as it is laid out: its value cut into lines, and how high it is.
struct Shown {
  const sasl::CalculationStep* step;
  std::vector<std::string> value;
  const Words* words;
  float words_height = 0;
  float height() const { return line + line * float(value.size()) + words_height + gap; }
};

// A digest or a message has no spaces at which it could be wrapped.
std::vector<std::string> cut(Ui& ui, std::string_view text, float width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t fits = std::max<std::size_t>(1, ui.canvas().fitting(text, font::table, width));
    lines.emplace_back(text.substr(0, fits));
    text.remove_prefix(fits);
  }
  return lines;
}

std::vector<Shown> lay_out(Ui& ui, const Model& model, const LoginSteps& login, bool reveal, float width) {
  std::vector<Shown> all;
  for (const sasl::CalculationStep& step : login.steps) {
    Shown shown{&step, {}, model.catalogue().find("step/sasl/" + std::string(name_of(step.what)))};
    if (step.secret && !reveal) shown.value = {std::string(masked_secret)};
    else shown.value = cut(ui, step.is_text ? visible(step.octets) : hex(step.octets), width);
    if (shown.words) shown.words_height = measure_prose(ui, width, shown.words->what, font::caption);
    all.push_back(std::move(shown));
  }
  return all;
}

void draw(Ui& ui, Rect row, const Model& model, const Shown& shown) {
  const Theme& t = ui.theme;
  Rect head = row.take_top(line);
  const std::string_view origin = model.strings()(fmt::format("explain.login_from_{}", name_of(shown.step->origin)));
  const std::string formula = shown.step->formula.empty() ? std::string() : "= " + shown.step->formula;
  runs(ui, head, {{.text = name_of(shown.step->what), .font = font::strong},
                  {.text = formula.empty() ? origin : std::string_view(formula), .font = font::caption, .colour = t.third, .gap = 8}});
  const std::string name = "console.login/" + std::string(name_of(shown.step->what));
  for (const std::string& part : shown.value) ui.label(row.take_top(line), part, font::table, t.text, Align::left, name);
  if (shown.words) prose(ui, row, shown.words->what, font::caption, t.second);
}

void head(Ui& ui, Rect row, const Model& model, std::string_view mechanism, bool reveal, bool may_reveal, Actions& actions) {
  const Strings& s = model.strings();
  const std::string_view words = !may_reveal ? s("inspector.reveal_never") : reveal ? s("inspector.hide") : s("inspector.reveal");
  if (icon_button(ui, "console.login.reveal", row.take_right(24).at_right(24, 24), reveal ? Icon::eye : Icon::eye_struck, words, may_reveal, reveal))
    actions.push_back(app::ToggleReveal{});
  ui.label(row, s("explain.login_steps", {{"mechanism", mechanism}}), font::caption_strong, ui.theme.text, Align::left, "console.login.title");
}

}  // namespace

LoginSteps login_steps(const Model& model, const Floor& floor) {
  const auto mechanism = sasl::mechanism_named(floor.mechanism);
  if (floor.waits != Waits::answer || !mechanism) return {};
  const sim::UserDescription* user = account_of(model, floor);
  const std::string password = user ? user->password : std::string();
  LoginSteps out;
  if (*mechanism == sasl::Mechanism::cram_md5 && !floor.challenge.empty()) {
    out.steps = sasl::cram_steps(floor.challenge, user ? local_part(user->address) : std::string(), password);
    if (password.empty()) out.steps.resize(1);  // the challenge: the rest needs it
    return out;
  }
  if (!sasl::scram_hash(*mechanism)) return {};
  const std::string client_first = !floor.answers.empty() ? floor.answers.front() : user ? first_message(floor, *user) : std::string();
  const auto server_first = std::find_if(floor.challenges.begin(), floor.challenges.end(), [](const std::string& one) { return !one.empty(); });
  if (server_first == floor.challenges.end()) return {sasl::message_parts(client_first)};
  if (auto steps = sasl::scram_steps(*mechanism, client_first, *server_first, password)) out.steps = std::move(*steps);
  if (server_first + 1 == floor.challenges.end()) return out;
  for (const sasl::CalculationStep& step : out.steps)
    if (step.what == sasl::Quantity::server_message) out.proof = step.octets == floor.challenges.back() ? Proof::good : Proof::bad;
  return out;
}

void console_login(Ui& ui, Rect area, const Model& model, const LoginSteps& login, std::string_view mechanism, Actions& actions) {
  ui.note("console.login", Kind::list, area);
  const bool may_reveal = model.stage() == app::Stage::world && !model.projector(), reveal = may_reveal && model.revealed();
  head(ui, area.take_top(head_height).inset(10, 0), model, mechanism, reveal, may_reveal, actions);
  if (login.proof != Proof::none) {
    const bool good = login.proof == Proof::good;
    const std::string_view words = model.strings()(good ? "console.login_proved" : "console.login_unproved");
    Rect note = area.take_top(measure_prose(ui, area.w - 20, words) + gap).inset(10, 0);
    prose(ui, note, words, font::body, good ? ui.theme.text : ui.theme.error.text, "console.login.proof");
  }
  const std::vector<Shown> all = lay_out(ui, model, login, reveal, area.w - 32);
  float height = 0;
  for (const Shown& shown : all) height += shown.height();
  ScrollArea scroll(ui, "console.login.steps", area, height);
  Rect content = scroll.content();
  for (const Shown& shown : all) {
    const Rect row = content.take_top(shown.height());
    if (ui.canvas().shows(row)) draw(ui, row.inset(10, 0), model, shown);
  }
}

}  // namespace glasspost::ui
