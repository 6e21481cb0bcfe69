// The exchange around a record, over the workspace: the lines of its connection, and the chosen one explained.
#include <fmt/format.h>

#include <algorithm>

#include "app/ui/views/compare.h"
#include "app/ui/views/ladder_line.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr std::string_view popup = "compare.exhibit";
constexpr float line_height_px = 22;

std::string host_word(const ComparePage& page, HostId host) {
  if (host == comparison::server_host) return std::string(comparison::server_name);
  if (host == comparison::alice_host) return "Alice";
  return std::string(page.s(host == comparison::laptop_host ? "compare.place.laptop" : "compare.place.phone"));
}

// The token that says what a line is about: its command, or how it was answered.
bool tells(Role role) {
  constexpr Role telling[] = {Role::smtp_verb, Role::smtp_code, Role::imap_verb, Role::imap_response, Role::imap_status, Role::imap_continue, Role::imap_done,
                              Role::pop3_verb, Role::pop3_ok, Role::pop3_err, Role::pop3_continue, Role::tls_handshake_type, Role::tls_alert, Role::tls_content_type};
  return std::find(std::begin(telling), std::end(telling), role) != std::end(telling);
}
const Words* words_about(const Catalogue& catalogue, const Conversation& conversation, const Message& message) {
  const std::string_view text = conversation.text(message);
  for (const Token& token : conversation.tokens(message))
    if (tells(token.role))
      if (const Words* words = explain(catalogue, token.role, token.span.of(text))) return words;
  return nullptr;
}

class ExhibitView {
 public:
  ExhibitView(ComparePage& page, const app::Exhibit& exhibit)
      : page_(page), ui_(page.ui), t_(page.ui.theme), s_(page.s), exhibit_(exhibit), trace_(page.of.trace(exhibit.run)),
        conversation_(exhibit.connection == 0 ? nullptr : page.of.conversations(exhibit.run).find(exhibit.connection)) {}

  void draw(Rect area) {
    Rect inside = area.inset(20, 12);
    Rect top = inside.take_top(30);
    if (icon_button(ui_, "compare.exhibit.close", top.take_right(24).at_right(24, 24), Icon::cross, s_("common.close"))) page_.wants(app::LookAway{});
    ui_.label(top, s_("compare.exhibit.title"), font::heading, {}, Align::left, "compare.exhibit.title");
    change(inside);
    if (!conversation_ || !exhibit_.message) return;
    ui_.label(inside.take_top(20), where(), font::caption, t_.second, Align::left, "compare.exhibit.where");
    inside.take_top(4);
    Rect foot = inside.take_bottom(96);
    lines(inside);
    explanation(foot);
  }

 private:
  // What the record itself says, if it is a change of a mailbox.
  void change(Rect& inside) {
    const auto* changed = std::get_if<StoreChanged>(&trace_[exhibit_.record].what);
    if (!changed) return;
    const std::string holder = capital(holder_word(page_, changed->holder, 0)), letter(trace_.bytes(changed->subject)), flags(trace_.bytes(changed->flags));
    std::string what;
    switch (changed->change) {
      case StoreChange::added:
      case StoreChange::read_back: what = s_("compare.change.added", {{"holder", holder}, {"letter", letter}}); break;
      case StoreChange::flags:
        what = flags.empty() ? s_("compare.change.no_flags", {{"holder", holder}, {"letter", letter}})
                             : s_("compare.change.flags", {{"holder", holder}, {"letter", letter}, {"flags", flags}});
        break;
      case StoreChange::expunged: what = s_("compare.change.expunged", {{"holder", holder}, {"letter", letter}}); break;
      case StoreChange::cleared: what = s_("compare.change.cleared", {{"holder", holder}}); break;
      case StoreChange::body: what = s_("compare.change.body", {{"holder", holder}, {"letter", letter}}); break;
      case StoreChange::created:
      case StoreChange::deleted:
      case StoreChange::renamed: return;
    }
    const Rect row = inside.take_top(24);
    ui_.label(row, s_("compare.exhibit.change", {{"time", clock_text(trace_[exhibit_.record].at)}, {"what", what}}), font::strong, {}, Align::left, "compare.exhibit.change");
    if (trace_[exhibit_.record].connection != 0) return;
    inside.take_top(prose(ui_, inside, s_("compare.exhibit.alone"), font::body, t_.second, "compare.exhibit.alone") + 6);
    if (conversation_) inside.take_top(prose(ui_, inside, s_("compare.exhibit.before"), font::body) + 2);
  }

  std::string where() const {
    const Opened& opened = conversation_->opened();
    const std::string from = host_word(page_, opened.client), to = host_word(page_, opened.server), c = std::to_string(conversation_->id());
    if (page_.of.kind() == app::ComparisonKind::protocols)
      if (const auto act = page_.of.act_of(comparison::both[exhibit_.run], conversation_->message(*exhibit_.message).record))
        return s_("compare.exhibit.of_act", {{"n", std::to_string(*act)}, {"c", c}, {"from", from}, {"to", to}});
    return s_("compare.exhibit.of", {{"c", c}, {"from", from}, {"to", to}});
  }

  void lines(Rect area) {
    const std::size_t n = conversation_->size(), fit = std::max<std::size_t>(1, std::size_t(area.h / line_height_px));
    const std::size_t at = *exhibit_.message;
    const std::size_t first = std::min(at > fit / 2 ? at - fit / 2 : 0, n > fit ? n - fit : 0);
    const Response whole = ui_.interact("compare.exhibit.lines", Kind::list, area, {}, {.takes_keys = true, .focus_on_click = true, .pointer = Pointer::arrow});
    if (whole.ring) ui_.focus_ring(area.inset(-2));
    for (std::size_t i = first; i < n && i < first + fit; ++i) {
      const Message& message = conversation_->message(MessageId(i));
      Rect row = area.take_top(line_height_px);
      const bool chosen = i == at, client = message.from == Side::client;
      const std::string text = message.kind == MessageKind::content ? s_("compare.exhibit.octets", {{"n", s_.number(message.octets)}})
                                                                    : ladder_line(*conversation_, message).text;
      const Response r = ui_.interact(fmt::format("compare.exhibit.line/{}", i), Kind::row, row, text, {.focusable = false, .on = chosen});
      row_ground(ui_, row, chosen, r.hovered);
      if (r.clicked) page_.wants(app::LookBy{int(i) - int(at)});
      row.take_left(10);
      const Hue& hue = t_.of(message.protocol);
      if (message.sealed) draw_padlock(ui_.canvas(), t_, row.take_left(16).at_left(12, 12), true);
      else row.take_left(16);
      ui_.label(row.take_left(24), client ? "C:" : "S:", client ? font::console_bold : font::console, hue.text);
      ui_.label(row, text, client ? font::console_bold : font::console, client ? hue.text : t_.text);
    }
  }

  void explanation(Rect area) {
    const Message& message = conversation_->message(*exhibit_.message);
    ui_.canvas().horizontal(area.x, area.right(), area.y + 4, t_.line);
    area.take_top(12);
    const Words* say = page_.model.catalogue().find(conversation_->headline(message));
    if (!say) return;
    const Opened& opened = conversation_->opened();
    const std::string what = fill(capital(say->what), {{"client", host_word(page_, opened.client)}, {"server", host_word(page_, opened.server)}});
    const Words* about = words_about(page_.model.catalogue(), *conversation_, message);
    Rect row = area.take_top(20);
    if (const std::string_view source = !say->source.empty() ? say->source : about ? std::string_view(about->source) : std::string_view(); !source.empty()) {
      const float width = std::min(row.w / 2, ui_.canvas().measure(source, font::caption) + 2);
      if (link(ui_, "compare.exhibit.source", row.take_right(width), source, Align::right)) page_.actions.push_back(app::Copy{rfc_address(source)});
      row.take_right(8);
    }
    ui_.label(row, what, font::strong, {}, Align::left, "compare.exhibit.what");
    // What these two do to letters is worth more words here than the catalogue has for a line.
    const std::string_view text = conversation_->text(message);
    const bool pop3 = message.protocol == Protocol::pop3 && message.from == Side::client;
    std::string more = say->why;
    if (more.empty() && about) more = capital(about->what) + (about->why.empty() ? "." : ". " + about->why);
    if (pop3 && text.starts_with("QUIT")) more = s_("mailboxes.card_update");
    if (pop3 && text.starts_with("DELE")) more = s_("mailboxes.card_marked", {{"who", host_word(page_, opened.client)}});
    prose(ui_, area, more, font::body, t_.second, "compare.exhibit.why");
  }

  ComparePage& page_;
  Ui& ui_;
  const Theme& t_;
  const Strings& s_;
  const app::Exhibit& exhibit_;
  const Trace& trace_;
  const Conversation* conversation_;
};

}  // namespace

void compare_exhibit(ComparePage& page) {
  Ui& ui = page.ui;
  double& was_open = ui.memory("compare.exhibit.open");
  if (!page.of.exhibit()) {
    if (was_open > 0) ui.close_popup(popup), was_open = 0;
    return;
  }
  if (was_open > 0 && !ui.popup_open(popup)) {  // Escape, or a press outside
    was_open = 0;
    return page.wants(app::LookAway{});
  }
  if (was_open == 0) {
    was_open = 1;
    ui.open_popup(popup, {});
    ui.focus("compare.exhibit.lines");
  }
  const Rect whole = ui.whole();
  auto area = ui.begin_popup(popup, {std::min(720.F, whole.w - 32), std::min(480.F, whole.h - 64)}, true);
  if (!area) return;
  if (ui.focused("compare.exhibit.lines") || !ui.text_has_focus()) {
    if (ui.take(Key::down) || ui.take(Key::j)) page.wants(app::LookBy{1});
    if (ui.take(Key::up) || ui.take(Key::k)) page.wants(app::LookBy{-1});
  }
  ExhibitView(page, *page.of.exhibit()).draw(*area);
  ui.end_popup();
}

}  // namespace glasspost::ui
