// What base64 carries, octet by octet: an alphabet, not a lock. Four characters above, the three octets that they are below.
#include <fmt/format.h>

#include <algorithm>

#include "app/ui/views/inspector_parts.h"
#include "app/ui/widgets.h"
#include "protocol/base/text.h"
#include "protocol/sasl/steps.h"

namespace glasspost::ui {
namespace {

constexpr float cell = 27, group_gap = 2, cell_height = 38;
constexpr std::size_t octets_shown = 96;

// Which part of a PLAIN answer an octet belongs to: RFC 4616 section 2. 0: whom to act as, 1: name, 2: password, -1: a NUL.
std::vector<int> plain_parts(std::string_view octets) {
  std::vector<int> parts;
  int part = 0;
  for (const char octet : octets) {
    parts.push_back(octet == '\0' ? -1 : part);
    part += octet == '\0';
  }
  return parts;
}

bool is_plain(std::string_view octets) { return std::count(octets.begin(), octets.end(), '\0') == 2; }

std::string_view title_key(Role role) {
  switch (role) {
    case Role::smtp_initial_response:
    case Role::imap_initial_response:
    case Role::pop3_initial_response: return "inspector.base64_title";
    case Role::smtp_auth_response:
    case Role::imap_auth_response:
    case Role::pop3_auth_response: return "inspector.base64_answer";
    default: return "inspector.base64_challenge";
  }
}

std::string letter_of(char octet) {
  if (octet == '\0') return "NUL";
  return is_printable(octet) ? std::string(1, octet) : "·";
}

// A brace below cells, with a word under it.
void brace(const Inspected& in, float x0, float x1, float y, std::string_view words, Colour ink, const Rect& within) {
  Canvas& c = in.ui.canvas();
  c.vertical(x0, y, y + 5, ink), c.vertical(x1 - 1, y, y + 5, ink), c.horizontal(x0, x1, y + 5, ink);
  const float wide = c.measure(words, font::caption) + 2;
  const float x = std::clamp((x0 + x1 - wide) / 2, within.x, within.right() - wide);
  in.ui.label({x, y + 7, wide, 16}, words, font::caption, ink, Align::centre);
}

void cells(const Inspected& in, Rect& rest, std::string_view encoded, std::string_view octets, bool secret) {
  Ui& ui = in.ui;
  Canvas& c = ui.canvas();
  const bool plain = secret && is_plain(octets);
  const std::vector<int> parts = plain_parts(octets);
  const std::size_t groups_in_row = std::max<std::size_t>(1, std::size_t((rest.w + group_gap) / (3 * cell + group_gap)));
  const std::size_t all = std::min(octets.size(), octets_shown), last_alone = all % 3 != 0 ? 1 : 0;
  std::size_t per_row = groups_in_row * 3;
  if (const float fit = (rest.w - float(all / 3) * group_gap) / cell; last_alone && float(all) <= fit) per_row = all;
  for (std::size_t begin = 0; begin < all; begin += per_row) {
    const std::size_t end = std::min(all, begin + per_row);
    const Rect row = rest.take_top(20 + cell_height);
    const auto place = [&](std::size_t i) { return row.x + float(i - begin) * cell + float((i - begin) / 3) * group_gap; };
    for (std::size_t i = begin; i < end; i += 3) {
      const float x0 = place(i), x1 = place(std::min(i + 2, end - 1)) + cell - 1;
      const std::string four(encoded.substr(i / 3 * 4, 4));
      const float wide = std::max(x1 - x0, c.measure(four, font::table) + 1);
      ui.label({x0, row.y, wide, 16}, four, font::table, ui.theme.second, Align::centre);
      c.horizontal(x0 + 1, x1, row.y + 17, ui.theme.strong_line);
    }
    for (std::size_t i = begin; i < end; ++i) {
      const Rect box{place(i), row.y + 20, cell - 1, cell_height - 2};
      const bool hidden = secret && (!plain || parts[i] == 2), nul = octets[i] == '\0';
      c.fill(box, hidden ? ui.theme.text : nul ? ui.theme.sunken : in.hue().tint, 2);
      const Colour ink = hidden ? ui.theme.panel : nul ? ui.theme.third : in.hue().text;
      Rect halves = box;
      ui.label(halves.take_top(17).inset(1, 0), hex(octets.substr(i, 1)), {Face::wire, 11}, ink, Align::centre);
      ui.label(halves, letter_of(octets[i]), nul ? Font{Face::wire, 10} : font::console_bold, ink, Align::centre);
    }
    if (!plain) {
      rest.take_top(6);
      continue;
    }
    for (std::size_t i = begin; i < end;) {
      std::size_t stop = i;
      while (stop < end && parts[stop] == parts[i]) ++stop;
      const float x0 = place(i), x1 = place(stop - 1) + cell - 1;
      if (parts[i] == 0) brace(in, x0, x1, row.bottom(), in.s("inspector.plain_act_as"), ui.theme.third, rest);
      if (parts[i] == 1) brace(in, x0, x1, row.bottom(), in.s("inspector.plain_name"), in.hue().text, rest);
      if (parts[i] == 2) brace(in, x0, x1, row.bottom(), in.s("inspector.plain_password"), ui.theme.text, rest);
      i = stop;
    }
    rest.take_top(28);
  }
}

// What CRAM-MD5 and SCRAM mean by it: each part, and what it is there for.
void login_parts(const Inspected& in, Rect& rest, std::string_view octets) {
  for (const sasl::CalculationStep& part : sasl::message_parts(octets)) {
    const Words* words = in.model.catalogue().find("step/sasl/" + std::string(name_of(part.what)));
    const std::string value = part.is_text ? visible(part.octets) : hex(part.octets);
    rest.take_top(6);
    runs(in.ui, rest.take_top(18), {{.text = name_of(part.what), .font = font::strong}, {.text = value, .font = font::table, .gap = 8}});
    if (words) rest.take_top(prose(in.ui, rest, words->why.empty() ? words->what : words->why, font::caption, in.ui.theme.second));
  }
}

}  // namespace

void decoded_base64(const Inspected& in, Rect& rest, const Token& token) {
  if (in.masked(token)) {
    if (in.model.stage() == app::Stage::world && !in.model.projector()) {
      rest.take_top(4);
      const std::string_view words = in.s("inspector.reveal");
      const ButtonLook look{.icon = Icon::eye, .key = "H"};
      const Rect row = rest.take_top(metric::button);
      if (button(in.ui, "inspector.reveal_here", {row.x + 16, row.y, std::min(row.w - 16, button_width(in.ui, words, look)), row.h}, words, look))
        in.out.push_back(app::ToggleReveal{});
      rest.take_top(4);
    }
    return;
  }
  const std::string_view encoded = token.span.of(in.text);
  const std::optional<std::string> octets = base64_decode(encoded);
  if (!octets || octets->empty()) return;
  rest.take_top(10);
  rest.take_top(prose(in.ui, rest, in.s(title_key(token.role)), font::strong, {}, "inspector.base64") + 4);
  cells(in, rest, encoded, *octets, is_secret(token.role));
  Rect note = rest.take_top(20);
  const std::string_view source = "RFC 4648 §4";
  source_link(in, "inspector.source/base64", note.take_right(source_width(in, source)), source);
  note.take_right(8);
  in.ui.label(note, in.s("inspector.base64_note", {{"characters", std::to_string(encoded.size())}, {"octets", std::to_string(octets->size())}}), font::caption,
              in.ui.theme.third);
  login_parts(in, rest, *octets);
}

}  // namespace glasspost::ui
