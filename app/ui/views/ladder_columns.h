// The parties of the ladder and where their lifelines stand: those that talk in the rows that are seen get the room.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/ui/views/views.h"

namespace glasspost::ui {

struct LadderColumn {
  std::string key;          // the party's name in the trace
  std::string label, brief; // for a wide and for a narrow head
  HostId host = 0;
  bool talks = false;       // in the rows that are seen
  float x = 0;              // of the lifeline
  std::size_t folded = 0;   // more than 0: stands for so many quiet ones, and has no lifeline
};

class LadderColumns {
 public:
  // Between `left` and `right` the lifelines stand.
  LadderColumns(Ui&, const Model&, std::span<const MessageRef> seen, float left, float right);

  const std::vector<LadderColumn>& all() const { return columns_; }
  float x_of(const Conversation&, Side) const;
  // How far it is from this lifeline to the next one on the right, and on the left, that is not quiet.
  float room_right(float x) const;
  float room_left(float x) const;
  float left() const { return left_; }
  float right() const { return right_; }

 private:
  std::size_t index_of(std::string_view key) const;
  void gather(const Model&, std::span<const MessageRef> seen);
  void fold_quiet(const Model&);
  void place(Ui&, const Model&, std::span<const MessageRef> seen);

  float left_, right_;
  std::vector<LadderColumn> columns_;
};

}  // namespace glasspost::ui
