#include "protocol/tls/engine.h"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <new>

#include "protocol/base/text.h"
#include "protocol/tls/context.h"
#include "protocol/tls/names.h"
#include "protocol/tls/openssl.h"

namespace glasspost {

using Status = TlsEngine::Status;

namespace {

constexpr std::size_t record_limit = 16 * 1024;  // RFC 8446 section 5.1
constexpr std::uint8_t change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23;

// What SSL reads and writes instead of a socket.
struct Pipe {
  std::string_view input;  // empty but while put_wire runs
  bool eof = false;
  std::string output;
};

int pipe_read(BIO* bio, char* out, std::size_t size, std::size_t* taken) {
  Pipe& pipe = *static_cast<Pipe*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *taken = pipe.input.copy(out, size);
  pipe.input.remove_prefix(*taken);
  if (*taken == 0 && !pipe.eof) BIO_set_retry_read(bio);
  return *taken != 0;
}

int pipe_write(BIO* bio, const char* octets, std::size_t size, std::size_t* written) {
  static_cast<Pipe*>(BIO_get_data(bio))->output.append(octets, size);
  *written = size;
  return 1;
}

long pipe_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return static_cast<Pipe*>(BIO_get_data(bio))->eof;
  return command == BIO_CTRL_FLUSH;
}

Verdict verdict_of(int error) {
  switch (error) {
    case X509_V_OK: return Verdict::trusted;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return Verdict::wrong_name;
    case X509_V_ERR_CERT_HAS_EXPIRED: return Verdict::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return Verdict::not_yet_valid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return Verdict::self_signed;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED: return Verdict::unknown_authority;
    default: return Verdict::other;
  }
}

bool is_address(const std::string& name) {
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> octets(a2i_IPADDRESS(name.c_str()));
  return octets != nullptr;
}

// In whole seconds.
long openssl_now() {
  const Owned<SSL_SESSION, SSL_SESSION_free> fresh(SSL_SESSION_new());
  return SSL_SESSION_get_time(fresh.get());
}

// The first word of a line that came where TLS should begin. Never more: a password may follow.
std::string_view first_word(std::string_view octets) {
  std::size_t size = 0;
  while (size < octets.size() && size < 24 && is_printable(octets[size]) && octets[size] != ' ') ++size;
  return octets.substr(0, size);
}

}  // namespace

BIO_METHOD* make_engine_bio_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | 0x70, "glasspost pipe");
  if (!method) throw std::bad_alloc();
  BIO_meth_set_read_ex(method, pipe_read);
  BIO_meth_set_write_ex(method, pipe_write);
  BIO_meth_set_ctrl(method, pipe_control);
  return method;
}

struct TlsEngine::Inner {
  static Inner& of(const SSL* ssl) { return *static_cast<Inner*>(SSL_get_app_data(ssl)); }

  Inner(TlsContext&, TlsEngine::Settings, Instant now);
  ~Inner();

  void make();
  void begin_client();
  void check_peer();
  void ask_client();
  void offer_alpn();
  unsigned char choose_alpn(std::string_view offered, std::string_view& chosen) const;
  bool keep(SSL_SESSION*);
  void watch();
  void drive();
  void read();
  void write(std::string_view octets);
  void came_up();
  void learn_certificates(const STACK_OF(X509) * chain);
  void fail(std::string sentence);
  void fail_by_openssl();
  bool is_plaintext(std::string_view octets);
  void saw(bool by_us, int what, std::string_view octets);
  void say(bool by_us, std::uint8_t content_type, bool encrypted, std::string_view message);
  std::string_view peer() const { return settings.role == Side::client ? "the server" : "the client"; }

  TlsContext& context;
  TlsEngine::Settings settings;
  Instant began_at;
  RandomStream random;
  SSL* ssl = nullptr;
  Pipe pipe;
  Status status = Status::handshake;
  bool began = false;  // the peer's first octet has been looked at
  bool truncated = false;
  std::string plain, queued, failure;
  TlsFacts facts;
  int verify_error = X509_V_OK;  // the first one
  int alert_received = -1;
  struct Direction {
    std::uint32_t octets = 0;     // of records that nothing was told of yet
    std::uint8_t outer = 0;       // the newest record's content type, as the wire has it
    bool changed_cipher = false;  // TLS 1.2: what follows is encrypted
  };
  std::array<Direction, 2> directions;  // [by us]
  std::vector<TlsSaid> said;
};

TlsEngine::Inner::Inner(TlsContext& with, TlsEngine::Settings wanted, Instant now)
    : context(with),
      settings(std::move(wanted)),
      began_at(now),
      random(context.library().stream(settings.stream * 2 + (settings.role == Side::server ? 1 : 0))) {
  assert(context.handle(settings.role));
  const TlsLibrary::Drawing drawing(context.library(), random);
  make();
  if (settings.role == Side::client) {
    begin_client();
  } else {
    ask_client();
    SSL_set_accept_state(ssl);
    facts.chain = context.settings().identity->facts();
  }
}

void TlsEngine::Inner::make() {
  ssl = SSL_new(context.handle(settings.role));
  BIO* bio = BIO_new(context.bio_method());
  if (!ssl || !bio) throw std::bad_alloc();
  BIO_set_data(bio, &pipe);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  SSL_set_app_data(ssl, this);
  if (settings.watch) watch();
}

// OpenSSL tells a ticket's age, in whole seconds and one less than they are, by the computer's clock; the age that counts here
// is our own clock's. If the computer's moves on in between, it is done again.
void TlsEngine::Inner::begin_client() {
  const RandomStream fresh = random;
  while (true) {
    check_peer();
    offer_alpn();
    const TlsContext::Kept* kept = context.kept(facts.server_name);
    const long before = openssl_now();
    if (kept) {
      const auto age = std::chrono::floor<std::chrono::seconds>(began_at - kept->since).count();
      SSL_SESSION_set_time(kept->session.get(), long(before - age - 1));
      SSL_set_session(ssl, kept->session.get());
    }
    SSL_set_connect_state(ssl);
    drive();
    if (!kept || status != Status::handshake || openssl_now() == before) return;
    SSL_free(ssl);
    pipe = {};
    directions = {};
    said.clear();
    random = fresh;
    make();
  }
}

TlsEngine::Inner::~Inner() {
  // Otherwise the session would count as broken and could never be resumed.
  if (status == Status::up || status == Status::closed)
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl);
}

void TlsEngine::Inner::check_peer() {
  std::string name = settings.server_name;
  if (name.ends_with('.')) name.pop_back();
  facts.server_name = name;
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_time(param, std::chrono::floor<std::chrono::seconds>(began_at).time_since_epoch().count());
  if (is_address(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str());
  } else if (!name.empty()) {
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(param, name.data(), name.size());
    SSL_set_tlsext_host_name(ssl, name.c_str());
  }
  // Every complaint is heard and the first is kept; whether it ends the handshake is our settings' word.
  SSL_set_verify(ssl, SSL_VERIFY_PEER, [](int fine, X509_STORE_CTX* store) {
    auto* of = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* inner = static_cast<Inner*>(SSL_get_app_data(of));
    if (fine) return 1;
    if (inner->verify_error == X509_V_OK) inner->verify_error = X509_STORE_CTX_get_error(store);
    if (inner->facts.chain.empty()) inner->learn_certificates(X509_STORE_CTX_get0_untrusted(store));
    return inner->settings.require_trust ? 0 : 1;
  });
}

// A client without a certificate is as welcome as before, and so is one whose certificate nobody here vouches for: but then
// it is nobody's.
void TlsEngine::Inner::ask_client() {
  if (context.settings().clients_trusted_pem.empty()) return;
  X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), std::chrono::floor<std::chrono::seconds>(began_at).time_since_epoch().count());
  SSL_set_verify(ssl, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });  // what was found stays the verify result
}

// RFC 7301 section 3.1: each name behind an octet with its length.
void TlsEngine::Inner::offer_alpn() {
  if (settings.alpn.empty()) return;
  const std::string list = char(settings.alpn.size()) + settings.alpn;
  SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(list.data()), unsigned(list.size()));
}

// RFC 7301 section 3.2: a server that speaks none of what was offered ends the handshake.
unsigned char TlsEngine::Inner::choose_alpn(std::string_view offered, std::string_view& chosen) const {
  if (settings.alpn.empty()) return SSL_TLSEXT_ERR_NOACK;
  for (std::string_view rest = offered; !rest.empty();) {
    const std::size_t size = std::min<std::size_t>(static_cast<unsigned char>(rest[0]), rest.size() - 1);
    chosen = rest.substr(1, size);
    if (chosen == settings.alpn) return SSL_TLSEXT_ERR_OK;
    rest.remove_prefix(1 + size);
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// True: the session is ours now.
bool TlsEngine::Inner::keep(SSL_SESSION* session) {
  if (!context.library().is_seeded() || facts.server_name.empty()) return false;
  context.keep(facts.server_name, {std::shared_ptr<SSL_SESSION>(session, SSL_SESSION_free), began_at});
  return true;
}

void TlsEngine::Inner::watch() {
  SSL_set_msg_callback_arg(ssl, this);
  SSL_set_msg_callback(
      ssl, [](int by_us, int, int what, const void* octets, std::size_t size, SSL*, void* inner) {
        static_cast<Inner*>(inner)->saw(by_us != 0, what, {static_cast<const char*>(octets), size});
      });
}

// OpenSSL tells of each record's header, in TLS 1.3 then of the content type inside, and of each whole
// message.
void TlsEngine::Inner::saw(bool by_us, int what, std::string_view octets) {
  Direction& direction = directions[by_us];
  const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(octets[at]); };
  if (what == SSL3_RT_HEADER && octets.size() >= 5) {
    direction.octets += 5u + octet(3) * 256u + octet(4);
    direction.outer = octet(0);
    const bool tls_1_3 = SSL_version(ssl) == TLS1_3_VERSION;
    if (direction.outer == change_cipher_spec) {
      say(by_us, change_cipher_spec, false, "\x01");
      direction.changed_cipher = !tls_1_3;
    } else if (direction.outer == application_data && !tls_1_3) {
      say(by_us, application_data, true, {});
    }
  } else if (what == SSL3_RT_INNER_CONTENT_TYPE && !octets.empty()) {
    if (octet(0) == application_data) say(by_us, application_data, true, {});
  } else if (what == handshake || what == alert) {
    if (what == alert && !by_us && octets.size() == 2 && octet(1) != 0) alert_received = octet(1);
    say(by_us, std::uint8_t(what), direction.outer == application_data || direction.changed_cipher, octets);
  }
}

void TlsEngine::Inner::say(bool by_us, std::uint8_t content_type, bool encrypted, std::string_view message) {
  const std::uint32_t octets = std::exchange(directions[by_us].octets, 0u);
  if (content_type == application_data && !said.empty() && said.back().content_type == application_data &&
      said.back().by_us == by_us)
    said.back().wire_octets += octets;
  else
    said.push_back({by_us, content_type, encrypted, octets, std::string(message)});
}

void TlsEngine::Inner::drive() {
  if (status == Status::handshake) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl);
    if (result != 1) {
      if (SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ) fail_by_openssl();
      return;
    }
    came_up();
  }
  if (status == Status::up) read();
}

void TlsEngine::Inner::came_up() {
  status = Status::up;
  facts.version = SSL_get_version(ssl);
  facts.cipher = SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl));
  if (const int group = int(SSL_get_negotiated_group(ssl)); group != NID_undef)
    if (const char* name = SSL_group_to_name(ssl, group)) facts.group = name;
  facts.resumed = SSL_session_reused(ssl) == 1;
  const unsigned char* alpn = nullptr;
  unsigned alpn_size = 0;
  SSL_get0_alpn_selected(ssl, &alpn, &alpn_size);
  if (alpn_size != 0) facts.alpn = visible({reinterpret_cast<const char*>(alpn), alpn_size});
  if (settings.role == Side::client) {
    // Who resumes shows no certificate: what was found out the first time still stands.
    facts.verdict = verdict_of(facts.resumed ? int(SSL_get_verify_result(ssl)) : verify_error);
    learn_certificates(SSL_get_peer_cert_chain(ssl));
  } else if (const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)) {
    facts.server_name = visible(name);
  }
  if (settings.role == Side::server && SSL_get_verify_result(ssl) == X509_V_OK)
    if (X509* shown = SSL_get0_peer_certificate(ssl)) facts.client_certificate = facts_of(*shown);
  facts.bindings = channel_bindings(ssl, settings.role, facts.resumed);
  if (!queued.empty()) write(std::exchange(queued, {}));
}

void TlsEngine::Inner::learn_certificates(const STACK_OF(X509) * chain) {
  facts.chain.clear();
  for (int i = 0; i < sk_X509_num(chain); ++i) facts.chain.push_back(facts_of(*sk_X509_value(chain, i)));
}

void TlsEngine::Inner::read() {
  std::array<char, record_limit> buffer;
  while (true) {
    std::size_t size = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(ssl, buffer.data(), buffer.size(), &size);
    if (result == 1) {
      plain.append(buffer.data(), size);
      continue;
    }
    const int why = SSL_get_error(ssl, result);
    if (why == SSL_ERROR_WANT_READ) return;
    if (why == SSL_ERROR_ZERO_RETURN)
      status = Status::closed;
    else
      fail_by_openssl();
    return;
  }
}

void TlsEngine::Inner::write(std::string_view octets) {
  if (octets.empty()) return;
  std::size_t written = 0;
  ERR_clear_error();
  // Cut into full records by SSL; the pipe takes everything.
  pipe.output.reserve(pipe.output.size() + octets.size() + (octets.size() / record_limit + 1) * 32);
  if (SSL_write_ex(ssl, octets.data(), octets.size(), &written) != 1) fail_by_openssl();
}

void TlsEngine::Inner::fail(std::string sentence) {
  status = Status::failed;
  failure = std::move(sentence);
}

void TlsEngine::Inner::fail_by_openssl() {
  const unsigned long error = ERR_peek_last_error();
  const int reason = ERR_GET_REASON(error);
  const char* words = ERR_reason_error_string(error);
  const std::string_view when = status == Status::handshake ? "the TLS handshake" : "the TLS connection";
  if (verify_error != X509_V_OK) facts.verdict = verdict_of(verify_error);
  if (alert_received >= 0) {
    fail(fmt::format("{} ended {} with the alert {}: {}", peer(), when,
                     alert_name(std::uint8_t(alert_received)), alert_meaning(std::uint8_t(alert_received))));
  } else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    const std::string why = sentence(facts);
    const char* detail = X509_verify_cert_error_string(verify_error);
    fail(facts.verdict == Verdict::other ? fmt::format("{}: {}", why, detail) : why);
  } else if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_WRONG_SSL_VERSION ||
             reason == SSL_R_VERSION_TOO_LOW) {
    fail(fmt::format("{} speaks no TLS version that is allowed here", peer()));
  } else if (reason == SSL_R_NO_SHARED_CIPHER) {
    fail(fmt::format("{} and this end have no cipher suite in common", peer()));
  } else if (reason == SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC) {
    fail(fmt::format("a record from {} was damaged or tampered with: it does not decrypt", peer()));
  } else {
    fail(fmt::format("{} failed: {}", when, words ? words : "the octets that came are no TLS"));
  }
  ERR_clear_error();
}

// A TLS record begins with 22 (a handshake) or, refusing, 21 (an alert).
bool TlsEngine::Inner::is_plaintext(std::string_view octets) {
  const char first = octets.front();
  if (first == char(handshake) || first == char(alert)) return false;
  const std::string_view word = first_word(octets);
  if (word.empty() || is_eight_bit(first))
    fail(fmt::format("{} sent octets that are no TLS (the first is 0x{:02x})", peer(),
                     static_cast<unsigned char>(first)));
  else if (settings.role == Side::server)
    fail(fmt::format("{} spoke plaintext (“{}”) where TLS has to begin", peer(), word));
  else
    fail(fmt::format(
        "{} spoke plaintext (“{}”) where TLS has to begin: this port may want STARTTLS, or no TLS", peer(),
        word));
  return true;
}

void TlsEngine::prepare(ssl_ctx_st* prepared, Side role) {
  if (role == Side::server) {
    const auto choose = [](SSL* ssl, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                           unsigned offered_size, void*) -> int {
      std::string_view name;
      const int answer = Inner::of(ssl).choose_alpn({reinterpret_cast<const char*>(offered), offered_size}, name);
      *chosen = reinterpret_cast<const unsigned char*>(name.data());
      *size = static_cast<unsigned char>(name.size());
      return answer;
    };
    SSL_CTX_set_alpn_select_cb(prepared, choose, nullptr);
    return;
  }
  SSL_CTX_set_session_cache_mode(prepared, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(prepared, [](SSL* ssl, SSL_SESSION* session) { return int(Inner::of(ssl).keep(session)); });
}

// The engine's face

TlsEngine::TlsEngine(TlsContext& context, Settings settings, Instant now)
    : inner_(std::make_unique<Inner>(context, std::move(settings), now)) {}
TlsEngine::~TlsEngine() = default;

Status TlsEngine::put_wire(std::string_view octets) {
  Inner& inner = *inner_;
  if (octets.empty() || inner.status == Status::failed || inner.status == Status::closed) return inner.status;
  if (!std::exchange(inner.began, true) && inner.is_plaintext(octets)) return inner.status;
  const TlsLibrary::Drawing drawing(inner.context.library(), inner.random);
  inner.pipe.input = octets;
  inner.drive();
  inner.pipe.input = {};
  return inner.status;
}

Status TlsEngine::put_eof() {
  Inner& inner = *inner_;
  if (inner.status == Status::handshake) {
    inner.fail(fmt::format("{} closed the connection in the middle of the TLS handshake", inner.peer()));
  } else if (inner.status == Status::up) {
    inner.truncated = true;
    inner.status = Status::closed;
  }
  return inner.status;
}

std::string TlsEngine::take_wire() { return std::exchange(inner_->pipe.output, {}); }

Status TlsEngine::put_plain(std::string_view octets) {
  Inner& inner = *inner_;
  if (inner.status == Status::handshake) {
    inner.queued += octets;
  } else if (inner.status == Status::up || (inner.status == Status::closed && !inner.truncated)) {
    // After the peer's close_notify we may still speak: RFC 8446 section 6.1.
    const TlsLibrary::Drawing drawing(inner.context.library(), inner.random);
    inner.write(octets);
  }
  return inner.status;
}

std::string TlsEngine::take_plain() { return std::exchange(inner_->plain, {}); }

void TlsEngine::close() {
  Inner& inner = *inner_;
  if (inner.status != Status::up && inner.status != Status::closed) return;
  if (SSL_get_shutdown(inner.ssl) & SSL_SENT_SHUTDOWN) return;
  const TlsLibrary::Drawing drawing(inner.context.library(), inner.random);
  ERR_clear_error();
  SSL_shutdown(inner.ssl);
  ERR_clear_error();
}

Status TlsEngine::status() const { return inner_->status; }
const std::string& TlsEngine::failure() const { return inner_->failure; }
bool TlsEngine::truncated() const { return inner_->truncated; }
const TlsFacts& TlsEngine::facts() const { return inner_->facts; }
std::span<const TlsSaid> TlsEngine::said() const { return inner_->said; }
void TlsEngine::forget_said() { inner_->said.clear(); }

}  // namespace glasspost
