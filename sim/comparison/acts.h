// What the person in a comparison does: the same list for every protocol, edited without code.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/comparison/letters.h"

namespace glasspost::sim::comparison {

enum class Place : std::uint8_t { laptop, phone };
inline constexpr Place all_places[] = {Place::laptop, Place::phone};

enum class ActKind : std::uint8_t {
  arrive,       // letters arrive at the server
  check,        // this device checks mail
  read,         // opens a letter on this device
  erase,        // deletes it there
  move,         // puts it into the folder there
  go_offline,   // no network on this device
  come_back,    // and again: what waited is told, and mail is checked
  lose,         // the device is gone; a new one, empty, checks mail
  reinstall,    // its mail program forgets what it had fetched (POP3) or held (IMAP), and checks mail
  set_leaving,  // POP3: "leave messages on the server", on or off, for this device
};
inline constexpr ActKind all_acts[] = {ActKind::arrive, ActKind::check, ActKind::read, ActKind::erase, ActKind::move,
                                       ActKind::go_offline, ActKind::come_back, ActKind::lose, ActKind::reinstall,
                                       ActKind::set_leaving};
constexpr bool has_place(ActKind kind) { return kind != ActKind::arrive; }
constexpr bool has_letter(ActKind kind) { return kind == ActKind::read || kind == ActKind::erase || kind == ActKind::move; }

struct UserAct {
  ActKind kind = ActKind::check;
  Place place = Place::laptop;
  std::uint8_t letters = bit(0);  // arrive: any of the cast; read, erase, move: one
  bool leaves = true;             // set_leaving
  friend bool operator==(const UserAct&, const UserAct&) = default;
};
std::size_t letter_of(const UserAct&);  // the first; 0 if there is none

inline constexpr std::size_t most_acts = 40;
inline constexpr std::string_view folder_name = "Archive";

// Eight acts that show what POP3 duplicates, leaves apart and loses.
std::vector<UserAct> story_of_the_lake();

}  // namespace glasspost::sim::comparison
