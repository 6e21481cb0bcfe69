// One protocol's side: the server's store, the lines, and what each device holds, after the chosen act.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/ui/views/compare.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

using comparison::Aspect;
using comparison::Finding;
using comparison::FindingKind;
using comparison::Place;

constexpr float side_head = 38, row_height = 22, card_head = 46, foot_height = 24;

bool has_flag(const sim::HeldMessage& message, std::string_view flag) { return message.flags.find(flag) != std::string::npos; }

// A row of a device's card.
struct CopyRow {
  const sim::HeldMessage* message = nullptr;  // null: it is not here, and should be
  std::string subject, tag;
  const Finding* finding = nullptr;
  bool read = false;
};

class SideView {
 public:
  SideView(ComparePage& page, Protocol protocol)
      : page_(page), ui_(page.ui), t_(page.ui.theme), s_(page.s), protocol_(protocol), hue_(page.ui.theme.of(protocol)), after_(page.of.after(protocol)) {}

  void draw(Rect area) {
    head(area.take_top(side_head));
    area = area.inset(area.w >= 500 ? 24 : 12, 0);
    area.take_top(10);
    area.take_bottom(10);
    const bool beside = area.h < 300;  // the server and its devices in one row
    if (beside) {
      const float each = (area.w - 16) / 3;
      server(area.take_left(each));
      area.take_left(8);
      device(area.take_left(each), Place::laptop);
      area.take_left(8);
      device(area, Place::phone);
      return;
    }
    const float store = std::clamp(std::min(area.h * 0.42F, store_needs()), 110.F, 250.F), lines = std::clamp(area.h * 0.12F, 36.F, 64.F);
    server(area.take_top(store));
    const Rect between = area.take_top(lines);
    Rect left = area.take_left((area.w - 16) / 2);
    area.take_left(16);
    line(between, left, Place::laptop);
    line(between, area, Place::phone);
    device(left, Place::laptop);
    device(area, Place::phone);
  }

 private:
  std::size_t chosen() const { return page_.of.chosen(); }
  std::string name(std::string_view what) const { return fmt::format("compare.{}/{}", what, lower_name_of(protocol_)); }
  std::size_t run() const { return protocol_ == Protocol::pop3 ? 0 : 1; }
  std::string act_number(RecordId record) const { return std::to_string(page_.of.act_of(protocol_, record).value_or(0)); }
  void look(RecordId record, RecordId before = no_record) const { page_.wants(app::LookAt{run(), record, before}); }

  void head(Rect band) {
    ui_.canvas().fill(band, hue_.tint);
    ui_.canvas().fill({band.x, band.y, band.w, 3}, hue_.fill);
    Rect row = band.inset(16, 0);
    draw_shape(ui_.canvas(), t_, row.take_left(22).at_left(20, 20), protocol_);
    row.take_left(8);
    const std::string_view title = name_of(protocol_);
    ui_.label(row.take_left(ui_.canvas().measure(title, font::title) + 2), title, font::title, {}, Align::left, name("side"));
    row.take_left(12);
    const std::string_view rfc = protocol_ == Protocol::pop3 ? "RFC 1939" : "RFC 9051";
    const float width = ui_.canvas().measure(rfc, font::caption) + 2;
    if (link(ui_, name("rfc"), row.take_right(width), rfc)) page_.actions.push_back(app::Copy{rfc_address(rfc)});
    row.take_right(12);
    if (protocol_ == Protocol::imap) headers_first(row);
    ui_.label(row, s_(protocol_ == Protocol::pop3 ? "compare.side.pop3" : "compare.side.imap"), font::body, t_.second);
  }

  // IMAP's devices may leave bodies where they are until somebody reads them. The words are short where there is little room.
  void headers_first(Rect& row) {
    const std::string_view all = s_("compare.side.headers_first"), few = s_("compare.side.headers");
    const std::string_view words = row.w > 420 ? all : few;
    const float width = ui_.canvas().measure(words, font::body) + 28;
    bool on = page_.of.headers_first();
    const Rect place = row.take_right(std::min(row.w, width));
    if (checkbox(ui_, "compare.headers_first", place.at_left(place.w, 26), words, on)) page_.wants(app::FetchHeadersFirst{on});
    ui_.tooltip(place, s_("compare.side.headers_tip"));
    row.take_right(12);
  }

  // It has the header alone: fewer octets than the server has, or had.
  bool header_alone(const sim::HeldMessage& message) const {
    if (!page_.of.headers_first() || protocol_ != Protocol::imap) return false;
    for (const sim::Holding& holding : after_->holdings) {
      if (holding.holder != comparison::server_host) continue;
      for (const sim::HeldMessage& one : holding.messages)
        if (one.key == message.key) return message.octets < one.octets;
    }
    return false;
  }

  // ---- the server
  struct Stored {
    const sim::HeldMessage* message;
    const std::string* mailbox;
  };
  std::vector<Stored> stored(bool gone) const {
    std::vector<Stored> all;
    if (!after_) return all;
    for (const sim::Holding& holding : after_->holdings) {
      if (holding.holder != comparison::server_host || holding.user != comparison::bob) continue;
      for (const sim::HeldMessage& message : holding.messages)
        if (message.gone == gone) all.push_back({&message, &holding.mailbox});
    }
    return all;
  }

  // As high as the fuller of the two servers wants it, so that they stay beside each other; the devices have the rest.
  float store_needs() const {
    float most = 0;
    for (const Protocol protocol : comparison::both) {
      std::size_t here = 0;
      if (const comparison::AfterAct* after = page_.of.after(protocol))
        for (const sim::Holding& holding : after->holdings)
          if (holding.holder == comparison::server_host && holding.user == comparison::bob) here += holding.present();
      most = std::max(most, here > 0 ? 76 + float(here) * row_height : 150.F);
    }
    return most;
  }

  void server(Rect area) {
    card(ui_, area);
    ui_.note(name("store"), Kind::area, area, s_("compare.store.title"));
    Rect inside = area.inset(12, 6);
    const auto here = stored(false);
    std::uint64_t octets = 0;
    for (const Stored& one : here) octets += one.message->octets;
    Rect top = inside.take_top(36);
    draw_icon(ui_.canvas(), Icon::store, top.take_left(26).at_left(24, 24), t_.text);
    top.take_left(8);
    const bool narrow = inside.w < 340;
    const std::string_view title = s_("compare.store.title");
    ui_.label(top.take_top(19), ui_.canvas().measure(title, font::strong) < top.w ? title : s_("compare.store.title_short"), font::strong);
    const std::string count = narrow ? s_.count("compare.device.letters", here.size()) + ", " + octets_words(s_, octets)
                                     : s_.count(protocol_ == Protocol::pop3 ? "compare.store.pop3" : "compare.store.imap", here.size(), {{"octets", s_.number(octets)}});
    ui_.label(top, count, font::caption, t_.second, Align::left, name("store.count"));
    inside.take_top(4);
    if (here.empty()) return nothing_there(inside);
    columns(inside.take_top(18), narrow);
    ScrollArea scroll(ui_, name("store.rows"), inside, float(here.size()) * row_height);
    Rect rows = scroll.content();
    for (std::size_t i = 0; i < here.size(); ++i) {
      const Rect row = rows.take_top(row_height);
      if (ui_.canvas().shows(row)) stored_row(row, here[i], i, narrow);
    }
  }

  void columns(Rect row, bool narrow) {
    const float octets = ui_.canvas().measure(s_("compare.store.octets"), font::caption) + 4;
    const auto word = [&](Rect place, std::string_view words, Align align) { ui_.label(place, words, font::caption, t_.third, align); };
    word(row.take_left(26), s_("compare.store.number"), Align::right);
    row.take_left(30);
    word(row.take_right(std::max(octets, 56.F)), s_("compare.store.octets"), Align::right);
    if (!narrow) word(row.take_right(44), s_("compare.store.uid"), Align::right);
    if (!narrow) word(row.take_right(120), s_("compare.store.flags"), Align::left);
    word(row, s_("compare.store.letter"), Align::left);
  }

  void stored_row(Rect row, const Stored& one, std::size_t index, bool narrow) {
    const sim::HeldMessage& message = *one.message;
    const bool imap = protocol_ == Protocol::imap;
    const Response r = ui_.interact(fmt::format("{}/{}", name("stored"), index), Kind::row, row, message.subject);
    if (r.hovered) ui_.canvas().fill(row, t_.hovered(), metric::radius);
    if (r.ring) ui_.focus_ring(row);
    if (r.clicked) look(message.changed);
    ui_.label(row.take_left(26), std::to_string(message.sequence), font::table, t_.second, Align::right);
    row.take_left(8);
    const bool unread = imap && !has_flag(message, "\\Seen");
    draw_icon(ui_.canvas(), unread ? Icon::envelope_unread : Icon::envelope, row.take_left(22).at_left(16, 16), t_.text, t_.accent);
    ui_.label(row.take_right(std::max(56.F, ui_.canvas().measure(s_("compare.store.octets"), font::caption) + 4)), s_.number(message.octets), font::table, t_.second, Align::right);
    if (!narrow) ui_.label(row.take_right(44), imap ? std::to_string(message.uid) : "–", font::table, t_.text, Align::right);
    if (!narrow) {
      std::string flags = imap ? message.flags : "–";
      if (*one.mailbox != "INBOX") flags += (flags.empty() ? "" : "  ") + *one.mailbox;
      ui_.label(row.take_right(120), flags, font::table, t_.second);
    }
    ui_.label(row, message.subject, unread ? font::strong : font::body);
  }

  // What went, by act, and the words that did it.
  void nothing_there(Rect area) {
    const auto gone = stored(true);
    const std::string_view nothing = s_(gone.empty() ? "compare.store.empty" : "compare.store.nothing_left");
    if (area.h < 44) return void(ui_.label(area.take_top(20), nothing, font::body, t_.second));  // room for one line
    area.take_top(prose(ui_, area, nothing, font::body, t_.second) + 4);
    std::vector<std::pair<std::size_t, std::string>> by_act;
    std::vector<RecordId> records;
    std::vector<std::size_t> counts;
    for (const Stored& one : gone) {
      const std::size_t act = page_.of.act_of(protocol_, one.message->changed).value_or(0);
      if (by_act.empty() || by_act.back().first != act) by_act.emplace_back(act, ""), records.push_back(one.message->changed);
      by_act.back().second += (by_act.back().second.empty() ? "" : ", ") + one.message->subject;
      counts.resize(by_act.size());
      ++counts.back();
    }
    for (std::size_t i = 0; i < by_act.size() && area.h >= 18; ++i) {
      Rect row = area.take_top(20);
      const auto went = [&](const std::string& letters) { return s_("compare.store.went", {{"letters", letters}, {"n", std::to_string(by_act[i].first)}}); };
      std::string words = went(by_act[i].second);
      if (ui_.canvas().measure(words, font::body) > row.w) words = went(s_.count("compare.device.letters", counts[i]));
      if (row.w < 340) {  // the words themselves lead there
        if (link(ui_, fmt::format("{}/{}", name("store.went"), i), row, words)) look(records[i]);
        continue;
      }
      const std::string_view show = s_("compare.store.why");
      const float width = ui_.canvas().measure(show, font::caption) + 2;
      const Rect at_right = row.take_right(width);
      if (link(ui_, fmt::format("{}/{}", name("store.went"), i), at_right, show)) look(records[i]);
      row.take_right(8);
      ui_.label(row, words, font::body, t_.text);
    }
  }

  // ---- the lines
  void line(Rect between, Rect below, Place place) {
    Canvas& c = ui_.canvas();
    const float x = below.x + below.w * 0.42F;
    const bool offline = is_offline(page_, place, chosen());
    const bool used = after_ && chosen() > 0;
    const Colour colour = offline || !used ? t_.third : hue_.fill;
    if (offline) c.line({x, between.y}, {x, between.bottom()}, colour, 1, dash::idle);
    else c.arrow({x, between.y}, {x, between.bottom()}, colour, {}, 2, Cap::arrow, protocol_ == Protocol::imap ? Cap::arrow : Cap::none);
    const float y = between.middle();
    const Rect mark{x - 9, y - 9, 18, 18};
    c.fill(mark.inset(-2), t_.panel);
    draw_shape(c, t_, mark, protocol_, !offline);
    Rect words{x + 14, y - 10, below.right() - x - 14, 20};
    if (!offline) draw_padlock(c, t_, words.take_left(18).at_left(14, 14), true);
    words.take_left(2);
    const std::string port = std::to_string(comparison::port_of(protocol_, TlsMode::implicit));
    const std::string text = offline ? std::string(s_("compare.line.offline"))
                             : protocol_ == Protocol::imap ? s_(page_.of.headers_first() ? "compare.line.headers" : "compare.line.view", {{"port", port}})
                             : s_(leaves_copies(page_, place, chosen()) ? "compare.line.leaves" : "compare.line.deletes", {{"port", port}});
    ui_.label(words, text, font::caption, t_.second);
  }

  // ---- a device
  const Finding* finding(HostId holder, const std::string& key, bool twice, RecordId added = no_record) const {
    if (!after_) return nullptr;
    for (const Finding& one : after_->findings) {
      if (one.holder != holder || one.key != key || (one.kind == FindingKind::duplicate) != twice) continue;
      if (twice && one.cause != added) continue;
      return &one;
    }
    return nullptr;
  }

  std::vector<CopyRow> rows_of(HostId holder) const {
    std::vector<CopyRow> rows;
    if (!after_) return rows;
    for (const sim::Holding& holding : after_->holdings) {
      if (holding.holder != holder) continue;
      for (const sim::HeldMessage& message : holding.messages) {
        if (message.gone) continue;
        CopyRow row;
        row.message = &message;
        row.subject = message.subject;
        row.read = has_flag(message, "\\Seen");
        if ((row.finding = finding(holder, message.key, true, message.added))) {
          row.tag = s_("compare.tag.again", {{"n", act_number(message.added)}});
        } else if ((row.finding = finding(holder, message.key, false))) {
          row.tag = tag_of(*row.finding);
        } else if (holding.mailbox != "INBOX") {
          row.tag = s_("compare.tag.folder");
        } else if (header_alone(message)) {
          row.tag = s_("compare.tag.header");
        } else if (protocol_ == Protocol::imap) {
          row.tag = s_("compare.tag.uid", {{"n", std::to_string(message.uid)}});
        } else if (row.read) {
          row.tag = s_("compare.tag.read");
        }
        rows.push_back(std::move(row));
      }
    }
    for (const Finding& one : after_->findings) {
      const bool missing = one.kind == FindingKind::lost || one.aspect == Aspect::not_here;
      if (one.holder == holder && missing && one.kind != FindingKind::duplicate) rows.push_back({nullptr, one.subject, tag_of(one), &one, false});
    }
    return rows;
  }

  std::string tag_of(const Finding& one) const {
    if (one.kind == FindingKind::lost) return std::string(s_("compare.tag.lost"));
    const bool apart = one.kind == FindingKind::apart;
    switch (one.aspect) {
      case Aspect::not_here: return std::string(s_(apart ? "compare.tag.never_here" : "compare.tag.not_fetched"));
      case Aspect::unread: return std::string(s_(apart ? "compare.tag.unread_here" : "compare.tag.not_told"));
      case Aspect::still_here: return std::string(s_(apart ? "compare.tag.still_here" : "compare.tag.not_told"));
      case Aspect::folder: return std::string(s_(apart ? "compare.tag.folder_elsewhere" : "compare.tag.not_told"));
      case Aspect::none: break;
    }
    return {};
  }

  // Each kind of trouble has a shape of its own: a bar, a triangle, a dashed frame, a cross.
  void copy_row(Rect area, const CopyRow& row, const std::string& row_name) {
    Canvas& c = ui_.canvas();
    const Rect box = area.inset(0, 1);
    const auto is = [&](FindingKind kind) { return row.finding && row.finding->kind == kind; };
    const Response r = ui_.interact(row_name, Kind::row, box, row.subject + (row.tag.empty() ? "" : ", " + row.tag));
    Colour ink = t_.text;
    if (is(FindingKind::duplicate)) c.fill(box, hue_.tint), c.fill({box.x, box.y, 3, box.h}, hue_.fill), ink = hue_.text;
    if (is(FindingKind::lost)) c.fill(box, t_.error.tint, metric::radius), c.dashed_outline(box, t_.error.fill, dash::reply, 1, metric::radius), ink = t_.error.text;
    if (is(FindingKind::apart)) ink = t_.error.text;
    if (is(FindingKind::behind) && !row.message) c.dashed_outline(box, t_.third, dash::ahead, 1, metric::radius);
    if (is(FindingKind::behind)) ink = t_.third;
    if (r.hovered && !row.finding) c.fill(box, t_.hovered(), metric::radius);
    if (r.ring) ui_.focus_ring(box);
    if (row.finding) ui_.tooltip(box, why(page_, protocol_, *row.finding));
    if (r.clicked) {
      if (row.finding && row.finding->cause != no_record) look(row.finding->cause, row.finding->before);
      else if (row.message) look(row.message->changed);
    }
    Rect inside = box.inset(6, 0);
    const Rect mark = inside.take_left(22).at_left(15, 15);
    if (is(FindingKind::lost)) draw_icon(c, Icon::cross, mark, t_.error.fill);
    else if (is(FindingKind::apart)) draw_icon(c, Icon::warning, mark, t_.error.fill);
    else draw_icon(c, row.read ? Icon::envelope : Icon::envelope_unread, mark, is(FindingKind::behind) ? t_.third : t_.text, t_.accent);
    if (!row.tag.empty()) {
      const bool mono = protocol_ == Protocol::imap && !row.finding && row.tag.starts_with("UID");
      const Font face = mono ? font::table : font::caption;
      // Where there is little room the letter's name comes first: "again, act 4" is "again".
      const float subject = c.measure(row.subject, font::strong) + 8;
      const std::string_view tag = c.measure(row.tag, face) + subject > inside.w ? std::string_view(row.tag).substr(0, row.tag.find(',')) : std::string_view(row.tag);
      const float width = std::min(c.measure(tag, face) + 2, inside.w - 40);
      ui_.label(inside.take_right(width), tag, face, row.finding ? ink : t_.third, Align::right);
      inside.take_right(6);
    }
    const bool strong = !row.read && !is(FindingKind::behind);
    ui_.label(inside, row.subject, strong ? font::strong : font::body, is(FindingKind::duplicate) ? t_.text : ink);
  }

  void device(Rect area, Place place) {
    const HostId holder = comparison::host_of(place);
    const std::string where = place == Place::laptop ? "laptop" : "phone";
    card(ui_, area);
    const std::string label = place_word(page_, place, chosen());
    ui_.note(fmt::format("{}/{}", name("device"), where), Kind::area, area, label);
    const auto rows = rows_of(holder);
    Rect inside = area.inset(10, 6);
    Rect top = inside.take_top(card_head - 8);
    draw_icon(ui_.canvas(), place == Place::laptop ? Icon::laptop : Icon::phone, top.take_left(26).at_left(24, 24), t_.text);
    top.take_left(8);
    ui_.label(top.take_top(19), label, font::strong);
    state(top, rows, fmt::format("{}/{}", name("device.state"), where));
    const std::optional<Finding> told = grave(rows);
    const float words = told ? measure_prose(ui_, inside.w, why(page_, protocol_, *told), font::caption) + 6 : 0;
    const bool room = inside.h > words + 60;
    Rect foot = inside.take_bottom(told && room ? words : verdict(place, rows).empty() ? 0 : foot_height);
    if (told && room) {
      prose(ui_, foot.moved(0, 4), why(page_, protocol_, *told), font::caption, told->kind == FindingKind::behind ? t_.second : t_.error.text,
            fmt::format("{}/{}", name("device.why"), where));
    } else if (const std::string fine = verdict(place, rows); !fine.empty() && !told) {
      draw_icon(ui_.canvas(), Icon::tick, foot.take_left(18).at_left(13, 13), t_.text);
      ui_.label(foot, fine, font::caption, t_.second, Align::left, fmt::format("{}/{}", name("device.fine"), where));
    }
    const float height = float(rows.size()) * row_height;
    ScrollArea scroll(ui_, fmt::format("{}/{}", name("device.rows"), where), inside, height);
    Rect lines = scroll.content();
    if (height > inside.h) lines.w -= metric::scroll_bar;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Rect row = lines.take_top(row_height);
      if (ui_.canvas().shows(row)) copy_row(row, rows[i], fmt::format("{}/{}/{}", name("copy"), where, i));
    }
  }

  // The gravest that a sentence is to be said about: what is lost, then what is apart.
  std::optional<Finding> grave(const std::vector<CopyRow>& rows) const {
    for (const FindingKind kind : {FindingKind::lost, FindingKind::apart})
      for (const CopyRow& row : rows)
        if (row.finding && row.finding->kind == kind) return *row.finding;
    return std::nullopt;
  }

  void state(Rect row, const std::vector<CopyRow>& rows, const std::string& state_name) {
    std::size_t here = 0, twice = 0, behind = 0, apart = 0;
    for (const CopyRow& one : rows) {
      here += one.message != nullptr;
      if (!one.finding) continue;
      twice += one.finding->kind == FindingKind::duplicate;
      behind += one.finding->kind == FindingKind::behind;
      apart += one.finding->kind == FindingKind::apart || one.finding->kind == FindingKind::lost;
    }
    const std::string letters = s_.count("compare.device.letters", here);
    if (twice > 0) return void(ui_.label(row, s_.count("compare.device.twice", twice, {{"count", letters}}), font::caption, hue_.text, Align::left, state_name));
    if (apart > 0) return void(ui_.label(row, letters, font::caption, t_.error.text, Align::left, state_name));
    if (here == 0) return void(ui_.label(row, s_("compare.device.empty"), font::caption, t_.third, Align::left, state_name));
    const auto whole = std::size_t(std::count_if(rows.begin(), rows.end(), [&](const CopyRow& one) { return one.message && !header_alone(*one.message); }));
    if (behind == 0 && protocol_ == Protocol::imap && page_.of.headers_first())
      return void(ui_.label(row, s_.count("compare.device.headers", whole), font::caption, t_.second, Align::left, state_name));
    if (protocol_ == Protocol::imap)
      return void(ui_.label(row, s_(behind > 0 ? "compare.device.behind" : "compare.device.same"), font::caption, t_.second, Align::left, state_name));
    ui_.label(row, letters, font::caption, t_.second, Align::left, state_name);
  }

  // What went well although one might have feared for it.
  std::string verdict(Place place, const std::vector<CopyRow>& rows) const {
    if (protocol_ != Protocol::imap || rows.empty()) return {};
    if (std::any_of(rows.begin(), rows.end(), [](const CopyRow& row) { return row.finding != nullptr; })) return {};
    std::size_t rebuilt = 0, lost = 0;
    for (std::size_t i = 0; i < chosen(); ++i) {
      const comparison::UserAct& act = page_.of.acts()[i];
      if (act.place != place) continue;
      if (act.kind == comparison::ActKind::reinstall) rebuilt = i + 1;
      if (act.kind == comparison::ActKind::lose) lost = i + 1;
    }
    if (lost > 0) return s_("compare.device.refetched", {{"n", std::to_string(lost)}});
    if (rebuilt > 0) return s_("compare.device.rebuilt", {{"n", std::to_string(rebuilt)}});
    return {};
  }

  ComparePage& page_;
  Ui& ui_;
  const Theme& t_;
  const Strings& s_;
  Protocol protocol_;
  const Hue& hue_;
  const comparison::AfterAct* after_;
};

}  // namespace

void compare_side(ComparePage& page, Rect area, Protocol protocol) { SideView(page, protocol).draw(area); }

}  // namespace glasspost::ui
