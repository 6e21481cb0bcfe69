// Certificates: a certification authority of our own, what it issues, and what a certificate says (RFC 5280).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/tls/facts.h"
#include "protocol/tls/library.h"

struct x509_st;
struct evp_pkey_st;

namespace glasspost {

enum class KeyKind : std::uint8_t {
  ed25519,  // quick, and signs without randomness: simulated worlds
  p256,     // ECDSA with SHA-256: every mail program accepts it
};

// A certificate chain and the private key of its first certificate. Cheap to copy.
class Identity {
 public:
  // Says in a sentence what is wrong with the files' text.
  static tl::expected<Identity, std::string> from_pem(std::shared_ptr<TlsLibrary>,
                                                      std::string_view certificates, std::string_view key);
  std::string certificates_pem() const;  // the server's own first, then the intermediates
  std::string key_pem() const;           // PKCS #8, not encrypted
  const std::vector<CertificateFacts>& facts() const;

  struct Inner;
  const Inner& inner() const { return *inner_; }
  explicit Identity(std::shared_ptr<const Inner> inner) : inner_(std::move(inner)) {}

 private:
  std::shared_ptr<const Inner> inner_;
};

struct Validity {
  Instant not_before{}, not_after{};
};

class CertificateAuthority {
 public:
  // A root that signs itself. In a seeded library the same `name` gets the same key and certificate.
  CertificateAuthority(std::shared_ptr<TlsLibrary>, std::string name, Validity, KeyKind);

  CertificateAuthority intermediate(std::string name, Validity) const;
  // `names`: DNS names and addresses ("mail.example.com", "127.0.0.1", "::1"); the first is the subject's
  // common name. With an e-mail address as the first ("bob@example.org") it is a client's.
  Identity issue(const std::vector<std::string>& names, Validity) const;

  std::string certificate_pem() const;  // what those who trust this authority are given
  CertificateFacts facts() const;

 private:
  CertificateAuthority() = default;
  struct Inner;
  std::shared_ptr<const Inner> inner_;
};

// A certificate that vouches for itself, for tests and broken servers.
Identity self_signed(std::shared_ptr<TlsLibrary>, const std::vector<std::string>& names, Validity, KeyKind);

// What a certificate in DER says.
Result<CertificateFacts> certificate_facts(std::string_view der);

}  // namespace glasspost
