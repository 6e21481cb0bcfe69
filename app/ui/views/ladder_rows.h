// Drawing the rows of the ladder that are seen: grounds, lifelines with their states, arrows, words.
#pragma once

#include <vector>

#include "app/ui/views/ladder_columns.h"
#include "app/ui/views/ladder_line.h"

namespace glasspost::ui {

struct LadderRow {
  MessageRef ref;
  std::size_t number = 0;  // among all messages, from 1
  Rect rect;               // as wide as the ladder; `unfolded` lines below the first make it higher
  std::vector<std::string> unfolded;
};

class LadderRows {
 public:
  // `bottom`: where the rows that have been said end.
  LadderRows(Ui&, const Model&, const LadderColumns&, Rect area, std::vector<LadderRow>, float bottom);

  void draw();
  // What was done to them. `fold` receives the number of a row whose chip was pressed.
  void act(Actions&, std::size_t& fold);

 private:
  struct Session {           // a connection whose band is seen
    const Conversation* conversation;
    float x0, x1;            // between its lifelines, x0 < x1
    float band;              // left edge of its band
  };
  void gather_sessions();
  void grounds();
  void lifelines();
  void band(const Session&);
  void row(const LadderRow&);
  void arrow(const LadderRow&, const Conversation&, const Message&, float text_end, float text_x);
  std::string arrives_as(const Conversation&, MessageId) const;
  void state_name(const LadderRow&, const Conversation&, const Message&);
  float from_x(const Conversation& c, const Message& m) const { return columns_.x_of(c, m.from); }
  float to_x(const Conversation& c, const Message& m) const { return columns_.x_of(c, other(m.from)); }

  Ui& ui_;
  const Model& model_;
  const LadderColumns& columns_;
  Rect area_;
  std::vector<LadderRow> rows_;
  float bottom_;
  std::vector<Session> sessions_;
};

}  // namespace glasspost::ui
