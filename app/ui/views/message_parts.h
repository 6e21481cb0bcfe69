// The sections of the Message panel.
#pragma once

#include "app/ui/views/message_letter.h"
#include "protocol/mime/structure.h"

namespace glasspost::ui {

struct LetterView {
  const Model& model;
  const ShownCopy& copy;
  const mime::Part& root;
  std::vector<Stamp> stamps;
};
void message_journey(Ui&, Rect, const LetterView&);
void message_envelope(Ui&, Rect, const LetterView&);
void message_source(Ui&, Rect, const LetterView&);
void message_tree(Ui&, Rect, const LetterView&);
void message_rendered(Ui&, Rect, const LetterView&);
void message_raw(Ui&, Rect, const LetterView&);

}  // namespace glasspost::ui
