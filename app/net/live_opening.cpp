#include "app/net/live_opening.h"

#include <algorithm>

#include "app/net/live_token.h"
#include "protocol/base/text.h"
#include "protocol/imap/client.h"
#include "protocol/pop3/client.h"
#include "protocol/smtp/client.h"

namespace glasspost::app {
namespace {

constexpr std::size_t nonce_octets = 18;
constexpr Duration patience = 24h;  // the live line has its own limits, for every step

// "STARTTLS" answered with words that the session could not use.
std::string detail_of(const std::optional<Error>& error, const std::string& problem) {
  return error && error->fault == Fault::syntax ? problem + ": " + error->expected : problem;
}

std::string listed(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

// A login with a token begins where the protocol's own session has finished its part.
class TokenOpening : public Opening {
 protected:
  explicit TokenOpening(OpeningSettings settings) : settings_(std::move(settings)) {}
  bool wants_token() const { return settings_.token && !settings_.address.user.empty(); }
  // False: nothing that takes a token is offered, or the connection is in clear.
  bool prepare_token(const std::vector<std::string>& offered, bool sealed) {
    step_ = LiveStep::login;
    mechanism_ = token_mechanism_of(offered);
    if (!sealed) fail(LiveStep::login, "login_in_clear", {});
    else if (!mechanism_) fail(LiveStep::login, "login_no_token", {{"offered", offered.empty() ? "-" : listed(offered)}});
    return !fault_;
  }
  void secret_is_due() {
    step_ = LiveStep::login;
    if (settings_.secret_follows) wants_secret_ = true;
    else log_in(std::exchange(settings_.password, {}));
  }
  void begin_token(std::string_view token, bool at_once) { token_.emplace(*mechanism_, settings_.address, token, at_once); }
  // Nothing: it goes on.
  bool token_done() {
    if (token_->refusal()) fail(token_fault(*token_->refusal(), token_->reason()));
    else if (token_->closed()) fail(LiveStep::login, "closed", {});
    return token_->accepted();
  }

  OpeningSettings settings_;
  std::optional<TokenMechanism> mechanism_;
  std::optional<TokenLogin> token_;
};

class SmtpOpening final : public TokenOpening {
 public:
  SmtpOpening(OpeningSettings settings, Instant now) : TokenOpening(std::move(settings)), session_(client_settings(settings_), now) {
    settings_.password.clear();
  }

  Session& session() override { return token_ ? static_cast<Session&>(*token_) : session_; }
  bool work() override {
    if (token_) return token_done();
    while (auto event = session_.poll()) {
      if (std::holds_alternative<smtp::Ready>(*event)) {
        if (!wants_token()) return true;
        if (prepare_token(session_.capabilities().mechanisms(), session_.sealed())) secret_is_due();
      } else if (const auto* failed = std::get_if<smtp::Failed>(&*event)) take(*failed);
    }
    if (session_.step() == smtp::Step::login) step_ = LiveStep::login;
    if (session_.waits_for_password()) wants_secret_ = true;
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
    if (!settings.token) {
      out.user = settings.address.user;
      out.password = settings.password;
      out.password_follows = settings.secret_follows;
    }
    out.strongest_login = true;
    out.binds_unasked = false;  // see the IMAP one
    out.mechanism = settings.mechanism;
    out.nonce = sasl::unpredictable(nonce_octets);
    out.host = settings.address.host;
    out.port = settings.address.port;
    out.allow_plaintext_auth = settings.starttls == StartTls::never;
    out.pipeline = false;
    return out;
  }

  void log_in(std::string secret) override {
    if (wants_token()) begin_token(secret, true);
    else session_.log_in(std::move(secret));
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
    if (failed.error && failed.error->fault == Fault::mismatch) return fail(LiveStep::login, "login_unproved", {});
    if (failed.error && failed.error->fault != Fault::unsupported)
      return fail(LiveStep::login, "protocol", {{"reason", detail_of(failed.error, failed.problem)}});
    const std::string offered = listed(session_.capabilities().mechanisms());
    if (offered.empty()) return fail(LiveStep::login, "login_not_offered", {{"command", "AUTH"}});
    if (settings_.mechanism)
      return fail(LiveStep::login, "login_other_mechanism", {{"mechanism", std::string(name_of(*settings_.mechanism))}, {"offered", offered}});
    for (const std::string& mechanism : session_.capabilities().mechanisms())
      if (!session_.sealed() && sasl::mechanism_named(mechanism)) return fail(LiveStep::login, "login_in_clear", {});
    fail(LiveStep::login, "login_no_mechanism", {{"offered", offered}});
  }

  smtp::ClientSession session_;
};

class ImapOpening final : public TokenOpening {
 public:
  ImapOpening(OpeningSettings settings, Instant now) : TokenOpening(std::move(settings)), session_(client_settings(settings_), now) {}

  Session& session() override { return token_ ? static_cast<Session&>(*token_) : session_; }
  bool work() override {
    if (token_) return token_done();
    while (auto event = session_.poll()) {
      if (const auto* ready = std::get_if<imap::Ready>(&*event)) {
        if (settings_.address.user.empty() || ready->authenticated) return true;
        prepare(ready->capabilities);
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

  void prepare(const std::vector<std::string>& capabilities) {
    step_ = LiveStep::login;
    const bool may_say = session_.encrypted() || settings_.starttls == StartTls::never;
    std::vector<std::string> mechanisms;
    for (const std::string& capability : capabilities)
      if (starts_with_ignoring_case(capability, "AUTH=")) mechanisms.push_back(to_upper(std::string_view(capability).substr(5)));
    if (wants_token()) {
      if (prepare_token(mechanisms, session_.encrypted())) secret_is_due();
      return;
    }
    // Inside TLS 1.3 servers bind to different things: Cyrus 3.6 offers -PLUS and refuses tls-exporter. Who wants it names it.
    chosen_ = settings_.mechanism;
    if (!chosen_)
      chosen_ = sasl::choose_mechanism(mechanisms, {.sealed = session_.encrypted(), .in_clear_too = may_say, .strongest = true,
                                              .has_nonce = true, .can_bind = false});
    // "y" would say that no -PLUS was on offer (RFC 5802 section 6): whoever passes one over does not bind at all.
    if (chosen_ && (binds_channel(*chosen_) || std::none_of(mechanisms.begin(), mechanisms.end(), [](const std::string& name) { return name.ends_with("-PLUS"); })))
      binding_ = session_.binding();
    if (settings_.mechanism && std::find(mechanisms.begin(), mechanisms.end(), name_of(*chosen_)) == mechanisms.end()) {
      fail(LiveStep::login, "login_other_mechanism", {{"mechanism", std::string(name_of(*chosen_))}, {"offered", listed(mechanisms)}});
    } else if (chosen_ && (may_say || !sends_password(*chosen_))) {
      secret_is_due();
    } else if (!may_say) {
      fail(LiveStep::login, "login_in_clear", {});
    } else if (!session_.has("AUTH=PLAIN") && session_.has("LOGINDISABLED")) {
      fail(LiveStep::login, session_.encrypted() ? "login_no_mechanism" : "login_in_clear", {{"offered", listed(capabilities)}});
    } else {
      secret_is_due();
    }
  }

  void log_in(std::string secret) override {
    if (wants_token()) return begin_token(secret, session_.has("SASL-IR"));
    if (!chosen_ || *chosen_ == sasl::Mechanism::plain) {
      session_.login(settings_.address.user, std::move(secret));
      return;
    }
    const std::string tag =
        session_.authenticate(*chosen_, settings_.address.user, std::move(secret),
                              {sasl::unpredictable(nonce_octets), binding_, settings_.address.host, settings_.address.port});
    if (tag.empty()) fail(LiveStep::login, "login_no_mechanism", {{"offered", std::string(name_of(*chosen_))}});
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
      case Reason::server_unproved: return fail(LiveStep::login, "login_unproved", {});
      case Reason::timeout:
      case Reason::closed: return fail(step_, "closed", {});
    }
  }

  imap::Client session_;
  std::optional<sasl::Mechanism> chosen_;
  std::optional<ChannelBinding> binding_;  // as it is told to the server
};

class Pop3Opening final : public TokenOpening {
 public:
  Pop3Opening(OpeningSettings settings, Instant now) : TokenOpening(std::move(settings)), session_(client_settings(settings_), now) {}

  Session& session() override { return token_ ? static_cast<Session&>(*token_) : session_; }
  bool work() override {
    if (token_) return token_done();
    while (auto event = session_.poll()) {
      if (const auto* ready = std::get_if<pop3::Ready>(&*event)) {
        if (settings_.address.user.empty()) return true;
        if (!wants_token() || prepare_token(sasl_of(*ready), ready->tls)) secret_is_due();
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
    out.strongest_login = true;
    out.binds_unasked = false;  // see the IMAP one
    out.mechanism = settings.mechanism;
    out.nonce = sasl::unpredictable(nonce_octets);
    out.host = settings.address.host;
    out.port = settings.address.port;
    return out;
  }

  static std::vector<std::string> sasl_of(const pop3::Ready& ready) {
    for (const pop3::Capability& capability : ready.capabilities)
      if (equal_ignoring_case(capability.name, "SASL")) {
        std::vector<std::string> mechanisms;
        for (const std::string_view word : split(capability.values, ' ')) mechanisms.emplace_back(word);
        return mechanisms;
      }
    return {};
  }

  void log_in(std::string secret) override {
    if (wants_token()) begin_token(secret, true);
    else session_.login(settings_.address.user, secret);
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
        if (settings_.mechanism)
          return fail(LiveStep::login, "login_other_mechanism", {{"mechanism", std::string(name_of(*settings_.mechanism))}, {"offered", failed.detail}});
        return fail(LiveStep::login, "login_no_mechanism", {{"offered", failed.detail}});
      case Why::server_unproved: return fail(LiveStep::login, "login_unproved", {});
      case Why::syntax: return fail(step_, "protocol", {{"reason", failed.detail}});
      case Why::too_long:
      case Why::too_many: return fail(step_, "protocol", {{"reason", "too long: " + failed.detail}});
      case Why::closed:
      case Why::timeout: return fail(step_, "closed", {});
    }
  }

  pop3::ClientSession session_;
};

}  // namespace

std::unique_ptr<Opening> make_opening(OpeningSettings settings, Instant now) {
  const bool upgrade = settings.address.tls == TlsMode::plaintext && settings.starttls != StartTls::never;
  if (settings.address.user.empty() && !upgrade) return nullptr;
  switch (settings.address.protocol) {
    case Protocol::smtp:
    case Protocol::lmtp: return std::make_unique<SmtpOpening>(std::move(settings), now);
    case Protocol::imap: return std::make_unique<ImapOpening>(std::move(settings), now);
    case Protocol::pop3: return std::make_unique<Pop3Opening>(std::move(settings), now);
    case Protocol::dns:
    case Protocol::tls: break;
  }
  return nullptr;
}

}  // namespace glasspost::app
