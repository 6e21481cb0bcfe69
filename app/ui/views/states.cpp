// States: the machine of a protocol, drawn from the table that the servers dispatch on; the session that is looked at
// in it; what may be said now, and what another command would get; the table itself.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/heads.h"
#include "app/ui/views/machine_drawing.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"
#include "protocol/tls/machine.h"

namespace glasspost::ui {
namespace {

constexpr float list_row = 22, section_head = 30, explanation = 52, narrow = 780;
constexpr std::array shown_protocols{Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3, Protocol::tls};

class States {
 public:
  States(Ui& ui, const Model& model, Actions& actions) : ui_(ui), model_(model), s_(model.strings()), actions_(actions) {
    client_ = ui.memory("states.client") > 0;
    choose();
  }

  // Which protocol, and whose eyes.
  void choices(Rect head) {
    std::array<std::string_view, shown_protocols.size()> names;
    int chosen = 0;
    float wide = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      names[i] = name_of(shown_protocols[i]);
      wide += std::ceil(ui_.canvas().measure(names[i], font::strong)) + 28;
      if (shown_protocols[i] == machine_->protocol) chosen = int(i);
    }
    const std::array<std::string_view, 2> roles{s_("states.server"), s_("states.client")};
    float roles_wide = 0;
    for (const std::string_view role : roles) roles_wide += std::ceil(ui_.canvas().measure(role, font::strong)) + 28;
    if (head.w < wide) return;
    if (segmented(ui_, "states.protocol", head.take_left(wide).at_left(wide, 24), names, chosen)) show(shown_protocols[std::size_t(chosen)]);
    head.take_left(metric::padding);
    if (head.w < roles_wide) return;
    int role = client_ ? 1 : 0;
    const Rect place = head.take_left(roles_wide);
    if (segmented(ui_, "states.role", place.at_left(roles_wide, 24), roles, role)) ui_.memory("states.client") = role, ui_.next_frame();
    ui_.tooltip(place, s_("states.role_hint"));
    head.take_left(metric::padding);
    if (head.w > 120) ui_.label(head, s_(client_ ? "states.as_client" : "states.as_server"), font::caption, ui_.theme.third);
  }

  // `with_line`: what the selected line means, below.
  void draw(Rect area, bool with_line = true) {
    const bool stacked = area.w < narrow;
    if (stacked || one_column(ui_)) return draw_stacked(area);
    const Rect bar = with_line ? area.take_bottom(explanation) : Rect{};
    Rect side = area.take_right(std::clamp(std::round(area.w * 0.335F), 370.F, 540.F));
    ui_.canvas().vertical(side.x, side.y, side.bottom(), ui_.theme.line);
    side.take_left(1);
    picture(area);
    Rect upper = side.take_top(std::round(side.h * 0.56F));
    legal_list(upper);
    ui_.canvas().horizontal(side.x, side.right(), side.y, ui_.theme.line);
    table_list(side);
    if (with_line) line_bar_view(ui_, bar, model_, actions_);
  }

 private:
  // The session's way through its protocol, or that of its handshake through TLS.
  const app::Walk& walked() const { return tls_ ? model_.tls_walk() : model_.walk(); }
  const app::Walk* walk() const { return bare_ ? nullptr : &walked(); }
  StateId now() const { return client_ ? walked().client_now() : walked().now(); }

  // The session that is looked at; or, if that protocol has not been spoken yet, its table alone.
  void choose() {
    tls_ = ui_.memory("states.tls") > 0;
    machine_ = tls_ ? &tls_machine() : model_.walk().machine();
    const auto asked = std::size_t(ui_.memory("states.bare"));  // from 1
    if (!tls_ && asked > 0 && ui_.memory("states.bare_for") == number_of_selection()) machine_ = machine_of(shown_protocols[asked - 1]), bare_ = true;
    if (tls_) bare_ = model_.tls_walk().steps().empty();
    if (!machine_) machine_ = first_offered(), bare_ = true;
  }
  // Before anything is said: the protocol of the first server of this world.
  const Machine* first_offered() const {
    if (model_.stage() == app::Stage::world)
      for (const sim::HostDescription& host : model_.scenario().hosts)
        for (const sim::ServiceDescription& service : host.services)
          if (const Machine* machine = machine_of(service.protocol)) return machine;
    return &smtp_machine();
  }
  double number_of_selection() const { return double(model_.walk().connection()); }
  void show(Protocol protocol) {
    ui_.memory("states.bare") = 0;
    ui_.memory("states.tls") = protocol == Protocol::tls ? 1 : 0;
    ui_.next_frame();
    if (protocol == Protocol::tls || model_.walk().machine() == machine_of(protocol)) return;
    const Conversations& all = model_.conversations();
    for (std::size_t i = all.connections(); i-- > 0;) {
      const Conversation& one = all.at(i);
      if (one.opened().protocol != protocol || one.opened_at() > model_.cursor()) continue;
      MessageId first = 0, after = MessageId(one.size());  // the last that was said by now
      while (first < after) {
        const MessageId middle = first + (after - first) / 2;
        if (one.message(middle).at <= model_.cursor()) first = middle + 1;
        else after = middle;
      }
      if (first == 0) continue;
      actions_.push_back(app::Select{{one.id(), first - 1}});
      return;
    }
    for (std::size_t i = 0; i < shown_protocols.size(); ++i)
      if (shown_protocols[i] == protocol) ui_.memory("states.bare") = double(i + 1);
    ui_.memory("states.bare_for") = number_of_selection();
    ui_.next_frame();
  }

  void title(Rect& area) {
    Rect row = area.take_top(section_head).inset(metric::padding, 0);
    const Rect mark = row.take_left(16).at_left(16, 16);
    if (tls_) draw_padlock(ui_.canvas(), ui_.theme, mark, true);
    else draw_shape(ui_.canvas(), ui_.theme, mark, machine_->protocol);
    row.take_left(8);
    const std::string_view source = machine_source(machine_->protocol);
    source_link("states.source", row.take_right(ui_.canvas().measure(source, font::caption) + 1), source);
    row.take_right(12);
    std::string who(s_("states.bare"));
    if (!bare_) {
      const Conversation& conversation = *walked().conversation();
      const auto party = [&](Side side) {
        const HostId host = side == Side::client ? conversation.opened().client : conversation.opened().server;
        const std::string label = model_.stage() == app::Stage::world ? host_label(model_, host) : std::string();
        return label.empty() ? std::string(conversation.name(side)) : label;
      };
      who = s_("states.session", {{"client", party(Side::client)}, {"server", party(Side::server)}, {"n", std::to_string(conversation.id())}});
    }
    const std::string_view drawn = s_(tls_ ? "states.tls_table" : "state.same_table");
    const float hint = ui_.canvas().measure(drawn, font::caption) + 1, wide = ui_.canvas().measure(who, font::strong) + 1;
    if (row.w > wide + hint + 24) ui_.label(row.take_right(hint), drawn, font::caption, ui_.theme.third, Align::right), row.take_right(12);
    ui_.label(row, who, font::strong, {}, Align::left, "states.title");
  }
  void source_link(std::string_view name, Rect row, std::string_view source) {
    const std::string address = rfc_address(source);
    if (link(ui_, name, row, source, Align::right)) actions_.push_back(app::Copy{address});
    ui_.tooltip(row, s_("inspector.copy_address", {{"address", address}}));
  }
  void picture(Rect area) {
    title(area);
    Rect legend = area.take_bottom(26).inset(metric::padding, 0);
    const MachineLook look = look_for(area);
    const Size needs = machine_size(*machine_, look);
    ScrollArea scroll(ui_, "states.picture", area, std::max(area.h, needs.h));
    Rect content = scroll.content();
    machine_drawing(ui_, {content.x + 4, content.y, area.w - 8, std::max(area.h, needs.h)}, model_, actions_, *machine_, walk(), look);
    draw_legend(legend);
  }
  MachineLook look_for(Rect area) const {
    MachineLook look{.name = "states", .client = client_};
    if (area.w < machine_size(*machine_, look).w) look.small = true, look.downwards = area.w < 700;
    return look;
  }
  void draw_legend(Rect row) {
    const Hue& hue = ui_.theme.of(machine_->protocol);
    const struct { std::string_view words; Colour ink; float width; Dash look; } marks[] = {
        {s_("state.taken"), hue.fill, 2, dash::solid}, {s_("state.never"), ui_.theme.strong_line, 1, dash::solid}, {s_("state.possible"), hue.fill, 1.5F, dash::would_happen}};
    for (const auto& mark : marks) {
      const float wide = ui_.canvas().measure(mark.words, font::caption) + 1;
      if (row.w < wide + 32) return;
      ui_.canvas().horizontal(row.x, row.x + 24, row.middle(), mark.ink, mark.width, mark.look);
      row.take_left(32);
      ui_.label(row.take_left(wide), mark.words, font::caption, ui_.theme.second);
      row.take_left(20);
    }
  }

  // One below the other, where there is no room beside.
  void draw_stacked(Rect area) {
    const MachineLook look = look_for(area);
    const float height = machine_size(*machine_, look).h;
    const float all = metric::panel_head + section_head + height + 26 + legal_height() + table_height() + 16;
    ScrollArea scroll(ui_, "states.all", area, all);
    Rect rest = scroll.content();
    rest.w = area.w - metric::scroll_bar;
    if (one_column(ui_)) choices(rest.take_top(metric::panel_head).inset(metric::padding, 0));
    title(rest);
    machine_drawing(ui_, rest.take_top(height).inset(4, 0), model_, actions_, *machine_, walk(), look);
    draw_legend(rest.take_top(26).inset(metric::padding, 0));
    legal_rows(rest);
    table_rows(rest);
  }

  std::string_view hindrance_of(const CommandRow& row) const {
    const Conversation* conversation = walked().conversation();
    return hindrance(*machine_, row, now(), conversation && conversation->protection_at(model_.cursor()) == Protection::up);
  }
  bool is_legal(const CommandRow& row) const { return !bare_ && hindrance_of(row).empty(); }
  std::size_t legal_count() const {
    return std::size_t(std::count_if(machine_->commands.begin(), machine_->commands.end(), [this](const CommandRow& row) { return is_legal(row); }));
  }
  float legal_height() const {
    const std::size_t legal = legal_count(), refused = machine_->commands.size() - legal;
    if (bare_) return section_head + 3 * list_row;  // in a narrow pane the sentence has two or three
    return section_head + float(std::max<std::size_t>(legal, 1)) * list_row + (refused > 0 ? section_head + float(refused) * list_row : 0) + 12;
  }
  float table_height() const { return section_head + metric::table_head + float(machine_->transitions.size()) * list_row; }

  void legal_list(Rect area) {
    ScrollArea scroll(ui_, "states.legal", area, legal_height());
    Rect rest = scroll.content();
    rest.w = area.w - metric::scroll_bar;
    legal_rows(rest);
  }
  void heading(Rect& rest, std::string_view words, std::string_view aside, std::string_view name) {
    Rect row = rest.take_top(section_head).inset(metric::padding, 0);
    runs(ui_, row, {{.text = words, .font = font::strong}, {.text = aside, .font = font::caption, .colour = ui_.theme.third, .gap = 10}}, Align::left, name);
  }
  void legal_rows(Rect& rest) {
    if (bare_) {
      heading(rest, s_("state.legal_now"), {}, "states.legal_now");
      prose(ui_, rest.take_top(3 * list_row).inset(metric::padding, 2), s_(tls_ ? "states.no_handshake" : "states.not_spoken"), font::body, ui_.theme.second, "states.not_spoken");
      return;
    }
    const std::string_view own = machine_source(machine_->protocol);
    const std::string where = s_("states.in", {{"state", state_words(model_, *machine_, now())}, {"rfc", own.substr(0, own.find(" §"))}});
    heading(rest, s_("state.legal_now"), where, "states.legal_now");
    float names = 0;
    for (const CommandRow& row : machine_->commands) names = std::max(names, ui_.canvas().measure(row.name, font::table_bold) + 1);
    if (legal_count() == 0) ui_.label(rest.take_top(list_row).inset(metric::padding, 0), s_("state.nothing_legal"), font::body, ui_.theme.second);
    for (const bool legal : {true, false}) {
      if (!legal && legal_count() == machine_->commands.size()) break;
      if (!legal) heading(rest, s_("state.refused_now"), s_("states.refused_hint"), "states.refused_now");
      for (std::size_t i = 0; i < machine_->commands.size(); ++i) {
        if (is_legal(machine_->commands[i]) != legal) continue;
        const Rect row = rest.take_top(list_row);
        if (!ui_.canvas().shows(row)) continue;
        if (legal) legal_row(row, i, names);
        else refused_row(row, machine_->commands[i], names);
      }
    }
    rest.take_top(12);
  }
  // How often it was said in this state, and the last time.
  std::pair<std::uint64_t, const app::Step*> said_here(std::size_t command) const {
    const app::Walk& walk = walked();
    std::uint64_t count = walk.stayed(now(), command);
    const app::Step* last = walk.last_stay(now(), command);
    for (std::size_t i = 0; i < machine_->transitions.size(); ++i) {
      if (machine_->transitions[i].from != now() || machine_->transitions[i].command != machine_->commands[command].name) continue;
      count += walk.count(i);
      if (const app::Step* step = walk.last(i); step && (!last || step->at > last->at)) last = step;
    }
    return {count, last};
  }
  void legal_row(Rect area, std::size_t index, float names) {
    const CommandRow& command = machine_->commands[index];
    const auto [count, last] = said_here(index);
    const Response r = ui_.interact(fmt::format("states.legal/{}", command.name), Kind::row, area.inset(6, 0), command.shape, {.enabled = last != nullptr});
    row_ground(ui_, area.inset(6, 0), false, r.hovered && last);
    if (r.ring) ui_.focus_ring(area.inset(8, 1));
    if (r.clicked && last) actions_.push_back(app::Select{{walked().connection(), last->message()}});
    Rect row = area.inset(metric::padding, 0);
    ui_.label(row.take_left(names), command.name, count > 0 ? font::table_bold : font::table, ui_.theme.of(machine_->protocol).text);
    row.take_left(12);
    const std::string_view source = short_source(machine_->protocol, command.source);
    const Rect place = row.take_right(std::max(52.F, ui_.canvas().measure(source, font::caption) + 1));
    const std::string address = rfc_address(command.source);
    if (link(ui_, fmt::format("states.legal_source/{}", command.name), place, source, Align::right)) actions_.push_back(app::Copy{address});
    ui_.tooltip(place, std::string(command.source) + ": " + s_("inspector.copy_address", {{"address", address}}));
    row.take_right(10);
    const std::string times = count > 0 ? fmt::format("{}×", count) : std::string("0");
    ui_.label(row.take_right(30), times, count > 0 ? font::caption_strong : font::caption, count > 0 ? ui_.theme.text : ui_.theme.third, Align::right);
    row.take_right(8);
    if (const Words* words = model_.catalogue().find(fmt::format("legal/{}/{}", lower_name_of(machine_->protocol), command.name)); words && row.w > 40) {
      ui_.label(row, words->what, font::body, ui_.theme.second);
    }
  }
  void refused_row(Rect area, const CommandRow& command, float names) {
    Rect row = area.inset(metric::padding, 0);
    ui_.label(row.take_left(names), command.name, font::table, ui_.theme.second, Align::left, fmt::format("states.refused/{}", command.name));
    row.take_left(12);
    const float code = std::min(row.w, ui_.canvas().measure(command.refusal, font::table) + 1);
    ui_.label(row.take_left(std::min(code, 96.F)), command.refusal, font::table, ui_.theme.error.text);
    row.take_left(10);
    if (row.w < 60) return;
    if (const Words* words = explain_refusal(model_.catalogue(), machine_->protocol, command.name, hindrance_of(command))) ui_.label(row, words->what, font::caption, ui_.theme.second);
  }

  void table_list(Rect area) {
    table_heading(area);
    Rect body = area;
    const float total = float(machine_->transitions.size()) * list_row;
    ScrollArea scroll(ui_, "states.table", body, total);
    Rect rest = scroll.content();
    rest.w = area.w - metric::scroll_bar;
    double& marked = ui_.memory("states.row", 0);
    const Response list = ui_.interact("states.rows", Kind::list, body, s_("states.table"), {.takes_keys = true, .focus_on_click = true, .pointer = Pointer::arrow});
    if (list.ring) ui_.focus_ring(body.inset(3));
    if (list.focused) list_keys(marked, scroll);
    rows(rest, list.focused ? int(marked) : -1);
  }
  void list_keys(double& marked, ScrollArea& scroll) {
    const double last = double(machine_->transitions.size()) - 1, before = marked;
    if (ui_.take(Key::down)) marked = std::min(marked + 1, last);
    if (ui_.take(Key::up)) marked = std::max(marked - 1, 0.0);
    if (ui_.take(Key::home)) marked = 0;
    if (ui_.take(Key::end)) marked = last;
    if (ui_.take(Key::enter) || ui_.take(Key::space)) go_to(std::size_t(marked));
    marked = std::min(marked, last);
    if (marked != before) scroll.reveal(float(marked) * list_row, list_row), ui_.next_frame();
  }
  void table_heading(Rect& rest) {
    std::size_t taken = 0;
    if (!bare_)
      for (std::size_t i = 0; i < machine_->transitions.size(); ++i) taken += walked().count(i) > 0 ? 1 : 0;
    heading(rest, s_("states.table"), s_("states.table_size", {{"n", std::to_string(machine_->transitions.size())}, {"taken", std::to_string(taken)}}), "states.table_title");
    const Rect strip = rest.take_top(metric::table_head);
    ui_.canvas().fill(strip, ui_.theme.sunken);
    const Columns at = columns_in(strip.inset(metric::padding, 0));
    for (const auto& [place, words] : {std::pair{at.from, "states.from"}, {at.command, "states.command"}, {at.reply, "states.reply"}, {at.to, "states.to"}})
      ui_.label(place, s_(words), font::caption, ui_.theme.second);
    ui_.label(at.times, s_("states.times"), font::caption, ui_.theme.second, Align::right);
  }
  struct Columns {
    Rect from, command, reply, to, times;
  };
  // As wide as their words want; where there is less room the names of the states give way, in that proportion.
  Columns columns_in(Rect row) const {
    Columns at;
    at.times = row.take_right(36);
    row.take_right(6);
    float from = 40, command = 40, reply = std::max(30.F, ui_.canvas().measure(s_("states.reply"), font::caption) + 1), to = 40;
    for (const Transition& way : machine_->transitions) {
      from = std::max(from, ui_.canvas().measure(state_words(model_, *machine_, way.from), font::caption) + 1);
      to = std::max(to, ui_.canvas().measure(state_words(model_, *machine_, way.to), font::caption) + 1);
      command = std::max(command, ui_.canvas().measure(command_words(model_, way.command), wire_bold) + 1);
      reply = std::max(reply, std::min(64.F, ui_.canvas().measure(way.reply, wire) + 1));
    }
    float share = std::min(1.6F, (row.w - 18 - command) / (from + reply + to));
    if (share < 1) share = std::max(0.2F, (row.w - 18 - command - reply) / (from + to));
    at.from = row.take_left(std::floor(from * share)), row.take_left(6);
    at.command = row.take_left(std::ceil(command * std::max(1.F, share))), row.take_left(6);
    at.reply = row.take_left(std::ceil(reply * std::max(1.F, share))), row.take_left(6);
    at.to = row;
    return at;
  }
  static constexpr Font wire{Face::wire, 11}, wire_bold{Face::wire_bold, 11};
  void table_rows(Rect& rest) {
    table_heading(rest);
    rows(rest, -1);
  }
  void go_to(std::size_t row) {
    if (bare_) return;
    if (const app::Step* last = walked().last(row)) actions_.push_back(app::Select{{walked().connection(), last->message()}});
  }
  void rows(Rect& rest, int marked) {
    const app::Walk& walk = walked();
    const app::Step* selected = nullptr;
    if (const auto& message = model_.selection().message; !bare_ && message && message->connection == walk.connection()) selected = walk.step_of(message->message);
    const Columns columns = columns_in(Rect{rest.x, 0, rest.w, list_row}.inset(metric::padding, 0));
    const auto in_row = [](Rect column, Rect row) { return Rect{column.x, row.y, column.w, row.h}; };
    for (std::size_t i = 0; i < machine_->transitions.size(); ++i) {
      const Rect row = rest.take_top(list_row);
      if (!ui_.canvas().shows(row)) continue;
      const Transition& way = machine_->transitions[i];
      const std::uint64_t count = bare_ ? 0 : walk.count(i);
      const bool lit = selected && selected->transition == i;
      const Response r = ui_.interact(fmt::format("states.row/{}", i), Kind::row, row, way.command, {.focusable = false, .enabled = count > 0, .on = lit});
      row_ground(ui_, row, lit, r.hovered && count > 0);
      if (int(i) == marked) ui_.canvas().outline(row.inset(4, 1), ui_.theme.accent, 1, 3);
      if (r.clicked) ui_.memory("states.row") = double(i), go_to(i);
      const Columns at{in_row(columns.from, row), in_row(columns.command, row), in_row(columns.reply, row), in_row(columns.to, row), in_row(columns.times, row)};
      const bool ahead = !bare_ && way.from == now();
      const Colour ink = count > 0 || ahead ? ui_.theme.text : ui_.theme.third;
      ui_.label(at.from, state_words(model_, *machine_, way.from), font::caption, ink);
      ui_.label(at.command, command_words(model_, way.command), count > 0 ? wire_bold : wire, count > 0 || ahead ? ui_.theme.of(machine_->protocol).text : ui_.theme.second);
      ui_.label(at.reply, way.reply.empty() ? std::string_view("–") : way.reply, wire, ui_.theme.second);
      ui_.label(at.to, state_words(model_, *machine_, way.to), font::caption, ink);
      ui_.label(at.times, std::to_string(count), count > 0 ? font::caption_strong : font::caption, count > 0 ? ui_.theme.text : ui_.theme.third, Align::right);
    }
  }

  Ui& ui_;
  const Model& model_;
  const Strings& s_;
  Actions& actions_;
  const Machine* machine_ = nullptr;
  bool bare_ = false, client_ = false, tls_ = false;
};

}  // namespace

void states_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  States states(ui, model, actions);
  if (!one_column(ui)) {
    Rect head = lower_head(ui, "states", area, model, actions);
    head.take_right(metric::padding);
    states.choices(head);
  }
  states.draw(area);
}

void states_stage_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  States states(ui, model, actions);
  if (!one_column(ui)) {
    Rect head = area.take_top(metric::panel_head);
    ui.note("states", Kind::area, head);
    ui.canvas().horizontal(head.x, head.right(), head.bottom() - 1, ui.theme.line);
    head = head.inset(metric::padding, 0);
    const std::string_view name = model.strings()("states.title");
    ui.label(head.take_left(ui.canvas().measure(name, font::strong) + 1), name, font::strong);
    head.take_left(14);
    states.choices(head);
  }
  states.draw(area, false);
}

}  // namespace glasspost::ui
