// The server's mailboxes beside what each device holds, and why.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/views/heads.h"
#include "app/ui/views/mailboxes_chain.h"
#include "app/ui/views/map_traffic.h"
#include "app/ui/views/queue_rows.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float between = 10, least_card = 158, card_head = 52, columns_head = 20, foot = 41, identity_row = 18, chain_head = 26, chain_card = 100, chain_gap = 28;

// A card: one holder's mailbox, perhaps still empty.
struct Card {
  HostId holder = 0;
  const sim::Holding* holding = nullptr;
  bool is_store = false;
  bool connected = false, idle = false, pop3 = false;
  bool removes = false;  // the story lets it clear the server after fetching
  const Conversation* line = nullptr;
  enum class Sync : std::uint8_t { none, same, stale, behind, only_copy } sync = Sync::none;
  std::vector<std::string> identity;  // what tells this mailbox from another of its name
  std::vector<std::size_t> past;      // messages that went long ago: they have one line together
  float height() const {
    const std::size_t rows = holding ? holding->messages.size() - past.size() : 0;
    return card_head + columns_head + std::max(1.F, float(rows)) * 2 * metric::mailbox_row + float(identity.size() + (past.empty() ? 0 : 1)) * identity_row + foot + 2;
  }
};

bool has_flag(const sim::HeldMessage& message, std::string_view flag) { return message.flags.find(flag) != std::string::npos; }

const sim::HeldMessage* present(const sim::Holding& holding, std::string_view key) {
  for (const sim::HeldMessage& message : holding.messages)
    if (!message.gone && message.key == key) return &message;
  return nullptr;
}

Card::Sync compare(const sim::Holding& store, const sim::Holding& copy, bool pop3) {
  for (const sim::HeldMessage& message : copy.messages)
    if (!message.gone && !present(store, message.key)) return pop3 ? Card::Sync::only_copy : Card::Sync::stale;
  if (pop3) return Card::Sync::none;
  for (const sim::HeldMessage& message : store.messages) {
    if (message.gone) continue;
    const sim::HeldMessage* own = present(copy, message.key);
    if (!own || has_flag(*own, "\\Seen") != has_flag(message, "\\Seen")) return Card::Sync::behind;
  }
  return Card::Sync::same;
}

class Mailboxes {
 public:
  Mailboxes(Ui& ui, const Model& model, Actions& actions) : ui_(ui), model_(model), s_(model.strings()), actions_(actions) {
    gather();
    choose();
    for (std::size_t i = 0; i < cards_.size(); ++i) cards_[i].past = past_of(i);
  }
  void draw(Rect area);

 private:
  void gather();
  void add_devices(const sim::Holding* store, const std::string& user);
  void choose();
  std::vector<std::size_t> past_of(std::size_t card) const;
  void card(const Card&, Rect, std::size_t index);
  void head(const Card&, Rect);
  std::string name_of(const Card& card) const { return card.holder == 0 ? std::string(s_("doors.title")) : host_label(model_, card.holder); }
  std::string state_words(const Card&) const;
  void row(const Card&, const sim::HeldMessage&, std::size_t index, Rect);
  void foot_of(const Card&, Rect, std::size_t index);
  std::vector<std::string> identity_of(const Card&, float width) const;
  void chain(Rect);
  void cause_card(const CauseCard&, Rect, std::size_t index, bool last);
  float changed(const sim::HeldMessage&, const std::string& name);
  std::string row_name(const Card& card, std::size_t index) const {
    return fmt::format("mailboxes.row/{}-{}-{}", card.holder, card.holding->mailbox, index);
  }

  Ui& ui_;
  const Model& model_;
  const Strings& s_;
  Actions& actions_;
  std::vector<Card> cards_;
  bool shows_modseq_ = false;  // somebody here asks for mod-sequences (RFC 7162)
  std::size_t chosen_card_ = 0, chosen_row_ = 0;
  const sim::HeldMessage* chosen_ = nullptr;  // the message whose chain is shown
  Point link_from_{};                         // where the curve begins
};

void Mailboxes::gather() {
  const sim::Scenario& scenario = model_.scenario();
  for (const sim::HostDescription& host : scenario.hosts) shows_modseq_ = shows_modseq_ || host.sync != SyncWay::plain;
  std::vector<std::string> users;
  const std::vector<OpenLine> open = open_lines(model_);
  for (const sim::Holding& holding : model_.history().holdings()) {
    const bool device = holding.holder >= 1 && holding.holder <= scenario.hosts.size() && !scenario.host(holding.holder).owner.empty();
    if (device || (holding.messages.empty() && holding.mailbox != "INBOX")) continue;
    Card card;
    card.holder = holding.holder;
    card.holding = &holding;
    card.is_store = true;
    cards_.push_back(card);
    if (holding.mailbox == "INBOX" && std::find(users.begin(), users.end(), holding.user) == users.end()) users.push_back(holding.user);
  }
  if (cards_.empty() || model_.stage() == app::Stage::doors) return;  // real programs' copies are not seen
  for (const std::string& user : users) add_devices(model_.history().holding(cards_.front().holder, user, "INBOX"), user);
  for (Card& card : cards_)
    for (const OpenLine& line : open)
      if (!card.is_store && line.client == card.holder) {
        card.connected = true;
        card.line = line.conversation;
        const Machine* machine = machine_of(line.conversation->opened().protocol);
        const StateId state = line.conversation->state_at(model_.cursor());
        card.idle = machine && state < machine->states.size() && machine->states[state].id == "idle";
        card.pop3 = card.pop3 || line.conversation->opened().protocol == Protocol::pop3;
      }
}

void Mailboxes::add_devices(const sim::Holding* store, const std::string& user) {
  const sim::Scenario& scenario = model_.scenario();
  for (HostId id = 1; id <= scenario.hosts.size(); ++id) {
    const std::string& owner = scenario.host(id).owner;
    if (owner.empty() || (owner != user && owner.substr(0, owner.find('@')) != user)) continue;
    Card card;
    card.holder = id;
    for (const sim::Holding& holding : model_.history().holdings())
      if (holding.holder == id) card.holding = &holding;
    for (const sim::StoryAct& act : scenario.story)
      if (act.device == scenario.host(id).name && act.kind == sim::ActKind::collect) card.pop3 = true, card.removes = card.removes || act.remove;
    if (card.holding && !card.holding->messages.empty()) card.pop3 = card.holding->messages.back().uid == 0;
    if (store && card.holding) card.sync = compare(*store, *card.holding, card.pop3);
    cards_.push_back(card);
  }
}

// What a person asked about; else the last change that happened.
void Mailboxes::choose() {
  const auto asked_holder = HostId(ui_.memory("mailboxes.asked.holder"));
  const auto asked_row = std::size_t(ui_.memory("mailboxes.asked.row"));
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    const sim::Holding* holding = cards_[i].holding;
    if (!holding) continue;
    for (std::size_t k = 0; k < holding->messages.size(); ++k) {
      const sim::HeldMessage& message = holding->messages[k];
      const bool asked = asked_holder == cards_[i].holder && asked_row == k;
      if (asked_holder != 0 && !asked) continue;
      if (!chosen_ || message.changed >= chosen_->changed) chosen_ = &message, chosen_card_ = i, chosen_row_ = k;
    }
  }
  // The one that was asked about lies in the future now.
  if (!chosen_ && asked_holder != 0) {
    ui_.memory("mailboxes.asked.holder") = 0;
    choose();
  }
}

// What is there has the room; of what went, the last, and the one that is asked about.
std::vector<std::size_t> Mailboxes::past_of(std::size_t card) const {
  std::vector<std::size_t> gone;
  if (!cards_[card].holding) return gone;
  const std::vector<sim::HeldMessage>& messages = cards_[card].holding->messages;
  std::size_t kept = messages.size();
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!messages[i].gone) continue;
    gone.push_back(i);
    if (kept == messages.size() || messages[i].changed >= messages[kept].changed) kept = i;
  }
  std::erase_if(gone, [&](std::size_t i) { return i == kept || &messages[i] == chosen_; });
  return gone;
}

std::string Mailboxes::state_words(const Card& card) const {
  const std::size_t n = card.holding ? card.holding->present() : 0;
  if (card.is_store) {
    std::string user = card.holding->user.substr(0, card.holding->user.find('@'));
    if (card.holding->mailbox != "INBOX") return card.holding->mailbox;
    return s_.count("mailboxes.inbox_of", n, {{"user", user}});
  }
  if (card.pop3) return std::string(s_(card.sync == Card::Sync::only_copy || (n == 0 && card.removes) ? "mailboxes.pop3_takes" : "mailboxes.pop3_copies"));
  if (card.idle) return s_.count("mailboxes.imap_idle", n);
  if (card.connected) return s_.count("mailboxes.imap", n);
  return std::string(s_("mailboxes.offline"));
}

void Mailboxes::head(const Card& card, Rect area) {
  const Theme& t = ui_.theme;
  Rect inside = area.inset(10, 0);
  Icon icon = Icon::store;
  if (!card.is_store) {
    const sim::HostKind kind = model_.scenario().host(card.holder).kind;
    icon = kind == sim::HostKind::phone ? Icon::phone : kind == sim::HostKind::computer ? Icon::old_pc : Icon::laptop;
  }
  draw_icon(ui_.canvas(), icon, inside.take_left(26).at_left(26, 26), t.text);
  inside.take_left(8);
  Rect lines = inside.inset(0, 8);
  ui_.label(lines.take_top(19), name_of(card), font::strong);
  const Colour colour = card.is_store || (!card.connected && !card.pop3) ? t.third : t.of(card.pop3 ? Protocol::pop3 : Protocol::imap).text;
  ui_.label(lines.take_top(16), state_words(card), font::caption, colour);
}

// How fresh a change is, 1 to 0: the row's tint fades; with reduced motion it keeps a bar for a while.
float Mailboxes::changed(const sim::HeldMessage& message, const std::string& name) {
  double& record = ui_.memory(name + ".record", double(message.changed));
  double& since = ui_.memory(name + ".since", -10);
  if (record != double(message.changed)) record = double(message.changed), since = ui_.now();
  const double length = ui_.theme.reduced_motion ? motion::changed_row_mark : motion::changed_row;
  const float left = float(1 - (ui_.now() - since) / length);
  if (left <= 0) return 0;
  if (ui_.theme.reduced_motion) ui_.next_frame_at(since + length);
  else ui_.next_frame();
  return left;
}

void Mailboxes::row(const Card& card, const sim::HeldMessage& message, std::size_t index, Rect area) {
  const Theme& t = ui_.theme;
  Canvas& c = ui_.canvas();
  const std::string name = row_name(card, index);
  const float fresh = changed(message, name);
  if (!c.shows(area)) return;
  const Rect box = area.inset(6, 2);
  const Response r = ui_.interact(name, Kind::row, box, message.subject, {.on = &message == chosen_});
  if (message.gone) {
    c.fill(box, mix(t.panel, t.error.tint, 1), metric::radius);
    c.dashed_outline(box, t.error.fill, dash::reply, 1, metric::radius);
  } else if (fresh > 0 && !t.reduced_motion) {
    c.fill(box, mix(t.raised, t.accent_tint, fresh), metric::radius);
  } else if (r.hovered) {
    c.fill(box, t.sunken, metric::radius);
  }
  if (fresh > 0 && t.reduced_motion) c.fill({box.x, box.y, 3, box.h}, t.accent);
  if (r.ring) ui_.focus_ring(box);
  if (r.clicked) actions_.push_back(app::ShowLetter{card.holder, card.holding->user, card.holding->mailbox, message.key});
  const Colour ink = message.gone ? t.error.text : t.text;
  Rect lines = box.inset(6, 0);
  Rect numbers = lines.take_top(lines.h / 2);
  const bool unread = !message.gone && !has_flag(message, "\\Seen");  // POP3 has no flags, but a program remembers what was read
  const std::string sequence = message.gone ? "–" : message.sequence == 0 ? std::to_string(index + 1) : std::to_string(message.sequence);
  // Where somebody follows mod-sequences they stand where else the octets are: there is no room for both.
  const std::string last = !shows_modseq_ ? std::to_string(message.octets) : message.modseq == 0 ? "–" : std::to_string(message.modseq);
  ui_.label(numbers.take_left(24), sequence, font::table, ink, Align::right);
  ui_.label(numbers.take_left(30), message.uid == 0 ? "–" : std::to_string(message.uid), font::table, ink, Align::right);
  numbers.take_left(10);
  ui_.label(numbers.take_right(c.measure(last, font::table) + 2), last, font::table, ink, Align::right);
  numbers.take_right(6);
  ui_.label(numbers, message.uid == 0 ? "–" : message.flags, font::table, ink);
  const Rect mark = lines.take_left(18).at_left(14, 14);
  if (message.gone) draw_icon(c, Icon::cross, mark, t.error.fill);
  else draw_icon(c, unread ? Icon::envelope_unread : Icon::envelope, mark, ink, t.accent);
  lines.take_left(2);
  const bool just = model_.cursor() - message.changed_at < 60ms;
  std::string_view aside;
  if (message.gone) aside = s_(just ? "mailboxes.gone_now" : "mailboxes.gone");
  else aside = s_(unread ? (just ? "mailboxes.new_now" : "mailboxes.unread") : "mailboxes.read");
  const float width = c.measure(aside, font::caption) + 2;
  if (!aside.empty() && lines.w > width + 50) {
    ui_.label(lines.take_right(width), aside, font::caption, message.gone ? t.error.text : t.third, Align::right);
    lines.take_right(6);
  }
  ui_.label(lines, message.subject, unread || message.gone ? font::strong : font::body, ink);
}

void Mailboxes::foot_of(const Card& card, Rect area, std::size_t index) {
  const Theme& t = ui_.theme;
  Rect lines = area.inset(12, 0);
  Rect first = lines.take_top(20), second = lines.take_top(20);
  const auto with_icon = [&](Icon icon, Colour icon_colour, std::string_view words, Colour colour) {
    draw_icon(ui_.canvas(), icon, first.take_left(18).at_left(12, 12), icon_colour);
    ui_.label(first, words, font::caption, colour);
  };
  const sim::HeldMessage* gone = nullptr;
  if (card.holding)
    for (const sim::HeldMessage& message : card.holding->messages)
      if (message.gone && message.uid != 0) gone = &message;
  switch (card.sync) {
    case Card::Sync::same: with_icon(Icon::tick, t.text, s_("mailboxes.same"), t.second); break;
    case Card::Sync::stale: with_icon(Icon::warning, t.error.fill, s_("mailboxes.stale"), t.error.text); break;
    case Card::Sync::behind: with_icon(Icon::dash, t.third, s_("mailboxes.behind"), t.second); break;
    case Card::Sync::only_copy: ui_.label(first, s_("mailboxes.only_copy"), font::caption, t.second); break;
    case Card::Sync::none:
      if (card.is_store && gone) ui_.label(first, s_("mailboxes.uid_never_again", {{"uid", std::to_string(gone->uid)}}), font::caption, t.third);
      break;
  }
  if (!card.holding || card.holding->messages.empty()) return;
  const bool is_stale = card.sync == Card::Sync::stale || card.sync == Card::Sync::behind;
  if (is_stale) {
    const std::string words = card.idle ? std::string(s_("mailboxes.is_told")) :
        card.connected ? s_("mailboxes.will_learn", {{"command", "NOOP"}}) : std::string(s_("mailboxes.will_learn_connect"));
    ui_.label(first = second, words, font::caption, t.third);
    second = lines.take_top(20);
  }
  // The message that changed last in this mailbox is the one that is asked about.
  std::size_t latest = 0;
  for (std::size_t i = 0; i < card.holding->messages.size(); ++i)
    if (card.holding->messages[i].changed >= card.holding->messages[latest].changed) latest = i;
  if (index == chosen_card_) latest = chosen_row_;
  const sim::HeldMessage& message = card.holding->messages[latest];
  const std::string_view question = s_(message.gone ? "mailboxes.why_gone" : "mailboxes.why_here");
  const std::string name = fmt::format("mailboxes.why/{}-{}", card.holder, card.holding->mailbox);
  if (link(ui_, name, second, question)) {
    ui_.memory("mailboxes.asked.holder") = card.holder;
    ui_.memory("mailboxes.asked.row") = double(latest);
    ui_.next_frame();
  }
  if (index == chosen_card_) link_from_ = {second.x + std::min(second.w, ui_.canvas().measure(question, font::caption)) / 2, second.bottom()};
}

void Mailboxes::card(const Card& one, Rect area, std::size_t index) {
  const Theme& t = ui_.theme;
  const Message* selected = model_.selected();
  const bool lit = selected && one.line && model_.selection().message && one.line->id() == model_.selection().message->connection;
  ::glasspost::ui::card(ui_, area, lit || model_.selection().host == one.holder);
  ui_.note(fmt::format("mailboxes.card/{}-{}", one.holder, one.holding ? one.holding->mailbox : ""), Kind::area, area, name_of(one));
  Rect rest = area;
  head(one, rest.take_top(card_head));
  ui_.canvas().horizontal(rest.x + 10, rest.right() - 10, rest.y, t.line);
  Rect names = rest.take_top(columns_head).inset(12, 0);
  const std::string_view last = s_(shows_modseq_ ? "mailboxes.modseq" : "mailboxes.octets");
  const float width = ui_.canvas().measure(last, font::caption) + 2;
  ui_.label(names.take_left(24), s_("mailboxes.number"), font::caption, t.third, Align::right);
  ui_.label(names.take_left(30), s_("mailboxes.uid"), font::caption, t.third, Align::right);
  names.take_left(10);
  ui_.label(names.take_right(width), last, font::caption, t.third, Align::right);
  ui_.label(names, s_("mailboxes.flags"), font::caption, t.third);
  const Rect bottom = rest.take_bottom(foot + (one.sync == Card::Sync::stale || one.sync == Card::Sync::behind ? 20 : 0));
  if (!one.holding || one.holding->messages.empty()) {
    ui_.label(rest.take_top(2 * metric::mailbox_row), s_("mailboxes.none"), font::body, t.third, Align::centre);
  } else {
    if (!one.past.empty()) ui_.label(rest.take_top(identity_row).inset(12, 0), s_.count("mailboxes.gone_before", one.past.size()), font::caption, t.third);
    for (std::size_t i = 0; i < one.holding->messages.size(); ++i)
      if (!std::binary_search(one.past.begin(), one.past.end(), i)) row(one, one.holding->messages[i], i, rest.take_top(2 * metric::mailbox_row));
  }
  for (const std::string& words : one.identity) ui_.label(rest.take_top(identity_row).inset(12, 0), words, {Face::wire, 11}, t.second);
  if (!one.identity.empty()) ui_.tooltip({area.x, rest.y - float(one.identity.size()) * identity_row, area.w, float(one.identity.size()) * identity_row}, s_(one.pop3 ? "mailboxes.uidl_hint" : "mailboxes.validity_hint"));
  foot_of(one, bottom, index);
}

// A UID means something only together with its mailbox's UIDVALIDITY; POP3 has one word for both.
std::vector<std::string> Mailboxes::identity_of(const Card& card, float width) const {
  std::vector<std::string> lines;
  if (!card.holding) return lines;
  for (const sim::HeldMessage& message : card.holding->messages)
    if (!message.gone && !message.unique_id.empty()) lines = {"UIDL " + message.unique_id};
  if (!lines.empty() || card.holding->uid_validity == 0) return lines;
  lines.push_back(fmt::format("UIDVALIDITY {}", card.holding->uid_validity));
  const auto add = [&](const std::string& words) {  // beside the last, or below it
    const std::string both = lines.back() + "  " + words;
    if (ui_.canvas().measure(both, {Face::wire, 11}) + 2 <= width) lines.back() = both;
    else lines.push_back(words);
  };
  if (card.holding->uid_next != 0) add(fmt::format("UIDNEXT {}", card.holding->uid_next));
  if (shows_modseq_ && card.holding->modseq != 0) add(fmt::format("HIGHESTMODSEQ {}", card.holding->modseq));
  if (!model_.trace().holds(card.holding->synced)) return lines;
  const auto& synced = std::get<Synced>(model_.trace()[card.holding->synced].what);
  lines.push_back(s_("mailboxes.synced_way", {{"way", synced.way == SyncWay::plain ? s_("mailboxes.way_plain") : ::glasspost::name_of(synced.way)}}));
  lines.push_back(s_.count("mailboxes.synced_cost", synced.round_trips, {{"octets", s_.number(synced.said + synced.heard)}}));
  return lines;
}

void Mailboxes::cause_card(const CauseCard& cause, Rect area, std::size_t index, bool last) {
  const Theme& t = ui_.theme;
  Canvas& c = ui_.canvas();
  const bool selected = cause.message && model_.selection().message == cause.message && cause.said;
  ::glasspost::ui::card(ui_, area, last || selected);
  const Response r = ui_.interact(fmt::format("mailboxes.cause/{}", index), Kind::item, area, cause.heading, {.enabled = cause.message.has_value()});
  if (r.hovered) c.outline(area, t.accent, 1, metric::card_radius);
  if (r.ring) ui_.focus_ring(area, metric::card_radius);
  if (r.clicked && cause.message) actions_.push_back(app::Select{*cause.message});
  Rect lines = area.inset(10, 7);
  Rect top = lines.take_top(18);
  const Rect mark = top.take_left(16).at_left(16, 16);
  if (cause.said) draw_shape(c, t, mark, cause.protocol);
  else draw_icon(c, cause.queue ? Icon::server : Icon::store, mark, t.text);
  top.take_left(8);
  ui_.label(top.take_right(c.measure(cause.time, font::table) + 2), cause.time, font::table, t.third, Align::right);
  top.take_right(6);
  ui_.label(top, cause.heading, cause.said ? font::table_bold : font::strong, cause.said ? t.of(cause.protocol).text : t.text);
  const Rect source = lines.take_bottom(16);
  prose(ui_, lines, cause.sentence, font::caption, t.second);
  ui_.label(source, cause.source, font::caption, t.accent);
}

void Mailboxes::chain(Rect area) {
  const Theme& t = ui_.theme;
  const Card& card = cards_[chosen_card_];
  const std::size_t most = std::clamp<std::size_t>(std::size_t((area.w + chain_gap) / (176 + chain_gap)), 2, 6);
  const bool flags = !chosen_->gone && chosen_->changed != chosen_->added;
  const std::vector<CauseCard> cards = chain_to(model_, chosen_->changed, most);
  const std::string_view key = chosen_->gone ? "mailboxes.why_gone_title" : flags ? "mailboxes.why_flags_title" : "mailboxes.why_here_title";
  const std::string title = s_(key, {{"holder", name_of(card)}});
  Rect head = area.take_top(chain_head);
  ui_.label(head.take_left(std::min(head.w, ui_.canvas().measure(title, font::strong) + 1)), title, font::strong, {}, Align::left, "mailboxes.chain");
  if (cards.empty()) {
    if (!card.is_store) prose(ui_, area, s_("mailboxes.by_itself"), font::body, t.second, "mailboxes.by_itself");
    return;
  }
  constexpr float beside_the_title = 28;  // from the right edge of the last card: there the curve comes down
  const float width = (area.w - chain_gap * float(cards.size() - 1)) / float(cards.size());
  const float each = std::min(width, 260.F);
  // Words beside the title, but never under the curve that comes down to the last card.
  const float hint = ui_.canvas().measure(s_("mailboxes.chain_hint"), font::caption) + 1, last = area.x + (each + chain_gap) * float(cards.size() - 1) + each - beside_the_title;
  head.take_left(16);
  if (link_from_.y > 0 && std::min(link_from_.x, last) < head.x + hint + 12) head.take_left(std::max(0.F, std::max(link_from_.x, last) + 12 - head.x));
  if (head.w >= hint) ui_.label(head, s_("mailboxes.chain_hint"), font::caption, t.third);
  Point top{};
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const Rect box = area.take_left(each);
    const Rect gap = area.take_left(chain_gap);
    cause_card(cards[i], {box.x, box.y, box.w, chain_card}, i, i + 1 == cards.size());
    if (i + 1 < cards.size()) ui_.canvas().arrow({gap.x + 3, box.y + 18}, {gap.right() - 3, box.y + 18}, t.second, {}, 1.5F);
    top = {box.right() - beside_the_title, box.y};
  }
  if (link_from_.y <= 0 || link_from_.y > top.y) return;
  const float reach = std::max(16.F, (top.y - link_from_.y) / 2);
  ui_.canvas().disc(link_from_, 2.5F, t.accent);
  ui_.canvas().curve(link_from_, {link_from_.x, link_from_.y + reach}, {top.x, top.y - reach}, {top.x, top.y - 4}, t.accent, 1.5F);
  ui_.canvas().arrow_head({top.x, top.y - 1}, {0, 1}, t.accent, 6);
}

void Mailboxes::draw(Rect area) {
  Rect inside = area.inset(metric::padding, 6);
  queue_rows(ui_, model_, actions_, inside);
  if (cards_.empty()) return empty_panel(ui_, inside, s_("mailboxes.empty"));
  const std::size_t in_row = std::clamp<std::size_t>(std::size_t((inside.w + between) / (least_card + between)), 1, cards_.size());
  const float room = std::min(340.F, (inside.w - 8 - between * float(in_row - 1)) / float(in_row)) - 24;
  for (Card& one : cards_) one.identity = identity_of(one, room);
  float tallest = 0;
  for (const Card& one : cards_)
    tallest = std::max(tallest, one.height() + (one.sync == Card::Sync::stale || one.sync == Card::Sync::behind ? 20.F : 0.F));
  const std::size_t rows = (cards_.size() + in_row - 1) / in_row;
  const float height = float(rows) * (tallest + between) + (chosen_ ? chain_head + chain_card - 1 : -between);
  const bool scrolls = height > inside.h;
  ScrollArea scroll(ui_, "mailboxes.scroll", {inside.x, inside.y, inside.w + (scrolls ? 8 : 0), inside.h}, height);
  Rect rest = scroll.content();
  rest.w = inside.w - (scrolls ? 4 : 0);
  const float width = std::min(340.F, (rest.w - between * float(in_row - 1)) / float(in_row));
  for (std::size_t first = 0; first < cards_.size(); first += in_row) {
    Rect line = rest.take_top(tallest);
    rest.take_top(between);
    for (std::size_t i = first; i < std::min(first + in_row, cards_.size()); ++i) {
      card(cards_[i], line.take_left(width), i);
      line.take_left(between);
    }
  }
  if (chosen_) chain(rest);
}

}  // namespace

void mailboxes_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  if (!one_column(ui)) {
    Rect head = lower_head(ui, "mailboxes", area, model, actions);
    const std::string at = model.strings()("mailboxes.at", {{"time", clock_text(model.cursor())}});
    const float width = ui.canvas().measure(at, font::caption) + 2;
    head.take_right(metric::padding);
    if (head.w > width + 120) ui.label(head.take_right(width), at, font::caption, ui.theme.third, Align::right);
    head.take_right(metric::padding);
    if (head.w > 80) ui.label(head, model.strings()("mailboxes.hint"), font::body, ui.theme.second);
  }
  Mailboxes(ui, model, actions).draw(area);
}

}  // namespace glasspost::ui
