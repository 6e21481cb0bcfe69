#include "sim/device_imap.h"

#include <algorithm>

#include "sim/store/content.h"

namespace glasspost::sim {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

imap::SequenceSet one(std::uint32_t uid) {
  imap::SequenceSet set;
  set.add(uid);
  return set;
}

constexpr std::uint32_t portion = 100;  // messages that one FETCH asks for, where there are more

}  // namespace

Device::Imap::Imap(Device& device, const StoryAct& act, Endpoint::Settings endpoint, imap::ClientSettings session)
    : SessionClient(std::move(endpoint), session, device.network_.trace(), device.network_.clock().now()),
      device_(device),
      home_(act.mailbox),
      mailbox_(act.mailbox),
      listens_(act.kind == ActKind::listen),
      mark_read_(act.mark_read),
      headers_first_(act.headers_first) {}

void Device::Imap::perform(const StoryAct& act) {
  if (act.kind == ActKind::listen || act.kind == ActKind::check) {
    home_ = act.mailbox;
    listens_ = act.kind == ActKind::listen;
    mark_read_ = act.mark_read;
    headers_first_ = act.headers_first;
  }
  todo_.emplace_back(act);
  interrupt();
}

void Device::Imap::perform(Change change) {
  todo_.emplace_back(std::move(change));
  interrupt();
}

void Device::Imap::interrupt() {
  if (!open_) return;
  if (idling_) session_.stop_idle();
  else if (!session_.busy()) go_on();
}

void Device::Imap::work() {
  while (auto event = session_.poll()) {
    if (std::holds_alternative<imap::Ready>(*event)) {
      log_in();
    } else if (const auto* data = std::get_if<imap::Data>(&*event)) {
      take(data->response);
    } else if (const auto* completed = std::get_if<imap::Completed>(&*event)) {
      after(*completed);
    } else if (std::holds_alternative<imap::Idling>(*event)) {
      idling_ = true;
      if (news_ || !todo_.empty()) session_.stop_idle();
      else renew_idle();
    } else if (const auto* failed = std::get_if<imap::Failed>(&*event)) {
      const bool no_tls = failed->reason == imap::FailureReason::starttls_missing || failed->reason == imap::FailureReason::starttls_refused;
      if (no_tls) device_.tell_no_starttls(endpoint_.connection(), endpoint_.cause());
      gone();
    }
  }
}

// The simplest that is offered; without PLAIN one that keeps the password off the wire.
void Device::Imap::log_in() {
  using enum sasl::Mechanism;
  const Settings& who = device_.settings_;
  if (!session_.has("AUTH=PLAIN"))
    for (const sasl::Mechanism mechanism : {scram_sha_256_plus, scram_sha_1_plus, scram_sha_256, scram_sha_1, cram_md5})
      if (session_.has("AUTH=" + std::string(name_of(mechanism))) &&
          !session_.authenticate(mechanism, who.user, who.password, {.nonce = device_.nonce(), .binding = session_.binding()}).empty())
        return;
  session_.login(who.user, who.password);
}

void Device::Imap::take(const imap::Response& response) {
  if (const auto* exists = std::get_if<imap::ExistsData>(&response.body)) {
    if (open_ && exists->count > exists_) news_ = true;
    exists_ = exists->count;
    if (news_ && idling_) session_.stop_idle();
  } else if (const auto* expunge = std::get_if<imap::ExpungeData>(&response.body)) {
    expunged(expunge->sequence);
  } else if (const auto* fetch = std::get_if<imap::FetchData>(&response.body)) {
    heard_modseq_ = std::max(heard_modseq_, fetch->modseq.value_or(0));
    fetched(*fetch);
  } else if (const auto* gone = std::get_if<imap::VanishedData>(&response.body)) {
    vanished(*gone);
  } else if (const auto* search = std::get_if<imap::SearchData>(&response.body)) {
    told_what_is_there(search->numbers);
  } else if (const auto* condition = std::get_if<imap::ConditionData>(&response.body)) {
    if (condition->condition == imap::Condition::bye) open_ = false;
    if (const auto modseq = imap::modseq_of(condition->code)) told_modseq_ = modseq;
    if (told_modseq_ && idling_) learn_modseq();
    if (condition->code.name == "UIDVALIDITY") {
      const std::uint32_t said = imap::number_of(condition->code).value_or(0);
      auto& known = device_.remembered_[mailbox_];
      if (known.uid_validity != 0 && known.uid_validity != said) forget_mailbox();
      known.uid_validity = said;
    } else if (const auto uids = imap::copied_uids_of(condition->code)) {
      copied(*uids);
    }
  }
}

void Device::Imap::after(const imap::Completed& completed) {
  idling_ = false;
  const bool fine = completed.result.condition == imap::Condition::ok;
  if (const auto modseq = imap::modseq_of(completed.result.code)) told_modseq_ = modseq;
  learn_modseq();
  const std::string_view verb = completed.verb;
  if (verb == "LOGIN" || verb == "AUTHENTICATE") {
    if (!fine) return leave();
    if (!device_.settings_.compress || !session_.has("COMPRESS=DEFLATE")) return begin_to_sync();
    session_.send(imap::Compress{"DEFLATE"});
    return;
  }
  if (verb == "COMPRESS") return begin_to_sync();
  if (verb == "ENABLE") return select(mailbox_);
  if (verb == "SELECT") {
    open_ = fine;
    if (!fine) return leave();
    selected();
  } else if (verb == "LOGOUT") {
    return gone();
  } else if (verb == "UID MOVE" || verb == "UID COPY") {
    if (after_move(fine, completed.result)) return;
  } else if (verb == "CREATE" && now_doing_) {
    if (fine) return begin(Change(*now_doing_));
  } else if (verb == "STORE") {  // of the whole mailbox: ActKind::expunge
    session_.send(imap::Expunge{});
    return;
  } else if (verb == "UID STORE" && now_doing_ && now_doing_->kind >= ActKind::move) {
    if (session_.has("UIDPLUS")) session_.send(imap::Expunge{one(now_doing_->copy.uid)});
    else session_.send(imap::Expunge{});
    now_doing_.reset();
    return;
  } else if (verb == "UID FETCH" && stale_ && !now_doing_) {
    if (way_ == SyncWay::condstore && device_.remembered_[mailbox_].modseq != 0) return ask_what_is_there();
    drop_what_is_gone();
    caught_up();
  } else if (verb == "UID SEARCH" && stale_) {
    drop_what_is_gone();
    caught_up();
  }
  now_doing_.reset();
  go_on();
}

// True: there is more to say before the move is done.
bool Device::Imap::after_move(bool fine, const imap::ConditionData& result) {
  if (!now_doing_) return false;
  if (const auto uids = imap::copied_uids_of(result.code)) copied(*uids);
  if (!fine && result.code.name == "TRYCREATE") {
    session_.send(imap::Create{now_doing_->to});
    return true;
  }
  if (!fine || session_.has("MOVE")) return false;
  session_.send(imap::Store{true, one(now_doing_->copy.uid), imap::StoreMode::add, false, {"\\Deleted"}});
  return true;
}

// The numbers of the last time are nothing worth. What was done offline is said first, then the two are compared
// (RFC 4549 section 3).
void Device::Imap::selected() {
  known_ = 0;
  for (DeviceCopy& copy : device_.copies_) {
    if (!is_here(copy)) continue;
    copy.sequence = 0;
    stale_ = true;
    ++known_;
  }
  opened_modseq_ = modseq_;
  if (!stale_ && way_ != SyncWay::plain) device_.remembered_[mailbox_].modseq = modseq_;
  auto& postponed = device_.postponed_;
  todo_.insert(todo_.begin(), std::make_move_iterator(postponed.begin()), std::make_move_iterator(postponed.end()));
  postponed.clear();
  highest_ = highest_known();
  news_ = exists_ > 0;
}

void Device::Imap::go_on() {
  if (session_.busy() || leaving_) return;
  if (!todo_.empty()) {
    const auto* change = std::get_if<Change>(&todo_.front());
    const std::string& where = change ? change->copy.mailbox : home_;
    if (where != mailbox_) {
      mailbox_ = where;
      select(where);
      return;
    }
    const auto next = std::move(todo_.front());
    todo_.pop_front();
    return std::visit([this](const auto& what) { begin(what); }, next);
  }
  if (stale_) return resynchronise();
  if (mailbox_ != home_) {
    mailbox_ = home_;
    select(home_);
    return;
  }
  if (news_) return fetch_new();
  if (!listens_) return;
  if (session_.has("IDLE")) session_.send(imap::Idle{});
  else ask_later();
}

// Without IDLE a client that wants to hear of new letters can only ask again and again.
void Device::Imap::ask_later() {
  device_.network_.clock().after(
      2min,
      [device = &device_, number = ++idles_] {
        Imap* imap = device->imap_;
        if (!imap || !imap->open_ || imap->idles_ != number || imap->session_.busy()) return;
        imap->session_.send(imap::Noop{});
        device->line_->wake(Side::client);
      },
      EventKind::timer);
}

void Device::Imap::begin(const StoryAct& act) {
  if (act.kind == ActKind::leave) return leave();
  if (act.kind == ActKind::expunge) {
    imap::SequenceSet all;
    if (exists_ == 0) return go_on();
    all.add(1, exists_);
    session_.send(imap::Store{false, all, imap::StoreMode::add, false, {"\\Deleted"}});
    return;
  }
  session_.send(imap::Noop{});
}

void Device::Imap::begin(const Change& change) {
  now_doing_ = change;
  const imap::SequenceSet set = one(change.copy.uid);
  const auto store = [&](bool add, const char* flag) {
    session_.send(imap::Store{true, set, add ? imap::StoreMode::add : imap::StoreMode::remove, false, {flag}});
  };
  switch (change.kind) {
    case ActKind::read:
      if (change.copy.whole) return store(true, "\\Seen");
      // BODY[] without PEEK: the server sets \Seen by itself (RFC 3501 section 6.4.5).
      session_.send(imap::Fetch{true, set, {fetch_item(imap::FetchKind::section)}});
      return;
    case ActKind::unread: return store(false, "\\Seen");
    case ActKind::flag: return store(true, "\\Flagged");
    case ActKind::unflag: return store(false, "\\Flagged");
    case ActKind::erase: return store(true, "\\Deleted");
    case ActKind::move:
      if (session_.has("MOVE")) session_.send(imap::Move{true, set, change.to});
      else session_.send(imap::Copy{true, set, change.to});
      return;
    default: return;
  }
}

// COPYUID, RFC 4315 section 3: what the message is called where it went.
void Device::Imap::copied(const imap::CopiedUids& uids) {
  if (!now_doing_ || now_doing_->kind != ActKind::move) return;
  const auto to = uids.to.resolved(0);
  if (to.empty()) return;
  DeviceCopy copy = now_doing_->copy;
  copy.mailbox = now_doing_->to;
  copy.uid = to.front().first;
  copy.sequence = 0;
  if (copy.mailbox == mailbox_) ++known_;
  device_.remembered_[copy.mailbox].uid_validity = uids.validity;
  copy.modseq = 0;
  device_.keep(std::move(copy), endpoint_.cause(), endpoint_.connection());
}

// RFC 2177: "clients using IDLE are advised to terminate the IDLE and re-issue it at least every 29 minutes".
void Device::Imap::renew_idle() {
  device_.network_.clock().after(
      29min,
      [device = &device_, number = ++idles_] {
        Imap* imap = device->imap_;
        if (!imap || !imap->idling_ || imap->idles_ != number) return;
        imap->session_.stop_idle();
        device->line_->wake(Side::client);
      },
      EventKind::timer);
}

std::uint32_t Device::Imap::highest_known() const {
  std::uint32_t known = 0;
  for (const DeviceCopy& copy : device_.copies_)
    if (is_here(copy)) known = std::max(known, copy.uid);
  return known;
}

void Device::Imap::select(const std::string& mailbox) {
  imap::Select select{mailbox};
  select.condstore = way_ == SyncWay::condstore;
  before_ = session_.effort();
  open_ = told_all_ = false;
  modseq_ = heard_modseq_ = opened_modseq_ = 0;
  highest_ = highest_known();  // with QRESYNC the answer to SELECT tells of what is known already
  told_modseq_.reset();
  const auto known = device_.remembered_.find(mailbox);
  if (way_ == SyncWay::qresync && known != device_.remembered_.end() && known->second.modseq != 0) {
    std::vector<std::uint32_t> uids;
    for (const DeviceCopy& copy : device_.copies_)
      if (copy.mailbox == mailbox && copy.uid != 0) uids.push_back(copy.uid);
    std::sort(uids.begin(), uids.end());
    if (!uids.empty()) select.resync = imap::QuickResync{known->second.uid_validity, known->second.modseq, imap::SequenceSet::of(uids), {}};
    told_all_ = select.resync.has_value();
  }
  session_.send(std::move(select));
}

// What lies behind the last message that this device knows; everything, the first time.
void Device::Imap::fetch_new() {
  // A large mailbox is fetched in portions, by sequence numbers: UIDs have gaps.
  const bool in_portions = exists_ > known_ && exists_ - known_ > portion;
  news_ = in_portions;
  imap::SequenceSet set;
  if (in_portions) set.add(known_ + 1, known_ + portion);
  else set.add(highest_ + 1, imap::star);
  imap::FetchItem what = fetch_item(imap::FetchKind::section);
  what.peek = headers_first_ || !mark_read_;
  if (headers_first_) what.section.what = imap::Section::What::header;
  imap::Fetch fetch{!in_portions, set, {fetch_item(imap::FetchKind::uid), fetch_item(imap::FetchKind::flags), fetch_item(imap::FetchKind::rfc822_size)}};
  if (way_ != SyncWay::plain) fetch.items.push_back(fetch_item(imap::FetchKind::modseq));
  fetch.items.push_back(std::move(what));
  session_.send(std::move(fetch));
}

void Device::Imap::fetched(const imap::FetchData& fetch) {
  auto& copies = device_.copies_;
  const bool new_to_us = fetch.uid && *fetch.uid > highest_;  // of 100,000 no one need be looked for
  const auto is_it = [&](const DeviceCopy& copy) {
    return is_here(copy) && (fetch.uid ? copy.uid == *fetch.uid : copy.sequence == fetch.sequence);
  };
  // They come in order, so the one looked for is mostly the next.
  const auto next = copies.begin() + std::ptrdiff_t(std::min(next_, copies.size()));
  auto known = new_to_us ? copies.end() : std::find_if(next, copies.end(), is_it);
  if (!new_to_us && known == copies.end() && (known = std::find_if(copies.begin(), next, is_it)) == next) known = copies.end();
  if (known != copies.end()) {
    next_ = std::size_t(known - copies.begin()) + 1;
    return told_again(*known, fetch);
  }
  if (!fetch.uid || fetch.sections.empty() || !fetch.sections[0].octets) return;
  const Content content(*fetch.sections[0].octets);
  DeviceCopy copy;
  copy.mailbox = mailbox_;
  copy.uid = highest_ = *fetch.uid;
  copy.sequence = fetch.sequence;
  copy.flags = fetch.flags ? joined(*fetch.flags) : "";
  copy.modseq = fetch.modseq.value_or(0);
  copy.subject = content.subject();
  copy.key = content.message_id();
  copy.octets = std::uint32_t(content.size());
  copy.whole = !headers_first_;
  ++known_;
  device_.keep(std::move(copy), endpoint_.cause(), endpoint_.connection());
}

// Of a message that the device has: its flags, and what it lacked of it.
void Device::Imap::told_again(DeviceCopy& copy, const imap::FetchData& fetch) {
  copy.sequence = fetch.sequence;
  if (!copy.whole && !fetch.sections.empty() && fetch.sections[0].octets) {
    const auto all = std::uint32_t(fetch.sections[0].octets->size());
    DeviceCopy rest = copy;
    rest.octets = all - std::min(all, copy.octets);
    device_.record(StoreChange::body, rest, endpoint_.cause(), endpoint_.connection());
    copy.octets = all;
    copy.whole = true;
  }
  const std::string flags = fetch.flags ? joined(*fetch.flags) : copy.flags;
  const std::uint64_t modseq = fetch.modseq.value_or(copy.modseq);
  if (flags == copy.flags && modseq == copy.modseq) return;
  copy.flags = flags;
  copy.modseq = modseq;
  device_.record(StoreChange::flags, copy, endpoint_.cause(), endpoint_.connection());
}

void Device::Imap::expunged(std::uint32_t sequence) {
  if (exists_ > 0) --exists_;
  auto& copies = device_.copies_;
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (is_here(copies[i]) && copies[i].sequence == sequence) {
      --known_;
      device_.drop(i, endpoint_.cause(), endpoint_.connection());
      break;
    }
  for (DeviceCopy& copy : copies)
    if (is_here(copy) && copy.sequence > sequence) --copy.sequence;
}

void Device::Imap::leave() {
  leaving_ = true;
  session_.send(imap::Logout{});
}

// What was not done is not lost: the server hears of it next time.
void Device::Imap::gone() {
  open_ = false;
  leaving_ = true;
  if (device_.imap_ != this) return;
  device_.imap_ = nullptr;
  if (now_doing_) device_.postpone(*std::exchange(now_doing_, std::nullopt));
  for (auto& what : std::exchange(todo_, {}))
    if (auto* change = std::get_if<Change>(&what)) device_.postpone(std::move(*change));
}

}  // namespace glasspost::sim
