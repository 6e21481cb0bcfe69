#include "app/net/live_opening.h"

#include "protocol/imap/client.h"
#include "protocol/pop3/client.h"
#include "protocol/smtp/client.h"

namespace glasspost::app {
namespace {

constexpr Duration patience = 24h;  // the live line has its own limits, for every step

// "STARTTLS" answered with words that the session could not use.
std::string detail_of(const std::optional<Error>& error, const std::string& problem) {
  return error && error->fault == Fault::syntax ? problem + ": " + error->expected : problem;
}

class SmtpOpening final : public Opening {
 public:
  SmtpOpening(const OpeningSettings& settings, Instant now) : session_(client_settings(settings), now) {}

  Session& session() override { return session_; }
  bool work() override {
    while (auto event = session_.poll()) {
      if (std::holds_alternative<smtp::Ready>(*event)) return true;
      if (const auto* failed = std::get_if<smtp::Failed>(&*event)) take(*failed);
    }
    if (session_.step() == smtp::Step::login) step_ = LiveStep::login;
    if (session_.step() == smtp::Step::starttls || session_.step() == smtp::Step::tls) step_ = LiveStep::tls;
    return false;
  }

 private:
  static smtp::ClientSettings client_settings(const OpeningSettings& settings) {
    smtp::ClientSettings out;
    out.protocol = settings.address.protocol;
    out.starttls = settings.starttls == StartTls::require   ? smtp::StartTlsPolicy::require
                   : settings.starttls == StartTls::attempt ? smtp::StartTlsPolicy::attempt
                                                            : smtp::StartTlsPolicy::never;
    out.implicit_tls = settings.address.tls == TlsMode::implicit;
    out.user = settings.address.user;
    out.password = settings.password;
    out.allow_plaintext_auth = settings.starttls == StartTls::never;
    out.pipeline = false;
    return out;
  }

  void take(const smtp::Failed& failed) {
    const bool closed = failed.error && failed.error->fault == Fault::incomplete;
    const std::string reply = failed.reply ? failed.reply->text() : "";
    switch (failed.step) {
      case smtp::Step::connect:
      case smtp::Step::greeting:
        if (closed) return fail(LiveStep::greeting, "closed", {});
        if (failed.reply) return fail(LiveStep::greeting, "greeting_refused", {{"reply", reply}});
        return fail(LiveStep::greeting, "protocol", {{"reason", detail_of(failed.error, failed.problem)}});
      case smtp::Step::starttls:
      case smtp::Step::tls:
        if (failed.error && failed.error->fault == Fault::injected) return fail(LiveStep::tls, "tls_injected", {});
        if (closed) return fail(LiveStep::tls, "closed", {});
        if (failed.reply) return fail(LiveStep::tls, "tls_refused", {{"command", "STARTTLS"}, {"reply", reply}});
        if (failed.error && failed.error->fault == Fault::unsupported)
          return fail(LiveStep::tls, "tls_not_offered", {{"command", "STARTTLS"}});
        return fail(LiveStep::tls, "protocol", {{"reason", detail_of(failed.error, failed.problem)}});
      case smtp::Step::login: return login_failed(failed, closed, reply);
      default:
        if (closed) return fail(LiveStep::command, "closed", {});
        if (failed.reply) return fail(LiveStep::command, "hello", {{"command", "EHLO"}, {"reply", reply}});
        return fail(LiveStep::command, "protocol", {{"reason", detail_of(failed.error, failed.problem)}});
    }
  }

  void login_failed(const smtp::Failed& failed, bool closed, const std::string& reply) {
    if (closed) return fail(LiveStep::login, "closed", {});
    if (failed.reply) return fail(LiveStep::login, "login", {{"reply", reply}});
    if (failed.error && failed.error->fault != Fault::unsupported)
      return fail(LiveStep::login, "protocol", {{"reason", detail_of(failed.error, failed.problem)}});
    std::string offered;
    for (const std::string& mechanism : session_.capabilities().mechanisms()) offered += (offered.empty() ? "" : " ") + mechanism;
    if (offered.empty()) return fail(LiveStep::login, "login_not_offered", {{"command", "AUTH"}});
    for (const std::string& mechanism : session_.capabilities().mechanisms())
      if (!session_.sealed() && sasl::mechanism_named(mechanism)) return fail(LiveStep::login, "login_in_clear", {});
    fail(LiveStep::login, "login_no_mechanism", {{"offered", offered}});
  }

  smtp::ClientSession session_;
};

class ImapOpening final : public Opening {
 public:
  ImapOpening(OpeningSettings settings, Instant now)
      : settings_(std::move(settings)), session_(client_settings(settings_), now) {}

  Session& session() override { return session_; }
  bool work() override {
    while (auto event = session_.poll()) {
      if (const auto* ready = std::get_if<imap::Ready>(&*event)) {
        if (settings_.address.user.empty() || ready->authenticated) return true;
        log_in(*ready);
      } else if (const auto* completed = std::get_if<imap::Completed>(&*event)) {
        if (completed->result.condition == imap::Condition::ok) return true;
        fail(LiveStep::login, "login", {{"reply", completed->result.text}});
      } else if (const auto* failed = std::get_if<imap::Failed>(&*event)) {
        take(*failed);
      }
    }
    return false;
  }

 private:
  static imap::ClientSettings client_settings(const OpeningSettings& settings) {
    imap::ClientSettings out;
    out.tls = settings.address.tls == TlsMode::implicit   ? imap::TlsPolicy::implicit
              : settings.starttls == StartTls::require    ? imap::TlsPolicy::required
              : settings.starttls == StartTls::attempt    ? imap::TlsPolicy::attempt
                                                          : imap::TlsPolicy::never;
    out.allow_plaintext_login = settings.starttls == StartTls::never;
    out.patience = patience;
    return out;
  }

  void log_in(const imap::Ready& ready) {
    step_ = LiveStep::login;
    if (!session_.login(settings_.address.user, std::exchange(settings_.password, {})).empty()) return;
    if (!session_.encrypted()) return fail(LiveStep::login, "login_in_clear", {});
    std::string offered;
    for (const std::string& capability : ready.capabilities) offered += (offered.empty() ? "" : " ") + capability;
    fail(LiveStep::login, "login_no_mechanism", {{"offered", offered}});
  }

  void take(const imap::Failed& failed) {
    using Reason = imap::FailureReason;
    switch (failed.reason) {
      case Reason::refused: return fail(LiveStep::greeting, "greeting_refused", {{"reply", failed.text}});
      case Reason::starttls_missing: return fail(LiveStep::tls, "tls_not_offered", {{"command", "STARTTLS"}});
      case Reason::starttls_refused: return fail(LiveStep::tls, "tls_refused", {{"command", "STARTTLS"}, {"reply", failed.text}});
      case Reason::injected: return fail(LiveStep::tls, "tls_injected", {});
      case Reason::preauth_untrusted: return fail(LiveStep::tls, "tls_preauth", {});
      case Reason::too_long: return fail(step_, "protocol", {{"reason", "too long: " + failed.text}});
      case Reason::timeout:
      case Reason::closed: return fail(step_, "closed", {});
    }
  }

  OpeningSettings settings_;
  imap::Client session_;
};

class Pop3Opening final : public Opening {
 public:
  Pop3Opening(OpeningSettings settings, Instant now)
      : settings_(std::move(settings)), session_(client_settings(settings_), now) {}

  Session& session() override { return session_; }
  bool work() override {
    while (auto event = session_.poll()) {
      if (std::holds_alternative<pop3::Ready>(*event)) {
        if (settings_.address.user.empty()) return true;
        step_ = LiveStep::login;
        session_.login(settings_.address.user, std::exchange(settings_.password, {}));
      } else if (std::holds_alternative<pop3::LoggedIn>(*event)) {
        return true;
      } else if (const auto* refused = std::get_if<pop3::Refused>(&*event)) {
        fail(LiveStep::login, "login", {{"reply", refused->text}});
      } else if (const auto* failed = std::get_if<pop3::Failed>(&*event)) {
        take(*failed);
      }
    }
    return false;
  }

 private:
  static pop3::ClientSettings client_settings(const OpeningSettings& settings) {
    pop3::ClientSettings out;
    out.tls = settings.address.tls == TlsMode::implicit ? TlsMode::implicit : TlsMode::starttls;
    out.stls = settings.starttls == StartTls::require   ? pop3::StlsPolicy::require
               : settings.starttls == StartTls::attempt ? pop3::StlsPolicy::attempt
                                                        : pop3::StlsPolicy::never;
    out.allow_plaintext_login = settings.starttls == StartTls::never;
    out.timeout = patience;
    return out;
  }

  void take(const pop3::Failed& failed) {
    using Why = pop3::Failed::Why;
    switch (failed.why) {
      case Why::greeting: return fail(LiveStep::greeting, "greeting_refused", {{"reply", failed.detail}});
      case Why::no_stls: return fail(LiveStep::tls, "tls_not_offered", {{"command", "STLS"}});
      case Why::stls_refused: return fail(LiveStep::tls, "tls_refused", {{"command", "STLS"}, {"reply", failed.detail}});
      case Why::injected: return fail(LiveStep::tls, "tls_injected", {});
      case Why::no_login_method:
        if (failed.detail == "TLS") return fail(LiveStep::login, "login_in_clear", {});
        return fail(LiveStep::login, "login_no_mechanism", {{"offered", failed.detail}});
      case Why::syntax: return fail(step_, "protocol", {{"reason", failed.detail}});
      case Why::too_long:
      case Why::too_many: return fail(step_, "protocol", {{"reason", "too long: " + failed.detail}});
      case Why::closed:
      case Why::timeout: return fail(step_, "closed", {});
    }
  }

  OpeningSettings settings_;
  pop3::ClientSession session_;
};

}  // namespace

std::unique_ptr<Opening> make_opening(OpeningSettings settings, Instant now) {
  const bool upgrade = settings.address.tls == TlsMode::plaintext && settings.starttls != StartTls::never;
  if (settings.address.user.empty() && !upgrade) return nullptr;
  switch (settings.address.protocol) {
    case Protocol::smtp:
    case Protocol::lmtp: return std::make_unique<SmtpOpening>(settings, now);
    case Protocol::imap: return std::make_unique<ImapOpening>(std::move(settings), now);
    case Protocol::pop3: return std::make_unique<Pop3Opening>(std::move(settings), now);
    case Protocol::dns:
    case Protocol::tls: break;
  }
  return nullptr;
}

}  // namespace glasspost::app
