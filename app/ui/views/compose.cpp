// A letter of one's own: it becomes the letter of the story, which then begins anew.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/ui/widgets.h"
#include "app/ui/views/views.h"
#include "protocol/mime/compose.h"

namespace glasspost::ui {
namespace {

constexpr float form_width = 560, form_height = 420, row = 40;

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

std::string letter_of(const Model& model, std::string_view subject, std::string_view text) {
  mime::Letter letter;
  letter.from = {person_of(model.scenario().sender), model.scenario().sender};
  letter.to.push_back({person_of(model.scenario().recipient), model.scenario().recipient});
  letter.subject = subject;
  letter.date = model.scenario().start;
  letter.message_id = message_id(model, subject, text);
  letter.text = text;
  return mime::compose(letter);
}

struct Form {
  Ui& ui;
  const Model& model;
  const Strings& s;
  Actions& actions;

  Rect line(Rect& rest, std::string_view label) const {
    Rect all = rest.take_top(row);
    ui.label(all.take_left(76).at_left(76, 32), label, font::body, ui.theme.second);
    return all.at_left(all.w, 32);
  }
  void send(const LineEdit& subject, const LineEdit& text) const {
    actions.push_back(app::SendLetter{letter_of(model, subject.text(), text.text())});
  }
};

// What was begun is kept until the program ends: Escape closes the form and loses nothing.
void begin(Ui& ui, const Strings& s) {
  double& begun = ui.memory("compose.begun", 0);
  if (begun > 0) return;
  begun = 1;
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

}  // namespace

void compose_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  if (!model.composing()) return;
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  begin(ui, s);
  const Form form{ui, model, s, actions};
  // Before the inputs, which would keep them.
  const bool leave = !model.palette_open() && ui.take(Key::escape), go = ui.take(Key::enter, Modifier::ctrl);
  ui.canvas().fill(area, t.panel);
  const Rect paper = area.centred(std::min(form_width, area.w - 16), std::min(form_height, area.h - 8));
  card(ui, paper);
  ui.note("compose", Kind::area, paper, s("compose.title"));
  Rect rest = paper.inset(metric::padding, 8);
  Rect head = rest.take_top(32);
  if (icon_button(ui, "compose.close", head.take_right(28).at_right(28, 28), Icon::cross, s("compose.close"))) actions.push_back(app::ComposeLetter{false});
  ui.label(head, s("compose.title"), font::heading);
  const std::string from = person_of(model.scenario().sender) + " <" + model.scenario().sender + ">",
                    to = person_of(model.scenario().recipient) + " <" + model.scenario().recipient + ">";
  const bool low = rest.h < 300;
  if (!low) {
    ui.label(form.line(rest, s("compose.from")), from, font::body);
    ui.label(form.line(rest, s("compose.to")), to, font::body);
  }
  LineEdit& subject = ui.edit("compose.subject");
  LineEdit& text = ui.edit("compose.text");
  const InputEvent entered = text_input(ui, "compose.subject", form.line(rest, s("compose.subject")), subject, {.text_font = font::body});
  rest.take_top(4);
  Rect foot = rest.take_bottom(40);
  const float width = button_width(ui, s("compose.send"), {.primary = true});
  const bool send = button(ui, "compose.send", foot.take_right(width).at_right(width, 28), s("compose.send"), {.primary = true});
  foot.take_right(12);
  ui.label(foot, s("compose.begins_anew"), font::caption, t.third);
  if (rest.h > 130) file_row(form, rest.take_bottom(40));
  rest.take_bottom(8);
  text_area(ui, "compose.text", rest, text, font::body);
  if (send || go || entered == InputEvent::submitted) form.send(subject, text);
  else if (leave) actions.push_back(app::ComposeLetter{false});
}

}  // namespace glasspost::ui
