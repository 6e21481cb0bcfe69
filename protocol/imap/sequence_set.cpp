#include "protocol/imap/sequence_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/imap/reader.h"

namespace glasspost::imap {

SequenceSet SequenceSet::of(std::span<const std::uint32_t> numbers) {
  SequenceSet set;
  for (const std::uint32_t number : numbers) {
    if (!set.ranges_.empty() && set.ranges_.back().last + 1 == number) set.ranges_.back().last = number;
    else set.add(number);
  }
  return set;
}

SequenceSet SequenceSet::saved() {
  SequenceSet set;
  set.saved_ = true;
  return set;
}

std::vector<SequenceRange> SequenceSet::resolved(std::uint32_t largest) const {
  std::vector<SequenceRange> out;
  for (SequenceRange range : ranges_) {
    if (largest == 0 && (range.first == star || range.last == star)) continue;
    if (range.first == star) range.first = largest;
    if (range.last == star) range.last = largest;
    if (range.first > range.last) std::swap(range.first, range.last);
    out.push_back(range);
  }
  std::sort(out.begin(), out.end(), [](SequenceRange a, SequenceRange b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (const SequenceRange range : out) {
    if (kept > 0 && range.first <= std::uint64_t(out[kept - 1].last) + 1)
      out[kept - 1].last = std::max(out[kept - 1].last, range.last);
    else
      out[kept++] = range;
  }
  out.resize(kept);
  return out;
}

bool SequenceSet::contains(std::uint32_t number, std::uint32_t largest) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](SequenceRange range) {
    if (largest == 0 && (range.first == star || range.last == star)) return false;
    const std::uint32_t first = range.first == star ? largest : range.first;
    const std::uint32_t last = range.last == star ? largest : range.last;
    return number >= std::min(first, last) && number <= std::max(first, last);
  });
}

std::uint32_t SequenceSet::largest_named() const {
  std::uint32_t largest = 0;
  for (const SequenceRange range : ranges_) largest = std::max({largest, range.first, range.last});
  return largest;
}

std::string SequenceSet::text() const {
  if (saved_) return "$";
  std::string out;
  const auto number = [&out](std::uint32_t value) {
    if (value == star) out += '*';
    else fmt::format_to(std::back_inserter(out), "{}", value);
  };
  for (const SequenceRange range : ranges_) {
    if (!out.empty()) out += ',';
    number(range.first);
    if (range.last == range.first) continue;
    out += ':';
    number(range.last);
  }
  return out;
}

Result<SequenceSet> parse_sequence_set(std::string_view text, std::size_t limit) {
  Reader reader(text, nullptr, {.list = limit});
  SequenceSet set = reader.sequence_set(Role::imap_sequence_set);
  reader.end();
  if (!reader.ok()) return tl::unexpected(*reader.error());
  return set;
}

}  // namespace glasspost::imap
