#include "protocol/tls/library.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <new>

namespace glasspost {

// splitmix64 spreads the two numbers over the state; xoshiro256** goes on from there (both by Blackman and
// Vigna, public domain).
RandomStream::RandomStream(std::uint64_t seed, std::uint64_t stream) {
  const auto mix = [](std::uint64_t& x) {
    std::uint64_t z = (x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  };
  std::uint64_t x = stream;
  x = seed ^ mix(x);
  for (std::uint64_t& word : state_) word = mix(x);
}

std::uint64_t RandomStream::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void RandomStream::fill(unsigned char* out, std::size_t size) {
  while (size != 0) {
    const std::uint64_t word = next();
    const std::size_t count = std::min<std::size_t>(size, 8);
    for (std::size_t i = 0; i < count; ++i)
      out[i] = static_cast<unsigned char>(word >> (8 * i));  // the same on every machine
    out += count;
    size -= count;
  }
}

// The provider: OpenSSL asks it for a generator of random octets, and gets one that reads the library's
// current stream.
namespace {

constexpr char provider_name[] = "glasspost-seeded";
constexpr char generator_name[] = "GLASSPOST-SEEDED";
constexpr std::size_t max_request = 1 << 16;

struct Source {
  RandomStream own{0, 0};
  RandomStream* current = nullptr;
};

struct Generator {
  Source* source;
  int state = EVP_RAND_STATE_UNINITIALISED;
};

void* generator_new(void* source, void*, const OSSL_DISPATCH*) {
  return new (std::nothrow) Generator{static_cast<Source*>(source)};
}
void generator_free(void* generator) { delete static_cast<Generator*>(generator); }
int generator_instantiate(void* generator, unsigned, int, const unsigned char*, std::size_t,
                          const OSSL_PARAM*) {
  static_cast<Generator*>(generator)->state = EVP_RAND_STATE_READY;
  return 1;
}
int generator_uninstantiate(void* generator) {
  static_cast<Generator*>(generator)->state = EVP_RAND_STATE_UNINITIALISED;
  return 1;
}
int generator_generate(void* generator, unsigned char* out, std::size_t size, unsigned, int,
                       const unsigned char*, std::size_t) {
  Source& source = *static_cast<Generator*>(generator)->source;
  (source.current ? *source.current : source.own).fill(out, size);
  return 1;
}
int generator_reseed(void*, int, const unsigned char*, std::size_t, const unsigned char*, std::size_t) {
  return 1;
}
int generator_enable_locking(void*) { return 1; }  // a seeded library belongs to one thread at a time
int generator_lock(void*) { return 1; }
void generator_unlock(void*) {}
const OSSL_PARAM* generator_gettable(void*, void*) {
  static constexpr OSSL_PARAM list[] = {
      {OSSL_RAND_PARAM_STATE, OSSL_PARAM_INTEGER, nullptr, sizeof(int), 0},
      {OSSL_RAND_PARAM_STRENGTH, OSSL_PARAM_UNSIGNED_INTEGER, nullptr, sizeof(unsigned), 0},
      {OSSL_RAND_PARAM_MAX_REQUEST, OSSL_PARAM_UNSIGNED_INTEGER, nullptr, sizeof(std::size_t), 0},
      {nullptr, 0, nullptr, 0, 0}};
  return list;
}
int generator_get(void* generator, OSSL_PARAM params[]) {
  if (OSSL_PARAM* p = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE))
    if (!OSSL_PARAM_set_int(p, static_cast<Generator*>(generator)->state)) return 0;
  if (OSSL_PARAM* p = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH))
    if (!OSSL_PARAM_set_uint(p, 256)) return 0;
  if (OSSL_PARAM* p = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST))
    if (!OSSL_PARAM_set_size_t(p, max_request)) return 0;
  return 1;
}

using Function = void (*)();
template <class F>
Function as_function(F* f) {
  return reinterpret_cast<Function>(f);
}

const OSSL_ALGORITHM* provider_query(void*, int operation, int* no_cache) {
  static const OSSL_DISPATCH functions[] = {
      {OSSL_FUNC_RAND_NEWCTX, as_function(generator_new)},
      {OSSL_FUNC_RAND_FREECTX, as_function(generator_free)},
      {OSSL_FUNC_RAND_INSTANTIATE, as_function(generator_instantiate)},
      {OSSL_FUNC_RAND_UNINSTANTIATE, as_function(generator_uninstantiate)},
      {OSSL_FUNC_RAND_GENERATE, as_function(generator_generate)},
      {OSSL_FUNC_RAND_RESEED, as_function(generator_reseed)},
      {OSSL_FUNC_RAND_ENABLE_LOCKING, as_function(generator_enable_locking)},
      {OSSL_FUNC_RAND_LOCK, as_function(generator_lock)},
      {OSSL_FUNC_RAND_UNLOCK, as_function(generator_unlock)},
      {OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, as_function(generator_gettable)},
      {OSSL_FUNC_RAND_GET_CTX_PARAMS, as_function(generator_get)},
      {0, nullptr}};
  static const OSSL_ALGORITHM algorithms[] = {
      {generator_name, "provider=glasspost-seeded", functions, "seeded, not secret"},
      {nullptr, nullptr, nullptr, nullptr}};
  *no_cache = 0;
  return operation == OSSL_OP_RAND ? algorithms : nullptr;
}
void provider_teardown(void* source) { delete static_cast<Source*>(source); }

int provider_init(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH** out, void** context) {
  static const OSSL_DISPATCH functions[] = {{OSSL_FUNC_PROVIDER_QUERY_OPERATION, as_function(provider_query)},
                                            {OSSL_FUNC_PROVIDER_TEARDOWN, as_function(provider_teardown)},
                                            {0, nullptr}};
  *context = new (std::nothrow) Source;
  *out = functions;
  return *context != nullptr;
}

}  // namespace

struct TlsLibrary::Inner {
  OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
  OSSL_PROVIDER* standard = nullptr;
  OSSL_PROVIDER* seeded = nullptr;
  Source* source = nullptr;

  ~Inner() {
    if (seeded) OSSL_PROVIDER_unload(seeded);
    if (standard) OSSL_PROVIDER_unload(standard);
    OSSL_LIB_CTX_free(context);
  }
};

std::shared_ptr<TlsLibrary> TlsLibrary::make(std::optional<std::uint64_t> seed) {
  return std::shared_ptr<TlsLibrary>(new TlsLibrary(seed));
}

TlsLibrary::TlsLibrary(std::optional<std::uint64_t> seed) : seed_(seed), inner_(std::make_unique<Inner>()) {
  if (!inner_->context) throw std::bad_alloc();
  if (seed) {
    OSSL_PROVIDER_add_builtin(inner_->context, provider_name, provider_init);
    inner_->seeded = OSSL_PROVIDER_load(inner_->context, provider_name);
    assert(inner_->seeded);
    inner_->source = static_cast<Source*>(OSSL_PROVIDER_get0_provider_ctx(inner_->seeded));
    inner_->source->own = stream(~std::uint64_t{0});
    RAND_set_DRBG_type(inner_->context, generator_name, nullptr, nullptr, nullptr);
  }
  inner_->standard = OSSL_PROVIDER_load(inner_->context, "default");
  if (!inner_->standard) throw std::bad_alloc();
}

TlsLibrary::~TlsLibrary() = default;

ossl_lib_ctx_st* TlsLibrary::handle() const { return inner_->context; }

TlsLibrary::Drawing::Drawing(TlsLibrary& library, RandomStream& stream) : library_(library) {
  if (Source* source = library_.inner_->source) {
    before_ = source->current;
    source->current = &stream;
  }
}

TlsLibrary::Drawing::~Drawing() {
  if (Source* source = library_.inner_->source) source->current = before_;
}

}  // namespace glasspost
