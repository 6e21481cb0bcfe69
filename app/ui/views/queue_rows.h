// The letters that wait in servers' queues: for whom, why, until when, and what whoever keeps the queue may do with each.
#pragma once

#include "app/ui/views/views.h"

namespace glasspost::ui {

// Takes from the top of `area` what the rows need; nothing where nothing waits.
void queue_rows(Ui&, const Model&, Actions&, Rect& area);

}  // namespace glasspost::ui
