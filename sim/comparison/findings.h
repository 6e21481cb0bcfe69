// What has become of the letters: which are there twice, where devices disagree, what is lost, and the record that did it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "protocol/kinds.h"
#include "sim/history.h"

namespace glasspost::sim::comparison {

enum class FindingKind : std::uint8_t {
  behind,     // a device does not know yet; its next check will tell it
  apart,      // devices differ, and nothing that either protocol says will ever mend it
  duplicate,  // the same letter twice on one device
  lost,       // it arrived, nobody asked for its deletion, and nobody has it
};
// In what a device is behind or apart.
enum class Aspect : std::uint8_t { none, unread, not_here, still_here, folder };

struct Finding {
  FindingKind kind = FindingKind::lost;
  Aspect aspect = Aspect::none;
  HostId holder = 0;             // lost: who had the last copy
  std::string mailbox, key, subject;
  RecordId cause = no_record;    // what made it so
  RecordId before = no_record;   // lost: what had taken the other copy away, if something had
  friend bool operator==(const Finding&, const Finding&) = default;
};

struct Bystanders {
  HostId store = 0;
  std::span<const HostId> devices;
  std::span<const std::string> deleted;  // the keys of letters that the person deleted somewhere
};
std::vector<Finding> find_all(Protocol, const std::vector<Holding>&, const Bystanders&);

}  // namespace glasspost::sim::comparison
