// What can go wrong with a live line, and the sentences for it, by its key in assets/strings:
//   connect.failed.KEY     what happened
//   connect.means.KEY      what that means; not every fault has one
//   connect.remedy.KEY.1...  what to do about it, in order
//   connect.option.KEY     the same for the command line: an option
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/model/outside.h"
#include "app/words/strings.h"
#include "protocol/tls/facts.h"

namespace glasspost::app {

struct LiveFault {
  LiveStep step = LiveStep::command;
  std::string key;
  std::vector<std::pair<std::string, std::string>> names = {};  // what is put into the sentences
};

// Our own sentences; all but the first may be empty.
std::string sentence(const LiveFault&, const Strings&);
std::string meaning(const LiveFault&, const Strings&);
std::vector<std::string> remedies(const LiveFault&, const Strings&);
std::string option(const LiveFault&, const Strings&);

// A certificate that does not convince; `failure` is what TLS says of it, in English.
LiveFault verdict_fault(const TlsFacts&, const std::string& failure);
// The server takes no such token. `reason`: what it sent with that, JSON of RFC 7628 section 3.2.2, or nothing.
LiveFault token_fault(const std::string& reply, const std::string& reason);

}  // namespace glasspost::app
