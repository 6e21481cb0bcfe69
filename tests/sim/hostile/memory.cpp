#include "tests/sim/hostile/memory.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

// Tests here run in one thread.
namespace {
std::size_t taken = 0, most_taken = 0;
}

void* operator new(std::size_t octets) {
  void* const memory = std::malloc(octets == 0 ? 1 : octets);
  if (!memory) throw std::bad_alloc();
  taken += malloc_usable_size(memory);
  most_taken = std::max(most_taken, taken);
  return memory;
}

void operator delete(void* memory) noexcept {
  taken -= malloc_usable_size(memory);  // of a null pointer: 0
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace glasspost::test {

MemoryWatch::MemoryWatch() : before_(taken) { most_taken = taken; }

std::size_t MemoryWatch::peak() const { return most_taken - before_; }

}  // namespace glasspost::test
