// Many short texts, each once: kept one behind the other, so that a hundred thousand of them are little memory and are
// forgotten at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace glasspost::sim {

class IdSet {
 public:
  bool contains(std::string_view id) const { return !slots_.empty() && slots_[slot_of(id)] != 0; }
  // At most 64 KiB long.
  void insert(std::string_view id) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    std::uint32_t& slot = slots_[slot_of(id)];
    if (slot != 0) return;
    text_ += char(id.size() & 0xff);
    text_ += char(id.size() >> 8 & 0xff);
    slot = std::uint32_t(text_.size());
    text_ += id;
    ++count_;
  }
  void clear() { *this = {}; }
  std::size_t size() const { return count_; }

 private:
  // `begin` of an id in the text; its length stands before it. 0: an empty slot.
  std::string_view at(std::uint32_t begin) const {
    if (begin == 0) return {};
    const auto octet = [&](std::size_t i) { return std::size_t(static_cast<unsigned char>(text_[i])); };
    return std::string_view(text_).substr(begin, octet(begin - 2) | octet(begin - 1) << 8);
  }
  std::size_t slot_of(std::string_view id) const {
    std::size_t slot = std::hash<std::string_view>{}(id) & (slots_.size() - 1);
    while (slots_[slot] != 0 && at(slots_[slot]) != id) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }
  void grow() {
    const std::vector<std::uint32_t> before = std::exchange(slots_, std::vector<std::uint32_t>(slots_.empty() ? 64 : 2 * slots_.size()));
    for (const std::uint32_t begin : before)
      if (begin != 0) slots_[slot_of(at(begin))] = begin;
  }

  std::string text_;
  std::vector<std::uint32_t> slots_;  // a power of two of them, at most half taken
  std::size_t count_ = 0;
};

}  // namespace glasspost::sim
