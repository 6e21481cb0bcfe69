// What can be done to a host or a link of the map, as two menus.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

void open_host_menu(Ui&, HostId, Point where);
void open_link_menu(Ui&, HostId a, HostId b, Point where);
// Draws the one that is open.
void map_menus(Ui&, const Model&, Actions&);

}  // namespace glasspost::ui
