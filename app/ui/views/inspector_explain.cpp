// Explain: the line opened word by word, then what it means for the connection: who can read it, what it changes, what could
// come back, why it was said, and how long it took.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "app/ui/views/inspector_parts.h"
#include "app/ui/views/ladder_line.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

void mistake(const Inspected& in, Rect& rest) {
  const Error* problem = in.conversation.problem(in.message);
  if (!problem) return;
  const Catalogue& catalogue = in.model.catalogue();
  const Words* fault = catalogue.find(fmt::format("fault/{}", name_of(problem->fault)));
  const Words* wanted = catalogue.find("expected/" + problem->expected);
  const std::string expected = wanted ? wanted->what : problem->expected;
  const std::string words = fault ? fill(fault->what, {{"expected", expected}}) : expected;
  rest.take_top(12);
  rest.take_top(notice(in.ui, "inspector.mistake", rest, Gravity::error, in.s("inspector.mistake"), words));
}

// What was said is not what arrived: both, and who did it.
void overwritten(const Inspected& in, Rect& rest) {
  const Overwritten line = overwritten_line(in.conversation, in.ref.message);
  if (line.heard.empty()) return;
  const std::string words = in.s("inspector.overwritten_more", {{"sender", party(in.model, in.conversation, in.message.from)},
                                                                {"hearer", party(in.model, in.conversation, other(in.message.from))},
                                                                {"said", visible(line.said)},
                                                                {"heard", visible(line.heard)}});
  rest.take_top(12);
  rest.take_top(notice(in.ui, "inspector.overwritten", rest, Gravity::exposed, in.s("inspector.overwritten"), words));
}

std::string line_start(const Inspected& in) {
  if (in.datagram()) {
    std::string octets;
    octet_words(octets, in.text.substr(0, 6));
    return octets;
  }
  return visible(redact(in.text, in.tokens).substr(0, 120));
}

void who_can_read(const Inspected& in, Rect& rest) {
  Ui& ui = in.ui;
  const Strings& s = in.s;
  section(in, rest, s("inspector.who_can_read"));
  const auto row = [&](Icon icon, std::string_view who, std::string_view octets, std::uint64_t count, Colour ink, std::string_view name) {
    Rect place = rest.take_top(22);
    draw_icon(ui.canvas(), icon, place.take_left(26).at_left(16, 16), ink);
    ui.label(place.take_left(118), who, font::body, {}, Align::left, name);
    ui.label(place.take_right(76), s.count("inspector.bytes", count), font::table, ui.theme.second, Align::right);
    place.take_right(8);
    ui.label(place, octets, font::table, ui.theme.second);
  };
  row(Icon::eye, s("inspector.two_ends"), line_start(in), in.message.octets, ui.theme.text, "inspector.two_ends");
  if (in.message.sealed) {
    const OnWire wire = on_wire(in);
    std::string first;
    octet_words(first, wire.octets.substr(0, 5));
    if (!first.empty()) first += " …";
    row(Icon::eye_struck, s("inspector.on_the_wire"), first, in.message.wire_octets, ui.theme.text, "inspector.wire");
  } else {
    row(Icon::eye, s("inspector.on_the_wire"), line_start(in), in.message.octets, ui.theme.error.text, "inspector.wire");
  }
  const bool secret = in.has_secret();
  const bool warns = secret && (!in.message.sealed || in.conversation.opened().tls == TlsMode::starttls);
  const std::string_view words = !in.message.sealed ? (secret ? s("inspector.password_exposed") : s("inspector.everyone_reads"))
                                 : warns            ? s("inspector.before_tls")
                                                    : s("inspector.sealed_reads");
  Rect place = rest;
  const Rect mark = place.take_left(26);
  if (warns) draw_icon(ui.canvas(), Icon::warning, Rect{mark.x, mark.y + 2, 16, 16}, ui.theme.error.text);
  const bool exposed = warns || !in.message.sealed;
  rest.take_top(prose(ui, place, words, font::body, exposed ? ui.theme.error.text : ui.theme.second, "inspector.exposure"));
}

// Two states and the word that leads from one to the other.
void two_states(const Inspected& in, Rect row, std::string_view before, std::string_view after, std::string_view word) {
  Ui& ui = in.ui;
  Canvas& c = ui.canvas();
  const auto width = [&](std::string_view words, Font f) { return c.measure(words, f) + 28; };
  const float room = (row.w - 76) / 2;
  const Rect from = row.take_left(std::min(room, width(before, font::body)));
  const Rect way = row.take_left(std::clamp(c.measure(word, font::table) + 28, 64.F, 110.F));
  const Rect to = row.take_left(std::min(row.w, width(after, font::strong)));
  const Rect a{from.x, from.y + 12, from.w, 26}, b{to.x, to.y + 12, to.w, 26};
  c.fill(a, ui.theme.raised, 13), c.outline(a, ui.theme.strong_line, 1, 13);
  ui.label(a.inset(12, 0), before, font::body, {}, Align::centre);
  c.arrow({way.x, a.middle()}, {way.right() - 1, a.middle()}, in.hue().fill, {}, 2);
  ui.label({way.x, way.y, way.w - 6, 20}, word, font::table, in.hue().text, Align::centre);
  c.fill(b, in.hue().tint, 13), c.outline(b, in.hue().fill, 2, 13);
  ui.label(b.inset(12, 0), after, font::strong, {}, Align::centre, "inspector.state_after");
}

std::uint64_t times_taken(const Inspected& in, const Machine& machine, std::string_view command, const Seen& way) {
  std::uint64_t times = 0;
  for (const Exchange& exchange : in.conversation.exchanges()) {
    if (!exchange.command || in.conversation.message(*exchange.command).at > in.model.cursor()) continue;
    if (command_of(machine, in.conversation, in.conversation.message(*exchange.command)) != command) continue;
    const Seen other = seen_by(in.conversation, exchange, in.model.cursor());
    times += other.reply && other.before == way.before && other.after == way.after;
  }
  return times;
}

void what_it_changes(const Inspected& in, Rect& rest, const Exchange& exchange) {
  const Machine* machine = machine_of(in.message.protocol);
  if (!machine) return;
  const Seen way = seen_by(in.conversation, exchange, in.model.cursor());
  if (way.before >= machine->states.size() || way.after >= machine->states.size()) return;
  section(in, rest, in.s("inspector.what_changes"));
  const std::string_view before = state_words(in.model, *machine, way.before), after = state_words(in.model, *machine, way.after);
  if (!way.reply && way.before == way.after) {
    in.ui.label(rest.take_top(22), in.s("inspector.not_yet"), font::body, in.ui.theme.second);
    return;
  }
  if (way.before == way.after) {
    rest.take_top(prose(in.ui, rest, fmt::format("{} **{}**", in.s("inspector.changes_nothing"), before), font::body, in.ui.theme.second));
    return;
  }
  two_states(in, rest.take_top(44), before, after, way.reply ? code_of(in.conversation, *way.reply) : std::string_view());
  if (!exchange.command) return;
  const std::string_view command = command_of(*machine, in.conversation, in.conversation.message(*exchange.command));
  if (const std::uint64_t times = times_taken(in, *machine, command, way); times > 0 && !command.empty())
    in.ui.label(rest.take_top(18), fmt::format("{}: {}", command, in.s.count("inspector.taken", times)), font::caption, in.ui.theme.third);
}

const Words* reply_words(const Catalogue& catalogue, Protocol protocol, std::string_view code) {
  switch (protocol) {
    case Protocol::smtp:
    case Protocol::lmtp: return explain(catalogue, Role::smtp_code, code);
    case Protocol::imap: return explain(catalogue, code == "+" ? Role::imap_continue : Role::imap_status, code);
    case Protocol::pop3:
      if (const auto bracket = code.find('['); bracket != code.npos) return explain(catalogue, Role::pop3_response_code, code.substr(bracket));
      return explain(catalogue, code == "+OK" ? Role::pop3_ok : code == "+" ? Role::pop3_continue : Role::pop3_err, code);
    case Protocol::dns:
    case Protocol::tls: return nullptr;
  }
  return nullptr;
}

void could_come_back(const Inspected& in, Rect& rest, const Exchange& exchange) {
  const Machine* machine = machine_of(in.message.protocol);
  if (!machine || !exchange.command) return;
  const Message& command = in.conversation.message(*exchange.command);
  const std::string_view name = command_of(*machine, in.conversation, command);
  const CommandRow* found = nullptr;
  for (const CommandRow& each : machine->commands)
    if (each.name == name) found = &each;
  if (!found) return;
  const Seen seen = seen_by(in.conversation, exchange, in.model.cursor());
  const std::string_view came = seen.reply ? code_of(in.conversation, *seen.reply) : std::string_view();
  std::vector<std::string_view> codes = split(found->replies, ',');
  for (std::string_view& code : codes) code = trim(code);
  if (!came.empty() && std::find(codes.begin(), codes.end(), came) == codes.end()) codes.insert(codes.begin(), came);
  section(in, rest, in.s("inspector.could_come_back"), found->source);
  if (!seen.reply) in.ui.label(rest.take_top(20), in.s("inspector.not_yet"), font::caption, in.ui.theme.third);
  float widest = 40;
  for (const std::string_view code : codes) widest = std::max(widest, in.ui.canvas().measure(code, font::table_bold) + 14);
  for (const std::string_view code : codes) {
    const bool this_one = code == came;
    const Words* words = reply_words(in.model.catalogue(), in.message.protocol, code);
    Rect row = rest.take_top(22);
    if (this_one) {
      in.ui.canvas().fill(row.inset(-10, 0), in.hue().tint);
      draw_icon(in.ui.canvas(), Icon::tick, row.take_right(16).centred(14, 14), in.ui.theme.text);
      row.take_right(6);
    }
    in.ui.label(row.take_left(std::min(widest, row.w / 2)), code, this_one ? font::table_bold : font::table, this_one ? in.hue().text : in.ui.theme.second);
    in.ui.label(row, words ? std::string_view(words->what) : std::string_view(), font::body, this_one ? in.ui.theme.text : in.ui.theme.second, Align::left,
                fmt::format("inspector.reply/{}", code));
    if (!this_one) continue;
    const Duration after = seen.reply->at - command.at;
    const Rect note = rest.take_top(18);
    in.ui.canvas().fill(note.inset(-10, 0), in.hue().tint);
    in.ui.label({note.x + widest, note.y, note.w - widest, note.h}, in.s("inspector.this_came", {{"duration", in.s.duration(after)}}), font::caption,
                in.ui.theme.second);
  }
}

// The message that a record began. Messages are nearly in the order of their records: only the two sides may be out of step.
std::optional<MessageRef> message_at(const Model& model, RecordId record) {
  const ConnectionId connection = model.trace()[record].connection;
  const Conversation* conversation = model.conversations().find(connection);
  if (!conversation) return std::nullopt;
  std::size_t low = 0, high = conversation->size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (conversation->message(MessageId(middle)).record < record) low = middle + 1;
    else high = middle;
  }
  constexpr std::size_t out_of_step = 16;
  for (std::size_t i = low - std::min(low, out_of_step); i < std::min(conversation->size(), low + out_of_step); ++i)
    if (conversation->message(MessageId(i)).record == record) return MessageRef{connection, MessageId(i)};
  return std::nullopt;
}

// What it answers, and what caused it: both lead there.
void origin(const Inspected& in, Rect& rest) {
  const Conversation& conversation = in.conversation;
  const auto show = [&](std::string_view title, const Conversation& of, const Message& message, std::size_t number, bool is_cause) {
    rule(in.ui, rest, 11);
    Rect row = rest.take_top(24);
    in.ui.label(row.take_left(std::min(row.w * 0.3F, in.ui.canvas().measure(title, font::strong) + 14)), title, font::strong);
    draw_shape(in.ui.canvas(), in.ui.theme, row.take_left(24).at_left(16, 16), message.protocol);
    const std::string words = message.protocol == Protocol::dns || message.protocol == Protocol::tls
                                  ? std::string(name_of(message.protocol))
                                  : visible(redact(of.text(message), of.tokens(message)).substr(0, 60));
    std::string line = words.substr(0, words.find("\\r"));
    const std::string where = in.s("inspector.message_of", {{"n", std::to_string(number)},
                                                            {"connection", std::to_string(of.id())},
                                                            {"to", std::string(of.name(other(message.from)))}});
    in.ui.label(row, line, font::console_bold, in.ui.theme.of(message.protocol).text);
    row = rest.take_top(20);
    const std::string_view go = in.s("inspector.go_to_cause");
    const Rect at = row.take_right(in.ui.canvas().measure(go, font::caption) + 1);
    if (link(in.ui, is_cause ? "inspector.cause" : "inspector.answers", at, go, Align::right)) {
      if (is_cause) in.out.push_back(app::GoToCause{});
      else in.out.push_back(app::Select{{of.id(), *in.message.answers}});
    }
    row.take_right(8);
    in.ui.label(row, where, font::caption, in.ui.theme.third);
  };
  const auto number_of = [&](MessageRef ref) {
    const auto row = in.model.conversations().row_of(ref);
    return row ? *row + 1 : 0;
  };
  if (in.message.answers && *in.message.answers < conversation.size()) {
    show(in.s("inspector.answers_to"), conversation, conversation.message(*in.message.answers), number_of({conversation.id(), *in.message.answers}), false);
  }
  const Trace& trace = in.model.trace();
  if (!trace.holds(in.message.record)) return;
  RecordId cause = trace[in.message.record].cause;
  for (int hops = 0; hops < 16 && trace.holds(cause); ++hops) {
    if (const auto ref = message_at(in.model, cause)) {
      if (in.message.answers && ref->connection == conversation.id() && ref->message == *in.message.answers) return;
      if (*ref == in.ref) return;
      const Conversation* of = in.model.conversations().find(ref->connection);
      return show(in.s("inspector.cause"), *of, of->message(ref->message), number_of(*ref), true);
    }
    cause = trace[cause].cause;
  }
}

void timing(const Inspected& in, Rect& rest, const Exchange& exchange) {
  if (!exchange.command || exchange.replies.empty()) return;
  const Message& command = in.conversation.message(*exchange.command);
  const Message& reply = in.conversation.message(exchange.replies.front());
  const Instant now = in.model.cursor();
  struct Part {
    std::string_view key;
    Duration takes;
    int look;
  };
  std::vector<Part> parts;
  if (command.arrived <= now) parts.push_back({"inspector.time_there", command.arrived - command.at, 0});
  if (command.arrived <= now && reply.at <= now) parts.push_back({"inspector.time_to_check", reply.at - command.arrived, 1});
  if (reply.arrived <= now) parts.push_back({"inspector.time_back", reply.arrived - reply.at, 2});
  Duration whole{};
  for (const Part& part : parts) {
    if (part.takes < Duration{}) return;
    whole += part.takes;
  }
  if (parts.empty() || whole <= Duration{}) return;
  section(in, rest, in.s("inspector.timing"), {}, in.s.duration(whole));
  rest.take_top(2);
  Rect bar = rest.take_top(8);
  Canvas& c = in.ui.canvas();
  const Rect all = bar;
  for (const Part& part : parts) {
    const float wide = std::max(3.F, all.w * float(double(part.takes.count()) / double(whole.count())));
    const Rect piece = bar.take_left(std::min(bar.w, wide));
    if (part.look == 2) c.fill(piece, in.hue().tint), c.outline(piece, in.hue().fill);
    else c.fill(piece, part.look == 0 ? in.hue().fill : in.ui.theme.text);
  }
  rest.take_top(2);
  const Rect words = rest.take_top(18);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const float third = words.w / 3;
    const Align align = parts[i].look == 0 ? Align::left : parts[i].look == 1 ? Align::centre : Align::right;
    in.ui.label({words.x + third * float(parts[i].look), words.y, third, words.h}, in.s(parts[i].key, {{"duration", in.s.duration(parts[i].takes)}}),
                font::caption, in.ui.theme.second, align);
  }
}

}  // namespace

void explain_tab(const Inspected& in, Rect& rest) {
  const std::string to = fmt::format("{}:{}", in.conversation.name(other(in.message.from)),
                                     in.message.from == Side::client ? in.conversation.opened().server_port : in.conversation.opened().client_port);
  head_of(in, rest, headline_of(in),
          in.s("inspector.message_of", {{"n", std::to_string(in.number)}, {"connection", std::to_string(in.ref.connection)}, {"to", to}}));
  anatomy(in, rest);
  mistake(in, rest);
  overwritten(in, rest);
  who_can_read(in, rest);
  if (const Exchange* exchange = in.conversation.exchange_of(in.ref.message)) {
    what_it_changes(in, rest, *exchange);
    could_come_back(in, rest, *exchange);
    origin(in, rest);
    timing(in, rest, *exchange);
  } else {
    origin(in, rest);
  }
}

}  // namespace glasspost::ui
