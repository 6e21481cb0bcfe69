#include "app/ui/views/console_open.h"

#include <algorithm>
#include <array>

#include "app/model/learning.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

HostId device_of_lesson(const Model& model) {
  if (!model.learning() || model.learning()->lesson.solutions.empty()) return 0;
  for (const lessons::Route::Part& part : model.learning()->lesson.solutions.front().parts)
    for (const lessons::Act& act : part.acts)
      if (const auto* connect = std::get_if<lessons::Connect>(&act)) return model.scenario().find(connect->from);
  return 0;
}

std::vector<HostId> devices(const Model& model) {
  std::vector<HostId> ids;
  for (HostId id = 1; id <= model.scenario().hosts.size(); ++id) {
    const sim::HostKind kind = model.scenario().host(id).kind;
    if (kind == sim::HostKind::laptop || kind == sim::HostKind::phone || kind == sim::HostKind::computer) ids.push_back(id);
  }
  if (ids.empty())
    for (HostId id = 1; id <= model.scenario().hosts.size(); ++id) ids.push_back(id);
  // A lesson has the learner sit at the device from which its solution connects.
  const HostId own = device_of_lesson(model);
  std::stable_partition(ids.begin(), ids.end(), [&](HostId id) { return id == own; });
  return ids;
}

struct Place {
  HostId host;
  const sim::ServiceDescription* service;
};
std::vector<Place> places(const Model& model) {
  std::vector<Place> all;
  for (HostId id = 1; id <= model.scenario().hosts.size(); ++id)
    for (const sim::ServiceDescription& service : model.scenario().host(id).services)
      if (machine_of(service.protocol)) all.push_back({id, &service});
  return all;
}

HostId chosen_device(Ui& ui, const Model& model) {
  const auto ids = devices(model);
  if (ids.empty()) return 0;
  return ids[std::min(ids.size() - 1, std::size_t(ui.memory("console.from")))];
}

std::string_view mode_of(const Strings& s, TlsMode mode) {
  switch (mode) {
    case TlsMode::plaintext: return s("console.mode_clear");
    case TlsMode::starttls: return s("console.mode_starttls");
    case TlsMode::implicit: return s("console.mode_tls");
  }
  return {};
}

}  // namespace

Point above(const Model& model, Rect button) {
  return {button.x, button.y - 16 - metric::menu_row * float(places(model).size() + 1)};
}

void console_open_menu(Ui& ui, const Model& model, Actions& actions) {
  if (!ui.popup_open(open_menu)) return;
  const Strings& s = model.strings();
  const auto all = places(model);
  std::vector<std::string> texts, names;
  texts.reserve(all.size()), names.reserve(all.size());
  std::vector<MenuItem> items;
  for (const Place& place : all) {
    const std::string port = std::to_string(place.service->port);
    const std::string label = host_label(model, place.host), name = model.scenario().host(place.host).name;
    texts.push_back(label + ":" + port + "   " + (label == name ? "" : name + ", ") + std::string(name_of(place.service->protocol)) + ", " + std::string(mode_of(s, place.service->tls)));
    names.push_back(name + ":" + port);
  }
  for (std::size_t i = 0; i < all.size(); ++i) items.push_back({.name = names[i], .text = texts[i], .rule_above = i > 0 && all[i].host != all[i - 1].host});
  items.push_back({.name = "real", .text = s("console.real_server"), .rule_above = true});
  const auto picked = menu(ui, open_menu, items);
  if (!picked) return;
  if (std::size_t(*picked) == all.size()) {
    actions.push_back(app::AskAddress{});
    ui.focus(app::is_offered(app::Workspace::live) ? "live.address" : "console.address");
  } else {
    const Place& place = all[std::size_t(*picked)];
    actions.push_back(app::OpenConsole{chosen_device(ui, model), place.host, place.service->port});
    ui.focus("console.input");
  }
  ui.next_frame();
}

void console_address(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  Rect row = area.inset(12, 0);
  row = row.at_left(row.w, 36);
  const ButtonLook look{.primary = true, .enabled = !ui.edit("console.address").text().empty(), .why_not = s("console.address_hint")};
  const float go = button_width(ui, s("live.connect"), look), back = button_width(ui, s("common.cancel"));
  const Rect go_at = row.take_right(go).at_right(go, metric::button);
  row.take_right(8);
  const Rect back_at = row.take_right(back).at_right(back, metric::button);
  row.take_right(8);
  LineEdit& edit = ui.edit("console.address");
  const InputEvent event = text_input(ui, "console.address", row, edit, {.placeholder = s("console.address_hint"), .hint = s("console.address_rule")});
  const bool wanted = button(ui, "console.address.go", go_at, s("live.connect"), look);
  if ((event == InputEvent::submitted || wanted) && !edit.text().empty()) {
    actions.push_back(app::ConnectReal{{edit.text()}});
  } else if (event == InputEvent::escape || button(ui, "console.address.cancel", back_at, s("common.cancel"))) {
    edit.clear();
    actions.push_back(app::AskAddress{false});
  }
}

void console_empty(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  Rect foot = area.take_bottom(48);
  Rect inside = area.inset(metric::padding, 8);
  inside.take_top(prose(ui, inside, s("console.empty"), font::body, ui.theme.second) + 8);
  if (model.console().asks_address) return console_address(ui, foot, model, actions);
  if (model.stage() == app::Stage::doors) return;  // those who come in do the talking
  Rect row = foot.inset(12, 0);
  row = row.at_left(row.w, 36);
  const auto ids = devices(model);
  std::vector<std::string> labels;
  for (const HostId id : ids) labels.push_back(s("console.from", {{"client", host_label(model, id)}}));
  const std::vector<std::string_view> texts(labels.begin(), labels.end());
  float widest = 0;
  for (const std::string_view text : texts) widest = std::max(widest, ui.canvas().measure(text, font::body) + 44);
  int chosen = ids.empty() ? 0 : std::min(int(ids.size()) - 1, int(ui.memory("console.from")));
  if (!ids.empty()) {
    const Rect from = row.take_left(std::min(widest, row.w * 0.4F)).at_left(std::min(widest, row.w), metric::button);
    if (dropdown(ui, "console.from", from, texts, chosen)) ui.memory("console.from") = chosen;
    row.take_left(8);
  }
  const ButtonLook look{.menu = true, .enabled = !ids.empty()};
  const float width = std::min(row.w, button_width(ui, s("console.connect_to"), look));
  const Rect open = row.take_left(width).at_left(width, metric::button);
  if (button(ui, "console.talk", open, s("console.connect_to"), look)) ui.open_popup(open_menu, above(model, open));
  row.take_left(8);
  const float real = button_width(ui, s("console.real_server"));
  if (row.w >= real && button(ui, "console.real", row.take_left(real).at_left(real, metric::button), s("console.real_server"))) {
    actions.push_back(app::AskAddress{});
    ui.focus(app::is_offered(app::Workspace::live) ? "live.address" : "console.address");
  }
}

}  // namespace glasspost::ui
