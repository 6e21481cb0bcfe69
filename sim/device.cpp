#include "sim/device.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/pop3/client.h"
#include "protocol/smtp/client.h"
#include "protocol/tls/names.h"
#include "sim/client_peer.h"
#include "sim/console_client.h"
#include "sim/device_imap.h"
#include "sim/store/content.h"

namespace glasspost::sim {
namespace {

imap::TlsPolicy imap_policy(TlsPolicy policy) {
  switch (policy) {
    case TlsPolicy::none: return imap::TlsPolicy::never;
    case TlsPolicy::attempt: return imap::TlsPolicy::attempt;
    case TlsPolicy::require: break;
  }
  return imap::TlsPolicy::required;
}

pop3::StlsPolicy stls_policy(TlsPolicy policy) {
  switch (policy) {
    case TlsPolicy::none: return pop3::StlsPolicy::never;
    case TlsPolicy::attempt: return pop3::StlsPolicy::attempt;
    case TlsPolicy::require: break;
  }
  return pop3::StlsPolicy::require;
}

smtp::OutgoingLetter letter_of(const StoryAct& act, const Scenario& scenario) {
  const auto found = scenario.letters.find(act.letter);
  const LetterEnvelope envelope = scenario.envelope.value_or(LetterEnvelope{scenario.sender, {scenario.recipient}});
  const bool own = found == scenario.letters.end();
  smtp::OutgoingLetter letter{own ? envelope.reverse_path : found->second.sender,
                              own ? envelope.recipients : std::vector{found->second.recipient}, own ? scenario.letter : found->second.text};
  const LetterWishes& wishes = own ? scenario.wishes : found->second.wishes;
  letter.wishes = wishes.mail;
  letter.recipient_wishes.assign(letter.recipients.size(), wishes.recipient);
  return letter;
}

}  // namespace

// One POP3 session: everything is fetched, and deleted if the program is set so.
class Device::Pop3 final : public SessionClient<pop3::ClientSession> {
 public:
  Pop3(Device& device, const StoryAct& act, Endpoint::Settings endpoint, pop3::ClientSettings session)
      : SessionClient(std::move(endpoint), session, device.network_.trace(), device.network_.clock().now()),
        device_(device),
        act_(act) {}

 private:
  void work() override {
    while (auto event = session_.poll()) {
      if (std::holds_alternative<pop3::Ready>(*event)) {
        session_.login(device_.settings_.user, device_.settings_.password);
      } else if (std::holds_alternative<pop3::LoggedIn>(*event)) {
        session_.stat();
      } else if (const auto* drop = std::get_if<pop3::DropAnswer>(&*event)) {
        if (drop->drop.count == 0) session_.quit();
        else session_.uidl();
      } else if (auto* ids = std::get_if<pop3::UniqueIdAnswer>(&*event)) {
        ids_ = std::move(ids->messages);
        next();
      } else if (const auto* message = std::get_if<pop3::MessageAnswer>(&*event)) {
        received(*message);
      } else if (const auto* done = std::get_if<pop3::Done>(&*event)) {
        if (done->verb == pop3::Verb::dele) next();
      } else if (std::holds_alternative<pop3::Refused>(*event)) {
        session_.quit();
      } else if (const auto* failed = std::get_if<pop3::Failed>(&*event)) {
        const bool no_tls = failed->why == pop3::Failed::Why::no_stls || failed->why == pop3::Failed::Why::stls_refused;
        if (no_tls) device_.tell_no_starttls(endpoint_.connection(), endpoint_.cause());
      }
    }
  }

  void next() {
    for (; at_ < ids_.size(); ++at_) {
      if (!device_.collected_.contains(ids_[at_].id)) return session_.retr(ids_[at_].number);
      if (act_.remove) return session_.dele(ids_[at_++].number);
    }
    session_.quit();
  }

  void received(const pop3::MessageAnswer& answer) {
    const Content content(answer.message);
    DeviceCopy copy;
    copy.unique_id = ids_[at_].id;
    copy.subject = content.subject();
    copy.key = content.message_id();
    copy.octets = std::uint32_t(content.size());
    device_.collected_.insert(copy.unique_id);
    device_.keep(std::move(copy), endpoint_.cause(), endpoint_.connection());
    const std::uint32_t number = ids_[at_++].number;
    if (act_.remove) session_.dele(number);
    else next();
  }

  Device& device_;
  StoryAct act_;
  std::vector<pop3::UniqueIdListing> ids_;
  std::size_t at_ = 0;
};

// Sends the letter that waits, and those that have come to wait meanwhile: who has more letters need not connect again.
class Device::Submission final : public SessionClient<smtp::ClientSession> {
 public:
  Submission(Device& device, const StoryAct& act, Endpoint::Settings endpoint, smtp::ClientSettings session)
      : SessionClient(std::move(endpoint), std::move(session), device.network_.trace(), device.network_.clock().now()),
        device_(device),
        act_(act) {}

 private:
  static constexpr unsigned most_letters = 100;

  void work() override {
    while (auto event = session_.poll()) {
      if (std::holds_alternative<smtp::Ready>(*event)) {
        go_on();
      } else if (std::holds_alternative<smtp::LetterDone>(*event)) {
        if (session_.is_ready()) go_on();
      } else if (const auto* failed = std::get_if<smtp::Failed>(&*event)) {
        if (failed->step == smtp::Step::starttls) device_.tell_no_starttls(endpoint_.connection(), endpoint_.cause());
        end();
      } else if (std::holds_alternative<smtp::Finished>(*event)) {
        end();
      }
    }
    if (endpoint_.failed()) end();
  }

  void go_on() {
    auto letter = letters_ < most_letters ? device_.next_letter(act_) : std::nullopt;
    if (!letter) {
      end();
      return session_.quit(now_);
    }
    ++letters_;
    session_.send(std::move(*letter), now_);
  }

  // The letter for which we came has been tried, whatever became of it.
  void end() {
    if (std::exchange(ended_, true)) return;
    if (letters_ == 0) device_.next_letter(act_);
    device_.submission_ended(act_);
  }

  Device& device_;
  StoryAct act_;
  unsigned letters_ = 0;
  bool ended_ = false;
};

// A person who types what a story tells: a line at a time, the letter behind 354 in one go.
class Device::Typist final : public SessionClient<TypedSession> {
 public:
  Typist(Device& device, const StoryAct& act, Endpoint::Settings endpoint)
      : SessionClient(std::move(endpoint), act.protocol, device.network_.trace(), device.network_.clock().now()) {
    type(act.says);
  }
  void type(const std::vector<std::string>& lines) { lines_.insert(lines_.end(), lines.begin(), lines.end()); }
  bool ends_by_itself() const override { return false; }

 private:
  void work() override {
    while (!lines_.empty() && session_.awaits() != Awaits::nothing && session_.is_answered()) {
      session_.type(lines_.front() + "\r\n");
      lines_.pop_front();
    }
  }

  std::deque<std::string> lines_;
};

namespace {

Protocol protocol_of(const StoryAct& act) {
  if (act.kind == ActKind::type) return act.protocol;
  return act.kind == ActKind::send ? Protocol::smtp : act.kind == ActKind::collect ? Protocol::pop3 : Protocol::imap;
}

}  // namespace

Endpoint::Settings Device::endpoint_for(const StoryAct& act, ConnectionId connection) const {
  Endpoint::Settings settings;
  settings.connection = connection;
  settings.side = Side::client;
  settings.tls = act.tls;
  settings.context = network_.tls_of(settings_.host);
  settings.server_name = act.server;
  settings.alpn = alpn_name(protocol_of(act));
  settings.require_trust = act.kind != ActKind::type && (act.tls != TlsMode::starttls || settings_.policy == TlsPolicy::require);
  return settings;
}

bool Device::may_say_passwords_open(const StoryAct& act) const {
  return act.allow_plaintext || (act.tls == TlsMode::starttls && settings_.policy != TlsPolicy::require);
}

void Device::tell_no_starttls(ConnectionId connection, RecordId cause) {
  Trace& trace = network_.trace();
  trace.append({network_.clock().now(), cause, connection, Note{settings_.host, trace.keep("device:no_starttls")}});
}

Device::Device(Settings settings, Network& network) : settings_(std::move(settings)), network_(network) {}
Device::~Device() = default;

void Device::perform(const StoryAct& act, const Scenario& scenario) {
  switch (act.kind) {
    case ActKind::send: return submit(act, scenario);
    case ActKind::collect: return collect(act);
    case ActKind::type: return type(act);
    case ActKind::listen:
    case ActKind::check:
    case ActKind::noop:
    case ActKind::expunge:
    case ActKind::leave:
      if (looking_up_) return waiting_.push_back(act);
      if (is_connected()) break;
      if (act.kind == ActKind::listen || act.kind == ActKind::check) connect_imap(act);
      return;
    case ActKind::read:
    case ActKind::unread:
    case ActKind::flag:
    case ActKind::unflag:
    case ActKind::move:
    case ActKind::erase: return change(act);
    case ActKind::unplug: return unplug();
    case ActKind::lose:
    case ActKind::reinstall: return begin_anew(act.kind == ActKind::lose);
    case ActKind::note: return;
  }
  imap_->perform(act);
  line_->wake(Side::client);
}

bool Device::shed(std::size_t copies) {
  for (std::vector<DeviceCopy>* held : {&gone_, &copies_})
    for (; copies > 0 && !held->empty(); --copies) held->pop_back();
  return !gone_.empty() || !copies_.empty();
}

bool Device::is_connected() const { return imap_ && imap_->usable() && !line_->closed(); }

void Device::unplug() {
  ++unplugged_;
  looking_up_ = false;
  waiting_.clear();
  outboxes_.clear();
  for (auto* open : {&line_, &typing_line_})
    if (const auto line = std::exchange(*open, nullptr)) line->reset(Side::client);
}

// What a POP3 program has fetched is its own and outlives it; what an IMAP program holds is a copy, made again.
void Device::begin_anew(bool lost) {
  unplug();
  postponed_.clear();
  collected_.clear();
  remembered_.clear();
  const auto goes = [lost](const DeviceCopy& copy) { return lost || copy.unique_id.empty(); };
  std::set<std::string, std::less<>> emptied;
  for (const DeviceCopy& copy : copies_)
    if (goes(copy) && (emptied.empty() || *emptied.rbegin() != copy.mailbox)) emptied.insert(copy.mailbox);
  for (const std::string& mailbox : emptied) {
    DeviceCopy all;
    all.mailbox = mailbox;
    record(StoreChange::cleared, all, no_record, 0);
  }
  if (emptied.empty()) return;
  const auto first = std::stable_partition(copies_.begin(), copies_.end(), [&](const DeviceCopy& copy) { return !goes(copy); });
  if (first == copies_.begin()) return gone_.swap(copies_), copies_.clear();
  copies_.erase(first, copies_.end());
}

// What one would click on in the mail program's list; what is not in it cannot be clicked on.
void Device::change(const StoryAct& act) {
  const auto found = std::find_if(copies_.rbegin(), copies_.rend(), [&](const DeviceCopy& copy) {
    return copy.mailbox == act.mailbox && (act.message.empty() || copy.key == act.message);
  });
  if (found == copies_.rend()) return;
  if (act.kind == ActKind::read && !found->whole && !is_connected()) return;  // there is nothing to read
  Change change{act.kind, *found, act.to};
  if (!found->unique_id.empty()) return apply(change);
  if (!is_connected()) return postpone(std::move(change));
  imap_->perform(std::move(change));
  line_->wake(Side::client);
}

void Device::postpone(Change change) {
  apply(change);
  postponed_.push_back(std::move(change));
}

void Device::apply(const Change& change) {
  const auto found = std::find_if(copies_.begin(), copies_.end(), [&](const DeviceCopy& copy) {
    return copy.mailbox == change.copy.mailbox && copy.uid == change.copy.uid && copy.unique_id == change.copy.unique_id;
  });
  if (found == copies_.end()) return;
  const std::size_t index = std::size_t(found - copies_.begin());
  switch (change.kind) {
    case ActKind::read: return set_flag(index, "\\Seen", true);
    case ActKind::unread: return set_flag(index, "\\Seen", false);
    case ActKind::flag: return set_flag(index, "\\Flagged", true);
    case ActKind::unflag: return set_flag(index, "\\Flagged", false);
    case ActKind::erase: return drop(index, no_record, 0);
    case ActKind::move: {
      DeviceCopy moved = *found;
      drop(index, no_record, 0);
      if (moved.unique_id.empty()) return;  // IMAP: it is there when the server has said so, and under which UID
      moved.mailbox = change.to;
      moved.sequence = 0;
      return keep(std::move(moved), no_record, 0);
    }
    default: return;
  }
}

void Device::set_flag(std::size_t index, std::string_view flag, bool on) {
  DeviceCopy& copy = copies_[index];
  std::string flags;
  for (const std::string_view word : split(copy.flags, ' '))
    if (!word.empty() && word != flag) flags += (flags.empty() ? "" : " ") + std::string(word);
  if (on) flags += (flags.empty() ? "" : " ") + std::string(flag);
  if (flags == copy.flags) return;
  copy.flags = std::move(flags);
  record(StoreChange::flags, copy, no_record, 0);
}

void Device::reach(const StoryAct& act, Make make) {
  look_up_host(network_, settings_.host, act.server, no_record, [this, act, make = std::move(make), plugged = unplugged_](std::vector<FoundHost> found) {
    if (plugged == unplugged_) dial_next(act, {found.begin(), found.end()}, make);
  });
}

void Device::dial_next(const StoryAct& act, std::deque<FoundHost> hosts, const Make& make) {
  const bool stays = act.kind == ActKind::listen || act.kind == ActKind::check;
  const auto waiting = stays ? std::exchange(waiting_, {}) : std::vector<StoryAct>{};
  if (stays) looking_up_ = false;
  if (hosts.empty()) {
    if (act.kind != ActKind::send) return;
    next_letter(act);  // nobody takes it
    return submission_ended(act);
  }
  const FoundHost to = hosts.front();
  hosts.pop_front();
  const auto client = [&](ConnectionId connection) {
    return make(endpoint_for(act, connection), to,
                [this, act, hosts, make] { dial_next(act, hosts, make); });
  };
  auto line = network_.dial(settings_.host, to.host, act.port, client, to.ipv6);
  if (act.kind == ActKind::type) typing_line_ = std::move(line);
  if (!stays) return;
  line_ = std::move(line);
  for (const StoryAct& wanted : waiting) imap_->perform(wanted);
}

void Device::connect_imap(const StoryAct& act) {
  looking_up_ = true;
  reach(act, [this, act](Endpoint::Settings endpoint, const FoundHost&, std::function<void()> refused) {
    imap::ClientSettings session;
    session.tls = act.tls == TlsMode::implicit   ? imap::TlsPolicy::implicit
                  : act.tls == TlsMode::starttls ? imap_policy(settings_.policy)
                                                 : imap::TlsPolicy::never;
    session.allow_plaintext_login = may_say_passwords_open(act);
    auto peer = std::make_unique<Imap>(*this, act, std::move(endpoint), session);
    peer->when_refused(std::move(refused));
    imap_ = peer.get();
    return peer;
  });
}

void Device::collect(const StoryAct& act) {
  reach(act, [this, act](Endpoint::Settings endpoint, const FoundHost&, std::function<void()> refused) {
    pop3::ClientSettings session;
    session.tls = act.tls;
    session.stls = stls_policy(settings_.policy);
    session.nonce = nonce();
    session.allow_plaintext_login = may_say_passwords_open(act);
    auto peer = std::make_unique<Pop3>(*this, act, std::move(endpoint), session);
    peer->when_refused(std::move(refused));
    return peer;
  });
}

void Device::type(const StoryAct& act) {
  if (act.server.empty()) {
    if (!typing_line_ || typing_line_->closed()) return;
    typist_->type(act.says);
    return typing_line_->wake(Side::client);
  }
  reach(act, [this, act](Endpoint::Settings endpoint, const FoundHost&, std::function<void()> refused) {
    auto peer = std::make_unique<Typist>(*this, act, std::move(endpoint));
    peer->when_refused(std::move(refused));
    typist_ = peer.get();
    return peer;
  });
}

void Device::submit(const StoryAct& act, const Scenario& scenario) {
  Outbox& outbox = outboxes_[door_of(act)];
  outbox.letters.push_back(letter_of(act, scenario));
  if (!outbox.is_going) go_out(act);
}

void Device::go_out(const StoryAct& act) {
  outboxes_[door_of(act)].is_going = true;
  reach(act, [this, act](Endpoint::Settings endpoint, const FoundHost& to, std::function<void()> refused) {
    smtp::ClientSettings session;
    // RFC 5321 section 4.1.3: a client without a name of its own says its address.
    session.client_name = (to.ipv6 ? "[IPv6:" : "[") + std::string(network_.address_of(settings_.host, to.ipv6)) + "]";
    session.starttls = act.tls == TlsMode::starttls ? starttls_of(settings_.policy) : smtp::StartTlsPolicy::never;
    session.implicit_tls = act.tls == TlsMode::implicit;
    session.user = settings_.user;
    session.password = settings_.password;
    session.nonce = nonce();
    session.allow_plaintext_auth = may_say_passwords_open(act);
    auto peer = std::make_unique<Submission>(*this, act, std::move(endpoint), session);
    peer->when_refused(std::move(refused));
    return peer;
  });
}

std::optional<smtp::OutgoingLetter> Device::next_letter(const StoryAct& act) {
  auto& letters = outboxes_[door_of(act)].letters;
  if (letters.empty()) return std::nullopt;
  std::optional<smtp::OutgoingLetter> next(std::move(letters.front()));
  letters.pop_front();
  return next;
}

// Good enough where nobody attacks, and the same in every run.
std::string Device::nonce() const {
  return fmt::format("{}.{}", settings_.host, network_.clock().now().time_since_epoch().count());
}

void Device::submission_ended(const StoryAct& act) {
  Outbox& outbox = outboxes_[door_of(act)];
  outbox.is_going = false;
  if (!outbox.letters.empty()) go_out(act);
}

RecordId Device::record(StoreChange change, const DeviceCopy& copy, RecordId cause, ConnectionId connection) {
  Trace& trace = network_.trace();
  StoreChanged changed;
  changed.change = change;
  changed.holder = settings_.host;
  changed.user = trace.keep(settings_.user);
  changed.mailbox = trace.keep(copy.mailbox);
  changed.uid = copy.uid;
  changed.sequence = copy.sequence;
  changed.octets = copy.octets;
  const auto known = remembered_.find(copy.mailbox);
  if (copy.uid != 0 && known != remembered_.end()) changed.uid_validity = known->second.uid_validity;
  changed.modseq = std::uint32_t(std::min<std::uint64_t>(copy.modseq, 0xffffffffU));
  changed.unique_id = trace.keep(copy.unique_id);
  changed.flags = trace.keep(copy.flags);
  changed.subject = trace.keep(copy.subject);
  changed.key = trace.keep(copy.key);
  return trace.append({network_.clock().now(), cause, connection, changed});
}

void Device::keep(DeviceCopy copy, RecordId cause, ConnectionId connection) {
  if (copy.sequence == 0) {
    const auto last = std::find_if(copies_.rbegin(), copies_.rend(),
                                   [&](const DeviceCopy& other) { return other.mailbox == copy.mailbox; });
    copy.sequence = last == copies_.rend() ? 1 : last->sequence + 1;
  }
  record(StoreChange::added, copy, cause, connection);
  copies_.push_back(std::move(copy));
  for (int i = 0; i < 4 && !gone_.empty(); ++i) gone_.pop_back();
}

void Device::drop(std::size_t index, RecordId cause, ConnectionId connection) {
  record(StoreChange::expunged, copies_[index], cause, connection);
  copies_.erase(copies_.begin() + std::ptrdiff_t(index));
}

// The last first, as long as they keep their places.
std::size_t Device::drop_all(const std::function<bool(const DeviceCopy&)>& which, RecordId cause, ConnectionId connection) {
  for (std::size_t i = copies_.size(); i-- > 0;)
    if (which(copies_[i])) record(StoreChange::expunged, copies_[i], cause, connection);
  return std::erase_if(copies_, which);
}

}  // namespace glasspost::sim
