// Where `connect` goes: "imaps://ann@mail.example.com:993".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "protocol/kinds.h"

namespace glasspost::app {

struct LiveAddress {
  std::string scheme;  // "submission"
  Protocol protocol = Protocol::smtp;
  TlsMode tls = TlsMode::plaintext;  // or implicit; whether STARTTLS follows is not the address's to say
  std::string host;    // a name, or an address without brackets
  std::uint16_t port = 0;
  std::string user;    // empty: nobody logs in
};

enum class AddressFault : std::uint8_t {
  malformed,
  has_password,  // "user:password@": it would stay in the shell's history and in the list of processes
};
// RFC 3986 as far as mail needs it: scheme "://" [ user "@" ] host [ ":" port ] [ "/" ].
tl::expected<LiveAddress, AddressFault> live_address(std::string_view url);

}  // namespace glasspost::app
