#include <array>
#include <string>

#include "app/ui/gallery/gallery.h"

namespace glasspost::ui {
namespace {

constexpr std::array protocols = {Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3, Protocol::dns, Protocol::tls};

void bar(Ui& ui, Rect& area, GalleryState& state) {
  Rect top = area.take_top(metric::top_bar);
  Canvas& c = ui.canvas();
  c.fill(top, ui.theme.window);
  c.horizontal(top.x, top.right(), top.bottom() - 1, ui.theme.line);
  draw_icon(c, Icon::glasspost, {16, 8, 24, 24}, ui.theme.accent);
  ui.label({48, 0, 100, 40}, "Glasspost", font::heading);
  static constexpr std::string_view names[] = {"Learn", "World", "Compare", "Live"};
  tabs(ui, "workspace", {152, 0, 400, 40}, names, state.workspace, TabLine::above);
  static constexpr std::string_view tongues[] = {"EN", "ES"};
  segmented(ui, "language", {top.right() - 160, 10, 64, 20}, tongues, state.language);
  icon_button(ui, "theme", {top.right() - 84, 6, 28, 28}, ui.theme.dark() ? Icon::moon : Icon::sun, "Light or dark");
  icon_button(ui, "projector", {top.right() - 52, 6, 28, 28}, Icon::projector, "Projector mode");
  text_input(ui, "search", {top.right() - 392, 8, 216, 24}, state.search,
             {.placeholder = "Every action", .text_font = font::body, .search = true, .reserved_right = 52});
  key_cap(ui, {top.right() - 392 + 164, 20}, "Ctrl+K");
}

void transport(Ui& ui, Rect& area, GalleryState& state) {
  Rect row = area.take_top(metric::transport);
  ui.canvas().fill(row, ui.theme.panel);
  ui.canvas().horizontal(row.x, row.right(), row.bottom() - 1, ui.theme.line);
  icon_button(ui, "back", {16, row.y + 14, 28, 28}, Icon::step_back, "Back");
  round_button(ui, "play", {52, row.y + 12, 32, 32}, Icon::play, "Play");
  icon_button(ui, "step", {92, row.y + 14, 28, 28}, Icon::step_forward, "Step");
  icon_button(ui, "fast", {120, row.y + 14, 28, 28}, Icon::fast_forward, "To the end");
  static constexpr std::string_view speeds[] = {"0.01×", "0.02×", "0.1×", "1×", "10×"};
  dropdown(ui, "speed", {154, row.y + 16, 56, 24}, speeds, state.speed);
  ui.label({224, row.y + 8, 160, 22}, "09:00:00.448", font::line_bold);
  ui.label({224, row.y + 30, 200, 16}, "448 ms after Alice pressed Send", font::caption, ui.theme.second);
  static constexpr std::string_view modes[] = {"Step", "Run"};
  segmented(ui, "mode", {420, row.y + 14, 176, 28}, modes, state.step, true);
  button(ui, "readonly", {612, row.y + 14, 128, 28}, "Read-only", {.strong = true, .icon = Icon::eye});
  button(ui, "held", {756, row.y + 14, 120, 28}, "you hold the line", {.lit = true});
  round_button(ui, "big_play", {1100, row.y + 2, 52, 52}, Icon::play, "Play", true);
}

void colours(Ui& ui, Rect area) {
  const Theme& t = ui.theme;
  struct Named {
    const char* name;
    Colour colour;
  };
  const Named all[] = {{"window", t.window}, {"panel", t.panel}, {"sunken", t.sunken}, {"raised", t.raised}, {"line", t.line},
                       {"strong", t.strong_line}, {"text", t.text}, {"second", t.second}, {"third", t.third}, {"accent", t.accent},
                       {"tint", t.accent_tint}, {"on", t.on_accent}, {"error", t.error.fill}, {"err. text", t.error.text}, {"err. tint", t.error.tint}};
  float x = area.x;
  for (const Named& one : all) {
    ui.canvas().fill({x, area.y, 40, 24}, one.colour, metric::chip_radius);
    ui.canvas().outline({x, area.y, 40, 24}, t.line, 1, metric::chip_radius);
    ui.label({x, area.y + 26, 52, 14}, one.name, font::caption, t.third);
    x += 54;
  }
  float y = area.y + 52;
  x = area.x;
  for (const Protocol p : protocols) {
    const Hue& hue = t.of(p);
    const Rect ground{x, y, 128, 28};
    ui.canvas().fill(ground, hue.tint, metric::chip_radius);
    draw_shape(ui.canvas(), t, {x + 6, y + 6, 16, 16}, p);
    draw_shape(ui.canvas(), t, {x + 28, y + 8, 12, 12}, p, false, false);
    ui.label({x + 48, y, 40, 28}, name_of(p), font::strong, hue.text);
    ui.canvas().fill({x + 88, y + 4, 6, 20}, t.panel), ui.canvas().outline({x + 88, y + 4, 6, 20}, hue.fill);
    ui.canvas().fill({x + 96, y + 4, 6, 20}, hue.tint), ui.canvas().outline({x + 96, y + 4, 6, 20}, hue.fill);
    ui.canvas().fill({x + 104, y + 4, 6, 20}, t.authenticated(p)), ui.canvas().outline({x + 104, y + 4, 6, 20}, hue.fill);
    ui.canvas().fill({x + 112, y + 4, 6, 20}, hue.fill), ui.canvas().outline({x + 112, y + 4, 6, 20}, t.outline(p));
    x += 136;
  }
}

void icons(Ui& ui, Rect area) {
  float x = area.x, y = area.y;
  for (int i = 0; i < icon_count; ++i) {
    if (x + 24 > area.right()) x = area.x, y += 32;
    draw_icon(ui.canvas(), Icon(i), {x, y, 24, 24}, ui.theme.text);
    draw_icon(ui.canvas(), Icon(i), {x + 27, y + 10, 14, 14}, ui.theme.third);
    x += 50;
  }
  y += 40, x = area.x;
  for (const Mark m : {Mark::done, Mark::failed, Mark::open, Mark::ahead, Mark::never, Mark::nothing_there, Mark::waiting}) {
    draw_mark(ui.canvas(), ui.theme, {x, y, 20, 20}, m);
    x += 30;
  }
  draw_padlock(ui.canvas(), ui.theme, {x, y, 18, 18}, true), x += 28;
  draw_padlock(ui.canvas(), ui.theme, {x, y, 18, 18}, false), x += 34;
  for (const Protocol p : protocols) draw_shape(ui.canvas(), ui.theme, {x, y - 4, 26, 26}, p), x += 36;
  const Colour blue = ui.theme.of(Protocol::smtp).fill;
  const float ends[2] = {x + 8, x + 120};
  ui.canvas().arrow({ends[0], y}, {ends[1], y}, blue, dash::solid, 1, Cap::arrow, Cap::dot);
  ui.canvas().arrow({ends[1], y + 8}, {ends[0], y + 8}, blue, dash::reply, 1, Cap::arrow, Cap::dot);
  ui.canvas().arrow({ends[0], y + 16}, {ends[1], y + 16}, blue, dash::not_arrived, 1, Cap::hollow_arrow);
  ui.canvas().arrow({ends[0] + 130, y + 18}, {ends[1] + 120, y}, ui.theme.accent, dash::would_happen, 2);
  ui.canvas().curve({x + 270, y}, {x + 300, y}, {x + 290, y + 18}, {x + 330, y + 18}, ui.theme.accent, 1.5f);
}

void type(Ui& ui, Rect area) {
  const auto line = [&](float height, Font f, std::string_view text, Colour colour) { ui.label(area.take_top(height), text, f, colour); };
  line(28, font::title, "Title 20: Envía la primera carta", ui.theme.text);
  line(22, font::heading, "Heading 15: Alice’s laptop asks to log in", ui.theme.text);
  line(22, font::prose, "Prose 15: Hay dos maneras de poner TLS bajo SMTP.", ui.theme.second);
  line(20, font::strong, "Interface 13, semi-bold: ¿Qué ofrecerá?", ui.theme.text);
  line(20, font::body, "Interface 13: nothing is sent until you say so → «así»", ui.theme.second);
  line(16, font::caption, "Caption 11: message 18, connection 2 · 50 % – ½ · ŁÓDŹ", ui.theme.third);
  line(20, font::table, "12 250 2.1.0 Ok  {42}  ├─└│ → ⌃ 0Oo1lI|", ui.theme.text);
  line(20, font::table_bold, "12 MAIL FROM:<alice@example.com> SIZE=612", ui.theme.of(Protocol::smtp).text);
  line(22, font::console, "13 * OK [CAPABILITY IMAP4rev1] -> != <= ready", ui.theme.text);
  line(24, font::line_bold, "16 AUTH PLAIN AGFsaWNl", ui.theme.of(Protocol::smtp).text);
  line(30, font::held, "20 a4 EXAMINE INBOX", ui.theme.of(Protocol::imap).text);
  area.take_top(6);
  prose(ui, area, "Like `SELECT`, but **read-only**: no flag can change, and fetching a letter does not mark it `\\Seen`. You typed `SELECT`; "
                  "read-only mode proposes `EXAMINE`.", font::body, ui.theme.second);
}

void controls(Ui& ui, Rect area, GalleryState& state) {
  Rect panel = area;
  ui.canvas().outline(area, ui.theme.line);
  Rect head = panel_head(ui, "ladder", panel, "Ladder", "26 messages so far", "9 earlier rows above");
  float x = head.x;
  for (const char* text : {"everyone", "this connection", "this letter"}) {
    const std::string name = std::string("chip/") + text;
    chip(ui, name, {x, head.middle()}, text, text[0] == 'e');
    x += chip_width(ui, text) + 8;
  }
  table_head(ui, panel, {{"#", 16, 20, Align::right}, {"seconds", 44, 52, Align::right}, {"Alice’s laptop", 110, 120, Align::left, true}, {"octets", 300, 90, Align::right}});
  const char* rows[] = {"STARTTLS", "220 2.0.0 Ready to start TLS", "AUTH PLAIN ••••••••••••", "250 PIPELINING · AUTH PLAIN SCRAM-SHA-256 8BITMIME ENHANCEDSTATUSCODES"};
  for (int i = 0; i < 4; ++i) {
    const Rect row = panel.take_top(metric::ladder_row);
    row_ground(ui, row, i == 2, i == 1);
    ui.label({row.x + 16, row.y, 20, row.h}, std::to_string(15 + i), font::table, ui.theme.third, Align::right);
    ui.label({row.x + 110, row.y, 250, row.h}, rows[i], i % 2 == 0 ? font::table_bold : font::table, i % 2 == 0 ? ui.theme.of(Protocol::smtp).text : ui.theme.text);
    if (i == 3) fold_chip(ui, "fold", {row.x + 368, row.middle()}, "6 l.", false);
  }
  panel = panel.inset(16, 10);
  static constexpr std::string_view tab_names[] = {"Explain", "Bytes", "TLS", "State"};
  tabs(ui, "inspector", panel.take_top(metric::tab_bar), tab_names, state.tab, TabLine::below);
  panel.take_top(10);
  Rect row = panel.take_top(28);
  button(ui, "send", row.take_left(72), "Send"), row.take_left(10);
  button(ui, "primary", row.take_left(112), "Send it", {.primary = true, .key = "N"}), row.take_left(10);
  button(ui, "edit", row.take_left(90), "Edit", {.key = "E"}), row.take_left(10);
  button(ui, "off", row.take_left(96), "Not now", {.enabled = false, .why_not = "four letters are missing"}), row.take_left(10);
  button(ui, "legal", row.take_left(112), "Legal now: 6", {.menu = true}), row.take_left(10);
  panel.take_top(10);
  row = panel.take_top(32);
  text_input(ui, "console.input", row.take_left(330), state.line, {.prompt = "C:", .ghost = "ATA", .hint = "Tab completes"});
  row.take_left(12);
  text_input(ui, "password", row, state.secret, {.prompt = "", .secret = true});
  panel.take_top(8);
  row = panel.take_top(32);
  text_input(ui, "address", row.take_left(330), state.empty, {.placeholder = "type a line here; it will be held and explained first"});
  row.take_left(12);
  text_input(ui, "disabled", row, state.empty, {.placeholder = "no connection yet: press Play", .enabled = false});
  panel.take_top(8);
  row = panel.take_top(24);
  checkbox(ui, "check.on", row.take_left(110), "EXPUNGE", state.checked);
  checkbox(ui, "check.off", row.take_left(90), "DELE", state.unchecked);
  radio(ui, "radio.on", row.take_left(100), "AUTH", true, font::table_bold);
  radio(ui, "radio.off", row.take_left(110), "nothing new", false);
  link(ui, "rfc", row, "RFC 4954 §4", Align::right);
  panel.take_top(8);
  row = panel.take_top(72);
  text_area(ui, "letter", row.take_left(250), state.letter, font::table);
  row.take_left(12);
  card(ui, row, true);
  Rect words = row.inset(12, 8);
  runs(ui, words.take_top(20), {{"a4", font::table_bold}, {"the tag: your name for this command", font::body, ui.theme.second, 10}});
  float hint_x = words.x;
  hint_x += key_hint(ui, {hint_x, words.y + 18}, "Space", "play") + 14;
  key_hint(ui, {hint_x, words.y + 18}, "J K", "line");
  panel.take_top(10);
  notice(ui, "notice", panel, Gravity::error, "No connection: the certificate is for another name",
         "The server showed `server7.hosting.example`. Use that name if your provider confirms it.");
}

}  // namespace

void draw_gallery(Ui& ui, GalleryState& state) {
  Rect area = ui.whole();
  ui.canvas().fill(area, ui.theme.panel);
  bar(ui, area, state);
  transport(ui, area, state);
  Rect body = area.inset(16, 14);
  colours(ui, body.take_top(92));
  icons(ui, body.take_top(116));
  const Halves halves = splitter(ui, "gallery.split", body, Axis::horizontal, 470, 200, 300);
  type(ui, halves.first.inset(0, 8));
  controls(ui, halves.second.inset(12, 8), state);
}

}  // namespace glasspost::ui
