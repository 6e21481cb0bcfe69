#include "sim/comparison/sizes.h"

#include <algorithm>

namespace glasspost::sim::comparison {

Sizes::Sizes(const Setting& setting, std::vector<UserAct> acts, std::size_t largest)
    : setting_(setting), acts_(std::move(acts)) {
  largest = std::clamp<std::size_t>(largest, 1, largest_mailbox);
  for (std::size_t size = 1; size < largest; size *= 10) sizes_.push_back(size);
  sizes_.push_back(largest);
}

bool Sizes::work() {
  if (finished()) return false;
  if (!run_) {
    Setting setting = setting_;
    setting.protocol = protocol();
    setting.earlier = now_.letters = size();
    run_ = std::make_unique<Run>(setting, acts_, Detail::counts_only);
  }
  if (run_->work()) return true;
  now_.counts[side_] = run_->counts();
  if (run_->shed()) return true;
  run_.reset();
  if (++side_ < std::size(both)) return true;
  side_ = 0;
  done_.push_back(now_);
  return !finished();
}

double Sizes::progress() const {
  if (finished()) return 1;
  double whole = 0, done = 0;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    const double cost = double(sizes_[i]) + 20;  // a run has a beginning, however few the letters
    whole += 2 * cost;
    if (i < done_.size()) done += 2 * cost;
    else if (i == done_.size()) done += cost * (double(side_) + (run_ ? run_->progress() : 0));
  }
  return done / whole;
}

}  // namespace glasspost::sim::comparison
