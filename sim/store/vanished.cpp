#include "sim/store/vanished.h"

#include <algorithm>

namespace glasspost::sim {

void Vanished::add(std::uint64_t modseq, std::span<const std::uint32_t> ascending) {
  for (std::size_t i = 0; i < ascending.size();) {
    std::size_t behind = i + 1;
    while (behind < ascending.size() && ascending[behind] == ascending[behind - 1] + 1) ++behind;
    add(Range{modseq, ascending[i], ascending[behind - 1]});
    i = behind;
  }
}

void Vanished::add(Range range) {
  ranges_.push_back(range);
  // All that went together is forgotten together.
  if (ranges_.size() > most_ranges) forget_until(ranges_.front().modseq);
}

void Vanished::forget_until(std::uint64_t modseq) {
  forgotten_ = std::max(forgotten_, modseq);
  while (!ranges_.empty() && ranges_.front().modseq <= forgotten_) ranges_.pop_front();
}

std::vector<imap::SequenceRange> Vanished::since(std::uint64_t modseq) const {
  const auto begin = std::upper_bound(ranges_.begin(), ranges_.end(), modseq,
                                      [](std::uint64_t wanted, const Range& range) { return wanted < range.modseq; });
  std::vector<imap::SequenceRange> found;
  for (auto at = begin; at != ranges_.end(); ++at) found.push_back({at->first, at->last});
  return imap::SequenceSet(std::move(found)).resolved(0);
}

std::vector<imap::SequenceRange> common(std::span<const imap::SequenceRange> one, std::span<const imap::SequenceRange> other) {
  std::vector<imap::SequenceRange> both;
  for (std::size_t i = 0, j = 0; i < one.size() && j < other.size();) {
    const std::uint32_t first = std::max(one[i].first, other[j].first), last = std::min(one[i].last, other[j].last);
    if (first <= last) both.push_back({first, last});
    one[i].last < other[j].last ? ++i : ++j;
  }
  return both;
}

}  // namespace glasspost::sim
