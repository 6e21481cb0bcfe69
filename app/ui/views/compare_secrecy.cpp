// In clear, STARTTLS, implicit TLS: what an eavesdropper has, and what it takes until the first command.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/ui/views/compare.h"
#include "app/ui/views/inspector_parts.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

using comparison::Leak;
using comparison::Secrecy;
using comparison::Secret;

constexpr float row_height = 24, road_height = 76;
constexpr std::array protocols{Protocol::pop3, Protocol::imap, Protocol::smtp};

std::string_view mode_word(const Strings& s, TlsMode mode) {
  switch (mode) {
    case TlsMode::plaintext: return s("compare.secrecy.plain");
    case TlsMode::starttls: return s("compare.secrecy.starttls");
    case TlsMode::implicit: return s("compare.secrecy.implicit");
  }
  return {};
}

std::string_view secret_word(const Strings& s, Secret secret) {
  switch (secret) {
    case Secret::server: return s("compare.secrecy.server");
    case Secret::software: return s("compare.secrecy.software");
    case Secret::user: return s("compare.secrecy.user");
    case Secret::password: return s("compare.secrecy.password");
    case Secret::commands: return s("compare.secrecy.commands");
    case Secret::subject: return s("compare.secrecy.subject");
    case Secret::body: return s("compare.secrecy.body");
    case Secret::size: return s("compare.secrecy.size");
  }
  return {};
}

class ModeColumn {
 public:
  ModeColumn(ComparePage& page, TlsMode mode)
      : page_(page), ui_(page.ui), t_(page.ui.theme), s_(page.s), mode_(mode), run_(page.of.secrecy(mode)) {}

  static float height() { return 44 + 30 + 8 * row_height + road_height + 30 + 8 * 21 + 84; }

  void draw(Rect area) {
    head(area.take_top(44));
    area = area.inset(14, 0);
    if (!run_) return void(ui_.label(area.take_top(40), page_.s("compare.acts.working"), font::body, t_.third));
    leaks(area);
    road(area.take_top(road_height));
    costs(area);
    area.take_top(6);
    const std::string_view how = s_(mode_ == TlsMode::plaintext  ? "compare.secrecy.how_plain"
                                    : mode_ == TlsMode::starttls ? "compare.secrecy.how_starttls"
                                                                 : "compare.secrecy.how_implicit");
    prose(ui_, area, how, font::body, t_.second);
  }

 private:
  std::string name(std::string_view what) const { return fmt::format("compare.secrecy.{}/{}", what, int(mode_)); }
  const Secrecy& result() const { return run_->result(); }

  void head(Rect band) {
    const bool closed = mode_ != TlsMode::plaintext;
    ui_.canvas().fill(band, closed ? t_.tls().tint : t_.error.tint);
    ui_.canvas().fill({band.x, band.y, band.w, 3}, closed ? t_.tls().fill : t_.error.fill);
    Rect row = band.inset(14, 0);
    draw_padlock(ui_.canvas(), t_, row.take_left(24).at_left(20, 20), closed);
    row.take_left(6);
    Rect lines = row.inset(0, 4);
    ui_.label(lines.take_top(20), mode_word(s_, mode_), font::heading, {}, Align::left, name("heading"));
    const std::string port = std::to_string(comparison::port_of(page_.of.secrecy_protocol(), mode_));
    ui_.label(lines, s_(mode_ == TlsMode::plaintext  ? "compare.secrecy.plain_note"
                        : mode_ == TlsMode::starttls ? "compare.secrecy.starttls_note"
                                                     : "compare.secrecy.implicit_note", {{"port", port}}), font::caption, t_.second);
  }

  void leaks(Rect& area) {
    ui_.label(area.take_top(30), s_("compare.secrecy.what"), font::strong);
    for (const Leak& leak : result().leaks) leak_row(area.take_top(row_height), leak);
  }

  void leak_row(Rect row, const Leak& leak) {
    const std::string row_name = fmt::format("compare.leak/{}/{}", int(mode_), int(leak.secret));
    const bool digest = leak.secret == Secret::password && !leak.leaks && result().digest;
    std::string seen(s_(digest ? "compare.secrecy.digest" : "compare.secrecy.cannot"));
    if (leak.leaks && leak.secret == Secret::password) seen = s_("compare.secrecy.password_seen");
    else if (leak.leaks && leak.secret == Secret::size) seen = s_("compare.secrecy.octets_seen", {{"n", s_.number(result().octets)}});
    else if (leak.leaks && leak.secret == Secret::user) seen = page_.of.secrecy_protocol() == Protocol::smtp ? "alice" : std::string(comparison::bob);
    else if (leak.leaks && leak.secret == Secret::server) seen = comparison::server_name;
    else if (leak.leaks) seen = leak.seen.substr(0, leak.seen.find(" ("));
    const Response r = ui_.interact(row_name, Kind::row, row, std::string(secret_word(s_, leak.secret)) + ": " + seen, {.enabled = leak.leaks, .on = leak.leaks});
    if (r.hovered && leak.leaks) ui_.canvas().fill(row, t_.hovered(), metric::radius);
    if (r.ring) ui_.focus_ring(row);
    if (r.clicked && leak.leaks) page_.wants(app::LookAt{std::size_t(mode_), leak.record, no_record});
    if (leak.leaks) draw_icon(ui_.canvas(), Icon::eye, row.take_left(22).at_left(15, 15), t_.error.fill);
    else draw_padlock(ui_.canvas(), t_, row.take_left(22).at_left(14, 14), true);
    const std::string_view what = secret_word(s_, leak.secret);
    ui_.label(row.take_left(std::max(110.F, ui_.canvas().measure(what, font::body) + 8)), what, font::body, leak.leaks ? t_.text : t_.second);
    const bool words = !leak.leaks || leak.secret == Secret::password || leak.secret == Secret::size;
    ui_.label(row, seen, words ? font::caption : font::table, leak.leaks ? t_.error.text : t_.third, Align::right);
  }

  // The road to the first command, a step for each round trip: what is said, and whether it can be read.
  void road(Rect area) {
    area.take_top(8);
    ui_.label(area.take_top(22), s_("compare.secrecy.road"), font::strong);
    Rect row = area.take_top(34);
    for (const comparison::RoadStep& step : result().road) {
      const Rect box = row.take_left(ui_.canvas().measure(step.word, font::table) + 16).inset(2, 3);
      const Hue& hue = step.tls ? t_.tls() : t_.error;
      ui_.canvas().fill(box, step.tls ? hue.tint : step.exposed ? hue.tint : t_.sunken, metric::chip_radius);
      ui_.canvas().outline(box, step.tls || step.exposed ? hue.fill : t_.strong_line, 1, metric::chip_radius);
      ui_.label(box.inset(3, 0), step.word, font::table, step.exposed ? t_.error.text : t_.text, Align::centre);
    }
    const std::string verb = first_verb();
    const Rect box = row.take_left(ui_.canvas().measure(verb, font::table_bold) + 36).inset(2, 3);
    const bool closed = mode_ != TlsMode::plaintext;
    ui_.canvas().outline(box, closed ? t_.tls().fill : t_.error.fill, 2, metric::chip_radius);
    const Response r = ui_.interact(name("first"), Kind::button, box, s_("compare.secrecy.first_command"));
    if (r.ring) ui_.focus_ring(box);
    if (r.clicked) page_.wants(app::LookAt{std::size_t(mode_), result().command, no_record});
    Rect inside = box.inset(4, 0);
    if (closed) draw_padlock(ui_.canvas(), t_, inside.take_left(15).at_left(13, 13), true);
    else draw_icon(ui_.canvas(), Icon::eye, inside.take_left(15).at_left(13, 13), t_.error.fill);
    inside.take_left(3);
    ui_.label(inside, verb, font::table_bold, t_.text, Align::centre);
    ui_.tooltip(box, s_("compare.secrecy.first_command"));
  }

  std::string first_verb() const {
    const auto* sent = std::get_if<Sent>(&run_->trace()[result().command].what);
    if (!sent) return {};
    std::string_view text = run_->trace().bytes(sent->bytes);
    if (page_.of.secrecy_protocol() == Protocol::imap) text.remove_prefix(std::min(text.size(), text.find(' ') + 1));
    return std::string(text.substr(0, text.find_first_of(" \r\n")));
  }

  void costs(Rect& area) {
    ui_.label(area.take_top(28), s_("compare.secrecy.cost"), font::strong);
    const Secrecy& r = result();
    const auto row = [&](std::string_view key, const std::string& value, bool strong = false) {
      Rect line = area.take_top(21);
      ui_.canvas().horizontal(line.x, line.right(), line.bottom() - 1, t_.line);
      const float width = ui_.canvas().measure(value, strong ? font::table_bold : font::table) + 2;
      ui_.label(line.take_right(width), value, strong ? font::table_bold : font::table, {}, Align::right, fmt::format("{}/{}", name("cost"), key.substr(16)));
      ui_.label(line, s_(key), font::body, strong ? t_.text : t_.second);
    };
    row("compare.secrecy.trips_to_command", s_.number(r.trips_to_command), true);
    row("compare.secrecy.to_command", s_.duration(r.to_command));
    row("compare.secrecy.trips_to_login", s_.number(r.trips_to_login), true);
    row("compare.secrecy.to_login", s_.duration(r.to_login));
    row("compare.secrecy.trips", s_.number(r.trips));
    row("compare.secrecy.to_end", s_.duration(r.to_end));
    row("compare.secrecy.octets", s_.number(r.octets), true);
    row("compare.secrecy.handshake", s_.number(r.handshake_octets));
  }

  ComparePage& page_;
  Ui& ui_;
  const Theme& t_;
  const Strings& s_;
  TlsMode mode_;
  const comparison::SecrecyRun* run_;
};

}  // namespace

void compare_secrecy(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  const Strings& s = page.s;
  Rect top = area.take_top(44).inset(metric::padding, 0);
  const std::array<std::string_view, 3> words{"POP3", "IMAP", s("compare.secrecy.submission")};
  int chosen = int(std::find(protocols.begin(), protocols.end(), page.of.secrecy_protocol()) - protocols.begin());
  const float width = 3 * (ui.canvas().measure(words[2], font::strong) + 24);
  if (segmented(ui, "compare.secrecy.protocol", top.take_right(width).at_right(width, 26), words, chosen))
    page.wants(app::SetSecrecyProtocol{protocols[std::size_t(chosen)]});
  top.take_right(16);
  const bool one = area.w < 900;
  if (one) {
    const std::array<std::string_view, 3> modes{mode_word(s, TlsMode::plaintext), mode_word(s, TlsMode::starttls), mode_word(s, TlsMode::implicit)};
    int mode = int(ui.memory("compare.secrecy.mode"));
    if (segmented(ui, "compare.secrecy.mode", top.at_left(std::min(top.w, 320.F), 26), modes, mode)) ui.memory("compare.secrecy.mode") = mode;
    ScrollArea scroll(ui, "compare.secrecy.scroll", area, ModeColumn::height());
    Rect inside = scroll.content();
    inside.w -= 10;
    ModeColumn(page, comparison::all_modes[mode]).draw(inside);
    return;
  }
  ui.label(top, s("compare.secrecy.title"), font::heading);
  ScrollArea scroll(ui, "compare.secrecy.scroll", area, std::max(area.h, ModeColumn::height()));
  Rect inside = scroll.content();
  const float each = inside.w / 3;
  for (const TlsMode mode : comparison::all_modes) {
    const Rect column = inside.take_left(each);
    ModeColumn(page, mode).draw(column);
    if (mode != TlsMode::implicit) ui.canvas().vertical(column.right() - 1, column.y, column.bottom(), page.theme().strong_line);
  }
}

}  // namespace glasspost::ui
