// The map where there is only room for a strip: the hosts that talk now stand in a row, the others behind a count.
#include <algorithm>
#include <cmath>

#include "app/ui/icons.h"
#include "app/ui/views/map_menu.h"
#include "app/ui/views/map_parts.h"
#include "app/ui/views/wording.h"
#include "app/ui/widgets.h"

namespace glasspost::ui {
namespace {

bool is_busy(const std::vector<OpenLine>& open, HostId host) {
  return std::any_of(open.begin(), open.end(), [&](const OpenLine& line) { return line.client == host || line.server == host; });
}

// In the order of the map; at most `most`, those that talk or are selected first.
std::vector<HostId> shown_hosts(const Model& model, const std::vector<OpenLine>& open, std::size_t most) {
  std::vector<HostId> ids;
  for (HostId id = 1; id <= model.scenario().hosts.size(); ++id) ids.push_back(id);
  const sim::HostDescription* first = nullptr;
  for (const HostId id : ids)
    if (!first && model.scenario().host(id).owner == model.scenario().sender) first = &model.scenario().host(id);
  const auto weight = [&](HostId id) {
    if (is_framed(model, id)) return 0;
    if (is_busy(open, id)) return 1;
    const sim::HostDescription& host = model.scenario().host(id);
    return &host == first ? 2 : host.kind == sim::HostKind::store ? 3 : host.kind == sim::HostKind::server ? 4 : 5;
  };
  std::stable_sort(ids.begin(), ids.end(), [&](HostId a, HostId b) { return weight(a) < weight(b); });
  ids.resize(std::min(ids.size(), most));
  std::stable_sort(ids.begin(), ids.end(), [&](HostId a, HostId b) { return model.scenario().host(a).x < model.scenario().host(b).x; });
  return ids;
}

const OpenLine* line_between(const std::vector<OpenLine>& open, HostId a, HostId b) {
  for (const OpenLine& line : open)
    if (std::minmax(line.client, line.server) == std::minmax(a, b)) return &line;
  return nullptr;
}

// All hosts by name: the one that is chosen opens its menu.
void all_hosts_menu(Ui& ui, const Model& model, Rect button_rect) {
  std::vector<std::string> names, labels;
  for (HostId id = 1; id <= model.scenario().hosts.size(); ++id)
    names.push_back(std::to_string(id)), labels.push_back(host_label(model, id));
  std::vector<MenuItem> items;
  for (std::size_t i = 0; i < names.size(); ++i) items.push_back({.name = names[i], .text = labels[i]});
  if (const auto chosen = menu(ui, "map.all", items)) open_host_menu(ui, HostId(*chosen + 1), {button_rect.x, button_rect.bottom()});
}

}  // namespace

void map_strip(Ui& ui, Rect area, const Model& model, Actions& actions) {
  const Strings& s = model.strings();
  ui.canvas().fill(area, ui.theme.panel);
  ui.note("map", Kind::area, area, s("map.title"));
  if (model.scenario().hosts.empty()) return;
  Rect row = area.inset(12, 0);
  const Rect chevron = row.take_right(28).at_right(28, 28);
  if (icon_button(ui, "map.more", chevron, Icon::chevron_down, s("map.all_hosts"))) ui.open_popup("map.all", {chevron.x, chevron.bottom()});
  const std::vector<OpenLine> open = open_lines(model);
  const std::vector<HostId> shown = shown_hosts(model, open, row.w < 420 ? 3 : 4);
  if (const std::size_t hidden = model.scenario().hosts.size() - shown.size(); hidden > 0) {
    const std::string words = s.count("map.hidden", hidden);
    const float width = ui.canvas().measure(words, font::caption) + 4;
    ui.label(row.take_right(width), words, font::caption, ui.theme.second, Align::right);
    row.take_right(16);
  }
  std::vector<MapHost> hosts;
  const float step = shown.size() > 1 ? (row.w - 44) / float(shown.size() - 1) : 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    MapHost host;
    host.id = shown[i];
    host.label = host_label(model, shown[i]);
    host.at = {std::round(row.x + 22 + step * float(i)), row.middle()};
    host.icon = Rect{host.at.x, host.at.y, 0, 0}.inset(-10);
    hosts.push_back(std::move(host));
  }
  const std::vector<UnderWay> moving = under_way(model);
  for (std::size_t i = 0; i + 1 < hosts.size(); ++i) {
    const Span2 way{{hosts[i].frame().right() + 4, row.middle()}, {hosts[i + 1].frame().x - 4, row.middle()}};
    const OpenLine* line = line_between(open, hosts[i].id, hosts[i + 1].id);
    if (!line) {
      ui.canvas().line(way.from, way.to, ui.theme.strong_line, 1.5F, dash::idle);
      continue;
    }
    const Span2 from_client = line->client == hosts[i].id ? way : Span2{way.to, way.from};
    draw_open(ui, *line, from_client);
    for (const UnderWay& message : moving)
      if (message.conversation == line->conversation) draw_under_way(ui, message, from_client);
  }
  for (const MapHost& host : hosts) {
    draw_host(ui, model, host, is_framed(model, host.id));
    act_on_host(ui, model, actions, host, hosts);
  }
  all_hosts_menu(ui, model, chevron);
  map_menus(ui, model, actions);
}

}  // namespace glasspost::ui
