#include "app/ui/views/console_dialogue.h"

#include <algorithm>
#include <utility>

#include "app/ui/views/ladder_line.h"
#include "app/ui/views/under_way.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"
#include "protocol/tls/facts.h"

namespace glasspost::ui {
namespace {

constexpr MessageId most_messages = 400;   // the newest; the ladder has all of them
constexpr std::size_t most_lines = 200, open_by_itself = 3;
constexpr float row_height = metric::console_row, prompt_width = 28;

enum class RowKind : std::uint8_t { line, pending, tls, note, earlier };
struct DialogueRow {
  RowKind kind = RowKind::line;
  std::optional<MessageId> message;
  Side side = Side::client;
  bool first = true;        // of its message
  bool more = false;        // lines of this message that are folded, or unfolded
  bool unfolded = false;
  std::size_t lines = 1;
  std::string text;
};

std::string name_of_fold(const Conversation& conversation, MessageId id) {
  return "console.fold/" + std::to_string(conversation.id()) + "." + std::to_string(id);
}

std::string tls_sentence(const Model& model, const Floor& floor) {
  const Strings& s = model.strings();
  const Conversation& conversation = *floor.conversation;
  switch (conversation.protection_at(model.cursor())) {
    case Protection::handshake: return std::string(s("console.tls_handshake"));
    case Protection::failed: return std::string(s("tls.failed"));
    case Protection::none:
    case Protection::up: break;
  }
  const Trace& trace = model.trace();
  if (trace.holds(conversation.tls_up()))
    if (const auto* up = std::get_if<TlsUp>(&trace[conversation.tls_up()].what))
      if (const auto facts = decode_tls_facts(trace.bytes(up->facts))) {
        const std::string version = tls_version(model, conversation);
        if (facts->verdict == Verdict::trusted) return s("console.encrypted_trusted", {{"version", version}});
        if (facts->verdict == Verdict::not_checked) return s("console.encrypted_unchecked", {{"version", version}});
        const std::string key = "tls.verdict." + std::string(name_of(facts->verdict));
        return s("console.encrypted_from_here", {{"version", version}}) + ", " + std::string(s.has(key) ? s(key) : s("tls.verdict.other"));
      }
  return s("console.encrypted_from_here", {{"version", "TLS"}});
}

class Rows {
 public:
  Rows(Ui& ui, const Model& model, const Floor& floor) : ui_(ui), model_(model), floor_(floor) {}
  std::vector<DialogueRow> take();

 private:
  void message(MessageId id);
  void pending();

  Ui& ui_;
  const Model& model_;
  const Floor& floor_;
  std::vector<DialogueRow> rows_;
  bool tls_told_ = false;
};

void Rows::message(MessageId id) {
  const Conversation& conversation = *floor_.conversation;
  const Message& message = conversation.message(id);
  if (message.protocol == Protocol::tls) {
    if (!std::exchange(tls_told_, true)) {  // tickets and alerts that come later belong to it too
      DialogueRow row;
      row.kind = RowKind::tls;
      row.message = id;
      row.text = tls_sentence(model_, floor_);
      rows_.push_back(std::move(row));
    }
    return;
  }
  const LadderLine whole = ladder_line(conversation, message);
  DialogueRow row;
  row.message = id;
  row.side = message.from;
  row.lines = whole.lines;
  row.more = whole.lines != 1;
  const bool by_itself = whole.lines != 0 && whole.lines <= open_by_itself && message.kind != MessageKind::content;
  row.unfolded = row.more && ui_.memory(name_of_fold(conversation, id), by_itself ? 1 : 0) > 0;
  if (!row.unfolded) {
    row.text = whole.text;
    rows_.push_back(std::move(row));
    return;
  }
  for (std::string& line : unfolded_lines(conversation, message, most_lines)) {
    row.text = std::move(line);
    rows_.push_back(row);
    row.first = false;
  }
}

// Lines that were typed and are not yet a whole message. A password as a literal stays hidden.
void Rows::pending() {
  std::string_view rest = floor_.pending;
  const bool secret = floor_.protocol() == Protocol::imap && verb_of(Protocol::imap, rest) == "LOGIN";
  for (bool first = true; !rest.empty(); first = false) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    DialogueRow row;
    row.kind = RowKind::pending;
    row.text = secret && !first ? std::string(mask) : std::string(line.substr(0, 400));
    rows_.push_back(std::move(row));
  }
}

std::vector<DialogueRow> Rows::take() {
  const MessageId from = floor_.said > most_messages ? floor_.said - most_messages : 0;
  if (from > 0) {
    DialogueRow row;
    row.kind = RowKind::earlier;
    row.text = model_.strings().count("console.earlier", from);
    rows_.push_back(std::move(row));
  }
  for (MessageId id = from; id < floor_.said; ++id) message(id);
  pending();
  if (!floor_.open) {
    DialogueRow row;
    row.kind = RowKind::note;
    row.text = model_.strings()("console.closed");
    rows_.push_back(std::move(row));
  }
  return std::move(rows_);
}

// Words behind a line that is still on its way, or not answered yet.
std::string_view state_of(const Model& model, const Floor& floor, const Message& message, MessageId id) {
  if (is_under_way(*floor.conversation, message, model.cursor())) return model.strings()(message.from == Side::client ? "console.on_its_way" : "console.reply_on_its_way");
  if (floor.unanswered == id && floor.open && floor.pending.empty()) return model.strings()("console.no_reply_yet");
  return {};
}

void draw_line(Ui& ui, Rect area, const Model& model, const Floor& floor, const DialogueRow& row, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  const Conversation& conversation = *floor.conversation;
  const Message* message = row.message ? &conversation.message(*row.message) : nullptr;
  const bool client = row.side == Side::client;
  const std::string name = "console.line/" + (row.message ? std::to_string(*row.message) : std::string("pending"));
  const bool chosen = message && model.selection().message == MessageRef{conversation.id(), *row.message};
  if (message && row.first) {
    const Response r = ui.interact(name, Kind::row, area, row.text, {.focusable = false, .on = chosen});
    if (r.hovered && !chosen) row_ground(ui, area, false, true);
    if (r.clicked) actions.push_back(app::Select{{conversation.id(), *row.message}});
  }
  if (chosen) row_ground(ui, area, true, false);
  Rect line = area.inset(metric::padding, 0);
  const Rect prompt = line.take_left(prompt_width);
  if (row.first) ui.label(prompt, s(client ? "console.client" : "console.server"), font::console, t.third);
  const Font font = client ? font::console_bold : font::console;
  const Colour ink = client ? t.of(conversation.opened().protocol).text : t.text;
  const std::string_view state = message && row.first ? state_of(model, floor, *message, *row.message)
                                                      : row.kind == RowKind::pending ? s("console.not_whole_yet") : std::string_view();
  const float state_width = state.empty() ? 0 : ui.canvas().measure(state, font::caption) + 36;
  const std::string count = row.more && row.first ? (row.lines == 0 ? "…" : s.count("ladder.more_lines", row.lines)) : std::string();
  const float chip = count.empty() ? 0 : ui.canvas().measure(count, font::caption) + 24 + 12;
  const float wanted = ui.canvas().measure(row.text, font) + 1;
  const float room = std::max(24.F, line.w - chip - (state_width < line.w / 2 ? state_width : 0));
  const float width = std::min(wanted, room);
  ui.label(line.take_left(width), row.text, font, ink);
  if (chip > 0) {
    const Rect at = line.take_left(chip);
    if (fold_chip(ui, name_of_fold(conversation, *row.message), {at.x + 10, at.middle()}, count, row.unfolded)) {
      double& open = ui.memory(name_of_fold(conversation, *row.message));
      open = row.unfolded ? 0 : 1;
      ui.next_frame();
    }
  }
  if (!state.empty() && line.w > 48) {
    line.take_left(12);
    const Rect arrow = line.take_left(18);
    const float y = arrow.middle();
    if (client) ui.canvas().arrow({arrow.x, y}, {arrow.right(), y}, ink, dash::not_arrived);
    else ui.canvas().arrow({arrow.right(), y}, {arrow.x, y}, ink, dash::not_arrived);
    line.take_left(6);
    ui.label(line, state, font::caption, t.third, Align::left, "console.state/" + std::to_string(row.message ? *row.message : 0));
  }
}

void draw_tls(Ui& ui, Rect area, const Model& model, const Floor& floor, const DialogueRow& row, Actions& actions) {
  const Theme& t = ui.theme;
  const MessageRef ref{floor.conversation->id(), *row.message};
  const bool chosen = model.selection().message == ref;
  const Response r = ui.interact("console.tls/" + std::to_string(*row.message), Kind::row, area, row.text, {.focusable = false, .on = chosen});
  if (r.clicked) actions.push_back(app::Select{ref});
  const bool failed = floor.conversation->protection_at(model.cursor()) == Protection::failed;
  ui.canvas().fill(area, failed ? t.error.tint : t.tls().tint);
  if (chosen) ui.canvas().fill({area.x, area.y, 3, area.h}, t.accent);
  Rect line = area.inset(metric::padding, 0);
  draw_padlock(ui.canvas(), t, line.take_left(14).at_left(14, 14), !failed && !floor.handshake);
  line.take_left(prompt_width - 14);
  ui.label(line, row.text, font::caption, failed ? t.error.text : t.tls().text);
}

// Stays at the end until somebody scrolls up; goes there when another dialogue is shown.
void follow(Ui& ui, const Floor& floor, float height, float visible) {
  double& offset = ui.memory("console.lines");
  double& most = ui.memory("console.lines.most");
  double& shown = ui.memory("console.lines.connection");
  const double now = std::max(0.F, height - visible);
  if (shown != double(floor.conversation->id()) || offset >= most - 1) offset = now;
  shown = double(floor.conversation->id());
  most = now;
}

}  // namespace

std::string tls_version(const Model& model, const Conversation& conversation) {
  const Trace& trace = model.trace();
  if (!trace.holds(conversation.tls_up())) return {};
  const auto* up = std::get_if<TlsUp>(&trace[conversation.tls_up()].what);
  if (!up) return {};
  const auto facts = decode_tls_facts(trace.bytes(up->facts));
  if (!facts) return "TLS";
  return facts->version.starts_with("TLSv") ? "TLS " + facts->version.substr(4) : facts->version;
}

void console_lines(Ui& ui, Rect area, const Model& model, const Floor& floor, Actions& actions) {
  const std::vector<DialogueRow> rows = Rows(ui, model, floor).take();
  const float height = float(rows.size()) * row_height;
  follow(ui, floor, height, area.h);
  if (height < area.h) area.take_top(std::max(0.F, std::min(8.F, area.h - height)));
  ScrollArea scroll(ui, "console.lines", area, height);
  Rect rest = scroll.content();
  for (const DialogueRow& row : rows) {
    const Rect line = rest.take_top(row_height);
    if (!ui.canvas().shows(line)) continue;
    switch (row.kind) {
      case RowKind::line:
      case RowKind::pending: draw_line(ui, line, model, floor, row, actions); break;
      case RowKind::tls: draw_tls(ui, line, model, floor, row, actions); break;
      case RowKind::note:
      case RowKind::earlier: ui.label(line.inset(metric::padding, 0), row.text, font::caption, ui.theme.third); break;
    }
  }
}

}  // namespace glasspost::ui
