// A name's addresses, asked of the system's resolver. That call waits, and cannot be called off: it has a thread of its
// own, which outlives the lookup if nobody wants the answer any more.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace glasspost::app {

class Lookup {
 public:
  explicit Lookup(std::string host);
  ~Lookup();
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  int descriptor() const;  // readable once the answer is there
  bool done() const;
  // Once done: numeric addresses in the order in which they are to be tried, or the system's words for why not.
  tl::expected<std::vector<std::string>, std::string> take() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace glasspost::app
