// Running text with places in it that can be pointed at: links, and words that a glossary explains. As prose() in widgets.h,
// with marks in the text: begin_link or begin_word, the words, end_mark.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/ui.h"

namespace glasspost::ui {

inline constexpr char begin_link = '\x01', begin_word = '\x02', end_mark = '\x03';

// Where one line's worth of a mark was set. Marks count from 0 in the order of the text.
struct MarkPlace {
  std::size_t mark = 0;
  bool is_link = false;
  Rect place;
};
// Returns the height, and adds the places.
float marked_prose(Ui&, Rect top, std::string_view text, Font, std::optional<Colour>, std::vector<MarkPlace>& places);

}  // namespace glasspost::ui
