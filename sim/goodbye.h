// A peer that can be told that its service is closing. Apart from Peer, because only real doors are ever closed with people
// inside: a simulated host that stops is gone without a word.
#pragma once

#include "protocol/base/time.h"

namespace glasspost::sim {

class SaysGoodbye {
 public:
  virtual ~SaysGoodbye() = default;
  // Says what its protocol has for it (421, BYE, nothing), and wants to be closed. What is under way is broken off.
  virtual void go_away(Instant now) = 0;
};

}  // namespace glasspost::sim
