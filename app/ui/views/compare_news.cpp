// Told or asking: how late a letter is noticed by IDLE, NOOP and a POP3 interval, and what that costs.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/ui/views/compare.h"
#include "app/ui/views/inspector_parts.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

using comparison::Asking;
using comparison::News;
using comparison::NewsSetting;

constexpr float lane_height = 66, row_height = 21;
constexpr std::array<int, 5> minutes{1, 5, 15, 30, 60};
constexpr std::array<std::size_t, 4> amounts{4, 12, 48, 200};

Protocol protocol_of(Asking asking) { return asking == Asking::pop3 ? Protocol::pop3 : Protocol::imap; }

std::string_view title_of(const Strings& s, Asking asking) {
  switch (asking) {
    case Asking::idle: return s("compare.news.idle");
    case Asking::noop: return s("compare.news.noop");
    case Asking::pop3: return s("compare.news.pop3");
  }
  return {};
}

std::string note_of(const ComparePage& page, Asking asking) {
  const std::string interval = page.s.duration(page.of.news_setting().interval);
  switch (asking) {
    case Asking::idle: return std::string(page.s("compare.news.idle_note"));
    case Asking::noop: return page.s("compare.news.noop_note", {{"interval", interval}});
    case Asking::pop3: return page.s("compare.news.pop3_note", {{"interval", interval}});
  }
  return {};
}

void settings_row(ComparePage& page, Rect row) {
  Ui& ui = page.ui;
  NewsSetting wanted = page.of.news_setting();
  std::array<std::string, 5> every;
  std::array<std::string_view, 5> texts;
  int chosen = 1;
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    every[i] = page.s.duration(std::chrono::minutes{minutes[i]}), texts[i] = every[i];
    if (wanted.interval == std::chrono::minutes{minutes[i]}) chosen = int(i);
  }
  if (dropdown(ui, "compare.news.interval", row.take_right(92).at_right(92, 26), texts, chosen)) wanted.interval = std::chrono::minutes{minutes[std::size_t(chosen)]};
  row.take_right(8);
  const std::string_view asking = page.s("compare.news.interval"), letters = page.s("compare.news.letters");
  const float width = ui.canvas().measure(asking, font::body) + 2;
  ui.label(row.take_right(width), asking, font::body, page.theme().second);
  row.take_right(20);
  std::array<std::string, 4> numbers;
  std::array<std::string_view, 4> amount_texts;
  int amount = 1;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    numbers[i] = std::to_string(amounts[i]), amount_texts[i] = numbers[i];
    if (wanted.letters == amounts[i]) amount = int(i);
  }
  if (segmented(ui, "compare.news.letters", row.take_right(160).at_right(160, 24), amount_texts, amount)) wanted.letters = amounts[std::size_t(amount)];
  row.take_right(8);
  const float words = ui.canvas().measure(letters, font::body) + 2;
  ui.label(row.take_right(words), letters, font::body, page.theme().second);
  row.take_right(16);
  if (row.w > 200) ui.label(row, page.s("compare.news.title"), font::heading);
  if (!(wanted == page.of.news_setting())) page.wants(app::SetNews{wanted.interval, wanted.letters});
}

// A letter is a stroke where it came, a shape where it was noticed, and the bar between them is how long nobody knew.
void lane(ComparePage& page, Rect area, Asking asking) {
  Ui& ui = page.ui;
  const Theme& t = page.theme();
  const Protocol protocol = protocol_of(asking);
  const Hue& hue = t.of(protocol);
  Rect words = area.take_left(std::min(230.F, area.w * 0.3F));
  const std::string note = note_of(page, asking);
  const float wrapped = measure_prose(ui, words.w - 32, note, font::caption), high = std::min(words.h, 20 + wrapped);
  words = words.inset(0, (words.h - high) / 2);
  draw_shape(ui.canvas(), t, words.take_left(26).at_left(20, 20), protocol);
  words.take_left(6);
  ui.label(words.take_top(20), title_of(page.s, asking), font::strong);
  prose(ui, words, note, font::caption, t.second);
  area.take_left(12);
  area.take_right(8);
  const float y = area.middle();
  ui.canvas().horizontal(area.x, area.right(), y, t.strong_line);
  const comparison::NewsRun* run = page.of.news(asking);
  if (!run) return void(ui.label(area, page.s("compare.acts.working"), font::caption, t.third));
  const NewsSetting& setting = page.of.news_setting();
  const Instant start = run->world().scenario().start;
  const auto place = [&](Instant at) { return area.x + float(double((at - start).count()) / double(setting.day.count())) * area.w; };
  const auto& letters = run->result().letters;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const comparison::Noticed& letter = letters[i];
    const float came = place(letter.came), known = letter.known_by == no_record ? area.right() : place(letter.known);
    ui.canvas().fill({came, y - 8, std::max(1.F, known - came), 7}, hue.tint);
    ui.canvas().outline({came, y - 8, std::max(1.F, known - came), 7}, hue.fill, 1);
    ui.canvas().vertical(came, y - 18, y, t.text, 1);
    const Rect mark{known - 5, y + 3, 11, 11};
    if (letter.known_by == no_record) {
      draw_icon(ui.canvas(), Icon::cross, {area.right() - 6, y + 3, 12, 12}, t.error.fill);
      continue;
    }
    draw_shape(ui.canvas(), t, mark, protocol, true, false);
    const Rect reach{std::min(came, known) - 5, y - 18, std::max(10.F, known - came + 10), 36};
    const std::string late = page.s.duration(Duration(letter.late().count() / 1000 * 1000));
    const Response r = ui.interact(fmt::format("compare.noticed/{}/{}", int(asking), i), Kind::item, reach, late, {.focusable = false});
    ui.tooltip(reach, late);
    if (r.hovered) ui.canvas().outline(mark.inset(-3), t.accent, 1, 3);
    if (r.clicked) page.wants(app::LookAt{std::size_t(asking), letter.known_by, no_record});
  }
}

void hours(ComparePage& page, Rect area) {
  area.take_left(std::min(230.F, area.w * 0.3F) + 12);
  area.take_right(8);
  for (int hour = 0; hour <= 8; ++hour) {
    const float x = area.x + area.w * float(hour) / 8;
    page.canvas().vertical(x, area.y, area.y + 4, page.theme().strong_line);
    const std::string text = fmt::format("{:02}:00", 8 + hour);
    const float w = page.canvas().measure(text, font::caption) + 2;
    page.ui.label({std::clamp(x - w / 2, area.x - 12, area.right() - w + 8), area.y + 4, w, 14}, text, font::caption, page.theme().third, Align::centre);
  }
}

void costs(ComparePage& page, Rect area, Asking asking) {
  Ui& ui = page.ui;
  const Theme& t = page.theme();
  const Strings& s = page.s;
  const Protocol protocol = protocol_of(asking);
  ui.canvas().fill({area.x, area.y, area.w, 3}, t.of(protocol).fill);
  area = area.inset(14, 0);
  area.take_top(8);
  Rect top = area.take_top(26);
  draw_shape(ui.canvas(), t, top.take_left(24).at_left(18, 18), protocol);
  ui.label(top, title_of(s, asking), font::heading);
  const comparison::NewsRun* run = page.of.news(asking);
  if (!run) return void(ui.label(area.take_top(30), page.s("compare.acts.working"), font::body, t.third));
  const News& news = run->result();
  const auto row = [&](std::string_view key, const std::string& value, bool strong = false) {
    Rect line = area.take_top(row_height);
    ui.canvas().horizontal(line.x, line.right(), line.bottom() - 1, t.line);
    const Font face = strong ? font::table_bold : font::table;
    ui.label(line.take_right(ui.canvas().measure(value, face) + 2), value, face, {}, Align::right, fmt::format("compare.news.cost/{}/{}", int(asking), key.substr(13)));
    ui.label(line, s(key), font::body, strong ? t.text : t.second);
  };
  const auto time = [&](Duration d) { return s.duration(d < 10s ? Duration(d.count() / 1000 * 1000) : Duration(std::chrono::duration_cast<std::chrono::seconds>(d))); };
  row("compare.news.mean", time(news.mean), true);
  row("compare.news.worst", time(news.worst), true);
  row("compare.news.bytes", s.number(news.counts.octets()), true);
  row("compare.news.trips", s.number(news.counts.trips));
  row("compare.news.connections", s.number(news.counts.connections));
  row("compare.news.empty", asking == Asking::idle ? std::string(s("compare.news.none")) : s.number(news.empty_handed));
  if (news.unknown > 0) row("compare.news.unknown", s.number(news.unknown));
  area.take_top(6);
  const std::string_view how = s(asking == Asking::idle ? "compare.news.how_idle" : asking == Asking::noop ? "compare.news.how_noop" : "compare.news.how_pop3");
  area.take_top(prose(ui, area, how, font::body, t.second) + 4);
  Rect links = area.take_top(20);
  const std::string_view rfc = asking == Asking::idle ? "RFC 2177" : asking == Asking::noop ? "RFC 3501 §6.1.2" : "RFC 1939 §4";
  if (link(ui, fmt::format("compare.news.rfc/{}", int(asking)), links.take_left(ui.canvas().measure(rfc, font::caption) + 2), rfc))
    page.actions.push_back(app::Copy{rfc_address(rfc)});
  links.take_left(14);
  if (news.letters.empty() || news.letters[0].known_by == no_record) return;
  if (link(ui, fmt::format("compare.news.show/{}", int(asking)), links, s("compare.news.show")))
    page.wants(app::LookAt{std::size_t(asking), news.letters[0].known_by, no_record});
}

}  // namespace

void compare_news(ComparePage& page, Rect area) {
  Ui& ui = page.ui;
  settings_row(page, area.take_top(44).inset(metric::padding, 0));
  const bool one = area.w < 900;
  const float table = 26 + 8 + 7 * row_height + 6 + 92 + 24, lanes = 26 + 3 * lane_height + 24;
  const float height = lanes + (one ? 3 * (table + 12) : table) + 16;
  ScrollArea scroll(ui, "compare.news.scroll", area, std::max(area.h, height));
  Rect inside = scroll.content().inset(metric::padding, 0);
  if (height > area.h) inside.w -= 6;
  ui.label(inside.take_top(26), page.s("compare.news.day"), font::strong);
  const float spare = one ? 0 : std::clamp((area.h - height) / 4, 0.F, 30.F);
  for (const Asking asking : comparison::all_askings) lane(page, inside.take_top(lane_height + spare), asking);
  hours(page, inside.take_top(24));
  inside.take_top(12);
  const float each = one ? inside.w : (inside.w - 32) / 3;
  for (const Asking asking : comparison::all_askings) {
    const Rect place = one ? inside.take_top(table + 12) : inside.take_left(each);
    if (!one) inside.take_left(16);
    costs(page, place, asking);
  }
}

}  // namespace glasspost::ui
