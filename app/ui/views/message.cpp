// A letter: its source, its journey, its parts, its text.
#include <array>
#include <cmath>

#include "app/ui/views/heads.h"
#include "app/ui/views/message_parts.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"
#include "protocol/mime/message.h"

namespace glasspost::ui {
namespace {

constexpr float envelope_width = 232, least_wide = 860;

// Whose copy it is, and where it stands.
std::string place_of(const Model& model, const ShownCopy& copy) {
  const Strings& s = model.strings();
  if (!copy.carrier) return std::string(s("message.not_sent"));
  if (copy.holder == 0) return std::string(s("message.under_way"));
  const std::string holder = host_label(model, copy.holder);
  if (copy.uid == 0) return holder;
  return s("message.in_mailbox", {{"uid", std::to_string(copy.uid)}, {"mailbox", copy.mailbox}}) + ", " + holder;
}

void head_words(Ui& ui, Rect head, const Model& model, const ShownCopy& copy) {
  const mime::Text subject = mime::field(copy.content, "Subject");
  const std::string title = subject ? mime::decode_words(*subject) : std::string(), place = place_of(model, copy);
  draw_icon(ui.canvas(), Icon::envelope, head.take_left(20).at_left(18, 18), ui.theme.text);
  head.take_left(8);
  runs(ui, head, {{.text = title, .font = font::strong}, {.text = place, .font = font::body, .colour = ui.theme.second, .gap = 12}}, Align::left, "message.title");
}

// From the envelope to the only lines of the letter that remember it.
void tie(Ui& ui, Point from, std::optional<Point> to, Colour ink) {
  if (!to) return;
  const float reach = (to->x - from.x) / 2;
  ui.canvas().disc(from, 2.5F, ink);
  ui.canvas().curve(from, {from.x + reach, from.y}, {to->x - reach, to->y}, {to->x - 4, to->y}, ink, 1.5F);
  ui.canvas().arrow_head(*to, {1, 0}, ink, 6);
}

void source_and_journey(Ui& ui, Rect area, const LetterView& view) {
  const Theme& t = ui.theme;
  const bool wide = area.w >= least_wide;
  if (const float height = journey_height(view); area.h > height + 120) {
    message_journey(ui, area.take_top(height), view);
    ui.canvas().horizontal(area.x, area.right(), area.y, t.line);
    area.take_top(1);
  }
  EnvelopeEnds from;
  if (wide) {
    from = message_envelope(ui, area.take_left(envelope_width), view);
    ui.canvas().vertical(area.x, area.y, area.bottom(), t.line);
    area.take_left(1);
  }
  if (area.w >= 560) {
    message_tree(ui, area.take_right(std::min(360.F, area.w * 0.42F)), view);
    ui.canvas().vertical(area.right(), area.y, area.bottom(), t.line);
    area.take_right(1);
  }
  const SourceEnds to = message_source(ui, area, view);
  if (!wide) return;
  tie(ui, from.reverse_path, to.return_path, t.of(Protocol::smtp).fill);
  tie(ui, from.recipient, to.for_clause, t.of(Protocol::smtp).fill);
}

}  // namespace

void message_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  const ShownCopy copy = shown_copy(model);
  const std::array<std::string_view, 3> views{s("message.tab_journey"), s("message.tab_rendered"), s("message.tab_raw")};
  Rect head;
  if (one_column(ui)) head = area.take_top(metric::panel_head).inset(metric::padding, 0);
  else head = lower_head(ui, "message", area, model, actions), head.take_right(metric::padding);
  if (copy.content.empty()) return empty_panel(ui, area, s("message.empty"));
  float width = 0;
  for (const std::string_view view : views) width += std::ceil(ui.canvas().measure(view, font::strong)) + 28;
  double& which = ui.memory("message.view", 0);
  int chosen = int(which);
  // Beside the panels' names, or below them.
  Rect place = head.w < width + 40 ? area.take_top(32).inset(metric::padding, 0) : head.take_right(width);
  if (segmented(ui, "message.views", place.at_left(std::min(width, place.w), 24), views, chosen)) which = chosen;
  head.take_right(metric::padding);
  if (head.w > 90) head_words(ui, head, model, copy);
  const mime::Part root = mime::read_message(copy.content);
  const mime::Text key = mime::field(copy.content, "Message-ID");
  const LetterView view{model, copy, root, stamps_of(copy.content), copy.carrier && key ? hops_of(model, *key) : std::vector<Hop>(), actions};
  if (copy.cut) ui.label(area.take_top(20).inset(metric::padding, 0), s("message.cut"), font::caption, ui.theme.error.text);
  switch (chosen) {
    case 1: return message_rendered(ui, area, view);
    case 2: return message_raw(ui, area, view);
    default: return source_and_journey(ui, area, view);
  }
}

}  // namespace glasspost::ui
