// Drawing what both forms of the map have: hosts, lines, what moves along them.
#pragma once

#include "app/ui/views/map_layout.h"
#include "app/ui/views/map_traffic.h"

namespace glasspost::ui {

void draw_host(Ui&, const Model&, const MapHost&, bool framed);
// A press opens its menu; arrows go to the nearest of `all`.
void act_on_host(Ui&, const Model&, Actions&, const MapHost&, const std::vector<MapHost>& all);
void draw_idle(Ui&, Span2, Protocol);
void draw_open(Ui&, const OpenLine&, Span2 from_client);
void draw_under_way(Ui&, const UnderWay&, Span2 from_client);

// Hosts of the selected message, or the selected host.
bool is_framed(const Model&, HostId);
MapCaption host_caption(const Model&, const Theme&, HostId, const std::vector<OpenLine>&);
std::vector<MapHost> map_hosts(const Model&, const Theme&, const std::vector<OpenLine>&);

void map_strip(Ui&, Rect, const Model&, Actions&);

}  // namespace glasspost::ui
