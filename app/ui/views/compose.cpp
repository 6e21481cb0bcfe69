// A letter of one's own: it becomes the letter of the story, which then begins anew.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/widgets.h"
#include "app/ui/views/inspector_parts.h"
#include "app/ui/views/views.h"
#include "protocol/mime/compose.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/mime/structure.h"
#include "protocol/smtp/command.h"

namespace glasspost::ui {
namespace {

constexpr float form_width = 560, wide_form = 860, form_height = 470, row = 36;

std::string person_of(std::string_view address) {
  std::string name(address.substr(0, address.find('@')));
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = char(name[0] - 'a' + 'A');
  return name;
}

// Unique among the letters of this world, and the same whenever the same letter is written.
std::string message_id(const Model& model, std::string_view subject, std::string_view text) {
  std::uint64_t hash = 1469598103934665603U;  // FNV-1a
  for (const std::string_view part : {subject, text})
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  const std::string& sender = model.scenario().sender;
  return fmt::format("<{:016x}{}", hash, sender.substr(std::min(sender.size(), sender.find('@'))) + ">");
}

// What stands in the form, read: the envelope for the servers, the headers for people.
struct Written {
  sim::LetterEnvelope envelope;
  mime::Letter letter;
  std::string wrong;  // the first address that is none
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<mime::Mailbox> people_in(std::string_view field, std::string& wrong) {
  std::vector<mime::Mailbox> people;
  for (const mime::Address& one : mime::parse_addresses(field)) {
    if (one.ends_group()) continue;
    if (!one.mailbox || !one.host || one.host->empty()) {
      if (wrong.empty()) wrong = trimmed(field);
      continue;
    }
    people.push_back({one.name ? mime::decode_words(*one.name) : std::string(), *one.mailbox + "@" + *one.host});
  }
  return people;
}

Written written_in(Ui& ui, const Model& model) {
  Written written;
  const auto text = [&](std::string_view name) { return std::string(trimmed(ui.edit(name).text())); };
  const auto check = [&](const std::string& address) {
    if (written.wrong.empty() && !smtp::parse_mailbox(address)) written.wrong = address;
  };
  written.envelope.reverse_path = text("compose.mail_from");
  if (!written.envelope.reverse_path.empty()) check(written.envelope.reverse_path);
  const std::string recipients = text("compose.rcpt_to");
  for (std::size_t at = 0; at <= recipients.size();) {
    const std::size_t end = std::min(recipients.size(), recipients.find(',', at));
    if (const std::string one(trimmed(std::string_view(recipients).substr(at, end - at))); !one.empty()) check(one), written.envelope.recipients.push_back(one);
    at = end + 1;
  }
  const std::string from = text("compose.from"), to = text("compose.to");
  const std::vector<mime::Mailbox> authors = people_in(from, written.wrong);
  if (!authors.empty()) written.letter.from = authors.front();
  else if (written.wrong.empty()) written.wrong = from;
  written.letter.to = people_in(to, written.wrong);
  written.letter.subject = ui.edit("compose.subject").text();
  written.letter.text = ui.edit("compose.text").text();
  written.letter.date = model.scenario().start;
  written.letter.message_id = message_id(model, written.letter.subject, written.letter.text);
  return written;
}

struct Form {
  Ui& ui;
  const Model& model;
  const Strings& s;
  Actions& actions;

  // A label and the input beside it; true: Enter was pressed.
  bool field(Rect& rest, std::string_view name, std::string_view label, float label_width, Font label_font, Font text_font, std::string_view placeholder = {}) const {
    Rect all = rest.take_top(row);
    ui.label(all.take_left(label_width).at_left(label_width - 8, 32), label, label_font, ui.theme.second);
    return text_input(ui, name, all.at_left(all.w, 32), ui.edit(name), {.placeholder = placeholder, .text_font = text_font}) == InputEvent::submitted;
  }
  // One over the other, in a narrow column.
  bool field_below(Rect& rest, std::string_view name, std::string_view label, std::string_view placeholder = {}) const {
    ui.label(rest.take_top(20), label, font::table_bold, ui.theme.of(Protocol::smtp).text);
    const Rect place = rest.take_top(32);
    rest.take_top(6);
    return text_input(ui, name, place, ui.edit(name), {.placeholder = placeholder, .text_font = font::table}) == InputEvent::submitted;
  }
};

// What was begun is kept until the program ends: Escape closes the form and loses nothing.
void begin(Ui& ui, const Model& model) {
  double& begun = ui.memory("compose.begun", 0);
  if (begun > 0) return;
  begun = 1;
  const Strings& s = model.strings();
  const sim::Scenario& scenario = model.scenario();
  ui.edit("compose.mail_from").set(scenario.sender);
  ui.edit("compose.rcpt_to").set(scenario.recipient);
  ui.edit("compose.from").set(person_of(scenario.sender) + " <" + scenario.sender + ">");
  ui.edit("compose.to").set(person_of(scenario.recipient) + " <" + scenario.recipient + ">");
  ui.edit("compose.subject").set(std::string(s("compose.default_subject")));
  ui.edit("compose.text") = LineEdit(std::string(s("compose.default_body")), true);
  ui.focus("compose.subject", false);
}

// A file in place of what is written here.
void file_row(const Form& form, Rect rest) {
  LineEdit& path = form.ui.edit("compose.file");
  const float width = button_width(form.ui, form.s("compose.open_file"));
  const Rect button_place = rest.take_right(width).at_right(width, 28);
  rest.take_right(8);
  const InputEvent event = text_input(form.ui, "compose.file", rest.at_left(rest.w, 32), path, {.placeholder = form.s("compose.file_hint"), .text_font = font::table});
  const bool open = button(form.ui, "compose.open", button_place, form.s("compose.open_file"), {.enabled = !path.text().empty(), .why_not = form.s("compose.file_hint")});
  if (!path.text().empty() && (open || event == InputEvent::submitted)) form.actions.push_back(app::OpenLetter{path.text()});
}

bool headers(const Form& form, Rect& rest) {
  float label = 0;
  for (const char* key : {"compose.from", "compose.to", "compose.subject"}) label = std::max(label, form.ui.canvas().measure(form.s(key), font::body) + 12);
  bool entered = false;
  if (rest.h > 190) {
    entered |= form.field(rest, "compose.from", form.s("compose.from"), label, font::body, font::body);
    entered |= form.field(rest, "compose.to", form.s("compose.to"), label, font::body, font::body);
  }
  entered |= form.field(rest, "compose.subject", form.s("compose.subject"), label, font::body, font::body);
  rest.take_top(4);
  if (rest.h > 130) file_row(form, rest.take_bottom(40));
  rest.take_bottom(6);
  text_area(form.ui, "compose.text", rest, form.ui.edit("compose.text"), font::body);
  return entered;
}

// The envelope lies beside the letter, as it does on a table: servers read the one, people the other.
bool beside(const Form& form, Rect& rest) {
  Ui& ui = form.ui;
  const Strings& s = form.s;
  Rect left = rest.take_left(std::clamp(std::round(rest.w * 0.36F), 210.F, 300.F));
  rest.take_left(metric::padding);
  const Rect paper = left.take_top(std::min(left.h, 176.F));
  const Colour ink = ui.theme.of(Protocol::smtp).fill;
  ui.canvas().outline(paper, ink, 2, metric::radius);
  const std::array flap{Point{paper.x, paper.y + 1}, Point{paper.centre().x, paper.y + 22}, Point{paper.right(), paper.y + 1}};
  ui.canvas().path(flap, ink, 1.5F);
  Rect fields = paper.inset(12, 0);
  ui.label(fields.take_top(50).take_bottom(24), s("compose.envelope"), font::strong);
  bool entered = form.field_below(fields, "compose.mail_from", "MAIL FROM:", s("compose.null_path"));
  entered |= form.field_below(fields, "compose.rcpt_to", "RCPT TO:", s("compose.rcpt_hint"));
  left.take_top(10);
  if (left.h > measure_prose(ui, left.w, s("compose.envelope_note"), font::caption)) prose(ui, left, s("compose.envelope_note"), font::caption, ui.theme.second);
  if (rest.h > 240) ui.label(rest.take_top(24), s("compose.letter"), font::strong);
  entered |= headers(form, rest);
  return entered;
}

bool above(const Form& form, Rect& rest) {
  bool entered = form.field(rest, "compose.mail_from", "MAIL FROM:", 92, font::table_bold, font::table, form.s("compose.null_path"));
  entered |= form.field(rest, "compose.rcpt_to", "RCPT TO:", 92, font::table_bold, font::table, form.s("compose.rcpt_hint"));
  return headers(form, rest) || entered;
}

}  // namespace

void compose_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (!model.composing()) return;
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  begin(ui, model);
  const Form form{ui, model, s, actions};
  // Before the inputs, which would keep them.
  const bool leave = !model.palette_open() && ui.take(Key::escape), go = ui.take(Key::enter, Modifier::ctrl);
  ui.canvas().fill(area, t.panel);
  const bool wide = area.w >= 620;
  const Rect paper = area.centred(std::min(wide ? wide_form : form_width, area.w - 16), std::min(form_height, area.h - 8));
  card(ui, paper);
  ui.note("compose", Kind::area, paper, s("compose.title"));
  Rect rest = paper.inset(metric::padding, 8);
  Rect head = rest.take_top(32);
  if (icon_button(ui, "compose.close", head.take_right(28).at_right(28, 28), Icon::cross, s("compose.close"))) actions.push_back(app::ComposeLetter{false});
  ui.label(head, s("compose.title"), font::heading);
  Rect foot = rest.take_bottom(40);
  bool entered = wide ? beside(form, rest) : above(form, rest);
  const Written written = written_in(ui, model);
  const bool possible = written.wrong.empty() && !written.envelope.recipients.empty();
  const std::string problem = possible ? std::string() : written.wrong.empty() ? std::string(s("compose.nobody")) : s("compose.bad_address", {{"address", shortened(written.wrong, 40)}});
  const ButtonLook look{.primary = true, .enabled = possible, .why_not = problem};
  const float width = button_width(ui, s("compose.send"), look);
  const bool send = button(ui, "compose.send", foot.take_right(width).at_right(width, 28), s("compose.send"), look);
  foot.take_right(12);
  if (possible) ui.label(foot, s("compose.begins_anew"), font::caption, t.third);
  else prose(ui, foot.at_left(foot.w, measure_prose(ui, foot.w, problem, font::caption)), problem, font::caption, t.error.text, "compose.problem");
  if (possible && (send || go || entered)) actions.push_back(app::SendLetter{mime::compose(written.letter), written.envelope});
  else if (leave) actions.push_back(app::ComposeLetter{false});
}

}  // namespace glasspost::ui
