// Three lanes on shared rows: what the application says, the TLS records that carry it, and what somebody who listens has of it.
#include <fmt/format.h>

#include <algorithm>

#include "app/ui/views/console_floor.h"
#include "app/ui/views/heads.h"
#include "app/ui/views/ladder_line.h"
#include "app/ui/views/map_traffic.h"
#include "app/ui/views/tls_lanes.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"
#include "app/words/verdict.h"
#include "protocol/base/text.h"

namespace glasspost::ui {
namespace {

using app::LaneKind;
using app::LaneRow;
using app::Reading;

constexpr float step = 4, foot_height = 48, head_height = 28, coming_height = 44;

struct Lane3 {
  Rect time, side, app, records, wire;
};

struct Drawing {
  Ui& ui;
  const Model& model;
  const Strings& s;
  Actions& out;
  const Conversation& conversation;
  const app::Lanes& lanes;

  const Hue& hue() const { return ui.theme.of(conversation.opened().protocol); }
  const Hue& gold() const { return ui.theme.tls(); }
  const Hue& exposed() const { return ui.theme.error; }

  Lane3 lanes_of(Rect row) const {
    const float before = row.w < 760 ? 74 : 86;
    Lane3 at;
    at.time = row.take_left(before - 26).inset(0, 0);
    at.side = row.take_left(26);
    const float wide = row.w;
    at.wire = row.take_right(std::round(wide * 0.37F));
    at.records = row.take_right(std::round(wide * 0.28F));
    at.app = row;
    return at;
  }
};

std::string seconds(const Drawing& d, Instant at) {
  const double passed = std::chrono::duration<double>(at - d.model.start()).count();
  std::string text = fmt::format("{:.{}f}", passed, passed < 1000 ? 3 : passed < 10'000 ? 2 : 0);
  if (const auto point = text.find('.'); point != text.npos && d.s.language() == Language::spanish) text[point] = ',';
  return text;
}

// "17 03 03 00 35 c4 …"
std::string first_octets(std::string_view octets, std::size_t most) {
  std::string text;
  for (const char c : octets.substr(0, most)) text += fmt::format("{}{:02x}", text.empty() ? "" : " ", static_cast<unsigned char>(c));
  if (octets.size() > most) text += " …";
  return text;
}

std::string_view octets_of(const Drawing& d, const app::WirePiece& piece) {
  const Trace& trace = d.model.trace();
  if (!trace.holds(piece.record)) return {};
  const Record& record = trace[piece.record];
  const auto* sent = std::get_if<Sent>(&record.what);
  const auto* came = std::get_if<Arrived>(&record.what);
  if (!sent && !came) return {};
  const std::string_view all = trace.bytes(sent ? sent->bytes : came->bytes);
  return all.substr(std::min<std::size_t>(piece.offset, all.size()), piece.size);
}

std::string_view last_part(std::string_view headline) { return headline.substr(headline.rfind('/') + 1); }

// The rows' parts ---------------------------------------------------------------------------------------------------------

void dashes(const Drawing& d, float from, float to, float y, Colour colour, Dash dash, bool arrow) {
  if (to - from < 8) return;
  if (arrow) d.ui.canvas().arrow({from, y}, {to, y}, colour, dash, 1);
  else d.ui.canvas().horizontal(from, to, y, colour, 1, dash);
}

void moment(const Drawing& d, const Lane3& at, std::string_view time, Side from) {
  d.ui.label(at.time, time, font::table, d.ui.theme.third, Align::right);
  d.ui.label(at.side, from == Side::client ? "C" : "S", font::table, d.ui.theme.third, Align::centre);
}

// What is said, and how far its text goes.
float words(const Drawing& d, Rect place, std::string_view text, Side from) {
  place.take_right(8);
  const bool client = from == Side::client;
  return place.x + d.ui.label(place, text, client ? font::table_bold : font::table, client ? d.hue().text : d.ui.theme.text);
}

void said_row(const Drawing& d, const Lane3& at, const LaneRow& row) {
  const Message& message = d.conversation.message(row.first);
  const std::string text = ladder_line(d.conversation, message).text;
  moment(d, at, seconds(d, row.at), row.from);
  const float end = words(d, at.app, text, row.from) + 8;
  const std::string_view none = d.s("lanes.no_record");
  const float wide = d.ui.canvas().measure(none, font::caption) + 1;
  const Rect middle = at.records.centred(std::min(wide, at.records.w), at.records.h);
  d.ui.label(middle, none, font::caption, d.ui.theme.third);
  const float y = at.app.middle();
  dashes(d, end, middle.x - 8, y, d.ui.theme.strong_line, dash::idle, false);
  dashes(d, middle.right() + 8, at.records.right() - 2, y, d.ui.theme.strong_line, dash::idle, true);
  Rect wire = at.wire.inset(10, 0);
  const std::string size = fmt::format("{} B", row.octets);
  d.ui.label(wire.take_right(d.ui.canvas().measure(size, font::table) + 4), size, font::table, d.ui.theme.second, Align::right);
  wire.take_right(8);
  const std::string_view heard = overwritten_line(d.conversation, row.first).heard;
  if (heard.empty()) {
    d.ui.label(wire, text, font::table, d.exposed().text, Align::left, fmt::format("lanes.exposed/{}", row.first));
    return;
  }
  draw_icon(d.ui.canvas(), Icon::warning, wire.take_left(18).at_left(13, 13), d.exposed().fill);
  d.ui.label(wire, d.s("lanes.overwritten", {{"text", visible(heard)}}), font::caption_strong,
             d.exposed().text, Align::left, fmt::format("lanes.heard/{}", row.first));
}

void record_box(const Drawing& d, Rect place, std::string_view type, std::string_view name, std::string_view size, bool dashed) {
  Canvas& c = d.ui.canvas();
  place = place.inset(4, 0).centred(place.w - 8, 26);
  c.fill(place, d.gold().tint, metric::radius);
  if (dashed) c.dashed_outline(place, d.gold().fill, dash::would_happen, 1, metric::radius);
  else c.outline(place, d.gold().fill, 1, metric::radius);
  const Rect number = place.take_left(30);
  d.ui.label(number, type, font::table_bold, d.gold().text, Align::centre);
  c.vertical(number.right(), place.y, place.bottom(), d.gold().fill, 1, dashed ? dash::would_happen : dash::solid);
  place.take_left(8), place.take_right(6);
  const float wide = std::min(place.w / 2, c.measure(size, font::caption) + 2);
  d.ui.label(place.take_right(wide), size, font::caption, d.ui.theme.second, Align::right);
  place.take_right(4);
  d.ui.label(place, name, font::caption_strong);
}

std::string reading_words(const Drawing& d, const LaneRow& row, float room) {
  const std::string read = visible(row.read);
  switch (row.reading) {
    case Reading::server_name: return read.empty() ? std::string(d.s("lanes.reads_hello")) : d.s("lanes.reads_name", {{"name", read}});
    case Reading::cipher: return d.s("lanes.reads_cipher", {{"cipher", read}});
    case Reading::certificate: return d.s("lanes.reads_certificate", {{"name", read}});
    case Reading::group: return d.s("lanes.reads_group", {{"group", read}});
    case Reading::ticket: return std::string(d.s("lanes.reads_ticket"));
    case Reading::alert: return std::string(d.s("lanes.reads_alert"));
    case Reading::type: return std::string(d.s("lanes.reads_type"));
    case Reading::compatibility: return std::string(d.s("lanes.reads_compatibility"));
    case Reading::nothing: break;
  }
  bool certificate = false;
  if (row.kind == LaneKind::records && row.messages > 0)
    for (MessageId id = row.first; id <= row.last; ++id)
      certificate |= last_part(d.conversation.headline(d.conversation.message(id))) == "Certificate";
  if (certificate) return std::string(d.s("lanes.not_even_the_certificate"));
  const std::string n = std::to_string(row.octets);
  std::string words = d.s(row.from == Side::client ? "lanes.noise_to_server" : "lanes.noise_to_client", {{"n", n}});
  return d.ui.canvas().measure(words, font::caption) > room ? d.s("lanes.noise", {{"n", n}}) : words;  // C and S tell the direction, too
}

void wire_cell(const Drawing& d, Rect place, std::string_view octets, std::string_view meaning, bool reads, std::string_view name) {
  Rect inside = place.inset(10, 0);
  Rect upper = inside.take_top(inside.h / 2).take_bottom(18);
  d.ui.label(upper, octets, {Face::wire, 11}, d.ui.theme.third);
  d.ui.label(inside.take_top(18), meaning, font::caption, reads ? d.exposed().text : d.ui.theme.second, Align::left, name);
}

std::string records_name(const Drawing& d, const LaneRow& row) {
  if (row.content_type == 20) return "ChangeCipherSpec";
  if (row.messages == 0) return std::string(d.s("lanes.data"));
  if (row.kind == LaneKind::carried) return std::string(d.s("lanes.data"));
  const std::string_view first = last_part(d.conversation.headline(d.conversation.message(row.first)));
  const std::string_view last = last_part(d.conversation.headline(d.conversation.message(row.last)));
  return first == last ? std::string(first) : fmt::format("{} … {}", first, last);
}

// A record that changes nothing is counted in with its neighbour; who wants to see it gets a row for each.
void compatibility_chip(const Drawing& d, Rect& place, std::size_t index) {
  const std::string words = d.s("lanes.compatibility", {{"n", "6"}});
  const float wide = chip_width(d.ui, words);
  if (wide > place.w - 60) return;
  const Rect chip = place.take_right(wide + 14);
  if (fold_chip(d.ui, fmt::format("lanes.compatibility/{}", index), {chip.x, chip.middle()}, words, d.lanes.unfolded()))
    d.out.push_back(app::UnfoldCompatibility{!d.lanes.unfolded()});
  d.ui.tooltip(chip, d.s("lanes.compatibility_tip"));
  place.take_right(8);
}

void tls_row(const Drawing& d, const Lane3& at, const LaneRow& row, std::size_t index) {
  Canvas& c = d.ui.canvas();
  moment(d, at, seconds(d, row.at), row.from);
  float end = at.app.x;
  if (row.kind == LaneKind::carried && row.messages > 0) {
    std::string text = ladder_line(d.conversation, d.conversation.message(row.first)).text;
    if (row.messages > 1) text += fmt::format("  +{}", row.messages - 1);
    end = words(d, at.app, text, row.from) + 8;
    dashes(d, end, at.records.x + 2, at.app.middle(), d.gold().fill, row.from == Side::client ? dash::solid : dash::reply, true);
  } else {
    Rect place = at.app;
    place.take_right(8);
    if (row.folded || row.reading == Reading::compatibility) compatibility_chip(d, place, index);
    const std::string_view none = d.s("lanes.tls_speaks");
    const bool chip = place.w < at.app.w - 20;  // beside it there may be no room to say this
    if (!chip || d.ui.canvas().measure(none, font::caption) < place.w) d.ui.label(place, none, font::caption, d.ui.theme.third);
  }
  // On the wire a message that is encrypted under TLS 1.3 looks like any other data.
  const std::string_view octets = octets_of(d, row.wire);
  const std::string type = std::to_string(octets.empty() ? row.content_type : static_cast<unsigned char>(octets[0]));
  const std::string size = row.records > 1 ? d.s.count("lanes.records", row.records) : fmt::format("{} B", row.octets);
  record_box(d, at.records, type, records_name(d, row), size, false);
  dashes(d, at.records.right() - 3, at.wire.x - 1, at.app.middle(), d.ui.theme.strong_line, dash::solid, false);
  const std::size_t most = std::size_t(std::max(6.F, (at.wire.w - 40) / c.measure("00 ", {Face::wire, 11})));
  wire_cell(d, at.wire, first_octets(octets, most), reading_words(d, row, at.wire.w - 20), row.reading != Reading::nothing, fmt::format("lanes.reads/{}", index));
}

void band(const Drawing& d, Rect row, const Hue& hue, std::string_view title, std::string_view more, bool padlock) {
  Canvas& c = d.ui.canvas();
  c.fill(row, hue.tint);
  c.horizontal(row.x, row.right(), row.y, hue.fill, padlock ? 2 : 1);
  const Lane3 at = d.lanes_of(row.inset(metric::padding, 0));
  const Rect mark = Rect{at.time.x, row.y, at.time.w + at.side.w - 6, row.h}.at_right(16, 16);
  if (padlock) draw_padlock(c, d.ui.theme, mark, true);
  else draw_icon(c, Icon::warning, mark, hue.fill);
  Rect text{at.app.x, row.y, row.right() - at.app.x - metric::padding, row.h};
  d.ui.label(text.take_left(std::min(text.w, c.measure(title, font::strong) + 1)), title, font::strong, hue.text);
  text.take_left(14);
  if (text.w > 60) d.ui.label(text, more, font::caption, d.ui.theme.second);
}

std::string_view upgrade(const Conversation& conversation) { return conversation.opened().protocol == Protocol::pop3 ? "STLS" : "STARTTLS"; }

void draw_row(const Drawing& d, Rect area, const LaneRow& row, std::size_t index) {
  const Strings& s = d.s;
  switch (row.kind) {
    case LaneKind::said: return said_row(d, d.lanes_of(area.inset(metric::padding, 0)), row);
    case LaneKind::records:
    case LaneKind::carried: return tls_row(d, d.lanes_of(area.inset(metric::padding, 0)), row, index);
    case LaneKind::begins: {
      const bool from_start = d.conversation.opened().tls == TlsMode::implicit;
      return band(d, area, d.gold(), s("lanes.begins"), s(from_start ? "lanes.begins_at_once" : "lanes.forgotten"), true);
    }
    case LaneKind::attack: return band(d, area, d.exposed(), s("lanes.attack"), s("lanes.attack_more", {{"command", upgrade(d.conversation)}}), false);
    case LaneKind::refused: return band(d, area, d.exposed(), s("lanes.refused"), s("lanes.refused_more"), false);
    case LaneKind::failed: {
      const std::string why = d.lanes.facts() ? verdict_sentence(*d.lanes.facts(), s) : std::string();
      return band(d, area, d.exposed(), s("tls.failed"), why.empty() ? visible(row.read) : why, false);
    }
    case LaneKind::gap: {
      const Lane3 at = d.lanes_of(area.inset(metric::padding, 0));
      d.ui.label(at.app, s.count("lanes.more_in_ladder", row.hidden), font::caption, d.ui.theme.third);
      return;
    }
  }
}

void chosen_row(const Drawing& d, Rect area, const LaneRow& row, std::size_t index) {
  if (row.messages == 0) return draw_row(d, area, row, index);
  const auto& selected = d.model.selection().message;
  const bool on = selected && selected->connection == d.conversation.id() && d.lanes.row_of(selected->message, d.conversation.message(selected->message).from) == index;
  const Response r = d.ui.interact(fmt::format("lanes.row/{}", index), Kind::row, area, {}, {.on = on});
  row_ground(d.ui, area, on, r.hovered);
  draw_row(d, area, row, index);
  if (r.ring) d.ui.focus_ring(area.inset(4, 1));
  if (r.clicked) d.out.push_back(app::Select{{d.conversation.id(), row.first}});
}

// What would happen ---------------------------------------------------------------------------------------------------------

void coming_row(const Drawing& d, Rect area, const Floor& floor) {
  const std::string& typed = d.model.console().input;
  const bool secret = floor.waits == Waits::answer;
  const Lane3 at = d.lanes_of(area.inset(metric::padding, 0));
  d.ui.canvas().fill(area, d.ui.theme.accent_tint);
  d.ui.note("lanes.coming", Kind::row, area, secret ? mask : std::string_view(typed));
  d.ui.label(at.time, d.s("lanes.not_yet"), font::caption, d.ui.theme.third, Align::right);
  d.ui.label(at.side, "C", font::table, d.ui.theme.third, Align::centre);
  const float end = words(d, at.app, secret ? mask : std::string_view(typed), Side::client) + 8;
  const auto would = would_be_on_wire(d.lanes.facts(), floor.sealed, typed.size() + 2);
  if (!floor.sealed) {
    dashes(d, end, at.wire.x - 2, area.middle(), d.exposed().fill, dash::would_happen, true);
    wire_cell(d, at.wire, secret ? std::string(mask) : typed, d.s("lanes.would_read", {{"n", std::to_string(typed.size() + 2)}}), true, "lanes.would");
    return;
  }
  dashes(d, end, at.records.x + 2, area.middle(), d.gold().fill, dash::would_happen, true);
  const std::string size = would ? fmt::format("{} B", *would) : std::string("?");
  record_box(d, at.records, "23", d.s("lanes.data"), size, true);
  std::string octets = "17 03 03 ";
  octets += would ? fmt::format("{:02x} {:02x}", (*would - 5) >> 8, (*would - 5) & 0xff) : std::string("?? ??");
  const std::size_t most = std::size_t(std::max(1.F, (at.wire.w - 40) / d.ui.canvas().measure("00 ", {Face::wire, 11}))) ;
  for (std::size_t i = 5; i < std::min<std::size_t>(most, 12); ++i) octets += " ??";
  wire_cell(d, at.wire, octets + " …", would ? d.s("lanes.would_see", {{"n", std::to_string(*would)}}) : std::string(d.s("lanes.would_see_noise")), false, "lanes.would");
}

// Around the rows ------------------------------------------------------------------------------------------------------------

void heads(const Drawing& d, Rect row) {
  const Lane3 at = d.lanes_of(row.inset(metric::padding, 0));
  d.ui.label(at.app, d.s("lanes.application"), font::strong);
  d.ui.label(at.records, d.s("lanes.records_title"), font::strong);
  Rect wire = at.wire.inset(10, 0);
  const std::string_view listener = d.s("lanes.listener");
  if (wire.w > d.ui.canvas().measure(listener, font::strong) + 22) draw_icon(d.ui.canvas(), Icon::eye, wire.take_right(20).at_right(15, 15), d.ui.theme.second);
  d.ui.label(wire, listener, font::strong);
  d.ui.canvas().horizontal(row.x, row.right(), row.bottom() - 1, d.ui.theme.line);
}

void foot(const Drawing& d, Rect area) {
  const Protection protection = d.conversation.protection_at(d.model.cursor());
  const bool sealed = protection == Protection::up;
  const bool old = sealed && d.lanes.facts() && d.lanes.facts()->version != "TLSv1.3";
  d.ui.canvas().fill(area, d.ui.theme.panel);
  d.ui.canvas().horizontal(area.x, area.right(), area.y, d.ui.theme.line);
  area = area.inset(metric::padding, 4);
  float titles = 0;
  for (const std::string_view key : {"lanes.knows", "lanes.knows_not"}) titles = std::max(titles, d.ui.canvas().measure(d.s(key), font::caption_strong) + 12);
  const auto line = [&](std::string_view key, std::string_view text, std::string_view name) {
    Rect row = area.take_top(20);
    const std::string_view title = d.s(key);
    d.ui.label(row.take_left(std::min(titles, row.w / 3)), title, font::caption_strong);
    d.ui.label(row, text, font::caption, d.ui.theme.second, Align::left, name);
  };
  line("lanes.knows", d.s(!sealed ? "lanes.knows_all" : old ? "lanes.knows_certificate" : "lanes.knows_outside"), "lanes.knows");
  line("lanes.knows_not", d.s(sealed ? "lanes.knows_not_inside" : "lanes.knows_not_nothing"), "lanes.knows_not");
}

// "and if somebody stripped STARTTLS?": the attack on this link, for connections from now on.
void strip_link(const Drawing& d, Rect& head) {
  const Opened& opened = d.conversation.opened();
  if (d.model.stage() != app::Stage::world || opened.tls != TlsMode::starttls || opened.client == 0 || opened.server == 0) return;
  std::vector<sim::LinkFault> faults = faults_at_cursor(d.model, opened.client, opened.server);
  const auto strips = [](const sim::LinkFault& fault) { return fault.kind == FaultKind::strip; };
  const bool on = std::any_of(faults.begin(), faults.end(), strips);
  const std::string text = d.s(on ? "lanes.stop_stripping" : "lanes.what_if_stripped", {{"command", upgrade(d.conversation)}});
  const float wide = d.ui.canvas().measure(text, font::caption) + 2;
  if (wide > head.w - 80) return;
  const Rect place = head.take_right(wide);
  d.ui.tooltip(place, d.s("lanes.what_if_hint"));
  head.take_right(12);
  if (!link(d.ui, "lanes.strip", place, text, Align::right)) return;
  std::erase_if(faults, strips);
  if (!on) faults.push_back({.kind = FaultKind::strip});
  d.out.push_back(app::Perform{sim::SetFaults{opened.client, opened.server, std::move(faults)}});
}

void title(const Drawing& d, Rect row) {
  strip_link(d, row);
  const Opened& opened = d.conversation.opened();
  const std::string server = fmt::format("{}:{}", d.conversation.name(Side::server), opened.server_port);
  const std::string client = host_label(d.model, opened.client);
  d.ui.label(row, d.s("lanes.of_connection", {{"n", std::to_string(d.conversation.id())},
                                              {"client", client.empty() ? std::string(d.conversation.name(Side::client)) : client},
                                              {"server", server}}),
             font::caption, d.ui.theme.second, Align::left, "lanes.connection");
}

// The selected row comes into sight when the selection changes, the newest when time goes on.
void follow(const Drawing& d, ScrollArea& scroll, std::size_t shown, float coming) {
  const auto& selected = d.model.selection().message;
  const bool ours = selected && selected->connection == d.conversation.id();
  double& before = d.ui.memory("lanes.followed", -1);
  const double now = (ours ? double(selected->message) : -2 - double(shown)) + (coming > 0 ? 0.5 : 0);
  if (std::exchange(before, now) == now) return;
  const auto row = ours ? d.lanes.row_of(selected->message, d.conversation.message(selected->message).from) : std::nullopt;
  if (row && *row < shown) scroll.reveal(float(d.lanes.rows()[*row].top) * step, float(height_of(d.lanes.rows()[*row])) * step + (*row + 1 == shown ? coming : 0));
  else if (shown > 0) scroll.reveal(float(d.lanes.height_until(shown)) * step - 1, 1 + coming);
}

void rows(const Drawing& d, Rect area) {
  const std::size_t shown = d.lanes.rows_until(d.model.cursor());
  const Floor floor = floor_of(d.model);
  const bool coming = floor.held && floor.conversation == &d.conversation && !d.model.console().input.empty() && d.model.at_end();
  const float height = float(d.lanes.height_until(shown)) * step, more = coming ? coming_height : 0;
  const Rect wire = d.lanes_of(area.inset(metric::padding, 0)).wire;
  d.ui.canvas().fill({wire.x, area.y, area.right() - wire.x, area.h}, d.ui.theme.sunken);
  ScrollArea scroll(d.ui, "lanes.rows", area, height + more + 4);
  const Rect content = scroll.content();
  const auto& all = d.lanes.rows();
  // The first row that can be seen; from there to the bottom.
  const float above = std::max(0.F, (d.ui.canvas().clip().y - content.y) / step);
  auto first = std::upper_bound(all.begin(), all.begin() + std::ptrdiff_t(shown), std::uint32_t(above),
                                [](std::uint32_t top, const LaneRow& row) { return top < row.top; });
  if (first != all.begin()) --first;
  for (auto row = first; row != all.begin() + std::ptrdiff_t(shown); ++row) {
    const Rect place{content.x, content.y + float(row->top) * step, content.w, float(height_of(*row)) * step};
    if (place.y > d.ui.canvas().clip().bottom()) break;
    chosen_row(d, place, *row, std::size_t(row - all.begin()));
  }
  if (coming) coming_row(d, {content.x, content.y + height, content.w, coming_height}, floor);
  follow(d, scroll, shown, more);
}

}  // namespace

// RFC 8446 section 5.2: header, content, type, tag; no padding is used here. RFC 5288 section 3: header, nonce, content, tag.
std::optional<std::uint32_t> would_be_on_wire(const std::optional<TlsFacts>& facts, bool sealed, std::size_t octets) {
  if (!sealed) return std::uint32_t(octets);
  if (!facts) return std::nullopt;
  if (facts->version == "TLSv1.3") return std::uint32_t(octets) + 5 + 1 + 16;
  if (facts->cipher.find("GCM") != std::string::npos) return std::uint32_t(octets) + 5 + 8 + 16;
  if (facts->cipher.find("CHACHA20") != std::string::npos) return std::uint32_t(octets) + 5 + 16;
  return std::nullopt;
}

void tls_lanes(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const app::Lanes& lanes = model.lanes();
  const Conversation* conversation = model.conversations().find(lanes.connection());
  if (!conversation) return empty_panel(ui, area, model.strings()("lanes.empty"), model.strings()("lanes.empty_more"));
  const Drawing d{ui, model, model.strings(), actions, *conversation, lanes};
  heads(d, area.take_top(head_height));
  if (area.h > 160) foot(d, area.take_bottom(foot_height));
  rows(d, area);
}

void tls_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  Rect head = one_column(ui) ? area.take_top(24).inset(metric::padding, 0) : lower_head(ui, "lanes.head", area, model, actions);
  const Conversation* conversation = model.conversations().find(model.lanes().connection());
  if (conversation) title({ui, model, model.strings(), actions, *conversation, model.lanes()}, head);
  tls_lanes(ui, area, model, actions);
}

void tls_stage_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  Rect head = area.take_top(metric::panel_head).inset(metric::padding, 0);
  const std::string_view name = model.strings()("lanes.title");
  ui.label(head.take_left(ui.canvas().measure(name, font::strong) + 1), name, font::strong);
  head.take_left(14);
  const Conversation* conversation = model.conversations().find(model.lanes().connection());
  if (conversation) title({ui, model, model.strings(), actions, *conversation, model.lanes()}, head);
  tls_lanes(ui, area, model, actions);
}

}  // namespace glasspost::ui
