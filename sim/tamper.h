// Somebody in the middle of a link who takes STARTTLS out of what passes (RFC 3207 section 6). He overwrites the word, as
// boxes on the way have done: the octets keep their number, so that TCP notices nothing, and nobody knows the new word. A server
// that is asked for TLS all the same gets an unknown command, and says so.
#pragma once

#include <string>
#include <string_view>

#include "protocol/kinds.h"

namespace glasspost::sim {

class StarttlsStripper {
 public:
  explicit StarttlsStripper(Protocol protocol) : protocol_(protocol) {}

  // What goes on instead: as many octets. Only whole lines are looked at.
  std::string pass(Side from, std::string_view octets);

 private:
  void from_server(std::string& line);
  void from_client(std::string& line);

  Protocol protocol_;
  bool over_ = false;  // the client has logged in, begun a letter or begun TLS: nothing is offered after that
};

}  // namespace glasspost::sim
