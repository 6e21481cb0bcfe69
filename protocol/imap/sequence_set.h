// Sets of message numbers or UIDs, as FETCH, STORE, COPY and SEARCH name them. RFC 3501 section 9, sequence-set.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.h"

namespace glasspost::imap {

// "*", the largest number in use. A range may be written from either end: "5:2", "*:3".
inline constexpr std::uint32_t star = 0;

struct SequenceRange {
  std::uint32_t first = 1, last = 1;  // as written; `star` is "*"
  friend bool operator==(SequenceRange, SequenceRange) = default;
};

class SequenceSet {
 public:
  SequenceSet() = default;
  explicit SequenceSet(std::vector<SequenceRange> ranges) : ranges_(std::move(ranges)) {}
  static SequenceSet of(std::span<const std::uint32_t> numbers);  // neighbours are joined: 1,2,3,7 is "1:3,7"

  // "$", what the last SEARCH saved (RFC 5182): a set whose numbers only the server knows. It resolves to none.
  static SequenceSet saved();
  bool is_saved() const { return saved_; }

  bool empty() const { return ranges_.empty() && !saved_; }
  std::span<const SequenceRange> ranges() const { return ranges_; }
  void add(std::uint32_t number) { add(number, number); }
  void add(std::uint32_t first, std::uint32_t last) { ranges_.push_back({first, last}); }

  // With "*" standing for `largest`: sorted, disjoint, first <= last. "*" in an empty mailbox (largest 0) names nothing.
  std::vector<SequenceRange> resolved(std::uint32_t largest) const;
  bool contains(std::uint32_t number, std::uint32_t largest) const;
  // The largest number that is named outright; 0 if only "*" is. Sequence numbers beyond the mailbox are an error.
  std::uint32_t largest_named() const;
  std::string text() const;

  friend bool operator==(const SequenceSet&, const SequenceSet&) = default;

 private:
  std::vector<SequenceRange> ranges_;
  bool saved_ = false;
};

// The whole of `text` is a sequence-set of at most `limit` ranges.
Result<SequenceSet> parse_sequence_set(std::string_view text, std::size_t limit = 16384);

}  // namespace glasspost::imap
