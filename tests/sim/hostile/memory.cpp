#include "tests/sim/hostile/memory.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

// Tests here run in one thread.
namespace {
std::size_t taken = 0, most_taken = 0;
}

// All of the family but the aligned ones: a sanitizer has its own, and memory of one must not go back through the other.
void* operator new(std::size_t octets, const std::nothrow_t&) noexcept {
  void* const memory = std::malloc(octets == 0 ? 1 : octets);
  taken += memory ? malloc_usable_size(memory) : 0;
  most_taken = std::max(most_taken, taken);
  return memory;
}
void* operator new(std::size_t octets) {
  if (void* const memory = operator new(octets, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t octets) { return operator new(octets); }
void* operator new[](std::size_t octets, const std::nothrow_t& tag) noexcept { return operator new(octets, tag); }

void operator delete(void* memory) noexcept {
  taken -= memory ? malloc_usable_size(memory) : 0;
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { operator delete(memory); }
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { operator delete(memory); }

namespace glasspost::test {

MemoryWatch::MemoryWatch() : before_(taken) { most_taken = taken; }

std::size_t MemoryWatch::peak() const { return most_taken - before_; }

}  // namespace glasspost::test
