// OpenSSL in a library context of its own, and where its randomness comes from. One per world, or one per
// program for live connections. Nothing of OpenSSL is shared between two libraries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

struct ossl_lib_ctx_st;

namespace glasspost {

// A stream of octets that look random and are the same for the same seed. Not secret: for simulated worlds
// only.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t stream);
  void fill(unsigned char* out, std::size_t size);

 private:
  std::uint64_t next();
  std::uint64_t state_[4];
};

class TlsLibrary {
 public:
  // `seed`: everything that OpenSSL draws comes from it, so that two runs give the same octets. Without: the
  // system's randomness.
  static std::shared_ptr<TlsLibrary> make(std::optional<std::uint64_t> seed = std::nullopt);
  ~TlsLibrary();
  TlsLibrary(const TlsLibrary&) = delete;
  TlsLibrary& operator=(const TlsLibrary&) = delete;

  bool is_seeded() const { return seed_.has_value(); }
  ossl_lib_ctx_st* handle() const;
  // A stream that depends on the seed and `stream` alone: what one connection draws never changes what
  // another gets.
  RandomStream stream(std::uint64_t number) const { return RandomStream(seed_.value_or(0), number); }

  // While it lives, OpenSSL draws from `stream` (which it moves on). Does nothing if the library is not
  // seeded.
  class Drawing {
   public:
    Drawing(TlsLibrary&, RandomStream& stream);
    ~Drawing();
    Drawing(const Drawing&) = delete;
    Drawing& operator=(const Drawing&) = delete;

   private:
    TlsLibrary& library_;
    RandomStream* before_ = nullptr;
  };

 private:
  explicit TlsLibrary(std::optional<std::uint64_t> seed);

  struct Inner;
  std::optional<std::uint64_t> seed_;
  std::unique_ptr<Inner> inner_;
};

}  // namespace glasspost
