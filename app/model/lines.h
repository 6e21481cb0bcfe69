// The rows of the ladder: every message in the order said, or those that a filter lets through. Kept up to date at the
// cost of what is new, so that a million rows cost nothing a frame.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/model/action.h"
#include "protocol/conversation.h"

namespace glasspost::app {

class Lines {
 public:
  // Takes in what is new; another filter, or fewer rows than before, starts over.
  void update(const Conversations&, const LadderFilter&);
  void clear();

  std::size_t size() const { return all_ ? total_ : rows_.size(); }
  // The row's number among all messages, counted from 0.
  std::size_t row(std::size_t index) const { return all_ ? index : rows_[index]; }
  std::optional<std::size_t> index_of(std::size_t row) const;  // nothing: the filter hides it
  // How many of these rows come before the first `rows` of all messages.
  std::size_t shown_of(std::size_t rows) const;

 private:
  bool passes(const Conversations&, MessageRef) const;
  bool carries_letter(const Conversation&) const;
  void start_over(const Conversations&);

  LadderFilter filter_;
  bool all_ = true;
  std::size_t total_ = 0;
  std::vector<std::uint32_t> rows_;
  std::vector<ConnectionId> carriers_;  // of the letter that is followed
};

}  // namespace glasspost::app
