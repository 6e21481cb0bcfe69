// Which UIDs have left a mailbox, and with which mod-sequence: what a client that was away has to be told. RFC 7162
// section 5.3. The memory is bounded: the oldest is forgotten first, and from which moment on nothing is missing is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "protocol/imap/sequence_set.h"

namespace glasspost::sim {

class Vanished {
 public:
  static constexpr std::size_t most_ranges = 10'000;  // 16 octets each

  struct Range {
    std::uint64_t modseq;
    std::uint32_t first, last;
    friend bool operator==(const Range&, const Range&) = default;
  };

  // They went with this mod-sequence, which is greater than those before.
  void add(std::uint64_t modseq, std::span<const std::uint32_t> ascending);
  // The same, read back.
  void add(Range);
  // The UIDs that went with a greater mod-sequence, sorted and disjoint. Only if knows_since().
  std::vector<imap::SequenceRange> since(std::uint64_t modseq) const;
  bool knows_since(std::uint64_t modseq) const { return modseq >= forgotten_; }

  const std::deque<Range>& ranges() const { return ranges_; }
  // The greatest mod-sequence of what was forgotten; 0: nothing was.
  std::uint64_t forgotten() const { return forgotten_; }
  void forget_until(std::uint64_t modseq);

 private:
  std::deque<Range> ranges_;  // by mod-sequence
  std::uint64_t forgotten_ = 0;
};

// Both sorted and disjoint; so is what both name.
std::vector<imap::SequenceRange> common(std::span<const imap::SequenceRange>, std::span<const imap::SequenceRange>);

}  // namespace glasspost::sim
