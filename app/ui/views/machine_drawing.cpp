#include "app/ui/views/machine_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <any>
#include <cmath>
#include <limits>
#include <vector>

#include "app/ui/views/machine_plan.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float small_box = 32, tall_box = 42, line_gap = 2;

struct Name {
  std::string_view command, reply;
  std::uint64_t count = 0;
  const app::Step* last = nullptr;
};
// All rows of the table between two states: one arrow. A loop also has the commands that change nothing.
struct Way {
  StateId from = 0, to = 0;
  std::vector<Name> names;         // the commonest first
  std::uint64_t taken() const {
    std::uint64_t all = 0;
    for (const Name& name : names) all += name.count;
    return all;
  }
};
struct Word {
  std::string text;
  bool taken = false;
  float x = 0, width = 0;
  int line = 0;
};
struct Label {
  std::vector<Word> words;
  Size size;
  Size few;                        // of the first word alone
};

// A plan, and what it was made from.
struct Kept {
  Rect area;
  std::vector<Rect> boxes, taken;
  std::vector<PlannedWay> ways;
  MachinePlan plan;
};
std::string plan_name(std::string_view drawing) { return std::string(drawing) + ".plan"; }

class Drawing {
 public:
  Drawing(Ui& ui, Rect area, const Model& model, Actions& actions, const Machine& machine, const app::Walk* walk, const MachineLook& look)
      : ui_(ui), c_(ui.canvas()), area_(area), model_(model), s_(model.strings()), actions_(actions), machine_(machine), walk_(walk), look_(look) {
    if (walk_) now_ = look.client ? walk_->client_now() : walk_->now();
    if (walk_ && walk_->conversation()) sealed_ = walk_->conversation()->protection_at(model.cursor()) == Protection::up;
    gather();
  }

  void draw() {
    const MachinePlan& plan = planned();
    for (const bool taken : {false, true})
      for (std::size_t i = 0; i < ways_.size(); ++i)
        if ((ways_[i].taken() > 0) == taken) arrow(ways_[i], plan.routes[i]);
    for (std::size_t i = 0; i < machine_.states.size(); ++i) state(StateId(i), plan.boxes[i]);
    for (std::size_t i = 0; i < ways_.size(); ++i)
      if (plan.routes[i].label) tie(ways_[i], plan.routes[i]), words_of(i, *plan.routes[i].label, plan.routes[i].few);
    if (!close_words_.empty() && close_place_) {
      Rect rest = *close_place_;
      c_.fill(rest.inset(-2, 0), ui_.theme.panel, 3);  // an arrow may have had to pass here
      ui_.label(rest.take_top(line_height()), close_words_, wire(false), ui_.theme.third, Align::centre);
      ui_.label(rest, s_("state.from_any"), caption(), ui_.theme.third, Align::centre);
    }
  }

 private:
  bool lit(StateId state) const { return walk_ && state == now_; }
  bool next(const Way& way) const {
    return walk_ && way.from == now_ && way.to != way.from && way.taken() == 0 &&
           std::any_of(way.names.begin(), way.names.end(), [this](const Name& name) { return !inside_tls(name.command); });
  }
  // The table leads there, but this session is inside TLS already.
  bool inside_tls(std::string_view command) const {
    const auto row = std::find_if(machine_.commands.begin(), machine_.commands.end(), [&](const CommandRow& one) { return one.name == command; });
    return sealed_ && row != machine_.commands.end() && hindrance(machine_, *row, now_, true) == "inside_tls";
  }
  Font wire(bool bold) const { return {bold ? Face::wire_bold : Face::wire, look_.small ? 11.F : 12.F}; }
  Font caption() const { return font::caption; }
  float line_height() const { return look_.small ? 14 : 16; }
  float box_height() const { return look_.small ? small_box : tall_box; }

  Way& way(StateId from, StateId to) {
    for (Way& each : ways_)
      if (each.from == from && each.to == to) return each;
    ways_.push_back({from, to, {}});
    return ways_.back();
  }
  void gather() {
    std::vector<std::string_view> closing;
    for (std::size_t i = 0; i < machine_.transitions.size(); ++i) {
      const Transition& row = machine_.transitions[i];
      const std::uint64_t count = walk_ ? walk_->count(i) : 0;
      const app::Step* last = walk_ ? walk_->last(i) : nullptr;
      // Whatever state one leaves from: one word at the last state tells it, not an arrow from each.
      if (row.to == machine_.closed && row.from != row.to && count == 0 && !(walk_ && row.from == now_) && !only_way_there(row.from)) {
        const std::string_view name = row.command.empty() ? row.reply : row.command;
        if (std::find(closing.begin(), closing.end(), name) == closing.end()) closing.push_back(name);
        continue;
      }
      if (row.from == row.to && count == 0 && (!lit(row.from) || inside_tls(row.command))) continue;  // a loop tells something where it was taken or may be
      Way& known = way(row.from, row.to);
      const auto same = std::find_if(known.names.begin(), known.names.end(), [&](const Name& n) { return n.command == row.command && (!n.command.empty() || n.reply == row.reply); });
      if (same == known.names.end()) known.names.push_back({row.command, row.reply, count, last});
      else same->count += count, same->last = last ? last : same->last;
    }
    for (const std::string_view name : closing) close_words_ += (close_words_.empty() ? "" : "  ") + std::string(name);
    for (std::size_t state = 0; state < machine_.states.size(); ++state) gather_stays(StateId(state));
    for (Way& each : ways_)
      std::stable_sort(each.names.begin(), each.names.end(), [](const Name& a, const Name& b) { return a.count > b.count; });
  }
  // A state that leads on to no other than the last: its arrow stays, or it would hang in the air.
  bool only_way_there(StateId from) const {
    return std::none_of(machine_.transitions.begin(), machine_.transitions.end(), [&](const Transition& row) { return row.from == from && row.to != from && row.to != machine_.closed; });
  }
  void gather_stays(StateId state) {
    for (std::size_t i = 0; i < machine_.commands.size(); ++i) {
      const CommandRow& row = machine_.commands[i];
      const bool leads_on = std::any_of(machine_.transitions.begin(), machine_.transitions.end(),
                                        [&](const Transition& t) { return t.from == state && t.command == row.name; });
      const std::uint64_t count = walk_ ? walk_->stayed(state, i) : 0;
      if ((row.legal_in >> state & 1U) == 0 || (leads_on && count == 0)) continue;
      if (count == 0 && (look_.small || !lit(state))) continue;  // the list of what is legal names them
      Way& known = way(state, state);
      const auto same = std::find_if(known.names.begin(), known.names.end(), [&](const Name& n) { return n.command == row.name; });
      const app::Step* last = walk_ ? walk_->last_stay(state, i) : nullptr;
      if (same == known.names.end()) known.names.push_back({row.name, {}, count, last});
      else same->count += count, same->last = same->last ? same->last : last;
    }
  }

  // The names, wrapped: those taken first, each with its count; at most so many lines.
  Label label(const Way& each) const {
    Label made;
    const std::uint64_t taken = each.taken();
    const bool loop = each.from == each.to, quiet = taken == 0 && !next(each) && !(loop && lit(each.from));
    const float most = look_.small ? 104.F : loop ? 210.F : 128.F, space = c_.measure(" ", wire(false)) + 4;
    const int lines = loop || quiet ? 1 : 2;
    float x = 0;
    int line = 0;
    std::size_t shown = 0;
    for (const Name& name : each.names) {
      if (shown >= (look_.small ? 3U : quiet ? 2U : 4U)) break;
      Word word;
      word.taken = name.count > 0;
      word.text = command_words(model_, name.command);
      if (name.command.empty()) word.text += " " + std::string(name.reply);
      if (word.taken) word.text += fmt::format(" {}×", name.count);
      word.width = std::ceil(c_.measure(word.text, wire(word.taken))) + 1;
      if (x > 0 && x + space + word.width > most) {
        if (line + 1 == lines) break;
        ++line, x = 0;
      }
      word.x = x > 0 ? x + space : 0, word.line = line;
      x = word.x + word.width;
      made.size.w = std::max(made.size.w, x);
      made.words.push_back(std::move(word));
      ++shown;
      if (look_.small && taken > 0 && shown < each.names.size() && each.names[shown].count == 0) break;  // the list has the others
    }
    if (shown < each.names.size() && !made.words.empty() && !look_.small) {
      Word& last = made.words.back();
      last.text += " …", last.width = std::ceil(c_.measure(last.text, wire(last.taken))) + 1;
      made.size.w = std::max(made.size.w, last.x + last.width);
    }
    made.size.h = float(line + 1) * line_height();
    if (made.words.size() > 1) made.few = {made.words.front().width, line_height()};
    return made;
  }

  std::vector<Rect> boxes() {
    std::vector<GridPlace> places;
    for (std::size_t i = 0; i < machine_.states.size(); ++i) {
      const MachineState& each = machine_.states[i];
      float words = 0;
      for (const std::string_view line : state_lines(StateId(i), look_.small ? 92.F : 170.F)) words = std::max(words, c_.measure(line, state_font()));
      places.push_back({each.column, each.row, std::max(look_.small ? 76.F : 96.F, std::ceil(words) + (look_.small ? 34.F : 48.F))});
    }
    const Rect inside = area_.inset(look_.small ? 6.F : 16.F, 0);
    const float top = look_.small ? 34.F : 58.F, bottom = look_.small ? 34.F : 54.F;
    return place_boxes({inside.x, inside.y, inside.w, inside.h - bottom}, places, box_height(), look_.downwards, top);
  }
  Font state_font() const { return look_.small ? Font{Face::text_strong, 11} : font::strong; }
  // The words of a state, in two lines where one would be wider than this.
  std::vector<std::string_view> state_lines(StateId id, float most) const {
    const std::string_view words = state_words(model_, machine_, id);
    if (c_.measure(words, state_font()) <= most) return {words};
    std::size_t best = words.npos;
    for (std::size_t at = words.find(' '); at != words.npos; at = words.find(' ', at + 1))
      if (best == words.npos || std::max(at, words.size() - at) < std::max(best, words.size() - best)) best = at;
    if (best == words.npos) return {words};
    return {words.substr(0, best), words.substr(best + 1)};
  }

  const MachinePlan& planned() {
    std::vector<Rect> at = boxes();
    std::vector<PlannedWay> ways;
    labels_.clear();
    for (const Way& each : ways_) {
      labels_.push_back(label(each));
      const int weight = (each.taken() > 0 ? 8 : 0) + (next(each) ? 4 : 0) + (each.from != each.to ? 2 : 0);
      const bool words = !look_.small || each.taken() > 0 || next(each);
      ways.push_back({each.from, each.to, words ? labels_.back().size : Size{}, words ? labels_.back().few : Size{}, weight, each.taken() > 0});
    }
    std::vector<Rect> taken;
    place_close_words(at, taken);
    std::any& kept = ui_.kept(plan_name(look_.name));
    Kept* known = std::any_cast<Kept>(&kept);
    if (!known || !(known->area == area_) || known->boxes != at || known->ways != ways || known->taken != taken) {
      kept = Kept{area_, at, taken, ways, plan_machine(area_, at, ways, taken)};
      known = std::any_cast<Kept>(&kept);
    }
    return known->plan;
  }
  // Beside the last state, where no other state stands.
  void place_close_words(const std::vector<Rect>& at, std::vector<Rect>& taken) {
    close_place_.reset();
    if (close_words_.empty()) return;
    const Rect box = at[machine_.closed];
    const float w = std::ceil(std::max(c_.measure(close_words_, wire(false)), c_.measure(s_("state.from_any"), caption()))) + 2, h = line_height() + 15;
    const float x = std::clamp(box.centre().x - w / 2, area_.x, std::max(area_.x, area_.right() - w));
    for (const Rect place : {Rect{x, box.bottom() + 3, w, h}, Rect{x, box.y - h - 3, w, h}, Rect{box.right() + 6, box.middle() - h / 2, w, h}, Rect{box.x - w - 6, box.middle() - h / 2, w, h}}) {
      const bool inside = place.x >= area_.x && place.right() <= area_.right() && place.y >= area_.y && place.bottom() <= area_.bottom();
      if (!inside || std::any_of(at.begin(), at.end(), [&](Rect other) { return !other.intersected(place).empty(); })) continue;
      close_place_ = place;
      taken.push_back(place);
      return;
    }
  }

  void arrow(const Way& each, const Route& route) {
    if (route.path.size() < 2) return;
    const Hue& hue = ui_.theme.of(machine_.protocol);
    const bool taken = each.taken() > 0, ahead = next(each) || (each.from == each.to && lit(each.from) && !taken);
    const Colour ink = taken || ahead ? hue.fill : ui_.theme.strong_line;
    c_.path(route.path, ink, taken ? 2.F : ahead ? 1.5F : 1.F, false, ahead ? dash::would_happen : dash::solid);
    c_.arrow_head(route.path.back(), route.direction, ink, taken || ahead ? 8.F : 6.F);
  }
  // Words that found no place beside their arrow are tied to it.
  void tie(const Way& each, const Route& route) {
    constexpr float beside = 11;
    Point from, to;
    float least = std::numeric_limits<float>::max();
    const Rect place = *route.label;
    for (std::size_t i = route.path.size() / 8; i < route.path.size() - route.path.size() / 8; ++i) {  // not where others meet it
      const Point on = route.path[i], edge{std::clamp(on.x, place.x, place.right()), std::clamp(on.y, place.y, place.bottom())};
      const float far = std::hypot(on.x - edge.x, on.y - edge.y);
      if (far < least) least = far, from = edge, to = on;
    }
    if (least <= beside || least == std::numeric_limits<float>::max()) return;
    c_.line(from, to, each.taken() > 0 || next(each) ? ui_.theme.of(machine_.protocol).fill : ui_.theme.strong_line, 1);
    c_.disc(to, 2, each.taken() > 0 || next(each) ? ui_.theme.of(machine_.protocol).fill : ui_.theme.strong_line);
  }
  void words_of(std::size_t index, Rect place, bool few) {
    const Way& each = ways_[index];
    const Label& label = labels_[index];
    const Theme& t = ui_.theme;
    const app::Step* last = nullptr;
    bool chosen = false;
    const app::Step* selected = walk_ && model_.selection().message && model_.selection().message->connection == walk_->connection() ? walk_->step_of(model_.selection().message->message) : nullptr;
    for (const Name& name : each.names)
      if (name.last && (!last || name.last->at > last->at)) last = name.last;
    if (selected) chosen = selected->from == each.from && selected->to == each.to && !selected->refused;
    const Rect ground = place.inset(-3, -1);
    const Response r = ui_.interact(fmt::format("{}.way/{}/{}", look_.name, machine_.states[each.from].id, machine_.states[each.to].id), Kind::button, ground,
                                    tip_of(each), {.enabled = last != nullptr, .on = chosen, .pointer = last ? Pointer::hand : Pointer::arrow});
    c_.fill(ground, r.hovered && last ? t.sunken : t.panel, 3);
    if (chosen) c_.outline(ground.inset(-1), t.accent, 1.5F, 4);
    if (r.ring) ui_.focus_ring(ground);
    ui_.tooltip(ground, tip_of(each));
    if (r.clicked && last) actions_.push_back(app::Select{{walk_->connection(), last->message()}});
    // Each line in the middle.
    const std::size_t shown = few ? 1 : label.words.size();  // its tip has the others
    for (std::size_t i = 0; i < shown;) {
      std::size_t end = i;
      while (end < shown && label.words[end].line == label.words[i].line) ++end;
      const float width = label.words[end - 1].x + label.words[end - 1].width, left = place.x + (place.w - width) / 2;
      for (; i < end; ++i) {
        const Word& word = label.words[i];
        const Colour ink = word.taken || next(each) ? t.of(machine_.protocol).text : t.second;
        ui_.label({left + word.x, place.y + float(word.line) * line_height(), word.width, line_height()}, word.text, wire(word.taken), ink);
      }
    }
  }
  std::string tip_of(const Way& each) const {
    std::string tip = each.from == each.to ? s_("states.stays", {{"state", state_words(model_, machine_, each.from)}})
                                           : fmt::format("{} → {}", state_words(model_, machine_, each.from), state_words(model_, machine_, each.to));
    tip += ": ";
    bool first = true;
    for (const Name& name : each.names) {
      if (!first) tip += ", ";
      first = false;
      tip += name.command.empty() ? "* " + std::string(name.reply) : std::string(name.command);
      if (name.count > 0) tip += fmt::format(" {}×", name.count);
    }
    return tip;
  }
  void state(StateId id, Rect place) {
    const Hue& hue = ui_.theme.of(machine_.protocol);
    const std::string_view words = state_words(model_, machine_, id);
    const bool now = lit(id);
    const std::uint64_t entered = walk_ ? walk_->entered(id) + (id == machine_.start ? 1 : 0) : 0;
    const bool been = entered > 0;
    const float round = place.h / 2;
    c_.fill(place, now ? hue.text : been ? mix(ui_.theme.panel, hue.tint, 1) : ui_.theme.raised, round);
    if (!now) c_.outline(place, been ? hue.fill : ui_.theme.strong_line, been ? 1.5F : 1, round);
    if (now) c_.outline(place.inset(-4), hue.fill, 1, round + 4), c_.disc({place.x + 13, place.middle()}, 3, ui_.theme.panel);
    Rect text = place.inset(look_.small ? 7.F : 12.F, 0);
    if (now) text.take_left(look_.small ? 9.F : 8.F);
    const Colour ink = now ? ui_.theme.panel : been ? hue.text : ui_.theme.second;
    const std::vector<std::string_view> lines = state_lines(id, text.w);
    const bool counted = !look_.small && been && lines.size() == 1;
    if (counted || lines.size() > 1) text = text.inset(0, look_.small ? 3 : 4);
    const float each = counted ? 19 : text.h / float(lines.size());
    for (const std::string_view line : lines) ui_.label(text.take_top(each), line, state_font(), ink, Align::centre);
    if (counted) ui_.label(text, s_.count("state.times", entered), font::caption, now ? ui_.theme.panel : ui_.theme.second, Align::centre);
    ui_.note(fmt::format("{}.state/{}", look_.name, machine_.states[id].id), Kind::picture, place, words, now);
    if (const Words* why = model_.catalogue().find(fmt::format("state/{}/{}", lower_name_of(machine_.protocol), machine_.states[id].id)))
      ui_.tooltip(place, why->why);
  }

  Ui& ui_;
  Canvas& c_;
  Rect area_;
  const Model& model_;
  const Strings& s_;
  Actions& actions_;
  const Machine& machine_;
  const app::Walk* walk_;
  const MachineLook& look_;
  StateId now_ = 0;
  bool sealed_ = false;
  std::vector<Way> ways_;
  std::vector<Label> labels_;
  std::string close_words_;
  std::optional<Rect> close_place_;
};

}  // namespace

void machine_drawing(Ui& ui, Rect area, const Model& model, Actions& actions, const Machine& machine, const app::Walk* walk, const MachineLook& look) {
  Drawing(ui, area, model, actions, machine, walk && walk->machine() == &machine ? walk : nullptr, look).draw();
}

const MachinePlan* drawn_plan(Ui& ui, std::string_view name) {
  const Kept* kept = std::any_cast<Kept>(&ui.kept(plan_name(name)));
  return kept ? &kept->plan : nullptr;
}

Size machine_size(const Machine& machine, const MachineLook& look) {
  int columns = 1, rows = 1;
  for (const MachineState& state : machine.states) columns = std::max(columns, state.column + 1), rows = std::max(rows, state.row + 1);
  if (look.downwards) return {float(rows) * 110, float(columns - 1) * 74 + small_box + 68};
  return {float(columns) * 170, float(rows - 1) * 118 + tall_box + 118};
}

std::string_view state_words(const Model& model, const Machine& machine, StateId state) {
  const MachineState& known = machine.states[state];
  const Words* words = model.catalogue().find(fmt::format("state/{}/{}", lower_name_of(machine.protocol), known.id));
  return words ? std::string_view(words->what) : known.id;
}

std::string_view machine_source(Protocol protocol) {
  switch (protocol) {
    case Protocol::smtp: return "RFC 5321 §4.1.4";
    case Protocol::lmtp: return "RFC 2033 §4";
    case Protocol::imap: return "RFC 3501 §3";
    case Protocol::pop3: return "RFC 1939 §3";
    case Protocol::tls: return "RFC 8446 §2";
    case Protocol::dns: break;
  }
  return {};
}

std::string_view short_source(Protocol protocol, std::string_view source) {
  const std::string_view own = machine_source(protocol), rfc = own.substr(0, own.find(" §"));
  if (source.starts_with(rfc) && source.substr(rfc.size()).starts_with(" §")) source.remove_prefix(rfc.size() + 1);
  return source.substr(0, source.find(", "));
}

std::string_view command_words(const Model& model, std::string_view command) {
  if (command == "handshake") return model.strings()("states.handshake");
  if (command == "answer") return model.strings()("states.answer");
  if (command == ".") return model.strings()("states.final_dot");
  if (command == "*") return model.strings()("states.cancel");
  return command.empty() ? "*" : command;
}

}  // namespace glasspost::ui
