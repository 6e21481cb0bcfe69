// What a host brings to every TLS connection that it makes or takes: its certificate, whom it trusts, which
// versions it speaks. Made once per host (a client that is no host: once per program).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "protocol/base/time.h"
#include "protocol/kinds.h"
#include "protocol/tls/certificate.h"
#include "protocol/tls/library.h"

struct bio_method_st;
struct ssl_ctx_st;
struct ssl_session_st;

namespace glasspost {

enum class TlsVersion : std::uint8_t { tls1_2, tls1_3 };

class TlsContext {
 public:
  struct Settings {
    std::optional<Identity> identity;  // a server's; without one it cannot play the server
    std::string trusted_pem;           // trust anchors: one certificate behind the other
    std::optional<Identity> client_identity;  // a client's, shown to servers that ask for one
    // A server's: it asks clients for a certificate, and these vouch for it. One that they do not vouch for is passed over,
    // as if none had been shown. Empty: it does not ask.
    std::string clients_trusted_pem;
    bool trust_system = false;         // also whom this computer trusts
    TlsVersion oldest = TlsVersion::tls1_2, newest = TlsVersion::tls1_3;
    // A server in a seeded library: it hands out a ticket, with which the client may come back and resume
    // (RFC 8446 section 2.2). A client there comes back with what it was given.
    bool tickets = false;
    // One line of the NSS key log format at a time, for Wireshark. These are secrets.
    std::function<void(std::string_view line)> key_log;
  };
  // In a seeded library groups and cipher suites are pinned and there are no tickets unless they are asked for,
  // so that every OpenSSL gives the same trace. The error is a sentence.
  static tl::expected<std::unique_ptr<TlsContext>, std::string> make(std::shared_ptr<TlsLibrary>, Settings);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  bool can_serve() const { return settings_.identity.has_value(); }
  const Settings& settings() const { return settings_; }
  TlsLibrary& library() const { return *library_; }
  ssl_ctx_st* handle(Side role) const { return role == Side::server ? server_ : client_; }
  bio_method_st* bio_method() const { return bio_method_; }

  // A client's newest session with each server: what it comes back with. `since`: when that handshake began.
  struct Kept {
    std::shared_ptr<ssl_session_st> session;
    Instant since{};
  };
  const Kept* kept(const std::string& server_name) const;
  void keep(const std::string& server_name, Kept kept) { kept_.insert_or_assign(server_name, std::move(kept)); }

 private:
  TlsContext(std::shared_ptr<TlsLibrary>, Settings);

  std::shared_ptr<TlsLibrary> library_;
  Settings settings_;
  bio_method_st* bio_method_ = nullptr;
  ssl_ctx_st* client_ = nullptr;
  ssl_ctx_st* server_ = nullptr;
  std::map<std::string, Kept, std::less<>> kept_;
};

// The settings of a simulated host: `identity` may be nothing (a client). Trusts `authority` alone.
//   auto library = TlsLibrary::make(seed);
//   CertificateAuthority authority(library, "Glasspost Root", validity, KeyKind::ed25519);
//   auto context = TlsContext::make(library, {.identity = authority.issue({"mx1.example.org"}, validity),
//                                             .trusted_pem = authority.certificate_pem()}).value();

}  // namespace glasspost
