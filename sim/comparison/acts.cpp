#include "sim/comparison/acts.h"

#include <bit>

namespace glasspost::sim::comparison {

std::size_t letter_of(const UserAct& act) {
  return act.letters == 0 ? 0 : std::size_t(std::countr_zero(act.letters));
}

std::vector<UserAct> story_of_the_lake() {
  const auto at = [](ActKind kind, Place place) { return UserAct{kind, place, 0, true}; };
  return {
      {ActKind::arrive, Place::laptop, std::uint8_t(bit(0) | bit(1) | bit(2)), true},
      at(ActKind::check, Place::laptop),
      {ActKind::read, Place::laptop, bit(0), true},
      at(ActKind::reinstall, Place::laptop),
      {ActKind::set_leaving, Place::phone, 0, false},
      at(ActKind::check, Place::phone),
      {ActKind::arrive, Place::laptop, bit(3), true},
      at(ActKind::check, Place::phone),
      at(ActKind::lose, Place::phone),
  };
}

}  // namespace glasspost::sim::comparison
