// The world of a comparison: one server with Bob's mailbox, Alice who writes, Bob's laptop and his phone.
#pragma once

#include "sim/comparison/acts.h"
#include "sim/scenario.h"

namespace glasspost::sim::comparison {

inline constexpr HostId server_host = 1, alice_host = 2, laptop_host = 3, phone_host = 4;
inline constexpr HostId devices[] = {laptop_host, phone_host};
constexpr HostId host_of(Place place) { return place == Place::laptop ? laptop_host : phone_host; }
inline constexpr std::string_view bob = "bob", bobs_password = "b0bby", server_name = "mail.example.org";

struct Setting {
  Protocol protocol = Protocol::imap;   // by which Bob reads
  TlsMode tls = TlsMode::implicit;
  std::uint64_t seed = 18;
  std::size_t earlier = 0;              // letters that lay in the mailbox before
  bool headers_first = false;           // IMAP: the devices fetch headers, and the rest of a letter when it is read
};

Scenario scenario_for(const Setting&);
std::uint16_t port_of(Protocol, TlsMode);
// What Bob's devices say, and where they say it.
StoryAct device_act(const Setting&, sim::ActKind, Place);
// Alice submits what the scenario's letter is.
StoryAct submission(const Setting&);

}  // namespace glasspost::sim::comparison
