// A bound on what all connections together bring.
#pragma once

#include <cstdint>

namespace glasspost::sim {

// How many octets of letters may be under way at once, over all connections that share it: each of them may be within
// its own limit, and all together too much for this computer.
class LettersUnderWay {
 public:
  explicit LettersUnderWay(std::uint64_t most) : most_(most) {}
  std::uint64_t room() const { return most_ - octets_; }
  // Somebody who had `before` octets under way has `now`. False: there is no room, and nothing was changed.
  bool change(std::uint64_t before, std::uint64_t now) {
    if (now > before && now - before > room()) return false;
    octets_ = octets_ - before + now;
    return true;
  }

 private:
  std::uint64_t most_, octets_ = 0;
};

// One connection's part of it. Null: there is no bound.
class Share {
 public:
  explicit Share(LettersUnderWay* all) : all_(all) {}
  ~Share() { hold(0); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  // How much of a letter is here now. False: there is no room for it.
  bool hold(std::uint64_t octets) {
    if (!all_) return true;
    if (!all_->change(held_, octets)) return false;
    held_ = octets;
    return true;
  }
  std::uint64_t room() const { return all_ ? all_->room() + held_ : ~std::uint64_t{0}; }  // with what it holds already

 private:
  LettersUnderWay* all_;
  std::uint64_t held_ = 0;
};

}  // namespace glasspost::sim
