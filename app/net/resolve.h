// A name's addresses: by the DNS (c-ares), which never waits; and what it does not know, by the system's resolver, which may
// know names of its own (mDNS). That call waits, and cannot be called off: it has a thread of its own, which outlives the
// lookup if nobody wants the answer any more.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/model/outside.h"

namespace glasspost::app {

class Lookup {
 public:
  // `dns_server`: "127.0.0.1:5300", and nobody else is asked; empty: those of this computer, and the system.
  explicit Lookup(std::string host, const std::string& dns_server = {});
  ~Lookup();
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  bool poll();  // true: the answer is there
  Waits waits() const;
  // Once it is there: numeric addresses in the order in which they are to be tried, or the system's words for why not.
  const tl::expected<std::vector<std::string>, std::string>& answer() const;

 private:
  class Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace glasspost::app
