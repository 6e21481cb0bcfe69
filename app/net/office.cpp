#include "app/net/office.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/net/maildir.h"
#include "protocol/tls/certificate.h"
#include "protocol/tls/library.h"
#include "sim/services/imap.h"
#include "sim/services/pop3.h"
#include "sim/services/settings.h"

namespace glasspost::app {
namespace {

using At = OfficeFault::At;

tl::unexpected<OfficeFault> fail(OfficeFault fault) { return tl::unexpected(std::move(fault)); }

}  // namespace

const std::vector<OfficeServiceRow>& office_services() {
  using enum OfficeService;
  static const std::vector<OfficeServiceRow> rows = {
      {smtp, "smtp", Protocol::smtp, TlsMode::starttls, 2525},
      {submission, "submission", Protocol::smtp, TlsMode::starttls, 2587},
      {submissions, "submissions", Protocol::smtp, TlsMode::implicit, 2465},
      {imap, "imap", Protocol::imap, TlsMode::starttls, 2143},
      {imaps, "imaps", Protocol::imap, TlsMode::implicit, 2993},
      {pop3, "pop3", Protocol::pop3, TlsMode::starttls, 2110},
      {pop3s, "pop3s", Protocol::pop3, TlsMode::implicit, 2995},
      {lmtp, "lmtp", Protocol::lmtp, TlsMode::starttls, 2424},
  };
  return rows;
}

Office::Office(Settings settings)
    : settings_(std::move(settings)),
      host_name_("mail." + settings_.domain),
      trace_(settings_.trace_limit),
      users_(settings_.domain),
      under_way_(std::max(settings_.most_under_way, settings_.max_message_size + 64 * 1024)) {}

Office::~Office() {
  listener_.reset();
  if (maildir_) maildir_->close();
}

tl::expected<std::unique_ptr<Office>, OfficeFault> Office::open(Settings settings) {
  std::unique_ptr<Office> office(new Office(std::move(settings)));
  if (const auto done = office->add_users(); !done) return fail(done.error());
  if (const auto done = office->make_tls(); !done) return fail(done.error());
  office->make_logins();
  if (const auto done = office->make_store(); !done) return fail(done.error());
  Listener::Settings listener;
  listener.address = office->settings_.address;
  listener.host_name = office->host_name_;
  listener.most_connections = office->settings_.most_connections;
  listener.records = office->settings_.records;
  listener.keeping.written = [self = office.get()] { return self->written(); };
  listener.keeping.keep = [self = office.get()](std::function<void(bool)> done) { self->maildir_->sync_elsewhere(std::move(done)); };
  office->listener_ = std::make_unique<Listener>(std::move(listener), office->trace_);
  for (const auto& [service, port] : office->settings_.ports)
    if (const auto done = office->open_port(service, port); !done) return fail(done.error());
  return office;
}

tl::expected<void, OfficeFault> Office::add_users() {
  for (const auto& [name, password] : settings_.users) {
    if (password.empty()) return fail({At::user, name, 0, "the password is empty"});
    if (!users_.add(name, password))
      return fail({At::user, name, 0,
                   fmt::format("a name is at most 64 of a-z, 0-9 and ._+-=~', alone or with @{}", settings_.domain)});
  }
  for (const auto& [name, token] : settings_.tokens)
    if (!users_.exists(name) || !users_.add_token(name, token)) return fail({At::token, name, 0, {}});
  if (settings_.any_user_password) {
    if (settings_.any_user_password->empty()) return fail({At::user, "*", 0, "the password is empty"});
    users_.allow_any(*settings_.any_user_password);
  }
  return {};
}

tl::expected<void, OfficeFault> Office::make_tls() {
  using std::chrono::days;
  library_ = TlsLibrary::make();
  TlsContext::Settings tls;
  if (!settings_.certificates_pem.empty()) {
    auto identity = Identity::from_pem(library_, settings_.certificates_pem, settings_.key_pem);
    if (!identity) return fail({At::certificate, {}, 0, identity.error()});
    tls.identity = std::move(*identity);
  } else {
    const Instant now = wall_clock_now();
    const CertificateAuthority authority(library_, "Glasspost serve CA", {now - days{1}, now + days{3650}}, KeyKind::p256);
    tls.identity = authority.issue({"localhost", "127.0.0.1", "::1", host_name_}, {now - days{1}, now + days{397}});
    authority_pem_ = authority.certificate_pem();
  }
  tls.clients_trusted_pem = settings_.clients_pem;
  auto context = TlsContext::make(library_, std::move(tls));
  if (!context) return fail({At::certificate, {}, 0, context.error()});
  tls_ = std::move(*context);
  return {};
}

// The strongest first: clients that go by our order take it.
void Office::make_logins() {
  using enum sasl::Mechanism;
  logins_.mechanisms = {scram_sha_256_plus, scram_sha_1_plus, scram_sha_256, scram_sha_1, cram_md5, plain, login};
  if (!settings_.clients_pem.empty()) logins_.mechanisms.push_back(external);
  if (users_.has_tokens()) logins_.mechanisms.insert(logins_.mechanisms.end(), {oauthbearer, xoauth2});
  logins_.nonce = [] { return sasl::unpredictable(18); };
  logins_.salt_seed = sasl::unpredictable(32);
}

tl::expected<void, OfficeFault> Office::make_store() {
  store_ = std::make_unique<sim::Store>(sim::Store::Settings{0, settings_.records, nullptr, settings_.quota}, users_, trace_);
  postmaster_ = std::make_unique<sim::MailboxPostmaster>(*store_, host_name_);
  if (settings_.maildir.empty()) return {};
  auto maildir = Maildir::open(settings_.maildir, *store_, wall_clock_now(), settings_.tell);
  if (!maildir) return fail({At::maildir, settings_.maildir, 0, maildir.error()});
  maildir_ = std::move(*maildir);
  store_->set_journal(maildir_.get());
  return {};
}

tl::expected<void, OfficeFault> Office::open_port(OfficeService which, std::uint16_t port) {
  const OfficeServiceRow& row = office_services()[std::size_t(which)];
  sim::HostSettings host{host_name_, row.tls, tls_.get(), settings_.allow_plaintext_auth, settings_.records, logins_, settings_.flaws};
  // Mutt with GNU SASL chooses a -PLUS mechanism that it cannot do inside TLS 1.3, and then loses count of POP3's answers.
  if (row.protocol == Protocol::pop3) std::erase_if(host.logins->mechanisms, sasl::binds_channel);
  std::unique_ptr<sim::Service> service;
  switch (row.protocol) {
    case Protocol::imap: {
      auto settings = host.of<sim::ImapService::Settings>();
      settings.extensions = settings_.extensions;
      settings.limits.append = settings_.max_message_size;
      settings.under_way = &under_way_;
      settings.limits.pipelined = std::size_t(settings_.max_message_size) + 16 * 1024 * 1024;
      service = std::make_unique<sim::ImapService>(std::move(settings), *store_, trace_);
      break;
    }
    case Protocol::pop3: {
      auto settings = host.of<sim::Pop3Service::Settings>();
      settings.utf8 = settings.languages = true;
      service = std::make_unique<sim::Pop3Service>(std::move(settings), *store_, trace_);
      break;
    }
    case Protocol::smtp:
    case Protocol::lmtp:
    case Protocol::dns:
    case Protocol::tls: {
      const bool submits = which == OfficeService::submission || which == OfficeService::submissions;
      auto settings = host.of<sim::SmtpService::Settings>();
      settings.protocol = row.protocol;
      settings.role = submits ? smtp::ServerRole::submission : smtp::ServerRole::relay;
      settings.max_size = settings_.max_message_size;
      // What is delivered here goes no further: TLS on the way here is all that REQUIRETLS can mean. Reports (DSN) can only be
      // brought to senders who live here, and only a submission's sender is sure to.
      settings.extensions.chunking = settings.extensions.utf8 = settings.extensions.require_tls = settings.extensions.limits = true;
      settings.extensions.dsn = submits;
      settings.under_way = &under_way_;
      service = std::make_unique<sim::SmtpService>(std::move(settings), *postmaster_, submits ? &users_ : nullptr, trace_);
      break;
    }
  }
  const auto opened = listener_->open(std::string(row.name), *service, port);
  services_.push_back(std::move(service));
  if (!opened) return fail({At::port, std::string(row.name), port, opened.error()});
  return {};
}

// The letters that replies acknowledge must be on the disk. In memory nothing is written, so nobody waits.
std::uint64_t Office::written() {
  if (trace_.forgotten() > 0 && !std::exchange(told_of_forgetting_, true) && settings_.tell_of_forgetting)
    settings_.tell_of_forgetting();
  return maildir_ ? maildir_->written() : 0;
}

}  // namespace glasspost::app
