// Explain before sending: what is typed, word by word, and where it would lead.
#pragma once

#include "app/ui/views/console_floor.h"

namespace glasspost::ui {

struct Outcome {
  enum class Kind : std::uint8_t { leads, stays, refused, unknown, broken } kind = Kind::stays;
  std::string words;   // "would lead to: envelope open"
};
// What the typed line would bring about, as the server's table and the grammar have it.
Outcome outcome_of(const Model&, const Floor&, std::string_view typed);

// The height that console_preview takes of so much.
float preview_height(float available);
void console_preview(Ui&, Rect, const Model&, const Floor&, std::string_view typed);

}  // namespace glasspost::ui
