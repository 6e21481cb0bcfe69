// A message as one line of the ladder, and how many lines it has.
#pragma once

#include <string>
#include <vector>

#include "protocol/conversation.h"

namespace glasspost::ui {

struct LadderLine {
  std::string text;        // UTF-8, secrets masked, no line ends; cut where no window is that wide
  std::size_t lines = 1;   // of the message; 0: so many that they were not counted
};
LadderLine ladder_line(const Conversation&, const Message&);
// All its lines, masked, at most so many.
std::vector<std::string> unfolded_lines(const Conversation&, const Message&, std::size_t most);

// The first line that somebody on the way overwrote: as it was said, and as it arrived. Empty where nobody did.
struct Overwritten {
  std::string_view said, heard;
};
Overwritten overwritten_line(const Conversation&, MessageId);

}  // namespace glasspost::ui
