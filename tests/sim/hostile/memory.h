// How much memory the tests of this binary have taken, by counting what operator new hands out.
#pragma once

#include <cstddef>

namespace glasspost::test {

class MemoryWatch {
 public:
  MemoryWatch();
  std::size_t peak() const;  // octets: the most that was taken at any moment since this was made, beyond what was taken then

 private:
  std::size_t before_;
};

}  // namespace glasspost::test
