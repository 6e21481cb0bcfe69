#include "sim/services/pop3.h"

#include <fmt/format.h>

#include <utility>
#include <variant>
#include <vector>

#include "protocol/pop3/server.h"
#include "protocol/tls/names.h"
#include "sim/services/session_peer.h"

namespace glasspost::sim {
namespace {

// RFC 1939 section 3: one session at a time has the maildrop. It gives it back however it ends.
class MaildropLock {
 public:
  explicit MaildropLock(Account& account) : account_(account.lock_maildrop() ? &account : nullptr) {}
  MaildropLock(MaildropLock&& other) noexcept : account_(std::exchange(other.account_, nullptr)) {}
  MaildropLock& operator=(MaildropLock&& other) noexcept {
    std::swap(account_, other.account_);
    return *this;
  }
  ~MaildropLock() {
    if (account_) account_->unlock_maildrop();
  }
  explicit operator bool() const { return account_ != nullptr; }
  Account& operator*() const { return *account_; }

 private:
  Account* account_;
};

class Pop3Peer final : public SessionPeer<pop3::ServerSession> {
 public:
  Pop3Peer(Endpoint::Settings endpoint, pop3::ServerSettings session, Store& store, Trace& trace, Admission admission)
      : SessionPeer(std::move(endpoint), std::move(session), trace, std::move(admission)), store_(store) {}

 private:
  // The message as it was at login: another session may expunge it meanwhile, and it can still be read here.
  struct Entry {
    Uid uid;
    ContentPtr content;
  };

  void say_goodbye() override { session_.hang_up(); }
  void work() override {
    while (const auto event = session_.poll()) std::visit([this](const auto& what) { answer(what); }, *event);
  }

  void answer(const pop3::LoginAttempt& attempt) {
    const Users& users = store_.users();
    const auto user = users.canonical(attempt.user);
    const auto password = users.password_of(attempt.user);
    const bool own = attempt.authorize_as.empty() || users.canonical(attempt.authorize_as) == user;
    if (!password || !own || !attempt.proves(*password))
      return session_.refuse(pop3::Refusal::wrong_login, "Wrong name or password");
    Account* account = store_.account(*user, now_);
    if (!account) return session_.refuse(pop3::Refusal::temporary, "The maildrop cannot be made now");
    MaildropLock lock(*account);
    if (!lock) return session_.refuse(pop3::Refusal::in_use, "Another session has the maildrop");
    lock_.emplace(std::move(lock));
    open(account->inbox());
  }

  void open(const Mailbox& inbox) {
    std::vector<pop3::MaildropEntry> listing;
    uid_validity_ = inbox.uid_validity();
    for (const StoredMessage& message : inbox.messages()) {
      maildrop_.push_back({message.uid, message.content});
      listing.push_back({message.size, fmt::format("{}.{}", uid_validity_, message.uid)});
    }
    session_.open(std::move(listing));
  }

  void answer(const pop3::RetrieveRequest& request) { session_.give(maildrop_[request.number - 1].content->text()); }

  void answer(const pop3::UpdateRequest& request) {
    std::vector<Uid> uids;
    for (const auto number : request.deleted) uids.push_back(maildrop_[number - 1].uid);
    const Act act{.now = now_, .cause = endpoint_.cause(), .connection = admission_.connection};
    Mailbox& inbox = (**lock_).inbox();
    const bool done = inbox.uid_validity() == uid_validity_ && inbox.expunge(uids, act).has_value();
    release();
    done ? session_.updated() : session_.update_failed("The messages could not be deleted");
  }

  void answer(const pop3::Abandoned&) { release(); }

  void release() {
    lock_.reset();
    maildrop_.clear();
  }

  Store& store_;
  std::optional<MaildropLock> lock_;
  std::uint32_t uid_validity_ = 0;
  std::vector<Entry> maildrop_;
};

// RFC 1939 section 7: another one for every connection.
std::string timestamp_for(const Admission& admission, const std::string& host_name) {
  return fmt::format("<{}.{}@{}>", admission.connection, admission.now.time_since_epoch().count(), host_name);
}

}  // namespace

Pop3Service::Pop3Service(Settings settings, Store& store, Trace& trace)
    : settings_(std::move(settings)), store_(store), trace_(trace) {}

std::unique_ptr<Peer> Pop3Service::accept(Admission admission) {
  Endpoint::Settings endpoint{.connection = admission.connection,
                              .side = Side::server,
                              .tls = settings_.tls,
                              .context = settings_.context,
                              .alpn = std::string(alpn_name(Protocol::pop3)),
                              .records = settings_.records,
                              .peer_is_ours = admission.client_is_ours};
  const bool no_tls = settings_.tls == TlsMode::starttls && !settings_.context;
  pop3::ServerSettings session{.greeting = settings_.host_name + " POP3 ready",
                               .timestamp = settings_.apop ? timestamp_for(admission, settings_.host_name) : "",
                               .implementation = "Glasspost",
                               .tls = no_tls ? TlsMode::plaintext : settings_.tls,
                               .allow_plaintext_login = settings_.allow_plaintext_login,
                               .autologout = settings_.autologout};
  return std::make_unique<Pop3Peer>(std::move(endpoint), std::move(session), store_, trace_, std::move(admission));
}

}  // namespace glasspost::sim
