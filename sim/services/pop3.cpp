#include "sim/services/pop3.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/base/text.h"
#include "protocol/pop3/server.h"
#include "sim/broken.h"
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
  Pop3Peer(Endpoint::Settings endpoint, pop3::ServerSettings session, Store& store, std::map<std::string, Instant>& logins, Trace& trace,
           Admission admission)
      : SessionPeer(std::move(endpoint), session, trace, std::move(admission)), store_(store), logins_(logins), login_delay_(session.login_delay), flaws_(session.flaws) {}
  // QUIT was said, and what was marked goes, even if the client does not wait for the answer.
  ~Pop3Peer() override {
    while (updating_) continue_update();
  }

 private:
  // Messages of a large maildrop that are listed, or deleted, before others have their turn.
  static constexpr std::size_t portion = 400;

  // The message as it was at login: another session may expunge it meanwhile, and it can still be read here.
  struct Entry {
    Uid uid;
    ContentPtr content;
  };

  void say_goodbye() override { session_.hang_up(); }
  bool goes_on() const override { return opening_ || updating_; }
  void work() override {
    if (opening_) continue_opening();
    if (updating_) continue_update();
    while (const auto event = session_.poll()) std::visit([this](const auto& what) { answer(what); }, *event);
  }

  void answer(const pop3::LoginAttempt& attempt) {
    const Users& users = store_.users();
    if (attempt.method == pop3::LoginMethod::sasl) return session_.decide_login(sasl::verify(users, attempt.sasl));
    const auto user = users.canonical(attempt.user);
    const auto password = users.password_of(attempt.user);
    const bool own = attempt.authorize_as.empty() || users.canonical(attempt.authorize_as) == user;
    const bool any = flaws_.has(Flaw::any_password) && attempt.method == pop3::LoginMethod::user_pass;
    if (!password || !own || !(any || attempt.proves(*password)))
      return session_.refuse(pop3::Refusal::wrong_login, "Wrong name or password");
    open(user);
  }
  void answer(const pop3::LoginConfirmed& confirmed) { open(store_.users().canonical(confirmed.user)); }

  void open(const std::optional<std::string>& user) {
    Account* account = store_.account(*user, now_);
    if (!account) return session_.refuse(pop3::Refusal::temporary, "The maildrop cannot be made now");
    if (login_delay_ > Duration{}) {
      const auto [last, first_time] = logins_.try_emplace(*user, now_);
      if (!first_time && now_ - last->second < login_delay_) return session_.refuse(pop3::Refusal::login_delay, "Logged in again too soon");
      last->second = now_;
    }
    MaildropLock lock(*account);
    if (!lock) return session_.refuse(pop3::Refusal::in_use, "Another session has the maildrop");
    lock_.emplace(std::move(lock));
    const Mailbox& inbox = account->inbox();
    uid_validity_ = inbox.uid_validity();
    opening_.emplace();
    opening_->uid_end = inbox.uid_next();
    continue_opening();
  }

  void continue_opening() {
    const Mailbox& inbox = (**lock_).inbox();
    std::size_t at = maildrop_.empty() ? 0 : inbox.lower_bound(maildrop_.back().uid + 1);
    for (std::size_t left = portion; left > 0 && at < inbox.size() && inbox[at].uid < opening_->uid_end; --left, ++at) {
      const StoredMessage& message = inbox[at];
      maildrop_.push_back({message.uid, message.content});
      opening_->listing.push_back({message.size, unique_id(message.uid)});
    }
    if (at < inbox.size() && inbox[at].uid < opening_->uid_end) return;
    session_.open(std::move(opening_->listing));
    opening_.reset();
  }

  std::string unique_id(Uid uid) const {
    if (flaws_.has(Flaw::new_uidl)) return fmt::format("{}.{}.{}", uid_validity_, admission_.connection, uid);
    return fmt::format("{}.{}", uid_validity_, uid);
  }

  void answer(const pop3::DeletedAtOnce& deleted) {
    const Uid uid = maildrop_[deleted.number - 1].uid;
    static_cast<void>((**lock_).inbox().expunge(std::span(&uid, 1), Act{.now = now_, .cause = endpoint_.cause(), .connection = admission_.connection}));
  }

  void answer(const pop3::RetrieveRequest& request) {
    const std::string_view text = maildrop_[request.number - 1].content->text();
    if (!session_.utf8() && came_as_utf8(text))
      return session_.fail_retrieval("[UTF8] This message has headers beyond ASCII: say UTF8 before logging in");
    session_.give(text);
  }

  // By SMTPUTF8 (RFC 6531 section 4.3), with something beyond ASCII in its headers. Old letters with odd octets there are handed
  // out as they always were.
  static bool came_as_utf8(std::string_view text) {
    const auto end = text.find("\r\n\r\n");
    const std::string_view headers = text.substr(0, end == text.npos ? text.size() : end);
    return (headers.find(" with UTF8SMTP") != headers.npos || headers.find(" with UTF8LMTP") != headers.npos) &&
           std::any_of(headers.begin(), headers.end(), is_eight_bit);
  }

  void answer(const pop3::UpdateRequest& request) {
    updating_.emplace();
    for (const auto number : request.deleted) updating_->entries.push_back(number - 1), updating_->uids.push_back(maildrop_[number - 1].uid);
    continue_update();
  }

  void continue_update() {
    const std::span<const Uid> left = std::span(updating_->uids).subspan(updating_->done);
    const std::span<const Uid> now = left.first(std::min(portion, left.size()));
    const Act act{.now = now_, .cause = endpoint_.cause(), .connection = admission_.connection};
    Mailbox& inbox = (**lock_).inbox();
    const bool done = inbox.uid_validity() == uid_validity_ && inbox.expunge(now, act).has_value();
    for (std::size_t i = 0; i < now.size(); ++i) maildrop_[updating_->entries[updating_->done + i]].content.reset();
    updating_->done += now.size();
    if (done && now.size() < left.size()) return;
    updating_.reset();
    release();
    done ? session_.updated() : session_.update_failed("The messages could not be deleted");
  }

  void answer(const pop3::Abandoned&) { release(); }

  void release() {
    lock_.reset();
    maildrop_.clear();
  }

  struct Opening {
    std::vector<pop3::MaildropEntry> listing;
    Uid uid_end = 0;      // what comes later is not of this session
  };
  struct Updating {
    std::vector<std::uint32_t> entries;  // of maildrop_
    std::vector<Uid> uids;
    std::size_t done = 0;
  };

  Store& store_;
  std::map<std::string, Instant>& logins_;
  Duration login_delay_;
  Flaws flaws_;
  std::optional<MaildropLock> lock_;
  std::uint32_t uid_validity_ = 0;
  std::vector<Entry> maildrop_;
  std::optional<Opening> opening_;
  std::optional<Updating> updating_;
};

// RFC 1939 section 7: another one for every connection.
std::string timestamp_for(const Admission& admission, const std::string& host_name) {
  return fmt::format("<{}.{}@{}>", admission.connection, admission.now.time_since_epoch().count(), host_name);
}

}  // namespace

Pop3Service::Pop3Service(Settings settings, Store& store, Trace& trace)
    : settings_(std::move(settings)), store_(store), trace_(trace) {}

std::unique_ptr<Peer> Pop3Service::accept(Admission admission) {
  pop3::ServerSettings session{.greeting = settings_.host_name + " POP3 ready",
                               .timestamp = settings_.apop ? timestamp_for(admission, settings_.host_name) : "",
                               .implementation = "Glasspost",
                               .utf8 = settings_.utf8,
                               .languages = settings_.languages,
                               .login_delay = settings_.login_delay,
                               .tls = tls_offered(settings_),
                               .allow_plaintext_login = settings_.allow_plaintext_login,
                               .mechanisms = settings_.logins.mechanisms,
                               .nonce = settings_.logins.nonce_for(admission),
                               .salt_seed = settings_.logins.salt_seed,
                               .autologout = settings_.autologout,
                               .flaws = settings_.flaws};
  if (settings_.records) tell_flaws(trace_, admission, Protocol::pop3, settings_.flaws);
  return std::make_unique<Pop3Peer>(server_end(Protocol::pop3, settings_, admission), std::move(session), store_, logins_, trace_,
                                    std::move(admission));
}

}  // namespace glasspost::sim
