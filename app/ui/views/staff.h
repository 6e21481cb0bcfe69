// The scrubber: time as a staff, one lane for each protocol, chapters above, gold where it is encrypted.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

void staff(Ui&, Rect, const Model&, Actions&);

}  // namespace glasspost::ui
