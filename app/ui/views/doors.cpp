// Open doors: which ports, who may log in, the authority to trust, and lines to copy.
#include <algorithm>
#include <string>

#include "app/ui/views/doors_lines.h"
#include "app/ui/views/views.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

constexpr float door_row = 39, lowest_whole = 80, widest_column = 560;
constexpr const char* whole_popup = "doors.whole";

std::size_t inside(const app::Doors& doors) {
  std::size_t all = 0;
  for (const app::Doors::Door& door : doors.doors()) all += std::size_t(std::max(0, door.inside));
  return all;
}

void a_door(Ui& ui, Rect row, const Model& model, const app::Doors::Door& door) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  ui.note("doors.door/" + door.name, Kind::row, row, door.name + " " + std::to_string(door.port), door.inside > 0);
  if (door.inside > 0) row_ground(ui, row, true, false);
  ui.canvas().horizontal(row.x + metric::padding, row.right() - metric::padding, row.bottom() - 1, t.line);
  Rect line = row.inset(metric::padding, 0);
  line.take_left(4);
  draw_shape(ui.canvas(), t, line.take_left(16).at_left(16, 16), door.protocol);
  line.take_left(12);
  ui.label(line.take_left(56), std::to_string(door.port), font::line_bold);
  const std::string count = door.inside > 0 ? s("doors.inside", {{"n", std::to_string(door.inside)}}) : "–";
  const float count_width = ui.canvas().measure(count, font::table_bold) + 1;
  ui.label(line.take_right(count_width), count, door.inside > 0 ? font::table_bold : font::table, door.inside > 0 ? t.text : t.third, Align::right);
  line.take_right(8);
  Rect top = line.take_top(21);
  const float width = std::min(top.w - 20, ui.canvas().measure(door.name, font::strong) + 1);
  ui.label(top.take_left(width), door.name, font::strong, t.of(door.protocol).text);
  top.take_left(6);
  if (door.tls != TlsMode::plaintext) draw_padlock(ui.canvas(), t, top.take_left(14).at_left(14, 14), door.tls == TlsMode::implicit);
  const std::string key = "doors." + door.name;
  if (s.has(key)) ui.label(line.take_top(16), s(key), font::caption, t.third);
}

void heading(Ui& ui, Rect& rest, std::string_view title, std::string_view aside) {
  Rect row = rest.take_top(28).inset(metric::padding, 0);
  const float w = std::min(row.w, ui.canvas().measure(title, font::strong) + 1);
  ui.label(row.take_left(w), title, font::strong);
  row.take_left(12);
  if (row.w > 24) ui.label(row, aside, font::caption, ui.theme.third, Align::right);
}

void the_doors(Ui& ui, Rect& rest, const Model& model) {
  for (const app::Doors::Door& door : model.doors()->doors()) a_door(ui, rest.take_top(door_row), model, door);
  rest.take_top(8);
  Rect row = rest.take_top(24).inset(metric::padding, 0);
  draw_icon(ui.canvas(), Icon::tick, row.take_left(16).at_left(12, 12), ui.theme.text);
  runs(ui, row, {{.text = model.strings()("doors.only_this_machine"), .font = font::strong}, {.text = model.strings()("doors.this_machine_hint"), .font = font::caption, .colour = ui.theme.third, .gap = 10}});
  rest.take_top(8);
}

void users(Ui& ui, Rect& rest, const Model& model) {
  const Strings& s = model.strings();
  if (model.scenario().users.empty()) return;
  const std::string first = address_inside(*model.doors(), model.scenario().users.front().address);
  const std::string name = first.substr(0, first.find('@')), domain = first.find('@') == std::string::npos ? std::string() : first.substr(first.find('@') + 1);
  heading(ui, rest, s("doors.users"), s("doors.users_hint", {{"user", name}, {"domain", domain}}));
  float widest = 0;
  for (const sim::UserDescription& user : model.scenario().users)
    widest = std::max(widest, ui.canvas().measure(user.address.substr(0, user.address.find('@')), font::console_bold) + 9);
  for (const sim::UserDescription& user : model.scenario().users) {
    const std::string user_name = user.address.substr(0, user.address.find('@'));
    Rect row = rest.take_top(26).inset(metric::padding, 0);
    ui.label(row.take_left(std::min(row.w * 0.3F, widest)), user_name, font::console_bold);
    double& shown = ui.memory("doors.reveal/" + user.address);
    const bool reveal = shown > 0 && !model.projector();
    const Rect password = row.take_left(std::min(row.w * 0.4F, 110.F));
    ui.label(password, reveal ? std::string_view(user.password) : masked_secret, font::table, ui.theme.second, Align::left, "doors.password/" + user.address);
    if (icon_button(ui, "doors.eye/" + user.address, row.take_left(24).at_left(22, 22), reveal ? Icon::eye : Icon::eye_struck,
                    s(reveal ? "doors.hide_password" : "doors.show_password"), !model.projector(), reveal))
      shown = reveal ? 0 : 1, ui.next_frame();
    const std::string letters = s.count("doors.letters_of", model.doors()->letters_of(user_name));
    const float letters_width = ui.canvas().measure(letters, font::caption) + 1;
    row = row.inset(4, 0);
    ui.label(row.take_left(std::min(row.w, letters_width)), letters, font::caption, ui.theme.second, Align::left, "doors.letters/" + user.address);
    row.take_left(8);
    const std::string address = address_inside(*model.doors(), user.address);
    if (row.w > ui.canvas().measure(address, font::caption)) ui.label(row, address, font::caption, ui.theme.third, Align::right, "doors.address/" + user.address);
  }
  rest.take_top(8);
}

void authority(Ui& ui, Rect& rest, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  const std::string file = model.doors()->authority_file();
  if (file.empty()) return;
  const float width = rest.w - 2 * metric::padding - 24;
  const float warning = measure_prose(ui, width - 20, s("doors.authority_warning"), font::caption);
  const float button_w = button_width(ui, s("doors.copy_path"));
  const bool beside = width > button_w + 300;  // else the button stands below, and the path has the whole row
  Rect card = rest.take_top(12 + 22 + 22 + (beside ? 0 : metric::button + 4) + 8 + warning + 12).inset(metric::padding, 0);
  ui.canvas().fill(card, t.tls().tint, metric::card_radius);
  ui.canvas().outline(card, t.tls().fill, 1, metric::card_radius);
  ui.note("doors.authority", Kind::notice, card, file);
  Rect in = card.inset(12, 12);
  Rect top = in.take_top(44);
  const Rect copy = beside ? top.take_right(button_w).at_right(button_w, metric::button) : in.take_top(metric::button + 4).at_left(button_w, metric::button);
  if (button(ui, "doors.copy_path", copy, s("doors.copy_path"))) actions.push_back(app::Copy{file});
  if (beside) top.take_right(8);
  draw_icon(ui.canvas(), Icon::certificate, top.take_left(30).at_left(24, 24), t.tls().text);
  ui.label(top.take_top(22), s("doors.authority"), font::strong);
  ui.label(top, file, font::table, t.text);
  in.take_top(8);
  draw_icon(ui.canvas(), Icon::warning, in.take_left(20).at_left(12, 12), t.error.fill);
  prose(ui, in, s("doors.authority_warning"), font::caption, t.error.text);
  rest.take_top(8);
}

// A line wraps at spaces outside quotation marks, with a backslash where it goes on.
std::vector<std::string> wrapped(Ui& ui, std::string_view line, float width) {
  std::vector<std::string> rows{""};
  while (!line.empty()) {
    std::size_t end = 0;
    for (bool quoted = false; end < line.size() && (quoted || line[end] != ' '); ++end)
      if (line[end] == '\'') quoted = !quoted;
    const std::string word(line.substr(0, end));
    line.remove_prefix(std::min(line.size(), end + 1));
    const std::string longer = rows.back().empty() ? word : rows.back() + " " + word;
    if (!rows.back().empty() && ui.canvas().measure(longer + " \\", font::table) > width) rows.back() += " \\", rows.push_back("  " + word);
    else rows.back() = longer;
  }
  return rows;
}

void lines(Ui& ui, Rect& rest, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  const Theme& t = ui.theme;
  heading(ui, rest, s("doors.let_in"), s("doors.let_in_hint"));
  authority(ui, rest, model, actions);
  for (const ClientLine& client : client_lines(*model.doors(), model.scenario())) {
    Rect title = rest.take_top(24).inset(metric::padding, 0);
    runs(ui, title, {{.text = client.program, .font = font::strong}, {.text = s(client.what), .font = font::caption, .colour = t.third, .gap = 8}});
    const auto rows = wrapped(ui, client.line, rest.w - 2 * metric::padding - 20 - 28);
    const Rect box = rest.take_top(float(rows.size()) * 18 + 12).inset(metric::padding, 0);
    ui.canvas().fill(box, t.sunken, metric::radius);
    ui.canvas().outline(box, t.line, 1, metric::radius);
    ui.note("doors.line/" + std::string(client.name), Kind::text, box, client.line);
    Rect text = box.inset(10, 6);
    const Rect copy{box.right() - 28, box.y + 4, 24, 24};
    if (icon_button(ui, "doors.copy/" + std::string(client.name), copy, Icon::copy, s("common.copy"))) actions.push_back(app::Copy{client.line});
    text.take_right(20);
    for (const std::string& row : rows) ui.label(text.take_top(18), row, font::table, t.text);
    rest.take_top(8);
  }
  prose(ui, rest.take_top(24).inset(metric::padding, 0), s("doors.asks_password"), font::caption, t.third);
}

float height_of(Ui& ui, const Model& model, float width, bool left, bool right) {
  float height = 16;
  if (left) height += float(model.doors()->doors().size()) * door_row + 40 + (model.scenario().users.empty() ? 0 : 36 + 26 * float(model.scenario().users.size()));
  if (right) {
    height += 28 + 24;
    if (!model.doors()->authority_file().empty()) height += 84 + metric::button + 4 + measure_prose(ui, width - 2 * metric::padding - 44, model.strings()("doors.authority_warning"), font::caption);
    for (const ClientLine& client : client_lines(*model.doors(), model.scenario()))
      height += 44 + 18 * float(wrapped(ui, client.line, width - 2 * metric::padding - 48).size());
  }
  return height;
}

bool close_button(Ui& ui, Rect& row, const Model& model) {
  const ButtonLook look{.key = "D"};
  const std::string_view words = model.strings()("doors.close");
  const float width = button_width(ui, words, look);
  const bool pressed = button(ui, "doors.close", row.take_right(width).at_right(width, 26), words, look);
  row.take_right(8);
  return pressed || ui.shortcut(Key::d);
}

std::string how_many(const Model& model) {
  return model.strings()("doors.on", {{"n", std::to_string(model.doors()->doors().size())}, {"address", "127.0.0.1"}});
}

void column(Ui& ui, Rect area, std::string_view name, const Model& model, bool left, bool right, Actions& actions) {
  ScrollArea scroll(ui, name, area, height_of(ui, model, area.w, left, right));
  Rect rest = scroll.content();
  rest.take_top(4);
  if (left) the_doors(ui, rest, model), users(ui, rest, model);
  if (right) lines(ui, rest, model, actions);
}

void one_line(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.note("doors", Kind::area, area);
  Rect row = area.inset(metric::padding, 0);
  if (close_button(ui, row, model)) actions.push_back(app::CloseDoors{});
  const ButtonLook look{.menu = true};
  const float width = std::min(row.w, button_width(ui, s("doors.title"), look));
  const Rect open = row.take_right(width).at_right(width, 26);
  const Size size{std::min(ui.whole().w - 32, 480.F), std::max(120.F, ui.whole().h - area.bottom() - 40)};
  if (button(ui, "doors.more", open, s("doors.title"), look)) ui.open_popup(whole_popup, {open.right() - size.w, open.bottom() + 4});
  row.take_right(8);
  draw_icon(ui.canvas(), Icon::door, row.take_left(28).at_left(20, 20), ui.theme.text);
  runs(ui, row, {{.text = s("doors.are_open"), .font = font::strong}, {.text = how_many(model), .colour = ui.theme.second, .gap = 10}, {.text = s.count("doors.sessions_open", inside(*model.doors())), .colour = ui.theme.second, .gap = 10}});
  if (const auto card = ui.begin_popup(whole_popup, size)) {
    column(ui, *card, "doors.scroll", model, true, true, actions);
    ui.end_popup();
  }
}

}  // namespace

void doors_view(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  if (!model.doors()) {
    Rect rest = area;
    panel_head(ui, "doors", rest, s("doors.title"));
    const float width = button_width(ui, s("doors.open"));
    const Rect foot = rest.take_bottom(rest.h / 2);
    empty_panel(ui, rest, s("doors.are_closed"), s("doors.by_command"));
    if (button(ui, "doors.open", Rect{foot.x + (foot.w - width) / 2, foot.y + 8, width, metric::button}, s("doors.open"))) actions.push_back(app::OpenDoors{});
    return;
  }
  if (area.h < lowest_whole) return one_line(ui, area, model, actions);
  Rect head = panel_head(ui, "doors", area, s("doors.title"), {}, {});
  if (close_button(ui, head, model)) actions.push_back(app::CloseDoors{});
  const std::string many = how_many(model);
  ui.label(head, ui.canvas().measure(many, font::caption) < head.w ? std::string_view(many) : "127.0.0.1", font::caption, ui.theme.third);
  if (area.w < 2 * 320) return column(ui, area, "doors.scroll", model, true, true, actions);
  const Rect left = area.take_left(std::min(widest_column, area.w * 0.44F));
  ui.canvas().vertical(area.x, area.y, area.bottom(), ui.theme.line);
  area.take_left(1);
  column(ui, left, "doors.scroll", model, true, false, actions);
  column(ui, area, "doors.lines", model, false, true, actions);
}

}  // namespace glasspost::ui
