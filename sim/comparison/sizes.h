// The same acts over mailboxes of growing size: what the curves are drawn from. One run after the other, each for real.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "sim/comparison/run.h"

namespace glasspost::sim::comparison {

inline constexpr std::size_t largest_mailbox = 100'000;
inline constexpr Protocol both[] = {Protocol::pop3, Protocol::imap};

struct AtSize {
  std::size_t letters = 0;          // that lay in the mailbox before the first act
  std::array<Counts, 2> counts;     // after the last act; by `both`
};

class Sizes {
 public:
  // 1, 10, 100, … up to `largest`, and `largest`. `tls` is the setting's; its protocol and size are not asked.
  Sizes(const Setting&, std::vector<UserAct>, std::size_t largest);

  bool work();                      // a slice. True: there is more
  bool finished() const { return done_.size() == sizes_.size(); }
  double progress() const;          // by how many letters are done, from 0 to 1
  const std::vector<AtSize>& points() const { return done_; }
  const std::vector<std::size_t>& sizes() const { return sizes_; }
  // What goes on now.
  std::size_t size() const { return finished() ? 0 : sizes_[done_.size()]; }
  const Run* run() const { return run_.get(); }
  Protocol protocol() const { return both[side_]; }

 private:
  Setting setting_;
  std::vector<UserAct> acts_;
  std::vector<std::size_t> sizes_;
  std::vector<AtSize> done_;
  AtSize now_;
  std::size_t side_ = 0;
  std::unique_ptr<Run> run_;
};

}  // namespace glasspost::sim::comparison
