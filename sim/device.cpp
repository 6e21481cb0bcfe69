#include "sim/device.h"

#include <algorithm>

#include "protocol/imap/client.h"
#include "protocol/pop3/client.h"
#include "protocol/smtp/client.h"
#include "sim/client_peer.h"
#include "sim/store/content.h"

namespace glasspost::sim {
namespace {

Endpoint::Settings endpoint_settings(Network& network, HostId device, HostId server, ConnectionId connection, TlsMode tls) {
  Endpoint::Settings settings;
  settings.connection = connection;
  settings.side = Side::client;
  settings.tls = tls;
  settings.context = network.tls_of(device);
  settings.server_name = network.name_of(server);
  settings.require_trust = true;
  return settings;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

}  // namespace

// One IMAP connection: log in, open INBOX, fetch what this device lacks, then listen or fall silent.
class Device::Imap final : public SessionClient<imap::Client> {
 public:
  Imap(Device& device, const StoryAct& act, Endpoint::Settings endpoint, imap::ClientSettings session)
      : SessionClient(std::move(endpoint), session, device.network_.trace(), device.network_.clock().now()),
        device_(device),
        act_(act) {}

  void refused(Instant) override { gone(); }
  bool ends_by_itself() const override { return false; }
  bool usable() const { return open_ && !leaving_; }
  // Takes effect at once, or when what goes on now is done.
  void perform(const StoryAct& act) {
    act_ = act;
    if (!open_) return;
    if (idling_) {
      wanted_ = true;
      return session_.stop_idle();
    }
    if (session_.busy()) wanted_ = true;
    else begin();
  }

 private:
  void work() override {
    while (auto event = session_.poll()) {
      if (std::holds_alternative<imap::Ready>(*event)) {
        session_.login(device_.settings_.user, device_.settings_.password);
      } else if (const auto* data = std::get_if<imap::Data>(&*event)) {
        take(data->response);
      } else if (const auto* completed = std::get_if<imap::Completed>(&*event)) {
        after(*completed);
      } else if (std::holds_alternative<imap::Idling>(*event)) {
        idling_ = true;
        if (news_ || wanted_) session_.stop_idle();
        else renew_idle();
      } else if (std::holds_alternative<imap::Failed>(*event)) {
        gone();
      }
    }
  }

  void take(const imap::Response& response) {
    if (const auto* exists = std::get_if<imap::ExistsData>(&response.body)) {
      if (open_ && exists->count > exists_) news_ = true;
      exists_ = exists->count;
      if (news_ && idling_) session_.stop_idle();
    } else if (const auto* expunge = std::get_if<imap::ExpungeData>(&response.body)) {
      expunged(expunge->sequence);
    } else if (const auto* fetch = std::get_if<imap::FetchData>(&response.body)) {
      fetched(*fetch);
    } else if (const auto* condition = std::get_if<imap::ConditionData>(&response.body)) {
      if (condition->condition == imap::Condition::bye) open_ = false;
    }
  }

  void after(const imap::Completed& completed) {
    idling_ = false;
    const bool fine = completed.result.condition == imap::Condition::ok;
    const std::string_view verb = completed.verb;
    if (verb == "LOGIN" || verb == "AUTHENTICATE") {
      if (fine) session_.send(imap::Select{"INBOX"});
      else leave();
    } else if (verb == "SELECT") {
      open_ = fine;
      if (fine) fetch_new();
      else leave();
    } else if (verb == "LOGOUT") {
      gone();
    } else if (verb == "STORE" && act_.kind == ActKind::expunge) {
      session_.send(imap::Expunge{});
    } else if (news_) {
      fetch_new();
    } else if (wanted_) {
      begin();
    } else if (act_.kind == ActKind::listen && verb != "IDLE") {
      session_.send(imap::Idle{});
    }
  }

  void begin() {
    wanted_ = false;
    switch (act_.kind) {
      case ActKind::check:
      case ActKind::noop:
      case ActKind::listen: session_.send(imap::Noop{}); return;
      case ActKind::leave: return leave();
      case ActKind::expunge: {
        imap::SequenceSet all;
        if (exists_ == 0) return;
        all.add(1, exists_);
        session_.send(imap::Store{false, all, imap::StoreMode::add, false, {"\\Deleted"}});
        return;
      }
      case ActKind::send:
      case ActKind::collect:
      case ActKind::note: return;
    }
  }

  // RFC 2177: "clients using IDLE are advised to terminate the IDLE and re-issue it at least every 29 minutes".
  void renew_idle() {
    device_.network_.clock().after(
        29min,
        [device = &device_, number = ++idles_] {
          Imap* imap = device->imap_;
          if (!imap || !imap->idling_ || imap->idles_ != number) return;
          imap->wanted_ = true;
          imap->session_.stop_idle();
          device->line_->wake(Side::client);
        },
        EventKind::timer);
  }

  // What lies behind the last message that this device knows; everything, the first time.
  void fetch_new() {
    news_ = false;
    std::uint32_t known = 0;
    for (const DeviceCopy& copy : device_.copies_) known = std::max(known, copy.uid);
    if (exists_ == 0) {
      if (act_.kind == ActKind::listen) session_.send(imap::Idle{});
      return;
    }
    imap::SequenceSet set;
    set.add(known + 1, imap::star);
    imap::FetchItem body;
    body.kind = imap::FetchKind::section;
    body.peek = !act_.mark_read;
    imap::FetchItem flags, size, uid;
    uid.kind = imap::FetchKind::uid;
    flags.kind = imap::FetchKind::flags;
    size.kind = imap::FetchKind::rfc822_size;
    session_.send(imap::Fetch{true, set, {uid, flags, size, body}});
  }

  void fetched(const imap::FetchData& fetch) {
    auto& copies = device_.copies_;
    const auto known = std::find_if(copies.begin(), copies.end(), [&](const DeviceCopy& copy) {
      return fetch.uid ? copy.uid == *fetch.uid : copy.sequence == fetch.sequence;
    });
    if (known != copies.end()) {
      known->sequence = fetch.sequence;
      if (!fetch.flags) return;
      const std::string flags = joined(*fetch.flags);
      if (flags == known->flags) return;
      known->flags = flags;
      device_.record(StoreChange::flags, *known, endpoint_.cause(), endpoint_.connection());
      return;
    }
    if (!fetch.uid || fetch.sections.empty() || !fetch.sections[0].octets) return;
    const Content content(*fetch.sections[0].octets);
    DeviceCopy copy;
    copy.uid = *fetch.uid;
    copy.sequence = fetch.sequence;
    copy.flags = fetch.flags ? joined(*fetch.flags) : "";
    copy.subject = content.subject();
    copy.key = content.message_id();
    copy.octets = std::uint32_t(content.size());
    device_.keep(std::move(copy), endpoint_.cause(), endpoint_.connection());
  }

  void expunged(std::uint32_t sequence) {
    if (exists_ > 0) --exists_;
    auto& copies = device_.copies_;
    for (std::size_t i = 0; i < copies.size(); ++i)
      if (copies[i].sequence == sequence) {
        device_.drop(i, endpoint_.cause(), endpoint_.connection());
        break;
      }
    for (DeviceCopy& copy : copies)
      if (copy.sequence > sequence) --copy.sequence;
  }

  void leave() {
    leaving_ = true;
    session_.send(imap::Logout{});
  }
  void gone() {
    open_ = false;
    if (device_.imap_ == this) device_.imap_ = nullptr;
  }

  Device& device_;
  StoryAct act_;
  std::uint32_t exists_ = 0;
  std::uint64_t idles_ = 0;
  bool open_ = false, idling_ = false, news_ = false, wanted_ = false, leaving_ = false;
};

// One POP3 session: everything is fetched, and deleted if the program is set so.
class Device::Pop3 final : public SessionClient<pop3::ClientSession> {
 public:
  Pop3(Device& device, const StoryAct& act, Endpoint::Settings endpoint, pop3::ClientSettings session)
      : SessionClient(std::move(endpoint), session, device.network_.trace(), device.network_.clock().now()),
        device_(device),
        act_(act) {}

  void refused(Instant) override {}

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
      } else if (const auto* ids = std::get_if<pop3::UniqueIdAnswer>(&*event)) {
        ids_ = ids->messages;
        next();
      } else if (const auto* message = std::get_if<pop3::MessageAnswer>(&*event)) {
        received(*message);
      } else if (const auto* done = std::get_if<pop3::Done>(&*event)) {
        if (done->verb == pop3::Verb::dele) next();
      } else if (std::holds_alternative<pop3::Refused>(*event)) {
        session_.quit();
      }
    }
  }

  void next() {
    for (; at_ < ids_.size(); ++at_) {
      const auto& copies = device_.copies_;
      const bool has = std::any_of(copies.begin(), copies.end(),
                                   [&](const DeviceCopy& copy) { return copy.unique_id == ids_[at_].id; });
      if (!has) return session_.retr(ids_[at_].number);
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

class Device::Submission final : public SessionClient<smtp::ClientSession> {
 public:
  Submission(Device& device, smtp::OutgoingLetter letter, Endpoint::Settings endpoint, smtp::ClientSettings session)
      : SessionClient(std::move(endpoint), std::move(session), device.network_.trace(), device.network_.clock().now()),
        letter_(std::move(letter)) {}

  void refused(Instant) override {}

 private:
  void work() override {
    while (auto event = session_.poll()) {
      if (std::holds_alternative<smtp::Ready>(*event)) {
        if (!sent_) session_.send(letter_, now_);
        else session_.quit(now_);
        sent_ = true;
      } else if (std::holds_alternative<smtp::LetterDone>(*event)) {
        if (session_.is_ready()) session_.quit(now_);
      }
    }
  }

  smtp::OutgoingLetter letter_;
  bool sent_ = false;
};

Device::Device(Settings settings, Network& network) : settings_(std::move(settings)), network_(network) {}
Device::~Device() = default;

void Device::perform(const StoryAct& act, const Scenario& scenario) {
  const HostId server = network_.host_named(act.server);
  switch (act.kind) {
    case ActKind::send: return submit(act, server, scenario);
    case ActKind::collect: return collect(act, server);
    case ActKind::listen:
    case ActKind::check:
      if (imap_ && imap_->usable()) break;
      return connect_imap(act, server);
    case ActKind::noop:
    case ActKind::expunge:
    case ActKind::leave:
      if (imap_ && imap_->usable()) break;
      return;
    case ActKind::note: return;
  }
  imap_->perform(act);
  line_->wake(Side::client);
}

void Device::connect_imap(const StoryAct& act, HostId server) {
  line_ = network_.dial(settings_.host, server, act.port, [&](ConnectionId connection) {
    imap::ClientSettings session;
    session.tls = act.tls == TlsMode::implicit   ? imap::TlsPolicy::implicit
                  : act.tls == TlsMode::starttls ? imap::TlsPolicy::required
                                                 : imap::TlsPolicy::never;
    session.allow_plaintext_login = act.allow_plaintext;
    auto peer = std::make_unique<Imap>(*this, act,
                                       endpoint_settings(network_, settings_.host, server, connection, act.tls), session);
    imap_ = peer.get();
    return peer;
  });
}

void Device::collect(const StoryAct& act, HostId server) {
  network_.dial(settings_.host, server, act.port, [&](ConnectionId connection) {
    pop3::ClientSettings session;
    session.tls = act.tls;
    session.allow_plaintext_login = act.allow_plaintext;
    return std::make_unique<Pop3>(*this, act,
                                  endpoint_settings(network_, settings_.host, server, connection, act.tls), session);
  });
}

void Device::submit(const StoryAct& act, HostId server, const Scenario& scenario) {
  network_.dial(settings_.host, server, act.port, [&](ConnectionId connection) {
    smtp::ClientSettings session;
    session.client_name = "[" + std::string(network_.address_of(settings_.host)) + "]";
    session.starttls = act.tls == TlsMode::starttls ? smtp::StartTlsPolicy::require : smtp::StartTlsPolicy::never;
    session.implicit_tls = act.tls == TlsMode::implicit;
    session.user = settings_.user;
    session.password = settings_.password;
    session.allow_plaintext_auth = act.allow_plaintext;
    return std::make_unique<Submission>(*this, smtp::OutgoingLetter{scenario.sender, {scenario.recipient}, scenario.letter},
                                        endpoint_settings(network_, settings_.host, server, connection, act.tls),
                                        session);
  });
}

RecordId Device::record(StoreChange change, const DeviceCopy& copy, RecordId cause, ConnectionId connection) {
  Trace& trace = network_.trace();
  StoreChanged changed;
  changed.change = change;
  changed.holder = settings_.host;
  changed.user = trace.keep(settings_.user);
  changed.mailbox = trace.keep("INBOX");
  changed.uid = copy.uid;
  changed.sequence = copy.sequence;
  changed.octets = copy.octets;
  changed.flags = trace.keep(copy.flags);
  changed.subject = trace.keep(copy.subject);
  changed.key = trace.keep(copy.key);
  return trace.append({network_.clock().now(), cause, connection, changed});
}

void Device::keep(DeviceCopy copy, RecordId cause, ConnectionId connection) {
  if (copy.sequence == 0) copy.sequence = std::uint32_t(copies_.size() + 1);
  record(StoreChange::added, copy, cause, connection);
  copies_.push_back(std::move(copy));
}

void Device::drop(std::size_t index, RecordId cause, ConnectionId connection) {
  record(StoreChange::expunged, copies_[index], cause, connection);
  copies_.erase(copies_.begin() + std::ptrdiff_t(index));
}

}  // namespace glasspost::sim
