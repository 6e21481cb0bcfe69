#include "sim/comparison/findings.h"

#include <algorithm>
#include <optional>

namespace glasspost::sim::comparison {
namespace {

bool is_read(const HeldMessage& message) { return message.flags.find("\\Seen") != std::string::npos; }

// One letter at one holder: what is there now, and what was there last.
struct Presence {
  const HeldMessage* here = nullptr;
  const HeldMessage* gone = nullptr;
  std::string mailbox;
};

class Finder {
 public:
  Finder(Protocol protocol, const std::vector<Holding>& holdings, const Bystanders& by)
      : protocol_(protocol), holdings_(holdings), by_(by) {}

  std::vector<Finding> all() {
    for (const HostId device : by_.devices) duplicates(device);
    for (const auto& [key, subject] : letters()) {
      if (lost(key, subject)) continue;
      if (protocol_ == Protocol::imap)
        for (const HostId device : by_.devices) against_the_server(device, key, subject);
      else
        between_devices(key, subject);
    }
    return std::move(found_);
  }

 private:
  // Every letter that ever came to the server, in the order of arrival.
  std::vector<std::pair<std::string, std::string>> letters() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const Holding& holding : holdings_) {
      if (holding.holder != by_.store) continue;
      for (const HeldMessage& message : holding.messages)
        if (std::none_of(all.begin(), all.end(), [&](const auto& known) { return known.first == message.key; }))
          all.emplace_back(message.key, message.subject);
    }
    return all;
  }

  Presence at(HostId holder, const std::string& key) const {
    Presence found;
    for (const Holding& holding : holdings_) {
      if (holding.holder != holder) continue;
      for (const HeldMessage& message : holding.messages) {
        if (message.key != key) continue;
        if (!message.gone && !found.here) found.here = &message, found.mailbox = holding.mailbox;
        if (message.gone && (!found.gone || message.changed > found.gone->changed)) found.gone = &message;
      }
    }
    return found;
  }

  void add(FindingKind kind, Aspect aspect, HostId holder, const Presence& at, const std::string& key,
           const std::string& subject, RecordId cause, RecordId before = no_record) {
    found_.push_back({kind, aspect, holder, at.mailbox, key, subject, cause, before});
  }

  bool was_deleted(const std::string& key) const {
    return std::find(by_.deleted.begin(), by_.deleted.end(), key) != by_.deleted.end();
  }

  void duplicates(HostId device) {
    std::vector<const HeldMessage*> seen;
    for (const Holding& holding : holdings_) {
      if (holding.holder != device) continue;
      for (const HeldMessage& message : holding.messages) {
        if (message.gone) continue;
        const auto same = [&](const HeldMessage* one) { return one->key == message.key; };
        if (std::any_of(seen.begin(), seen.end(), same))
          found_.push_back({FindingKind::duplicate, Aspect::none, device, holding.mailbox, message.key, message.subject, message.added, no_record});
        else
          seen.push_back(&message);
      }
    }
  }

  bool lost(const std::string& key, const std::string& subject) {
    Presence last = at(by_.store, key);
    const HeldMessage* from_server = last.gone;
    if (last.here) return false;
    HostId holder = by_.store;
    for (const HostId device : by_.devices) {
      const Presence here = at(device, key);
      if (here.here) return false;
      if (here.gone && (!last.gone || here.gone->changed > last.gone->changed)) last = here, holder = device;
    }
    if (!was_deleted(key) && last.gone)
      add(FindingKind::lost, Aspect::none, holder, last, key, subject, last.gone->changed,
          from_server && from_server != last.gone ? from_server->changed : no_record);
    return true;
  }

  // IMAP: the server has the truth, and a device that asks again has it, too.
  void against_the_server(HostId device, const std::string& key, const std::string& subject) {
    const Presence server = at(by_.store, key), own = at(device, key);
    if (server.here && !own.here) {
      if (own.gone && own.gone->changed > server.here->added) return;  // it has said what the server will soon know
      return add(FindingKind::behind, Aspect::not_here, device, own, key, subject, server.here->added);
    }
    if (!server.here && own.here)
      return add(FindingKind::behind, Aspect::still_here, device, own, key, subject, server.gone ? server.gone->changed : no_record);
    if (!server.here || !own.here) return;
    if (server.mailbox != own.mailbox)
      return add(FindingKind::behind, Aspect::folder, device, own, key, subject, std::max(server.here->changed, own.here->changed));
    if (is_read(*server.here) != is_read(*own.here))
      add(FindingKind::behind, Aspect::unread, device, own, key, subject, std::max(server.here->changed, own.here->changed));
  }

  // POP3: what one device does, the others are never told.
  void between_devices(const std::string& key, const std::string& subject) {
    const bool at_server = at(by_.store, key).here != nullptr;
    for (const HostId one : by_.devices)
      for (const HostId other : by_.devices) {
        if (one == other) continue;
        const Presence has = at(one, key), lacks = at(other, key);
        if (!has.here) continue;
        if (lacks.here) {
          if (is_read(*has.here) && !is_read(*lacks.here))
            add(FindingKind::apart, Aspect::unread, other, lacks, key, subject, has.here->changed);
          else if (has.mailbox != lacks.mailbox && has.mailbox != "INBOX")
            add(FindingKind::apart, Aspect::folder, other, lacks, key, subject, has.here->added);
        } else if (lacks.gone && was_deleted(key)) {
          add(FindingKind::apart, Aspect::still_here, one, has, key, subject, lacks.gone->changed);
        } else if (at_server) {
          add(FindingKind::behind, Aspect::not_here, other, lacks, key, subject, at(by_.store, key).here->added);
        } else {
          const HeldMessage* gone = at(by_.store, key).gone;
          add(FindingKind::apart, Aspect::not_here, other, lacks, key, subject, gone ? gone->changed : no_record);
        }
      }
  }

  Protocol protocol_;
  const std::vector<Holding>& holdings_;
  const Bystanders& by_;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> find_all(Protocol protocol, const std::vector<Holding>& holdings, const Bystanders& by) {
  return Finder(protocol, holdings, by).all();
}

}  // namespace glasspost::sim::comparison
