// Projector mode: one conversation in large rows, the line that is spoken of explained beside it, next and back.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

void projector_view(Ui&, const Model&, Actions&);

}  // namespace glasspost::ui
