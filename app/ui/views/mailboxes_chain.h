// Why a letter is, or is no longer, where a mailbox shows it: the records that led to it, from cause to effect.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/ui/views/views.h"

namespace glasspost::ui {

struct CauseCard {
  RecordId record = no_record;
  std::optional<MessageRef> message;  // what is chosen when the card is pressed: what was said, or what led to the change
  Protocol protocol = Protocol::smtp;
  bool said = false;                  // a message; else a change of a mailbox or a queue
  bool queue = false;
  std::string heading, time;          // "QUIT", "UID 1 deleted"; "114" (the row) or "2.167 s"
  std::string sentence, source;
};
// At most `most` cards, the last of them the nearest to the change.
std::vector<CauseCard> chain_to(const Model&, RecordId change, std::size_t most);

}  // namespace glasspost::ui
