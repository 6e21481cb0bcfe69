#include "protocol/trace.h"

#include <algorithm>

namespace glasspost {
namespace {
constexpr std::size_t chunk_size = 256 * 1024;
}

static_assert(sizeof(Record) <= 160, "the reach is 160 octets a record beside its bytes");

Trace::Trace(std::size_t limit) : limit_(limit) {}

Bytes Trace::keep(std::string_view octets) {
  if (octets.empty()) return {};
  if (chunks_.empty() || chunks_.back().octets.capacity() - chunks_.back().octets.size() < octets.size()) {
    Chunk chunk{written_, {}, 0};
    chunk.octets.reserve(std::max(chunk_size, octets.size()));
    held_ += chunk.octets.capacity();
    chunks_.push_back(std::move(chunk));
  }
  Chunk& chunk = chunks_.back();
  const Bytes where{chunk.begin + chunk.octets.size(), static_cast<std::uint32_t>(octets.size())};
  chunk.octets += octets;
  chunk.last_user = end();
  written_ = chunk.begin + chunk.octets.size();
  return where;
}

RecordId Trace::append(Record record) {
  records_.push_back(std::move(record));
  if (limit_ != 0) forget();
  return end() - 1;
}

std::string_view Trace::bytes(Bytes where) const {
  if (where.size == 0) return {};
  auto after = std::upper_bound(chunks_.begin(), chunks_.end(), where.offset,
                                [](std::uint64_t offset, const Chunk& chunk) { return offset < chunk.begin; });
  if (after == chunks_.begin()) return {};
  const Chunk& chunk = *std::prev(after);
  const std::uint64_t at = where.offset - chunk.begin;
  if (at + where.size > chunk.octets.size()) return {};
  return std::string_view(chunk.octets).substr(at, where.size);
}

std::size_t Trace::memory() const { return held_ + records_.size() * sizeof(Record); }

// Whole chunks go, with every record that might still point into them.
void Trace::forget() {
  while (memory() > limit_ && chunks_.size() > 1) {
    const RecordId upto = std::min(chunks_.front().last_user + 1, end());
    held_ -= chunks_.front().octets.capacity();
    chunks_.pop_front();
    while (first_ < upto && !records_.empty()) {
      records_.pop_front();
      ++first_;
    }
  }
  while (memory() > limit_ && records_.size() > 1) {
    records_.pop_front();
    ++first_;
  }
}

}  // namespace glasspost
