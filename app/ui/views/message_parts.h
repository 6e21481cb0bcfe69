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
  std::vector<Hop> hops;
  Actions& actions;

  std::string_view reverse_path() const;                  // as the trace has it; before the letter is sent, as it will be
  std::vector<std::string> recipients() const;
  const Hop* queue() const;                               // the hop whose taker's queue tells most; null: none waited
};
float journey_height(const LetterView&);
void message_journey(Ui&, Rect, const LetterView&);
// What the envelope and the source have in common, for the curves between them.
struct EnvelopeEnds {
  Point reverse_path, recipient;
};
struct SourceEnds {
  std::optional<Point> return_path, for_clause;           // where their lines begin, if they are seen
};
EnvelopeEnds message_envelope(Ui&, Rect, const LetterView&);
SourceEnds message_source(Ui&, Rect, const LetterView&);
// "RFC 5322 §3.6.7" at the right of a row, copied on click; returns the width that it took.
float message_link(Ui&, std::string_view name, Rect row, std::string_view source, const LetterView&);
void message_tree(Ui&, Rect, const LetterView&);
void message_rendered(Ui&, Rect, const LetterView&);
void message_raw(Ui&, Rect, const LetterView&);

}  // namespace glasspost::ui
