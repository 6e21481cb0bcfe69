// OpenSSL's objects with owners. Private to this folder: nothing outside includes it.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string_view>
#include <vector>

#include "protocol/kinds.h"
#include "protocol/tls/certificate.h"

namespace glasspost {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freer<Free>>;

using OwnedBio = Owned<BIO, BIO_free>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedCertificate = Owned<X509, X509_free>;

struct Identity::Inner {
  std::shared_ptr<TlsLibrary> library;  // declared first: it goes last
  OwnedKey key;
  std::vector<OwnedCertificate> chain;
  std::vector<CertificateFacts> facts;
};

CertificateFacts facts_of(X509&);
// What ties a login to this connection, once its handshake is done; the best first.
std::vector<ChannelBinding> channel_bindings(SSL*, Side role, bool resumed);
BIO_METHOD* make_engine_bio_method();  // engine.cpp; one per context, freed with BIO_meth_free
// A BIO that reads `text`, which must outlive it.
inline OwnedBio reading(std::string_view text) {
  return OwnedBio(BIO_new_mem_buf(text.data(), int(text.size())));
}

}  // namespace glasspost
