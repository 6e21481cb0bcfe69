#include "protocol/tls/context.h"

#include <fmt/format.h>

#include <new>

#include "protocol/tls/engine.h"
#include "protocol/tls/openssl.h"

namespace glasspost {

namespace {

// Elliptic curve Diffie-Hellman and AEAD only. The lists are what every OpenSSL 3 has, so that a trace is the
// same everywhere.
constexpr char pinned_groups[] =
    "X25519:P-256";  // one key share is sent, of the first; TLS 1.2 wants a P-256 certificate's group named
constexpr char pinned_suites[] = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr char pinned_suites_1_2[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256";
constexpr char pinned_signatures[] = "ed25519:ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256:rsa_pkcs1_sha256";

int number_of(TlsVersion version) { return version == TlsVersion::tls1_2 ? TLS1_2_VERSION : TLS1_3_VERSION; }

constexpr long ticket_lifetime = 2 * 60 * 60;  // seconds

void pin(SSL_CTX* context, bool tickets) {
  std::uint64_t options = SSL_OP_NO_TICKET;
#ifdef SSL_OP_NO_TX_CERTIFICATE_COMPRESSION
  options |= SSL_OP_NO_TX_CERTIFICATE_COMPRESSION | SSL_OP_NO_RX_CERTIFICATE_COMPRESSION;
#endif
  SSL_CTX_set_options(context, options);
  // The ticket is a session's number, and the session stays with the server: one that carried the session
  // itself, sealed, would hold the computer's time.
  SSL_CTX_set_num_tickets(context, tickets ? 1 : 0);
  SSL_CTX_set_session_cache_mode(context, tickets ? SSL_SESS_CACHE_SERVER : SSL_SESS_CACHE_OFF);
  SSL_CTX_set_timeout(context, ticket_lifetime);
  SSL_CTX_set1_groups_list(context, pinned_groups);
  SSL_CTX_set_ciphersuites(context, pinned_suites);
  SSL_CTX_set_cipher_list(context, pinned_suites_1_2);
  SSL_CTX_set1_sigalgs_list(context, pinned_signatures);
}

// OpenSSL hands the line over with nothing else: the context finds its way back by the SSL_CTX's application
// data.
void on_key_log(const SSL* ssl, const char* line) {
  const auto* settings = static_cast<const TlsContext::Settings*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  settings->key_log(line);
}

SSL_CTX* make_context(TlsLibrary& library, const SSL_METHOD* method, const TlsContext::Settings& settings) {
  SSL_CTX* context = SSL_CTX_new_ex(library.handle(), nullptr, method);
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context, number_of(settings.oldest));
  SSL_CTX_set_max_proto_version(context, number_of(settings.newest));
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  if (library.is_seeded()) pin(context, settings.tickets);
  if (settings.key_log) {
    SSL_CTX_set_app_data(context, const_cast<TlsContext::Settings*>(&settings));
    SSL_CTX_set_keylog_callback(context, on_key_log);
  }
  return context;
}

// How many certificates were added; nothing if one is damaged.
std::optional<int> trust(TlsLibrary& library, X509_STORE* store, std::string_view pem) {
  const OwnedBio bio = reading(pem);
  int count = 0;
  while (true) {
    X509* fresh = X509_new_ex(library.handle(), nullptr);
    const OwnedCertificate certificate(PEM_read_bio_X509(bio.get(), &fresh, nullptr, nullptr));
    if (!certificate) {
      X509_free(fresh);
      break;
    }
    X509_STORE_add_cert(store, certificate.get());
    ++count;
  }
  const unsigned long why = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_LIB(why) != ERR_LIB_PEM || ERR_GET_REASON(why) != PEM_R_NO_START_LINE) return std::nullopt;
  return count;
}

bool use(SSL_CTX* context, const Identity::Inner& identity) {
  bool taken = SSL_CTX_use_certificate(context, identity.chain.front().get()) == 1 &&
               SSL_CTX_use_PrivateKey(context, identity.key.get()) == 1;
  for (std::size_t i = 1; taken && i < identity.chain.size(); ++i)
    taken = SSL_CTX_add1_chain_cert(context, identity.chain[i].get()) == 1;
  return taken;
}

std::string cannot_be_used(const Identity& identity) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return fmt::format("the certificate of {} cannot be used: {}", identity.facts().front().subject,
                     reason ? reason : "its key is of a kind that TLS does not know");
}

}  // namespace

TlsContext::TlsContext(std::shared_ptr<TlsLibrary> library, Settings settings)
    : library_(std::move(library)), settings_(std::move(settings)), bio_method_(make_engine_bio_method()) {}

TlsContext::~TlsContext() {
  kept_.clear();
  SSL_CTX_free(client_);
  SSL_CTX_free(server_);
  BIO_meth_free(bio_method_);
}

const TlsContext::Kept* TlsContext::kept(const std::string& server_name) const {
  const auto found = kept_.find(server_name);
  return found == kept_.end() ? nullptr : &found->second;
}

tl::expected<std::unique_ptr<TlsContext>, std::string> TlsContext::make(std::shared_ptr<TlsLibrary> library,
                                                                        Settings settings) {
  std::unique_ptr<TlsContext> made(new TlsContext(std::move(library), std::move(settings)));
  const Settings& wanted = made->settings_;
  made->client_ = make_context(*made->library_, TLS_client_method(), wanted);
  TlsEngine::prepare(made->client_, Side::client);
  if (!wanted.trusted_pem.empty()) {
    const auto count = trust(*made->library_, SSL_CTX_get_cert_store(made->client_), wanted.trusted_pem);
    if (!count) return tl::unexpected<std::string>("a certificate among those to be trusted is damaged");
    if (*count == 0)
      return tl::unexpected<std::string>(
          "among those to be trusted no certificate in PEM form (-----BEGIN CERTIFICATE-----) was found");
  }
  if (wanted.trust_system) SSL_CTX_set_default_verify_paths(made->client_);
  if (wanted.identity) {
    made->server_ = make_context(*made->library_, TLS_server_method(), wanted);
    TlsEngine::prepare(made->server_, Side::server);
    if (!use(made->server_, wanted.identity->inner())) return tl::unexpected(cannot_be_used(*wanted.identity));
    if (!wanted.clients_trusted_pem.empty()) {
      const auto count = trust(*made->library_, SSL_CTX_get_cert_store(made->server_), wanted.clients_trusted_pem);
      if (!count || *count == 0)
        return tl::unexpected<std::string>("among those that vouch for clients no good certificate in PEM form was found");
      constexpr unsigned char name[] = "glasspost";  // who comes back is known by the certificate of the first time
      SSL_CTX_set_session_id_context(made->server_, name, sizeof name - 1);
    }
  }
  if (wanted.client_identity && !use(made->client_, wanted.client_identity->inner()))
    return tl::unexpected(cannot_be_used(*wanted.client_identity));
  ERR_clear_error();
  return made;
}

}  // namespace glasspost
