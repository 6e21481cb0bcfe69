// The whole trace in a strip: protocols, TLS, errors; and what of it is seen. It scrolls the ladder.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

void ladder_minimap(Ui&, Rect, Rect wheel_area, const Model&, double& first, double visible, double total);

}  // namespace glasspost::ui
