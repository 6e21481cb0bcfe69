#include "app/model/timeline.h"

#include <algorithm>

#include "app/model/trouble.h"

namespace glasspost::app {

void Timeline::update(const Trace& trace, const Conversations& conversations, Instant start, Instant end) {
  if (!begun_ || start != start_ || conversations.rows() < rows_ || trace.end() < records_) {
    clear();
    begun_ = true;
    start_ = reached_ = start;
  }
  for (; rows_ < conversations.rows(); ++rows_) {
    const MessageRef ref = conversations.row(rows_);
    const Conversation& conversation = *conversations.find(ref.connection);
    const Message& message = conversation.message(ref.message);
    reach(message.at);
    if (rows_ % stride_ == 0) add_tick({message.at, conversation.opened().protocol});
    if (is_trouble(conversation, message)) troubles_.push_back(std::uint32_t(rows_));
  }
  for (records_ = std::max(records_, trace.first()); records_ < trace.end(); ++records_) {
    const Record& record = trace[records_];
    if (std::holds_alternative<TlsUp>(record.what)) sealed_.push_back(record.connection);
    if (const auto* note = std::get_if<Note>(&record.what))
      if (const std::string_view text = trace.bytes(note->text); text.starts_with("chapter:"))
        chapters_.push_back({record.at, std::string(text.substr(8))});
  }
  reach(end);
}

void Timeline::add_tick(Tick tick) {
  ticks_.push_back(tick);
  if (ticks_.size() <= most_ticks) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ticks_.size(); i += 2) ticks_[kept++] = ticks_[i];
  ticks_.resize(kept);
  stride_ *= 2;
}

void Timeline::reach(Instant at) {
  if (at <= reached_) return;
  if (at - reached_ > longest_silence) silences_.push_back({reached_, at, folded(reached_)});
  reached_ = at;
}

Duration Timeline::folded(Instant at) const {
  const auto after = std::upper_bound(silences_.begin(), silences_.end(), at,
                                      [](Instant when, const Silence& silence) { return when < silence.from; });
  if (after == silences_.begin()) return at - start_;
  const Silence& silence = *std::prev(after);
  if (at >= silence.to) return silence.before + longest_silence + (at - silence.to);
  const double share = double((at - silence.from).count()) / double((silence.to - silence.from).count());
  return silence.before + Duration(std::int64_t(share * double(longest_silence.count())));
}

double Timeline::place(Instant at) const {
  const Duration all = folded(reached_);
  if (all <= Duration::zero()) return 0;
  return std::clamp(double(folded(std::clamp(at, start_, reached_)).count()) / double(all.count()), 0.0, 1.0);
}

Instant Timeline::at(double place) const {
  const Duration wanted(std::int64_t(std::clamp(place, 0.0, 1.0) * double(folded(reached_).count())));
  const auto after = std::upper_bound(silences_.begin(), silences_.end(), wanted,
                                      [](Duration when, const Silence& silence) { return when < silence.before; });
  if (after == silences_.begin()) return start_ + wanted;
  const Silence& silence = *std::prev(after);
  const Duration into = wanted - silence.before;
  if (into >= longest_silence) return silence.to + (into - longest_silence);
  const double share = double(into.count()) / double(longest_silence.count());
  return silence.from + Duration(std::int64_t(share * double((silence.to - silence.from).count())));
}

}  // namespace glasspost::app
