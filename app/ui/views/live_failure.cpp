// A connection that was not made, or that broke: how far it came, what that means, what to do. Where a certificate is the
// reason: what was shown, and the way on, which takes the certificate's name, typed, and holds for one session.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "app/ui/views/live.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"
#include "protocol/tls/facts.h"

namespace glasspost::ui {
namespace {

using State = app::LiveProgress::State;

constexpr float head_height = 44, strip_height = 34, gap = 24, narrow = 760, name_row = 18, label_row = 22, number_room = 28;
constexpr std::size_t most_names = 4;
constexpr std::size_t beginning = 2000;  // messages in which a login is looked for
constexpr Font fingerprint_font{Face::wire, 11};

// RFC 6125 section 6.4.3: a star stands for one whole label, the first.
bool covers(std::string_view name, std::string_view host) {
  if (equal_ignoring_case(name, host)) return true;
  if (!name.starts_with("*.")) return false;
  const std::size_t dot = host.find('.');
  return dot != host.npos && dot > 0 && equal_ignoring_case(name.substr(1), host.substr(dot));
}

std::vector<std::string> names_of(const CertificateFacts& certificate) {
  return certificate.names.empty() ? std::vector<std::string>{certificate.subject} : certificate.names;
}

// What is typed to go on: the name that was asked for if the certificate has it, else the certificate's first.
std::string name_to_accept(const CertificateFacts& certificate, std::string_view host) {
  const auto names = names_of(certificate);
  for (const std::string& name : names)
    if (covers(name, host)) return std::string(host);
  return names.front();
}

std::string day(Instant at) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

class Failure {
 public:
  Failure(Ui& ui, const Model& model, Actions& actions)
      : ui_(ui), s_(model.strings()), t_(ui.theme), line_(*model.live()), model_(model), actions_(actions), facts_(line_.distrusted()) {}

  void head(Rect row) {
    row = row.inset(metric::padding, 0);
    draw_icon(ui_.canvas(), Icon::warning, row.take_left(30).at_left(20, 20), t_.error.fill);
    if (!secret_was_said()) {
      const std::string_view words = s_("live.password_not_sent");
      const float width = ui_.canvas().measure(words, font::caption_strong) + 1;
      if (row.w > width + 360) {
        ui_.label(row.take_right(width), words, font::caption_strong, {}, Align::right, "live.nothing_sent");
        draw_icon(ui_.canvas(), Icon::tick, row.take_right(20).at_left(12, 12), t_.text);
        row.take_right(16);
      }
    }
    const std::string status = line_.status();
    ui_.label(row, status, font::heading, t_.error.text, Align::left, "console.status");
  }

  // The steps on one line: done, failed, not reached.
  void strip(Rect row) {
    row = row.inset(metric::padding, 0);
    const auto steps = line_.progress();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const std::string name(app::name_of(steps[i].step));
      const std::string_view words = s_("live.step." + name);
      const bool failed = steps[i].state == State::failed;
      const std::string more = failed ? std::string(s_("live.step_failed." + name)) : steps[i].state == State::done && steps[i].took > Duration{} ? s_.duration(steps[i].took) : std::string();
      const float width = ui_.canvas().measure(words, font::strong) + 1, more_width = more.empty() ? 0 : ui_.canvas().measure(more, font::caption) + 9;
      if (row.w < 24 + width + more_width) return;
      draw_mark(ui_.canvas(), t_, row.take_left(24).at_left(18, 18), failed ? Mark::failed : steps[i].state == State::done ? Mark::done : Mark::ahead);
      ui_.label(row.take_left(width), words, font::strong, steps[i].state == State::to_come ? t_.third : t_.text);
      if (!more.empty()) ui_.label(row.take_left(more_width).inset(4, 0), more, font::caption, failed ? t_.error.text : t_.second);
      if (i + 1 < steps.size()) {
        row.take_left(8);
        ui_.canvas().horizontal(row.x, row.x + 24, row.middle(), t_.strong_line);
        row.take_left(32);
      }
    }
  }

  // Returns its height.
  float body(Rect area) {
    if (area.w < narrow) {
      Rect rest = area;
      if (facts_) rest.take_top(shown(rest) + gap);
      rest.take_top(advice(rest) + gap);
      if (facts_) rest.take_top(way_on(rest) + gap);
      in_a_terminal(rest);
      return rest.y - area.y;
    }
    if (!facts_) {
      const Rect first = area.take_left(std::round((area.w - gap) / 2));
      area.take_left(gap);
      return std::max(means(first), to_do(area));
    }
    const float each = std::floor((area.w - 2 * gap) / 3);
    const Rect first = area.take_left(each);
    area.take_left(gap);
    const Rect second = area.take_left(each);
    area.take_left(gap);
    Rect below = first;
    below.take_top(shown(first) + 12);
    in_a_terminal(below);
    return std::max({below.y - first.y, advice(second), way_on(area)});
  }

 private:
  bool secret_was_said() const {
    const Conversation* conversation = model_.conversations().find(line_.connection());
    if (!conversation) return false;
    for (MessageId id = 0; id < std::min<std::size_t>(conversation->size(), beginning); ++id) {
      const Message& message = conversation->message(id);
      if (message.from != Side::client) continue;
      for (const Token& token : conversation->tokens(message))
        if (is_secret(token.role)) return true;
    }
    return false;
  }

  float paragraph(Rect& rest, std::string_view text, Font font, Colour colour, std::string_view name = {}) {
    const float height = prose(ui_, rest, text, font, colour, name);
    rest.take_top(height);
    return height;
  }

  // --- what was asked for, and what was shown

  void check(Rect& row, std::string_view word, std::optional<bool> good) {
    const std::string_view words = s_(word);
    const float width = ui_.canvas().measure(words, font::caption) + 1;
    if (row.w < width + 18) return;
    const Rect mark = row.take_left(18).at_left(12, 12);
    if (good) draw_icon(ui_.canvas(), *good ? Icon::tick : Icon::cross, mark, *good ? t_.text : t_.error.fill);
    else draw_icon(ui_.canvas(), Icon::dash, mark, t_.third);
    const Rect at = row.take_left(width);
    ui_.note(std::string(word), Kind::area, at, words, good.value_or(false));
    ui_.label(at, words, good && !*good ? font::caption_strong : font::caption, good && !*good ? t_.error.text : t_.second);
    row.take_left(12);
  }

  float shown(Rect area) {
    const CertificateFacts& certificate = facts_->chain.front();
    const auto names = names_of(certificate);
    const std::size_t rows = std::min(names.size(), most_names);
    const float certificate_height = float(rows) * name_row + (names.size() > rows ? name_row : 0) + 2 * name_row + 20;
    Rect whole = area;
    whole.h = 16 + label_row + 28 + 8 + label_row + certificate_height + 10 + 2 * label_row + 12;
    ui_.canvas().fill(whole, t_.sunken, metric::card_radius);
    ui_.canvas().outline(whole, t_.line, 1, metric::card_radius);
    Rect rest = whole.inset(16, 12);
    ui_.label(rest.take_top(label_row), s_("live.asked_for"), font::caption, t_.second);
    ui_.label(rest.take_top(28), line_.host(), font::line_bold, {}, Align::left, "live.asked_for");
    rest.take_top(8);
    ui_.label(rest.take_top(label_row), s_("live.was_shown"), font::caption, t_.second);
    Rect card = rest.take_top(certificate_height);
    ui_.canvas().fill(card, t_.raised, metric::radius);
    ui_.canvas().outline(card, t_.tls().fill, 1, metric::radius);
    draw_icon(ui_.canvas(), Icon::certificate, Rect{card.right() - 34, card.bottom() - 34, 24, 24}, t_.tls().text);
    card = card.inset(12, 10);
    bool named = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool good = covers(names[i], line_.host());
      named |= good;
      if (i >= rows) continue;
      Rect row = card.take_top(name_row);
      draw_icon(ui_.canvas(), good ? Icon::tick : Icon::cross, row.take_left(20).at_left(12, 12), good ? t_.text : t_.error.fill);
      ui_.label(row, names[i], font::console, t_.text);
    }
    if (names.size() > rows) ui_.label(card.take_top(name_row), s_("live.more_addresses", {{"n", std::to_string(names.size() - rows)}}), font::caption, t_.second);
    ui_.label(card.take_top(name_row), s_("live.valid_from_to", {{"from", day(certificate.not_before)}, {"to", day(certificate.not_after)}}), font::caption, t_.second);
    card.take_right(30);
    ui_.label(card.take_top(name_row), s_("live.signed_by_only", {{"issuer", certificate.issuer}}), font::caption, t_.second);
    rest.take_top(10);
    // TLS says its first complaint only; that an unknown authority's certificate has expired as well can be seen all the same.
    const Trace& trace = line_.trace();
    const Instant then = trace.size() > 0 ? trace[trace.end() - 1].at : certificate.not_before;
    const bool out_of_date = facts_->verdict == Verdict::expired || facts_->verdict == Verdict::not_yet_valid ||
                             then < certificate.not_before || then > certificate.not_after;
    const bool unknown = facts_->verdict == Verdict::unknown_authority || facts_->verdict == Verdict::self_signed;
    Rect row = rest.take_top(label_row);
    check(row, "live.check.name", named);
    check(row, "live.check.dates", !out_of_date);
    row = rest.take_top(label_row);
    // The first complaint is the one that is known: behind a name or a date that is wrong the signatures were not looked at.
    check(row, "live.check.chain", unknown ? std::optional<bool>(false) : std::nullopt);
    check(row, "live.check.revocation", std::nullopt);
    return whole.h;
  }

  // --- what it means, and what to do

  // Its heading and its words, cut off the rest; nothing if there is no meaning.
  void explained(Rect& rest, float below) {
    const std::string meaning = line_.meaning();
    if (meaning.empty()) return;
    ui_.label(rest.take_top(label_row), s_("live.what_it_means"), font::strong);
    paragraph(rest, meaning, font::body, t_.second, "live.meaning");
    rest.take_top(below);
  }
  float means(Rect area) {
    Rect rest = area;
    explained(rest, 16);
    in_a_terminal(rest);
    return rest.y - area.y;
  }
  float to_do(Rect area) {
    Rect rest = area;
    const auto remedies = line_.remedies();
    if (!remedies.empty()) ui_.label(rest.take_top(label_row), s_("live.what_to_do"), font::strong);
    for (std::size_t i = 0; i < remedies.size(); ++i) {
      Rect row = rest;
      const Rect ring = row.take_left(number_room);
      ui_.canvas().outline({ring.x, ring.y + 1, 18, 18}, t_.strong_line, 1, 9);
      ui_.label({ring.x, ring.y + 1, 18, 18}, std::to_string(i + 1), font::caption_strong, t_.text, Align::centre);
      rest.take_top(std::max(20.F, prose(ui_, row, remedies[i], font::body, t_.text, fmt::format("live.remedy/{}", i + 1))) + 6);
    }
    rest.take_top(8);
    again(rest);
    return rest.y - area.y;
  }
  float advice(Rect area) {
    Rect rest = area;
    explained(rest, 12);
    rest.take_top(to_do(rest));
    return rest.y - area.y;
  }

  // Once more; and as the one who answered is called, beside it or below.
  void again(Rect& rest) {
    Rect row = rest.take_top(metric::button);
    const std::string_view words = s_("live.try_again");
    const float width = button_width(ui_, words, {.icon = Icon::reload});
    if (button(ui_, "live.again", row.take_left(width), words, {.icon = Icon::reload})) {
      app::LiveWish wish = line_.wish();
      wish.accepted_certificate.clear();
      actions_.push_back(app::ConnectReal{std::move(wish)});
    }
    if (!facts_ || facts_->verdict != Verdict::wrong_name) return;
    const std::string name = name_to_accept(facts_->chain.front(), line_.host());
    const std::size_t at = line_.wish().url.rfind(line_.host());
    if (name.find('*') != name.npos || name.find(':') != name.npos || at == std::string::npos) return;
    row.take_left(8);
    const std::string named = s_("live.try_named", {{"name", name}});
    const float named_width = button_width(ui_, named);
    if (row.w < named_width) rest.take_top(8), row = rest.take_top(metric::button);
    if (!button(ui_, "live.try_named", row.take_left(std::min(row.w, named_width)), named)) return;
    app::LiveWish wish = line_.wish();
    wish.accepted_certificate.clear();
    wish.url.replace(at, line_.host().size(), name);
    actions_.push_back(app::ConnectReal{std::move(wish)});
  }

  void in_a_terminal(Rect& rest) {
    const std::string command = "glasspost connect " + line_.wish().url;
    ui_.label(rest.take_top(label_row), s_("live.in_a_terminal"), font::caption, t_.second);
    Rect box = rest.take_top(32);
    ui_.canvas().fill(box, t_.sunken, metric::radius);
    ui_.canvas().outline(box, t_.line, 1, metric::radius);
    Rect inside = box.inset(10, 0);
    if (icon_button(ui_, "live.copy_command", inside.take_right(24).at_left(22, 22), Icon::copy, s_("common.copy"))) actions_.push_back(app::Copy{command});
    ui_.label(inside, command, font::table);
  }

  // --- going on regardless

  float way_on(Rect area) {
    const CertificateFacts& certificate = facts_->chain.front();
    const std::string name = name_to_accept(certificate, line_.host());
    const float width = area.w - 32;
    const std::string_view warning = s_("live.go_on_warning");
    const float warned = measure_prose(ui_, width, warning, font::caption), ask = measure_prose(ui_, width, s_("live.type_name"), font::body);
    // Pairs of digits: 16 in a row, or 8 where that is too wide.
    const std::size_t in_a_row = ui_.canvas().measure(std::string(47, '0'), fingerprint_font) < width ? 16 : 8, print_rows = 32 / in_a_row;
    Rect whole = area;
    whole.h = 14 + 26 + 6 + warned + 12 + label_row + float(print_rows) * name_row + 12 + ask + 4 + 22 + 6 + 32 + 8 + metric::button + 14;
    ui_.canvas().fill(whole, t_.raised, metric::card_radius);
    ui_.canvas().outline(whole, t_.error.fill, 2, metric::card_radius);
    ui_.note("live.way_on", Kind::area, whole);
    Rect rest = whole.inset(16, 14);
    Rect head = rest.take_top(26);
    draw_padlock(ui_.canvas(), t_, head.take_left(26).at_left(18, 18), false);
    const std::string_view hint = s_("live.go_on_hint");
    const float hint_width = ui_.canvas().measure(hint, font::caption_strong) + 1;
    if (head.w > hint_width + 140) ui_.label(head.take_right(hint_width), hint, font::caption_strong, t_.error.text, Align::right);
    ui_.label(head, s_("live.go_on"), font::heading);
    rest.take_top(6);
    paragraph(rest, warning, font::caption, t_.second);
    rest.take_top(12);
    ui_.label(rest.take_top(label_row), s_("live.fingerprint"), font::caption, t_.second);
    const std::string& print = certificate.fingerprint;
    for (std::size_t row = 0; row < print_rows; ++row)
      ui_.label(rest.take_top(name_row), print.substr(std::min(print.size(), row * in_a_row * 3), in_a_row * 3), fingerprint_font, {}, Align::left, fmt::format("live.fingerprint/{}", row + 1));
    rest.take_top(12);
    paragraph(rest, s_("live.type_name"), font::body, t_.text);
    rest.take_top(4);
    ui_.label(rest.take_top(22), name, font::console_bold, {}, Align::left, "live.name_to_accept");
    rest.take_top(6);
    LineEdit& edit = ui_.edit("live.accept");
    const InputEvent event = text_input(ui_, "live.accept", rest.take_top(32), edit, {.text_font = font::console});
    rest.take_top(8);
    const ButtonLook look{.enabled = equal_ignoring_case(edit.text(), name), .why_not = s_("live.type_name_first")};
    const float button_room = button_width(ui_, s_("live.go_on_unproven"), look);
    Rect foot = rest.take_top(metric::button);
    const bool pressed = button(ui_, "live.go_on", foot.take_right(std::min(foot.w, button_room)), s_("live.go_on_unproven"), look);
    if (look.enabled && (pressed || event == InputEvent::submitted)) {
      app::LiveWish wish = line_.wish();
      wish.accepted_certificate = print;
      edit.clear();
      actions_.push_back(app::ConnectReal{std::move(wish)});
    }
    return whole.h;
  }

  Ui& ui_;
  const Strings& s_;
  const Theme& t_;
  const app::LiveLine& line_;
  const Model& model_;
  Actions& actions_;
  const TlsFacts* facts_;
};

}  // namespace

float live_failure_height(Ui& ui) { return head_height + strip_height + float(ui.memory("live.failure.height", 400)); }

void live_failure(Ui& ui, Rect area, const Model& model, Actions& actions) {
  ui.canvas().fill(area, ui.theme.panel);
  ui.canvas().horizontal(area.x, area.right(), area.y, ui.theme.error.fill, 2);
  Failure failure(ui, model, actions);
  failure.head(area.take_top(head_height));
  failure.strip(area.take_top(strip_height));
  double& height = ui.memory("live.failure.height", 400);
  ScrollArea scroll(ui, "live.failure.scroll", area, float(height));
  Rect rest = scroll.content().inset(metric::padding, 8);
  rest.h = 1e6F;
  const double needed = double(failure.body(rest)) + 24;
  if (needed != height) height = needed, ui.next_frame();
}

}  // namespace glasspost::ui
