#include "app/model/lines.h"

#include <algorithm>

namespace glasspost::app {

void Lines::clear() { *this = Lines{}; }

void Lines::update(const Conversations& conversations, const LadderFilter& filter) {
  const std::size_t total = conversations.rows();
  if (!(filter == filter_) || total < total_) {
    filter_ = filter;
    start_over(conversations);
  } else if (filter_.kind == FilterKind::letter && total > total_) {
    start_over(conversations);  // a connection shows only late that it carries the letter
  }
  if (!all_)
    for (std::size_t row = total_; row < total; ++row)
      if (passes(conversations, conversations.row(row))) rows_.push_back(std::uint32_t(row));
  total_ = total;
}

void Lines::start_over(const Conversations& conversations) {
  all_ = filter_.kind == FilterKind::everyone && filter_.text.empty();
  total_ = 0;
  rows_.clear();
  carriers_.clear();
  if (filter_.kind != FilterKind::letter) return;
  for (std::size_t i = 0; i < conversations.connections(); ++i)
    if (carries_letter(conversations.at(i))) carriers_.push_back(conversations.at(i).id());
}

bool Lines::carries_letter(const Conversation& conversation) const {
  for (MessageId id = 0; id < conversation.size(); ++id)
    if (conversation.text(conversation.message(id)).find(filter_.letter) != std::string_view::npos) return true;
  return false;
}

bool Lines::passes(const Conversations& conversations, MessageRef ref) const {
  const Conversation* conversation = conversations.find(ref.connection);
  const auto is_device = [&](HostId host) {
    return std::find(filter_.devices.begin(), filter_.devices.end(), host) != filter_.devices.end();
  };
  bool follows = true;
  switch (filter_.kind) {
    case FilterKind::everyone: break;
    case FilterKind::connection: follows = ref.connection == filter_.connection; break;
    case FilterKind::letter:
      follows = std::find(carriers_.begin(), carriers_.end(), ref.connection) != carriers_.end();
      break;
    case FilterKind::user:
      follows = is_device(conversation->opened().client) || is_device(conversation->opened().server);
      break;
  }
  if (!follows || filter_.text.empty()) return follows;
  const Message& message = conversation->message(ref.message);
  return redact(conversation->text(message), conversation->tokens(message)).find(filter_.text) != std::string::npos;
}

std::optional<std::size_t> Lines::index_of(std::size_t row) const {
  if (all_) return row < total_ ? std::optional(row) : std::nullopt;
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), row);
  if (found == rows_.end() || *found != row) return std::nullopt;
  return std::size_t(found - rows_.begin());
}

std::size_t Lines::shown_of(std::size_t rows) const {
  if (all_) return std::min(rows, total_);
  return std::size_t(std::lower_bound(rows_.begin(), rows_.end(), rows) - rows_.begin());
}

}  // namespace glasspost::app
