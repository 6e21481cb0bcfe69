// The ladder's head: whom it shows, what is searched, how much there is.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

void ladder_filter(Ui&, Rect head, const Model&, Actions&, std::size_t rows_above);
// The same choices as one button with a menu, where there is no room for a head.
void ladder_filter_menu(Ui&, Rect, const Model&, Actions&);
// The filters that the chips and the palette offer.
app::LadderFilter filter_of(const Model&, app::FilterKind);

}  // namespace glasspost::ui
