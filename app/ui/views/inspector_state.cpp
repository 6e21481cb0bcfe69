// State: the server's own table as a drawing, with the ways that this session took, and what may be said now.
#include <fmt/format.h>

#include <algorithm>

#include "app/ui/views/inspector_parts.h"
#include "app/ui/views/machine_drawing.h"
#include "app/ui/views/wording.h"

namespace glasspost::ui {
namespace {

// Every row of the table that was taken, in words: what the arrows say, for those who would rather read. Choosing one
// goes to the message that took it last.
void ways_taken(const Inspected& in, Rect& rest, const Machine& machine, const app::Walk& walk) {
  bool any = false;
  for (std::size_t i = 0; i < machine.transitions.size(); ++i) {
    const app::Step* last = walk.last(i);
    if (!last) continue;
    if (!any) section(in, rest, in.s("state.ways_taken"), {}, in.s("state.same_table"));
    any = true;
    const Transition& way = machine.transitions[i];
    Rect row = rest.take_top(22);
    const std::string by = way.command == "handshake" ? "TLS" : fmt::format("{}{}{}", way.command.empty() ? "*" : way.command, way.reply.empty() ? "" : " ", way.reply);
    const Response r = in.ui.interact(fmt::format("inspector.way/{}", i), Kind::row, row.inset(-6, 0), by);
    row_ground(in.ui, row.inset(-6, 0), false, r.hovered);
    if (r.ring) in.ui.focus_ring(row.inset(-6, 0));
    if (r.clicked) in.out.push_back(app::Select{{walk.connection(), last->message()}});
    in.ui.label(row.take_left(row.w * 0.34F), by, font::table_bold, in.ui.theme.of(machine.protocol).text);
    const std::string times = in.s.count("state.times", walk.count(i));
    in.ui.label(row.take_right(in.ui.canvas().measure(times, font::caption_strong) + 1), times, font::caption_strong, {}, Align::right,
                fmt::format("inspector.taken/{}/{}", machine.states[way.from].id, machine.states[way.to].id));
    row.take_right(8);
    const std::string words = way.from == way.to ? std::string(state_words(in.model, machine, way.from))
                                                 : fmt::format("{} → {}", state_words(in.model, machine, way.from), state_words(in.model, machine, way.to));
    in.ui.label(row, words, font::body, in.ui.theme.second);
  }
}

// What stands in the way of a command where the session is now.
std::string_view hindrance_of(const Inspected& in, const Machine& machine, const CommandRow& row, StateId now) {
  return hindrance(machine, row, now, in.conversation.protection_at(in.model.cursor()) == Protection::up);
}

void legal_now(const Inspected& in, Rect& rest, const Machine& machine, StateId now) {
  const std::string_view protocol = lower_name_of(machine.protocol);
  const std::string_view own = machine_source(machine.protocol), rfc = own.substr(0, own.find(" §"));
  section(in, rest, in.s("state.legal_now"), {}, in.s("state.sections_of", {{"rfc", rfc}}));
  bool any = false;
  float names = 0;
  for (const CommandRow& row : machine.commands)
    if ((row.legal_in >> now & 1U) != 0) names = std::max(names, in.ui.canvas().measure(row.name, font::table_bold) + 1);
  for (const CommandRow& row : machine.commands) {
    if (!hindrance_of(in, machine, row, now).empty()) continue;
    any = true;
    const Words* words = in.model.catalogue().find(fmt::format("legal/{}/{}", protocol, row.name));
    Rect place = rest.take_top(22);
    in.ui.label(place.take_left(names), row.name, font::table_bold, in.ui.theme.of(machine.protocol).text, Align::left,
                fmt::format("inspector.legal/{}", row.name));
    place.take_left(10);
    const float meaning = words ? in.ui.canvas().measure(words->what, font::body) + 1 : 0;
    const std::string_view source = short_source(machine.protocol, row.source);
    if (const float wide = std::max(52.F, in.ui.canvas().measure(source, font::caption) + 1); place.w > wide + 60) {
      const Rect at = place.take_right(wide);
      if (link(in.ui, fmt::format("inspector.legal_source/{}", row.name), at, source, Align::right)) in.out.push_back(app::Copy{rfc_address(row.source)});
      in.ui.tooltip(at, std::string(row.source) + ": " + in.s("inspector.copy_address", {{"address", rfc_address(row.source)}}));
      place.take_right(8);
    }
    // What could come back, where there is room for all of it beside what it means; else that is its tip.
    const std::string_view replies = row.replies;
    const float wide = in.ui.canvas().measure(replies, {Face::wire, 11}) + 1;
    in.ui.tooltip(place, in.s("state.replies", {{"replies", replies}}));
    if (place.w > wide + 8 + meaning) in.ui.label(place.take_right(wide), replies, {Face::wire, 11}, in.ui.theme.third, Align::right), place.take_right(8);
    if (words) in.ui.label(place, words->what, font::body);
  }
  if (!any) in.ui.label(rest.take_top(22), in.s("state.nothing_legal"), font::body, in.ui.theme.second);
}

void refused_now(const Inspected& in, Rect& rest, const Machine& machine, StateId now) {
  bool any = false;
  for (const CommandRow& row : machine.commands) any = any || !hindrance_of(in, machine, row, now).empty();
  if (!any) return;
  section(in, rest, in.s("state.refused_now"), {}, in.s("state.refused_hint"));
  for (const CommandRow& row : machine.commands) {
    const std::string_view hindered = hindrance_of(in, machine, row, now);
    if (hindered.empty()) continue;
    Rect place = rest.take_top(22);
    draw_icon(in.ui.canvas(), Icon::never, place.take_left(20).at_left(12, 12), in.ui.theme.third);
    in.ui.label(place.take_left(place.w * 0.22F), row.name, font::table, in.ui.theme.second, Align::left, fmt::format("inspector.refused/{}", row.name));
    const float refusal = in.ui.canvas().measure(row.refusal, {Face::wire, 11});
    in.ui.label(place.take_left(std::min(refusal, 62.F) + 1), row.refusal, {Face::wire, 11}, in.ui.theme.third);
    place.take_left(8);
    const std::string_view source = short_source(machine.protocol, row.source);
    if (const float wide = std::max(52.F, in.ui.canvas().measure(source, font::caption) + 1); place.w > wide + 100) {
      const Rect at = place.take_right(wide);
      if (link(in.ui, fmt::format("inspector.refused_source/{}", row.name), at, source, Align::right)) in.out.push_back(app::Copy{rfc_address(row.source)});
      in.ui.tooltip(at, std::string(row.source) + ": " + in.s("inspector.copy_address", {{"address", rfc_address(row.source)}}));
      place.take_right(8);
    }
    const Words* words = explain_refusal(in.model.catalogue(), machine.protocol, row.name, hindered);
    if (words) in.ui.label(place, words->what, font::caption, in.ui.theme.second);
  }
  rest.take_top(8);
  rest.take_top(prose(in.ui, rest, in.s("state.refusal_note"), font::caption, in.ui.theme.third));
}

}  // namespace

void state_tab(const Inspected& in, Rect& rest) {
  const Protocol protocol = in.conversation.opened().protocol;
  const Machine* machine = machine_of(protocol);
  if (!machine) {
    head_of(in, rest, headline_of(in), in.s("state.no_machine", {{"protocol", name_of(protocol)}}));
    rest.take_top(prose(in.ui, rest, in.s("state.no_machine_why"), font::body, in.ui.theme.second));
    return;
  }
  const app::Walk& walk = in.model.walk();
  if (walk.connection() != in.ref.connection) return;
  const std::string connection = std::to_string(in.ref.connection);
  std::size_t number = 0;  // of the message that led here
  if (const auto since = walk.since())
    if (const auto row = in.model.conversations().row_of({walk.connection(), *since})) number = *row + 1;
  head_of(in, rest, in.s("state.session_is", {{"state", state_words(in.model, *machine, walk.now())}}),
          number > 0 ? in.s("state.since", {{"connection", connection}, {"n", std::to_string(number)}})
                     : in.s("state.since_open", {{"connection", connection}}));
  const MachineLook look{.name = "inspector", .small = true, .downwards = true};
  machine_drawing(in.ui, rest.take_top(machine_size(*machine, look).h), in.model, in.out, *machine, &walk, look);
  ways_taken(in, rest, *machine, walk);
  legal_now(in, rest, *machine, walk.now());
  refused_now(in, rest, *machine, walk.now());
}

}  // namespace glasspost::ui
