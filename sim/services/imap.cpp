#include "sim/services/imap.h"

#include <variant>

#include "sim/broken.h"
#include "sim/services/imap_peer.h"

namespace glasspost::sim {
namespace {

struct Refusal {
  std::string_view code, text;  // RFC 5530
};
Refusal refusal_for(StoreFault fault) {
  switch (fault) {
    case StoreFault::no_such_mailbox: return {"NONEXISTENT", "There is no such mailbox"};
    case StoreFault::already_exists: return {"ALREADYEXISTS", "There is a mailbox with that name"};
    case StoreFault::bad_name: return {"CANNOT", "That cannot be a mailbox's name"};
    case StoreFault::has_children:
      return {"CANNOT", "It is only a level of other mailboxes' names: delete those first"};
    case StoreFault::inbox: return {"CANNOT", "INBOX cannot be deleted"};
    case StoreFault::no_such_user: return {"NONEXISTENT", "There is no such user"};
    case StoreFault::limit: return {"LIMIT", "There are too many"};
    case StoreFault::over_quota: return {"OVERQUOTA", "There is no room left for it"};
    case StoreFault::not_kept: return {"UNAVAILABLE", "It could not be written down; nothing was changed"};
    case StoreFault::no_room: return {"UNAVAILABLE", "The disk is full; nothing was changed"};
  }
  return {};
}

imap::ServerSettings session_settings(const ImapService::Settings& settings) {
  return {.server_name = settings.host_name,
          .starttls = tls_offered(settings) == TlsMode::starttls,
          .tls_from_start = settings.tls == TlsMode::implicit,
          .allow_plaintext_login = settings.allow_plaintext_login,
          .autologout = settings.autologout,
          .extensions = settings.extensions,
          .limits = settings.limits};
}

}  // namespace

ImapService::ImapService(Settings settings, Store& store, Trace& trace)
    : settings_(std::move(settings)), store_(store), trace_(trace) {}

std::unique_ptr<Peer> ImapService::accept(Admission admission) {
  imap::ServerSettings session = session_settings(settings_);
  session.mechanisms = settings_.logins.mechanisms;
  session.nonce = settings_.logins.nonce_for(admission);
  session.salt_seed = settings_.logins.salt_seed;
  if (settings_.records) tell_flaws(trace_, admission, Protocol::imap, settings_.flaws);
  return std::make_unique<ImapPeer>(server_end(Protocol::imap, settings_, admission), std::move(session), store_,
                                    settings_.under_way, settings_.flaws, trace_, std::move(admission));
}

ImapPeer::ImapPeer(Endpoint::Settings endpoint, imap::ServerSettings session, Store& store, LettersUnderWay* under_way,
                   Flaws flaws, Trace& trace, Admission admission)
    : SessionPeer(std::move(endpoint), std::move(session), trace, std::move(admission)),
      store_(store),
      under_way_(under_way),
      flaws_(flaws) {}

void ImapPeer::work() {
  session_.set_append_room(under_way_.room());
  answer();
  under_way_.hold(session_.awaited_octets());
}

void ImapPeer::answer() {
  searched_enough_ = false;
  if (appending_ && !session_.wants_close()) {
    continue_append();
    if (appending_) return;
  }
  while (!enough_for_now() && (!appending_ || session_.wants_close())) {
    if (searches() && !session_.wants_close()) {
      continue_search();
      if (searched_enough_) return;
      continue;
    }
    if (fetching_ && !session_.wants_close()) {
      continue_fetch();
      continue;
    }
    auto event = session_.poll();
    if (!event) break;
    handle(std::move(*event));
  }
  if (session_.idling() && view_ && view_->has_updates()) {
    if (view_->latest_news() != no_record) endpoint_.set_cause(view_->latest_news());
    tell_news(true);
  }
}

void ImapPeer::handle(imap::ServerEvent event) {
  if (const auto* attempt = std::get_if<sasl::Attempt>(&event)) return login(*attempt);
  if (std::holds_alternative<imap::LoginConfirmed>(event)) return account_ ? session_.accept_login() : session_.refuse_login();
  if (auto* command = std::get_if<imap::Command>(&event))
    return std::visit([this](auto& body) { run(body); }, command->body);
  if (std::holds_alternative<imap::IdleDone>(event)) return ok("IDLE terminated");
  fetching_.reset();  // gone
  appending_.reset();
  searching_.reset();
  sorting_.reset();
  threading_.reset();
  close();
}

void ImapPeer::login(const sasl::Attempt& attempt) {
  sasl::Verdict verdict;
  account_ = store_.log_in(attempt, now_, &verdict);
  if (!session_.decide_login(verdict)) return;
  account_ ? session_.accept_login() : session_.refuse_login();
}

void ImapPeer::open(std::shared_ptr<Mailbox> mailbox, bool read_only) {
  view_.emplace(std::move(mailbox), read_only);
  owes_modseq_ = false;
  saved_.clear();
  view_->on_news([this] {
    if (session_.idling()) wake();
  });
}

void ImapPeer::complete(imap::Condition condition, const imap::Code& code, std::string_view text) {
  // A UID SEARCH among message numbers is like a SEARCH in this: RFC 7162 section 3.2.10.2.
  const std::string_view verb = session_.current();
  const bool numbers_are_in_use = search_names_numbers_ && (verb == "UID SEARCH" || verb == "UID SORT" || verb == "UID THREAD");
  tell_news(imap::push_during(session_.current()) == imap::Push::everything && !numbers_are_in_use);
  imap::Code last_word = code;
  settle_modseq(condition, last_word);
  session_.complete(condition, last_word, text);
}

void ImapPeer::refuse(StoreFault fault, bool try_create) {
  const auto [code, text] = refusal_for(fault);
  if (try_create && fault == StoreFault::no_such_mailbox) return no(text, imap::Code::try_create());
  if (fault == StoreFault::has_children && session_.rev2()) return no(text, {"HASCHILDREN", {}});  // RFC 9051 section 7.1
  no(text, {std::string(code), {}});
}

bool ImapPeer::refuse_read_only() {
  if (!view_->read_only()) return false;
  no("The mailbox was opened with EXAMINE: nothing in it can be changed");
  return true;
}

void ImapPeer::tell_news(bool expunge_may_be_said) {
  if (!view_) return;
  const bool with_uid = session_.current().starts_with("UID ") || session_.rev2();
  auto writer = session_.write();
  std::vector<Uid> vanished;  // they come first
  const auto say_gone = [&] {
    if (!vanished.empty()) say_vanished(std::exchange(vanished, {}));
  };
  for (const auto& [kind, number, uid] : view_->take_updates(expunge_may_be_said)) {
    switch (kind) {
      case View::Update::Kind::expunge:
        if (quick()) vanished.push_back(uid);
        else writer.expunge(number);
        break;
      case View::Update::Kind::exists:
        say_gone();
        writer.exists(number);
        break;
      case View::Update::Kind::recent:
        say_gone();
        if (!session_.rev2()) writer.recent(number);
        break;
      case View::Update::Kind::flags:
        say_gone();
        say_changed(number, true, with_uid);
        break;
    }
  }
  say_gone();
  if (session_.idling() && std::exchange(owes_modseq_, false) && quick()) say_highest_modseq();
}

std::vector<std::string> ImapPeer::flags_of(std::uint32_t number) const {
  std::vector<std::string> names = view_->flags(number);
  if (session_.rev2()) std::erase(names, "\\Recent");
  return names;
}

// RFC 3501 sections 7.2.6 and 7.1: which flags there are, and which the client may set for good.
void ImapPeer::say_flags() {
  keywords_told_ = mailbox().keywords().size();
  std::vector<std::string> names = mailbox().flag_names(~Flags{0});
  session_.write().flags(names);
  if (view_->read_only())
    names.clear();
  else if (mailbox().takes_new_keywords())
    names.emplace_back("\\*");
  session_.write().condition(imap::Condition::ok, imap::Code::permanent_flags(names),
                             view_->read_only() ? "Nothing can be changed here" : "These are kept");
}

}  // namespace glasspost::sim
